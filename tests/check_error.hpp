// What a caller's mistake must come to: an error with this code, argument and row, and a sentence.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "kundenwert/base/error.hpp"

namespace kundenwert::test {

template <class Call>
void check_error(Call&& call, error_code code, std::string_view argument, std::int64_t row = no_row) {
  CAPTURE(std::string(argument));
  try {
    call();
  } catch (const error& e) {
    CHECK(std::string(name_of(e.code())) == std::string(name_of(code)));
    CHECK(e.argument() == argument);
    CHECK(e.row() == row);
    CHECK_FALSE(e.message().empty());
    return;
  }
  FAIL_CHECK("no error");
}

}  // namespace kundenwert::test
