#include "kundenwert/btyd/compare.hpp"
#include "compiled.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "check_error.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using kundenwert::test::check_error;

namespace {

model fitted(outcome how, double aic, std::int32_t number = bg_nbd::number, int parameters = 4) {
  model m;
  m.number = number;
  m.is_fitted = true;
  m.fit.outcome = how;
  m.fit.aic = aic;
  m.fit.log_likelihood = parameters - aic / 2;
  m.fit.estimated = parameters;
  m.fit.customers = 100;
  return m;
}

}  // namespace

TEST_CASE("the smallest AIC of those that converged") {
  CHECK(best_converged({}) == -1);
  std::vector<model> models{fitted(outcome::converged, 12), fitted(outcome::at_bound, 1),
                            fitted(outcome::converged, 10), fitted(outcome::converged, 10)};
  CHECK(best_converged(models) == 2);
  models[0].fit.aic = -3;
  CHECK(best_converged(models) == 0);
  models[0].is_fitted = false;
  CHECK(best_converged(models) == 2);
  models[2].fit.aic = models[3].fit.aic = not_available;
  CHECK(best_converged(models) == -1);
}

TEST_CASE("of equal AIC the fewest parameters, then the smallest number") {
  const std::vector<model> models{fitted(outcome::converged, 10, pareto_nbd::number),
                                  fitted(outcome::converged, 10 + 1e-9, bg_nbd::number),
                                  fitted(outcome::converged, 10 + 1e-9, mbg_nbd::number)};
  CHECK(best_converged(models) == 1);
  auto fewer = models;
  fewer.push_back(fitted(outcome::converged, 10 - 1e-9, nbd::number, 2));
  CHECK(best_converged(fewer) == 3);
}

TEST_CASE("rows in the order of their use, weights of those that converged") {
  const auto found = comparison_of(
      {fitted(outcome::converged, 13, bg_nbd::number), fitted(outcome::at_bound, 9, ggompertz_nbd::number, 5),
       fitted(outcome::converged, 10, pareto_nbd::number), fitted(outcome::converged, 20, nbd::number, 2)});
  CHECK(found.number == std::vector{pareto_nbd::number, bg_nbd::number, nbd::number, ggompertz_nbd::number});
  CHECK(found.parameters == std::vector<std::int64_t>{4, 4, 2, 5});
  CHECK(found.delta_aic == std::vector<double>{0, 3, 10, -1});
  // Burnham & Anderson (2002), 2.9: e^(-Delta / 2) over their sum.
  const double sum = 1 + std::exp(-1.5) + std::exp(-5.0);
  CHECK_NEAR(found.akaike_weight[0], 1 / sum, 1e-15, 0);
  CHECK_NEAR(found.akaike_weight[1], std::exp(-1.5) / sum, 1e-15, 0);
  CHECK(std::isnan(found.akaike_weight[3]));
  CHECK(found.recommended == 0);
  CHECK(found.choice()->number == pareto_nbd::number);
  CHECK(found.reason == "lowest AIC among the 3 of 4 models that converged; GGompertz/NBD is at_bound");
  CHECK(row_count_of(found) == 4);
}

TEST_CASE("nothing converged: no recommendation, and why") {
  auto lacking = fitted(outcome::insufficient_data, 9);
  lacking.fit.detail = "no customer has a repeat purchase";
  const auto found = comparison_of({fitted(outcome::stalled, 11, nbd::number, 2), lacking});
  CHECK(found.recommended == -1);
  CHECK(found.choice() == nullptr);
  CHECK(found.reason ==
        "no model converged; BG/NBD is insufficient_data (no customer has a repeat purchase); NBD is stalled");
  CHECK(std::isnan(found.delta_aic[0]));
  CHECK(std::isnan(found.akaike_weight[1]));
}

TEST_CASE("what cannot be compared") {
  const auto good = fitted(outcome::converged, 10);
  check_error([] { comparison_of({}); }, error_code::empty, "models");
  check_error(
      [&] {
        comparison_of({good, fitted(outcome::converged, 9, gamma_gamma::number, 3)});
      },
      error_code::unsupported, "models", 1);
  auto other = good;
  other.is_fitted = false;
  check_error([&] { comparison_of({good, other}); }, error_code::unsupported, "models", 1);
  other = good;
  other.unit = time_unit::week;
  check_error([&] { comparison_of({good, other}); }, error_code::unit_mismatch, "models", 1);
  other = good;
  other.fit.customers = 99;
  check_error([&] { comparison_of({good, other}); }, error_code::inconsistent, "models", 1);
  const std::vector<double> x{1};
  const std::array<std::int32_t, 2> two_kinds{bg_nbd::number, gamma_gamma::number};
  check_error(
      [&] {
        compare(summary_columns{x, x, x, x}, time_unit::day, {.models = two_kinds});
      },
      error_code::unsupported, "models", 1);
  check_error([&] { compare(summary_columns{}, time_unit::day); }, error_code::missing, "frequency");
  const std::array<std::int32_t, 1> unknown{999};
  check_error(
      [&] {
        compare(summary_columns{x, x, x, x}, time_unit::day, {.models = unknown});
      },
      error_code::unknown_code, "model");
}

TEST_CASE("the models that read the columns at hand") {
  const std::vector<double> x{1};
  const auto of_times = readable_models(summary_columns{x, x, x, x});
  CHECK(of_times.size() >= 5);
  for (const auto number : of_times) CHECK(data_of(number) == data_kind::purchase_times);
  summary_columns spend;
  spend.frequency = x;
  spend.monetary_value = x;
  CHECK(readable_models(spend) == std::vector{gamma_gamma::number});
  CHECK(readable_models(summary_columns{}).empty());
}

TEST_CASE("likelihood ratio") {
  // Of two degrees of freedom the survival function is e^(-x / 2).
  const auto found = likelihood_ratio(fitted(outcome::converged, 25, nbd::number, 2),
                                      fitted(outcome::at_bound, 20, pareto_nbd::number, 4));
  CHECK(found.degrees_of_freedom == 2);
  CHECK_NEAR(found.statistic, 9, 1e-14, 0);
  CHECK_NEAR(found.p_value, std::exp(-4.5), 1e-13, 0);
  CHECK(found.outcome == outcome::at_bound);
  // 3.841458820694124 and 7.814727903251178: the 0.95 quantiles of one and three, as every table has them.
  CHECK_NEAR(likelihood_ratio(fitted(outcome::converged, 3.841458820694124, bg_nbd::number, 3),
                              fitted(outcome::converged, 2, bg_nbd::number, 4))
                 .p_value,
             0.05, 1e-12, 0);
  CHECK_NEAR(likelihood_ratio(fitted(outcome::converged, 7.814727903251178, bg_nbd::number, 1),
                              fitted(outcome::converged, 6, bg_nbd::number, 4))
                 .p_value,
             0.05, 1e-12, 0);
  // A full model that was not fitted as well as the restricted one.
  const auto worse = likelihood_ratio(fitted(outcome::converged, 20, nbd::number, 2),
                                      fitted(outcome::stalled, 30, pareto_nbd::number, 4));
  CHECK(worse.statistic < 0);
  CHECK(worse.p_value == 1);
  CHECK(worse.outcome == outcome::stalled);

  const auto few = fitted(outcome::converged, 20, nbd::number, 2);
  const auto many = fitted(outcome::converged, 20, pareto_nbd::number, 4);
  auto unfitted = many;
  unfitted.is_fitted = false;
  check_error([&] { likelihood_ratio(many, few); }, error_code::domain, "full");
  check_error([&] { likelihood_ratio(few, unfitted); }, error_code::unsupported, "full");
  check_error([&] { likelihood_ratio(unfitted, many); }, error_code::unsupported, "restricted");
  auto other = many;
  other.fit.customers = 1;
  check_error([&] { likelihood_ratio(few, other); }, error_code::inconsistent, "full");
  other = many;
  other.unit = time_unit::year;
  check_error([&] { likelihood_ratio(few, other); }, error_code::unit_mismatch, "full");
}
