// Worked numbers of the domain specification B1.6, B1.8 and B1.11, and of the analytics specification 3.9.
#include "kundenwert/value/acquisition.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "kundenwert/base/discount.hpp"
#include "kundenwert/value/acquisition_balance.hpp"
#include "kundenwert/value/clv.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::value;

namespace {

// The specification prints six digits after the point.
constexpr double printed = 5.01e-7;

}  // namespace

TEST_CASE("customer equity test of two plans: a published exercise (B1.6)") {
  const customer_economics customer{.margin = 200, .periodic_discount_rate = 0.1};
  CHECK_NEAR(0.2 * value_of_retained(customer, 0.6, 30) - 20, 56, 1e-13, 0);
  CHECK_NEAR(0.3 * value_of_retained(customer, 0.5, 20) - 30, 70, 1e-13, 0);
}

TEST_CASE("Blattberg & Deighton balance (B1.6)") {
  const customer_economics customer{.margin = 100, .periodic_discount_rate = 0.1};
  const spending_response acquisition = response_through(10, 0.10, 0.40);
  const spending_response retention = response_through(20, 0.60, 0.80);
  CHECK_NEAR(acquisition.response, 0.0287682072, 0, 5.01e-11);
  CHECK_NEAR(retention.response, 0.0693147181, 0, 5.01e-11);

  const balance_point now = balance_at(acquisition, retention, customer, 10, 20);
  CHECK_NEAR(now.acquisition_rate, 0.1, 1e-15, 0);
  CHECK_NEAR(now.retention_rate, 0.6, 1e-15, 0);
  CHECK_NEAR(now.value, 180, 1e-14, 0);
  CHECK_NEAR(now.equity, 8, 1e-13, 0);
  CHECK_FALSE(now.is_optimal());

  const balance_point best = optimal_balance(acquisition, retention, customer);
  CHECK_NEAR(best.retention_spending, 34.8784, 0, 5.01e-5);
  CHECK_NEAR(best.retention_rate, 0.728691, 0, printed);
  CHECK_NEAR(best.value, 202.315486, 0, printed);
  CHECK_NEAR(best.acquisition_spending, 29.374550, 0, printed);
  CHECK_NEAR(best.acquisition_rate, 0.228186, 0, printed);
  CHECK_NEAR(best.equity, 16.791049, 0, printed);
  CHECK_NEAR(best.marginal_acquisition_cost, 202.3155, 0, 5.01e-5);
  CHECK_NEAR(best.marginal_retention_cost, 202.3155, 0, 5.01e-5);
  CHECK(best.is_optimal());
  CHECK_NEAR(best.average_acquisition_cost, 128.731, 0, 5.01e-4);
  CHECK_NEAR(best.average_retention_cost, 47.864, 0, 5.01e-4);
  CHECK_NEAR(best.average_acquisition_cost / best.average_retention_cost, 2.69, 0, 5.01e-3);
}

TEST_CASE("Blattberg & Deighton balance, second example (analytics specification 3.9)") {
  const customer_economics customer{.margin = 50, .periodic_discount_rate = 0.15};
  const spending_response acquisition = response_through(5, 0.20, 0.40);
  const spending_response retention = response_through(10, 0.40, 0.70);
  CHECK_NEAR(acquisition.response, 0.138629436112, 0, 5.01e-13);
  CHECK_NEAR(retention.response, 0.0847297860387, 0, 5.01e-14);
  const balance_point now = balance_at(acquisition, retention, customer, 5, 10);
  CHECK_NEAR(now.value, 63.3333333333, 0, 5.01e-11);
  CHECK_NEAR(now.equity, 7.66666666667, 0, 5.01e-12);
  const balance_point best = optimal_balance(acquisition, retention, customer);
  // The specification found R* by a search of values, which cannot tell it better than to about 1e-8.
  CHECK_NEAR(best.retention_spending, 16.075479895, 0, 1e-6);
  CHECK_NEAR(best.retention_rate, 0.520709326502, 0, 1e-8);
  CHECK_NEAR(best.value, 65.8273224912, 0, 5.01e-11);
  CHECK_NEAR(best.acquisition_spending, 9.3399602494, 0, 5.01e-11);
  CHECK_NEAR(best.acquisition_rate, 0.290418219495, 0, 5.01e-13);
  CHECK_NEAR(best.equity, 9.77749354262, 0, 5.01e-12);
}

TEST_CASE("acquisition of a mobile operator's customer (B1.8)") {
  const double cost = 250 + 90 + 60;
  const double margin = 22;
  clv_terms terms{.convention = clv_convention::end_of_period,
                  .periodic_discount_rate = periodic_rate(0.10, 12),
                  .retention = 1,
                  .periods = without_end};

  SUBCASE("no churn") {
    CHECK(undiscounted_payback(margin, cost, terms).period == 19);
    const payback_result found = payback(margin, cost, terms);
    CHECK(found.period == 20);
    CHECK_NEAR(found.time, 19.7219, 0, 5.01e-5);
  }
  SUBCASE("monthly churn of 1.5 percent") {
    terms.retention = 0.985;
    CHECK(undiscounted_payback(margin, cost, terms).period == 22);
    const payback_result found = payback(margin, cost, terms);
    CHECK(found.period == 24);
    CHECK_NEAR(found.time, 23.4582, 0, 5.01e-5);
    const double gross = clv({.revenue = margin}, terms).value;
    CHECK_NEAR(gross, 957.598395, 0, printed);
    CHECK_NEAR(found.total, gross, 1e-15, 0);
    clv_terms net = terms;
    net.include_acquisition = true;
    CHECK_NEAR(clv({.revenue = margin, .acquisition = cost}, net).value, 557.598395, 0, printed);
    CHECK_NEAR(value_to_cost(gross, cost).value, 2.394, 0, 5.01e-4);
    CHECK(largest_acquisition_cost(gross) == gross);
    CHECK_NEAR(largest_acquisition_cost(gross, 3), 957.598395 / 3, 0, printed);
  }
  SUBCASE("24 months of contract, then churn") {
    terms.retention_curve.assign(23, 1.0);
    terms.retention = 0.985;
    CHECK(undiscounted_payback(margin, cost, terms).period == 19);
    CHECK(payback(margin, cost, terms).period == 20);
    const double gross = clv({.revenue = margin}, terms).value;
    CHECK_NEAR(gross, 1258.3531, 0, 5.01e-5);
    CHECK_NEAR(value_to_cost(gross, cost).value, 3.1459, 0, 5.01e-5);
  }
}

TEST_CASE("cost of winning and of keeping (B1.11)") {
  CHECK(cost_per_customer(120000, 400).value == 300);
  CHECK(cost_per_customer(45000, 900).value == 50);
  CHECK(acquisition_retention_ratio(120000, 400, 45000, 900).value == 6);
}
