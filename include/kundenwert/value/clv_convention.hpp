// The named conventions of a contractual customer lifetime value. With the same numbers they differ by half and more,
// so that none is a default and every result carries the one it was made with.
//
// Reference: domain specification B1.2; Gupta & Lehmann (2003), "Customers as assets".
//
// paper | name here     | unit    | domain
// k0    | first_period  | periods | 0: the margin of the current period counts; 1: the next one is the first to count
// tau   | payment_time  | periods | 0 beginning, 1/2 middle, 1 end of the period in which a margin is earned
#pragma once

#include <cstdint>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/error.hpp"

namespace kundenwert::value {

#define KW_CLV_CONVENTIONS(X)                                                                       \
  X(1, first_margin_now, "first margin counts; paid at the beginning of each period")               \
  X(2, gupta_lehmann, "first margin does not count; paid at the beginning of each period")          \
  X(3, mid_period, "first margin counts; paid in the middle of each period")                        \
  X(4, end_of_period, "first margin counts; paid at the end of each period")                        \
  X(5, mid_period_first_excluded, "first margin does not count; paid in the middle of each period") \
  X(6, end_of_period_first_excluded, "first margin does not count; paid at the end of each period")
KW_DEFINE_CODES(clv_convention, clv_conventions, KW_CLV_CONVENTIONS)

// Throws unknown_code where `convention` is none of the list (0: it was not chosen).
inline void require_convention(clv_convention convention) {
  if (name_of(convention).empty()) {
    fail(error_code::unknown_code, "convention", "is not one of the named conventions; it has no default");
  }
}

constexpr std::int32_t first_period(clv_convention convention) {
  return convention == clv_convention::gupta_lehmann || convention == clv_convention::mid_period_first_excluded ||
                 convention == clv_convention::end_of_period_first_excluded
             ? 1
             : 0;
}

constexpr double payment_time(clv_convention convention) {
  switch (convention) {
    case clv_convention::first_margin_now:
    case clv_convention::gupta_lehmann:
      return 0;
    case clv_convention::mid_period:
    case clv_convention::mid_period_first_excluded:
      return 0.5;
    case clv_convention::end_of_period:
    case clv_convention::end_of_period_first_excluded:
      return 1;
  }
  return 0;
}

}  // namespace kundenwert::value
