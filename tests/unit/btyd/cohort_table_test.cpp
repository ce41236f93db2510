#include "kundenwert/btyd/cohort_table.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "check_error.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using kundenwert::test::check_error;

using numbers = std::vector<double>;

TEST_CASE("a cohort as contracts") {
  const auto rows = cohort_rows(numbers{1000, 631, 468});
  CHECK(rows.tenure == numbers{0, 1, 2});
  CHECK(rows.ended == numbers{1, 1, 0});
  CHECK(rows.weight == numbers{369, 163, 468});
}

TEST_CASE("cohorts of different length, periods without a loss, nobody left") {
  const std::vector<std::int64_t> cohort{2001, 2001, 2001, 2002, 2002, 2003};
  const auto rows = cohort_rows(numbers{10, 10, 0, 8, 7, 5}, cohort);
  CHECK(rows.tenure == numbers{1, 0, 1, 0});
  CHECK(rows.ended == numbers{1, 1, 0, 0});
  CHECK(rows.weight == numbers{10, 1, 7, 5});
}

TEST_CASE("tables that are none") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto refuse = [](const numbers& survivors, error_code code, std::int64_t row) {
    check_error([&] { cohort_rows(survivors); }, code, "survivors", row);
  };
  refuse({}, error_code::empty, no_row);
  refuse({10, 8, 9}, error_code::inconsistent, 2);
  refuse({10, nan}, error_code::missing, 1);
  refuse({infinity, 5}, error_code::non_finite, 0);
  refuse({10, -1}, error_code::sign, 1);
  const std::vector<std::int64_t> cohort{1, 1};
  check_error([&] { cohort_rows(numbers{3, 2, 1}, cohort); }, error_code::length_mismatch, "cohort");
  // A new cohort may be larger.
  const std::vector<std::int64_t> two{1, 1, 2};
  CHECK(cohort_rows(numbers{3, 2, 9}, two).weight == numbers{1, 2, 9});
}
