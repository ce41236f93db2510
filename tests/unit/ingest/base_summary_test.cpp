#include "kundenwert/ingest/base_summary.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "kundenwert/ingest/customer_base.hpp"
#include "near.hpp"

using namespace kundenwert;

namespace {

template <class Body>
error_code code_of(Body&& body) {
  try {
    body();
  } catch (const error& e) {
    return e.code();
  }
  return error_code{};
}

// Customers a (nothing bought), b (days 10, 17 and 31), c (day 40).
customer_base small_base() {
  customer_base base;
  base.ids.is_text = true;
  base.ids.text = "abc";
  base.ids.offsets = {0, 1, 2, 3};
  base.currency = "EUR";
  base.has_amounts = true;
  base.purchases.offsets = {0, 0, 3, 4};
  base.purchases.events = {
      {10, no_day, 5'000'000, 0}, {17, no_day, 8'000'000, 0}, {31, 50, 3'000'000, 0}, {40, no_day, 1'000'000, 0}};
  return base;
}

}  // namespace

TEST_CASE("frequency, recency and T of a base's customers, and where they are in it") {
  const base_summary s = summary_of(small_base(), {.unit = time_unit::week, .end = 45});
  CHECK(s.base_row == std::vector<std::int64_t>{1, 2});
  CHECK(s.customers.ids.text_at(0) == "b");
  CHECK(s.customers.ids.text_at(1) == "c");
  CHECK(s.customers.frequency == std::vector<double>{2, 0});
  CHECK(s.customers.recency == std::vector<double>{3, 0});
  // ln(7 / 7) + ln(14 / 7)
  CHECK_NEAR(s.customers.log_interval_sum[0], std::log(2), 0, 1e-15);
  CHECK(s.customers.log_interval_sum[1] == 0);
  CHECK(s.customers.age == std::vector<double>{5, 5.0 / 7});
  CHECK(s.customers.monetary_value[0] == 5.5);
  CHECK(s.customers.revenue == std::vector<double>{16, 1});
  CHECK(s.customers.currency == "EUR");
  CHECK(s.customers.holdout_frequency.empty());
}

TEST_CASE("what is cancelled by the end is no purchase; who has bought nothing by then is no row") {
  const base_summary s = summary_of(small_base(), {.end = 50});
  CHECK(s.customers.frequency == std::vector<double>{1, 0});
  const base_summary early = summary_of(small_base(), {.end = 20, .holdout_end = 45});
  CHECK(early.base_row == std::vector<std::int64_t>{1});
  CHECK(early.customers.holdout_frequency == std::vector<double>{1});
  CHECK(early.customers.log.customers_outside == 1);
  CHECK(summary_of(small_base(), {.end = 9}).customers.size() == 0);
  CHECK(summary_of(customer_base{}, {.end = 9}).customers.size() == 0);
}

TEST_CASE("dates are checked as by the accumulator") {
  const customer_base base = small_base();
  CHECK(code_of([&] { summary_of(base, {}); }) == error_code::missing);
  CHECK(code_of([&] { summary_of(base, {.end = 10, .start = 11}); }) == error_code::date_order);
  CHECK(code_of([&] { summary_of(base, {.end = 10, .holdout_end = 10}); }) == error_code::date_order);
  CHECK(code_of([&] { summary_of(base, {.end = 1'000'000}); }) == error_code::date_range);
  const progress never{[](void*, double) { return false; }, nullptr};
  CHECK(code_of([&] { summary_of(base, {.end = 10, .watch = never}); }) == error_code::cancelled);
}
