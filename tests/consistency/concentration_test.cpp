// Properties of the concentration of value.
#include "kundenwert/portfolio/concentration.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kundenwert/base/random.hpp"
#include "kundenwert/portfolio/whale_curve.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::portfolio;

namespace {

std::vector<double> drawn_values(std::size_t n, std::uint64_t seed) {
  random_stream draw(seed);
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(100 * std::exp(3 * draw.uniform()) * draw.uniform());
  return values;
}

std::vector<double> shuffled(std::vector<double> values, std::uint64_t seed) {
  random_stream draw(seed);
  for (std::size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[static_cast<std::size_t>(draw.uniform() * static_cast<double>(i))]);
  }
  return values;
}

// A few hundred roundings of compensated sums.
constexpr double roundings = 1e-13;

}  // namespace

TEST_CASE("concentration: no order of rows changes a bit") {
  const std::vector<double> values = drawn_values(1000, 7);
  const concentration_result one = concentration_of(values);
  const concentration_result other = concentration_of(shuffled(values, 8));
  CHECK(one.total == other.total);
  CHECK(one.gini == other.gini);
  CHECK(one.gini_corrected == other.gini_corrected);
  CHECK(one.top_10_share == other.top_10_share);
  CHECK(one.top_20_share == other.top_20_share);
  CHECK(one.share_of_customers_for_80 == other.share_of_customers_for_80);
  CHECK(one.hhi == other.hhi);
  CHECK(one.effective_customers == other.effective_customers);
  const whale_result whale = whale_curve(values);
  const whale_result whale_other = whale_curve(shuffled(values, 9));
  REQUIRE(whale.points.size() == whale_other.points.size());
  for (std::size_t i = 0; i < whale.points.size(); ++i) {
    CHECK(whale.points[i].share_of_value == whale_other.points[i].share_of_value);
  }
}

TEST_CASE("concentration: equal values, one customer who has all, scale") {
  const concentration_result equal = concentration_of(std::vector<double>(7, 0.1));
  CHECK_NEAR(equal.gini, 0, 0, 1e-16);
  CHECK_NEAR(equal.top_20_share, 0.2, 1e-15, 0);
  CHECK_NEAR(equal.share_of_customers_for_80, 0.8, 1e-15, 0);
  CHECK_NEAR(equal.effective_customers, 7, 1e-15, 0);
  CHECK_NEAR(equal.hhi, 10000.0 / 7, 1e-15, 0);

  const concentration_result all = concentration_of(std::vector<double>{0, 0, 0, 5, 0});
  CHECK_NEAR(all.gini, 0.8, 1e-15, 0);
  CHECK_NEAR(all.gini_corrected, 1, 1e-15, 0);
  CHECK(all.hhi == 10000);
  CHECK(all.effective_customers == 1);
  CHECK(all.top_20_share == 1);
  CHECK(all.top_10_share == 0.5);

  std::vector<double> values = drawn_values(200, 3);
  const concentration_result one = concentration_of(values);
  for (double& v : values) v *= 1024;
  const concentration_result scaled = concentration_of(values);
  CHECK(one.gini == scaled.gini);
  CHECK(one.hhi == scaled.hhi);
  CHECK(one.share_of_customers_for_80 == scaled.share_of_customers_for_80);
}

TEST_CASE("concentration: one customer, no customer, no value") {
  const concentration_result one = concentration_of(std::vector<double>{5});
  CHECK(one.gini == 0);
  CHECK(std::isnan(one.gini_corrected));
  CHECK(one.top_10_share == 0.1);
  CHECK(one.share_of_customers_for_80 == 0.8);
  for (const std::vector<double>& values : {std::vector<double>{}, std::vector<double>{0, 0}}) {
    const concentration_result found = concentration_of(values);
    CHECK(found.reason == reason::total_not_positive);
    CHECK(found.customers == static_cast<std::int64_t>(values.size()));
    CHECK(std::isnan(found.gini));
    CHECK(std::isnan(found.hhi));
    CHECK(lorenz_curve(values).points().empty());
    CHECK(std::isnan(lorenz_curve(values).top_share(0.5)));
    CHECK(whale_curve(values).reason == reason::total_not_positive);
  }
}

TEST_CASE("concentration: null and negative rows are left out and counted") {
  const std::vector<double> values{3, not_available, 1, -2, 0, not_available};
  const concentration_result found = concentration_of(values, {.negative = negative_values::leave_out});
  CHECK(found.customers == 3);
  CHECK(found.null_rows == 2);
  CHECK(found.negative_rows == 1);
  CHECK(found.total == 4);
  const whale_result whale = whale_curve(values);
  CHECK(whale.customers == 4);
  CHECK(whale.null_rows == 2);
  CHECK(whale.total == 2);
  CHECK(whale.peak_share == 2);
  CHECK(whale.profitable_share == 0.5);
  CHECK(whale.points.back().share_of_value == 1);
  // Who cost as much as the others bring: nothing to be a share of.
  CHECK(whale_curve(std::vector<double>{1, -1}).reason == reason::total_not_positive);
}

TEST_CASE("concentration: the Gini coefficient is the area, and both formulas agree") {
  const std::vector<double> values = drawn_values(500, 11);
  const lorenz_curve curve(values);
  const std::vector<curve_point> points = curve.points();
  double area = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    area += (points[i].share_of_customers - points[i - 1].share_of_customers) *
            (points[i].share_of_value + points[i - 1].share_of_value) / 2;
  }
  CHECK_NEAR(curve.gini(), 1 - 2 * area, roundings, 0);
  std::vector<double> ascending = values;
  std::sort(ascending.begin(), ascending.end());
  double weighted = 0;
  for (std::size_t i = 0; i < ascending.size(); ++i) weighted += static_cast<double>(i + 1) * ascending[i];
  CHECK_NEAR(curve.gini(), 2 * weighted / (500 * curve.total()) - 501.0 / 500, roundings, 0);
}

TEST_CASE("concentration: shares of customers and of value are inverse, the curve is convex and below the diagonal") {
  const std::vector<double> values = drawn_values(333, 5);
  const lorenz_curve curve(values);
  double slope = 0;
  curve_point before{0, 0};
  for (const curve_point& at : curve.points()) {
    CHECK(at.share_of_value <= at.share_of_customers + roundings);
    if (at.share_of_customers > 0) {
      const double next =
          (at.share_of_value - before.share_of_value) / (at.share_of_customers - before.share_of_customers);
      CHECK(next >= slope - roundings);
      slope = next;
    }
    before = at;
  }
  for (double share = 0; share <= 1; share += 1.0 / 64) {
    CHECK_NEAR(curve.top_share(curve.share_of_customers_for(share)), share, roundings, 0);
    CHECK_NEAR(curve.top_share(share) + curve.value_share(1 - share), 1, roundings, 0);
  }
}

TEST_CASE("concentration: the curve of fewer points is part of the whole one") {
  for (const std::size_t n : {1U, 2U, 10U, 1000U}) {
    std::vector<double> values = drawn_values(n, 13);
    values[0] = 1e6;
    const std::vector<curve_point> all = lorenz_curve(values).points();
    CHECK(all.size() == n + 1);
    for (const std::int64_t most : {2, 3, 11, 100, 5000}) {
      const std::vector<curve_point> fewer = lorenz_curve(values).points(most);
      CAPTURE(n);
      CAPTURE(most);
      CHECK(static_cast<std::int64_t>(fewer.size()) <= most);
      CHECK(fewer.size() >= 2);
      CHECK(fewer.front().share_of_customers == 0);
      CHECK(fewer.back().share_of_value == 1);
      std::size_t at = 0;
      for (const curve_point& p : fewer) {
        while (at < all.size() && all[at].share_of_customers < p.share_of_customers) ++at;
        REQUIRE(at < all.size());
        CHECK(all[at].share_of_customers == p.share_of_customers);
        CHECK(all[at].share_of_value == p.share_of_value);
        ++at;
      }
      values.push_back(-50);
      const whale_result whale = whale_curve(values, most);
      CHECK(static_cast<std::int64_t>(whale.points.size()) <= most);
      double peak = 0;
      for (const curve_point& p : whale.points) peak = std::max(peak, p.share_of_value);
      CHECK(peak == whale.peak_share);
      CHECK(whale.points.back().share_of_customers == 1);
      values.pop_back();
    }
  }
}
