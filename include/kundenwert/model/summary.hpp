// The summary of a transaction log: one row per customer with the statistics that classification and BTYD models
// read. Built by ingest/summary from transactions, or from columns a caller already has.
//
// References: Fader, Hardie & Lee (2005), "RFM and CLV"; Fader & Hardie, note 004.
//
// paper | name here       | unit                | domain
// x     | frequency       | purchase days       | whole number >= 0, repeat purchases
// t_x   | recency         | time unit           | [0, age], age of the customer at the last purchase; 0 where x = 0
// T     | age             | time unit           | >= 0, from the first purchase to the end of observation
// m_x   | monetary_value  | currency            | mean of the repeat purchase days; NaN (null) where x = 0
// litt  | log_interval_sum | ln(time unit)     | sum of ln(time between purchase days), the first included; 0 where
//       |                  |                   | x = 0
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/model/log_report.hpp"

namespace kundenwert {

// Ids of customers in ascending order (numbers by value, text by bytes); empty where rows came without ids.
struct customer_ids {
  bool is_text = false;
  std::vector<std::int64_t> numbers;
  std::string text;                   // all ids, one after the other
  std::vector<std::int64_t> offsets;  // size() + 1 entries into text when is_text

  std::int64_t size() const {
    if (!is_text) return static_cast<std::int64_t>(numbers.size());
    return offsets.empty() ? 0 : static_cast<std::int64_t>(offsets.size()) - 1;
  }
  std::string_view text_at(std::int64_t row) const {
    const auto i = static_cast<std::size_t>(row);
    return std::string_view(text).substr(static_cast<std::size_t>(offsets[i]),
                                         static_cast<std::size_t>(offsets[i + 1] - offsets[i]));
  }
};

// A property of the customers that a model may take into account: a number per customer, never null. A category is one
// column of 0 and 1 for each of its values but one.
struct covariate_column {
  std::string name;
  column<double> values{};
};

// Borrowed columns of customers: what models read. All of one length, or empty where the model at hand has no use for
// them; the header of a model says which it reads.
//   frequency          whole numbers >= 0
//   recency            in [0, age]; 0 where frequency is 0
//   age                >= 0 ("T" in the literature and in messages)
//   monetary_value     >= 0 or null
//   log_interval_sum   finite; read by the models of regular purchases (k > 1)
//   revenue            of all purchases, the first included; read by gamma_gamma_all
//   tenure             whole numbers >= 0: renewals so far; read by contractual models
//   ended              1 where the contract ended with the next period, 0 where it runs
//   covariates         by name
struct summary_columns {
  column<double> frequency{};
  column<double> recency{};
  column<double> age{};
  column<double> monetary_value{};
  column<double> log_interval_sum{};
  column<double> revenue{};
  column<double> tenure{};
  column<double> ended{};
  std::span<const covariate_column> covariates{};
};

// One row per customer, ordered by id. Columns are of one length or empty where the source had nothing to say.
struct summary {
  time_unit unit = time_unit::day;
  std::int32_t start = no_day;  // observation is [start, end], both inclusive
  std::int32_t end = no_day;
  std::int32_t holdout_end = no_day;  // hold-out is (end, holdout_end]
  std::string currency;               // ISO 4217 where known

  customer_ids ids;
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> age;
  std::vector<double> monetary_value;    // NaN where frequency is 0; empty without amounts
  std::vector<double> log_interval_sum;  // empty where the source had no dates

  std::vector<std::int32_t> first_purchase;         // civil days, within [start, end]
  std::vector<std::int32_t> last_purchase;          // civil days
  std::vector<double> revenue;                      // net of returns, first purchase included; empty without amounts
  std::vector<std::uint8_t> acquired_before_start;  // 1: bought before start, so age and frequency are cut off
  std::vector<double> holdout_frequency;            // purchase days in the hold-out; empty without hold-out
  std::vector<double> holdout_revenue;              // net of returns; empty without hold-out or amounts

  log_report log;  // what reading the transactions met; empty for a summary of a caller's own columns

  std::int64_t size() const { return static_cast<std::int64_t>(frequency.size()); }

  // What RFM reads of a row: days from the last purchase to the end, and purchase days with the first one.
  double days_since_purchase(std::size_t row) const { return static_cast<double>(end - last_purchase[row]); }
  double purchase_days(std::size_t row) const { return frequency[row] + 1; }
};

// The three statistics of one customer.
struct summary_row {
  double frequency;
  double recency;
  double age;
};

// Throws for the first row that is no possible customer; `row` is its number in the input.
inline void require_summary_row(const summary_row& r, std::int64_t row) {
  require_not_negative(r.frequency, "frequency", row);
  if (r.frequency != std::floor(r.frequency)) {
    fail_at(error_code::not_integer, "frequency", row, "is no whole number: " + std::to_string(r.frequency));
  }
  require_not_negative(r.recency, "recency", row);
  require_not_negative(r.age, "T", row);
  if (r.recency > r.age) {
    fail_at(error_code::recency_order, "recency", row,
            std::to_string(r.recency) + " is larger than T, " + std::to_string(r.age));
  }
  if (r.frequency == 0 && r.recency != 0) {
    fail_at(error_code::domain, "recency", row, "must be 0 for a customer without repeat purchases");
  }
  if (r.frequency > 0 && r.recency == 0) {
    fail_at(error_code::domain, "recency", row, "must be above 0 for a customer with repeat purchases");
  }
}

// Checks lengths and every row of the borrowed columns that a summary has, too. Null and NaN are accepted in
// monetary_value, log_interval_sum and revenue.
inline void require_summary_columns(const summary_columns& c) {
  require_same_length(c.frequency.size(), c.recency.size(), "recency");
  require_same_length(c.frequency.size(), c.age.size(), "T");
  if (!c.monetary_value.empty()) {
    require_same_length(c.frequency.size(), c.monetary_value.size(), "monetary_value");
  }
  const auto require_length = [&](const column<double>& values, std::string_view name) {
    if (!values.empty()) require_same_length(c.frequency.size(), values.size(), name);
  };
  require_length(c.log_interval_sum, "log_interval_sum");
  require_length(c.revenue, "revenue");
  for (std::int64_t i = 0; i < c.frequency.size(); ++i) {
    const auto require_valid = [&](const column<double>& values, std::string_view name) {
      if (!values.validity.is_valid(i)) fail_at(error_code::missing, name, i, "is null");
    };
    require_valid(c.frequency, "frequency");
    require_valid(c.recency, "recency");
    require_valid(c.age, "T");
    require_summary_row({c.frequency[i], c.recency[i], c.age[i]}, i);
    if (!c.monetary_value.empty() && c.monetary_value.is_valid(i)) {
      require_not_negative(c.monetary_value[i], "monetary_value", i);
    }
    const auto require_finite_or_null = [&](const column<double>& values, std::string_view name) {
      if (!values.empty() && values.is_valid(i)) require_finite(values[i], name, i);
    };
    require_finite_or_null(c.log_interval_sum, "log_interval_sum");
    require_finite_or_null(c.revenue, "revenue");
  }
}

// A summary of a caller's own columns, copied and checked: frequency, recency, age, and those given of monetary_value,
// log_interval_sum and revenue, whose nulls become NaN. It has no ids and no dates.
inline summary summary_from_columns(const summary_columns& c, time_unit unit) {
  days_per(unit);
  require_summary_columns(c);
  summary out;
  out.unit = unit;
  out.frequency.assign(c.frequency.values.begin(), c.frequency.values.end());
  out.recency.assign(c.recency.values.begin(), c.recency.values.end());
  out.age.assign(c.age.values.begin(), c.age.values.end());
  const auto copy = [](const column<double>& from, std::vector<double>& to) {
    to.reserve(from.values.size());
    for (std::int64_t i = 0; i < from.size(); ++i) to.push_back(from.is_valid(i) ? from[i] : not_available);
  };
  copy(c.monetary_value, out.monetary_value);
  copy(c.log_interval_sum, out.log_interval_sum);
  copy(c.revenue, out.revenue);
  return out;
}

}  // namespace kundenwert
