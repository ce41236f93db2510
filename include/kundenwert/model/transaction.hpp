// The transaction log as columns: who, on which civil day, for how much. A negative amount is a return. Without ids of
// transactions, what a return means for its day is the returns_policy; with them, a return says what it gives back.
//
// name                | unit                        | domain
// customer_id         | int64 or UTF-8              | text of 1 to 128 bytes, never altered; null is an anonymous sale
// day                 | civil days since 1970-01-01 | 1900-01-01 to 2199-12-31
// amount              | major unit of the currency  | |amount| <= 1e12; negative is a return
// variable_cost       | major unit of the currency  | |variable_cost| <= 1e12; not positive for a return
// transaction_id      | int64 or UTF-8              | unique
// returns_transaction | int64 or UTF-8              | the transaction_id of the purchase a return gives back
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/model/log_report.hpp"

namespace kundenwert {

// Borrowed columns of one batch, all of one length or empty where optional. In messages they are customer_id, date,
// amount, currency.
//   customer_id      required; a null is an anonymous sale, counted and left out
//   day              required; null is an error
//   amount           optional; null, NaN and infinity are errors; rounded half-even to millionths
//   amount_minor     optional, instead of amount: exact minor units of minor_exponent digits (cents: 2)
//   minor_exponent   0 to 18; digits beyond the sixth are rounded half-even
//   currency         optional; every row must name the one currency of the run, null means that one
//   variable_cost    optional; what the goods of the row cost, of the amount's sign; null: not known for this row
//   transaction_id   optional; a null row has none and is neither a duplicate nor returned
//   returns_transaction_id  optional; on a return the purchase it belongs to; null: the return names none
// The last three are read by ingest/customer_base alone; the accumulator of summaries has no use for them.
struct transaction_columns {
  std::variant<column<std::int64_t>, text_column> customer_id{};
  column<std::int32_t> day{};
  column<double> amount{};
  column<std::int64_t> amount_minor{};
  int minor_exponent = 2;
  text_column currency{};
  column<double> variable_cost{};
  id_column transaction_id{};
  id_column returns_transaction_id{};

  bool has_text_ids() const { return std::holds_alternative<text_column>(customer_id); }
  bool has_amounts() const { return !amount.empty() || !amount_minor.empty(); }
  std::int64_t size() const { return day.size(); }
};

// What a negative amount means.
//   net     the amounts of a customer's day are added up; a day with a return counts as a purchase day only where the
//           sum stays above zero; its money counts in revenue either way
//   drop    rows with a negative amount are left out and counted
//   error   a negative amount is error sign
enum class returns_policy : std::int32_t { net = 1, drop = 2, error = 3 };

// What a bad row does.
//   strict    the first one (smallest row) throws and nothing of its batch is taken
//   collect   bad rows are left out and listed; a share above the limit is an error when the log is summarized
enum class row_mode : std::int32_t { strict = 1, collect = 2 };

}  // namespace kundenwert
