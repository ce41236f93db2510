/* A customer base into its overview: the headline adds up the rows, columns are what they are called, Arrow gives the
 * same, and what is refused. Three customers with a contract, one buyer, one prospect. */
#include "arrow.h"

#include <kundenwert.h>

#include "check.h"

#define CUSTOMERS 5
#define AS_OF 20089 /* 2025-01-01 */

static kw_error error;

static void check_error(int line, kw_status found, kw_status expected, const char* argument) {
  if (found != expected || strcmp(error.argument, argument) != 0 || error.row != KW_NO_ROW) {
    printf("line %d: %d in '%s' where %d in '%s' is expected: %s\n", line, (int)found, error.argument, (int)expected,
           argument, error.message);
    ++checks_failed;
  } else {
    ++checks_passed;
  }
  kw_error_init(&error, sizeof error);
}
#define REFUSED(code, argument, call) check_error(__LINE__, (call), (code), (argument))

static void add(kw_base_builder* builder, int32_t kind, int64_t rows, const kw_table_column* columns, int64_t length) {
  kw_table table;
  kw_table_init(&table, sizeof table);
  table.rows = rows;
  table.columns = columns;
  table.columns_length = length;
  CHECK_STATUS(KW_OK, kw_base_builder_add(builder, kind, &table, NULL, &error));
}

static kw_base* five_customers(void) {
  static const int64_t ids[] = {1, 2, 3, 4, 5};
  static const int32_t created[] = {19000, 19000, 19000, 19000, 20000};
  static const int64_t buyer[] = {4, 4};
  static const int32_t bought[] = {AS_OF - 40, AS_OF - 3};
  static const double spent[] = {20, 35.5}, cost[] = {10, 17.75};
  static const int64_t signers[] = {1, 2, 3};
  static const int32_t starts[] = {AS_OF - 800, AS_OF - 500, AS_OF - 500};
  /* The third one ended half a year ago; the second one is to end in ninety days. */
  static const int32_t ends[] = {0, AS_OF + 90, AS_OF - 180}, notices[] = {0, AS_OF - 9, AS_OF - 200};
  static const uint8_t last_two[] = {6};
  static const double amounts[] = {10, 24, 7};
  const kw_table_column customers[] = {{"customer_id", KW_COLUMN_TYPE_INT64, 0, ids, NULL, NULL},
                                       {"created", KW_COLUMN_TYPE_INT32, 0, created, NULL, NULL}};
  const kw_table_column transactions[] = {{"customer_id", KW_COLUMN_TYPE_INT64, 0, buyer, NULL, NULL},
                                          {"date", KW_COLUMN_TYPE_INT32, 0, bought, NULL, NULL},
                                          {"amount", KW_COLUMN_TYPE_FLOAT64, 0, spent, NULL, NULL},
                                          {"variable_cost", KW_COLUMN_TYPE_FLOAT64, 0, cost, NULL, NULL}};
  const kw_table_column contracts[] = {{"customer_id", KW_COLUMN_TYPE_INT64, 0, signers, NULL, NULL},
                                       {"start", KW_COLUMN_TYPE_INT32, 0, starts, NULL, NULL},
                                       {"end", KW_COLUMN_TYPE_INT32, 0, ends, NULL, last_two},
                                       {"notice", KW_COLUMN_TYPE_INT32, 0, notices, NULL, last_two},
                                       {"recurring_amount", KW_COLUMN_TYPE_FLOAT64, 0, amounts, NULL, NULL}};
  kw_base_builder* builder = NULL;
  kw_base* base = NULL;
  CHECK_STATUS(KW_OK, kw_base_builder_create(NULL, &builder, &error));
  add(builder, KW_TABLE_KIND_CUSTOMERS, CUSTOMERS, customers, 2);
  add(builder, KW_TABLE_KIND_TRANSACTIONS, 2, transactions, 4);
  add(builder, KW_TABLE_KIND_CONTRACTS, 3, contracts, 5);
  CHECK_STATUS(KW_OK, kw_base_builder_finish(builder, NULL, &base, &error));
  kw_base_builder_free(builder);
  return base;
}

static kw_overview* overview_of(const kw_base* base, const kw_overview_options* options) {
  kw_overview* out = NULL;
  CHECK_STATUS(KW_OK, kw_overview_create(base, AS_OF, KW_UNIT_MONTH, 12, 0.1, KW_CONVENTION_FIRST_MARGIN_NOW, options,
                                         &out, &error));
  return out;
}

static void check_headline(const kw_overview* overview) {
  kw_headline h;
  kw_phase_total totals[10];
  double value[CUSTOMERS], revenue[CUSTOMERS], equity = 0, earned = 0;
  int32_t phase[CUSTOMERS], kind[CUSTOMERS], reasons[CUSTOMERS], days[CUSTOMERS];
  kw_headline_init(&h, sizeof h);
  CHECK_STATUS(KW_OK, kw_overview_headline(overview, &h, &error));
  CHECK(kw_overview_rows(overview) == CUSTOMERS);
  CHECK_STATUS(KW_OK, kw_overview_copy_column(overview, KW_OVERVIEW_COLUMN_LIFETIME_VALUE, value, CUSTOMERS, &error));
  CHECK_STATUS(KW_OK, kw_overview_copy_column(overview, KW_OVERVIEW_COLUMN_REVENUE, revenue, CUSTOMERS, &error));
  CHECK_STATUS(KW_OK, kw_overview_copy_codes(overview, KW_OVERVIEW_COLUMN_PHASE, phase, CUSTOMERS, &error));
  CHECK_STATUS(KW_OK, kw_overview_copy_codes(overview, KW_OVERVIEW_COLUMN_KIND, kind, CUSTOMERS, &error));
  CHECK_STATUS(KW_OK, kw_overview_copy_codes(overview, KW_OVERVIEW_COLUMN_VALUE_REASONS, reasons, CUSTOMERS, &error));
  CHECK_STATUS(KW_OK, kw_overview_copy_codes(overview, KW_OVERVIEW_COLUMN_PURCHASE_DAYS, days, CUSTOMERS, &error));
  for (int i = 0; i < CUSTOMERS; ++i) {
    CHECK(isnan(value[i]) == (reasons[i] != 0));
    if (!isnan(value[i])) equity += value[i];
    earned += revenue[i];
  }
  CHECK(phase[0] == KW_PHASE_MATURE && phase[1] == KW_PHASE_ENDANGERED && phase[2] == KW_PHASE_LOST);
  CHECK(phase[3] == KW_PHASE_NEW && phase[4] == KW_PHASE_PROSPECT);
  CHECK(strcmp(kw_code_name(KW_TABLE_PHASE, phase[3]), "new") == 0);
  CHECK(kind[4] == KW_CUSTOMER_KIND_POTENTIAL && kind[2] == KW_CUSTOMER_KIND_LOST);
  CHECK(reasons[2] == KW_REASON_NO_CURRENT_CUSTOMER && reasons[3] == KW_REASON_NO_MODEL);
  CHECK(days[3] == 2 && days[0] == 0);
  CHECK(h.customers == 5 && h.potential == 1 && h.current == 3 && h.lost == 1);
  CHECK(is_near(h.customer_equity.value, equity, 1e-15) && h.customer_equity.valued == 2);
  CHECK(h.value_at_risk.value == value[1] && h.value_at_risk.customers == 1);
  CHECK(h.revenue == earned);
  CHECK(h.money_basis == KW_MONEY_BASIS_MARGIN_RECORDS && h.margin_rate == 0.5);
  CHECK(h.service_cost_rate == 0 && h.care_cost_rate == 0);
  /* Three had a contract a year before, two have one. */
  CHECK(h.contract_retention.at_start == 3 && h.contract_retention.retained == 2);
  CHECK(h.annual_retention_rate == h.contract_retention.rate && is_near(h.annual_retention_rate, 2.0 / 3, 1e-15));
  CHECK(h.retention.at_start == 3 && h.retention.retained == 2 && h.retention.joined == 1);
  CHECK(h.retention.from == AS_OF - 366 && h.retention.to == AS_OF);
  CHECK(h.valued_by_contract == 2 && h.valued_by_purchases == 0 && h.spend_basis == 0);
  CHECK(h.model == 0 && h.chosen == -1 && h.models == 4 && h.spend_model == 3);
  CHECK(h.a.count + h.b.count + h.c.count == 4 && h.revenue_concentration.customers == 4);
  CHECK(h.value_concentration.customers == 2);
  /* Twelve payments of 10, each worth half: B1.2 with r = 2/3 and d = 0.1 a year. */
  const double q = pow(2.0 / 3 / 1.1, 1.0 / 12);
  CHECK(is_near(value[0], 0.5 * 10 * (1 - pow(q, 12)) / (1 - q), 1e-13));

  CHECK(kw_code_count(KW_TABLE_PHASE) == 10);
  CHECK_STATUS(KW_OK, kw_overview_phase_totals(overview, totals, 10, &error));
  int64_t customers = 0;
  for (int i = 0; i < 10; ++i) {
    CHECK(totals[i].phase == kw_code_at(KW_TABLE_PHASE, i));
    customers += totals[i].customers;
  }
  CHECK(customers == h.customers);
}

/* Every column both ways. */
static void check_columns(const kw_overview* overview) {
  for (int64_t at = 0; at < kw_code_count(KW_TABLE_OVERVIEW_COLUMN); ++at) {
    const int32_t column = kw_code_at(KW_TABLE_OVERVIEW_COLUMN, at);
    double numbers[CUSTOMERS];
    int32_t codes[CUSTOMERS];
    CHECK_STATUS(KW_OK, kw_overview_copy_column(overview, column, numbers, CUSTOMERS, &error));
    if (kw_overview_copy_codes(overview, column, codes, CUSTOMERS, NULL) != KW_OK) {
      REFUSED(KW_ERROR_WRONG_TYPE, "column", kw_overview_copy_codes(overview, column, codes, CUSTOMERS, &error));
      continue;
    }
    for (int i = 0; i < CUSTOMERS; ++i) {
      CHECK(isnan(numbers[i]) ? codes[i] == 0 || codes[i] == KW_NO_DAY : numbers[i] == codes[i]);
    }
  }
  double first[CUSTOMERS], risks[CUSTOMERS];
  CHECK_STATUS(KW_OK, kw_overview_copy_column(overview, KW_OVERVIEW_COLUMN_FIRST_PURCHASE, first, CUSTOMERS, &error));
  CHECK(isnan(first[0]) && first[3] == AS_OF - 40);
  CHECK_STATUS(KW_OK, kw_overview_copy_column(overview, KW_OVERVIEW_COLUMN_RISKS, risks, CUSTOMERS, &error));
  CHECK(risks[0] == 0 && risks[1] == KW_RISK_CANCELLATION_NOTICE);
}

static void check_models(const kw_overview* overview) {
  kw_model* model = NULL;
  CHECK_STATUS(KW_OK, kw_overview_model(overview, 3, &model, &error));
  CHECK(kw_model_kind(model) == KW_MODEL_GAMMA_GAMMA);
  kw_model_free(model);
  REFUSED(KW_ERROR_DOMAIN, "index", kw_overview_model(overview, 4, &model, &error));
  REFUSED(KW_ERROR_DOMAIN, "index", kw_overview_model(overview, -1, &model, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", kw_overview_model(overview, 0, NULL, &error));
}

static void check_arrow(kw_overview* overview) {
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;
  struct ArrowArray batch;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", kw_overview_export_arrow(overview, NULL, &error));
  CHECK_STATUS(KW_OK, kw_overview_export_arrow(overview, &stream, &error));
  kw_overview_free(overview); /* the stream outlives it */
  CHECK(stream.get_schema(&stream, &schema) == 0);
  CHECK(stream.get_next(&stream, &batch) == 0);
  stream.release(&stream);
  CHECK(schema.n_children == 21 && batch.length == CUSTOMERS);
  CHECK(strcmp(schema.children[0]->name, "customer_id") == 0);
  CHECK(((const int64_t*)batch.children[0]->buffers[1])[4] == 5);
  schema.release(&schema);
  batch.release(&batch);
}

static void check_measures(void) {
  int32_t found[KW_MOST_MEASURES];
  int64_t count = 0;
  CHECK_STATUS(KW_OK, kw_recommended_measures(KW_PHASE_LOST, 0, found, KW_MOST_MEASURES, &count, &error));
  CHECK(count == 3 && found[0] == KW_MEASURE_DEFECTION_INTERVIEW && found[1] == KW_MEASURE_WIN_BACK_OFFER);
  CHECK_STATUS(KW_OK, kw_recommended_measures(KW_PHASE_LOST, KW_SUPPRESSION_NO_CONSENT, found, KW_MOST_MEASURES, &count,
                                              &error));
  CHECK(count == 1);
  CHECK_STATUS(
      KW_OK, kw_recommended_measures(KW_PHASE_LOST, KW_SUPPRESSION_EXCLUDED, found, KW_MOST_MEASURES, &count, &error));
  CHECK(count == 0);
  REFUSED(KW_ERROR_UNKNOWN_CODE, "phase", kw_recommended_measures(99, 0, found, KW_MOST_MEASURES, &count, &error));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "suppressed",
          kw_recommended_measures(KW_PHASE_LOST, 64, found, KW_MOST_MEASURES, &count, &error));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out", kw_recommended_measures(KW_PHASE_LOST, 0, found, 3, &count, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "count",
          kw_recommended_measures(KW_PHASE_LOST, 0, found, KW_MOST_MEASURES, NULL, &error));
}

static int32_t stop(void* context, double done) {
  *(double*)context = done;
  return 1;
}

static void check_refused(const kw_base* base) {
  kw_overview* out = NULL;
  kw_overview_options options;
  kw_phase_parameters phases;
  kw_abc_options abc;
  double told = -1;
  uint32_t reasons[CUSTOMERS];
  const int32_t now = KW_CONVENTION_FIRST_MARGIN_NOW;
#define CREATE(as_of, unit, horizon, rate, convention, given) \
  kw_overview_create(base, (as_of), (unit), (horizon), (rate), (convention), (given), &out, &error)
  REFUSED(KW_ERROR_NULL_ARGUMENT, "base",
          kw_overview_create(NULL, AS_OF, KW_UNIT_MONTH, 12, 0.1, now, NULL, &out, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out",
          kw_overview_create(base, AS_OF, KW_UNIT_MONTH, 12, 0.1, now, NULL, NULL, &error));
  REFUSED(KW_ERROR_MISSING, "as_of", CREATE(KW_NO_DAY, KW_UNIT_MONTH, 12, 0.1, now, NULL));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "unit", CREATE(AS_OF, 0, 12, 0.1, now, NULL));
  REFUSED(KW_ERROR_SIGN, "horizon", CREATE(AS_OF, KW_UNIT_MONTH, 0, 0.1, now, NULL));
  REFUSED(KW_ERROR_MISSING, "annual_discount_rate", CREATE(AS_OF, KW_UNIT_MONTH, 12, NAN, now, NULL));
  REFUSED(KW_ERROR_MISSING, "convention", CREATE(AS_OF, KW_UNIT_MONTH, 12, 0.1, 0, NULL));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "convention", CREATE(AS_OF, KW_UNIT_MONTH, 12, 0.1, 99, NULL));

  kw_overview_options_init(&options, sizeof options);
  CHECK(isnan(options.margin_rate) && isnan(options.annual_retention_rate) && options.start == KW_NO_DAY);
  options.margin_rate = 2;
  REFUSED(KW_ERROR_DOMAIN, "margin_rate", CREATE(AS_OF, KW_UNIT_MONTH, 12, 0.1, now, &options));
  options.margin_rate = 0.5;
  options.model = KW_MODEL_GAMMA_GAMMA;
  REFUSED(KW_ERROR_UNSUPPORTED, "model", CREATE(AS_OF, KW_UNIT_MONTH, 12, 0.1, now, &options));
  options.model = 0;
  options.threads = -1;
  REFUSED(KW_ERROR_DOMAIN, "threads", CREATE(AS_OF, KW_UNIT_MONTH, 12, 0.1, now, &options));
  options.threads = 0;
  kw_phase_parameters_init(&phases, sizeof phases);
  CHECK(phases.new_window == 90 && phases.contract_gap == 30 && phases.growth_ratio == 1.10);
  phases.lost_factor = 0;
  options.phases = &phases;
  REFUSED(KW_ERROR_SIGN, "lost_factor", CREATE(AS_OF, KW_UNIT_MONTH, 12, 0.1, now, &options));
  phases.struct_size = 0;
  REFUSED(KW_ERROR_STRUCT_SIZE, "phases", CREATE(AS_OF, KW_UNIT_MONTH, 12, 0.1, now, &options));
  options.phases = NULL;
  kw_abc_options_init(&abc, sizeof abc);
  abc.reasons = reasons;
  abc.reasons_length = CUSTOMERS;
  options.abc = &abc;
  REFUSED(KW_ERROR_UNSUPPORTED, "abc", CREATE(AS_OF, KW_UNIT_MONTH, 12, 0.1, now, &options));
  options.abc = NULL;
  options.progress = stop;
  options.progress_context = &told;
  REFUSED(KW_ERROR_CANCELLED, "progress", CREATE(AS_OF, KW_UNIT_MONTH, 12, 0.1, now, &options));
  CHECK(told > 0 && told < 1);
  CHECK(out == NULL);
}

static void check_refused_reading(const kw_overview* overview) {
  double numbers[CUSTOMERS];
  int32_t codes[CUSTOMERS];
  kw_phase_total totals[1];
  kw_headline h;
  memset(&h, 0, sizeof h);
  REFUSED(KW_ERROR_STRUCT_SIZE, "out", kw_overview_headline(overview, &h, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "overview", kw_overview_headline(NULL, &h, &error));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out", kw_overview_phase_totals(overview, totals, 1, &error));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "column", kw_overview_copy_column(overview, 0, numbers, CUSTOMERS, &error));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "column", kw_overview_copy_codes(overview, 99, codes, CUSTOMERS, &error));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out",
          kw_overview_copy_column(overview, KW_OVERVIEW_COLUMN_REVENUE, numbers, 1, &error));
  CHECK(kw_overview_rows(NULL) == 0);
  kw_overview_free(NULL);
}

int main(void) {
  kw_error_init(&error, sizeof error);
  kw_base* base = five_customers();
  kw_overview* overview = overview_of(base, NULL);
  check_refused(base);
  kw_base_free(base); /* the overview does not need it */
  check_headline(overview);
  check_columns(overview);
  check_models(overview);
  check_refused_reading(overview);
  check_measures();
  check_arrow(overview);
  return end_of_checks();
}
