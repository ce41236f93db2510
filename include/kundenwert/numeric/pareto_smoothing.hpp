// Weights of draws from one density that are to stand for another, made usable: the largest ones are replaced by the
// expected order statistics of a generalized Pareto distribution fitted to them, whose shape k-hat tells whether the
// weights can be trusted at all.
//
// References: Vehtari, Simpson, Gelman, Yao & Gabry (2024), "Pareto smoothed importance sampling", JMLR 25, section 2
// and 3 (k-hat below 0.7 is reliable, above it is not, above 1 the mean does not exist); Zhang & Stephens (2009), "A
// new and efficient estimation method for the generalized Pareto distribution", Technometrics 51, as ArviZ 0.23
// computes it.
//
// paper    | name here           | domain
// ln r_s   | log_weights         | any finite; -infinity: weight 0
// S        | number of draws     | >= 1; k-hat is infinite, and nothing smoothed, with fewer than 5 draws in the tail
// r_eff    | relative_efficiency | > 0; effective draws per draw of a Markov chain, 1 for independent draws
// M        | tail                | min(S / 5, 3 sqrt(S / r_eff)), rounded up
// k, sigma | shape, scale        | k weakly drawn towards 1/2
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include "kundenwert/base/check.hpp"

namespace kundenwert::numeric {

struct smoothed_weights {
  std::vector<double> log_weights;  // smoothed; the weights add up to 1
  double k_hat = std::numeric_limits<double>::infinity();
  double effective_size = 0;  // 1 / sum of squared weights
};

// Throws empty; missing for a NaN, non_finite for +infinity; domain where no weight is above 0; sign or domain for an
// efficiency that is not positive.
smoothed_weights smooth_weights(std::span<const double> log_weights, double relative_efficiency = 1);

namespace detail {

struct pareto_tail {
  double shape;
  double scale;
};

// Of exceedances in ascending order, more than 4 of them (Zhang & Stephens 2009: the mean of b = -k / sigma over a grid
// weighted by the profile likelihood).
inline pareto_tail fit_pareto_tail(std::span<const double> ascending) {
  constexpr double grid_spread = 3;  // their prior of b
  constexpr double prior_weight = 10;
  constexpr double prior_shape = 0.5;
  constexpr double least_weight = 10 * std::numeric_limits<double>::epsilon();
  const auto n = static_cast<double>(ascending.size());
  const auto points = static_cast<std::size_t>(30 + static_cast<int>(std::sqrt(n)));
  const auto quartile = static_cast<std::size_t>(n / 4 + 0.5) - 1;
  const auto shape_at = [&](double b) {
    double sum = 0;
    for (const double x : ascending) sum += std::log1p(-b * x);
    return sum / n;
  };
  std::vector<double> b(points);
  std::vector<double> profile(points);
  for (std::size_t i = 0; i < points; ++i) {
    b[i] = (1 - std::sqrt(static_cast<double>(points) / (static_cast<double>(i) + 0.5))) /
               (grid_spread * ascending[quartile]) +
           1 / ascending.back();
    const double k = shape_at(b[i]);
    profile[i] = n * (std::log(-b[i] / k) - k - 1);
  }
  double total = 0;
  double mean = 0;
  for (std::size_t i = 0; i < points; ++i) {
    double ratio = 0;
    for (std::size_t j = 0; j < points; ++j) ratio += std::exp(profile[j] - profile[i]);
    const double weight = 1 / ratio;
    if (!(weight >= least_weight)) continue;
    total += weight;
    mean += weight * b[i];
  }
  mean /= total;
  const double k = shape_at(mean);
  return {(n * k + prior_weight * prior_shape) / (n + prior_weight), -k / mean};
}

// Quantile of the generalized Pareto distribution above 0.
inline double pareto_quantile(const pareto_tail& tail, double probability) {
  const double log_rest = std::log1p(-probability);
  if (std::fabs(tail.shape) < std::numeric_limits<double>::epsilon()) return -tail.scale * log_rest;
  return tail.scale * std::expm1(-tail.shape * log_rest) / tail.shape;
}

}  // namespace detail

inline smoothed_weights smooth_weights(std::span<const double> log_weights, double relative_efficiency) {
  const std::size_t n = log_weights.size();
  require_not_empty(static_cast<std::int64_t>(n), "log_weights");
  require_positive(relative_efficiency, "relative_efficiency");
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = static_cast<std::int64_t>(i);
    if (std::isnan(log_weights[i])) fail_at(error_code::missing, "log_weights", row, "is NaN");
    if (log_weights[i] == std::numeric_limits<double>::infinity()) {
      fail_at(error_code::non_finite, "log_weights", row, "is infinite");
    }
    largest = std::max(largest, log_weights[i]);
  }
  if (!std::isfinite(largest)) fail(error_code::domain, "log_weights", "no weight is above zero");
  smoothed_weights out;
  auto& x = out.log_weights;
  x.assign(log_weights.begin(), log_weights.end());
  for (double& v : x) v -= largest;
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  const double size = static_cast<double>(n);
  const auto wanted =
      static_cast<std::size_t>(std::ceil(std::min(size / 5, 3 * std::sqrt(size / relative_efficiency))));
  const double cut = n > wanted ? std::max(x[order[n - wanted - 1]], std::log(std::numeric_limits<double>::min())) : 0;
  std::size_t first = n;
  while (first > 0 && x[order[first - 1]] > cut) --first;
  constexpr std::size_t least_tail = 5;
  if (n - first >= least_tail) {
    const double edge = std::exp(cut);
    std::vector<double> above;
    for (std::size_t i = first; i < n; ++i) above.push_back(std::exp(x[order[i]]) - edge);
    const auto tail = detail::fit_pareto_tail(above);
    out.k_hat = tail.shape;
    if (std::isfinite(tail.shape) && tail.scale > 0) {
      for (std::size_t i = first; i < n; ++i) {
        const double place = (static_cast<double>(i - first) + 0.5) / static_cast<double>(n - first);
        // Never above the largest weight there was.
        x[order[i]] = std::min(0.0, std::log(detail::pareto_quantile(tail, place) + edge));
      }
    }
  }
  double sum = 0;
  for (const double v : x) sum += std::exp(v);
  double squares = 0;
  for (double& v : x) {
    v -= std::log(sum);
    squares += std::exp(2 * v);
  }
  out.effective_size = 1 / squares;
  return out;
}

}  // namespace kundenwert::numeric
