// The integrals where they have closed forms, and their derivatives; tests/reference holds them over their domain.
#include "kundenwert/numeric/hypergeometric.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

#include "kundenwert/base/random.hpp"
#include "near.hpp"

using namespace kundenwert::numeric;
using kundenwert::random_stream;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("power integral in closed form") {
  // Equal scales: p (1 - (1 + D/p)^(1 - A - B)) / (A + B - 1).
  for (const double length : {1e-6, 0.5, 40.0, 1e7}) {
    const double power = 2.25;
    const double exact = 3 * -std::expm1((1 - power) * std::log1p(length / 3)) / (power - 1);
    CHECK_NEAR(log_power_integral({1.5, 0.75, 3, 3, length}), std::log(exact), 1e-15, 1e-13);
  }
  // One power 0; both 0; A + B = 1 at equal scales.
  CHECK_NEAR(log_power_integral({2, 0, 5, 1, 10}), std::log(5 * (1 - 1.0 / 3)), 1e-15, 1e-13);
  CHECK_NEAR(log_power_integral({0, 2, 1, 5, 10}), std::log(5 * (1 - 1.0 / 3)), 1e-15, 1e-13);
  CHECK_NEAR(log_power_integral({0, 0, 1, 5, 10}), std::log(10.0), 1e-15, 1e-13);
  CHECK_NEAR(log_power_integral({0.25, 0.75, 2, 2, 6}), std::log(2 * std::log(4.0)), 1e-15, 1e-13);
  CHECK(log_power_integral({1, 1, 1, 1, 0}) == -infinity);
  // An order of the factors is no order of the value.
  CHECK(log_power_integral({2.5, 0.5, 3, 70, 9}) == log_power_integral({0.5, 2.5, 70, 3, 9}));
}

TEST_CASE("exponential integral in closed form") {
  // s = 0: (1 - e^(-z V)) / z.
  for (const double z : {1e-7, 0.3, 50.0}) {
    CHECK_NEAR(log_exponential_integral(0, z, 2), std::log(-std::expm1(-2 * z) / z), 1e-15, 1e-13);
    CHECK_NEAR(log_exponential_integral(0, z, infinity), -std::log(z), 1e-15, 1e-13);
  }
  // z = 0: ln(1 + V) at s = 1.
  CHECK_NEAR(log_exponential_integral(1, 0, 9), std::log(std::log(10.0)), 1e-15, 1e-13);
  CHECK(log_exponential_integral(1, 1, 0) == -infinity);
}

TEST_CASE("derivatives of the power integral against differences") {
  for (std::uint64_t i = 0; i < 60; ++i) {
    random_stream draw(31, i);
    std::array<double, 4> at{};
    for (std::size_t k = 0; k < 4; ++k) at[k] = std::exp(1.5 * draw.normal());
    if (i % 5 == 0) at[3] = at[2];
    const double length = std::exp(2 * draw.normal());
    const auto value_at = [&](const std::array<double, 4>& v) {
      return log_power_integral({v[0], v[1], v[2], v[3], length});
    };
    const auto found = log_power_integral_derivatives({at[0], at[1], at[2], at[3], length});
    CHECK_NEAR(found.value, value_at(at), 1e-14, 1e-14);
    for (std::size_t a = 0, k = 0; a < 4; ++a) {
      for (std::size_t b = 0; b <= a; ++b, ++k) {
        const double ha = 3e-4 * at[a];
        const double hb = 3e-4 * at[b];
        const auto moved = [&](double sa, double sb) {
          auto v = at;
          v[a] += sa * ha;
          v[b] += sb * hb;
          return value_at(v);
        };
        const double second = a == b ? (moved(.5, .5) - 2 * value_at(at) + moved(-.5, -.5)) / (ha * ha)
                                     : (moved(1, 1) - moved(1, -1) - moved(-1, 1) + moved(-1, -1)) / (4 * ha * hb);
        // Rounding 1e-15 over h^2 = 1e-7, relative to the size of the variables.
        CHECK_NEAR(found.hessian[k] * at[a] * at[b], second * at[a] * at[b], 1e-5, 3e-7);
        if (b == 0) {
          const double first = (moved(.02, 0) - moved(-.02, 0)) / (.04 * ha);
          if (a > 0) CHECK_NEAR(found.gradient[a] * at[a], first * at[a], 1e-7, 1e-8);
        }
      }
    }
    auto up = at;
    auto down = at;
    up[0] *= 1 + 1e-5;
    down[0] *= 1 - 1e-5;
    CHECK_NEAR(found.gradient[0], (value_at(up) - value_at(down)) / (up[0] - down[0]), 1e-7, 1e-8);
  }
}

TEST_CASE("derivatives are those of the swapped integral, swapped") {
  const auto one = log_power_integral_derivatives({2.5, 0.5, 3, 70, 9});
  const auto other = log_power_integral_derivatives({0.5, 2.5, 70, 3, 9});
  constexpr std::array<std::size_t, 4> place{1, 0, 3, 2};
  const auto index = [](std::size_t i, std::size_t j) { return i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i; };
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(one.gradient[i] == other.gradient[place[i]]);
    for (std::size_t j = 0; j <= i; ++j) CHECK(one.hessian[index(i, j)] == other.hessian[index(place[i], place[j])]);
  }
}
