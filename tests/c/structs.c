/* Structs across versions: not initialised, of an older and of a newer program. */
#include <kundenwert.h>

#include "check.h"

static kw_error error;
static const double frequency[] = {0, 2, 1}, recency[] = {0, 30, 10}, T[] = {38, 38, 12};

/* What a program compiled against a later header would pass: fields of which this library knows nothing. */
typedef struct later_fit_options {
  kw_fit_options known;
  int64_t unknown[2];
} later_fit_options;

typedef struct later_fit_report {
  kw_fit_report known;
  int64_t unknown;
} later_fit_report;

static kw_summary* customers_of_three(void) {
  kw_summary* out = NULL;
  kw_summary_columns columns;
  kw_summary_columns_init(&columns, sizeof columns);
  columns.rows = 3;
  columns.frequency = frequency;
  columns.recency = recency;
  columns.T = T;
  CHECK_STATUS(KW_OK, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &out, &error));
  return out;
}

#define CHECK_INIT(type)                                 \
  do {                                                   \
    type filled;                                         \
    memset(&filled, 0x5a, sizeof filled);                \
    type##_init(&filled, 4);                             \
    CHECK(filled.struct_size == 0x5a5a5a5a);             \
    type##_init(&filled, -1);                            \
    CHECK(filled.struct_size == 0x5a5a5a5a);             \
    type##_init(&filled, INT64_C(1) << 40);              \
    CHECK(filled.struct_size == 0x5a5a5a5a);             \
    type##_init(NULL, sizeof filled);                    \
    type##_init(&filled, sizeof filled);                 \
    CHECK(filled.struct_size == (int32_t)sizeof filled); \
  } while (0)

static void check_init(void) {
  CHECK_INIT(kw_error);
  CHECK_INIT(kw_accumulator_options);
  CHECK_INIT(kw_transactions);
  CHECK_INIT(kw_transaction_names);
  CHECK_INIT(kw_finish_options);
  CHECK_INIT(kw_log_report);
  CHECK_INIT(kw_summary_columns);
  CHECK_INIT(kw_summary_names);
  CHECK_INIT(kw_summary_info);
  CHECK_INIT(kw_fit_options);
  CHECK_INIT(kw_fit_report);
  CHECK_INIT(kw_predict_options);
  CHECK_INIT(kw_phase_parameters);
  CHECK_INIT(kw_overview_options);
  CHECK_INIT(kw_headline);
  CHECK_INIT(kw_lifetime_value_options);
  CHECK_INIT(kw_draw_options);
  CHECK_INIT(kw_draw_report);
  CHECK_INIT(kw_likelihood_ratio_result);
  CHECK_INIT(kw_diagnostic_options);
  CHECK_INIT(kw_tracking_options);
  CHECK_INIT(kw_abc_options);
  CHECK_INIT(kw_abc_result);
  CHECK_INIT(kw_rfm_columns);
  CHECK_INIT(kw_rfm_options);
  CHECK_INIT(kw_rfm_result);
  CHECK_INIT(kw_table);
  CHECK_INIT(kw_table_options);
  CHECK_INIT(kw_base_options);
  CHECK_INIT(kw_base_finish_options);
  CHECK_INIT(kw_base_info);
  CHECK_INIT(kw_table_report);
}

/* The defaults the header states. */
static void check_defaults(void) {
  kw_accumulator_options accumulator;
  kw_transactions batch;
  kw_finish_options finish;
  kw_fit_options fit;
  kw_predict_options predict;
  kw_lifetime_value_options value;
  kw_draw_options draw;
  kw_draw_report draw_report;
  kw_abc_options abc;
  kw_rfm_options rfm;
  kw_table_options table;
  kw_base_options base;
  kw_table_report report;
  kw_accumulator_options_init(&accumulator, sizeof accumulator);
  CHECK(accumulator.mode == KW_ACCUMULATION_EXACT && accumulator.returns == KW_RETURNS_NET);
  CHECK(accumulator.rows == KW_ROWS_STRICT && accumulator.rejected_limit == 0.05 && accumulator.threads == 0);
  CHECK(accumulator.load_date == KW_NO_DAY && accumulator.end == KW_NO_DAY && accumulator.start == KW_NO_DAY);
  CHECK(accumulator.holdout_end == KW_NO_DAY && accumulator.currency == NULL);
  kw_transactions_init(&batch, sizeof batch);
  CHECK(batch.minor_exponent == 2 && batch.rows == 0 && batch.date == NULL);
  kw_finish_options_init(&finish, sizeof finish);
  CHECK(finish.start == KW_NO_DAY && finish.holdout_end == KW_NO_DAY && finish.progress == NULL);
  kw_fit_options_init(&fit, sizeof fit);
  CHECK(fit.iteration_limit == 200 && fit.threads == 0 && fit.weight == NULL && fit.whole == 0);
  CHECK(fit.covariates == NULL && fit.effects == NULL && fit.priors == NULL);
  kw_predict_options_init(&predict, sizeof predict);
  CHECK(isnan(predict.horizon) && isnan(predict.annual_discount_rate) && predict.units_per_year == 0);
  CHECK(isnan(predict.count) && isnan(predict.level) && predict.covariates == NULL && predict.most_draws == 0);
  kw_lifetime_value_options_init(&value, sizeof value);
  CHECK(value.margin_rate == 1 && value.units_per_year == 0 && value.covariates == NULL);
  kw_draw_options_init(&draw, sizeof draw);
  CHECK(draw.draws == 0 && draw.seed == 0 && draw.chains == 0 && draw.weight == NULL && draw.covariates == NULL);
  kw_draw_report_init(&draw_report, sizeof draw_report);
  CHECK(isnan(draw_report.pareto_k));
  kw_abc_options_init(&abc, sizeof abc);
  CHECK(abc.a_share == 0.80 && abc.b_share == 0.95 && abc.keep_ties == 1 && abc.rule == 1);
  kw_rfm_options_init(&rfm, sizeof rfm);
  CHECK(rfm.method == KW_RFM_METHOD_QUANTILE && rfm.r_classes == 5 && rfm.f_classes == 5 && rfm.m_classes == 5);
  kw_table_options_init(&table, sizeof table);
  CHECK(table.date_format == KW_DATE_FORMAT_ISO && table.has_utc_offset == 0 && table.usual_names == 0);
  kw_base_options_init(&base, sizeof base);
  CHECK(base.returns == KW_RETURNS_NET && base.rows == KW_ROWS_STRICT && base.load_date == KW_NO_DAY);
  CHECK(base.rejected_limit == 0.05 && base.currency == NULL && base.threads == 0);
  kw_table_report_init(&report, sizeof report);
  CHECK(report.first_day == KW_NO_DAY && report.last_day == KW_NO_DAY);
}

static void check_not_initialised(const kw_summary* customers) {
  kw_accumulator* accumulator = NULL;
  kw_summary* summary = NULL;
  kw_model* model = NULL;
  double out[3];
  int32_t classes[3];
  static kw_accumulator_options zero_kw_accumulator_options;
  static kw_transactions zero_kw_transactions;
  static kw_finish_options zero_kw_finish_options;
  static kw_log_report zero_kw_log_report;
  static kw_summary_columns zero_kw_summary_columns;
  static kw_summary_info zero_kw_summary_info;
  static kw_fit_options zero_kw_fit_options;
  static kw_fit_report zero_kw_fit_report;
  static kw_predict_options zero_kw_predict_options;
  static kw_lifetime_value_options zero_kw_lifetime_value_options;
  static kw_draw_options zero_kw_draw_options;
  static kw_draw_report zero_kw_draw_report;
  static kw_abc_options zero_kw_abc_options;
  static kw_abc_result zero_kw_abc_result;
  static kw_rfm_columns zero_kw_rfm_columns;
  static kw_rfm_options zero_kw_rfm_options;
  static kw_rfm_result zero_kw_rfm_result;
  static kw_table zero_kw_table;
  static kw_table_options zero_kw_table_options;
  static kw_base_options zero_kw_base_options;
  static kw_base_finish_options zero_kw_base_finish_options;
  static kw_base_info zero_kw_base_info;
  static kw_table_report zero_kw_table_report;
#define REFUSED(call) CHECK_STATUS(KW_ERROR_STRUCT_SIZE, (call))
  REFUSED(kw_accumulator_create(&zero_kw_accumulator_options, &accumulator, &error));
  CHECK_STATUS(KW_OK, kw_accumulator_create(NULL, &accumulator, &error));
  REFUSED(kw_accumulator_add(accumulator, &zero_kw_transactions, &error));
  REFUSED(kw_accumulator_finish_with(accumulator, KW_UNIT_DAY, 1, &zero_kw_finish_options, &summary, &error));
  REFUSED(kw_accumulator_report(accumulator, &zero_kw_log_report, &error));
  kw_accumulator_free(accumulator);
  REFUSED(kw_summary_from_columns(&zero_kw_summary_columns, KW_UNIT_DAY, &summary, &error));
  REFUSED(kw_summary_describe(customers, &zero_kw_summary_info, &error));
  REFUSED(kw_summary_report(customers, &zero_kw_log_report, &error));
  REFUSED(kw_fit(KW_MODEL_BG_NBD, customers, &zero_kw_fit_options, &model, &error));
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, NULL, &model, &error));
  REFUSED(kw_model_fit_report(model, &zero_kw_fit_report, &error));
  REFUSED(kw_predict(model, 2, &zero_kw_predict_options, customers, out, 3, &error));
  REFUSED(kw_predict_columns(model, 2, NULL, &zero_kw_summary_columns, out, 3, &error));
  REFUSED(kw_lifetime_value(model, model, 1, 1, &zero_kw_lifetime_value_options, customers, out, 3, &error));
  REFUSED(kw_lifetime_value_columns(model, model, 1, 1, NULL, &zero_kw_summary_columns, out, 3, &error));
  kw_draws* draws = NULL;
  kw_draw_options one;
  kw_draw_options_init(&one, sizeof one);
  one.draws = 1;
  REFUSED(kw_fit_columns(KW_MODEL_BG_NBD, &zero_kw_summary_columns, KW_UNIT_WEEK, NULL, &model, &error));
  REFUSED(kw_draws_normal(model, KW_DRAW_METHOD_ASYMPTOTIC, &zero_kw_draw_options, &draws, &error));
  REFUSED(kw_draws_bootstrap(model, customers, &zero_kw_draw_options, &draws, &error));
  REFUSED(kw_draws_bootstrap_columns(model, &zero_kw_summary_columns, NULL, &draws, &error));
  CHECK_STATUS(KW_OK, kw_draws_bootstrap(model, customers, &one, &draws, &error));
  REFUSED(kw_draws_report(draws, &zero_kw_draw_report, &error));
  REFUSED(kw_intervals(draws, 2, 0.9, &zero_kw_predict_options, customers, out, NULL, NULL, 3, &error));
  REFUSED(kw_intervals_columns(draws, 2, 0.9, NULL, &zero_kw_summary_columns, out, NULL, NULL, 3, &error));
  REFUSED(kw_predicted_purchases(draws, 0.9, &zero_kw_predict_options, customers, out, NULL, NULL, 3, &error));
  REFUSED(kw_lifetime_value_intervals(draws, draws, 1, 1, 0.9, &zero_kw_lifetime_value_options, customers, out, NULL,
                                      NULL, 3, &error));
  kw_draws_free(draws);
  REFUSED(kw_classify_abc(T, 3, &zero_kw_abc_options, classes, 3, NULL, &error));
  REFUSED(kw_classify_abc(T, 3, NULL, classes, 3, &zero_kw_abc_result, &error));
  REFUSED(kw_classify_rfm(&zero_kw_rfm_columns, NULL, NULL, NULL, NULL, 0, NULL, &error));
  kw_rfm_columns columns;
  kw_rfm_columns_init(&columns, sizeof columns);
  REFUSED(kw_classify_rfm(&columns, &zero_kw_rfm_options, NULL, NULL, NULL, 0, NULL, &error));
  REFUSED(kw_classify_rfm(&columns, NULL, NULL, NULL, NULL, 0, &zero_kw_rfm_result, &error));
  kw_base_builder* builder = NULL;
  kw_base* base = NULL;
  kw_table table;
  REFUSED(kw_base_builder_create(&zero_kw_base_options, &builder, &error));
  CHECK_STATUS(KW_OK, kw_base_builder_create(NULL, &builder, &error));
  REFUSED(kw_base_builder_add(builder, KW_TABLE_KIND_CONTRACTS, &zero_kw_table, NULL, &error));
  kw_table_init(&table, sizeof table);
  table.reserved = 1;
  REFUSED(kw_base_builder_add(builder, KW_TABLE_KIND_CONTRACTS, &table, NULL, &error));
  table.reserved = 0;
  REFUSED(kw_base_builder_add(builder, KW_TABLE_KIND_CONTRACTS, &table, &zero_kw_table_options, &error));
  REFUSED(kw_base_builder_finish(builder, &zero_kw_base_finish_options, &base, &error));
  CHECK_STATUS(KW_OK, kw_base_builder_finish(builder, NULL, &base, &error));
  REFUSED(kw_base_describe(base, &zero_kw_base_info, &error));
  REFUSED(kw_base_report(base, KW_TABLE_KIND_CONTRACTS, &zero_kw_table_report, &error));
  kw_base_free(base);
  kw_base_builder_free(builder);
  CHECK(summary == NULL && zero_kw_log_report.rows_read == 0 && zero_kw_fit_report.outcome == 0);
  kw_model_free(model);
}

static void check_versions(const kw_summary* customers) {
  kw_model* model = NULL;
  later_fit_options later;
  later_fit_report later_report;
  kw_fit_report report;
  kw_fit_options older;

  /* Newer, all unknown fields at their default: taken; one of them set: refused. */
  kw_fit_options_init(&later.known, sizeof later);
  CHECK(later.known.struct_size == (int32_t)sizeof later && later.known.iteration_limit == 200);
  CHECK(later.unknown[0] == 0 && later.unknown[1] == 0);
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, &later.known, &model, &error));
  later.unknown[1] = 1;
  CHECK_STATUS(KW_ERROR_STRUCT_SIZE, kw_fit(KW_MODEL_BG_NBD, customers, &later.known, &model, &error));
  CHECK(error.code == KW_ERROR_STRUCT_SIZE && strcmp(error.argument, "options") == 0);

  /* A newer result: what is known is filled, the rest stays. */
  kw_fit_report_init(&later_report.known, sizeof later_report);
  later_report.unknown = 42;
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &later_report.known, &error));
  CHECK(later_report.known.outcome > 0 && later_report.known.customers == 3 && later_report.unknown == 42);
  CHECK(later_report.known.struct_size == (int32_t)sizeof later_report);

  /* Older: fields behind its end have their default and are not touched. */
  kw_fit_options_init(&older, sizeof older);
  older.struct_size = 8;
  older.iteration_limit = -1;
  kw_model_free(model);
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, &older, &model, &error));
  kw_fit_report_init(&report, 24);
  report.customers = -1;
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &report, &error));
  CHECK(report.struct_size == 24 && report.outcome > 0 && report.distinct_rows == 3 && report.customers == -1);

  /* As of version 0.1, which knows no covariates and no remark: what is behind its end is neither read nor written. */
  kw_fit_options_init(&older, sizeof older);
  older.struct_size = offsetof(kw_fit_options, covariates);
  older.covariates_length = -1;
  kw_model_free(model);
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, &older, &model, &error));
  kw_fit_report_init(&report, offsetof(kw_fit_report, log_prior));
  report.estimated = -1;
  memset(report.remark, 'x', sizeof report.remark);
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &report, &error));
  CHECK(report.estimated == -1 && report.remark[0] == 'x' && report.customers == 3);

  /* No struct has such a size. */
  older.struct_size = 7;
  CHECK_STATUS(KW_ERROR_STRUCT_SIZE, kw_fit(KW_MODEL_BG_NBD, customers, &older, &model, &error));
  older.struct_size = -8;
  CHECK_STATUS(KW_ERROR_STRUCT_SIZE, kw_fit(KW_MODEL_BG_NBD, customers, &older, &model, &error));
  older.struct_size = INT32_MAX;
  CHECK_STATUS(KW_ERROR_STRUCT_SIZE, kw_fit(KW_MODEL_BG_NBD, customers, &older, &model, &error));
  kw_model_free(model);
}

/* A longer message is cut at the end of a character; names of Arrow columns may be anything, these are not. */
static void check_text(void) {
  kw_summary_columns columns;
  kw_summary* out = NULL;
  kw_summary_columns_init(&columns, sizeof columns);
  columns.rows = 1;
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_summary_from_columns(&columns, KW_UNIT_DAY, &out, &error));
  CHECK(strcmp(error.argument, "frequency") == 0 && error.argument[31] == '\0' && error.message[223] == '\0');
}

int main(void) {
  kw_summary* customers;
  kw_error_init(&error, sizeof error);
  customers = customers_of_three();
  check_init();
  check_defaults();
  check_not_initialised(customers);
  check_versions(customers);
  check_text();
  kw_summary_free(customers);
  return end_of_checks();
}
