// UTF-8 text: whether it is well formed, and what an id may be.
//
// References: The Unicode Standard 15, table 3-7.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace kundenwert {

inline constexpr std::int64_t longest_id = 128;  // bytes

// True for well-formed UTF-8 (Unicode 15, table 3-7: no surrogates, no overlong forms, nothing above U+10FFFF).
bool is_valid_utf8(std::string_view text);

// True where the text begins or ends with a space, tab, carriage return or line feed.
inline bool has_surrounding_blanks(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  return !text.empty() && (is_blank(text.front()) || is_blank(text.back()));
}

// True for text that can be an id: 1 to 128 bytes of UTF-8.
inline bool is_valid_id(std::string_view text) {
  return !text.empty() && text.size() <= static_cast<std::size_t>(longest_id) && is_valid_utf8(text);
}

namespace detail {

inline std::uint64_t load_word(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, count);
  return word;
}

// The length of the well-formed character at `at`, 0 where there is none.
inline std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return 0;
  // The second byte excludes overlong forms, surrogates and what is above U+10FFFF.
  const unsigned char lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(at + 1) < lowest || byte(at + 1) > highest) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

}  // namespace detail

inline bool is_valid_utf8(std::string_view text) {
  constexpr std::uint64_t not_ascii = 0x8080808080808080;
  std::size_t at = 0;
  while (at + 8 <= text.size() && (detail::load_word(text.data() + at, 8) & not_ascii) == 0) at += 8;
  while (at < text.size()) {
    const std::size_t length = detail::utf8_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

}  // namespace kundenwert
