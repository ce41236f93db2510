// Domain specification B4.1: a purchase ends to be one on the day returns cancel it fully, partial returns count at
// their own date.
#include "kundenwert/ingest/transactions.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "base_tables.hpp"
#include "kundenwert/ingest/transaction_table.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t monday = day_of(2024, 1, 1);
constexpr std::int64_t euro = 1'000'000;

std::vector<purchase_day> days_of_one(const std::vector<sale_row>& sales, const customer_base_options& o = {},
                                      const giving& g = {}) {
  customer_base_builder builder(o);
  add_sales(builder, sales, g);
  const customer_base base = builder.finish();
  REQUIRE(base.size() == 1);
  return base.purchases.events;
}

}  // namespace

TEST_CASE("a purchase given back in full ends on the day of the last return; its money stays where it was") {
  const auto days =
      days_of_one({{1, 5, monday, 30, 10}, {2, 5, monday + 4, -10, -4, 1}, {3, 5, monday + 9, -20, -6, 1}});
  REQUIRE(days.size() == 3);
  CHECK(days[0] == purchase_day{monday, monday + 9, 30 * euro, 20 * euro});
  CHECK(days[1] == purchase_day{monday + 4, monday + 4, -10 * euro, -6 * euro});
  CHECK(days[2] == purchase_day{monday + 9, monday + 9, -20 * euro, -14 * euro});
  CHECK(days[0].is_purchase(monday + 8));
  CHECK_FALSE(days[0].is_purchase(monday + 9));
}

TEST_CASE("a partial return leaves the purchase, even on its own day and where the day's sum is not above zero") {
  CHECK(days_of_one({{1, 5, monday, 30}, {2, 5, monday + 4, -29.99, 0, 1}})[0].cancelled_on == no_day);
  // Another purchase's return of the same day does not decide: 30 - 45 < 0.
  const auto days = days_of_one({{1, 5, monday - 9, 50}, {2, 5, monday, 30}, {3, 5, monday, -45, 0, 1}});
  CHECK(days[1] == purchase_day{monday, no_day, -15 * euro, -15 * euro});
}

TEST_CASE("a day with several purchases ends with the last of them") {
  const std::vector<sale_row> sales{
      {1, 5, monday, 30}, {2, 5, monday, 20}, {3, 5, monday + 7, -30, 0, 1}, {4, 5, monday + 3, -20, 0, 2}};
  CHECK(days_of_one(sales)[0].cancelled_on == monday + 7);
  CHECK(days_of_one({sales.begin(), sales.end() - 1})[0].cancelled_on == no_day);
}

TEST_CASE("given back on the day it was bought: never a purchase day") {
  CHECK(days_of_one({{1, 5, monday, 30}, {2, 5, monday, -30, 0, 1}})[0] == purchase_day{monday, monday, 0, 0});
}

TEST_CASE("a free order is a purchase until it is given back for nothing") {
  CHECK(days_of_one({{1, 5, monday, 0}})[0].cancelled_on == no_day);
  CHECK(days_of_one({{1, 5, monday, 0}, {2, 5, monday + 1, 0, 0, 1}})[0].cancelled_on == monday + 1);
}

TEST_CASE("the policy of returns decides beforehand whether they are read") {
  customer_base_options o;
  o.returns = returns_policy::drop;
  const std::vector<sale_row> sales{{1, 5, monday, 30}, {2, 5, monday + 1, -30, 0, 1}};
  CHECK(days_of_one(sales, o).size() == 1);
  CHECK(days_of_one(sales, o)[0].cancelled_on == no_day);
}

TEST_CASE("ids of transactions without a column of returns: the policy holds, as in the accumulator") {
  const std::vector<std::int64_t> who{5, 5, 5};
  const std::vector<std::int64_t> ids{1, 2, 3};
  const std::vector<std::int32_t> day{monday, monday, monday + 1};
  const std::vector<double> amount{30, -30, 4};
  transaction_table table({});
  table.add({.customer_id = column<std::int64_t>(who),
             .day = day,
             .amount = amount,
             .transaction_id = column<std::int64_t>(ids)},
            1);
  CHECK(table.has_ids());
  CHECK(table.report().rows_read == 3);
  const auto found = table.purchases(nullptr, 2, {});
  CHECK(found.issues.empty());
  const auto& days = found.parts[partition_of(5)].days;
  REQUIRE(days.size() == 2);
  CHECK(days[0] == purchase_day{monday, monday, 0, 0});
  CHECK(days[1] == purchase_day{monday + 1, no_day, 4 * euro, 4 * euro});
}

TEST_CASE("rows without an id are neither repeated nor given back") {
  const std::vector<std::int64_t> who{5, 5};
  const std::vector<std::int64_t> ids{0, 0};
  const std::uint8_t none = 0;
  const std::vector<std::int32_t> day{monday, monday};
  const std::vector<double> amount{30, 30};
  transaction_table table({});
  table.add({.customer_id = column<std::int64_t>(who),
             .day = day,
             .amount = amount,
             .transaction_id = column<std::int64_t>(std::span(ids), {&none, 0})},
            1);
  const auto found = table.purchases(nullptr, 1, {});
  CHECK(found.repeated == 0);
  CHECK(found.possible_duplicates == 0);
  CHECK(found.parts[partition_of(5)].days[0].revenue == 60 * euro);
}
