#include "kundenwert/base/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kundenwert;

// Unicode 15, table 3-7 and its examples of what is ill-formed.
TEST_CASE("utf8: well-formed UTF-8") {
  for (const std::string text : {"", "abc", "M\xC3\xBCller", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\x9F\xBF",
                                 "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "0123456789\xC3\xBC", "\xC2\x80"}) {
    CAPTURE(text);
    CHECK(is_valid_utf8(text));
  }
  for (const std::string text : {"\x80", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80",
                                 "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "abcdefgh\xE2\x82",
                                 "\xE2\x28\xA1", "\xF0\x9F\x98", "\xC3\x28", "M\xFCller"}) {
    CAPTURE(text);
    CHECK_FALSE(is_valid_utf8(text));
  }
}

TEST_CASE("utf8: surrounding blanks") {
  CHECK(has_surrounding_blanks(" a"));
  CHECK(has_surrounding_blanks("a\t"));
  CHECK(has_surrounding_blanks(" "));
  CHECK_FALSE(has_surrounding_blanks("a b"));
  CHECK_FALSE(has_surrounding_blanks(""));
}

TEST_CASE("utf8: an id is 1 to 128 bytes") {
  CHECK(is_valid_id("a"));
  CHECK(is_valid_id(std::string(128, 'x')));
  CHECK_FALSE(is_valid_id(""));
  CHECK_FALSE(is_valid_id(std::string(129, 'x')));
  CHECK_FALSE(is_valid_id("M\xFCller"));
}
