// Sum of model values (doubles) that no order of rows and no cut into batches can change by a bit: each is rounded to
// a multiple of 2^-40 (about 1e-12) and added exactly.
//
// Amounts of money that were recorded are added in base/sum, in whole millionths.
#pragma once

#include <cmath>
#include <cstdint>

#include "kundenwert/base/sum.hpp"

namespace kundenwert {

class value_sum {
 public:
  // Largest magnitude of one value: 2^60, so that 2^27 of the largest have a sum.
  static constexpr double largest = 1152921504606846976.0;

  // False, and nothing is added, where value is NaN or beyond the largest.
  bool add(double value) {
    if (!(std::fabs(value) <= largest)) return false;
    constexpr double steps = 1099511627776.0;            // 2^40 to the unit
    constexpr double low_word = 18446744073709551616.0;  // 2^64
    const double scaled = std::rint(value * steps);
    const double high = std::floor(scaled / low_word);
    // Exact: both are multiples of the last place of scaled, and the difference is in [0, 2^64).
    sum_.add(exact_sum(static_cast<std::int64_t>(high), static_cast<std::uint64_t>(scaled - high * low_word)));
    return true;
  }
  void add(const value_sum& other) { sum_.add(other.sum_); }

  // The nearest double.
  double value() const { return sum_.divided_by(std::uint64_t{1} << 40); }

 private:
  exact_sum sum_;
};

}  // namespace kundenwert
