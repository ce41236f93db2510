// A complaint: a case a customer opens, with its way to a solution.
//
// References: domain specification C (Case/Complaint), B4.3 (open complaint, bad outcome).
//
// name                | type       | meaning
// complaint_id        | id         | optional; unique
// customer_id         | id         | required
// opened              | civil day  | required
// first_response      | civil day  | optional; >= opened
// resolved            | civil day  | optional; >= first_response (or opened); the last solution
// reopened            | civil day  | optional; >= opened; the last time it was opened again
// kind                | code       | optional; complaint where null
// severity            | number     | optional; 1, 2 or 3
// satisfaction        | number     | optional; 0 to 100, with the outcome
// resolution          | code       | optional
// compensation        | currency   | optional; >= 0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/model/log_report.hpp"

namespace kundenwert {

#define KW_CASE_KINDS(X)                                  \
  X(1, complaint, "dissatisfaction that was said")        \
  X(2, claim, "dissatisfaction with a legal entitlement") \
  X(3, suggestion, "suggestion")                          \
  X(4, hint, "hint")                                      \
  X(5, praise, "praise")
KW_DEFINE_CODES(case_kind, case_kinds, KW_CASE_KINDS)

#define KW_RESOLUTIONS(X)          \
  X(1, refund, "refund")           \
  X(2, replacement, "replacement") \
  X(3, repair, "repair")           \
  X(4, apology, "apology")         \
  X(5, info, "information")        \
  X(6, rejected, "rejected")       \
  X(7, none, "none")
KW_DEFINE_CODES(resolution, resolutions, KW_RESOLUTIONS)

// Borrowed columns, of one length or empty where optional; codes are the numbers of their tables, 0 or null: not known.
struct complaint_columns {
  id_column complaint_id{};
  id_column customer_id{};
  column<std::int32_t> opened{};
  column<std::int32_t> first_response{};
  column<std::int32_t> resolved{};
  column<std::int32_t> reopened{};
  column<std::int32_t> kind{};
  column<double> severity{};
  column<double> satisfaction{};
  column<std::int32_t> resolution{};
  column<double> compensation{};

  std::int64_t size() const { return opened.size(); }
};

struct complaint {
  std::int32_t opened = no_day;
  std::int32_t first_response = no_day;
  std::int32_t resolved = no_day;  // no_day: not yet
  std::int32_t reopened = no_day;
  case_kind kind = case_kind::complaint;
  double satisfaction = not_available;

  // Suggestions, hints and praise endanger nothing.
  bool is_dissatisfaction() const { return kind == case_kind::complaint || kind == case_kind::claim; }
  // The day since which it is open for somebody on `as_of`; no_day where it is not. A case opened again is open from
  // that day; before it is known to be resolved only where `resolved` is not after the reopening.
  std::int32_t open_since(std::int32_t as_of) const {
    if (opened > as_of) return no_day;
    const bool is_reopened = reopened != no_day && reopened <= as_of;
    const std::int32_t since = is_reopened ? reopened : opened;
    const bool is_resolved = resolved != no_day && resolved <= as_of && resolved >= since;
    return is_resolved ? no_day : since;
  }
};

// Throws column_missing without customer_id or opened, length_mismatch for columns of another length than opened.
void require_complaint_columns(const complaint_columns& columns);

// The complaint of one row. Throws missing (customer_id, opened), encoding, date_range, date_order (first_response or
// reopened before opened, resolved before first_response or opened), unknown_code, non_finite, domain (severity other
// than 1, 2, 3; satisfaction outside 0 to 100), sign or overflow (compensation), each with the column's name and the
// row.
complaint complaint_at(const complaint_columns& columns, std::int64_t row);

}  // namespace kundenwert
