// A table of any noun from Arrow, batch by batch: the fields of the noun say which columns are read, and how.
//
//   arrow::import_table<contract_columns>(source, {.names = {.usual_names = true}}, [&](const contract_columns& batch,
//                                                                                       std::int64_t) {
//     builder.add_contracts(batch);
//   });
//
// type of the field | Arrow types
// id, text, number  | as import_ids, import_text, import_numbers; an empty text is a null where the id is optional
// day               | as import_days
// money             | as import_numbers; where the noun keeps whole minor units, decimals stay exact
// code              | integers and whole floating numbers: the code's number; text and bool: its name ("true", "false")
//
// Columns of the table that no field reads are left alone. Errors name "contracts.start": the kind of table and the
// canonical name; rows count over all batches.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kundenwert/arrow/import.hpp"
#include "kundenwert/arrow/layout.hpp"
#include "kundenwert/arrow/stream.hpp"
#include "kundenwert/arrow/text.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/model/fields.hpp"
#include "kundenwert/time/parse.hpp"

namespace kundenwert::arrow {

struct table_options {
  naming names = {};
  // With keep_unreadable, names that are no code become no_code, which the noun's kernel rejects with the row;
  // otherwise they are errors, as text that is no date.
  day_options days = {};
};

// Columns of a noun and the memory they point into.
template <class Columns>
struct imported_table {
  Columns columns{};
  std::vector<std::shared_ptr<const void>> memory;
};

// Hands every batch with rows to consume(const Columns&, first_row), where first_row is the number of the batch's row 0
// over the whole stream; what it is given is borrowed for the call. Returns the number of rows read. Throws what
// place_columns throws before the first batch; else what the imports of the columns and consume throw.
template <class Columns, class Consume>
std::int64_t import_table(stream& source, const table_options& options, Consume&& consume);

// The columns of one batch: field_at(place, fact) gives the column at a place of place_columns, for the field.
template <class Columns, class FieldAt>
imported_table<Columns> import_columns(const std::vector<std::int64_t>& places, const table_options& options,
                                       FieldAt&& field_at);

// Where the noun's fields stand among columns of these names; the errors name table and field.
template <class Columns>
std::vector<std::int64_t> place_table(std::span<const std::string_view> columns, const naming& names);

// Codes by number or name; 0 where there is none. Throws unknown_code for a name that is no code, unless the option
// says to keep it as no_code; a number that is none is for the noun's kernel to reject.
imported<column<std::int32_t>> import_codes(const field& f, const field_fact& fact, bool keep_unreadable = false);

namespace detail {

inline constexpr std::string_view accepted_codes = "integers or utf8 text (also as a dictionary), or bool";

template <class Columns>
std::string table_argument(std::string_view name) {
  return std::string(name_of(noun<Columns>::kind)) + "." + std::string(name);
}

inline std::int32_t read_code(std::string_view name, const field& f, std::int64_t row, const field_fact& fact,
                              bool keep_unreadable) {
  const std::int32_t code = code_of_name(fact, name);
  if (code == no_code && !keep_unreadable) {
    std::string known;
    for (const auto& entry : fact.codes) known += (known.empty() ? "" : ", ") + std::string(entry.name);
    fail_at(error_code::unknown_code, f.name, row_number(f, row),
            kundenwert::detail::quoted(name) + " is none of " + known);
  }
  return code;
}

// A column of texts has few distinct codes, mostly that of the row before.
inline imported<column<std::int32_t>> import_code_names(const field& f, const field_fact& fact, bool keep_unreadable) {
  const auto text = import_text(f);
  std::string_view last;
  std::int32_t last_code = 0;
  std::vector<std::int32_t> codes(static_cast<std::size_t>(f.rows));
  for (std::int64_t i = 0; i < f.rows; ++i) {
    if (!text.view.is_valid(i)) continue;
    const std::string_view name = text.view[i];
    if (name != last) {
      last_code = read_code(name, f, i, fact, keep_unreadable);
      last = name;
    }
    codes[static_cast<std::size_t>(i)] = last_code;
  }
  imported<column<std::int32_t>> out;
  out.view.values = keep(out, std::move(codes));
  return out;  // nulls are 0, which is "not known"
}

// Whole numbers of 32 bits, no_code for others.
template <class Number>
std::int32_t code_number(Number value) {
  if constexpr (std::is_floating_point_v<Number>) {
    constexpr Number largest = 1 << 30;
    return value >= 0 && value < largest && std::floor(value) == value ? static_cast<std::int32_t>(value) : no_code;
  } else {
    return std::in_range<std::int32_t>(value) && value >= 0 ? static_cast<std::int32_t>(value) : no_code;
  }
}

template <class Number>
imported<column<std::int32_t>> import_code_numbers(const field& f) {
  const entries<Number> source(f, 1, 2);
  return convert<std::int32_t>(f, [&](std::int64_t i) {
    if constexpr (std::is_floating_point_v<Number>) {
      if (std::isnan(source[i])) return 0;
    }
    return code_number(source[i]);
  });
}

template <class Columns, class Imported>
void take(imported_table<Columns>& table, Imported& from) {
  for (auto& memory : from.memory) table.memory.push_back(std::move(memory));
}

// An empty text where an id may be missing is a null: what readers of CSV make of an empty cell.
template <class Columns>
void empty_to_null(imported_table<Columns>& table, id_column& ids) {
  auto* const text = std::get_if<text_column>(&ids);
  if (text == nullptr) return;
  const std::int64_t rows = text->size();
  std::vector<std::uint8_t> bits(static_cast<std::size_t>((rows + 7) / 8));
  for (std::int64_t i = 0; i < rows; ++i) {
    const bool is_there = text->is_valid(i) && !(*text)[i].empty();
    bits[static_cast<std::size_t>(i >> 3)] |= static_cast<std::uint8_t>(is_there ? 1U << (i & 7) : 0U);
  }
  auto kept = std::make_shared<const std::vector<std::uint8_t>>(std::move(bits));
  text->validity = {kept->data(), 0};
  table.memory.push_back(std::move(kept));
}

template <class Columns>
void read_field(imported_table<Columns>& table, const table_field<Columns, id_column>& to, const field& f,
                const table_options&) {
  auto ids = import_ids(f);
  table.columns.*to.member = ids.view;
  take(table, ids);
  if (!to.fact.is_required) empty_to_null(table, table.columns.*to.member);
}
template <class Columns>
void read_field(imported_table<Columns>& table, const table_field<Columns, text_column>& to, const field& f,
                const table_options&) {
  auto text = import_text(f);
  table.columns.*to.member = text.view;
  take(table, text);
}
template <class Columns>
void read_field(imported_table<Columns>& table, const table_field<Columns, column<std::int32_t>>& to, const field& f,
                const table_options& options) {
  const bool is_code = to.fact.type == field_type::code;
  auto values = is_code ? import_codes(f, to.fact, options.days.keep_unreadable) : import_days(f, options.days);
  table.columns.*to.member = values.view;
  take(table, values);
}
template <class Columns>
void read_field(imported_table<Columns>& table, const table_field<Columns, column<double>>& to, const field& f,
                const table_options&) {
  auto values = import_numbers(f);
  table.columns.*to.member = values.view;
  take(table, values);
}
template <class Columns>
void read_field(imported_table<Columns>& table, const exact_money_field<Columns>& to, const field& f,
                const table_options&) {
  auto amounts = import_amounts(f);
  table.columns.*to.member = amounts.view.amount;
  table.columns.*to.minor = amounts.view.amount_minor;
  if (amounts.view.is_minor) table.columns.*to.minor_exponent = amounts.view.minor_exponent;
  take(table, amounts);
}

}  // namespace detail

inline imported<column<std::int32_t>> import_codes(const field& f, const field_fact& fact, bool keep_unreadable) {
  if (detail::is_dictionary(f)) {
    const field values = detail::dictionary_values(f);
    if (!detail::is_text_type(values) && !detail::is_null_type(values)) detail::fail_type(f, detail::accepted_codes);
  }
  if (detail::is_dictionary(f) || detail::is_text_type(f)) return detail::import_code_names(f, fact, keep_unreadable);
  const std::string_view format = f.schema->format;
  if (detail::is_null_type(f)) return detail::all_null<std::int32_t>(f);
  if (format == "i") return detail::borrow<std::int32_t>(f);
  if (format == "g") return detail::import_code_numbers<double>(f);
  if (format == "f") return detail::import_code_numbers<float>(f);
  imported<column<std::int32_t>> out;
  if (format == "b") {
    const auto flags = import_flags(f);
    out = detail::convert<std::int32_t>(f, [&](std::int64_t i) {
      return detail::read_code(flags.view[i] != 0 ? "true" : "false", f, i, fact, keep_unreadable);
    });
    return out;
  }
  const bool is_integer =
      detail::with_integer_type(format, [&](auto type) { out = detail::import_code_numbers<decltype(type)>(f); });
  if (!is_integer) detail::fail_type(f, detail::accepted_codes);
  return out;
}

template <class Columns>
std::vector<std::int64_t> place_table(std::span<const std::string_view> columns, const naming& names) {
  try {
    return place_columns(facts_of<Columns>, columns, names);
  } catch (const error& e) {
    fail_at(e.code(), detail::table_argument<Columns>(e.argument()), e.row(), e.message());
  }
}

template <class Columns, class FieldAt>
imported_table<Columns> import_columns(const std::vector<std::int64_t>& places, const table_options& options,
                                       FieldAt&& field_at) {
  imported_table<Columns> out;
  std::size_t number = 0;
  for_each_field<Columns>([&](const auto& to) {
    const std::int64_t place = places[number++];
    if (place == no_column) return;
    field f = field_at(place, to.fact);
    f.name = detail::table_argument<Columns>(to.fact.name);
    detail::read_field(out, to, f, options);
  });
  return out;
}

template <class Columns, class Consume>
std::int64_t import_table(stream& source, const table_options& options, Consume&& consume) {
  std::vector<std::string_view> names;
  for (std::int64_t i = 0; i < source.schema().n_children; ++i) {
    names.push_back(detail::text_or_empty(source.schema().children[i]->name));
  }
  const auto places = place_table<Columns>(names, options.names);
  while (const auto batch = source.next()) {
    if (batch->rows() == 0) continue;
    const auto table = import_columns<Columns>(places, options,
                                               [&](std::int64_t place, const field_fact&) { return batch->at(place); });
    consume(table.columns, batch->first_row());
  }
  return source.rows_read();
}

}  // namespace kundenwert::arrow
