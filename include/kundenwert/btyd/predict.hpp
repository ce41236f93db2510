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
//   horizon                time units of the model, >= 0; infinity is allowed where discounted
//   annual_discount_rate   effective, >= 0; 0.10 is ten percent a year
//   units_per_year         > 0; 0: from the model's unit (52.178571... for weeks; published weekly tables use 52)
//   count                  whole number >= 0
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
//   customers   frequency, recency, T in the model's unit; frequency and monetary_value for a spend model
//   out         one double per row; NaN exactly where the row's reason is not none
// A row's value depends on that row alone: not on the batch, its order or the threads.
// Throws unknown_code, unsupported (the model has no such quantity), length_mismatch, missing or sign of an argument,
// divergent (infinite horizon without discounting), and the checks of the rows, all before anything is written.
template <class Models = models>
void predict(const model& m, quantity what, const summary_columns& customers, const predict_options& options,
             std::span<double> out, std::span<reason> reasons = {});

// The same as a new vector.
inline std::vector<double> predict(const model& m, quantity what, const summary_columns& customers,
                                   const predict_options& options = {}) {
  std::vector<double> out(customers.frequency.values.size());
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

inline kernel_arguments require_arguments(const quantity_info& info, time_unit unit, const predict_options& o) {
  kernel_arguments out;
  if (info.does_need(needed::horizon)) {
    const bool may_be_infinite = info.does_need(needed::discount_rate);
    if (!(may_be_infinite && o.horizon == std::numeric_limits<double>::infinity())) {
      require_not_negative(o.horizon, "horizon");
    }
    out.horizon = o.horizon;
  }
  if (info.does_need(needed::discount_rate)) {
    const double per_year = o.units_per_year == 0 ? units_per_year(unit) : o.units_per_year;
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
double kernel(const parameter_values<M>& theta, quantity what, const summary_row& r, const kernel_arguments& a) {
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
      return overdue<M>(theta, r);
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

template <class M>
answers predict_transactions(const parameter_values<M>& theta, quantity what, const summary_columns& c,
                             const kernel_arguments& a, const predict_options& options) {
  summary_columns checked = c;
  checked.monetary_value = {};
  require_summary_columns(checked);
  // Most customers share their three numbers with others: each distinct row is answered once.
  const auto distinct = compress(c.frequency.values, c.recency.values, c.age.values);
  std::vector<double> found(static_cast<std::size_t>(distinct.size()));
  for_each_chunk(
      distinct.size(), rows_per_chunk, options.threads,
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
          const summary_row r{distinct.frequency[i], distinct.recency[i], distinct.age[i]};
          found[i] = kernel<M>(theta, what, r, a);
        }
      },
      options.watch);
  answers out(c.frequency.size());
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    out.values[i] = found[static_cast<std::size_t>(distinct.row_of[i])];
    if (!std::isfinite(out.values[i])) {
      out.reasons[i] = std::isinf(out.values[i]) && what == quantity::next_purchase_quantile ? reason::not_reached
                                                                                             : reason::numeric_failure;
      out.values[i] = not_available;
    }
  }
  return out;
}

template <class M>
reason spend_answer(const parameter_values<M>& theta, quantity what, const summary_columns& c, std::int64_t i,
                    double& value) {
  const double x = c.frequency[i];
  const bool has_value = c.monetary_value.is_valid(i);
  value = not_available;
  if (x > 0 && !has_value) return reason::missing_input;
  if (what == quantity::log_likelihood) {
    if (x == 0) return reason::no_repeat_purchases;
    value = log_likelihood<M>(theta, {x, c.monetary_value[i]});
    return reason::none;
  }
  value = M::expected_spend(theta, x, x == 0 ? 0.0 : c.monetary_value[i]);
  return std::isnan(value) ? reason::infinite_mean : reason::none;
}

inline void require_spend_rows(const summary_columns& c) {
  require_same_length(c.frequency.size(), c.monetary_value.size(), "monetary_value");
  for (std::int64_t i = 0; i < c.frequency.size(); ++i) {
    if (!c.frequency.is_valid(i)) fail_at(error_code::missing, "frequency", i, "is null or NaN");
    require_not_negative(c.frequency[i], "frequency", i);
    if (c.frequency[i] != std::floor(c.frequency[i])) {
      fail_at(error_code::not_integer, "frequency", i, "is no whole number");
    }
    if (c.monetary_value.is_valid(i)) require_not_negative(c.monetary_value[i], "monetary_value", i);
  }
}

template <class M>
answers predict_spend(const parameter_values<M>& theta, quantity what, const summary_columns& c,
                      const predict_options& options) {
  require_spend_rows(c);
  answers out(c.frequency.size());
  for_each_chunk(
      c.frequency.size(), rows_per_chunk, options.threads,
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
  const auto arguments = detail::require_arguments(info, m.unit, options);
  const std::int64_t rows = customers.frequency.size();
  require_same_length(rows, static_cast<std::int64_t>(out.size()), "out");
  if (!reasons.empty()) require_same_length(rows, static_cast<std::int64_t>(reasons.size()), "reasons");
  const auto found = visit_model(
      m.number,
      [&]<class M>(std::type_identity<M>) {
        const auto theta = require_parameters<M>(m.parameters);
        if constexpr (spend_model<M>) {
          return detail::predict_spend<M>(theta, what, customers, options);
        } else {
          return detail::predict_transactions<M>(theta, what, customers, arguments, options);
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
