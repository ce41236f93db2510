// What the columns of a noun are, once, as data: name, type, whether required, the codes it may hold, the names people
// and systems give it, its meaning, and the member of the struct of columns it stands in. Checking lengths, importing,
// the C interface and Python read it from here, so that a new noun is one header with a noun<Columns> in it and one
// line in model/nouns.
//
//   template <>
//   struct noun<survey_columns> {
//     static constexpr table_kind kind = table_kind::surveys;
//     static constexpr std::tuple fields{
//         table_field{field_fact{.name = "customer_id", .type = field_type::id, ...}, &survey_columns::customer_id},
//         ...};
//   };
//
// Names are compared folded: letters of either case and digits count, everything between them does not, and the German
// umlauts are as ae, oe, ue, ss. "Customer ID", "customerId" and "customer_id" are one name.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/model/table_report.hpp"

namespace kundenwert {

#define KW_FIELD_TYPES(X)                                                                \
  X(1, id, "int64, or UTF-8 text of 1 to 128 bytes")                                     \
  X(2, day, "civil day, int32; or a date as text")                                       \
  X(3, money, "double in the currency's major unit, or whole minor units")               \
  X(4, number, "double")                                                                 \
  X(5, code, "the number of one of its codes, 0: not known; or the code's name as text") \
  X(6, text, "UTF-8 text")
KW_DEFINE_CODES(field_type, field_types, KW_FIELD_TYPES)

// Other names of one code, separated by blanks.
struct code_names {
  std::uint32_t number;
  std::string_view names;
};

struct field_fact {
  std::string_view name;  // canonical; a string literal
  field_type type{};
  bool is_required = false;        // the column must be there; whether a row may be null is for the noun's kernel
  std::string_view usual_names{};  // separated by blanks, the more telling first
  std::string_view meaning{};
  std::span<const code_entry> codes{};        // field_type::code
  std::span<const code_names> usual_codes{};  // field_type::code
};

// A column and where it stands.
template <class Columns, class Column>
struct table_field {
  field_fact fact;
  Column Columns::*member;
};
template <class Columns, class Column>
table_field(field_fact, Column Columns::*) -> table_field<Columns, Column>;
// Money that may also be given exactly, in whole minor units.
template <class Columns>
struct exact_money_field {
  field_fact fact;
  column<double> Columns::*member;
  column<std::int64_t> Columns::*minor;
  int Columns::*minor_exponent;
};
template <class Columns>
exact_money_field(field_fact, column<double> Columns::*, column<std::int64_t> Columns::*, int Columns::*)
    -> exact_money_field<Columns>;

// How a customer's id is called in every table.
#define KW_CUSTOMER_ID_NAMES                                                                                   \
  "customer client customer_number customer_no customer_key cust_id client_id account_id account user_id uid " \
  "member_id person_id profile_id party_id partner_id kunden_id kunde kunden_nr kundennummer debitor debitorennummer"

// Specialised beside every struct of columns: kind and fields.
template <class Columns>
struct noun;

// visit(field) for every field of the noun, in order.
template <class Columns, class Visit>
constexpr void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, noun<Columns>::fields);
}

// The facts of a noun's fields, in order. A field's number, from 1, is its place in here.
template <class Columns>
inline constexpr auto facts_of =
    std::apply([](const auto&... field) { return std::array<field_fact, sizeof...(field)>{field.fact...}; },
               noun<Columns>::fields);

// Throws column_missing for a required column without rows, length_mismatch for columns that differ in length; names
// are canonical. No rows at all are fine.
template <class Columns>
void require_columns(const Columns& columns);

// True where both are the same once folded. An empty name is equal to none.
constexpr bool is_same_name(std::string_view a, std::string_view b);

// The number of the code of that name or usual name; 0 for text without a letter or digit, which is as good as null;
// -1 where there is none.
constexpr std::int32_t code_of_name(const field_fact& fact, std::string_view name);

inline constexpr std::int32_t no_code = -1;

// A canonical name and the name the column has in the table at hand.
struct column_name {
  std::string field;
  std::string column;
};

struct naming {
  std::vector<column_name> names = {};  // the fields that go by another name; an empty column: do not read the field
  bool usual_names = false;             // look for a field's usual names where neither says otherwise
};

inline constexpr std::int64_t no_column = -1;

// For every fact the place of its column in `columns`, no_column where there is none. A name that is given must be
// there; then comes the canonical name as it is; then, with usual_names, the folded canonical name and the usual ones,
// in their order. A column serves one field. Throws unknown_code for a given field the noun does not have,
// column_missing for a given name that is not there, a required field without column, or two columns of one name.
std::vector<std::int64_t> place_columns(std::span<const field_fact> facts, std::span<const std::string_view> columns,
                                        const naming& how = {});

namespace detail {

template <class T>
std::int64_t size_of_field(const column<T>& c) {
  return c.size();
}
inline std::int64_t size_of_field(const text_column& c) { return c.size(); }
inline std::int64_t size_of_field(const id_column& c) { return size_of(c); }

template <class Columns, class Column>
std::int64_t rows_of(const Columns& columns, const table_field<Columns, Column>& field) {
  return size_of_field(columns.*field.member);
}
template <class Columns>
std::int64_t rows_of(const Columns& columns, const exact_money_field<Columns>& field) {
  const std::int64_t rows = size_of_field(columns.*field.member);
  return rows != 0 ? rows : size_of_field(columns.*field.minor);
}

// The letters and digits of a name, one by one, folded; 0 at its end.
class folded_name {
 public:
  constexpr explicit folded_name(std::string_view name) : rest_(name) {}

  constexpr char next() {
    if (pending_ != 0) return std::exchange(pending_, '\0');
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return c;
      if (c == '\xC3' && !rest_.empty()) {
        if (const char first = umlaut(rest_.front()); first != 0) {
          pending_ = first == 's' ? 's' : 'e';
          rest_.remove_prefix(1);
          return first;
        }
      }
      if (static_cast<unsigned char>(c) >= 0x80) return c;  // other letters count as they are
    }
    return 0;
  }

 private:
  // The first letter an umlaut stands for, by its second byte in UTF-8; 0: no umlaut.
  static constexpr char umlaut(char second) {
    switch (second) {
      case '\xA4':
      case '\x84':
        return 'a';
      case '\xB6':
      case '\x96':
        return 'o';
      case '\xBC':
      case '\x9C':
        return 'u';
      case '\x9F':
        return 's';
      default:
        return 0;
    }
  }

  std::string_view rest_;
  char pending_ = 0;
};

// visit(name) for the names of a list separated by blanks until one returns true; whether one did.
template <class Visit>
constexpr bool any_name(std::string_view names, Visit&& visit) {
  while (!names.empty()) {
    const std::size_t end = names.find(' ');
    if (visit(names.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
    names.remove_prefix(end + 1);
  }
  return false;
}

// The one column for which matches(name) holds; no_column where there is none.
template <class Matches>
std::int64_t only_column(std::string_view field, std::span<const std::string_view> columns, Matches&& matches) {
  std::int64_t found = no_column;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!matches(i)) continue;
    if (found != no_column) {
      fail(error_code::column_missing, field, "is the name of several columns of the table");
    }
    found = static_cast<std::int64_t>(i);
  }
  return found;
}

inline std::string listed(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

inline std::int64_t usual_place(const field_fact& fact, std::span<const std::string_view> columns,
                                const std::vector<bool>& is_taken) {
  std::int64_t found = no_column;
  const auto look_for = [&](std::string_view name) {
    found =
        only_column(fact.name, columns, [&](std::size_t i) { return !is_taken[i] && is_same_name(columns[i], name); });
    return found != no_column;
  };
  if (!look_for(fact.name)) any_name(fact.usual_names, look_for);
  return found;
}

}  // namespace detail

template <class Columns>
void require_columns(const Columns& columns) {
  std::int64_t rows = 0;
  for_each_field<Columns>([&](const auto& field) {
    const std::int64_t found = detail::rows_of(columns, field);
    if (found > rows) rows = found;
  });
  for_each_field<Columns>([&](const auto& field) {
    const std::int64_t found = detail::rows_of(columns, field);
    if (found == rows) return;
    if (found == 0 && !field.fact.is_required) return;
    if (found == 0) fail(error_code::column_missing, field.fact.name, "is required");
    fail(error_code::length_mismatch, field.fact.name,
         "has " + std::to_string(found) + " rows where " + std::to_string(rows) + " are needed");
  });
}

constexpr bool is_same_name(std::string_view a, std::string_view b) {
  detail::folded_name left(a);
  detail::folded_name right(b);
  char last = left.next();
  if (last == 0) return false;
  for (; last == right.next(); last = left.next()) {
    if (last == 0) return true;
  }
  return false;
}

constexpr std::int32_t code_of_name(const field_fact& fact, std::string_view name) {
  if (detail::folded_name(name).next() == 0) return 0;
  const auto is_name = [name](std::string_view known) { return is_same_name(name, known); };
  for (const auto& code : fact.codes) {
    if (is_name(code.name)) return static_cast<std::int32_t>(code.number);
  }
  for (const auto& usual : fact.usual_codes) {
    if (detail::any_name(usual.names, is_name)) return static_cast<std::int32_t>(usual.number);
  }
  return no_code;
}

inline std::vector<std::int64_t> place_columns(std::span<const field_fact> facts,
                                               std::span<const std::string_view> columns, const naming& how) {
  std::vector<std::int64_t> places(facts.size(), no_column);
  std::vector<bool> is_settled(facts.size());
  std::vector<bool> is_taken(columns.size());
  const auto settle = [&](std::size_t field, std::int64_t place) {
    places[field] = place;
    is_settled[field] = true;
    if (place != no_column) is_taken[static_cast<std::size_t>(place)] = true;
  };
  for (const column_name& given : how.names) {
    std::size_t field = 0;
    while (field < facts.size() && facts[field].name != given.field) ++field;
    if (field == facts.size()) fail(error_code::unknown_code, given.field, "is no field of this table");
    const std::string& column = given.column;
    if (column.empty()) {
      settle(field, no_column);
      continue;
    }
    const std::int64_t place =
        detail::only_column(given.field, columns, [&](std::size_t i) { return columns[i] == column; });
    if (place == no_column) {
      fail(error_code::column_missing, given.field,
           "\"" + column + "\" is not in the table; its columns are: " + detail::listed(columns));
    }
    settle(field, place);
  }
  const auto settle_others = [&](auto&& place_of) {
    for (std::size_t field = 0; field < facts.size(); ++field) {
      if (is_settled[field]) continue;
      if (const std::int64_t place = place_of(facts[field]); place != no_column) settle(field, place);
    }
  };
  settle_others([&](const field_fact& fact) {
    return detail::only_column(fact.name, columns,
                               [&](std::size_t i) { return !is_taken[i] && columns[i] == fact.name; });
  });
  if (how.usual_names) {
    settle_others([&](const field_fact& fact) { return detail::usual_place(fact, columns, is_taken); });
  }
  for (std::size_t field = 0; field < facts.size(); ++field) {
    if (facts[field].is_required && places[field] == no_column) {
      fail(error_code::column_missing, facts[field].name,
           "is not in the table; its columns are: " + detail::listed(columns));
    }
  }
  return places;
}

}  // namespace kundenwert
