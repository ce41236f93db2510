#include "kundenwert/ingest/key_rows.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace kundenwert;

namespace {

std::vector<std::uint64_t> random_keys(std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> keys;
  for (std::size_t i = 0; i < count; ++i) keys.push_back(random() % (count / 3 + 1) - count / 8);  // some below zero
  return keys;
}

}  // namespace

TEST_CASE("partitioned keys: every number once, in its partition, ascending there") {
  const auto keys = random_keys(10000, 1);
  const partitioned_keys cut = partitioned(keys);
  REQUIRE(cut.begin.size() == partitions + 1);
  std::set<std::uint32_t> seen;
  for (std::size_t p = 0; p < partitions; ++p) {
    for (std::size_t i = cut.begin[p]; i < cut.begin[p + 1]; ++i) {
      REQUIRE(partition_of(keys[cut.numbers[i]]) == p);
      REQUIRE((i == cut.begin[p] || cut.numbers[i - 1] < cut.numbers[i]));
      seen.insert(cut.numbers[i]);
    }
  }
  CHECK(seen.size() == keys.size());
  const auto odd = partitioned(
      keys.size(), [](std::size_t i) { return i % 2 == 1; }, [&](std::size_t i) { return keys[i]; });
  CHECK(odd.numbers.size() == keys.size() / 2);
}

TEST_CASE("keys are numbered in the order of their ids") {
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{100}, std::size_t{50000}}) {
    for (const int threads : {1, 2}) {
      const auto keys = random_keys(count, 7);
      key_rows rows;
      rows.add(keys, threads);
      rows.add(keys, threads);  // once more changes nothing
      const customer_ids ids = rows.number({}, false, threads);
      std::set<std::int64_t> expected;
      for (const std::uint64_t key : keys) expected.insert(static_cast<std::int64_t>(key));
      REQUIRE(ids.numbers == std::vector<std::int64_t>(expected.begin(), expected.end()));
      const auto found = rows.rows_of(keys, threads);
      for (std::size_t i = 0; i < keys.size(); ++i) {
        REQUIRE(ids.numbers[found[i]] == static_cast<std::int64_t>(keys[i]));
      }
      CHECK(rows.row_of(1'000'000'007) == no_base_row);
    }
  }
}

TEST_CASE("texts get keys of a dictionary that tables share; nulls have none") {
  const std::string text = "bbabbcaa";
  const std::vector<std::int64_t> offsets{0, 2, 3, 5, 5, 6, 8};  // bb a bb (null) c aa
  const std::uint8_t valid = 0b110111;
  const id_column ids = text_column{text.data(), offsets, {&valid, 0}};
  id_dictionary dictionary;
  const std::vector<std::int64_t> all{0, 1, 2, 3, 4, 5};
  const auto keys = keys_of(ids, all, dictionary, 1);
  CHECK(keys[0] == keys[2]);
  CHECK(keys[3] == 0);
  const std::vector<std::int64_t> some{5, 0};
  CHECK(keys_of(ids, some, dictionary, 2) == std::vector<std::uint64_t>{keys[5], keys[0]});
  key_rows rows;
  rows.add(std::vector<std::uint64_t>{keys[0], keys[1], keys[4], keys[5]}, 1);
  const customer_ids out = rows.number(dictionary, true, 2);
  REQUIRE(out.size() == 4);
  CHECK(out.text_at(0) == "a");
  CHECK(out.text_at(1) == "aa");
  CHECK(out.text_at(2) == "bb");
  CHECK(out.text_at(3) == "c");
  CHECK(rows.row_of(keys[4]) == 3);
}

TEST_CASE("many texts: the keys of few and of many rows at once agree") {
  std::string text;
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int64_t> all;
  for (std::int64_t i = 0; i < 20000; ++i) {
    text += "customer " + std::to_string(i % 7000);
    offsets.push_back(static_cast<std::int64_t>(text.size()));
    all.push_back(i);
  }
  const id_column ids = text_column{text.data(), offsets, {}};
  id_dictionary dictionary;
  const auto keys = keys_of(ids, all, dictionary, 2);
  for (std::size_t i = 0; i < all.size(); i += 1000) {
    CHECK(keys_of(ids, std::span(all).subspan(i, 1000), dictionary, 1) ==
          std::vector<std::uint64_t>(keys.begin() + static_cast<std::ptrdiff_t>(i),
                                     keys.begin() + static_cast<std::ptrdiff_t>(i + 1000)));
  }
  CHECK(std::set<std::uint64_t>(keys.begin(), keys.end()).size() == 7000);
}
