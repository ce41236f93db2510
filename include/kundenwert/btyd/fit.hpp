// Maximum likelihood for every model: exact gradient and Hessian of the one kernel on distinct rows, Newton steps in a
// trust region on the logarithms of the parameters, and a typed verdict. A fit never throws for its data being
// difficult and never returns NaN for a parameter: what could not be found is said in `outcome` and `detail`.
//
// - Times (or money) are scaled by a power of two, so that a fit does not depend on the unit beyond rounding; the
//   likelihood reported is that of the data as given.
// - Rows are compressed and sorted first: the bits of a result depend on the set of rows, not on their order, their
//   cut into batches or the number of threads.
// - Standard errors come from the inverse Hessian; where it is singular they are NaN, and the outcome says why. The
//   sandwich (robust) covariance is beside it: right also where the model is not, as long as customers are independent.
// - Static covariates and priors are options of every fit (effects.hpp, prior.hpp).
//
// References: Fader, Hardie & Lee (2005); White (1982), Econometrica 50 (sandwich); numeric/minimize for the method.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/random.hpp"
#include "kundenwert/btyd/registry.hpp"
#include "kundenwert/btyd/search.hpp"
#include "kundenwert/btyd/verdict.hpp"
#include "kundenwert/model/summary.hpp"
#include "kundenwert/numeric/covariance.hpp"
#include "kundenwert/numeric/minimize.hpp"

namespace kundenwert::btyd {

// How an estimate came about. Matrices are row by row, in the order of the parameters and then the coefficients of
// covariates, in their natural units.
struct fit_report {
  kundenwert::outcome outcome = kundenwert::outcome::stalled;
  std::string detail;         // in words, naming parameters; empty when converged
  std::string remark;         // what to know of the parameters found, as "q <= 1: ..."; mostly empty
  double log_likelihood = 0;  // sum over customers, in the unit of the data, without 1/x!
  double log_prior = 0;       // of the priors given, without Jacobian
  double customers = 0;       // sum of weights of the rows used
  std::int64_t distinct_rows = 0;
  std::int32_t estimated = 0;           // k: parameters and coefficients estimated, or chosen by likelihood
  double aic = 0;                       // 2 k - 2 ln L
  double bic = 0;                       // k ln n - 2 ln L
  std::vector<double> standard_errors;  // NaN where not estimated
  std::vector<double> covariance;  // inverse of the Hessian (of the posterior with priors); NaN where not estimated
  std::vector<double> robust_covariance;  // the sandwich; NaN where not estimated
  std::vector<double> eigenvalues;        // of the Hessian of -ln L in the coordinates of the search, ascending
  std::vector<prior> priors;              // as given
  int iterations = 0;
  int evaluations = 0;
  double gradient_norm = 0;  // largest derivative of ln L in a log-parameter that is not at a bound
};

// A model with values for its parameters, estimated or given. Immutable once made; safe to share between threads.
struct model {
  std::int32_t number = 0;
  time_unit unit = time_unit::day;  // of recency, T and horizons; a spend model keeps it for the record
  std::vector<double> parameters;   // of a customer whose covariates are 0
  std::vector<covariate_effect> effects;
  std::vector<double> coefficients;  // in the order of effects_of(effects).coefficients
  bool is_fitted = false;
  fit_report fit;

  const model_info& info() const { return info_of(number); }
};

//   effects   which covariates change which parameters; none by default
//   priors    of parameters and coefficients by name; with any, the estimate is the largest posterior density
//   whole     the value of a parameter that is chosen, not estimated (k); 0: by likelihood, from 1 up until it has
//             fallen twice
struct fit_options {
  std::span<const double> weight{};  // per row, >= 0; empty: 1 each
  std::vector<covariate_effect> effects{};
  std::vector<prior> priors{};
  int whole = 0;
  int threads = 1;
  int iteration_limit = 200;
  progress watch{};
};

// Fits a model to the rows of a summary (or a caller's columns in `unit`); btyd/rows.hpp says which columns it reads.
// Throws empty, length_mismatch, missing, non_finite, sign, not_integer, recency_order, domain with column and row;
// column_missing for a covariate or interval column; unknown_code for the model, unit or a name; cancelled.
template <class Models = models>
model fit(std::int32_t model_number, const summary_columns& columns, time_unit unit, const fit_options& options = {});

template <model_facts M>
model fit(const summary_columns& columns, time_unit unit, const fit_options& options = {});

template <model_facts M>
model fit(const summary& customers, const fit_options& options = {});

// A model from known parameters, in the order of its table. Throws length_mismatch, sign, missing, unknown_code, and
// domain for a whole parameter that is none of its values.
inline model model_from_parameters(std::int32_t model_number, std::span<const double> values, time_unit unit) {
  days_per(unit);
  visit_model(model_number, [&]<class M>(std::type_identity<M>) { require_parameters<M>(values); });
  model out;
  out.number = model_number;
  out.unit = unit;
  out.parameters.assign(values.begin(), values.end());
  return out;
}
// The same with effects of covariates. Throws as effects_of; length_mismatch and missing for the coefficients.
inline model model_from_parameters(std::int32_t model_number, std::span<const double> values, time_unit unit,
                                   std::span<const covariate_effect> effects, std::span<const double> coefficients) {
  model out = model_from_parameters(model_number, values, unit);
  const auto map = effects_of(out.info().parameters, effects);
  require_same_length(static_cast<std::int64_t>(map.coefficients.size()),
                      static_cast<std::int64_t>(coefficients.size()), "coefficients");
  for (const double c : coefficients) require_finite(c, "coefficients");
  out.effects.assign(effects.begin(), effects.end());
  out.coefficients.assign(coefficients.begin(), coefficients.end());
  return out;
}

// Borrowed columns of a summary.
inline summary_columns columns_of(const summary& s) {
  return {.frequency = s.frequency,
          .recency = s.recency,
          .age = s.age,
          .monetary_value = s.monetary_value,
          .log_interval_sum = s.log_interval_sum,
          .revenue = s.revenue};
}

namespace detail {

template <class M>
concept has_limits = requires {
  M::limits;
};
template <class M>
concept has_remark = requires(const parameter_values<M>& theta) {
  { M::remark(theta) } -> std::convertible_to<std::string>;
};

template <class M>
std::span<const limit_fact> limits_of() {
  if constexpr (has_limits<M>) return M::limits;
  return {};
}

// Whether the data say anything at all: somebody came back, and time passed.
template <class M>
bool has_information(const totals& sums) {
  return sums.repeaters > 0 && sums.age > 0;
}

// Sums a start can be made of, whatever the data.
inline totals sums_to_start(totals sums, bool has_information) {
  if (has_information) return sums;
  sums.weight = std::max(sums.weight, 1.0);
  sums.frequency = std::max(sums.frequency, 1.0);
  sums.age = std::max(sums.age, 1.0);
  return sums;
}

template <class M>
constexpr std::string_view nothing_repeated() {
  return std::same_as<typename M::row, tenure_row> ? "no contract has ended" : "no customer has a repeat purchase";
}

template <class M>
concept has_other_starts = requires(const totals& sums) {
  M::other_starts(sums);
};

// The best end of several searches. The first start serves almost always; a model whose likelihood has maxima of
// several kinds states a start for each. Where the best end is at an edge or on a ridge, another start, one from the
// other end of what ran to its edge and some from scattered places are tried: a likelihood without a maximum inside can
// have several suprema. It is over when the best end has been found twice. Small data have more ends, and cost little.
template <class M>
numeric::minimize_result best_end(const observations<M>& data, const effect_map& effects, const fit_options& options,
                                  int whole, const std::vector<double>& first_start, progress watch) {
  constexpr std::size_t small = 5000;
  constexpr int more_where_small = 6;
  constexpr int more_where_not = 2;
  constexpr double second_start = 1.5;
  constexpr double other_end = 0.5;
  constexpr double far_apart = 2.5;
  constexpr std::size_t large = 16384;
  constexpr std::size_t thin = 4096;
  const search<M> problem(data, effects, options.priors, whole);
  const auto lower = problem.lower();
  const auto upper = problem.upper();
  numeric::minimize_options settings;
  settings.iteration_limit = options.iteration_limit;
  int calls = 0;
  const auto search_from = [&](const search<M>& rows, std::vector<double> from) {
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = std::clamp(from[i], lower[i], upper[i]);
    return numeric::minimize(
        [&](const std::vector<double>& at, bool) {
          // Unknown length: the share approaches 1 as Newton steps usually number about a dozen.
          watch.report(1 - 1 / (1 + ++calls / 6.0));
          return rows.objective(at, options.threads);
        },
        std::move(from), lower, upper, settings);
  };
  const auto is_at_edge = [&](const numeric::minimize_result& r, std::size_t i) {
    return r.point[i] <= lower[i] + edge_margin || r.point[i] >= upper[i] - edge_margin;
  };
  const auto is_inside = [&](const numeric::minimize_result& r) {
    for (std::size_t i = 0; i < r.point.size(); ++i) {
      if (is_at_edge(r, i)) return false;
    }
    return r.outcome == outcome::converged;
  };
  const bool is_informed = has_information<M>(data.sums);
  std::vector<std::vector<double>> starts{first_start};
  if constexpr (has_other_starts<M>) {
    for (const auto& theta : M::other_starts(sums_to_start(data.sums, is_informed))) {
      starts.push_back(first_start);
      for (std::size_t p = 0; p < search<M>::estimated; ++p) starts.back()[p] = std::log(theta[p]);
    }
  }
  if (data.rows.size() >= large) {
    // Every k-th distinct row brings the search close to the end at a small part of the cost.
    const auto fewer = thinned(data, data.rows.size() / thin);
    const search<M> sketch(fewer, effects, options.priors, whole);
    numeric::minimize_result nearest;
    for (std::size_t i = 0; i < starts.size(); ++i) {
      auto near = search_from(sketch, starts[i]);
      if (i == 0 || near.at.value < nearest.at.value) nearest = std::move(near);
    }
    starts = {nearest.outcome == outcome::converged ? nearest.point : first_start};
  }
  numeric::minimize_result best;
  // Keeps the better end; true where it is the same.
  const auto keep = [&](numeric::minimize_result found, bool is_first) {
    const int iterations = best.iterations + found.iterations;
    const int evaluations = best.evaluations + found.evaluations;
    // Rounding of a sum over customers, and what no criterion for models could tell apart.
    const double slack = 1e-6 + 1e-12 * std::fabs(found.at.value);
    const bool is_same = !is_first && std::fabs(found.at.value - best.at.value) <= slack;
    if (is_first || found.at.value < best.at.value) best = std::move(found);
    best.iterations = iterations;
    best.evaluations = evaluations;
    return is_same;
  };
  bool is_found_twice = false;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    is_found_twice = keep(search_from(problem, starts[i]), i == 0) || is_found_twice;
  }
  random_stream scattered(0);
  const int more = data.rows.size() <= small ? more_where_small : more_where_not;
  for (int k = 0; k < more && is_informed && !is_inside(best) && !is_found_twice; ++k) {
    std::vector<double> from = first_start;
    for (std::size_t i = 0; i < search<M>::estimated; ++i) {
      if (k == 0) from[i] += second_start;
      if (k == 1 && is_at_edge(best, i)) from[i] = -other_end * best.point[i];
      if (k > 1) from[i] = far_apart * scattered.normal();
    }
    is_found_twice = keep(search_from(problem, from), false);
  }
  return best;
}

// The report and the parameters of an end.
template <class M>
model model_at(const observations<M>& data, const effect_map& effects, const fit_options& options, int whole,
               const numeric::minimize_result& best) {
  constexpr std::size_t estimated = search<M>::estimated;
  constexpr std::size_t all = M::parameters.size();
  const search<M> problem(data, effects, options.priors, whole);
  const std::size_t n = problem.size();
  const std::size_t size = all + effects.coefficients.size();
  // Where an estimated number stands among parameters and coefficients.
  const auto place = [&](std::size_t i) { return i < estimated ? i : i - estimated + all; };

  model out;
  out.number = M::number;
  out.is_fitted = true;
  out.effects = options.effects;
  auto& fit = out.fit;
  fit.priors = options.priors;
  fit.customers = data.sums.weight;
  fit.distinct_rows = static_cast<std::int64_t>(data.rows.size());
  fit.standard_errors.assign(size, not_available);
  fit.covariance.assign(size * size, not_available);
  fit.robust_covariance.assign(size * size, not_available);

  const auto nu = problem.natural(best.point);
  out.parameters.assign(all, static_cast<double>(whole));
  for (std::size_t i = 0; i < estimated; ++i) out.parameters[i] = std::exp(nu[i]);
  out.coefficients.assign(nu.begin() + estimated, nu.end());

  const auto curvature = numeric::eigen_of_symmetric(best.at.hessian, n);
  const auto end =
      verdict_of(best, curvature, problem.names(), estimated, problem.lower(), problem.upper(), limits_of<M>());
  fit.outcome = end.outcome;
  fit.detail = end.detail;
  fit.eigenvalues = curvature.values;
  if (!has_information<M>(data.sums)) {
    fit.outcome = outcome::insufficient_data;
    fit.detail = data.sums.repeaters > 0 ? "every customer has T = 0" : std::string(nothing_repeated<M>());
  }
  if constexpr (has_remark<M>) {
    if (fit.outcome != outcome::insufficient_data) {
      fit.remark = M::remark(require_parameters<M>(out.parameters));
    }
  }
  fit.iterations = best.iterations;
  fit.evaluations = best.evaluations;
  fit.gradient_norm = best.gradient_norm;
  fit.log_prior = problem.log_prior_at(best.point);
  fit.log_likelihood =
      -best.at.value - fit.log_prior + problem.rows().interval_term() + std::log(data.scale) * data.unit_power_sum;
  fit.estimated = static_cast<std::int32_t>(n) + (options.whole == 0 && estimated < all ? 1 : 0);
  fit.aic = 2.0 * fit.estimated - 2 * fit.log_likelihood;
  fit.bic = data.sums.weight > 0 ? fit.estimated * std::log(data.sums.weight) - 2 * fit.log_likelihood : not_available;
  if (fit.outcome == outcome::converged) {
    const auto inverse = numeric::covariance_from_hessian(best.at.hessian, n);
    // Var(theta) = theta_i theta_j Var(ln theta): the delta method, exact at a zero gradient.
    const auto fill = [&](const std::vector<double>& from, std::vector<double>& to) {
      const auto covariance = problem.natural_covariance(from);
      const auto factor = [&](std::size_t i) { return i < estimated ? out.parameters[i] : 1.0; };
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          to[place(i) * size + place(j)] = covariance[i * n + j] * factor(i) * factor(j);
        }
      }
    };
    fill(inverse, fit.covariance);
    fill(numeric::sandwich(inverse, problem.rows().score_products(best.point), n), fit.robust_covariance);
    fit.standard_errors = numeric::standard_errors(fit.covariance, size);
  }
  return out;
}

// Chooses a whole parameter, if there is one, and fits the rest.
template <class M>
model fit_rows(const summary_columns& columns, time_unit unit, const fit_options& options) {
  const auto effects = effects_of(M::parameters, options.effects);
  const auto data = observations_of<M>(columns, options.weight, effects.covariates);
  const auto sums = sums_to_start(data.sums, has_information<M>(data.sums));
  constexpr int largest = M::parameters.back().largest_whole;
  if (options.whole < 0 || options.whole > std::max(largest, 1)) {
    fail(error_code::domain, "whole", "must be from 1 to " + std::to_string(std::max(largest, 1)));
  }
  const search<M> any(data, effects, options.priors);
  std::vector<double> start = any.start(sums);
  if (!effects.links.empty()) {
    // Without covariates first: a good place to begin, and cheap.
    fit_options plain = options;
    plain.effects.clear();
    std::erase_if(plain.priors, [&](const prior& p) { return p.family == prior_family::normal; });
    const effect_map none;
    const auto pooled = observations_of<M>(columns, options.weight, {});
    const search<M> first(pooled, none, plain.priors);
    const auto found = best_end(pooled, none, plain, std::max(options.whole, 1), first.start(sums), options.watch);
    if (found.outcome == outcome::converged) std::copy(found.point.begin(), found.point.end(), start.begin());
  }
  model best;
  double best_value = 0;
  int falls = 0;
  const int from = options.whole == 0 ? 1 : options.whole;
  const int to = options.whole == 0 ? std::max(largest, 1) : options.whole;
  for (int whole = from; whole <= to && falls < 2; ++whole) {
    const auto found = best_end(data, effects, options, whole, start, options.watch);
    auto made = model_at(data, effects, options, whole, found);
    const double value = made.fit.log_likelihood + made.fit.log_prior;
    const int iterations = best.fit.iterations + made.fit.iterations;
    const int evaluations = best.fit.evaluations + made.fit.evaluations;
    if (whole == from || value > best_value) {
      best_value = value;
      best = std::move(made);
      falls = 0;
    } else {
      ++falls;
    }
    best.fit.iterations = iterations;
    best.fit.evaluations = evaluations;
  }
  best.unit = unit;
  return best;
}

}  // namespace detail

template <model_facts M>
model fit(const summary_columns& columns, time_unit unit, const fit_options& options) {
  days_per(unit);
  return detail::fit_rows<M>(columns, unit, options);
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
