// Properties of acquisition economics and of the balance of acquisition and retention.
#include "kundenwert/value/acquisition.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "kundenwert/base/random.hpp"
#include "kundenwert/value/acquisition_balance.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::value;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("payback: the margins up to its time are the cost, those of one period less are not") {
  for (const clv_convention convention : {clv_convention::first_margin_now, clv_convention::gupta_lehmann,
                                          clv_convention::mid_period, clv_convention::end_of_period}) {
    for (const double r : {0.9, 0.985, 1.0}) {
      for (const double cost : {1.0, 21.9, 22.0, 100.0, 170.5}) {
        const clv_terms terms{
            .convention = convention, .periodic_discount_rate = 0.008, .retention = r, .periods = without_end};
        const payback_result found = payback(22, cost, terms);
        REQUIRE(found.is_reached());
        clv_terms until = terms;
        until.periods = found.time;
        CHECK_NEAR(22 * margin_multiple(until).value, cost, 1e-13, 0);
        CHECK(found.time <= static_cast<double>(found.period));
        CHECK(found.time > static_cast<double>(found.period) - 1);
        // Period by period.
        std::int64_t counted = 0;
        double paid = 0;
        while (paid < cost * (1 - 1e-14)) {
          until.periods = static_cast<double>(++counted);
          paid = 22 * margin_multiple(until).value;
        }
        CHECK(counted == found.period);
      }
    }
  }
}

TEST_CASE("payback: never, at once, after a long time") {
  clv_terms terms{.convention = clv_convention::first_margin_now,
                  .periodic_discount_rate = 0.1,
                  .retention = 0.8,
                  .periods = without_end};
  const payback_result never = payback(100, 400, terms);
  CHECK_FALSE(never.is_reached());
  CHECK(never.period == 0);
  CHECK_NEAR(never.total, 366.666667, 0, 5.01e-7);
  CHECK_FALSE(payback(-100, 1, terms).is_reached());
  CHECK_FALSE(payback(0, 1, terms).is_reached());
  CHECK(payback(100, 0, terms).time == 0);
  CHECK(payback(100, 100, terms).time == 1);
  terms.periods = 2;
  CHECK_FALSE(payback(100, 173, terms).is_reached());
  CHECK(payback(100, 172, terms).period == 2);
  terms.periods = 2.5;
  CHECK(payback(100, 190, terms).period == 3);
  CHECK(payback(100, 190, terms).time < 2.5);
  // Margins without end, churn or discount.
  terms.periods = without_end;
  terms.retention = 1;
  const payback_result slow = undiscounted_payback(1, 1e6, terms);
  CHECK(slow.period == 1000000);
  CHECK(slow.total == infinity);
}

TEST_CASE("balance: no other spending brings more; both forms of the value agree") {
  random_stream draw(1996);
  for (int repetition = 0; repetition < 50; ++repetition) {
    const double ceiling_a = 0.1 + 0.9 * draw.uniform();
    const double ceiling_r = 0.2 + 0.8 * draw.uniform();
    const customer_economics customer{.margin = 10 + 500 * draw.uniform(),
                                      .periodic_discount_rate = 0.02 + 0.3 * draw.uniform()};
    const spending_response acquisition =
        response_through(1 + 20 * draw.uniform(), ceiling_a * (0.1 + 0.8 * draw.uniform()), ceiling_a);
    const spending_response retention =
        response_through(1 + 60 * draw.uniform(), ceiling_r * (0.1 + 0.8 * draw.uniform()), ceiling_r);
    const balance_point best = optimal_balance(acquisition, retention, customer);
    CHECK(best.is_optimal());
    for (int other = 0; other < 100; ++other) {
      const double spent_a = 3 * draw.uniform() * (best.acquisition_spending + 1);
      const double spent_r = draw.uniform() * customer.margin;
      const balance_point point = balance_at(acquisition, retention, customer, spent_a, spent_r);
      CHECK(point.value <= best.value * (1 + 1e-14));
      CHECK(point.equity <= best.equity + 1e-12 * best.value);
      // m + (m - R / r) r' / (1 - r') of the paper.
      const double r = point.retention_rate;
      const double discounted = r / (1 + customer.periodic_discount_rate);
      const double paper = customer.margin + (customer.margin - spent_r / r) * discounted / (1 - discounted);
      CHECK_NEAR(point.value, paper, 1e-11, 1e-11 * customer.margin);
    }
  }
}

TEST_CASE("balance: nothing is spent on what does not pay") {
  const customer_economics customer{.margin = 10, .periodic_discount_rate = 0.1};
  const spending_response dear{.ceiling = 0.5, .response = 0.001};
  const balance_point best = optimal_balance(dear, dear, customer);
  CHECK(best.acquisition_spending == 0);
  CHECK(best.retention_spending == 0);
  CHECK(best.equity == 0);
  CHECK_NEAR(best.value, 10, 1e-15, 0);
  CHECK(best.is_optimal());
  CHECK(std::isnan(best.average_acquisition_cost));
  CHECK(std::isnan(best.average_retention_cost));
  // Customers who only cost are not kept.
  CHECK(optimal_balance(dear, dear, {.margin = -5, .periodic_discount_rate = 0.1}).retention_spending == 0);
}

TEST_CASE("budget: spent where the next unit brings most, the same everywhere") {
  const std::vector<prospect_segment> segments{
      {.prospects = 1000, .acquisition = response_through(10, 0.10, 0.40), .value = 200},
      {.prospects = 500, .acquisition = response_through(5, 0.20, 0.40), .value = 60},
      {.prospects = 2000, .acquisition = response_through(10, 0.01, 0.02), .value = 50},
      {.prospects = 100, .acquisition = response_through(10, 0.10, 0.40), .value = -20}};
  const acquisition_budget free = allocate_acquisition(segments, infinity);
  CHECK(free.shadow_price == 0);
  CHECK(free.spending[2] == 0);  // the first unit brings 0.07
  CHECK(free.spending[3] == 0);  // customers who cost
  for (std::size_t s = 0; s < 2; ++s) {
    CHECK_NEAR(segments[s].acquisition.slope(free.spending[s]) * segments[s].value, 1, 1e-14, 0);
  }
  double before = -1;
  for (const double budget : {0.0, 100.0, 5000.0, 20000.0, 1e6}) {
    const acquisition_budget found = allocate_acquisition(segments, budget);
    CHECK(found.ended == outcome::converged);
    CHECK(found.total_spending <= budget * (1 + 1e-12));
    CHECK(found.total_spending <= free.total_spending * (1 + 1e-12));
    if (budget < free.total_spending) CHECK_NEAR(found.total_spending, budget, 1e-12, 1e-9);
    CHECK(found.equity >= before);
    before = found.equity;
    for (std::size_t s = 0; s < segments.size(); ++s) {
      const double next = segments[s].acquisition.slope(found.spending[s]) * segments[s].value;
      if (found.spending[s] > 0) {
        CHECK_NEAR(next, 1 + found.shadow_price, 1e-11, 0);
      } else {
        CHECK(next <= 1 + found.shadow_price * (1 + 1e-11));
      }
    }
    // Money moved from one segment to another brings less.
    if (found.spending[0] > 1 && found.spending[1] > 1) {
      const auto equity_with = [&](double moved) {
        double sum = 0;
        for (std::size_t s = 0; s < 2; ++s) {
          const double spent = found.spending[s] + (s == 0 ? moved : -moved) / segments[s].prospects;
          sum += segments[s].prospects * (segments[s].acquisition.rate(spent) * segments[s].value - spent);
        }
        return sum;
      };
      CHECK(equity_with(100) < equity_with(0));
      CHECK(equity_with(-100) < equity_with(0));
    }
  }
  CHECK(allocate_acquisition({}, 100).total_spending == 0);
}

TEST_CASE("cost per customer: nobody") {
  CHECK(cost_per_customer(100, 0).reason == reason::total_not_positive);
  CHECK(std::isnan(cost_per_customer(100, 0).value));
  CHECK(acquisition_retention_ratio(1, 0, 1, 1).reason == reason::total_not_positive);
  CHECK(acquisition_retention_ratio(1, 1, 1, 0).reason == reason::total_not_positive);
  CHECK(acquisition_retention_ratio(1, 1, 0, 1).reason == reason::total_not_positive);
  CHECK(value_to_cost(100, 0).reason == reason::total_not_positive);
}
