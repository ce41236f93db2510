#include "kundenwert/base/sum.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

using kundenwert::exact_sum;

TEST_CASE("sum: an empty sum is zero") {
  CHECK(exact_sum().sign() == 0);
  CHECK(exact_sum().to_double() == 0);
  CHECK_FALSE(std::signbit(exact_sum().to_double()));
  CHECK(exact_sum().divided_by(7) == 0);
}

TEST_CASE("sum: adding and taking away comes back to the bit") {
  std::mt19937_64 random(1);
  exact_sum sum;
  std::vector<std::int64_t> values;
  for (int i = 0; i < 1000; ++i) {
    values.push_back(static_cast<std::int64_t>(random()));
    sum.add(values.back());
  }
  const exact_sum there = sum;
  for (const auto v : values) sum.add(v);
  exact_sum twice = there;
  twice.add(there);
  CHECK(sum == twice);
  for (const auto v : values) {
    sum.add(~v);  // -v - 1, so that the lowest value needs no case of its own
    sum.add(1);
    sum.add(~v);
    sum.add(1);
  }
  CHECK(sum == exact_sum());
}

TEST_CASE("sum: words and signs") {
  exact_sum sum(std::numeric_limits<std::int64_t>::min());
  CHECK(sum.sign() == -1);
  CHECK(sum.to_double() == -std::ldexp(1.0, 63));
  sum.add(std::numeric_limits<std::int64_t>::min());
  CHECK(sum.to_double() == -std::ldexp(1.0, 64));
  CHECK(sum == exact_sum(-1, 0));
  CHECK(exact_sum(1, 0).to_double() == std::ldexp(1.0, 64));
  CHECK(exact_sum(0, 1).sign() == 1);
  CHECK(exact_sum(std::int64_t{1} << 62, 0).to_double() == std::ldexp(1.0, 126));
}

TEST_CASE("sum: one rounding, ties to even") {
  constexpr std::int64_t two53 = std::int64_t{1} << 53;
  CHECK(exact_sum(two53 + 1).to_double() == std::ldexp(1.0, 53));      // tie, down to even
  CHECK(exact_sum(two53 + 3).to_double() == std::ldexp(1.0, 53) + 4);  // tie, up to even
  CHECK(exact_sum(-(two53 + 3)).to_double() == -(std::ldexp(1.0, 53) + 4));
  // 2^64 + 2^11 is a tie between 2^64 and 2^64 + 2^12; one more is above it.
  CHECK(exact_sum(1, 1 << 11).to_double() == std::ldexp(1.0, 64));
  CHECK(exact_sum(1, (1 << 11) + 1).to_double() == std::ldexp(1.0, 64) + std::ldexp(1.0, 12));
}

// Expected: Python's fractions, float(Fraction(n, d)), which rounds correctly.
TEST_CASE("sum: quotients beyond the exact range of a double") {
  CHECK(exact_sum(9007199254740993).divided_by(3) == 3002399751580331.0);
  CHECK(exact_sum(1000000000000000001).divided_by(1000000) == 0x1.d1a94a2p+39);
  CHECK(exact_sum(1, 0).divided_by(3) == 0x1.5555555555555p+62);
  CHECK(exact_sum(-1, 0).divided_by(3) == -0x1.5555555555555p+62);
  CHECK(exact_sum(54210, 12345678901234567890u).divided_by(7000000) == 0x1.fb892882818ccp+56);
  CHECK(exact_sum(1).divided_by(std::numeric_limits<std::uint64_t>::max()) == 0x1p-64);
  CHECK(exact_sum(std::numeric_limits<std::int64_t>::max()).divided_by(std::numeric_limits<std::uint64_t>::max()) ==
        0.5);
}

TEST_CASE("sum: the long way agrees with the hardware division where that is exact") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t n = random() >> (11 + random() % 53);
    const std::uint64_t d = (random() >> (11 + random() % 52)) + 1;
    if (n == 0) continue;
    CHECK(kundenwert::detail::long_quotient(0, n, d) == static_cast<double>(n) / static_cast<double>(d));
  }
}
