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
#include <type_traits>
#include <utility>
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

// What one step does to the point.
struct bounded_step {
  std::vector<double> point;
  std::vector<double> change;  // of the free variables
  double share = 1;            // of the step of the trust region that was gone
  double length = 0;
  bool ends_at_bound = false;
};

// One search. An iteration holds variables at bounds, finds the step of the trust region, ends there or tries it.
template <class Objective>
class descent {
 public:
  descent(Objective& objective, std::vector<double> start, std::span<const double> lower, std::span<const double> upper,
          const minimize_options& options)
      : objective_(objective), lower_(lower), upper_(upper), options_(options), radius_(options.initial_radius) {
    out_.point = std::move(start);
    for (std::size_t i = 0; i < out_.point.size(); ++i) out_.point[i] = std::clamp(out_.point[i], lower[i], upper[i]);
  }

  minimize_result run() {
    out_.at = objective_(out_.point, true);
    out_.evaluations = 1;
    if (!is_finite(out_.at)) return std::move(out_);
    for (; out_.iterations < options_.iteration_limit; ++out_.iterations) {
      hold_at_bounds();
      if (free_.empty()) {
        out_.expected_gain = 0;
        out_.outcome = outcome::at_bound;
        return std::move(out_);
      }
      find_step();
      if (is_at_end() || !try_step()) return std::move(out_);
    }
    out_.outcome = outcome::iteration_limit;
    return std::move(out_);
  }

 private:
  // The rounding of the value: differences below it tell nothing.
  double rounding() const { return 1e-14 * (1 + std::fabs(out_.at.value)); }
  bool is_below_rounding(double gain) const { return gain <= 8 * rounding(); }

  void end(bool is_minimum) {
    out_.outcome = !out_.active.empty() ? outcome::at_bound : is_minimum ? outcome::converged : outcome::not_identified;
  }

  // A variable at a bound is held while the function falls towards the outside.
  void hold_at_bounds() {
    free_.clear();
    out_.active.clear();
    for (std::size_t i = 0; i < out_.point.size(); ++i) {
      const double g = out_.at.gradient[i];
      const bool held = (out_.point[i] <= lower_[i] && g >= 0) || (out_.point[i] >= upper_[i] && g <= 0);
      if (held) {
        out_.active.push_back(static_cast<std::int32_t>(i));
      } else {
        free_.push_back(i);
      }
    }
    note_gradient();
  }

  void note_gradient() {
    out_.gradient_norm = 0;
    for (const std::size_t i : free_) out_.gradient_norm = std::max(out_.gradient_norm, std::fabs(out_.at.gradient[i]));
  }

  // The step of the free variables; one at a bound that the step of all would push out is held for this step.
  void find_step() {
    for (;;) {
      take_free(out_.at, free_, out_.point.size(), gradient_, hessian_);
      trust_ = solve_trust_region(gradient_, hessian_, free_.size(), radius_);
      if (free_.size() == 1 || !hold_first_that_leaves()) return;
    }
  }

  bool hold_first_that_leaves() {
    for (std::size_t i = free_.size(); i-- > 0;) {
      const std::size_t v = free_[i];
      const bool leaves =
          (out_.point[v] <= lower_[v] && trust_.step[i] < 0) || (out_.point[v] >= upper_[v] && trust_.step[i] > 0);
      if (!leaves) continue;
      free_.erase(free_.begin() + static_cast<std::ptrdiff_t>(i));
      out_.active.push_back(static_cast<std::int32_t>(v));
      return true;
    }
    return false;
  }

  // Ends where the step promises too little.
  bool is_at_end() {
    out_.expected_gain = trust_.decrease;
    if (trust_.is_newton && trust_.decrease <= options_.gain_tolerance) {
      end(true);
      return true;
    }
    if (!trust_.is_newton && is_below_rounding(trust_.decrease) && radius_ >= options_.initial_radius) {
      end(false);
      return true;
    }
    return false;
  }

  // A step over a bound ends where it meets it, so that it stays in the valley it follows; only a variable that stands
  // at the bound already is moved along it.
  bounded_step step_within_bounds() const {
    const std::size_t m = free_.size();
    const auto share_of = [&](std::size_t i) {
      return share_within(out_.point[free_[i]], trust_.step[i], lower_[free_[i]], upper_[free_[i]]);
    };
    bounded_step b{out_.point, std::vector<double>(m), stretch_, 0, false};
    for (std::size_t i = 0; i < m; ++i) b.share = std::min(b.share, share_of(i));
    b.ends_at_bound = b.share > 0 && b.share < stretch_;
    if (b.share <= 0) b.share = stretch_;
    for (std::size_t i = 0; i < m; ++i) {
      const std::size_t v = free_[i];
      const bool meets = b.ends_at_bound && b.share == share_of(i);
      b.point[v] = meets ? (trust_.step[i] > 0 ? upper_[v] : lower_[v])
                         : std::clamp(out_.point[v] + b.share * trust_.step[i], lower_[v], upper_[v]);
      b.change[i] = b.point[v] - out_.point[v];
      b.length += b.change[i] * b.change[i];
    }
    b.length = std::sqrt(b.length);
    return b;
  }

  // Goes on (true) with the step taken or the region changed, or ends.
  bool try_step() {
    auto b = step_within_bounds();
    // Below the rounding of the value, only the gradient can tell progress: the Newton step is taken on trust.
    const bool on_trust = trust_.is_newton && is_below_rounding(trust_.decrease);
    // A stretched step leaves the quadratic model behind: it must do better than the Newton step promised.
    const double promised =
        stretch_ > 1 ? std::min(b.share, 1.0) * trust_.decrease : predicted_decrease(gradient_, hessian_, b.change);
    auto next = objective_(b.point, true);
    ++out_.evaluations;
    const double gain = is_finite(next) ? out_.at.value - next.value : -std::numeric_limits<double>::infinity();
    const double agreement = promised > 0 ? gain / promised : -1;
    const bool is_better = agreement > (stretch_ > 1 ? 1.0 : 1e-4) || (on_trust && gain >= -8 * rounding()) ||
                           (b.ends_at_bound && is_below_rounding(promised) && gain >= -64 * rounding());
    if (!is_better) return shrink(b.length);
    out_.point = std::move(b.point);
    out_.at = std::move(next);
    return grow(agreement, b.length, on_trust);
  }

  bool grow(double agreement, double moved, bool on_trust) {
    // A function that falls like e^-x gains more than the model says, step after step of length 1: longer steps.
    constexpr double better_than_promised = 1.1;
    constexpr double longest_stretch = 8;
    stretch_ = trust_.is_newton && agreement > better_than_promised ? std::min(2 * stretch_, longest_stretch) : 1;
    if (agreement > 0.75 && moved > 0.8 * radius_) radius_ = std::min(2 * radius_, options_.largest_radius);
    if (on_trust) {
      // One step at the rounding of the value has used up what the value can tell.
      ++out_.iterations;
      note_gradient();
      end(true);
      return false;
    }
    if (agreement < 0.25) radius_ = 0.5 * moved;
    return true;
  }

  bool shrink(double moved) {
    if (stretch_ > 1) {
      stretch_ = 1;
      return true;
    }
    if (trust_.decrease <= 64 * rounding()) {
      // What a step promises is less than the rounding of the value, and shorter steps promise less still.
      const double usual = std::max(radius_, options_.initial_radius);
      const auto longer = solve_trust_region(gradient_, hessian_, free_.size(), usual);
      if (longer.decrease <= 64 * rounding()) end(longer.is_newton);
      return false;
    }
    radius_ = 0.25 * (moved > 0 ? std::min(moved, radius_) : std::min(trust_.length, radius_));
    // Steps this small move no variable: what is left is rounding.
    constexpr double smallest_radius = 1e-10;
    if (radius_ >= smallest_radius) return true;
    out_.outcome = outcome::stalled;
    return false;
  }

  Objective& objective_;
  std::span<const double> lower_;
  std::span<const double> upper_;
  const minimize_options& options_;
  minimize_result out_;
  std::vector<std::size_t> free_;
  std::vector<double> gradient_;  // of the free variables
  std::vector<double> hessian_;
  trust_step trust_;
  double radius_;
  double stretch_ = 1;  // factor on the Newton step
};

}  // namespace detail

template <class Objective>
minimize_result minimize(Objective&& objective, std::vector<double> start, std::span<const double> lower,
                         std::span<const double> upper, const minimize_options& options) {
  return detail::descent<std::remove_reference_t<Objective>>(objective, std::move(start), lower, upper, options).run();
}

}  // namespace kundenwert::numeric
