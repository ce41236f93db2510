// Every check of comparison, backtest and diagnostics: its code, argument and row.
#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "check_error.hpp"
#include "compiled.hpp"
#include "kundenwert/btyd/backtest.hpp"
#include "kundenwert/btyd/diagnostics.hpp"
#include "kundenwert/btyd/tracking.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using kundenwert::test::check_error;

namespace {

summary three_customers() {
  summary s;
  s.unit = time_unit::week;
  s.end = 10000;
  s.holdout_end = 10070;
  s.frequency = {0, 1, 2};
  s.recency = {0, 3, 8};
  s.age = {9, 9, 9};
  s.holdout_frequency = {0, 1, 1};
  return s;
}

model bg_nbd_model() {
  return model_from_parameters(bg_nbd::number, std::array{0.25, 4.5, 0.75, 2.5}, time_unit::week);
}

}  // namespace

TEST_CASE("backtest: what is refused") {
  const std::array<std::int32_t, 1> one{nbd::number};
  const auto run = [&](const summary& s, double horizon = 0) {
    return backtest(s, {.models = one, .horizon = horizon});
  };
  CHECK(run(three_customers()).scores.horizon == std::vector<double>{10});
  check_error([&] { backtest(std::span<const summary>{}); }, error_code::empty, "origins");
  check_error([&] { run(summary{}); }, error_code::empty, "frequency");
  auto s = three_customers();
  s.holdout_frequency.clear();
  check_error([&] { run(s); }, error_code::column_missing, "holdout_frequency", 0);
  s.holdout_frequency = {1, 1};
  check_error([&] { run(s); }, error_code::length_mismatch, "holdout_frequency");
  s.holdout_frequency = {0, 1, not_available};
  check_error([&] { run(s); }, error_code::missing, "holdout_frequency", 2);
  s.holdout_frequency = {0, -1, 0};
  check_error([&] { run(s); }, error_code::sign, "holdout_frequency", 1);
  s.holdout_frequency = {0.5, 1, 0};
  check_error([&] { run(s); }, error_code::not_integer, "holdout_frequency", 0);
  s = three_customers();
  s.holdout_end = no_day;
  check_error([&] { run(s); }, error_code::missing, "horizon");
  CHECK(run(s, 4).scores.horizon == std::vector<double>{4});
  check_error([&] { run(s, -4); }, error_code::sign, "horizon");
  s.recency[1] = 12;
  check_error([&] { run(s, 4); }, error_code::recency_order, "recency", 1);
  std::array<summary, 2> origins{three_customers(), three_customers()};
  origins[1].unit = time_unit::day;
  check_error([&] { backtest(origins, {.models = one}); }, error_code::unit_mismatch, "origins", 1);
  const std::array<std::int32_t, 2> spend{nbd::number, gamma_gamma::number};
  check_error([&] { backtest(three_customers(), {.models = spend}); }, error_code::unsupported, "models", 1);
}

TEST_CASE("backtest: customers without repeat purchases give no estimate and no score") {
  auto s = three_customers();
  s.frequency = {0, 0, 0};
  s.recency = {0, 0, 0};
  const std::array<std::int32_t, 1> one{bg_nbd::number};
  const std::array<summary, 2> origins{s, three_customers()};
  const auto found = backtest(origins, {.models = one});
  CHECK(found.scores.outcome[0] == static_cast<std::int32_t>(outcome::insufficient_data));
  CHECK_FALSE(found.scores.detail[0].empty());
  CHECK(found.scores.customers == std::vector<std::int64_t>{0, 3, 3});
  CHECK(found.scores.unpredicted == std::vector<std::int64_t>{3, 0, 3});
  CHECK(std::isnan(found.scores.mae[0]));
  CHECK(found.scores.origin == std::vector<std::int32_t>{1, 2, 0});
}

TEST_CASE("rolling origins: what is refused") {
  accumulator log;
  const std::vector<std::int64_t> ids{1};
  const std::vector<std::int32_t> days{9000};
  transaction_columns columns;
  columns.customer_id = column<std::int64_t>(ids);
  columns.day = days;
  log.add(columns);
  const rolling_options good{.first_end = 9100, .count = 2, .holdout_days = 7};
  CHECK(rolling_origins(log, good).size() == 2);
  auto bad = good;
  bad.count = 0;
  check_error([&] { rolling_origins(log, bad); }, error_code::domain, "count");
  bad = good;
  bad.step_days = 0;
  check_error([&] { rolling_origins(log, bad); }, error_code::domain, "step_days");
  bad = good;
  bad.holdout_days = 0;
  check_error([&] { rolling_origins(log, bad); }, error_code::domain, "holdout_days");
  bad = good;
  bad.first_end = no_day;
  check_error([&] { rolling_origins(log, bad); }, error_code::missing, "first_end");
  bad.first_end = latest_day;
  check_error([&] { rolling_origins(log, bad); }, error_code::date_range, "holdout_end");
}

TEST_CASE("diagnostics: what is refused") {
  const auto m = bg_nbd_model();
  const auto s = three_customers();
  check_error([&] { histogram_of(m, s, {.largest = 0}); }, error_code::domain, "largest");
  check_error([&] { histogram_of(m, summary_columns{}); }, error_code::empty, "frequency");
  auto days = s;
  days.unit = time_unit::day;
  check_error([&] { histogram_of(m, days); }, error_code::unit_mismatch, "summary");
  check_error([&] { conditional_expectations(m, days); }, error_code::unit_mismatch, "summary");
  auto without = s;
  without.holdout_frequency.clear();
  check_error([&] { conditional_expectations(m, without); }, error_code::column_missing, "holdout_frequency");
  check_error([&] { conditional_expectations(m, s, {.largest = 0}); }, error_code::domain, "largest");
  check_error([&] { conditional_expectations(m, s, {.bins = 0}); }, error_code::domain, "bins");
  check_error([&] { conditional_expectations(m, s, {.by = history_part{}}); }, error_code::unknown_code, "by");
  check_error([&] { history_grid_of(m, {}); }, error_code::missing, "age");
  check_error([&] { history_grid_of(m, {.age = 0}); }, error_code::sign, "age");
  check_error([&] { history_grid_of(m, {.age = 1, .largest = -1}); }, error_code::domain, "largest");
  check_error([&] { history_grid_of(m, {.age = 1, .recency_steps = 0}); }, error_code::domain, "recency_steps");
  check_error([&] { history_grid_of(m, {.what = quantity::expected_transactions, .age = 1}); }, error_code::missing,
              "horizon");
  const model spend = model_from_parameters(gamma_gamma::number, std::array{2., 3., 4.}, time_unit::week);
  check_error([&] { histogram_of(spend, s); }, error_code::unsupported, "quantity");
  check_error([&] { track_counts({}, spend, {.as_of = 9000}); }, error_code::unsupported, "transactions");
  const accumulator ordered({.mode = accumulation::ordered, .dates = {.end = 9000}});
  check_error([&] { counts_of(ordered, {.as_of = 9000}); }, error_code::mode_mismatch, "log");
  check_error([&] { counts_of(accumulator(), {}); }, error_code::missing, "as_of");
}
