// Maximum likelihood for every model: exact gradient and Hessian of the one kernel on distinct rows, Newton steps in a
// trust region on the logarithms of the parameters, and a typed verdict. A fit never throws for its data being
// difficult and never returns NaN for a parameter: what could not be found is said in `outcome` and `detail`.
//
// - Times (or money) are scaled by a power of two, so that a fit does not depend on the unit beyond rounding; the
//   likelihood reported is that of the data as given.
// - Rows are compressed and sorted first: the bits of a result depend on the set of rows, not on their order, their
//   cut into batches or the number of threads.
// - Standard errors come from the inverse Hessian; where it is singular they are NaN, and the outcome says why.
//
// References: Fader, Hardie & Lee (2005); numeric/minimize for the method.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/random.hpp"
#include "kundenwert/btyd/registry.hpp"
#include "kundenwert/ingest/compress.hpp"
#include "kundenwert/model/summary.hpp"
#include "kundenwert/numeric/covariance.hpp"
#include "kundenwert/numeric/minimize.hpp"

namespace kundenwert::btyd {

// How an estimate came about. Matrices are row by row, in the order of the parameters and in their natural units.
struct fit_report {
  kundenwert::outcome outcome = kundenwert::outcome::stalled;
  std::string detail;         // in words, naming parameters; empty when converged
  double log_likelihood = 0;  // sum over customers, in the unit of the data, without 1/x!
  double customers = 0;       // sum of weights of the rows used
  std::int64_t distinct_rows = 0;
  double aic = 0;                       // 2 k - 2 ln L
  double bic = 0;                       // k ln n - 2 ln L
  std::vector<double> standard_errors;  // NaN where not estimated
  std::vector<double> covariance;       // NaN where not estimated
  std::vector<double> eigenvalues;      // of the Hessian of -ln L in the log-parameters, ascending
  int iterations = 0;
  int evaluations = 0;
  double gradient_norm = 0;  // largest derivative of ln L in a log-parameter that is not at a bound
};

// A model with values for its parameters, estimated or given. Immutable once made; safe to share between threads.
struct model {
  std::int32_t number = 0;
  time_unit unit = time_unit::day;  // of recency, T and horizons; a spend model keeps it for the record
  std::vector<double> parameters;
  bool is_fitted = false;
  fit_report fit;

  const model_info& info() const { return info_of(number); }
};

struct fit_options {
  std::span<const double> weight{};  // per row, >= 0; empty: 1 each
  int threads = 1;
  int iteration_limit = 200;
  progress watch{};
};

// Fits a model to the rows of a summary (or a caller's columns in `unit`). Transaction models read frequency, recency
// and T of every row; spend models read frequency and monetary_value of the rows with repeat purchases.
// Throws empty, length_mismatch, missing, non_finite, sign, not_integer, recency_order, domain with column and row;
// unknown_code for the model or unit; cancelled.
template <class Models = models>
model fit(std::int32_t model_number, const summary_columns& columns, time_unit unit, const fit_options& options = {});

template <model_facts M>
model fit(const summary_columns& columns, time_unit unit, const fit_options& options = {});

template <model_facts M>
model fit(const summary& customers, const fit_options& options = {});

// A model from known parameters, in the order of its table. Throws length_mismatch, sign, missing, unknown_code.
inline model model_from_parameters(std::int32_t model_number, std::span<const double> values, time_unit unit) {
  days_per(unit);
  visit_model(model_number, [&]<class M>(std::type_identity<M>) { require_parameters<M>(values); });
  return {model_number, unit, {values.begin(), values.end()}, false, {}};
}

// Borrowed columns of a summary.
inline summary_columns columns_of(const summary& s) { return {s.frequency, s.recency, s.age, s.monetary_value}; }

namespace detail {

// Distinct rows of one model, sorted, with the runs of equal frequency.
template <class M>
struct weighted_rows {
  struct run {
    double frequency;
    double weight;
  };
  std::vector<typename M::row> rows;
  std::vector<double> weight;
  std::vector<run> runs;
  totals sums{};
  double unit_power_sum = 0;  // sum of the powers of the unit in the density: purchases, or customers for spend
};

inline double measure_of(const summary_row& r) { return r.age; }
inline double measure_of(const spend_row& r) { return r.frequency * r.monetary_value; }
inline double power_of(const summary_row& r) { return r.frequency; }
inline double power_of(const spend_row&) { return 1; }
inline summary_row scaled(const summary_row& r, double factor) {
  return {r.frequency, r.recency * factor, r.age * factor};
}
inline spend_row scaled(const spend_row& r, double factor) { return {r.frequency, r.monetary_value * factor}; }

// The runs and sums of rows that are there.
template <class M>
void add_up(weighted_rows<M>& data) {
  for (std::size_t i = 0; i < data.rows.size(); ++i) {
    const auto& row = data.rows[i];
    const double w = data.weight[i];
    if (data.runs.empty() || data.runs.back().frequency != row.frequency) data.runs.push_back({row.frequency, 0});
    data.runs.back().weight += w;
    data.sums.weight += w;
    data.sums.frequency += w * row.frequency;
    data.sums.age += w * measure_of(row);
    if (row.frequency > 0) data.sums.repeaters += w;
    data.unit_power_sum += w * power_of(row);
  }
}

// Every stride-th row, from the middle of the first stride on.
template <class M>
weighted_rows<M> thinned(const weighted_rows<M>& data, std::size_t stride) {
  weighted_rows<M> out;
  for (std::size_t i = stride / 2; i < data.rows.size(); i += stride) {
    out.rows.push_back(data.rows[i]);
    out.weight.push_back(data.weight[i]);
  }
  add_up(out);
  return out;
}

// The rows a model reads, checked in the order of the input.
template <class M>
weighted_rows<M> rows_of(const summary_columns& c, std::span<const double> weight) {
  const std::int64_t n = c.frequency.size();
  require_not_empty(n, "frequency");
  if (!weight.empty()) require_same_length(n, static_cast<std::int64_t>(weight.size()), "weight");
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(weight.size()); ++i) {
    require_not_negative(weight[static_cast<std::size_t>(i)], "weight", i);
  }
  weighted_rows<M> out;
  distinct_columns distinct;
  if constexpr (spend_model<M>) {
    require_same_length(n, c.monetary_value.size(), "monetary_value");
    std::vector<double> frequency;
    std::vector<double> spend;
    std::vector<double> kept;
    for (std::int64_t i = 0; i < n; ++i) {
      if (!c.frequency.is_valid(i)) fail_at(error_code::missing, "frequency", i, "is null or NaN");
      if (c.frequency[i] == 0) continue;
      if (!c.monetary_value.is_valid(i)) fail_at(error_code::missing, "monetary_value", i, "is null or NaN");
      require_row(spend_row{c.frequency[i], c.monetary_value[i]}, i);
      frequency.push_back(c.frequency[i]);
      spend.push_back(c.monetary_value[i]);
      if (!weight.empty()) kept.push_back(weight[static_cast<std::size_t>(i)]);
    }
    if (frequency.empty()) return out;
    const std::array columns{named_column{frequency, "frequency"}, named_column{spend, "monetary_value"}};
    distinct = compress_columns(columns, kept);
    for (std::int64_t i = 0; i < distinct.size(); ++i) {
      const auto k = static_cast<std::size_t>(i);
      out.rows.push_back({distinct.columns[0][k], distinct.columns[1][k]});
    }
  } else {
    summary_columns checked = c;
    checked.monetary_value = {};
    require_summary_columns(checked);
    const std::array columns{named_column{c.frequency.values, "frequency"}, named_column{c.recency.values, "recency"},
                             named_column{c.age.values, "T"}};
    distinct = compress_columns(columns, weight);
    for (std::int64_t i = 0; i < distinct.size(); ++i) {
      const auto k = static_cast<std::size_t>(i);
      out.rows.push_back({distinct.columns[0][k], distinct.columns[1][k], distinct.columns[2][k]});
    }
  }
  out.weight = std::move(distinct.weight);
  add_up(out);
  return out;
}

// Sum of weight * term over rows, with derivatives, in fixed chunks combined in order.
template <std::size_t N, class Item, class Term>
numeric::dual<N> weighted_sum(const std::vector<Item>& items, int threads, Term&& term) {
  constexpr std::int64_t chunk_rows = 256;
  const auto rows = static_cast<std::int64_t>(items.size());
  std::vector<numeric::dual<N>> partial(static_cast<std::size_t>((rows + chunk_rows - 1) / chunk_rows));
  for_each_chunk(rows, chunk_rows, threads, [&](std::int64_t chunk, std::int64_t begin, std::int64_t end) {
    numeric::dual<N> sum;
    for (std::int64_t i = begin; i < end; ++i) sum += term(static_cast<std::size_t>(i));
    partial[static_cast<std::size_t>(chunk)] = sum;
  });
  numeric::dual<N> total;
  for (const auto& part : partial) total += part;
  return total;
}

// -ln L with exact derivatives in the logarithms of the parameters.
template <class M>
numeric::objective_value negative_log_likelihood(const weighted_rows<M>& data, std::span<const double> log_parameters,
                                                 int threads) {
  constexpr std::size_t n = M::parameters.size();
  using scalar = numeric::dual<n>;
  std::array<scalar, n> theta;
  for (std::size_t i = 0; i < n; ++i) theta[i] = scalar::variable(std::exp(log_parameters[i]), i);
  auto sum = weighted_sum<n>(data.rows, threads,
                             [&](std::size_t i) { return data.weight[i] * M::row_term(theta, data.rows[i]); });
  sum += weighted_sum<n>(data.runs, threads, [&](std::size_t i) {
    return data.runs[i].weight * M::count_term(theta, data.runs[i].frequency);
  });
  // d / d ln theta_i = theta_i d / d theta_i.
  numeric::objective_value out;
  out.value = -sum.value;
  out.gradient.resize(n);
  out.hessian.resize(n * n);
  for (std::size_t i = 0, k = 0; i < n; ++i) {
    out.gradient[i] = -theta[i].value * sum.gradient[i];
    for (std::size_t j = 0; j <= i; ++j, ++k) {
      const double h = -theta[i].value * theta[j].value * sum.hessian[k] + (i == j ? out.gradient[i] : 0);
      out.hessian[i * n + j] = out.hessian[j * n + i] = h;
    }
  }
  return out;
}

// The power of two that brings the measure of a usual row near 1; scaling by it is exact. Times: the largest age, into
// (1/2, 1]. Spend: the geometric mean, which one enormous amount does not move far.
template <class M>
double scale_of(const weighted_rows<M>& data) {
  double usual = 0;
  if constexpr (spend_model<M>) {
    double sum = 0;
    for (std::size_t i = 0; i < data.rows.size(); ++i) sum += data.weight[i] * std::log(data.rows[i].monetary_value);
    if (data.sums.weight > 0) usual = std::exp(sum / data.sums.weight);
  } else {
    for (const auto& row : data.rows) usual = std::max(usual, row.age);
  }
  if (usual == 0) return 1;
  int exponent = 0;
  std::frexp(usual, &exponent);
  return std::ldexp(1.0, -exponent);
}

// Parameters are sought within these factors of the scaled unit: beyond, the likelihood is flat to twelve digits.
inline constexpr double largest_parameter = 1e8;
// Within this of the edge in the logarithm, rounding decides whether a search touches it.
inline constexpr double edge_margin = 0.5;

inline std::string join_names(const std::vector<std::string_view>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

// Names the parameters at the edge of their range, or the direction in which the data say nothing.
template <class M>
void judge(const numeric::minimize_result& found, const numeric::symmetric_eigen& curvature, fit_report& report) {
  constexpr std::size_t n = M::parameters.size();
  report.outcome = found.outcome;
  if (found.outcome == outcome::iteration_limit) {
    report.detail = "stopped before the gradient was zero";
    return;
  }
  const double edge = std::log(largest_parameter) - edge_margin;
  std::vector<std::string_view> zero;
  std::vector<std::string_view> infinite;
  for (std::size_t i = 0; i < n; ++i) {
    if (found.point[i] <= -edge) zero.push_back(M::parameters[i].name);
    if (found.point[i] >= edge) infinite.push_back(M::parameters[i].name);
  }
  if (!zero.empty() || !infinite.empty()) {
    report.outcome = outcome::at_bound;
    report.detail = "the likelihood rises for ever as";
    if (!zero.empty()) report.detail += " " + join_names(zero) + (zero.size() > 1 ? " tend to 0" : " tends to 0");
    if (!zero.empty() && !infinite.empty()) report.detail += " and";
    if (!infinite.empty()) {
      report.detail += " " + join_names(infinite) + (infinite.size() > 1 ? " grow" : " grows") + " without bound";
    }
    return;
  }
  // One standard error multiplies a parameter by more than e^10: the data do not choose it.
  constexpr double smallest_curvature = 1.0 / (10.0 * 10.0);
  if (!(curvature.values.front() > smallest_curvature)) {
    // The way in which the likelihood still rises.
    double slope = 0;
    for (std::size_t i = 0; i < n; ++i) slope -= found.at.gradient[i] * curvature.vectors[i * n];
    std::vector<std::string_view> growing;
    std::vector<std::string_view> falling;
    for (std::size_t i = 0; i < n; ++i) {
      constexpr double noticeable = 0.3;
      const double along = slope < 0 ? -curvature.vectors[i * n] : curvature.vectors[i * n];
      if (along > noticeable) growing.push_back(M::parameters[i].name);
      if (along < -noticeable) falling.push_back(M::parameters[i].name);
    }
    report.outcome = outcome::not_identified;
    report.detail = "the likelihood hardly changes as";
    if (!growing.empty()) report.detail += " " + join_names(growing) + (growing.size() > 1 ? " grow" : " grows");
    if (!growing.empty() && !falling.empty()) report.detail += " while";
    if (!falling.empty()) report.detail += " " + join_names(falling) + (falling.size() > 1 ? " fall" : " falls");
    return;
  }
  if (found.outcome == outcome::stalled) {
    report.detail = "no step improves the likelihood, but its gradient is not zero";
  }
}

// What a parameter of scaled rows is multiplied by for the rows as given.
inline double unit_factor(int unit_power, double scale) {
  return unit_power == 0 ? 1 : unit_power > 0 ? 1 / scale : scale;
}

template <class M>
model fit_rows(const weighted_rows<M>& given, time_unit unit, const fit_options& options) {
  constexpr std::size_t n = M::parameters.size();
  model out;
  out.number = M::number;
  out.unit = unit;
  out.is_fitted = true;
  out.fit.customers = given.sums.weight;
  out.fit.distinct_rows = static_cast<std::int64_t>(given.rows.size());
  out.fit.standard_errors.assign(n, not_available);
  out.fit.covariance.assign(n * n, not_available);

  const double scale = scale_of(given);
  weighted_rows<M> data = given;
  for (auto& row : data.rows) row = scaled(row, scale);
  data.sums.age *= scale;
  const bool has_information = data.sums.repeaters > 0 && data.sums.age > 0;
  if (!has_information) {
    data.sums.weight = std::max(data.sums.weight, 1.0);
    data.sums.frequency = std::max(data.sums.frequency, 1.0);
    data.sums.age = std::max(data.sums.age, 1.0);
  }
  const auto start = M::start(data.sums);

  const double edge = std::log(largest_parameter);
  const std::vector<double> lower(n, -edge);
  const std::vector<double> upper(n, edge);
  numeric::minimize_options search;
  search.iteration_limit = options.iteration_limit;
  numeric::minimize_result best;
  // The first start serves almost always. Where it ends on a ridge, another one and one from the other end of what ran
  // to its edge are tried, and the best end is kept: a likelihood without a maximum inside can have several suprema.
  // Small data have more of them, and cost little.
  constexpr std::size_t small = 5000;
  const int most_attempts = data.rows.size() <= small ? 7 : 3;
  constexpr double second_start = 1.5;
  constexpr double other_end = 0.5;
  constexpr double far_apart = 2.5;
  constexpr std::size_t large = 16384;
  constexpr std::size_t thin = 4096;
  random_stream scattered(0);
  int calls = 0;
  const auto search_from = [&](const weighted_rows<M>& rows, const std::vector<double>& from) {
    return numeric::minimize(
        [&](const std::vector<double>& at, bool) {
          // Unknown length: the share approaches 1 as Newton steps usually number about a dozen.
          options.watch.report(1 - 1 / (1 + ++calls / 6.0));
          return negative_log_likelihood(rows, at, options.threads);
        },
        from, lower, upper, search);
  };
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    std::vector<double> from(n);
    for (std::size_t i = 0; i < n; ++i) {
      from[i] = std::log(start[i]);
      if (attempt == 1) from[i] += second_start;
      if (attempt == 2 && std::fabs(best.point[i]) > edge - edge_margin) from[i] = -other_end * best.point[i];
      if (attempt > 2) from[i] = far_apart * scattered.normal();
    }
    if (attempt == 0 && data.rows.size() >= large) {
      // Every k-th distinct row brings the search close to the end at a small part of the cost.
      const auto near = search_from(thinned(data, data.rows.size() / thin), from);
      if (near.outcome == outcome::converged) from = near.point;
    }
    auto found = search_from(data, from);
    const int iterations = best.iterations + found.iterations;
    const int evaluations = best.evaluations + found.evaluations;
    if (attempt == 0 || found.at.value < best.at.value) best = std::move(found);
    best.iterations = iterations;
    best.evaluations = evaluations;
    if (best.outcome == outcome::converged || !has_information) break;
  }

  const auto curvature = numeric::eigen_of_symmetric(best.at.hessian, n);
  judge<M>(best, curvature, out.fit);
  out.fit.eigenvalues = curvature.values;
  if (!has_information) {
    out.fit.outcome = outcome::insufficient_data;
    out.fit.detail = given.rows.empty() || data.sums.repeaters <= 0 ? "no customer has a repeat purchase"
                                                                    : "every customer has T = 0";
  }
  out.fit.iterations = best.iterations;
  out.fit.evaluations = best.evaluations;
  out.fit.gradient_norm = best.gradient_norm;
  out.fit.log_likelihood = -best.at.value + std::log(scale) * given.unit_power_sum;
  out.fit.aic = 2 * static_cast<double>(n) - 2 * out.fit.log_likelihood;
  out.fit.bic = not_available;
  if (given.sums.weight > 0) {
    out.fit.bic = static_cast<double>(n) * std::log(given.sums.weight) - 2 * out.fit.log_likelihood;
  }
  out.parameters.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    out.parameters[i] = std::exp(best.point[i]) * unit_factor(M::parameters[i].unit_power, scale);
  }
  if (out.fit.outcome == outcome::converged) {
    // Var(theta) = theta_i theta_j Var(ln theta): the delta method, exact at a zero gradient.
    out.fit.covariance = numeric::covariance_from_hessian(best.at.hessian, n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) out.fit.covariance[i * n + j] *= out.parameters[i] * out.parameters[j];
    }
    out.fit.standard_errors = numeric::standard_errors(out.fit.covariance, n);
  }
  return out;
}

}  // namespace detail

template <model_facts M>
model fit(const summary_columns& columns, time_unit unit, const fit_options& options) {
  days_per(unit);
  return detail::fit_rows(detail::rows_of<M>(columns, options.weight), unit, options);
}

template <model_facts M>
model fit(const summary& customers, const fit_options& options) {
  return fit<M>(columns_of(customers), customers.unit, options);
}

template <class Models>
model fit(std::int32_t model_number, const summary_columns& columns, time_unit unit, const fit_options& options) {
  return visit_model(
      model_number, [&]<class M>(std::type_identity<M>) { return fit<M>(columns, unit, options); }, Models{});
}

}  // namespace kundenwert::btyd
