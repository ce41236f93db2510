#include <doctest/doctest.h>

#include "customer_life.hpp"
#include "kundenwert/lifecycle/relationship.hpp"

using namespace kundenwert;
using namespace kundenwert::lifecycle;
using test::customer_life;

namespace {

relationship of(customer_life life) {
  return relationship_of(phase_at(life.history(), test::day_of_text("2025-01-01"), not_available, {}));
}

}  // namespace

TEST_CASE("relationship: contract, habit or single transactions") {
  CHECK(of(customer_life()) == relationship{});
  CHECK(of(customer_life().created("2020-01-01")) == relationship{});
  CHECK(of(customer_life().under({"2024-12-31"})) == relationship::contractual);
  CHECK(of(customer_life().under({"2020-01-01", "2025-01-01"})) == relationship::transactional);
  // Three purchase days, and 365 or 364 days since the first.
  CHECK(of(customer_life().bought("2024-01-02").bought("2024-06-01").bought("2024-12-01")) == relationship::long_term);
  CHECK(of(customer_life().bought("2024-01-03").bought("2024-06-01").bought("2024-12-01")) ==
        relationship::transactional);
  CHECK(of(customer_life().bought("2020-01-03").bought("2024-12-01")) == relationship::transactional);
  CHECK(of(customer_life().bought("2023-01-03").bought_and_returned("2024-06-01", "2024-06-02").bought("2024-12-01")) ==
        relationship::transactional);
  CHECK(name_of(relationship::long_term) == "long_term");
}
