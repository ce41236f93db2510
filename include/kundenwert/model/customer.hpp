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
};

}  // namespace kundenwert
