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

#include "kundenwert/numeric/hypergeometric.hpp"
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

// How ln of something falls in ln u: its first and second derivative, both <= 0, times -1.
struct fall_in_log {
  double slope;
  double curvature;
};

namespace detail {

// The integral over the time u of purchase n, from 0 to t, of its density and G(u), the probability of living that
// long, in v = ln(u / alpha): the density becomes w^n (1 - w)^r / B(n, r), w = 1 / (1 + e^-v). A lifetime states ln
// G(u) and how it falls in v; log-concave in v, as everything here.
template <class Lifetime>
double purchase_in_life(double shape, double scale, const Lifetime& life, double n, double t) {
  constexpr double negligible = 45;  // e^-45 = 3e-20
  constexpr double farthest = 1500;  // of v from the end: no factor of a positive power is seen below e^-745
  const double last = std::log(t / scale);
  const auto time_at = [&](double v) { return scale * std::exp(v); };
  const auto level = [&](double v) {
    return -n * numeric::log1p_exp(-v) - shape * numeric::log1p_exp(v) + life.log_survival(time_at(v));
  };
  const auto slope = [&](double v) {
    return n * numeric::expit(-v) - shape * numeric::expit(v) - life.fall(time_at(v)).slope;
  };
  // Where the slope changes sign, or the end.
  double top = last;
  if (slope(last) < 0) {
    double low = last;
    for (double step = 1; slope(low) < 0 && last - low < farthest; step *= 2) low -= step;
    double high = last;
    for (int i = 0; i < 60; ++i) {
      const double middle = 0.5 * (low + high);
      (slope(middle) > 0 ? low : high) = middle;
    }
    top = low;
  }
  const double least = level(top) - negligible;
  double first = top;
  double step = 1;
  while (level(first) > least && top - first < farthest) {
    first -= step;
    step *= 2;
  }
  double inside = top;
  for (int i = 0; i < 20; ++i) {
    const double middle = 0.5 * (first + inside);
    (level(middle) < least ? first : inside) = middle;
  }
  double sum = 0;
  numeric::detail::visit_log_concave(
      last - first,
      [&](double y) {
        const double v = first + y;
        const auto fall = life.fall(time_at(v));
        const double w = numeric::expit(v);
        const double left = numeric::expit(-v);
        return numeric::detail::exponent_shape{level(v), fall.slope + shape * w - n * left,
                                               fall.curvature + (shape + n) * w * left};
      },
      [&](double y, double weight) {
        const double v = first + y;
        // The smaller of w and 1 - w has its digits.
        const double density = v < 0 ? numeric::detail::beta_factor(n, shape, numeric::expit(v))
                                     : numeric::detail::beta_factor(shape, n, numeric::expit(-v));
        sum += weight * density * std::exp(life.log_survival(time_at(v)));
      });
  return std::min(sum, 1.0);
}

struct no_end {
  double log_survival(double) const { return 0; }
  fall_in_log fall(double) const { return {0, 0}; }
};

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
  if (n <= largest && shape <= largest) {
    const double found = numeric::incomplete_beta(n, shape, w);
    // Right of the mean it is 1 - ..., which a tiny shape leaves without digits.
    constexpr double small = 1e-2;
    if (found > small || w <= (n + 1) / (n + shape + 2)) return found;
    return detail::purchase_in_life(shape, scale, detail::no_end{}, n, t);
  }
  if (shape <= few) {
    return numeric::incomplete_gamma_upper(shape, detail::wise_argument(n, shape, std::log1p(scale / t)));
  }
  if (n <= few) return numeric::incomplete_gamma(n, detail::wise_argument(shape, n, std::log1p(t / scale)));
  return detail::peizer_pratt(n, shape, w, scale / (scale + t));
}

}  // namespace kundenwert::btyd
