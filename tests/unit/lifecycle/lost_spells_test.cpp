#include <doctest/doctest.h>

#include <vector>

#include "customer_life.hpp"
#include "kundenwert/lifecycle/lost_spells.hpp"

using namespace kundenwert;
using namespace kundenwert::lifecycle;
using test::customer_life;
using test::day_of_text;

namespace {

std::vector<lost_spell> spells(customer_life life, std::string_view first = "2020-01-01",
                               std::string_view last = "2025-01-01") {
  return lost_spells_of(life.history(), day_of_text(first), day_of_text(last), {});
}

}  // namespace

TEST_CASE("lost spells: from the day beyond the threshold to the next purchase") {
  // Two purchases: the default gap of 90 days, lost after 360.
  const auto found = spells(customer_life().bought("2022-01-01").bought("2024-01-01"));
  REQUIRE(found.size() == 2);
  CHECK(found[0].from == day_of_text("2022-12-28"));
  CHECK(found[0].to == day_of_text("2024-01-01"));
  CHECK(found[0].is_over);
  CHECK(found[0].is_comeback);
  CHECK(found[0].counts);
  CHECK(found[1].from == day_of_text("2024-12-27"));
  CHECK(found[1].to == day_of_text("2025-01-02"));
  CHECK_FALSE(found[1].is_over);
  CHECK_FALSE(found[1].counts);

  const auto cut = spells(customer_life().bought("2022-01-01").bought("2024-01-01"), "2023-06-01", "2023-06-30");
  REQUIRE(cut.size() == 1);
  CHECK(cut[0].from == day_of_text("2023-06-01"));
  CHECK(cut[0].to == day_of_text("2023-07-01"));
  CHECK(spells(customer_life().bought("2022-01-01"), "2024-01-02", "2024-01-01").empty());
}

TEST_CASE("lost spells: gaps between contracts count beyond 30 days, or with a purchase in the gap") {
  const auto gap = [](std::string_view start) {
    return spells(customer_life().under({"2022-01-01", "2023-01-01"}).under({start})).at(0);
  };
  CHECK(gap("2023-01-31").is_comeback);
  CHECK_FALSE(gap("2023-01-31").counts);
  CHECK(gap("2023-02-01").counts);
  // A purchase on the day on which the second contract starts is not in the gap.
  CHECK_FALSE(spells(customer_life().under({"2022-01-01", "2023-01-01"}).under({"2023-01-11"}).bought("2023-01-11"))
                  .at(0)
                  .counts);
  // One in the gap ends the spell by itself, and the customer is not lost again before the contract.
  const auto bridged =
      spells(customer_life().under({"2022-01-01", "2023-01-01"}).bought("2023-01-05").under({"2023-01-11"}));
  REQUIRE(bridged.size() == 1);
  CHECK(bridged[0].to == day_of_text("2023-01-05"));
  CHECK(bridged[0].counts);
  // On the day the first contract ends it leaves no spell at all.
  CHECK(spells(customer_life().under({"2022-01-01", "2023-01-01"}).bought("2023-01-01").under({"2023-01-11"})).empty());
}

TEST_CASE("lost spells: what is no comeback") {
  // Gaps of 31, 30 and 15 days: lost after 120. Without the third purchase two gaps are too few, and lost after 360.
  const auto rhythm = spells(customer_life()
                                 .bought("2023-01-01")
                                 .bought("2023-02-01")
                                 .bought_and_returned("2023-03-03", "2023-08-01")
                                 .bought("2023-03-18"),
                             "2023-01-01", "2023-12-31");
  REQUIRE(rhythm.size() == 1);
  CHECK(rhythm[0].from == day_of_text("2023-07-17"));
  CHECK(rhythm[0].to == day_of_text("2023-08-01"));
  CHECK(rhythm[0].is_over);
  CHECK_FALSE(rhythm[0].is_comeback);
  CHECK_FALSE(rhythm[0].counts);
  // What has counted stays, when the purchase that ended it is given back.
  const auto returned = spells(customer_life().bought("2022-01-01").bought_and_returned("2024-01-01", "2024-01-10"));
  REQUIRE(returned.size() == 2);
  CHECK(returned[0].counts);
  CHECK(returned[1].from == day_of_text("2024-01-10"));
}
