#include "kundenwert/simulate/life.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::simulate;

namespace {

business_parameters three_years() {
  business_parameters p;
  p.first_day = day_of({2023, 1, 1});
  p.as_of = day_of({2025, 12, 31});
  p.complaints.per_year = 0;
  p.win_back.attempt_share = 0;
  p.returns.share = 0;
  return p;
}

customer_traits member(renewal how, contract_period paid) {
  customer_traits who;
  who.type = customer_type::contract;
  who.created = day_of({2024, 1, 10}) + 0.5;
  who.start = day_of({2024, 1, 15}) + 0.5;
  who.payment = 30;
  who.variable_cost_share = 0.4;
  who.renewal = how;
  who.period = paid;
  who.lead = 20;
  return who;
}

}  // namespace

TEST_CASE("a customer's own clock runs with the purchase rate") {
  customer_traits who;
  who.start = 100;
  for (const double growth : {0.0, 0.001, -0.001}) {
    CAPTURE(growth);
    who.growth = growth;
    for (const double time : {100.0, 150.0, 700.0}) {
      CHECK_NEAR(simulate::detail::time_of(who, simulate::detail::passed_at(who, time)), time, 1e-14, 0);
    }
  }
  // A rate that falls by a thousandth a day passes 1000 days of the first rate in all.
  who.growth = -0.001;
  CHECK(std::isfinite(simulate::detail::time_of(who, 999)));
  CHECK(std::isinf(simulate::detail::time_of(who, 1000)));
  CHECK(std::isinf(simulate::detail::time_of(who, simulate::detail::no_end)));
}

TEST_CASE("rates that complaints share") {
  business_parameters p = three_years();
  p.complaints = {.per_year = 2, .bad_share = 0.5, .leaving_share = 0.2, .suggestions_per_year = 0.5};
  const shared_rates r(p);
  CHECK_NEAR(r.complaint_exit * days_per_year, 0.2, 1e-15, 0);
  CHECK_NEAR(r.other_cases * days_per_year, 1.8 + 0.5, 1e-15, 0);
  CHECK_NEAR(r.suggestion_share, 0.5 / 2.3, 1e-15, 0);
  // All bad ones: those that end with leaving and the others.
  CHECK_NEAR((0.2 + 1.8 * r.bad_share) / 2, 0.5, 1e-15, 0);
  p.complaints = {.per_year = 1, .bad_share = 1, .leaving_share = 1, .suggestions_per_year = 0};
  CHECK(shared_rates(p).other_cases == 0);
  CHECK(shared_rates(p).bad_share == 0);
}

TEST_CASE("a contract that nobody cancels") {
  const business_parameters p = three_years();
  const shared_rates shared(p);
  customer_life life;
  life.who = member(renewal::automatic, contract_period::month);
  draw_life(p, shared, 1, 0, life);
  REQUIRE(life.contracts.size() == 1);
  CHECK(life.contracts[0].start == day_of({2024, 1, 15}));
  CHECK(life.contracts[0].signed_on == day_of({2024, 1, 10}));
  CHECK(life.contracts[0].end == no_day);
  CHECK(life.contracts[0].planned_end == no_day);
  CHECK(life.truth.state == lifecycle::customer_kind::current);
  CHECK(life.truth.started == day_of({2024, 1, 15}));

  life.clear();
  life.who = member(renewal::manual, contract_period::quarter);
  draw_life(p, shared, 1, 0, life);
  // The second term ends on 2026-01-15: the decision of 2025-12-26 was to stay, and the third is signed.
  REQUIRE(life.contracts.size() == 3);
  CHECK(life.contracts[0].end == day_of({2025, 1, 15}));
  CHECK(life.contracts[0].planned_end == day_of({2025, 1, 15}));
  CHECK(life.contracts[1].end == no_day);
  CHECK(life.contracts[1].planned_end == day_of({2026, 1, 15}));
  CHECK(life.contracts[2].start == day_of({2026, 1, 15}));
  CHECK(life.contracts[2].signed_on == day_of({2025, 12, 26}));
  // Four payments of margin 18 within a year, none of them in doubt before 2026-12-26.
  const double delta = shared.horizon.discount_rate;
  double value = 0;
  for (const int month : {1, 4, 7, 10}) {
    value += 18 * std::exp(-delta * (day_of({2026, month, 15}) - p.as_of));
  }
  CHECK_NEAR(life.truth.remaining_value, value, 1e-14, 0);
}

TEST_CASE("a contract that is cancelled at the first occasion") {
  const business_parameters p = three_years();
  const shared_rates shared(p);
  customer_life life;
  life.who = member(renewal::automatic, contract_period::month);
  life.who.monthly_churn = 1;
  draw_life(p, shared, 1, 0, life);
  REQUIRE(life.contracts.size() == 1);
  CHECK(life.contracts[0].notice == day_of({2024, 1, 26}));
  CHECK(life.contracts[0].end == day_of({2024, 2, 15}));
  CHECK(life.truth.state == lifecycle::customer_kind::lost);
  CHECK(life.truth.ended == day_of({2024, 2, 15}));
  CHECK(life.truth.remaining_value == 0);
  // A notice never comes before the begin of its term.
  life.clear();
  life.who.lead = 365;
  draw_life(p, shared, 1, 0, life);
  CHECK(life.contracts[0].notice == day_of({2024, 1, 15}));
}

TEST_CASE("who was won back lives again") {
  business_parameters p = three_years();
  p.win_back = {.silent_days = 30, .attempt_share = 1, .delay_days = 5, .success_share = 1, .return_days = 5};
  customer_life life;
  life.who = member(renewal::automatic, contract_period::month);
  life.who.monthly_churn = 1;
  draw_life(p, shared_rates(p), 1, 0, life);
  CHECK(life.contracts.size() > 3);
  CHECK(life.truth.was_regained);
  for (std::size_t i = 1; i < life.contracts.size(); ++i) {
    CHECK(life.contracts[i].start >= life.contracts[i - 1].end);
    CHECK(life.contacts[i - 1].purpose == purpose::win_back);
    CHECK(life.contacts[i - 1].day >= life.contracts[i - 1].end);
    CHECK(life.contacts[i - 1].day <= life.contracts[i].start);
  }
}

TEST_CASE("a complaint that makes the customer leave") {
  business_parameters p = three_years();
  p.complaints = {.per_year = 50, .bad_share = 1, .leaving_share = 1, .suggestions_per_year = 0};
  customer_life life;
  life.who.type = customer_type::buyer;
  life.who.created = life.who.start = p.first_day;
  life.who.purchase_rate = 1;
  life.who.mean_spend = 20;
  life.who.variable_cost_share = 0.5;
  draw_life(p, shared_rates(p), 1, 0, life);
  REQUIRE(life.cases.size() == 1);
  CHECK(life.cases[0].is_dissatisfaction());
  CHECK(life.cases[0].opened == life.truth.ended);
  CHECK(life.purchases.back().time < life.cases[0].opened + 1.0);
  if (life.cases[0].resolved != no_day) CHECK(life.cases[0].satisfaction < 50);
}
