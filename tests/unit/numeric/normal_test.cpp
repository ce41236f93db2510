#include "kundenwert/numeric/normal.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "near.hpp"

using namespace kundenwert::numeric;

TEST_CASE("normal distribution: edges, symmetry and domain") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(normal_cdf(0) == 0.5);
  CHECK(normal_cdf(-infinity) == 0);
  CHECK(normal_cdf(infinity) == 1);
  CHECK(std::isnan(normal_cdf(nan)));
  CHECK(normal_quantile(0) == -infinity);
  CHECK(normal_quantile(0.5) == 0);
  CHECK(normal_quantile(1) == infinity);
  CHECK(std::isnan(normal_quantile(-0.1)));
  CHECK(std::isnan(normal_quantile(1.1)));
  CHECK(std::isnan(normal_quantile(nan)));
  // Abramowitz & Stegun (1964), table 26.1: Phi(1.96) = 0.97500 21048 51780; 26.5: x(0.025) = 1.95996 39845 40054.
  CHECK_NEAR(normal_cdf(1.96), 0.9750021048517795, 1e-15, 0);
  CHECK_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-15, 0);
  for (double x = 0; x < 8; x += 0.1) CHECK_NEAR(normal_cdf(x) + normal_cdf(-x), 1, 2e-16, 0);
}

TEST_CASE("the normal quantile inverts the distribution") {
  // d ln Phi / dx is about -x in the lower tail: a relative error of x becomes x^2 times as large.
  for (double x = -37; x < 0; x += 0.31) CHECK_NEAR(normal_quantile(normal_cdf(x)), x, 2e-15, 1e-15);
}
