#include "kundenwert/base/amounts.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>

using kundenwert::is_rounded;
using kundenwert::millionths_of;
using kundenwert::minor_units;

TEST_CASE("amounts: decimals of up to six digits are whole millionths") {
  CHECK(millionths_of(29.33) == 29'330'000);
  CHECK_FALSE(is_rounded(29.33, 29'330'000));
  CHECK(millionths_of(-0.1) == -100'000);
  CHECK(millionths_of(0.000001) == 1);
  CHECK_FALSE(is_rounded(0.000001, 1));
  CHECK(millionths_of(1e12) == 1'000'000'000'000'000'000);
  CHECK(millionths_of(-0.0) == 0);
  for (std::int64_t cents = 0; cents < 1'000'000; cents += 7) {
    const double amount = static_cast<double>(cents) / 100;
    REQUIRE(millionths_of(amount) == cents * 10'000);
    REQUIRE_FALSE(is_rounded(amount, cents * 10'000));
  }
}

TEST_CASE("amounts: what lies between is rounded half-even and told") {
  // 2^-7 = 7812.5 millionths and 3 * 2^-7 = 23437.5 are exact ties.
  CHECK(millionths_of(0.0078125) == 7812);
  CHECK(millionths_of(0.0234375) == 23438);
  CHECK(millionths_of(-0.0078125) == -7812);
  CHECK(is_rounded(0.0078125, 7812));
  CHECK(millionths_of(1.0 / 3) == 333'333);
  CHECK(is_rounded(1.0 / 3, 333'333));
  CHECK(millionths_of(4e-7) == 0);
  CHECK(is_rounded(4e-7, 0));
}

TEST_CASE("amounts: large doubles lose nothing") {
  CHECK(millionths_of(999999999999.5) == 999'999'999'999'500'000);
  CHECK(millionths_of(-999999999999.5) == -999'999'999'999'500'000);
  CHECK_FALSE(is_rounded(999999999999.5, 999'999'999'999'500'000));
  CHECK(millionths_of(4e9) == 4'000'000'000'000'000);
  CHECK(millionths_of(12345678901.25) == 12'345'678'901'250'000);
}

TEST_CASE("amounts: minor units of up to six digits are exact") {
  CHECK(minor_units(2).millionths_of(2933) == 29'330'000);
  CHECK(minor_units(0).millionths_of(-5) == -5'000'000);
  CHECK(minor_units(3).millionths_of(1) == 1000);
  CHECK(minor_units(6).millionths_of(-7) == -7);
  CHECK_FALSE(minor_units(6).is_rounded(-7));
  CHECK(minor_units(2).is_in_range(100'000'000'000'000));
  CHECK_FALSE(minor_units(2).is_in_range(100'000'000'000'001));
  CHECK_FALSE(minor_units(2).is_in_range(-100'000'000'000'001));
  CHECK_FALSE(minor_units(18).is_in_range(std::numeric_limits<std::int64_t>::min()));
}

TEST_CASE("amounts: further digits are rounded half-even") {
  const minor_units seven(7);
  CHECK(seven.millionths_of(15) == 2);
  CHECK(seven.millionths_of(25) == 2);
  CHECK(seven.millionths_of(26) == 3);
  CHECK(seven.millionths_of(-15) == -2);
  CHECK(seven.millionths_of(-25) == -2);
  CHECK(seven.millionths_of(-26) == -3);
  CHECK(seven.millionths_of(-24) == -2);
  CHECK(seven.is_rounded(15));
  CHECK_FALSE(seven.is_rounded(20));
  CHECK(minor_units(18).millionths_of(std::numeric_limits<std::int64_t>::max()) == 9'223'372);
  CHECK(minor_units(18).millionths_of(-std::numeric_limits<std::int64_t>::max()) == -9'223'372);
}

TEST_CASE("amounts: exponents outside 0 to 18 are refused") {
  CHECK_THROWS_AS(minor_units(-1), kundenwert::error);
  CHECK_THROWS_AS(minor_units(19), kundenwert::error);
}
