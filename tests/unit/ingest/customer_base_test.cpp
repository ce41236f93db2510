// A small business by hand: what rows of every table become.
#include "kundenwert/ingest/customer_base.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base_tables.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t monday = day_of(2024, 1, 1);
constexpr std::int64_t euro = 1'000'000;

// Customers 10, 20 and 30: 20 buys twice on one day and gives one thing back; 30 is known by a contract and costs.
base_tables shop() {
  base_tables t;
  t.sales = {{1, 20, monday + 3, 12.5, 5},
             {2, 10, monday, 30, 10},
             {3, 20, monday + 3, 7.5, 2.5},
             {4, 20, monday + 9, -12.5, -5, 1},
             {5, std::nullopt, monday, 99, 1}};
  t.contracts = {{30, monday + 40}, {30, monday, monday + 40}, {30, monday, no_day}};
  t.contacts = {{1, 10, monday + 2, {.direction = direction::in}}, {2, 10, monday - 5, {.purpose = purpose::sales}}};
  t.complaints = {{20, monday + 4, 25}};
  t.costs = {{30, monday + 1, 2.25}, {std::nullopt, monday + 2, 100}, {std::nullopt, monday, 50}};
  return t;
}

std::int64_t warnings(const table_report& report, warning_code code) {
  for (const auto& w : report.warnings) {
    if (w.code == code) return w.count;
  }
  return 0;
}

}  // namespace

TEST_CASE("without a table of customers everybody with a row is one, in the order of ids") {
  const customer_base base = base_of(shop());
  CHECK(base.ids.numbers == std::vector<std::int64_t>{10, 20, 30});
  CHECK(base.created.empty());
  CHECK(base.statuses.empty());
  CHECK(base.has_amounts);
  CHECK(base.has_costs);
  REQUIRE(base.reports.size() == 5);
  CHECK(base.reports[0].table == table_kind::transactions);
  CHECK(base.reports[0].rows_read == 5);
  CHECK(base.reports[0].rows_taken == 4);
  CHECK(base.reports[0].first_day == monday);
  CHECK(base.reports[0].last_day == monday + 9);
  CHECK(warnings(base.reports[0], warning_code::anonymous) == 1);
  CHECK(base.reports[4].table == table_kind::costs);
  CHECK(base.reports[4].rows_taken == 3);
  CHECK(base.reports[4].first_day == monday);
}

TEST_CASE("purchase days: one per calendar day, returns on their own, margin less variable cost") {
  const customer_base base = base_of(shop());
  const auto days = base.purchases.of(1);
  REQUIRE(days.size() == 2);
  CHECK(days[0] == purchase_day{monday + 3, no_day, 20 * euro, 12'500'000});
  CHECK(days[1] == purchase_day{monday + 9, monday + 9, -12'500'000, -7'500'000});
  CHECK(base.purchases.of(2).empty());

  // Without the column of costs margin is revenue.
  const customer_base plain = base_of(shop(), {.has_costs = false});
  CHECK_FALSE(plain.has_costs);
  CHECK(plain.purchases.of(1)[0] == purchase_day{monday + 3, no_day, 20 * euro, 20 * euro});
}

TEST_CASE("events of a customer ascend; open contracts come last among those of one start") {
  const customer_base base = base_of(shop());
  const auto contracts = base.contracts.of(2);
  REQUIRE(contracts.size() == 3);
  CHECK(contracts[0].end == monday + 40);
  CHECK(contracts[1].start == monday);
  CHECK(contracts[1].end == no_day);
  CHECK(contracts[2].start == monday + 40);
  CHECK(contracts[2].signed_on == monday + 40);
  const auto contacts = base.contacts.of(0);
  REQUIRE(contacts.size() == 2);
  CHECK(contacts[0].purpose == purpose::sales);
  CHECK(contacts[1].direction == direction::in);
  CHECK(base.complaints.of(1)[0].satisfaction == 25);
  CHECK(base.costs.of(2)[0].amount == 2'250'000);
  REQUIRE(base.unallocated_costs.size() == 2);
  CHECK(base.unallocated_costs[0].day == monday);
  CHECK(base.history(2).contracts.size() == 3);
  CHECK(base.history(2).purchases.empty());
}

TEST_CASE("a table of customers says who there is, and created is not after the first event") {
  base_tables t = shop();
  t.customers = {{30, monday + 50}, {20, monday + 3}, {40, no_day, customer_status::excluded}, {10, monday}};
  const customer_base base = base_of(t);
  CHECK(base.ids.numbers == std::vector<std::int64_t>{10, 20, 30, 40});
  // 10 had a contact five days before, 30 a contract.
  CHECK(base.created == std::vector<std::int32_t>{monday - 5, monday + 3, monday, no_day});
  CHECK(base.statuses[3] == customer_status::excluded);
  CHECK(base.consents.empty());
  REQUIRE(base.reports[0].table == table_kind::customers);
  CHECK(base.reports[0].rows_taken == 4);
  CHECK(warnings(base.reports[0], warning_code::created_adjusted) == 2);
  CHECK(base.purchases.of(3).empty());
  CHECK(base.history(3).created == no_day);
}

TEST_CASE("an id that is repeated with the same content is left out and counted") {
  base_tables t = shop();
  t.customers = {{10, monday}, {20, monday}, {30, monday}, {10, monday}};
  t.contacts.push_back(t.contacts[0]);
  t.sales.push_back(t.sales[1]);
  const customer_base base = base_of(t);
  CHECK(base.size() == 3);
  CHECK(warnings(base.reports[0], warning_code::duplicate_ignored) == 1);
  CHECK(base.reports[0].rows_taken == 3);
  REQUIRE(base.reports[3].table == table_kind::contacts);
  CHECK(warnings(base.reports[3], warning_code::duplicate_ignored) == 1);
  CHECK(base.contacts.of(0).size() == 2);
  CHECK(warnings(base.reports[1], warning_code::duplicate_ignored) == 1);
  CHECK(base.purchases.of(0)[0].revenue == 30 * euro);
}

TEST_CASE("transactions that only their ids tell apart are kept, with a warning") {
  base_tables t;
  t.sales = {{1, 10, monday, 5}, {2, 10, monday, 5}, {3, 10, monday, 5}, {4, 10, monday + 1, 5}, {5, 20, monday, 5}};
  const customer_base base = base_of(t);
  CHECK(base.purchases.of(0)[0].revenue == 15 * euro);
  CHECK(warnings(base.reports[0], warning_code::possible_duplicate) == 2);
}

TEST_CASE("finish may be called again after more rows; an empty base is one") {
  customer_base_builder builder;
  CHECK(builder.finish().size() == 0);
  CHECK(builder.finish().reports.empty());
  base_tables t;
  t.sales = {{1, 10, monday, 5}};
  add_sales(builder, t.sales, {});
  CHECK(builder.finish().size() == 1);
  t.sales = {{2, 20, monday, -5, 0, 3}, {3, 20, monday, 5}};
  add_sales(builder, t.sales, {});
  const customer_base base = builder.finish();
  CHECK(base.size() == 2);
  CHECK(base.purchases.of(1)[0] == purchase_day{monday, monday, 0, 0});
}

TEST_CASE("currency is that of the options or of the rows") {
  customer_base_builder builder;
  const std::vector<std::int64_t> who{1};
  const std::vector<std::int32_t> day{monday};
  const std::vector<double> amount{1};
  const std::string text = "CHF";
  const std::vector<std::int64_t> offsets{0, 3};
  builder.add_transactions({.customer_id = column<std::int64_t>(who),
                            .day = day,
                            .amount = amount,
                            .currency = text_column{text.data(), offsets, {}}});
  CHECK(builder.finish().currency == "CHF");
  CHECK(customer_base_builder({.currency = "EUR"}).finish().currency == "EUR");
}
