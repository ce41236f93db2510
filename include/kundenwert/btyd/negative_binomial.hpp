// Purchases within a time at a gamma distributed Poisson rate: the negative binomial distribution, which every model
// with such rates has inside.
//
// References: Ehrenberg (1959), "The pattern of consumer purchases"; Schmittlein, Morrison & Colombo (1987); Wise
// (1960), Biometrika 47, and Peizer & Pratt (1968), JASA 63 (beyond a hundred million purchases).
//
// symbol | name   | unit | domain
// r      | shape  | -    | > 0
// alpha  | scale  | time | > 0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "kundenwert/numeric/incomplete.hpp"
#include "kundenwert/numeric/normal.hpp"
#include "kundenwert/numeric/special.hpp"

namespace kundenwert::btyd {

// ln P(n purchases within t) of somebody alive all the time; n a whole number >= 0, t >= 0.
inline double log_negative_binomial(double shape, double scale, double n, double t) {
  if (t == 0) return n == 0 ? 0 : -std::numeric_limits<double>::infinity();
  const double none = -shape * std::log1p(t / scale);
  if (n == 0) return none;
  // ln(t / (scale + t)) without cancellation for long t.
  return numeric::log_rising(shape, n) - numeric::log_gamma(n + 1) + none - n * std::log1p(scale / t);
}

// P(at least n purchases within t) of somebody alive all the time: the incomplete beta function I_w(n, r) at
// w = t / (alpha + t). Relative error below 1e-9 for n and r to 1e8 where the probability is small; beyond, 1e-5.
inline double negative_binomial_tail(double shape, double scale, double n, double t);

namespace detail {

// P(a gamma variable of shape `few` exceeds or not an about `many` times scaled log odds): I_x(a, b) for one parameter
// above 1e8 and the other at most 1e4. Wise (1960): -ln X is gamma distributed to order 1 / many^2.
inline double wise_argument(double many, double few, double log_odds_part) {
  return (many + 0.5 * (few - 1)) * log_odds_part;
}

// I_w(n, r) for n and r above 1e4, one of them above 1e8: Peizer & Pratt (1968), a normal approximation whose
// error falls as the 3/2 power of the smaller one.
inline double peizer_pratt(double n, double r, double w, double left) {
  const double total = n + r - 1;
  const double gone = r - 0.5;
  const double come = n - 0.5;
  const double distance = r - 1.0 / 3 - (total + 1.0 / 3) * left;
  // gone ln(gone / (total left)) + come ln(come / (total w)), each less what sums to 0.
  const double first = (gone - total * left) / (total * left);
  const double second = (come - total * w) / (total * w);
  const double deviance = total * left * ((1 + first) * numeric::detail::log_minus(1 + first, first) + first * first) +
                          total * w * ((1 + second) * numeric::detail::log_minus(1 + second, second) + second * second);
  const double size = std::sqrt(2 * std::max(deviance, 0.0) / (1 + 1 / (6 * total)));
  const double offset = std::fabs(gone - total * left);
  // Beside the mean the ratio tends to 1 / the standard deviation.
  const double z =
      offset > 1e-6 * std::sqrt(total * left * w) ? distance / offset * size : distance / std::sqrt(total * left * w);
  return numeric::normal_cdf(z);
}

}  // namespace detail

inline double negative_binomial_tail(double shape, double scale, double n, double t) {
  constexpr double largest = numeric::detail::largest_incomplete;
  constexpr double few = 1e4;
  if (n == 0) return 1;
  if (t == 0) return 0;
  const double w = t / (scale + t);
  if (n <= largest && shape <= largest) return numeric::incomplete_beta(n, shape, w);
  if (shape <= few) {
    return numeric::incomplete_gamma_upper(shape, detail::wise_argument(n, shape, std::log1p(scale / t)));
  }
  if (n <= few) return numeric::incomplete_gamma(n, detail::wise_argument(shape, n, std::log1p(t / scale)));
  return detail::peizer_pratt(n, shape, w, scale / (scale + t));
}

}  // namespace kundenwert::btyd
