#include "kundenwert/numeric/smooth_sum.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::numeric;

namespace {

template <class Exponent>
double term_by_term(Exponent&& g, double last) {
  double sum = 0;
  for (double i = last; i >= 1; --i) sum += std::exp(g(i));
  return sum;
}

}  // namespace

TEST_CASE("powers, exponentials and sharp falls against their sums") {
  const auto power = [](double i) { return -0.6 * std::log(i); };
  const auto slow = [](double i) { return -1e-4 * i; };
  const auto fast = [](double i) { return -3 * i; };
  // A wall after a thousand smooth terms, and a fall between smooth stretches.
  const auto wall = [](double i) { return -std::pow(i / 1000, 40); };
  const auto step = [](double i) { return -20 / (1 + std::exp(-(i - 500) / 3)) - 1e-3 * i; };
  for (const double last : {1.0, 5.0, 63.0, 64.0, 65.0, 127.0, 128.0, 129.0, 1000.0, 30000.0}) {
    CAPTURE(last);
    CHECK_NEAR(sum_falling(power, last, 0), term_by_term(power, last), 1e-13, 0);
    CHECK_NEAR(sum_falling(slow, last, 0), term_by_term(slow, last), 1e-13, 0);
    CHECK_NEAR(sum_falling(slow, last, 1e-4), term_by_term(slow, last), 1e-13, 0);
    CHECK_NEAR(sum_falling(fast, last, 3), term_by_term(fast, last), 1e-14, 0);
    CHECK_NEAR(sum_falling(wall, last, 0), term_by_term(wall, last), 1e-13, 0);
    CHECK_NEAR(sum_falling(step, last, 0), term_by_term(step, last), 1e-12, 0);
  }
}

TEST_CASE("endless sums") {
  constexpr double endless = std::numeric_limits<double>::infinity();
  for (const double rate : {5.0, 0.3, 1e-2, 1e-4, 1e-6, 1e-9}) {
    CAPTURE(rate);
    CHECK_NEAR(sum_falling([&](double i) { return -rate * i; }, endless, rate), 1 / std::expm1(rate), 1e-13, 0);
  }
  // i^-2 e^(-0) has no least fall; with one of 1e-3: sum of x^i / i^2, whose derivative is -ln(1 - x) / x.
  const auto first = [](double i) { return -std::log(i) - 1e-3 * i; };
  CHECK_NEAR(sum_falling(first, endless, 1e-3), -std::log(-std::expm1(-1e-3)), 1e-13, 0);
}

TEST_CASE("few evaluations for many terms") {
  int calls = 0;
  const auto slow = [&](double i) {
    ++calls;
    return -0.5 * std::log(i) - 1e-7 * i;
  };
  sum_falling(slow, std::numeric_limits<double>::infinity(), 1e-7);
  CHECK(calls < 1500);
}
