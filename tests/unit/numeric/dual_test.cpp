#include "kundenwert/numeric/dual.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "near.hpp"

using namespace kundenwert::numeric;

namespace {

using scalar = dual<3>;
using point = std::array<double, 3>;

// Central differences with steps of the cube and fourth root of the rounding: errors near 1e-10 and 1e-7 relative to
// values near 1.
template <class Function>
void check_against_differences(Function&& f, const point& at) {
  std::array<scalar, 3> x;
  for (std::size_t i = 0; i < 3; ++i) x[i] = scalar::variable(at[i], i);
  const scalar found = f(x);
  // Without second derivatives: the same value and gradient, to the bit.
  std::array<dual<3, 1>, 3> slim;
  for (std::size_t i = 0; i < 3; ++i) slim[i] = dual<3, 1>::variable(at[i], i);
  const dual<3, 1> first = f(slim);
  CHECK(first.value == found.value);
  CHECK(first.gradient == found.gradient);
  const auto value_at = [&](const point& p) { return f(p); };
  const double value = value_at(at);
  CHECK_NEAR(found.value, value, 1e-14, 1e-14);
  const double scale = 1 + std::fabs(value);
  for (std::size_t i = 0, k = 0; i < 3; ++i) {
    const double h = 6e-6 * at[i];
    point up = at;
    point down = at;
    up[i] += h;
    down[i] -= h;
    CHECK_NEAR(found.gradient[i], (value_at(up) - value_at(down)) / (up[i] - down[i]), 1e-7, 1e-9 * scale / at[i]);
    for (std::size_t j = 0; j <= i; ++j, ++k) {
      const double hi = 2e-4 * at[i];
      const double hj = 2e-4 * at[j];
      const auto moved = [&](double si, double sj) {
        point p = at;
        p[i] += si * hi;
        p[j] += sj * hj;
        return value_at(p);
      };
      const double second = i == j ? (moved(.5, .5) - 2 * value + moved(-.5, -.5)) / (hi * hi)
                                   : (moved(1, 1) - moved(1, -1) - moved(-1, 1) + moved(-1, -1)) / (4 * hi * hj);
      CAPTURE(i);
      CAPTURE(j);
      CHECK_NEAR(found.hessian[k], second, 2e-6, 2e-6 * scale / (at[i] * at[j]));
    }
  }
}

constexpr point somewhere{0.7, 1.9, 3.1};

}  // namespace

TEST_CASE("sums, products and quotients of scalars that carry derivatives") {
  check_against_differences([](const auto& x) { return x[0] * x[1] + x[2] - x[0] * 3.0; }, somewhere);
  check_against_differences([](const auto& x) { return x[0] / x[1] - x[1] / (x[2] + x[0]) + 2.0 / x[2]; }, somewhere);
  check_against_differences([](const auto& x) { return (1.0 - x[0]) * (x[1] - 4.0) / 7.0; }, somewhere);
  check_against_differences([](const auto& x) { return x[0] * x[0] * x[0] + (5.0 + x[1]) * (x[2] + 5.0); }, somewhere);
  check_against_differences([](const auto& x) { return -(x[0] * x[2]) * x[1]; }, somewhere);
}

TEST_CASE("elementary functions of scalars that carry derivatives") {
  check_against_differences(
      [](const auto& x) {
        using std::exp;
        using std::expm1;
        using std::log;
        using std::log1p;
        return exp(x[0] * x[1]) * log(x[2] + x[0]) + expm1(-x[2]) * log1p(x[1] / x[0]);
      },
      somewhere);
}

TEST_CASE("special functions of scalars that carry derivatives") {
  check_against_differences([](const auto& x) { return log_rising(x[0] * x[1], 7.0) - log_rising(x[2], 400.0); },
                            somewhere);
  check_against_differences([](const auto& x) { return log_beta(x[0], x[1] + x[2]) * x[2]; }, somewhere);
  check_against_differences([](const auto& x) { return log_add_exp(x[0] * x[1], x[2] - x[0]); }, somewhere);
}

TEST_CASE("log_add_exp far apart keeps finite derivatives") {
  const auto x = dual<2>::variable(800, 0);
  const auto y = dual<2>::variable(-900, 1);
  const auto sum = log_add_exp(x, y);
  CHECK(sum.value == 800);
  CHECK(sum.gradient[0] == 1);
  CHECK(sum.gradient[1] == 0);
  for (const double h : sum.hessian) CHECK(h == 0);
}

TEST_CASE("the chain rule of several variables is that of the composed function") {
  // f(u, v) = u^2 v, u = x0 x1, v = x2 / x0.
  const auto composed = [](const auto& x) {
    const auto u = x[0] * x[1];
    const auto v = x[2] / x[0];
    return u * u * v;
  };
  std::array<scalar, 3> x;
  for (std::size_t i = 0; i < 3; ++i) x[i] = scalar::variable(somewhere[i], i);
  const scalar u = x[0] * x[1];
  const scalar v = x[2] / x[0];
  local_derivatives<2> f;
  f.value = u.value * u.value * v.value;
  f.gradient = {2 * u.value * v.value, u.value * u.value};
  f.hessian = {2 * v.value, 2 * u.value, 0};
  const scalar chained = chain(f, std::array<scalar, 2>{u, v});
  const scalar direct = composed(x);
  CHECK_NEAR(chained.value, direct.value, 1e-15, 0);
  for (std::size_t i = 0; i < 3; ++i) CHECK_NEAR(chained.gradient[i], direct.gradient[i], 1e-14, 1e-14);
  for (std::size_t k = 0; k < scalar::pairs; ++k) CHECK_NEAR(chained.hessian[k], direct.hessian[k], 1e-14, 1e-14);
}

TEST_CASE("a constant carries no derivative") {
  const scalar c = 4.0;
  CHECK(value_of(c) == 4);
  for (const double g : (c * c).gradient) CHECK(g == 0);
  CHECK(value_of(2.5) == 2.5);
}
