#include "kundenwert/model/cost.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

using namespace kundenwert;

TEST_CASE("cost: amounts in millionths, with a customer or without") {
  const std::vector<std::int64_t> ids{7, 0};
  const std::uint8_t first_only[] = {1};
  const std::vector<std::int32_t> days{100, 101};
  const std::vector<std::int32_t> heads{1, 6};
  const std::vector<double> amounts{40.25, 0};
  cost_columns columns;
  columns.customer_id = column<std::int64_t>(ids, {first_only, 0});
  columns.day = days;
  columns.head = heads;
  columns.amount = amounts;
  CHECK(cost_at(columns, 0).amount == 40'250'000);
  CHECK(cost_at(columns, 0).head == cost_head::acquisition);
  CHECK(cost_at(columns, 1).amount == 0);
  CHECK(cost_at(columns, 1).head == cost_head::win_back);
  CHECK(cost_at(columns, 1).day == 101);
}
