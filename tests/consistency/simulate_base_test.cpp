// The tables of a simulated business as a customer base: every row is accepted as it stands, totals are kept, and the
// phases of the lifecycle, which see the tables alone, agree with the truth as far as rules can.
#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "kundenwert/ingest/customer_base.hpp"
#include "kundenwert/lifecycle/phases.hpp"
#include "kundenwert/lifecycle/tasks.hpp"
#include "kundenwert/simulate/business.hpp"

using namespace kundenwert;
using namespace kundenwert::simulate;

namespace {

business_parameters lively(std::int64_t customers) {
  business_parameters p;
  p.customers = customers;
  p.first_day = day_of({2022, 1, 1});
  p.as_of = day_of({2024, 12, 31});
  p.types = {.buyer = 0.6, .contract = 0.15, .both = 0.15, .prospect = 0.1};
  p.purchase.dropouts_per_year = 0.8;
  p.contract.monthly_churn = 0.04;
  p.complaints.per_year = 0.5;
  p.returns.share = 0.1;
  p.win_back = {.silent_days = 300, .attempt_share = 0.8, .delay_days = 40, .success_share = 0.4, .return_days = 10};
  p.costs.marketing_per_month = 500;
  return p;
}

customer_base base_of(const business& b, std::int32_t load_date = no_day) {
  customer_base_builder builder({.load_date = load_date, .currency = "EUR"});
  builder.add_customers(columns_of(b.customers));
  builder.add_transactions(columns_of(b.transactions));
  builder.add_contracts(columns_of(b.contracts));
  builder.add_contacts(columns_of(b.contacts));
  builder.add_complaints(columns_of(b.complaints));
  builder.add_costs(columns_of(b.costs));
  return builder.finish();
}

}  // namespace

TEST_CASE("every row of a simulated business is accepted") {
  for (const bool text_ids : {true, false}) {
    const auto p = lively(3000);
    const business b = draw_business(p, 21, {.text_ids = text_ids});
    const customer_base base = base_of(b, p.as_of);
    REQUIRE(base.size() == p.customers);
    const std::map<table_kind, std::int64_t> rows{
        {table_kind::customers, b.customers.size()},   {table_kind::transactions, b.transactions.size()},
        {table_kind::contracts, b.contracts.size()},   {table_kind::contacts, b.contacts.size()},
        {table_kind::complaints, b.complaints.size()}, {table_kind::costs, b.costs.size()}};
    REQUIRE(base.reports.size() == rows.size());
    for (const auto& report : base.reports) {
      CAPTURE(std::string(name_of(report.table)));
      CHECK(report.rows_read == rows.at(report.table));
      CHECK(report.rows_taken == rows.at(report.table));
      CHECK(report.rejected.empty());
      for (const auto& warning : report.warnings) {
        // Equal amounts of one customer on one day are possible; nothing else is to be warned of.
        CHECK(warning.code == warning_code::possible_duplicate);
      }
    }
    // Ids ascend with the number of the customer, so that the rows of the base are those of the truth.
    CHECK(base.created == b.customers.created);
    double amounts = 0;
    for (const double amount : b.transactions.amount) amounts += amount;
    std::int64_t revenue = 0;
    for (const auto& day : base.purchases.events) revenue += day.revenue;
    CHECK(std::fabs(static_cast<double>(revenue) / 1e6 - amounts) < 1e-6 * static_cast<double>(b.transactions.size()));
    CHECK(base.unallocated_costs.size() == 36);
  }
}

TEST_CASE("phases and the truth") {
  auto p = lively(6000);
  // A purchase that is given back in full is none to the phases, while whoever made it is a customer in truth.
  p.returns.full_share = 0;
  const business b = draw_business(p, 22);
  const customer_base base = base_of(b);
  const auto found = lifecycle::classify_phases(base, p.as_of);
  std::map<lifecycle::phase, int> phases;
  std::map<lifecycle::customer_kind, int> lost, all;
  for (std::size_t i = 0; i < found.size(); ++i) {
    ++phases[found[i].phase];
    const auto kind = lifecycle::fact_of(found[i].phase).kind;
    const auto truth = b.truth.state[i];
    // Who has bought or begun a contract is a fact.
    REQUIRE((kind == lifecycle::customer_kind::potential) == (truth == lifecycle::customer_kind::potential));
    // So is a contract: no doubt about those who have nothing else.
    if (b.truth.type[i] == customer_type::contract) REQUIRE(kind == truth);
    if (found[i].has_active_contract) REQUIRE(truth == lifecycle::customer_kind::current);
    ++all[truth];
    if (kind == lifecycle::customer_kind::lost) ++lost[truth];
  }
  CHECK(phases.size() == 10);
  // Silence is told from leaving by rules alone: better than chance by far, and not perfect.
  const double hits = static_cast<double>(lost[lifecycle::customer_kind::lost]) / all[lifecycle::customer_kind::lost];
  const double alarms =
      static_cast<double>(lost[lifecycle::customer_kind::current]) / all[lifecycle::customer_kind::current];
  MESSAGE("called lost: ", hits, " of the lost, ", alarms, " of the current");
  CHECK(hits > 5 * alarms);
  CHECK(alarms > 0);
}

TEST_CASE("phases do not see what comes later") {
  auto p = lively(2000);
  const customer_base until = base_of(draw_business(p, 23));
  p.holdout_end = p.as_of + 200;
  const customer_base beyond = base_of(draw_business(p, 23));
  const auto a = lifecycle::classify_phases(until, p.as_of);
  const auto b = lifecycle::classify_phases(beyond, p.as_of);
  int compared = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    // A table tells the last state of a case: one that was resolved by as_of and opened again later reads as resolved
    // later. Nothing else of the past changes.
    bool is_reopened = false;
    for (const auto& c : beyond.complaints.of(static_cast<std::int64_t>(i))) {
      is_reopened = is_reopened || (c.reopened != no_day && c.reopened > p.as_of);
    }
    if (is_reopened) continue;
    ++compared;
    REQUIRE(a[i].phase == b[i].phase);
    REQUIRE(a[i].risks == b[i].risks);
  }
  CHECK(compared > 1900);
}
