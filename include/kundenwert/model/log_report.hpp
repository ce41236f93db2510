// What reading a transaction log met: rows read, left out, rejected, and what is worth a warning. Numbers of rows add
// up when parts are merged, so that the report does not depend on how the log was cut.
//
// References: the project's domain specification, bad-input policy.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/error.hpp"

namespace kundenwert {

// Civil days since 1970-01-01; no_day where a date is absent.
inline constexpr std::int32_t no_day = INT32_MIN;

// The columns of a transaction log, as errors and rejected rows name them.
enum class transaction_field : std::int32_t {
  customer_id = 1,
  date = 2,
  amount = 3,
  currency = 4,
  variable_cost = 5,
  transaction_id = 6,
  returns_transaction_id = 7
};

constexpr std::string_view name_of(transaction_field field) {
  switch (field) {
    case transaction_field::customer_id:
      return "customer_id";
    case transaction_field::date:
      return "date";
    case transaction_field::amount:
      return "amount";
    case transaction_field::currency:
      return "currency";
    case transaction_field::variable_cost:
      return "variable_cost";
    case transaction_field::transaction_id:
      return "transaction_id";
    case transaction_field::returns_transaction_id:
      return "returns_transaction_id";
  }
  return {};
}

// A row that was not taken: where, which column, and why.
struct rejected_row {
  std::int64_t row = no_row;  // 0-based over the whole input (all batches)
  transaction_field field = transaction_field::customer_id;
  error_code code = error_code::internal;

  bool operator==(const rejected_row&) const = default;
};

struct warning_count {
  warning_code code;
  std::int64_t count;

  bool operator==(const warning_count&) const = default;
};

struct log_report {
  std::int64_t rows_read = 0;          // all rows of all batches
  std::int64_t rows_anonymous = 0;     // without a customer id: checked, counted, left out
  std::int64_t returns_dropped = 0;    // negative amounts left out by returns_policy::drop
  std::int64_t amounts_rounded = 0;    // rows whose amount is no whole number of millionths
  std::int64_t id_blanks = 0;          // rows whose id begins or ends with a blank
  std::int32_t first_day = no_day;     // of the rows that were taken
  std::int32_t last_day = no_day;      // of the rows that were taken
  std::vector<rejected_row> rejected;  // row_mode::collect; ascending by row

  // Known once the dates are: filled in the report of a summary, 0 in that of an accumulator.
  std::int64_t rows_before_start = 0;
  std::int64_t rows_in_holdout = 0;
  std::int64_t rows_after_end = 0;          // after the end of everything looked at, hold-out included
  std::int64_t customers_returns_only = 0;  // rows in the observation, but no purchase day: no row of the summary
  std::int64_t customers_outside = 0;       // no row in the observation: no row of the summary

  bool operator==(const log_report&) const = default;

  // Rows that took part: neither anonymous nor rejected nor dropped.
  std::int64_t rows_taken() const {
    return rows_read - rows_anonymous - returns_dropped - static_cast<std::int64_t>(rejected.size());
  }

  // The warnings that apply, in the order of their codes; the count is in rows, for returns_only in customers.
  std::vector<warning_count> warnings() const {
    const warning_count all[] = {
        {warning_code::id_blanks, id_blanks},      {warning_code::amounts_rounded, amounts_rounded},
        {warning_code::after_end, rows_after_end}, {warning_code::before_start, rows_before_start},
        {warning_code::anonymous, rows_anonymous}, {warning_code::returns_only, customers_returns_only}};
    std::vector<warning_count> out;
    for (const auto& w : all) {
      if (w.count > 0) out.push_back(w);
    }
    return out;
  }
};

}  // namespace kundenwert
