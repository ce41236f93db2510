#include "kundenwert/value/clv_convention.hpp"

#include <doctest/doctest.h>

using namespace kundenwert;
using namespace kundenwert::value;

TEST_CASE("conventions: names, first period and time of payment (domain specification B1.2)") {
  struct expected {
    clv_convention convention;
    std::string_view name;
    std::int32_t k0;
    double tau;
  };
  const expected all[] = {{clv_convention::first_margin_now, "first_margin_now", 0, 0},
                          {clv_convention::gupta_lehmann, "gupta_lehmann", 1, 0},
                          {clv_convention::mid_period, "mid_period", 0, 0.5},
                          {clv_convention::end_of_period, "end_of_period", 0, 1},
                          {clv_convention::mid_period_first_excluded, "mid_period_first_excluded", 1, 0.5},
                          {clv_convention::end_of_period_first_excluded, "end_of_period_first_excluded", 1, 1}};
  CHECK(clv_conventions.size() == 6);
  for (const expected& e : all) {
    CHECK(name_of(e.convention) == e.name);
    CHECK(first_period(e.convention) == e.k0);
    CHECK(payment_time(e.convention) == e.tau);
    CHECK_NOTHROW(require_convention(e.convention));
  }
  CHECK_THROWS_AS(require_convention(clv_convention{}), error);
}
