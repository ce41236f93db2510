// A cost record: what acquiring, serving, caring for or winning back a customer cost on a day.
//
// References: domain specification C (CostRecord), B1.1 (heads).
//
// name         | type       | meaning
// cost_id      | id         | optional; unique
// customer_id  | id         | optional per row; null: a cost of the whole business, still to allocate
// date         | civil day  | required
// head         | code       | required
// amount       | currency   | required; >= 0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/model/log_report.hpp"

namespace kundenwert {

#define KW_COST_HEADS(X)                    \
  X(1, acquisition, "winning the customer") \
  X(2, service, "serving")                  \
  X(3, care, "caring for the relationship") \
  X(4, marketing, "marketing")              \
  X(5, retention, "keeping")                \
  X(6, win_back, "winning back")            \
  X(7, complaint, "handling complaints")    \
  X(8, data, "collecting and maintaining data")
KW_DEFINE_CODES(cost_head, cost_heads, KW_COST_HEADS)

// Borrowed columns, of one length or empty where optional; codes are the numbers of their tables, 0 or null: not known.
struct cost_columns {
  id_column cost_id{};
  id_column customer_id{};
  column<std::int32_t> day{};
  column<std::int32_t> head{};
  column<double> amount{};

  std::int64_t size() const { return day.size(); }
};

struct cost {
  std::int32_t day = no_day;
  cost_head head{};
  std::int64_t amount = 0;  // millionths of the currency's unit
};

// Throws column_missing without date, head or amount, length_mismatch for columns of another length than date.
void require_cost_columns(const cost_columns& columns);

// The cost of one row. Throws missing (date, head, amount), encoding, date_range, unknown_code, non_finite, sign or
// overflow (amount above 1e12), each with the column's name and the row. A null customer_id is a cost to allocate.
cost cost_at(const cost_columns& columns, std::int64_t row);

}  // namespace kundenwert
