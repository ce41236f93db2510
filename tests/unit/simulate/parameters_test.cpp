#include "kundenwert/simulate/parameters.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

using namespace kundenwert;
using namespace kundenwert::simulate;

namespace {

business_parameters usual() {
  business_parameters p;
  p.first_day = 19358;  // 2023-01-01
  p.as_of = 20453;      // 2025-12-31
  return p;
}

struct bad_change {
  error_code code;
  std::string argument;
  std::function<void(business_parameters&)> change;
};

}  // namespace

TEST_CASE("the defaults are parameters; the days must be given") {
  CHECK_NOTHROW(require_business_parameters(usual()));
  business_parameters nobody = usual();
  nobody.customers = 0;
  CHECK_NOTHROW(require_business_parameters(nobody));
  CHECK(usual().last_day() == 20453);
  business_parameters longer = usual();
  longer.holdout_end = 20500;
  CHECK(longer.last_day() == 20500);
}

TEST_CASE("every parameter that is none is named") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<bad_change> changes{
      {error_code::sign, "customers", [](auto& p) { p.customers = -1; }},
      {error_code::domain, "customers", [](auto& p) { p.customers = std::int64_t{1} << 50; }},
      {error_code::missing, "first_day", [](auto& p) { p.first_day = no_day; }},
      {error_code::missing, "as_of", [](auto& p) { p.as_of = no_day; }},
      {error_code::date_order, "as_of", [](auto& p) { p.as_of = p.first_day - 1; }},
      {error_code::date_order, "holdout_end", [](auto& p) { p.holdout_end = p.as_of - 1; }},
      {error_code::date_range, "as_of", [](auto& p) { p.as_of = 1000000; }},
      {error_code::date_range, "horizon_days", [](auto& p) { p.as_of = latest_day; }},
      {error_code::sign, "horizon_days", [](auto& p) { p.truth.horizon_days = 0; }},
      {error_code::domain, "horizon_days", [](auto& p) { p.truth.horizon_days = 1e6; }},
      {error_code::sign, "annual_discount_rate", [](auto& p) { p.truth.annual_discount_rate = -0.1; }},
      {error_code::domain, "types", [](auto& p) { p.types.buyer = 0.5; }},
      {error_code::domain, "types.both", [](auto& p) { p.types.both = 1.5; }},
      {error_code::domain, "acquisition.growth_per_year", [](auto& p) { p.acquisition.growth_per_year = 3; }},
      {error_code::sign, "acquisition.decision_days", [](auto& p) { p.acquisition.decision_days = -1; }},
      {error_code::sign, "purchase.per_year", [](auto& p) { p.purchase.per_year = 0; }},
      {error_code::missing, "purchase.shape", [=](auto& p) { p.purchase.shape = nan; }},
      {error_code::sign, "purchase.dropouts_per_year", [](auto& p) { p.purchase.dropouts_per_year = -1; }},
      {error_code::domain, "purchase.growth_deviation", [](auto& p) { p.purchase.growth_deviation = 0.6; }},
      {error_code::domain, "purchase.growth_per_year",
       [](auto& p) {
         p.purchase.growth_per_year = 1;
         p.first_day = p.as_of - 10000;
       }},
      {error_code::domain, "spend.scale_shape", [](auto& p) { p.spend.scale_shape = 1; }},
      {error_code::domain, "spend.variable_cost_share", [](auto& p) { p.spend.variable_cost_share = 1; }},
      {error_code::domain, "returns.share", [](auto& p) { p.returns.share = 1.1; }},
      {error_code::domain, "contract.monthly_churn", [](auto& p) { p.contract.monthly_churn = 0; }},
      {error_code::domain, "contract.yearly_share", [](auto& p) { p.contract.yearly_share = 0.95; }},
      {error_code::domain, "contract.longest_lead", [](auto& p) { p.contract.longest_lead = 1; }},
      {error_code::sign, "win_back.delay_days", [](auto& p) { p.win_back.delay_days = -1; }},
      {error_code::non_finite, "contacts.inbound_per_year",
       [](auto& p) { p.contacts.inbound_per_year = std::numeric_limits<double>::infinity(); }},
      {error_code::domain, "complaints.bad_share", [](auto& p) { p.complaints.bad_share = 2; }},
      {error_code::domain, "costs.care_months", [](auto& p) { p.costs.care_months = 0; }},
      {error_code::domain, "profile.consent_no_share", [](auto& p) { p.profile.consent_no_share = 0.5; }}};
  for (const auto& bad : changes) {
    CAPTURE(bad.argument);
    business_parameters p = usual();
    bad.change(p);
    try {
      require_business_parameters(p);
      FAIL("nothing thrown");
    } catch (const error& e) {
      CHECK(std::string(e.argument()) == bad.argument);
      CHECK(std::string(name_of(e.code())) == std::string(name_of(bad.code)));
      CHECK(e.row() == no_row);
    }
  }
}
