// How the customers of a model differ: a rate that is gamma distributed over them, or a probability that is beta
// distributed. A model states which of its parameters are the shapes:
//
//   static constexpr std::array mixtures{mixture_fact{"purchase_rate", mixing::gamma, "r", "alpha", "..."}};
//
// and densities, distribution functions and quantiles follow (btyd/heterogeneity).
//
// References: Johnson, Kotz & Balakrishnan (1994/95), "Continuous univariate distributions", 17 (gamma), 25 (beta).
//
// name   | gamma                    | beta
// first  | shape, > 0               | first shape, > 0
// second | rate, 1 / unit of value  | second shape, > 0
// value  | >= 0                     | [0, 1]
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include "kundenwert/base/column.hpp"
#include "kundenwert/numeric/incomplete.hpp"
#include "kundenwert/numeric/special.hpp"

namespace kundenwert::btyd {

enum class mixing : std::int32_t { gamma = 1, beta = 2 };

// One distribution over the customers: of what, of which kind, with which parameters (names).
struct mixture_fact {
  std::string_view of;
  mixing kind;
  std::string_view first;
  std::string_view second;
  std::string_view meaning;
};

// With values for its parameters.
struct mixture {
  mixing kind;
  double first;
  double second;

  // Of a value inside the range of values; the density is infinite at an end where the shape is below 1.
  double density(double value) const;
  // P(a customer has at most this value).
  double cumulative(double value) const;
  // The value that a share `level` of the customers, in (0, 1), is at most; below the smallest double it is 0. To 1e-13
  // of the value, where cumulative is as good.
  double quantile(double level) const;
  double mean() const { return kind == mixing::gamma ? first / second : first / (first + second); }
};

inline double mixture::density(double value) const {
  if (kind == mixing::gamma) {
    if (!(value >= 0)) return not_available;
    if (value == 0) return first < 1 ? std::numeric_limits<double>::infinity() : first == 1 ? second : 0;
    const double scaled = second * value;
    return std::exp(first * std::log(scaled) - scaled - numeric::log_gamma(first)) / value;
  }
  if (!(value >= 0 && value <= 1)) return not_available;
  const auto at_end = [](double shape, double other) {
    return shape < 1 ? std::numeric_limits<double>::infinity() : shape == 1 ? other : 0;
  };
  if (value == 0) return at_end(first, second);
  if (value == 1) return at_end(second, first);
  return std::exp((first - 1) * std::log(value) + (second - 1) * std::log1p(-value) - numeric::log_beta(first, second));
}

inline double mixture::cumulative(double value) const {
  return kind == mixing::gamma ? numeric::incomplete_gamma(first, second * value)
                               : numeric::incomplete_beta(first, second, value);
}

inline double mixture::quantile(double level) const {
  // Of the logarithm of the scaled value, or of the log-odds: where e^y is no double any more, nothing is lost.
  constexpr double farthest = 745;
  constexpr int halvings = 64;
  double low = -farthest;
  double high = kind == mixing::gamma ? std::log(first + 40 * std::sqrt(first) + farthest) : farthest;
  const auto is_below = [&](double y) {
    if (kind == mixing::gamma) return numeric::incomplete_gamma(first, std::exp(y)) < level;
    return y < 0 ? numeric::incomplete_beta(first, second, numeric::expit(y)) < level
                 : numeric::incomplete_beta(second, first, numeric::expit(-y)) > 1 - level;
  };
  if (!is_below(low)) return 0;
  for (int i = 0; i < halvings; ++i) {
    const double middle = 0.5 * (low + high);
    (is_below(middle) ? low : high) = middle;
  }
  const double y = 0.5 * (low + high);
  return kind == mixing::gamma ? std::exp(y) / second : numeric::expit(y);
}

}  // namespace kundenwert::btyd
