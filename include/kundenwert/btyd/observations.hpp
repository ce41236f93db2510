// The rows a fit sees: distinct, weighted, sorted by the pattern of their covariates, scaled so that a fit does not
// depend on the unit, with covariates centred and scaled. What is reported is turned back.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kundenwert/base/value_sum.hpp"
#include "kundenwert/btyd/rows.hpp"

namespace kundenwert::btyd {

// Distinct rows of one model, ascending by pattern of covariates and row, with the runs of equal count in a pattern.
template <class M>
struct observations {
  struct run {
    double count;
    double weight;
    std::size_t pattern;
  };
  std::vector<typename M::row> rows;
  std::vector<double> weight;
  std::vector<std::size_t> pattern;  // of each row; empty: one pattern
  std::vector<run> runs;

  // One column per covariate, one value per pattern: (z - center) / spread.
  std::vector<std::vector<double>> covariates;
  std::vector<double> center;
  std::vector<double> spread;

  totals sums{};
  double scale = 1;             // times (or money) are multiplied by this power of two
  double unit_power_sum = 0;    // of the powers of the unit in the density: purchases, or customers for spend
  double log_interval_sum = 0;  // of the scaled intervals, where the model reads them

  std::size_t pattern_of(std::size_t i) const { return pattern.empty() ? 0 : pattern[i]; }
  std::size_t patterns() const { return covariates.empty() ? 1 : covariates.front().size(); }
};

// What a model of regular purchases adds for the times between them: constant in what is estimated.
template <class M>
concept reads_intervals = requires(const parameter_values<M>& theta) {
  { M::interval_term(theta, 1.0) } -> std::same_as<double>;
};

// The observations in the columns. Throws as distinct_rows_of; empty without rows; column_missing without
// log_interval_sum where the model reads it.
template <class M>
observations<M> observations_of(const summary_columns& c, std::span<const double> weight,
                                std::span<const std::string> covariates);

// Every stride-th row, from the middle of the first stride on.
template <class M>
observations<M> thinned(const observations<M>& data, std::size_t stride);

namespace detail {

inline double measure_of(const summary_row& r) { return r.age; }
inline double measure_of(const tenure_row& r) { return r.tenure + 1; }
inline double measure_of(const spend_row& r) { return r.frequency * r.monetary_value; }
inline double power_of(const summary_row& r) { return r.frequency; }
inline double power_of(const tenure_row&) { return 0; }
inline double power_of(const spend_row&) { return 1; }
inline summary_row scaled(const summary_row& r, double factor) {
  return {r.frequency, r.recency * factor, r.age * factor};
}
inline tenure_row scaled(const tenure_row& r, double) { return r; }
inline spend_row scaled(const spend_row& r, double factor) { return {r.frequency, r.monetary_value * factor}; }
inline all_purchases_row scaled(const all_purchases_row& r, double factor) {
  return {{r.frequency, r.monetary_value * factor}};
}
inline bool is_repeater(const summary_row& r) { return r.frequency > 0; }
inline bool is_repeater(const tenure_row& r) { return r.ended == 1; }
inline bool is_repeater(const spend_row& r) { return r.frequency > 0; }

// The runs and sums of rows that are there.
template <class M>
void add_up(observations<M>& data) {
  for (std::size_t i = 0; i < data.rows.size(); ++i) {
    const auto& row = data.rows[i];
    const double w = data.weight[i];
    const double count = count_of(row);
    const std::size_t pattern = data.pattern_of(i);
    if (data.runs.empty() || data.runs.back().count != count || data.runs.back().pattern != pattern) {
      data.runs.push_back({count, 0, pattern});
    }
    data.runs.back().weight += w;
    data.sums.weight += w;
    data.sums.frequency += w * count;
    data.sums.age += w * measure_of(row);
    if (is_repeater(row)) data.sums.repeaters += w;
    if constexpr (!discrete_model<M>) data.unit_power_sum += w * power_of(row);
  }
}

// The power of two that brings the measure of a usual row near 1; scaling by it is exact. Times: the largest age, into
// (1/2, 1]. Spend: the geometric mean, which one enormous amount does not move far. Whole periods stay as they are.
template <class M>
double scale_of(const observations<M>& data) {
  if constexpr (discrete_model<M>) return 1;
  double usual = 0;
  if constexpr (spend_model<M>) {
    double sum = 0;
    double customers = 0;
    for (std::size_t i = 0; i < data.rows.size(); ++i) {
      sum += data.weight[i] * std::log(data.rows[i].monetary_value);
      customers += data.weight[i];
    }
    if (customers > 0) usual = std::exp(sum / customers);
  } else {
    for (const auto& row : data.rows) usual = std::max(usual, measure_of(row));
  }
  if (usual == 0) return 1;
  int exponent = 0;
  std::frexp(usual, &exponent);
  return std::ldexp(1.0, -exponent);
}

// Patterns of the distinct rows, which are sorted by covariates first.
template <class M>
void read_covariates(const distinct_columns& distinct, std::size_t covariates, observations<M>& data) {
  if (covariates == 0) return;
  const auto rows = static_cast<std::size_t>(distinct.size());
  data.pattern.resize(rows);
  data.covariates.resize(covariates);
  std::vector<double> sum(covariates, 0);
  double total = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    bool is_new = i == 0;
    for (std::size_t k = 0; k < covariates && !is_new; ++k) {
      is_new = distinct.columns[k][i] != distinct.columns[k][i - 1];
    }
    for (std::size_t k = 0; k < covariates; ++k) {
      if (is_new) data.covariates[k].push_back(distinct.columns[k][i]);
      sum[k] += distinct.weight[i] * distinct.columns[k][i];
    }
    total += distinct.weight[i];
    data.pattern[i] = data.covariates.front().size() - 1;
  }
  data.center.assign(covariates, 0);
  data.spread.assign(covariates, 1);
  for (std::size_t k = 0; k < covariates; ++k) {
    if (total > 0) data.center[k] = sum[k] / total;
    double farthest = 0;
    for (double& z : data.covariates[k]) {
      z -= data.center[k];
      farthest = std::max(farthest, std::fabs(z));
    }
    if (farthest > 0) data.spread[k] = farthest;
    for (double& z : data.covariates[k]) z /= data.spread[k];
  }
}

// Sum of weight * log_interval_sum in an order of its own, so that no order of rows changes a bit.
inline double weighted_interval_sum(const summary_columns& c, std::span<const double> weight) {
  if (c.log_interval_sum.empty()) {
    fail(error_code::column_missing, "log_interval_sum", "is read by models of regular purchases");
  }
  const std::int64_t n = c.frequency.size();
  require_same_length(n, c.log_interval_sum.size(), "log_interval_sum");
  value_sum sum;
  // To the grid of the sum first, so that a row of weight 3 is three rows.
  constexpr double grid = 1099511627776.0;  // 2^40
  for (std::int64_t i = 0; i < n; ++i) {
    if (!c.log_interval_sum.is_valid(i)) fail_at(error_code::missing, "log_interval_sum", i, "is null or NaN");
    require_finite(c.log_interval_sum[i], "log_interval_sum", i);
    const double w = weight.empty() ? 1 : weight[static_cast<std::size_t>(i)];
    if (!sum.add(w * (std::rint(c.log_interval_sum[i] * grid) / grid)))
      fail_at(error_code::overflow, "log_interval_sum", i, "is too large");
  }
  return sum.value();
}

}  // namespace detail

template <class M>
observations<M> observations_of(const summary_columns& c, std::span<const double> weight,
                                std::span<const std::string> covariates) {
  require_not_empty(row_count<typename M::row>(c), row_source<typename M::row>::names[0]);
  const distinct_columns distinct = distinct_rows_of<M>(c, weight, covariates);
  observations<M> out;
  const auto rows = static_cast<std::size_t>(distinct.size());
  out.rows.reserve(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    out.rows.push_back(row_at<typename M::row>(distinct, covariates.size(), i));
  }
  out.weight = distinct.weight;
  detail::read_covariates(distinct, covariates.size(), out);
  out.scale = detail::scale_of(out);
  for (auto& row : out.rows) row = detail::scaled(row, out.scale);
  detail::add_up(out);
  if constexpr (reads_intervals<M>) {
    out.log_interval_sum = detail::weighted_interval_sum(c, weight) + out.sums.frequency * std::log(out.scale);
  }
  return out;
}

template <class M>
observations<M> thinned(const observations<M>& data, std::size_t stride) {
  observations<M> out = data;
  out.rows.clear();
  out.weight.clear();
  out.pattern.clear();
  out.runs.clear();
  out.sums = {};
  out.unit_power_sum = 0;
  for (std::size_t i = stride / 2; i < data.rows.size(); i += stride) {
    out.rows.push_back(data.rows[i]);
    out.weight.push_back(data.weight[i]);
    if (!data.pattern.empty()) out.pattern.push_back(data.pattern[i]);
  }
  detail::add_up(out);
  return out;
}

}  // namespace kundenwert::btyd
