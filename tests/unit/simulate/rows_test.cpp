#include "kundenwert/simulate/rows.hpp"

#include <doctest/doctest.h>

using namespace kundenwert;
using namespace kundenwert::simulate;

TEST_CASE("purchases and returns in the order of their days") {
  customer_life life;
  life.purchases = {{100.5, 10, 6}, {103.2, 20, 12}, {103.9, 30, 18}};
  // The later purchase comes back first.
  life.returns = {{150, 0, -10, -6}, {104, 1, -5, -3}};
  std::vector<transaction_row> rows{{0, 1, 1, 1, -1}};  // of another customer before
  simulate::detail::add_transactions(7, life, rows);
  REQUIRE(rows.size() == 6);
  CHECK(rows[1].day == 100);
  CHECK(rows[1].of == -1);
  CHECK(rows[2].day == 103);
  CHECK(rows[3].day == 103);
  CHECK(rows[4].day == 104);
  CHECK(rows[4].amount == -5);
  CHECK(rows[4].of == 2);
  CHECK(rows[5].of == 1);
  for (std::size_t i = 1; i < rows.size(); ++i) CHECK(rows[i].customer == 7);
  // A return on the day of a later purchase stands behind it, as it is found by its day alone.
  life.returns = {{103, 0, -10, -6}};
  rows.clear();
  simulate::detail::add_transactions(7, life, rows);
  REQUIRE(rows.size() == 4);
  CHECK(rows[3].amount == -10);
  CHECK(rows[3].of == 0);
}
