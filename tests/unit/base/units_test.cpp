#include "kundenwert/base/units.hpp"

#include <doctest/doctest.h>

using namespace kundenwert;

TEST_CASE("units have names, days and a number in the mean year") {
  CHECK(days_per(time_unit::day) == 1);
  CHECK(days_per(time_unit::week) == 7);
  CHECK(days_per(time_unit::month) == 30.4375);  // domain specification C: 30.4375 days in continuous time
  CHECK(days_per(time_unit::year) == 365.25);
  CHECK(units_per_year(time_unit::month) == 12);
  CHECK(units_per_year(time_unit::year) == 1);
  CHECK(name_of(time_unit::week) == "week");
}

TEST_CASE("a number that is no unit is refused") {
  CHECK_THROWS_AS(days_per(static_cast<time_unit>(0)), error);
  CHECK_THROWS_AS(days_per(static_cast<time_unit>(5)), error);
  CHECK(name_of(static_cast<time_unit>(5)).empty());
}
