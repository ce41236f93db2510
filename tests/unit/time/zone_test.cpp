// Expected values: Python 3.11 zoneinfo on the IANA database.
#include "kundenwert/time/zone.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "kundenwert/time/parse.hpp"

using namespace kundenwert;

TEST_CASE("zone: the day on the wall changes at local midnight, summer and winter") {
  const time_zone berlin("Europe/Berlin");
  CHECK(berlin.name() == "Europe/Berlin");
  CHECK(local_day(parse_instant("2024-01-31T22:59:59.999999Z"), berlin) == day_of({2024, 1, 31}));
  CHECK(local_day(parse_instant("2024-01-31T23:00:00Z"), berlin) == day_of({2024, 2, 1}));
  CHECK(local_day(parse_instant("2024-07-31T21:59:59Z"), berlin) == day_of({2024, 7, 31}));
  CHECK(local_day(parse_instant("2024-07-31T22:00:00Z"), berlin) == day_of({2024, 8, 1}));
  // The clock changed at 1997-03-30T01:00Z and 1997-10-26T01:00Z.
  CHECK(berlin.offset_at(parse_instant("1997-03-30T00:59:59.999999Z")) == std::chrono::hours{1});
  CHECK(berlin.offset_at(parse_instant("1997-03-30T01:00:00Z")) == std::chrono::hours{2});
  CHECK(berlin.offset_at(parse_instant("1997-10-26T01:00:00Z")) == std::chrono::hours{1});
}

TEST_CASE("zone: places west, far east, and of half an hour") {
  const auto noon = parse_instant("2024-03-01T12:00:00Z");
  CHECK(time_zone("America/New_York").offset_at(noon) == std::chrono::hours{-5});
  CHECK(time_zone("Asia/Kolkata").offset_at(noon) == std::chrono::minutes{330});
  CHECK(local_day(noon, time_zone("Pacific/Kiritimati")) == 19784);
  CHECK(local_day(parse_instant("2024-03-01T10:59:59Z"), time_zone("Pacific/Pago_Pago")) == 19782);
  CHECK(local_day(noon, time_zone("UTC")) == 19783);
}

TEST_CASE("zone: columns agree with single instants, across changes of the clock") {
  const time_zone zone("America/New_York");
  std::vector<std::int64_t> instants;
  const auto start = parse_instant("1996-12-30T00:00:00Z");
  for (std::int64_t i = 0; i < 20'000; ++i) instants.push_back(start + i * 3'000'000'007);
  for (std::int64_t i = 0; i < 20'000; ++i) instants.push_back(start - i * 7'000'000'001);
  const auto days = local_days(instants, zone);
  REQUIRE(days.size() == instants.size());
  for (std::size_t i = 0; i < days.size(); ++i) REQUIRE(days[i] == local_day(instants[i], zone));
}
