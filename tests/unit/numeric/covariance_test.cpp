#include "kundenwert/numeric/covariance.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

#include "near.hpp"

using namespace kundenwert::numeric;

TEST_CASE("the covariance is the inverse") {
  // Inverse of 4 1 / 1 3 by hand: 3 -1 / -1 4 over 11.
  const auto found = covariance_from_hessian(std::array<double, 4>{4, 1, 1, 3}, 2);
  CHECK_NEAR(found[0], 3.0 / 11, 1e-14, 0);
  CHECK_NEAR(found[1], -1.0 / 11, 1e-14, 0);
  CHECK(found[1] == found[2]);
  CHECK_NEAR(found[3], 4.0 / 11, 1e-14, 0);
  const auto errors = standard_errors(found, 2);
  CHECK_NEAR(errors[0], std::sqrt(3.0 / 11), 1e-14, 0);
  CHECK_NEAR(errors[1], std::sqrt(4.0 / 11), 1e-14, 0);
}

TEST_CASE("parameters of very different size lose no digits") {
  const auto found = covariance_from_hessian(std::array<double, 4>{4e-20, 1, 1, 3e20}, 2);
  CHECK_NEAR(found[0], 3e20 / 11, 1e-13, 0);
  CHECK_NEAR(found[3], 4e-20 / 11, 1e-13, 0);
}

TEST_CASE("no covariance where the Hessian is not positive definite") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::array<std::array<double, 4>, 6> matrices{
      {{1, 2, 2, 1}, {1, 1, 1, 1}, {-1, 0, 0, 1}, {0, 0, 0, 0}, {nan, 0, 0, 1}, {infinity, 0, 0, 1}}};
  for (const auto& m : matrices) {
    for (const double c : covariance_from_hessian(m, 2)) CHECK(std::isnan(c));
    for (const double e : standard_errors(covariance_from_hessian(m, 2), 2)) CHECK(std::isnan(e));
  }
}

TEST_CASE("a NaN beside the diagonal gives no covariance, not an exception") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double c : covariance_from_hessian(std::array<double, 4>{1, nan, nan, 1}, 2)) CHECK(std::isnan(c));
}
