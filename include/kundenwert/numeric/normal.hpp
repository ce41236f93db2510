// The standard normal distribution, accurate far into both tails.
//
// References: Abramowitz & Stegun (1964), 26.2.29 (the distribution by erfc); Wichura (1988), AS 241 (the split of the
// quantile into a center and tails in sqrt(-ln p)). The rational approximations are the project's own:
// tests/reference/data/special_coefficients.py finds them with mpmath and prints their errors.
//
// paper    | name here       | domain
// Phi(x)   | normal_cdf      | any x
// Phi^-1(p)| normal_quantile | p in [0, 1]
//
// Error bounds are those that tests/reference/special_test.cpp holds; "relative" is |found / true - 1|.
#pragma once

#include <cmath>

#include "kundenwert/numeric/polynomial.hpp"

namespace kundenwert::numeric {

// P(Z <= x) of the standard normal; 0 at -inf, 1 at +inf. Relative error 2e-15 down to x = -37.5, where the value
// leaves the range of normal doubles.
inline double normal_cdf(double x);

// The x with normal_cdf(x) = p, p in [0, 1]; -inf at 0, +inf at 1. Relative error 2e-15, also beside the zero at 1/2.
inline double normal_quantile(double p);

namespace detail {

// Normal quantile: in 0.425^2 - q^2 for |q| <= 0.425 with q = p - 1/2; in r - 1.6 and r - 5 with r = sqrt(-ln p).
inline constexpr double quantile_center_top[] = {3.3871328727963665, 148.75654077063152, 2548.2248573022625,
                                                 21627.48116049056,  95692.73551269759,  213550.16248438213,
                                                 214247.3801984238,  74060.81462563902,  3907.007639023816};
inline constexpr double quantile_center_bottom[] = {1.0,
                                                    46.92338689522055,
                                                    871.2838940641986,
                                                    8176.878340636071,
                                                    41169.98166790856,
                                                    109244.70555458817,
                                                    140376.82723612545,
                                                    72342.69749284587,
                                                    9398.46451720659};
inline constexpr double quantile_tail_top[] = {
    1.4234371107496835, 4.925449867938578,   6.7641602004249695,   4.956134260235581,     2.1617719852275674,
    0.5833793067268939, 0.09614882665725567, 0.009022052990438316, 0.0004125833314463713, 6.414047658190119e-06};
inline constexpr double quantile_tail_bottom[] = {1.0,
                                                  2.2605151673501407,
                                                  2.1264268230544525,
                                                  1.0868638300980726,
                                                  0.3286389875752645,
                                                  0.05914469888315968,
                                                  0.0059384175151360056,
                                                  0.0002845052845838409,
                                                  4.5353298508990315e-06};
inline constexpr double quantile_far_top[] = {6.657904643501104,      7.40592775405073,       3.4638603734392763,
                                              0.8865239793792896,     0.13546875277518122,    0.012674017509112973,
                                              0.0007178048873282029,  2.3569144119748075e-05, 4.1283492659227556e-07,
                                              3.3060715499354564e-09, 8.526653525948207e-12};
inline constexpr double quantile_far_bottom[] = {1.0,
                                                 0.8915370216409727,
                                                 0.32470386691124126,
                                                 0.06240385783907283,
                                                 0.0068365160611932076,
                                                 0.00043196598199655165,
                                                 1.52713303847141e-05,
                                                 2.8040459375269474e-07,
                                                 2.3076038383655076e-09,
                                                 6.02925169304286e-12};

}  // namespace detail

inline double normal_cdf(double x) {
  constexpr double root_half = 0.70710678118654757;
  constexpr double root_half_rest = -4.833646656726457e-17;
  const double z = -x * root_half;
  if (!(z > 1)) return 0.5 * std::erfc(z);
  if (z == detail::infinity) return 0;
  // In the tail erfc multiplies a relative error of z by 2 z^2: put back what z lost in rounding,
  // erfc(z + d) = erfc(z) e^(-2 z d) up to a relative d / z.
  const double lost = std::fma(-x, root_half, -z) - x * root_half_rest;
  return 0.5 * std::erfc(z) * (1 - 2 * z * lost);
}

inline double normal_quantile(double p) {
  using namespace detail;
  if (!(p >= 0 && p <= 1)) return nan;
  constexpr double center = 0.425;
  const double q = p - 0.5;
  if (std::fabs(q) <= center) {
    return q * rational(quantile_center_top, quantile_center_bottom, center * center - q * q);
  }
  const double tail = q < 0 ? p : 1 - p;
  if (tail == 0) return q < 0 ? -infinity : infinity;
  const double r = std::sqrt(-std::log(tail));
  const double x = r < 5 ? rational(quantile_tail_top, quantile_tail_bottom, r - 1.6)
                         : rational(quantile_far_top, quantile_far_bottom, r - 5);
  return q < 0 ? -x : x;
}

}  // namespace kundenwert::numeric
