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
#include <string_view>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/model/log_report.hpp"

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

// For the whole table: throws cycle, with the smallest row of it, for a chain of referrers that comes back to itself.
// A referrer who is no row of the table ends the chain. O(n) with hashing.
void require_no_referral_cycle(const id_column& customer_id, const id_column& referred_by);

}  // namespace kundenwert
