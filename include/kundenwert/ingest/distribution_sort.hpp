// Sorts items by a 64-bit number: distributes them over the range of the numbers as often as it takes, then inserts.
// Evenly spread numbers take one pass; skewed ones are distributed again within their bucket, at most 13 levels deep.
//
// References: Neubert (1998), "The Flashsort1 algorithm" (distribution over the range; here out of place).
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace kundenwert {

// Sorts [first, last) by item.order and calls ties(begin, end) for every stretch of two or more equal numbers, in
// ascending order; ties may rearrange its stretch and use `scratch` for that. Items are trivially copyable.
template <class Item, class Ties>
void sort_by_order(Item* first, Item* last, std::vector<Item>& scratch, Ties&& ties);

// A number that sorts as the doubles do; NaN excluded, -0 before 0.
inline std::uint64_t order_of(double value) {
  constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits & sign_bit) != 0 ? ~bits : bits | sign_bit;
}

// A number that sorts as the signed ones do.
inline std::uint64_t order_of(std::int64_t value) {
  return static_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63);
}

namespace detail {

template <class Item>
void distribute(Item* first, Item* last, std::vector<Item>& scratch) {
  constexpr std::size_t insertion_limit = 24;
  constexpr int most_bits = 10;
  const auto count = static_cast<std::size_t>(last - first);
  if (count <= insertion_limit) {
    for (Item* next = first; next != last; ++next) {
      const Item item = *next;
      Item* place = next;
      for (; place != first && item.order < place[-1].order; --place) *place = place[-1];
      *place = item;
    }
    return;
  }
  std::uint64_t lowest = first->order;
  std::uint64_t highest = lowest;
  for (const Item* item = first; item != last; ++item) {
    lowest = std::min(lowest, item->order);
    highest = std::max(highest, item->order);
  }
  if (lowest == highest) return;
  // At least five bits, so that the shift is below 60.
  const int bits = std::min(most_bits, static_cast<int>(std::bit_width(count)));
  const int shift = std::max(0, static_cast<int>(std::bit_width(highest - lowest)) - bits);
  const std::size_t buckets = std::size_t{1} << bits;
  std::size_t ends[(std::size_t{1} << most_bits) + 1];
  std::fill_n(ends, buckets + 1, std::size_t{0});
  for (const Item* item = first; item != last; ++item) ++ends[((item->order - lowest) >> shift) + 1];
  for (std::size_t b = 1; b <= buckets; ++b) ends[b] += ends[b - 1];
  if (scratch.size() < count) scratch.resize(count);
  for (const Item* item = first; item != last; ++item) scratch[ends[(item->order - lowest) >> shift]++] = *item;
  std::copy(scratch.begin(), scratch.begin() + static_cast<std::ptrdiff_t>(count), first);
  std::size_t begin = 0;
  for (std::size_t b = 0; b < buckets; ++b) {
    if (shift > 0 && ends[b] - begin > 1) distribute(first + begin, first + ends[b], scratch);
    begin = ends[b];
  }
}

}  // namespace detail

template <class Item, class Ties>
void sort_by_order(Item* first, Item* last, std::vector<Item>& scratch, Ties&& ties) {
  detail::distribute(first, last, scratch);
  while (first != last) {
    Item* end = first + 1;
    while (end != last && end->order == first->order) ++end;
    if (end - first > 1) ties(first, end);
    first = end;
  }
}

}  // namespace kundenwert
