#include "kundenwert/ingest/ids.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

using namespace kundenwert;

TEST_CASE("ids: every text has one key, and its place leads back to it") {
  id_shard shard;
  std::map<std::string, std::uint64_t> keys;
  std::set<std::uint64_t> distinct;
  for (int i = 0; i < 5000; ++i) {
    const std::string text = std::string(static_cast<std::size_t>(i % 120), 'x') + std::to_string(i);
    keys[text] = shard.key_of(text, hash_of(text));
    distinct.insert(keys[text]);
  }
  CHECK(distinct.size() == keys.size());
  for (const auto& [text, key] : keys) {
    REQUIRE(shard.key_of(text, hash_of(text)) == key);
    REQUIRE(shard.text_at(shard.place_of(key)) == text);
  }
}

TEST_CASE("ids: texts with one hash get keys of their own in the same partition") {
  id_shard shard;
  constexpr std::uint64_t hash = 12345;
  std::set<std::uint64_t> distinct;
  for (int i = 0; i < 20; ++i) {
    const std::uint64_t key = shard.key_of("t" + std::to_string(i), hash);
    CHECK(partition_of(key) == partition_of(hash));
    distinct.insert(key);
  }
  CHECK(distinct.size() == 20);
  for (int i = 0; i < 20; ++i) {
    const std::string text = "t" + std::to_string(i);
    CHECK(shard.text_at(shard.place_of(shard.key_of(text, hash))) == text);
  }
  CHECK(shard.key_of("t0", hash) == hash);
}

TEST_CASE("ids: texts of two dictionaries come together, changed keys are told") {
  id_dictionary into(partitions);
  id_dictionary from(partitions);
  const auto key_in = [](id_dictionary& d, const std::string& text) {
    return d[partition_of(hash_of(text))].key_of(text, hash_of(text));
  };
  const std::uint64_t a = key_in(into, "a");
  const std::uint64_t b = key_in(from, "b");
  // "a" under another key than its hash, as after a collision in `from`.
  const std::uint64_t other = from[partition_of(b)].key_of("a", b);
  CHECK(other != a);
  const auto changes = add_texts(into, from);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].from == other);
  CHECK(changes[0].to == a);
  CHECK(key_in(into, "b") == b);
}

TEST_CASE("ids: all lengths of text hash apart") {
  std::set<std::uint64_t> hashes;
  for (std::size_t length = 0; length <= 128; ++length) {
    hashes.insert(hash_of(std::string(length, '\0')));
    hashes.insert(hash_of(std::string(length, 'a')));
  }
  CHECK(hashes.size() == 257);  // the empty text twice
}
