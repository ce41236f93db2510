// Origin of btyd_mixture.csv: btyd_mixture.py beside it (mpmath, 40 digits).
#include "kundenwert/btyd/mixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

TEST_CASE("quantiles and densities of gamma and beta distributions") {
  const auto expected = test::read_table("btyd_mixture.csv");
  for (const auto& row : expected.rows) {
    const mixture of{row[expected.at("kind")] == 1 ? mixing::gamma : mixing::beta, row[expected.at("first")],
                     row[expected.at("second")]};
    const double level = row[expected.at("level")];
    const double value = row[expected.at("quantile")];
    CAPTURE(of.first);
    CAPTURE(level);
    // The quantile is as good as the distribution function, whose 2e-13 a shape of 0.01 makes 2e-11; a value beside 1
    // has no more digits than 1 has.
    const double relative = 1e-12 / std::min(1.0, of.first);
    const double found = of.quantile(level);
    CHECK_NEAR(found, value, relative, 0);
    if (of.kind == mixing::beta && value > 0.999) continue;  // where doubles are too far apart for a distribution
    CHECK_NEAR(of.cumulative(value), level, 1e-12, 0);
    CHECK_NEAR(of.density(value), row[expected.at("density")], 1e-12, 0);
  }
}

TEST_CASE("distributions over customers: mean and ends") {
  const mixture rate{mixing::gamma, 0.5, 4};
  CHECK(rate.mean() == 0.125);
  CHECK(std::isinf(rate.density(0)));
  CHECK(std::isnan(rate.density(-1)));
  CHECK(mixture{mixing::gamma, 1, 4}.density(0) == 4);
  CHECK(mixture{mixing::gamma, 2, 4}.density(0) == 0);
  const mixture probability{mixing::beta, 1, 3};
  CHECK(probability.mean() == 0.25);
  CHECK(probability.density(0) == 3);
  CHECK(probability.density(1) == 0);
  CHECK(std::isnan(probability.density(1.5)));
  CHECK(std::isinf(mixture{mixing::beta, 3, 0.5}.density(1)));
  // A share too small for a double: (0.01)^(1 / 0.001) is e^-4605.
  CHECK(mixture{mixing::gamma, 1e-3, 1}.quantile(0.01) == 0);
  CHECK(mixture{mixing::beta, 1e-3, 1}.quantile(0.01) == 0);
}
