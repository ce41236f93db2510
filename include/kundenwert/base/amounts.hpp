// Money as whole millionths of the currency's major unit: what sums are made of. A double is rounded half-even once,
// minor units of up to six digits are exact.
//
// name    | unit                  | domain
// amount  | major unit            | |amount| <= 1e12
// value   | millionths            | |value| <= 1e18, fits an int64
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "kundenwert/base/error.hpp"
#include "kundenwert/base/sum.hpp"

namespace kundenwert {

inline constexpr double largest_amount = 1e12;
inline constexpr std::int64_t millionths_per_unit = 1'000'000;
inline constexpr int largest_minor_exponent = 18;

namespace detail {

// Doubles up to here have a product with 10^6 below 2^53, where every half is a double.
inline constexpr double small_amount = 4e9;

inline std::int64_t rounded_millionths(double amount) {
  // Adding and taking away 2^52 rounds to a whole number, ties to even.
  constexpr double whole_from = 4503599627370496.0;
  const double scaled = amount * static_cast<double>(millionths_per_unit);
  const auto value = static_cast<std::int64_t>((std::fabs(scaled) + whole_from) - whole_from);
  return scaled < 0 ? -value : value;
}

}  // namespace detail

// Whole millionths of an amount with |amount| <= 1e12: the double amount * 1e6 rounded half-even, above 4e9 in two
// parts, so that nothing is lost there either.
inline std::int64_t millionths_of(double amount) {
  if (std::fabs(amount) <= detail::small_amount) return detail::rounded_millionths(amount);
  const auto whole = static_cast<std::int64_t>(amount);
  return whole * millionths_per_unit + detail::rounded_millionths(amount - static_cast<double>(whole));
}

// True where the amount is not the double nearest to a whole number of millionths, so that rounding changed it.
inline bool is_rounded(double amount, std::int64_t value) {
  if (std::fabs(amount) <= detail::small_amount) {
    return static_cast<double>(value) / static_cast<double>(millionths_per_unit) != amount;
  }
  return exact_sum(value).divided_by(static_cast<std::uint64_t>(millionths_per_unit)) != amount;
}

// Minor units of a currency with `exponent` digits (EUR 2, JPY 0, KWD 3; decimals up to 18) in millionths.
class minor_units {
 public:
  // Throws domain for an exponent outside 0..18.
  explicit minor_units(int exponent) {
    if (exponent < 0 || exponent > largest_minor_exponent) {
      fail(error_code::domain, "minor_exponent", "must be 0 to 18, is " + std::to_string(exponent));
    }
    constexpr int digits = 6;
    for (int i = exponent; i < digits; ++i) factor_ *= 10;
    for (int i = digits; i < exponent; ++i) divisor_ *= 10;
    if (divisor_ == 1) limit_ = std::int64_t{1'000'000'000'000'000'000} / factor_;
  }

  // False where the amount is above 1e12 major units.
  bool is_in_range(std::int64_t minor) const { return minor <= limit_ && minor >= -limit_; }
  bool is_rounded(std::int64_t minor) const { return minor % divisor_ != 0; }
  std::int64_t millionths_of(std::int64_t minor) const {
    if (divisor_ == 1) return minor * factor_;
    const std::int64_t quotient = minor / divisor_;
    const std::int64_t remainder = minor % divisor_;
    const std::int64_t twice = remainder < 0 ? -remainder - (divisor_ + remainder) : remainder - (divisor_ - remainder);
    if (twice < 0 || (twice == 0 && quotient % 2 == 0)) return quotient;
    return remainder < 0 ? quotient - 1 : quotient + 1;
  }

 private:
  std::int64_t factor_ = 1;
  std::int64_t divisor_ = 1;
  std::int64_t limit_ = INT64_MAX;  // with seven digits or more every int64 is below 1e12 units; INT64_MIN is refused
};

}  // namespace kundenwert
