// A contract: active on [start, effective end), paid a recurring amount at the begin of each of its periods.
//
// References: domain specification C (Contract), B4.1 (effective end, without looking ahead).
//
// name              | type       | meaning
// contract_id       | id         | optional; unique
// customer_id       | id         | required
// start             | civil day  | required; first active day
// signed            | civil day  | optional; start where null
// planned_end       | civil day  | optional, exclusive; > start
// end               | civil day  | optional, exclusive; > start; what finally happened, known from the notice on
// notice            | civil day  | optional; cancellation notice, >= start
// renewal           | code       | optional; automatic where null
// period            | code       | optional; month where null: how often the recurring amount is paid
// recurring_amount  | currency   | optional; >= 0; paid at the begin of each period
// cancelled_by      | code       | optional
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/model/log_report.hpp"

namespace kundenwert {

#define KW_RENEWALS(X)                                           \
  X(1, automatic, "goes on at the planned end unless cancelled") \
  X(2, manual, "ends at the planned end unless signed anew")
KW_DEFINE_CODES(renewal, renewals, KW_RENEWALS)

#define KW_CONTRACT_PERIODS(X)           \
  X(1, month, "a calendar month")        \
  X(2, quarter, "three calendar months") \
  X(3, half_year, "six calendar months") \
  X(4, year, "twelve calendar months")
KW_DEFINE_CODES(contract_period, contract_periods, KW_CONTRACT_PERIODS)

#define KW_CANCELLED_BY(X)       \
  X(1, customer, "the customer") \
  X(2, us, "the business")       \
  X(3, none, "nobody")
KW_DEFINE_CODES(cancelled_by, cancelled_by_codes, KW_CANCELLED_BY)

// Borrowed columns, of one length or empty where optional; codes are the numbers of their tables, 0 or null: not known.
struct contract_columns {
  id_column contract_id{};
  id_column customer_id{};
  column<std::int32_t> start{};
  column<std::int32_t> signed_on{};
  column<std::int32_t> planned_end{};
  column<std::int32_t> end{};
  column<std::int32_t> notice{};
  column<std::int32_t> renewal{};
  column<std::int32_t> period{};
  column<double> recurring_amount{};
  column<std::int32_t> cancelled_by{};

  std::int64_t size() const { return start.size(); }
};

struct contract {
  std::int32_t start = no_day;
  std::int32_t signed_on = no_day;    // start where nothing else is known; never no_day in a base
  std::int32_t planned_end = no_day;  // no_day: open
  std::int32_t end = no_day;
  std::int32_t notice = no_day;
  kundenwert::renewal renewal = renewal::automatic;
  contract_period period = contract_period::month;
  double recurring_amount = not_available;  // major unit; NaN where not known

  // The exclusive end as somebody on `as_of` knows it; no_day: open. The end itself once it has come; from the notice
  // on the end, or where that is not stated the planned one; before, none with automatic renewal and the planned one
  // without.
  std::int32_t effective_end(std::int32_t as_of) const {
    if (end != no_day && end <= as_of) return end;
    if (notice != no_day && notice <= as_of) return end != no_day ? end : planned_end;
    return renewal == renewal::automatic ? no_day : planned_end;
  }
  bool is_started(std::int32_t as_of) const { return start <= as_of; }
  bool is_active(std::int32_t as_of) const {
    const std::int32_t last = effective_end(as_of);
    return start <= as_of && (last == no_day || as_of < last);
  }
};

// Throws column_missing without customer_id or start, length_mismatch for columns of another length than start.
void require_contract_columns(const contract_columns& columns);

// The contract of one row. Throws missing (customer_id, start), encoding, date_range, date_order (planned_end or end
// not after start, notice before start), unknown_code, non_finite, sign or overflow (recurring_amount), each with the
// column's name and the row.
contract contract_at(const contract_columns& columns, std::int64_t row);

constexpr int months_of(contract_period period) {
  switch (period) {
    case contract_period::month:
      return 1;
    case contract_period::quarter:
      return 3;
    case contract_period::half_year:
      return 6;
    case contract_period::year:
      return 12;
  }
  return 0;
}

}  // namespace kundenwert
