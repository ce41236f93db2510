#include "kundenwert/model/row_checks.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kundenwert/model/contact.hpp"

using namespace kundenwert;

// What every check gives where it finds nothing wrong; what it refuses stands in inputs/model_test.
TEST_CASE("row checks: columns that are absent, null or there") {
  const row_checks second{1};
  const std::vector<std::int32_t> days{1, 20, 3};
  const std::vector<std::int32_t> codes{0, 2, 1};
  const std::vector<double> numbers{1, 2.5, 3};
  const std::uint8_t first_only[] = {1};
  const column<std::int32_t> some_days(days, {first_only, 0});
  CHECK(second.day({}, "day") == no_day);
  CHECK(second.day(days, "day") == 20);
  CHECK(second.day(some_days, "day") == no_day);
  CHECK(second.required_day(days, "day") == 20);
  CHECK(second.code<direction>(codes, directions, "direction") == direction::out);
  CHECK(second.code<direction>({}, directions, "direction") == direction{});
  CHECK(row_checks{0}.code(codes, directions, "direction", direction::in) == direction::in);
  CHECK(std::isnan(second.number({}, "number")));
  CHECK(second.number(numbers, "number") == 2.5);
  CHECK(second.number_within(numbers, 2.5, 2.5, "number") == 2.5);
  CHECK(second.money(numbers, "money") == 2.5);
  CHECK(std::isnan(second.money(column<double>(numbers, {first_only, 0}), "money")));
  second.check_id({}, "id");
  second.check_text({}, "text");
  second.check_order(no_day, 1, "later", "earlier");
  second.check_order(2, no_day, "later", "earlier");
  second.check_order(2, 2, "later", "earlier");
  second.check_order(1, 2, "later", "earlier", false);
}
