// From the tables of a business to its headline: who the customers are, what they are worth, who is in danger. The
// tables are drawn by the simulator here; a program of yours fills the same columns from its own.
#include <cstdint>
#include <cstdio>
#include <exception>

#include <kundenwert/kundenwert.hpp>

namespace kw = kundenwert;

int main() try {
  kw::simulate::business_parameters shop;
  shop.customers = 2000;
  shop.first_day = kw::parse_day("2022-01-01");
  shop.as_of = kw::parse_day("2024-12-31");
  const auto business = kw::simulate::draw_business(shop, 7);

  kw::customer_base_builder tables({.currency = "EUR"});
  tables.add_customers(columns_of(business.customers));
  tables.add_transactions(columns_of(business.transactions));
  tables.add_contracts(columns_of(business.contracts));
  tables.add_contacts(columns_of(business.contacts));
  tables.add_complaints(columns_of(business.complaints));
  tables.add_costs(columns_of(business.costs));
  const kw::customer_base base = tables.finish();

  const kw::overview o = kw::overview_of(base, {.as_of = shop.as_of,
                                                .unit = kw::time_unit::month,
                                                .horizon = 12,
                                                .annual_discount_rate = 0.10,
                                                .convention = kw::value::clv_convention::first_margin_now});
  const auto& headline = o.headline;
  std::printf("%lld current customers, %lld potential, %lld lost\n", static_cast<long long>(headline.current),
              static_cast<long long>(headline.potential), static_cast<long long>(headline.lost));
  for (const auto& phase : headline.phases) {
    const auto name = name_of(phase.phase);
    std::printf("  %-14.*s %5lld customers, worth %10.2f\n", static_cast<int>(name.size()), name.data(),
                static_cast<long long>(phase.customers), phase.value);
  }
  std::printf("retention rate %.3f [%.3f, %.3f]\n", headline.retention.rate, headline.retention.lower,
              headline.retention.upper);
  std::printf("customer equity %.2f, at risk %.2f\n", headline.customer_equity.value, headline.value_at_risk.value);
  return 0;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "%s\n", problem.what());
  return 1;
}
