#include "kundenwert/btyd/negative_binomial.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "near.hpp"

using namespace kundenwert::btyd;

// mpmath, 40 digits: the integral of the density of the time of purchase n; for the tiny shape one less the sum of the
// terms below n.
TEST_CASE("tails of any size") {
  struct tail {
    double shape;
    double scale;
    double n;
    double t;
    double value;
    double relative;
  };
  const std::array tails{
      tail{0.5, 10, 1, 39, 0.548246048547374, 1e-13}, tail{1.3, 10, 40, 39, 0.000233839410257642, 1e-12},
      // Shapes at which hardly anybody buys, and who does buys for ever.
      tail{2e-8, 4e-5, 1, 18419, 3.9895530292813419e-7, 1e-12},
      tail{2e-8, 4e-5, 7, 18419, 3.4995532183532253e-7, 1e-12}, tail{2.5, 1, 1e6, 1e6, 0.849144966900112, 1e-10},
      tail{2.5, 1, 1e6, 1e5, 0.00124977646304547, 1e-9},
      // Beyond a hundred million: approximations that are as good as the purchases are many.
      tail{2.5, 1, 3e9, 1e9, 0.306218918559235, 1e-8}, tail{30, 1, 3e9, 1e8, 0.475716986469493, 1e-8},
      tail{3e8, 1e8, 2, 1, 0.800851725034932, 1e-10}, tail{3e8, 1e8, 5e8, 1.6666e8, 0.29193504575254, 1e-5},
      tail{2e5, 100, 4e8, 2e5, 0.499702868922783, 1e-5}, tail{1e9, 1e9, 1e6, 1.001e6, 0.841223700228612, 1e-5}};
  for (const auto& at : tails) {
    CAPTURE(at.shape);
    CAPTURE(at.n);
    CHECK_NEAR(negative_binomial_tail(at.shape, at.scale, at.n, at.t), at.value, at.relative, 0);
  }
}

TEST_CASE("a tail is the sum of what it holds") {
  for (const double shape : {1e-3, 0.4, 3.0, 2e8}) {
    CAPTURE(shape);
    const double scale = shape * 2;
    double above = negative_binomial_tail(shape, scale, 60, 9);
    for (double n = 59; n >= 0; --n) {
      above += std::exp(log_negative_binomial(shape, scale, n, 9));
      CHECK_NEAR(negative_binomial_tail(shape, scale, n, 9), above, 1e-7, 0);
      if (shape < 1e8) CHECK_NEAR(negative_binomial_tail(shape, scale, n, 9), above, 1e-11, 0);
    }
  }
  CHECK(negative_binomial_tail(2, 3, 0, 1) == 1);
  CHECK(negative_binomial_tail(2, 3, 0, 0) == 1);
  CHECK(negative_binomial_tail(2, 3, 1, 0) == 0);
}
