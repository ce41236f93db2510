// The store of ordered mode: a fixed state per customer, for logs in which the rows of each customer come in day order
// (the customers may be mixed). The day that is last seen stays open until a later one comes.
#pragma once

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/ingest/customer_totals.hpp"
#include "kundenwert/ingest/ids.hpp"

namespace kundenwert {

class running_customers {
 public:
  // Adds a row, or returns false where the customer already has a later day. May throw bad_alloc, then without effect.
  bool take(std::uint64_t key, std::int32_t day, std::int64_t millionths, const day_window& window);

  // Rows since the last keep() are undone by rollback(); customers first seen in them stay, without a day.
  void keep() noexcept;
  void rollback() noexcept;

  std::vector<customer_part> fold(const day_window& window, int threads, progress watch) const;
  std::int64_t memory_bytes() const {
    return static_cast<std::int64_t>(customers_.capacity() * sizeof(customer) +
                                     slots_.capacity() * sizeof(std::uint32_t) + saved_.capacity() * sizeof(customer));
  }

 private:
  struct customer {
    std::uint64_t key = 0;
    customer_totals closed;  // days before the open one
    customer_day open;
    bool is_saved = false;  // as it was at the last keep()
  };

  // The slot of a key, or the free one where it belongs; there are slots.
  std::size_t slot_of(std::uint64_t key) const {
    std::size_t at = static_cast<std::size_t>(mixed(key) >> shift_);
    while (slots_[at] != 0 && customers_[slots_[at] - 1].key != key) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  customer& find_or_add(std::uint64_t key);
  void grow();

  std::vector<customer> customers_;
  std::vector<std::uint32_t> slots_;  // index + 1 into customers_, 0 is free; a power of two
  std::vector<customer> saved_;
  int shift_ = 0;
};

inline bool running_customers::take(std::uint64_t key, std::int32_t day, std::int64_t millionths,
                                    const day_window& window) {
  customer& c = find_or_add(key);
  if (c.open.day != no_day && day < c.open.day) return false;
  if (!c.is_saved) {
    saved_.push_back(c);
    c.is_saved = true;
  }
  if (day != c.open.day) {
    if (c.open.day != no_day) c.closed.take(c.open, window);
    c.open = customer_day();
    c.open.day = day;
  }
  c.open.net.add(millionths);
  c.open.has_return |= millionths < 0;
  return true;
}

inline void running_customers::keep() noexcept {
  for (const auto& s : saved_) customers_[slots_[slot_of(s.key)] - 1].is_saved = false;
  saved_.clear();
}

inline void running_customers::rollback() noexcept {
  for (const auto& s : saved_) customers_[slots_[slot_of(s.key)] - 1] = s;
  saved_.clear();
}

inline running_customers::customer& running_customers::find_or_add(std::uint64_t key) {
  if ((customers_.size() + 1) * 8 > slots_.size() * 5) grow();
  const std::size_t at = slot_of(key);
  if (slots_[at] == 0) {
    if (customers_.size() >= UINT32_MAX - 1) fail(error_code::overflow, "customer_id", "more than 2^32 customers");
    customers_.emplace_back();
    customers_.back().key = key;
    slots_[at] = static_cast<std::uint32_t>(customers_.size());
  }
  return customers_[slots_[at] - 1];
}

inline void running_customers::grow() {
  constexpr std::size_t first_size = 16;
  std::vector<std::uint32_t> wider(slots_.empty() ? first_size : slots_.size() * 2, 0);
  slots_.swap(wider);
  shift_ = 64 - std::countr_zero(slots_.size());
  for (std::size_t i = 0; i < customers_.size(); ++i) {
    slots_[slot_of(customers_[i].key)] = static_cast<std::uint32_t>(i + 1);
  }
}

inline std::vector<customer_part> running_customers::fold(const day_window& window, int threads, progress watch) const {
  constexpr std::int64_t customers_per_part = 1 << 14;
  const auto count = static_cast<std::int64_t>(customers_.size());
  std::vector<customer_part> parts(static_cast<std::size_t>((count + customers_per_part - 1) / customers_per_part));
  for_each_chunk(
      count, customers_per_part, threads,
      [&](std::int64_t chunk, std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i) {
          const customer& c = customers_[static_cast<std::size_t>(i)];
          if (c.open.day == no_day) continue;
          customer_totals totals = c.closed;
          totals.take(c.open, window);
          parts[static_cast<std::size_t>(chunk)].take(c.key, totals);
        }
      },
      watch);
  return parts;
}

}  // namespace kundenwert
