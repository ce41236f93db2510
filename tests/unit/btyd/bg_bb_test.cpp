#include "kundenwert/btyd/bg_bb.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "check_error.hpp"
#include "kundenwert/base/random.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using kundenwert::test::check_error;

namespace {

using parameters = std::array<double, 4>;

parameters random_parameters(std::uint64_t i) {
  random_stream draw(107, i);
  const double reach = i % 4 == 0 ? 6 : 1.5;
  parameters theta;
  for (double& v : theta) v = std::pow(10, reach * (2 * draw.uniform() - 1));
  return theta;
}

double likelihood(const parameters& theta, double x, double t_x, double n) {
  return std::exp(log_likelihood<bg_bb>(theta, {x, t_x, n}));
}

}  // namespace

TEST_CASE("histories have probability one, and go on as the future says") {
  for (std::uint64_t i = 0; i < 200; ++i) {
    const auto theta = random_parameters(i);
    CAPTURE(theta[0]);
    CAPTURE(theta[1]);
    CAPTURE(theta[2]);
    CAPTURE(theta[3]);
    constexpr double n = 9;
    double all = 0;
    for (double t_x = 0; t_x <= n; ++t_x) {
      for (double x = t_x == 0 ? 0 : 1; x <= (t_x == 0 ? 0 : t_x); ++x) {
        // The other x - 1 purchases lie anywhere before the last one.
        double orders = 1;
        for (double k = 1; k < x; ++k) orders *= (t_x - k) / k;
        const double now = likelihood(theta, x, t_x, n);
        all += orders * now;
        const double silent = likelihood(theta, x, t_x, n + 1);
        const double bought = likelihood(theta, x + 1, n + 1, n + 1);
        CHECK_NEAR(silent + bought, now, 1e-12, 1e-300);
        if (now < 1e-250) continue;
        const summary_row r{x, t_x, n};
        const double alive = bg_bb::probability_alive(theta, r);
        CHECK(alive >= 0);
        CHECK(alive <= 1);
        CHECK_NEAR(alive * purchase_within(bg_bb::state(theta, r), 1), bought / now, 1e-12, 1e-300);
        CHECK(bg_bb::purchase_rate(theta, r) > 0);
        CHECK(bg_bb::purchase_rate(theta, r) < 1);
        CHECK(bg_bb::dropout_probability(theta, r) > 0);
        CHECK(bg_bb::dropout_probability(theta, r) < 1);
      }
    }
    CHECK_NEAR(all, 1, 1e-12, 0);
  }
}

TEST_CASE("before the first opportunity the chances are those of the population") {
  const parameters theta{1.2, 0.75, 0.66, 2.8};
  CHECK(log_likelihood<bg_bb>(theta, {0, 0, 0}) == 0);
  CHECK(bg_bb::probability_alive(theta, {0, 0, 0}) == 1);
  CHECK_NEAR(bg_bb::purchase_rate(theta, {0, 0, 0}), 1.2 / 1.95, 1e-15, 0);
  CHECK_NEAR(bg_bb::dropout_probability(theta, {0, 0, 0}), 0.66 / 3.46, 1e-15, 0);
  CHECK(bg_bb::probability_alive(theta, {3, 7, 7}) == 1);
}

TEST_CASE("without dropout the model is the beta-binomial") {
  const parameters theta{1.2, 0.75, 1e-12, 2.8};
  const double expected = numeric::log_beta(1.2 + 4, 0.75 + 8) - numeric::log_beta(1.2, 0.75);
  CHECK_NEAR(log_likelihood<bg_bb>(theta, {4, 7, 12}), expected, 1e-11, 0);
  CHECK_NEAR(expected_purchases(bg_bb::state(theta, {4, 7, 12}), 10), 10 * 5.2 / (5.2 + 8.75), 1e-11, 0);
}

TEST_CASE("five thousand opportunities, boundary parameters: finite, and derivatives too") {
  for (std::uint64_t i = 0; i < 100; ++i) {
    parameters theta = random_parameters(4 * i);
    for (const auto& r : {summary_row{0, 0, 5000}, summary_row{1, 1, 5000}, summary_row{5000, 5000, 5000},
                          summary_row{2000, 4999, 5000}}) {
      std::array<numeric::dual<4>, 4> variables;
      for (std::size_t k = 0; k < 4; ++k) variables[k] = numeric::dual<4>::variable(theta[k], k);
      const auto found = log_likelihood<bg_bb>(variables, r);
      CHECK(std::isfinite(found.value));
      CHECK(found.value <= 0);
      CHECK_NEAR(found.value, log_likelihood<bg_bb>(theta, r), 1e-15, 0);
      for (const double d : found.gradient) CHECK(std::isfinite(d));
      for (const double d : found.hessian) CHECK(std::isfinite(d));
      CHECK(std::isfinite(bg_bb::probability_alive(theta, r)));
    }
  }
}

TEST_CASE("rows that are no histories of opportunities") {
  const auto refuse = [](const summary_row& r, error_code code, const char* argument) {
    check_error([&] { bg_bb::require_row(r, 4); }, code, argument, 4);
  };
  refuse({1, 2.5, 6}, error_code::not_integer, "recency");
  refuse({1, 2, 6.5}, error_code::not_integer, "T");
  refuse({3, 2, 6}, error_code::domain, "frequency");
  bg_bb::require_row({2, 2, 2}, 0);
  bg_bb::require_row({0, 0, 0}, 0);
}
