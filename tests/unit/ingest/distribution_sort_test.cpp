#include "kundenwert/ingest/distribution_sort.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace kundenwert;

namespace {
struct item {
  std::uint64_t order;
  int number;
};
}  // namespace

TEST_CASE("distribution sort: sorts whatever the spread") {
  std::mt19937_64 random(3);
  for (const int count : {0, 1, 2, 24, 25, 1000, 20000}) {
    for (int kind = 0; kind < 6; ++kind) {
      std::vector<item> items;
      for (int i = 0; i < count; ++i) {
        std::uint64_t order = random();
        if (kind == 1) order %= 10;
        if (kind == 2) order >>= random() % 64;
        if (kind == 3) order = static_cast<std::uint64_t>(i);
        if (kind == 4) order = i == 0 ? UINT64_MAX : order % 100000;
        if (kind == 5) order = 7;
        items.push_back({order, i});
      }
      std::vector<std::uint64_t> expected;
      for (const auto& i : items) expected.push_back(i.order);
      std::sort(expected.begin(), expected.end());
      std::vector<item> scratch;
      std::size_t tied = 0;
      sort_by_order(items.data(), items.data() + items.size(), scratch, [&](item* first, item* last) {
        tied += static_cast<std::size_t>(last - first);
        for (item* i = first; i != last; ++i) REQUIRE(i->order == first->order);
      });
      std::size_t equal = 0;
      for (std::size_t i = 0; i < items.size(); ++i) {
        REQUIRE(items[i].order == expected[i]);
        const bool left = i > 0 && expected[i - 1] == expected[i];
        const bool right = i + 1 < expected.size() && expected[i + 1] == expected[i];
        equal += left || right ? 1 : 0;
      }
      CHECK(tied == equal);
    }
  }
}

TEST_CASE("distribution sort: numbers sort as the values do") {
  const double values[] = {-std::numeric_limits<double>::infinity(), -1e300, -1, -1e-300, -0.0, 0.0, 5e-324, 1, 1e300,
                           std::numeric_limits<double>::infinity()};
  for (std::size_t i = 1; i < std::size(values); ++i) CHECK(order_of(values[i - 1]) < order_of(values[i]));
  CHECK(order_of(std::int64_t{-1}) < order_of(std::int64_t{0}));
  CHECK(order_of(std::numeric_limits<std::int64_t>::min()) == 0);
}
