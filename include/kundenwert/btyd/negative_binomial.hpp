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

}  // namespace kundenwert::btyd
