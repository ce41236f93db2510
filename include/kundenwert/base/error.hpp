// The one exception type: a caller's mistake with its code, the argument it is about and the smallest offending row.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "kundenwert/base/codes.hpp"

#if defined(__FAST_MATH__)
#error "kundenwert must not be compiled with -ffast-math: NaN, infinities and the order of sums carry meaning here"
#endif

namespace kundenwert {

// No row: the mistake is about the whole argument.
inline constexpr std::int64_t no_row = -1;

// Thrown for a caller's mistake, always before anything is written.
//   code       one of base/codes
//   argument   the name of the parameter or column, as the caller spells it
//   row        0-based over the whole input (all batches), the smallest offending one; no_row where there is none
//   what()     "amount, row 17: ..." in one line
class error : public std::exception {
 public:
  error(error_code code, std::string_view argument, std::int64_t row, std::string_view message)
      : code_(code), row_(row), argument_(argument), message_(message) {
    text_ = argument_;
    if (row_ != no_row) {
      if (!text_.empty()) text_ += ", ";
      text_ += "row " + std::to_string(row_);
    }
    if (!text_.empty()) text_ += ": ";
    text_ += message_;
  }

  error_code code() const noexcept { return code_; }
  std::int64_t row() const noexcept { return row_; }
  const std::string& argument() const noexcept { return argument_; }
  const std::string& message() const noexcept { return message_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  error_code code_;
  std::int64_t row_;
  std::string argument_;
  std::string message_;
  std::string text_;
};

[[noreturn]] inline void fail(error_code code, std::string_view argument, std::string_view message) {
  throw error(code, argument, no_row, message);
}
[[noreturn]] inline void fail_at(error_code code, std::string_view argument, std::int64_t row,
                                 std::string_view message) {
  throw error(code, argument, row, message);
}

}  // namespace kundenwert
