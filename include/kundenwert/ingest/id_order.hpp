// Customers put in the order of their ids and written as the columns of a summary. Numbers are ordered by value, texts
// by bytes. A first distribution over the range of the ids gives every thread whole stretches of the result.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/prefetch.hpp"
#include "kundenwert/ingest/customer_days.hpp"
#include "kundenwert/ingest/customer_totals.hpp"
#include "kundenwert/ingest/distribution_sort.hpp"
#include "kundenwert/ingest/ids.hpp"
#include "kundenwert/model/summary.hpp"

namespace kundenwert {

// Which columns a summary gets.
struct summary_contents {
  bool has_text_ids = false;
  bool has_amounts = false;
  bool has_holdout = false;
};

// Puts the items of all parts in the order of their ids: writes the ids and calls write(row, item) for every row, on up
// to `threads` threads at the same time. An item has a `key`; keys are distinct, and those of texts are used up. `ids`
// has its type and one entry per item: numbers, or offsets that are 0.
template <class Item, class Write>
void order_by_id(const std::vector<std::span<Item>>& parts, const id_dictionary& dictionary, int threads,
                 progress watch, customer_ids& ids, Write&& write);

// Fills ids and the columns of `out` (its unit set) with the customers of all parts, ascending by id. The keys of text
// ids are used up.
void write_customers(std::vector<customer_part>& parts, const id_dictionary& dictionary, const day_window& window,
                     const summary_contents& contents, int threads, progress watch, summary& out);

namespace detail {

// An item and a number that sorts as its id does; texts that share the number are told apart by themselves.
template <class Item>
struct placed_item {
  std::uint64_t order;
  Item* item;
};

// Texts by their place: partition in the upper ten bits, place within its part of the dictionary below.
inline std::string_view text_at_place(const id_dictionary& dictionary, std::uint64_t place) {
  constexpr int place_bits = 64 - partition_bits;
  return dictionary[static_cast<std::size_t>(place >> place_bits)].text_at(place &
                                                                           ((std::uint64_t{1} << place_bits) - 1));
}

// Length of the longest common beginning.
inline std::size_t common_prefix(std::string_view a, std::string_view b) {
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t length = 0;
  while (length < most && a[length] == b[length]) ++length;
  return length;
}

// Eight bytes of a text from `at` on as a number that sorts as they do; missing bytes are 0.
inline std::uint64_t bytes_in_order(std::string_view text, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = at; i < at + 8; ++i) {
    value = value << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
  }
  return value;
}

// Replaces the keys of texts by their places; returns the length of what all texts begin with.
template <class Item>
std::size_t place_texts(const std::vector<std::span<Item>>& parts, const id_dictionary& dictionary, int threads) {
  std::vector<std::string_view> prefixes(parts.size());
  for_each_chunk(static_cast<std::int64_t>(parts.size()), partitions_per_task, threads,
                 [&](std::int64_t, std::int64_t first, std::int64_t last) {
                   for (auto p = static_cast<std::size_t>(first); p < static_cast<std::size_t>(last); ++p) {
                     for (Item& item : parts[p]) {
                       const std::size_t partition = partition_of(item.key);
                       const std::uint64_t place = dictionary[partition].place_of(item.key);
                       item.key = static_cast<std::uint64_t>(partition) << (64 - partition_bits) | place;
                       const std::string_view text = dictionary[partition].text_at(place);
                       if (prefixes[p].empty() && &item == parts[p].data()) prefixes[p] = text;
                       prefixes[p] = prefixes[p].substr(0, common_prefix(prefixes[p], text));
                     }
                   }
                 });
  bool is_first = true;
  std::string_view prefix;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    if (parts[p].empty()) continue;
    prefix = is_first ? prefixes[p] : prefix.substr(0, common_prefix(prefix, prefixes[p]));
    is_first = false;
  }
  return prefix.size();
}

// The columns a summary has, made long enough on several threads: fresh memory is slow to touch first.
inline void resize_columns(summary& out, std::size_t rows, const summary_contents& contents, int threads) {
  const auto resize = [&](std::int64_t column) {
    switch (column) {
      case 0:
        return contents.has_text_ids ? out.ids.offsets.assign(rows + 1, 0) : out.ids.numbers.resize(rows);
      case 1:
        return out.frequency.resize(rows);
      case 2:
        return out.recency.resize(rows);
      case 3:
        return out.age.resize(rows);
      case 4:
        return out.monetary_value.resize(contents.has_amounts ? rows : 0);
      case 5:
        return out.revenue.resize(contents.has_amounts ? rows : 0);
      case 6:
        return out.holdout_frequency.resize(contents.has_holdout ? rows : 0);
      case 7:
        return out.holdout_revenue.resize(contents.has_holdout && contents.has_amounts ? rows : 0);
      case 8:
        return out.log_interval_sum.resize(rows);
      case 9:
        out.first_purchase.resize(rows);
        return out.acquired_before_start.resize(rows);
      default:
        return out.last_purchase.resize(rows);
    }
  };
  constexpr std::int64_t columns = 11;
  for_each_chunk(columns, 1, threads, [&](std::int64_t column, std::int64_t, std::int64_t) { resize(column); });
}

// The unit of a summary's times, in days.
struct unit_length {
  double days;
  double log_days;

  explicit unit_length(double d) : days(d), log_days(std::log(d)) {}
};

// Writes one customer as row i of the summary, without the id.
inline void write_row(summary& out, std::size_t i, const customer_record& r, const day_window& window,
                      const summary_contents& contents, const unit_length& unit) {
  out.frequency[i] = r.frequency;
  out.recency[i] = static_cast<double>(r.last_purchase - r.first_purchase) / unit.days;
  out.age[i] = static_cast<double>(window.end - r.first_purchase) / unit.days;
  out.log_interval_sum[i] = r.log_days - r.frequency * unit.log_days;
  out.first_purchase[i] = r.first_purchase;
  out.last_purchase[i] = r.last_purchase;
  out.acquired_before_start[i] = r.acquired_before_start ? 1 : 0;
  if (contents.has_amounts) {
    out.monetary_value[i] = r.monetary_value;
    out.revenue[i] = r.revenue;
  }
  if (contents.has_holdout) {
    out.holdout_frequency[i] = r.holdout_frequency;
    if (contents.has_amounts) out.holdout_revenue[i] = r.holdout_revenue;
  }
}

}  // namespace detail

inline void write_customers(std::vector<customer_part>& parts, const id_dictionary& dictionary,
                            const day_window& window, const summary_contents& contents, int threads, progress watch,
                            summary& out) {
  std::vector<std::span<customer_record>> records;
  std::size_t rows = 0;
  for (auto& p : parts) {
    records.emplace_back(p.records);
    rows += p.records.size();
  }
  detail::resize_columns(out, rows, contents, threads);
  out.ids.is_text = contents.has_text_ids;
  const detail::unit_length unit(days_per(out.unit));
  order_by_id(records, dictionary, threads, watch, out.ids, [&](std::size_t row, const customer_record& r) {
    detail::write_row(out, row, r, window, contents, unit);
  });
}

template <class Item, class Write>
void order_by_id(const std::vector<std::span<Item>>& parts, const id_dictionary& dictionary, int threads,
                 progress watch, customer_ids& ids, Write&& write) {
  using placed_item = detail::placed_item<Item>;
  const std::size_t prefix = ids.is_text ? detail::place_texts(parts, dictionary, threads) : 0;
  const auto place_in_order = [&](const Item& item) {
    return ids.is_text ? detail::bytes_in_order(detail::text_at_place(dictionary, item.key), prefix)
                       : order_of(static_cast<std::int64_t>(item.key));
  };
  const auto part_count = static_cast<std::int64_t>(parts.size());
  const auto for_each_part = [&](auto&& body) {
    for_each_chunk(part_count, detail::partitions_per_task, threads,
                   [&](std::int64_t task, std::int64_t first, std::int64_t last) {
                     for (std::int64_t p = first; p < last; ++p) {
                       body(static_cast<std::size_t>(task), static_cast<std::size_t>(p));
                     }
                   });
  };

  // The customers of all parts with their orders, and the range of those.
  std::vector<std::size_t> begins(parts.size() + 1, 0);
  for (std::size_t p = 0; p < parts.size(); ++p) begins[p + 1] = begins[p] + parts[p].size();
  const std::size_t rows = begins.back();
  if (rows == 0) return;
  std::vector<placed_item, unwritten_allocator<placed_item>> unordered(rows);
  std::vector<std::uint64_t> lowest(parts.size(), UINT64_MAX);
  std::vector<std::uint64_t> highest(parts.size(), 0);
  for_each_part([&](std::size_t, std::size_t p) {
    std::size_t at = begins[p];
    for (Item& item : parts[p]) {
      const std::uint64_t order = place_in_order(item);
      lowest[p] = std::min(lowest[p], order);
      highest[p] = std::max(highest[p], order);
      unordered[at++] = {order, &item};
    }
  });

  // Stretches of about a thousand customers, cut by order.
  const std::uint64_t least = *std::min_element(lowest.begin(), lowest.end());
  const std::uint64_t most = *std::max_element(highest.begin(), highest.end());
  const int bits = std::clamp(static_cast<int>(std::bit_width(rows)) - 10, 0, 11);
  const int shift = std::max(0, static_cast<int>(std::bit_width(most - least)) - bits);
  // A range of 64 bits in one stretch is a shift by 64, which the language leaves undefined.
  const auto stretch_of = [&](std::uint64_t order) {
    return bits == 0 ? std::size_t{0} : static_cast<std::size_t>((order - least) >> shift);
  };
  const std::size_t stretches = std::size_t{1} << bits;
  const auto tasks =
      static_cast<std::size_t>((part_count + detail::partitions_per_task - 1) / detail::partitions_per_task);
  std::vector<std::size_t> next(tasks * stretches, 0);
  for_each_part([&](std::size_t task, std::size_t p) {
    for (std::size_t i = begins[p]; i < begins[p + 1]; ++i) ++next[task * stretches + stretch_of(unordered[i].order)];
  });
  std::vector<std::size_t> stretch_begins(stretches + 1, rows);
  std::size_t at = 0;
  for (std::size_t s = 0; s < stretches; ++s) {
    stretch_begins[s] = at;
    for (std::size_t t = 0; t < tasks; ++t) {
      const std::size_t count = next[t * stretches + s];
      next[t * stretches + s] = at;
      at += count;
    }
  }
  std::vector<placed_item, unwritten_allocator<placed_item>> ordered(rows);
  for_each_part([&](std::size_t task, std::size_t p) {
    for (std::size_t i = begins[p]; i < begins[p + 1]; ++i) {
      ordered[next[task * stretches + stretch_of(unordered[i].order)]++] = unordered[i];
    }
  });

  const auto sort_texts = [&](placed_item* first, placed_item* last) {
    if (!ids.is_text) return;
    std::sort(first, last, [&](const placed_item& a, const placed_item& b) {
      return detail::text_at_place(dictionary, a.item->key) < detail::text_at_place(dictionary, b.item->key);
    });
  };
  constexpr std::int64_t stretches_per_task = 16;
  const auto for_each_stretch = [&](auto&& body, progress p) {
    for_each_chunk(
        static_cast<std::int64_t>(stretches), stretches_per_task, threads,
        [&](std::int64_t, std::int64_t first, std::int64_t last) {
          body(stretch_begins[static_cast<std::size_t>(first)], stretch_begins[static_cast<std::size_t>(last)],
               static_cast<std::size_t>(first), static_cast<std::size_t>(last));
        },
        p);
  };
  for_each_stretch(
      [&](std::size_t first_row, std::size_t last_row, std::size_t first, std::size_t last) {
        std::vector<placed_item> scratch;
        for (std::size_t s = first; s < last; ++s) {
          sort_by_order(ordered.data() + stretch_begins[s], ordered.data() + stretch_begins[s + 1], scratch,
                        sort_texts);
        }
        for (std::size_t i = first_row; i < last_row; ++i) {
          constexpr std::size_t ahead = 16;
          if (i + ahead < last_row) prefetch(ordered[i + ahead].item);
          Item& item = *ordered[i].item;
          if (ids.is_text) {
            constexpr std::uint64_t length_mask = 0xFF;
            ids.offsets[i + 1] = static_cast<std::int64_t>(item.key & length_mask);
          } else {
            ids.numbers[i] = static_cast<std::int64_t>(item.key);
          }
          write(i, item);
        }
      },
      watch);
  if (!ids.is_text) return;
  for (std::size_t i = 0; i < rows; ++i) ids.offsets[i + 1] += ids.offsets[i];
  ids.text.resize(static_cast<std::size_t>(ids.offsets.back()));
  for_each_stretch(
      [&](std::size_t first_row, std::size_t last_row, std::size_t, std::size_t) {
        for (std::size_t i = first_row; i < last_row; ++i) {
          const std::string_view text = detail::text_at_place(dictionary, ordered[i].item->key);
          std::copy(text.begin(), text.end(), ids.text.begin() + ids.offsets[i]);
        }
      },
      {});
}

}  // namespace kundenwert
