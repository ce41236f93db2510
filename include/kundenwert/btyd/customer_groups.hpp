// Customers who share a number that is an argument elsewhere (a discount rate of their own), as one call for each.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "kundenwert/base/column.hpp"
#include "kundenwert/model/summary.hpp"

namespace kundenwert::btyd {

// Rows of equal value, values ascending, rows in their order; the values are numbers.
inline std::vector<std::vector<std::size_t>> rows_by_value(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<std::vector<std::size_t>> groups;
  for (const std::size_t row : order) {
    if (groups.empty() || values[groups.back().front()] != values[row]) groups.emplace_back();
    groups.back().push_back(row);
  }
  return groups;
}

// Some rows of columns, copied; null is NaN.
class gathered_customers {
 public:
  gathered_customers(const summary_columns& from, std::span<const std::size_t> rows) {
    const auto take = [&](const column<double>& c) {
      std::vector<double> out;
      if (c.empty()) return out;
      out.reserve(rows.size());
      for (const std::size_t row : rows) {
        const auto i = static_cast<std::int64_t>(row);
        out.push_back(c.is_valid(i) ? c[i] : not_available);
      }
      return out;
    };
    values_ = {take(from.frequency), take(from.recency), take(from.age),  take(from.monetary_value),
               take(from.revenue),   take(from.tenure),  take(from.ended)};
    beside_.reserve(from.covariates.size());
    for (const auto& c : from.covariates) {
      beside_.push_back(take(c.values));
      covariates_.push_back({c.name, beside_.back()});
    }
  }
  gathered_customers(const gathered_customers&) = delete;
  gathered_customers& operator=(const gathered_customers&) = delete;

  // Borrowed from this object.
  summary_columns columns() const {
    return {.frequency = values_[0],
            .recency = values_[1],
            .age = values_[2],
            .monetary_value = values_[3],
            .revenue = values_[4],
            .tenure = values_[5],
            .ended = values_[6],
            .covariates = covariates_};
  }

 private:
  std::vector<std::vector<double>> values_;
  std::vector<std::vector<double>> beside_;
  std::vector<covariate_column> covariates_;
};

}  // namespace kundenwert::btyd
