// Concentration: on how few customers the value of a business rests. Lorenz curve, Gini coefficient, shares of the
// best customers, Herfindahl-Hirschman index. What customers cost more than they bring is the whale curve's subject
// (whale_curve.hpp).
//
// References: Gini (1912); Hirschman (1964), "The paternity of an index"; domain specification B3.2.
//
// paper       | name here              | unit      | domain
// x_(i)       | value                  | currency  | >= 0, i-th smallest
// L(p)        | value_share            | share     | share of the value that the share p of the smallest customers has
// G           | gini                   |           | 2 sum i x_(i) / (n sum x) - (n + 1) / n, in [0, 1 - 1/n]
// G n/(n-1)   | gini_corrected         |           | [0, 1]
// 1 - L(1-p)  | top_share              | share     | value of the share p of the largest customers
// HHI         | hhi                    |           | 10 000 sum share^2, in (0, 10 000]
// 1/sum s^2   | effective_customers    | customers | [1, n]: as many of equal size would be as concentrated
//
// L is linear between customers, so that every share of customers has a share of value. Null rows are left out and
// counted. Where there is no value (no rows, or only zeros) nothing is available: total_not_positive. Values are
// ordered before they are summed: no order of rows changes a bit.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/portfolio/abc.hpp"

namespace kundenwert::portfolio {

// A negative value is an error (domain), for the Lorenz curve and what is read from it are not defined; or its row is
// left out and counted.
enum class negative_values : std::int32_t { refuse = 1, leave_out = 2 };

struct concentration_options {
  negative_values negative = negative_values::refuse;
};

struct concentration_result {
  std::int64_t customers = 0;      // rows that count
  std::int64_t null_rows = 0;      // left out
  std::int64_t negative_rows = 0;  // left out, with negative_values::leave_out
  double total = not_available;    // 0 where every value is zero, NaN without rows
  double gini = not_available;
  double gini_corrected = not_available;  // NaN for one customer
  double top_10_share = not_available;    // of value
  double top_20_share = not_available;
  double share_of_customers_for_80 = not_available;  // the smallest share of customers with 80 % of the value
  double hhi = not_available;
  double effective_customers = not_available;
  kundenwert::reason reason = kundenwert::reason::none;  // total_not_positive
};

struct curve_point {
  double share_of_customers;
  double share_of_value;
};

// The curve behind the figures. O(n log n) to make, O(log n) to ask.
class lorenz_curve {
 public:
  // Throws domain with the row for a negative value, non_finite, unknown_code for the option, overflow for the total.
  explicit lorenz_curve(const column<double>& value, const concentration_options& options = {},
                        std::string_view argument = "value");

  std::int64_t customers() const { return static_cast<std::int64_t>(descending_.size()); }
  std::int64_t null_rows() const { return null_rows_; }
  std::int64_t negative_rows() const { return negative_rows_; }
  double total() const { return reached_.empty() ? not_available : reached_.back(); }
  bool is_available() const { return total() > 0; }

  // The following are NaN where is_available() is not; a share outside [0, 1] throws domain.
  double value_share(double share_of_customers) const;         // L(p) of the smallest customers
  double top_share(double share_of_customers) const;           // of the largest customers
  double share_of_customers_for(double share_of_value) const;  // the least share of the largest ones that has it
  double gini() const;
  double squared_shares() const;

  // The curve from (0, 0) to (1, 1), smallest customers first, n + 1 points; with most_points >= 2 at most so many of
  // them, spread evenly over the sum of both shares, so that neither the flat nor the steep part is lost. Empty where
  // not available. Throws domain for a most_points of 1 or below 0.
  std::vector<curve_point> points(std::int64_t most_points = 0) const;

 private:
  std::vector<double> descending_;
  std::vector<double> reached_;  // value of the first i + 1 in descending order
  std::int64_t null_rows_ = 0;
  std::int64_t negative_rows_ = 0;
};

// All figures of a column. Throws what lorenz_curve throws.
concentration_result concentration_of(const column<double>& value, const concentration_options& options = {},
                                      std::string_view argument = "value");

inline lorenz_curve::lorenz_curve(const column<double>& value, const concentration_options& options,
                                  std::string_view argument) {
  if (options.negative != negative_values::refuse && options.negative != negative_values::leave_out) {
    fail(error_code::unknown_code, "negative", "is none of refuse, leave_out");
  }
  for (std::int64_t row = 0; row < value.size(); ++row) {
    if (!value.is_valid(row)) {
      ++null_rows_;
      continue;
    }
    if (std::isinf(value[row])) fail_at(error_code::non_finite, argument, row, "is infinite");
    if (value[row] < 0) {
      if (options.negative == negative_values::refuse) {
        fail_at(error_code::domain, argument, row, "is negative: the whale curve takes negative values");
      }
      ++negative_rows_;
      continue;
    }
    descending_.push_back(value[row]);
  }
  std::sort(descending_.begin(), descending_.end(), std::greater<>());
  reached_.reserve(descending_.size());
  detail::compensated_sum sum;
  for (const double v : descending_) {
    sum.add(v);
    reached_.push_back(sum.value());
  }
  if (!reached_.empty() && !std::isfinite(reached_.back())) {
    fail(error_code::overflow, argument, "has a sum beyond the range of doubles");
  }
}

inline double lorenz_curve::top_share(double share_of_customers) const {
  require_share(share_of_customers, "share_of_customers");
  if (!is_available()) return not_available;
  const double place = share_of_customers * static_cast<double>(customers());
  const auto whole = std::min(static_cast<std::size_t>(place), descending_.size());
  if (whole == descending_.size()) return 1;
  const double before = whole == 0 ? 0 : reached_[whole - 1];
  return std::min((before + (place - static_cast<double>(whole)) * descending_[whole]) / total(), 1.0);
}

inline double lorenz_curve::value_share(double share_of_customers) const {
  require_share(share_of_customers, "share_of_customers");
  return 1 - top_share(1 - share_of_customers);
}

inline double lorenz_curve::share_of_customers_for(double share_of_value) const {
  require_share(share_of_value, "share_of_value");
  if (!is_available()) return not_available;
  const double wanted = share_of_value * total();
  if (wanted == 0) return 0;
  const auto found = std::lower_bound(reached_.begin(), reached_.end(), wanted);
  const auto whole = static_cast<std::size_t>(found - reached_.begin());
  const double before = whole == 0 ? 0 : reached_[whole - 1];
  const double place = static_cast<double>(whole) + (wanted - before) / descending_[whole];
  return std::min(place / static_cast<double>(customers()), 1.0);
}

inline double lorenz_curve::gini() const {
  if (!is_available()) return not_available;
  // sum (2i - n - 1) x_(i) / (n sum x): the same number without the difference of two large ones.
  const auto n = static_cast<double>(customers());
  detail::compensated_sum sum;
  for (std::size_t i = 0; i < descending_.size(); ++i) {
    sum.add((n - 1 - 2 * static_cast<double>(i)) / n * descending_[i]);
  }
  return std::max(sum.value() / total(), 0.0);
}

inline double lorenz_curve::squared_shares() const {
  if (!is_available()) return not_available;
  detail::compensated_sum sum;
  for (const double v : descending_) sum.add(v / total() * (v / total()));
  return sum.value();
}

inline std::vector<curve_point> lorenz_curve::points(std::int64_t most_points) const {
  if (most_points < 0 || most_points == 1) fail(error_code::domain, "most_points", "must be 0, or 2 or more");
  std::vector<curve_point> found;
  if (!is_available()) return found;
  const std::int64_t n = customers();
  const bool all = most_points == 0 || most_points > n;
  found.reserve(static_cast<std::size_t>(all ? n + 1 : most_points));
  found.push_back({0, 0});
  // Both shares go from 0 to 1, their sum from 0 to 2.
  std::int64_t next = 1;
  const double step = all ? 0 : 2 / static_cast<double>(most_points - 1);
  for (std::int64_t i = 1; i < n; ++i) {
    const curve_point at{static_cast<double>(i) / static_cast<double>(n),
                         1 - reached_[static_cast<std::size_t>(n - i - 1)] / total()};
    const double along = at.share_of_customers + at.share_of_value;
    if (all || along >= step * static_cast<double>(next)) {
      found.push_back(at);
      if (!all) next = static_cast<std::int64_t>(along / step) + 1;
    }
  }
  // A point that took the place of the last one.
  if (!all && static_cast<std::int64_t>(found.size()) == most_points) found.pop_back();
  found.push_back({1, 1});
  return found;
}

inline concentration_result concentration_of(const column<double>& value, const concentration_options& options,
                                             std::string_view argument) {
  // Shares of customers and of value that managers ask for.
  constexpr double top_tenth = 0.1;
  constexpr double top_fifth = 0.2;
  constexpr double most_value = 0.8;
  const lorenz_curve curve(value, options, argument);
  concentration_result found;
  found.customers = curve.customers();
  found.null_rows = curve.null_rows();
  found.negative_rows = curve.negative_rows();
  found.total = curve.total();
  if (!curve.is_available()) {
    found.reason = reason::total_not_positive;
    return found;
  }
  const auto n = static_cast<double>(found.customers);
  found.gini = curve.gini();
  if (found.customers > 1) found.gini_corrected = found.gini * (n / (n - 1));
  found.top_10_share = curve.top_share(top_tenth);
  found.top_20_share = curve.top_share(top_fifth);
  found.share_of_customers_for_80 = curve.share_of_customers_for(most_value);
  const double squares = curve.squared_shares();
  found.hhi = 10000 * squares;
  found.effective_customers = 1 / squares;
  return found;
}

}  // namespace kundenwert::portfolio
