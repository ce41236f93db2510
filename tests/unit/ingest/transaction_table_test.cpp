#include "kundenwert/ingest/transaction_table.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace kundenwert;

TEST_CASE("rows of unknown customers are named one by one") {
  const std::vector<std::int64_t> who{1, 2, 0, 2, 3};
  const std::uint8_t valid = 0b11011;
  const std::vector<std::int32_t> day{10, 11, 12, 13, 14};
  const std::vector<double> amount{1, 2, 3, -4, 5};
  accumulator_options options;
  options.returns = returns_policy::drop;
  options.currency = "EUR";
  transaction_table table(options);
  CHECK_FALSE(table.is_given());
  for (int batch = 0; batch < 2; ++batch) {
    table.add({.customer_id = column<std::int64_t>(std::span(who), {&valid, 0}), .day = day, .amount = amount}, 1);
  }
  CHECK(table.is_given());
  CHECK_FALSE(table.has_ids());
  CHECK(table.has_amounts());
  CHECK_FALSE(table.has_costs());
  CHECK(table.currency() == "EUR");
  CHECK(table.report().rows_anonymous == 2);
  key_rows known;
  known.add(std::vector<std::uint64_t>{1, 3}, 1);
  known.number({}, false, 1);
  CHECK(table.unknown_customers(known) == std::vector<table_issue>{{1, "customer_id", error_code::unknown_customer},
                                                                   {6, "customer_id", error_code::unknown_customer}});
}

TEST_CASE("a table has ids of transactions in all batches or in none") {
  const std::vector<std::int64_t> who{1};
  const std::vector<std::int32_t> day{10};
  const transaction_columns plain{.customer_id = column<std::int64_t>(who), .day = day};
  transaction_columns with_ids = plain;
  with_ids.transaction_id = column<std::int64_t>(who);
  transaction_table table({});
  table.add(with_ids, 1);
  CHECK_THROWS_AS(table.add(plain, 1), error);
  table.add({}, 1);  // no rows say nothing
  CHECK(table.report().rows_read == 1);
  CHECK(table.has_ids());
}
