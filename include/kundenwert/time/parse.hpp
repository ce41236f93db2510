// Dates from text, strictly: one stated format, every digit in its place, no guessing.
//
// References: ISO 8601-1:2019; RFC 3339; the project's domain specification C, "Time".
//
// format    | example                                       | note
// iso       | 1997-09-30                                    |
// compact   | 19970930                                      |
// timestamp | 1997-09-30T23:15:00.5+02:00, 1997-09-30 23:15 | also a bare date; offsets Z, +hh, +hhmm, +hh:mm
//
// A timestamp without offset is local already: its date is the day. One with an offset is an instant; its day is the
// one at options.utc_offset, and without that it is refused (timezone), because instants and local times do not mix.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert {

enum class date_format : std::int32_t { iso = 1, compact = 2, timestamp = 3 };

constexpr std::string_view name_of(date_format format);

struct parse_options {
  date_format format = date_format::iso;
  std::optional<fixed_offset> utc_offset = std::nullopt;  // of the days wanted; for timestamps with offset
  std::optional<std::int32_t> null_day = std::nullopt;    // the day of a null row; without it a null is an error
};

// The civil day of a text. Throws date_invalid for text that is no date of the format (2023-02-29, blanks around it),
// date_range outside 1900-01-01 to 2199-12-31, timezone as said above, unknown_code for a number that is no format.
std::int32_t parse_day(std::string_view text, const parse_options& options = {}, std::string_view argument = "date",
                       std::int64_t row = no_row);

// Column of parse_day; the error is the one of the smallest offending row. Throws missing for a null row unless
// options.null_day says what stands for it.
std::vector<std::int32_t> parse_days(const text_column& text, const parse_options& options = {},
                                     std::string_view argument = "date");

// Microseconds since 1970-01-01T00:00:00Z of a timestamp with offset; digits beyond microseconds are cut off. Throws
// date_invalid, date_range (by its UTC day), timezone where the text has no offset.
std::int64_t parse_instant(std::string_view text, std::string_view argument = "timestamp", std::int64_t row = no_row);

namespace detail {

// Text from anywhere, made fit for a message: printable ASCII, of bounded length.
inline std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string out = "\"";
  for (const char c : text.substr(0, longest)) out += c >= ' ' && c <= '~' ? c : '?';
  out += text.size() > longest ? "...\"" : "\"";
  return out;
}

// Reads from the front of a text.
struct text_reader {
  std::string_view rest;

  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool starts_with_digit() const { return !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; }
  // Exactly `width` digits.
  bool take_digits(int width, std::int32_t& number) {
    std::int32_t value = 0;
    for (int i = 0; i < width; ++i) {
      if (!starts_with_digit()) return false;
      value = value * 10 + (rest.front() - '0');
      rest.remove_prefix(1);
    }
    number = value;
    return true;
  }
};

// Date, time of day and offset as written.
struct timestamp_parts {
  civil_date date;
  std::int64_t microseconds = 0;  // of the day, in [0, a day + a leap second)
  std::optional<std::int32_t> offset_minutes = std::nullopt;
};

inline bool take_date(text_reader& reader, civil_date& date) {
  return reader.take_digits(4, date.year) && reader.take('-') && reader.take_digits(2, date.month) &&
         reader.take('-') && reader.take_digits(2, date.day);
}

inline bool take_time(text_reader& reader, std::int64_t& microseconds) {
  std::int32_t hour = 0;
  std::int32_t minute = 0;
  std::int32_t second = 0;
  std::int64_t fraction = 0;
  if (!reader.take_digits(2, hour) || hour > 23) return false;
  if (!reader.take(':') || !reader.take_digits(2, minute) || minute > 59) return false;
  if (reader.take(':')) {
    // 60 is a leap second.
    if (!reader.take_digits(2, second) || second > 60) return false;
    if (reader.take('.') || reader.take(',')) {
      if (!reader.starts_with_digit()) return false;
      for (std::int64_t weight = 100'000; reader.starts_with_digit(); weight /= 10) {
        fraction += weight * (reader.rest.front() - '0');
        reader.rest.remove_prefix(1);
      }
    }
  }
  microseconds = (hour * 60 + minute) * microseconds_per_minute + second * std::int64_t{1'000'000} + fraction;
  return true;
}

// Z, +hh, +hhmm or +hh:mm; nothing where the text ends.
inline bool take_offset(text_reader& reader, std::optional<std::int32_t>& offset_minutes) {
  if (reader.rest.empty()) return true;
  if (reader.take('Z')) {
    offset_minutes = 0;
    return true;
  }
  const bool west = reader.take('-');
  if (!west && !reader.take('+')) return false;
  std::int32_t hours = 0;
  std::int32_t minutes = 0;
  if (!reader.take_digits(2, hours)) return false;
  if (reader.take(':')) {
    if (!reader.take_digits(2, minutes)) return false;
  } else if (reader.starts_with_digit() && !reader.take_digits(2, minutes)) {
    return false;
  }
  const std::int32_t total = hours * 60 + minutes;
  if (minutes > 59 || total > longest_offset_minutes) return false;
  offset_minutes = west ? -total : total;
  return true;
}

// False where the text is no timestamp. The date's existence is checked by day_of.
inline bool take_timestamp(std::string_view text, timestamp_parts& parts) {
  text_reader reader{text};
  if (!take_date(reader, parts.date)) return false;
  if (reader.rest.empty()) return true;
  if (!reader.take('T') && !reader.take(' ')) return false;
  return take_time(reader, parts.microseconds) && take_offset(reader, parts.offset_minutes) && reader.rest.empty();
}

[[noreturn]] inline void fail_date(std::string_view text, date_format format, std::string_view argument,
                                   std::int64_t row) {
  std::string_view wanted = "a date YYYY-MM-DD";
  if (format == date_format::compact) wanted = "a date YYYYMMDD";
  if (format == date_format::timestamp) wanted = "a timestamp YYYY-MM-DDThh:mm:ss with or without offset";
  fail_at(error_code::date_invalid, argument, row, "is not " + std::string(wanted) + ": " + quoted(text));
}

// Microseconds since the epoch, in UTC, of parts with an offset.
inline std::int64_t instant_of(std::int32_t day, const timestamp_parts& parts) {
  return day * microseconds_per_day + parts.microseconds - *parts.offset_minutes * microseconds_per_minute;
}

}  // namespace detail

constexpr std::string_view name_of(date_format format) {
  switch (format) {
    case date_format::iso:
      return "iso";
    case date_format::compact:
      return "compact";
    case date_format::timestamp:
      return "timestamp";
  }
  return {};
}

inline std::int32_t parse_day(std::string_view text, const parse_options& options, std::string_view argument,
                              std::int64_t row) {
  switch (options.format) {
    case date_format::iso: {
      detail::text_reader reader{text};
      civil_date date;
      if (!detail::take_date(reader, date) || !reader.rest.empty()) {
        detail::fail_date(text, options.format, argument, row);
      }
      return day_of(date, argument, row);
    }
    case date_format::compact: {
      detail::text_reader reader{text};
      civil_date date;
      if (!reader.take_digits(4, date.year) || !reader.take_digits(2, date.month) || !reader.take_digits(2, date.day) ||
          !reader.rest.empty()) {
        detail::fail_date(text, options.format, argument, row);
      }
      return day_of(date, argument, row);
    }
    case date_format::timestamp: {
      detail::timestamp_parts parts;
      if (!detail::take_timestamp(text, parts)) detail::fail_date(text, options.format, argument, row);
      const std::int32_t day = day_of(parts.date, argument, row);
      if (!parts.offset_minutes) return day;
      if (!options.utc_offset) {
        fail_at(error_code::timezone, argument, row,
                "has an offset from UTC, so the offset of the days wanted must be given: " + detail::quoted(text));
      }
      return local_day(detail::instant_of(day, parts), *options.utc_offset, argument, row);
    }
  }
  fail(error_code::unknown_code, "format", "is none of iso, compact, timestamp");
}

inline std::vector<std::int32_t> parse_days(const text_column& text, const parse_options& options,
                                            std::string_view argument) {
  std::vector<std::int32_t> days;
  days.reserve(static_cast<std::size_t>(text.size()));
  for (std::int64_t row = 0; row < text.size(); ++row) {
    if (text.is_valid(row)) {
      days.push_back(parse_day(text[row], options, argument, row));
    } else if (options.null_day) {
      days.push_back(*options.null_day);
    } else {
      fail_at(error_code::missing, argument, row, "is null");
    }
  }
  return days;
}

inline std::int64_t parse_instant(std::string_view text, std::string_view argument, std::int64_t row) {
  detail::timestamp_parts parts;
  if (!detail::take_timestamp(text, parts)) detail::fail_date(text, date_format::timestamp, argument, row);
  const std::int32_t day = day_of(parts.date, argument, row);
  if (!parts.offset_minutes) {
    fail_at(error_code::timezone, argument, row, "has no offset from UTC: " + detail::quoted(text));
  }
  const std::int64_t instant = detail::instant_of(day, parts);
  local_day(instant, fixed_offset{0}, argument, row);
  return instant;
}

}  // namespace kundenwert
