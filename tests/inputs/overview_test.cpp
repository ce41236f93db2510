// Every check of the overview's options, every reason why a customer has no value, and bases with little in them.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "business.hpp"
#include "check_error.hpp"
#include "compiled.hpp"
#include "kundenwert/overview/overview.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t today = 20089;  // 2025-01-01
constexpr double infinity = std::numeric_limits<double>::infinity();

overview_options good() {
  return {.as_of = today,
          .unit = time_unit::month,
          .horizon = 12,
          .annual_discount_rate = 0.1,
          .convention = value::clv_convention::first_margin_now};
}

one_customer person(std::int64_t id) { return {.id = id, .created = today - 400}; }

struct bad_option {
  std::function<void(overview_options&)> spoil;
  error_code code;
  std::string argument;
};

void check_error(const customer_base& base, const bad_option& bad) {
  overview_options options = good();
  bad.spoil(options);
  kundenwert::test::check_error([&] { overview_of(base, options); }, bad.code, bad.argument);
}

}  // namespace

TEST_CASE("every option is checked, with or without customers") {
  using o = overview_options;
  const std::vector<bad_option> bad{
      {[](o& x) { x.as_of = no_day; }, error_code::missing, "as_of"},
      {[](o& x) { x.as_of = latest_day + 1; }, error_code::date_range, "as_of"},
      {[](o& x) { x.unit = {}; }, error_code::unknown_code, "unit"},
      {[](o& x) { x.horizon = not_available; }, error_code::missing, "horizon"},
      {[](o& x) { x.horizon = 0; }, error_code::sign, "horizon"},
      {[](o& x) { x.horizon = infinity; }, error_code::non_finite, "horizon"},
      {[](o& x) { x.annual_discount_rate = not_available; }, error_code::missing, "annual_discount_rate"},
      {[](o& x) { x.annual_discount_rate = -0.01; }, error_code::sign, "annual_discount_rate"},
      {[](o& x) { x.convention = static_cast<value::clv_convention>(99); }, error_code::unknown_code, "convention"},
      {[](o& x) { x.units_per_year = -1; }, error_code::sign, "units_per_year"},
      {[](o& x) { x.margin_rate = 1.5; }, error_code::domain, "margin_rate"},
      {[](o& x) { x.annual_retention_rate = -0.5; }, error_code::domain, "annual_retention_rate"},
      {[](o& x) { x.start = today + 1; }, error_code::date_order, "start"},
      {[](o& x) { x.start = earliest_day - 1; }, error_code::date_range, "start"},
      {[](o& x) { x.model = 77; }, error_code::unknown_code, "model"},
      {[](o& x) { x.model = btyd::gamma_gamma::number; }, error_code::unsupported, "model"},
      {[](o& x) { x.phases.lost_least = 0; }, error_code::sign, "lost_least"},
      {[](o& x) { x.abc.a_share = 0; }, error_code::domain, "a_share"},
      {[](o& x) { x.rfm_classes = 0; }, error_code::domain, "rfm_classes"},
      {[](o& x) {
         x.watch = {[](void*, double) { return false; }, nullptr};
       },
       error_code::cancelled, "progress"}};
  const customer_base some = base_of({person(1).bought(today - 10, 5)});
  for (const auto& b : bad) {
    check_error(some, b);
    check_error(customer_base{}, b);
  }
}

TEST_CASE("the convention is asked for where a contract is active, and only there") {
  const bad_option without{[](overview_options& x) { x.convention = {}; }, error_code::missing, "convention"};
  check_error(base_of({person(1).under(today - 100, 10)}), without);
  overview_options options = good();
  options.convention = {};
  const customer_base ended = base_of({[] {
    one_customer c = person(1).under(today - 100, 10);
    c.contracts[0].end = today;
    return c;
  }()});
  CHECK(overview_of(ended, options).headline.lost == 1);
  CHECK(overview_of(base_of({person(1).bought(today - 3, 5)}), options).headline.current == 1);
}

TEST_CASE("a customer without a value has a reason") {
  const auto why = [](const customer_base& base, overview_options options = good()) {
    const overview o = overview_of(base, options);
    CHECK(std::isnan(o.rows.lifetime_value[0]));
    CHECK(o.rows.basis[0] == value_basis{});
    return o.rows.value_reasons[0];
  };
  CHECK(why(base_of({person(1)})) == reason::no_current_customer);
  CHECK(why(base_of({person(1).bought(today - 800, 5)})) == reason::no_current_customer);
  CHECK(why(base_of({{.id = 1, .created = today + 5}})) == reason::no_current_customer);
  CHECK(why(base_of({person(1).bought(today - 5, 5)})) == reason::no_model);
  CHECK(why(base_of({person(1).bought(today - 5, 0)}, {.has_amounts = false})) ==
        (reason::no_model | reason::no_amount));
  // Nobody had a contract a year ago.
  CHECK(why(base_of({person(1).under(today - 100, 10)})) == reason::no_retention_rate);
  CHECK(why(base_of({person(1).under(today - 500, not_available)})) == reason::no_amount);
  CHECK(why(base_of({person(1).under(today - 100, not_available)})) == (reason::no_amount | reason::no_retention_rate));
  // One contract without amount: the customer's value is not that of the other one.
  CHECK(why(base_of({person(1).under(today - 500, 10).under(today - 500, not_available)})) == reason::no_amount);
  overview_options options = good();
  options.start = today - 2;
  CHECK(why(base_of({person(1).bought(today - 5, 5)}), options) == reason::no_purchases);
  // Costs of the last year, a margin to take them from, and no revenue in that year to know the rate by.
  options = good();
  options.margin_rate = 0.5;
  one_customer free = person(1).under(today - 500, 0);
  free.costs.push_back({today - 5, cost_head::care, 1});
  CHECK(why(base_of({free}), options) == reason::missing_input);
}

TEST_CASE("spend that does not differ, and spend without a mean") {
  // Every purchase costs 25: a spend model cannot be told from a number, so that number is taken and named.
  auto customers = random_business(1500, 17, today);
  for (auto& c : customers) {
    c.contracts.clear();
    for (auto& p : c.purchases) p.revenue = p.margin = 25'000'000;
  }
  overview_options options = good();
  const overview same = overview_of(base_of(customers), options);
  REQUIRE(same.chosen >= 0);
  CHECK(same.headline.spend == spend_basis::mean_spend);
  CHECK(same.headline.mean_spend == 25);
  REQUIRE(same.spend.size() == 1);
  CHECK(same.spend[0].fit.outcome != outcome::converged);
  CHECK(same.headline.valued_by_purchases > 0);

  // Nobody pays: values are zero, not missing.
  for (auto& c : customers) {
    for (auto& p : c.purchases) p.revenue = p.margin = 0;
  }
  const overview free = overview_of(base_of(customers), options);
  CHECK(free.headline.customer_equity.value == 0);
  CHECK(free.headline.valued_by_purchases == same.headline.valued_by_purchases);
  CHECK(free.headline.spend == spend_basis::mean_spend);
  CHECK(std::isnan(free.headline.abc.total));

  // Spend with so heavy a tail that the population has no mean: no value for those who never came back.
  for (std::size_t i = 0; i < customers.size(); ++i) {
    random_stream draw(5, i);
    const double level = 1 / draw.gamma(0.8);
    for (auto& p : customers[i].purchases) p.revenue = p.margin = millionths_of(0.01 + level * draw.gamma(6));
  }
  const overview heavy = overview_of(base_of(customers), options);
  CAPTURE(heavy.spend[0].fit.detail);
  REQUIRE(heavy.headline.spend == spend_basis::spend_model);
  REQUIRE(heavy.spend[0].parameters[1] < 1);
  std::int64_t without_mean = 0;
  for (std::size_t i = 0; i < heavy.rows.basis.size(); ++i) {
    if (heavy.rows.value_reasons[i] != reason::infinite_mean) continue;
    CHECK(heavy.rows.purchase_days[i] == 1);
    ++without_mean;
  }
  CHECK(without_mean > 0);
}

TEST_CASE("bases with little in them") {
  const overview nobody = overview_of(customer_base{}, good());
  CHECK(nobody.size() == 0);
  CHECK(nobody.headline.customers == 0);
  CHECK(std::isnan(nobody.headline.revenue));
  CHECK(std::isnan(nobody.headline.retention.rate));
  CHECK(nobody.headline.phases.size() == lifecycle::phases.size());
  CHECK(nobody.chosen == -1);

  const overview without_amounts =
      overview_of(base_of({person(1).bought(today - 5, 0), person(2).bought(today - 50, 0).bought(today - 9, 0)},
                          {.has_amounts = false}),
                  good());
  CHECK(std::isnan(without_amounts.headline.revenue));
  CHECK(std::isnan(without_amounts.rows.revenue[0]));
  CHECK(without_amounts.rows.f_score[1] > without_amounts.rows.f_score[0]);
  CHECK(without_amounts.rows.m_score[0] == 0);
  CHECK(without_amounts.rows.abc[0] == portfolio::abc_class::none);

  // A prospect is in no class of customers, and what a lost one brought is.
  const overview classes =
      overview_of(base_of({person(1), person(2).bought(today - 900, 50), person(3).bought(today - 9, 20)}), good());
  CHECK(classes.rows.abc[0] == portfolio::abc_class::none);
  CHECK(classes.rows.revenue[0] == 0);
  CHECK(classes.rows.abc[1] == portfolio::abc_class::a);
  CHECK(classes.headline.revenue == 70);
  CHECK(classes.headline.lost == 1);
  CHECK(classes.headline.potential == 1);
}

TEST_CASE("suppressions") {
  using lifecycle::suppression;
  one_customer c = person(1).bought(today - 5, 5);
  c.consent = consent::unknown;
  c.status = customer_status::excluded;
  complaint k;
  k.opened = today - 2;
  c.complaints.push_back(k);
  customer_base base = base_of({c});
  const auto mask = overview_of(base, good()).rows.suppressions[0];
  CHECK(mask ==
        (static_cast<std::uint32_t>(suppression::open_complaint) | static_cast<std::uint32_t>(suppression::no_consent) |
         static_cast<std::uint32_t>(suppression::excluded)));
  // Where nothing is known of consent nobody is suppressed for it.
  base.consents.clear();
  base.statuses.clear();
  CHECK(overview_of(base, good()).rows.suppressions[0] == static_cast<std::uint32_t>(suppression::open_complaint));
}
