/* Every mistake is named with code, argument and row, and nothing is written: buffers keep what they held. */
#include <kundenwert.h>

#include "check.h"

#define SENTINEL 123.25

static kw_error error;

static void check_error(int line, kw_status found, kw_status expected, const char* argument, int64_t row) {
  if (found != expected || error.code != expected || strcmp(error.argument, argument) != 0 || error.row != row ||
      error.message[0] == '\0') {
    printf("line %d: %d in '%s', row %lld, where %d in '%s', row %lld is expected: %s\n", line, (int)found,
           error.argument, (long long)error.row, (int)expected, argument, (long long)row, error.message);
    ++checks_failed;
  } else {
    ++checks_passed;
  }
  kw_error_init(&error, sizeof error);
}
#define REFUSED(code, argument, row, call) check_error(__LINE__, (call), (code), (argument), (row))

static const double frequency[] = {0, 2, 1};
static const double recency[] = {0, 30, 10};
static const double T[] = {38, 38, 12};
static const double spend[] = {NAN, 20, 30};

static kw_summary_columns columns_of_three(void) {
  kw_summary_columns out;
  kw_summary_columns_init(&out, sizeof out);
  out.rows = 3;
  out.frequency = frequency;
  out.recency = recency;
  out.T = T;
  out.monetary_value = spend;
  return out;
}

static void check_accumulator(void) {
  static const int64_t ids[] = {1, 2, 1};
  static const int32_t days[] = {100, 101, 130};
  static const int32_t bad_days[] = {100, 99999, 130};
  static const double amounts[] = {1, 2, 3};
  static const double bad_amounts[] = {1, 2, NAN};
  static const double returns[] = {1, -2, 3};
  static const int64_t offsets[] = {0, 1, 2, 3}, falling[] = {0, 2, 1, 3}, negative[] = {-1, 0, 1, 2},
                       empty[] = {0, 1, 1, 2};
  static const uint8_t validity[] = {5}; /* the second is null */
  kw_accumulator *accumulator = (kw_accumulator*)&error, *other = NULL, *kept;
  kw_summary* customers = (kw_summary*)&error;
  kw_accumulator_options options;
  kw_transactions batch;
  kw_finish_options dates;
  kw_log_report report;

  kw_accumulator_options_init(&options, sizeof options);
  options.mode = 3;
  REFUSED(KW_ERROR_UNKNOWN_CODE, "mode", -1, kw_accumulator_create(&options, &accumulator, &error));
  kw_accumulator_options_init(&options, sizeof options);
  options.returns = 0;
  REFUSED(KW_ERROR_UNKNOWN_CODE, "returns", -1, kw_accumulator_create(&options, &accumulator, &error));
  kw_accumulator_options_init(&options, sizeof options);
  options.rows = -1;
  REFUSED(KW_ERROR_UNKNOWN_CODE, "rows", -1, kw_accumulator_create(&options, &accumulator, &error));
  kw_accumulator_options_init(&options, sizeof options);
  options.rejected_limit = 1.5;
  REFUSED(KW_ERROR_DOMAIN, "rejected_limit", -1, kw_accumulator_create(&options, &accumulator, &error));
  kw_accumulator_options_init(&options, sizeof options);
  options.threads = -1;
  REFUSED(KW_ERROR_DOMAIN, "threads", -1, kw_accumulator_create(&options, &accumulator, &error));
  kw_accumulator_options_init(&options, sizeof options);
  options.mode = KW_ACCUMULATION_ORDERED;
  REFUSED(KW_ERROR_MISSING, "end", -1, kw_accumulator_create(&options, &accumulator, &error));
  options.reserved = 1;
  REFUSED(KW_ERROR_STRUCT_SIZE, "options", -1, kw_accumulator_create(&options, &accumulator, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_accumulator_create(NULL, NULL, &error));
  CHECK(accumulator == (kw_accumulator*)&error);

  kw_accumulator_options_init(&options, sizeof options);
  options.returns = KW_RETURNS_ERROR;
  options.load_date = 200;
  CHECK_STATUS(KW_OK, kw_accumulator_create(&options, &accumulator, &error));
  kw_transactions_init(&batch, sizeof batch);
  batch.rows = 3;
  batch.customer_id = ids;
  batch.date = days;
  batch.amount = amounts;
  CHECK_STATUS(KW_OK, kw_accumulator_add(accumulator, &batch, &error));

  /* Rows are counted over all batches: three came before. */
  REFUSED(KW_ERROR_NULL_ARGUMENT, "accumulator", -1, kw_accumulator_add(NULL, &batch, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "batch", -1, kw_accumulator_add(accumulator, NULL, &error));
  batch.date = bad_days;
  REFUSED(KW_ERROR_DATE_RANGE, "date", 4, kw_accumulator_add(accumulator, &batch, &error));
  batch.date = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "date", -1, kw_accumulator_add(accumulator, &batch, &error));
  batch.date = days;
  batch.date_validity = validity;
  REFUSED(KW_ERROR_MISSING, "date", 4, kw_accumulator_add(accumulator, &batch, &error));
  batch.date_validity = NULL;
  batch.amount = bad_amounts;
  REFUSED(KW_ERROR_MISSING, "amount", 5, kw_accumulator_add(accumulator, &batch, &error));
  batch.amount = returns;
  REFUSED(KW_ERROR_SIGN, "amount", 4, kw_accumulator_add(accumulator, &batch, &error));
  batch.amount = NULL;
  REFUSED(KW_ERROR_COLUMN_MISSING, "amount", -1, kw_accumulator_add(accumulator, &batch, &error));
  batch.amount = amounts;
  batch.amount_minor = ids;
  CHECK(kw_accumulator_add(accumulator, &batch, &error) != KW_OK);
  batch.amount_minor = NULL;
  batch.customer_id = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "customer_id", -1, kw_accumulator_add(accumulator, &batch, &error));
  batch.customer_id_text = "abc";
  batch.customer_id_offsets = offsets;
  REFUSED(KW_ERROR_WRONG_TYPE, "customer_id", -1, kw_accumulator_add(accumulator, &batch, &error));
  batch.customer_id = ids;
  REFUSED(KW_ERROR_DOMAIN, "customer_id", -1, kw_accumulator_add(accumulator, &batch, &error));
  batch.customer_id_text = NULL;
  batch.customer_id_offsets = NULL;
  batch.currency_text = "EURUSDEUR";
  REFUSED(KW_ERROR_NULL_ARGUMENT, "currency", -1, kw_accumulator_add(accumulator, &batch, &error));
  static const int64_t thirds[] = {0, 3, 6, 9};
  batch.currency_offsets = thirds;
  REFUSED(KW_ERROR_CURRENCY_MISMATCH, "currency", 4, kw_accumulator_add(accumulator, &batch, &error));
  batch.currency_text = NULL;
  batch.currency_offsets = NULL;
  batch.rows = -1;
  REFUSED(KW_ERROR_DOMAIN, "rows", -1, kw_accumulator_add(accumulator, &batch, &error));
  batch.rows = 3;
  batch.minor_exponent = 19;
  batch.amount = NULL;
  batch.amount_minor = ids;
  REFUSED(KW_ERROR_DOMAIN, "minor_exponent", -1, kw_accumulator_add(accumulator, &batch, &error));

  kw_log_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_accumulator_report(accumulator, &report, &error));
  CHECK(report.rows_read == 3 && report.last_day == 130);
  REFUSED(KW_ERROR_NULL_ARGUMENT, "accumulator", -1, kw_accumulator_report(NULL, &report, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_accumulator_report(accumulator, NULL, &error));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "length", -1, kw_accumulator_rejected(accumulator, NULL, NULL, NULL, 1, &error));

  /* Texts, in an accumulator of their own. */
  CHECK_STATUS(KW_OK, kw_accumulator_create(NULL, &other, &error));
  kw_transactions_init(&batch, sizeof batch);
  batch.rows = 3;
  batch.date = days;
  batch.customer_id_text = "abc";
  batch.customer_id_offsets = falling;
  REFUSED(KW_ERROR_DOMAIN, "customer_id", 1, kw_accumulator_add(other, &batch, &error));
  batch.customer_id_offsets = negative;
  REFUSED(KW_ERROR_DOMAIN, "customer_id", 0, kw_accumulator_add(other, &batch, &error));
  batch.customer_id_offsets = empty;
  REFUSED(KW_ERROR_ENCODING, "customer_id", 1, kw_accumulator_add(other, &batch, &error));
  batch.customer_id_text = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "customer_id", -1, kw_accumulator_add(other, &batch, &error));
  batch.customer_id_text = "abc";
  batch.customer_id_offsets = offsets;
  batch.customer_id_validity = validity;
  CHECK_STATUS(KW_OK, kw_accumulator_add(other, &batch, &error));
  CHECK_STATUS(KW_OK, kw_accumulator_report(other, &report, &error));
  CHECK(report.rows_anonymous == 1 && (report.warnings & 1u << (KW_WARNING_ANONYMOUS - 1)) != 0);
  REFUSED(KW_ERROR_MODE_MISMATCH, "returns", -1, kw_accumulator_merge(accumulator, other, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "other", -1, kw_accumulator_merge(accumulator, NULL, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "accumulator", -1, kw_accumulator_merge(NULL, other, &error));
  CHECK_STATUS(KW_OK, kw_accumulator_merge(other, other, &error));

  /* No rows are no mistake. */
  kw_transactions_init(&batch, sizeof batch);
  CHECK_STATUS(KW_OK, kw_accumulator_add(other, &batch, &error));

  REFUSED(KW_ERROR_NULL_ARGUMENT, "accumulator", -1, kw_accumulator_finish(NULL, KW_UNIT_DAY, 200, &customers, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_accumulator_finish(accumulator, KW_UNIT_DAY, 200, NULL, &error));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "unit", -1, kw_accumulator_finish(accumulator, 5, 200, &customers, &error));
  REFUSED(KW_ERROR_MISSING, "end", -1, kw_accumulator_finish(accumulator, KW_UNIT_DAY, KW_NO_DAY, &customers, &error));
  REFUSED(KW_ERROR_DATE_RANGE, "end", -1, kw_accumulator_finish(accumulator, KW_UNIT_DAY, 84006, &customers, &error));
  kw_finish_options_init(&dates, sizeof dates);
  dates.start = 201;
  REFUSED(KW_ERROR_DATE_ORDER, "start", -1,
          kw_accumulator_finish_with(accumulator, KW_UNIT_DAY, 200, &dates, &customers, &error));
  dates.start = KW_NO_DAY;
  dates.holdout_end = 200;
  REFUSED(KW_ERROR_DATE_ORDER, "holdout_end", -1,
          kw_accumulator_finish_with(accumulator, KW_UNIT_DAY, 200, &dates, &customers, &error));
  dates.holdout_end = KW_NO_DAY;
  dates.threads = -2;
  REFUSED(KW_ERROR_DOMAIN, "threads", -1,
          kw_accumulator_finish_with(accumulator, KW_UNIT_DAY, 200, &dates, &customers, &error));
  CHECK(customers == (kw_summary*)&error);
  kept = accumulator;
  kw_accumulator_free(kept);
  kw_accumulator_free(other);
}

static void check_summary(void) {
  static const double fraction[] = {0, 2.5, 1}, infinite[] = {0, 30, INFINITY}, late[] = {0, 30, 13},
                      none[] = {0, 0, 1};
  static const double missing[] = {38, NAN, 12}, negative[] = {38, 38, -1};
  double out[3] = {SENTINEL, SENTINEL, SENTINEL};
  int64_t numbers[3] = {-7, -7, -7};
  char text[3] = {'x', 'x', 'x'};
  kw_summary* customers = (kw_summary*)&error;
  kw_summary_columns columns = columns_of_three();
  kw_summary_info info;

  columns.frequency = fraction;
  REFUSED(KW_ERROR_NOT_INTEGER, "frequency", 1, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &customers, &error));
  columns.frequency = none;
  REFUSED(KW_ERROR_DOMAIN, "recency", 1, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &customers, &error));
  columns = columns_of_three();
  columns.recency = late;
  REFUSED(KW_ERROR_RECENCY_ORDER, "recency", 2, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &customers, &error));
  columns.recency = infinite;
  REFUSED(KW_ERROR_NON_FINITE, "recency", 2, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &customers, &error));
  columns = columns_of_three();
  columns.T = missing;
  REFUSED(KW_ERROR_MISSING, "T", 1, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &customers, &error));
  columns.T = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "T", -1, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &customers, &error));
  columns = columns_of_three();
  columns.monetary_value = negative;
  REFUSED(KW_ERROR_SIGN, "monetary_value", 2, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &customers, &error));
  columns = columns_of_three();
  columns.rows = -3;
  REFUSED(KW_ERROR_DOMAIN, "rows", -1, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &customers, &error));
  columns = columns_of_three();
  REFUSED(KW_ERROR_UNKNOWN_CODE, "unit", -1, kw_summary_from_columns(&columns, 0, &customers, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "columns", -1, kw_summary_from_columns(NULL, KW_UNIT_DAY, &customers, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_summary_from_columns(&columns, KW_UNIT_DAY, NULL, &error));
  CHECK(customers == (kw_summary*)&error);

  CHECK_STATUS(KW_OK, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &customers, &error));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out", -1, kw_summary_copy_column(customers, KW_COLUMN_FREQUENCY, out, 2, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_summary_copy_column(customers, KW_COLUMN_FREQUENCY, NULL, 3, &error));
  REFUSED(KW_ERROR_COLUMN_MISSING, "column", -1, kw_summary_copy_column(customers, KW_COLUMN_REVENUE, out, 3, &error));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "column", -1, kw_summary_copy_column(customers, 99, out, 3, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "summary", -1, kw_summary_copy_column(NULL, KW_COLUMN_T, out, 3, &error));
  REFUSED(KW_ERROR_WRONG_TYPE, "customer_id", -1, kw_summary_copy_ids(customers, numbers, 3, &error));
  REFUSED(KW_ERROR_WRONG_TYPE, "customer_id", -1, kw_summary_copy_text_ids(customers, text, 3, numbers, 4, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_summary_describe(customers, NULL, &error));
  kw_summary_info_init(&info, sizeof info);
  REFUSED(KW_ERROR_NULL_ARGUMENT, "summary", -1, kw_summary_describe(NULL, &info, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "summary", -1, kw_summary_copy_ids(NULL, numbers, 3, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "summary", -1, kw_summary_copy_text_ids(NULL, text, 3, numbers, 4, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "summary", -1, kw_summary_report(NULL, NULL, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "summary", -1, kw_summary_rejected(NULL, numbers, NULL, NULL, 3, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_summary_export_arrow(customers, NULL, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "stream", -1, kw_summary_import_arrow(NULL, 0, NULL, &customers, &error));
  CHECK(out[0] == SENTINEL && out[2] == SENTINEL && numbers[0] == -7 && text[0] == 'x');
  CHECK(kw_summary_rows(NULL) == 0 && kw_summary_has_column(NULL, KW_COLUMN_T) == 0);
  kw_summary_free(customers);
}

static void check_models(void) {
  static const double parameters[] = {.24, 4.41, .79, 2.43}, negative[] = {.24, 4.41, -.79, 2.43};
  static const double gamma_gamma[] = {6.25, 3.74, 15.44}, weight[] = {1, -1, 1}, zero_spend[] = {NAN, 20, 0};
  double out[3] = {SENTINEL, SENTINEL, SENTINEL};
  uint32_t reasons[3] = {77, 77, 77};
  kw_model *model = (kw_model*)&error, *spend_model = NULL;
  kw_summary *weeks = NULL, *days = NULL, *no_rows = NULL;
  kw_summary_columns columns = columns_of_three(), empty;
  kw_fit_options fit;
  kw_fit_report report;
  kw_predict_options options;
  kw_lifetime_value_options value;

  CHECK_STATUS(KW_OK, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &weeks, &error));
  CHECK_STATUS(KW_OK, kw_summary_from_columns(&columns, KW_UNIT_DAY, &days, &error));
  kw_summary_columns_init(&empty, sizeof empty);
  CHECK_STATUS(KW_OK, kw_summary_from_columns(&empty, KW_UNIT_DAY, &no_rows, &error));

  REFUSED(KW_ERROR_UNKNOWN_CODE, "model", -1, kw_fit(99, weeks, NULL, &model, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "summary", -1, kw_fit(KW_MODEL_BG_NBD, NULL, NULL, &model, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_fit(KW_MODEL_BG_NBD, weeks, NULL, NULL, &error));
  REFUSED(KW_ERROR_EMPTY, "frequency", -1, kw_fit(KW_MODEL_BG_NBD, no_rows, NULL, &model, &error));
  kw_fit_options_init(&fit, sizeof fit);
  fit.weight = weight;
  fit.weight_length = 3;
  REFUSED(KW_ERROR_SIGN, "weight", 1, kw_fit(KW_MODEL_BG_NBD, weeks, &fit, &model, &error));
  fit.weight_length = 0;
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "weight", -1, kw_fit(KW_MODEL_BG_NBD, weeks, &fit, &model, &error));
  fit.weight = NULL;
  fit.weight_length = 3;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "weight", -1, kw_fit(KW_MODEL_BG_NBD, weeks, &fit, &model, &error));
  fit.weight_length = 0;
  fit.iteration_limit = 0;
  REFUSED(KW_ERROR_DOMAIN, "iteration_limit", -1, kw_fit(KW_MODEL_BG_NBD, weeks, &fit, &model, &error));
  fit.iteration_limit = 200;
  fit.threads = -1;
  REFUSED(KW_ERROR_DOMAIN, "threads", -1, kw_fit(KW_MODEL_BG_NBD, weeks, &fit, &model, &error));

  REFUSED(KW_ERROR_LENGTH_MISMATCH, "parameters", -1,
          kw_model_from_parameters(KW_MODEL_BG_NBD, KW_UNIT_WEEK, parameters, 3, &model, &error));
  REFUSED(KW_ERROR_SIGN, "a", -1, kw_model_from_parameters(KW_MODEL_BG_NBD, KW_UNIT_WEEK, negative, 4, &model, &error));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "unit", -1,
          kw_model_from_parameters(KW_MODEL_BG_NBD, 9, parameters, 4, &model, &error));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "model", -1, kw_model_from_parameters(0, KW_UNIT_WEEK, parameters, 4, &model, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "values", -1,
          kw_model_from_parameters(KW_MODEL_BG_NBD, KW_UNIT_WEEK, NULL, 4, &model, &error));
  REFUSED(KW_ERROR_DOMAIN, "values", -1,
          kw_model_from_parameters(KW_MODEL_BG_NBD, KW_UNIT_WEEK, parameters, -4, &model, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1,
          kw_model_from_parameters(KW_MODEL_BG_NBD, KW_UNIT_WEEK, parameters, 4, NULL, &error));
  CHECK(model == (kw_model*)&error);

  CHECK_STATUS(KW_OK, kw_model_from_parameters(KW_MODEL_BG_NBD, KW_UNIT_WEEK, parameters, 4, &model, &error));
  CHECK_STATUS(KW_OK,
               kw_model_from_parameters(KW_MODEL_GAMMA_GAMMA, KW_UNIT_WEEK, gamma_gamma, 3, &spend_model, &error));
  kw_fit_report_init(&report, sizeof report);
  REFUSED(KW_ERROR_UNSUPPORTED, "model", -1, kw_model_fit_report(model, &report, &error));
  REFUSED(KW_ERROR_UNSUPPORTED, "model", -1, kw_model_covariance(model, out, 16, &error));
  REFUSED(KW_ERROR_UNSUPPORTED, "model", -1, kw_model_standard_errors(model, out, 4, &error));
  REFUSED(KW_ERROR_UNSUPPORTED, "model", -1, kw_model_eigenvalues(model, out, 4, &error));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out", -1, kw_model_parameters(model, out, 3, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "model", -1, kw_model_parameters(NULL, out, 3, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "model", -1, kw_model_fit_report(NULL, &report, &error));
  CHECK(kw_model_kind(NULL) == 0 && kw_model_unit(NULL) == 0 && kw_model_supports(NULL, 1) == 0);
  CHECK(kw_model_supports(model, 99) == 0);

  kw_predict_options_init(&options, sizeof options);
  options.reasons = reasons;
  options.reasons_length = 3;
#define PREDICT(quantity, customers) kw_predict(model, quantity, &options, customers, out, 3, &error)
  REFUSED(KW_ERROR_UNIT_MISMATCH, "summary", -1, PREDICT(KW_QUANTITY_PROBABILITY_ALIVE, days));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "quantity", -1, PREDICT(99, weeks));
  REFUSED(KW_ERROR_UNSUPPORTED, "quantity", -1, PREDICT(KW_QUANTITY_EXPECTED_SPEND, weeks));
  REFUSED(KW_ERROR_MISSING, "horizon", -1, PREDICT(KW_QUANTITY_EXPECTED_TRANSACTIONS, weeks));
  options.horizon = -1;
  REFUSED(KW_ERROR_SIGN, "horizon", -1, PREDICT(KW_QUANTITY_EXPECTED_TRANSACTIONS, weeks));
  options.horizon = INFINITY;
  REFUSED(KW_ERROR_NON_FINITE, "horizon", -1, PREDICT(KW_QUANTITY_EXPECTED_TRANSACTIONS, weeks));
  REFUSED(KW_ERROR_MISSING, "annual_discount_rate", -1, PREDICT(KW_QUANTITY_DISCOUNTED_EXPECTED_TRANSACTIONS, weeks));
  options.annual_discount_rate = 0;
  REFUSED(KW_ERROR_DIVERGENT, "annual_discount_rate", -1, PREDICT(KW_QUANTITY_DISCOUNTED_EXPECTED_TRANSACTIONS, weeks));
  options.reasons_length = 2;
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "reasons", -1, PREDICT(KW_QUANTITY_PROBABILITY_ALIVE, weeks));
  options.reasons_length = 3;
  options.threads = -1;
  REFUSED(KW_ERROR_DOMAIN, "threads", -1, PREDICT(KW_QUANTITY_PROBABILITY_ALIVE, weeks));
  options.threads = 0;
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out", -1,
          kw_predict(model, KW_QUANTITY_PROBABILITY_ALIVE, &options, weeks, out, 4, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1,
          kw_predict(model, KW_QUANTITY_PROBABILITY_ALIVE, &options, weeks, NULL, 3, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "model", -1,
          kw_predict(NULL, KW_QUANTITY_PROBABILITY_ALIVE, &options, weeks, out, 3, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "summary", -1, PREDICT(KW_QUANTITY_PROBABILITY_ALIVE, NULL));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "columns", -1,
          kw_predict_columns(model, KW_QUANTITY_PROBABILITY_ALIVE, &options, NULL, out, 3, &error));
  columns.T = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "T", -1,
          kw_predict_columns(model, KW_QUANTITY_PROBABILITY_ALIVE, &options, &columns, out, 3, &error));
  columns = columns_of_three();
  columns.T = recency;
  columns.recency = T;
  REFUSED(KW_ERROR_RECENCY_ORDER, "recency", 0,
          kw_predict_columns(model, KW_QUANTITY_PROBABILITY_ALIVE, &options, &columns, out, 3, &error));
  columns = columns_of_three();
  columns.monetary_value = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "monetary_value", -1,
          kw_predict_columns(spend_model, KW_QUANTITY_EXPECTED_SPEND, &options, &columns, out, 3, &error));

  kw_lifetime_value_options_init(&value, sizeof value);
  value.reasons = reasons;
  value.reasons_length = 3;
  columns = columns_of_three();
#define VALUE(first, second, horizon, rate) \
  kw_lifetime_value_columns(first, second, horizon, rate, &value, &columns, out, 3, &error)
  REFUSED(KW_ERROR_MISSING, "horizon", -1, VALUE(model, spend_model, NAN, 0.1));
  REFUSED(KW_ERROR_SIGN, "annual_discount_rate", -1, VALUE(model, spend_model, 52, -0.1));
  REFUSED(KW_ERROR_UNSUPPORTED, "quantity", -1, VALUE(spend_model, model, 52, 0.1));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "transactions", -1, VALUE(NULL, spend_model, 52, 0.1));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "spend", -1, VALUE(model, NULL, 52, 0.1));
  value.margin_rate = 1.01;
  REFUSED(KW_ERROR_DOMAIN, "margin_rate", -1, VALUE(model, spend_model, 52, 0.1));
  value.margin_rate = 1;
  REFUSED(KW_ERROR_UNIT_MISMATCH, "summary", -1,
          kw_lifetime_value(model, spend_model, 52, 0.1, &value, days, out, 3, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "summary", -1,
          kw_lifetime_value(model, spend_model, 52, 0.1, &value, NULL, out, 3, &error));
  CHECK(out[0] == SENTINEL && out[1] == SENTINEL && out[2] == SENTINEL);
  CHECK(reasons[0] == 77 && reasons[1] == 77 && reasons[2] == 77);

  /* A row without a value has a reason. */
  static const double missing_spend[] = {NAN, NAN, 30};
  columns.monetary_value = missing_spend;
  CHECK_STATUS(KW_OK, kw_predict_columns(spend_model, KW_QUANTITY_EXPECTED_SPEND, &options, &columns, out, 3, &error));
  CHECK(reasons[0] == 0 && reasons[1] == KW_REASON_MISSING_INPUT && reasons[2] == 0);
  CHECK(!isnan(out[0]) && isnan(out[1]) && !isnan(out[2]));
  columns.monetary_value = zero_spend;
  CHECK_STATUS(KW_OK, kw_predict_columns(spend_model, KW_QUANTITY_EXPECTED_SPEND, &options, &columns, out, 3, &error));

  kw_model_free(spend_model);
  kw_model_free(model);
  kw_summary_free(no_rows);
  kw_summary_free(days);
  kw_summary_free(weeks);
}

static void check_classes(void) {
  static const double value[] = {5, 3, NAN}, infinite[] = {5, INFINITY, 1}, days[] = {1, 2, 3},
                      fraction[] = {1, 1.5, 2};
  static const double edges[] = {3, 3};
  int32_t out[3] = {-9, -9, -9}, scores[3] = {-9, -9, -9};
  uint32_t reasons[3] = {77, 77, 77};
  kw_abc_options options;
  kw_abc_result result;
  kw_rfm_columns columns;
  kw_rfm_options rfm;

  kw_abc_options_init(&options, sizeof options);
  options.reasons = reasons;
  options.reasons_length = 3;
  kw_abc_result_init(&result, sizeof result);
  result.unclassified = -9;
  REFUSED(KW_ERROR_NON_FINITE, "value", 1, kw_classify_abc(infinite, 3, &options, out, 3, &result, &error));
  options.a_share = 0.95;
  REFUSED(KW_ERROR_DOMAIN, "b_share", -1, kw_classify_abc(value, 3, &options, out, 3, &result, &error));
  options.a_share = 0;
  REFUSED(KW_ERROR_DOMAIN, "a_share", -1, kw_classify_abc(value, 3, &options, out, 3, &result, &error));
  options.a_share = 0.8;
  options.rule = 3;
  REFUSED(KW_ERROR_UNKNOWN_CODE, "rule", -1, kw_classify_abc(value, 3, &options, out, 3, &result, &error));
  options.rule = 1;
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out", -1, kw_classify_abc(value, 3, &options, out, 2, &result, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_classify_abc(value, 3, &options, NULL, 3, &result, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "value", -1, kw_classify_abc(NULL, 3, &options, out, 3, &result, &error));
  REFUSED(KW_ERROR_DOMAIN, "rows", -1, kw_classify_abc(value, -3, &options, out, -3, &result, &error));
  CHECK(out[0] == -9 && out[2] == -9 && reasons[0] == 77 && result.unclassified == -9);
  CHECK_STATUS(KW_OK, kw_classify_abc(value, 3, &options, out, 3, &result, &error));
  CHECK(out[0] == KW_ABC_CLASS_A && out[2] == 0 && reasons[2] == KW_REASON_MISSING_INPUT && result.unclassified == 1);

  reasons[0] = 77;
  kw_rfm_columns_init(&columns, sizeof columns);
  columns.rows = 3;
  columns.days_since_purchase = days;
  columns.purchase_days = fraction;
  columns.revenue = value;
  kw_rfm_options_init(&rfm, sizeof rfm);
  rfm.reasons = reasons;
  rfm.reasons_length = 3;
#define RFM() kw_classify_rfm(&columns, &rfm, scores, NULL, NULL, 3, NULL, &error)
  REFUSED(KW_ERROR_NOT_INTEGER, "purchase_days", 1, RFM());
  columns.purchase_days = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "purchase_days", -1, RFM());
  columns.purchase_days = days;
  rfm.r_classes = 101;
  REFUSED(KW_ERROR_DOMAIN, "r_classes", -1, RFM());
  rfm.r_classes = 5;
  rfm.method = 0;
  REFUSED(KW_ERROR_UNKNOWN_CODE, "method", -1, RFM());
  rfm.method = KW_RFM_METHOD_FIXED;
  REFUSED(KW_ERROR_EMPTY, "r_edges", -1, RFM());
  rfm.r_edges_length = 2;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "r_edges", -1, RFM());
  rfm.r_edges = edges;
  REFUSED(KW_ERROR_DOMAIN, "r_edges", 1, RFM());
  REFUSED(KW_ERROR_NULL_ARGUMENT, "columns", -1, kw_classify_rfm(NULL, NULL, scores, NULL, NULL, 3, NULL, &error));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out_length", -1,
          kw_classify_rfm(&columns, NULL, scores, NULL, NULL, 4, NULL, &error));
  CHECK(scores[0] == -9 && scores[2] == -9 && reasons[0] == 77);
}

/* No error struct, and one that was not initialised. */
static void check_error_struct(void) {
  kw_error raw;
  kw_accumulator* accumulator = NULL;
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_accumulator_create(NULL, NULL, NULL));
  memset(&raw, 0, sizeof raw);
  CHECK_STATUS(KW_ERROR_STRUCT_SIZE, kw_accumulator_create(NULL, &accumulator, &raw));
  CHECK(accumulator == NULL && raw.struct_size == 0 && raw.code == 0);
  kw_accumulator_free(NULL);
  kw_summary_free(NULL);
  kw_model_free(NULL);
}

int main(void) {
  kw_error_init(&error, sizeof error);
  check_accumulator();
  check_summary();
  check_models();
  check_classes();
  check_error_struct();
  return end_of_checks();
}
