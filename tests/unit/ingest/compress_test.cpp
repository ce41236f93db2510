#include "kundenwert/ingest/compress.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <tuple>

using namespace kundenwert;

TEST_CASE("compress: equal rows become one, in ascending order") {
  const std::vector<double> frequency{2, 0, 2, 0, 1};
  const std::vector<double> recency{3, 0, 3, 0, 2};
  const std::vector<double> age{9, 5, 9, 4, 7};
  const distinct_rows d = compress(frequency, recency, age);
  CHECK(d.size() == 4);
  CHECK(d.frequency == std::vector<double>{0, 0, 1, 2});
  CHECK(d.recency == std::vector<double>{0, 0, 2, 3});
  CHECK(d.age == std::vector<double>{4, 5, 7, 9});
  CHECK(d.weight == std::vector<double>{1, 1, 1, 2});
  CHECK(d.row_of == std::vector<std::int64_t>{3, 1, 3, 0, 2});
}

TEST_CASE("compress: nothing in, nothing out; -0 is 0") {
  CHECK(compress({}, {}, {}).size() == 0);
  const std::vector<double> zeros{0.0, -0.0};
  const distinct_rows d = compress(zeros, zeros, zeros);
  CHECK(d.size() == 1);
  CHECK_FALSE(std::signbit(d.frequency[0]));
  CHECK(d.weight[0] == 2);
}

TEST_CASE("compress: agrees with an ordered map, and the order of the input changes no bit") {
  std::mt19937_64 random(4);
  for (const bool weighted : {false, true}) {
    const std::size_t rows = 20000;
    std::vector<double> f, r, t, w;
    for (std::size_t i = 0; i < rows; ++i) {
      f.push_back(static_cast<double>(random() % 4));
      r.push_back(static_cast<double>(random() % 50) / 7);
      t.push_back(static_cast<double>(random() % 30) / 7);
      w.push_back(random() % 10 == 0 ? 0 : static_cast<double>(random() % 1000) / 7);
    }
    const auto weights = [&] { return weighted ? std::span<const double>(w) : std::span<const double>(); };
    const distinct_rows d = compress(f, r, t, weights());
    std::map<std::tuple<double, double, double>, std::vector<double>> expected;
    for (std::size_t i = 0; i < rows; ++i) {
      if (!weighted || w[i] > 0) expected[{f[i], r[i], t[i]}].push_back(weighted ? w[i] : 1);
    }
    REQUIRE(d.size() == static_cast<std::int64_t>(expected.size()));
    std::size_t at = 0;
    for (auto& [row, parts] : expected) {
      std::sort(parts.begin(), parts.end());
      REQUIRE(std::tuple(d.frequency[at], d.recency[at], d.age[at]) == row);
      REQUIRE(d.weight[at] == std::accumulate(parts.begin(), parts.end(), 0.0));
      ++at;
    }
    for (std::size_t i = 0; i < rows; ++i) {
      if (weighted && w[i] == 0) {
        REQUIRE(d.row_of[i] == no_row);
        continue;
      }
      const auto row = static_cast<std::size_t>(d.row_of[i]);
      REQUIRE(std::tuple(d.frequency[row], d.recency[row], d.age[row]) == std::tuple(f[i], r[i], t[i]));
    }
    std::vector<std::size_t> order(rows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    for (auto* c : {&f, &r, &t, &w}) {
      const std::vector<double> copy = *c;
      for (std::size_t i = 0; i < rows; ++i) (*c)[i] = copy[order[i]];
    }
    const distinct_rows shuffled = compress(f, r, t, weights());
    CHECK(shuffled.frequency == d.frequency);
    CHECK(shuffled.recency == d.recency);
    CHECK(shuffled.age == d.age);
    CHECK(shuffled.weight == d.weight);
  }
}

TEST_CASE("compress: any number of columns") {
  const std::vector<double> a{1, 1, 2};
  const std::vector<double> b{30.5, 30.5, 30.5};
  const named_column two[] = {{a, "frequency"}, {b, "monetary_value"}};
  const distinct_columns d = compress_columns(two);
  CHECK(d.columns[0] == std::vector<double>{1, 2});
  CHECK(d.columns[1] == std::vector<double>{30.5, 30.5});
  CHECK(d.weight == std::vector<double>{2, 1});
  const named_column one[] = {{a, "a"}};
  CHECK(compress_columns(one).size() == 2);
}
