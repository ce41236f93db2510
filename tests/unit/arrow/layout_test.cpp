#include "kundenwert/arrow/layout.hpp"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace kundenwert;

// Format strings and their meaning: Apache Arrow, "The Arrow C data interface", section "Data type description".
TEST_CASE("types are named in words") {
  const std::pair<const char*, const char*> known[] = {
      {"n", "null"},
      {"l", "int64"},
      {"S", "uint16"},
      {"g", "float64"},
      {"U", "large_utf8"},
      {"vu", "utf8_view"},
      {"tdD", "date32"},
      {"tss:", "timestamp[s]"},
      {"tsm:", "timestamp[ms]"},
      {"tsu:Europe/Berlin", "timestamp[us, tz=Europe/Berlin]"},
      {"tsn:UTC", "timestamp[ns, tz=UTC]"},
      {"d:19,10", "decimal(19,10)"},
      {"w:16", "fixed_size_binary(16)"},
      {"+r", "run_end_encoded"},
      {"+w:3", "fixed_size_list(3)"},
      {"?", "of an unknown type"},
  };
  for (const auto& [format, name] : known) {
    ArrowSchema schema{};
    schema.format = format;
    CHECK(arrow::type_name(schema) == name);
  }
  ArrowSchema values{};
  values.format = "u";
  ArrowSchema indices{};
  indices.format = "c";
  indices.dictionary = &values;
  CHECK(arrow::type_name(indices) == "dictionary<int8, utf8>");
  values.dictionary = &indices;  // a knot must not be followed around
  CHECK(arrow::type_name(indices) == "dictionary<int8, utf8>");
}

TEST_CASE("decimal types are read with scale and width") {
  ArrowSchema schema{};
  arrow::field f;
  f.schema = &schema;
  f.name = "amount";
  const auto type = [&](const char* format) {
    schema.format = format;
    return arrow::detail::decimal_type_of(f);
  };
  CHECK(type("d:19,10").scale == 10);
  CHECK(type("d:19,10").bytes == 16);
  CHECK(type("d:9,2,32").bytes == 4);
  CHECK(type("d:76,-3,256").scale == -3);
  CHECK(type("d:76,-3,256").bytes == 32);
  for (const char* broken :
       {"d:", "d:x", "d:10,", "d:10,2,", "d:10,2,48", "d:10,2,128,1", "d:10,99999999999999999999"}) {
    CAPTURE(broken);
    CHECK_THROWS_AS(type(broken), const error&);
  }
}
