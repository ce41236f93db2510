// How good a forecast of counts was, once the counts are known: purchases of customers in a hold-out, forecast by a
// model and by two rules that need none.
//
// References: Wang, Liu & Miao (2019), section 4.2, and google/lifetime_value (normalized Gini coefficient, calibration
// by decile); Brier (1950), Monthly Weather Review 78; Gneiting & Raftery (2007), JASA 102 (log score, coverage);
// Wuebben & von Wangenheim (2008), Journal of Marketing 72 (simple rules as the measure of a model).
//
// paper   | name here    | unit      | domain
// y_i     | actual       | purchases | whole number >= 0, in the hold-out
// f_i     | predicted    | purchases | >= 0, the expectation
// p_i     | purchase     | share     | [0, 1], probability of at least one
// -       | low, high    | purchases | quantiles: of 80 %, levels 0.1 and 0.9; of 90 %, levels 0.05 and 0.95
// -       | own_rate     | purchases | frequency / T times the hold-out: what he did, he goes on doing; 0 where T = 0
// -       | mean_rate    | purchases | sum of frequency / sum of T, times the hold-out: everybody is average
//
// Counts are discrete: the interval [low, high], both ends included, holds at least its nominal share under a right
// model, often much more (where most buy nothing, 0 is inside for most). Coverage below nominal is a defect, coverage
// above is none.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "kundenwert/base/column.hpp"
#include "kundenwert/numeric/agreement.hpp"
#include "kundenwert/numeric/order.hpp"

// X(name, unit, meaning)
#define KW_FORECAST_SCORES(X)                                                                   \
  X(actual_total, "purchases", "of the customers in the hold-out")                              \
  X(predicted_total, "purchases", "sum of the expectations")                                    \
  X(bias, "purchases", "predicted_total - actual_total")                                        \
  X(relative_bias, "", "bias / actual_total")                                                   \
  X(mae, "purchases", "mean absolute error of a customer")                                      \
  X(rmse, "purchases", "root of the mean squared error of a customer")                          \
  X(own_rate_mae, "purchases", "mae where everybody goes on as before")                         \
  X(own_rate_rmse, "purchases", "rmse where everybody goes on as before")                       \
  X(mean_rate_mae, "purchases", "mae where everybody buys at the mean rate")                    \
  X(mean_rate_rmse, "purchases", "rmse where everybody buys at the mean rate")                  \
  X(normalized_gini, "", "1: customers in their true order; about 0: an order of chance")       \
  X(rank_correlation, "", "Spearman's, of predicted and actual purchases")                      \
  X(coverage_80, "share", "of customers within the central 80 % interval; nominal 0.8 or more") \
  X(coverage_90, "share", "of customers within the central 90 % interval; nominal 0.9 or more") \
  X(buyers, "share", "of customers who bought in the hold-out")                                 \
  X(predicted_buyers, "share", "mean probability of at least one purchase")                     \
  X(brier, "", "mean squared error of the probability of a purchase; the smaller the better")   \
  X(log_score, "", "mean of -ln of the probability of what happened; the smaller the better")

namespace kundenwert::btyd {

// What was forecast for one customer and what happened.
struct forecast_row {
  double predicted = 0;
  double actual = 0;
  double purchase = 0;
  double own_rate = 0;
  double mean_rate = 0;
  double low_80 = 0;
  double high_80 = 0;
  double low_90 = 0;
  double high_90 = 0;
};

// NaN where a score is not defined: without customers; relative_bias, normalized_gini and rank_correlation where nobody
// bought, or all the same.
struct forecast_scores {
#define KW_SCORE_MEMBER(name, unit, meaning) double name = not_available;
  KW_FORECAST_SCORES(KW_SCORE_MEMBER)
#undef KW_SCORE_MEMBER
};

// One line per tenth of the customers by prediction, the lowest first. Customers of equal prediction are in one tenth:
// that of the mean of their places; a tenth can be empty.
struct forecast_decile {
  std::int32_t decile = 0;  // 1 to 10
  std::int64_t customers = 0;
  double predicted_mean = not_available;
  double actual_mean = not_available;
};

// Puts the rows in an order that follows from their values, which makes the bits of every sum independent of the order
// they came in. The functions below need it.
void order_forecasts(std::vector<forecast_row>& rows);

// Probabilities of what happened below 1e-15 count as 1e-15 in log_score, which would be infinite at 0.
forecast_scores scores_of(const std::vector<forecast_row>& ordered);
std::array<forecast_decile, 10> deciles_of(const std::vector<forecast_row>& ordered);

inline void order_forecasts(std::vector<forecast_row>& rows) {
  const auto key = [](const forecast_row& r) {
    return std::tie(r.predicted, r.actual, r.purchase, r.own_rate, r.mean_rate, r.low_80, r.high_80, r.low_90,
                    r.high_90);
  };
  std::sort(rows.begin(), rows.end(), [&](const forecast_row& a, const forecast_row& b) { return key(a) < key(b); });
}

inline forecast_scores scores_of(const std::vector<forecast_row>& ordered) {
  forecast_scores out;
  if (ordered.empty()) return out;
  struct error_sums {
    double absolute = 0;
    double squared = 0;
    void add(double error) {
      absolute += std::fabs(error);
      squared += error * error;
    }
  };
  constexpr double least_probability = 1e-15;
  error_sums of_model, of_own_rate, of_mean_rate;
  double actual = 0, predicted = 0, inside_80 = 0, inside_90 = 0, buyers = 0, expected_buyers = 0, brier = 0, log = 0;
  std::vector<double> truth;
  std::vector<double> estimate;
  for (const forecast_row& r : ordered) {
    actual += r.actual;
    predicted += r.predicted;
    of_model.add(r.predicted - r.actual);
    of_own_rate.add(r.own_rate - r.actual);
    of_mean_rate.add(r.mean_rate - r.actual);
    inside_80 += r.low_80 <= r.actual && r.actual <= r.high_80 ? 1 : 0;
    inside_90 += r.low_90 <= r.actual && r.actual <= r.high_90 ? 1 : 0;
    const bool bought = r.actual > 0;
    buyers += bought ? 1 : 0;
    expected_buyers += r.purchase;
    const double off = bought ? 1 - r.purchase : r.purchase;
    brier += off * off;
    log -= std::log(std::max(1 - off, least_probability));
    truth.push_back(r.actual);
    estimate.push_back(r.predicted);
  }
  const auto n = static_cast<double>(ordered.size());
  out.actual_total = actual;
  out.predicted_total = predicted;
  out.bias = predicted - actual;
  out.relative_bias = actual > 0 ? out.bias / actual : not_available;
  out.mae = of_model.absolute / n;
  out.rmse = std::sqrt(of_model.squared / n);
  out.own_rate_mae = of_own_rate.absolute / n;
  out.own_rate_rmse = std::sqrt(of_own_rate.squared / n);
  out.mean_rate_mae = of_mean_rate.absolute / n;
  out.mean_rate_rmse = std::sqrt(of_mean_rate.squared / n);
  out.normalized_gini = numeric::normalized_gini(truth, estimate);
  out.rank_correlation = numeric::rank_correlation(truth, estimate);
  out.coverage_80 = inside_80 / n;
  out.coverage_90 = inside_90 / n;
  out.buyers = buyers / n;
  out.predicted_buyers = expected_buyers / n;
  out.brier = brier / n;
  out.log_score = log / n;
  return out;
}

inline std::array<forecast_decile, 10> deciles_of(const std::vector<forecast_row>& ordered) {
  std::array<forecast_decile, 10> out{};
  const std::size_t n = ordered.size();
  for (std::size_t d = 0; d < out.size(); ++d) out[d].decile = static_cast<std::int32_t>(d + 1);
  for (std::size_t begin = 0, end = 0; begin < n; begin = end) {
    while (end < n && ordered[end].predicted == ordered[begin].predicted) ++end;
    // The middle of the places [begin, end) as a share of n, in whole numbers.
    const std::size_t decile = out.size() * (begin + end) / (2 * n);
    forecast_decile& d = out[std::min(decile, out.size() - 1)];
    if (d.customers == 0) d.predicted_mean = d.actual_mean = 0;
    for (std::size_t i = begin; i < end; ++i) {
      ++d.customers;
      d.predicted_mean += ordered[i].predicted;
      d.actual_mean += ordered[i].actual;
    }
  }
  for (forecast_decile& d : out) {
    if (d.customers == 0) continue;
    d.predicted_mean /= static_cast<double>(d.customers);
    d.actual_mean /= static_cast<double>(d.customers);
  }
  return out;
}

}  // namespace kundenwert::btyd
