#include "kundenwert/btyd/beta_geometric.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "kundenwert/base/random.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

// The two ways to the same number, Taylor pieces of the differential equation and quadrature over the dropout, share
// nothing but the state.
TEST_CASE("Taylor pieces and quadrature over the dropout agree") {
  for (std::uint64_t i = 0; i < 600; ++i) {
    random_stream draw(71, i);
    const auto log_uniform = [&](double low, double high) { return std::pow(10, low + (high - low) * draw.uniform()); };
    const beta_geometric_state state{log_uniform(-3, 4), 1, log_uniform(-6, 5), log_uniform(-6, 5)};
    const double end = log_uniform(-9, 2.5) / (state.shape + 1);
    const double rate = i % 2 == 0 ? 0 : log_uniform(-6, 3);
    const double other = btyd::detail::purchases_by_quadrature(state, end, rate);
    CAPTURE(state.shape);
    CAPTURE(state.dropout);
    CAPTURE(state.survival);
    CAPTURE(end);
    CAPTURE(rate);
    CHECK_NEAR(discounted_purchases(state, end, rate), other, 1e-12, 0);
  }
}

TEST_CASE("homogeneous customers are the Poisson process with a fixed dropout") {
  // shape / scale = 0.5 a week for everybody, dropout 0.2: 0.5 (1 - e^(-0.1 t)) / 0.1 (1 + O(1e-8)).
  const beta_geometric_state state{5e8, 1e9, 2e8, 8e8};
  for (const double horizon : {1.0, 39.0, 1000.0}) {
    CHECK_NEAR(expected_purchases(state, horizon), -5 * std::expm1(-0.1 * horizon), 1e-6, 0);
  }
  CHECK_NEAR(discounted_purchases(state, std::numeric_limits<double>::infinity(), 0.01), 0.5 / 0.11, 1e-6, 0);
}

TEST_CASE("edges of the horizon") {
  const beta_geometric_state state{2.2, 43, 0.8, 4.4};
  CHECK(expected_purchases(state, 0) == 0);
  CHECK(discounted_purchases(state, 0, 0.1) == 0);
  CHECK_NEAR(expected_purchases(state, 1e-12), 2.2 / 43 * 1e-12, 1e-12, 0);
  CHECK(std::isfinite(expected_purchases(state, 1e300)));
  CHECK(std::isfinite(discounted_purchases(state, std::numeric_limits<double>::infinity(), 1e-300)));
  CHECK(discounted_purchases(state, std::numeric_limits<double>::infinity(), 1e300) >= 0);
}

TEST_CASE("millions of expected purchases take no longer") {
  // Before, a piece of 12 purchases each: minutes.
  const double found = expected_purchases({1e8, 1e-3, 0.5, 1e8}, 1e4);
  CHECK(std::isfinite(found));
  CHECK(found > 0);
}
