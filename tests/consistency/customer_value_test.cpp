// Properties of historic value, customer equity, payment cycles, referral value and elasticities.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kundenwert/base/random.hpp"
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

customer_base drawn_base(std::size_t customers) {
  random_stream draw(42);
  customer_base base;
  std::vector<std::int64_t> ids;
  base.has_costs = true;
  base.purchases.offsets = {0};
  base.costs.offsets = {0};
  for (std::size_t c = 0; c < customers; ++c) {
    ids.push_back(static_cast<std::int64_t>(c));
    for (std::int32_t day = 19000; day < 19700; day += 1 + static_cast<std::int32_t>(200 * draw.uniform())) {
      const auto revenue = static_cast<std::int64_t>(2e8 * draw.uniform()) - 20000000;
      base.purchases.events.push_back({.day = day, .revenue = revenue, .margin = revenue / 3});
      base.costs.events.push_back({.day = day,
                                   .head = static_cast<cost_head>(1 + static_cast<std::int32_t>(8 * draw.uniform())),
                                   .amount = static_cast<std::int64_t>(1e7 * draw.uniform())});
    }
    base.purchases.offsets.push_back(static_cast<std::int64_t>(base.purchases.events.size()));
    base.costs.offsets.push_back(static_cast<std::int64_t>(base.costs.events.size()));
  }
  base.ids.numbers = ids;
  return base;
}

}  // namespace

TEST_CASE("historic value: columns are the kernel, threads change nothing, levels follow from each other") {
  const customer_base base = drawn_base(5000);
  for (const double rate : {0.0, 0.1}) {
    const historic_options options{.as_of = 19500, .annual_compounding_rate = rate};
    const std::vector<historic_value> one = historic_clv(base, options);
    const std::vector<historic_value> four = historic_clv(base, options, 4);
    REQUIRE(one.size() == 5000);
    std::size_t different = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
      const auto row = static_cast<std::int64_t>(i);
      const historic_value kernel = historic_clv(base.purchases.of(row), base.costs.of(row), options);
      if (kernel.contribution_3 != one[i].contribution_3 || one[i].contribution_3 != four[i].contribution_3)
        ++different;
      if (one[i].contribution_2 != one[i].contribution_1 - one[i].direct_cost) ++different;
      if (one[i].contribution_3 != one[i].contribution_2 - one[i].acquisition_cost) ++different;
    }
    CHECK(different == 0);
  }
}

TEST_CASE("historic value: a rate near 0 is hardly compounded, a year at 10 percent is a tenth") {
  const std::vector<purchase_day> purchases{{.day = 19000, .revenue = 100000000, .margin = 40000000}};
  const historic_value year = historic_clv(purchases, {}, {.as_of = 19365, .annual_compounding_rate = 0.1});
  CHECK_NEAR(year.revenue, 110, 1e-15, 0);
  CHECK_NEAR(year.contribution_3, 44, 1e-15, 0);
  CHECK_NEAR(historic_clv(purchases, {}, {.as_of = 19365, .annual_compounding_rate = 1e-12}).revenue, 100, 1e-11, 0);
  CHECK(historic_clv(purchases, {}, {.as_of = 18999}).revenue == 0);
}

TEST_CASE("customer equity: no order of customers changes a bit; nulls are counted") {
  random_stream draw(9);
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) values.push_back(1000 * draw.uniform() - 100);
  values.push_back(not_available);
  const std::vector<future_cohort> cohorts{{.period = 1, .customers = 10, .value = 200, .acquisition_cost = 50}};
  const customer_equity one = customer_equity_of(values, cohorts, 0.1);
  std::reverse(values.begin(), values.end());
  const customer_equity other = customer_equity_of(values, cohorts, 0.1);
  CHECK(one.current == other.current);
  CHECK(one.total == one.current + one.future);
  CHECK(one.valued == 1000);
  CHECK(one.unvalued == 1);
  const customer_equity nobody = customer_equity_of({}, {}, 0.1);
  CHECK(nobody.total == 0);
  CHECK(nobody.valued == 0);
}

TEST_CASE("payment cycles: one cycle a year both ways, and a contractual value without promotion") {
  const cycle_plan yearly{.margin_per_cycle = 260,
                          .promotion_per_year = 0,
                          .retention_per_cycle = 0.75,
                          .annual_discount_rate = 0.2,
                          .years = 10};
  const clv_terms terms{
      .convention = clv_convention::first_margin_now, .periodic_discount_rate = 0.2, .retention = 0.75, .periods = 11};
  CHECK_NEAR(value_of_cycles(yearly).value, clv({.revenue = 260}, terms).value, 1e-14, 0);
  // Promotions in the middle of each year: a margin per year, paid in the middle, of customers there at its beginning.
  cycle_plan promoted = yearly;
  promoted.promotion_per_year = 50;
  clv_terms middle = terms;
  middle.convention = clv_convention::mid_period;
  middle.periods = 10;
  CHECK_NEAR(value_of_cycles(promoted).promotion, 50 * margin_multiple(middle).value, 1e-14, 0);
  cycle_plan now = yearly;
  now.years = 0;
  CHECK(value_of_cycles(now).value == 260);
}

TEST_CASE("payment stream: the limit of short periods; hazard 0; without end") {
  const profit_stream stream{
      .annual_profit = 100, .annual_retention = 0.8, .continuous_discount_rate = 0.1, .years = 10};
  constexpr double pieces = 4096;
  double middle = 0;
  for (int i = 0; i < 10 * 4096; ++i) {
    const double t = (i + 0.5) / pieces;
    middle += 100 / pieces * std::pow(0.8, t) * std::exp(-0.1 * t);
  }
  // The rule of the middle errs by h^2 f' / 24: about 1e-9 of the value.
  CHECK_NEAR(value_of_stream(stream), middle, 1e-8, 0);
  CHECK_NEAR(value_of_stream({100, 1, 0, 10}), 1000, 1e-15, 0);
  CHECK_NEAR(value_of_stream({100, 1, 1e-13, 10}), 1000, 1e-11, 0);
  CHECK(value_of_stream({100, 0, 0.1, 10}) == 0);
  CHECK_NEAR(value_of_stream({100, 0.8, 0.1, without_end}), 100 / (0.1 - std::log(0.8)), 1e-15, 0);
}

TEST_CASE("referral value: a reward and marketing lessen it, type two has savings only") {
  const std::vector<referral> one{{.type = referral_type::one, .years = 0, .margin = 90, .reward = 20, .marketing = 5}};
  CHECK(referral_value_of(one, {.annual_discount_rate = 0.15}).total == 65);
  const std::vector<referral> two{{.type = referral_type::two, .years = 0, .margin = 90, .reward = 20}};
  CHECK(referral_value_of(two, {.annual_discount_rate = 0.15}).total == 0);
  CHECK(referral_value_of({}, {.annual_discount_rate = 0.15}).total == 0);
  CHECK(classify_referrers({}, {}).segments.empty());
}

TEST_CASE("elasticities against exact small changes") {
  for (const double acquisition : {0.0, 100.0}) {
    const clv_amounts amounts{.revenue = 150, .service = 30, .care = 20, .acquisition = acquisition};
    clv_terms terms{.convention = clv_convention::gupta_lehmann,
                    .periodic_discount_rate = 0.12,
                    .retention = 0.8,
                    .periods = without_end};
    terms.include_acquisition = true;
    const clv_elasticities found = elasticities_of(amounts, terms);
    constexpr double step = 1e-6;
    clv_terms changed = terms;
    changed.retention *= 1 + step;
    CHECK_NEAR(relative_change_of_value(amounts, terms, changed) / step, found.retention, 1e-4, 0);
    changed = terms;
    changed.periodic_discount_rate *= 1 + step;
    CHECK_NEAR(relative_change_of_value(amounts, terms, changed) / step, found.discount, 1e-4, 0);
    const clv_amounts more{
        .revenue = 150 * (1 + step), .service = 30 * (1 + step), .care = 20 * (1 + step), .acquisition = acquisition};
    const double change = clv(more, terms).value / clv(amounts, terms).value - 1;
    CHECK_NEAR(change / step, found.margin, 1e-8, 0);
  }
}
