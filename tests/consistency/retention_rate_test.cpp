// Properties of the retention rate and its interval.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "kundenwert/numeric/interval.hpp"
#include "kundenwert/retention/rates.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::retention;

TEST_CASE("wilson interval: the ends are the shares whose standard score is z, mirrored, and hold the share") {
  for (const double confidence : {0.5, 0.8, 0.95, 0.999}) {
    const double z = -numeric::normal_quantile((1 - confidence) / 2);
    for (const std::int64_t n : {1, 2, 10, 400, 1000000000}) {
      for (std::int64_t x = 0; x <= n; x += std::max<std::int64_t>(1, n / 10)) {
        const numeric::interval ends = numeric::wilson_interval(x, n, confidence);
        const numeric::interval mirrored = numeric::wilson_interval(n - x, n, confidence);
        const double share = static_cast<double>(x) / static_cast<double>(n);
        CHECK(ends.lower >= 0);
        CHECK(ends.upper <= 1);
        CHECK(ends.lower <= share);
        CHECK(share <= ends.upper);
        // One rounding at 1 in the difference.
        CHECK_NEAR(ends.lower, 1 - mirrored.upper, 0, 4e-16);
        for (const double end : {ends.lower, ends.upper}) {
          if (end == 0 || end == 1) continue;
          // The score squared, without the root of a small number.
          const double difference = (share - end) * (share - end) * static_cast<double>(n);
          // Two roundings at 1 in either difference.
          const double rounding = 1e-15 * (std::fabs(share - end) * static_cast<double>(n) + z * z);
          CHECK_NEAR(difference, z * z * end * (1 - end), 1e-13, rounding);
        }
      }
    }
  }
  // 1 of 1e18: the lower end is about (x + z^2/2 - z sqrt(x + z^2/4)) / n, far below a rounding at 1.
  const double z = -numeric::normal_quantile(0.025);
  const double lower = numeric::wilson_interval(1, 1000000000000000000).lower;
  CHECK_NEAR(lower, (1 + z * z / 2 - z * std::sqrt(1 + z * z / 4)) * 1e-18, 1e-13, 0);
}

TEST_CASE("wilson interval: wider with more confidence, narrower with more cases") {
  double before = 0;
  for (const double confidence : {0.1, 0.5, 0.9, 0.99, 0.9999}) {
    const numeric::interval ends = numeric::wilson_interval(30, 100, confidence);
    CHECK(ends.upper - ends.lower > before);
    before = ends.upper - ends.lower;
  }
  before = 1;
  for (const std::int64_t n : {10, 100, 1000, 10000}) {
    const numeric::interval ends = numeric::wilson_interval(3 * n / 10, n);
    CHECK(ends.upper - ends.lower < before);
    before = ends.upper - ends.lower;
  }
}

TEST_CASE("retention rate: passages, counts and balance agree where nobody is won back") {
  const std::vector<std::int32_t> passages{1, 3, 1, 4, 1, 0, 4, 3, 1};
  const retention_rate by_row = retention_of_passages(passages);
  const retention_rate by_count = retention_of_counts({.retained = 4, .lost = 2, .joined = 2});
  const retention_rate by_balance = retention_of_balance({.at_start = 6, .at_end = 6, .joined = 2});
  for (const retention_rate& found : {by_count, by_balance}) {
    CHECK(found.rate == by_row.rate);
    CHECK(found.lower == by_row.lower);
    CHECK(found.upper == by_row.upper);
    CHECK(found.lost == by_row.lost);
    CHECK(found.at_start == by_row.at_start);
    CHECK(found.at_end() == by_row.at_end());
  }
  CHECK(retention_of_passages(std::vector<std::int32_t>{}).reason == reason::total_not_positive);
}

TEST_CASE("retention rate: winning back does not raise it") {
  const double lost = retention_of_counts({.retained = 80, .lost = 20}).rate;
  const double won_back = retention_of_counts({.retained = 80, .lost = 5, .regained = 15}).rate;
  CHECK(lost == won_back);
  CHECK(retention_of_counts({.retained = 80, .lost = 20, .returned = 9}).rate == lost);
}
