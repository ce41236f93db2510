#include <doctest/doctest.h>

#include "customer_life.hpp"
#include "kundenwert/lifecycle/passages.hpp"

using namespace kundenwert;
using namespace kundenwert::lifecycle;
using test::customer_life;
using test::day_of_text;

namespace {

passage over_2024(customer_life life) {
  return passage_of(life.history(), day_of_text("2023-12-31"), day_of_text("2024-12-31"), {});
}

}  // namespace

TEST_CASE("passages: who stays, leaves, comes and comes back") {
  CHECK(over_2024(customer_life()) == passage::none);
  CHECK(over_2024(customer_life().created("2020-01-01")) == passage::none);
  CHECK(over_2024(customer_life().under({"2023-01-01"})) == passage::retained);
  CHECK(over_2024(customer_life().bought_every(1, "2023-06-01", "2024-12-01")) == passage::retained);
  CHECK(over_2024(customer_life().under({"2023-01-01", "2024-07-01"})) == passage::lost);
  CHECK(over_2024(customer_life().under({"2023-01-01", "2024-07-01"}).under({"2024-09-01"})) == passage::regained);
  // A gap of ten days between two contracts is none.
  CHECK(over_2024(customer_life().under({"2023-01-01", "2024-07-01"}).under({"2024-07-11"})) == passage::retained);
  CHECK(over_2024(customer_life().under({"2022-01-01", "2023-07-01"}).under({"2024-07-11"})) == passage::returned);
  CHECK(over_2024(customer_life().under({"2022-01-01", "2023-07-01"})) == passage::none);
  CHECK(over_2024(customer_life().created("2020-01-01").bought("2024-10-01")) == passage::joined);
  CHECK(over_2024(customer_life().bought("2024-01-01").bought("2024-10-01")) == passage::joined);
  // Joined and left within the period.
  CHECK(over_2024(customer_life().under({"2024-01-01", "2024-06-01"})) == passage::none);
  // Everything that was bought has been given back.
  CHECK(over_2024(customer_life().bought_and_returned("2023-12-01", "2024-01-15")) == passage::lost);
  CHECK(over_2024(customer_life().bought_and_returned("2023-12-01", "2023-12-15").bought("2024-12-01")) ==
        passage::joined);
}
