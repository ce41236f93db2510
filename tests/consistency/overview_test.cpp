// The overview holds together: figures are sums of rows, nothing depends on the order of customers, threads or what
// comes after as_of, and every value is the one its engine gives.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>
#include <vector>

#include "business.hpp"
#include "compiled.hpp"
#include "kundenwert/btyd/lifetime_value.hpp"
#include "kundenwert/overview/overview.hpp"
#include "kundenwert/value/clv.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t today = 20089;  // 2025-01-01

overview_options options_of(int threads = 1) {
  return {.as_of = today,
          .unit = time_unit::week,
          .horizon = 52,
          .annual_discount_rate = 0.1,
          .convention = value::clv_convention::first_margin_now,
          .threads = threads};
}

const customer_base& business() {
  static const customer_base base =
      base_of(random_business(4000, 3, today),
              {.has_costs = true, .unallocated_costs = {{today - 30, cost_head::service, 50'000'000}}});
  return base;
}

const overview& business_overview() {
  static const overview found = overview_of(business(), options_of());
  return found;
}

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

void check_same_rows(const overview_rows& a, const overview_rows& b) {
  CHECK(same_bits(a.phase, b.phase));
  CHECK(same_bits(a.risks, b.risks));
  CHECK(same_bits(a.suppressions, b.suppressions));
  CHECK(same_bits(a.first_purchase, b.first_purchase));
  CHECK(same_bits(a.last_purchase, b.last_purchase));
  CHECK(same_bits(a.purchase_days, b.purchase_days));
  CHECK(same_bits(a.revenue, b.revenue));
  CHECK(same_bits(a.r_score, b.r_score));
  CHECK(same_bits(a.f_score, b.f_score));
  CHECK(same_bits(a.m_score, b.m_score));
  CHECK(same_bits(a.abc, b.abc));
  CHECK(same_bits(a.probability_alive, b.probability_alive));
  CHECK(same_bits(a.expected_transactions, b.expected_transactions));
  CHECK(same_bits(a.lifetime_value, b.lifetime_value));
  CHECK(same_bits(a.basis, b.basis));
  CHECK(same_bits(a.value_reasons, b.value_reasons));
}

void check_same_headline(const overview_headline& a, const overview_headline& b) {
  CHECK(a.customers == b.customers);
  CHECK(a.revenue == b.revenue);
  CHECK(a.customer_equity.value == b.customer_equity.value);
  CHECK(a.value_at_risk.value == b.value_at_risk.value);
  CHECK(a.retention.rate == b.retention.rate);
  CHECK(a.annual_retention_rate == b.annual_retention_rate);
  CHECK(a.margin_rate == b.margin_rate);
  CHECK(a.service_cost_rate == b.service_cost_rate);
  CHECK(a.care_cost_rate == b.care_cost_rate);
  CHECK(a.revenue_concentration.gini == b.revenue_concentration.gini);
  CHECK(a.value_concentration.gini == b.value_concentration.gini);
}

lifecycle::customer_kind kind_of(lifecycle::phase p) { return lifecycle::fact_of(p).kind; }

}  // namespace

TEST_CASE("the headline adds up the rows") {
  const overview& o = business_overview();
  const auto& rows = o.rows;
  const auto& h = o.headline;
  REQUIRE(o.chosen >= 0);
  value_total equity;
  value_total at_risk;
  double revenue = 0;
  std::map<lifecycle::phase, std::int64_t> phases;
  for (std::size_t i = 0; i < rows.phase.size(); ++i) {
    ++phases[rows.phase[i]];
    if (!std::isnan(rows.revenue[i])) revenue += rows.revenue[i];
    const bool is_current = kind_of(rows.phase[i]) == lifecycle::customer_kind::current;
    const bool is_valued = !std::isnan(rows.lifetime_value[i]);
    CHECK(is_valued == (rows.value_reasons[i] == reason::none));
    CHECK(is_valued == (rows.basis[i] != value_basis{}));
    CHECK((rows.risks[i] != 0) == (rows.phase[i] == lifecycle::phase::endangered));
    const auto add = [&](value_total& to) {
      ++to.customers;
      to.valued += is_valued;
      to.value += is_valued ? rows.lifetime_value[i] : 0;
    };
    if (is_current) add(equity);
    if (rows.phase[i] == lifecycle::phase::endangered) add(at_risk);
    if (!is_current) CHECK(has(rows.value_reasons[i], reason::no_current_customer));
  }
  // The sums run in another order here: some thousand roundings of 2^-53 each.
  constexpr double rounding = 1e-12;
  CHECK_NEAR(h.revenue, revenue, rounding, 0);
  CHECK(h.customer_equity.customers == equity.customers);
  CHECK(h.customer_equity.valued == equity.valued);
  CHECK_NEAR(h.customer_equity.value, equity.value, rounding, 0);
  CHECK(h.value_at_risk.customers == at_risk.customers);
  CHECK(h.value_at_risk.valued == at_risk.valued);
  CHECK_NEAR(h.value_at_risk.value, at_risk.value, rounding, 0);
  CHECK(h.customers == o.size());
  CHECK(h.potential + h.current + h.lost == h.customers);
  CHECK(h.current == equity.customers);
  CHECK(h.valued_by_contract + h.valued_by_purchases == equity.valued);
  CHECK(h.valued_by_contract > 100);
  CHECK(h.valued_by_purchases > 100);
  double by_phase = 0;
  for (const auto& total : h.phases) {
    CHECK(total.customers == phases[total.phase]);
    if (kind_of(total.phase) == lifecycle::customer_kind::current) by_phase += total.value;
  }
  CHECK(h.customer_equity.value == by_phase);
  CHECK(h.retention.at_start == h.retention.retained + h.retention.regained + h.retention.lost);
  // Retention goes by rules alone: whom the model holds for gone, or not yet, is no matter there.
  std::int64_t by_rules = 0;
  for (const auto& finding : lifecycle::classify_phases(business(), today)) by_rules += finding.is_customer;
  CHECK(h.retention.at_end() == by_rules);
  CHECK(h.abc.a.count + h.abc.b.count + h.abc.c.count + h.potential == h.customers);
}

TEST_CASE("threads and the order of customers change no bit") {
  const overview threaded = overview_of(business(), options_of(3));
  check_same_rows(business_overview().rows, threaded.rows);
  check_same_headline(business_overview().headline, threaded.headline);

  // The same customers under ids in the opposite order.
  auto customers = random_business(800, 5, today);
  const overview one = overview_of(base_of(customers), options_of());
  const auto count = static_cast<std::int64_t>(customers.size());
  for (auto& c : customers) c.id = count - 1 - c.id;
  const overview other = overview_of(base_of(customers), options_of());
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const std::size_t j = customers.size() - 1 - i;
    CHECK(one.rows.phase[i] == other.rows.phase[j]);
    CHECK(one.rows.abc[i] == other.rows.abc[j]);
    CHECK(one.rows.m_score[i] == other.rows.m_score[j]);
    CHECK(one.rows.value_reasons[i] == other.rows.value_reasons[j]);
    CHECK(std::memcmp(&one.rows.lifetime_value[i], &other.rows.lifetime_value[j], sizeof(double)) == 0);
  }
  CHECK(one.headline.revenue == other.headline.revenue);
}

TEST_CASE("progress goes from 0 to 1 and never back") {
  std::vector<double> told;
  auto options = options_of(2);
  options.watch = {[](void* context, double done) {
                     static_cast<std::vector<double>*>(context)->push_back(done);
                     return true;
                   },
                   &told};
  const overview watched = overview_of(business(), options);
  CHECK((watched.options.watch.callback == nullptr));
  check_same_rows(watched.rows, business_overview().rows);
  REQUIRE(told.size() > 20);
  CHECK(std::is_sorted(told.begin(), told.end()));
  CHECK(told.front() >= 0);
  CHECK(told.back() == 1);
}

TEST_CASE("what is dated after as_of changes nothing") {
  auto customers = random_business(1500, 7, today);
  customers.push_back({.id = 1'000'000, .created = today + 1});
  const overview before = overview_of(base_of(customers, {.has_costs = true}), options_of());
  for (std::size_t i = 0; i < customers.size(); ++i) {
    auto& c = customers[i];
    c.bought(today + 1 + static_cast<std::int32_t>(i % 40), 500, 0.1);
    for (auto& p : c.purchases) {
      if (i % 5 == 0 && p.cancelled_on == no_day) p.cancelled_on = std::max(p.day, today + 1);
    }
    for (auto& k : c.contracts) {
      if (k.end == no_day && k.notice == no_day && i % 2 == 0) {
        k.notice = today + 2;
        k.end = today + 30;
      }
    }
    if (i % 3 == 0) c.under(today + 5, 1000);
    for (auto& k : c.complaints) {
      if (k.resolved == no_day) k.resolved = today + 3;
    }
    c.contacts.push_back({today + 1, direction::out, channel::phone, purpose::win_back});
    c.costs.push_back({today + 1, cost_head::service, 77'000'000});
  }
  const base_facts later{.has_costs = true, .unallocated_costs = {{today + 9, cost_head::care, 999'000'000}}};
  const overview after = overview_of(base_of(customers, later), options_of());
  check_same_rows(before.rows, after.rows);
  check_same_headline(before.headline, after.headline);
  CHECK(before.rows.phase.back() == lifecycle::phase{});
  CHECK(before.headline.customers == before.size() - 1);
}

TEST_CASE("a contract's value is the engine's, in its periods, cut by an end that is known") {
  std::vector<one_customer> customers(3);
  customers[0].id = 1;
  customers[0].under(today - 500, 30, contract_period::quarter);
  customers[1].id = 2;
  customers[1].under(today - 200, 10).under(today - 700, 99, contract_period::year);
  customers[1].contracts[1].notice = today - 10;
  customers[1].contracts[1].end = add_months(today, 6);
  customers[2].id = 3;
  customers[2].under(today - 40, 12, contract_period::half_year);
  customers[2].contracts[0].renewal = renewal::manual;
  customers[2].contracts[0].planned_end = add_months(today, 8);
  auto options = options_of();
  options.unit = time_unit::month;
  options.horizon = 24;
  options.annual_retention_rate = 0.8;
  for (const auto& entry : value::clv_conventions) {
    options.convention = static_cast<value::clv_convention>(entry.number);
    const overview o = overview_of(base_of(customers, {.has_amounts = false}), options);
    const auto engine = [&](double amount, double months, double periods) {
      return value::clv({.revenue = amount}, {.convention = options.convention,
                                              .periodic_discount_rate = std::pow(1.1, months / 12) - 1,
                                              .retention = std::pow(0.8, months / 12),
                                              .periods = periods})
          .value;
    };
    constexpr double rounding = 1e-13;  // the rates are found in another way
    CHECK_NEAR(o.rows.lifetime_value[0], engine(30, 3, 8), rounding, 0);
    CHECK_NEAR(o.rows.lifetime_value[1], engine(10, 1, 24) + engine(99, 12, 0.5), rounding, 1e-15);
    CHECK_NEAR(o.rows.lifetime_value[2], engine(12, 6, 8.0 / 6), rounding, 0);
    CHECK(o.rows.basis[0] == value_basis::contract);
    CHECK(o.headline.basis == money_basis::revenue);
    CHECK(o.headline.annual_retention_rate == 0.8);
  }
}

TEST_CASE("a value of purchases is btyd's lifetime value times what costs leave") {
  const auto customers = random_business(3000, 11, today);
  auto options = options_of();
  options.margin_rate = 0.35;
  std::vector<one_customer> without_costs = customers;
  for (auto& c : without_costs) c.costs.clear();
  const customer_base base = base_of(without_costs);
  const overview o = overview_of(base, options);
  REQUIRE(o.headline.spend == spend_basis::spend_model);
  const auto purchases = summary_of(base, {.unit = options.unit, .end = today});
  const auto& model = o.models[static_cast<std::size_t>(o.chosen)];
  for (const auto& other : o.models) {
    if (other.fit.outcome == outcome::converged) CHECK(model.fit.aic <= other.fit.aic);
  }
  const auto values = btyd::lifetime_value(model, o.spend.front(), purchases.customers,
                                           {.horizon = 52, .annual_discount_rate = 0.1, .margin_rate = 0.35});
  const auto alive = btyd::probability_alive(model, purchases.customers);
  std::int64_t compared = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto row = static_cast<std::size_t>(purchases.base_row[i]);
    CHECK(o.rows.probability_alive[row] == alive[i]);
    if (o.rows.basis[row] != value_basis::purchases) continue;
    CHECK(o.rows.lifetime_value[row] == values[i]);
    ++compared;
  }
  CHECK(compared == o.headline.valued_by_purchases);
  // Of a unit of revenue the margin is left, less the costs of the year before: the same share for everybody.
  const overview with_costs = overview_of(base_of(customers), options);
  const auto& h = with_costs.headline;
  CHECK(h.service_cost_rate > 0);
  CHECK(h.care_cost_rate > 0);
  CHECK_NEAR(h.customer_equity.value,
             o.headline.customer_equity.value * (0.35 - h.service_cost_rate - h.care_cost_rate) / 0.35, 1e-12, 0);
}

TEST_CASE("probability alive decides no phase of a customer without repeat purchases") {
  const overview& o = business_overview();
  const auto findings = lifecycle::classify_phases(business(), today);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (o.rows.purchase_days[i] <= 1) CHECK(o.rows.phase[i] == findings[i].phase);
  }
}

TEST_CASE("scores are those of the summary") {
  const auto purchases = summary_of(business(), {.unit = time_unit::week, .end = today});
  CHECK(purchases.customers.size() > 0);
  const auto scores = portfolio::classify_rfm(purchases.customers);
  const auto& rows = business_overview().rows;
  for (std::size_t i = 0; i < purchases.base_row.size(); ++i) {
    const auto row = static_cast<std::size_t>(purchases.base_row[i]);
    CHECK(rows.r_score[row] == scores.r_score[i]);
    CHECK(rows.f_score[row] == scores.f_score[i]);
    CHECK(rows.m_score[row] == scores.m_score[i]);
  }
}
