#include "kundenwert/time/zone.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

using namespace kundenwert;

TEST_CASE("zone inputs: names that are no zone") {
  for (const std::string_view name : {"", "Europe/Atlantis", "europe/berlin", "../../etc/passwd", "+01:00"}) {
    CAPTURE(name);
    try {
      time_zone zone(name, "zone");
      FAIL_CHECK("no error");
    } catch (const error& e) {
      CHECK(e.code() == error_code::timezone);
      CHECK(e.argument() == "zone");
    }
  }
}

TEST_CASE("zone inputs: instants outside the domain and nulls") {
  const time_zone utc("UTC");
  const std::int64_t first = std::int64_t{86'400'000'000} * earliest_day;
  for (const std::int64_t instant : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
                                     first - 1, std::int64_t{86'400'000'000} * (latest_day + 1)}) {
    const std::vector<std::int64_t> rows{first, instant};
    try {
      local_days(rows, utc);
      FAIL_CHECK("no error");
    } catch (const error& e) {
      CHECK(e.code() == error_code::date_range);
      CHECK(e.row() == 1);
    }
  }
  const std::vector<std::int64_t> rows{0, 0};
  const std::uint8_t bits = 0b01;
  try {
    local_days({rows, {&bits, 0}}, utc, "at");
    FAIL_CHECK("no error");
  } catch (const error& e) {
    CHECK(e.code() == error_code::missing);
    CHECK(e.argument() == "at");
    CHECK(e.row() == 1);
  }
}
