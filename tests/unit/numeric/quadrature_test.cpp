#include "kundenwert/numeric/quadrature.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "kundenwert/numeric/special.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::numeric;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double pi = 3.14159265358979323846;

// Every even power up to the rule's degree: the integral of x^k over [-1, 1] is 2 / (k + 1), of odd powers 0.
template <std::size_t points>
void check_degree(const quadrature_rule<points>& rule, int degree) {
  for (int k = 0; k <= degree; ++k) {
    CAPTURE(k);
    double sum = 0;
    for (std::size_t i = 0; i < points; ++i) sum += rule.weights[i] * std::pow(rule.nodes[i], k);
    CHECK_NEAR(sum, k % 2 == 0 ? 2.0 / (k + 1) : 0.0, 2e-15, 1e-16);
  }
  for (std::size_t i = 1; i < points; ++i) CHECK(rule.nodes[i - 1] < rule.nodes[i]);
}

// The value within the tolerance asked for, and within the error the result itself states.
void check_integral(const quadrature_result& r, double expected, double relative) {
  CHECK(r.ended == outcome::converged);
  CHECK_NEAR(r.value, expected, relative, 0);
  CHECK(std::fabs(r.value - expected) <= r.error_estimate);
}

}  // namespace

TEST_CASE("Gauss-Legendre and Gauss-Kronrod rules are exact to their degree") {
  check_degree(gauss_legendre_8, 15);
  check_degree(gauss_legendre_16, 31);
  check_degree(gauss_legendre_32, 63);
  check_degree(gauss_kronrod_21, 31);
  // Abramowitz & Stegun (1964), table 25.4, n = 8, first node and weight.
  CHECK_NEAR(gauss_legendre_8.nodes[4], 0.183434642495650, 1e-14, 0);
  CHECK_NEAR(gauss_legendre_8.weights[4], 0.362683783378362, 1e-14, 0);
  // QUADPACK, qk21: outermost Kronrod node and the weight in the middle.
  CHECK_NEAR(gauss_kronrod_21.nodes[20], 0.995657163025808080735527280689003, 1e-16, 0);
  CHECK_NEAR(gauss_kronrod_21.weights[10], 0.149445554002916905664936468389821, 1e-16, 0);
}

TEST_CASE("integrate_fixed maps the rule to any interval") {
  const auto f = [](double x) { return std::exp(x); };
  CHECK_NEAR(integrate_fixed(gauss_legendre_16, f, -1, 2), std::exp(2.0) - std::exp(-1.0), 2e-15, 0);
  CHECK_NEAR(integrate_fixed(gauss_legendre_32, f, 2, -1), std::exp(-1.0) - std::exp(2.0), 2e-15, 0);
  CHECK(integrate_fixed(gauss_legendre_8, f, 3, 3) == 0);
}

TEST_CASE("integrate: closed integrals, smooth, peaked and singular at an end") {
  check_integral(integrate([](double x) { return std::exp(x); }, 0, 1), std::exp(1.0) - 1, 1e-10);
  check_integral(integrate([](double x) { return 1 / std::sqrt(x); }, 0, 1), 2, 1e-10);
  check_integral(integrate([](double x) { return std::log(x); }, 0, 1), -1, 1e-10);
  check_integral(integrate([](double x) { return 1 / (1e-6 + x * x); }, -1, 1), 2e3 * std::atan(1e3), 1e-10);
  check_integral(integrate([](double x) { return std::fabs(x - 0.3); }, 0, 1), 0.29, 1e-10);
  // The absolute allowance counts where the integral is 0.
  const auto odd = integrate([](double x) { return std::sin(x); }, -1, 1, {1e-12, 0, 10000});
  CHECK(odd.ended == outcome::converged);
  CHECK_NEAR(odd.value, 0, 0, 1e-12);
}

TEST_CASE("integrate: infinite ends") {
  check_integral(integrate([](double x) { return std::exp(-x * x); }, -infinity, infinity), std::sqrt(pi), 1e-10);
  check_integral(integrate([](double x) { return std::exp(-x); }, 2, infinity), std::exp(-2.0), 1e-10);
  check_integral(integrate([](double x) { return 1 / (1 + x * x); }, -infinity, 0), pi / 2, 1e-10);
  // Gamma(a) = integral of x^(a - 1) e^-x and B(a, b) = integral of x^(a - 1) (1 - x)^(b - 1) (A&S 6.1.1, 6.2.1).
  for (double a : {0.6, 1.3, 4.5, 30.0}) {
    CAPTURE(a);
    const auto gamma = [a](double x) { return std::exp((a - 1) * std::log(x) - x); };
    check_integral(integrate(gamma, 0, infinity), std::exp(log_gamma(a)), 1e-10);
    const auto beta = [a](double x) { return std::pow(x, a - 1) * std::pow(1 - x, 1.7); };
    check_integral(integrate(beta, 0, 1), std::exp(log_beta(a, 2.7)), 1e-10);
  }
}

TEST_CASE("integrate tells how it ended") {
  const auto f = [](double x) { return 1 / std::sqrt(x); };
  const auto few = integrate(f, 0, 1, {0, 1e-10, 100});
  CHECK(few.ended == outcome::iteration_limit);
  CHECK(few.evaluations <= 100);
  CHECK(std::fabs(few.value - 2) <= few.error_estimate);
  const auto exact = integrate([](double x) { return std::exp(x); }, 0, 1, {0, 0, 100000});
  CHECK(exact.ended == outcome::stalled);
  CHECK_NEAR(exact.value, std::exp(1.0) - 1, 1e-14, 0);
  const auto undefined = integrate([](double x) { return std::sqrt(x); }, -1, 1);
  CHECK(undefined.ended == outcome::stalled);
  CHECK(std::isnan(undefined.value));
  const auto divergent = integrate([](double x) { return 1 / x; }, 0, 1);
  CHECK(divergent.ended != outcome::converged);
  const auto empty = integrate(f, 1, 1);
  CHECK(empty.ended == outcome::converged);
  CHECK(empty.value == 0);
  CHECK(empty.evaluations == 0);
  int calls = 0;
  const auto counted = integrate([&](double x) { return ++calls, std::sqrt(x); }, 0, 1);
  CHECK(counted.evaluations == calls);
}

TEST_CASE("integrate refuses ends and tolerances that mean nothing") {
  const auto f = [](double x) { return x; };
  const double nan = std::nan("");
  CHECK_THROWS_AS(integrate(f, nan, 1), error);
  CHECK_THROWS_AS(integrate(f, 0, nan), error);
  CHECK_THROWS_AS(integrate(f, 1, 0), error);
  CHECK_THROWS_AS(integrate(f, 0, 1, {-1, 0, 100}), error);
  CHECK_THROWS_AS(integrate(f, 0, 1, {0, nan, 100}), error);
}
