#include "kundenwert/base/check.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace kundenwert;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// The code that a check throws; 0 where it throws nothing.
template <class Check>
std::int32_t thrown_by(Check&& check) {
  try {
    check();
  } catch (const error& problem) {
    CHECK(problem.argument() == "x");
    CHECK(problem.row() == 4);
    return static_cast<std::int32_t>(problem.code());
  }
  return 0;
}

constexpr std::int32_t number(error_code code) { return static_cast<std::int32_t>(code); }

}  // namespace

TEST_CASE("numbers: what is missing, infinite, of the wrong sign or outside its domain") {
  CHECK(thrown_by([] { require_finite(not_available, "x", 4); }) == number(error_code::missing));
  CHECK(thrown_by([] { require_finite(-infinity, "x", 4); }) == number(error_code::non_finite));
  CHECK(thrown_by([] { require_finite(-1e308, "x", 4); }) == 0);

  CHECK(thrown_by([] { require_not_negative(-5e-324, "x", 4); }) == number(error_code::sign));
  CHECK(thrown_by([] { require_not_negative(-0.0, "x", 4); }) == 0);
  CHECK(thrown_by([] { require_not_negative(not_available, "x", 4); }) == number(error_code::missing));

  CHECK(thrown_by([] { require_positive(0, "x", 4); }) == number(error_code::sign));
  CHECK(thrown_by([] { require_positive(5e-324, "x", 4); }) == 0);

  CHECK(thrown_by([] { require_share(1.0000001, "x", 4); }) == number(error_code::domain));
  CHECK(thrown_by([] { require_share(-1e-9, "x", 4); }) == number(error_code::domain));
  CHECK(thrown_by([] { require_share(0, "x", 4); }) == 0);
  CHECK(thrown_by([] { require_share(1, "x", 4); }) == 0);
}

TEST_CASE("lengths: both numbers are told") {
  try {
    require_same_length(3, 5, "recency");
    CHECK(false);
  } catch (const error& problem) {
    CHECK(problem.code() == error_code::length_mismatch);
    CHECK(problem.message() == "has 5 rows where 3 are needed");
  }
  require_same_length(3, 3, "recency");
  CHECK_THROWS_AS(require_not_empty(0, "x"), error);
  require_not_empty(1, "x");
}
