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
#include <tuple>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/model/fields.hpp"
#include "kundenwert/model/log_report.hpp"
#include "kundenwert/model/row_checks.hpp"

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

namespace detail {

inline constexpr code_names usual_renewals[] = {
    {static_cast<std::uint32_t>(renewal::automatic), "auto automatisch yes y true ja"},
    {static_cast<std::uint32_t>(renewal::manual), "manuell no n false nein"}};

inline constexpr code_names usual_contract_periods[] = {
    {static_cast<std::uint32_t>(contract_period::month), "monthly m monat monatlich"},
    {static_cast<std::uint32_t>(contract_period::quarter), "quarterly q quartal vierteljaehrlich"},
    {static_cast<std::uint32_t>(contract_period::half_year),
     "semiannual semiannually half_yearly halbjahr halbjaehrlich"},
    {static_cast<std::uint32_t>(contract_period::year), "yearly y annual annually jahr jaehrlich"}};

inline constexpr code_names usual_cancelled_by[] = {
    {static_cast<std::uint32_t>(cancelled_by::customer), "client kunde user"},
    {static_cast<std::uint32_t>(cancelled_by::us), "company business vendor provider seller wir anbieter"},
    {static_cast<std::uint32_t>(cancelled_by::none), "nobody niemand keiner"}};

}  // namespace detail

template <>
struct noun<contract_columns> {
  static constexpr table_kind kind = table_kind::contracts;
  static constexpr std::tuple fields{
      table_field{field_fact{.name = "contract_id",
                             .type = field_type::id,
                             .usual_names =
                                 "subscription_id agreement_id policy_id contract contract_number subscription vertrag "
                                 "vertrags_id vertrags_nr vertragsnummer id",
                             .meaning = "unique"},
                  &contract_columns::contract_id},
      table_field{field_fact{.name = "customer_id",
                             .type = field_type::id,
                             .is_required = true,
                             .usual_names = KW_CUSTOMER_ID_NAMES " contact_id",
                             .meaning = "whose contract"},
                  &contract_columns::customer_id},
      table_field{
          field_fact{.name = "start",
                     .type = field_type::day,
                     .is_required = true,
                     .usual_names =
                         "start_date starts_at started_at begin begin_date valid_from active_from effective_date "
                         "date_start beginn vertragsbeginn startdatum laufzeitbeginn",
                     .meaning = "the first active day"},
          &contract_columns::start},
      table_field{
          field_fact{.name = "signed",
                     .type = field_type::day,
                     .usual_names = "signed_on signed_at signed_date date_signed signing_date signature_date "
                                    "customer_signed_date abschluss abschlussdatum vertragsabschluss unterschrieben_am",
                     .meaning = "start where null"},
          &contract_columns::signed_on},
      table_field{
          field_fact{.name = "planned_end",
                     .type = field_type::day,
                     .usual_names = "planned_end_date term_end expires expires_at expiry expiry_date expiration_date "
                                    "current_period_end renewal_date geplantes_ende laufzeitende ablaufdatum",
                     .meaning = "exclusive; after start"},
          &contract_columns::planned_end},
      table_field{
          field_fact{.name = "end",
                     .type = field_type::day,
                     .usual_names =
                         "end_date ended_at ends_at termination_date terminated_at valid_to valid_until date_end "
                         "ende vertragsende enddatum beendet_am",
                     .meaning = "exclusive; after start; what finally happened"},
          &contract_columns::end},
      table_field{
          field_fact{.name = "notice",
                     .type = field_type::day,
                     .usual_names =
                         "notice_date cancellation_notice cancellation_date cancel_date cancelled_at cancelled_on "
                         "canceled_at canceled_on kuendigung kuendigungsdatum gekuendigt_am",
                     .meaning = "of cancellation; not before start"},
          &contract_columns::notice},
      table_field{
          field_fact{.name = "renewal",
                     .type = field_type::code,
                     .usual_names = "renewal_mode renewal_type auto_renew auto_renewal is_auto_renew verlaengerung",
                     .meaning = "automatic where null",
                     .codes = renewals,
                     .usual_codes = detail::usual_renewals},
          &contract_columns::renewal},
      table_field{
          field_fact{.name = "period",
                     .type = field_type::code,
                     .usual_names =
                         "billing_period billing_interval billing_cycle billing_frequency payment_interval interval "
                         "abrechnungszeitraum zahlweise turnus periode",
                     .meaning = "how often the recurring amount is paid; month where null",
                     .codes = contract_periods,
                     .usual_codes = detail::usual_contract_periods},
          &contract_columns::period},
      table_field{
          field_fact{.name = "recurring_amount",
                     .type = field_type::money,
                     .usual_names =
                         "recurring_revenue recurring_price subscription_amount plan_amount amount price fee beitrag "
                         "gebuehr betrag",
                     .meaning = "paid at the begin of each period; not negative"},
          &contract_columns::recurring_amount},
      table_field{field_fact{.name = "cancelled_by",
                             .type = field_type::code,
                             .usual_names = "canceled_by terminated_by gekuendigt_von",
                             .meaning = "who cancelled",
                             .codes = cancelled_by_codes,
                             .usual_codes = detail::usual_cancelled_by},
                  &contract_columns::cancelled_by}};
};

inline void require_contract_columns(const contract_columns& columns) { require_columns(columns); }

inline contract contract_at(const contract_columns& columns, std::int64_t row) {
  const row_checks check{row};
  check.check_id(columns.contract_id, "contract_id");
  check.require_id(columns.customer_id, "customer_id");
  contract out;
  out.start = check.required_day(columns.start, "start");
  out.signed_on = check.day(columns.signed_on, "signed");
  if (out.signed_on == no_day) out.signed_on = out.start;
  out.planned_end = check.day(columns.planned_end, "planned_end");
  check.check_order(out.start, out.planned_end, "planned_end", "start", false);
  out.end = check.day(columns.end, "end");
  check.check_order(out.start, out.end, "end", "start", false);
  out.notice = check.day(columns.notice, "notice");
  check.check_order(out.start, out.notice, "notice", "start");
  out.renewal = check.code(columns.renewal, renewals, "renewal", renewal::automatic);
  out.period = check.code(columns.period, contract_periods, "period", contract_period::month);
  out.recurring_amount = check.money(columns.recurring_amount, "recurring_amount");
  check.code<cancelled_by>(columns.cancelled_by, cancelled_by_codes, "cancelled_by");
  return out;
}

}  // namespace kundenwert
