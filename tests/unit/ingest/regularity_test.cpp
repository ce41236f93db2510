#include "kundenwert/ingest/regularity.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "near.hpp"
#include "transaction_log.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t monday = day_of(2024, 3, 4);

// Two customers with the last intervals 3 and 1, 1 and 1, and one with a single interval.
const std::vector<transaction_row> rows{
    {1, monday - 30, 5}, {1, monday, 5},      {1, monday + 7, 5}, {1, monday + 10, 5}, {1, monday + 11, 5},
    {1, monday + 11, 2}, {1, monday + 40, 5}, {2, monday, 5},     {2, monday + 1, 5},  {2, monday + 2, 5},
    {2, monday + 3, -5}, {3, monday, 5},      {3, monday + 9, 5}};

accumulator small_log(accumulator_options options = {}) {
  accumulator a(options);
  a.add(transaction_log(rows).columns());
  return a;
}

}  // namespace

TEST_CASE("regularity: two pairs, by hand") {
  const regularity found = regularity_of(small_log(), {.end = monday + 30, .start = monday, .fewest_pairs = 2});
  CHECK(found.outcome == outcome::converged);
  CHECK(found.pairs == 2);
  // M - 1/2 is 1/4 and 0: the mean square is 1/32, the mean fourth power 1/512.
  CHECK(found.variance == 1.0 / 32);
  CHECK(found.shape == 3.5);  // (1 - 1/8) / (1/4)
  // sqrt((1/512 - 1/1024) / 2) / (8 / 1024)
  CHECK_NEAR(found.standard_error, std::sqrt(8.0), 1e-15, 0);
  // The sums are 4 and 2: (2/48 + 0) / 2 is 1/48, and (1 - 1/12) / (1/6) is 5.5.
  CHECK_NEAR(found.random_shape, 5.5, 1e-14, 0);
}

TEST_CASE("regularity: only purchase days of the observation count, and of those the last three") {
  // With the day before the start, and 29 days later another: the last intervals are then 1 and 29, M - 1/2 = -14/30.
  const regularity found = regularity_of(small_log(), {.end = monday + 40, .fewest_pairs = 2});
  CHECK(found.pairs == 2);
  CHECK_NEAR(found.variance, 14.0 * 14 / 900 / 2, 1e-15, 0);
  CHECK(regularity_of(small_log(), {.end = monday + 9}).pairs == 2);  // 30 and 7, 1 and 1
  CHECK(regularity_of(small_log(), {.end = monday + 9, .start = monday}).pairs == 1);
}

TEST_CASE("regularity: too few pairs, and pairs that are all equal") {
  const regularity few = regularity_of(small_log(), {.end = monday + 30});
  CHECK(few.outcome == outcome::insufficient_data);
  CHECK(few.pairs == 2);
  CHECK(few.variance > 0);
  CHECK(std::isnan(few.shape));
  CHECK(std::isnan(few.standard_error));
  const regularity none = regularity_of(accumulator(), {.end = monday});
  CHECK(none.outcome == outcome::insufficient_data);
  CHECK(none.pairs == 0);
  CHECK(std::isnan(none.variance));
  interval_pairs weekly;
  for (int i = 0; i < 50; ++i) weekly.take(7, 7);
  const regularity equal = weekly.estimate(30);
  CHECK(equal.outcome == outcome::at_bound);
  CHECK(equal.variance == 0);
  CHECK(std::isnan(equal.shape));
}

TEST_CASE("regularity: one share for all is a variance without spread") {
  interval_pairs pairs;
  for (int i = 0; i < 50; ++i) pairs.take(1, 2);
  const regularity found = pairs.estimate(30);
  CHECK(found.outcome == outcome::converged);
  CHECK_NEAR(found.shape, 4, 1e-14, 0);  // (M - 1/2)^2 = 1/36
  CHECK_NEAR(found.standard_error, 0, 0, 1e-6);
}

TEST_CASE("regularity: a customer base has the purchase days of its log") {
  customer_base base;
  base.ids.numbers = {1, 2};
  base.purchases.offsets = {0, 4, 7};
  base.purchases.events = {{10, no_day, 1, 1}, {12, 30, 1, 1},     {13, no_day, 1, 1}, {14, no_day, 1, 1},
                           {20, no_day, 1, 1}, {21, no_day, 1, 1}, {24, no_day, 1, 1}};
  const regularity kept = regularity_of(base, {.end = 29, .fewest_pairs = 2});  // 1 and 1, 1 and 3
  CHECK(kept.pairs == 2);
  CHECK(kept.variance == 1.0 / 32);
  const regularity cancelled = regularity_of(base, {.end = 30, .fewest_pairs = 2});  // 3 and 1, 1 and 3
  CHECK(cancelled.variance == 1.0 / 16);
  CHECK(regularity_of(base, {.end = 23, .start = 11}).pairs == 1);
}
