// Polynomials and rational functions with constant coefficients, as the approximations of numeric/special and
// numeric/normal use them.
#pragma once

#include <cstddef>
#include <limits>

namespace kundenwert::numeric {

// c[0] + c[1] x + ..., as two interleaved chains so that half the multiplications wait for each other.
template <std::size_t size>
constexpr double polynomial(const double (&c)[size], double x) {
  static_assert(size >= 2);
  const double square = x * x;
  constexpr std::size_t last_even = (size - 1) / 2 * 2;
  constexpr std::size_t last_odd = size / 2 * 2 - 1;
  double even = c[last_even];
  for (std::size_t i = last_even; i >= 2; i -= 2) even = even * square + c[i - 2];
  double odd = c[last_odd];
  for (std::size_t i = last_odd; i >= 2; i -= 2) odd = odd * square + c[i - 2];
  return even + x * odd;
}

template <std::size_t top, std::size_t bottom>
constexpr double rational(const double (&p)[top], const double (&q)[bottom], double x) {
  return polynomial(p, x) / polynomial(q, x);
}

namespace detail {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace detail

}  // namespace kundenwert::numeric
