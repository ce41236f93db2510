// Exact sums: whole numbers added up in two 64-bit words, so that no order of rows and no cut into batches can change
// a bit. One rounding, to the nearest double, when the sum or a quotient of it is read.
//
// Range: |sum| < 2^127; with addends of 64 bits that takes 2^63 of them.
#pragma once

#include <cstdint>

namespace kundenwert {

class exact_sum {
 public:
  constexpr exact_sum() = default;
  constexpr explicit exact_sum(std::int64_t value);

  constexpr void add(std::int64_t value);
  constexpr void add(const exact_sum& other);
  constexpr int sign() const;          // -1, 0, 1
  constexpr double to_double() const;  // nearest double, ties to even
  constexpr double divided_by(
      std::uint64_t divisor) const;  // nearest double to sum / divisor, ties to even; divisor > 0
};

}  // namespace kundenwert
