#include "kundenwert/model/fields.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kundenwert/model/nouns.hpp"

using namespace kundenwert;

namespace {

using names = std::vector<std::string_view>;

std::vector<std::string> words(std::string_view list) {
  std::vector<std::string> out;
  detail::any_name(list, [&](std::string_view name) {
    out.emplace_back(name);
    return false;
  });
  return out;
}

std::string folded(std::string_view name) {
  std::string out;
  detail::folded_name letters(name);
  while (const char c = letters.next()) out += c;
  return out;
}

const field_fact& fact_of(table_kind kind, std::string_view name) {
  for (const auto& fact : facts_of_kind(kind)) {
    if (fact.name == name) return fact;
  }
  throw std::string(name);
}

// The name of the column each field is read from, "-" where none is.
template <class Columns>
std::string placed(const names& columns, const naming& how = {.names = {}, .usual_names = true}) {
  std::string out;
  for (const std::int64_t place : place_columns(facts_of<Columns>, columns, how)) {
    if (!out.empty()) out += ' ';
    out += place == no_column ? "-" : columns[static_cast<std::size_t>(place)];
  }
  return out;
}

}  // namespace

TEST_CASE("fields: names are the same whatever stands between their letters") {
  for (const auto* name : {"customer_id", "Customer ID", "customerId", "CUSTOMER-ID", " customer.id "}) {
    CHECK(is_same_name(name, "customer_id"));
  }
  CHECK(is_same_name("K\xC3\xBCndigung", "kuendigung"));
  CHECK(
      is_same_name("GR\xC3\x96\xC3\x9F"
                   "E",
                   "groesse"));
  CHECK_FALSE(is_same_name("customer_i", "customer_id"));
  CHECK_FALSE(is_same_name("customer_id", "customer_i"));
  CHECK_FALSE(is_same_name("", ""));
  CHECK_FALSE(is_same_name("_", " "));
}

TEST_CASE("fields: no name of a table means two fields, no name of a code two codes") {
  for (const auto& kind : table_kinds) {
    std::set<std::string> seen;
    const auto add = [&](std::string_view name) {
      INFO(kind.name << ": " << name);
      CHECK(seen.insert(folded(name)).second);
    };
    for (const auto& fact : facts_of_kind(static_cast<table_kind>(kind.number))) {
      add(fact.name);
      for (const auto& name : words(fact.usual_names)) add(name);
      std::set<std::string> codes;
      for (const auto& code : fact.codes) CHECK(codes.insert(folded(code.name)).second);
      for (const auto& code : fact.usual_codes) {
        CHECK_FALSE(name_of(fact.codes, code.number).empty());
        for (const auto& name : words(code.names)) {
          INFO(fact.name << ": " << name);
          CHECK(codes.insert(folded(name)).second);
        }
      }
    }
  }
}

TEST_CASE("fields: every fact is complete") {
  for (const auto& kind : table_kinds) {
    std::set<std::string_view> in_messages;
    CHECK(facts_of_kind(static_cast<table_kind>(kind.number)).size() >= 5);
    for (const auto& fact : facts_of_kind(static_cast<table_kind>(kind.number))) {
      INFO(kind.name << "." << fact.name);
      CHECK_FALSE(name_of(fact.type).empty());
      CHECK_FALSE(fact.meaning.empty());
      CHECK((fact.type == field_type::code) == !fact.codes.empty());
      CHECK(field_name(static_cast<table_kind>(kind.number), std::string(fact.name)).data() == fact.name.data());
    }
  }
  CHECK(facts_of_kind(static_cast<table_kind>(99)).empty());
  CHECK(field_name(table_kind::costs, "referred_by").empty());
}

TEST_CASE("fields: codes by name and by the names people give them") {
  const auto& renewal_fact = fact_of(table_kind::contracts, "renewal");
  CHECK(code_of_name(renewal_fact, "AUTO") == static_cast<int>(renewal::automatic));
  CHECK(code_of_name(renewal_fact, "Automatic") == static_cast<int>(renewal::automatic));
  CHECK(code_of_name(renewal_fact, "MANUAL") == static_cast<int>(renewal::manual));
  CHECK(code_of_name(renewal_fact, "never") == no_code);
  CHECK(code_of_name(renewal_fact, "") == 0);
  CHECK(code_of_name(renewal_fact, " - ") == 0);
  const auto& period_fact = fact_of(table_kind::contracts, "period");
  CHECK(code_of_name(period_fact, "monthly") == static_cast<int>(contract_period::month));
  CHECK(code_of_name(period_fact, "half year") == static_cast<int>(contract_period::half_year));
  CHECK(code_of_name(period_fact, "j\xC3\xA4hrlich") == static_cast<int>(contract_period::year));
  CHECK(code_of_name(fact_of(table_kind::contacts, "direction"), "Inbound") == static_cast<int>(direction::in));
  CHECK(code_of_name(fact_of(table_kind::contacts, "channel"), "e-mail") == static_cast<int>(channel::email));
  CHECK(code_of_name(fact_of(table_kind::contacts, "channel"), "IN_PERSON") == static_cast<int>(channel::in_person));
  CHECK(code_of_name(fact_of(table_kind::contacts, "purpose"), "WINBACK") == static_cast<int>(purpose::win_back));
  CHECK(code_of_name(fact_of(table_kind::customers, "market_kind"), "B2A") == static_cast<int>(market_kind::b2g));
  CHECK(code_of_name(fact_of(table_kind::complaints, "kind"), "Reklamation") == static_cast<int>(case_kind::claim));
}

TEST_CASE("fields: columns by canonical, given and usual names") {
  CHECK(placed<cost_columns>({"amount", "date", "head", "note", "customer_id"}, {}) ==
        "- customer_id date head amount");
  // Names of their own for some, usual names for the others; a column that is taken is not taken again.
  CHECK(placed<cost_columns>({"Kostenart", "Betrag", "Datum", "Kundennummer", "id"}) ==
        "id Kundennummer Datum Kostenart Betrag");
  CHECK(placed<cost_columns>({"cost", "what", "day", "amount"}, {.names = {{"head", "what"}, {"amount", "cost"}},
                                                                 .usual_names = true}) == "- - day what cost");
  // The canonical name comes first, then the more telling one.
  CHECK(placed<transaction_columns>({"created_at", "order_date", "date", "customer_id", "total", "revenue"}) ==
        "customer_id date revenue - - - -");
  // An optional field that is not to be read.
  CHECK(placed<cost_columns>({"customer_id", "date", "head", "amount"}, {.names = {{"customer_id", ""}}}) ==
        "- - date head amount");
}

TEST_CASE("fields: names of known systems") {
  // HubSpot and Segment on the left, Salesforce and EspoCRM on the right.
  CHECK(placed<customer_columns>({"userId", "createdAt", "name"}) == "userId createdAt - - - name - - -");
  CHECK(placed<customer_columns>({"AccountId", "CreatedDate", "AccountName"}) ==
        "AccountId CreatedDate - - - AccountName - - -");
  CHECK(placed<contract_columns>({"ContractNumber", "AccountId", "StartDate", "CustomerSignedDate", "EndDate"}) ==
        "ContractNumber AccountId StartDate CustomerSignedDate - EndDate - - - - -");
  CHECK(placed<contact_columns>({"call_id", "contact_id", "account_id", "dateStart", "direction"}) ==
        "contact_id account_id dateStart direction - - - -");
  CHECK(placed<complaint_columns>({"CaseNumber", "AccountId", "CreatedDate", "ClosedDate", "Type"}) ==
        "CaseNumber AccountId CreatedDate - ClosedDate - Type - - - -");
}
