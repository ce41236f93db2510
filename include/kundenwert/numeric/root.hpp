// The root of a function of one variable between two points where it has different signs.
//
// Reference: Chandrupatla (1997), "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear
// function without using derivatives", Advances in Engineering Software 28: inverse quadratic interpolation where the
// last three points make it trustworthy, bisection elsewhere; never more than a small multiple of bisection's steps.
//
// paper | name here            | domain
// a, b  | low, high            | finite, low < high; the bracket, returned as it ended
// eps   | absolute, relative   | >= 0: the bracket ends at most absolute + relative |root| wide on each side
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"

namespace kundenwert::numeric {

struct root_tolerance {
  double absolute = 0;
  double relative = 4 * std::numeric_limits<double>::epsilon();
  std::int64_t most_evaluations = 200;
};

// outcome: converged (the bracket is as narrow as asked, or f is 0 there); not_identified when f has the same sign at
// both ends (root is NaN); iteration_limit; stalled when f gave NaN (root is the best point before).
struct root_result {
  double root;
  double value;  // f(root)
  double low;    // the bracket at the end
  double high;
  std::int64_t evaluations;
  outcome ended;
};

// A point of [low, high] where f changes sign. f: double(double), monotone or not, infinite values allowed.
// Errors: ends that are NaN or infinite or farther apart than the largest double, low >= high, negative tolerances.
// What f throws passes through.
template <class Function>
root_result find_root(Function&& f, double low, double high, root_tolerance tolerance = {}) {
  require_finite(low, "low");
  require_finite(high, "high");
  if (!(low < high)) fail(error_code::domain, "low", "must be below high");
  require_finite(high - low, "high");
  require_not_negative(tolerance.absolute, "absolute");
  require_not_negative(tolerance.relative, "relative");

  // The root lies between `newest` and `opposite`, where f has different signs; `third` was replaced last.
  struct point {
    double x;
    double y;
  };
  point opposite{low, static_cast<double>(f(low))};
  point newest{high, static_cast<double>(f(high))};
  std::int64_t evaluations = 2;
  const auto finish = [&](const point& best, outcome how) {
    return root_result{best.x,      best.y, std::min(newest.x, opposite.x), std::max(newest.x, opposite.x),
                       evaluations, how};
  };
  if (opposite.y == 0) return finish(opposite, outcome::converged);
  if (newest.y == 0) return finish(newest, outcome::converged);
  if (std::isnan(opposite.y) || std::isnan(newest.y)) return finish({not_available, not_available}, outcome::stalled);
  if ((opposite.y < 0) == (newest.y < 0)) return finish({not_available, not_available}, outcome::not_identified);

  double share = 0.5;  // where between newest and opposite to look next
  for (;;) {
    const point best = std::fabs(newest.y) < std::fabs(opposite.y) ? newest : opposite;
    const double width = std::fabs(opposite.x - newest.x);
    // No bracket is narrower than the spacing of doubles: that is the smallest allowance.
    const double spacing = std::numeric_limits<double>::epsilon() * std::fabs(best.x);
    const double allowance = std::max({tolerance.absolute + tolerance.relative * std::fabs(best.x), spacing,
                                       std::numeric_limits<double>::denorm_min()});
    if (width <= 2 * allowance) return finish(best, outcome::converged);
    if (evaluations >= tolerance.most_evaluations) return finish(best, outcome::iteration_limit);

    const double least = allowance / width;
    share = std::clamp(share, least, 1 - least);
    const double x = newest.x + share * (opposite.x - newest.x);
    const point next{x, static_cast<double>(f(x))};
    ++evaluations;
    if (std::isnan(next.y)) return finish(best, outcome::stalled);
    point third = newest;
    if ((next.y < 0) != (newest.y < 0)) {
      third = opposite;
      opposite = newest;
    }
    newest = next;
    if (newest.y == 0) {
      opposite = newest;
      return finish(newest, outcome::converged);
    }
    // Chandrupatla's criterion: the inverse parabola through the three points is monotone between the two.
    const double xi = (newest.x - opposite.x) / (third.x - opposite.x);
    const double phi = (newest.y - opposite.y) / (third.y - opposite.y);
    share = 0.5;
    if (phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi) {
      share = newest.y / (opposite.y - newest.y) * (third.y / (opposite.y - third.y)) +
              (third.x - newest.x) / (opposite.x - newest.x) * (newest.y / (third.y - newest.y)) *
                  (opposite.y / (third.y - opposite.y));
    }
    if (!std::isfinite(share)) share = 0.5;
  }
}

}  // namespace kundenwert::numeric
