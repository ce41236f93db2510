#include <doctest/doctest.h>

#include <vector>

#include "customer_life.hpp"
#include "kundenwert/lifecycle/standing.hpp"

using namespace kundenwert;
using namespace kundenwert::lifecycle;
using test::customer_life;
using test::day_of_text;

namespace {

purchase_rhythm rhythm(const std::vector<std::int32_t>& days, const phase_parameters& parameters = {}) {
  std::vector<purchase_day> purchases;
  for (const std::int32_t day : days) purchases.push_back({.day = day});
  std::vector<std::int32_t> gaps;
  return rhythm_of(purchases, 20000, parameters, gaps);
}

}  // namespace

TEST_CASE("standing: the median gap needs three gaps, thresholds stay within their bounds") {
  // Domain specification B4.2, by hand.
  CHECK(rhythm({100}).gap == 90);
  CHECK(rhythm({100, 110, 130}).gap == 90);
  CHECK(rhythm({100, 110, 130, 230}).gap == 20);
  CHECK(rhythm({100, 110, 130, 230, 270}).gap == 30);
  CHECK(rhythm({100, 110, 130}, {.least_gaps = 2}).gap == 15);
  const purchase_rhythm quick = rhythm({1, 2, 3, 4});
  CHECK(quick.soft_threshold == 30);
  CHECK(quick.lost_threshold == 90);
  const purchase_rhythm slow = rhythm({0, 365, 730, 1095});
  CHECK(slow.lost_threshold == 730);
  CHECK(slow.soft_threshold == 547.5);
  const purchase_rhythm usual = rhythm({100});
  CHECK(usual.soft_threshold == 180);
  CHECK(usual.lost_threshold == 360);
}

TEST_CASE("standing: contracts as known on a day") {
  customer_life life = customer_life()
                           .under({"2022-01-01", "2023-01-01"})
                           .under({.start = "2022-06-01", .end = "2023-06-01", .is_end_known = false})
                           .under({"2024-01-01"});
  const auto contracts = life.history().contracts;
  const auto on = [&](std::string_view day) { return contracts_on(contracts, day_of_text(day)); };
  CHECK_FALSE(on("2021-12-31").has_started());
  CHECK(on("2022-01-01").starts_today);
  CHECK(on("2022-01-01").has_active);
  CHECK(on("2023-05-31").has_active);
  CHECK(on("2023-05-31").last_end == no_day);
  CHECK_FALSE(on("2023-06-01").has_active);
  CHECK(on("2023-06-01").last_end == day_of_text("2023-06-01"));
  CHECK(on("2024-01-01").has_active);
  CHECK(on("2024-01-01").first_start == day_of_text("2022-01-01"));
}

TEST_CASE("standing: the kind of a customer from day to day") {
  customer_life life = customer_life()
                           .created("2023-01-01")
                           .bought_and_returned("2023-02-01", "2023-02-15")
                           .bought("2023-04-01")
                           .under({"2024-06-01", "2024-07-01"});
  history_buffers buffers;
  const auto on = [&](std::string_view day) { return kind_on(life.history(), day_of_text(day), {}, buffers); };
  CHECK(on("2022-12-31") == customer_kind{});
  CHECK(on("2023-01-31") == customer_kind::potential);
  CHECK(on("2023-02-14") == customer_kind::current);
  CHECK(on("2023-02-15") == customer_kind::potential);
  // 360 and 361 days after the purchase.
  CHECK(on("2024-03-26") == customer_kind::current);
  CHECK(on("2024-03-27") == customer_kind::lost);
  CHECK(on("2024-06-30") == customer_kind::current);
  CHECK(on("2024-07-01") == customer_kind::lost);
  CHECK(first_known_day(life.history()) == day_of_text("2023-01-01"));
  CHECK(first_known_day({}) == no_day);
  CHECK(last_purchase_on(life.history().purchases, day_of_text("2023-02-20")) == no_day);
  CHECK(last_purchase_on(life.history().purchases, day_of_text("2023-02-10")) == day_of_text("2023-02-01"));
}
