// The one way into the library: everything that can fail runs inside guard(), which turns every exception into a
// status and, where the caller gave one, a kw_error. Nothing is thrown out of a function of the C interface.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string_view>

#include "kundenwert.h"
#include "kundenwert/base/error.hpp"

namespace kundenwert::c {

// Structs of other versions are up to this size; a larger number was never a size.
inline constexpr std::int64_t largest_struct = 4096;
// struct_size and the field that fills its word.
inline constexpr std::int64_t smallest_struct = 8;

constexpr bool is_struct_size(std::int64_t size, std::int64_t smallest = smallest_struct) {
  return size >= smallest && size <= largest_struct && size % 4 == 0;
}

// Copies text into a field of N bytes, ended by 0, cut before the first character that does not fit.
template <std::size_t N>
void copy_text(char (&out)[N], std::string_view text) noexcept {
  std::size_t length = std::min(text.size(), N - 1);
  const auto is_inside_character = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (length > 0 && is_inside_character(length)) --length;
  std::memset(out, 0, N);
  std::memcpy(out, text.data(), length);
}

inline kw_status report(kw_error* to, error_code code, std::int64_t row, std::string_view argument,
                        std::string_view message) noexcept {
  if (to != nullptr) {
    to->code = static_cast<std::int32_t>(code);
    to->row = row;
    copy_text(to->argument, argument);
    copy_text(to->message, message);
  }
  return static_cast<kw_status>(code);
}

// Runs body(). An error struct that was not initialised is refused before that.
template <class Body>
kw_status guard(kw_error* to, Body&& body) noexcept {
  if (to != nullptr && !is_struct_size(to->struct_size, sizeof(kw_error))) return KW_ERROR_STRUCT_SIZE;
  try {
    body();
    return KW_OK;
  } catch (const error& e) {
    return report(to, e.code(), e.row(), e.argument(), e.message());
  } catch (const std::bad_alloc&) {
    return report(to, error_code::out_of_memory, no_row, "", "memory could not be allocated");
  } catch (const std::length_error&) {
    return report(to, error_code::out_of_memory, no_row, "", "more memory than there can be would be needed");
  } catch (const std::exception& e) {
    return report(to, error_code::internal, no_row, "", e.what());
  } catch (...) {
    return report(to, error_code::internal, no_row, "", "an exception of unknown type");
  }
}

template <class T>
T& require_pointer(T* given, std::string_view argument) {
  if (given == nullptr) fail(error_code::null_argument, argument, "is NULL");
  return *given;
}

}  // namespace kundenwert::c
