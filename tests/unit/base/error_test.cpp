#include "kundenwert/base/error.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kundenwert;

TEST_CASE("an error says what, where and why in one line") {
  const error at_row(error_code::sign, "amount", 17, "is negative");
  CHECK(at_row.code() == error_code::sign);
  CHECK(at_row.argument() == "amount");
  CHECK(at_row.row() == 17);
  CHECK(at_row.message() == "is negative");
  CHECK(std::string(at_row.what()) == "amount, row 17: is negative");

  CHECK(std::string(error(error_code::empty, "frequency", no_row, "has no rows").what()) == "frequency: has no rows");
  CHECK(std::string(error(error_code::internal, "", no_row, "a defect").what()) == "a defect");
  CHECK(std::string(error(error_code::missing, "", 0, "is null").what()) == "row 0: is null");
}

TEST_CASE("fail throws the error it is told") {
  CHECK_THROWS_AS(fail(error_code::domain, "share", "is 2"), error);
  try {
    fail_at(error_code::missing, "date", 3, "is null");
  } catch (const error& problem) {
    CHECK(problem.row() == 3);
    CHECK(problem.code() == error_code::missing);
  }
}
