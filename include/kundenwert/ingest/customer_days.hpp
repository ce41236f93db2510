// The store of exact mode: one entry of 16 bytes per customer-day (two where a day's money is above 8 million,
// and as many again for its variable cost), kept in segments that are cut into partitions by the customer's key.
// Grouping works on one partition at a time, in the cache and on any number of threads; sums are whole numbers, so
// nothing depends on the order of entries.
//
// bits of an entry's second word | meaning
// 63..47                         | day - earliest_day
// 46                             | a return took part
// 45                             | the amount counts 2^43 millionths
// 44                             | the amount is variable cost, not revenue
// 43..0                          | amount in millionths, two's complement
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/sum.hpp"
#include "kundenwert/ingest/batch_rows.hpp"
#include "kundenwert/ingest/customer_totals.hpp"
#include "kundenwert/ingest/ids.hpp"

namespace kundenwert {

struct customer_day_entry {
  std::uint64_t key;
  std::uint64_t packed;

  bool operator<(const customer_day_entry& other) const {
    return key != other.key ? key < other.key : packed < other.packed;
  }
};

// A vector's memory without the zeros: resize() leaves the new entries to be written.
template <class T>
struct unwritten_allocator : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = unwritten_allocator<U>;
  };
  template <class U>
  void construct(U* place) noexcept {
    ::new (static_cast<void*>(place)) U;
  }
  template <class U, class... Arguments>
  void construct(U* place, Arguments&&... arguments) {
    ::new (static_cast<void*>(place)) U(std::forward<Arguments>(arguments)...);
  }
};
using entry_vector = std::vector<customer_day_entry, unwritten_allocator<customer_day_entry>>;

// What an entry says beside its amount.
struct entry_facts {
  std::int32_t day = 0;
  bool has_return = false;
  bool is_cost = false;
};

// The two entries that an amount can need; the second only where is_wide().
struct packed_amount {
  static constexpr int narrow_bits = 43;
  static constexpr std::int64_t narrow_limit = std::int64_t{1} << narrow_bits;

  static bool is_wide(std::int64_t millionths) { return millionths >= narrow_limit || millionths < -narrow_limit; }
  static std::uint64_t narrow(const entry_facts& facts, std::int64_t millionths);
  static std::uint64_t wide(const entry_facts& facts, std::int64_t units);

  static std::int32_t day_of(std::uint64_t packed) { return static_cast<std::int32_t>(packed >> 47) + earliest_day; }
  static bool has_return(std::uint64_t packed) { return ((packed >> 46) & 1) != 0; }
  static bool is_cost(std::uint64_t packed) { return ((packed >> 44) & 1) != 0; }
  static exact_sum amount_of(std::uint64_t packed);
};

// How many entries one row adds, and what they are.
inline std::uint32_t entries_of(const row_money& money) {
  const std::uint32_t of_cost = money.cost == 0 ? 0 : packed_amount::is_wide(money.cost) ? 2 : 1;
  return of_cost + (packed_amount::is_wide(money.amount) ? 2 : 1);
}
template <class Sink>  // sink(entry)
void pack_row(std::uint64_t key, std::int32_t day, const row_money& money, Sink&& sink);

// Entries ordered by partition.
struct segment {
  entry_vector entries;
  std::vector<std::size_t> begin;  // partitions + 1
};

// Entries cut into partitions; a failed allocation changes nothing.
segment segment_of(const entry_vector& entries);

class customer_days {
 public:
  // Room so that the next append of up to `rows` entries, or of one segment, cannot fail.
  void reserve_tail(std::size_t rows) {
    if (tail_.size() + rows > tail_.capacity()) tail_.reserve(std::max(tail_.size() + rows, tail_.capacity() * 2));
  }
  void reserve_segments(std::size_t count) { segments_.reserve(segments_.size() + count); }
  void append(const customer_day_entry& entry) noexcept { tail_.push_back(entry); }
  void append(segment&& part) noexcept {
    entries_in_segments_ += part.entries.size();
    segments_.push_back(std::move(part));
  }

  // Copies the entries of another store, with the changed keys; a failed allocation changes nothing.
  void merge(const customer_days& other, const key_changes& changes);

  // Cuts a long tail into a segment, and merges equal customer-days where the store has grown fourfold since the last
  // time. Changes nothing that can be seen; a failed allocation leaves the store as it was.
  void settle(int threads);

  std::int64_t entries() const { return static_cast<std::int64_t>(entries_in_segments_ + tail_.size()); }
  std::int64_t memory_bytes() const;

  // Calls part(p, entries) for every partition p, its entries sorted by key and day; partitions at the same time on up
  // to `threads` threads.
  template <class Part>
  void for_each_partition(int threads, progress watch, Part&& part) const;

  // One part per group of partitions: customers folded over the window, in no stated order.
  std::vector<customer_part> fold(const day_window& window, int threads, progress watch) const;

 private:
  std::vector<segment> segments_;
  entry_vector tail_;  // small batches, not yet cut
  std::size_t entries_in_segments_ = 0;
  std::size_t settle_at_ = std::size_t{1} << 22;  // 64 MB
};

namespace detail {

inline constexpr std::size_t longest_tail = std::size_t{1} << 16;
// Partitions that one task works on: enough tasks for the threads to share, few enough to keep buffers.
inline constexpr std::int64_t partitions_per_task = 16;
inline constexpr std::int64_t partition_tasks = static_cast<std::int64_t>(partitions) / partitions_per_task;

// Sorts the entries of one partition by key and day. Keeps its memory from one partition to the next.
class partition_sorter {
 public:
  explicit partition_sorter(const std::vector<const segment*>& sources) : sources_(sources) {}

  // The sorted entries of the partition, valid until the next call.
  std::span<customer_day_entry> sorted(std::size_t partition) {
    std::size_t count = 0;
    for (const segment* s : sources_) count += s->begin[partition + 1] - s->begin[partition];
    if (entries_.size() < count) entries_.resize(count);
    // About four entries to a bucket: a customer's entries are together, and few other customers' with them.
    const int bits = std::max(0, static_cast<int>(std::bit_width(count)) - 3);
    const auto bucket_of = [bits](std::uint64_t key) {
      return bits == 0 ? std::size_t{0} : static_cast<std::size_t>((mixed(key) << partition_bits) >> (64 - bits));
    };
    ends_.assign((std::size_t{1} << bits) + 1, 0);
    for_each_entry(partition, [&](const customer_day_entry& e) { ++ends_[bucket_of(e.key) + 1]; });
    for (std::size_t b = 1; b < ends_.size(); ++b) ends_[b] += ends_[b - 1];
    for_each_entry(partition, [&](const customer_day_entry& e) { entries_[ends_[bucket_of(e.key)]++] = e; });
    std::size_t begin = 0;
    for (std::size_t b = 0; b + 1 < ends_.size(); ++b) {
      sort(begin, ends_[b]);
      begin = ends_[b];
    }
    return {entries_.data(), count};
  }

 private:
  template <class Visit>
  void for_each_entry(std::size_t partition, Visit&& visit) const {
    for (const segment* s : sources_) {
      const customer_day_entry* const end = s->entries.data() + s->begin[partition + 1];
      for (const customer_day_entry* e = s->entries.data() + s->begin[partition]; e != end; ++e) visit(*e);
    }
  }
  void sort(std::size_t begin, std::size_t end) {
    constexpr std::size_t insertion_limit = 24;
    customer_day_entry* const first = entries_.data() + begin;
    customer_day_entry* const last = entries_.data() + end;
    if (end - begin > insertion_limit) {
      std::sort(first, last);
      return;
    }
    for (customer_day_entry* next = first; next != last; ++next) {
      const customer_day_entry e = *next;
      customer_day_entry* place = next;
      for (; place != first && e < place[-1]; --place) *place = place[-1];
      *place = e;
    }
  }

  const std::vector<const segment*>& sources_;
  entry_vector entries_;
  std::vector<std::size_t> ends_;
};

// Calls day(key, customer_day) for each customer-day of sorted entries and customer(key) after the last one of a key.
template <class Day, class Customer>
void for_each_customer_day(std::span<const customer_day_entry> sorted, Day&& day, Customer&& customer) {
  for (std::size_t i = 0; i < sorted.size();) {
    const std::uint64_t key = sorted[i].key;
    do {
      customer_day d;
      const std::uint64_t packed_day = sorted[i].packed >> 47;
      d.day = packed_amount::day_of(sorted[i].packed);
      do {
        const std::uint64_t packed = sorted[i].packed;
        d.has_return |= packed_amount::has_return(packed);
        (packed_amount::is_cost(packed) ? d.cost : d.net).add(packed_amount::amount_of(packed));
        ++i;
      } while (i < sorted.size() && sorted[i].key == key && sorted[i].packed >> 47 == packed_day);
      day(key, d);
    } while (i < sorted.size() && sorted[i].key == key);
    customer(key);
  }
}

// Writes the entries of a sum; never more than were read for it.
template <class Sink>
void pack_sum(std::uint64_t key, const entry_facts& facts, const exact_sum& sum, Sink&& sink) {
  constexpr int bits = packed_amount::narrow_bits;
  constexpr std::int64_t limit = packed_amount::narrow_limit;
  const auto low = static_cast<std::int64_t>(sum.low());
  if (sum == exact_sum(low) && !packed_amount::is_wide(low)) {
    sink(customer_day_entry{key, packed_amount::narrow(facts, low)});
    return;
  }
  sink(customer_day_entry{key, packed_amount::narrow(facts, low & (limit - 1))});
  // |sum| < 2^106, 2^46 rows of the largest amount on one customer-day, so that the rest fits one word.
  auto rest = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum.high()) << (64 - bits) | sum.low() >> bits);
  while (rest != 0) {
    const std::int64_t piece = std::clamp(rest, -limit, limit - 1);
    sink(customer_day_entry{key, packed_amount::wide(facts, piece)});
    rest -= piece;
  }
}

template <class Sink>
void pack_day(std::uint64_t key, const customer_day& d, Sink&& sink) {
  pack_sum(key, {d.day, d.has_return, false}, d.net, sink);
  if (d.cost.sign() != 0) pack_sum(key, {d.day, d.has_return, true}, d.cost, sink);
}

template <class Sink>
void pack_amount(std::uint64_t key, const entry_facts& facts, std::int64_t millionths, Sink&& sink) {
  if (!packed_amount::is_wide(millionths)) {
    sink(customer_day_entry{key, packed_amount::narrow(facts, millionths)});
    return;
  }
  sink(customer_day_entry{key, packed_amount::narrow(facts, millionths & (packed_amount::narrow_limit - 1))});
  sink(customer_day_entry{key, packed_amount::wide(facts, millionths >> packed_amount::narrow_bits)});
}

}  // namespace detail

template <class Sink>
void pack_row(std::uint64_t key, std::int32_t day, const row_money& money, Sink&& sink) {
  const bool is_return = money.amount < 0;
  detail::pack_amount(key, {day, is_return, false}, money.amount, sink);
  if (money.cost != 0) detail::pack_amount(key, {day, is_return, true}, money.cost, sink);
}

inline std::uint64_t packed_amount::narrow(const entry_facts& facts, std::int64_t millionths) {
  constexpr std::uint64_t mask = (std::uint64_t{1} << 44) - 1;
  return static_cast<std::uint64_t>(facts.day - earliest_day) << 47 |
         static_cast<std::uint64_t>(facts.has_return) << 46 | static_cast<std::uint64_t>(facts.is_cost) << 44 |
         (static_cast<std::uint64_t>(millionths) & mask);
}

inline std::uint64_t packed_amount::wide(const entry_facts& facts, std::int64_t units) {
  return narrow(facts, units) | std::uint64_t{1} << 45;
}

inline exact_sum packed_amount::amount_of(std::uint64_t packed) {
  const std::int64_t value = static_cast<std::int64_t>(packed << 20) >> 20;
  if (((packed >> 45) & 1) == 0) return exact_sum(value);
  return exact_sum(value >> (64 - narrow_bits), static_cast<std::uint64_t>(value) << narrow_bits);
}

inline segment segment_of(const entry_vector& entries) {
  segment out;
  out.begin.assign(partitions + 1, 0);
  out.entries.resize(entries.size());
  for (const auto& e : entries) ++out.begin[partition_of(e.key) + 1];
  for (std::size_t p = 1; p <= partitions; ++p) out.begin[p] += out.begin[p - 1];
  std::vector<std::size_t> next(out.begin.begin(), out.begin.end() - 1);
  for (const auto& e : entries) out.entries[next[partition_of(e.key)]++] = e;
  return out;
}

inline void customer_days::merge(const customer_days& other, const key_changes& changes) {
  std::vector<segment> copies = other.segments_;
  entry_vector tail = other.tail_;
  const auto rename = [&](entry_vector& entries) {
    for (auto& e : entries) {
      for (const auto& c : changes) {
        if (e.key != c.from) continue;
        e.key = c.to;
        break;
      }
    }
  };
  for (auto& s : copies) rename(s.entries);
  rename(tail);
  reserve_segments(copies.size());
  reserve_tail(tail.size());
  for (auto& s : copies) append(std::move(s));
  for (const auto& e : tail) append(e);
}

inline void customer_days::settle(int threads) {
  if (tail_.size() >= detail::longest_tail) {
    reserve_segments(1);
    append(segment_of(tail_));
    tail_.clear();
  }
  if (entries_in_segments_ < settle_at_) return;
  std::vector<const segment*> sources;
  for (const auto& s : segments_) sources.push_back(&s);
  segment merged;
  merged.begin.assign(partitions + 1, 0);
  std::vector<entry_vector> parts(partitions);
  for_each_chunk(static_cast<std::int64_t>(partitions), detail::partitions_per_task, threads,
                 [&](std::int64_t, std::int64_t first, std::int64_t last) {
                   detail::partition_sorter sorter(sources);
                   for (auto p = static_cast<std::size_t>(first); p < static_cast<std::size_t>(last); ++p) {
                     const auto sorted = sorter.sorted(p);
                     std::size_t kept = 0;
                     detail::for_each_customer_day(
                         sorted,
                         [&](std::uint64_t key, const customer_day& d) {
                           detail::pack_day(key, d, [&](const customer_day_entry& e) { sorted[kept++] = e; });
                         },
                         [](std::uint64_t) {});
                     parts[p].assign(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(kept));
                     merged.begin[p + 1] = kept;
                   }
                 });
  for (std::size_t p = 1; p <= partitions; ++p) merged.begin[p] += merged.begin[p - 1];
  merged.entries.resize(merged.begin[partitions]);
  for (std::size_t p = 0; p < partitions; ++p) {
    std::copy(parts[p].begin(), parts[p].end(), merged.entries.begin() + static_cast<std::ptrdiff_t>(merged.begin[p]));
    parts[p] = entry_vector();
  }
  entries_in_segments_ = merged.entries.size();
  settle_at_ = std::max(settle_at_, entries_in_segments_ * 4);
  segments_.clear();
  segments_.push_back(std::move(merged));
}

inline std::int64_t customer_days::memory_bytes() const {
  std::size_t bytes = tail_.capacity() * sizeof(customer_day_entry);
  for (const auto& s : segments_) {
    bytes += s.entries.capacity() * sizeof(customer_day_entry) + s.begin.capacity() * sizeof(std::size_t);
  }
  return static_cast<std::int64_t>(bytes);
}

template <class Part>
void customer_days::for_each_partition(int threads, progress watch, Part&& part) const {
  const segment last = segment_of(tail_);
  std::vector<const segment*> sources;
  for (const auto& s : segments_) sources.push_back(&s);
  if (!last.entries.empty()) sources.push_back(&last);
  for_each_chunk(
      static_cast<std::int64_t>(partitions), detail::partitions_per_task, threads,
      [&](std::int64_t, std::int64_t first, std::int64_t end) {
        detail::partition_sorter sorter(sources);
        for (auto p = static_cast<std::size_t>(first); p < static_cast<std::size_t>(end); ++p) {
          part(p, std::span<const customer_day_entry>(sorter.sorted(p)));
        }
      },
      watch);
}

inline std::vector<customer_part> customer_days::fold(const day_window& window, int threads, progress watch) const {
  std::vector<customer_part> parts(partitions);
  for_each_partition(threads, watch, [&](std::size_t p, std::span<const customer_day_entry> sorted) {
    customer_totals totals;
    detail::for_each_customer_day(
        sorted, [&](std::uint64_t, const customer_day& d) { totals.take(d, window); },
        [&](std::uint64_t key) {
          parts[p].take(key, totals);
          totals = customer_totals();
        });
  });
  return parts;
}

}  // namespace kundenwert
