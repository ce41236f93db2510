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
  constexpr explicit exact_sum(std::int64_t value)
      : high_(value < 0 ? -1 : 0), low_(static_cast<std::uint64_t>(value)) {}
  // The number high * 2^64 + low.
  constexpr exact_sum(std::int64_t high, std::uint64_t low) : high_(high), low_(low) {}

  constexpr void add(std::int64_t value) { add(exact_sum(value)); }
  constexpr void add(const exact_sum& other);

  constexpr int sign() const { return high_ < 0 ? -1 : (high_ != 0 || low_ != 0 ? 1 : 0); }
  constexpr std::int64_t high() const { return high_; }
  constexpr std::uint64_t low() const { return low_; }
  constexpr bool operator==(const exact_sum&) const = default;

  // The nearest double, ties to even.
  constexpr double to_double() const { return divided_by(1); }
  // The double nearest to sum / divisor, ties to even; divisor > 0.
  constexpr double divided_by(std::uint64_t divisor) const;

 private:
  std::int64_t high_ = 0;  // two's complement over both words
  std::uint64_t low_ = 0;
};

namespace detail {

// numerator / divisor for a numerator of two words: long division bit by bit until the quotient has 55 bits, two more
// than a double keeps, with a bit for "something follows". Slow, and rare: small numbers take the hardware division.
constexpr double long_quotient(std::uint64_t high, std::uint64_t low, std::uint64_t divisor) {
  constexpr std::uint64_t enough = std::uint64_t{1} << 54;
  std::uint64_t quotient = 0;
  std::uint64_t remainder = 0;
  int exponent = 128;  // value of the next bit of the numerator is 2^(exponent - 1)
  bool rest = false;
  while (exponent > 0 || quotient < enough) {
    if (quotient >= enough) break;
    std::uint64_t bit = 0;
    if (exponent > 64) bit = (high >> (exponent - 65)) & 1;
    if (exponent > 0 && exponent <= 64) bit = (low >> (exponent - 1)) & 1;
    const bool carry = (remainder >> 63) != 0;
    remainder = (remainder << 1) | bit;
    quotient <<= 1;
    if (carry || remainder >= divisor) {
      remainder -= divisor;
      quotient |= 1;
    }
    --exponent;
  }
  if (exponent > 64) rest = low != 0 || (high << (128 - exponent)) != 0;
  if (exponent == 64) rest = low != 0;
  if (exponent > 0 && exponent < 64) rest = (low << (64 - exponent)) != 0;
  if (rest || remainder != 0) quotient |= 1;
  auto value = static_cast<double>(static_cast<std::int64_t>(quotient));  // < 2^55: the conversion rounds once
  for (; exponent > 0; --exponent) value *= 2;
  for (; exponent < 0; ++exponent) value /= 2;
  return value;
}

}  // namespace detail

constexpr void exact_sum::add(const exact_sum& other) {
  low_ += other.low_;
  const std::uint64_t carry = low_ < other.low_ ? 1 : 0;
  high_ =
      static_cast<std::int64_t>(static_cast<std::uint64_t>(high_) + static_cast<std::uint64_t>(other.high_) + carry);
}

constexpr double exact_sum::divided_by(std::uint64_t divisor) const {
  // Both exact in a double, so the one division is the one rounding.
  constexpr std::uint64_t exact_limit = std::uint64_t{1} << 53;
  auto high = static_cast<std::uint64_t>(high_);
  std::uint64_t low = low_;
  if (high_ < 0) {
    low = ~low + 1;
    high = ~high + (low == 0 ? 1 : 0);
  }
  if (high == 0 && low == 0) return 0;
  const double magnitude = high == 0 && low <= exact_limit && divisor <= exact_limit
                               ? static_cast<double>(low) / static_cast<double>(divisor)
                               : detail::long_quotient(high, low, divisor);
  return high_ < 0 ? -magnitude : magnitude;
}

}  // namespace kundenwert
