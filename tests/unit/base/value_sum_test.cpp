#include "kundenwert/base/value_sum.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "kundenwert/base/column.hpp"
#include "kundenwert/base/random.hpp"
#include "near.hpp"

using namespace kundenwert;

TEST_CASE("value sum: no order of values changes a bit, and it is the sum") {
  random_stream draw(1);
  std::vector<double> values;
  for (int i = 0; i < 2000; ++i) values.push_back((draw.uniform() - 0.5) * std::exp(40 * draw.uniform() - 20));
  value_sum forward;
  value_sum backward;
  value_sum halves[2];
  long double expected = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK(forward.add(values[i]));
    backward.add(values[values.size() - 1 - i]);
    halves[i % 2].add(values[i]);
    expected += values[i];
  }
  halves[0].add(halves[1]);
  CHECK(forward.value() == backward.value());
  CHECK(forward.value() == halves[0].value());
  // Half a step of 2^-40 a value.
  CHECK_NEAR(forward.value(), static_cast<double>(expected), 1e-15, 2000 * 4.6e-13);
  value_sum exact;
  for (const double v : {1e15, -0.25, -1e15, 0.75, -3.5}) CHECK(exact.add(v));
  CHECK(exact.value() == -3);
  CHECK_FALSE(exact.add(1e19));
  CHECK_FALSE(exact.add(not_available));
  CHECK(exact.value() == -3);
  value_sum largest;
  CHECK(largest.add(value_sum::largest));
  CHECK(largest.add(-value_sum::largest));
  CHECK(largest.value() == 0);
}
