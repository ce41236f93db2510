// Checks of one row of a noun's columns, shared by all nouns. Columns of length 0 are absent; a null, and a NaN in a
// column of doubles, is "not known". Each throws with the column's canonical name and the row.
//
// References: domain specification C (bad-input policy).
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "kundenwert/base/amounts.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/base/utf8.hpp"
#include "kundenwert/model/log_report.hpp"

namespace kundenwert {

struct row_checks {
  std::int64_t row;

  // Throws encoding for text that is no id; a null is fine.
  void check_id(const id_column& ids, std::string_view name) const {
    const auto* text = std::get_if<text_column>(&ids);
    if (text == nullptr || text->size() == 0 || !text->is_valid(row)) return;
    if (!is_valid_id((*text)[row])) fail_at(error_code::encoding, name, row, "is not valid UTF-8 of 1 to 128 bytes");
  }
  // Throws missing for a null, too.
  void require_id(const id_column& ids, std::string_view name) const {
    if (!is_valid(ids, row)) fail_at(error_code::missing, name, row, "is null");
    check_id(ids, name);
  }

  // Throws encoding for text that is not valid UTF-8.
  void check_text(const text_column& text, std::string_view name) const {
    if (text.size() == 0 || !text.is_valid(row) || is_valid_utf8(text[row])) return;
    fail_at(error_code::encoding, name, row, "is not valid UTF-8");
  }

  // The day, no_day where it is not known. Throws date_range.
  std::int32_t day(const column<std::int32_t>& days, std::string_view name) const {
    if (days.empty() || !days.is_valid(row)) return no_day;
    const std::int32_t found = days[row];
    if (found == no_day) fail_at(error_code::date_range, name, row, "is no date in 1900-01-01 to 2199-12-31");
    if (found < earliest_day || found > latest_day) {
      fail_at(error_code::date_range, name, row, "is not in 1900-01-01 to 2199-12-31: day " + std::to_string(found));
    }
    return found;
  }
  // Throws missing for a null, too.
  std::int32_t required_day(const column<std::int32_t>& days, std::string_view name) const {
    if (!days.is_valid(row)) fail_at(error_code::missing, name, row, "is null");
    return day(days, name);
  }
  // Throws date_order where both are known and `later` comes before `earlier`, or on the same day where it must not.
  void check_order(std::int32_t earlier, std::int32_t later, std::string_view later_name, std::string_view earlier_name,
                   bool may_be_equal = true) const {
    if (earlier == no_day || later == no_day || later > earlier || (may_be_equal && later == earlier)) return;
    fail_at(error_code::date_order, later_name, row,
            (may_be_equal ? "is before " : "is not after ") + std::string(earlier_name));
  }

  // The code; `otherwise` where it is null or 0. Throws unknown_code.
  template <class Enum, std::size_t N>
  Enum code(const column<std::int32_t>& codes, const std::array<code_entry, N>& table, std::string_view name,
            Enum otherwise = Enum{}) const {
    if (codes.empty() || !codes.is_valid(row) || codes[row] == 0) return otherwise;
    const std::int32_t found = codes[row];
    if (found < 0 || name_of(table, static_cast<std::uint32_t>(found)).empty()) {
      fail_at(error_code::unknown_code, name, row, found < 0 ? "is none of its codes" : unknown(found, table));
    }
    return static_cast<Enum>(found);
  }

  // The number, NaN where it is not known. Throws non_finite.
  double number(const column<double>& values, std::string_view name) const {
    if (values.empty() || !values.is_valid(row)) return not_available;
    if (std::isinf(values[row])) fail_at(error_code::non_finite, name, row, "is infinite");
    return values[row];
  }
  // The same in [lowest, highest]. Throws domain.
  double number_within(const column<double>& values, double lowest, double highest, std::string_view name) const {
    const double found = number(values, name);
    if (found < lowest || found > highest) {
      fail_at(error_code::domain, name, row,
              "must be " + std::to_string(lowest) + " to " + std::to_string(highest) + ", is " + std::to_string(found));
    }
    return found;
  }
  // An amount of money that is not negative, NaN where it is not known. Throws non_finite, sign, overflow.
  double money(const column<double>& amounts, std::string_view name) const {
    const double found = number(amounts, name);
    if (found < 0) fail_at(error_code::sign, name, row, "is negative: " + std::to_string(found));
    if (found > largest_amount) fail_at(error_code::overflow, name, row, "is above 1e12");
    return found;
  }
  // Throws missing for a null or NaN, too.
  double required_money(const column<double>& amounts, std::string_view name) const {
    if (!amounts.is_valid(row)) fail_at(error_code::missing, name, row, "is missing or NaN");
    return money(amounts, name);
  }

 private:
  template <std::size_t N>
  static std::string unknown(std::int32_t found, const std::array<code_entry, N>& table) {
    std::string message = "is none of its codes: " + std::to_string(found) + ", where there are";
    for (const auto& entry : table) message += (&entry == table.data() ? " " : ", ") + std::string(entry.name);
    return message;
  }
};

}  // namespace kundenwert
