// Distinct rows and their weights: a likelihood needs each (frequency, recency, T) once. Ten customers with the same
// three numbers are one row of weight ten; ten thousand covariate patterns stay ten thousand rows.
//
// The result depends on the set of rows alone, not on their order: distinct rows come in ascending order (first
// column first), and the weights of equal rows are summed exactly and rounded once.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace kundenwert {

// Distinct rows of any number of columns, ascending by columns[0], then columns[1], ...
struct distinct_columns {
  std::vector<std::vector<double>> columns;
  std::vector<double> weight;        // sum of the weights of the rows that are equal
  std::vector<std::int64_t> row_of;  // one entry per input row: its distinct row; -1 where the input weight is 0

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

// Distinct rows of `columns` (one or more, all of one length, finite) with `weight` per row (>= 0, finite; empty: 1
// each). -0 is 0. Rows of weight 0 are left out.
// Throws missing, non_finite, sign with the column's number ("column 2") or "weight", and the smallest row.
distinct_columns compress_columns(std::span<const std::span<const double>> columns,
                                  std::span<const double> weight = {});

// The same for frequency, recency and age.
distinct_rows compress(std::span<const double> frequency, std::span<const double> recency, std::span<const double> age,
                       std::span<const double> weight = {});

}  // namespace kundenwert
