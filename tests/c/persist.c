/* A model as JSON and back, and what is refused; with every allocation of either call failing in tests/c/memory.c. */
#include <kundenwert.h>

#include "check.h"

static kw_error error;
static char text[16384];

static kw_model* given(void) {
  static const double values[4] = {0.1, 1.0 / 3, 1e23, 5e-324};
  kw_model* model = NULL;
  CHECK_STATUS(KW_OK, kw_model_from_parameters(KW_MODEL_BG_NBD, KW_UNIT_WEEK, values, 4, &model, &error));
  return model;
}

/* The text of a model in `text`, ended by 0; its length. */
static int64_t text_of(const kw_model* model) {
  int64_t needed = -1;
  CHECK_STATUS(KW_OK, kw_model_to_json(model, NULL, 0, &needed, &error));
  CHECK(needed > 0 && needed < (int64_t)sizeof text);
  memset(text, '#', sizeof text);
  CHECK_STATUS(KW_OK, kw_model_to_json(model, text, needed, NULL, &error));
  CHECK(text[0] == '{' && text[needed - 1] == '\n' && text[needed] == '#');
  text[needed] = 0;
  return needed;
}

static void check_same(const kw_model* a, const kw_model* b) {
  double x[4], y[4];
  CHECK(kw_model_kind(a) == kw_model_kind(b) && kw_model_unit(a) == kw_model_unit(b));
  CHECK_STATUS(KW_OK, kw_model_parameters(a, x, 4, &error));
  CHECK_STATUS(KW_OK, kw_model_parameters(b, y, 4, &error));
  CHECK(memcmp(x, y, sizeof x) == 0);
}

static void check_given(void) {
  kw_model* model = given();
  kw_model* again = NULL;
  const int64_t length = text_of(model);
  CHECK_STATUS(KW_OK, kw_model_from_json(text, length, &again, &error));
  check_same(model, again);
  CHECK_STATUS(KW_ERROR_UNSUPPORTED, kw_model_standard_errors(again, NULL, 0, &error));
  kw_model_free(again);
  kw_model_free(model);
}

static void check_fitted(void) {
  static const double frequency[6] = {2, 1, 0, 4, 0, 1};
  static const double recency[6] = {30.43, 1.71, 0, 31, 0, 12};
  static const double age[6] = {38.86, 38.86, 38.86, 35, 20, 30};
  kw_summary_columns columns;
  kw_summary* customers = NULL;
  kw_model* model = NULL;
  kw_model* again = NULL;
  kw_fit_report before, after;
  double x[16], y[16];
  kw_summary_columns_init(&columns, sizeof columns);
  columns.rows = 6;
  columns.frequency = frequency;
  columns.recency = recency;
  columns.T = age;
  CHECK_STATUS(KW_OK, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &customers, &error));
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, NULL, &model, &error));
  CHECK_STATUS(KW_OK, kw_model_from_json(text, text_of(model), &again, &error));
  check_same(model, again);
  kw_fit_report_init(&before, sizeof before);
  kw_fit_report_init(&after, sizeof after);
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &before, &error));
  CHECK_STATUS(KW_OK, kw_model_fit_report(again, &after, &error));
  CHECK(memcmp(&before.log_likelihood, &after.log_likelihood, sizeof before.log_likelihood) == 0);
  CHECK(before.outcome == after.outcome && strcmp(before.detail, after.detail) == 0);
  CHECK(before.distinct_rows == after.distinct_rows && before.iterations == after.iterations);
  CHECK_STATUS(KW_OK, kw_model_covariance(model, x, 16, &error));
  CHECK_STATUS(KW_OK, kw_model_covariance(again, y, 16, &error));
  for (int i = 0; i < 16; ++i) CHECK(x[i] == y[i] || (isnan(x[i]) && isnan(y[i])));
  kw_model_free(again);
  kw_model_free(model);
  kw_summary_free(customers);
}

static void check_refused(kw_status expected, const char* document, const char* argument) {
  kw_model* model = NULL;
  CHECK_STATUS(expected, kw_model_from_json(document, (int64_t)strlen(document), &model, &error));
  CHECK(model == NULL && error.row == KW_NO_ROW && strcmp(error.argument, argument) == 0);
}

#define HEAD "{\"format\": \"kundenwert-model\", \"version\": 1, \"unit\": \"week\", \"model\": \"bg_nbd\""

static void check_bad_documents(void) {
  check_refused(KW_ERROR_WRONG_TYPE, "", "text");
  check_refused(KW_ERROR_WRONG_TYPE, "{\"format\": ", "text");
  check_refused(KW_ERROR_ENCODING, "\"\xFF\"", "text");
  check_refused(KW_ERROR_MISSING, "{}", "format");
  check_refused(KW_ERROR_UNSUPPORTED, "{\"format\": \"kundenwert-model\", \"version\": 2}", "version");
  CHECK(strcmp(error.message, "was written by a newer kundenwert: format version 2, this one reads up to 1") == 0);
  check_refused(KW_ERROR_MISSING, HEAD "}", "parameters");
  check_refused(KW_ERROR_MISSING, HEAD ", \"parameters\": {\"r\": 1, \"alpha\": 1, \"a\": 1}}", "parameters.b");
  check_refused(KW_ERROR_UNKNOWN_CODE, HEAD ", \"parameters\": {\"r\": 1, \"alpha\": 1, \"a\": 1, \"b\": 1, \"k\": 1}}",
                "parameters.k");
}

static void check_calls(void) {
  kw_model* model = given();
  kw_model* out = NULL;
  int64_t needed = -7;
  char one = '#';
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_model_to_json(NULL, NULL, 0, &needed, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_model_to_json(model, NULL, 0, NULL, &error));
  CHECK_STATUS(KW_ERROR_LENGTH_MISMATCH, kw_model_to_json(model, &one, 1, &needed, &error));
  CHECK_STATUS(KW_ERROR_LENGTH_MISMATCH, kw_model_to_json(model, NULL, 1, &needed, &error));
  CHECK(needed == -7 && one == '#');
  CHECK_STATUS(KW_OK, kw_model_to_json(model, NULL, 0, &needed, NULL));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_model_to_json(model, NULL, needed, NULL, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_model_from_json(NULL, 3, &out, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_model_from_json("{}", 2, NULL, &error));
  CHECK_STATUS(KW_ERROR_DOMAIN, kw_model_from_json("{}", -1, &out, &error));
  CHECK_STATUS(KW_ERROR_WRONG_TYPE, kw_model_from_json(NULL, 0, &out, &error));
  CHECK(out == NULL);
  kw_model_free(model);
}

int main(void) {
  kw_error_init(&error, sizeof error);
  check_given();
  check_fitted();
  check_bad_documents();
  check_calls();
  return end_of_checks();
}
