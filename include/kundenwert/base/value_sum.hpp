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
    const double scaled = std::rint(std::fabs(value) * steps);
    // Exact: the last place of scaled is a whole number, and neither word needs more bits than scaled has.
    const double high_word = std::floor(scaled / low_word);
    auto high = static_cast<std::uint64_t>(high_word);
    auto low = static_cast<std::uint64_t>(scaled - high_word * low_word);
    if (value < 0) {
      low = ~low + 1;
      high = ~high + (low == 0 ? 1 : 0);
    }
    sum_.add(exact_sum(static_cast<std::int64_t>(high), low));
    return true;
  }
  void add(const value_sum& other) { sum_.add(other.sum_); }

  // The nearest double.
  double value() const { return sum_.divided_by(std::uint64_t{1} << 40); }

 private:
  exact_sum sum_;
};

}  // namespace kundenwert
