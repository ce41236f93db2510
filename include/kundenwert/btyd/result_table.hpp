// Tables of results as structs of columns that say what their columns are: name, unit and meaning stand once, beside
// the column, for Arrow (btyd/export), C and Python.
//
//   struct scores {
//     std::vector<double> bias;
//     static constexpr auto columns() {
//       return std::array{result_column<scores>{"bias", cells::number, "purchases", "predicted less actual",
//       &scores::bias}};
//     }
//   };
//
// All columns of a table have the same length.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kundenwert::btyd {

// What the values of a column are, and where they are null.
enum class cells : std::int32_t {
  number = 1,   // double; NaN is null
  count = 2,    // int64
  whole = 3,    // int32
  day = 4,      // int32, civil day; no_day is null
  model = 5,    // int32, the number of a model
  outcome = 6,  // int32, of codes::outcomes; 0 is null
  text = 7,     // UTF-8
  place = 8,    // int32, in a list, from 1; 0 is null
};

template <class Table>
using column_member = std::variant<std::vector<double> Table::*, std::vector<std::int64_t> Table::*,
                                   std::vector<std::int32_t> Table::*, std::vector<std::string> Table::*>;

// Units: "time" is the unit of the rows, "1/time" its inverse; "share" is in [0, 1]; "" is a pure number or none.
template <class Table>
struct result_column {
  std::string_view name;
  cells holds;
  std::string_view unit;
  std::string_view meaning;
  column_member<Table> values;
};

template <class Table>
concept result_table = requires {
  { Table::columns()[0] } -> std::convertible_to<result_column<Table>>;
};

// Number of rows: that of the first column.
template <result_table Table>
std::int64_t row_count_of(const Table& table) {
  constexpr auto columns = Table::columns();
  return std::visit([&](auto member) { return static_cast<std::int64_t>((table.*member).size()); }, columns[0].values);
}

}  // namespace kundenwert::btyd
