#include "kundenwert/numeric/minimize.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::numeric;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
using vec = std::vector<double>;

objective_value rosenbrock(const vec& x, bool) {
  const double a = 1 - x[0];
  const double b = x[1] - x[0] * x[0];
  return {a * a + 100 * b * b,
          {-2 * a - 400 * x[0] * b, 200 * b},
          {2 - 400 * b + 800 * x[0] * x[0], -400 * x[0], -400 * x[0], 200}};
}

}  // namespace

TEST_CASE("Rosenbrock's valley from the usual start") {
  const auto found = minimize(rosenbrock, {-1.2, 1}, vec{-5, -5}, vec{5, 5});
  CHECK(found.outcome == outcome::converged);
  CHECK_NEAR(found.point[0], 1, 1e-7, 0);
  CHECK_NEAR(found.point[1], 1, 2e-7, 0);
  CHECK(found.active.empty());
  CHECK(found.gradient_norm < 1e-6);
  CHECK(found.evaluations < 60);
}

TEST_CASE("Rosenbrock's valley cut by the box") {
  // On x0 <= 1/2 the minimum is at (1/2, 1/4).
  const auto found = minimize(rosenbrock, {-1.2, 1}, vec{-5, -5}, vec{0.5, 5});
  CHECK(found.outcome == outcome::at_bound);
  CHECK(found.active == std::vector<std::int32_t>{0});
  CHECK(found.point[0] == 0.5);
  CHECK_NEAR(found.point[1], 0.25, 1e-9, 0);
}

TEST_CASE("a start outside the box is brought into it") {
  const auto found = minimize(rosenbrock, {-100, 100}, vec{-5, -5}, vec{5, 5});
  CHECK(found.outcome == outcome::converged);
  CHECK_NEAR(found.point[0], 1, 1e-6, 0);
}

TEST_CASE("a minimum in the corner of the box") {
  const auto bowl = [](const vec& x, bool) {
    return objective_value{x[0] + 2 * x[1] + 0.5 * (x[0] * x[0] + x[1] * x[1]), {1 + x[0], 2 + x[1]}, {1, 0, 0, 1}};
  };
  const auto found = minimize(bowl, {3, 3}, vec{0, 0}, vec{4, 4});
  CHECK(found.outcome == outcome::at_bound);
  CHECK(found.point == vec{0, 0});
  CHECK(found.active.size() == 2);
  CHECK(found.gradient_norm == 0);
}

TEST_CASE("a start at the wrong bound leaves it") {
  const auto bowl = [](const vec& x, bool) {
    return objective_value{(x[0] - 1) * (x[0] - 1) + (x[1] - x[0]) * (x[1] - x[0]),
                           {2 * (x[0] - 1) - 2 * (x[1] - x[0]), 2 * (x[1] - x[0])},
                           {4, -2, -2, 2}};
  };
  const auto found = minimize(bowl, {4, 0}, vec{0, 0}, vec{4, 4});
  CHECK(found.outcome == outcome::converged);
  CHECK_NEAR(found.point[0], 1, 1e-9, 0);
  CHECK_NEAR(found.point[1], 1, 1e-9, 0);
}

TEST_CASE("a flat direction is told from a minimum") {
  // Only the sum matters.
  const auto valley = [](const vec& x, bool) {
    const double s = x[0] + x[1] - 3;
    return objective_value{s * s, {2 * s, 2 * s}, {2, 2, 2, 2}};
  };
  const auto found = minimize(valley, {-4, 1}, vec{-10, -10}, vec{10, 10});
  CHECK(found.outcome == outcome::not_identified);
  CHECK_NEAR(found.point[0] + found.point[1], 3, 1e-6, 0);
}

TEST_CASE("a constant is not identified") {
  const auto constant = [](const vec&, bool) { return objective_value{7, {0, 0}, {0, 0, 0, 0}}; };
  const auto found = minimize(constant, {1, 2}, vec{-9, -9}, vec{9, 9});
  CHECK(found.outcome == outcome::not_identified);
  CHECK(found.point == vec{1, 2});
}

TEST_CASE("an indefinite start is left downhill") {
  // x^4 / 4 - x^2 / 2 + y^2: minima at (-1, 0) and (1, 0), a saddle at 0.
  const auto wells = [](const vec& x, bool) {
    return objective_value{std::pow(x[0], 4) / 4 - x[0] * x[0] / 2 + x[1] * x[1],
                           {std::pow(x[0], 3) - x[0], 2 * x[1]},
                           {3 * x[0] * x[0] - 1, 0, 0, 2}};
  };
  const auto found = minimize(wells, {0.01, 2}, vec{-9, -9}, vec{9, 9});
  CHECK(found.outcome == outcome::converged);
  CHECK_NEAR(found.point[0], 1, 1e-7, 0);
  // The hard case: at the saddle's ridge the gradient has no part along the negative curvature.
  const auto hard = minimize(wells, {0, 2}, vec{-9, -9}, vec{9, 9});
  CHECK(hard.outcome == outcome::converged);
  CHECK_NEAR(std::fabs(hard.point[0]), 1, 1e-7, 0);
  const auto still = minimize(wells, {0, 0}, vec{-9, -9}, vec{9, 9});
  CHECK(still.outcome == outcome::converged);
  CHECK_NEAR(std::fabs(still.point[0]), 1, 1e-7, 0);
}

TEST_CASE("trust-region steps solve their subproblem") {
  // Hard case, Nocedal & Wright (2006), section 4.3: lambda = -1, 2; gradient along the second eigenvector.
  const auto step = numeric::detail::solve_trust_region(vec{0, 1}, vec{-1, 0, 0, 2}, 2, 3);
  CHECK_NEAR(step.length, 3, 1e-9, 0);
  // Stationary: (H + 1 I) s = -g has s1 = -1/3, and s0 fills the region.
  CHECK_NEAR(step.step[1], -1.0 / 3, 1e-9, 0);
  CHECK_NEAR(std::fabs(step.step[0]), std::sqrt(9 - 1.0 / 9), 1e-9, 0);
  CHECK_FALSE(step.is_newton);
  // Easy cases: inside, and at the rim along the gradient.
  const auto newton = numeric::detail::solve_trust_region(vec{1, 1}, vec{2, 0, 0, 4}, 2, 3);
  CHECK(newton.is_newton);
  CHECK_NEAR(newton.step[0], -0.5, 1e-14, 0);
  CHECK_NEAR(newton.decrease, 0.25 + 0.125, 1e-14, 0);
  const auto rim = numeric::detail::solve_trust_region(vec{3, 4}, vec{1, 0, 0, 1}, 2, 1);
  CHECK_NEAR(rim.length, 1, 1e-9, 0);
  CHECK_NEAR(rim.step[0], -0.6, 1e-9, 0);
}

TEST_CASE("regions without a value or derivative are backed away from") {
  const auto log_barrier = [](const vec& x, bool) {
    if (x[0] <= 0) return objective_value{not_a_number, {not_a_number}, {not_a_number}};
    return objective_value{x[0] - std::log(x[0]), {1 - 1 / x[0]}, {1 / (x[0] * x[0])}};
  };
  // From 3 the Newton step goes to -3.
  const auto found = minimize(log_barrier, {3}, vec{-10}, vec{10});
  CHECK(found.outcome == outcome::converged);
  CHECK_NEAR(found.point[0], 1, 1e-7, 0);
  // A finite value whose Hessian is not: as good as no value.
  const auto no_hessian = [&](const vec& x, bool wants) {
    auto out = log_barrier(x, wants);
    if (x[0] > 0 && x[0] < 0.2) out.hessian = {infinity};
    return out;
  };
  CHECK(minimize(no_hessian, {3}, vec{-10}, vec{10}).outcome == outcome::converged);
  const auto nothing = [](const vec&, bool) { return objective_value{not_a_number, {not_a_number}, {not_a_number}}; };
  const auto none = minimize(nothing, {3}, vec{-10}, vec{10});
  CHECK(none.outcome == outcome::stalled);
  CHECK(none.evaluations == 1);
}

TEST_CASE("a function that falls for ever ends at the bound") {
  const auto decay = [](const vec& x, bool) {
    const double e = std::exp(-x[0]);
    return objective_value{1 + e, {-e}, {e}};
  };
  const auto found = minimize(decay, {0}, vec{-20}, vec{18});
  // The value is flat to rounding long before the bound; either verdict is true, a stall is not.
  CHECK((found.outcome == outcome::at_bound || found.outcome == outcome::converged));
  CHECK(found.evaluations < 25);
  const auto slope = [](const vec& x, bool) { return objective_value{-x[0], {-1}, {0}}; };
  const auto linear = minimize(slope, {0}, vec{-20}, vec{18});
  CHECK(linear.outcome == outcome::at_bound);
  CHECK(linear.point[0] == 18);
}

TEST_CASE("the iteration limit is told") {
  minimize_options few;
  few.iteration_limit = 3;
  const auto found = minimize(rosenbrock, {-1.2, 1}, vec{-5, -5}, vec{5, 5}, few);
  CHECK(found.outcome == outcome::iteration_limit);
  CHECK(found.iterations == 3);
}

TEST_CASE("an exception of the objective passes through") {
  const auto cancelled = [](const vec&, bool) -> objective_value { fail(error_code::cancelled, "progress", "stop"); };
  CHECK_THROWS_AS(minimize(cancelled, {0}, vec{-1}, vec{1}), error);
}
