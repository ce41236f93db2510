// Checks shared by every column function. Each throws error{code, argument, row} and is called before anything is
// written; rows are checked in order, so the row named is the smallest offending one.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"

namespace kundenwert {

inline void require_same_length(std::int64_t expected, std::int64_t found, std::string_view argument) {
  if (expected != found) {
    fail(error_code::length_mismatch, argument,
         "has " + std::to_string(found) + " rows where " + std::to_string(expected) + " are needed");
  }
}

inline void require_not_empty(std::int64_t rows, std::string_view argument) {
  if (rows == 0) fail(error_code::empty, argument, "has no rows");
}

// A required number: not null, not NaN, not infinite.
inline void require_finite(double value, std::string_view argument, std::int64_t row = no_row) {
  if (std::isnan(value)) fail_at(error_code::missing, argument, row, "is missing or NaN");
  if (std::isinf(value)) fail_at(error_code::non_finite, argument, row, "is infinite");
}

inline void require_not_negative(double value, std::string_view argument, std::int64_t row = no_row) {
  require_finite(value, argument, row);
  if (value < 0) fail_at(error_code::sign, argument, row, "is negative: " + std::to_string(value));
}

inline void require_positive(double value, std::string_view argument, std::int64_t row = no_row) {
  require_finite(value, argument, row);
  if (!(value > 0)) fail_at(error_code::sign, argument, row, "must be above zero, is " + std::to_string(value));
}

// A share or probability: in [0, 1].
inline void require_share(double value, std::string_view argument, std::int64_t row = no_row) {
  require_finite(value, argument, row);
  if (value < 0 || value > 1) {
    fail_at(error_code::domain, argument, row, "must be in [0, 1], is " + std::to_string(value));
  }
}

}  // namespace kundenwert
