// How Arrow lays values out: names of the types for messages, checked access to buffers, and the conversion of a buffer
// of one type into a column of another. Used by import; nothing here knows what a column means.
//
// References: Apache Arrow, "Arrow columnar format" and the format strings of "The Arrow C data interface".
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/arrow/stream.hpp"
#include "kundenwert/base/column.hpp"

namespace kundenwert::arrow {

// A column together with the memory it points into: the batch, and an own buffer where the layout differed.
template <class View>
struct imported {
  View view;
  std::vector<std::shared_ptr<const void>> memory;
};

// The type of a field in words: "int64", "timestamp[us, tz=UTC]", "dictionary<int8, utf8>".
std::string type_name(const ArrowSchema& schema);

namespace detail {

inline std::int64_t row_number(const field& f, std::int64_t row) {
  return f.first_row == no_row ? no_row : f.first_row + row;
}

[[noreturn]] inline void fail_type(const field& f, std::string_view accepted) {
  fail(error_code::wrong_type, f.name,
       "is " + type_name(*f.schema) + " (Arrow format \"" + std::string(f.schema->format) + "\"), needs " +
           std::string(accepted));
}

// The buffer of that number; null is accepted where there are no rows.
inline const void* buffer(const field& f, std::int64_t number, std::int64_t buffers) {
  if (f.array->n_buffers < buffers) {
    fail_broken(f.name, "the array has " + std::to_string(f.array->n_buffers) + " buffers where " +
                            std::to_string(buffers) + " are needed");
  }
  const void* found = f.array->buffers[number];
  if (found == nullptr && f.rows > 0) fail_broken(f.name, "buffer " + std::to_string(number) + " is null");
  return found;
}

inline validity_bitmap validity_of(const field& f) {
  if (f.array->null_count == 0 || f.rows == 0 || f.array->n_buffers == 0) return {};
  const auto* bits = static_cast<const std::uint8_t*>(f.array->buffers[0]);
  if (bits == nullptr && f.array->null_count > 0) fail_broken(f.name, "the array has nulls but no validity bits");
  return {bits, bits == nullptr ? 0 : f.offset};
}

// Entries of a buffer of T from a field's first row on; read bytewise, as producers may not align.
template <class T>
struct entries {
  const unsigned char* bytes = nullptr;

  entries(const field& f, std::int64_t number, std::int64_t buffers) {
    const void* found = buffer(f, number, buffers);
    if (found != nullptr) bytes = static_cast<const unsigned char*>(found) + f.offset * std::int64_t{sizeof(T)};
  }
  T operator[](std::int64_t i) const {
    T value;
    std::memcpy(&value, bytes + i * std::int64_t{sizeof(T)}, sizeof value);
    return value;
  }
};

template <class T>
bool is_aligned(const void* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer) % alignof(T) == 0;
}

// Keeps a vector alive beside the batch and returns its content.
template <class View, class T>
std::span<const T> keep(imported<View>& column, std::vector<T> values) {
  auto kept = std::make_shared<const std::vector<T>>(std::move(values));
  const std::span<const T> content(*kept);
  column.memory.push_back(std::move(kept));
  return content;
}

template <class View>
imported<View> start_import(const field& f) {
  imported<View> out;
  out.memory.push_back(f.owner);
  out.view.validity = validity_of(f);
  return out;
}

// Buffer 1 as it is: no copy, unless it is not aligned.
template <class T>
imported<column<T>> borrow(const field& f) {
  auto out = start_import<column<T>>(f);
  const entries<T> source(f, 1, 2);
  const auto rows = static_cast<std::size_t>(f.rows);
  if (rows == 0) return out;
  if (is_aligned<T>(source.bytes)) {
    out.view.values = {reinterpret_cast<const T*>(source.bytes), rows};
  } else {
    std::vector<T> copy(rows);
    std::memcpy(copy.data(), source.bytes, rows * sizeof(T));
    out.view.values = keep(out, std::move(copy));
  }
  return out;
}

// value(row) of every valid row; null rows hold To{} and are not asked for.
template <class To, class Value>
imported<column<To>> convert(const field& f, Value&& value) {
  auto out = start_import<column<To>>(f);
  std::vector<To> values(static_cast<std::size_t>(f.rows));
  for (std::int64_t i = 0; i < f.rows; ++i) {
    if (out.view.validity.is_valid(i)) values[static_cast<std::size_t>(i)] = value(i);
  }
  out.view.values = keep(out, std::move(values));
  return out;
}

// The null type has no buffers: every row is null.
template <class View>
validity_bitmap nothing_valid(imported<View>& out, std::int64_t rows) {
  return {keep(out, std::vector<std::uint8_t>(static_cast<std::size_t>((rows + 7) / 8))).data(), 0};
}
template <class T>
imported<column<T>> all_null(const field& f) {
  imported<column<T>> out;
  out.memory.push_back(f.owner);
  out.view.values = keep(out, std::vector<T>(static_cast<std::size_t>(f.rows)));
  out.view.validity = nothing_valid(out, f.rows);
  return out;
}

// Calls visit(T{}) with the integer type of a format letter; false where the format is no integer.
template <class Visit>
bool with_integer_type(std::string_view format, Visit&& visit) {
  if (format.size() != 1) return false;
  switch (format[0]) {
    case 'c':
      visit(std::int8_t{});
      return true;
    case 'C':
      visit(std::uint8_t{});
      return true;
    case 's':
      visit(std::int16_t{});
      return true;
    case 'S':
      visit(std::uint16_t{});
      return true;
    case 'i':
      visit(std::int32_t{});
      return true;
    case 'I':
      visit(std::uint32_t{});
      return true;
    case 'l':
      visit(std::int64_t{});
      return true;
    case 'L':
      visit(std::uint64_t{});
      return true;
    default:
      return false;
  }
}

inline bool is_dictionary(const field& f) { return f.schema->dictionary != nullptr; }

// The values a dictionary column points to, as a column of their own.
inline field dictionary_values(const field& f) {
  require_schema(*f.schema->dictionary, f.name);
  if (f.array->dictionary == nullptr) fail_broken(f.name, "the array lacks its dictionary");
  require_array(*f.array->dictionary, f.name);
  field values = f;
  values.schema = f.schema->dictionary;
  values.array = f.array->dictionary;
  values.offset = values.array->offset;
  values.rows = values.array->length;
  values.first_row = no_row;
  if (is_dictionary(values)) fail_type(f, "a dictionary of plain values");
  return values;
}

// For every row the entry of the dictionary, -1 where the row is null or its entry is.
inline std::vector<std::int64_t> dictionary_entries(const field& f, const validity_bitmap& entry_validity,
                                                    std::int64_t dictionary_rows) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(f.rows), -1);
  const validity_bitmap validity = validity_of(f);
  const bool known = with_integer_type(f.schema->format, [&](auto index_type) {
    const entries<decltype(index_type)> indices(f, 1, 2);
    for (std::int64_t i = 0; i < f.rows; ++i) {
      if (!validity.is_valid(i)) continue;
      const auto index = indices[i];
      if (std::cmp_less(index, 0) || std::cmp_greater_equal(index, dictionary_rows)) {
        fail_at(error_code::stream_failed, f.name, row_number(f, i), "points outside of its dictionary");
      }
      const auto entry = static_cast<std::int64_t>(index);
      if (entry_validity.is_valid(entry)) out[static_cast<std::size_t>(i)] = entry;
    }
  });
  if (!known) fail_broken(f.name, "the indices of the dictionary are no integers");
  return out;
}

// Validity bits of the rows that point to an entry; no bitmap where all do.
template <class View>
validity_bitmap validity_of_entries(imported<View>& out, const std::vector<std::int64_t>& rows) {
  std::vector<std::uint8_t> bits((rows.size() + 7) / 8);
  bool complete = true;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] >= 0) {
      bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (1U << (i % 8)));
    } else {
      complete = false;
    }
  }
  if (complete) return {};
  return {keep(out, std::move(bits)).data(), 0};
}

// A decimal as the specification writes it, "d:precision,scale[,bits]", with the value unscaled.
struct decimal_type {
  int scale = 0;
  int bytes = 16;
};
decimal_type decimal_type_of(const field& f);

// The unscaled value; throws overflow where it does not fit 64 bits.
inline std::int64_t unscaled(const field& f, const unsigned char* start, int bytes, std::int64_t row) {
  if (bytes == 4) {
    std::int32_t value;
    std::memcpy(&value, start, sizeof value);
    return value;
  }
  const int words = bytes / 8;
  const auto word = [&](int number) {  // 0 is the least significant one
    std::int64_t value;
    const int place = std::endian::native == std::endian::little ? number : words - 1 - number;
    std::memcpy(&value, start + place * 8, sizeof value);
    return value;
  };
  const std::int64_t value = word(0);
  for (int i = 1; i < words; ++i) {
    if (word(i) != (value < 0 ? -1 : 0)) {
      fail_at(error_code::overflow, f.name, row_number(f, row), "does not fit 64 bits without its decimal point");
    }
  }
  return value;
}

inline decimal_type decimal_type_of(const field& f) {
  const std::string_view format = f.schema->format;
  const auto number = [&](std::size_t& position) {
    const bool negative = position < format.size() && format[position] == '-';
    if (negative) ++position;
    int value = 0;
    const std::size_t begin = position;
    for (; position < format.size() && format[position] >= '0' && format[position] <= '9' && value < 1000; ++position) {
      value = value * 10 + (format[position] - '0');
    }
    if (position == begin) fail_broken(f.name, "\"" + std::string(format) + "\" is no decimal type");
    return negative ? -value : value;
  };
  std::size_t position = 2;
  number(position);  // the precision says nothing about the single value
  decimal_type type;
  if (position < format.size() && format[position] == ',') type.scale = number(++position);
  int bits = 128;
  if (position < format.size() && format[position] == ',') bits = number(++position);
  if (position != format.size() || (bits != 32 && bits != 64 && bits != 128 && bits != 256)) {
    fail_broken(f.name, "\"" + std::string(format) + "\" is no decimal type");
  }
  type.bytes = bits / 8;
  return type;
}

struct format_name {
  std::string_view format;
  std::string_view name;
};
inline constexpr format_name plain_formats[] = {
    {"n", "null"},
    {"b", "bool"},
    {"c", "int8"},
    {"C", "uint8"},
    {"s", "int16"},
    {"S", "uint16"},
    {"i", "int32"},
    {"I", "uint32"},
    {"l", "int64"},
    {"L", "uint64"},
    {"e", "float16"},
    {"f", "float32"},
    {"g", "float64"},
    {"z", "binary"},
    {"Z", "large_binary"},
    {"vz", "binary_view"},
    {"u", "utf8"},
    {"U", "large_utf8"},
    {"vu", "utf8_view"},
    {"tdD", "date32"},
    {"tdm", "date64"},
    {"tts", "time32[s]"},
    {"ttm", "time32[ms]"},
    {"ttu", "time64[us]"},
    {"ttn", "time64[ns]"},
    {"+l", "list"},
    {"+L", "large_list"},
    {"+vl", "list_view"},
    {"+vL", "large_list_view"},
    {"+s", "struct"},
    {"+m", "map"},
    {"+r", "run_end_encoded"},
};
// Formats that carry arguments, by how they begin.
inline constexpr format_name argument_formats[] = {
    {"d:", "decimal"},          {"w:", "fixed_size_binary"}, {"tD", "duration"},       {"ti", "interval"},
    {"+w:", "fixed_size_list"}, {"+ud:", "dense_union"},     {"+us:", "sparse_union"},
};

}  // namespace detail

inline std::string type_name(const ArrowSchema& schema) {
  const std::string_view format = detail::text_or_empty(schema.format);
  std::string name;
  for (const auto& known : detail::plain_formats) {
    if (format == known.format) name = known.name;
  }
  for (const auto& known : detail::argument_formats) {
    if (format.starts_with(known.format)) {
      name = std::string(known.name) + "(" + std::string(format.substr(known.format.size())) + ")";
    }
  }
  if (format.size() >= 4 && format.starts_with("ts") && format[3] == ':') {
    const char unit = format[2];
    name = std::string("timestamp[") + (unit == 's' ? "s" : std::string(1, unit) + "s");
    if (format.size() > 4) name += ", tz=" + std::string(format.substr(4));
    name += "]";
  }
  if (name.empty()) name = "of an unknown type";
  if (schema.dictionary == nullptr) return name;
  ArrowSchema values = *schema.dictionary;
  values.dictionary = nullptr;
  return "dictionary<" + name + ", " + type_name(values) + ">";
}

}  // namespace kundenwert::arrow
