// Asking a model about customers: one column function for every quantity of btyd/quantities.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "kundenwert/base/discount.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/quantities.hpp"

namespace kundenwert::btyd {

// Arguments of the quantities; each uses what its line in the table says.
//   horizon                time units of the model, >= 0, whole for discrete models; infinity is allowed where
//   discounted annual_discount_rate   effective, >= 0; 0.10 is ten percent a year units_per_year         > 0; 0: from
//   the model's unit (52.178571... for weeks; published weekly tables use 52) count                  whole number >= 0
//   level                  probability in (0, 1)
struct predict_options {
  double horizon = not_available;
  double annual_discount_rate = not_available;
  double units_per_year = 0;
  double count = not_available;
  double level = not_available;
  int threads = 1;
  progress watch{};
};

// Writes the quantity of every customer to `out` (and why a row has none to `reasons`, unless that is empty).
//   customers   the columns the model reads (btyd/rows.hpp), times in the model's unit, and its covariates
//   out         one double per row; NaN exactly where the row's reason is not none
// A row's value depends on that row alone: not on the batch, its order or the threads.
// Throws unknown_code, unsupported (the model has no such quantity), length_mismatch, missing or sign of an argument,
// divergent (infinite horizon without discounting), and the checks of the rows, all before anything is written.
template <class Models = models>
void predict(const model& m, quantity what, const summary_columns& customers, const predict_options& options,
             std::span<double> out, std::span<reason> reasons = {});

// Customers in the columns that a model reads.
inline std::int64_t row_count(std::int32_t model_number, const summary_columns& customers) {
  return visit_model(model_number,
                     [&]<class M>(std::type_identity<M>) { return row_count<typename M::row>(customers); });
}

// The same as a new vector.
inline std::vector<double> predict(const model& m, quantity what, const summary_columns& customers,
                                   const predict_options& options = {}) {
  std::vector<double> out(static_cast<std::size_t>(row_count(m.number, customers)));
  predict<models>(m, what, customers, options, out);
  return out;
}

// Named shorthands over a summary, which must be in the model's unit (unit_mismatch otherwise).
inline std::vector<double> probability_alive(const model& m, const summary& customers, int threads = 1);
inline std::vector<double> expected_transactions(const model& m, const summary& customers, double horizon,
                                                 int threads = 1);
inline std::vector<double> expected_spend(const model& m, const summary& customers, int threads = 1);

// A customer who has just made the first purchase: what a model expects of a new one.
inline constexpr summary_row new_customer{0, 0, 0};

// Throws unit_mismatch where the summary is in another unit than the model.
inline void require_same_unit(const model& m, const summary& customers) {
  if (m.unit != customers.unit) {
    fail(error_code::unit_mismatch, "summary",
         "is in units of a " + std::string(name_of(customers.unit)) + ", the model in units of a " +
             std::string(name_of(m.unit)));
  }
}

namespace detail {

// Arguments checked and converted once per call.
struct kernel_arguments {
  double horizon = 0;
  double rate = 0;  // continuous, per time unit
  double count = 0;
  double level = 0;
};

// Whole periods, and no more than can be gone through one by one.
inline void require_periods(const model& m, double horizon) {
  constexpr double most_periods = 1e7;
  if (horizon != std::floor(horizon)) {
    fail(error_code::not_integer, "horizon", std::string(m.info().title) + " counts whole periods");
  }
  if (horizon > most_periods) fail(error_code::domain, "horizon", "is above 10000000 periods");
}

inline kernel_arguments require_arguments(const quantity_info& info, const model& m, const predict_options& o) {
  kernel_arguments out;
  if (info.does_need(needed::horizon)) {
    const bool may_be_infinite = info.does_need(needed::discount_rate);
    if (!(may_be_infinite && o.horizon == std::numeric_limits<double>::infinity())) {
      require_not_negative(o.horizon, "horizon");
      if (m.info().is_discrete) require_periods(m, o.horizon);
    }
    out.horizon = o.horizon;
  }
  if (info.does_need(needed::discount_rate)) {
    const double per_year = o.units_per_year == 0 ? units_per_year(m.unit) : o.units_per_year;
    out.rate = continuous_discount_rate(o.annual_discount_rate, per_year);
    if (out.rate == 0 && std::isinf(out.horizon)) {
      fail(error_code::divergent, "annual_discount_rate", "must be above 0 for an infinite horizon");
    }
  }
  if (info.does_need(needed::count)) {
    require_not_negative(o.count, "count");
    if (o.count != std::floor(o.count)) fail(error_code::not_integer, "count", "is no whole number");
    out.count = o.count;
  }
  if (info.does_need(needed::level)) {
    require_share(o.level, "level");
    if (o.level == 0 || o.level == 1) fail(error_code::domain, "level", "must be in (0, 1)");
    out.level = o.level;
  }
  return out;
}

template <class M>
double kernel(const parameter_values<M>& theta, quantity what, const typename M::row& r, const kernel_arguments& a) {
  switch (what) {
    case quantity::log_likelihood:
      return log_likelihood<M>(theta, r);
    case quantity::probability_alive:
      return M::probability_alive(theta, r);
    case quantity::expected_transactions:
      return expected_transactions<M>(theta, r, a.horizon);
    case quantity::discounted_expected_transactions:
      return discounted_expected_transactions<M>(theta, r, a.horizon, a.rate);
    case quantity::probability_alive_after:
      return probability_alive_after<M>(theta, r, a.horizon);
    case quantity::probability_of_purchase:
      return probability_of_purchase<M>(theta, r, a.horizon);
    case quantity::probability_of_count:
      return probability_of_count<M>(theta, r, a.horizon, a.count);
    case quantity::transactions_quantile:
      return transactions_quantile<M>(theta, r, a.horizon, a.level);
    case quantity::next_purchase_quantile:
      return next_purchase_quantile<M>(theta, r, a.level);
    case quantity::expected_waiting_time:
      return expected_waiting_time<M>(theta, r, a.horizon);
    case quantity::overdue:
      if constexpr (answers_overdue<M>) return overdue<M>(theta, r);
      break;
    case quantity::purchase_rate:
      if constexpr (answers_rate<M>) return M::purchase_rate(theta, r);
      break;
    case quantity::dropout_probability:
      if constexpr (answers_dropout_probability<M>) return M::dropout_probability(theta, r);
      break;
    case quantity::dropout_rate:
      if constexpr (answers_dropout_rate<M>) return M::dropout_rate(theta, r);
      break;
    case quantity::expected_spend:
      break;
  }
  return not_available;
}

inline constexpr std::int64_t rows_per_chunk = 1024;

// One answer and why there is none, for every row.
struct answers {
  std::vector<double> values;
  std::vector<reason> reasons;

  explicit answers(std::int64_t rows = 0)
      : values(static_cast<std::size_t>(rows)), reasons(static_cast<std::size_t>(rows), reason::none) {}
};

// The parameters of a model as its kernels take them, for every pattern of covariates.
template <class M>
struct parameters_of {
  parameter_values<M> theta;
  effect_map effects;
  const std::vector<double>& coefficients;

  explicit parameters_of(const model& m)
      : theta(require_parameters<M>(m.parameters)),
        effects(effects_of(M::parameters, m.effects)),
        coefficients(m.coefficients) {}

  // Of distinct row i, whose first columns are the covariates.
  parameter_values<M> of_row(const distinct_columns& distinct, std::size_t i) const {
    if (effects.links.empty()) return theta;
    std::vector<double> z(effects.covariates.size());
    for (std::size_t k = 0; k < z.size(); ++k) z[k] = distinct.columns[k][i];
    return with_covariates(theta, effects, coefficients, z);
  }
};

inline reason reason_of(double value, quantity what) {
  if (std::isfinite(value)) return reason::none;
  return std::isinf(value) && what == quantity::next_purchase_quantile ? reason::not_reached : reason::numeric_failure;
}

// A model of regular purchases knows the likelihood of a row only with its intervals, and k = 1 without.
template <class M>
void add_interval_terms(const parameter_values<M>& theta, const summary_columns& c, answers& out) {
  if (theta.back() == 1) return;
  const bool is_given = !c.log_interval_sum.empty();
  if (is_given) require_same_length(row_count<typename M::row>(c), c.log_interval_sum.size(), "log_interval_sum");
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    if (is_given && c.log_interval_sum.is_valid(row)) {
      out.values[i] += M::interval_term(theta, c.log_interval_sum[row]);
    } else {
      out.values[i] = not_available;
      out.reasons[i] = reason::missing_input;
    }
  }
}

template <class M>
answers predict_transactions(const model& m, quantity what, const summary_columns& c, const kernel_arguments& a,
                             const predict_options& options) {
  const parameters_of<M> parameters(m);
  // Most customers share their numbers with others: each distinct row is answered once.
  const auto distinct = distinct_rows_of<M>(c, {}, parameters.effects.covariates);
  std::vector<double> found(static_cast<std::size_t>(distinct.size()));
  for_each_chunk(
      distinct.size(), rows_per_chunk, options.threads,
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
          const auto r = row_at<typename M::row>(distinct, parameters.effects.covariates.size(), i);
          found[i] = kernel<M>(parameters.of_row(distinct, i), what, r, a);
        }
      },
      options.watch);
  answers out(row_count<typename M::row>(c));
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    out.values[i] = found[static_cast<std::size_t>(distinct.row_of[i])];
    out.reasons[i] = reason_of(out.values[i], what);
    if (out.reasons[i] != reason::none) out.values[i] = not_available;
  }
  if constexpr (reads_intervals<M>) {
    if (what == quantity::log_likelihood) add_interval_terms<M>(parameters.theta, c, out);
  }
  return out;
}

// Of one customer: x purchases of the kind the model reads, with their mean.
template <class M>
reason spend_answer(const parameter_values<M>& theta, quantity what, const summary_columns& c, std::int64_t i,
                    double& value) {
  using source = row_source<typename M::row>;
  const auto v = values_at<typename M::row>(c, i);
  const auto r = source::row(v);
  value = not_available;
  if (source::takes_part(v) && std::isnan(v[1])) return reason::missing_input;
  if (what == quantity::log_likelihood) {
    if (!source::takes_part(v)) return reason::no_repeat_purchases;
    value = log_likelihood<M>(theta, r);
    return reason::none;
  }
  value = M::expected_spend(theta, r.frequency, source::takes_part(v) ? r.monetary_value : 0.0);
  return std::isnan(value) ? reason::infinite_mean : reason::none;
}

// Amounts may be null here, and 0; what is there must be right.
template <class Row>
void require_spend_rows(const summary_columns& c) {
  using source = row_source<Row>;
  require_columns<Row>(c);
  const auto from = source::columns(c);
  for (std::int64_t i = 0; i < row_count<Row>(c); ++i) {
    const auto v = values_at<Row>(c, i);
    if (std::isnan(v[0])) fail_at(error_code::missing, source::names[0], i, "is null or NaN");
    require_not_negative(v[0], source::names[0], i);
    if (v[0] != std::floor(v[0])) fail_at(error_code::not_integer, source::names[0], i, "is no whole number");
    if (from[1]->is_valid(i)) require_not_negative(v[1], source::names[1], i);
  }
}

template <class M>
answers predict_spend(const model& m, quantity what, const summary_columns& c, const predict_options& options) {
  const auto theta = require_parameters<M>(m.parameters);
  require_spend_rows<typename M::row>(c);
  const std::int64_t rows = row_count<typename M::row>(c);
  answers out(rows);
  for_each_chunk(
      rows, rows_per_chunk, options.threads,
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          const auto k = static_cast<std::size_t>(i);
          out.reasons[k] = spend_answer<M>(theta, what, c, i, out.values[k]);
        }
      },
      options.watch);
  return out;
}

}  // namespace detail

template <class Models>
void predict(const model& m, quantity what, const summary_columns& customers, const predict_options& options,
             std::span<double> out, std::span<reason> reasons) {
  const auto& info = info_of(what);
  if (!supports(m.number, what)) {
    fail(error_code::unsupported, "quantity", std::string(m.info().title) + " has no " + std::string(info.name));
  }
  const auto arguments = detail::require_arguments(info, m, options);
  const std::int64_t rows = row_count(m.number, customers);
  require_same_length(rows, static_cast<std::int64_t>(out.size()), "out");
  if (!reasons.empty()) require_same_length(rows, static_cast<std::int64_t>(reasons.size()), "reasons");
  const auto found = visit_model(
      m.number,
      [&]<class M>(std::type_identity<M>) {
        if constexpr (spend_model<M>) {
          return detail::predict_spend<M>(m, what, customers, options);
        } else {
          return detail::predict_transactions<M>(m, what, customers, arguments, options);
        }
      },
      Models{});
  std::copy(found.values.begin(), found.values.end(), out.begin());
  if (!reasons.empty()) std::copy(found.reasons.begin(), found.reasons.end(), reasons.begin());
}

inline std::vector<double> probability_alive(const model& m, const summary& customers, int threads) {
  require_same_unit(m, customers);
  return predict(m, quantity::probability_alive, columns_of(customers), {.threads = threads});
}
inline std::vector<double> expected_transactions(const model& m, const summary& customers, double horizon,
                                                 int threads) {
  require_same_unit(m, customers);
  return predict(m, quantity::expected_transactions, columns_of(customers), {.horizon = horizon, .threads = threads});
}
inline std::vector<double> expected_spend(const model& m, const summary& customers, int threads) {
  return predict(m, quantity::expected_spend, columns_of(customers), {.threads = threads});
}

}  // namespace kundenwert::btyd
