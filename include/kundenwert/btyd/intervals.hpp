// How uncertain an answer about a customer is: the same answer for every draw of the parameters, in quantiles. Nothing
// is kept but one row's answers at a time, so that a million customers need no more memory than one.
//
// An interval here covers what is unknown of the parameters (and, for a lifetime value, of the spend model's too), not
// the chance in what a customer does; for that there is the distribution of the purchases, and `predicted_purchases`,
// which holds both.
//
// References: Vehtari et al. (2021) and Rubin (1981) for the draws; Hyndman & Fan (1996), definition 7 (quantiles).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "kundenwert/btyd/draws.hpp"
#include "kundenwert/btyd/lifetime_value.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "kundenwert/numeric/order.hpp"

namespace kundenwert::btyd {

// One row per customer; NaN in all where the row's reason is not none.
struct answer_intervals {
  std::vector<double> mean;   // over the draws
  std::vector<double> lower;  // quantiles (1 - probability) / 2 and 1 - that
  std::vector<double> upper;
  std::vector<reason> reasons;
};

// The interval of a quantity for every customer.
//   probability   of the interval, in (0, 1)
// The quantiles of a purchase count are answered as of the parameters; see predicted_purchases. A row has no answer
// where one of the draws has none. Throws what predict throws; domain for the probability; empty without draws.
template <class Models = models>
answer_intervals intervals(const parameter_draws& draws, quantity what, const summary_columns& customers,
                           double probability, const predict_options& options);

// The interval of the number of purchases in the next horizon, parameters and chance together: the smallest lower and
// upper counts not exceeded with probability (1 - probability) / 2 and 1 - that, and the mean. At most `most_draws`
// evenly spaced draws are used.
template <class Models = models>
answer_intervals predicted_purchases(const parameter_draws& draws, const summary_columns& customers, double probability,
                                     const predict_options& options, std::int64_t most_draws = 100);

// The interval of lifetime values, with draws of both models; as many are used as both have. Throws what
// lifetime_value throws.
template <class Models = models>
answer_intervals lifetime_value_intervals(const parameter_draws& transactions, const parameter_draws& spend,
                                          const summary_columns& customers, double probability,
                                          const lifetime_value_options& options);

namespace detail {

inline void require_probability(double probability) {
  require_share(probability, "probability");
  if (probability == 0 || probability == 1) fail(error_code::domain, "probability", "must be in (0, 1)");
}

// The parameters of every draw, once for all rows.
template <class M>
struct drawn_parameters {
  std::vector<parameter_values<M>> theta;
  std::vector<std::span<const double>> coefficients;
  effect_map effects;

  explicit drawn_parameters(const parameter_draws& draws) : effects(effects_of(M::parameters, draws.center.effects)) {
    for (std::int64_t d = 0; d < draws.size(); ++d) {
      theta.push_back(require_parameters<M>(draws.parameters(d)));
      coefficients.push_back(draws.coefficients(d));
    }
  }
  parameter_values<M> at(std::size_t draw, std::span<const double> z) const {
    if (effects.links.empty()) return theta[draw];
    return with_covariates(theta[draw], effects, coefficients[draw], z);
  }
};

// Covariates of distinct row i.
inline std::vector<double> covariates_at(const distinct_columns& distinct, std::size_t covariates, std::size_t i) {
  std::vector<double> z(covariates);
  for (std::size_t k = 0; k < covariates; ++k) z[k] = distinct.columns[k][i];
  return z;
}

struct interval_row {
  double mean;
  double lower;
  double upper;
};

// Mean and central quantiles of values, which are reordered.
inline interval_row interval_of(std::vector<double>& values, double probability) {
  double sum = 0;
  for (const double v : values) sum += v;
  const double tail = (1 - probability) / 2;
  std::sort(values.begin(), values.end());
  return {sum / static_cast<double>(values.size()), numeric::quantile_of_sorted(values, tail),
          numeric::quantile_of_sorted(values, 1 - tail)};
}

inline answer_intervals empty_intervals(std::int64_t rows) {
  const auto n = static_cast<std::size_t>(rows);
  return {std::vector<double>(n, not_available), std::vector<double>(n, not_available),
          std::vector<double>(n, not_available), std::vector<reason>(n, reason::none)};
}

inline void put(answer_intervals& out, std::size_t i, const interval_row& row, reason why) {
  out.reasons[i] = why;
  if (why != reason::none) return;
  out.mean[i] = row.mean;
  out.lower[i] = row.lower;
  out.upper[i] = row.upper;
}

inline constexpr std::int64_t interval_rows_per_chunk = 16;

// For every distinct row what `answer(theta of all draws, row, values)` makes of it: values in, an interval out.
template <class M, class Answer>
answer_intervals intervals_of_rows(const parameter_draws& draws, const summary_columns& c,
                                   const predict_options& options, Answer&& answer) {
  const drawn_parameters<M> drawn(draws);
  const std::size_t covariates = drawn.effects.covariates.size();
  const auto distinct = distinct_rows_of<M>(c, {}, drawn.effects.covariates);
  answer_intervals found = empty_intervals(distinct.size());
  for_each_chunk(
      distinct.size(), interval_rows_per_chunk, options.threads,
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
          const auto z = covariates_at(distinct, covariates, i);
          const auto r = row_at<typename M::row>(distinct, covariates, i);
          reason why = reason::none;
          const interval_row row = answer(drawn, z, r, why);
          put(found, i, row, why);
        }
      },
      options.watch);
  answer_intervals out = empty_intervals(static_cast<std::int64_t>(distinct.row_of.size()));
  for (std::size_t i = 0; i < distinct.row_of.size(); ++i) {
    const auto k = static_cast<std::size_t>(distinct.row_of[i]);
    put(out, i, {found.mean[k], found.lower[k], found.upper[k]}, found.reasons[k]);
  }
  return out;
}

template <class M>
answer_intervals transaction_intervals(const parameter_draws& draws, quantity what, const summary_columns& c,
                                       double probability, const kernel_arguments& a, const predict_options& options) {
  return intervals_of_rows<M>(draws, c, options, [&](const auto& drawn, const auto& z, const auto& r, reason& why) {
    std::vector<double> values(drawn.theta.size());
    for (std::size_t d = 0; d < values.size(); ++d) {
      values[d] = kernel<M>(drawn.at(d, z), what, r, a);
      why = why | reason_of(values[d], what);
    }
    return why == reason::none ? interval_of(values, probability) : interval_row{};
  });
}

template <class M>
answer_intervals spend_intervals(const parameter_draws& draws, quantity what, const summary_columns& c,
                                 double probability, const predict_options& options) {
  require_spend_rows<typename M::row>(c);
  const drawn_parameters<M> drawn(draws);
  answer_intervals out = empty_intervals(row_count<typename M::row>(c));
  for_each_chunk(
      row_count<typename M::row>(c), interval_rows_per_chunk, options.threads,
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        std::vector<double> values(drawn.theta.size());
        for (std::int64_t i = begin; i < end; ++i) {
          reason why = reason::none;
          for (std::size_t d = 0; d < values.size(); ++d) {
            why = why | spend_answer<M>(drawn.theta[d], what, c, i, values[d]);
          }
          put(out, static_cast<std::size_t>(i), why == reason::none ? interval_of(values, probability) : interval_row{},
              why);
        }
      },
      options.watch);
  return out;
}

// Customers who share what the transaction model reads share its answers, draw by draw; each has an amount of his own.
template <class T, class S>
answer_intervals value_intervals(const parameter_draws& transactions, const parameter_draws& spend, std::size_t used,
                                 const summary_columns& c, double probability, const kernel_arguments& a,
                                 const lifetime_value_options& options) {
  const drawn_parameters<T> drawn(transactions);
  const drawn_parameters<S> drawn_spend(spend);
  const std::size_t covariates = drawn.effects.covariates.size();
  const auto distinct = distinct_rows_of<T>(c, {}, drawn.effects.covariates);
  require_spend_rows<typename S::row>(c);
  const std::int64_t rows = row_count<typename T::row>(c);
  require_same_length(rows, row_count<typename S::row>(c), row_source<typename S::row>::names[1]);
  // Customers by distinct row.
  const auto groups = static_cast<std::size_t>(distinct.size());
  std::vector<std::size_t> first(groups + 1, 0);
  for (const std::int64_t g : distinct.row_of) ++first[static_cast<std::size_t>(g) + 1];
  for (std::size_t g = 0; g < groups; ++g) first[g + 1] += first[g];
  std::vector<std::int64_t> member(static_cast<std::size_t>(rows));
  auto next = first;
  for (std::size_t i = 0; i < member.size(); ++i) {
    member[next[static_cast<std::size_t>(distinct.row_of[i])]++] = static_cast<std::int64_t>(i);
  }
  answer_intervals out = empty_intervals(rows);
  for_each_chunk(
      distinct.size(), interval_rows_per_chunk, options.threads,
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        std::vector<double> purchases(used);
        std::vector<double> values(used);
        for (auto g = static_cast<std::size_t>(begin); g < static_cast<std::size_t>(end); ++g) {
          const auto z = covariates_at(distinct, covariates, g);
          const auto r = row_at<typename T::row>(distinct, covariates, g);
          reason why_purchases = reason::none;
          for (std::size_t d = 0; d < used; ++d) {
            purchases[d] = kernel<T>(drawn.at(d, z), quantity::discounted_expected_transactions, r, a);
            why_purchases = why_purchases | reason_of(purchases[d], quantity::discounted_expected_transactions);
          }
          for (std::size_t k = first[g]; k < first[g + 1]; ++k) {
            const std::int64_t i = member[k];
            reason why = why_purchases;
            for (std::size_t d = 0; d < used; ++d) {
              double amount = 0;
              why = why | spend_answer<S>(drawn_spend.theta[d], quantity::expected_spend, c, i, amount);
              values[d] = worth_of(options, static_cast<std::size_t>(i), amount) * purchases[d];
            }
            put(out, static_cast<std::size_t>(i),
                why == reason::none ? interval_of(values, probability) : interval_row{}, why);
          }
        }
      },
      options.watch);
  return out;
}

}  // namespace detail

template <class Models>
answer_intervals intervals(const parameter_draws& draws, quantity what, const summary_columns& customers,
                           double probability, const predict_options& options) {
  const auto& info = info_of(what);
  require_not_empty(draws.size(), "draws");
  detail::require_probability(probability);
  if (!supports(draws.center.number, what)) {
    fail(error_code::unsupported, "quantity",
         std::string(draws.center.info().title) + " has no " + std::string(info.name));
  }
  const auto arguments = detail::require_arguments(info, draws.center, options);
  return visit_model(
      draws.center.number,
      [&]<class M>(std::type_identity<M>) {
        if constexpr (spend_model<M>) {
          return detail::spend_intervals<M>(draws, what, customers, probability, options);
        } else {
          return detail::transaction_intervals<M>(draws, what, customers, probability, arguments, options);
        }
      },
      Models{});
}

template <class Models>
answer_intervals predicted_purchases(const parameter_draws& draws, const summary_columns& customers, double probability,
                                     const predict_options& options, std::int64_t most_draws) {
  require_not_empty(draws.size(), "draws");
  detail::require_probability(probability);
  const auto& info = info_of(quantity::expected_transactions);
  if (!supports(draws.center.number, info.id)) {
    fail(error_code::unsupported, "draws",
         std::string(draws.center.info().title) + " has no " + std::string(info.name));
  }
  detail::require_draws(most_draws);
  const auto arguments = detail::require_arguments(info, draws.center, options);
  const auto all = static_cast<std::size_t>(draws.size());
  const std::size_t used = std::min(all, static_cast<std::size_t>(most_draws));
  return visit_model(
      draws.center.number,
      [&]<class M>(std::type_identity<M>) {
        if constexpr (transaction_model<M>) {
          const auto answer = [&](const auto& drawn, const auto& z, const typename M::row& r, reason& why) {
            double expected = 0;
            for (std::size_t k = 0; k < used; ++k) {
              expected += expected_transactions<M>(drawn.at(k * all / used, z), r, arguments.horizon);
            }
            // P(at least n purchases), parameters and chance together.
            const auto tail = [&](double n) {
              double sum = 0;
              for (std::size_t k = 0; k < used; ++k) {
                const auto theta = drawn.at(k * all / used, z);
                const double alive = M::probability_alive(theta, r);
                if (alive > 0) sum += alive * purchase_tail(M::state(theta, r), n, arguments.horizon);
              }
              return sum / static_cast<double>(used);
            };
            const auto quantile = [&](double level) {
              return detail::first_whole(0, [&](double n) { return tail(n + 1) > 1 - level; });
            };
            const double outside = (1 - probability) / 2;
            const detail::interval_row row{expected / static_cast<double>(used), quantile(outside),
                                           quantile(1 - outside)};
            if (!std::isfinite(row.mean + row.lower + row.upper)) why = reason::numeric_failure;
            return row;
          };
          return detail::intervals_of_rows<M>(draws, customers, options, answer);
        } else {
          return answer_intervals{};
        }
      },
      Models{});
}

template <class Models>
answer_intervals lifetime_value_intervals(const parameter_draws& transactions, const parameter_draws& spend,
                                          const summary_columns& customers, double probability,
                                          const lifetime_value_options& options) {
  constexpr auto what = quantity::discounted_expected_transactions;
  require_not_empty(transactions.size(), "transactions");
  require_not_empty(spend.size(), "spend");
  detail::require_probability(probability);
  if (!supports(transactions.center.number, what)) fail(error_code::unsupported, "transactions", "is a model of spend");
  if (!spend.center.info().is_spend) fail(error_code::unsupported, "spend", "is no model of spend");
  detail::require_values(options, row_count(transactions.center.number, customers));
  if (!options.annual_discount_rates.empty()) {
    // One call for each rate.
    answer_intervals out = detail::empty_intervals(row_count(transactions.center.number, customers));
    const auto groups = rows_by_value(options.annual_discount_rates);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const auto& rows = groups[g];
      const gathered_customers some(customers, rows);
      std::vector<double> margins;
      for (const std::size_t row : rows) {
        if (!options.margin_rates.empty()) margins.push_back(options.margin_rates[row]);
      }
      lifetime_value_options alike = options;
      alike.annual_discount_rate = options.annual_discount_rates[rows.front()];
      alike.annual_discount_rates = {};
      alike.margin_rates = margins;
      alike.watch = {};
      const auto found = lifetime_value_intervals<Models>(transactions, spend, some.columns(), probability, alike);
      for (std::size_t k = 0; k < rows.size(); ++k) {
        detail::put(out, rows[k], {found.mean[k], found.lower[k], found.upper[k]}, found.reasons[k]);
      }
      options.watch.report(static_cast<double>(g + 1) / static_cast<double>(groups.size()));
    }
    return out;
  }
  const predict_options asked{.horizon = options.horizon,
                              .annual_discount_rate = options.annual_discount_rate,
                              .units_per_year = options.units_per_year,
                              .threads = options.threads,
                              .watch = options.watch};
  const auto arguments = detail::require_arguments(info_of(what), transactions.center, asked);
  const auto used = static_cast<std::size_t>(std::min(transactions.size(), spend.size()));
  return visit_model(
      transactions.center.number,
      [&]<class T>(std::type_identity<T>) {
        return visit_model(
            spend.center.number,
            [&]<class S>(std::type_identity<S>) {
              if constexpr (transaction_model<T> && spend_model<S>) {
                return detail::value_intervals<T, S>(transactions, spend, used, customers, probability, arguments,
                                                     options);
              } else {
                return answer_intervals{};
              }
            },
            Models{});
      },
      Models{});
}

}  // namespace kundenwert::btyd
