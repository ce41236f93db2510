#include "kundenwert/numeric/special.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "near.hpp"

using namespace kundenwert::numeric;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double euler = 0.57721566490153286061;
constexpr double pi = 3.14159265358979323846;

// Central difference; with step h the truncation error is h^2/6 f''' and the rounding error eps |f| / h.
template <class Function>
double slope(Function&& f, double x, double h) {
  return (f(x + h) - f(x - h)) / ((x + h) - (x - h));
}

}  // namespace

TEST_CASE("log_gamma: closed values, edges and domain") {
  CHECK(log_gamma(1) == 0);
  CHECK(log_gamma(2) == 0);
  CHECK_NEAR(log_gamma(0.5), 0.5 * std::log(pi), 1e-15, 0);
  CHECK_NEAR(log_gamma(11), std::log(3628800.0), 1e-15, 0);
  CHECK_NEAR(log_gamma(1 + 1e-15), -euler * ((1 + 1e-15) - 1), 1e-14, 0);
  CHECK(log_gamma(0) == infinity);
  CHECK(log_gamma(infinity) == infinity);
  CHECK(std::isnan(log_gamma(-1)));
  CHECK(std::isnan(log_gamma(not_a_number)));
}

TEST_CASE("digamma and trigamma: closed values, edges and domain") {
  CHECK_NEAR(digamma(1), -euler, 1e-15, 0);
  CHECK_NEAR(digamma(0.5), -euler - 2 * std::log(2.0), 1e-15, 0);
  CHECK(digamma(0) == -infinity);
  CHECK(digamma(infinity) == infinity);
  CHECK(std::isnan(digamma(-0.5)));
  CHECK(std::isnan(digamma(not_a_number)));
  CHECK_NEAR(trigamma(1), pi * pi / 6, 1e-15, 0);
  CHECK_NEAR(trigamma(0.5), pi * pi / 2, 1e-15, 0);
  CHECK(trigamma(0) == infinity);
  CHECK(trigamma(infinity) == 0);
  CHECK(std::isnan(trigamma(-0.5)));
  CHECK(std::isnan(trigamma(not_a_number)));
}

TEST_CASE("recurrences and derivatives of the gamma family (A&S 6.1.15, 6.3.5, 6.4.6)") {
  for (double x = 0.0137; x < 400; x *= 1.11) {
    CAPTURE(x);
    CHECK_NEAR(log_gamma(x + 1), log_gamma(x) + std::log(x), 1e-15, 4e-15 * (1 + std::fabs(log_gamma(x))));
    CHECK_NEAR(digamma(x + 1) - digamma(x), 1 / x, 1e-15, 2e-15 * (1 + std::fabs(digamma(x))));
    CHECK_NEAR(trigamma(x) - trigamma(x + 1), 1 / (x * x), 1e-15, 2e-15 * trigamma(x));
    // Step 1e-5 x: truncation about 1e-10 relative, rounding 1e-16 / 1e-5 relative to the function.
    const double h = 1e-5 * x;
    CHECK_NEAR(slope(log_gamma, x, h), digamma(x), 1e-8, 1e-10 * (1 + std::fabs(log_gamma(x)) / x));
    CHECK_NEAR(slope(digamma, x, h), trigamma(x), 1e-8, 1e-10 * (1 + std::fabs(digamma(x)) / x));
  }
}

TEST_CASE("reflection (A&S 6.1.17, 6.3.7, 6.4.7)") {
  // Symmetric in x and 1 - x; up to 1/2 the sine of pi x is accurate, and 1 - x is exact or rounds by half an ulp.
  for (double x = 0.01; x <= 0.5; x += 0.01) {
    CAPTURE(x);
    const double sine = std::sin(pi * x);
    CHECK_NEAR(log_gamma(x) + log_gamma(1 - x), std::log(pi / sine), 0, 4e-15);
    CHECK_NEAR(digamma(1 - x) - digamma(x), pi * std::cos(pi * x) / sine, 1e-14, 4e-15);
    CHECK_NEAR(trigamma(1 - x) + trigamma(x), pi * pi / (sine * sine), 1e-14, 0);
  }
}

TEST_CASE("rising differences: closed values, edges and domain") {
  CHECK(log_rising(1e12, 0) == 0);
  CHECK(log_rising(1, 1) == 0);
  CHECK(log_rising(0, 3) == -infinity);
  CHECK(log_rising(0, 0) == 0);
  CHECK_NEAR(log_rising(1e-10, 1), std::log(1e-10), 1e-15, 0);
  CHECK_NEAR(log_rising(1e300, 4), 4 * std::log(1e300), 1e-15, 0);
  CHECK_NEAR(log_rising(1e-300, 2), std::log(1e-300), 1e-15, 0);
  CHECK_NEAR(log_rising(3, 4), std::log(3.0 * 4 * 5 * 6), 1e-15, 0);
  CHECK(digamma_rising(2, 0) == 0);
  CHECK(digamma_rising(0, 1) == infinity);
  CHECK_NEAR(digamma_rising(2, 3), 1 / 2.0 + 1 / 3.0 + 1 / 4.0, 1e-15, 0);
  CHECK(trigamma_rising(2, 0) == 0);
  CHECK(trigamma_rising(0, 1) == -infinity);
  CHECK_NEAR(trigamma_rising(2, 3), -(1 / 4.0 + 1 / 9.0 + 1 / 16.0), 1e-15, 0);
  for (const auto f : {log_rising, digamma_rising, trigamma_rising}) {
    CHECK(std::isnan(f(-1, 1)));
    CHECK(std::isnan(f(1, -1)));
    CHECK(std::isnan(f(not_a_number, 1)));
    CHECK(std::isnan(f(1, not_a_number)));
    CHECK(std::isnan(f(infinity, 1)));
    CHECK(std::isnan(f(1, infinity)));
  }
}

TEST_CASE("rising differences add up, and each is the derivative of the one before") {
  for (double a = 0.003; a < 3000; a *= 1.7) {
    for (double x : {0.25, 1.0, 7.0, 16.0, 16.5, 17.0, 350.0}) {
      CAPTURE(a);
      CAPTURE(x);
      // (a)_(x + 3) = (a)_x (a + x)_3; the absolute part covers the rounding of a + x, which (a + x)_3 feels 3/(a + x).
      const double scale = 1 + std::fabs(std::log(a)) + std::fabs(log_rising(a, x));
      CHECK_NEAR(log_rising(a, x + 3), log_rising(a, x) + log_rising(a + x, 3), 1e-14, 4e-15 * scale);
      CHECK_NEAR(digamma_rising(a, x + 3), digamma_rising(a, x) + digamma_rising(a + x, 3), 4e-15, 0);
      CHECK_NEAR(trigamma_rising(a, x + 3), trigamma_rising(a, x) + trigamma_rising(a + x, 3), 6e-15, 0);
      const double h = 1e-5 * a;
      const auto log_at = [x](double v) { return log_rising(v, x); };
      const auto digamma_at = [x](double v) { return digamma_rising(v, x); };
      // Truncation 1e-10 relative; rounding 1e-16 over the relative step 1e-5, in units of the function over a.
      CHECK_NEAR(slope(log_at, a, h), digamma_rising(a, x), 1e-8, 1e-9 * scale / a);
      CHECK_NEAR(slope(digamma_at, a, h), trigamma_rising(a, x), 1e-8, 1e-10 * digamma_rising(a, x) / a);
    }
  }
}

TEST_CASE("log_beta: symmetry, recurrence, edges and domain") {
  CHECK(log_beta(1, 1) == 0);
  CHECK_NEAR(log_beta(2, 3), -std::log(12.0), 1e-15, 0);
  CHECK_NEAR(log_beta(0.5, 0.5), std::log(pi), 1e-15, 0);
  CHECK_NEAR(log_beta(1, 1e300), -std::log(1e300), 1e-15, 0);
  CHECK_NEAR(log_beta(1e-300, 1e300), -std::log(1e-300), 1e-15, 0);
  CHECK(log_beta(0, 2) == infinity);
  CHECK(log_beta(2, infinity) == -infinity);
  CHECK(std::isnan(log_beta(-1, 2)));
  CHECK(std::isnan(log_beta(not_a_number, 2)));
  for (double a = 0.01; a < 1e5; a *= 2.3) {
    for (double b = 0.013; b < 1e6; b *= 3.1) {
      CAPTURE(a);
      CAPTURE(b);
      CHECK(log_beta(a, b) == log_beta(b, a));
      CHECK_NEAR(log_beta(a + 1, b), log_beta(a, b) + std::log(a / (a + b)), 1e-14, 1e-14);
    }
  }
}

TEST_CASE("stable logarithms and exponentials at their edges") {
  CHECK(log_add_exp(-infinity, -infinity) == -infinity);
  CHECK(log_add_exp(-infinity, 3) == 3);
  CHECK(log_add_exp(infinity, 3) == infinity);
  CHECK_NEAR(log_add_exp(1e5, 1e5), 1e5 + std::log(2.0), 1e-15, 0);
  CHECK(std::isnan(log_add_exp(not_a_number, 0)));
  CHECK(std::isnan(log_add_exp(0, not_a_number)));

  CHECK(log1m_exp(0) == -infinity);
  CHECK(log1m_exp(-infinity) == 0);
  CHECK(std::isnan(log1m_exp(0.1)));
  CHECK(std::isnan(log1m_exp(not_a_number)));

  CHECK(log1p_exp(-infinity) == 0);
  CHECK(log1p_exp(infinity) == infinity);
  CHECK(std::isnan(log1p_exp(not_a_number)));

  CHECK(expm1_over(0) == 1);
  CHECK(expm1_over(-0.0) == 1);
  CHECK(expm1_over(-infinity) == 0);
  CHECK(expm1_over(infinity) == infinity);
  CHECK(std::isnan(expm1_over(not_a_number)));

  CHECK(log1p_over(0) == 1);
  CHECK(log1p_over(-1) == infinity);
  CHECK(log1p_over(infinity) == 0);
  CHECK(std::isnan(log1p_over(-1.5)));
  CHECK(std::isnan(log1p_over(not_a_number)));

  CHECK(logit(0) == -infinity);
  CHECK(logit(1) == infinity);
  CHECK(logit(0.5) == 0);
  CHECK(std::isnan(logit(1.1)));
  CHECK(std::isnan(logit(not_a_number)));

  CHECK(expit(-infinity) == 0);
  CHECK(expit(infinity) == 1);
  CHECK(expit(0) == 0.5);
  CHECK(std::isnan(expit(not_a_number)));
  // d expit / d logit = p (1 - p) >= 3e-7 here: the rounding of p comes back magnified by its inverse.
  for (double x = -15; x <= 15; x += 0.37)
    CHECK_NEAR(logit(expit(x)), x, 1e-15, 2e-16 / (expit(x) * expit(-x)) + 1e-15);
}
