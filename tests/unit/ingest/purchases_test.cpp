#include "kundenwert/ingest/purchases.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "kundenwert/ingest/accumulator.hpp"

using namespace kundenwert;

TEST_CASE("a purchase day holds revenue and margin of its customer's day") {
  purchase_part part;
  part.add_day(100, no_day, exact_sum(5'000'000), exact_sum(2'000'000));
  part.add_day(101, 101, exact_sum(-5'000'000), exact_sum(-2'000'000));
  part.end_customer(7);
  part.add_day(90, no_day, exact_sum(0), exact_sum());
  part.end_customer(8);
  CHECK(part.days[0] == purchase_day{100, no_day, 5'000'000, 3'000'000});
  CHECK(part.days[1] == purchase_day{101, 101, -5'000'000, -3'000'000});
  REQUIRE(part.customers.size() == 2);
  CHECK(part.customers[0].days == 2);
  CHECK(part.customers[1].key == 8);
  CHECK(part.customers[1].days == 1);
  // 2^63 is one too many.
  CHECK_THROWS_AS(part.add_day(91, no_day, exact_sum(0, std::uint64_t{1} << 63), exact_sum()), error);
  CHECK_THROWS_AS(part.add_day(91, no_day, exact_sum(INT64_MAX), exact_sum(-1)), error);
  part.add_day(91, no_day, exact_sum(INT64_MAX), exact_sum(1));
  CHECK(part.days.back().margin == INT64_MAX - 1);
}

TEST_CASE("days go to the rows of their customers; who has none is left out and counted") {
  const std::vector<std::int64_t> who{30, 10, 20, 10, 10};
  const std::vector<std::int32_t> day{5, 9, 6, 9, 2};
  const std::vector<double> amount{1, 2, 3, -2, 5};
  accumulator log;
  log.add({.customer_id = column<std::int64_t>(who), .day = day, .amount = amount});
  auto parts = purchases_of(log.days(), 1, {});
  key_rows rows;
  rows.add(std::vector<std::uint64_t>{10, 15, 30}, 1);
  rows.number({}, false, 1);
  std::int64_t unknown = 0;
  const auto purchases = group_purchases(parts, rows, 3, 2, unknown);
  CHECK(unknown == 1);
  CHECK(purchases.offsets == std::vector<std::int64_t>{0, 2, 2, 3});
  CHECK(purchases.events == std::vector<purchase_day>{{2, no_day, 5'000'000, 5'000'000},
                                                      {9, 9, 0, 0},  // the return takes the purchase away
                                                      {5, no_day, 1'000'000, 1'000'000}});
}
