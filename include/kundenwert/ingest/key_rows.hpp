// From the ids of several tables to rows of one base: ids as keys, the distinct keys in the order of their ids, and the
// row of a key. Works partition by partition, so that threads share nothing and tables stay in the cache.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "kundenwert/base/column.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/prefetch.hpp"
#include "kundenwert/ingest/customer_days.hpp"
#include "kundenwert/ingest/id_order.hpp"
#include "kundenwert/ingest/ids.hpp"
#include "kundenwert/model/summary.hpp"

namespace kundenwert {

// Room so that `more` entries can be added to a list without a failure; grows by doubling.
template <class List>
void make_room(List& list, std::size_t more) {
  if (list.size() + more > list.capacity()) list.reserve(std::max(list.size() + more, list.capacity() * 2));
}

// Stands for the row of a key that the base does not have.
inline constexpr std::uint32_t no_base_row = UINT32_MAX;

// The keys of these rows of an id column: numbers are their own, texts are looked up, and added where they are new. A
// null has key 0. The ids are good ones. A failed allocation leaves texts in the dictionary that no row has.
std::vector<std::uint64_t> keys_of(const id_column& ids, std::span<const std::int64_t> rows, id_dictionary& dictionary,
                                   int threads);

// Numbers 0, 1, ... of keys, grouped by partition, ascending in each.
struct partitioned_keys {
  std::vector<std::uint32_t> numbers;
  std::vector<std::size_t> begin;  // partitions + 1
};
partitioned_keys partitioned(std::span<const std::uint64_t> keys);
// The same for the numbers below `count` that is_in(number) is true for, with key(number).
template <class IsIn, class Key>
partitioned_keys partitioned(std::size_t count, IsIn&& is_in, Key&& key);

// A set of keys; once they have been numbered in the order of their ids, the row of each.
class key_rows {
 public:
  key_rows() : shards_(partitions) {}

  // Adds a key of this partition; different partitions may be added to at the same time.
  void add(std::size_t partition, std::uint64_t key) { shards_[partition].add(key); }
  void add(std::span<const std::uint64_t> keys, int threads);

  // Numbers the keys by their ids and returns those; to be called once.
  customer_ids number(const id_dictionary& dictionary, bool is_text, int threads);

  // The row of a key; no_base_row where it was not added.
  std::uint32_t row_of(std::uint64_t key) const { return shards_[partition_of(key)].row_of(key); }
  std::vector<std::uint32_t> rows_of(std::span<const std::uint64_t> keys, int threads) const;

 private:
  class shard {
   public:
    void add(std::uint64_t key) {
      if ((size_ + 1) * 8 > slots_.size() * 5) grow();
      slot& s = slots_[slot_of(key)];
      size_ += s.is_taken ? 0 : 1;
      s = {key, no_base_row, true};
    }
    std::uint32_t row_of(std::uint64_t key) const { return slots_.empty() ? no_base_row : slots_[slot_of(key)].row; }
    const void* address_of(std::uint64_t key) const { return slots_.empty() ? nullptr : &slots_[home_of(key)]; }
    std::size_t size() const { return size_; }
    std::size_t slots() const { return slots_.size(); }
    bool is_taken(std::size_t at) const { return slots_[at].is_taken; }
    std::uint64_t key(std::size_t at) const { return slots_[at].key; }
    void set_row(std::size_t at, std::uint32_t row) { slots_[at].row = row; }

   private:
    struct slot {
      std::uint64_t key = 0;
      std::uint32_t row = no_base_row;
      bool is_taken = false;
    };
    std::size_t home_of(std::uint64_t key) const {
      return static_cast<std::size_t>((mixed(key) << partition_bits) >> shift_);
    }
    // Where the key is, or the free slot where it belongs.
    std::size_t slot_of(std::uint64_t key) const {
      std::size_t at = home_of(key);
      while (slots_[at].is_taken && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
      return at;
    }
    void grow() {
      constexpr std::size_t first_size = 16;
      std::vector<slot> old(slots_.empty() ? first_size : slots_.size() * 2);
      old.swap(slots_);
      shift_ = 64 - std::countr_zero(slots_.size());
      for (const slot& s : old) {
        if (s.is_taken) slots_[slot_of(s.key)] = s;
      }
    }

    std::vector<slot> slots_;  // a power of two
    std::size_t size_ = 0;
    int shift_ = 0;  // 64 - log2(slots)
  };

  std::vector<shard> shards_;
};

template <class IsIn, class Key>
partitioned_keys partitioned(std::size_t count, IsIn&& is_in, Key&& key) {
  partitioned_keys out;
  out.begin.assign(partitions + 1, 0);
  for (std::size_t i = 0; i < count; ++i) {
    if (is_in(i)) ++out.begin[partition_of(key(i)) + 1];
  }
  for (std::size_t p = 1; p <= partitions; ++p) out.begin[p] += out.begin[p - 1];
  std::vector<std::size_t> next(out.begin.begin(), out.begin.end() - 1);
  out.numbers.resize(out.begin[partitions]);
  for (std::size_t i = 0; i < count; ++i) {
    if (is_in(i)) out.numbers[next[partition_of(key(i))]++] = static_cast<std::uint32_t>(i);
  }
  return out;
}

inline partitioned_keys partitioned(std::span<const std::uint64_t> keys) {
  return partitioned(
      keys.size(), [](std::size_t) { return true; }, [&](std::size_t i) { return keys[i]; });
}

namespace detail {

// Below this many keys, cutting them into partitions costs more than it saves.
inline constexpr std::size_t few_keys = 4096;

// Calls body(partition, number) for every key, partitions on up to `threads` threads at the same time.
template <class Body>
void for_each_key(std::span<const std::uint64_t> keys, int threads, Body&& body) {
  if (keys.size() < few_keys) {
    for (std::size_t i = 0; i < keys.size(); ++i) body(partition_of(keys[i]), i);
    return;
  }
  const partitioned_keys cut = partitioned(keys);
  for_each_chunk(static_cast<std::int64_t>(partitions), partitions_per_task, threads,
                 [&](std::int64_t, std::int64_t first, std::int64_t last) {
                   for (auto p = static_cast<std::size_t>(first); p < static_cast<std::size_t>(last); ++p) {
                     for (std::size_t i = cut.begin[p]; i < cut.begin[p + 1]; ++i) {
                       body(p, static_cast<std::size_t>(cut.numbers[i]));
                     }
                   }
                 });
}

}  // namespace detail

inline std::vector<std::uint64_t> keys_of(const id_column& ids, std::span<const std::int64_t> rows,
                                          id_dictionary& dictionary, int threads) {
  std::vector<std::uint64_t> keys(rows.size(), 0);
  if (const auto* numbers = std::get_if<column<std::int64_t>>(&ids)) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (numbers->is_valid(rows[i])) keys[i] = static_cast<std::uint64_t>((*numbers)[rows[i]]);
    }
    return keys;
  }
  const auto& texts = std::get<text_column>(ids);
  if (dictionary.empty()) dictionary.resize(partitions);
  constexpr std::int64_t rows_per_chunk = 1 << 15;
  for_each_chunk(static_cast<std::int64_t>(rows.size()), rows_per_chunk, threads,
                 [&](std::int64_t, std::int64_t first, std::int64_t last) {
                   for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
                     if (texts.is_valid(rows[i])) keys[i] = hash_of(texts[rows[i]]);
                   }
                 });
  detail::for_each_key(keys, threads, [&](std::size_t p, std::size_t i) {
    if (texts.is_valid(rows[i])) keys[i] = dictionary[p].key_of(texts[rows[i]], keys[i]);
  });
  return keys;
}

inline void key_rows::add(std::span<const std::uint64_t> keys, int threads) {
  detail::for_each_key(keys, threads, [&](std::size_t p, std::size_t i) { shards_[p].add(keys[i]); });
}

inline customer_ids key_rows::number(const id_dictionary& dictionary, bool is_text, int threads) {
  struct keyed_slot {
    std::uint64_t key;
    std::uint32_t slot;
    std::uint32_t partition;
  };
  std::vector<std::vector<keyed_slot>> slots(partitions);
  for_each_chunk(
      static_cast<std::int64_t>(partitions), detail::partitions_per_task, threads,
      [&](std::int64_t, std::int64_t first, std::int64_t last) {
        for (auto p = static_cast<std::size_t>(first); p < static_cast<std::size_t>(last); ++p) {
          slots[p].reserve(shards_[p].size());
          for (std::size_t at = 0; at < shards_[p].slots(); ++at) {
            if (!shards_[p].is_taken(at)) continue;
            slots[p].push_back({shards_[p].key(at), static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(p)});
          }
        }
      });
  std::vector<std::span<keyed_slot>> parts;
  std::size_t count = 0;
  for (auto& s : slots) {
    parts.emplace_back(s);
    count += s.size();
  }
  if (count >= no_base_row) fail(error_code::overflow, "customer_id", "more than 2^32 customers");
  customer_ids ids;
  ids.is_text = is_text;
  if (is_text) {
    ids.offsets.assign(count + 1, 0);
  } else {
    ids.numbers.resize(count);
  }
  order_by_id(parts, dictionary, threads, {}, ids, [&](std::size_t row, const keyed_slot& s) {
    shards_[s.partition].set_row(s.slot, static_cast<std::uint32_t>(row));
  });
  return ids;
}

inline std::vector<std::uint32_t> key_rows::rows_of(std::span<const std::uint64_t> keys, int threads) const {
  std::vector<std::uint32_t> rows(keys.size());
  constexpr std::int64_t keys_per_chunk = 1 << 15;
  constexpr std::size_t ahead = 16;
  for_each_chunk(static_cast<std::int64_t>(keys.size()), keys_per_chunk, threads,
                 [&](std::int64_t, std::int64_t first, std::int64_t last) {
                   for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
                     if (i + ahead < keys.size()) {
                       const std::uint64_t later = keys[i + ahead];
                       prefetch(shards_[partition_of(later)].address_of(later));
                     }
                     rows[i] = row_of(keys[i]);
                   }
                 });
  return rows;
}

}  // namespace kundenwert
