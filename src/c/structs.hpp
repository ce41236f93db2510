// Structs of the C interface across versions: filled with defaults, read from an older or newer caller, written back.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "guard.hpp"

namespace kundenwert::c {

// The defaults of a struct; zero where there is no specialisation.
template <class S>
S defaults() {
  return S{};
}

template <class S>
void init(S* out, std::int64_t struct_size) noexcept {
  static_assert(std::is_trivially_copyable_v<S>);
  if (out == nullptr || !is_struct_size(struct_size)) return;
  const auto size = static_cast<std::size_t>(struct_size);
  S filled = defaults<S>();
  filled.struct_size = static_cast<std::int32_t>(struct_size);
  std::memset(static_cast<void*>(out), 0, size);
  std::memcpy(static_cast<void*>(out), &filled, std::min(size, sizeof(S)));
}

inline std::size_t require_struct_size(std::int32_t size, std::string_view argument) {
  if (!is_struct_size(size)) {
    fail(error_code::struct_size, argument, "was not initialised: its struct_size is no size of this struct");
  }
  return static_cast<std::size_t>(size);
}

// The struct of a caller of any version: fields it lacks have their defaults, fields this library lacks must be zero.
template <class S>
S read(const S& given, std::string_view argument) {
  const std::size_t size = require_struct_size(given.struct_size, argument);
  S known = defaults<S>();
  std::memcpy(static_cast<void*>(&known), &given, std::min(size, sizeof(S)));
  const auto* bytes = reinterpret_cast<const unsigned char*>(&given);
  for (std::size_t i = sizeof(S); i < size; ++i) {
    if (bytes[i] != 0) fail(error_code::struct_size, argument, "has a field that this version does not know");
  }
  if constexpr (requires { known.reserved; }) {
    if (known.reserved != 0) fail(error_code::struct_size, argument, "has a reserved field that is not 0");
  }
  return known;
}

// Options: NULL has every default.
template <class S>
S read_options(const S* given, std::string_view argument = "options") {
  return given == nullptr ? defaults<S>() : read(*given, argument);
}

// A result struct that can be written; checked before the work.
template <class S>
S& require_result(S* out, std::string_view argument = "out") {
  require_struct_size(require_pointer(out, argument).struct_size, argument);
  return *out;
}

template <class S>
void write(S& out, S value) noexcept {
  value.struct_size = out.struct_size;
  std::memcpy(static_cast<void*>(&out), &value, std::min(static_cast<std::size_t>(out.struct_size), sizeof(S)));
}

}  // namespace kundenwert::c
