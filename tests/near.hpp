// Nearness as every reference table states it: |found - expected| <= max(relative * |expected|, absolute).
#pragma once

#include <algorithm>
#include <cmath>

namespace kundenwert::test {

inline bool near(double found, double expected, double relative, double absolute = 0) {
  if (std::isnan(found) || std::isnan(expected)) return false;
  if (found == expected) return true;
  return std::fabs(found - expected) <= std::max(relative * std::fabs(expected), absolute);
}

}  // namespace kundenwert::test

// Checks and, on failure, prints both values.
#define CHECK_NEAR(found, expected, relative, absolute)                                         \
  do {                                                                                          \
    const double kw_found = (found);                                                            \
    const double kw_expected = (expected);                                                      \
    CAPTURE(kw_found);                                                                          \
    CAPTURE(kw_expected);                                                                       \
    CHECK_MESSAGE(::kundenwert::test::near(kw_found, kw_expected, relative, absolute), #found); \
  } while (false)
