#include "kundenwert/base/codes.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string_view>

using namespace kundenwert;

namespace {

template <class Table>
void check_table(const Table& table) {
  std::set<std::uint32_t> numbers;
  std::set<std::string_view> names;
  for (const auto& entry : table) {
    CHECK(entry.number > 0);
    CHECK(numbers.insert(entry.number).second);
    CHECK(names.insert(entry.name).second);
    CHECK_FALSE(entry.meaning.empty());
    CHECK(name_of(table, entry.number) == entry.name);
  }
  CHECK(name_of(table, 0).empty());
}

}  // namespace

TEST_CASE("codes have numbers and names of their own") {
  check_table(error_codes);
  check_table(warning_codes);
  check_table(outcomes);
  check_table(reasons);
}

TEST_CASE("a code is found by its enumerator") {
  CHECK(name_of(error_code::recency_order) == "recency_order");
  CHECK(name_of(warning_code::returns_only) == "returns_only");
  CHECK(name_of(outcome::not_identified) == "not_identified");
}

TEST_CASE("reasons are bits of a mask") {
  for (const auto& entry : reasons) CHECK((entry.number & (entry.number - 1)) == 0);
  const reason both = reason::missing_input | reason::infinite_mean;
  CHECK(has(both, reason::missing_input));
  CHECK(has(both, reason::infinite_mean));
  CHECK_FALSE(has(both, reason::no_purchases));
  CHECK_FALSE(has(reason::none, reason::missing_input));
}

namespace {

#define KW_TEST_CODES(X) X(1, new_, "a keyword") X(2, old, "none")
KW_DEFINE_CODES(test_code, test_codes, KW_TEST_CODES)
#undef KW_TEST_CODES

}  // namespace

TEST_CASE("codes: the name of an enumerator that would be a keyword, ended by 0 as the C interface needs it") {
  CHECK(name_of(test_code::new_) == "new");
  for (const auto& entry : test_codes) CHECK(entry.name == entry.name.data());
}
