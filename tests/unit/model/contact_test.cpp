#include "kundenwert/model/contact.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

using namespace kundenwert;

TEST_CASE("contact: a row, and codes that are not known") {
  const std::vector<std::int64_t> ids{7, 7};
  const std::vector<std::int32_t> days{100, 101};
  const std::vector<std::int32_t> in_and_none{1, 0};
  const std::vector<std::int32_t> purpose_codes{5, 7};
  contact_columns columns;
  columns.customer_id = column<std::int64_t>(ids);
  columns.day = days;
  CHECK(columns.size() == 2);
  const contact bare = contact_at(columns, 1);
  CHECK(bare.day == 101);
  CHECK(bare.direction == direction{});
  CHECK(bare.channel == channel{});
  CHECK(bare.purpose == purpose{});
  columns.direction = in_and_none;
  columns.purpose = purpose_codes;
  CHECK(contact_at(columns, 0).direction == direction::in);
  CHECK(contact_at(columns, 0).purpose == purpose::win_back);
  CHECK(contact_at(columns, 1).direction == direction{});
}
