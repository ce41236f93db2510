#include "kundenwert/numeric/root.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "kundenwert/numeric/special.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::numeric;

TEST_CASE("find_root: known roots") {
  // The default bracket is 8 epsilon wide at the end.
  constexpr double width = 8 * std::numeric_limits<double>::epsilon();
  // The fixed point of the cosine, 0.7390851332151606416553120876738734 (OEIS A003957).
  const auto cosine = find_root([](double x) { return std::cos(x) - x; }, 0, 1);
  CHECK(cosine.ended == outcome::converged);
  CHECK_NEAR(cosine.root, 0.73908513321516064, width, 0);
  CHECK(cosine.evaluations <= 12);
  // The zero of digamma, 1.4616321449683623412626595423257213 (OEIS A030169), from both directions.
  CHECK_NEAR(find_root(digamma, 0.1, 100).root, 1.4616321449683623, width, 0);
  CHECK_NEAR(find_root([](double x) { return -digamma(x); }, 0.1, 100).root, 1.4616321449683623, width, 0);
  CHECK_NEAR(find_root([](double x) { return std::exp(x) - 1e10; }, -100, 100).root, std::log(1e10), width, 0);
  CHECK_NEAR(find_root([](double x) { return x - 1e-200; }, -1, 1).root, 1e-200, width, 0);
}

TEST_CASE("find_root: flat, jumping and infinite functions take few steps more than bisection") {
  // From [0, 1] to 8 epsilon beside 0.3 bisection needs 50 steps.
  const auto jump = find_root([](double x) { return x < 0.3 ? -1.0 : 1.0; }, 0, 1);
  CHECK(jump.ended == outcome::converged);
  CHECK(jump.low <= 0.3);
  CHECK(jump.high >= 0.3);
  CHECK(jump.evaluations < 60);
  const auto flat = find_root([](double x) { return std::pow(x - 1, 9); }, -3, 7.3);
  CHECK_NEAR(flat.root, 1, 1e-15, 0);
  CHECK(flat.evaluations < 100);
  const auto endless = find_root([](double p) { return logit(p); }, 0, 0.75);
  CHECK_NEAR(endless.root, 0.5, 2e-15, 0);
}

TEST_CASE("find_root tells how it ended") {
  const auto none = find_root([](double x) { return x * x + 1; }, -1, 1);
  CHECK(none.ended == outcome::not_identified);
  CHECK(std::isnan(none.root));
  CHECK(none.evaluations == 2);
  const auto at_end = find_root([](double x) { return x - 1; }, 1, 2);
  CHECK(at_end.ended == outcome::converged);
  CHECK(at_end.root == 1);
  CHECK(find_root([](double x) { return x - 2; }, 1, 2).root == 2);
  // A relative tolerance alone is never met at a root of 0 that no point hits.
  const auto limit = find_root([](double x) { return x * x * x; }, -1, 2);
  CHECK(limit.ended == outcome::iteration_limit);
  CHECK(limit.evaluations == 200);
  const auto absolute = find_root([](double x) { return x * x * x; }, -1, 2, {1e-9, 0, 200});
  CHECK(absolute.ended == outcome::converged);
  CHECK_NEAR(absolute.root, 0, 0, 2e-9);
  const auto undefined = find_root([](double x) { return std::log(x); }, -1, 2);
  CHECK(undefined.ended == outcome::stalled);
  CHECK(std::isnan(undefined.root));
  const auto hole = find_root([](double x) { return x > 0.4 && x < 0.6 ? std::nan("") : x - 0.45; }, 0, 1);
  CHECK(hole.ended == outcome::stalled);
}

TEST_CASE("find_root refuses ends and tolerances that mean nothing") {
  const auto f = [](double x) { return x; };
  const double nan = std::nan("");
  constexpr double largest = std::numeric_limits<double>::max();
  CHECK_THROWS_AS(find_root(f, nan, 1), error);
  CHECK_THROWS_AS(find_root(f, 0, std::numeric_limits<double>::infinity()), error);
  CHECK_THROWS_AS(find_root(f, 1, 1), error);
  CHECK_THROWS_AS(find_root(f, 1, -1), error);
  CHECK_THROWS_AS(find_root(f, -largest, largest), error);
  CHECK_THROWS_AS(find_root(f, -1, 1, {-1, 0, 100}), error);
}
