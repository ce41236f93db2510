#include "kundenwert/simulate/service.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kundenwert;
using namespace kundenwert::simulate;

namespace {

business_parameters three_years() {
  business_parameters p;
  p.first_day = day_of({2023, 1, 1});
  p.as_of = day_of({2025, 12, 31});
  p.contacts.visible_days = 100;
  return p;
}

}  // namespace

TEST_CASE("when somebody counts as customer") {
  const business_parameters p = three_years();
  customer_life life;
  life.purchases = {{1000, 5, 3}, {1050, 5, 3}, {1500, 5, 3}};
  simulate::detail::find_visible(p, life);
  REQUIRE(life.visible.size() == 2);
  CHECK(life.visible[0].from == 1000);
  CHECK(life.visible[0].until == 1150);
  CHECK(life.visible[1].from == 1500);
  CHECK(life.visible[1].until == 1600);
  life.contract_spans = {{1140, 1550}};
  simulate::detail::find_visible(p, life);
  REQUIRE(life.visible.size() == 1);
  CHECK(life.visible[0].from == 1000);
  CHECK(life.visible[0].until == 1600);
  life.contract_spans = {{1700, simulate::detail::no_end}};
  simulate::detail::find_visible(p, life);
  REQUIRE(life.visible.size() == 3);
  CHECK(life.visible[2].until == simulate::detail::no_end);
  life.clear();
  simulate::detail::find_visible(p, life);
  CHECK(life.visible.empty());
}

TEST_CASE("contacts lie where somebody counts as customer, costs go with them") {
  business_parameters p = three_years();
  p.contacts.inbound_per_year = 50;
  p.contacts.outbound_per_year = 50;
  p.costs = {.acquisition = 25,
             .per_contact = 4,
             .per_complaint = 20,
             .care_per_month = 2,
             .care_months = 3,
             .marketing_per_month = 0};
  customer_life life;
  const double from = p.first_day + 10.25;
  life.who.type = customer_type::buyer;
  life.who.created = life.who.start = from;
  life.who.acquisition_cost = 31.234;
  life.purchases = {{from, 5, 3}};
  complaint filed;
  filed.opened = p.first_day + 40;
  complaint praise = filed;
  praise.kind = case_kind::praise;
  life.cases = {filed, praise};
  draw_service(p, 1, 0, life);
  CHECK(life.contacts.size() > 10);
  for (const auto& c : life.contacts) {
    CHECK(c.day >= p.first_day + 10);
    CHECK(c.day <= p.first_day + 110);
  }
  CHECK(std::is_sorted(life.contacts.begin(), life.contacts.end(),
                       [](const auto& a, const auto& b) { return a.day < b.day; }));
  const auto sum = [&](cost_head head) {
    std::int64_t out = 0;
    for (const auto& c : life.costs) out += c.head == head ? c.amount : 0;
    return out;
  };
  CHECK(sum(cost_head::acquisition) == 31'230'000);
  CHECK(sum(cost_head::complaint) == 20'000'000);
  // Two contacts are the cases themselves, paid for as complaints.
  CHECK(sum(cost_head::service) == static_cast<std::int64_t>(life.contacts.size() - 2) * 4'000'000);
  // 100 days: at the begin and three months later.
  CHECK(sum(cost_head::care) == 2 * 6'000'000);
}

TEST_CASE("prospects are in contact for a while") {
  business_parameters p = three_years();
  p.contacts.prospect_per_year = 100;
  p.contacts.prospect_days = 60;
  customer_life life;
  life.who.type = customer_type::prospect;
  life.who.created = p.first_day + 5.5;
  life.who.start = simulate::detail::no_end;
  draw_service(p, 1, 0, life);
  CHECK(life.contacts.size() > 5);
  for (const auto& c : life.contacts) {
    CHECK(c.day >= p.first_day + 5);
    CHECK(c.day <= p.first_day + 65);
  }
  for (const auto& c : life.costs) CHECK(c.head == cost_head::acquisition);
  CHECK(life.costs.size() == life.contacts.size());
}
