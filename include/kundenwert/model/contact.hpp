// A contact: one message, call, visit or meeting between the business and a customer, in either direction.
//
// References: domain specification C (Interaction), B4.1 (contacts with date and direction, win-back contacts).
//
// name         | type       | meaning
// contact_id   | id         | optional; unique
// customer_id  | id         | required
// date         | civil day  | required
// direction    | code       | optional
// channel      | code       | optional
// purpose      | code       | optional
// answered     | civil day  | optional; >= date
// cost         | currency   | optional; >= 0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/model/log_report.hpp"

namespace kundenwert {

#define KW_DIRECTIONS(X)        \
  X(1, in, "from the customer") \
  X(2, out, "to the customer")
KW_DEFINE_CODES(direction, directions, KW_DIRECTIONS)

#define KW_CHANNELS(X)         \
  X(1, in_person, "in person") \
  X(2, phone, "telephone")     \
  X(3, email, "e-mail")        \
  X(4, chat, "chat")           \
  X(5, social, "social media") \
  X(6, web, "web site")        \
  X(7, letter, "letter")       \
  X(8, app, "app")             \
  X(9, shop, "shop")           \
  X(10, indirect, "a partner, a review or another third party")
KW_DEFINE_CODES(channel, channels, KW_CHANNELS)

#define KW_PURPOSES(X)                          \
  X(1, info, "information")                     \
  X(2, sales, "sales")                          \
  X(3, service, "service")                      \
  X(4, complaint, "complaint")                  \
  X(5, win_back, "win-back of a lost customer") \
  X(6, survey, "survey")                        \
  X(7, key_account, "key account care")
KW_DEFINE_CODES(purpose, purposes, KW_PURPOSES)

// Borrowed columns, of one length or empty where optional; codes are the numbers of their tables, 0 or null: not known.
struct contact_columns {
  id_column contact_id{};
  id_column customer_id{};
  column<std::int32_t> day{};
  column<std::int32_t> direction{};
  column<std::int32_t> channel{};
  column<std::int32_t> purpose{};
  column<std::int32_t> answered{};
  column<double> cost{};

  std::int64_t size() const { return day.size(); }
};

// What an analysis keeps of a contact; a code of 0 is not known.
struct contact {
  std::int32_t day = no_day;
  kundenwert::direction direction{};
  kundenwert::channel channel{};
  kundenwert::purpose purpose{};
};

// Throws column_missing without customer_id or date, length_mismatch for columns of another length than date.
void require_contact_columns(const contact_columns& columns);

// The contact of one row. Throws missing (customer_id, date), encoding, date_range, date_order (answered before date),
// unknown_code, non_finite, sign or overflow (cost), each with the column's name and the row.
contact contact_at(const contact_columns& columns, std::int64_t row);

}  // namespace kundenwert
