#include "kundenwert/simulate/tables.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kundenwert;
using namespace kundenwert::simulate;

TEST_CASE("owned columns hand out borrowed ones") {
  owned_ids numbers;
  numbers.numbers = {7, 0, 9};
  numbers.validity = {0b101};
  CHECK(numbers.size() == 3);
  const auto plain = std::get<column<std::int64_t>>(numbers.view());
  CHECK(plain[2] == 9);
  CHECK(plain.is_valid(0));
  CHECK_FALSE(plain.is_valid(1));

  owned_ids text;
  text.is_text = true;
  text.text = "K1K22";
  text.offsets = {0, 2, 5};
  CHECK(text.size() == 2);
  const auto words = std::get<text_column>(text.view());
  CHECK(std::string(words[1]) == "K22");
  CHECK(words.is_valid(0));

  owned_text names;
  CHECK(names.view().size() == 0);
  names.add("north");
  names.add("");
  CHECK(names.view().size() == 2);
  CHECK(std::string(names.view()[0]) == "north");

  optional_days days;
  days.values = {no_day, 5};
  days.validity = {0b10};
  CHECK_FALSE(days.view().is_valid(0));
  CHECK(days.view()[1] == 5);
}

TEST_CASE("tables hand out the columns of their noun") {
  transaction_table t;
  t.transaction_id.numbers = {1};
  t.customer_id.numbers = {4};
  t.day = {100};
  t.amount = {12.5};
  t.variable_cost = {7};
  t.returns_transaction_id.numbers = {0};
  t.returns_transaction_id.validity = {0};
  const transaction_columns c = columns_of(t);
  CHECK(c.size() == 1);
  CHECK(c.amount[0] == 12.5);
  CHECK(c.variable_cost[0] == 7);
  CHECK(std::get<column<std::int64_t>>(c.customer_id)[0] == 4);
  CHECK_FALSE(std::get<column<std::int64_t>>(c.returns_transaction_id).is_valid(0));
  CHECK(columns_of(customer_table{}).created.empty());
  CHECK(columns_of(contract_table{}).start.empty());
  CHECK(columns_of(contact_table{}).day.empty());
  CHECK(columns_of(complaint_table{}).opened.empty());
  CHECK(columns_of(cost_table{}).amount.empty());
}
