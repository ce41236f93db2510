// Minimizing a smooth function of a few variables in a box, with exact gradient and Hessian: a trust-region Newton
// method that solves its subproblem by eigen decomposition, follows negative curvature and never ends in an
// exception: the outcome is typed.
//
// Reference: Nocedal & Wright (2006), Numerical Optimization, chapter 4 (exact trust-region step, eq. 4.39-4.43) and
// 16.7 (active bounds by gradient projection).
//
// symbol | name            | meaning
// x      | point           | variables, in [lower, upper]
// Delta  | radius          | trust region, Euclidean
// rho    | agreement       | actual / predicted decrease
// -m(s)  | expected_gain   | predicted decrease of the last Newton step; the stopping rule
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/numeric/linear.hpp"

namespace kundenwert::numeric {

// What the objective returns when derivatives are asked for. The Hessian is n * n, row by row, symmetric.
struct objective_value {
  double value = 0;
  std::vector<double> gradient;
  std::vector<double> hessian;
};

struct minimize_options {
  int iteration_limit = 200;
  double initial_radius = 1;
  double largest_radius = 4;
  // Stops where a full Newton step promises less than this; in units of the function (log-likelihood points).
  double gain_tolerance = 1e-14;
};

struct minimize_result {
  std::vector<double> point;
  objective_value at;  // value and derivatives at the point
  kundenwert::outcome outcome = kundenwert::outcome::stalled;
  std::vector<std::int32_t> active;  // variables held at a bound: indices
  int iterations = 0;
  int evaluations = 0;
  double gradient_norm = 0;  // largest component over the variables that are not held
  double expected_gain = 0;
};

// Minimizes objective(point, wants_derivatives) -> objective_value from `start` within [lower, upper].
// A value or derivative that is not finite counts as a value larger than any other, so the search backs away from it;
// at `start` itself they must be finite (outcome stalled otherwise).
// Outcomes: converged; at_bound (variables held at a bound, the others at their minimum); not_identified (a step of the
// trust region changes the function by less than its rounding, and the Hessian is not positive definite); stalled;
// iteration_limit.
template <class Objective>
minimize_result minimize(Objective&& objective, std::vector<double> start, std::span<const double> lower,
                         std::span<const double> upper, const minimize_options& options = {});

namespace detail {

inline bool is_finite(const objective_value& at) {
  const auto finite = [](double x) { return std::isfinite(x); };
  return finite(at.value) && std::all_of(at.gradient.begin(), at.gradient.end(), finite) &&
         std::all_of(at.hessian.begin(), at.hessian.end(), finite);
}

// The minimizer of g's + s'Hs/2 over |s| <= radius for the free variables, and its predicted decrease.
struct trust_step {
  std::vector<double> step;
  double decrease = 0;
  double length = 0;
  bool is_newton = false;  // H positive definite and the full step inside the region
};

inline trust_step solve_trust_region(std::span<const double> gradient, std::span<const double> hessian, std::size_t n,
                                     double radius) {
  const auto eigen = eigen_of_symmetric(hessian, n);
  std::vector<double> g(n, 0.0);  // gradient in the eigenbasis
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) g[k] += eigen.vectors[i * n + k] * gradient[i];
  }
  const double largest = std::max(std::fabs(eigen.values.front()), std::fabs(eigen.values.back()));
  // Curvatures below this are rounding, not information.
  const double floor = std::max(largest, 1e-300) * 1e-15;
  const auto length_at = [&](double shift) {
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k) sum += std::pow(g[k] / std::max(eigen.values[k] + shift, floor), 2);
    return std::sqrt(sum);
  };
  double shift = 0;
  trust_step out;
  if (eigen.values.front() > floor && length_at(0) <= radius) {
    out.is_newton = true;
  } else {
    // |s(shift)| falls monotonically right of -lambda_min: bisection on a logarithmic scale is enough in 60 halvings.
    double low = std::max(0.0, -eigen.values.front());
    double high = low + std::max(floor, 1e-12);
    while (length_at(high) > radius) high = low + 4 * (high - low);
    for (int i = 0; i < 60; ++i) {
      const double middle = low + 0.5 * (high - low);
      (length_at(middle) > radius ? low : high) = middle;
    }
    shift = high;
  }
  std::vector<double> s(n);
  for (std::size_t k = 0; k < n; ++k) s[k] = -g[k] / std::max(eigen.values[k] + shift, floor);
  if (!out.is_newton && eigen.values.front() < -floor) {
    // Hard case: the step may stay short of the radius; go on along the direction of negative curvature.
    double rest = radius * radius;
    for (const double component : s) rest -= component * component;
    if (rest > 0) s[0] += (s[0] >= 0 ? 1.0 : -1.0) * (std::sqrt(s[0] * s[0] + rest) - std::fabs(s[0]));
  }
  out.step.assign(n, 0.0);
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) out.step[i] += eigen.vectors[i * n + k] * s[k];
    out.decrease -= g[k] * s[k] + 0.5 * eigen.values[k] * s[k] * s[k];
    out.length += s[k] * s[k];
  }
  out.length = std::sqrt(out.length);
  return out;
}

// -(g's + s'Hs/2).
inline double predicted_decrease(std::span<const double> gradient, std::span<const double> hessian,
                                 std::span<const double> step) {
  const std::size_t n = step.size();
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    sum -= gradient[i] * step[i];
    for (std::size_t j = 0; j < n; ++j) sum -= 0.5 * step[i] * hessian[i * n + j] * step[j];
  }
  return sum;
}

// Gradient and Hessian of the free variables.
inline void take_free(const objective_value& at, const std::vector<std::size_t>& free, std::size_t n,
                      std::vector<double>& gradient, std::vector<double>& hessian) {
  const std::size_t m = free.size();
  gradient.resize(m);
  hessian.resize(m * m);
  for (std::size_t i = 0; i < m; ++i) {
    gradient[i] = at.gradient[free[i]];
    for (std::size_t j = 0; j < m; ++j) hessian[i * m + j] = at.hessian[free[i] * n + free[j]];
  }
}

// The multiple of the step that ends at a bound; infinity where it goes nowhere.
inline double share_within(double x, double step, double lower, double upper) {
  if (step == 0) return std::numeric_limits<double>::infinity();
  return ((step > 0 ? upper : lower) - x) / step;
}

}  // namespace detail

template <class Objective>
minimize_result minimize(Objective&& objective, std::vector<double> start, std::span<const double> lower,
                         std::span<const double> upper, const minimize_options& options) {
  const std::size_t n = start.size();
  minimize_result out;
  out.point = std::move(start);
  for (std::size_t i = 0; i < n; ++i) out.point[i] = std::clamp(out.point[i], lower[i], upper[i]);
  out.at = objective(out.point, true);
  out.evaluations = 1;
  if (!detail::is_finite(out.at)) return out;

  constexpr double infinity = std::numeric_limits<double>::infinity();
  double radius = options.initial_radius;
  double stretch = 1;  // factor on the Newton step
  std::vector<std::size_t> free;
  const auto outcome_of_end = [&](bool is_minimum) {
    if (!out.active.empty()) return outcome::at_bound;
    return is_minimum ? outcome::converged : outcome::not_identified;
  };
  for (; out.iterations < options.iteration_limit; ++out.iterations) {
    // A variable at a bound is held while the function falls towards the outside.
    free.clear();
    out.active.clear();
    out.gradient_norm = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double g = out.at.gradient[i];
      const bool held = (out.point[i] <= lower[i] && g >= 0) || (out.point[i] >= upper[i] && g <= 0);
      if (held) {
        out.active.push_back(static_cast<std::int32_t>(i));
      } else {
        free.push_back(i);
        out.gradient_norm = std::max(out.gradient_norm, std::fabs(g));
      }
    }
    if (free.empty()) {
      out.expected_gain = 0;
      out.outcome = outcome::at_bound;
      return out;
    }
    // A variable at a bound that the step of all would push out is held for this step.
    std::vector<double> gradient;
    std::vector<double> hessian;
    detail::trust_step trust;
    for (bool is_inside = false; !is_inside;) {
      detail::take_free(out.at, free, n, gradient, hessian);
      trust = detail::solve_trust_region(gradient, hessian, free.size(), radius);
      is_inside = true;
      for (std::size_t i = free.size(); i-- > 0 && free.size() > 1;) {
        const std::size_t v = free[i];
        const bool leaves =
            (out.point[v] <= lower[v] && trust.step[i] < 0) || (out.point[v] >= upper[v] && trust.step[i] > 0);
        if (!leaves) continue;
        free.erase(free.begin() + static_cast<std::ptrdiff_t>(i));
        out.active.push_back(static_cast<std::int32_t>(v));
        is_inside = false;
        break;
      }
    }
    const std::size_t m = free.size();
    out.expected_gain = trust.decrease;
    if (trust.is_newton && trust.decrease <= options.gain_tolerance) {
      out.outcome = outcome_of_end(true);
      return out;
    }
    const double rounding = 1e-14 * (1 + std::fabs(out.at.value));
    if (!trust.is_newton && trust.decrease <= 8 * rounding && radius >= options.initial_radius) {
      out.outcome = outcome_of_end(false);
      return out;
    }
    // A step over a bound ends where it meets it, so that it stays in the valley it follows; only a variable that
    // stands at the bound already is moved along it.
    double share = stretch;
    for (std::size_t i = 0; i < m; ++i)
      share = std::min(share, detail::share_within(out.point[free[i]], trust.step[i], lower[free[i]], upper[free[i]]));
    const bool ends_at_bound = share > 0 && share < stretch;
    if (share <= 0) share = stretch;
    std::vector<double> candidate = out.point;
    std::vector<double> s(m);
    double moved = 0;
    for (std::size_t i = 0; i < m; ++i) {
      const std::size_t v = free[i];
      const bool meets =
          ends_at_bound && share == detail::share_within(out.point[v], trust.step[i], lower[v], upper[v]);
      if (meets) {
        candidate[v] = trust.step[i] > 0 ? upper[v] : lower[v];
      } else {
        candidate[v] = std::clamp(out.point[v] + share * trust.step[i], lower[v], upper[v]);
      }
      s[i] = candidate[v] - out.point[v];
      moved += s[i] * s[i];
    }
    moved = std::sqrt(moved);
    const double step_gain = detail::predicted_decrease(gradient, hessian, s);
    // Below the rounding of the value, only the gradient can tell progress: the Newton step is taken on trust.
    const bool on_trust = trust.is_newton && trust.decrease <= 8 * rounding;
    // A stretched step leaves the quadratic model behind: it must do better than the Newton step promised.
    const double promised = stretch > 1 ? std::min(share, 1.0) * trust.decrease : step_gain;
    auto next = objective(candidate, true);
    ++out.evaluations;
    const double gain = detail::is_finite(next) ? out.at.value - next.value : -infinity;
    const double agreement = promised > 0 ? gain / promised : -1;
    if (agreement > (stretch > 1 ? 1.0 : 1e-4) || (on_trust && gain >= -8 * rounding) ||
        (ends_at_bound && promised <= 8 * rounding && gain >= -64 * rounding)) {
      out.point = std::move(candidate);
      out.at = std::move(next);
      // A function that falls like e^-x gains more than the model says, step after step of length 1: longer steps.
      constexpr double better_than_promised = 1.1;
      constexpr double longest_stretch = 8;
      stretch = trust.is_newton && agreement > better_than_promised ? std::min(2 * stretch, longest_stretch) : 1;
      if (agreement > 0.75 && moved > 0.8 * radius) radius = std::min(2 * radius, options.largest_radius);
      if (on_trust) {
        ++out.iterations;
        // One step at the rounding of the value has used up what the value can tell.
        out.gradient_norm = 0;
        for (const std::size_t i : free) out.gradient_norm = std::max(out.gradient_norm, std::fabs(out.at.gradient[i]));
        out.outcome = outcome_of_end(true);
        return out;
      }
      if (agreement < 0.25) radius = 0.5 * moved;
    } else if (stretch > 1) {
      stretch = 1;
    } else if (trust.decrease <= 64 * rounding) {
      // What a step promises is less than the rounding of the value, and shorter steps promise less still.
      const double usual = std::max(radius, options.initial_radius);
      const auto longer = detail::solve_trust_region(gradient, hessian, m, usual);
      if (longer.decrease <= 64 * rounding) out.outcome = outcome_of_end(longer.is_newton);
      return out;
    } else {
      radius = 0.25 * (moved > 0 ? std::min(moved, radius) : std::min(trust.length, radius));
      // Steps this small move no variable: what is left is rounding.
      constexpr double smallest_radius = 1e-10;
      if (radius < smallest_radius) {
        out.outcome = outcome::stalled;
        return out;
      }
    }
  }
  out.outcome = outcome::iteration_limit;
  return out;
}

}  // namespace kundenwert::numeric
