// The customer: who may be looked at, since when, and whether promotion is allowed.
//
// References: domain specification C (Customer), B4.4 (suppression).
//
// name         | type       | meaning
// customer_id  | id         | required, unique
// created      | civil day  | optional; adjusted to the first event where that is earlier (warning created_adjusted)
// status       | code       | optional; active where null
// consent      | code       | optional; unknown where null, which counts as no for promotion
// market_kind  | code       | optional
// name, segment, region | text | optional, kept as they are
// referred_by  | id         | optional; a customer's referrer; itself or a cycle is error cycle
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/model/fields.hpp"
#include "kundenwert/model/log_report.hpp"
#include "kundenwert/model/row_checks.hpp"

namespace kundenwert {

#define KW_CUSTOMER_STATUSES(X)    \
  X(1, active, "may be addressed") \
  X(2, excluded, "deceased, insolvent, blocked or erased")
KW_DEFINE_CODES(customer_status, customer_statuses, KW_CUSTOMER_STATUSES)

#define KW_CONSENTS(X)              \
  X(1, yes, "promotion is allowed") \
  X(2, no, "promotion is refused")  \
  X(3, unknown, "not known: as no")
KW_DEFINE_CODES(consent, consents, KW_CONSENTS)

#define KW_MARKET_KINDS(X)       \
  X(1, b2c, "private customers") \
  X(2, b2b, "companies")         \
  X(3, b2g, "public administration, also called b2a")
KW_DEFINE_CODES(market_kind, market_kinds, KW_MARKET_KINDS)

// Borrowed columns, of one length or empty where optional; codes are the numbers of their tables, 0 or null: not known.
struct customer_columns {
  id_column customer_id{};
  column<std::int32_t> created{};
  column<std::int32_t> status{};
  column<std::int32_t> consent{};
  column<std::int32_t> market_kind{};
  text_column name{};
  text_column segment{};
  text_column region{};
  id_column referred_by{};

  std::int64_t size() const { return size_of(customer_id); }
};

// What a base keeps of a customer.
struct customer {
  std::int32_t created = no_day;
  customer_status status = customer_status::active;
  kundenwert::consent consent = kundenwert::consent::unknown;
};

// Throws column_missing without customer_id, length_mismatch for columns of another length than customer_id.
void require_customer_columns(const customer_columns& columns);

// The customer of one row. Throws missing (customer_id), encoding (an id or text), date_range, unknown_code, each with
// the column's name and the row; cycle where referred_by is the customer himself.
customer customer_at(const customer_columns& columns, std::int64_t row);

// The smallest row that is in a cycle, where row i leads to row next[i] and no_row ends a chain; no_row where there is
// no cycle. O(n).
std::int64_t smallest_in_cycle(std::span<const std::int64_t> next);

// For the whole table: throws cycle, with the smallest row of it, for a chain of referrers that comes back to itself.
// A referrer who is no row of the table ends the chain. O(n) with hashing.
void require_no_referral_cycle(const id_column& customer_id, const id_column& referred_by);

namespace detail {

inline constexpr code_names usual_customer_statuses[] = {
    {static_cast<std::uint32_t>(customer_status::active), "aktiv enabled current"},
    {static_cast<std::uint32_t>(customer_status::excluded),
     "ausgeschlossen blocked gesperrt deceased verstorben insolvent erased deleted geloescht"}};

inline constexpr code_names usual_consents[] = {
    {static_cast<std::uint32_t>(consent::yes), "y true ja opted_in opt_in granted subscribed given"},
    {static_cast<std::uint32_t>(consent::no), "n false nein opted_out opt_out denied refused unsubscribed revoked"},
    {static_cast<std::uint32_t>(consent::unknown), "unbekannt not_asked pending"}};

inline constexpr code_names usual_market_kinds[] = {
    {static_cast<std::uint32_t>(market_kind::b2c), "consumer private privat privatkunde person individual household"},
    {static_cast<std::uint32_t>(market_kind::b2b),
     "business company organisation organization firma unternehmen geschaeftskunde gewerblich"},
    {static_cast<std::uint32_t>(market_kind::b2g),
     "b2a government administration public public_sector behoerde verwaltung oeffentlich"}};

}  // namespace detail

template <>
struct noun<customer_columns> {
  static constexpr table_kind kind = table_kind::customers;
  static constexpr std::tuple fields{
      table_field{field_fact{.name = "customer_id",
                             .type = field_type::id,
                             .is_required = true,
                             .usual_names = KW_CUSTOMER_ID_NAMES " contact_id record_id hs_object_id id",
                             .meaning = "who; unique"},
                  &customer_columns::customer_id},
      table_field{
          field_fact{.name = "created",
                     .type = field_type::day,
                     .usual_names =
                         "created_at created_on create_date created_date date_created creation_date signup_date "
                         "signed_up registered_at registration_date joined_at date_joined customer_since "
                         "member_since date_entered first_seen angelegt_am angelegt erstellt_am anlagedatum "
                         "kunde_seit",
                     .meaning = "since when the customer is known"},
          &customer_columns::created},
      table_field{field_fact{.name = "status",
                             .type = field_type::code,
                             .usual_names = "customer_status account_status kundenstatus",
                             .meaning = "active where null",
                             .codes = customer_statuses,
                             .usual_codes = detail::usual_customer_statuses},
                  &customer_columns::status},
      table_field{
          field_fact{.name = "consent",
                     .type = field_type::code,
                     .usual_names =
                         "marketing_consent marketing_opt_in opt_in has_opted_in accepts_marketing werbeeinwilligung "
                         "einwilligung",
                     .meaning = "to promotion; unknown where null, which counts as no",
                     .codes = consents,
                     .usual_codes = detail::usual_consents},
          &customer_columns::consent},
      table_field{field_fact{.name = "market_kind",
                             .type = field_type::code,
                             .usual_names = "market market_type customer_type account_type kundenart kundentyp",
                             .meaning = "private, company or administration",
                             .codes = market_kinds,
                             .usual_codes = detail::usual_market_kinds},
                  &customer_columns::market_kind},
      table_field{field_fact{.name = "name",
                             .type = field_type::text,
                             .usual_names = "customer_name full_name display_name account_name company_name kundenname",
                             .meaning = "kept as it is"},
                  &customer_columns::name},
      table_field{field_fact{.name = "segment",
                             .type = field_type::text,
                             .usual_names = "customer_segment customer_group cluster kundensegment kundengruppe",
                             .meaning = "kept as it is"},
                  &customer_columns::segment},
      table_field{field_fact{.name = "region",
                             .type = field_type::text,
                             .usual_names = "territory country state province area land bundesland gebiet",
                             .meaning = "kept as it is"},
                  &customer_columns::region},
      table_field{field_fact{.name = "referred_by",
                             .type = field_type::id,
                             .usual_names =
                                 "referrer referrer_id referred_by_id recommended_by geworben_von empfohlen_von werber",
                             .meaning = "the customer who recommended"},
                  &customer_columns::referred_by}};
};

namespace detail {

// For every row the row of its referrer, no_row where there is none in the table.
template <class Id, class Ids>
std::vector<std::int64_t> referrer_rows(const Ids& customer_id, const Ids& referred_by) {
  std::unordered_map<Id, std::int64_t> rows;
  rows.reserve(static_cast<std::size_t>(customer_id.size()));
  for (std::int64_t row = 0; row < customer_id.size(); ++row) {
    if (customer_id.is_valid(row)) rows.emplace(customer_id[row], row);
  }
  std::vector<std::int64_t> out(static_cast<std::size_t>(referred_by.size()), no_row);
  for (std::int64_t row = 0; row < referred_by.size(); ++row) {
    if (!referred_by.is_valid(row)) continue;
    if (const auto found = rows.find(referred_by[row]); found != rows.end()) {
      out[static_cast<std::size_t>(row)] = found->second;
    }
  }
  return out;
}

template <class Ids>
bool refers_to_self(const id_column& customer_id, const Ids& referred_by, std::int64_t row) {
  const auto* ids = std::get_if<Ids>(&customer_id);
  return ids != nullptr && referred_by.is_valid(row) && ids->is_valid(row) && (*ids)[row] == referred_by[row];
}

}  // namespace detail

inline void require_customer_columns(const customer_columns& columns) { require_columns(columns); }

inline customer customer_at(const customer_columns& columns, std::int64_t row) {
  const row_checks check{row};
  check.require_id(columns.customer_id, "customer_id");
  customer out;
  out.created = check.day(columns.created, "created");
  out.status = check.code(columns.status, customer_statuses, "status", customer_status::active);
  out.consent = check.code(columns.consent, consents, "consent", consent::unknown);
  check.code<market_kind>(columns.market_kind, market_kinds, "market_kind");
  check.check_text(columns.name, "name");
  check.check_text(columns.segment, "segment");
  check.check_text(columns.region, "region");
  check.check_id(columns.referred_by, "referred_by");
  const bool is_own_referrer =
      size_of(columns.referred_by) != 0 &&
      std::visit([&](const auto& ids) { return detail::refers_to_self(columns.customer_id, ids, row); },
                 columns.referred_by);
  if (is_own_referrer) fail_at(error_code::cycle, "referred_by", row, "is the customer himself");
  return out;
}

inline std::int64_t smallest_in_cycle(std::span<const std::int64_t> next) {
  // The walk on which a row was first met; a walk that meets a row of its own has found a cycle.
  std::vector<std::int64_t> walk(next.size(), no_row);
  std::int64_t smallest = no_row;
  for (std::int64_t start = 0; start < static_cast<std::int64_t>(next.size()); ++start) {
    std::int64_t row = start;
    while (row != no_row && walk[static_cast<std::size_t>(row)] == no_row) {
      walk[static_cast<std::size_t>(row)] = start;
      row = next[static_cast<std::size_t>(row)];
    }
    if (row == no_row || walk[static_cast<std::size_t>(row)] != start) continue;
    const std::int64_t first = row;
    do {
      if (smallest == no_row || row < smallest) smallest = row;
      row = next[static_cast<std::size_t>(row)];
    } while (row != first);
  }
  return smallest;
}

inline void require_no_referral_cycle(const id_column& customer_id, const id_column& referred_by) {
  if (size_of(referred_by) == 0) return;
  require_same_length(size_of(customer_id), size_of(referred_by), "referred_by");
  if (customer_id.index() != referred_by.index()) {
    fail(error_code::wrong_type, "referred_by", "and customer_id must both be numbers or both be text");
  }
  std::vector<std::int64_t> next;
  if (const auto* text = std::get_if<text_column>(&customer_id)) {
    next = detail::referrer_rows<std::string_view>(*text, std::get<text_column>(referred_by));
  } else {
    next = detail::referrer_rows<std::int64_t>(std::get<column<std::int64_t>>(customer_id),
                                               std::get<column<std::int64_t>>(referred_by));
  }
  const std::int64_t row = smallest_in_cycle(next);
  if (row != no_row) fail_at(error_code::cycle, "referred_by", row, "is a chain that comes back to the customer");
}

}  // namespace kundenwert
