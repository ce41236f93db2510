// The transaction log as columns: who, on which civil day, for how much. A negative amount is a return. Without ids of
// transactions, what a return means for its day is the returns_policy; with them, a return says what it gives back.
//
// name                | unit                        | domain
// customer_id         | int64 or UTF-8              | text of 1 to 128 bytes, never altered; null is an anonymous sale
// day                 | civil days since 1970-01-01 | 1900-01-01 to 2199-12-31
// amount              | major unit of the currency  | |amount| <= 1e12; negative is a return
// variable_cost       | major unit of the currency  | |variable_cost| <= 1e12, of the amount's sign
// transaction_id      | int64 or UTF-8              | unique
// returns_transaction | int64 or UTF-8              | the transaction_id of the purchase a return gives back
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/model/fields.hpp"
#include "kundenwert/model/log_report.hpp"

namespace kundenwert {

// Borrowed columns of one batch, all of one length or empty where optional. In messages they are customer_id, date,
// amount, currency, variable_cost, transaction_id, returns_transaction_id.
//   customer_id      required; a null is an anonymous sale, counted and left out
//   day              required; null is an error
//   amount           optional; null, NaN and infinity are errors; rounded half-even to millionths
//   amount_minor     optional, instead of amount: exact minor units of minor_exponent digits (cents: 2)
//   minor_exponent   0 to 18; digits beyond the sixth are rounded half-even
//   currency         optional; every row must name the one currency of the run, null means that one
//   variable_cost    optional; what the goods of the row cost, of the amount's sign (any where that is 0); null and NaN
//                    are error missing_cost: margin is known for every row or for none
//   transaction_id   optional; a null row has none and is neither a duplicate nor returned
//   returns_transaction_id  optional; on a return the purchase it belongs to; null: the return names none
// The last two are read by ingest/customer_base alone; the accumulator of summaries has no use for them.
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

template <>
struct noun<transaction_columns> {
  static constexpr table_kind kind = table_kind::transactions;
  static constexpr std::tuple fields{
      table_field{field_fact{.name = "customer_id",
                             .type = field_type::id,
                             .is_required = true,
                             .usual_names = KW_CUSTOMER_ID_NAMES " contact_id",
                             .meaning = "null is an anonymous sale"},
                  &transaction_columns::customer_id},
      table_field{
          field_fact{.name = "date",
                     .type = field_type::day,
                     .is_required = true,
                     .usual_names =
                         "transaction_date purchase_date order_date invoice_date ordered_at purchased_at paid_at "
                         "event_date event_time timestamp datetime order_time day created_at kaufdatum "
                         "bestelldatum rechnungsdatum belegdatum buchungsdatum datum",
                     .meaning = "of the purchase or return"},
          &transaction_columns::day},
      exact_money_field{
          field_fact{.name = "amount",
                     .type = field_type::money,
                     .usual_names =
                         "revenue net_revenue net_amount total_amount transaction_amount purchase_amount order_value "
                         "order_total total_price total "
                         "grand_total value sales turnover price spend sum betrag nettobetrag netto umsatz summe wert",
                     .meaning = "net of discounts and taxes; negative is a return"},
          &transaction_columns::amount, &transaction_columns::amount_minor, &transaction_columns::minor_exponent},
      table_field{field_fact{.name = "currency",
                             .type = field_type::text,
                             .usual_names = "currency_code iso_currency waehrung",
                             .meaning = "one in a run; null means that one"},
                  &transaction_columns::currency},
      table_field{
          field_fact{.name = "variable_cost",
                     .type = field_type::money,
                     .usual_names =
                         "variable_costs cogs cost_of_goods cost_of_goods_sold cost wareneinsatz einstandswert kosten",
                     .meaning = "what the goods cost, of the sign of the amount"},
          &transaction_columns::variable_cost},
      table_field{field_fact{.name = "transaction_id",
                             .type = field_type::id,
                             .usual_names = "txn_id transaction_number transaktions_id transaktionsnummer id",
                             .meaning = "unique"},
                  &transaction_columns::transaction_id},
      table_field{
          field_fact{.name = "returns_transaction_id",
                     .type = field_type::id,
                     .usual_names =
                         "returns_txn_id returned_transaction_id refunded_transaction_id original_transaction_id "
                         "return_of refund_of",
                     .meaning = "on a return, the purchase it gives back"},
          &transaction_columns::returns_transaction_id}};
};

}  // namespace kundenwert
