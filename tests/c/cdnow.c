/* The whole way on the CDNOW sample: transactions, summary, models, predictions, classes.
 *
 * Customers, repeat transactions and BG/NBD: Fader, Hardie & Lee (2005), table 2 (r = .243, alpha = 4.414, a = .793,
 * b = 2.426, ln L = -9582.4); the further digits are those of an independent fit with mpmath at 40 digits
 * (tests/reference/data).
 */
#include <kundenwert.h>

#include "check.h"

static kw_error error;
static double values[CDNOW_ROWS];

static kw_summary* summary_of(const cdnow_log* log, int is_cut) {
  kw_accumulator* accumulator = NULL;
  kw_summary* customers = NULL;
  kw_transactions batch;
  kw_log_report report;
  CHECK_STATUS(KW_OK, kw_accumulator_create(NULL, &accumulator, &error));
  kw_transactions_init(&batch, sizeof batch);
  for (int64_t row = 0; row < log->rows; row += batch.rows) {
    batch.rows = is_cut ? (log->rows - row < 1000 ? log->rows - row : 1000) : log->rows;
    batch.customer_id = log->customer_id + row;
    batch.date = log->date + row;
    batch.amount = log->amount + row;
    CHECK_STATUS(KW_OK, kw_accumulator_add(accumulator, &batch, &error));
  }
  kw_log_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_accumulator_report(accumulator, &report, &error));
  CHECK(report.rows_read == CDNOW_ROWS && report.rows_after_end == 0 && report.warnings == 0);
  CHECK(report.first_day == 9862 && report.last_day == CDNOW_LAST);
  CHECK_STATUS(KW_OK, kw_accumulator_finish(accumulator, KW_UNIT_WEEK, CDNOW_END, &customers, &error));
  CHECK_STATUS(KW_OK, kw_summary_report(customers, &report, &error));
  CHECK(report.warnings == 1u << (KW_WARNING_AFTER_END - 1) && report.rows_after_end > 0);
  kw_accumulator_free(accumulator);
  return customers;
}

static double sum_of(const double* from, int64_t rows) {
  double sum = 0;
  for (int64_t i = 0; i < rows; ++i) sum += from[i];
  return sum;
}

static void check_summary(const kw_summary* customers) {
  static int64_t ids[2357];
  kw_summary_info info;
  kw_summary_info_init(&info, sizeof info);
  CHECK_STATUS(KW_OK, kw_summary_describe(customers, &info, &error));
  CHECK(info.unit == KW_UNIT_WEEK && info.end == CDNOW_END && info.start == KW_NO_DAY);
  CHECK(info.holdout_end == KW_NO_DAY && info.id_type == KW_ID_TYPE_NUMBER && info.id_bytes == 0);
  CHECK(info.rows == 2357 && kw_summary_rows(customers) == 2357 && strcmp(info.currency, "") == 0);
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_FREQUENCY, values, 2357, &error));
  CHECK(sum_of(values, 2357) == 2457);
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_PURCHASE_DAYS, values, 2357, &error));
  CHECK(sum_of(values, 2357) == 2457 + 2357);
  CHECK_STATUS(KW_OK, kw_summary_copy_ids(customers, ids, 2357, &error));
  CHECK(ids[0] == 1 && ids[2356] == 2357);
  /* Customer 1 bought on 1997-01-01, 1997-01-18 and 1997-08-02: 29.33, 29.73, 14.96. */
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_RECENCY, values, 2357, &error));
  CHECK(is_near(values[0], 213 / 7.0, 1e-15));
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_T, values, 2357, &error));
  CHECK(is_near(values[0], 272 / 7.0, 1e-15));
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_MONETARY_VALUE, values, 2357, &error));
  CHECK(is_near(values[0], (29.73 + 14.96) / 2, 1e-15));
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_REVENUE, values, 2357, &error));
  CHECK(is_near(values[0], 29.33 + 29.73 + 14.96, 1e-15));
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_FIRST_PURCHASE, values, 2357, &error));
  CHECK(values[0] == 9862);
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_LAST_PURCHASE, values, 2357, &error));
  CHECK(values[0] == 9862 + 213);
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_DAYS_SINCE_PURCHASE, values, 2357, &error));
  CHECK(values[0] == 272 - 213);
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_ACQUIRED_BEFORE_START, values, 2357, &error));
  CHECK(sum_of(values, 2357) == 0);
  CHECK(kw_summary_has_column(customers, KW_COLUMN_REVENUE) == 1);
  CHECK(kw_summary_has_column(customers, KW_COLUMN_HOLDOUT_FREQUENCY) == 0);
}

static void check_bg_nbd(const kw_model* model) {
  static const double expected[4] = {.2425945, 4.4136020, .7929220, 2.4259068};
  double found[16];
  kw_fit_report report;
  kw_fit_report_init(&report, sizeof report);
  CHECK(kw_model_kind(model) == KW_MODEL_BG_NBD && kw_model_unit(model) == KW_UNIT_WEEK);
  CHECK_STATUS(KW_OK, kw_model_parameters(model, found, 4, &error));
  for (int i = 0; i < 4; ++i) CHECK(is_near(found[i], expected[i], 1e-6));
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &report, &error));
  CHECK(report.outcome == KW_OUTCOME_CONVERGED && strcmp(report.detail, "") == 0);
  CHECK(is_near(report.log_likelihood, -9582.42920667, 1e-12) && report.customers == 2357);
  CHECK(is_near(report.aic, 2 * 4 + 2 * 9582.42920667, 1e-11));
  CHECK(report.iterations > 0 && report.evaluations >= report.iterations && report.distinct_rows > 0);
  CHECK_STATUS(KW_OK, kw_model_covariance(model, found, 16, &error));
  CHECK_STATUS(KW_OK, kw_model_standard_errors(model, values, 4, &error));
  for (int i = 0; i < 4; ++i) CHECK(is_near(values[i] * values[i], found[5 * i], 1e-12));
  CHECK_STATUS(KW_OK, kw_model_eigenvalues(model, found, 4, &error));
  CHECK(found[0] > 0 && found[0] <= found[1] && found[2] <= found[3]);
}

static void check_predictions(const kw_summary* customers, const kw_model* bg_nbd, const kw_model* spend) {
  static double alive[2357], expected[2357], amount[2357], borrowed[4][2357], margins[2357], rates[2357];
  double horizon = 0;
  static uint32_t reasons[2357];
  static const int32_t columns[4] = {KW_COLUMN_FREQUENCY, KW_COLUMN_RECENCY, KW_COLUMN_T, KW_COLUMN_MONETARY_VALUE};
  kw_predict_options options;
  kw_lifetime_value_options value_options;
  kw_summary_columns plain;
  int same = 1;
  kw_predict_options_init(&options, sizeof options);
  options.horizon = 39;
  memset(reasons, 0xff, sizeof reasons);
  options.reasons = reasons;
  options.reasons_length = 2357;
  CHECK_STATUS(KW_OK, kw_predict(bg_nbd, KW_QUANTITY_PROBABILITY_ALIVE, NULL, customers, alive, 2357, &error));
  CHECK_STATUS(KW_OK,
               kw_predict(bg_nbd, KW_QUANTITY_EXPECTED_TRANSACTIONS, &options, customers, expected, 2357, &error));
  for (int i = 0; i < 2357; ++i) same = same && reasons[i] == 0 && alive[i] > 0 && alive[i] <= 1 && expected[i] > 0;
  CHECK(same);

  /* The same through plain columns, to the bit. */
  kw_summary_columns_init(&plain, sizeof plain);
  plain.rows = 2357;
  for (int i = 0; i < 4; ++i) {
    CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, columns[i], borrowed[i], 2357, &error));
  }
  plain.frequency = borrowed[0];
  plain.recency = borrowed[1];
  plain.T = borrowed[2];
  CHECK_STATUS(KW_OK,
               kw_predict_columns(bg_nbd, KW_QUANTITY_EXPECTED_TRANSACTIONS, &options, &plain, values, 2357, &error));
  CHECK(memcmp(values, expected, sizeof expected) == 0);

  /* Lifetime value is margin times spend times discounted purchases. */
  plain.monetary_value = borrowed[3];
  options.annual_discount_rate = 0.10;
  options.units_per_year = 52;
  kw_lifetime_value_options_init(&value_options, sizeof value_options);
  value_options.units_per_year = 52;
  value_options.margin_rate = 0.25;
  CHECK_STATUS(KW_OK, kw_predict(bg_nbd, KW_QUANTITY_DISCOUNTED_EXPECTED_TRANSACTIONS, &options, customers, expected,
                                 2357, &error));
  CHECK_STATUS(KW_OK, kw_predict(spend, KW_QUANTITY_EXPECTED_SPEND, NULL, customers, amount, 2357, &error));
  CHECK_STATUS(KW_OK, kw_lifetime_value(bg_nbd, spend, 39, 0.10, &value_options, customers, values, 2357, &error));
  same = 1;
  for (int i = 0; i < 2357; ++i) same = same && is_near(values[i], 0.25 * amount[i] * expected[i], 1e-15);
  CHECK(same);
  CHECK_STATUS(KW_OK, kw_lifetime_value_columns(bg_nbd, spend, 39, 0.10, &value_options, &plain, amount, 2357, &error));
  CHECK(memcmp(values, amount, sizeof amount) == 0);

  /* The same rates, customer by customer, and a year of the calendar. */
  for (int i = 0; i < 2357; ++i) {
    margins[i] = 0.25;
    rates[i] = 0.10;
  }
  value_options.margin_rate = 1;
  value_options.margin_rates = margins;
  value_options.annual_discount_rates = rates;
  CHECK_STATUS(KW_OK, kw_lifetime_value(bg_nbd, spend, 39, 7, &value_options, customers, amount, 2357, &error));
  CHECK(memcmp(values, amount, sizeof amount) == 0);
  rates[3] = -0.10;
  CHECK_STATUS(KW_ERROR_SIGN, kw_lifetime_value(bg_nbd, spend, 39, 7, &value_options, customers, amount, 2357, &error));
  CHECK(error.row == 3 && strcmp(error.argument, "annual_discount_rates") == 0);
  CHECK_STATUS(KW_OK, kw_calendar_horizon(customers, 12, &horizon, &error));
  CHECK(is_near(horizon, 365 / 7.0, 1e-15));

  /* A spend model reads neither recency nor T. */
  plain.recency = NULL;
  plain.T = NULL;
  CHECK_STATUS(KW_OK, kw_predict_columns(spend, KW_QUANTITY_EXPECTED_SPEND, NULL, &plain, amount, 2357, &error));
}

static void check_models(const kw_summary* customers) {
  kw_model *bg_nbd = NULL, *spend = NULL, *pareto_nbd = NULL, *given = NULL;
  double found[4];
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, NULL, &bg_nbd, &error));
  check_bg_nbd(bg_nbd);
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_GAMMA_GAMMA, customers, NULL, &spend, &error));
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_PARETO_NBD, customers, NULL, &pareto_nbd, &error));
  /* Fader, Hardie & Lee (2005), table 2: Pareto/NBD r = .553, alpha = 10.58, s = .606, beta = 11.67. */
  CHECK_STATUS(KW_OK, kw_model_parameters(pareto_nbd, found, 4, &error));
  CHECK(fabs(found[0] - .553) < 5e-4 && fabs(found[1] - 10.58) < 5e-3);
  CHECK(fabs(found[2] - .606) < 5e-4 && fabs(found[3] - 11.67) < 5e-3);
  check_predictions(customers, bg_nbd, spend);
  CHECK(kw_model_supports(bg_nbd, KW_QUANTITY_PROBABILITY_ALIVE) == 1);
  CHECK(kw_model_supports(bg_nbd, KW_QUANTITY_EXPECTED_SPEND) == 0);
  CHECK(kw_model_supports(spend, KW_QUANTITY_EXPECTED_SPEND) == 1);
  CHECK(kw_model_supports(spend, KW_QUANTITY_PROBABILITY_ALIVE) == 0);

  CHECK_STATUS(KW_OK, kw_model_parameters(bg_nbd, found, 4, &error));
  CHECK_STATUS(KW_OK, kw_model_from_parameters(KW_MODEL_BG_NBD, KW_UNIT_WEEK, found, 4, &given, &error));
  CHECK_STATUS(KW_OK, kw_predict(bg_nbd, KW_QUANTITY_PROBABILITY_ALIVE, NULL, customers, values, 2357, &error));
  CHECK_STATUS(KW_OK, kw_predict(given, KW_QUANTITY_PROBABILITY_ALIVE, NULL, customers, values + 2357, 2357, &error));
  CHECK(memcmp(values, values + 2357, 2357 * sizeof *values) == 0);
  kw_model_free(given);
  kw_model_free(pareto_nbd);
  kw_model_free(spend);
  kw_model_free(bg_nbd);
}

static void check_classes(const kw_summary* customers) {
  static int32_t classes[2357], r[2357], f[2357], m[2357];
  static double columns[3][2357];
  kw_abc_result abc;
  kw_rfm_columns rfm_columns;
  kw_rfm_result rfm;
  int64_t counted[4] = {0, 0, 0, 0};
  int in_range = 1;
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_REVENUE, columns[2], 2357, &error));
  kw_abc_result_init(&abc, sizeof abc);
  CHECK_STATUS(KW_OK, kw_classify_abc(columns[2], 2357, NULL, classes, 2357, &abc, &error));
  for (int i = 0; i < 2357; ++i) ++counted[classes[i]];
  CHECK(counted[0] == 0 && counted[KW_ABC_CLASS_A] == abc.a.count);
  CHECK(counted[KW_ABC_CLASS_B] == abc.b.count && counted[KW_ABC_CLASS_C] == abc.c.count);
  CHECK(is_near(abc.total, sum_of(columns[2], 2357), 1e-12) && abc.rule == KW_ABC_RULE_CROSSING_INCLUDED);
  CHECK(abc.a.cumulated_share >= 0.80 && abc.b.cumulated_share >= 0.95 && abc.c.cumulated_share == 1);

  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_DAYS_SINCE_PURCHASE, columns[0], 2357, &error));
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_PURCHASE_DAYS, columns[1], 2357, &error));
  kw_rfm_columns_init(&rfm_columns, sizeof rfm_columns);
  rfm_columns.rows = 2357;
  rfm_columns.days_since_purchase = columns[0];
  rfm_columns.purchase_days = columns[1];
  rfm_columns.revenue = columns[2];
  kw_rfm_result_init(&rfm, sizeof rfm);
  CHECK_STATUS(KW_OK, kw_classify_rfm(&rfm_columns, NULL, r, f, m, 2357, &rfm, &error));
  CHECK(rfm.scored == 2357 && rfm.unscored == 0 && rfm.method == KW_RFM_METHOD_QUANTILE);
  for (int i = 0; i < 2357; ++i) {
    in_range = in_range && r[i] >= 1 && r[i] <= 5 && f[i] >= 1 && f[i] <= 5 && m[i] >= 1 && m[i] <= 5;
  }
  CHECK(in_range);
  CHECK_STATUS(KW_OK, kw_classify_rfm(&rfm_columns, NULL, NULL, NULL, NULL, 2357, NULL, &error));
}

/* A hold-out, a start, text ids, rejected rows, ordered mode. */
static void check_options(const cdnow_log* log) {
  static const char* const text =
      "bab\xc3\xa4"
      "a";
  static const int64_t offsets[] = {0, 1, 2, 5, 6};
  static const int32_t days[] = {100, 101, 102, 103};
  static const double amounts[] = {1, 2, 3, 1e13};
  static double frequency[2357];
  kw_accumulator_options options;
  kw_accumulator* accumulator = NULL;
  kw_summary* customers = NULL;
  kw_transactions batch;
  kw_finish_options dates;
  kw_summary_info info;
  kw_log_report report;
  int64_t row = -7, at[4] = {-1, -1, -1, -1};
  int32_t field = 0, code = 0;
  char copied[5];

  kw_accumulator_options_init(&options, sizeof options);
  options.currency = "USD";
  CHECK_STATUS(KW_OK, kw_accumulator_create(&options, &accumulator, &error));
  kw_transactions_init(&batch, sizeof batch);
  batch.rows = log->rows;
  batch.customer_id = log->customer_id;
  batch.date = log->date;
  batch.amount = log->amount;
  CHECK_STATUS(KW_OK, kw_accumulator_add(accumulator, &batch, &error));
  kw_finish_options_init(&dates, sizeof dates);
  dates.holdout_end = CDNOW_LAST;
  dates.threads = 2;
  CHECK_STATUS(KW_OK, kw_accumulator_finish_with(accumulator, KW_UNIT_DAY, CDNOW_END, &dates, &customers, &error));
  kw_summary_info_init(&info, sizeof info);
  CHECK_STATUS(KW_OK, kw_summary_describe(customers, &info, &error));
  CHECK(info.holdout_end == CDNOW_LAST && strcmp(info.currency, "USD") == 0 && info.unit == KW_UNIT_DAY);
  /* Purchases of the hold-out: 1882, counted from the file with a few lines of Python. */
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_HOLDOUT_FREQUENCY, frequency, 2357, &error));
  CHECK(sum_of(frequency, 2357) == 1882);
  kw_summary_free(customers);
  kw_accumulator_free(accumulator);

  kw_accumulator_options_init(&options, sizeof options);
  options.rows = KW_ROWS_COLLECT;
  options.rejected_limit = 0.5;
  CHECK_STATUS(KW_OK, kw_accumulator_create(&options, &accumulator, &error));
  kw_transactions_init(&batch, sizeof batch);
  batch.rows = 4;
  batch.customer_id_text = text;
  batch.customer_id_offsets = offsets;
  batch.date = days;
  batch.amount = amounts;
  CHECK_STATUS(KW_OK, kw_accumulator_add(accumulator, &batch, &error));
  kw_log_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_accumulator_report(accumulator, &report, &error));
  CHECK(report.rows_read == 4 && report.rows_rejected == 1 && report.last_day == 102);
  CHECK_STATUS(KW_OK, kw_accumulator_rejected(accumulator, &row, &field, &code, 1, &error));
  CHECK(row == 3 && field == KW_FIELD_AMOUNT && code == KW_ERROR_OVERFLOW);
  CHECK_STATUS(KW_OK, kw_accumulator_finish(accumulator, KW_UNIT_DAY, 103, &customers, &error));
  CHECK_STATUS(KW_OK, kw_summary_describe(customers, &info, &error));
  CHECK(info.rows == 3 && info.id_type == KW_ID_TYPE_TEXT && info.id_bytes == 5);
  CHECK_STATUS(KW_OK, kw_summary_copy_text_ids(customers, copied, 5, at, 4, &error));
  CHECK(memcmp(copied, "abb\xc3\xa4", 5) == 0 && at[0] == 0 && at[1] == 1 && at[2] == 2 && at[3] == 5);
  row = -7;
  CHECK_STATUS(KW_OK, kw_summary_rejected(customers, &row, NULL, NULL, 1, &error));
  CHECK(row == 3);
  kw_summary_free(customers);
  kw_accumulator_free(accumulator);

  kw_accumulator_options_init(&options, sizeof options);
  options.mode = KW_ACCUMULATION_ORDERED;
  options.end = 200;
  CHECK_STATUS(KW_OK, kw_accumulator_create(&options, &accumulator, &error));
  batch.rows = 3;
  CHECK_STATUS(KW_OK, kw_accumulator_add(accumulator, &batch, &error));
  CHECK_STATUS(KW_OK, kw_accumulator_finish(accumulator, KW_UNIT_DAY, 200, &customers, &error));
  CHECK(kw_summary_rows(customers) == 3);
  kw_summary_free(customers);
  kw_accumulator_free(accumulator);
}

static void check_tables(void) {
  CHECK(strcmp(kw_version(), "0.1.0") == 0 && kw_abi_version() == KW_ABI_VERSION);
  CHECK(strcmp(kw_code_name(KW_TABLE_MODEL, KW_MODEL_BG_NBD), "bg_nbd") == 0);
  CHECK(strcmp(kw_code_name(KW_TABLE_ERROR, KW_ERROR_RECENCY_ORDER), "recency_order") == 0);
  CHECK(strcmp(kw_code_meaning(KW_TABLE_UNIT, KW_UNIT_WEEK), "7 days") == 0);
  CHECK(kw_code_name(KW_TABLE_ERROR, 0) == NULL && kw_code_name(0, 1) == NULL && kw_code_name(99, 1) == NULL);
  CHECK(kw_code_count(0) == 0 && kw_code_at(KW_TABLE_UNIT, 4) == 0 && kw_code_at(KW_TABLE_UNIT, -1) == 0);
  CHECK(kw_code_at(KW_TABLE_REASON, 2) == KW_REASON_NO_REPEAT_PURCHASES);
  for (int32_t table = 1; kw_code_count(table) > 0; ++table) {
    for (int64_t i = 0; i < kw_code_count(table); ++i) {
      const int32_t code = kw_code_at(table, i);
      const char* name = kw_code_name(table, code);
      /* Every name ends where the next literal begins: strlen sees one name. */
      CHECK(code > 0 && name != NULL && strlen(name) > 0 && strlen(name) < 40 && strchr(name, ' ') == NULL);
      CHECK(kw_code_meaning(table, code) != NULL);
    }
  }
  CHECK(kw_parameter_count(KW_MODEL_BG_NBD) == 4 && kw_parameter_count(0) == 0);
  CHECK(strcmp(kw_parameter_name(KW_MODEL_BG_NBD, 1), "alpha") == 0);
  CHECK(kw_parameter_name(KW_MODEL_BG_NBD, 4) == NULL && kw_parameter_name(KW_MODEL_BG_NBD, -1) == NULL);
  CHECK(kw_parameter_name(0, 0) == NULL);
}

int main(void) {
  cdnow_log* log = read_cdnow();
  kw_summary *customers, *cut;
  kw_error_init(&error, sizeof error);
  customers = summary_of(log, 0);
  cut = summary_of(log, 1);
  check_summary(customers);
  check_summary(cut);
  check_models(customers);
  check_classes(customers);
  check_options(log);
  check_tables();
  kw_summary_free(cut);
  kw_summary_free(customers);
  free(log);
  return end_of_checks();
}
