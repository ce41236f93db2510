/* Out of memory at every allocation of a small run from transactions to classes, to a customer base and its overview.
 * Each call then fails with KW_ERROR_OUT_OF_MEMORY or gets along without; nothing is lost, nothing is changed, and the
 * same call made again gives what it gives without the failure. Needs glibc and no sanitizer, which have allocators of
 * their own.
 */
#include "allocations.h"
#include "arrow.h"

#if !defined(HAS_ALLOCATIONS)

int main(void) { return skip_without_allocations(); }

#else

#define ROWS 46
#define CUSTOMERS 12

typedef struct results {
  double parameters[4];
  double covariance[16];
  double alive[CUSTOMERS];
  double value[CUSTOMERS];
  int32_t classes[CUSTOMERS];
  int32_t scores[CUSTOMERS];
  int64_t rows[8];
  int64_t outcome;
  double equity;
} results;

typedef struct input {
  int64_t customer_id[ROWS];
  int64_t offsets[ROWS + 1];
  char text[ROWS * 2];
  int32_t date[ROWS];
  double amount[ROWS];
} input;

/* Purchases of customers that differ in how often they buy and in when they stop, so that BG/NBD has a maximum. */
static void fill(input* in) {
  static const int purchases[CUSTOMERS] = {4, 2, 2, 4, 3, 11, 1, 1, 2, 2, 11, 3};
  static const int days_between[CUSTOMERS] = {20, 4, 1, 2, 26, 27, 1, 1, 40, 31, 11, 16};
  int row = 0;
  for (int customer = 0; customer < CUSTOMERS; ++customer) {
    for (int i = 0; i < purchases[customer]; ++i, ++row) {
      in->customer_id[row] = customer;
      in->text[2 * row] = 'c';
      in->text[2 * row + 1] = (char)('a' + customer);
      in->offsets[row] = 2 * row;
      in->date[row] = customer + i * days_between[customer];
      in->amount[row] = 10 + row * 7 % 13 + customer;
    }
  }
  in->offsets[ROWS] = 2 * ROWS;
}

static kw_summary* text_customers(const input* in, int64_t* rows) {
  kw_accumulator *accumulator = NULL, *other = NULL;
  kw_summary* customers = NULL;
  kw_transactions batch;
  kw_log_report report;
  WITH_RETRY(kw_accumulator_create(NULL, &accumulator, &error));
  WITH_RETRY(kw_accumulator_create(NULL, &other, &error));
  kw_transactions_init(&batch, sizeof batch);
  batch.rows = ROWS / 2;
  batch.customer_id_text = in->text;
  batch.customer_id_offsets = in->offsets;
  batch.date = in->date;
  batch.amount = in->amount;
  WITH_RETRY(kw_accumulator_add(accumulator, &batch, &error));
  batch.customer_id_offsets += ROWS / 2;
  batch.date += ROWS / 2;
  batch.amount += ROWS / 2;
  WITH_RETRY(kw_accumulator_add(other, &batch, &error));
  WITH_RETRY(kw_accumulator_merge(accumulator, other, &error));
  kw_log_report_init(&report, sizeof report);
  WITH_RETRY(kw_accumulator_report(accumulator, &report, &error));
  *rows = report.rows_read;
  WITH_RETRY(kw_accumulator_finish(accumulator, KW_UNIT_WEEK, 400, &customers, &error));
  kw_accumulator_free(other);
  kw_accumulator_free(accumulator);
  return customers;
}

/* Streams are consumed by a call, so each attempt has a new one. */
static kw_status add_stream(kw_accumulator* accumulator, const input* in, int64_t begin, int64_t rows) {
  log_stream source = {in->customer_id + begin, in->date + begin, in->amount + begin, rows, 7, 0, 0, 0};
  struct ArrowArrayStream stream = stream_of(&source);
  const kw_status status = kw_accumulator_add_arrow(accumulator, &stream, NULL, &error);
  CHECK(source.releases == 1 && source.batches_alive == 0);
  /* The stream of this test says "out of memory" by itself where its own allocation fails. */
  if (status == KW_ERROR_STREAM_FAILED) {
    error.code = KW_ERROR_OUT_OF_MEMORY;
    return KW_ERROR_OUT_OF_MEMORY;
  }
  return status;
}

static kw_summary* number_customers(const input* in, int32_t mode, int64_t* rows) {
  kw_accumulator_options options;
  kw_accumulator* accumulator = NULL;
  kw_summary* customers = NULL;
  kw_log_report report;
  kw_accumulator_options_init(&options, sizeof options);
  options.mode = mode;
  options.rows = KW_ROWS_COLLECT;
  options.rejected_limit = 1;
  options.currency = "EUR";
  if (mode == KW_ACCUMULATION_ORDERED) options.end = 400;
  WITH_RETRY(kw_accumulator_create(&options, &accumulator, &error));
  WITH_RETRY(add_stream(accumulator, in, 0, ROWS / 2));
  WITH_RETRY(add_stream(accumulator, in, ROWS / 2, ROWS / 2));
  kw_log_report_init(&report, sizeof report);
  WITH_RETRY(kw_accumulator_report(accumulator, &report, &error));
  *rows = report.rows_read;
  WITH_RETRY(kw_accumulator_finish(accumulator, KW_UNIT_WEEK, 400, &customers, &error));
  kw_accumulator_free(accumulator);
  return customers;
}

static kw_status round_trip(const kw_summary* customers, kw_summary** back) {
  struct ArrowArrayStream stream;
  const kw_status status = kw_summary_export_arrow(customers, &stream, &error);
  kw_status imported;
  if (status != KW_OK) return status;
  imported = kw_summary_import_arrow(&stream, 0, NULL, back, &error);
  /* The exporter reports ENOMEM through the stream. */
  if (imported == KW_ERROR_STREAM_FAILED && atomic_load(&failures) > 0) {
    error.code = KW_ERROR_OUT_OF_MEMORY;
    return KW_ERROR_OUT_OF_MEMORY;
  }
  return imported;
}

/* Purchases by a stream, the others as tables with ids, codes and dates as text. */
static kw_status add_to_base(kw_base_builder* builder, const input* in) {
  log_stream source = {in->customer_id, in->date, in->amount, ROWS, 17, 0, 0, 0};
  struct ArrowArrayStream stream = stream_of(&source);
  const kw_status status = kw_base_builder_add_arrow(builder, KW_TABLE_KIND_TRANSACTIONS, &stream, NULL, &error);
  CHECK(source.releases == 1 && source.batches_alive == 0);
  if (status == KW_ERROR_STREAM_FAILED) {
    error.code = KW_ERROR_OUT_OF_MEMORY;
    return KW_ERROR_OUT_OF_MEMORY;
  }
  return status;
}

static double equity_of(const kw_base* base) {
  struct ArrowArrayStream stream;
  kw_overview* overview = NULL;
  kw_overview_options options;
  kw_headline headline;
  double value[CUSTOMERS];
  kw_overview_options_init(&options, sizeof options);
  options.model = KW_MODEL_BG_NBD;
  options.annual_retention_rate = 0.8;
  WITH_RETRY(
      kw_overview_create(base, 400, KW_UNIT_WEEK, 10, 0.1, KW_CONVENTION_MID_PERIOD, &options, &overview, &error));
  kw_headline_init(&headline, sizeof headline);
  WITH_RETRY(kw_overview_headline(overview, &headline, &error));
  WITH_RETRY(kw_overview_copy_column(overview, KW_OVERVIEW_COLUMN_LIFETIME_VALUE, value, CUSTOMERS, &error));
  WITH_RETRY(kw_overview_export_arrow(overview, &stream, &error));
  stream.release(&stream);
  kw_overview_free(overview);
  return headline.customer_equity.value;
}

static void customer_base(const input* in, int64_t* rows, double* equity) {
  static const char renewals[] = "autoMANUAL", dates[] = "1970-06-011970-07-01";
  static const int64_t renewal_offsets[] = {0, 4, 10}, date_offsets[] = {0, 10, 20};
  kw_base_builder* builder = NULL;
  kw_base* base = NULL;
  kw_table table;
  kw_table_options options;
  kw_table_report report;
  kw_table_column columns[3];
  kw_column_name name = {"start", "begin"};
  memset(columns, 0, sizeof columns);
  columns[0].name = "client";
  columns[0].type = KW_COLUMN_TYPE_INT64;
  columns[0].values = in->customer_id + 3;
  columns[1].name = "begin";
  columns[1].type = KW_COLUMN_TYPE_TEXT;
  columns[1].values = dates;
  columns[1].offsets = date_offsets;
  columns[2].name = "renewal";
  columns[2].type = KW_COLUMN_TYPE_TEXT;
  columns[2].values = renewals;
  columns[2].offsets = renewal_offsets;
  kw_table_init(&table, sizeof table);
  table.rows = 2;
  table.columns = columns;
  table.columns_length = 3;
  kw_table_options_init(&options, sizeof options);
  options.usual_names = 1;
  options.names = &name;
  options.names_length = 1;
  WITH_RETRY(kw_base_builder_create(NULL, &builder, &error));
  WITH_RETRY(add_to_base(builder, in));
  WITH_RETRY(kw_base_builder_add(builder, KW_TABLE_KIND_CONTRACTS, &table, &options, &error));
  WITH_RETRY(kw_base_builder_finish(builder, NULL, &base, &error));
  kw_base_builder_free(builder);
  kw_table_report_init(&report, sizeof report);
  WITH_RETRY(kw_base_report(base, KW_TABLE_KIND_TRANSACTIONS, &report, &error));
  rows[0] = report.rows_taken;
  WITH_RETRY(kw_base_report(base, KW_TABLE_KIND_CONTRACTS, &report, &error));
  rows[1] = report.rows_taken;
  rows[2] = kw_base_customers(base);
  *equity = equity_of(base);
  kw_base_free(base);
}

/* The model as it comes back from its text; the given one is freed. */
static kw_model* by_json(kw_model* model) {
  static char text[8192];
  kw_model* back = NULL;
  int64_t length = 0;
  WITH_RETRY(kw_model_to_json(model, NULL, 0, &length, &error));
  if (length > (int64_t)sizeof text) exit(1);
  WITH_RETRY(kw_model_to_json(model, text, length, NULL, &error));
  WITH_RETRY(kw_model_from_json(text, length, &back, &error));
  kw_model_free(model);
  return back;
}

static void run(const input* in, results* out) {
  kw_summary *texts = text_customers(in, &out->rows[0]), *numbers, *ordered, *back = NULL;
  kw_model *bg_nbd = NULL, *spend = NULL;
  kw_fit_report report;
  kw_predict_options predict;
  kw_rfm_columns columns;
  double rfm[3][CUSTOMERS];
  uint32_t reasons[CUSTOMERS];
  numbers = number_customers(in, KW_ACCUMULATION_EXACT, &out->rows[1]);
  ordered = number_customers(in, KW_ACCUMULATION_ORDERED, &out->rows[2]);
  WITH_RETRY(round_trip(texts, &back));
  out->rows[3] = kw_summary_rows(back);
  out->rows[4] = kw_summary_rows(ordered);
  customer_base(in, out->rows + 5, &out->equity);
  WITH_RETRY(kw_fit(KW_MODEL_BG_NBD, back, NULL, &bg_nbd, &error));
  WITH_RETRY(kw_fit(KW_MODEL_GAMMA_GAMMA, numbers, NULL, &spend, &error));
  bg_nbd = by_json(bg_nbd);
  kw_fit_report_init(&report, sizeof report);
  WITH_RETRY(kw_model_fit_report(bg_nbd, &report, &error));
  out->outcome = report.outcome;
  WITH_RETRY(kw_model_parameters(bg_nbd, out->parameters, 4, &error));
  WITH_RETRY(kw_model_covariance(bg_nbd, out->covariance, 16, &error));
  kw_predict_options_init(&predict, sizeof predict);
  predict.reasons = reasons;
  predict.reasons_length = CUSTOMERS;
  WITH_RETRY(kw_predict(bg_nbd, KW_QUANTITY_PROBABILITY_ALIVE, &predict, texts, out->alive, CUSTOMERS, &error));
  WITH_RETRY(kw_lifetime_value(bg_nbd, spend, 10, 0.1, NULL, texts, out->value, CUSTOMERS, &error));
  WITH_RETRY(kw_summary_copy_column(texts, KW_COLUMN_DAYS_SINCE_PURCHASE, rfm[0], CUSTOMERS, &error));
  WITH_RETRY(kw_summary_copy_column(texts, KW_COLUMN_PURCHASE_DAYS, rfm[1], CUSTOMERS, &error));
  WITH_RETRY(kw_summary_copy_column(texts, KW_COLUMN_REVENUE, rfm[2], CUSTOMERS, &error));
  WITH_RETRY(kw_classify_abc(rfm[2], CUSTOMERS, NULL, out->classes, CUSTOMERS, NULL, &error));
  kw_rfm_columns_init(&columns, sizeof columns);
  columns.rows = CUSTOMERS;
  columns.days_since_purchase = rfm[0];
  columns.purchase_days = rfm[1];
  columns.revenue = rfm[2];
  WITH_RETRY(kw_classify_rfm(&columns, NULL, out->scores, NULL, NULL, CUSTOMERS, NULL, &error));
  kw_model_free(spend);
  kw_model_free(bg_nbd);
  kw_summary_free(back);
  kw_summary_free(ordered);
  kw_summary_free(numbers);
  kw_summary_free(texts);
}

static input in;

static void run_all(void* out) { run(&in, out); }

int main(void) {
  static results expected, found;
  kw_error_init(&error, sizeof error);
  fill(&in);
  run_without_memory(run_all, &expected, &found, sizeof found);
  CHECK(expected.rows[0] == ROWS && expected.rows[1] == ROWS && expected.rows[3] == CUSTOMERS);
  CHECK(expected.outcome == KW_OUTCOME_CONVERGED);
  CHECK(expected.rows[5] == ROWS && expected.rows[6] == 2 && expected.rows[7] == CUSTOMERS);
  return end_of_checks();
}

#endif
