#include "kundenwert/numeric/log_integral.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kundenwert/numeric/special.hpp"
#include "near.hpp"

using namespace kundenwert::numeric;

TEST_CASE("integrals with closed forms") {
  // Powers, a gamma density from flat to very narrow, and sizes that are no double.
  for (const double power : {0.0, 0.5, 3.0, 200.0}) {
    const double found = log_integral([&](double u) { return power * std::log(u); }, 1.0, 7.0, power);
    CHECK_NEAR(found, (power + 1) * std::log(7.0) - std::log(power + 1), 1e-12, 1e-12);
  }
  for (const double shape : {0.3, 1.0, 40.0, 1e4, 1e8}) {
    CAPTURE(shape);
    const double found = log_integral([&](double u) { return shape * std::log(u) - std::log(u) - u; },
                                      std::min(shape, 1.0), 1e3 + 3 * shape, std::max(shape - 1, 0.0));
    if (shape >= 1) CHECK_NEAR(found, log_gamma(shape), 1e-12, 1e-12);
  }
  CHECK_NEAR(log_integral([](double u) { return 5000 - u; }, 1.0, 1000.0), 5000, 1e-14, 0);
  CHECK_NEAR(log_integral_of([](double u) { return -u; }, [](double u) { return 2 - u; }, 1.0, 2.0),
             std::log(1 + std::exp(-2.0)), 1e-12, 1e-13);
  CHECK(log_integral([](double) { return 0.0; }, 1.0, 0.0) == -std::numeric_limits<double>::infinity());
}

TEST_CASE("two peaks far apart, one of them a millionth wide") {
  // Normal densities in ln u: their integrals over du / u are 1.
  const auto peak = [](double u, double at, double width) {
    const double z = (std::log(u) - at) / width;
    return -0.5 * z * z - std::log(width) - 0.91893853320467274178 - std::log(u);
  };
  const double found = log_integral([&](double u) { return log_add_exp(peak(u, -3, 1e-6), peak(u, 6, 0.8)); },
                                    std::exp(-5.0), std::exp(20.0));
  CHECK_NEAR(found, std::log(2.0), 1e-9, 0);
}
