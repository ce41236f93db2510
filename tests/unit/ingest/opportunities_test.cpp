#include "kundenwert/ingest/opportunities.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "near.hpp"
#include "transaction_log.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

accumulator log_of(const std::vector<transaction_row>& rows, bool has_amounts = true) {
  accumulator a;
  a.add(transaction_log(rows, has_amounts).columns());
  return a;
}

// Gifts by year. Donor 1 begins in 1995 and gives in 1996 and 1998 (0 or 1 for 1996 to 2000: 10100), donor 2 in 1995
// alone, twice, donor 3 begins in 1997 and gives in each year, donor 4 begins in 2000; all but 2 give in 2001.
const std::vector<transaction_row> gifts{
    {1, day_of(1995, 2, 1), 10},  {1, day_of(1996, 12, 31), 20}, {1, day_of(1998, 1, 1), 30},
    {1, day_of(1998, 12, 30), 5}, {1, day_of(2001, 5, 5), 1},    {2, day_of(1995, 1, 1), 7},
    {2, day_of(1995, 12, 31), 9}, {3, day_of(1997, 6, 1), 1},    {3, day_of(1998, 6, 1), 2},
    {3, day_of(1999, 6, 1), 3},   {3, day_of(2000, 6, 1), 5},    {3, day_of(2001, 2, 2), 8},
    {4, day_of(2000, 12, 31), 4}, {4, day_of(2001, 1, 1), 4},    {4, day_of(2002, 12, 31), 4}};

}  // namespace

TEST_CASE("opportunities: who gave in which year") {
  // Half of 2001 is no opportunity: the observation ends with 2000.
  for (const std::int32_t end : {day_of(2000, 12, 31), day_of(2001, 6, 30)}) {
    const summary s = summarize_opportunities(log_of(gifts), {.each = period::year, .end = end});
    CHECK(s.unit == time_unit::year);
    CHECK(s.end == day_of(2000, 12, 31));
    CHECK(s.ids.numbers == std::vector<std::int64_t>{1, 2, 3, 4});
    CHECK(s.frequency == std::vector<double>{2, 0, 3, 0});
    CHECK(s.recency == std::vector<double>{3, 0, 3, 0});
    CHECK(s.age == std::vector<double>{5, 5, 3, 0});
    CHECK(s.monetary_value[0] == 27.5);  // 20 in 1996, 30 + 5 in 1998
    CHECK(std::isnan(s.monetary_value[1]));
    CHECK_NEAR(s.monetary_value[2], 10.0 / 3, 1e-15, 0);
    CHECK(s.revenue == std::vector<double>{65, 16, 11, 4});
    CHECK_NEAR(s.log_interval_sum[0], std::log(2), 1e-15, 0);  // ln 1 + ln 2
    CHECK(s.log_interval_sum[2] == 0);
    CHECK(s.first_purchase[0] == day_of(1995, 2, 1));
    CHECK(s.last_purchase[0] == day_of(1998, 12, 30));
    CHECK(s.last_purchase[1] == day_of(1995, 12, 31));
    CHECK(s.log.rows_after_end == 4);
    CHECK(s.holdout_frequency.empty());
  }
}

TEST_CASE("opportunities: the last day of a period makes it a whole one") {
  const summary s = summarize_opportunities(log_of(gifts), {.each = period::year, .end = day_of(2001, 12, 31)});
  CHECK(s.frequency == std::vector<double>{3, 0, 4, 1});
  CHECK(s.recency == std::vector<double>{6, 0, 4, 1});
  CHECK(s.age == std::vector<double>{6, 6, 4, 1});
}

TEST_CASE("opportunities: the hold-out in whole periods") {
  const summary s = summarize_opportunities(
      log_of(gifts), {.each = period::year, .end = day_of(2000, 12, 31), .holdout_end = day_of(2002, 12, 31)});
  CHECK(s.holdout_end == day_of(2002, 12, 31));
  CHECK(s.holdout_frequency == std::vector<double>{1, 0, 1, 2});
  CHECK(s.holdout_revenue == std::vector<double>{1, 0, 8, 8});
  const summary shorter = summarize_opportunities(
      log_of(gifts), {.each = period::year, .end = day_of(2000, 12, 31), .holdout_end = day_of(2002, 12, 30)});
  CHECK(shorter.holdout_end == day_of(2001, 12, 31));
  CHECK(shorter.holdout_frequency == std::vector<double>{1, 0, 1, 1});
  CHECK(shorter.log.rows_after_end == 1);
}

TEST_CASE("opportunities: who has no purchase day in a whole period is no row") {
  const accumulator log = log_of({{1, day_of(2024, 1, 15), 5},
                                  {2, day_of(2024, 3, 2), 5},    // after the last whole month
                                  {3, day_of(2024, 2, 1), -5},   // a return alone
                                  {4, day_of(2023, 12, 31), 5},  // before the start alone
                                  {5, day_of(2023, 12, 31), 5},
                                  {5, day_of(2024, 2, 29), 5}});
  const summary s =
      summarize_opportunities(log, {.each = period::month, .end = day_of(2024, 3, 10), .start = day_of(2024, 1, 10)});
  CHECK(s.ids.numbers == std::vector<std::int64_t>{1, 5});
  CHECK(s.unit == time_unit::month);
  CHECK(s.end == day_of(2024, 2, 29));
  CHECK(s.age == std::vector<double>{1, 0});
  CHECK(s.acquired_before_start == std::vector<std::uint8_t>{0, 1});
  CHECK(s.log.customers_returns_only == 1);
  CHECK(s.log.customers_outside == 2);
  CHECK(s.log.rows_before_start == 2);
}

TEST_CASE("opportunities: returns make no opportunity, and their money counts in revenue alone") {
  const summary s = summarize_opportunities(log_of({{1, day_of(2024, 1, 3), 10},
                                                    {1, day_of(2024, 2, 3), 20},
                                                    {1, day_of(2024, 2, 9), -5},
                                                    {1, day_of(2024, 3, 1), -7}}),
                                            {.each = period::month, .end = day_of(2024, 3, 31)});
  CHECK(s.frequency[0] == 1);
  CHECK(s.recency[0] == 1);
  CHECK(s.age[0] == 2);
  CHECK(s.monetary_value[0] == 20);
  CHECK(s.revenue[0] == 18);
}

TEST_CASE("opportunities: weeks are ISO weeks, and a log may have no amounts") {
  // 2024-12-30 is the Monday of 2025-W01, 2021-01-03 the Sunday of 2020-W53.
  const summary s = summarize_opportunities(
      log_of({{1, day_of(2024, 12, 29), 0}, {1, day_of(2024, 12, 30), 0}, {2, day_of(2021, 1, 3), 0}}, false),
      {.each = period::iso_week, .end = day_of(2025, 1, 5)});
  CHECK(s.unit == time_unit::week);
  CHECK(s.end == day_of(2025, 1, 5));
  CHECK(s.frequency == std::vector<double>{1, 0});
  CHECK(s.recency == std::vector<double>{1, 0});
  CHECK(s.age == std::vector<double>{1, 209});  // 1463 days from one Sunday to the other
  CHECK(s.monetary_value.empty());
  CHECK(s.revenue.empty());
}
