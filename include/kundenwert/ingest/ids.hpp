// Customer ids as keys of 64 bits. A number is its own key; a text is looked up in a dictionary that gives every
// distinct text a key of its own, its hash unless another text has that hash already. Keys say nothing about order:
// summaries are ordered by the ids themselves.
//
// Keys fall into partitions by their mixed upper bits; each partition has its own part of the dictionary, so that
// partitions can be worked on at the same time and fit the cache.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kundenwert/base/utf8.hpp"

namespace kundenwert {

inline constexpr int partition_bits = 10;
inline constexpr std::size_t partitions = std::size_t{1} << partition_bits;

// One-to-one, spreads arithmetic progressions evenly over the upper bits (Knuth, TAOCP 3, section 6.4).
inline std::uint64_t mixed(std::uint64_t key) {
  constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;
  return (key ^ (key >> 32)) * golden_ratio;
}
inline std::size_t partition_of(std::uint64_t key) {
  return static_cast<std::size_t>(mixed(key) >> (64 - partition_bits));
}

// A hash of 64 bits; equal for equal texts.
std::uint64_t hash_of(std::string_view text);

// The distinct texts of one partition and their keys.
class id_shard {
 public:
  // The key of a text with this hash; a new text is added. A failed allocation leaves the shard as it was.
  std::uint64_t key_of(std::string_view text, std::uint64_t hash);
  // Where the text of a key that key_of returned stands, valid until the next new text; below 2^54.
  std::uint64_t place_of(std::uint64_t key) const;
  std::string_view text_at(std::uint64_t place) const { return {texts_.data() + (place >> 8), place & 0xFF}; }

  template <class Visit>  // visit(key, text) for every text, in no stated order
  void for_each(Visit&& visit) const {
    for (const slot& s : slots_) {
      if (s.place != 0) visit(s.key, text_at(s.place));
    }
  }
  std::int64_t memory_bytes() const {
    return static_cast<std::int64_t>(slots_.capacity() * sizeof(slot) + texts_.capacity());
  }

 private:
  struct slot {
    std::uint64_t key = 0;
    std::uint64_t place = 0;  // offset << 8 | length; 0 is free
  };

  std::size_t home_of(std::uint64_t key) const {
    return static_cast<std::size_t>((mixed(key) << partition_bits) >> shift_);
  }
  void grow();

  std::vector<slot> slots_;  // a power of two, at most five eighths taken
  std::vector<char> texts_;
  std::size_t size_ = 0;
  int shift_ = 0;  // 64 - log2(slots)
};

using id_dictionary = std::vector<id_shard>;  // one per partition; empty where ids are numbers

// The texts of `from` that have another key in `into`, with both keys; texts new to `into` are added.
struct key_change {
  std::uint64_t from;
  std::uint64_t to;
};
using key_changes = std::vector<key_change>;  // nearly always empty
key_changes add_texts(id_dictionary& into, const id_dictionary& from);

namespace detail {

// The next key to try for a text whose key is taken; it stays in the partition.
inline std::uint64_t next_key(std::uint64_t key) {
  const std::size_t partition = partition_of(key);
  do {
    ++key;
  } while (partition_of(key) != partition);
  return key;
}

}  // namespace detail

inline std::uint64_t hash_of(std::string_view text) {
  // Odd multipliers with well spread bits; every step is one-to-one in the word it takes.
  constexpr std::uint64_t step = 0xFF51AFD7ED558CCD;
  constexpr std::uint64_t last = 0xC4CEB9FE1A85EC53;
  std::uint64_t hash = text.size() * last;
  std::size_t at = 0;
  const auto take = [&](std::uint64_t word) {
    hash = (hash ^ word) * step;
    hash ^= hash >> 32;
  };
  for (; at + 8 <= text.size(); at += 8) take(detail::load_word(text.data() + at, 8));
  if (at < text.size()) {
    if (text.size() >= 8) {
      take(detail::load_word(text.data() + text.size() - 8, 8));
    } else {
      take(detail::load_word(text.data(), text.size()));
    }
  }
  hash *= last;
  return hash ^ (hash >> 29);
}

inline std::uint64_t id_shard::key_of(std::string_view text, std::uint64_t hash) {
  if ((size_ + 1) * 8 > slots_.size() * 5) grow();
  std::uint64_t key = hash;
  for (std::size_t at = home_of(key);;) {
    slot& s = slots_[at];
    if (s.place == 0) {
      const std::size_t offset = texts_.size();
      texts_.insert(texts_.end(), text.begin(), text.end());
      s = {key, static_cast<std::uint64_t>(offset) << 8 | text.size()};
      ++size_;
      return key;
    }
    if (s.key != key) {
      at = (at + 1) & (slots_.size() - 1);
    } else if (text_at(s.place) == text) {
      return key;
    } else {
      key = detail::next_key(key);
      at = home_of(key);
    }
  }
}

inline std::uint64_t id_shard::place_of(std::uint64_t key) const {
  std::size_t at = home_of(key);
  while (slots_[at].key != key || slots_[at].place == 0) at = (at + 1) & (slots_.size() - 1);
  return slots_[at].place;
}

inline void id_shard::grow() {
  constexpr std::size_t first_size = 16;
  std::vector<slot> old(slots_.empty() ? first_size : slots_.size() * 2);
  old.swap(slots_);
  shift_ = 64 - std::countr_zero(slots_.size());
  for (const slot& s : old) {
    if (s.place == 0) continue;
    std::size_t at = home_of(s.key);
    while (slots_[at].place != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = s;
  }
}

inline key_changes add_texts(id_dictionary& into, const id_dictionary& from) {
  key_changes changes;
  for (std::size_t p = 0; p < from.size(); ++p) {
    from[p].for_each([&](std::uint64_t key, std::string_view text) {
      const std::uint64_t found = into[p].key_of(text, hash_of(text));
      if (found != key) changes.push_back({key, found});
    });
  }
  return changes;
}

}  // namespace kundenwert
