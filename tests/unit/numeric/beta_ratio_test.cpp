#include "kundenwert/numeric/beta_ratio.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "kundenwert/base/random.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::numeric;

TEST_CASE("edges and whole numbers of periods") {
  CHECK(log_beta_ratio(0, 3, 5) == 0);
  CHECK(log_beta_ratio(2, 3, 0) == 0);
  // (b)_u / (a + b)_u by its factors.
  CHECK_NEAR(log_beta_ratio(2, 3, 1), std::log(3.0 / 5), 1e-15, 0);
  CHECK_NEAR(log_beta_ratio(0.5, 0.25, 2), std::log(0.25 / 0.75 * 1.25 / 1.75), 1e-15, 0);
  // a = 1 telescopes to b / (b + u), a = -1/2 below it.
  CHECK_NEAR(log_beta_ratio(1, 7, 1e9), std::log(7 / (7 + 1e9)), 1e-15, 0);
  CHECK_NEAR(log_beta_ratio(-0.5, 2, 2), std::log(2.0 * 3 / (1.5 * 2.5)), 1e-14, 0);
}

TEST_CASE("symmetric in a and u, additive in u") {
  for (std::uint64_t i = 0; i < 500; ++i) {
    random_stream draw(91, i);
    const auto log_uniform = [&](double low, double high) { return std::pow(10, low + (high - low) * draw.uniform()); };
    const double a = log_uniform(-2, 6);
    const double b = log_uniform(-6, 6);
    const double u = log_uniform(-2, 6);
    const double v = log_uniform(-2, 6);
    CAPTURE(a);
    CAPTURE(b);
    CAPTURE(u);
    CAPTURE(v);
    CHECK_NEAR(log_beta_ratio(a, b, u), log_beta_ratio(u, b, a), 2e-14, 0);
    CHECK_NEAR(log_beta_ratio(a, b, u) + log_beta_ratio(a, b + u, v), log_beta_ratio(a, b, u + v), 4e-14, 0);
    CHECK(log_beta_ratio(a, b, u + v) < log_beta_ratio(a, b, u));
  }
}

TEST_CASE("far above the parameters the limit is reached") {
  for (const double a : {1e-3, 0.7, 5.0, 1e4}) {
    CHECK_NEAR(log_beta_ratio_far(a, 2.5, std::log(1e30)), log_beta_ratio(a, 2.5, 1e30), 1e-13, 0);
    const auto a_dual = dual<2>::variable(a, 0);
    const auto b_dual = dual<2>::variable(2.5, 1);
    const auto limit = log_beta_ratio_far(a_dual, b_dual, dual<2>(std::log(1e30)));
    const auto near = log_beta_ratio(a_dual, b_dual, 1e30);
    for (std::size_t i = 0; i < 2; ++i) CHECK_NEAR(limit.gradient[i], near.gradient[i], 1e-12, 0);
    for (std::size_t k = 0; k < 3; ++k) CHECK_NEAR(limit.hessian[k], near.hessian[k], 1e-12, 1e-25);
  }
}

TEST_CASE("data and parameters with the same derivatives") {
  const auto a = dual<3>::variable(0.7, 0);
  const auto b = dual<3>::variable(2.5, 1);
  const auto by_data = log_beta_ratio(a, b, 40.0);
  const auto by_all = log_beta_ratio(a, b, dual<3>(40.0));
  CHECK(by_data.value == by_all.value);
  CHECK(by_data.gradient == by_all.gradient);
  CHECK(by_data.hessian == by_all.hessian);
  // ln(1 - e^x): the odds and their change.
  const auto rest = log1m_exp(dual<1>::variable(-0.25, 0));
  const double kept = std::exp(-0.25);
  CHECK_NEAR(rest.value, std::log(1 - kept), 1e-15, 0);
  CHECK_NEAR(rest.gradient[0], -kept / (1 - kept), 1e-15, 0);
  CHECK_NEAR(rest.hessian[0], -kept / ((1 - kept) * (1 - kept)), 1e-15, 0);
}
