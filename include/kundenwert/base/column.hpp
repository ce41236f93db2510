// Borrowed columns: values with an optional validity bitmap, and text as bytes with offsets (both in Arrow's layout).
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <variant>

namespace kundenwert {

inline constexpr double not_available = std::numeric_limits<double>::quiet_NaN();

// Bit i + offset, least significant first, is 1 where row i has a value; no bitmap: every row has one.
struct validity_bitmap {
  const std::uint8_t* bits = nullptr;
  std::int64_t offset = 0;

  bool is_valid(std::int64_t row) const {
    if (bits == nullptr) return true;
    const std::int64_t position = row + offset;
    return ((bits[position >> 3] >> (position & 7)) & 1) != 0;
  }
};

// A column of numbers. Converts from spans and vectors; `size()` rows.
template <class T>
struct column {
  std::span<const T> values;
  validity_bitmap validity;

  column() = default;
  column(std::span<const T> v, validity_bitmap bitmap = {}) : values(v), validity(bitmap) {}
  template <class Range>
  requires std::convertible_to<const Range&, std::span<const T>> column(const Range& range) : values(range) {}

  std::int64_t size() const { return static_cast<std::int64_t>(values.size()); }
  bool empty() const { return values.empty(); }
  const T& operator[](std::int64_t row) const { return values[static_cast<std::size_t>(row)]; }
  // True where the row has a value; a NaN in a floating column counts as none.
  bool is_valid(std::int64_t row) const {
    if (!validity.is_valid(row)) return false;
    if constexpr (std::is_floating_point_v<T>) return !std::isnan((*this)[row]);
    return true;
  }
};

// A column of UTF-8 text: row i is the bytes [offsets[i], offsets[i + 1]) of data.
struct text_column {
  const char* data = nullptr;
  std::span<const std::int64_t> offsets;  // size() + 1 entries, non-decreasing
  validity_bitmap validity;

  std::int64_t size() const { return offsets.empty() ? 0 : static_cast<std::int64_t>(offsets.size()) - 1; }
  std::string_view operator[](std::int64_t row) const {
    const auto i = static_cast<std::size_t>(row);
    return {data + offsets[i], static_cast<std::size_t>(offsets[i + 1] - offsets[i])};
  }
  bool is_valid(std::int64_t row) const { return validity.is_valid(row); }
};

// A column of ids: numbers or text.
using id_column = std::variant<column<std::int64_t>, text_column>;

inline std::int64_t size_of(const id_column& ids) {
  return std::visit([](const auto& c) { return c.size(); }, ids);
}
inline bool is_valid(const id_column& ids, std::int64_t row) {
  return std::visit([row](const auto& c) { return c.is_valid(row); }, ids);
}

}  // namespace kundenwert
