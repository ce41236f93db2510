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
#include <cmath>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/model/fields.hpp"
#include "kundenwert/model/log_report.hpp"
#include "kundenwert/model/row_checks.hpp"

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

namespace detail {

inline constexpr code_names usual_case_kinds[] = {
    {static_cast<std::uint32_t>(case_kind::complaint), "beschwerde problem incident"},
    {static_cast<std::uint32_t>(case_kind::claim), "warranty_claim reklamation anspruch"},
    {static_cast<std::uint32_t>(case_kind::suggestion), "idea vorschlag anregung"},
    {static_cast<std::uint32_t>(case_kind::hint), "notice hinweis"},
    {static_cast<std::uint32_t>(case_kind::praise), "compliment thanks lob"}};

inline constexpr code_names usual_resolutions[] = {
    {static_cast<std::uint32_t>(resolution::refund), "refunded money_back erstattung"},
    {static_cast<std::uint32_t>(resolution::replacement), "replaced exchange ersatz umtausch"},
    {static_cast<std::uint32_t>(resolution::repair), "repaired reparatur"},
    {static_cast<std::uint32_t>(resolution::apology), "apologised apologized entschuldigung"},
    {static_cast<std::uint32_t>(resolution::info),
     "information explanation closed_with_explanation auskunft erklaerung"},
    {static_cast<std::uint32_t>(resolution::rejected), "denied declined abgelehnt"},
    {static_cast<std::uint32_t>(resolution::none), "nothing keine"}};

}  // namespace detail

template <>
struct noun<complaint_columns> {
  static constexpr table_kind kind = table_kind::complaints;
  static constexpr std::tuple fields{
      table_field{field_fact{.name = "complaint_id",
                             .type = field_type::id,
                             .usual_names =
                                 "case_id ticket_id case_number ticket_number complaint_number vorgangsnummer fall_id "
                                 "beschwerde_id reklamationsnummer id",
                             .meaning = "unique"},
                  &complaint_columns::complaint_id},
      table_field{field_fact{.name = "customer_id",
                             .type = field_type::id,
                             .is_required = true,
                             .usual_names = KW_CUSTOMER_ID_NAMES " contact_id",
                             .meaning = "who complained"},
                  &complaint_columns::customer_id},
      table_field{field_fact{.name = "opened",
                             .type = field_type::day,
                             .is_required = true,
                             .usual_names =
                                 "opened_at opened_on date_opened open_date date_received received_at created_at "
                                 "created_date create_date case_date date eroeffnet_am eroeffnet eingangsdatum eingang "
                                 "beschwerdedatum datum",
                             .meaning = "on which day the case began"},
                  &complaint_columns::opened},
      table_field{
          field_fact{.name = "first_response",
                     .type = field_type::day,
                     .usual_names =
                         "first_response_at first_responded_on first_responded_at first_reply_at first_reply_date "
                         "responded_at response_date erste_antwort erstantwort",
                     .meaning = "not before opened"},
          &complaint_columns::first_response},
      table_field{
          field_fact{.name = "resolved",
                     .type = field_type::day,
                     .usual_names = "resolved_at resolved_on date_resolved resolution_date solved_at closed closed_at "
                                    "closed_date date_closed close_date geloest_am geloest erledigt_am geschlossen_am "
                                    "abgeschlossen_am",
                     .meaning = "the last solution; not before first_response or opened"},
          &complaint_columns::resolved},
      table_field{field_fact{.name = "reopened",
                             .type = field_type::day,
                             .usual_names = "reopened_at reopened_on reopen_date wiedereroeffnet_am wiedereroeffnet",
                             .meaning = "the last time it was opened again; not before opened"},
                  &complaint_columns::reopened},
      table_field{field_fact{.name = "kind",
                             .type = field_type::code,
                             .usual_names = "case_type ticket_type complaint_type type category beschwerdeart art",
                             .meaning = "complaint where null",
                             .codes = case_kinds,
                             .usual_codes = detail::usual_case_kinds},
                  &complaint_columns::kind},
      table_field{field_fact{.name = "severity",
                             .type = field_type::number,
                             .usual_names = "severity_level schwere schweregrad",
                             .meaning = "1, 2 or 3"},
                  &complaint_columns::severity},
      table_field{field_fact{.name = "satisfaction",
                             .type = field_type::number,
                             .usual_names = "outcome_satisfaction satisfaction_score zufriedenheit",
                             .meaning = "with the outcome, 0 to 100"},
                  &complaint_columns::satisfaction},
      table_field{field_fact{.name = "resolution",
                             .type = field_type::code,
                             .usual_names = "resolution_type outcome solution company_response loesung ergebnis",
                             .meaning = "how it was solved",
                             .codes = resolutions,
                             .usual_codes = detail::usual_resolutions},
                  &complaint_columns::resolution},
      table_field{field_fact{.name = "compensation",
                             .type = field_type::money,
                             .usual_names = "compensation_amount refund_amount goodwill kulanz entschaedigung",
                             .meaning = "not negative"},
                  &complaint_columns::compensation}};
};

inline void require_complaint_columns(const complaint_columns& columns) { require_columns(columns); }

inline complaint complaint_at(const complaint_columns& columns, std::int64_t row) {
  constexpr double worst_severity = 3;
  constexpr double full_satisfaction = 100;
  const row_checks check{row};
  check.check_id(columns.complaint_id, "complaint_id");
  check.require_id(columns.customer_id, "customer_id");
  complaint out;
  out.opened = check.required_day(columns.opened, "opened");
  out.first_response = check.day(columns.first_response, "first_response");
  check.check_order(out.opened, out.first_response, "first_response", "opened");
  out.resolved = check.day(columns.resolved, "resolved");
  check.check_order(out.opened, out.resolved, "resolved", "opened");
  check.check_order(out.first_response, out.resolved, "resolved", "first_response");
  out.reopened = check.day(columns.reopened, "reopened");
  check.check_order(out.opened, out.reopened, "reopened", "opened");
  out.kind = check.code(columns.kind, case_kinds, "kind", case_kind::complaint);
  const double severity = check.number_within(columns.severity, 1, worst_severity, "severity");
  if (severity != std::floor(severity) && !std::isnan(severity)) {
    fail_at(error_code::domain, "severity", row, "is none of 1, 2, 3");
  }
  out.satisfaction = check.number_within(columns.satisfaction, 0, full_satisfaction, "satisfaction");
  check.code<resolution>(columns.resolution, resolutions, "resolution");
  check.money(columns.compensation, "compensation");
  return out;
}

}  // namespace kundenwert
