#include "kundenwert/base/column.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

using namespace kundenwert;

TEST_CASE("without a bitmap every row has a value, except a NaN") {
  const std::vector<double> values{1, not_available, 3};
  const column<double> c = values;
  CHECK(c.size() == 3);
  CHECK(c.is_valid(0));
  CHECK_FALSE(c.is_valid(1));
  CHECK(c[2] == 3);
  CHECK(column<double>().empty());
}

TEST_CASE("bit i + offset, least significant first, tells whether row i has a value") {
  // Bits 0 to 9 are 1 0 1 1 0 0 0 0 | 0 1.
  const std::array<std::uint8_t, 2> bits{0b00001101, 0b00000010};
  const std::vector<std::int64_t> values{7, 8, 9, 10};
  const column<std::int64_t> from_start(values, {bits.data(), 0});
  CHECK(from_start.is_valid(0));
  CHECK_FALSE(from_start.is_valid(1));
  CHECK(from_start.is_valid(2));
  CHECK(from_start.is_valid(3));
  const column<std::int64_t> across_bytes(values, {bits.data(), 6});
  CHECK_FALSE(across_bytes.is_valid(2));
  CHECK(across_bytes.is_valid(3));
}

TEST_CASE("text is bytes between offsets") {
  const std::string data = "AnnaBob";
  const std::vector<std::int64_t> offsets{0, 4, 4, 7};
  const text_column names{data.data(), offsets, {}};
  CHECK(names.size() == 3);
  CHECK(names[0] == "Anna");
  CHECK(names[1].empty());
  CHECK(names[2] == "Bob");
  CHECK(text_column{}.size() == 0);
}
