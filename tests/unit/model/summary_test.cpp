#include "kundenwert/model/summary.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <vector>

using namespace kundenwert;

namespace {

// Code, argument and row that a summary of these columns throws.
void check_refused(const summary_columns& columns, error_code code, std::string_view argument, std::int64_t row) {
  try {
    summary_from_columns(columns, time_unit::week);
    CHECK(false);
  } catch (const error& problem) {
    CHECK(problem.code() == code);
    CHECK(problem.argument() == argument);
    CHECK(problem.row() == row);
  }
}

const std::vector<double> frequency{0, 2, 1};
const std::vector<double> recency{0, 30, 1};
const std::vector<double> age{38, 38, 1};

}  // namespace

TEST_CASE("columns become a summary as they are") {
  const std::vector<double> spend{not_available, 22.35, 5};
  const summary s = summary_from_columns({frequency, recency, age, spend}, time_unit::week);
  CHECK(s.size() == 3);
  CHECK(s.unit == time_unit::week);
  CHECK(s.frequency == frequency);
  CHECK(s.recency == recency);
  CHECK(s.age == age);
  CHECK(std::isnan(s.monetary_value[0]));
  CHECK(s.monetary_value[1] == 22.35);
  CHECK(s.ids.size() == 0);
  CHECK(s.end == no_day);
  CHECK(summary_from_columns({frequency, recency, age, {}}, time_unit::day).monetary_value.empty());
}

TEST_CASE("sums of logarithms and revenue are copied where they are given") {
  const std::vector<double> logs{0, 6.1, not_available};
  const std::vector<double> revenue{10, -3, 0};
  const summary s = summary_from_columns(
      {.frequency = frequency, .recency = recency, .age = age, .log_interval_sum = logs, .revenue = revenue},
      time_unit::week);
  CHECK(s.monetary_value.empty());
  CHECK(s.log_interval_sum[1] == 6.1);
  CHECK(std::isnan(s.log_interval_sum[2]));
  CHECK(s.revenue == revenue);
  CHECK(summary_from_columns({frequency, recency, age, {}}, time_unit::day).log_interval_sum.empty());
}

TEST_CASE("a row that is no customer is named by column and number") {
  using numbers = std::vector<double>;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  check_refused({numbers{0, -1, 1}, recency, age, {}}, error_code::sign, "frequency", 1);
  check_refused({numbers{0, 2.5, 1}, recency, age, {}}, error_code::not_integer, "frequency", 1);
  check_refused({numbers{not_available, -1, 1}, recency, age, {}}, error_code::missing, "frequency", 0);
  check_refused({frequency, numbers{0, 30, infinity}, age, {}}, error_code::non_finite, "recency", 2);
  check_refused({frequency, numbers{0, 38.5, 1}, age, {}}, error_code::recency_order, "recency", 1);
  check_refused({frequency, numbers{1, 30, 1}, age, {}}, error_code::domain, "recency", 0);
  check_refused({frequency, numbers{0, 0, 1}, age, {}}, error_code::domain, "recency", 1);
  check_refused({frequency, recency, numbers{38, 38, -1}, {}}, error_code::sign, "T", 2);
  check_refused({frequency, recency, age, numbers{0, -3, 0}}, error_code::sign, "monetary_value", 1);
  check_refused({frequency, recency, numbers{38}, {}}, error_code::length_mismatch, "T", no_row);
  check_refused({frequency, recency, age, {}, numbers{0, 1}}, error_code::length_mismatch, "log_interval_sum", no_row);
  check_refused({frequency, recency, age, {}, numbers{0, 1, -infinity}}, error_code::non_finite, "log_interval_sum", 2);
  check_refused({frequency, recency, age, {}, {}, numbers{1}}, error_code::length_mismatch, "revenue", no_row);
  check_refused({frequency, recency, age, {}, {}, numbers{infinity, 1, 1}}, error_code::non_finite, "revenue", 0);
  const std::array<std::uint8_t, 1> bits{0b00000101};
  check_refused({frequency, recency, {std::span<const double>(age), {bits.data(), 0}}, {}}, error_code::missing, "T",
                1);
  CHECK_THROWS_AS(summary_from_columns({frequency, recency, age, {}}, static_cast<time_unit>(9)), error);
}

TEST_CASE("ids are numbers or text between offsets") {
  customer_ids ids;
  CHECK(ids.size() == 0);
  ids.is_text = true;
  ids.text = "AnnaBob";
  ids.offsets = {0, 4, 7};
  CHECK(ids.size() == 2);
  CHECK(ids.text_at(1) == "Bob");
}
