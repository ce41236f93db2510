#include "kundenwert/ingest/table_rows.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace kundenwert;

namespace {

struct contacts {
  std::vector<std::int64_t> ids{1, 2, 3, 2};
  std::vector<std::int64_t> who{20, 10, 10, 10};
  std::vector<std::int32_t> days{300, 200, 100, 200};
  std::vector<std::int32_t> channels{1, 2, 3, 2};

  contact_columns columns() const {
    return {.contact_id = column<std::int64_t>(ids),
            .customer_id = column<std::int64_t>(who),
            .day = days,
            .channel = channels};
  }
};

}  // namespace

TEST_CASE("rows are kept with their customers, numbered over batches, grouped in order") {
  const contacts c;
  id_dictionary dictionary;
  table_rows<contact_columns> table;
  CHECK_FALSE(table.is_given());
  table.add(c.columns(), {}, dictionary, 1);
  table.add(c.columns(), {}, dictionary, 2);
  CHECK(table.is_given());
  CHECK(table.rows_read() == 8);
  CHECK(table.number(5) == 5);
  CHECK(table.key(4) == 20);
  table_findings found = table.find_repeated();
  CHECK(found.repeated == 5);
  CHECK(found.issues.empty());
  CHECK(found.has(0));
  CHECK_FALSE(found.has(3));
  CHECK(table.customers(found) == std::vector<std::uint64_t>{20, 10, 10});
  key_rows rows;
  rows.add(table.customers(found), 1);
  rows.number({}, false, 1);
  const auto groups = table.group(rows, 2, 1, found, nullptr);
  CHECK(groups.offsets == std::vector<std::int64_t>{0, 2, 3});
  CHECK(groups.of(0)[0].day == 100);
  CHECK(groups.of(0)[1].channel == channel::phone);
  CHECK(groups.of(1)[0].day == 300);
}

TEST_CASE("content: equal exactly where every column is") {
  contacts c;
  const contact_columns columns = c.columns();
  CHECK(content_of(columns, 1) == content_of(columns, 3));
  c.channels[3] = 5;
  CHECK(content_of(columns, 1) != content_of(columns, 3));
  // Null is not 0, -0 is 0.
  const std::vector<double> amounts{0.0, -0.0, 0.0};
  const std::uint8_t valid = 0b011;
  const std::vector<std::int32_t> days{1, 1, 1};
  const cost_columns costs{.day = days, .amount = {std::span(amounts), {&valid, 0}}};
  CHECK(content_of(costs, 0) == content_of(costs, 1));
  CHECK(content_of(costs, 0) != content_of(costs, 2));
}

TEST_CASE("rows without customer are kept apart, with their own order") {
  const std::vector<std::int64_t> who{5, 0, 5};
  const std::uint8_t valid = 0b101;
  const std::vector<std::int32_t> days{9, 8, 7};
  const std::vector<std::int32_t> heads{1, 2, 3};
  const std::vector<double> amounts{1, 2, 3};
  id_dictionary dictionary;
  table_rows<cost_columns> table;
  table.add(
      {.customer_id = column<std::int64_t>(std::span(who), {&valid, 0}), .day = days, .head = heads, .amount = amounts},
      {}, dictionary, 1);
  table.add({.day = days, .head = heads, .amount = amounts}, {}, dictionary, 1);
  table_findings found;
  key_rows rows;
  rows.add(table.customers(found), 1);
  rows.number({}, false, 1);
  std::vector<cost> without;
  const auto groups = table.group(rows, 1, 1, found, &without);
  CHECK(groups.of(0).size() == 2);
  REQUIRE(without.size() == 4);
  CHECK(without[0].day == 7);
  CHECK(without[1].head == cost_head::service);
  CHECK(without[3].amount == 1'000'000);
}

TEST_CASE("errors get the name of the table and the row over all batches") {
  try {
    in_table(table_kind::costs, 10, [] { fail_at(error_code::sign, "amount", 5, "is negative"); });
    FAIL("no error");
  } catch (const error& e) {
    CHECK(e.argument() == "costs.amount");
    CHECK(e.row() == 15);
    CHECK(e.message() == "is negative");
  }
  CHECK(in_table(table_kind::costs, 0, [] { return 3; }) == 3);
}
