#include "kundenwert/arrow/text.hpp"

#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "unit/arrow/handmade.hpp"

using namespace kundenwert;
using test::byte_buffer;
using test::bytes_of;
using test::handmade_column;

namespace {

// The text of every row; "<null>" where there is none.
std::vector<std::string> read(handmade_column c, bool* copied = nullptr) {
  test::release_counts counts;
  ArrowArrayStream raw = test::handmade_stream(std::move(c), counts);
  arrow::stream source(&raw);
  const auto batch = source.next();
  const auto text = arrow::import_text(batch->at(0));
  if (copied != nullptr) *copied = text.memory.size() > 1;
  std::vector<std::string> out;
  for (std::int64_t i = 0; i < text.view.size(); ++i) {
    out.push_back(text.view.is_valid(i) ? std::string(text.view[i]) : "<null>");
  }
  return out;
}

using rows = std::vector<std::string>;

// One row of utf8_view: int32 length, then the text itself, or its first four bytes, buffer number and offset.
void append_inline(byte_buffer& views, const std::string& text) {
  const auto length = static_cast<std::int32_t>(text.size());
  const auto at = views.size();
  views.resize(at + 16);
  std::memcpy(&views[at], &length, 4);
  std::memcpy(&views[at + 4], text.data(), text.size());
}
void append_reference(byte_buffer& views, std::int32_t length, const char* prefix, std::int32_t buffer,
                      std::int32_t offset) {
  const auto at = views.size();
  views.resize(at + 16);
  std::memcpy(&views[at], &length, 4);
  std::memcpy(&views[at + 4], prefix, 4);
  std::memcpy(&views[at + 8], &buffer, 4);
  std::memcpy(&views[at + 12], &offset, 4);
}

}  // namespace

TEST_CASE("utf8 and large_utf8 with offset and nulls") {
  const byte_buffer bytes = bytes_of(std::string("xxabcd"));
  // Five rows "xx", "a", "", "bc", "d"; the column starts at the second, and the fourth is null.
  const byte_buffer validity{0b10111};
  handmade_column narrow{"t", "u", 4, {validity, bytes_of<std::int32_t>({0, 2, 3, 3, 5, 6}), bytes}, 1, 1};
  CHECK(read(narrow) == rows{"a", "", "<null>", "d"});
  bool copied = true;
  handmade_column wide{"t", "U", 4, {validity, bytes_of<std::int64_t>({0, 2, 3, 3, 5, 6}), bytes}, 1, 1};
  CHECK(read(wide, &copied) == rows{"a", "", "<null>", "d"});
  CHECK_FALSE(copied);
}

TEST_CASE("columns without rows may lack every buffer") {
  CHECK(read({"t", "u", 0, {std::nullopt, std::nullopt, std::nullopt}}).empty());
  CHECK(read({"t", "U", 0, {std::nullopt, std::nullopt, std::nullopt}}).empty());
  CHECK(read({"t", "vu", 0, {std::nullopt, std::nullopt, std::nullopt}}).empty());
}

TEST_CASE("only empty text needs no bytes") {
  CHECK(read({"t", "u", 2, {std::nullopt, bytes_of<std::int32_t>({0, 0, 0}), std::nullopt}}) == rows{"", ""});
}

TEST_CASE("text views: inline up to twelve bytes, else by buffer and offset") {
  byte_buffer views;
  append_inline(views, "skipped");
  append_inline(views, "twelve bytes");
  append_reference(views, 13, "thir", 1, 3);
  append_inline(views, "");
  append_reference(views, 99, "junk", 7, 7);  // a null row is not followed
  handmade_column c{"t",
                    "vu",
                    4,
                    {byte_buffer{0b01111}, views, bytes_of(std::string("unused")),
                     bytes_of(std::string("...thirteen bytes")), bytes_of<std::int64_t>({6, 16})}};
  c.offset = 1;
  c.null_count = 1;
  CHECK(read(c) == rows{"twelve bytes", "thirteen byte", "", "<null>"});
}

TEST_CASE("dictionaries: index of any width, nulls in the rows and in the dictionary") {
  handmade_column values{
      "", "u", 3, {byte_buffer{0b101}, bytes_of<std::int32_t>({0, 3, 3, 8}), bytes_of(std::string("redgreen"))}, 0, 1};
  const auto dictionary = std::make_shared<handmade_column>(values);
  // Rows: green, null, red, an entry that is null, and an index beyond the dictionary where the row is null.
  const byte_buffer validity{0b01101};
  CHECK(read({"t", "c", 5, {validity, bytes_of<std::int8_t>({2, -5, 0, 1, 77})}, 0, 2, dictionary}) ==
        rows{"green", "<null>", "red", "<null>", "<null>"});
  CHECK(read({"t", "L", 5, {validity, bytes_of<std::uint64_t>({2, 9, 0, 1, 77})}, 0, 2, dictionary}) ==
        rows{"green", "<null>", "red", "<null>", "<null>"});
  CHECK(read({"t", "s", 1, {std::nullopt, bytes_of<std::int16_t>({0, 2})}, 1, 0, dictionary}) == rows{"green"});
}

TEST_CASE("a column of the null type is all null") {
  CHECK(read({"t", "n", 3, {}, 0, 3}) == rows{"<null>", "<null>", "<null>"});
}
