/* The checks of the C tests, and the CDNOW log they run on. Every program ends with "<n> passed, <n> failed". */
#ifndef KW_TESTS_C_CHECK_H
#define KW_TESTS_C_CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int checks_passed = 0;
static int checks_failed = 0;

#define CHECK(condition) check_that((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
#define CHECK_STATUS(expected, call) check_status((expected), (call), #call, __FILE__, __LINE__)

static inline void check_that(int holds, const char* text, const char* file, int line) {
  if (holds) {
    ++checks_passed;
    return;
  }
  ++checks_failed;
  printf("%s:%d: %s\n", file, line, text);
}

static inline void check_status(int32_t expected, int32_t found, const char* text, const char* file, int line) {
  if (expected == found) {
    ++checks_passed;
    return;
  }
  ++checks_failed;
  printf("%s:%d: status %d where %d is expected: %s\n", file, line, (int)found, (int)expected, text);
}

static inline int is_near(double found, double expected, double relative) {
  return fabs(found - expected) <= relative * fabs(expected);
}

static inline int end_of_checks(void) {
  printf("%d passed, %d failed\n", checks_passed, checks_failed);
  return checks_failed != 0;
}

/* 1997-09-30, the end of the calibration period of the papers, and 1998-06-30, the end of the data. */
#define CDNOW_END 10134
#define CDNOW_LAST 10407
#define CDNOW_ROWS 6919

typedef struct cdnow_log {
  int64_t rows;
  int64_t customer_id[CDNOW_ROWS];
  int32_t date[CDNOW_ROWS];
  double amount[CDNOW_ROWS];
} cdnow_log;

/* Civil days since 1970-01-01 of a date in 1997 or 1998. */
static inline int32_t day_of_1997_or_1998(int year, int month, int day) {
  static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  return 9862 + (year - 1997) * 365 + before[month - 1] + day - 1;
}

/* The file of the examples; ends the program where it cannot be read. */
static inline cdnow_log* read_cdnow(void) {
  cdnow_log* log = malloc(sizeof *log);
  FILE* file = fopen(KUNDENWERT_SOURCE_DIR "/examples/data/cdnow/transactions.csv", "r");
  char line[128];
  if (log == NULL || file == NULL || fgets(line, sizeof line, file) == NULL) {
    printf("examples/data/cdnow/transactions.csv cannot be read\n");
    exit(1);
  }
  log->rows = 0;
  while (log->rows < CDNOW_ROWS && fgets(line, sizeof line, file) != NULL) {
    long long id;
    int year, month, day;
    double amount;
    if (sscanf(line, "%lld,%d-%d-%d,%*d,%lf", &id, &year, &month, &day, &amount) != 5) exit(1);
    log->customer_id[log->rows] = id;
    log->date[log->rows] = day_of_1997_or_1998(year, month, day);
    log->amount[log->rows] = amount;
    ++log->rows;
  }
  fclose(file);
  return log;
}

#endif
