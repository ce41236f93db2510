// What must hold for judgements of models whatever the customers: the bits do not depend on the order of the rows or on
// threads, tables are whole, a right model is judged to be right.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "cdnow_summary.hpp"
#include "compiled.hpp"
#include "kundenwert/arrow/import.hpp"
#include "kundenwert/base/random.hpp"
#include "kundenwert/btyd/backtest.hpp"
#include "kundenwert/btyd/diagnostics.hpp"
#include "kundenwert/btyd/export.hpp"
#include "kundenwert/btyd/heterogeneity.hpp"
#include "kundenwert/btyd/tracking.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

const std::array<std::int32_t, 2> two_models{bg_nbd::number, nbd::number};

model bg_nbd_model() {
  return model_from_parameters(bg_nbd::number, std::array{0.2425945, 4.4136020, 0.7929220, 2.4259068}, time_unit::week);
}

// The rows in another order.
summary shuffled(const summary& s) {
  summary out = s;
  random_stream draw(7);
  const auto swap = [](auto& values, std::size_t i, std::size_t j) { std::swap(values[i], values[j]); };
  for (std::size_t i = s.frequency.size() - 1; i > 0; --i) {
    const std::size_t j = draw.below(i + 1);
    for (auto* values : {&out.frequency, &out.recency, &out.age, &out.monetary_value, &out.holdout_frequency}) {
      swap(*values, i, j);
    }
    swap(out.ids.numbers, i, j);
    swap(out.first_purchase, i, j);
  }
  return out;
}

template <class T>
bool same_values(const std::vector<T>& a, const std::vector<T>& b) {
  if constexpr (std::is_same_v<T, double>) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
  } else {
    return a == b;
  }
}

template <result_table Table>
void check_same(const Table& a, const Table& b) {
  for (const auto& c : Table::columns()) {
    CAPTURE(std::string(c.name));
    std::visit([&](auto member) { CHECK(same_values(a.*member, b.*member)); }, c.values);
  }
}

// All columns are of one length, with names of their own, and come out as Arrow under them.
template <result_table Table>
void check_whole(const Table& found) {
  const auto rows = row_count_of(found);
  CHECK(rows > 0);
  ArrowArrayStream raw{};
  export_table(found, time_unit::week).export_stream(&raw);
  arrow::stream source(&raw);
  CHECK(source.metadata("kundenwert.unit") == "week");
  std::vector<std::string> names;
  for (const auto& c : Table::columns()) {
    names.emplace_back(c.name);
    CAPTURE(names.back());
    CHECK_FALSE(c.meaning.empty());
    std::visit([&](auto member) { CHECK(static_cast<std::int64_t>((found.*member).size()) == rows); }, c.values);
    CHECK(source.has_column(names.back()));
  }
  const auto batch = source.next();
  REQUIRE(batch);
  CHECK(batch->rows() == rows);
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

}  // namespace

TEST_CASE("judgements: neither the order of the rows nor threads change a bit") {
  const summary customers = test::cdnow_summary();
  const summary other = shuffled(customers);
  const auto first = backtest(customers, {.models = two_models});
  const auto second = backtest(other, {.models = two_models, .fit = {.threads = 3}});
  check_same(first.scores, second.scores);
  check_same(first.deciles, second.deciles);
  check_same(compare(customers, {.models = two_models}), compare(other, {.models = two_models, .fit = {.threads = 3}}));
  const auto m = bg_nbd_model();
  const auto histogram = histogram_of(m, customers);
  const auto threaded = histogram_of(m, other, {.threads = 3});
  check_same(histogram, threaded);
  CHECK(histogram.chi_square == threaded.chi_square);
  for (const auto by : {history_part::frequency, history_part::recency}) {
    check_same(conditional_expectations(m, customers, {.by = by}),
               conditional_expectations(m, other, {.by = by, .threads = 3}));
  }
}

TEST_CASE("judgements: tables are whole and read as Arrow") {
  const summary customers = test::cdnow_summary();
  const auto m = bg_nbd_model();
  const auto judged = backtest(customers, {.models = two_models});
  check_whole(judged.scores);
  check_whole(judged.deciles);
  check_whole(compare(customers, {.models = two_models}));
  check_whole(histogram_of(m, customers));
  check_whole(conditional_expectations(m, customers));
  check_whole(history_grid_of(m, {.age = 38}));
  check_whole(heterogeneity_of(m));
  check_whole(track_repeat_purchases(test::cdnow_log(), m, {.as_of = test::cdnow_end}));
}

TEST_CASE("judgements: what a comparison says in Arrow") {
  const auto found = compare(test::cdnow_summary(), {.models = two_models});
  ArrowArrayStream raw{};
  export_table(found, time_unit::week).export_stream(&raw);
  arrow::stream source(&raw);
  CHECK(source.metadata("kundenwert.recommended") == "bg_nbd");
  CHECK(source.metadata("kundenwert.reason") == "lowest AIC of 2 models");
  const auto batch = source.next();
  REQUIRE(batch);
  const auto names = arrow::import_text(batch->named("model"));
  CHECK(names.view[0] == "bg_nbd");
  CHECK(names.view[1] == "nbd");
  CHECK(arrow::import_text(batch->named("outcome")).view[0] == "converged");
  const auto aic = arrow::import_numbers(batch->named("aic"));
  CHECK(aic.view[0] == found.aic[0]);
}

TEST_CASE("judgements: the rows of all origins together") {
  const auto log = test::cdnow_log();
  const auto origins = rolling_origins(log, {.unit = time_unit::week,
                                             .first_end = test::day_of(1997, 6, 30),
                                             .step_days = 91,
                                             .count = 3,
                                             .holdout_days = 91});
  REQUIRE(origins.size() == 3);
  CHECK(origins[1].end == test::day_of(1997, 9, 29));
  CHECK(origins[2].holdout_end - origins[2].end == 91);
  const auto found = backtest(origins, {.models = two_models});
  const auto& s = found.scores;
  CHECK(s.model == std::vector<std::int32_t>{1, 1, 1, 1, 5, 5, 5, 5});
  CHECK(s.origin == std::vector<std::int32_t>{1, 2, 3, 0, 1, 2, 3, 0});
  CHECK(found.deciles.decile.size() == 80);
  for (const std::size_t all : {3U, 7U}) {
    double actual = 0, absolute = 0, squared = 0, n = 0, inside = 0, brier = 0;
    for (std::size_t k = all - 3; k < all; ++k) {
      const auto customers = static_cast<double>(s.customers[k]);
      n += customers;
      actual += s.actual_total[k];
      absolute += s.mae[k] * customers;
      squared += s.rmse[k] * s.rmse[k] * customers;
      inside += s.coverage_80[k] * customers;
      brier += s.brier[k] * customers;
    }
    CHECK(static_cast<double>(s.customers[all]) == n);
    CHECK(s.actual_total[all] == actual);
    CHECK(s.horizon[all] == 13);
    CHECK_NEAR(s.mae[all], absolute / n, 1e-13, 0);
    CHECK_NEAR(s.rmse[all], std::sqrt(squared / n), 1e-13, 0);
    CHECK_NEAR(s.coverage_80[all], inside / n, 1e-13, 0);
    CHECK_NEAR(s.brier[all], brier / n, 1e-13, 0);
    CHECK(s.end[all] == no_day);
    CHECK(s.outcome[all] == 0);
  }
  // The first origin alone gives the same numbers, and no row of all.
  const auto alone = backtest(origins[0], {.models = two_models});
  CHECK(alone.scores.origin == std::vector<std::int32_t>{1, 1});
  CHECK(alone.scores.mae[0] == s.mae[0]);
  CHECK(alone.scores.normalized_gini[1] == s.normalized_gini[4]);
}

TEST_CASE("judgements: tenths add up to the customers") {
  const auto found = backtest(test::cdnow_summary(), {.models = two_models});
  for (std::size_t i = 0; i < 2; ++i) {
    double customers = 0, actual = 0, predicted = 0;
    for (std::size_t d = 10 * i; d < 10 * i + 10; ++d) {
      const auto n = static_cast<double>(found.deciles.customers[d]);
      customers += n;
      if (n > 0) actual += n * found.deciles.actual_mean[d];
      if (n > 0) predicted += n * found.deciles.predicted_mean[d];
    }
    CHECK(customers == 2357);
    CHECK_NEAR(actual, found.scores.actual_total[i], 1e-12, 0);
    CHECK_NEAR(predicted, found.scores.predicted_total[i], 1e-12, 0);
  }
}

TEST_CASE("judgements: the histogram has as many customers as there are") {
  const summary customers = test::cdnow_summary();
  for (const std::int32_t largest : {1, 7, 40}) {
    const auto found = histogram_of(bg_nbd_model(), customers, {.largest = largest});
    CHECK(std::accumulate(found.actual.begin(), found.actual.end(), std::int64_t{0}) == 2357);
    CHECK_NEAR(std::accumulate(found.expected.begin(), found.expected.end(), 0.0), 2357, 1e-12, 0);
  }
}

TEST_CASE("judgements: a grid has what the model predicts") {
  const auto m = bg_nbd_model();
  const auto found = history_grid_of(m, {.what = quantity::expected_transactions,
                                         .age = 38,
                                         .largest = 3,
                                         .recency_steps = 4,
                                         .arguments = {.horizon = 39}});
  REQUIRE(found.value.size() == 20);
  for (std::size_t i = 0; i < found.value.size(); ++i) {
    const bool exists = (found.frequency[i] == 0) == (found.recency[i] == 0);
    CHECK(std::isnan(found.value[i]) != exists);
    if (!exists) continue;
    const std::vector<double> x{found.frequency[i]}, t_x{found.recency[i]}, age{38};
    CHECK(found.value[i] ==
          predict(m, quantity::expected_transactions, summary_columns{x, t_x, age}, {.horizon = 39})[0]);
  }
}

TEST_CASE("judgements: tracking adds up, on any number of threads") {
  const auto log = test::cdnow_log();
  const tracking_options options{.as_of = test::cdnow_end, .through = test::cdnow_holdout_end, .step_days = 30};
  const auto found = track_repeat_purchases(log, bg_nbd_model(), options);
  CHECK(std::accumulate(found.actual_step.begin(), found.actual_step.end(), std::int64_t{0}) == found.actual.back());
  // 2457 repeat purchases and 1882 in the hold-out (section 3.0 of the BTYD specification).
  CHECK(found.actual.back() == 2457 + 1882);
  CHECK_NEAR(std::accumulate(found.expected_step.begin(), found.expected_step.end(), 0.0), found.expected.back(), 1e-13,
             0);
  check_same(found, track_repeat_purchases(log, bg_nbd_model(), options, 3));
}

// Customers drawn from a BG/NBD: the model that made them forecasts them without bias, and its intervals cover at least
// what they promise.
TEST_CASE("judgements: a right model is judged to be right") {
  summary s;
  s.unit = time_unit::week;
  constexpr double age = 40;
  constexpr double holdout = 30;
  for (std::uint64_t i = 0; i < 6000; ++i) {
    random_stream draw(11, i);
    const double rate = draw.gamma(0.8) / 6;
    const double first = draw.gamma(1.2);
    const double dropout = first / (first + draw.gamma(4));
    double x = 0, t_x = 0, later = 0;
    for (double t = draw.exponential() / rate; t < age + holdout; t += draw.exponential() / rate) {
      if (t <= age) {
        ++x;
        t_x = t;
      } else {
        ++later;
      }
      if (draw.uniform() < dropout) break;
    }
    s.frequency.push_back(x);
    s.recency.push_back(t_x);
    s.age.push_back(age);
    s.holdout_frequency.push_back(later);
  }
  const std::array<std::int32_t, 2> numbers{bg_nbd::number, nbd::number};
  const auto found = backtest(s, {.models = numbers, .horizon = holdout});
  // The standard error of the total is the root of n times the mean squared error: three of them.
  CHECK(std::fabs(found.scores.bias[0]) < 3 * std::sqrt(6000.0) * found.scores.rmse[0]);
  CHECK(found.scores.coverage_80[0] > 0.8);
  CHECK(found.scores.coverage_90[0] > 0.9);
  CHECK_NEAR(found.scores.predicted_buyers[0], found.scores.buyers[0], 0, 3 * std::sqrt(0.25 / 6000));
  CHECK(found.scores.rmse[0] < found.scores.own_rate_rmse[0]);
  CHECK(found.scores.rmse[0] < found.scores.mean_rate_rmse[0]);
  CHECK(found.scores.brier[0] < found.scores.brier[1]);
  CHECK(found.scores.log_score[0] < found.scores.log_score[1]);
  const auto compared = compare(s, {.models = numbers});
  CHECK(compared.choice()->number == bg_nbd::number);
}
