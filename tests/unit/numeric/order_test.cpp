#include "kundenwert/numeric/order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::numeric;

namespace {
using numbers = std::vector<double>;
using places = std::vector<std::int64_t>;
}  // namespace

TEST_CASE("order: quantiles of type 7 (Hyndman & Fan 1996, definition 7, by hand)") {
  const numbers values{8, 1, 4, 3};
  const numbers sorted{1, 3, 4, 8};
  const numbers probabilities{0, 0.1, 0.25, 0.5, 0.9, 1};
  // h = 1 + 3 p; x_1 + 0.3 * 2, x_1 + 0.75 * 2, (3 + 4) / 2, x_3 + 0.7 * 4.
  const numbers expected{1, 1.6, 2.5, 3.5, 6.8, 8};
  const numbers found = quantiles(values, probabilities);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    // One rounding each for h, the weights and the sum.
    CHECK_NEAR(found[i], expected[i], 4e-16, 0);
    CHECK(quantile_of_sorted(sorted, probabilities[i]) == found[i]);
  }
  CHECK(quantiles(numbers{7}, numbers{0, 0.3, 1}) == numbers{7, 7, 7});
  CHECK(quantiles(values, numbers{}).empty());
}

TEST_CASE("order: quantiles asked for in any order, twice, and of ties") {
  const numbers values{5, 5, 1, 5, 5};
  CHECK(quantiles(values, numbers{1, 0, 0.5, 0.5, 0.25}) == numbers{5, 1, 5, 5, 5});
  const double tiny = std::numeric_limits<double>::denorm_min();
  const double huge = std::numeric_limits<double>::max();
  CHECK(quantiles(numbers{-huge, huge}, numbers{0, 1}) == numbers{-huge, huge});
  CHECK(quantiles(numbers{-huge, huge}, numbers{0.5}) == numbers{0});
  CHECK(quantiles(numbers{0, tiny}, numbers{0.5})[0] <= tiny);
}

TEST_CASE("order: selected places") {
  numbers values;
  for (int i = 0; i < 1000; ++i) values.push_back((i * 7919) % 1009);
  numbers sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const places wanted{0, 1, 1, 17, 500, 998, 999};
  select_places(values, wanted);
  for (const auto place : wanted) {
    CHECK(values[static_cast<std::size_t>(place)] == sorted[static_cast<std::size_t>(place)]);
  }
  numbers none;
  select_places(none, places{});
}

TEST_CASE("order: equal values keep the order of their rows in both directions") {
  const numbers values{2, 1, 2, 0.0, -0.0, 1};
  CHECK(stable_order(values, sort_direction::ascending) == places{3, 4, 1, 5, 0, 2});
  CHECK(stable_order(values, sort_direction::descending) == places{0, 2, 1, 5, 3, 4});
  CHECK(stable_order({}, sort_direction::ascending).empty());
}

TEST_CASE("order: ranks by the definitions of R's rank, by hand") {
  const numbers values{3, 1, 3, 2, 3, 1};
  CHECK(ranks(values) == numbers{5, 1.5, 5, 3, 5, 1.5});
  CHECK(ranks(values, rank_ties::lowest) == numbers{4, 1, 4, 3, 4, 1});
  CHECK(ranks(values, rank_ties::highest) == numbers{6, 2, 6, 3, 6, 2});
  CHECK(ranks(values, rank_ties::by_row) == numbers{4, 1, 5, 3, 6, 2});
  CHECK(ranks(values, rank_ties::dense) == numbers{3, 1, 3, 2, 3, 1});
  CHECK(ranks({}).empty());
}

TEST_CASE("order: negative zero comes back as zero") {
  CHECK(!std::signbit(quantiles(numbers{-0.0}, numbers{0.5})[0]));
  CHECK(ranks(numbers{-0.0, 0.0}) == numbers{1.5, 1.5});
}
