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
#include <tuple>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/model/fields.hpp"
#include "kundenwert/model/log_report.hpp"
#include "kundenwert/model/row_checks.hpp"

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

namespace detail {

inline constexpr code_names usual_cost_heads[] = {
    {static_cast<std::uint32_t>(cost_head::acquisition), "akquise akquisition neukundengewinnung"},
    {static_cast<std::uint32_t>(cost_head::service), "support kundenservice"},
    {static_cast<std::uint32_t>(cost_head::care), "pflege betreuung kundenpflege"},
    {static_cast<std::uint32_t>(cost_head::marketing), "advertising werbung"},
    {static_cast<std::uint32_t>(cost_head::retention), "loyalty bindung kundenbindung"},
    {static_cast<std::uint32_t>(cost_head::win_back), "reactivation rueckgewinnung"},
    {static_cast<std::uint32_t>(cost_head::complaint), "complaints complaint_handling beschwerde"},
    {static_cast<std::uint32_t>(cost_head::data), "daten datenpflege"}};

}  // namespace detail

template <>
struct noun<cost_columns> {
  static constexpr table_kind kind = table_kind::costs;
  static constexpr std::tuple fields{
      table_field{
          field_fact{
              .name = "cost_id", .type = field_type::id, .usual_names = "record_id kosten_id id", .meaning = "unique"},
          &cost_columns::cost_id},
      table_field{field_fact{.name = "customer_id",
                             .type = field_type::id,
                             .usual_names = KW_CUSTOMER_ID_NAMES " contact_id",
                             .meaning = "for whom; null: for nobody in particular, still to allocate"},
                  &cost_columns::customer_id},
      table_field{field_fact{.name = "date",
                             .type = field_type::day,
                             .is_required = true,
                             .usual_names = "cost_date booking_date posting_date day created_at buchungsdatum datum",
                             .meaning = "of the cost"},
                  &cost_columns::day},
      table_field{field_fact{.name = "head",
                             .type = field_type::code,
                             .is_required = true,
                             .usual_names = "cost_head cost_type category type kind kostenart",
                             .meaning = "what it was for",
                             .codes = cost_heads,
                             .usual_codes = detail::usual_cost_heads},
                  &cost_columns::head},
      table_field{field_fact{.name = "amount",
                             .type = field_type::money,
                             .is_required = true,
                             .usual_names = "cost costs value total sum betrag kosten",
                             .meaning = "not negative"},
                  &cost_columns::amount}};
};

inline void require_cost_columns(const cost_columns& columns) { require_columns(columns); }

inline cost cost_at(const cost_columns& columns, std::int64_t row) {
  const row_checks check{row};
  check.check_id(columns.cost_id, "cost_id");
  check.check_id(columns.customer_id, "customer_id");
  cost out;
  out.day = check.required_day(columns.day, "date");
  out.head = check.code<cost_head>(columns.head, cost_heads, "head");
  if (out.head == cost_head{}) fail_at(error_code::missing, "head", row, "is null or 0");
  out.amount = millionths_of(check.required_money(columns.amount, "amount"));
  return out;
}

}  // namespace kundenwert
