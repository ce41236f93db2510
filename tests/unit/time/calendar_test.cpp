#include "kundenwert/time/calendar.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <vector>

using namespace kundenwert;

namespace {

std::int32_t day(std::int32_t y, std::int32_t m, std::int32_t d) { return day_of({y, m, d}); }

// FNV-1a over whole numbers, as in the one-off Python programs named beside the values below.
struct fingerprint {
  std::uint64_t value = 14695981039346656037u;
  void add(std::int32_t number) { value = (value ^ static_cast<std::uint64_t>(number)) * 1099511628211u; }
};

}  // namespace

TEST_CASE("calendar: civil days (domain specification C, Time)") {
  CHECK(day(1970, 1, 1) == 0);
  CHECK(day(2024, 3, 1) == 19783);
  CHECK(day(1900, 1, 1) == earliest_day);
  CHECK(day(2199, 12, 31) == latest_day);
  CHECK(civil_of(19783) == civil_date{2024, 3, 1});
}

TEST_CASE("calendar: every day there and back, and Python's datetime.date agrees on all of them") {
  fingerprint print;
  for (std::int32_t d = earliest_day; d <= latest_day; ++d) {
    const civil_date date = civil_of(d);
    REQUIRE(day_of(date) == d);
    print.add(date.year * 10000 + date.month * 100 + date.day);
  }
  // Python 3.11: date(1900, 1, 1) + n days, up to 2199-12-31, year * 10000 + month * 100 + day.
  CHECK(print.value == 0x81cf07e013c1cad6u);
}

TEST_CASE("calendar: months are added to the anchor and clamped (domain specification C, Time)") {
  const auto anchor = day(2024, 1, 31);
  CHECK(add_months(anchor, 1) == day(2024, 2, 29));
  CHECK(add_months(anchor, 2) == day(2024, 3, 31));
  CHECK(add_months(add_months(anchor, 1), 1) == day(2024, 3, 29));
  CHECK(add_months(day(2023, 1, 31), 1) == day(2023, 2, 28));
  CHECK(add_months(day(2024, 2, 29), 12) == day(2025, 2, 28));
  CHECK(add_months(day(2024, 2, 29), 48) == day(2028, 2, 29));
  CHECK(add_months(day(2024, 3, 31), -1) == day(2024, 2, 29));
  CHECK(add_months(day(2024, 1, 15), -13) == day(2022, 12, 15));
  CHECK(add_months(anchor, 0) == anchor);
  CHECK(add_months(earliest_day, 3599) == day(2199, 12, 1));
}

TEST_CASE("calendar: ISO weeks (domain specification C, Time)") {
  CHECK(iso_week_of(day(2021, 1, 3)) == iso_week_date{2020, 53, 7});
  CHECK(iso_week_of(day(2024, 12, 30)) == iso_week_date{2025, 1, 1});
  CHECK(iso_week_of(0) == iso_week_date{1970, 1, 4});
}

TEST_CASE("calendar: ISO weeks of every day, against Python's isocalendar and against a plain walk") {
  fingerprint print;
  // The walk: 1900-01-01 was the Monday of week 1; the week with January 4 is the first of its year.
  iso_week_date expected{1900, 1, 1};
  for (std::int32_t d = earliest_day; d <= latest_day; ++d) {
    const iso_week_date week = iso_week_of(d);
    REQUIRE(week == expected);
    print.add(week.year * 1000 + week.week * 10 + week.weekday);
    if (++expected.weekday > 7) {
      expected.weekday = 1;
      ++expected.week;
      for (std::int32_t ahead = 1; ahead <= 7 && d + ahead <= latest_day; ++ahead) {
        const civil_date date = civil_of(d + ahead);
        if (date.month == 1 && date.day == 4) expected = {date.year, 1, 1};
      }
      // The week of 2199-12-31 holds January 4 of 2200, which is outside the domain.
      if (d + 7 > latest_day) expected = {2200, 1, 1};
    }
  }
  // Python 3.11: isocalendar() of the same days, year * 1000 + week * 10 + weekday.
  CHECK(print.value == 0x15fa033f985f6ac2u);
}

TEST_CASE("calendar: periods are consecutive, half-open and hold their days") {
  for (const period p : {period::day, period::iso_week, period::month, period::quarter, period::year}) {
    CAPTURE(name_of(p));
    CHECK(period_index(0, p) == 0);
    std::int32_t previous = period_index(earliest_day, p);
    for (std::int32_t d = earliest_day; d <= latest_day; ++d) {
      const std::int32_t index = period_index(d, p);
      REQUIRE(index >= previous);
      REQUIRE(index <= previous + 1);
      const day_interval days = period_days(index, p);
      REQUIRE(days.contains(d));
      if (index != previous) REQUIRE(period_days(previous, p).to == days.from);
      previous = index;
    }
  }
}

TEST_CASE("calendar: starts, ends and labels of periods") {
  const auto d = day(2024, 2, 29);
  struct example {
    period p;
    day_interval days;
    const char* label;
  };
  const std::array examples{
      example{period::day, {d, d + 1}, "2024-02-29"},
      example{period::iso_week, {day(2024, 2, 26), day(2024, 3, 4)}, "2024-W09"},
      example{period::month, {day(2024, 2, 1), day(2024, 3, 1)}, "2024-02"},
      example{period::quarter, {day(2024, 1, 1), day(2024, 4, 1)}, "2024-Q1"},
      example{period::year, {day(2024, 1, 1), day(2025, 1, 1)}, "2024"},
  };
  for (const auto& e : examples) {
    CHECK(period_days(period_index(d, e.p), e.p) == e.days);
    CHECK(period_label(period_index(d, e.p), e.p) == e.label);
  }
  CHECK(period_label(period_index(day(2021, 1, 3), period::iso_week), period::iso_week) == "2020-W53");
  CHECK(period_label(period_index(latest_day, period::iso_week), period::iso_week) == "2200-W01");
  CHECK(period_label(period_index(day(1969, 12, 31), period::quarter), period::quarter) == "1969-Q4");
  CHECK(period_index(day(1969, 12, 31), period::year) == -1);
}

TEST_CASE("calendar: column of periods") {
  const std::vector<std::int32_t> days{day(1997, 9, 30), day(1997, 10, 1), day(1998, 1, 1)};
  CHECK(period_indices(days, period::quarter) == std::vector<std::int32_t>{110, 111, 112});
  CHECK(period_indices({}, period::month).empty());
}

TEST_CASE("calendar: days as text") {
  CHECK(format_day(0) == "1970-01-01");
  CHECK(format_day(19783) == "2024-03-01");
  CHECK(format_day(latest_day + 1) == "2200-01-01");
  CHECK(format_day(-719528) == "0000-01-01");
  CHECK(format_day(2932896) == "9999-12-31");
}

TEST_CASE("calendar: the day of an instant at a fixed offset") {
  constexpr std::int64_t hour = 3'600'000'000;
  CHECK(local_day(0, fixed_offset{0}) == 0);
  CHECK(local_day(-1, fixed_offset{0}) == -1);
  CHECK(local_day(-1, fixed_offset{1}) == 0);
  CHECK(local_day(23 * hour, fixed_offset{60}) == 1);
  CHECK(local_day(23 * hour - 1, fixed_offset{60}) == 0);
  CHECK(local_day(4 * hour, fixed_offset{-300}) == -1);
  CHECK(local_day(86'400'000'000 * (latest_day + 1), fixed_offset{-1}) == latest_day);
}
