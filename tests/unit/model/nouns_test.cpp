#include "kundenwert/model/nouns.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kundenwert;

TEST_CASE("nouns: one for every kind of table, in their order") {
  std::string kinds;
  for_each_noun(
      [&]<class Columns>(std::type_identity<Columns>) { kinds += std::string(name_of(noun<Columns>::kind)) + " "; });
  std::string expected;
  for (const auto& kind : table_kinds) expected += std::string(kind.name) + " ";
  CHECK(kinds == expected);
}

TEST_CASE("nouns: the one of a kind") {
  table_kind found{};
  with_noun(table_kind::contacts, [&]<class Columns>(std::type_identity<Columns>) { found = noun<Columns>::kind; });
  CHECK(found == table_kind::contacts);
  try {
    with_noun(static_cast<table_kind>(0), [](auto) {});
    FAIL_CHECK("no error");
  } catch (const error& e) {
    CHECK(e.code() == error_code::unknown_code);
    CHECK(e.argument() == "kind");
  }
}
