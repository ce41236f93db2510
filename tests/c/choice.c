/* Which model, and whether it fits: comparison, backtest and diagnostics of the CDNOW customers, read as Arrow streams.
 * Expected numbers are those of tests/reference/btyd_judgement_test.cpp, where their origin stands. */
#include "arrow.h"

#include <kundenwert.h>

#include "check.h"

#define ROWS 2357

static kw_error error;

/* The one batch of a stream. */
typedef struct read_table {
  struct ArrowSchema schema;
  struct ArrowArray batch;
} read_table;

static read_table read_stream(struct ArrowArrayStream* stream) {
  read_table out;
  CHECK(stream->get_schema(stream, &out.schema) == 0 && stream->get_next(stream, &out.batch) == 0);
  stream->release(stream);
  return out;
}

static void release_table(read_table* table) {
  table->batch.release(&table->batch);
  table->schema.release(&table->schema);
}

/* The values of a column ("g" doubles, "l" int64, "i" int32); NULL where there is none of the type. */
static const void* column_of(const read_table* table, const char* name, const char* format) {
  for (int64_t i = 0; i < table->schema.n_children; ++i) {
    if (strcmp(table->schema.children[i]->name, name) != 0) continue;
    return strcmp(table->schema.children[i]->format, format) == 0 ? table->batch.children[i]->buffers[1] : NULL;
  }
  return NULL;
}

static int is_text_at(const read_table* table, const char* name, int64_t row, const char* expected) {
  for (int64_t i = 0; i < table->schema.n_children; ++i) {
    if (strcmp(table->schema.children[i]->name, name) != 0) continue;
    const int64_t* offsets = table->batch.children[i]->buffers[1];
    const char* text = table->batch.children[i]->buffers[2];
    return (size_t)(offsets[row + 1] - offsets[row]) == strlen(expected) &&
           memcmp(text + offsets[row], expected, strlen(expected)) == 0;
  }
  return 0;
}

static kw_accumulator* cdnow_accumulator(void) {
  cdnow_log* log = read_cdnow();
  kw_accumulator* out = NULL;
  kw_transactions batch;
  kw_transactions_init(&batch, sizeof batch);
  batch.rows = log->rows;
  batch.customer_id = log->customer_id;
  batch.date = log->date;
  batch.amount = log->amount;
  CHECK_STATUS(KW_OK, kw_accumulator_create(NULL, &out, &error));
  CHECK_STATUS(KW_OK, kw_accumulator_add(out, &batch, &error));
  free(log);
  return out;
}

static kw_summary* customers_until(const kw_accumulator* log, int32_t end) {
  kw_summary* out = NULL;
  kw_finish_options options;
  kw_finish_options_init(&options, sizeof options);
  options.holdout_end = end + 39 * 7;
  CHECK_STATUS(KW_OK, kw_accumulator_finish_with(log, KW_UNIT_WEEK, end, &options, &out, &error));
  return out;
}

static void check_comparison(const kw_summary* customers) {
  static const int32_t kinds[] = {KW_MODEL_BG_NBD, KW_MODEL_PARETO_NBD, KW_MODEL_MBG_NBD, KW_MODEL_NBD};
  static const int32_t mixed[] = {KW_MODEL_BG_NBD, KW_MODEL_GAMMA_GAMMA};
  kw_comparison *found = NULL, *again = NULL, *none = (kw_comparison*)&error;
  struct ArrowArrayStream stream;
  kw_model* models[4] = {NULL, NULL, NULL, NULL};
  const kw_model* given[4];
  kw_likelihood_ratio_result ratio;
  read_table table;
  const double* likelihood;
  CHECK_STATUS(KW_OK, kw_compare(customers, kinds, 4, NULL, &found, &error));
  CHECK(kw_comparison_rows(found) == 4 && kw_comparison_recommended(found) == 0);
  CHECK(strncmp(kw_comparison_reason(found), "lowest AIC of 4 models", 22) == 0);
  for (int i = 0; i < 4; ++i) {
    CHECK_STATUS(KW_OK, kw_comparison_model(found, i, models + i, &error));
    given[i] = models[i];
  }
  CHECK(kw_model_kind(models[0]) == KW_MODEL_MBG_NBD && kw_model_kind(models[3]) == KW_MODEL_NBD);
  CHECK_STATUS(KW_ERROR_DOMAIN, kw_comparison_model(found, 4, models, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_comparison_model(NULL, 0, models, &error));
  CHECK_STATUS(KW_OK, kw_comparison_export_arrow(found, &stream, &error));
  kw_comparison_free(found);
  table = read_stream(&stream);
  CHECK(table.batch.length == 4 && is_text_at(&table, "model", 0, "mbg_nbd"));
  CHECK(is_text_at(&table, "outcome", 0, "converged"));
  likelihood = column_of(&table, "log_likelihood", "g");
  CHECK(likelihood != NULL && fabs(likelihood[0] + 9582.135716) < 1e-6 && fabs(likelihood[1] + 9582.429207) < 1e-6);
  release_table(&table);

  /* The same of models that are there; two of them are nested. */
  CHECK_STATUS(KW_OK, kw_compare_models(given, 4, &again, &error));
  CHECK(kw_comparison_rows(again) == 4 && kw_comparison_recommended(again) == 0);
  kw_comparison_free(again);
  kw_likelihood_ratio_result_init(&ratio, sizeof ratio);
  CHECK(isnan(ratio.p_value));
  /* Rows are MBG/NBD, BG/NBD, Pareto/NBD and NBD, the last two nested. */
  CHECK_STATUS(KW_OK, kw_likelihood_ratio(models[3], models[2], &ratio, &error));
  CHECK(ratio.degrees_of_freedom == 2 && ratio.statistic > 0 && ratio.p_value < 1e-6);
  CHECK(ratio.outcome == KW_OUTCOME_CONVERGED);

  CHECK_STATUS(KW_ERROR_DOMAIN, kw_likelihood_ratio(models[2], models[3], &ratio, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_likelihood_ratio(NULL, models[3], &ratio, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_likelihood_ratio(models[3], models[2], NULL, &error));
  CHECK_STATUS(KW_ERROR_UNSUPPORTED, kw_compare(customers, mixed, 2, NULL, &none, &error));
  CHECK(error.row == 1 && strcmp(error.argument, "models") == 0);
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_compare(NULL, kinds, 4, NULL, &none, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_compare(customers, NULL, 4, NULL, &none, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_compare(customers, kinds, 4, NULL, NULL, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_compare_columns(NULL, KW_UNIT_WEEK, kinds, 4, NULL, &none, &error));
  CHECK_STATUS(KW_ERROR_EMPTY, kw_compare_models(given, 0, &none, &error));
  given[1] = NULL;
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_compare_models(given, 4, &none, &error));
  CHECK(none == (kw_comparison*)&error);
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_comparison_export_arrow(NULL, &stream, &error));
  CHECK(kw_comparison_rows(NULL) == 0 && kw_comparison_recommended(NULL) == -1 && kw_comparison_reason(NULL) == NULL);
  kw_comparison_free(NULL);
  for (int i = 0; i < 4; ++i) kw_model_free(models[i]);
}

/* Sum of the expectations against 1882 purchases: btyd.md 3.3. */
static void check_backtest(const kw_accumulator* log, const kw_summary* customers) {
  static const int32_t kinds[] = {KW_MODEL_BG_NBD, KW_MODEL_PARETO_NBD};
  kw_summary* earlier = customers_until(log, CDNOW_END - 28);
  const kw_summary* both[2] = {customers, earlier};
  struct ArrowArrayStream scores, deciles;
  kw_fit_options options;
  const kw_covariate covariate = {"none", NULL};
  read_table table;
  const double* total;
  CHECK_STATUS(KW_OK, kw_backtest(both, 1, kinds, 2, 0, NULL, &scores, &deciles, &error));
  table = read_stream(&scores);
  CHECK(table.batch.length == 2);
  total = column_of(&table, "predicted_total", "g");
  CHECK(total != NULL && is_near(total[0], 1653.40868, 1e-6) && is_near(total[1], 1665.51306, 1e-6));
  total = column_of(&table, "actual_total", "g");
  CHECK(total != NULL && total[0] == 1882);
  release_table(&table);
  table = read_stream(&deciles);
  CHECK(table.batch.length == 20 && column_of(&table, "decile", "i") != NULL);
  release_table(&table);
  /* Two origins, and both together; the tenths are not wanted. */
  CHECK_STATUS(KW_OK, kw_backtest(both, 2, kinds, 1, 39, NULL, &scores, NULL, &error));
  table = read_stream(&scores);
  CHECK(table.batch.length == 3);
  release_table(&table);

  scores.release = NULL;
  CHECK_STATUS(KW_ERROR_EMPTY, kw_backtest(NULL, 0, kinds, 1, 39, NULL, &scores, NULL, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_backtest(NULL, 1, kinds, 1, 39, NULL, &scores, NULL, &error));
  CHECK_STATUS(KW_ERROR_SIGN, kw_backtest(both, 1, kinds, 1, -1, NULL, &scores, NULL, &error));
  kw_fit_options_init(&options, sizeof options);
  options.covariates = &covariate;
  options.covariates_length = 1;
  CHECK_STATUS(KW_ERROR_UNSUPPORTED, kw_backtest(both, 1, kinds, 1, 39, &options, &scores, NULL, &error));
  both[0] = NULL;
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_backtest(both, 2, kinds, 1, 39, NULL, &scores, NULL, &error));
  CHECK(scores.release == NULL);
  kw_summary_free(earlier);
}

static void check_diagnostics(const kw_accumulator* log, const kw_summary* customers) {
  static const double values[4] = {.242598152, 4.413684163, .792989874, 2.426166696}, points[2] = {0.1, 0.5};
  static const double spend_values[3] = {6.25, 3.74, 15.44};
  const double a = values[2], b = values[3];
  kw_model *model = NULL, *spend = NULL;
  kw_diagnostic_options options;
  kw_predict_options arguments;
  kw_tracking_options tracking;
  struct ArrowArrayStream stream;
  read_table table;
  const int64_t* counts;
  const double* numbers;
  CHECK_STATUS(KW_OK, kw_model_from_parameters(KW_MODEL_BG_NBD, KW_UNIT_WEEK, values, 4, &model, &error));
  CHECK_STATUS(KW_OK, kw_model_from_parameters(KW_MODEL_GAMMA_GAMMA, KW_UNIT_WEEK, spend_values, 3, &spend, &error));
  kw_diagnostic_options_init(&options, sizeof options);
  CHECK(options.by == KW_HISTORY_PART_FREQUENCY && options.quantity == KW_QUANTITY_PROBABILITY_ALIVE);
  CHECK(isnan(options.age) && options.largest == 0);
#define DIAGNOSE(kind) kw_diagnose(model, kind, customers, &options, &stream, &error)
  CHECK_STATUS(KW_OK, DIAGNOSE(KW_DIAGNOSTIC_FREQUENCY_HISTOGRAM));
  table = read_stream(&stream);
  counts = column_of(&table, "actual", "l");
  CHECK(table.batch.length == 8 && counts != NULL && counts[0] == 1411 && counts[1] == 439 && counts[7] == 64);
  release_table(&table);
  CHECK_STATUS(KW_OK, DIAGNOSE(KW_DIAGNOSTIC_CONDITIONAL_EXPECTATIONS));
  table = read_stream(&stream);
  numbers = column_of(&table, "expected_mean", "g");
  CHECK(table.batch.length == 8 && numbers != NULL && is_near(numbers[1], .5231364, 6e-6));
  release_table(&table);
  options.age = 39;
  options.largest = 2;
  options.bins = 4;
  CHECK_STATUS(KW_OK, kw_diagnose(model, KW_DIAGNOSTIC_HISTORY_GRID, NULL, &options, &stream, &error));
  table = read_stream(&stream);
  numbers = column_of(&table, "value", "g");
  CHECK(table.batch.length == 3 * 5 && numbers != NULL && numbers[0] == 1 && numbers[14] > numbers[13]);
  release_table(&table);
  kw_predict_options_init(&arguments, sizeof arguments);
  arguments.horizon = 10;
  options.arguments = &arguments;
  options.quantity = KW_QUANTITY_EXPECTED_TRANSACTIONS;
  CHECK_STATUS(KW_OK, DIAGNOSE(KW_DIAGNOSTIC_HISTORY_GRID));
  stream.release(&stream);
  options.of = "dropout_probability";
  options.points = points;
  options.points_length = 2;
  CHECK_STATUS(KW_OK, DIAGNOSE(KW_DIAGNOSTIC_HETEROGENEITY));
  table = read_stream(&stream);
  numbers = column_of(&table, "density", "g");
  /* Beta(a, b) at 1/2: 2^(2 - a - b) / B(a, b). */
  CHECK(table.batch.length == 2 && numbers != NULL);
  CHECK(numbers != NULL && is_near(numbers[1], pow(2, 2 - a - b) * exp(lgamma(a + b) - lgamma(a) - lgamma(b)), 1e-12));
  release_table(&table);

  /* Week by week until the end of the data: 20 weeks and 2457 repeat purchases of the calibration. */
  kw_tracking_options_init(&tracking, sizeof tracking);
  CHECK(tracking.step_days == 7 && tracking.start == KW_NO_DAY && tracking.through == KW_NO_DAY);
  tracking.through = CDNOW_LAST;
  CHECK_STATUS(KW_OK, kw_track_purchases(log, model, CDNOW_END, &tracking, &stream, &error));
  table = read_stream(&stream);
  numbers = column_of(&table, "expected_step", "g");
  CHECK(numbers != NULL && is_near(numbers[20], 76.86531, 5e-6));
  release_table(&table);

  stream.release = NULL;
  options.arguments = NULL;
  CHECK_STATUS(KW_ERROR_UNKNOWN_CODE, DIAGNOSE(9));
  CHECK_STATUS(KW_ERROR_MISSING, DIAGNOSE(KW_DIAGNOSTIC_HISTORY_GRID));
  CHECK(strcmp(error.argument, "horizon") == 0);
  arguments.struct_size = 0;
  options.arguments = &arguments;
  CHECK_STATUS(KW_ERROR_STRUCT_SIZE, DIAGNOSE(KW_DIAGNOSTIC_HISTORY_GRID));
  options.of = "color";
  CHECK_STATUS(KW_ERROR_UNKNOWN_CODE, DIAGNOSE(KW_DIAGNOSTIC_HETEROGENEITY));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT,
               kw_diagnose(model, KW_DIAGNOSTIC_FREQUENCY_HISTOGRAM, NULL, &options, &stream, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT,
               kw_diagnose(NULL, KW_DIAGNOSTIC_FREQUENCY_HISTOGRAM, customers, &options, &stream, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT,
               kw_diagnose(model, KW_DIAGNOSTIC_FREQUENCY_HISTOGRAM, customers, &options, NULL, &error));
  CHECK_STATUS(KW_ERROR_UNSUPPORTED,
               kw_diagnose(spend, KW_DIAGNOSTIC_FREQUENCY_HISTOGRAM, customers, NULL, &stream, &error));
  CHECK_STATUS(KW_ERROR_UNSUPPORTED, kw_track_purchases(log, spend, CDNOW_END, &tracking, &stream, &error));
  CHECK_STATUS(KW_ERROR_MISSING, kw_track_purchases(log, model, KW_NO_DAY, &tracking, &stream, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_track_purchases(NULL, model, CDNOW_END, &tracking, &stream, &error));
  tracking.step_days = 0;
  CHECK_STATUS(KW_ERROR_DOMAIN, kw_track_purchases(log, model, CDNOW_END, &tracking, &stream, &error));
  CHECK(stream.release == NULL);
  kw_model_free(spend);
  kw_model_free(model);
}

static void check_not_initialised(const kw_accumulator* log, const kw_summary* customers) {
  static const double values[4] = {.242598152, 4.413684163, .792989874, 2.426166696};
  static kw_fit_options fit;
  static kw_likelihood_ratio_result ratio;
  static kw_diagnostic_options diagnostic;
  static kw_tracking_options tracking;
  static kw_summary_columns columns;
  struct ArrowArrayStream stream;
  kw_comparison* found = NULL;
  kw_model* model = NULL;
  stream.release = NULL;
  CHECK_STATUS(KW_OK, kw_model_from_parameters(KW_MODEL_BG_NBD, KW_UNIT_WEEK, values, 4, &model, &error));
#define REFUSED(call) CHECK_STATUS(KW_ERROR_STRUCT_SIZE, (call))
  REFUSED(kw_compare(customers, NULL, 0, &fit, &found, &error));
  REFUSED(kw_compare_columns(&columns, KW_UNIT_WEEK, NULL, 0, NULL, &found, &error));
  REFUSED(kw_likelihood_ratio(model, model, &ratio, &error));
  REFUSED(kw_backtest(&customers, 1, NULL, 0, 39, &fit, &stream, NULL, &error));
  REFUSED(kw_diagnose(model, KW_DIAGNOSTIC_HETEROGENEITY, NULL, &diagnostic, &stream, &error));
  REFUSED(kw_track_purchases(log, model, CDNOW_END, &tracking, &stream, &error));
  CHECK(found == NULL && stream.release == NULL && ratio.degrees_of_freedom == 0);
  kw_model_free(model);
}

int main(void) {
  kw_accumulator* log;
  kw_summary* customers;
  kw_error_init(&error, sizeof error);
  log = cdnow_accumulator();
  customers = customers_until(log, CDNOW_END);
  CHECK(kw_summary_rows(customers) == ROWS);
  check_comparison(customers);
  check_backtest(log, customers);
  check_diagnostics(log, customers);
  check_not_initialised(log, customers);
  kw_summary_free(customers);
  kw_accumulator_free(log);
  return end_of_checks();
}
