// How a fit ended, in words that name parameters: at the edge of what, in which direction the data say nothing, and
// what the model then is.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/btyd/model.hpp"
#include "kundenwert/numeric/linear.hpp"
#include "kundenwert/numeric/minimize.hpp"

namespace kundenwert::btyd {

struct verdict {
  kundenwert::outcome outcome = kundenwert::outcome::stalled;
  std::string detail;  // empty when converged
};

// Within this of the edge in the logarithm, rounding decides whether a search touches it.
inline constexpr double edge_margin = 0.5;

// "r", "r and alpha", "r, alpha and s".
inline std::string join_names(std::span<const std::string> names);

// Names the parameters at the edge of their range, or the direction in which the data say nothing.
//   names      of the coordinates of the search: logarithms of `parameters` of them, then coefficients
//   limits     what the model becomes at an edge
//   curvature  eigenvalues and vectors of the Hessian at the end
inline verdict verdict_of(const numeric::minimize_result& found, const numeric::symmetric_eigen& curvature,
                          std::span<const std::string> names, std::size_t parameters, std::span<const double> lower,
                          std::span<const double> upper, std::span<const limit_fact> limits);

inline std::string join_names(std::span<const std::string> names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

inline verdict verdict_of(const numeric::minimize_result& found, const numeric::symmetric_eigen& curvature,
                          std::span<const std::string> names, std::size_t parameters, std::span<const double> lower,
                          std::span<const double> upper, std::span<const limit_fact> limits) {
  if (found.outcome == outcome::iteration_limit) return {found.outcome, "stopped before the gradient was zero"};
  const std::size_t n = names.size();
  std::vector<std::string> low;
  std::vector<std::string> high;
  for (std::size_t i = 0; i < n; ++i) {
    // A coefficient at its lower edge grows too, with the other sign.
    if (found.point[i] <= lower[i] + edge_margin) (i < parameters ? low : high).push_back(names[i]);
    if (found.point[i] >= upper[i] - edge_margin) high.push_back(names[i]);
  }
  if (!low.empty() || !high.empty()) {
    verdict out{outcome::at_bound, "the likelihood rises for ever as"};
    if (!low.empty()) out.detail += " " + join_names(low) + (low.size() > 1 ? " tend to 0" : " tends to 0");
    if (!low.empty() && !high.empty()) out.detail += " and";
    if (!high.empty()) {
      out.detail += " " + join_names(high) + (high.size() > 1 ? " grow" : " grows") + " without bound";
    }
    // The first limit that holds says the most.
    for (const auto& limit : limits) {
      const auto& edge = limit.is_zero ? low : high;
      if (std::find(edge.begin(), edge.end(), limit.parameter) == edge.end()) continue;
      if (!limit.with.empty()) {
        const double thousandth = std::log(1e-3);
        const auto other = std::find(names.begin(), names.end(), limit.with);
        if (other == names.end() || found.point[static_cast<std::size_t>(other - names.begin())] > thousandth) continue;
      }
      out.detail += ": " + std::string(limit.meaning);
      break;
    }
    return out;
  }
  // One standard error multiplies a parameter by more than e^10: the data do not choose it.
  constexpr double smallest_curvature = 1.0 / (10.0 * 10.0);
  if (!(curvature.values.front() > smallest_curvature)) {
    // The way in which the likelihood still rises.
    double slope = 0;
    for (std::size_t i = 0; i < n; ++i) slope -= found.at.gradient[i] * curvature.vectors[i * n];
    std::vector<std::string> growing;
    std::vector<std::string> falling;
    for (std::size_t i = 0; i < n; ++i) {
      constexpr double noticeable = 0.3;
      const double along = slope < 0 ? -curvature.vectors[i * n] : curvature.vectors[i * n];
      if (along > noticeable) growing.push_back(names[i]);
      if (along < -noticeable) falling.push_back(names[i]);
    }
    verdict out{outcome::not_identified, "the likelihood hardly changes as"};
    if (!growing.empty()) out.detail += " " + join_names(growing) + (growing.size() > 1 ? " grow" : " grows");
    if (!growing.empty() && !falling.empty()) out.detail += " while";
    if (!falling.empty()) out.detail += " " + join_names(falling) + (falling.size() > 1 ? " fall" : " falls");
    return out;
  }
  if (found.outcome == outcome::stalled) {
    return {found.outcome, "no step improves the likelihood, but its gradient is not zero"};
  }
  return {found.outcome, {}};
}

}  // namespace kundenwert::btyd
