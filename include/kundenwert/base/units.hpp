// The units of time in which models measure recency, T and horizons, and the days that are taken for dates.
//
// unit  | days      | note
// day   | 1         |
// week  | 7         |
// month | 30.4375   | the mean month, 365.25 / 12; calendar months are in time/calendar
// year  | 365.25    |
#pragma once

#include <cstdint>
#include <string_view>

#include "kundenwert/base/error.hpp"

namespace kundenwert {

// First and last civil day, counted from 1970-01-01: 1900-01-01 and 2199-12-31.
inline constexpr std::int32_t earliest_day = -25567;
inline constexpr std::int32_t latest_day = 84005;

enum class time_unit : std::int32_t { day = 1, week = 2, month = 3, year = 4 };

inline constexpr double days_per_year = 365.25;

constexpr std::string_view name_of(time_unit unit) {
  switch (unit) {
    case time_unit::day:
      return "day";
    case time_unit::week:
      return "week";
    case time_unit::month:
      return "month";
    case time_unit::year:
      return "year";
  }
  return {};
}

// Throws unknown_code for a number that is no unit.
constexpr double days_per(time_unit unit) {
  switch (unit) {
    case time_unit::day:
      return 1;
    case time_unit::week:
      return 7;
    case time_unit::month:
      return days_per_year / 12;
    case time_unit::year:
      return days_per_year;
  }
  fail(error_code::unknown_code, "unit", "is none of day, week, month, year");
}

// Units in a mean year: 365.25, 52.178571..., 12, 1. Published weekly tables use 52 instead; pass that explicitly.
constexpr double units_per_year(time_unit unit) { return days_per_year / days_per(unit); }

}  // namespace kundenwert
