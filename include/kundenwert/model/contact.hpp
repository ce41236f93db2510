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
#include <tuple>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/model/fields.hpp"
#include "kundenwert/model/log_report.hpp"
#include "kundenwert/model/row_checks.hpp"

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

namespace detail {

inline constexpr code_names usual_directions[] = {
    {static_cast<std::uint32_t>(direction::in), "inbound incoming received from_customer eingehend ein"},
    {static_cast<std::uint32_t>(direction::out), "outbound outgoing sent to_customer ausgehend aus"}};

inline constexpr code_names usual_channels[] = {
    {static_cast<std::uint32_t>(channel::in_person), "visit meeting face_to_face personal persoenlich besuch termin"},
    {static_cast<std::uint32_t>(channel::phone), "telephone tel call telefon anruf"},
    {static_cast<std::uint32_t>(channel::email), "mail"},
    {static_cast<std::uint32_t>(channel::chat), "live_chat messenger"},
    {static_cast<std::uint32_t>(channel::social), "social_media"},
    {static_cast<std::uint32_t>(channel::web), "website online portal internet"},
    {static_cast<std::uint32_t>(channel::letter), "post postal postal_mail fax brief"},
    {static_cast<std::uint32_t>(channel::app), "mobile_app"},
    {static_cast<std::uint32_t>(channel::shop), "store branch retail point_of_sale pos filiale laden"},
    {static_cast<std::uint32_t>(channel::indirect), "partner review third_party indirekt"}};

inline constexpr code_names usual_purposes[] = {
    {static_cast<std::uint32_t>(purpose::info), "information inquiry enquiry question auskunft anfrage"},
    {static_cast<std::uint32_t>(purpose::sales), "sale offer verkauf vertrieb angebot"},
    {static_cast<std::uint32_t>(purpose::service), "support kundendienst kundenservice"},
    {static_cast<std::uint32_t>(purpose::complaint), "beschwerde reklamation"},
    {static_cast<std::uint32_t>(purpose::win_back), "reactivation rueckgewinnung kundenrueckgewinnung"},
    {static_cast<std::uint32_t>(purpose::survey), "umfrage befragung"},
    {static_cast<std::uint32_t>(purpose::key_account), "kam key_account_care key_account_management"}};

}  // namespace detail

template <>
struct noun<contact_columns> {
  static constexpr table_kind kind = table_kind::contacts;
  static constexpr std::tuple fields{
      table_field{
          field_fact{.name = "contact_id",
                     .type = field_type::id,
                     .usual_names = "interaction_id activity_id event_id message_id task_id call_id kontakt_id id",
                     .meaning = "unique"},
          &contact_columns::contact_id},
      table_field{field_fact{.name = "customer_id",
                             .type = field_type::id,
                             .is_required = true,
                             .usual_names = KW_CUSTOMER_ID_NAMES,
                             .meaning = "who was in contact"},
                  &contact_columns::customer_id},
      table_field{
          field_fact{.name = "date",
                     .type = field_type::day,
                     .is_required = true,
                     .usual_names =
                         "contact_date activity_date event_date event_time timestamp occurred_at datetime date_start "
                         "sent_at created_at hs_timestamp kontaktdatum datum zeitpunkt",
                     .meaning = "of the contact"},
          &contact_columns::day},
      table_field{field_fact{.name = "direction",
                             .type = field_type::code,
                             .usual_names = "call_direction hs_call_direction richtung",
                             .meaning = "from or to the customer",
                             .codes = directions,
                             .usual_codes = detail::usual_directions},
                  &contact_columns::direction},
      table_field{field_fact{.name = "channel",
                             .type = field_type::code,
                             .usual_names = "medium channel_type activity_type type kanal kontaktkanal",
                             .meaning = "how",
                             .codes = channels,
                             .usual_codes = detail::usual_channels},
                  &contact_columns::channel},
      table_field{field_fact{.name = "purpose",
                             .type = field_type::code,
                             .usual_names = "reason topic category zweck anlass",
                             .meaning = "what for",
                             .codes = purposes,
                             .usual_codes = detail::usual_purposes},
                  &contact_columns::purpose},
      table_field{
          field_fact{
              .name = "answered",
              .type = field_type::day,
              .usual_names = "answered_at answered_on replied_at responded_at response_date beantwortet_am beantwortet",
              .meaning = "not before date"},
          &contact_columns::answered},
      table_field{field_fact{.name = "cost",
                             .type = field_type::money,
                             .usual_names = "costs contact_cost kosten",
                             .meaning = "not negative"},
                  &contact_columns::cost}};
};

inline void require_contact_columns(const contact_columns& columns) { require_columns(columns); }

inline contact contact_at(const contact_columns& columns, std::int64_t row) {
  const row_checks check{row};
  check.check_id(columns.contact_id, "contact_id");
  check.require_id(columns.customer_id, "customer_id");
  contact out;
  out.day = check.required_day(columns.day, "date");
  out.direction = check.code<direction>(columns.direction, directions, "direction");
  out.channel = check.code<channel>(columns.channel, channels, "channel");
  out.purpose = check.code<purpose>(columns.purpose, purposes, "purpose");
  check.check_order(out.day, check.day(columns.answered, "answered"), "answered", "date");
  check.money(columns.cost, "cost");
  return out;
}

}  // namespace kundenwert
