// Worked numbers of the domain specification B1.2 and B1.3, and margin multiples against plain summation with mpmath at
// 60 digits: tests/reference/data/clv_tables.py.
#include "kundenwert/value/clv.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kundenwert/base/discount.hpp"
#include "kundenwert/value/expected_lifetime.hpp"
#include "kundenwert/value/potential_value.hpp"
#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::value;

namespace {

// The specification prints six digits after the point.
constexpr double printed = 5.01e-7;

clv_terms terms_of(clv_convention convention, double retention = 0.8, double periods = without_end) {
  return {.convention = convention, .periodic_discount_rate = 0.1, .retention = retention, .periods = periods};
}

double value_of(const clv_terms& terms, double margin = 100) { return clv({.revenue = margin}, terms).value; }

}  // namespace

TEST_CASE("rates of a period (domain specification B0)") {
  // The number was found as a power less 1: exact to one rounding at 1.
  CHECK_NEAR(periodic_rate(0.10, 12), 0.007974140428903764, 0, 2.3e-16);
  // Two percent a month are 21.5 percent a year.
  CHECK_NEAR(1 - std::pow(1 - 0.02, 12), 0.215283, 0, printed);
}

TEST_CASE("clv: the six conventions (B1.2)") {
  CHECK_NEAR(value_of(terms_of(clv_convention::first_margin_now)), 366.666667, 0, printed);
  CHECK_NEAR(value_of(terms_of(clv_convention::gupta_lehmann)), 266.666667, 0, printed);
  CHECK_NEAR(value_of(terms_of(clv_convention::mid_period)), 349.602949, 0, printed);
  CHECK_NEAR(value_of(terms_of(clv_convention::end_of_period)), 333.333333, 0, printed);
  CHECK_NEAR(value_of(terms_of(clv_convention::mid_period_first_excluded)), 254.256690, 0, printed);
  CHECK_NEAR(value_of(terms_of(clv_convention::end_of_period_first_excluded)), 242.424242, 0, printed);
}

TEST_CASE("clv: five periods (B1.2)") {
  CHECK_NEAR(value_of(terms_of(clv_convention::first_margin_now, 0.8, 5)), 292.063384, 0, printed);
  CHECK_NEAR(value_of(terms_of(clv_convention::mid_period, 0.8, 5)), 278.471510, 0, printed);
  CHECK_NEAR(value_of(terms_of(clv_convention::end_of_period, 0.8, 5)), 265.512167, 0, printed);
}

TEST_CASE("clv: growth (B1.2)") {
  clv_terms terms = terms_of(clv_convention::first_margin_now);
  terms.growth = 0.03;
  CHECK_NEAR(value_of(terms), 398.550725, 0, printed);
  terms.convention = clv_convention::gupta_lehmann;
  CHECK_NEAR(value_of(terms), 289.855072, 0, printed);
  terms.growth_start = 1;
  CHECK_NEAR(value_of(terms), 289.855072, 0, printed);
  terms.growth_start = 0;
  CHECK_NEAR(value_of(terms), 298.550725, 0, printed);
  // First margin now with growth from the second period on: m and the closed form with g0 = 1.
  terms.convention = clv_convention::first_margin_now;
  terms.growth_start = 1;
  CHECK_NEAR(value_of(terms), 100 + 289.855072, 0, printed);
}

TEST_CASE("clv: a retention curve with a constant tail (B1.2)") {
  const std::vector<double> curve{0.7, 0.8, 0.85, 0.9};
  const std::vector<double> survival = survival_of_retention_curve(curve);
  const std::vector<double> expected{0.7, 0.56, 0.476, 0.4284};
  REQUIRE(survival.size() == expected.size());
  // Four products of doubles.
  for (std::size_t k = 0; k < survival.size(); ++k) CHECK_NEAR(survival[k], expected[k], 1e-15, 0);
  CHECK_NEAR(survival[3] * 0.9, 0.38556, 1e-15, 0);

  clv_terms terms = terms_of(clv_convention::first_margin_now, 0.9, 4);
  terms.retention_curve = curve;
  CHECK_NEAR(value_of(terms), 245.679940, 0, printed);
  terms.periods = without_end;
  CHECK_NEAR(value_of(terms), 406.611570, 0, printed);
  terms.retention_curve = retention_curve_of_survival(survival);
  CHECK_NEAR(value_of(terms), 406.611570, 0, printed);
}

TEST_CASE("clv: standard error by the delta method (B1.2)") {
  const clv_result found = clv({.revenue = 100}, terms_of(clv_convention::gupta_lehmann), 0.02);
  CHECK_NEAR(found.standard_error, 24.444444, 0, printed);
  CHECK(std::isnan(clv({.revenue = 100}, terms_of(clv_convention::gupta_lehmann)).standard_error));
}

TEST_CASE("clv: the mean of values, not the value at the mean retention (B1.2)") {
  const std::vector<double> margin{100, 100};
  const std::vector<double> retention{0.6, 0.9};
  const clv_table found = clv(clv_columns{.revenue = margin, .retention = retention},
                              terms_of(clv_convention::gupta_lehmann, not_available));
  CHECK_NEAR((found.value[0] + found.value[1]) / 2, 285.0, 0, printed);
  CHECK_NEAR(value_of(terms_of(clv_convention::gupta_lehmann, 0.75)), 214.285714, 0, printed);
}

TEST_CASE("clv: four components (B1.2)") {
  clv_terms terms = terms_of(clv_convention::first_margin_now);
  terms.include_acquisition = true;
  const clv_amounts amounts{.revenue = 150, .service = 30, .care = 20, .acquisition = 150};
  const clv_result found = clv(amounts, terms);
  CHECK_NEAR(found.revenue, 550.000000, 0, printed);
  CHECK_NEAR(found.service, 110.000000, 0, printed);
  CHECK_NEAR(found.care, 73.333333, 0, printed);
  CHECK(found.acquisition == 150);
  CHECK_NEAR(found.value, 216.666667, 0, printed);
  CHECK(found.value == found.revenue - found.acquisition - found.service - found.care);
  CHECK(found.terms.convention == clv_convention::first_margin_now);
  CHECK(found.terms.include_acquisition);

  terms.include_acquisition = false;
  const clv_result existing = clv(amounts, terms);
  CHECK_NEAR(existing.value, 366.666667, 0, printed);
  CHECK(existing.acquisition == 0);
}

TEST_CASE("potential value (B1.2)") {
  const double multiple = margin_multiple(terms_of(clv_convention::gupta_lehmann)).value;
  CHECK_NEAR(multiple, 2.666667, 0, printed);
  const wallet_share customer{.wallet = 1200, .share_now = 300.0 / 1200, .share_target = 0.4, .margin_rate = 0.45};
  CHECK_NEAR(potential_value(customer, multiple), 216.0, 0, printed);
}

TEST_CASE("expected lifetime (B1.2): 1 / (1 - r), further periods r / (1 - r)") {
  CHECK_NEAR(expected_lifetime(0.8), 5, 1e-15, 0);
  CHECK_NEAR(expected_lifetime(0.75) - 1, 3, 1e-15, 0);
  CHECK(expected_lifetime(0) == 1);
}

TEST_CASE("margin multiples of Gupta & Lehmann (B1.3): printed with two digits") {
  constexpr double two_digits = 0.00501;
  const double retention[] = {0.6, 0.7, 0.8, 0.9};
  const double rate[] = {0.10, 0.12, 0.14, 0.16};
  const double by_rate[4][4] = {
      {1.20, 1.15, 1.11, 1.07}, {1.75, 1.67, 1.59, 1.52}, {2.67, 2.50, 2.35, 2.22}, {4.50, 4.09, 3.75, 3.46}};
  const double growth[] = {0, 0.02, 0.04, 0.06, 0.08};
  const double by_growth[4][5] = {{1.15, 1.18, 1.21, 1.24, 1.27},
                                  {1.67, 1.72, 1.79, 1.85, 1.92},
                                  {2.50, 2.63, 2.78, 2.94, 3.125},
                                  {4.09, 4.46, 4.89, 5.42, 6.08}};
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) {
      clv_terms terms = terms_of(clv_convention::gupta_lehmann, retention[i]);
      terms.periodic_discount_rate = rate[j];
      CHECK_NEAR(margin_multiple(terms).value, by_rate[i][j], 0, two_digits);
    }
    for (int j = 0; j < 5; ++j) {
      clv_terms terms = terms_of(clv_convention::gupta_lehmann, retention[i]);
      terms.periodic_discount_rate = 0.12;
      terms.growth = growth[j];
      CHECK_NEAR(margin_multiple(terms).value, by_growth[i][j], 0, two_digits);
    }
  }
  clv_terms exact = terms_of(clv_convention::gupta_lehmann);
  exact.periodic_discount_rate = 0.12;
  exact.growth = 0.08;
  CHECK_NEAR(margin_multiple(exact).value, 3.125, 1e-14, 0);
}

TEST_CASE("margin multiples and their slopes against mpmath") {
  const test::table t = test::read_table("clv_multiple.csv");
  REQUIRE(t.rows.size() >= 200);
  for (const auto& row : t.rows) {
    const auto number = [&](const char* name) { return row[t.at(name)]; };
    clv_terms terms{.convention = static_cast<clv_convention>(static_cast<std::int32_t>(number("convention"))),
                    .periodic_discount_rate = number("d"),
                    .retention = number("r"),
                    .periods = number("periods"),
                    .age = static_cast<std::int64_t>(number("age")),
                    .growth = number("g"),
                    .growth_start = static_cast<std::int32_t>(number("g0"))};
    const auto first = row.begin() + static_cast<std::ptrdiff_t>(t.at("r1"));
    terms.retention_curve.assign(first, first + static_cast<std::ptrdiff_t>(number("curve_length")));
    const multiple found = margin_multiple(terms);
    CAPTURE(number("convention"));
    CAPTURE(number("d"));
    CAPTURE(number("r"));
    CAPTURE(number("g"));
    CAPTURE(number("periods"));
    // A handful of roundings; those of (1 + d) - r (1 + g) are magnified by at most 1 / (1 - q) = 50.
    CHECK_NEAR(found.value, number("multiple"), 5e-14, 0);
    if (std::isnan(number("slope"))) {
      CHECK(std::isnan(found.slope));
    } else {
      // Up to 400 periods, one rounding each, and twice the magnification.
      CHECK_NEAR(found.slope, number("slope"), 2e-13, 0);
    }
  }
}
