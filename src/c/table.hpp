// A kw_table as the columns of any noun: its columns are handed to the readers of Arrow columns, whose layout they
// have, so that one set of conversions serves both.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "convert.hpp"
#include "kundenwert/arrow/import_table.hpp"
#include "kundenwert/model/nouns.hpp"
#include "structs.hpp"
#include "tables.hpp"

namespace kundenwert::c {

inline arrow::table_options table_options_of(const kw_table_options& given, row_mode rows) {
  arrow::table_options out;
  out.days.text_format = static_cast<date_format>(given.date_format);
  if (given.has_utc_offset != 0) out.days.utc_offset = fixed_offset{given.utc_offset_minutes};
  out.days.keep_unreadable = rows == row_mode::collect;
  out.names.usual_names = given.usual_names != 0;
  for (const kw_column_name& name : span_of(given.names, given.names_length, "names")) {
    out.names.names.push_back({&require_pointer(name.field, "names"), &require_pointer(name.column, "names")});
  }
  return out;
}

class borrowed_table {
 public:
  // Throws null_argument, domain. What a column holds is checked when it is read.
  borrowed_table(const kw_table& table, std::int64_t first_row)
      : columns_(span_of(table.columns, table.columns_length, "columns")),
        rows_(require_rows(table.rows)),
        first_row_(first_row),
        layouts_(columns_.size()) {
    for (const kw_table_column& column : columns_) names_.emplace_back(&require_pointer(column.name, "columns"));
  }

  std::int64_t rows() const { return rows_; }

  // The columns; valid while this lives.
  template <class Columns>
  arrow::imported_table<Columns> read(const arrow::table_options& options) {
    const auto places = arrow::place_table<Columns>(names_, options.names);
    if (!options.names.usual_names) require_fields<Columns>(places);
    return arrow::import_columns<Columns>(places, options, [&](std::int64_t place, const field_fact& fact) {
      return field_at<Columns>(static_cast<std::size_t>(place), fact);
    });
  }

 private:
  // An Arrow column that borrows everything.
  struct layout {
    std::string format;
    const void* buffers[3] = {};
    ArrowSchema schema{};
    ArrowArray array{};
  };

  template <class Columns>
  void require_fields(const std::vector<std::int64_t>& places) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (std::find(places.begin(), places.end(), static_cast<std::int64_t>(i)) != places.end()) continue;
      fail(error_code::unknown_code, arrow::detail::table_argument<Columns>(names_[i]), "is no field of this table");
    }
  }

  static std::string format_of(const kw_table_column& column, const field_fact& fact, std::string_view argument) {
    if (column.exponent != 0 && !(fact.type == field_type::money && column.type == KW_COLUMN_TYPE_INT64)) {
      fail(error_code::domain, argument, "has an exponent, which is for money as INT64");
    }
    switch (static_cast<column_type>(column.type)) {
      case column_type::int32:
        return fact.type == field_type::day ? "tdD" : "i";
      case column_type::int64:
        if (fact.type != field_type::money) return "l";
        if (column.exponent < 0 || column.exponent > largest_minor_exponent) {
          fail(error_code::domain, argument,
               "must have an exponent of 0 to 18, has " + std::to_string(column.exponent));
        }
        return "d:18," + std::to_string(column.exponent) + ",64";
      case column_type::float64:
        return "g";
      case column_type::text:
        return "U";
    }
    fail(error_code::unknown_code, argument, "there is no type of column " + std::to_string(column.type));
  }

  template <class Columns>
  arrow::field field_at(std::size_t place, const field_fact& fact) {
    const kw_table_column& column = columns_[place];
    const std::string argument = arrow::detail::table_argument<Columns>(fact.name);
    layout& to = layouts_[place];
    to.format = format_of(column, fact, argument);
    to.buffers[0] = column.validity;
    const bool is_text = column.type == KW_COLUMN_TYPE_TEXT;
    if (is_text) {
      text_of(static_cast<const char*>(column.values), column.offsets, column.validity, rows_, first_row_, argument);
      to.buffers[1] = column.offsets;
      to.buffers[2] = column.values;
    } else {
      if (rows_ > 0 && column.values == nullptr) fail(error_code::null_argument, argument, "is NULL");
      to.buffers[1] = column.values;
    }
    to.schema.format = to.format.c_str();
    to.array.length = rows_;
    to.array.null_count = column.validity == nullptr ? 0 : -1;
    to.array.n_buffers = is_text ? 3 : 2;
    to.array.buffers = to.buffers;
    arrow::field out;
    out.schema = &to.schema;
    out.array = &to.array;
    out.rows = rows_;
    out.first_row = first_row_;
    return out;
  }

  std::span<const kw_table_column> columns_;
  std::int64_t rows_;
  std::int64_t first_row_;
  std::vector<layout> layouts_;
  std::vector<std::string_view> names_;
};

}  // namespace kundenwert::c
