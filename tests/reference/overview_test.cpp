// A worked example of eight customers, found without the library by tests/reference/data/overview_example.py: revenue
// with the payments of contracts, margin and cost rates, retention of contracts, values period by period.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "business.hpp"
#include "compiled.hpp"
#include "kundenwert/overview/overview.hpp"
#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

std::int32_t day(std::int32_t year, std::int32_t month, std::int32_t day_of_month) {
  return day_of({year, month, day_of_month});
}

one_customer buyer(std::int64_t id, const std::vector<purchase_day>& purchases) {
  return {.id = id, .purchases = purchases};
}

// Revenue and variable cost in cents.
purchase_day purchase(std::int32_t on, std::int64_t revenue, std::int64_t cost) {
  constexpr std::int64_t millionths_per_cent = 10'000;
  return {on, no_day, revenue * millionths_per_cent, (revenue - cost) * millionths_per_cent};
}

customer_base example() {
  using enum contract_period;
  one_customer one{.id = 1};
  one.under(day(2023, 2, 15), 30);
  one_customer two{.id = 2};
  two.under(day(2022, 5, 31), 90, quarter);
  two.contracts[0].notice = day(2024, 12, 20);
  two.contracts[0].end = day(2025, 5, 31);
  one_customer three{.id = 3};
  three.under(day(2023, 3, 1), 200, year);
  three.contracts[0].end = day(2024, 3, 1);
  one_customer four{.id = 4};
  four.under(day(2023, 6, 30), 60, half_year).under(day(2024, 8, 1), 66, half_year);
  four.contracts[0].end = day(2024, 3, 31);
  one_customer five{.id = 5};
  five.under(day(2024, 9, 1), 12.5);
  one_customer seven{.id = 7, .created = day(2024, 6, 1)};
  // Costs of whomever; one is of the whole business.
  one.costs = {{day(2024, 2, 29), cost_head::service, 12'000'000}, {day(2024, 1, 1), cost_head::service, 500'000'000}};
  seven.costs = {{day(2024, 6, 30), cost_head::care, 7'250'000}, {day(2024, 10, 10), cost_head::marketing, 80'000'000}};
  three.costs = {{day(2025, 1, 2), cost_head::care, 900'000'000}};
  return base_of({one, two, three, four, five,
                  buyer(6, {purchase(day(2024, 11, 20), 10000, 6200), purchase(day(2024, 12, 5), 4000, 1800),
                            purchase(day(2024, 12, 28), 5999, 3150)}),
                  seven, buyer(8, {purchase(day(2021, 3, 1), 25000, 14000), purchase(day(2021, 6, 11), 1000, 600)})},
                 {.has_costs = true, .unallocated_costs = {{day(2024, 12, 31), cost_head::service, 33'000'000}}});
}

}  // namespace

TEST_CASE("the worked example of eight customers") {
  const auto expected = read_table("overview_example.csv");
  const auto number = [&](const std::string& name) { return expected.rows.front()[expected.at(name)]; };
  const overview o = overview_of(example(), {.as_of = day(2025, 1, 1),
                                             .unit = time_unit::month,
                                             .horizon = 18,
                                             .annual_discount_rate = 0.12,
                                             .convention = value::clv_convention::mid_period});
  const auto& h = o.headline;
  // A few roundings of doubles on either side.
  constexpr double digits = 1e-14;
  for (std::size_t i = 0; i < 8; ++i) CHECK(o.rows.revenue[i] == number("revenue_" + std::to_string(i + 1)));
  CHECK(h.revenue == number("revenue"));
  CHECK(h.basis == money_basis::margin_records);
  CHECK_NEAR(h.margin_rate, number("margin_rate"), digits, 0);
  CHECK_NEAR(h.service_cost_rate, number("service_cost_rate"), digits, 0);
  CHECK_NEAR(h.care_cost_rate, number("care_cost_rate"), digits, 0);
  CHECK(h.contract_retention.at_start == 4);
  CHECK(h.contract_retention.retained == 2);
  CHECK(h.contract_retention.regained == 1);
  CHECK(h.contract_retention.lost == 1);
  CHECK(h.annual_retention_rate == number("retention"));
  CHECK_NEAR(h.contract_retention.lower, number("retention_lower"), digits, 0);
  CHECK_NEAR(h.contract_retention.upper, number("retention_upper"), digits, 0);
  for (const std::size_t customer : {1U, 2U, 4U, 5U}) {
    CHECK_NEAR(o.rows.lifetime_value[customer - 1], number("value_" + std::to_string(customer)), digits, 0);
    CHECK(o.rows.basis[customer - 1] == value_basis::contract);
  }
  CHECK_NEAR(h.customer_equity.value, number("customer_equity"), digits, 0);
  CHECK(h.customer_equity.customers == 5);
  CHECK(h.customer_equity.valued == 4);
  CHECK_NEAR(h.value_at_risk.value, number("value_at_risk"), digits, 0);
  CHECK(h.value_at_risk.customers == 1);
  CHECK_NEAR(h.revenue_concentration.gini, number("gini"), digits, 0);

  using lifecycle::phase;
  // By the rules of B4.3: tenure of 686 days; notice; contract over; back for 153 days; tenure of 122 days; 42 days;
  // created 214 days ago; nothing bought for three years.
  const std::vector<phase> phases{phase::development, phase::endangered, phase::lost,     phase::regained,
                                  phase::development, phase::new_,       phase::prospect, phase::lost};
  CHECK(o.rows.phase == phases);
  CHECK(o.rows.risks[1] == static_cast<std::uint32_t>(lifecycle::risk::cancellation_notice));
  CHECK(o.rows.value_reasons[2] == reason::no_current_customer);
  CHECK(o.rows.value_reasons[5] == reason::no_model);
  CHECK(h.potential == 1);
  CHECK(h.current == 5);
  CHECK(h.lost == 2);
  CHECK(o.rows.purchase_days[5] == 3);
  CHECK(o.rows.last_purchase[5] == day(2024, 12, 28));
  // A year before all but 5, 6 and 7 were customers, 8 was lost already; 3 left, 4 was away between.
  CHECK(h.retention.at_start == 4);
  CHECK(h.retention.retained == 2);
  CHECK(h.retention.regained == 1);
  CHECK(h.retention.joined == 2);
  CHECK(h.retention.returned == 0);
  // In the order 2, 1, 8, 3, 6, 4, 5 the share before each is 0, .382, .649, .749, .827, .904, .976.
  using enum portfolio::abc_class;
  const std::vector<portfolio::abc_class> classes{a, a, a, b, c, b, none, a};
  CHECK(o.rows.abc == classes);
}
