#include "kundenwert/time/span.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "near.hpp"

using namespace kundenwert;

namespace {
std::int32_t day(std::int32_t y, std::int32_t m, std::int32_t d) { return day_of({y, m, d}); }
}  // namespace

TEST_CASE("span: elapsed time in mean units") {
  // CDNOW: 1997-01-01 to the end of calibration 1997-09-30 are 272 days, 38.857142... weeks (Fader & Hardie).
  const auto from = day(1997, 1, 1);
  const auto to = day(1997, 9, 30);
  CHECK(elapsed(from, to, time_unit::day) == 272);
  CHECK_NEAR(elapsed(from, to, time_unit::week), 272.0 / 7, 0, 0);
  CHECK_NEAR(elapsed(from, to, time_unit::month), 272 / 30.4375, 0, 0);
  CHECK_NEAR(elapsed(from, to, time_unit::year), 272 / 365.25, 0, 0);
  CHECK(elapsed(from, from, time_unit::year) == 0);
  const std::vector<std::int32_t> froms{from, to};
  const std::vector<std::int32_t> tos{to, to};
  CHECK(elapsed(froms, tos, time_unit::week) == std::vector<double>{272.0 / 7, 0});
}

TEST_CASE("span: complete months are the largest number that add_months does not carry past the end") {
  CHECK(months_between(day(2024, 1, 31), day(2024, 2, 28)) == 0);
  CHECK(months_between(day(2024, 1, 31), day(2024, 2, 29)) == 1);
  CHECK(months_between(day(2024, 1, 31), day(2024, 3, 30)) == 1);
  CHECK(months_between(day(2024, 1, 31), day(2024, 3, 31)) == 2);
  CHECK(months_between(day(2024, 2, 29), day(2025, 2, 28)) == 12);
  CHECK(months_between(earliest_day, latest_day) == 3599);
  for (std::int32_t from = day(2023, 12, 1); from < day(2024, 3, 10); ++from) {
    for (std::int32_t to = from; to < day(2025, 4, 1); ++to) {
      std::int32_t expected = 0;
      while (add_months(from, expected + 1) <= to) ++expected;
      REQUIRE(months_between(from, to) == expected);
      const double months = calendar_months(from, to);
      REQUIRE(months >= expected);
      REQUIRE(months < expected + 1);
    }
  }
}

TEST_CASE("span: the share of the month begun") {
  CHECK(calendar_months(day(2024, 1, 1), day(2024, 2, 1)) == 1);
  CHECK_NEAR(calendar_months(day(2024, 1, 15), day(2024, 3, 1)), 1 + 15.0 / 29, 1e-15, 0);
  CHECK_NEAR(calendar_months(day(2023, 1, 31), day(2023, 3, 1)), 1 + 1.0 / 31, 1e-15, 0);
  CHECK_NEAR(calendar_months(day(2199, 12, 1), latest_day), 30.0 / 31, 1e-15, 0);
}

TEST_CASE("span: payment days keep to their anchor") {
  const auto anchor = day(2024, 1, 31);
  CHECK(payment_days(anchor, day(2024, 5, 1)) ==
        std::vector<std::int32_t>{anchor, day(2024, 2, 29), day(2024, 3, 31), day(2024, 4, 30)});
  // The end is exclusive.
  CHECK(payment_days(anchor, day(2024, 4, 30), 3) == std::vector<std::int32_t>{anchor});
  CHECK(payment_days(anchor, day(2024, 5, 1), 3) == std::vector<std::int32_t>{anchor, day(2024, 4, 30)});
  CHECK(payment_days(anchor, anchor).empty());
  CHECK(payment_days(anchor, latest_day, 2147483647) == std::vector<std::int32_t>{anchor});
}

TEST_CASE("span: the next payment day") {
  const auto anchor = day(2024, 1, 31);
  CHECK(next_payment_day(anchor, day(2020, 1, 1)) == anchor);
  CHECK(next_payment_day(anchor, anchor) == anchor);
  CHECK(next_payment_day(anchor, anchor + 1) == day(2024, 2, 29));
  CHECK(next_payment_day(anchor, day(2024, 2, 29)) == day(2024, 2, 29));
  CHECK(next_payment_day(anchor, day(2024, 3, 1)) == day(2024, 3, 31));
  CHECK(next_payment_day(anchor, anchor + 1, 12) == day(2025, 1, 31));
  const auto all = payment_days(anchor, day(2030, 1, 1), 5);
  for (std::int32_t d = anchor; d <= all.back(); ++d) {
    const auto found = next_payment_day(anchor, d, 5);
    REQUIRE(found == *std::lower_bound(all.begin(), all.end(), d));
  }
}
