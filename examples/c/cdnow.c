/* Who will buy again, and how often? Reads a file of transactions (customer_id,date,quantity,amount), fits BG/NBD to
 * what happened until 1997-09-30 and lists the ten customers worth most over the next year.
 *
 *   cdnow [data/cdnow/transactions.csv]
 */
#include <kundenwert.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_ROWS 100000

static kw_error error;

static void check(kw_status status) {
  if (status == KW_OK) return;
  fprintf(stderr, "%s: %s (row %lld) %s\n", kw_code_name(KW_TABLE_ERROR, status), error.argument, (long long)error.row,
          error.message);
  exit(1);
}

/* Civil days since 1970-01-01 (Howard Hinnant's days_from_civil). */
static int32_t day_of(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = y / 400, of_era = y - era * 400;
  const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t read_transactions(const char* path, int64_t* id, int32_t* date, double* amount) {
  FILE* file = fopen(path, "r");
  char line[256];
  int64_t rows = 0;
  if (file == NULL || fgets(line, sizeof line, file) == NULL) {
    perror(path);
    exit(1);
  }
  while (rows < MAX_ROWS && fgets(line, sizeof line, file) != NULL) {
    long long customer;
    int year, month, day;
    if (sscanf(line, "%lld,%d-%d-%d,%*d,%lf", &customer, &year, &month, &day, &amount[rows]) != 5) {
      fprintf(stderr, "%s:%lld: not a transaction\n", path, (long long)rows + 2);
      exit(1);
    }
    id[rows] = customer;
    date[rows++] = day_of(year, month, day);
  }
  fclose(file);
  return rows;
}

static const double* compared;

static int by_value(const void* a, const void* b) {
  const double x = compared[*(const int64_t*)a], y = compared[*(const int64_t*)b];
  return (x < y) - (x > y);
}

int main(int argc, char** argv) {
  static int64_t id[MAX_ROWS];
  static int32_t date[MAX_ROWS];
  static double amount[MAX_ROWS];
  kw_transactions log;
  kw_accumulator* accumulator;
  kw_summary* customers;
  kw_model *bg_nbd, *gamma_gamma;

  kw_error_init(&error, sizeof error);
  kw_transactions_init(&log, sizeof log);
  log.rows = read_transactions(argc > 1 ? argv[1] : "data/cdnow/transactions.csv", id, date, amount);
  log.customer_id = id;
  log.date = date;
  log.amount = amount;
  check(kw_accumulator_create(NULL, &accumulator, &error));
  check(kw_accumulator_add(accumulator, &log, &error));
  check(kw_accumulator_finish(accumulator, KW_UNIT_WEEK, day_of(1997, 9, 30), &customers, &error));
  check(kw_fit(KW_MODEL_BG_NBD, customers, NULL, &bg_nbd, &error));
  check(kw_fit(KW_MODEL_GAMMA_GAMMA, customers, NULL, &gamma_gamma, &error));

  kw_fit_report report;
  double parameters[4];
  kw_fit_report_init(&report, sizeof report);
  check(kw_model_fit_report(bg_nbd, &report, &error));
  check(kw_model_parameters(bg_nbd, parameters, 4, &error));
  printf("BG/NBD of %.0f customers, %s: ln L = %.4f\n", report.customers,
         kw_code_name(KW_TABLE_OUTCOME, report.outcome), report.log_likelihood);
  for (int64_t i = 0; i < 4; ++i) printf("  %-5s %.7f\n", kw_parameter_name(KW_MODEL_BG_NBD, i), parameters[i]);

  const int64_t rows = kw_summary_rows(customers);
  double *value = malloc((size_t)rows * sizeof *value), *alive = malloc((size_t)rows * sizeof *alive);
  int64_t *ids = malloc((size_t)rows * sizeof *ids), *order = malloc((size_t)rows * sizeof *order);
  if (value == NULL || alive == NULL || ids == NULL || order == NULL) return 1;
  check(kw_summary_copy_ids(customers, ids, rows, &error));
  check(kw_predict(bg_nbd, KW_QUANTITY_PROBABILITY_ALIVE, NULL, customers, alive, rows, &error));
  check(kw_lifetime_value(bg_nbd, gamma_gamma, 52, 0.10, NULL, customers, value, rows, &error));
  for (int64_t i = 0; i < rows; ++i) order[i] = i;
  compared = value;
  qsort(order, (size_t)rows, sizeof *order, by_value);
  printf("customer  P(alive)  revenue of the next 52 weeks, discounted at 10 %% a year\n");
  for (int64_t i = 0; i < 10 && i < rows; ++i)
    printf("%8lld  %8.4f  %8.2f\n", (long long)ids[order[i]], alive[order[i]], value[order[i]]);

  free(value), free(alive), free(ids), free(order);
  kw_model_free(gamma_gamma);
  kw_model_free(bg_nbd);
  kw_summary_free(customers);
  kw_accumulator_free(accumulator);
  return 0;
}
