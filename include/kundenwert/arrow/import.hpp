// Columns of a record batch as the columns of the core: ids, text, days, numbers, amounts, flags. Values are borrowed
// where Arrow's layout is the core's own; otherwise they are converted into a buffer the result owns. A result keeps
// its batch alive.
//
// References: Apache Arrow, "Arrow columnar format". Days: domain specification, "Time" (the day of an event is the
// civil day in a stated fixed offset); money: domain specification, "Money" (decimals are summed exactly).
//
// column of the core | Arrow types                                                     | borrowed without a copy
// ids                | (u)int8..64, text, dictionaries of those                        | int64, large_utf8; utf8's
// bytes text               | utf8, large_utf8, utf8_view, dictionaries of those              | large_utf8; utf8's bytes
// days               | date32, date64, timestamp, text (YYYY-MM-DD or stated)              | date32
// numbers            | float64, float32, (u)int8..64, decimal                          | float64
// amounts            | as numbers; a decimal becomes exact minor units                 | float64
// flags              | bool, uint8 of 0 and 1                                          | -
// Every column may also be of the null type (a frame's column without a single value): all its rows are null.
//
// All functions throw wrong_type with the column, its type and what is accepted; stream_failed where the column breaks
// the Arrow C interface; rows in errors are counted over all batches. Whether text is valid UTF-8, days are in range
// and numbers finite is for the receiver to check. Null rows hold no meaningful value.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kundenwert/arrow/layout.hpp"
#include "kundenwert/arrow/text.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/model/summary.hpp"
#include "kundenwert/time/calendar.hpp"
#include "kundenwert/time/parse.hpp"

namespace kundenwert::arrow {

struct imported_ids {
  id_column view;
  std::vector<std::shared_ptr<const void>> memory;
};

// Amounts of money: either doubles in major units, or whole minor units and their exponent (2: cents).
struct amount_columns {
  column<double> amount;
  column<std::int64_t> amount_minor;
  bool is_minor = false;
  int minor_exponent = 0;
};

struct imported_amounts {
  amount_columns view;
  std::vector<std::shared_ptr<const void>> memory;
};

struct day_options {
  // When given, it decides the civil day of every timestamp that has a zone; without it the zone must be UTC or a fixed
  // offset ("+02:00"). Timestamps without zone are civil times already. Text: see time/parse.
  std::optional<fixed_offset> utc_offset = std::nullopt;
  date_format text_format = date_format::iso;
  // Text that is no date, and timestamps too far away for 32 bits, become no_day, which is outside every range of
  // dates, so that the receiver can reject the row; otherwise they are errors.
  bool keep_unreadable = false;
};

// Ids as int64 or text. Throws overflow for a uint64 above the int64 range.
imported_ids import_ids(const field& f);

// Civil days since 1970-01-01; a time of day is floored. Throws timezone for a named zone, date_invalid for text that
// is no date, date_range for text outside 1900 to 2199 and for a timestamp whose day does not fit 32 bits.
imported<column<std::int32_t>> import_days(const field& f, const day_options& options = {});

// Doubles. Throws overflow for an integer or unscaled decimal beyond 2^53, which a double does not hold exactly.
imported<column<double>> import_numbers(const field& f);

// Amounts: decimals as exact minor units, others as import_numbers. Throws overflow for a decimal that 64 bits do not
// hold without its point, unsupported for one of more than 18 decimal places.
imported_amounts import_amounts(const field& f);

// 0 or 1. Throws domain for any other number.
imported<column<std::uint8_t>> import_flags(const field& f);

namespace detail {

inline constexpr std::string_view accepted_ids = "integers or utf8 text (also as a dictionary)";
inline constexpr std::string_view accepted_days = "date32, date64, timestamp or utf8 dates";
inline constexpr std::string_view accepted_numbers = "float64, float32, integers or decimal";
inline constexpr std::string_view accepted_flags = "bool, or uint8 of 0 and 1";

// Integers of any width as int64; format must be one of theirs.
inline imported<column<std::int64_t>> import_integers(const field& f) {
  if (std::string_view(f.schema->format) == "l") return borrow<std::int64_t>(f);
  imported<column<std::int64_t>> out;
  with_integer_type(f.schema->format, [&](auto type) {
    const entries<decltype(type)> source(f, 1, 2);
    out = convert<std::int64_t>(f, [&](std::int64_t i) {
      const auto value = source[i];
      if (std::cmp_greater(value, std::numeric_limits<std::int64_t>::max())) {
        fail_at(error_code::overflow, f.name, row_number(f, i), std::to_string(value) + " is above the int64 range");
      }
      return static_cast<std::int64_t>(value);
    });
  });
  return out;
}

inline std::int64_t floor_division(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

inline constexpr std::int64_t seconds_per_day = 86400;

inline std::int32_t read_day(std::string_view text, const field& f, std::int64_t row, const day_options& options) {
  try {
    return parse_day(text, {.format = options.text_format, .utc_offset = options.utc_offset}, f.name,
                     row_number(f, row));
  } catch (const error& e) {
    const bool unreadable = e.code() == error_code::date_invalid || e.code() == error_code::date_range;
    if (options.keep_unreadable && unreadable) return no_day;
    throw;
  }
}

// Civil days of instants counted per_second, shifted by the offset. A template so that the division is by a constant.
template <std::int64_t per_second>
imported<column<std::int32_t>> import_instants(const field& f, std::int64_t offset_seconds,
                                               const day_options& options) {
  const entries<std::int64_t> source(f, 1, 2);
  return convert<std::int32_t>(f, [&](std::int64_t i) {
    const std::int64_t seconds = floor_division(source[i], per_second);
    // Within 2^62 the offset can be added; beyond it the day does not fit anyway.
    constexpr std::int64_t far_away = std::int64_t{1} << 62;
    const bool near_enough = seconds > -far_away && seconds < far_away;
    const std::int64_t day = near_enough ? floor_division(seconds + offset_seconds, seconds_per_day) : seconds;
    if (day <= std::numeric_limits<std::int32_t>::min() || day > std::numeric_limits<std::int32_t>::max()) {
      if (options.keep_unreadable) return no_day;
      fail_at(error_code::date_range, f.name, row_number(f, i), "is a timestamp far outside 1900 to 2199");
    }
    return static_cast<std::int32_t>(day);
  });
}

// Seconds east of UTC of "UTC" and its other names, or of "+hh:mm"; none for a named zone.
inline std::optional<std::int32_t> offset_of_zone(std::string_view zone) {
  for (const std::string_view utc : {"UTC", "Etc/UTC", "Z", "GMT", "Etc/GMT"}) {
    if (zone == utc) return 0;
  }
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  const auto two_digits = [&](std::size_t at) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return is_digit(zone[at]) && is_digit(zone[at + 1]) ? (zone[at] - '0') * 10 + (zone[at + 1] - '0') : -1;
  };
  const int hours = two_digits(1);
  const int minutes = two_digits(4);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  const int seconds = (hours * 60 + minutes) * 60;
  return zone[0] == '-' ? -seconds : seconds;
}

inline imported<column<std::int32_t>> import_timestamps(const field& f, const day_options& options) {
  const std::string_view format = f.schema->format;
  const std::string_view zone = format.substr(4);
  std::int64_t offset = 0;
  if (!zone.empty()) {
    const auto stated = options.utc_offset ? options.utc_offset->minutes * 60 : offset_of_zone(zone);
    if (!stated) {
      fail(error_code::timezone, f.name,
           "is in the time zone " + std::string(zone) +
               ": convert it to the civil dates of that zone (or to UTC) first, or state a fixed offset");
    }
    offset = *stated;
  }
  switch (format[2]) {
    case 's':
      return import_instants<1>(f, offset, options);
    case 'm':
      return import_instants<1'000>(f, offset, options);
    case 'u':
      return import_instants<1'000'000>(f, offset, options);
    case 'n':
      return import_instants<1'000'000'000>(f, offset, options);
    default:
      fail_type(f, accepted_days);
  }
}

inline constexpr std::int64_t largest_exact_double = std::int64_t{1} << 53;

inline double exact_double(const field& f, std::int64_t value, std::int64_t row) {
  if (value > largest_exact_double || value < -largest_exact_double) {
    fail_at(error_code::overflow, f.name, row_number(f, row),
            std::to_string(value) + " is beyond 2^53 and has no exact double");
  }
  return static_cast<double>(value);
}

// Powers of ten up to 10^22 are exact doubles, so that value / 10^scale is rounded once.
inline imported<column<double>> import_decimal_numbers(const field& f) {
  const decimal_type type = decimal_type_of(f);
  double power = 1;
  for (int s = 0; s < std::abs(type.scale); ++s) power *= 10;
  const auto* start = static_cast<const unsigned char*>(buffer(f, 1, 2));
  return convert<double>(f, [&](std::int64_t i) {
    const double value = exact_double(f, unscaled(f, start + (f.offset + i) * type.bytes, type.bytes, i), i);
    return type.scale < 0 ? value * power : value / power;
  });
}

inline imported<column<std::int64_t>> import_minor_units(const field& f, const decimal_type& type) {
  constexpr int most_places = 18;  // 10^18 is the largest power of ten that int64 holds
  if (type.scale > most_places) fail(error_code::unsupported, f.name, "has more than 18 decimal places");
  const auto* start = static_cast<const unsigned char*>(buffer(f, 1, 2));
  return convert<std::int64_t>(f, [&](std::int64_t i) {
    std::int64_t value = unscaled(f, start + (f.offset + i) * type.bytes, type.bytes, i);
    for (int s = type.scale; s < 0 && value != 0; ++s) {
      constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 10;
      if (value > limit || value < -limit) {
        fail_at(error_code::overflow, f.name, row_number(f, i), "does not fit 64 bits in whole units");
      }
      value *= 10;
    }
    return value;
  });
}

}  // namespace detail

inline imported_ids import_ids(const field& f) {
  const auto as_ids = [](auto result) { return imported_ids{result.view, std::move(result.memory)}; };
  const auto is_integer = [](const field& g) { return detail::with_integer_type(g.schema->format, [](auto) {}); };
  if (!detail::is_dictionary(f)) {
    if (is_integer(f)) return as_ids(detail::import_integers(f));
    return as_ids(detail::import_plain_text(f, detail::accepted_ids));
  }
  const field values = detail::dictionary_values(f);
  if (!is_integer(values)) {
    if (!detail::is_text_type(values) && !detail::is_null_type(values)) detail::fail_type(f, detail::accepted_ids);
    return as_ids(detail::import_dictionary_text(f, detail::import_plain_text(values, detail::accepted_ids)));
  }
  const auto dictionary = detail::import_integers(values);
  const auto rows = detail::dictionary_entries(f, dictionary.view.validity, dictionary.view.size());
  imported<column<std::int64_t>> out;
  std::vector<std::int64_t> ids(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) ids[i] = rows[i] < 0 ? 0 : dictionary.view[rows[i]];
  out.view.values = detail::keep(out, std::move(ids));
  out.view.validity = detail::validity_of_entries(out, rows);
  return as_ids(std::move(out));
}

inline imported<column<std::int32_t>> import_days(const field& f, const day_options& options) {
  constexpr std::int32_t longest_offset_minutes = 18 * 60;  // as in time/calendar
  if (options.utc_offset && std::abs(std::int64_t{options.utc_offset->minutes}) > longest_offset_minutes) {
    fail(error_code::domain, "utc_offset", "is beyond 18 hours");
  }
  const std::string_view format = f.schema->format;
  const bool is_text =
      detail::is_dictionary(f) ? detail::is_text_type(detail::dictionary_values(f)) : detail::is_text_type(f);
  if (is_text) {
    const auto text = import_text(f);
    auto out = detail::convert<std::int32_t>(f, [&](std::int64_t i) {
      return text.view.is_valid(i) ? detail::read_day(text.view[i], f, i, options) : no_day;
    });
    out.view.validity = text.view.validity;
    out.memory.insert(out.memory.end(), text.memory.begin(), text.memory.end());
    return out;
  }
  if (detail::is_dictionary(f)) detail::fail_type(f, detail::accepted_days);
  if (format == "tdD") return detail::borrow<std::int32_t>(f);
  if (format == "tdm") return detail::import_instants<1'000>(f, 0, options);
  if (format.size() >= 4 && format.starts_with("ts") && format[3] == ':') return detail::import_timestamps(f, options);
  if (detail::is_null_type(f)) return detail::all_null<std::int32_t>(f);
  detail::fail_type(f, detail::accepted_days);
}

inline imported<column<double>> import_numbers(const field& f) {
  if (detail::is_dictionary(f)) detail::fail_type(f, detail::accepted_numbers);
  const std::string_view format = f.schema->format;
  if (format == "g") return detail::borrow<double>(f);
  if (format == "f") {
    const detail::entries<float> source(f, 1, 2);
    return detail::convert<double>(f, [&](std::int64_t i) { return static_cast<double>(source[i]); });
  }
  if (format.starts_with("d:")) return detail::import_decimal_numbers(f);
  if (detail::is_null_type(f)) return detail::all_null<double>(f);
  imported<column<double>> out;
  const bool is_integer = detail::with_integer_type(format, [&](auto type) {
    const detail::entries<decltype(type)> source(f, 1, 2);
    out = detail::convert<double>(f, [&](std::int64_t i) {
      const auto value = source[i];
      if (std::cmp_greater(value, detail::largest_exact_double)) {
        fail_at(error_code::overflow, f.name, detail::row_number(f, i),
                std::to_string(value) + " is beyond 2^53 and has no exact double");
      }
      return detail::exact_double(f, static_cast<std::int64_t>(value), i);
    });
  });
  if (!is_integer) detail::fail_type(f, detail::accepted_numbers);
  return out;
}

inline imported_amounts import_amounts(const field& f) {
  imported_amounts out;
  if (!detail::is_dictionary(f) && std::string_view(f.schema->format).starts_with("d:")) {
    const detail::decimal_type type = detail::decimal_type_of(f);
    auto minor = detail::import_minor_units(f, type);
    out.view.amount_minor = minor.view;
    out.view.is_minor = true;
    out.view.minor_exponent = type.scale < 0 ? 0 : type.scale;
    out.memory = std::move(minor.memory);
  } else {
    auto numbers = import_numbers(f);
    out.view.amount = numbers.view;
    out.memory = std::move(numbers.memory);
  }
  return out;
}

inline imported<column<std::uint8_t>> import_flags(const field& f) {
  if (detail::is_dictionary(f)) detail::fail_type(f, detail::accepted_flags);
  const std::string_view format = f.schema->format;
  if (format == "b") {
    const auto* bits = static_cast<const std::uint8_t*>(detail::buffer(f, 1, 2));
    return detail::convert<std::uint8_t>(f, [&](std::int64_t i) {
      const std::int64_t position = f.offset + i;
      return static_cast<std::uint8_t>((bits[position >> 3] >> (position & 7)) & 1);
    });
  }
  if (detail::is_null_type(f)) return detail::all_null<std::uint8_t>(f);
  if (format != "C") detail::fail_type(f, detail::accepted_flags);
  const detail::entries<std::uint8_t> source(f, 1, 2);
  return detail::convert<std::uint8_t>(f, [&](std::int64_t i) {
    if (source[i] > 1) fail_at(error_code::domain, f.name, detail::row_number(f, i), "is neither 0 nor 1");
    return source[i];
  });
}

}  // namespace kundenwert::arrow
