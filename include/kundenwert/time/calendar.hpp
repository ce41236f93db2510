// The calendar: a civil day is an int32 number of days since 1970-01-01 in the proleptic Gregorian calendar. Years,
// months, ISO weeks and the periods of reports are found from it, and months are added the way contracts do.
//
// References: ISO 8601-1:2019 (weeks: Monday first, week 1 holds the first Thursday); date/date.h, H. Hinnant;
// the project's domain specification C, "Time".
//
// term     | name here    | unit            | domain
// day      | std::int32_t | civil days      | [earliest_day, latest_day], 1900-01-01 to 2199-12-31; 2024-03-01 is 19783
// period   | period       | enumeration     | day, iso_week, month, quarter, year
// index    | std::int32_t | periods         | consecutive; 0 is the period that holds 1970-01-01
// interval | day_interval | civil days      | half-open: [from, to)
//
// A day outside the domain is refused (date_range) by every function here, with the argument's name and row.
#pragma once

#include <date/date.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/base/units.hpp"

namespace kundenwert {

// Throws date_range for a day outside 1900-01-01 to 2199-12-31.
void require_day(std::int32_t day, std::string_view argument, std::int64_t row = no_row);

// Year, month 1 to 12 and day of the month 1 to 31.
struct civil_date {
  std::int32_t year = 0;
  std::int32_t month = 0;
  std::int32_t day = 0;

  friend bool operator==(const civil_date&, const civil_date&) = default;
};

// The day of a date. Throws date_invalid for one that does not exist (2023-02-29), date_range outside 1900 to 2199.
std::int32_t day_of(const civil_date& date, std::string_view argument = "date", std::int64_t row = no_row);
civil_date civil_of(std::int32_t day);

// The same day of the month `months` later (or earlier), or the last day of that month where it is shorter.
// Always add to the anchor: 2024-01-31 plus 2 months is 2024-03-31, but one month twice is 2024-03-29.
std::int32_t add_months(std::int32_t anchor, std::int32_t months);

// ISO 8601 week of a day: its year differs from the calendar year around New Year (2021-01-03 is 2020-W53-7).
struct iso_week_date {
  std::int32_t year = 0;
  std::int32_t week = 0;     // 1 to 53
  std::int32_t weekday = 0;  // 1 Monday to 7 Sunday

  friend bool operator==(const iso_week_date&, const iso_week_date&) = default;
};
iso_week_date iso_week_of(std::int32_t day);

enum class period : std::int32_t { day = 1, iso_week = 2, month = 3, quarter = 4, year = 5 };

constexpr std::string_view name_of(period p);

// Days of [from, to).
struct day_interval {
  std::int32_t from = 0;
  std::int32_t to = 0;

  std::int32_t size() const { return to - from; }
  bool contains(std::int32_t day) const { return from <= day && day < to; }
  friend bool operator==(const day_interval&, const day_interval&) = default;
};

// The period of a day, as a number that grows by one from each period to the next. Throws unknown_code for a number
// that is no period.
std::int32_t period_index(std::int32_t day, period p);
// The days of a period. Its `to` may lie beyond latest_day: it is the first day that no longer belongs to it.
// Throws date_range where no day of the period is in the domain.
day_interval period_days(std::int32_t index, period p);
// "2024-03-01", "2024-W09", "2024-03", "2024-Q1" or "2024".
std::string period_label(std::int32_t index, period p);

// Column of period_index: one entry per row of `day`. A null is refused (missing).
std::vector<std::int32_t> period_indices(const column<std::int32_t>& day, period p, std::string_view argument = "date");

// "2024-03-01". The year must have four digits, else date_range.
std::string format_day(std::int32_t day);

// A fixed offset from UTC in minutes, east positive; within 18 hours.
struct fixed_offset {
  std::int32_t minutes = 0;
};

// The civil day of a timestamp (microseconds since 1970-01-01T00:00:00Z) at a fixed offset from UTC.
// Throws domain for an offset beyond 18 hours, date_range outside 1900 to 2199. Named zones are in time/zone.
std::int32_t local_day(std::int64_t utc_microseconds, fixed_offset offset, std::string_view argument = "timestamp",
                       std::int64_t row = no_row);

namespace detail {

constexpr std::int64_t microseconds_per_minute = 60'000'000;
constexpr std::int64_t microseconds_per_day = 1440 * microseconds_per_minute;
constexpr std::int32_t longest_offset_minutes = 18 * 60;
// 1970-01-01 was a Thursday: three days after the Monday of its week.
constexpr std::int32_t days_after_monday = 3;
constexpr std::int32_t epoch_year = 1970;

constexpr std::int32_t floor_divide(std::int32_t a, std::int32_t b) {
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0);
}
constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0);
}

inline date::year_month_day ymd_of(std::int32_t day) { return date::sys_days{date::days{day}}; }

inline std::int32_t day_of_ymd(const date::year_month_day& ymd) {
  return static_cast<std::int32_t>(date::sys_days{ymd}.time_since_epoch().count());
}

// The first day of the month that starts `months` after 1970-01-01. Range: years the int16 of date::year holds.
inline std::int32_t month_start(std::int32_t months) {
  const std::int32_t year = epoch_year + floor_divide(months, 12);
  const std::int32_t month = months - floor_divide(months, 12) * 12 + 1;
  return day_of_ymd({date::year{year}, date::month{static_cast<unsigned>(month)}, date::day{1}});
}

inline std::int32_t month_index(const date::year_month_day& ymd) {
  return (static_cast<int>(ymd.year()) - epoch_year) * 12 + static_cast<std::int32_t>(unsigned{ymd.month()}) - 1;
}

// Appends a number below 10^width with leading zeros.
inline void append_digits(std::string& text, std::int32_t number, int width) {
  std::int32_t power = 1;
  for (int i = 1; i < width; ++i) power *= 10;
  for (; power > 0; power /= 10) text += static_cast<char>('0' + number / power % 10);
}

[[noreturn]] inline void fail_period(std::string_view argument) {
  fail(error_code::unknown_code, argument, "is none of day, iso_week, month, quarter, year");
}

// The first day of a period, without a check of its domain. Range: |index| <= 2^17.
inline std::int32_t period_start(std::int32_t index, period p) {
  switch (p) {
    case period::day:
      return index;
    case period::iso_week:
      return index * 7 - days_after_monday;
    case period::month:
      return month_start(index);
    case period::quarter:
      return month_start(index * 3);
    case period::year:
      return month_start(index * 12);
  }
  fail_period("period");
}

// period_index of a day in the domain.
inline std::int32_t period_index_unchecked(std::int32_t day, period p) {
  switch (p) {
    case period::day:
      return day;
    case period::iso_week:
      return floor_divide(day + days_after_monday, 7);
    case period::month:
      return month_index(ymd_of(day));
    case period::quarter:
      return floor_divide(month_index(ymd_of(day)), 3);
    case period::year:
      return static_cast<int>(ymd_of(day).year()) - epoch_year;
  }
  fail_period("period");
}

}  // namespace detail

inline void require_day(std::int32_t day, std::string_view argument, std::int64_t row) {
  if (day < earliest_day || day > latest_day) {
    fail_at(error_code::date_range, argument, row,
            "is outside 1900-01-01 to 2199-12-31: day " + std::to_string(day) + " from 1970-01-01");
  }
}

inline std::int32_t day_of(const civil_date& date, std::string_view argument, std::int64_t row) {
  const auto text = [&] {
    return std::to_string(date.year) + "-" + std::to_string(date.month) + "-" + std::to_string(date.day);
  };
  if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31) {
    fail_at(error_code::date_invalid, argument, row, "is no date: " + text());
  }
  // The calendar repeats every 400 years, so that a date of any year can be told from one that does not exist.
  const std::int32_t same_calendar = 2000 + date.year % 400;
  const date::year_month_day ymd{date::year{same_calendar}, date::month{static_cast<unsigned>(date.month)},
                                 date::day{static_cast<unsigned>(date.day)}};
  if (!ymd.ok()) fail_at(error_code::date_invalid, argument, row, "is no date: " + text());
  if (date.year < 1900 || date.year > 2199) {
    fail_at(error_code::date_range, argument, row, "is outside 1900-01-01 to 2199-12-31: " + text());
  }
  return detail::day_of_ymd({date::year{date.year}, ymd.month(), ymd.day()});
}

inline civil_date civil_of(std::int32_t day) {
  require_day(day, "day");
  const auto ymd = detail::ymd_of(day);
  return {static_cast<int>(ymd.year()), static_cast<std::int32_t>(unsigned{ymd.month()}),
          static_cast<std::int32_t>(unsigned{ymd.day()})};
}

inline std::int32_t add_months(std::int32_t anchor, std::int32_t months) {
  require_day(anchor, "day");
  // 300 years of 12 months: beyond that no result is in the domain, and below it nothing overflows.
  constexpr std::int32_t widest = 3600;
  if (months < -widest || months > widest) {
    fail(error_code::date_range, "months", "lead outside 1900-01-01 to 2199-12-31: " + std::to_string(months));
  }
  auto moved = detail::ymd_of(anchor) + date::months{months};
  if (!moved.ok()) moved = moved.year() / moved.month() / date::last;
  const std::int32_t day = detail::day_of_ymd(moved);
  require_day(day, "months");
  return day;
}

inline iso_week_date iso_week_of(std::int32_t day) {
  require_day(day, "day");
  const std::int32_t week = detail::period_index_unchecked(day, period::iso_week);
  const std::int32_t monday = detail::period_start(week, period::iso_week);
  // The Thursday decides which year a week belongs to; week 1 holds the first Thursday.
  const std::int32_t thursday = monday + detail::days_after_monday;
  const date::year year = detail::ymd_of(thursday).year();
  const std::int32_t new_year = detail::day_of_ymd({year, date::January, date::day{1}});
  return {static_cast<int>(year), (thursday - new_year) / 7 + 1, day - monday + 1};
}

constexpr std::string_view name_of(period p) {
  switch (p) {
    case period::day:
      return "day";
    case period::iso_week:
      return "iso_week";
    case period::month:
      return "month";
    case period::quarter:
      return "quarter";
    case period::year:
      return "year";
  }
  return {};
}

inline std::int32_t period_index(std::int32_t day, period p) {
  require_day(day, "day");
  return detail::period_index_unchecked(day, p);
}

inline day_interval period_days(std::int32_t index, period p) {
  const std::int32_t first = detail::period_index_unchecked(earliest_day, p);
  const std::int32_t last = detail::period_index_unchecked(latest_day, p);
  if (index < first || index > last) {
    fail(error_code::date_range, "period", "is outside 1900-01-01 to 2199-12-31: number " + std::to_string(index));
  }
  return {detail::period_start(index, p), detail::period_start(index + 1, p)};
}

inline std::string period_label(std::int32_t index, period p) {
  const day_interval days = period_days(index, p);
  const auto ymd = detail::ymd_of(days.from);
  std::string label;
  switch (p) {
    case period::day:
      return format_day(days.from);
    case period::iso_week: {
      const iso_week_date week = iso_week_of(days.from);
      detail::append_digits(label, week.year, 4);
      label += "-W";
      detail::append_digits(label, week.week, 2);
      return label;
    }
    case period::month:
      detail::append_digits(label, static_cast<int>(ymd.year()), 4);
      label += '-';
      detail::append_digits(label, static_cast<std::int32_t>(unsigned{ymd.month()}), 2);
      return label;
    case period::quarter:
      detail::append_digits(label, static_cast<int>(ymd.year()), 4);
      label += "-Q";
      detail::append_digits(label, static_cast<std::int32_t>(unsigned{ymd.month()} / 3 + 1), 1);
      return label;
    case period::year:
      detail::append_digits(label, static_cast<int>(ymd.year()), 4);
      return label;
  }
  detail::fail_period("period");
}

inline std::vector<std::int32_t> period_indices(const column<std::int32_t>& day, period p, std::string_view argument) {
  for (std::int64_t row = 0; row < day.size(); ++row) {
    if (!day.is_valid(row)) fail_at(error_code::missing, argument, row, "is null");
    require_day(day[row], argument, row);
  }
  if (name_of(p).empty()) detail::fail_period("period");
  std::vector<std::int32_t> indices;
  indices.reserve(day.values.size());
  for (const std::int32_t value : day.values) indices.push_back(detail::period_index_unchecked(value, p));
  return indices;
}

inline std::string format_day(std::int32_t day) {
  // 0000-01-01 and 9999-12-31 as days from 1970-01-01.
  constexpr std::int32_t first_of_four_digits = -719528;
  constexpr std::int32_t last_of_four_digits = 2932896;
  if (day < first_of_four_digits || day > last_of_four_digits) {
    fail(error_code::date_range, "day", "has no year of four digits: day " + std::to_string(day) + " from 1970-01-01");
  }
  const auto ymd = detail::ymd_of(day);
  std::string text;
  text.reserve(10);
  detail::append_digits(text, static_cast<int>(ymd.year()), 4);
  text += '-';
  detail::append_digits(text, static_cast<std::int32_t>(unsigned{ymd.month()}), 2);
  text += '-';
  detail::append_digits(text, static_cast<std::int32_t>(unsigned{ymd.day()}), 2);
  return text;
}

inline std::int32_t local_day(std::int64_t utc_microseconds, fixed_offset offset, std::string_view argument,
                              std::int64_t row) {
  if (offset.minutes < -detail::longest_offset_minutes || offset.minutes > detail::longest_offset_minutes) {
    fail(error_code::domain, "utc_offset", "is beyond 18 hours: " + std::to_string(offset.minutes) + " minutes");
  }
  // A day more on either side than any offset can move, so that the sum below cannot overflow.
  const std::int64_t utc_day = detail::floor_divide(utc_microseconds, detail::microseconds_per_day);
  if (utc_day < earliest_day - 1 || utc_day > latest_day + 1) {
    fail_at(error_code::date_range, argument, row, "is outside 1900-01-01 to 2199-12-31");
  }
  const std::int64_t local = utc_microseconds + offset.minutes * detail::microseconds_per_minute;
  const auto day = static_cast<std::int32_t>(detail::floor_divide(local, detail::microseconds_per_day));
  require_day(day, argument, row);
  return day;
}

}  // namespace kundenwert
