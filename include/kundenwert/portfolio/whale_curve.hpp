// The whale curve: profit cumulated from the most profitable customer down. It rises above the whole profit and comes
// back to it by the customers who cost more than they bring.
//
// References: Kaplan & Narayanan (2001), "Measuring and managing customer profitability"; domain specification B3.2.
//
// term          | name here          | unit     | domain
// profit        | profit             | currency | finite or null, any sign
// whale curve   | points             | share    | (share of customers, cumulated profit / total profit)
// peak          | peak_share         | share    | >= 1: profit without those who cost, over the total
// at the peak   | profitable_share   | share    | share of customers with a profit above zero
//
// Null rows are left out and counted. Where the total is not positive nothing is available: total_not_positive.
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
#include "kundenwert/portfolio/concentration.hpp"

namespace kundenwert::portfolio {

struct whale_result {
  std::int64_t customers = 0;
  std::int64_t null_rows = 0;
  double total = not_available;
  double peak_share = not_available;
  double profitable_share = not_available;
  std::vector<curve_point> points;  // one per customer, best first; empty where not available
  kundenwert::reason reason = kundenwert::reason::none;
};

// The curve; with most_points >= 2 at most so many points: evenly spaced customers, the last profitable one and the
// last one of all among them. O(n log n). Throws non_finite with the row, overflow for the total, domain for a
// most_points of 1 or below 0.
inline whale_result whale_curve(const column<double>& profit, std::int64_t most_points = 0,
                                std::string_view argument = "profit") {
  if (most_points < 0 || most_points == 1) fail(error_code::domain, "most_points", "must be 0, or 2 or more");
  whale_result found;
  std::vector<double> descending;
  for (std::int64_t row = 0; row < profit.size(); ++row) {
    if (!profit.is_valid(row)) {
      ++found.null_rows;
      continue;
    }
    if (std::isinf(profit[row])) fail_at(error_code::non_finite, argument, row, "is infinite");
    descending.push_back(profit[row]);
  }
  found.customers = static_cast<std::int64_t>(descending.size());
  std::sort(descending.begin(), descending.end(), std::greater<>());
  detail::compensated_sum sum;
  for (const double v : descending) sum.add(v);
  if (!descending.empty()) found.total = sum.value();
  if (!descending.empty() && !std::isfinite(found.total)) {
    fail(error_code::overflow, argument, "has a sum beyond the range of doubles");
  }
  if (!(found.total > 0)) {
    found.reason = reason::total_not_positive;
    return found;
  }
  const std::size_t n = descending.size();
  std::size_t profitable = 0;
  while (profitable < n && descending[profitable] > 0) ++profitable;
  const bool all = most_points == 0 || most_points >= found.customers;
  // One place is kept for the last profitable customer.
  const std::size_t spread = all ? n : static_cast<std::size_t>(most_points - 1);
  std::size_t next = 1;
  sum = {};
  for (std::size_t i = 0; i < n; ++i) {
    sum.add(descending[i]);
    const curve_point at{static_cast<double>(i + 1) / static_cast<double>(n), sum.value() / found.total};
    const bool is_peak = i + 1 == profitable;
    if (is_peak) {
      found.peak_share = at.share_of_value;
      found.profitable_share = at.share_of_customers;
    }
    const bool is_due = i + 1 >= (next * n + spread - 1) / spread;
    if (is_due) ++next;
    if (is_due || is_peak) found.points.push_back(at);
  }
  return found;
}

}  // namespace kundenwert::portfolio
