// Results of models as Arrow tables: every table that says what its columns are (btyd/result_table), its memory shared.
//
//   export_table(std::make_shared<const comparison>(compare(customers)), customers.unit).export_stream(&stream);
//
// cells   | type   | null where
// number  | double | NaN
// count   | int64  | never
// whole   | int32  | never
// place   | int32  | 0
// day     | date32 | no_day
// model   | text   | never; its name
// outcome | text   | 0
// text    | text   | never
//
// Metadata: kundenwert.version, kundenwert.unit (of columns in time or per time), and for a comparison
// kundenwert.recommended (name of the model) and kundenwert.reason, where there is one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "kundenwert/arrow/export.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/btyd/compare.hpp"
#include "kundenwert/btyd/registry.hpp"
#include "kundenwert/btyd/result_table.hpp"
#include "kundenwert/version.hpp"

namespace kundenwert::btyd {

// The first form shares the table's memory, the second moves it in. Throws length_mismatch where a column is not as
// long as the first; unknown_code for the number of no model.
template <result_table Table>
arrow::table export_table(std::shared_ptr<const Table> found, time_unit unit);
template <result_table Table>
arrow::table export_table(Table found, time_unit unit) {
  return export_table(std::make_shared<const Table>(std::move(found)), unit);
}

namespace detail {

inline constexpr auto model_names = [] {
  std::array<code_entry, model_table.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = {static_cast<std::uint32_t>(model_table[i].number), model_table[i].name, model_table[i].source};
  }
  return out;
}();

inline void add_texts(std::string_view name, const std::vector<std::string>& texts, arrow::table& out) {
  std::vector<char> bytes;
  std::vector<std::int64_t> offsets{0};
  for (const std::string& text : texts) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  out.add_text(std::string(name), std::move(bytes), std::move(offsets));
}

template <class Table>
void add_column(const result_column<Table>& c, const std::shared_ptr<const Table>& from, arrow::table& out) {
  const std::string name(c.name);
  std::visit(
      [&](auto member) {
        const auto& values = (*from).*member;
        using value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<value, std::string>) {
          add_texts(name, values, out);
        } else {
          const arrow::shared_values<value> shared(std::span<const value>(values), from);
          if constexpr (std::is_same_v<value, std::int32_t>) {
            switch (c.holds) {
              case cells::day:
                out.add_days(name, shared);
                return;
              case cells::model:
                out.add_codes(name, values, model_names);
                return;
              case cells::outcome:
                out.add_codes(name, values, outcomes);
                return;
              case cells::place:
                out.add(name, shared, arrow::zero_cells::are_null);
                return;
              default:
                break;
            }
          }
          out.add(name, shared);
        }
      },
      c.values);
}

}  // namespace detail

template <result_table Table>
arrow::table export_table(std::shared_ptr<const Table> found, time_unit unit) {
  arrow::table out;
  for (const auto& c : Table::columns()) detail::add_column(c, found, out);
  out.set_metadata("kundenwert.version", std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
                                             std::to_string(version.patch));
  out.set_metadata("kundenwert.unit", name_of(unit));
  if constexpr (std::is_same_v<Table, comparison>) {
    if (const model* choice = found->choice()) out.set_metadata("kundenwert.recommended", choice->info().name);
    out.set_metadata("kundenwert.reason", found->reason);
  }
  return out;
}

}  // namespace kundenwert::btyd
