// Every noun that can be given as a table. A new one is added to the list.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "kundenwert/base/error.hpp"
#include "kundenwert/model/complaint.hpp"
#include "kundenwert/model/contact.hpp"
#include "kundenwert/model/contract.hpp"
#include "kundenwert/model/cost.hpp"
#include "kundenwert/model/customer.hpp"
#include "kundenwert/model/fields.hpp"
#include "kundenwert/model/table_report.hpp"
#include "kundenwert/model/transaction.hpp"

namespace kundenwert {

// Calls visit(std::type_identity<Columns>{}) for every noun, in the order of table_kind.
template <class Visit>
constexpr void for_each_noun(Visit&& visit) {
  [&]<class... Columns>(std::type_identity<Columns>... each) { (visit(each), ...); }(
      std::type_identity<customer_columns>{}, std::type_identity<transaction_columns>{},
      std::type_identity<contract_columns>{}, std::type_identity<contact_columns>{},
      std::type_identity<complaint_columns>{}, std::type_identity<cost_columns>{});
}

// Calls visit(std::type_identity<Columns>{}) for the noun of a kind. Throws unknown_code for a number that is no kind.
template <class Visit>
void with_noun(table_kind kind, Visit&& visit) {
  bool is_found = false;
  for_each_noun([&]<class Columns>(std::type_identity<Columns> each) {
    if (noun<Columns>::kind != kind) return;
    is_found = true;
    visit(each);
  });
  if (!is_found) {
    fail(error_code::unknown_code, "kind", "there is no kind of table " + std::to_string(static_cast<int>(kind)));
  }
}

// The facts of the fields of a kind of table; none for a number that is no kind.
constexpr std::span<const field_fact> facts_of_kind(table_kind kind) {
  std::span<const field_fact> found;
  for_each_noun([&]<class Columns>(std::type_identity<Columns>) {
    if (noun<Columns>::kind == kind) found = facts_of<Columns>;
  });
  return found;
}

// The canonical name in static storage, for a name that may be temporary; empty where the kind has no such field.
constexpr std::string_view field_name(table_kind kind, std::string_view name) {
  for (const auto& fact : facts_of_kind(kind)) {
    if (fact.name == name) return fact.name;
  }
  return {};
}

}  // namespace kundenwert
