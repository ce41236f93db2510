#include "kundenwert/btyd/beta_discrete_weibull.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>

#include "kundenwert/base/random.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using bdw = beta_discrete_weibull;

TEST_CASE("contracts end sometime or still run, whatever the duration dependence") {
  for (const double c : {1e-6, 0.3, 1.0, 1.7, 6.0, 60.0}) {
    const std::array theta{0.45, 0.8, c};
    CAPTURE(c);
    double all = 0;
    for (double n = 0; n <= 50; ++n) {
      CHECK_NEAR(all + std::exp(log_likelihood<bdw>(theta, {n, 0})), 1, 1e-13, 0);
      all += std::exp(log_likelihood<bdw>(theta, {n, 1}));
    }
  }
}

TEST_CASE("a customer's own chance to refuse rises with c above 1") {
  // Customers who hardly differ: the retention rate of a cohort is that of one.
  const auto rate = [](double c, double n) { return bdw::retention_rate({1e7, 9e7, c}, {n, 0}); };
  for (double n = 0; n < 10; ++n) {
    CHECK(rate(1.3, n + 1) < rate(1.3, n));
    CHECK(rate(0.7, n + 1) > rate(0.7, n));
  }
}

TEST_CASE("every bound of a search is finite, and derivatives too") {
  for (std::uint64_t i = 0; i < 400; ++i) {
    random_stream draw(109, i);
    std::array<double, 3> theta;
    for (double& v : theta)
      v = draw.uniform() < 0.5 ? (draw.uniform() < 0.5 ? 1e-8 : 1e8) : std::pow(10, 4 - 8 * draw.uniform());
    std::array<numeric::dual<3>, 3> variables;
    for (std::size_t k = 0; k < 3; ++k) variables[k] = numeric::dual<3>::variable(theta[k], k);
    CAPTURE(theta[0]);
    CAPTURE(theta[1]);
    CAPTURE(theta[2]);
    for (const double n : {0.0, 1.0, 2.0, 40.0, 1e5}) {
      for (const double ended : {0.0, 1.0}) {
        CAPTURE(n);
        CAPTURE(ended);
        const auto found = log_likelihood<bdw>(variables, {n, ended});
        CHECK(std::isfinite(found.value));
        CHECK(found.value <= 0);
        for (const double d : found.gradient) CHECK(std::isfinite(d));
        for (const double d : found.hessian) CHECK(std::isfinite(d));
      }
    }
  }
}
