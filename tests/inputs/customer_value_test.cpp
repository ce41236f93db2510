// What historic value, equity, cycles, acquisition, balance, chains, referrals and elasticities refuse.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "check_error.hpp"
#include "kundenwert/numeric/linear_system.hpp"
#include "kundenwert/value/acquisition.hpp"
#include "kundenwert/value/acquisition_balance.hpp"
#include "kundenwert/value/customer_equity.hpp"
#include "kundenwert/value/elasticity.hpp"
#include "kundenwert/value/historic_clv.hpp"
#include "kundenwert/value/migration.hpp"
#include "kundenwert/value/payment_cycles.hpp"
#include "kundenwert/value/referral.hpp"

using namespace kundenwert;
using namespace kundenwert::value;
using kundenwert::test::check_error;

namespace {

using numbers = std::vector<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();

// The error of a good object with one thing changed.
template <class Object, class Call>
auto spoiling(const Object& good, Call&& call) {
  return [good, call](const std::function<void(Object&)>& spoil, error_code code, std::string_view argument,
                      std::int64_t row = no_row) {
    Object spoilt = good;
    spoil(spoilt);
    check_error([&] { call(spoilt); }, code, argument, row);
  };
}

const clv_terms endless{.convention = clv_convention::gupta_lehmann,
                        .periodic_discount_rate = 0.1,
                        .retention = 0.8,
                        .periods = without_end};

}  // namespace

TEST_CASE("historic value inputs") {
  customer_base base;
  base.has_costs = true;
  const auto check =
      spoiling(historic_options{.as_of = 19000}, [&](const historic_options& options) { historic_clv(base, options); });
  using options = historic_options;
  check([](options& o) { o.as_of = no_day; }, error_code::date_range, "as_of");
  check([](options& o) { o.annual_compounding_rate = -1; }, error_code::domain, "annual_compounding_rate");
  check([](options& o) { o.annual_compounding_rate = infinity; }, error_code::non_finite, "annual_compounding_rate");
  check([](options& o) { o.margin_rate = 1.5; }, error_code::domain, "margin_rate");
  base.has_costs = false;
  check([](options&) {}, error_code::missing_cost, "margin_rate");
  CHECK(historic_clv(base, {.as_of = 19000, .margin_rate = 0.3}).empty());
  check_error([] { historic_clv({}, {}, {}); }, error_code::date_range, "as_of");
}

TEST_CASE("customer equity inputs") {
  const std::vector<future_cohort> good{{.period = 1, .customers = 10, .value = 200, .acquisition_cost = 50},
                                        {.period = 2, .customers = 10, .value = 200, .acquisition_cost = 50}};
  using cohorts = std::vector<future_cohort>;
  const auto check = spoiling(good, [](const cohorts& c) { customer_equity_of({}, c, 0.1); });
  check([](cohorts& c) { c[1].period = -1; }, error_code::sign, "period", 1);
  check([](cohorts& c) { c[1].period = not_available; }, error_code::missing, "period", 1);
  check([](cohorts& c) { c[0].customers = -1; }, error_code::sign, "customers", 0);
  check([](cohorts& c) { c[1].value = infinity; }, error_code::non_finite, "value", 1);
  check([](cohorts& c) { c[1].acquisition_cost = not_available; }, error_code::missing, "acquisition_cost", 1);
  check([](cohorts& c) { c[1].value = c[1].customers = 1e200; }, error_code::overflow, "cohorts");
  check_error([] { customer_equity_of(numbers{1, infinity}, {}, 0.1); }, error_code::non_finite, "current_values", 1);
  check_error([] { customer_equity_of(numbers{1, 1e30}, {}, 0.1); }, error_code::overflow, "current_values", 1);
  check_error([] { customer_equity_of({}, {}, -1); }, error_code::domain, "periodic_discount_rate");
}

TEST_CASE("payment cycle inputs") {
  const cycle_plan good{.margin_per_cycle = 260,
                        .promotion_per_year = 50,
                        .retention_per_cycle = 0.75,
                        .annual_discount_rate = 0.2,
                        .years = 10};
  const auto check = spoiling(good, [](const cycle_plan& p) { value_of_cycles(p); });
  check([](cycle_plan& p) { p.margin_per_cycle = not_available; }, error_code::missing, "margin_per_cycle");
  check([](cycle_plan& p) { p.promotion_per_year = infinity; }, error_code::non_finite, "promotion_per_year");
  check([](cycle_plan& p) { p.retention_per_cycle = 1.1; }, error_code::domain, "retention_per_cycle");
  check([](cycle_plan& p) { p.annual_discount_rate = -1; }, error_code::domain, "annual_discount_rate");
  check([](cycle_plan& p) { p.years = -1; }, error_code::sign, "years");
  check([](cycle_plan& p) { p.cycles_per_year = 0; }, error_code::domain, "cycles_per_year");
  check([](cycle_plan& p) { p.years_per_cycle = 0; }, error_code::domain, "years_per_cycle");
  check([](cycle_plan& p) { p.cycles_per_year = p.years_per_cycle = 2; }, error_code::inconsistent, "years_per_cycle");

  check_error([] { value_of_profits(numbers{1, infinity}, 0.5, 0.1); }, error_code::non_finite, "annual_profits", 1);
  check_error([] { value_of_profits(numbers{1}, -0.5, 0.1); }, error_code::domain, "annual_retention");
  check_error([] { value_of_profits(numbers{1}, 0.5, -1); }, error_code::domain, "annual_discount_rate");

  const auto check_stream =
      spoiling(profit_stream{100, 0.8, 0.1, 10}, [](const profit_stream& s) { value_of_stream(s); });
  check_stream([](profit_stream& s) { s.annual_profit = not_available; }, error_code::missing, "annual_profit");
  check_stream([](profit_stream& s) { s.annual_retention = 2; }, error_code::domain, "annual_retention");
  check_stream([](profit_stream& s) { s.continuous_discount_rate = infinity; }, error_code::non_finite,
               "continuous_discount_rate");
  check_stream([](profit_stream& s) { s.years = not_available; }, error_code::missing, "years");
  check_stream([](profit_stream& s) { s.years = -1; }, error_code::sign, "years");
  check_stream(
      [](profit_stream& s) {
        s.years = infinity;
        s.annual_retention = 1;
        s.continuous_discount_rate = 0;
      },
      error_code::divergent, "years");
}

TEST_CASE("acquisition inputs") {
  check_error([] { cost_per_customer(-1, 5); }, error_code::sign, "spending");
  check_error([] { cost_per_customer(not_available, 5); }, error_code::missing, "spending");
  check_error([] { cost_per_customer(1, -5); }, error_code::sign, "customers");
  check_error([] { acquisition_retention_ratio(-1, 1, 1, 1); }, error_code::sign, "acquisition_spending");
  check_error([] { acquisition_retention_ratio(1, -1, 1, 1); }, error_code::sign, "won");
  check_error([] { acquisition_retention_ratio(1, 1, -1, 1); }, error_code::sign, "retention_spending");
  check_error([] { acquisition_retention_ratio(1, 1, 1, -1); }, error_code::sign, "kept");
  check_error([] { largest_acquisition_cost(infinity); }, error_code::non_finite, "gross_value");
  check_error([] { largest_acquisition_cost(1, 0); }, error_code::sign, "target_ratio");
  check_error([] { value_to_cost(not_available, 1); }, error_code::missing, "gross_value");
  check_error([] { value_to_cost(1, -1); }, error_code::sign, "acquisition_cost");
  check_error([] { payback(infinity, 1, endless); }, error_code::non_finite, "margin");
  check_error([] { payback(1, -1, endless); }, error_code::sign, "acquisition_cost");
  check_error([] { payback(1, 1, clv_terms{}); }, error_code::unknown_code, "convention");
  clv_terms short_curve = endless;
  short_curve.retention = not_available;
  short_curve.retention_curve = {0.5};
  check_error([&] { payback(1, 1, short_curve); }, error_code::missing, "retention");
}

TEST_CASE("balance inputs") {
  for (const double rate : {0.0, 0.4, 0.5, -0.1}) {
    check_error([&] { response_through(10, rate, 0.4); }, error_code::domain, "rate");
  }
  check_error([] { response_through(10, 0.1, 1.1); }, error_code::domain, "ceiling");
  check_error([] { response_through(10, 0.1, 0); }, error_code::domain, "ceiling");
  check_error([] { response_through(0, 0.1, 0.4); }, error_code::sign, "spending");
  const customer_economics customer{.margin = 100, .periodic_discount_rate = 0.1};
  const spending_response curve = response_through(10, 0.1, 0.4);
  check_error([&] { value_of_retained(customer, 1.1, 0); }, error_code::domain, "retention");
  check_error([&] { value_of_retained(customer, 0.5, -1); }, error_code::sign, "retention_spending");
  check_error([] { value_of_retained({100, 0}, 1, 0); }, error_code::divergent, "retention");
  check_error([] { value_of_retained({100, -1}, 0.5, 0); }, error_code::domain, "periodic_discount_rate");
  check_error([] { value_of_retained({not_available, 0.1}, 0.5, 0); }, error_code::missing, "margin");
  check_error([&] { balance_at(curve, curve, customer, -1, 0); }, error_code::sign, "acquisition_spending");
  check_error([&] { balance_at({}, curve, customer, 1, 0); }, error_code::missing, "acquisition");
  check_error([&] { balance_at(curve, {1.5, 1}, customer, 1, 0); }, error_code::domain, "retention");
  check_error([&] { optimal_balance(curve, {0.5, 0}, customer); }, error_code::domain, "retention");
  check_error([&] { optimal_balance(curve, curve, {}); }, error_code::missing, "margin");
  check_error([&] { optimal_balance(curve, curve, customer).is_optimal(-1); }, error_code::sign, "relative_tolerance");

  using segments = std::vector<prospect_segment>;
  const auto check =
      spoiling(segments{{10, curve, 100}, {10, curve, 100}}, [](const segments& s) { allocate_acquisition(s, 100); });
  check([](segments& s) { s[1].prospects = -1; }, error_code::sign, "prospects", 1);
  check([](segments& s) { s[1].prospects = infinity; }, error_code::non_finite, "prospects", 1);
  check([](segments& s) { s[1].acquisition.ceiling = 2; }, error_code::domain, "acquisition", 1);
  check([](segments& s) { s[1].value = not_available; }, error_code::missing, "value", 1);
  check_error([] { allocate_acquisition({}, not_available); }, error_code::missing, "budget");
  check_error([] { allocate_acquisition({}, -1); }, error_code::sign, "budget");
}

TEST_CASE("chain inputs") {
  const migration_chain good{{0.5, 0.5, 0, 1}, {1, 0}};
  using chain = migration_chain;
  const auto check = spoiling(good, [](const chain& c) { migration_value(c, 0.1); });
  check([](chain& c) { c = {}; }, error_code::empty, "rewards");
  check([](chain& c) { c.probabilities.pop_back(); }, error_code::length_mismatch, "probabilities");
  check([](chain& c) { c.probabilities[3] = 0.9; }, error_code::domain, "probabilities", 1);
  check([](chain& c) { c.probabilities = {1, 0, -0.5, 1.5}; }, error_code::domain, "probabilities", 1);
  check([](chain& c) { c.probabilities[0] = not_available; }, error_code::missing, "probabilities", 0);
  check([](chain& c) { c.rewards[1] = infinity; }, error_code::non_finite, "rewards", 1);
  CHECK_NOTHROW(migration_value({{0.5 + 1e-10, 0.5, 0, 1}, {1, 0}}, 0.1));
  check_error([&] { migration_value(good, -0.1); }, error_code::sign, "periodic_discount_rate");
  check_error([&] { migration_value(good, 0.1, -1); }, error_code::sign, "periods");
  check_error([&] { migration_value(good, -0.1, 1); }, error_code::sign, "periodic_discount_rate");
  check_error([] { migration_value({{0.5, 0.5, 0, 1}, {1, 2}}, 0); }, error_code::divergent, "rewards", 1);
  check_error([&] { migration_probabilities(good, -1); }, error_code::sign, "periods");
  check_error([] { recency_chain({}, 40, 4); }, error_code::empty, "purchase_probabilities");
  check_error([] { recency_chain(numbers{0.5, 1.5}, 40, 4); }, error_code::domain, "purchase_probabilities", 1);
  check_error([] { recency_chain(numbers{0.5}, infinity, 4); }, error_code::non_finite, "margin");
  check_error([] { recency_chain(numbers{0.5}, 40, not_available); }, error_code::missing, "promotion");
  check_error([&] { best_policy(good, numbers{0}, 0.1); }, error_code::length_mismatch, "stop_rewards");
  check_error([&] { best_policy(good, numbers{0, infinity}, 0.1); }, error_code::non_finite, "stop_rewards", 1);
  check_error([&] { best_policy(good, numbers{0, 0}, 0); }, error_code::domain, "periodic_discount_rate");

  const std::vector<std::int32_t> from{1, 2, 3};
  const std::vector<std::int32_t> to{1, 2, 2};
  check_error([&] { estimate_migration(from, to, 2); }, error_code::unknown_code, "from", 2);
  check_error([&] { estimate_migration(to, from, 2); }, error_code::unknown_code, "to", 2);
  check_error([&] { estimate_migration(from, to, 0); }, error_code::domain, "states");
  check_error([&] { estimate_migration(from, to, 3, -1); }, error_code::sign, "prior");
  check_error([&] { estimate_migration(from, std::span(to).first(2), 3); }, error_code::length_mismatch, "to");
  check_error([&] { estimate_migration_of_panel(from, 2, 3); }, error_code::length_mismatch, "panel");
  check_error([&] { estimate_migration_of_panel(from, 0, 3); }, error_code::domain, "periods");
  check_error([&] { estimate_migration_of_panel(from, 3, 2); }, error_code::unknown_code, "panel", 2);
}

TEST_CASE("linear system inputs") {
  using numeric::solve_linear;
  check_error([] { solve_linear(numbers{1, 2}, numbers{1, 2}); }, error_code::length_mismatch, "matrix");
  check_error([] { solve_linear(numbers{infinity}, numbers{1}); }, error_code::non_finite, "matrix");
  check_error([] { solve_linear(numbers{1}, numbers{not_available}); }, error_code::non_finite, "right");
  CHECK_FALSE(std::isfinite(solve_linear(numbers{0}, numbers{1})[0]));
}

TEST_CASE("referral inputs") {
  using referrals = std::vector<referral>;
  const referral good{.type = referral_type::one, .years = 0.5};
  const auto check =
      spoiling(referrals{good, good}, [](const referrals& r) { referral_value_of(r, {.annual_discount_rate = 0.1}); });
  check([](referrals& r) { r[1].type = {}; }, error_code::unknown_code, "type", 1);
  check([](referrals& r) { r[1].years = not_available; }, error_code::missing, "years", 1);
  check([](referrals& r) { r[1].years = -1; }, error_code::sign, "years", 1);
  check([](referrals& r) { r[1].margin = infinity; }, error_code::non_finite, "margin", 1);
  check([](referrals& r) { r[1].reward = not_available; }, error_code::missing, "reward", 1);
  check([](referrals& r) { r[1].marketing = infinity; }, error_code::non_finite, "marketing", 1);
  check([](referrals& r) { r[1].saved_acquisition_cost = infinity; }, error_code::non_finite, "saved_acquisition_cost",
        1);
  check_error([] { referral_value_of({}, {}); }, error_code::missing, "annual_discount_rate");
  check_error([] { referral_value_of({}, {.annual_discount_rate = -1}); }, error_code::domain, "annual_discount_rate");
  check_error([] { referral_value_of({}, {.annual_discount_rate = 0.1, .horizon_years = -1}); }, error_code::sign,
              "horizon_years");
  check_error([] { classify_referrers(numbers{1, 2}, numbers{1}); }, error_code::length_mismatch, "referral_values");
  check_error(
      [] {
        classify_referrers(numbers{1, infinity}, numbers{1, 2});
      },
      error_code::non_finite, "lifetime_values", 1);
  check_error(
      [] {
        classify_referrers(numbers{1, 2}, numbers{1, infinity});
      },
      error_code::non_finite, "referral_values", 1);
}

TEST_CASE("elasticity inputs") {
  const auto check = spoiling(endless, [](const clv_terms& t) { elasticities_of({.revenue = 1}, t); });
  check([](clv_terms& t) { t.convention = clv_convention::mid_period; }, error_code::unsupported, "terms");
  check([](clv_terms& t) { t.periods = 10; }, error_code::unsupported, "terms");
  check([](clv_terms& t) { t.growth = 0.1; }, error_code::unsupported, "terms");
  check([](clv_terms& t) { t.retention_curve = {0.5}; }, error_code::unsupported, "terms");
  check([](clv_terms& t) { t.retention = 1.5; }, error_code::domain, "retention");
  CHECK(std::isnan(elasticities_of({.revenue = 0}, endless).margin));
  CHECK(std::isnan(relative_change_of_value({.revenue = 0}, endless, endless)));
}
