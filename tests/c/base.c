/* Tables of every kind into a customer base: what is read, what is refused and how it is named, what is told. */
#include "arrow.h"

#include <kundenwert.h>

#include "check.h"

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

#define MOST_COLUMNS 8

/* A table that is put together column by column. */
typedef struct batch {
  kw_table table;
  kw_table_column columns[MOST_COLUMNS];
} batch;

static void start(batch* b, int64_t rows) {
  memset(b->columns, 0, sizeof b->columns);
  kw_table_init(&b->table, sizeof b->table);
  b->table.rows = rows;
  b->table.columns = b->columns;
}

static kw_table_column* column(batch* b, const char* name, int32_t type, const void* values) {
  kw_table_column* added = &b->columns[b->table.columns_length++];
  added->name = name;
  added->type = type;
  added->values = values;
  return added;
}

static kw_table_column* text_column(batch* b, const char* name, const char* bytes, const int64_t* offsets) {
  kw_table_column* added = column(b, name, KW_COLUMN_TYPE_TEXT, bytes);
  added->offsets = offsets;
  return added;
}

static const int64_t ids[] = {3, 1};
static const int32_t days[] = {19000, 19100};

static kw_base_builder* new_builder(int32_t rows) {
  kw_base_builder* builder = NULL;
  kw_base_options options;
  kw_base_options_init(&options, sizeof options);
  options.rows = rows;
  options.rejected_limit = 1;
  CHECK_STATUS(KW_OK, kw_base_builder_create(&options, &builder, &error));
  return builder;
}

static batch two_contracts(void) {
  batch b;
  start(&b, 2);
  column(&b, "customer_id", KW_COLUMN_TYPE_INT64, ids);
  column(&b, "start", KW_COLUMN_TYPE_INT32, days);
  b.table.columns = NULL; /* the caller's copy has columns of its own */
  return b;
}
#define CONTRACTS(b) ((b) = two_contracts(), (b).table.columns = (b).columns)

static void check_names(void) {
  CHECK(strcmp(kw_code_name(KW_TABLE_TABLE_KIND, KW_TABLE_KIND_CONTRACTS), "contracts") == 0);
  CHECK(strcmp(kw_code_name(KW_TABLE_CONTRACTS_FIELD, KW_CONTRACTS_FIELD_PLANNED_END), "planned_end") == 0);
  CHECK(strcmp(kw_code_name(KW_TABLE_CONTRACTS_RENEWAL, KW_CONTRACTS_RENEWAL_AUTOMATIC), "automatic") == 0);
  CHECK(strcmp(kw_code_name(KW_TABLE_CONTACTS_DIRECTION, KW_CONTACTS_DIRECTION_IN), "in") == 0);
  CHECK(kw_code_count(KW_TABLE_COSTS_FIELD) == 5);
  CHECK(kw_code_count(KW_TABLE_CONTRACTS_FIELD + 1) == 0); /* contract_id has no codes */
  CHECK(kw_code_name(KW_TABLE_COSTS_HEAD, 99) == NULL);
}

/* Every kind of table, every type of column, and what the base knows afterwards. */
static void check_every_kind(void) {
  static const int64_t cents[] = {12000, -3000};
  static const int64_t two_offsets[] = {0, 10, 20}, code_offsets[] = {0, 4, 10}, name_offsets[] = {0, 0, 5};
  static const int32_t kinds[] = {KW_COMPLAINTS_KIND_CLAIM, 0}, head[] = {KW_COSTS_HEAD_ACQUISITION, 2};
  static const double costs[] = {66, -16.5}, amounts[] = {40, 15};
  static const uint8_t first_only[] = {1};
  kw_base_builder* builder = new_builder(KW_ROWS_STRICT);
  kw_base* base = NULL;
  kw_base_info info;
  kw_table_report report;
  int64_t found[2];
  batch b;

  start(&b, 2);
  column(&b, "customer_id", KW_COLUMN_TYPE_INT64, ids);
  column(&b, "created", KW_COLUMN_TYPE_INT32, days);
  text_column(&b, "name", "Meyer", name_offsets)->validity = first_only;
  text_column(&b, "consent", "yes       opted out ", two_offsets);
  CHECK_STATUS(KW_OK, kw_base_builder_add(builder, KW_TABLE_KIND_CUSTOMERS, &b.table, NULL, &error));

  start(&b, 2);
  column(&b, "customer_id", KW_COLUMN_TYPE_INT64, ids);
  text_column(&b, "date", "2024-02-292024-03-01", two_offsets);
  column(&b, "amount", KW_COLUMN_TYPE_INT64, cents)->exponent = 2;
  column(&b, "variable_cost", KW_COLUMN_TYPE_FLOAT64, costs);
  CHECK_STATUS(KW_OK, kw_base_builder_add(builder, KW_TABLE_KIND_TRANSACTIONS, &b.table, NULL, &error));

  CONTRACTS(b);
  text_column(&b, "renewal", "AUTOmanual", code_offsets);
  CHECK_STATUS(KW_OK, kw_base_builder_add(builder, KW_TABLE_KIND_CONTRACTS, &b.table, NULL, &error));

  start(&b, 2);
  column(&b, "customer_id", KW_COLUMN_TYPE_INT64, ids);
  column(&b, "date", KW_COLUMN_TYPE_INT32, days);
  CHECK_STATUS(KW_OK, kw_base_builder_add(builder, KW_TABLE_KIND_CONTACTS, &b.table, NULL, &error));

  start(&b, 2);
  column(&b, "customer_id", KW_COLUMN_TYPE_INT64, ids);
  column(&b, "opened", KW_COLUMN_TYPE_INT32, days);
  column(&b, "kind", KW_COLUMN_TYPE_INT32, kinds);
  CHECK_STATUS(KW_OK, kw_base_builder_add(builder, KW_TABLE_KIND_COMPLAINTS, &b.table, NULL, &error));

  start(&b, 2);
  column(&b, "customer_id", KW_COLUMN_TYPE_INT64, ids)->validity = first_only;
  column(&b, "date", KW_COLUMN_TYPE_INT32, days);
  column(&b, "head", KW_COLUMN_TYPE_INT32, head);
  column(&b, "amount", KW_COLUMN_TYPE_FLOAT64, amounts);
  CHECK_STATUS(KW_OK, kw_base_builder_add(builder, KW_TABLE_KIND_COSTS, &b.table, NULL, &error));

  CHECK_STATUS(KW_OK, kw_base_builder_finish(builder, NULL, &base, &error));
  kw_base_builder_free(builder);
  CHECK(kw_base_customers(base) == 2);
  kw_base_info_init(&info, sizeof info);
  CHECK_STATUS(KW_OK, kw_base_describe(base, &info, &error));
  CHECK(info.customers == 2 && info.id_type == KW_ID_TYPE_NUMBER && info.has_amounts == 1 && info.has_costs == 1);
  CHECK(info.id_bytes == 0 && info.currency[0] == '\0');
  CHECK_STATUS(KW_OK, kw_base_copy_ids(base, found, 2, &error));
  CHECK(found[0] == 1 && found[1] == 3);
  REFUSED(KW_ERROR_WRONG_TYPE, "customer_id", -1, kw_base_copy_text_ids(base, NULL, 0, found, 3, &error));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out", -1, kw_base_copy_ids(base, found, 1, &error));
  kw_table_report_init(&report, sizeof report);
  for (int32_t kind = KW_TABLE_KIND_CUSTOMERS; kind <= KW_TABLE_KIND_COSTS; ++kind) {
    CHECK_STATUS(KW_OK, kw_base_report(base, kind, &report, &error));
    CHECK(report.rows_read == 2 && report.rows_taken == 2 && report.rows_rejected == 0 && report.warnings == 0);
  }
  REFUSED(KW_ERROR_UNKNOWN_CODE, "kind", -1, kw_base_report(base, 0, &report, &error));
  kw_base_free(base);
}

/* Of the table itself. */
static void check_tables(void) {
  static const int64_t falling[] = {0, 4, 2};
  static const double numbers[] = {1, 2};
  kw_base_builder* builder = new_builder(KW_ROWS_STRICT);
  kw_table_options options;
  kw_column_name names[1];
  batch b;
  CONTRACTS(b);
#define ADD(kind) kw_base_builder_add(builder, (kind), &b.table, NULL, &error)
#define ADD_CONTRACTS ADD(KW_TABLE_KIND_CONTRACTS)
  REFUSED(KW_ERROR_NULL_ARGUMENT, "builder", -1, kw_base_builder_add(NULL, 3, &b.table, NULL, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "table", -1, kw_base_builder_add(builder, 3, NULL, NULL, &error));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "kind", -1, ADD(0));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "kind", -1, ADD(7));
  b.table.rows = -1;
  REFUSED(KW_ERROR_DOMAIN, "rows", -1, ADD_CONTRACTS);
  b.table.rows = 2;
  b.table.columns_length = -1;
  REFUSED(KW_ERROR_DOMAIN, "columns", -1, ADD_CONTRACTS);
  b.table.columns_length = 2;
  b.table.columns = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "columns", -1, ADD_CONTRACTS);
  b.table.columns = b.columns;
  b.columns[1].name = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "columns", -1, ADD_CONTRACTS);
  b.columns[1].name = "begin";
  REFUSED(KW_ERROR_COLUMN_MISSING, "contracts.start", -1, ADD_CONTRACTS);
  b.columns[1].name = "customer_id";
  REFUSED(KW_ERROR_COLUMN_MISSING, "contracts.customer_id", -1, ADD_CONTRACTS);
  b.columns[1].name = "start";
  b.columns[1].values = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "contracts.start", -1, ADD_CONTRACTS);
  b.columns[1].values = numbers;
  b.columns[1].type = KW_COLUMN_TYPE_FLOAT64;
  REFUSED(KW_ERROR_WRONG_TYPE, "contracts.start", -1, ADD_CONTRACTS);
  b.columns[1].type = 9;
  REFUSED(KW_ERROR_UNKNOWN_CODE, "contracts.start", -1, ADD_CONTRACTS);
  CONTRACTS(b);
  column(&b, "planned", KW_COLUMN_TYPE_INT32, days);
  REFUSED(KW_ERROR_UNKNOWN_CODE, "contracts.planned", -1, ADD_CONTRACTS);
  CONTRACTS(b);
  text_column(&b, "period", "yearly", falling);
  REFUSED(KW_ERROR_DOMAIN, "contracts.period", 1, ADD_CONTRACTS);
  b.columns[2].offsets = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "contracts.period", -1, ADD_CONTRACTS);
  CONTRACTS(b);
  b.columns[1].exponent = 2;
  REFUSED(KW_ERROR_DOMAIN, "contracts.start", -1, ADD_CONTRACTS);
  CONTRACTS(b);
  column(&b, "recurring_amount", KW_COLUMN_TYPE_INT64, ids)->exponent = 19;
  REFUSED(KW_ERROR_DOMAIN, "contracts.recurring_amount", -1, ADD_CONTRACTS);
  b.columns[2].exponent = 2;
  CHECK_STATUS(KW_OK, ADD_CONTRACTS);

  /* Names of their own, and those people use. */
  CONTRACTS(b);
  b.columns[1].name = "Vertragsbeginn";
  column(&b, "note", KW_COLUMN_TYPE_INT32, days);
  kw_table_options_init(&options, sizeof options);
  REFUSED(KW_ERROR_COLUMN_MISSING, "contracts.start", -1, kw_base_builder_add(builder, 3, &b.table, &options, &error));
  options.usual_names = 1;
  CHECK_STATUS(KW_OK, kw_base_builder_add(builder, KW_TABLE_KIND_CONTRACTS, &b.table, &options, &error));
  options.usual_names = 0;
  b.table.columns_length = 2;
  names[0].field = "start";
  names[0].column = "Vertragsbeginn";
  options.names = names;
  options.names_length = 1;
  CHECK_STATUS(KW_OK, kw_base_builder_add(builder, KW_TABLE_KIND_CONTRACTS, &b.table, &options, &error));
  names[0].field = "begin";
  REFUSED(KW_ERROR_UNKNOWN_CODE, "contracts.begin", -1, kw_base_builder_add(builder, 3, &b.table, &options, &error));
  names[0].field = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "names", -1, kw_base_builder_add(builder, 3, &b.table, &options, &error));
  options.names = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "names", -1, kw_base_builder_add(builder, 3, &b.table, &options, &error));

  /* Without rows. */
  start(&b, 0);
  column(&b, "customer_id", KW_COLUMN_TYPE_INT64, NULL);
  text_column(&b, "start", NULL, NULL);
  CHECK_STATUS(KW_OK, ADD_CONTRACTS);
  kw_base_builder_free(builder);
}

/* Of a row: the table, the field and the row over all batches; nothing of the batch is taken. */
static void check_rows(void) {
  static const int32_t ends[] = {19001, 19100}, far[] = {19001, 99999}, codes[] = {1, 9};
  static const int64_t offsets[] = {0, 4, 9}, date_offsets[] = {0, 10, 20};
  static const double amounts[] = {1, -1};
  static const uint8_t first_only[] = {1};
  kw_base_builder* builder = new_builder(KW_ROWS_STRICT);
  kw_base* base = NULL;
  kw_table_report report;
  batch b;
  CONTRACTS(b);
  CHECK_STATUS(KW_OK, ADD_CONTRACTS);
  column(&b, "end", KW_COLUMN_TYPE_INT32, ends);
  REFUSED(KW_ERROR_DATE_ORDER, "contracts.end", 3, ADD_CONTRACTS);
  b.columns[2].values = far;
  REFUSED(KW_ERROR_DATE_RANGE, "contracts.end", 3, ADD_CONTRACTS);
  CONTRACTS(b);
  b.columns[1].validity = first_only;
  REFUSED(KW_ERROR_MISSING, "contracts.start", 3, ADD_CONTRACTS);
  CONTRACTS(b);
  column(&b, "renewal", KW_COLUMN_TYPE_INT32, codes);
  REFUSED(KW_ERROR_UNKNOWN_CODE, "contracts.renewal", 3, ADD_CONTRACTS);
  CONTRACTS(b);
  text_column(&b, "renewal", "autonever", offsets);
  REFUSED(KW_ERROR_UNKNOWN_CODE, "contracts.renewal", 3, ADD_CONTRACTS);
  CONTRACTS(b);
  column(&b, "recurring_amount", KW_COLUMN_TYPE_FLOAT64, amounts);
  REFUSED(KW_ERROR_SIGN, "contracts.recurring_amount", 3, ADD_CONTRACTS);
  CONTRACTS(b);
  text_column(&b, "end", "2024-02-292023-02-29", date_offsets);
  REFUSED(KW_ERROR_DATE_INVALID, "contracts.end", 3, ADD_CONTRACTS);
  CHECK_STATUS(KW_OK, kw_base_builder_finish(builder, NULL, &base, &error));
  kw_table_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_base_report(base, KW_TABLE_KIND_CONTRACTS, &report, &error));
  CHECK(report.rows_read == 2 && report.first_day == days[0] && report.last_day == days[1]);
  CHECK_STATUS(KW_OK, kw_base_report(base, KW_TABLE_KIND_COSTS, &report, &error));
  CHECK(report.rows_read == 0 && report.first_day == KW_NO_DAY);
  CHECK(kw_base_warning_count(base, KW_TABLE_KIND_COSTS, KW_WARNING_DUPLICATE_IGNORED) == 0);
  kw_base_free(base);
  kw_base_builder_free(builder);
}

/* Rows that are collected: dates and names that cannot be read are rejected with the others. */
static void check_collected(void) {
  static const int64_t offsets[] = {0, 4, 9}, date_offsets[] = {0, 10, 20};
  kw_base_builder* builder = new_builder(KW_ROWS_COLLECT);
  kw_base* base = NULL;
  kw_table_report report;
  int64_t rows[2];
  int32_t fields[2], codes[2];
  batch b;
  CONTRACTS(b);
  text_column(&b, "renewal", "autonever", offsets);
  CHECK_STATUS(KW_OK, ADD_CONTRACTS);
  CONTRACTS(b);
  text_column(&b, "end", "2024-02-292023-02-29", date_offsets);
  CHECK_STATUS(KW_OK, ADD_CONTRACTS);
  CHECK_STATUS(KW_OK, kw_base_builder_finish(builder, NULL, &base, &error));
  kw_table_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_base_report(base, KW_TABLE_KIND_CONTRACTS, &report, &error));
  CHECK(report.rows_read == 4 && report.rows_rejected == 2 && report.rows_taken == 2);
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "length", -1, kw_base_rejected(base, 3, rows, fields, codes, 1, &error));
  CHECK_STATUS(KW_OK, kw_base_rejected(base, KW_TABLE_KIND_CONTRACTS, rows, fields, codes, 2, &error));
  CHECK(rows[0] == 1 && fields[0] == KW_CONTRACTS_FIELD_RENEWAL && codes[0] == KW_ERROR_UNKNOWN_CODE);
  CHECK(rows[1] == 3 && fields[1] == KW_CONTRACTS_FIELD_END && codes[1] == KW_ERROR_DATE_RANGE);
  CHECK_STATUS(KW_OK, kw_base_rejected(base, KW_TABLE_KIND_CONTRACTS, NULL, NULL, NULL, 2, &error));
  CHECK_STATUS(KW_OK, kw_base_rejected(base, KW_TABLE_KIND_COSTS, NULL, NULL, NULL, 0, &error));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "kind", -1, kw_base_rejected(base, 0, NULL, NULL, NULL, 0, &error));
  kw_base_free(base);
  kw_base_builder_free(builder);
}

/* Text ids, and what only the whole table shows. */
static void check_whole(void) {
  static const int64_t offsets[] = {0, 1, 2};
  kw_base_builder* builder = new_builder(KW_ROWS_STRICT);
  kw_base* base = NULL;
  kw_base_info info;
  char text[2];
  int64_t at[3];
  batch b;
  start(&b, 2);
  text_column(&b, "customer_id", "ba", offsets);
  CHECK_STATUS(KW_OK, ADD(KW_TABLE_KIND_CUSTOMERS));
  CHECK_STATUS(KW_OK, kw_base_builder_finish(builder, NULL, &base, &error));
  kw_base_info_init(&info, sizeof info);
  CHECK_STATUS(KW_OK, kw_base_describe(base, &info, &error));
  CHECK(info.id_type == KW_ID_TYPE_TEXT && info.id_bytes == 2 && info.has_amounts == 0);
  CHECK_STATUS(KW_OK, kw_base_copy_text_ids(base, text, 2, at, 3, &error));
  CHECK(text[0] == 'a' && text[1] == 'b' && at[0] == 0 && at[1] == 1 && at[2] == 2);
  REFUSED(KW_ERROR_WRONG_TYPE, "customer_id", -1, kw_base_copy_ids(base, at, 2, &error));
  kw_base_free(base);
  base = NULL;

  CONTRACTS(b);
  REFUSED(KW_ERROR_WRONG_TYPE, "contracts.customer_id", -1, ADD_CONTRACTS);
  start(&b, 2);
  text_column(&b, "customer_id", "bz", offsets);
  column(&b, "date", KW_COLUMN_TYPE_INT32, days);
  CHECK_STATUS(KW_OK, ADD(KW_TABLE_KIND_CONTACTS));
  REFUSED(KW_ERROR_UNKNOWN_CUSTOMER, "contacts.customer_id", 1, kw_base_builder_finish(builder, NULL, &base, &error));
  CHECK(base == NULL);
  kw_base_builder_free(builder);
}

/* All batches of a stream or none; the stream is released in any case. */
static void check_streams(void) {
  static const int64_t four_ids[] = {1, 2, 3, 4};
  static const int32_t four_days[] = {100, 200, 300, 400}, bad_days[] = {100, 200, 300, 99999};
  static const double amounts[] = {1, 2, 3, 4};
  kw_base_builder* builder = new_builder(KW_ROWS_STRICT);
  kw_base* base = NULL;
  kw_table_report report;
  kw_table_options options;
  log_stream source = {four_ids, four_days, amounts, 4, 2, 0, 0, 0};
  struct ArrowArrayStream stream = stream_of(&source);
  CHECK_STATUS(KW_OK, kw_base_builder_add_arrow(builder, KW_TABLE_KIND_TRANSACTIONS, &stream, NULL, &error));
  CHECK(source.releases == 1 && source.batches_alive == 0);
  source.date = bad_days;
  stream = stream_of(&source);
  REFUSED(KW_ERROR_DATE_RANGE, "transactions.date", 7,
          kw_base_builder_add_arrow(builder, KW_TABLE_KIND_TRANSACTIONS, &stream, NULL, &error));
  CHECK(source.releases == 2 && source.batches_alive == 0);
  stream = stream_of(&source);
  REFUSED(KW_ERROR_COLUMN_MISSING, "contracts.start", -1,
          kw_base_builder_add_arrow(builder, KW_TABLE_KIND_CONTRACTS, &stream, NULL, &error));
  stream = stream_of(&source);
  REFUSED(KW_ERROR_UNKNOWN_CODE, "kind", -1, kw_base_builder_add_arrow(builder, 0, &stream, NULL, &error));
  stream = stream_of(&source);
  REFUSED(KW_ERROR_NULL_ARGUMENT, "builder", -1, kw_base_builder_add_arrow(NULL, 3, &stream, NULL, &error));
  CHECK(source.releases == 5 && source.batches_alive == 0);
  REFUSED(KW_ERROR_NULL_ARGUMENT, "stream", -1, kw_base_builder_add_arrow(builder, 2, NULL, NULL, &error));
  /* A date is a usual name of the day a complaint is opened on. */
  source.date = four_days;
  stream = stream_of(&source);
  kw_table_options_init(&options, sizeof options);
  options.usual_names = 1;
  CHECK_STATUS(KW_OK, kw_base_builder_add_arrow(builder, KW_TABLE_KIND_COMPLAINTS, &stream, &options, &error));
  CHECK_STATUS(KW_OK, kw_base_builder_finish(builder, NULL, &base, &error));
  kw_table_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_base_report(base, KW_TABLE_KIND_TRANSACTIONS, &report, &error));
  CHECK(report.rows_read == 4 && report.last_day == 400);
  CHECK_STATUS(KW_OK, kw_base_report(base, KW_TABLE_KIND_COMPLAINTS, &report, &error));
  CHECK(report.rows_taken == 4 && kw_base_customers(base) == 4);
  kw_base_free(base);
  kw_base_builder_free(builder);
}

static int32_t refuse(void* context, double done) {
  (void)done;
  return ++*(int*)context;
}

static void check_options(void) {
  kw_base_builder* builder = (kw_base_builder*)&error;
  kw_base* base = (kw_base*)&error;
  kw_base_options options;
  kw_base_finish_options finish;
  kw_base_info info;
  kw_table_report report;
  int calls = 0;
  batch b;
  kw_base_options_init(&options, sizeof options);
  options.rows = 3;
  REFUSED(KW_ERROR_UNKNOWN_CODE, "rows", -1, kw_base_builder_create(&options, &builder, &error));
  kw_base_options_init(&options, sizeof options);
  options.returns = 0;
  REFUSED(KW_ERROR_UNKNOWN_CODE, "returns", -1, kw_base_builder_create(&options, &builder, &error));
  kw_base_options_init(&options, sizeof options);
  options.rejected_limit = -1;
  REFUSED(KW_ERROR_DOMAIN, "rejected_limit", -1, kw_base_builder_create(&options, &builder, &error));
  kw_base_options_init(&options, sizeof options);
  options.threads = -1;
  REFUSED(KW_ERROR_DOMAIN, "threads", -1, kw_base_builder_create(&options, &builder, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_base_builder_create(NULL, NULL, &error));
  CHECK(builder == (kw_base_builder*)&error);
  builder = new_builder(KW_ROWS_STRICT);
  CONTRACTS(b);
  CHECK_STATUS(KW_OK, ADD_CONTRACTS);
  kw_base_finish_options_init(&finish, sizeof finish);
  finish.threads = -1;
  REFUSED(KW_ERROR_DOMAIN, "threads", -1, kw_base_builder_finish(builder, &finish, &base, &error));
  kw_base_finish_options_init(&finish, sizeof finish);
  finish.progress = refuse;
  finish.progress_context = &calls;
  CHECK_STATUS(KW_ERROR_CANCELLED, kw_base_builder_finish(builder, &finish, &base, &error));
  CHECK(calls == 1);
  REFUSED(KW_ERROR_NULL_ARGUMENT, "builder", -1, kw_base_builder_finish(NULL, NULL, &base, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_base_builder_finish(builder, NULL, NULL, &error));
  CHECK(base == (kw_base*)&error);
  kw_base_info_init(&info, sizeof info);
  kw_table_report_init(&report, sizeof report);
  REFUSED(KW_ERROR_NULL_ARGUMENT, "base", -1, kw_base_describe(NULL, &info, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "base", -1, kw_base_report(NULL, 1, &report, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "base", -1, kw_base_rejected(NULL, 1, NULL, NULL, NULL, 0, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "base", -1, kw_base_copy_ids(NULL, NULL, 0, &error));
  CHECK(kw_base_customers(NULL) == 0 && kw_base_warning_count(NULL, 1, 1) == 0);
  kw_base_free(NULL);
  kw_base_builder_free(NULL);
  kw_base_builder_free(builder);
}

int main(void) {
  kw_error_init(&error, sizeof error);
  check_names();
  check_every_kind();
  check_tables();
  check_rows();
  check_collected();
  check_whole();
  check_streams();
  check_options();
  return end_of_checks();
}
