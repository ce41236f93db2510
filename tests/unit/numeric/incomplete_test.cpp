#include "kundenwert/numeric/incomplete.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "near.hpp"

using namespace kundenwert::numeric;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("incomplete gamma: closed forms, edges and domain") {
  for (double x : {1e-10, 0.3, 1.0, 2.5, 30.0}) {
    CAPTURE(x);
    CHECK_NEAR(incomplete_gamma(1, x), -std::expm1(-x), 2e-15, 0);
    CHECK_NEAR(incomplete_gamma(0.5, x), std::erf(std::sqrt(x)), 5e-15, 0);
    CHECK_NEAR(incomplete_gamma_upper(3, x), std::exp(-x) * (1 + x + x * x / 2), 2e-14, 0);
  }
  CHECK(incomplete_gamma(2, 0) == 0);
  CHECK(incomplete_gamma_upper(2, 0) == 1);
  CHECK(incomplete_gamma(2, infinity) == 1);
  CHECK(incomplete_gamma_upper(2, infinity) == 0);
  // The largest shape: at its mean the distribution is 1/2 + 1 / (3 sqrt(2 pi a)) up to order a^(-3/2) (DLMF 8.11.12).
  CHECK_NEAR(incomplete_gamma(1e8, 1e8), 0.5 + 1 / (3 * std::sqrt(2 * 3.14159265358979323846 * 1e8)), 1e-11, 0);
  for (const auto f : {incomplete_gamma, incomplete_gamma_upper}) {
    CHECK(std::isnan(f(0, 1)));
    CHECK(std::isnan(f(2e8, 1)));
    CHECK(std::isnan(f(1, -1)));
    CHECK(std::isnan(f(std::nan(""), 1)));
    CHECK(std::isnan(f(1, std::nan(""))));
  }
}

TEST_CASE("incomplete beta: closed forms, symmetry, recurrence, edges and domain") {
  for (double x = 0.01; x < 1; x += 0.07) {
    CAPTURE(x);
    CHECK_NEAR(incomplete_beta(1, 1, x), x, 2e-15, 0);
    CHECK_NEAR(incomplete_beta(2.5, 1, x), std::pow(x, 2.5), 4e-15, 0);
    CHECK_NEAR(incomplete_beta(2, 2, x), x * x * (3 - 2 * x), 4e-15, 0);
    CHECK_NEAR(incomplete_beta(3.3, 40, x) + incomplete_beta(40, 3.3, 1 - x), 1, 1e-14, 0);
    // DLMF 8.17.20: I_x(a, b) - I_x(a + 1, b) = x^a (1 - x)^b / (a B(a, b)).
    const double step = std::exp(9 * std::log(x) + 11 * std::log1p(-x) - log_beta(9, 11)) / 9;
    CHECK_NEAR(incomplete_beta(9, 11, x) - incomplete_beta(10, 11, x), step, 1e-13, 1e-14);
  }
  CHECK(incomplete_beta(2, 3, 0) == 0);
  CHECK(incomplete_beta(2, 3, 1) == 1);
  CHECK_NEAR(incomplete_beta(1e8, 1e8, 0.5), 0.5, 1e-9, 0);
  CHECK(std::isnan(incomplete_beta(0, 1, 0.5)));
  CHECK(std::isnan(incomplete_beta(1, 2e8, 0.5)));
  CHECK(std::isnan(incomplete_beta(1, 1, -0.1)));
  CHECK(std::isnan(incomplete_beta(1, 1, 1.1)));
  CHECK(std::isnan(incomplete_beta(1, 1, std::nan(""))));
}
