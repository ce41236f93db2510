// Purchases within a time at a gamma distributed Poisson rate: the negative binomial distribution, which every model
// with such rates has inside.
//
// Reference: Ehrenberg (1959), "The pattern of consumer purchases"; Schmittlein, Morrison & Colombo (1987).
//
// symbol | name   | unit | domain
// r      | shape  | -    | > 0
// alpha  | scale  | time | > 0
#pragma once

#include <cmath>
#include <limits>

#include "kundenwert/numeric/incomplete.hpp"
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
// w = t / (alpha + t), beyond its domain the sum of the smaller side.
inline double negative_binomial_tail(double shape, double scale, double n, double t) {
  if (n == 0) return 1;
  if (t == 0) return 0;
  if (shape <= numeric::detail::largest_incomplete) return numeric::incomplete_beta(n, shape, t / (scale + t));
  const double mean = shape / scale * t;
  const double w = t / (scale + t);
  if (n > mean) {
    // Terms fall at least like mean / n; the ratio of the next one is (r + k) w / (k + 1).
    double term = std::exp(log_negative_binomial(shape, scale, n, t));
    double sum = 0;
    for (double k = n; term > sum * 1e-18; ++k) {
      sum += term;
      term *= (shape + k) * w / (k + 1);
    }
    return sum;
  }
  double term = std::exp(log_negative_binomial(shape, scale, n - 1, t));
  double below = 0;
  for (double k = n - 1; k >= 0 && term > below * 1e-18; --k) {
    below += term;
    term *= k / ((shape + k - 1) * w);
  }
  return 1 - below;
}

}  // namespace kundenwert::btyd
