#include "kundenwert/btyd/forecast_scores.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

TEST_CASE("scores of four customers, by hand") {
  std::vector<forecast_row> rows{{2.5, 2, 0.9, 3, 1, 0, 4, 0, 5},
                                 {0.5, 0, 0.25, 0, 1, 0, 1, 0, 2},
                                 {1.0, 3, 0.5, 2, 1, 0, 2, 0, 3},
                                 {0.25, 0, 0.2, 0, 1, 0, 0, 0, 1}};
  order_forecasts(rows);
  CHECK(rows[0].predicted == 0.25);
  const auto found = scores_of(rows);
  CHECK(found.actual_total == 5);
  CHECK(found.predicted_total == 4.25);
  CHECK(found.bias == -0.75);
  CHECK_NEAR(found.relative_bias, -0.15, 1e-15, 0);
  CHECK(found.mae == (0.5 + 0.5 + 2 + 0.25) / 4);
  CHECK_NEAR(found.rmse, std::sqrt((0.25 + 0.25 + 4 + 0.0625) / 4), 1e-15, 0);
  CHECK(found.own_rate_mae == 0.5);
  CHECK_NEAR(found.own_rate_rmse, std::sqrt(0.5), 1e-15, 0);
  CHECK(found.mean_rate_mae == (1 + 1 + 2 + 1) / 4.0);
  CHECK(found.coverage_80 == 0.75);
  CHECK(found.coverage_90 == 1);
  CHECK(found.buyers == 0.5);
  CHECK_NEAR(found.predicted_buyers, 0.4625, 1e-15, 0);
  CHECK_NEAR(found.brier, (0.01 + 0.0625 + 0.25 + 0.04) / 4, 1e-15, 0);
  CHECK_NEAR(found.log_score, -(std::log(0.9) + std::log(0.75) + std::log(0.5) + std::log(0.8)) / 4, 1e-15, 0);
  // google/lifetime_value, metrics.py: gains 2/5, 1, 1, 1 against 3/5, 1, 1, 1.
  CHECK_NEAR(found.normalized_gini, (2 * 3.4 / 4 - 1) / (2 * 3.6 / 4 - 1), 1e-14, 0);
  // Ranks 3, 1.5, 4, 1.5 and 4, 2, 3, 1.
  CHECK_NEAR(found.rank_correlation, 3.5 / std::sqrt(4.5 * 5), 1e-14, 0);
}

TEST_CASE("scores where there is nothing to score") {
  CHECK(std::isnan(scores_of({}).mae));
  const auto nobody = scores_of({forecast_row{1, 0, 1}, forecast_row{2, 0, 0}});
  CHECK(nobody.actual_total == 0);
  CHECK(std::isnan(nobody.relative_bias));
  CHECK(std::isnan(nobody.normalized_gini));
  CHECK(std::isnan(nobody.rank_correlation));
  // A purchase that was certain and did not come: -ln(1e-15) / 2.
  CHECK_NEAR(nobody.log_score, 15 * std::log(10.0) / 2, 1e-12, 0);
}

TEST_CASE("tenths by prediction") {
  std::vector<forecast_row> rows;
  for (int i = 0; i < 20; ++i) rows.push_back({static_cast<double>(i), static_cast<double>(i % 2)});
  order_forecasts(rows);
  auto found = deciles_of(rows);
  for (std::size_t d = 0; d < 10; ++d) {
    CHECK(found[d].decile == static_cast<std::int32_t>(d + 1));
    CHECK(found[d].customers == 2);
    CHECK(found[d].predicted_mean == 2 * static_cast<double>(d) + 0.5);
    CHECK(found[d].actual_mean == 0.5);
  }
  // Equal predictions are in the tenth of the middle of their places: 15 customers around place 7.5 of 20.
  for (int i = 0; i < 15; ++i) rows[static_cast<std::size_t>(i)].predicted = 0;
  order_forecasts(rows);
  found = deciles_of(rows);
  CHECK(found[3].customers == 15);
  CHECK(found[0].customers == 0);
  CHECK(std::isnan(found[0].actual_mean));
  CHECK(found[7].customers + found[8].customers + found[9].customers == 5);
  for (const auto& d : deciles_of({})) CHECK(d.customers == 0);
}
