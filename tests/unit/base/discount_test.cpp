// Worked numbers: domain specification B0, where not said otherwise.
#include "kundenwert/base/discount.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "kundenwert/base/units.hpp"
#include "near.hpp"

using namespace kundenwert;

TEST_CASE("rates per period are effective, not nominal") {
  // mpmath, 30 digits; computed as 1.1^(1/12) - 1 in doubles it ends in ...764.
  CHECK_NEAR(periodic_rate(0.10, 12), 0.00797414042890374107, 4e-16, 0);
  // 2 % churn a month is 0.215283 a year: 1 - 0.98^12.
  CHECK_NEAR(-periodic_rate(-0.02, 1.0 / 12), 0.215283, 0, 5e-7);
  CHECK(periodic_rate(0, 12) == 0);
  CHECK_THROWS_AS(periodic_rate(-1, 12), error);
  CHECK_THROWS_AS(periodic_rate(0.1, 0), error);
}

TEST_CASE("the continuous rate of the published weekly tables is ln(1.1) / 52") {
  // ln(1.1) to 17 digits: mpmath.
  CHECK_NEAR(continuous_discount_rate(0.10, 52), 0.095310179804324860 / 52, 1e-15, 0);
  CHECK(continuous_discount_rate(0, 52) == 0);
  // Discounting a year in any unit is the same factor.
  for (const auto unit : {time_unit::day, time_unit::week, time_unit::month, time_unit::year}) {
    const double per_year = units_per_year(unit);
    CHECK_NEAR(std::exp(-continuous_discount_rate(0.10, per_year) * per_year), 1 / 1.1, 1e-15, 0);
  }
  CHECK_THROWS_AS(continuous_discount_rate(-0.01, 52), error);
  CHECK_THROWS_AS(continuous_discount_rate(std::numeric_limits<double>::infinity(), 52), error);
  CHECK_THROWS_AS(continuous_discount_rate(0.1, -1), error);
}
