#include "kundenwert/overview/tracking.hpp"
#include "compiled.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <vector>

#include "near.hpp"

using namespace kundenwert;

namespace {

constexpr std::int32_t monday = 19723;  // 2024-01-01

customer_base base_of(const std::vector<std::vector<purchase_day>>& customers) {
  customer_base out;
  out.purchases.offsets.push_back(0);
  for (const auto& purchases : customers) {
    out.ids.numbers.push_back(static_cast<std::int64_t>(out.ids.numbers.size()));
    out.purchases.events.insert(out.purchases.events.end(), purchases.begin(), purchases.end());
    out.purchases.offsets.push_back(static_cast<std::int64_t>(out.purchases.events.size()));
  }
  return out;
}

purchase_day on(std::int32_t day, std::int32_t cancelled_on = no_day) { return {monday + day, cancelled_on, 0, 0}; }

btyd::model bg_nbd() {
  const std::array values{0.25, 4.5, 0.75, 2.5};
  return btyd::model_from_parameters(btyd::info_of("bg_nbd").number, values, time_unit::week);
}

}  // namespace

TEST_CASE("tracking: counts and BG/NBD expectations by day") {
  // Two customers from the first day, one a week later; the fourth first buys after as_of, the fifth never did.
  const auto base = base_of(
      {{on(0), on(3), on(14), on(20)}, {on(0), on(15)}, {on(7), on(8), on(14)}, {on(15), on(16)}, {on(2, monday + 2)}});
  const auto found =
      track_repeat_purchases(base, bg_nbd(), {.as_of = monday + 14, .through = monday + 20, .step_days = 7});
  CHECK(found.customers == 3);
  CHECK(found.days == std::vector<std::int32_t>{monday, monday + 7, monday + 14, monday + 20});
  CHECK(found.actual == std::vector<std::int64_t>{0, 1, 4, 6});
  // Fader, Hardie & Lee (2005), equation 9, mpmath with 40 digits: E[X(1)], E[X(2)], and 2 E[X(2)] + E[X(1)].
  const std::vector<double> expected{0, 2 * 0.053886734482004067579, 0.26351635512000929097};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK_NEAR(found.expected[i], expected[i], 1e-13, 0);
  CHECK(found.expected[3] > found.expected[2]);
}

TEST_CASE("tracking: the expectation is that of every customer by itself") {
  const auto base = base_of({{on(0)}, {on(5)}, {on(5), on(30)}, {on(100)}});
  const auto model = bg_nbd();
  const auto found = track_repeat_purchases(base, model, {.as_of = monday + 100, .step_days = 30});
  REQUIRE(found.days.back() == monday + 100);
  double sum = 0;
  const std::vector<double> zero{0};
  for (const double age : {100.0, 95.0, 95.0, 0.0}) {
    sum += btyd::predict(model, btyd::quantity::expected_transactions, {zero, zero, zero, {}}, {.horizon = age / 7})[0];
  }
  CHECK_NEAR(found.expected.back(), sum, 1e-14, 0);
}

TEST_CASE("tracking: a purchase counts unless it is known to be cancelled") {
  const auto base = base_of({{on(0, monday + 12), on(5), on(8, monday + 9), on(12, monday + 13)}});
  // Up to as_of: days 0 and 5, as the first one is cancelled later; after it: none, as that of day 12 is cancelled.
  const auto found =
      track_repeat_purchases(base, bg_nbd(), {.as_of = monday + 10, .through = monday + 14, .step_days = 2});
  CHECK(found.actual == std::vector<std::int64_t>{0, 0, 0, 1, 1, 1, 1, 1});
}

TEST_CASE("tracking: the observation begins with start; nobody in it") {
  const auto base = base_of({{on(0), on(5), on(9)}});
  const auto found = track_repeat_purchases(base, bg_nbd(), {.as_of = monday + 9, .start = monday + 1, .step_days = 4});
  CHECK(found.days == std::vector<std::int32_t>{monday + 5, monday + 9});
  CHECK(found.actual == std::vector<std::int64_t>{0, 1});
  const auto none = track_repeat_purchases(base, bg_nbd(), {.as_of = monday - 1});
  CHECK(none.customers == 0);
  CHECK(none.days.empty());
}

TEST_CASE("tracking: what is refused") {
  const auto base = base_of({{on(0)}});
  const auto code_of = [&](const tracking_options& options) {
    try {
      track_repeat_purchases(base, bg_nbd(), options);
    } catch (const error& e) {
      return std::make_pair(e.code(), e.argument());
    }
    return std::make_pair(error_code::internal, std::string());
  };
  using expected = std::pair<error_code, std::string>;
  CHECK(code_of({}) == expected{error_code::missing, "as_of"});
  CHECK(code_of({.as_of = latest_day + 1}) == expected{error_code::date_range, "as_of"});
  CHECK(code_of({.as_of = monday, .through = monday - 1}) == expected{error_code::date_order, "through"});
  CHECK(code_of({.as_of = monday, .start = monday + 1}) == expected{error_code::date_order, "as_of"});
  CHECK(code_of({.as_of = monday, .step_days = 0}) == expected{error_code::domain, "step_days"});
}

// A log without cancelled purchases is tracked as its customer base is.
TEST_CASE("tracking: a log and its base") {
  const std::vector<std::int64_t> ids{1, 1, 1, 2, 2, 3, 4, 4, 1};
  std::vector<std::int32_t> days{0, 3, 14, 0, 15, 7, 15, 16, 20};
  for (auto& day : days) day += monday;
  transaction_columns columns;
  columns.customer_id = column<std::int64_t>(ids);
  columns.day = days;
  accumulator log;
  log.add(columns);
  const auto base = base_of({{on(0), on(3), on(14), on(20)}, {on(0), on(15)}, {on(7)}, {on(15), on(16)}});
  const tracking_options options{.as_of = monday + 14, .through = monday + 20, .step_days = 7};
  const auto of_log = track_repeat_purchases(log, bg_nbd(), options);
  const auto of_base = track_repeat_purchases(base, bg_nbd(), options);
  CHECK(of_log.customers == 3);
  CHECK(of_log.days == of_base.days);
  CHECK(of_log.actual == of_base.actual);
  CHECK(of_log.expected == of_base.expected);
  CHECK(of_log.actual_step == std::vector<std::int64_t>{0, 1, 1, 2});
}
