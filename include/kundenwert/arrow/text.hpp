// Text columns in every layout Arrow has, as bytes with int64 offsets. The bytes of utf8 and large_utf8 stay where they
// are; utf8's offsets are widened; views and dictionaries are gathered into one buffer.
//
// References: Apache Arrow, "Arrow columnar format": variable-size binary layout, its view layout, dictionary encoding.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/arrow/layout.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"

namespace kundenwert::arrow {

// utf8, large_utf8, utf8_view, dictionaries of those, or the null type. Null rows hold no meaningful text. Throws
// wrong_type, stream_failed.
imported<text_column> import_text(const field& f);

namespace detail {

inline constexpr std::string_view accepted_text = "utf8, large_utf8 or utf8_view text (also as a dictionary)";

inline bool is_null_type(const field& f) { return std::string_view(f.schema->format) == "n"; }
inline bool is_text_type(const field& f) {
  const std::string_view format = f.schema->format;
  return format == "u" || format == "U" || format == "vu";
}

// utf8 or large_utf8: the bytes stay where they are; offsets are widened where they are not int64 yet.
template <class Offset>
imported<text_column> import_offset_text(const field& f) {
  auto out = start_import<text_column>(f);
  if (f.rows == 0) return out;
  const entries<Offset> source(f, 1, 3);
  out.view.data = static_cast<const char*>(f.array->buffers[2]);
  const auto count = static_cast<std::size_t>(f.rows) + 1;
  if (sizeof(Offset) == sizeof(std::int64_t) && is_aligned<std::int64_t>(source.bytes)) {
    out.view.offsets = {reinterpret_cast<const std::int64_t*>(source.bytes), count};
  } else {
    std::vector<std::int64_t> widened(count);
    for (std::size_t i = 0; i < count; ++i) widened[i] = source[static_cast<std::int64_t>(i)];
    out.view.offsets = keep(out, std::move(widened));
  }
  bool ordered = out.view.offsets[0] >= 0;
  for (std::size_t i = 1; i < count; ++i) ordered = ordered && out.view.offsets[i] >= out.view.offsets[i - 1];
  if (!ordered) fail_broken(f.name, "the offsets of the text are negative or decrease");
  if (out.view.data == nullptr && out.view.offsets.back() > 0) fail_broken(f.name, "the text has no bytes");
  return out;
}

// Joins text(row) of every row into one buffer.
template <class Text>
void gather_text(imported<text_column>& out, std::int64_t rows, Text&& text) {
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(rows) + 1);
  for (std::int64_t i = 0; i < rows; ++i) {
    const auto at = static_cast<std::size_t>(i);
    offsets[at + 1] = offsets[at] + static_cast<std::int64_t>(text(i).size());
  }
  std::vector<char> bytes(static_cast<std::size_t>(offsets.back()));
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::string_view piece = text(i);
    if (!piece.empty()) std::memcpy(bytes.data() + offsets[static_cast<std::size_t>(i)], piece.data(), piece.size());
  }
  out.view.data = keep(out, std::move(bytes)).data();
  out.view.offsets = keep(out, std::move(offsets));
}

// utf8_view: 16 bytes a row, int32 length, then up to 12 bytes of text, or 4 bytes of it, buffer number and offset.
// The buffers of text follow the views; the last buffer holds their sizes.
inline imported<text_column> import_view_text(const field& f) {
  struct view_entry {
    std::int32_t length;
    std::int32_t prefix;
    std::int32_t buffer;
    std::int32_t offset;
  };
  static_assert(sizeof(view_entry) == 16);
  constexpr std::int32_t longest_inline = 12;
  constexpr std::int64_t text_begin = sizeof(std::int32_t);

  auto out = start_import<text_column>(f);
  if (f.rows == 0) return out;
  const entries<view_entry> views(f, 1, 3);
  const std::int64_t text_buffers = f.array->n_buffers - 3;
  const void* sizes = f.array->buffers[f.array->n_buffers - 1];
  if (sizes == nullptr && text_buffers > 0) fail_broken(f.name, "the text views lack the sizes of their buffers");
  const validity_bitmap validity = out.view.validity;
  gather_text(out, f.rows, [&](std::int64_t i) -> std::string_view {
    if (!validity.is_valid(i)) return {};
    const view_entry entry = views[i];
    const auto length = static_cast<std::size_t>(entry.length);
    if (entry.length >= 0 && entry.length <= longest_inline) {
      const unsigned char* start = views.bytes + i * std::int64_t{sizeof(view_entry)} + text_begin;
      return {reinterpret_cast<const char*>(start), length};
    }
    if (entry.length < 0 || entry.buffer < 0 || entry.buffer >= text_buffers || entry.offset < 0) {
      fail_at(error_code::stream_failed, f.name, row_number(f, i), "the text view points nowhere");
    }
    std::int64_t size = 0;
    std::memcpy(&size, static_cast<const char*>(sizes) + entry.buffer * std::int64_t{sizeof size}, sizeof size);
    const auto* start = static_cast<const char*>(f.array->buffers[2 + entry.buffer]);
    if (start == nullptr || std::int64_t{entry.offset} + entry.length > size) {
      fail_at(error_code::stream_failed, f.name, row_number(f, i), "the text view reaches beyond its buffer");
    }
    return {start + entry.offset, length};
  });
  return out;
}

inline imported<text_column> import_plain_text(const field& f, std::string_view accepted) {
  const std::string_view format = f.schema->format;
  if (format == "u") return import_offset_text<std::int32_t>(f);
  if (format == "U") return import_offset_text<std::int64_t>(f);
  if (format == "vu") return import_view_text(f);
  if (!is_null_type(f)) fail_type(f, accepted);
  imported<text_column> out;
  out.view.offsets = keep(out, std::vector<std::int64_t>(static_cast<std::size_t>(f.rows) + 1));
  out.view.validity = nothing_valid(out, f.rows);
  return out;
}

inline imported<text_column> import_dictionary_text(const field& f, const imported<text_column>& dictionary) {
  const auto rows = dictionary_entries(f, dictionary.view.validity, dictionary.view.size());
  imported<text_column> out;
  gather_text(out, f.rows, [&](std::int64_t i) -> std::string_view {
    const std::int64_t entry = rows[static_cast<std::size_t>(i)];
    if (entry < 0) return {};
    return dictionary.view[entry];
  });
  out.view.validity = validity_of_entries(out, rows);
  return out;
}

}  // namespace detail

inline imported<text_column> import_text(const field& f) {
  if (!detail::is_dictionary(f)) return detail::import_plain_text(f, detail::accepted_text);
  const field values = detail::dictionary_values(f);
  if (!detail::is_text_type(values) && !detail::is_null_type(values)) detail::fail_type(f, detail::accepted_text);
  return detail::import_dictionary_text(f, detail::import_plain_text(values, detail::accepted_text));
}

}  // namespace kundenwert::arrow
