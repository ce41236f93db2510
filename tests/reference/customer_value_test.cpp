// Worked numbers of the domain specification B1.1, B1.4, B1.5, B1.9 and B1.10, and of the analytics specification 3.3.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kundenwert/time/parse.hpp"
#include "kundenwert/value/clv.hpp"
#include "kundenwert/value/customer_equity.hpp"
#include "kundenwert/value/elasticity.hpp"
#include "kundenwert/value/historic_clv.hpp"
#include "kundenwert/value/payment_cycles.hpp"
#include "kundenwert/value/referral.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::value;

namespace {

// The specification prints six digits after the point.
constexpr double printed = 5.01e-7;

constexpr std::int64_t unit = 1000000;

clv_terms gupta_lehmann(double retention, double rate) {
  return {.convention = clv_convention::gupta_lehmann,
          .periodic_discount_rate = rate,
          .retention = retention,
          .periods = without_end};
}

}  // namespace

TEST_CASE("historic value: three levels of contribution (B1.1)") {
  const std::vector<purchase_day> purchases{
      {.day = parse_day("2024-01-10"), .revenue = 120 * unit, .margin = 54 * unit},
      {.day = parse_day("2024-03-05"), .revenue = 80 * unit, .margin = 36 * unit},
      {.day = parse_day("2024-03-20"), .revenue = -30 * unit, .margin = -30 * unit + 33 * unit / 2}};
  const std::vector<cost> costs{{.day = parse_day("2024-01-05"), .head = cost_head::acquisition, .amount = 40 * unit},
                                {.day = parse_day("2024-02-01"), .head = cost_head::service, .amount = 15 * unit},
                                {.day = parse_day("2024-03-01"), .head = cost_head::care, .amount = 10 * unit},
                                {.day = parse_day("2024-03-02"), .head = cost_head::complaint, .amount = 7 * unit}};
  const std::int32_t as_of = parse_day("2024-12-31");
  const historic_value found = historic_clv(purchases, costs, {.as_of = as_of});
  CHECK(found.revenue == 170);
  CHECK(found.contribution_1 == 76.5);
  CHECK(found.direct_cost == 25);
  CHECK(found.contribution_2 == 51.5);
  CHECK(found.acquisition_cost == 40);
  CHECK(found.contribution_3 == 11.5);

  const historic_value compounded = historic_clv(purchases, costs, {.as_of = as_of, .annual_compounding_rate = 0.10});
  CHECK_NEAR(compounded.contribution_1, 83.657474, 0, printed);
  // 45 percent of revenue is what the variable costs leave here.
  CHECK_NEAR(historic_clv(purchases, costs, {.as_of = as_of, .margin_rate = 0.45}).contribution_1, 76.5, 1e-15, 0);
  // Before the return and the care nobody knows of them.
  const historic_value earlier = historic_clv(purchases, costs, {.as_of = parse_day("2024-02-29")});
  CHECK(earlier.contribution_1 == 54);
  CHECK(earlier.contribution_3 == -1);
}

TEST_CASE("customer equity (B1.4)") {
  const std::vector<double> current(1000, clv({.revenue = 100}, gupta_lehmann(0.8, 0.1)).value);
  clv_terms first_now = gupta_lehmann(0.8, 0.1);
  first_now.convention = clv_convention::first_margin_now;
  const double won = clv({.revenue = 100}, first_now).value;
  std::vector<future_cohort> cohorts;
  for (double c = 1; c <= 3; ++c) {
    cohorts.push_back({.period = c, .customers = 100 * std::pow(1.1, c - 1), .value = won, .acquisition_cost = 150});
  }
  const customer_equity found = customer_equity_of(current, cohorts, 0.1);
  for (const double value : found.cohort_values) CHECK_NEAR(value, 19696.969697, 0, printed);
  CHECK_NEAR(found.current, 266666.666667, 0, printed);
  CHECK_NEAR(found.future, 3 * 19696.969697, 0, 3 * printed);
  CHECK_NEAR(found.total, 325757.575758, 0, printed);
  CHECK(found.valued == 1000);
}

TEST_CASE("Berger & Nasr, cases 1, 2a and 2b (B1.5)") {
  // Case 1, published as $568.78.
  const cycle_value yearly = value_of_cycles({.margin_per_cycle = 260,
                                              .promotion_per_year = 50,
                                              .retention_per_cycle = 0.75,
                                              .annual_discount_rate = 0.2,
                                              .years = 10});
  CHECK_NEAR(yearly.margin, 689.392190, 0, printed);
  CHECK_NEAR(yearly.promotion, 120.609122, 0, printed);
  CHECK_NEAR(yearly.value, 568.783067, 0, 2 * printed);
  CHECK_NEAR(value_of_cycles({.margin_per_cycle = 3000,
                              .promotion_per_year = 90,
                              .retention_per_cycle = 0.3,
                              .annual_discount_rate = 0.2,
                              .years = 12,
                              .years_per_cycle = 3})
                 .value,
             3444.028176, 0, printed);
  CHECK_NEAR(value_of_cycles({.margin_per_cycle = 125,
                              .promotion_per_year = 25,
                              .retention_per_cycle = 0.8,
                              .annual_discount_rate = 0.2,
                              .years = 4,
                              .cycles_per_year = 2})
                 .value,
             391.139945, 0, printed);
}

TEST_CASE("Berger & Nasr, cases 3 and 4 (B1.5)") {
  // A constant profit is a contractual value with the first margin now.
  const clv_terms terms{
      .convention = clv_convention::first_margin_now, .periodic_discount_rate = 0.2, .retention = 0.75, .periods = 11};
  CHECK_NEAR(value_of_profits(std::vector<double>(11, 260), 0.75, 0.2), clv({.revenue = 260}, terms).value, 1e-14, 0);
  CHECK_NEAR(value_of_profits(std::vector<double>{100, 50, -20}, 0.5, 0.25), 100 + 50 * 0.4 - 20 * 0.16, 1e-15, 0);
  CHECK_NEAR(
      value_of_stream({.annual_profit = 100, .annual_retention = 0.8, .continuous_discount_rate = 0.1, .years = 10}),
      297.236087, 0, printed);
}

TEST_CASE("referral value (B1.9)") {
  const std::vector<referral> referrals{
      {.type = referral_type::one, .years = 0.5, .margin = 90, .saved_acquisition_cost = 30},
      {.type = referral_type::one, .years = 1, .margin = 90, .saved_acquisition_cost = 30},
      {.type = referral_type::two, .years = 1, .margin = 90, .saved_acquisition_cost = 30},
      {.type = referral_type::one, .years = 1.5, .margin = 90, .saved_acquisition_cost = 30}};
  const referral_value found = referral_value_of(referrals, {.annual_discount_rate = 0.15});
  CHECK_NEAR(found.total, 242.335360, 0, printed);
  CHECK(found.counted == 3);
  CHECK(found.beyond_horizon == 1);
  CHECK(found.total == found.type_one + found.type_two);
}

TEST_CASE("referral segments: split at the medians (B1.9)") {
  const std::vector<double> lifetime{400, 300, 200, 100, not_available};
  const std::vector<double> referred{50, 0, 60, 10, 70};
  const referral_segmentation found = classify_referrers(lifetime, referred);
  CHECK(found.lifetime_value_cut == 250);
  CHECK(found.referral_value_cut == 30);
  CHECK(found.segments[0] == referral_segment::champions);
  CHECK(found.segments[1] == referral_segment::affluents);
  CHECK(found.segments[2] == referral_segment::advocates);
  CHECK(found.segments[3] == referral_segment::misers);
  CHECK(name_of(found.segments[4]).empty());
}

TEST_CASE("elasticities (B1.10)") {
  constexpr double four_digits = 5.01e-5;
  const double retention[] = {0.7, 0.8, 0.9};
  const double of_retention[] = {2.6667, 3.5, 5.0909};
  const double of_discount[] = {-0.2857, -0.375, -0.5455};
  for (int i = 0; i < 3; ++i) {
    const clv_elasticities found = elasticities_of({.revenue = 100}, gupta_lehmann(retention[i], 0.12));
    CHECK(found.margin == 1);
    CHECK_NEAR(found.retention, of_retention[i], 0, four_digits);
    CHECK_NEAR(found.discount, of_discount[i], 0, four_digits);
  }
  // One percent of 0.8, and one percentage point.
  const clv_terms terms = gupta_lehmann(0.8, 0.12);
  CHECK_NEAR(relative_change_of_value({.revenue = 100}, terms, gupta_lehmann(0.808, 0.12)), 0.035897, 0, printed);
  CHECK_NEAR(relative_change_of_value({.revenue = 100}, terms, gupta_lehmann(0.81, 0.12)), 0.045161, 0, printed);
  // With cost of acquisition: m F / (m F - CAC) = 250 / 150.
  clv_terms prospect = terms;
  prospect.include_acquisition = true;
  CHECK_NEAR(elasticities_of({.revenue = 100, .acquisition = 100}, prospect).margin, 250.0 / 150, 1e-14, 0);
}

TEST_CASE("Berry's profit of a customer base, as phpOMS has it (analytics specification 3.3)") {
  clv_terms terms = gupta_lehmann(0.5, 0.15);
  terms.convention = clv_convention::first_margin_now;
  terms.include_acquisition = true;
  const clv_amounts amounts{.revenue = 100, .service = 50, .care = 10, .acquisition = 30};
  CHECK_NEAR(100000 * clv(amounts, terms).value, 4076923.08, 0, 0.005);
}
