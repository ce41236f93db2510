// How a log or a base is read, as Python says it: the same words for both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "convert.hpp"
#include "kundenwert/arrow/import.hpp"
#include "tables.hpp"

namespace kundenwert::python {

struct log_words {
  const std::string& currency;
  const std::string& returns;
  const std::string& rows;
  double rejected_limit;
  std::optional<std::int32_t> load_date;
};

// The options of an accumulator or a builder of bases. Throws unknown_code.
template <class Options>
Options options_of(const log_words& said) {
  Options options;
  options.returns = constant_named<returns_policy>(kundenwert::detail::returns_entries, said.returns, "returns");
  options.rows = constant_named<row_mode>(kundenwert::detail::rows_entries, said.rows, "rows");
  options.rejected_limit = said.rejected_limit;
  options.load_date = said.load_date.value_or(no_day);
  options.currency = said.currency;
  return options;
}

// How days are read; where rows are collected, what is no day becomes a rejected row.
inline arrow::day_options days_of(const std::string& date_format, std::optional<std::int32_t> utc_offset,
                                  row_mode rows) {
  arrow::day_options days;
  if (utc_offset) days.utc_offset = fixed_offset{*utc_offset};
  days.text_format =
      constant_named<kundenwert::date_format>(kundenwert::detail::date_format_entries, date_format, "date_format");
  days.keep_unreadable = rows == row_mode::collect;
  return days;
}

}  // namespace kundenwert::python
