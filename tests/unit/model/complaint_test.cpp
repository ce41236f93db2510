#include "kundenwert/model/complaint.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

using namespace kundenwert;

TEST_CASE("complaint: a row, and what is not known") {
  const std::vector<std::int64_t> ids{7, 8};
  const std::vector<std::int32_t> opened{100, 200};
  const std::vector<std::int32_t> resolved{120, 0};
  const std::uint8_t first_only[] = {1};
  const std::vector<std::int32_t> kinds{0, 5};
  const std::vector<double> satisfaction{40, not_available};
  complaint_columns columns;
  columns.customer_id = column<std::int64_t>(ids);
  columns.opened = opened;
  columns.resolved = {resolved, {first_only, 0}};
  columns.kind = kinds;
  columns.satisfaction = satisfaction;
  const complaint first = complaint_at(columns, 0);
  CHECK(first.opened == 100);
  CHECK(first.resolved == 120);
  CHECK(first.first_response == no_day);
  CHECK(first.kind == case_kind::complaint);
  CHECK(first.satisfaction == 40);
  CHECK(first.is_dissatisfaction());
  const complaint second = complaint_at(columns, 1);
  CHECK(second.resolved == no_day);
  CHECK(std::isnan(second.satisfaction));
  CHECK_FALSE(second.is_dissatisfaction());
}

// Domain specification B4.3: a case that was opened again is open from that day.
TEST_CASE("complaint: since when it is open") {
  complaint c;
  c.opened = 100;
  CHECK(c.open_since(99) == no_day);
  CHECK(c.open_since(100) == 100);
  c.resolved = 120;
  CHECK(c.open_since(119) == 100);
  CHECK(c.open_since(120) == no_day);
  c.reopened = 130;
  CHECK(c.open_since(129) == no_day);
  CHECK(c.open_since(130) == 130);
  c.resolved = 140;
  CHECK(c.open_since(139) == 130);
  CHECK(c.open_since(140) == no_day);
}
