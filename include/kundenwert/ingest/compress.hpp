// Distinct rows and their weights: a likelihood needs each (frequency, recency, T) once. Ten customers with the same
// three numbers are one row of weight ten; ten thousand covariate patterns stay ten thousand rows.
//
// The result depends on the rows alone, not on their order: distinct rows come in ascending order (first column first),
// and the weights of equal rows are added in ascending order of the weights. Without weights the sums are counts.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/prefetch.hpp"
#include "kundenwert/ingest/distribution_sort.hpp"

namespace kundenwert {

// Distinct rows of any number of columns, ascending by columns[0], then columns[1], ...
struct distinct_columns {
  std::vector<std::vector<double>> columns;
  std::vector<double> weight;        // sum of the weights of the rows that are equal
  std::vector<std::int64_t> row_of;  // one entry per input row: its distinct row; no_row where its weight is 0

  std::int64_t size() const { return static_cast<std::int64_t>(weight.size()); }
};

// The same for the three columns of a transaction model.
struct distinct_rows {
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> age;
  std::vector<double> weight;
  std::vector<std::int64_t> row_of;

  std::int64_t size() const { return static_cast<std::int64_t>(weight.size()); }
};

// A column to compress and what messages call it.
struct named_column {
  std::span<const double> values;
  std::string_view name;
};

// Distinct rows of one or more columns of one length, finite; -0 is 0. `weight` per row is finite and >= 0, empty for
// 1 each; rows of weight 0 are left out. At most 2^32 - 2 distinct rows.
// Throws empty (no columns), length_mismatch, missing, non_finite, sign (weight) for the smallest row, columns in
// order.
distinct_columns compress_columns(std::span<const named_column> columns, std::span<const double> weight = {});

// The same for frequency, recency and age ("T" in messages).
distinct_rows compress(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                       std::span<const double> weight = {});

namespace detail {

// Finds equal rows by hashing their bits. Rows of K columns lie one after the other in values_.
class row_table {
 public:
  explicit row_table(std::size_t width) : width_(width) { slots_.resize(first_slots); }

  // The number of the row with these values, in the order of first appearance.
  std::uint32_t number_of(const double* row, std::uint64_t hash) {
    if ((size_ + 1) * 2 > slots_.size()) grow();
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::size_t at = static_cast<std::size_t>(hash >> shift_);; at = (at + 1) & (slots_.size() - 1)) {
      slot& s = slots_[at];
      if (s.number_and_one == 0) {
        if (size_ >= UINT32_MAX - 1) fail(error_code::overflow, "rows", "more than 2^32 distinct rows");
        values_.insert(values_.end(), row, row + width_);
        s = {tag, static_cast<std::uint32_t>(++size_)};
        return s.number_and_one - 1;
      }
      if (s.tag == tag && is_equal(row, s.number_and_one - 1)) return s.number_and_one - 1;
    }
  }

  std::uint64_t hash_of_row(const double* row) const {
    constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;
    std::uint64_t hash = 0;
    for (std::size_t k = 0; k < width_; ++k) {
      hash = (hash ^ std::bit_cast<std::uint64_t>(row[k])) * golden_ratio;
      hash ^= hash >> 32;
    }
    return hash * golden_ratio;
  }
  // Begins to load what number_of will read first, and what it will read then.
  void expect_slot(std::uint64_t hash) const { prefetch(&slots_[static_cast<std::size_t>(hash >> shift_)]); }
  void expect_row(std::uint64_t hash) const {
    const std::uint32_t number_and_one = slots_[static_cast<std::size_t>(hash >> shift_)].number_and_one;
    if (number_and_one != 0) prefetch(values_.data() + (number_and_one - 1) * width_);
  }

  std::size_t size() const { return size_; }
  double value(std::uint32_t number, std::size_t column) const { return values_[number * width_ + column]; }

 private:
  static constexpr std::size_t first_slots = 1024;
  struct slot {
    std::uint32_t tag = 0;
    std::uint32_t number_and_one = 0;  // 0: free
  };

  bool is_equal(const double* row, std::uint32_t number) const {
    const double* const other = values_.data() + number * width_;
    for (std::size_t k = 0; k < width_; ++k) {
      if (row[k] != other[k]) return false;
    }
    return true;
  }
  void grow() {
    std::vector<slot> wider(slots_.size() * 2);
    const int shift = shift_ - 1;
    for (std::uint32_t n = 0; n < size_; ++n) {
      const std::uint64_t hash = hash_of_row(values_.data() + n * width_);
      auto at = static_cast<std::size_t>(hash >> shift);
      while (wider[at].number_and_one != 0) at = (at + 1) & (wider.size() - 1);
      wider[at] = {static_cast<std::uint32_t>(hash), n + 1};
    }
    slots_.swap(wider);
    shift_ = shift;
  }

  std::size_t width_;
  std::size_t size_ = 0;
  int shift_ = 64 - 10;  // 64 - log2(slots)
  std::vector<slot> slots_;
  std::vector<double> values_;
};

// A row on its way to its place: the column being sorted by, and its number in the table.
struct ordered_row {
  std::uint64_t order;
  std::uint32_t number;
};

inline void sort_rows(const row_table& table, std::size_t column, std::size_t columns, ordered_row* first,
                      ordered_row* last, std::vector<ordered_row>& scratch) {
  for (ordered_row* r = first; r != last; ++r) r->order = order_of(table.value(r->number, column));
  sort_by_order(first, last, scratch, [&](ordered_row* begin, ordered_row* end) {
    if (column + 1 < columns) sort_rows(table, column + 1, columns, begin, end, scratch);
  });
}

// Weights of equal rows, each sum taken in ascending order of its weights. `row_of` names the row for each weight.
inline std::vector<double> sums_in_order(std::span<const double> weight, const std::vector<std::int64_t>& row_of,
                                         std::size_t rows) {
  std::vector<std::size_t> ends(rows + 1, 0);
  for (const std::int64_t r : row_of) {
    if (r >= 0) ++ends[static_cast<std::size_t>(r) + 1];
  }
  for (std::size_t r = 1; r <= rows; ++r) ends[r] += ends[r - 1];
  std::vector<double> grouped(ends[rows]);
  for (std::size_t i = 0; i < weight.size(); ++i) {
    if (row_of[i] >= 0) grouped[ends[static_cast<std::size_t>(row_of[i])]++] = weight[i];
  }
  std::vector<double> sums(rows, 0);
  std::size_t begin = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    const auto first = grouped.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = grouped.begin() + static_cast<std::ptrdiff_t>(ends[r]);
    std::sort(first, last);
    for (auto w = first; w != last; ++w) sums[r] += *w;
    begin = ends[r];
  }
  return sums;
}

}  // namespace detail

inline distinct_columns compress_columns(std::span<const named_column> columns, std::span<const double> weight) {
  require_not_empty(static_cast<std::int64_t>(columns.size()), "columns");
  const std::size_t rows = columns[0].values.size();
  for (const auto& c : columns) {
    require_same_length(static_cast<std::int64_t>(rows), static_cast<std::int64_t>(c.values.size()), c.name);
  }
  if (!weight.empty()) {
    require_same_length(static_cast<std::int64_t>(rows), static_cast<std::int64_t>(weight.size()), "weight");
  }
  const std::size_t width = columns.size();
  detail::row_table table(width);
  distinct_columns out;
  out.row_of.resize(rows);
  // Rows go through the table in blocks, so that the reads of a block overlap.
  constexpr std::size_t block = 32;
  std::vector<double> values(block * width);
  std::uint64_t hashes[block];
  for (std::size_t begin = 0; begin < rows; begin += block) {
    const std::size_t count = std::min(block, rows - begin);
    for (std::size_t j = 0; j < count; ++j) {
      const auto i = static_cast<std::int64_t>(begin + j);
      for (std::size_t k = 0; k < width; ++k) {
        const double value = columns[k].values[begin + j];
        require_finite(value, columns[k].name, i);
        values[j * width + k] = value + 0.0;  // -0 becomes 0
      }
      if (!weight.empty()) require_not_negative(weight[begin + j], "weight", i);
      hashes[j] = table.hash_of_row(&values[j * width]);
      table.expect_slot(hashes[j]);
    }
    for (std::size_t j = 0; j < count; ++j) table.expect_row(hashes[j]);
    for (std::size_t j = 0; j < count; ++j) {
      const bool counts = weight.empty() || weight[begin + j] != 0;
      out.row_of[begin + j] = counts ? std::int64_t{table.number_of(&values[j * width], hashes[j])} : no_row;
    }
  }

  std::vector<detail::ordered_row> order(table.size());
  for (std::size_t d = 0; d < order.size(); ++d) order[d].number = static_cast<std::uint32_t>(d);
  std::vector<detail::ordered_row> scratch;
  detail::sort_rows(table, 0, width, order.data(), order.data() + order.size(), scratch);
  std::vector<std::uint32_t> place(order.size());
  out.columns.assign(width, std::vector<double>(order.size()));
  for (std::size_t d = 0; d < order.size(); ++d) {
    place[order[d].number] = static_cast<std::uint32_t>(d);
    for (std::size_t k = 0; k < width; ++k) out.columns[k][d] = table.value(order[d].number, k);
  }
  for (auto& r : out.row_of) {
    if (r != no_row) r = place[static_cast<std::size_t>(r)];
  }
  if (weight.empty()) {
    out.weight.assign(order.size(), 0);
    for (const std::int64_t r : out.row_of) out.weight[static_cast<std::size_t>(r)] += 1;
  } else {
    out.weight = detail::sums_in_order(weight, out.row_of, order.size());
  }
  return out;
}

inline distinct_rows compress(std::span<const double> frequency, std::span<const double> recency,
                              std::span<const double> age, std::span<const double> weight) {
  const named_column columns[] = {{frequency, "frequency"}, {recency, "recency"}, {age, "T"}};
  auto found = compress_columns(columns, weight);
  return {std::move(found.columns[0]), std::move(found.columns[1]), std::move(found.columns[2]),
          std::move(found.weight), std::move(found.row_of)};
}

}  // namespace kundenwert
