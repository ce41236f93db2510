// The accumulator against a plain ordered map, and the promise that batches, order, merging, threads and mode change
// no bit of the summary.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <random>
#include <string>

#include "kundenwert/ingest/accumulator.hpp"
#include "transaction_log.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t first_day = day_of(2020, 1, 1);
constexpr int log_days = 200;

std::vector<transaction_row> random_log(std::size_t rows, std::int64_t customers, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<transaction_row> log;
  for (std::size_t i = 0; i < rows; ++i) {
    transaction_row r{};
    r.customer = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(customers)) - customers / 2;
    if (r.customer % 5 == 0) r.customer *= 1'000'000'000'007;  // ids far apart
    r.day = first_day + static_cast<std::int32_t>(random() % log_days);
    const auto kind = random() % 20;
    r.amount = static_cast<double>(random() % 100000) / 100;
    if (kind == 0) r.amount = 0;
    if (kind <= 3 && kind > 0) r.amount = -r.amount;
    if (kind == 4) r.amount *= 1e9;  // needs two entries
    if (kind == 5) r.amount = static_cast<double>(random() % 1000) / 7;
    log.push_back(r);
  }
  return log;
}

struct day_sum {
  long double net = 0;  // whole millionths: exact in 64 bits of mantissa for these logs
  bool has_return = false;
};

// What the summary must be, the slow and plain way.
struct plain_customer {
  double frequency = 0, first = 0, last = 0, holdout = 0;
  long double revenue = 0, repeats = 0, holdout_revenue = 0;
  std::vector<double> log_intervals;
  bool acquired_before_start = false;
};

void check_against_map(const std::vector<transaction_row>& rows, const finish_options& o, returns_policy policy,
                       const summary& s) {
  std::map<std::int64_t, std::map<std::int32_t, day_sum>> days;
  for (const auto& r : rows) {
    if (policy == returns_policy::drop && r.amount < 0) continue;
    day_sum& d = days[r.customer][r.day];
    d.net += std::nearbyint(r.amount * 1e6);
    d.has_return |= r.amount < 0;
  }
  std::size_t at = 0;
  std::int64_t returns_only = 0;
  std::int64_t outside = 0;
  for (const auto& [id, list] : days) {
    plain_customer c;
    bool is_observed = false;
    int purchases = 0;
    for (const auto& [day, d] : list) {
      const bool is_purchase = d.net > 0 || (d.net == 0 && !d.has_return);
      if (o.start != no_day && day < o.start) {
        c.acquired_before_start = true;
      } else if (day <= o.end) {
        is_observed = true;
        c.revenue += d.net;
        if (!is_purchase) continue;
        if (purchases++ == 0) {
          c.first = day;
        } else {
          c.frequency += 1;
          c.repeats += d.net;
          c.log_intervals.push_back(std::log((day - c.last) / days_per(o.unit)));
        }
        c.last = day;
      } else if (o.holdout_end != no_day && day <= o.holdout_end) {
        c.holdout += is_purchase ? 1 : 0;
        c.holdout_revenue += d.net;
      }
    }
    if (purchases == 0) {
      ++(is_observed ? returns_only : outside);
      continue;
    }
    REQUIRE(at < s.frequency.size());
    REQUIRE(s.ids.numbers[at] == id);
    REQUIRE(s.frequency[at] == c.frequency);
    REQUIRE(s.recency[at] == (c.last - c.first) / days_per(o.unit));
    REQUIRE(s.age[at] == (o.end - c.first) / days_per(o.unit));
    // A few roundings of each logarithm.
    const double log_sum = std::accumulate(c.log_intervals.begin(), c.log_intervals.end(), 0.0);
    REQUIRE(std::fabs(s.log_interval_sum[at] - log_sum) <= 1e-14 * (1 + c.frequency));
    REQUIRE(s.first_purchase[at] == c.first);
    REQUIRE(s.last_purchase[at] == c.last);
    REQUIRE(s.acquired_before_start[at] == (c.acquired_before_start ? 1 : 0));
    // The long double quotient is rounded twice, hence one unit in the last place.
    REQUIRE(s.revenue[at] == doctest::Approx(static_cast<double>(c.revenue / 1e6L)).epsilon(1e-15));
    if (c.frequency == 0) {
      REQUIRE(std::isnan(s.monetary_value[at]));
    } else {
      REQUIRE(s.monetary_value[at] ==
              doctest::Approx(static_cast<double>(c.repeats / (1e6L * static_cast<long double>(c.frequency))))
                  .epsilon(1e-15));
    }
    if (o.holdout_end != no_day) {
      REQUIRE(s.holdout_frequency[at] == c.holdout);
      REQUIRE(s.holdout_revenue[at] == doctest::Approx(static_cast<double>(c.holdout_revenue / 1e6L)).epsilon(1e-15));
    }
    ++at;
  }
  CHECK(at == s.frequency.size());
  CHECK(s.log.customers_returns_only == returns_only);
  CHECK(s.log.customers_outside == outside);
}

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  if constexpr (std::is_same_v<T, double>) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
      return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
    });
  } else {
    return a == b;
  }
}

void check_same(const summary& a, const summary& b) {
  CHECK(a.ids.is_text == b.ids.is_text);
  CHECK(a.ids.numbers == b.ids.numbers);
  CHECK(a.ids.text == b.ids.text);
  CHECK(a.ids.offsets == b.ids.offsets);
  CHECK(same_bits(a.frequency, b.frequency));
  CHECK(same_bits(a.recency, b.recency));
  CHECK(same_bits(a.age, b.age));
  CHECK(same_bits(a.monetary_value, b.monetary_value));
  CHECK(same_bits(a.log_interval_sum, b.log_interval_sum));
  CHECK(same_bits(a.revenue, b.revenue));
  CHECK(same_bits(a.first_purchase, b.first_purchase));
  CHECK(same_bits(a.last_purchase, b.last_purchase));
  CHECK(same_bits(a.acquired_before_start, b.acquired_before_start));
  CHECK(same_bits(a.holdout_frequency, b.holdout_frequency));
  CHECK(same_bits(a.holdout_revenue, b.holdout_revenue));
  CHECK(a.log == b.log);
}

finish_options window(int threads = 1) {
  finish_options o;
  o.unit = time_unit::week;
  o.start = first_day + 30;
  o.end = first_day + 149;
  o.holdout_end = first_day + 179;
  o.threads = threads;
  return o;
}

accumulator add_in_batches(const transaction_log& log, bool is_text, std::size_t batch, int threads,
                           const accumulator_options& options = {}) {
  accumulator a(options);
  for (std::size_t at = 0; at < log.size(); at += batch) a.add(log.columns(is_text, at, batch), threads);
  return a;
}

}  // namespace

TEST_CASE("ingest: the summary is what an ordered map gives") {
  for (const auto policy : {returns_policy::net, returns_policy::drop}) {
    for (const std::size_t rows : {1u, 50u, 3000u, 60000u}) {
      const auto log = random_log(rows, static_cast<std::int64_t>(rows / 5 + 1), static_cast<unsigned>(rows));
      accumulator_options options;
      options.returns = policy;
      const accumulator a = add_in_batches(transaction_log(log), false, 1'000'000, 2, options);
      check_against_map(log, window(), policy, a.finish(window(2)));
      finish_options whole;
      whole.end = first_day + log_days;
      check_against_map(log, whole, policy, a.finish(whole));
    }
  }
}

TEST_CASE("ingest: cut, order, parts and threads change no bit") {
  for (const bool is_text : {false, true}) {
    auto rows = random_log(80000, 9000, 7);
    const transaction_log log(rows);
    const summary whole = add_in_batches(log, is_text, rows.size(), 1).finish(window());
    CHECK(whole.size() > 5000);
    SUBCASE("two threads") { check_same(whole, add_in_batches(log, is_text, rows.size(), 2).finish(window(2))); }
    SUBCASE("a thousand batches") { check_same(whole, add_in_batches(log, is_text, 80, 2).finish(window(2))); }
    SUBCASE("large and small batches") {
      accumulator a;
      a.add(log.columns(is_text, 0, 40000), 2);
      a.add(log.columns(is_text, 40000, 1));
      a.add(log.columns(is_text, 40001, 39999));
      check_same(whole, a.finish(window()));
    }
    SUBCASE("shuffled") {
      std::shuffle(rows.begin(), rows.end(), std::mt19937(8));
      check_same(whole, add_in_batches(transaction_log(rows), is_text, 33000, 2).finish(window(2)));
    }
    SUBCASE("merged from parts") {
      accumulator all;
      accumulator part;
      for (std::size_t at = 0; at < rows.size(); at += 10000) {
        part = accumulator();
        part.add(log.columns(is_text, at, 10000));
        all.merge(part);
      }
      check_same(whole, all.finish(window()));
      accumulator left = add_in_batches(log, is_text, 40000, 1);
      left.merge(accumulator());
      check_same(whole, left.finish(window()));
      accumulator none;
      none.merge(left);
      check_same(whole, none.finish(window()));
    }
    SUBCASE("a copy and a second finish") {
      const accumulator a = add_in_batches(log, is_text, 5000, 1);
      finish_options other = window();
      other.start = no_day;
      other.end = first_day + 10;
      other.holdout_end = no_day;
      a.finish(other);
      const accumulator copy = a;
      check_same(whole, a.finish(window()));
      check_same(whole, copy.finish(window()));
    }
  }
}

TEST_CASE("ingest: merging with itself doubles the money and nothing else") {
  const transaction_log log(random_log(5000, 900, 9));
  accumulator a = add_in_batches(log, false, 5000, 1);
  const summary once = a.finish(window());
  a.merge(a);
  const summary twice = a.finish(window());
  CHECK(once.ids.numbers == twice.ids.numbers);
  CHECK(once.frequency == twice.frequency);
  for (std::size_t i = 0; i < once.revenue.size(); ++i) CHECK(twice.revenue[i] == 2 * once.revenue[i]);
  CHECK(twice.log.rows_read == 2 * once.log.rows_read);
}

TEST_CASE("ingest: ordered mode gives the bits of exact mode") {
  for (const bool is_text : {false, true}) {
    auto rows = random_log(60000, 7000, 10);
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.day < b.day; });
    const transaction_log log(rows);
    const summary exact = add_in_batches(log, is_text, rows.size(), 1).finish(window());
    accumulator_options options;
    options.mode = accumulation::ordered;
    options.dates = {time_unit::week, window().end, window().start, window().holdout_end};
    for (const std::size_t batch : {std::size_t{60000}, std::size_t{77}}) {
      const accumulator a = add_in_batches(log, is_text, batch, 1, options);
      check_same(exact, a.finish(window(2)));
    }
  }
}

TEST_CASE("ingest: text ids are ordered by bytes and are never altered") {
  const std::vector<std::string> ids{"b",
                                     "a",
                                     "a ",
                                     "aa",
                                     "B",
                                     "\xC3\xBC",
                                     "a\x01",
                                     "customer-10",
                                     "customer-9",
                                     std::string(128, 'x'),
                                     std::string(127, 'x') + "y",
                                     std::string(1, '\0')};
  std::string text;
  std::vector<std::int64_t> offsets{0};
  for (const auto& id : ids) {
    text += id;
    offsets.push_back(static_cast<std::int64_t>(text.size()));
  }
  const std::vector<std::int32_t> days(ids.size(), first_day);
  transaction_columns c;
  c.customer_id = text_column{text.data(), offsets, {}};
  c.day = days;
  accumulator a;
  a.add(c);
  finish_options o;
  o.end = first_day;
  const summary s = a.finish(o);
  auto sorted = ids;
  std::sort(sorted.begin(), sorted.end());
  REQUIRE(s.size() == static_cast<std::int64_t>(ids.size()));
  for (std::size_t i = 0; i < ids.size(); ++i) CHECK(s.ids.text_at(static_cast<std::int64_t>(i)) == sorted[i]);
  CHECK(s.monetary_value.empty());
  CHECK(s.revenue.empty());
  CHECK(s.log.id_blanks == 1);
}

TEST_CASE("ingest: ids of any size and sign are ordered by value") {
  std::mt19937_64 random(11);
  std::vector<transaction_row> rows;
  for (int i = 0; i < 50000; ++i) {
    rows.push_back({static_cast<std::int64_t>(random() >> (random() % 64)), first_day, 1});
    rows.back().customer *= random() % 2 == 0 ? 1 : -1;
  }
  rows.push_back({INT64_MIN, first_day, 1});
  rows.push_back({INT64_MAX, first_day, 1});
  accumulator a;
  a.add(transaction_log(rows).columns(), 2);
  finish_options o;
  o.end = first_day;
  const summary s = a.finish(o);
  CHECK(std::is_sorted(s.ids.numbers.begin(), s.ids.numbers.end()));
  CHECK(std::adjacent_find(s.ids.numbers.begin(), s.ids.numbers.end()) == s.ids.numbers.end());
  CHECK(s.ids.numbers.front() == INT64_MIN);
  CHECK(s.ids.numbers.back() == INT64_MAX);
}

TEST_CASE("ingest: money is exact beyond what doubles hold") {
  // 3 * 10^5 rows of 1e12 and as many of -1e12 + 0.5 on one customer-day leave 150000.
  std::vector<transaction_row> rows;
  for (int i = 0; i < 300000; ++i) {
    rows.push_back({1, first_day, 1e12});
    rows.push_back({1, first_day, -999999999999.5});
  }
  accumulator a;
  const transaction_log log(rows);
  a.add(log.columns(), 2);
  finish_options o;
  o.end = first_day;
  CHECK(a.finish(o).revenue[0] == 150000);
  for (int i = 0; i < 7; ++i) a.add(log.columns(), 2);  // more than 4 million entries: compaction
  CHECK(a.finish(o).revenue[0] == 8 * 150000.0);
  CHECK(a.memory_bytes() < 80'000'000);
}

TEST_CASE("ingest: memory follows the distinct customer-days, not the rows") {
  const transaction_log log(random_log(100000, 100, 12));  // at most 20000 customer-days
  accumulator a;
  for (int i = 0; i < 100; ++i) a.add(log.columns(), 2);  // 10 million rows
  CHECK(a.report().rows_read == 10'000'000);
  CHECK(a.memory_bytes() < 90'000'000);
  accumulator once;
  once.add(log.columns());
  const summary s = a.finish(window(2));
  const summary expected = once.finish(window());
  CHECK(s.frequency == expected.frequency);
  for (std::size_t i = 0; i < s.revenue.size(); ++i) {
    CHECK(s.revenue[i] == doctest::Approx(100 * expected.revenue[i]).epsilon(1e-15));
  }
}

TEST_CASE("ingest: CDNOW in batches, shuffled and merged gives the same bits") {
  auto rows = cdnow();
  if (rows.empty()) {
    MESSAGE("skipped: KUNDENWERT_DATA is not set");
    return;
  }
  finish_options o;
  o.unit = time_unit::week;
  o.end = day_of(1997, 9, 30);
  o.holdout_end = day_of(1998, 6, 30);
  for (const bool is_text : {false, true}) {
    const transaction_log log(rows);
    const summary whole = add_in_batches(log, is_text, rows.size(), 1).finish(o);
    check_same(whole, add_in_batches(log, is_text, 7, 2).finish(o));
    accumulator merged = add_in_batches(transaction_log({rows.begin(), rows.begin() + 3000}), is_text, 100, 1);
    merged.merge(add_in_batches(transaction_log({rows.begin() + 3000, rows.end()}), is_text, 5000, 1));
    check_same(whole, merged.finish(o));
    auto shuffled = rows;
    std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(13));
    o.threads = 2;
    check_same(whole, add_in_batches(transaction_log(shuffled), is_text, 500, 1).finish(o));
  }
}
