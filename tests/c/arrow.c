/* Arrow streams in and out: the same summary as through columns, released once, taken as a whole or not at all. */
#include "arrow.h"

#include <kundenwert.h>

#include "check.h"

static kw_error error;

static kw_accumulator* new_accumulator(int32_t mode) {
  kw_accumulator* out = NULL;
  kw_accumulator_options options;
  kw_accumulator_options_init(&options, sizeof options);
  options.mode = mode;
  if (mode == KW_ACCUMULATION_ORDERED) options.end = CDNOW_END;
  CHECK_STATUS(KW_OK, kw_accumulator_create(&options, &out, &error));
  return out;
}

static int64_t rows_read(const kw_accumulator* accumulator) {
  kw_log_report report;
  kw_log_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_accumulator_report(accumulator, &report, &error));
  return report.rows_read;
}

static kw_summary* finished(kw_accumulator* accumulator) {
  kw_summary* out = NULL;
  CHECK_STATUS(KW_OK, kw_accumulator_finish(accumulator, KW_UNIT_WEEK, CDNOW_END, &out, &error));
  kw_accumulator_free(accumulator);
  return out;
}

static void check_same(const kw_summary* a, const kw_summary* b) {
  static double x[2357], y[2357];
  static int64_t i[2357], j[2357];
  CHECK(kw_summary_rows(a) == 2357 && kw_summary_rows(b) == 2357);
  for (int32_t column = 1; column <= kw_code_count(KW_TABLE_COLUMN); ++column) {
    CHECK(kw_summary_has_column(a, column) == kw_summary_has_column(b, column));
    if (!kw_summary_has_column(a, column)) continue;
    CHECK_STATUS(KW_OK, kw_summary_copy_column(a, column, x, 2357, &error));
    CHECK_STATUS(KW_OK, kw_summary_copy_column(b, column, y, 2357, &error));
    CHECK(memcmp(x, y, sizeof x) == 0);
  }
  CHECK_STATUS(KW_OK, kw_summary_copy_ids(a, i, 2357, &error));
  CHECK_STATUS(KW_OK, kw_summary_copy_ids(b, j, 2357, &error));
  CHECK(memcmp(i, j, sizeof i) == 0);
}

static kw_summary* summary_through_columns(const cdnow_log* log) {
  kw_accumulator* accumulator = new_accumulator(KW_ACCUMULATION_EXACT);
  kw_transactions batch;
  kw_transactions_init(&batch, sizeof batch);
  batch.rows = log->rows;
  batch.customer_id = log->customer_id;
  batch.date = log->date;
  batch.amount = log->amount;
  CHECK_STATUS(KW_OK, kw_accumulator_add(accumulator, &batch, &error));
  return finished(accumulator);
}

static log_stream part_of(const cdnow_log* log, int64_t begin, int64_t rows, int64_t batch_rows) {
  log_stream out = {log->customer_id + begin, log->date + begin, log->amount + begin, rows, batch_rows, 0, 0, 0};
  return out;
}

/* In one stream, in two, in ordered mode. */
static void check_transactions(const cdnow_log* log, const kw_summary* expected) {
  for (int32_t mode = KW_ACCUMULATION_EXACT; mode <= KW_ACCUMULATION_ORDERED; ++mode) {
    for (int64_t first = 0; first <= 5000; first += 5000) {
      kw_accumulator* accumulator = new_accumulator(mode);
      log_stream head = part_of(log, 0, first, 700), tail = part_of(log, first, log->rows - first, 700);
      struct ArrowArrayStream stream = stream_of(&head);
      kw_summary* customers;
      CHECK_STATUS(KW_OK, kw_accumulator_add_arrow(accumulator, &stream, NULL, &error));
      stream = stream_of(&tail);
      CHECK_STATUS(KW_OK, kw_accumulator_add_arrow(accumulator, &stream, NULL, &error));
      CHECK(stream.release == NULL && tail.releases == 1 && tail.batches_alive == 0);
      CHECK(rows_read(accumulator) == CDNOW_ROWS);
      customers = finished(accumulator);
      check_same(customers, expected);
      kw_summary_free(customers);
    }
  }
}

/* A bad row in the last batch: none of the batches is taken, and the row is counted over everything before. */
static void check_all_or_nothing(const cdnow_log* log) {
  static double amount[CDNOW_ROWS];
  memcpy(amount, log->amount, sizeof amount);
  amount[6900] = NAN;
  for (int32_t mode = KW_ACCUMULATION_EXACT; mode <= KW_ACCUMULATION_ORDERED; ++mode) {
    for (int64_t first = 0; first <= 5000; first += 5000) {
      kw_accumulator* accumulator = new_accumulator(mode);
      log_stream head = part_of(log, 0, first, 700), tail = part_of(log, first, log->rows - first, 700);
      struct ArrowArrayStream stream = stream_of(&head);
      tail.amount = amount + first;
      CHECK_STATUS(KW_OK, kw_accumulator_add_arrow(accumulator, &stream, NULL, &error));
      stream = stream_of(&tail);
      CHECK_STATUS(KW_ERROR_MISSING, kw_accumulator_add_arrow(accumulator, &stream, NULL, &error));
      CHECK(strcmp(error.argument, "amount") == 0 && error.row == 6900);
      CHECK(stream.release == NULL && tail.releases == 1 && tail.batches_alive == 0);
      CHECK(rows_read(accumulator) == first);
      kw_accumulator_free(accumulator);
    }
  }
}

static void check_mistakes(const cdnow_log* log) {
  kw_accumulator* accumulator = new_accumulator(KW_ACCUMULATION_EXACT);
  kw_transaction_names names;
  log_stream source = part_of(log, 0, 100, 50);
  struct ArrowArrayStream stream = stream_of(&source);
  kw_summary* customers = NULL;
  kw_transaction_names_init(&names, sizeof names);
  names.date = "day";
  CHECK_STATUS(KW_ERROR_COLUMN_MISSING, kw_accumulator_add_arrow(accumulator, &stream, &names, &error));
  CHECK(source.releases == 1);
  stream = stream_of(&source);
  names.date = NULL;
  names.amount = "";
  CHECK_STATUS(KW_OK, kw_accumulator_add_arrow(accumulator, &stream, &names, &error));
  stream = stream_of(&source);
  CHECK_STATUS(KW_ERROR_COLUMN_MISSING, kw_accumulator_add_arrow(accumulator, &stream, NULL, &error));
  CHECK(strcmp(error.argument, "amount") == 0 && rows_read(accumulator) == 100);
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_accumulator_add_arrow(accumulator, NULL, NULL, &error));
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_accumulator_add_arrow(accumulator, &stream, NULL, &error));
  /* The stream is released whatever else is wrong. */
  source.releases = 0;
  stream = stream_of(&source);
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_accumulator_add_arrow(NULL, &stream, NULL, &error));
  stream = stream_of(&source);
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_summary_import_arrow(&stream, 0, NULL, NULL, &error));
  stream = stream_of(&source);
  CHECK_STATUS(KW_ERROR_COLUMN_MISSING, kw_summary_import_arrow(&stream, KW_UNIT_DAY, NULL, &customers, &error));
  stream = stream_of(&source);
  CHECK_STATUS(KW_ERROR_MISSING, kw_summary_import_arrow(&stream, 0, NULL, &customers, &error));
  stream = stream_of(&source);
  error.struct_size = 0;
  CHECK_STATUS(KW_ERROR_STRUCT_SIZE, kw_summary_import_arrow(&stream, 0, NULL, &customers, &error));
  kw_error_init(&error, sizeof error);
  CHECK(source.releases == 5 && stream.release == NULL && customers == NULL);
  kw_accumulator_free(accumulator);
}

/* Out and in again; the stream outlives the summary it came from. */
static void check_summary(const cdnow_log* log, const kw_summary* expected) {
  kw_summary *source = summary_through_columns(log), *back = NULL;
  struct ArrowArrayStream stream, other;
  kw_summary_info info;
  CHECK_STATUS(KW_OK, kw_summary_export_arrow(source, &stream, &error));
  CHECK_STATUS(KW_OK, kw_summary_export_arrow(source, &other, &error));
  kw_summary_free(source);
  CHECK_STATUS(KW_OK, kw_summary_import_arrow(&stream, 0, NULL, &back, &error));
  CHECK(stream.release == NULL);
  check_same(back, expected);
  kw_summary_info_init(&info, sizeof info);
  CHECK_STATUS(KW_OK, kw_summary_describe(back, &info, &error));
  CHECK(info.unit == KW_UNIT_WEEK && info.end == CDNOW_END && info.start == KW_NO_DAY);
  kw_summary_free(back);
  back = NULL;
  CHECK_STATUS(KW_ERROR_UNIT_MISMATCH, kw_summary_import_arrow(&other, KW_UNIT_DAY, NULL, &back, &error));
  CHECK(back == NULL && other.release == NULL);
  /* A stream that nobody reads. */
  CHECK_STATUS(KW_OK, kw_summary_export_arrow(expected, &stream, &error));
  stream.release(&stream);
  CHECK(stream.release == NULL);
}

int main(void) {
  cdnow_log* log = read_cdnow();
  kw_summary* expected;
  kw_error_init(&error, sizeof error);
  expected = summary_through_columns(log);
  check_transactions(log, expected);
  check_all_or_nothing(log);
  check_mistakes(log);
  check_summary(log, expected);
  kw_summary_free(expected);
  free(log);
  return end_of_checks();
}
