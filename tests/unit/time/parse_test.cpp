#include "kundenwert/time/parse.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

using namespace kundenwert;

TEST_CASE("parse: dates of each format") {
  CHECK(parse_day("1997-09-30") == day_of({1997, 9, 30}));
  CHECK(parse_day("2024-03-01") == 19783);
  CHECK(parse_day("20240301", {.format = date_format::compact}) == 19783);
  CHECK(parse_day("2024-03-01", {.format = date_format::timestamp}) == 19783);
  CHECK(parse_day("2024-03-01T23:59", {.format = date_format::timestamp}) == 19783);
  CHECK(parse_day("2024-03-01 23:59:60.999999999", {.format = date_format::timestamp}) == 19783);
}

TEST_CASE("parse: every day of the domain survives text") {
  for (std::int32_t day = earliest_day; day <= latest_day; ++day) {
    std::string text = format_day(day);
    REQUIRE(parse_day(text) == day);
    text.erase(7, 1).erase(4, 1);
    REQUIRE(parse_day(text, {.format = date_format::compact}) == day);
  }
}

TEST_CASE("parse: an instant belongs to the day at the offset asked for") {
  const parse_options berlin_winter{.format = date_format::timestamp, .utc_offset = fixed_offset{60}};
  CHECK(parse_day("2024-02-29T22:59:59Z", berlin_winter) == 19782);
  CHECK(parse_day("2024-02-29T23:00:00Z", berlin_winter) == 19783);
  CHECK(parse_day("2024-02-29T23:00+00:00", berlin_winter) == 19783);
  CHECK(parse_day("2024-03-01T00:00:00+0200", berlin_winter) == 19782);
  CHECK(parse_day("2024-02-29T14:00:00-09", berlin_winter) == 19783);
  // Local already.
  CHECK(parse_day("2024-02-29T23:00:00", berlin_winter) == 19782);
}

TEST_CASE("parse: instants in microseconds") {
  CHECK(parse_instant("1970-01-01T00:00:00Z") == 0);
  // 2024-03-01T12:34:56.789Z is 1709296496.789 s after the epoch (Python datetime.timestamp).
  CHECK(parse_instant("2024-03-01T12:34:56.789Z") == 1709296496789000);
  CHECK(parse_instant("2024-03-01T14:34:56,7890009+02:00") == 1709296496789000);
  CHECK(parse_instant("1969-12-31T23:59:59.999999Z") == -1);
}

TEST_CASE("parse: columns, with and without nulls") {
  const std::string data = "1997-01-011997-09-30";
  const std::array<std::int64_t, 4> offsets{0, 10, 10, 20};
  const std::uint8_t bits = 0b101;
  const text_column text{data.data(), offsets, {&bits, 0}};
  CHECK(parse_days(text, {.null_day = -1}) == std::vector<std::int32_t>{9862, -1, 10134});
  CHECK(parse_days({}).empty());
}
