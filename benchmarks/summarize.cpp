// How long do transactions take to become customers?
//
//   summarize [rows = 10000000] [rows per customer = 5] [runs = 5]
//
// The log: ids in random order, days uniform over 730, amounts of two digits after the point. Times are the best of
// the runs, in milliseconds: add, finish, both, and nanoseconds per row. Days come in whole days, in memory, as typed
// columns.
#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/ingest/compress.hpp"

namespace {

namespace kw = kundenwert;

struct log_columns {
  std::vector<std::int64_t> id;
  std::vector<std::int32_t> day;
  std::vector<double> amount;
  std::string text;
  std::vector<std::int64_t> offsets;
};

log_columns make_log(std::int64_t rows, std::int64_t customers) {
  constexpr std::int32_t first_day = 18262;  // 2020-01-01
  std::mt19937_64 random(42);
  log_columns log;
  log.offsets.push_back(0);
  for (std::int64_t i = 0; i < rows; ++i) {
    log.id.push_back(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(customers)));
    log.day.push_back(first_day + static_cast<std::int32_t>(random() % 730));
    log.amount.push_back(static_cast<double>(random() % 20000) / 100);
    char id[32];
    const int length = std::snprintf(id, sizeof id, "customer-%08lld", static_cast<long long>(log.id.back()));
    log.text.append(id, static_cast<std::size_t>(length));
    log.offsets.push_back(static_cast<std::int64_t>(log.text.size()));
  }
  return log;
}

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

kw::transaction_columns slice(const log_columns& log, bool is_text, std::size_t begin, std::size_t count) {
  kw::transaction_columns batch;
  if (is_text) {
    batch.customer_id = kw::text_column{log.text.data(), std::span(log.offsets).subspan(begin, count + 1), {}};
  } else {
    batch.customer_id = kw::column<std::int64_t>(std::span(log.id).subspan(begin, count));
  }
  batch.day = std::span(log.day).subspan(begin, count);
  batch.amount = std::span(log.amount).subspan(begin, count);
  return batch;
}

void run(const char* name, const log_columns& log, bool is_text, std::size_t batch_rows, int threads, int runs,
         kw::accumulation mode = kw::accumulation::exact) {
  double best_add = 1e300;
  double best_finish = 1e300;
  double best = 1e300;
  std::int64_t bytes = 0;
  std::int64_t customers = 0;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    kw::accumulator_options options;
    options.mode = mode;
    options.dates.end = log.day.empty() ? 0 : 18262 + 729;
    kw::accumulator accumulator(options);
    for (std::size_t at = 0; at < log.day.size(); at += batch_rows) {
      accumulator.add(slice(log, is_text, at, std::min(batch_rows, log.day.size() - at)), threads);
    }
    const double add = milliseconds_since(start);
    kw::finish_options finish;
    finish.unit = kw::time_unit::week;
    finish.end = options.dates.end;
    finish.threads = threads;
    const kw::summary summary = accumulator.finish(finish);
    const double both = milliseconds_since(start);
    if (both < best) {
      best = both;
      best_add = add;
      best_finish = both - add;
    }
    bytes = accumulator.memory_bytes();
    customers = summary.size();
  }
  std::printf(
      "%-34s %d thread(s)  add %7.1f  finish %7.1f  both %7.1f ms  %5.1f ns/row  held %lld MB, %lld customers\n", name,
      threads, best_add, best_finish, best, best * 1e6 / static_cast<double>(log.day.size()),
      static_cast<long long>(bytes >> 20), static_cast<long long>(customers));
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t rows = argc > 1 ? std::atoll(argv[1]) : 10'000'000;
  const std::int64_t per_customer = argc > 2 ? std::atoll(argv[2]) : 5;
  const int runs = argc > 3 ? std::atoi(argv[3]) : 5;
  const log_columns log = make_log(rows, std::max<std::int64_t>(1, rows / per_customer));
  const auto whole = static_cast<std::size_t>(rows);
  constexpr std::size_t arrow_batch = 65536;
  for (const int threads : {1, 2}) {
    run("numbers, one batch", log, false, whole, threads, runs);
    run("numbers, batches of 65536", log, false, arrow_batch, threads, runs);
    run("numbers, batches of 1000", log, false, 1000, threads, runs);
    run("texts, one batch", log, true, whole, threads, runs);
    run("texts, batches of 65536", log, true, arrow_batch, threads, runs);
  }
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  std::printf("peak of the program %ld MB, the log itself included\n", usage.ru_maxrss >> 10);
  return 0;
}
