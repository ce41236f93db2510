// What counts for what, on logs small enough to follow by hand.
#include "kundenwert/ingest/accumulator.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "near.hpp"
#include "transaction_log.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t monday = day_of(2024, 3, 4);

summary summarize(const std::vector<transaction_row>& rows, finish_options o, bool has_amounts = true,
                  accumulator_options options = {}) {
  accumulator a(options);
  a.add(transaction_log(rows, has_amounts).columns());
  if (o.end == no_day) o.end = monday + 28;
  return a.finish(o);
}

}  // namespace

TEST_CASE("accumulator: purchases of one day are one, in any unit") {
  for (const auto unit : {time_unit::day, time_unit::week, time_unit::month, time_unit::year}) {
    const summary s =
        summarize({{7, monday, 10}, {7, monday, 5}, {7, monday + 3, 6}, {7, monday + 14, 4}, {7, monday + 14, 4}},
                  {.unit = unit});
    REQUIRE(s.size() == 1);
    CHECK(s.frequency[0] == 2);
    CHECK(s.recency[0] == 14 / days_per(unit));
    CHECK(s.age[0] == 28 / days_per(unit));
    CHECK(s.monetary_value[0] == 7);
    CHECK(s.revenue[0] == 29);
    CHECK(s.first_purchase[0] == monday);
    CHECK(s.last_purchase[0] == monday + 14);
  }
}

TEST_CASE("accumulator: the sum of the logarithms of the times between purchase days of the observation") {
  // 3, 11 and 5 days between the purchases in the observation, more before and after it; a return between them.
  const std::vector<transaction_row> rows{{7, monday - 9, 1},  {7, monday, 10},     {7, monday, 5},
                                          {7, monday + 3, 6},  {7, monday + 5, -1}, {7, monday + 14, 4},
                                          {7, monday + 19, 4}, {7, monday + 23, 8}, {8, monday + 1, 3}};
  const finish_options dates{.end = monday + 20, .start = monday, .holdout_end = monday + 28};
  for (const auto unit : {time_unit::day, time_unit::week, time_unit::month, time_unit::year}) {
    finish_options o = dates;
    o.unit = unit;
    const summary s = summarize(rows, o);
    const double days = days_per(unit);
    CHECK_NEAR(s.log_interval_sum[0], std::log(3 / days) + std::log(11 / days) + std::log(5 / days), 0, 1e-14);
    CHECK(s.log_interval_sum[1] == 0);
  }
}

TEST_CASE("accumulator: many long times between purchases leave the range of doubles to nobody") {
  // Every 40th day of 1900 to 2199, 2739 intervals: their product is 10^4388.
  std::vector<transaction_row> rows;
  for (std::int32_t day = earliest_day; day <= latest_day; day += 40) rows.push_back({1, day, 1});
  const summary s = summarize(rows, {.end = latest_day});
  const double intervals = static_cast<double>(rows.size()) - 1;
  CHECK(s.frequency[0] == intervals);
  CHECK_NEAR(s.log_interval_sum[0], intervals * std::log(40), 1e-14, 0);
}

TEST_CASE("accumulator: both ends of the observation and of the hold-out are inside") {
  const summary s =
      summarize({{1, monday, 1}, {1, monday + 10, 2}, {1, monday + 11, 4}, {1, monday + 20, 8}, {1, monday + 21, 16}},
                {.end = monday + 10, .start = monday, .holdout_end = monday + 20});
  CHECK(s.frequency[0] == 1);
  CHECK(s.age[0] == 10);
  CHECK(s.revenue[0] == 3);
  CHECK(s.holdout_frequency[0] == 2);
  CHECK(s.holdout_revenue[0] == 12);
  CHECK(s.acquired_before_start[0] == 0);
  CHECK(s.log.rows_in_holdout == 2);
  CHECK(s.log.rows_after_end == 1);
  CHECK(s.log.warnings() == std::vector<warning_count>{{warning_code::after_end, 1}});
}

TEST_CASE("accumulator: rows before the start mark their customer and count for nothing else") {
  const summary s =
      summarize({{1, monday - 1, 100}, {1, monday + 2, 1}, {2, monday - 5, 1}, {3, monday, 1}, {4, monday + 40, 1}},
                {.end = monday + 28, .start = monday});
  CHECK(s.ids.numbers == std::vector<std::int64_t>{1, 3});
  CHECK(s.acquired_before_start == std::vector<std::uint8_t>{1, 0});
  CHECK(s.first_purchase[0] == monday + 2);
  CHECK(s.frequency[0] == 0);
  CHECK(s.revenue[0] == 1);
  CHECK(s.log.rows_before_start == 2);
  CHECK(s.log.customers_outside == 2);
}

TEST_CASE("accumulator: returns are netted within the day") {
  const std::vector<transaction_row> rows{
      {1, monday, 10},     {1, monday + 1, 8},  {1, monday + 1, -3},  // a purchase of 5
      {1, monday + 2, 8},  {1, monday + 2, -8},                       // fully returned: no purchase
      {1, monday + 3, -4},                                            // a return of an earlier day
      {1, monday + 4, 0},                                             // a free order
      {2, monday, 5},      {2, monday, -5},                           // nothing left
      {3, monday, 5},      {3, monday, -5},     {3, monday + 1, 2}};
  SUBCASE("net") {
    const summary s = summarize(rows, {});
    CHECK(s.ids.numbers == std::vector<std::int64_t>{1, 3});
    CHECK(s.frequency[0] == 2);
    CHECK(s.recency[0] == 4);
    CHECK(s.monetary_value[0] == 2.5);  // 5 and 0
    CHECK(s.revenue[0] == 11);          // 10 + 5 + 0 - 4 + 0
    CHECK(s.first_purchase[1] == monday + 1);
    CHECK(s.log.customers_returns_only == 1);
    CHECK(s.log.warnings() == std::vector<warning_count>{{warning_code::returns_only, 1}});
  }
  SUBCASE("drop") {
    const summary s = summarize(rows, {}, true, {.returns = returns_policy::drop});
    CHECK(s.ids.numbers == std::vector<std::int64_t>{1, 2, 3});
    CHECK(s.frequency[0] == 3);
    CHECK(s.revenue[0] == 26);
    CHECK(s.log.returns_dropped == 5);
    CHECK(s.log.rows_taken() == 7);
  }
}

TEST_CASE("accumulator: a customer with one purchase has no monetary value") {
  const summary s = summarize({{1, monday, 10}}, {});
  CHECK(s.recency[0] == 0);
  CHECK(std::isnan(s.monetary_value[0]));
}

TEST_CASE("accumulator: a log without amounts has purchase days and no money") {
  const summary s = summarize({{1, monday, 0}, {1, monday + 7, 0}, {1, monday + 9, 0}},
                              {.unit = time_unit::week, .end = monday + 7, .holdout_end = monday + 10}, false);
  CHECK(s.frequency[0] == 1);
  CHECK(s.recency[0] == 1);
  CHECK(s.monetary_value.empty());
  CHECK(s.revenue.empty());
  CHECK(s.holdout_frequency[0] == 1);
  CHECK(s.holdout_revenue.empty());
}

TEST_CASE("accumulator: rows without an id are counted and left out, also for text") {
  const std::uint8_t valid = 0b101;
  const transaction_log log({{1, monday, 1}, {1, monday + 1, 2}, {2, monday, 4}});
  for (const bool is_text : {false, true}) {
    auto c = log.columns(is_text);
    std::visit([&](auto& ids) { ids.validity.bits = &valid; }, c.customer_id);
    accumulator a;
    a.add(c);
    const summary s = a.finish({.end = monday + 1});
    CHECK(s.size() == 2);
    CHECK(s.revenue[0] == 1);
    CHECK(s.log.rows_anonymous == 1);
    CHECK(s.log.rows_taken() == 2);
    CHECK(s.log.last_day == monday);
    CHECK(s.log.warnings() == std::vector<warning_count>{{warning_code::anonymous, 1}});
  }
}

TEST_CASE("accumulator: minor units are the same money as doubles") {
  const std::vector<std::int64_t> ids{1, 1, 1};
  const std::vector<std::int32_t> days{monday, monday + 1, monday + 2};
  const std::vector<std::int64_t> cents{1999, 2933, -1};
  transaction_columns c;
  c.customer_id = column<std::int64_t>(ids);
  c.day = days;
  c.amount_minor = cents;
  accumulator exact;
  exact.add(c);
  const summary a = exact.finish({.end = monday + 2});
  const summary b =
      summarize({{1, monday, 19.99}, {1, monday + 1, 29.33}, {1, monday + 2, -0.01}}, {.end = monday + 2});
  CHECK(a.revenue == b.revenue);
  CHECK(a.revenue[0] == 49.31);
  CHECK(a.monetary_value == b.monetary_value);
  CHECK(a.log.amounts_rounded == 0);
}

TEST_CASE("accumulator: rounded amounts are counted") {
  const summary s = summarize({{1, monday, 1.0 / 3}, {1, monday + 1, 0.5}}, {});
  CHECK(s.log.amounts_rounded == 1);
  CHECK(s.revenue[0] == 0.833333);
}
