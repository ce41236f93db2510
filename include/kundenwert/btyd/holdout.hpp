// The hold-out of a summary: what the customers bought after the end of observation, and how long that was.
//
// References: domain specification B0 (hold-out (end, holdout_end]).
#pragma once

#include <cmath>
#include <cstdint>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/model/summary.hpp"

namespace kundenwert::btyd {

// Throws empty without customers; column_missing (holdout_frequency; row `place`, which of several summaries) without
// hold-out; length_mismatch; missing, sign, not_integer for a row of it.
inline void require_holdout(const summary& s, std::int64_t place = no_row) {
  require_not_empty(s.size(), "frequency");
  if (s.holdout_frequency.empty()) {
    fail_at(error_code::column_missing, "holdout_frequency", place, "the customers have no hold-out");
  }
  require_same_length(s.size(), static_cast<std::int64_t>(s.holdout_frequency.size()), "holdout_frequency");
  for (std::size_t i = 0; i < s.holdout_frequency.size(); ++i) {
    const double count = s.holdout_frequency[i];
    const auto row = static_cast<std::int64_t>(i);
    require_not_negative(count, "holdout_frequency", row);
    if (count != std::floor(count)) fail_at(error_code::not_integer, "holdout_frequency", row, "is no whole number");
  }
}

// Its length in the unit of the summary: the one given (> 0), where it is 0 the one of the dates. Throws missing,
// sign (horizon).
inline double holdout_horizon(const summary& s, double given) {
  if (given != 0) {
    require_positive(given, "horizon");
    return given;
  }
  if (s.end == no_day || s.holdout_end == no_day) {
    fail(error_code::missing, "horizon", "is needed where the customers do not say when the hold-out ends");
  }
  const double length = static_cast<double>(s.holdout_end - s.end) / days_per(s.unit);
  require_positive(length, "horizon");
  return length;
}

}  // namespace kundenwert::btyd
