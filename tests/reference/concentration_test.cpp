// Worked numbers of the domain specification B3.2.
#include "kundenwert/portfolio/concentration.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "kundenwert/portfolio/whale_curve.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::portfolio;

namespace {

const std::vector<double> value{500, 250, 100, 50, 40, 25, 15, 10, 6, 4};

}  // namespace

TEST_CASE("concentration of ten customers (B3.2)") {
  const concentration_result found = concentration_of(value);
  CHECK(found.customers == 10);
  CHECK(found.total == 1000);
  CHECK(found.reason == reason::none);
  // Exact in decimals; a few roundings.
  CHECK_NEAR(found.gini, 0.6742, 1e-14, 0);
  CHECK_NEAR(found.gini_corrected, 0.749111, 0, 5e-7);
  CHECK(found.top_10_share == 0.5);
  CHECK(found.top_20_share == 0.75);
  CHECK_NEAR(found.share_of_customers_for_80, 0.25, 1e-15, 0);
  CHECK_NEAR(found.hhi, 3276.02, 1e-14, 0);
  CHECK_NEAR(found.effective_customers, 3.052484, 0, 5.01e-7);
}

TEST_CASE("Lorenz curve of ten customers: cumulated from the smallest (B3.2)") {
  const lorenz_curve curve(value);
  const std::vector<double> expected{0, 0.004, 0.010, 0.020, 0.035, 0.060, 0.100, 0.150, 0.250, 0.500, 1};
  const std::vector<curve_point> points = curve.points();
  REQUIRE(points.size() == expected.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    CHECK_NEAR(points[i].share_of_customers, static_cast<double>(i) / 10, 1e-15, 0);
    // Differences to 1.
    CHECK_NEAR(points[i].share_of_value, expected[i], 0, 2.3e-16);
    CHECK_NEAR(curve.value_share(points[i].share_of_customers), expected[i], 0, 5e-16);
  }
  // Halfway between the second largest and the largest.
  CHECK_NEAR(curve.value_share(0.95), 0.75, 1e-14, 0);
}

TEST_CASE("whale curve of seven customers (B3.2)") {
  const std::vector<double> profit{-20, 5, 40, 60, 0, 20, -5};
  const std::vector<double> expected{0.6, 1.0, 1.2, 1.25, 1.25, 1.2, 1.0};
  const whale_result found = whale_curve(profit);
  CHECK(found.total == 100);
  CHECK(found.peak_share == 1.25);
  CHECK(found.profitable_share == 4.0 / 7);
  REQUIRE(found.points.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(found.points[i].share_of_value == expected[i]);
    CHECK(found.points[i].share_of_customers == static_cast<double>(i + 1) / 7);
  }
}
