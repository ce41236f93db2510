// Opportunities against a plain ordered map, against the summary in days, and the promise that batches, order, merging
// and threads change no bit.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <random>
#include <vector>

#include "kundenwert/ingest/opportunities.hpp"
#include "transaction_log.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t first_day = day_of(2019, 11, 20);
constexpr int log_days = 900;

std::vector<transaction_row> random_log(std::size_t rows, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<transaction_row> log;
  for (std::size_t i = 0; i < rows; ++i) {
    transaction_row r{};
    r.customer = static_cast<std::int64_t>(random() % (rows / 5 + 1));
    r.day = first_day + static_cast<std::int32_t>(random() % log_days);
    r.amount = static_cast<double>(random() % 10000) / 100 - 20;  // one in five is a return
    log.push_back(r);
  }
  return log;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  });
}

void check_same(const summary& a, const summary& b) {
  CHECK(a.unit == b.unit);
  CHECK(a.start == b.start);
  CHECK(a.end == b.end);
  CHECK(a.holdout_end == b.holdout_end);
  CHECK(a.ids.numbers == b.ids.numbers);
  CHECK(a.ids.text == b.ids.text);
  CHECK(a.first_purchase == b.first_purchase);
  CHECK(a.last_purchase == b.last_purchase);
  CHECK(a.acquired_before_start == b.acquired_before_start);
  CHECK(same_bits(a.frequency, b.frequency));
  CHECK(same_bits(a.recency, b.recency));
  CHECK(same_bits(a.age, b.age));
  CHECK(same_bits(a.monetary_value, b.monetary_value));
  CHECK(same_bits(a.log_interval_sum, b.log_interval_sum));
  CHECK(same_bits(a.revenue, b.revenue));
  CHECK(same_bits(a.holdout_frequency, b.holdout_frequency));
  CHECK(same_bits(a.holdout_revenue, b.holdout_revenue));
  CHECK(a.log == b.log);
}

opportunity_options dates(period each, int threads = 1) {
  return {.each = each,
          .end = day_of(2021, 7, 31),
          .start = day_of(2020, 1, 15),
          .holdout_end = day_of(2022, 4, 3),
          .threads = threads};
}

struct plain_day {
  double net = 0;
  bool has_return = false;
};

}  // namespace

TEST_CASE("opportunities: single days are the summary in days") {
  const transaction_log rows(random_log(30000, 1));
  for (const bool is_text : {false, true}) {
    accumulator log;
    log.add(rows.columns(is_text));
    const opportunity_options o = dates(period::day, 2);
    check_same(summarize_opportunities(log, o),
               log.finish({.unit = time_unit::day, .end = o.end, .start = o.start, .holdout_end = o.holdout_end}));
  }
}

TEST_CASE("opportunities: the statistics are what sets of periods give") {
  const auto rows = random_log(20000, 2);
  accumulator log;
  log.add(transaction_log(rows).columns());
  std::map<std::int64_t, std::map<std::int32_t, plain_day>> days;
  for (const auto& r : rows) {
    plain_day& d = days[r.customer][r.day];
    d.net += r.amount;
    d.has_return |= r.amount < 0;
  }
  for (const period each : {period::iso_week, period::month, period::year}) {
    const opportunity_options o = dates(each);
    const summary s = summarize_opportunities(log, o);
    const auto last_whole = [&](std::int32_t day) {
      const std::int32_t index = period_index(day, each);
      return period_index(day + 1, each) == index ? index - 1 : index;
    };
    const std::int32_t n_end = last_whole(o.end);
    const std::int32_t n_holdout = last_whole(o.holdout_end);
    CHECK(s.end + 1 == period_days(n_end + 1, each).from);
    std::size_t at = 0;
    for (const auto& [id, list] : days) {
      std::map<std::int32_t, double> bought;
      double holdout = 0;
      std::int32_t before = INT32_MIN;
      for (const auto& [day, d] : list) {
        const std::int32_t index = period_index(day, each);
        const bool is_purchase = d.net > 1e-9 || (std::fabs(d.net) <= 1e-9 && !d.has_return);
        if (day < o.start || !is_purchase) continue;
        if (index <= n_end) {
          bought[index] += d.net;
        } else if (index <= n_holdout && index != before) {
          holdout += 1;
          before = index;
        }
      }
      if (bought.empty()) continue;
      REQUIRE(at < s.frequency.size());
      REQUIRE(s.ids.numbers[at] == id);
      REQUIRE(s.frequency[at] == static_cast<double>(bought.size()) - 1);
      REQUIRE(s.recency[at] == bought.rbegin()->first - bought.begin()->first);
      REQUIRE(s.age[at] == n_end - bought.begin()->first);
      REQUIRE(s.holdout_frequency[at] == holdout);
      if (bought.size() > 1) {
        double repeats = 0;
        for (const auto& [index, net] : bought) repeats += index == bought.begin()->first ? 0 : net;
        // Sums of amounts of two digits in doubles: off by some 1e-15 of 1e3.
        REQUIRE(std::fabs(s.monetary_value[at] - repeats / s.frequency[at]) < 1e-9);
      }
      ++at;
    }
    CHECK(at == s.frequency.size());
  }
}

TEST_CASE("opportunities: cut, order, parts and threads change no bit") {
  auto rows = random_log(30000, 3);
  const transaction_log log(rows);
  for (const bool is_text : {false, true}) {
    accumulator whole;
    whole.add(log.columns(is_text));
    const summary expected = summarize_opportunities(whole, dates(period::month));
    CHECK(expected.size() > 3000);
    check_same(expected, summarize_opportunities(whole, dates(period::month, 2)));
    accumulator batches;
    for (std::size_t at = 0; at < log.size(); at += 333) batches.add(log.columns(is_text, at, 333));
    check_same(expected, summarize_opportunities(batches, dates(period::month)));
    accumulator merged;
    merged.add(log.columns(is_text, 20000));
    accumulator part;
    part.add(log.columns(is_text, 0, 20000), 2);
    merged.merge(part);
    check_same(expected, summarize_opportunities(merged, dates(period::month)));
    std::shuffle(rows.begin(), rows.end(), std::mt19937(4));
    accumulator shuffled;
    shuffled.add(transaction_log(rows).columns(is_text), 2);
    check_same(expected, summarize_opportunities(shuffled, dates(period::month)));
  }
}
