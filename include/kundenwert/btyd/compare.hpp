// Which of several models is to be used: all that can read the customers are fitted on one footing, put into one table,
// and one of them is recommended, with the reason in words.
//
//   const comparison found = compare(customers);
//   found.recommended, found.reason       0, "lowest AIC among the 4 of 5 models that converged; ..."
//
// Likelihoods can be compared where they are densities of the same data. Every kind of data has its table:
//   purchase_times          the density of the times of the repeat purchases (frequency, recency, T), per time unit to
//                           the power of the frequency. Dropped in all of them: 1 / x!, which belongs to counts and not
//                           to times. The textbook NBD of counts has it, and T^x, and is therefore no entry here;
//                           regular purchases (Erlang-k) have their factor of the times between purchases,
//                           (k - 1) log_interval_sum - x ln Gamma(k), and are comparable with k = 1.
//   purchase_opportunities  the probability of a history of whole periods with or without a purchase; nothing dropped
//   renewals                the probability of the period of the end, or of no end yet; nothing dropped
//   repeat_spend, spend     the density of the mean spend of the repeat, or of all, purchase days
// Two kinds never share a table. Within one, AIC and BIC count the estimated parameters.
//
// References: Akaike (1974), IEEE Transactions on Automatic Control 19; Burnham & Anderson (2002), "Model selection and
// multimodel inference", 2.9 (weights); Schwarz (1978) (BIC); Wilks (1938), Annals of Mathematical Statistics 9; Self &
// Liang (1987), JASA 82 (parameters on the boundary).
//
// paper   | name here      | unit | domain
// ln L    | log_likelihood |      | in the unit of the customers' times; a change of unit shifts all models alike
// K       | parameters     |      | >= 1, estimated ones
// AIC     | aic            |      | 2 K - 2 ln L
// Delta_i | delta_aic      |      | AIC less that of the recommended model; below 0 only for one that did not converge
// w_i     | akaike_weight  | share| e^(-Delta_i / 2) over their sum; of those that converged
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/result_table.hpp"
#include "kundenwert/numeric/incomplete.hpp"

#define KW_DATA_KINDS(X)                                                            \
  X(1, purchase_times, "times of purchases: frequency, recency, T")                 \
  X(2, purchase_opportunities, "purchases at whole periods: frequency, recency, T") \
  X(3, renewals, "contracts: tenure, ended")                                        \
  X(4, repeat_spend, "mean spend of the repeat purchase days")                      \
  X(5, spend, "mean spend of all purchase days")

namespace kundenwert::btyd {

KW_DEFINE_CODES(data_kind, data_kinds, KW_DATA_KINDS)

// What a model is a likelihood of.
template <class M>
constexpr data_kind data_of();
data_kind data_of(std::int32_t model_number);

// One row per model: those that converged first, then by AIC, fewer parameters, number.
struct comparison {
  data_kind data{};
  std::vector<std::int32_t> number;
  std::vector<std::int32_t> outcome;
  std::vector<std::string> detail;  // of the outcome, in words; empty when converged
  std::vector<std::int64_t> parameters;
  std::vector<double> log_likelihood;
  std::vector<double> aic;
  std::vector<double> bic;
  std::vector<double> delta_aic;      // NaN where nothing is recommended
  std::vector<double> akaike_weight;  // NaN where not converged
  std::vector<std::int64_t> iterations;
  std::vector<model> fitted;

  std::int32_t recommended = -1;  // row; -1: none
  std::string reason;             // of the recommendation, or why there is none

  const model* choice() const { return recommended < 0 ? nullptr : &fitted[static_cast<std::size_t>(recommended)]; }

  static constexpr auto columns() {
    using t = comparison;
    using c = result_column<t>;
    return std::array{c{"model", cells::model, "", "which one", &t::number},
                      c{"outcome", cells::outcome, "", "how the fit ended", &t::outcome},
                      c{"detail", cells::text, "", "of the outcome, in words", &t::detail},
                      c{"parameters", cells::count, "", "estimated ones", &t::parameters},
                      c{"log_likelihood", cells::number, "", "maximized", &t::log_likelihood},
                      c{"aic", cells::number, "", "2 parameters - 2 log_likelihood", &t::aic},
                      c{"bic", cells::number, "", "parameters ln(customers) - 2 log_likelihood", &t::bic},
                      c{"delta_aic", cells::number, "", "aic less that of the recommended model", &t::delta_aic},
                      c{"akaike_weight", cells::number, "share", "of the models that converged", &t::akaike_weight},
                      c{"iterations", cells::count, "", "of the fit", &t::iterations}};
  }
};

struct compare_options {
  std::span<const std::int32_t> models{};  // numbers, of one kind of data; empty: all that can read the columns
  fit_options fit{};                       // of each; its threads and progress serve the whole
};

// Fits the models and compares them. Without `models` these are all that explain the columns at hand: times of
// purchases where frequency, recency and T are there, else renewals, else repeat spend; models of whole periods are
// compared where asked for. Throws missing (no model can read the columns), unknown_code, unsupported (two kinds of
// data; argument models, row the place in the list) and what fit throws.
template <class Models = models>
comparison compare(const summary_columns& columns, time_unit unit, const compare_options& options = {});
template <class Models = models>
comparison compare(const summary& customers, const compare_options& options = {});

// The same of models that were fitted to the same rows. Throws empty; unsupported (two kinds of data, not fitted),
// unit_mismatch, inconsistent (not the same customers) with the place as row.
comparison comparison_of(std::vector<model> fitted);

// The numbers of the models that explain these columns and can read them, as compare chooses them.
template <class Models = models>
std::vector<std::int32_t> readable_models(const summary_columns& columns);

// Index of the model to be used, -1 where none converged: the smallest AIC; where AIC agree to 1e-6, which is nearer
// than fits are found, the fewest parameters, then the smallest number, then the first. All must have been fitted to
// the same rows in the same unit: nothing here can tell.
std::int32_t best_converged(std::span<const model> fitted);

// The number of estimated parameters, as AIC counts them; 0 of a model that was not fitted.
std::int64_t estimated_parameters(const model& m);

struct likelihood_ratio_result {
  double statistic = not_available;     // 2 (ln L of the full model - ln L of the restricted one)
  std::int64_t degrees_of_freedom = 0;  // parameters that the restriction takes
  double p_value = not_available;       // P(chi-square >= statistic); 1 where the statistic is not above 0
  kundenwert::outcome outcome = {};     // converged, or how the first fit ended that did not
};

// Whether a restriction (fewer covariates, equal coefficients, a simpler model that the full one contains) costs more
// likelihood than chance would. The models must be nested, which nothing here can tell, and fitted without priors to
// the same rows. Where the restriction lies on the boundary of the full model (NBD as a Pareto/NBD without dropout,
// k = 1), the statistic is a mixture of chi-squares with fewer degrees of freedom: the true p value is then smaller
// than the one given, for one parameter half of it (Self & Liang 1987).
// Throws unsupported (not fitted), unit_mismatch, inconsistent (other customers), domain (full has no more parameters).
likelihood_ratio_result likelihood_ratio(const model& restricted, const model& full);

namespace detail {

// Regular purchases: their likelihood has a term of the times between purchases.
template <class M>
concept needs_intervals = requires(const parameter_values<M>& theta) {
  M::interval_term(theta, 1.0);
};

template <class M>
bool can_read(const summary_columns& c) {
  switch (data_of<M>()) {
    case data_kind::purchase_times:
    case data_kind::purchase_opportunities:
      if (needs_intervals<M> && c.log_interval_sum.empty()) return false;
      return !c.frequency.empty() && !c.recency.empty() && !c.age.empty();
    case data_kind::renewals:
      return !c.tenure.empty() && !c.ended.empty();
    case data_kind::repeat_spend:
      return !c.frequency.empty() && !c.monetary_value.empty();
    case data_kind::spend:
      return !c.frequency.empty() && !c.revenue.empty();
  }
  return false;
}

template <class... M>
std::vector<std::int32_t> models_that_read(const summary_columns& c, model_list<M...>) {
  for (const auto kind : {data_kind::purchase_times, data_kind::renewals, data_kind::repeat_spend, data_kind::spend}) {
    std::vector<std::int32_t> out;
    ((data_of<M>() == kind && can_read<M>(c) ? out.push_back(M::number) : void()), ...);
    if (!out.empty()) return out;
  }
  return {};
}

// What decides between two fits, the smaller the better.
struct fit_rank {
  bool has_failed;
  double aic;  // in steps of `tie`
  std::int64_t parameters;
  std::int32_t number;

  explicit fit_rank(const model& m)
      : has_failed(!m.is_fitted || m.fit.outcome != outcome::converged || !std::isfinite(m.fit.aic)),
        parameters(estimated_parameters(m)),
        number(m.number) {
    constexpr double tie = 1e-6;
    aic = std::isfinite(m.fit.aic) ? std::round(m.fit.aic / tie) : std::numeric_limits<double>::infinity();
  }
  bool operator<(const fit_rank& other) const {
    if (has_failed != other.has_failed) return other.has_failed;
    if (aic != other.aic) return aic < other.aic;
    if (parameters != other.parameters) return parameters < other.parameters;
    return number < other.number;
  }
};

inline void require_fitted(const model& m, std::string_view argument, std::int64_t row = no_row) {
  if (!m.is_fitted) fail_at(error_code::unsupported, argument, row, "was not fitted and has no likelihood");
}

inline std::string in_words(double number) {
  const auto tenths = static_cast<std::int64_t>(std::round(std::min(number, 1e9) * 10));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

inline std::string end_of(const model& m) {
  std::string out = std::string(m.info().title) + " is " + std::string(name_of(m.fit.outcome));
  if (!m.fit.detail.empty()) out += " (" + m.fit.detail + ")";
  return out;
}

inline std::string reason_of(const comparison& c) {
  const std::size_t models = c.fitted.size();
  std::size_t converged = 0;
  std::string failed;
  for (const model& m : c.fitted) {
    if (!fit_rank(m).has_failed) {
      ++converged;
    } else {
      failed += "; " + end_of(m);
    }
  }
  if (converged == 0) return "no model converged" + failed;
  std::string out;
  if (models == 1) {
    out = "the only model, and it converged";
  } else if (converged == 1) {
    out = "the only one of " + std::to_string(models) + " models that converged";
  } else if (converged == models) {
    out = "lowest AIC of " + std::to_string(models) + " models";
  } else {
    out = "lowest AIC among the " + std::to_string(converged) + " of " + std::to_string(models) +
          " models that converged";
  }
  // Burnham & Anderson, 2.6: models within 2 have substantial support.
  constexpr double hardly_different = 2;
  for (std::size_t i = 1; i < converged; ++i) {
    if (c.delta_aic[i] >= hardly_different) break;
    out += "; " + std::string(c.fitted[i].info().title) + " explains the data as well (AIC higher by " +
           in_words(std::max(c.delta_aic[i], 0.0)) + ")";
  }
  return out + failed;
}

}  // namespace detail

template <class M>
constexpr data_kind data_of() {
  if constexpr (std::same_as<typename M::row, spend_row>) {
    return data_kind::repeat_spend;
  } else if constexpr (std::derived_from<typename M::row, spend_row>) {
    return data_kind::spend;
  } else if constexpr (std::same_as<typename M::row, tenure_row>) {
    return data_kind::renewals;
  } else if constexpr (discrete_model<M>) {
    return data_kind::purchase_opportunities;
  } else {
    return data_kind::purchase_times;
  }
}

inline data_kind data_of(std::int32_t model_number) {
  return visit_model(model_number, []<class M>(std::type_identity<M>) { return data_of<M>(); });
}

inline std::int64_t estimated_parameters(const model& m) { return m.is_fitted ? m.fit.estimated : 0; }

inline std::int32_t best_converged(std::span<const model> fitted) {
  std::int32_t best = -1;
  for (std::size_t i = 0; i < fitted.size(); ++i) {
    const detail::fit_rank rank(fitted[i]);
    if (rank.has_failed) continue;
    if (best < 0 || rank < detail::fit_rank(fitted[static_cast<std::size_t>(best)])) {
      best = static_cast<std::int32_t>(i);
    }
  }
  return best;
}

inline comparison comparison_of(std::vector<model> fitted) {
  require_not_empty(static_cast<std::int64_t>(fitted.size()), "models");
  comparison out;
  out.data = data_of(fitted.front().number);
  for (std::size_t i = 0; i < fitted.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const model& m = fitted[i];
    detail::require_fitted(m, "models", row);
    if (data_of(m.number) != out.data) {
      fail_at(error_code::unsupported, "models", row,
              std::string(m.info().title) + " explains " + std::string(name_of(data_of(m.number))) +
                  ", the first one " + std::string(name_of(out.data)) + ": their likelihoods cannot be compared");
    }
    if (m.unit != fitted.front().unit) {
      fail_at(error_code::unit_mismatch, "models", row, "is in another unit than the first model");
    }
    if (m.fit.customers != fitted.front().fit.customers) {
      fail_at(error_code::inconsistent, "models", row, "was fitted to other customers than the first model");
    }
  }
  std::stable_sort(fitted.begin(), fitted.end(),
                   [](const model& a, const model& b) { return detail::fit_rank(a) < detail::fit_rank(b); });
  if (!detail::fit_rank(fitted.front()).has_failed) out.recommended = 0;
  double weights = 0;
  for (const model& m : fitted) {
    out.number.push_back(m.number);
    out.outcome.push_back(static_cast<std::int32_t>(m.fit.outcome));
    out.detail.push_back(m.fit.detail);
    out.parameters.push_back(estimated_parameters(m));
    out.log_likelihood.push_back(m.fit.log_likelihood);
    out.aic.push_back(m.fit.aic);
    out.bic.push_back(m.fit.bic);
    out.iterations.push_back(m.fit.iterations);
    const double delta = m.fit.aic - fitted.front().fit.aic;
    out.delta_aic.push_back(out.recommended < 0 ? not_available : delta);
    out.akaike_weight.push_back(detail::fit_rank(m).has_failed ? not_available : std::exp(-delta / 2));
    if (!std::isnan(out.akaike_weight.back())) weights += out.akaike_weight.back();
  }
  for (double& weight : out.akaike_weight) weight /= weights;
  out.fitted = std::move(fitted);
  out.reason = detail::reason_of(out);
  return out;
}

template <class Models>
std::vector<std::int32_t> readable_models(const summary_columns& columns) {
  return detail::models_that_read(columns, Models{});
}

template <class Models>
comparison compare(const summary_columns& columns, time_unit unit, const compare_options& options) {
  std::vector<std::int32_t> numbers(options.models.begin(), options.models.end());
  if (numbers.empty()) numbers = readable_models<Models>(columns);
  if (numbers.empty()) fail(error_code::missing, "frequency", "no model can read the columns that are there");
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    if (data_of(numbers[i]) != data_of(numbers[0])) {
      fail_at(error_code::unsupported, "models", static_cast<std::int64_t>(i),
              "explains other data than the first one: their likelihoods cannot be compared");
    }
  }
  std::vector<model> fitted;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto steps = static_cast<double>(numbers.size());
    const auto done = static_cast<double>(i);
    progress_share fitting{options.fit.watch, done / steps, (done + 1) / steps};
    fit_options each = options.fit;
    each.watch = fitting.watch();
    fitted.push_back(fit<Models>(numbers[i], columns, unit, each));
  }
  return comparison_of(std::move(fitted));
}

template <class Models>
comparison compare(const summary& customers, const compare_options& options) {
  return compare<Models>(columns_of(customers), customers.unit, options);
}

inline likelihood_ratio_result likelihood_ratio(const model& restricted, const model& full) {
  detail::require_fitted(restricted, "restricted");
  detail::require_fitted(full, "full");
  if (restricted.unit != full.unit) fail(error_code::unit_mismatch, "full", "is in another unit than restricted");
  if (restricted.fit.customers != full.fit.customers || data_of(restricted.number) != data_of(full.number)) {
    fail(error_code::inconsistent, "full", "was fitted to other data than restricted");
  }
  likelihood_ratio_result out;
  out.degrees_of_freedom = estimated_parameters(full) - estimated_parameters(restricted);
  if (out.degrees_of_freedom < 1) fail(error_code::domain, "full", "has no more parameters than restricted");
  out.statistic = 2 * (full.fit.log_likelihood - restricted.fit.log_likelihood);
  const double freedom = static_cast<double>(out.degrees_of_freedom);
  out.p_value = out.statistic > 0 ? numeric::incomplete_gamma_upper(freedom / 2, out.statistic / 2) : 1;
  out.outcome = restricted.fit.outcome != outcome::converged ? restricted.fit.outcome : full.fit.outcome;
  return out;
}

}  // namespace kundenwert::btyd
