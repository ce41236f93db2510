// What a buy-till-you-die model has to state, and nothing else: its parameters, a deterministic start and its
// log-likelihood kernel. Fitting, exact derivatives, standard errors, weights, predictions over columns, C and Python
// follow from this for all models.
//
// A model is a struct of facts:
//
//   static constexpr std::int32_t number;                  the constant of the C interface, never reused
//   static constexpr std::string_view name, title, source; "bg_nbd", "BG/NBD", paper
//   static constexpr std::array<parameter_fact, K> parameters;
//   using row = summary_row, tenure_row or spend_row;
//   static std::array<double, K> start(const totals&);     where a fit begins
//   template <class S> static S count_term(theta<S>, x);   part of ln L that depends on the frequency alone
//   template <class S> static S row_term(theta<S>, row);   the rest of ln L
//
// and where it has them
//
//   static constexpr bool is_discrete = true;              time counts whole periods: no scaling, whole horizons
//   static constexpr std::array<limit_fact, N> limits;     what it becomes where a parameter runs to an edge
//   static std::string remark(theta);                      what a user must know of these values; mostly empty
//
// and the quantities it can answer, each a kernel (theta, row, arguments) -> double; see btyd/quantities.
// Parameters are positive; fits run on their logarithms. S is double or a numeric::dual. A whole parameter (k) is
// chosen by likelihood among its values, one fit each: in a kernel it is an S without derivatives.
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "kundenwert/base/check.hpp"
#include "kundenwert/model/summary.hpp"
#include "kundenwert/numeric/dual.hpp"

namespace kundenwert::btyd {

// What a covariate of the customers does to a parameter: theta_i = theta exp(sign gamma' z_i). Signs are such that a
// positive coefficient means more purchases, and more dropout.
enum class covariate_link : std::int32_t {
  none = 0,       // no covariates
  purchase = 1,   // a scale of the purchase process: sign -1 (alpha)
  dropout = 2,    // the parameter of the dropout process that covariates change: sign given by `link_sign`
  dropout_b = 3,  // a second one, changed only where asked for
};

// One parameter. unit_power is 1 where the parameter is measured in the unit of the rows (time, or currency for
// spend), -1 where it is measured per unit, 0 where it is a pure number.
struct parameter_fact {
  std::string_view name;
  int unit_power;
  std::string_view meaning;
  covariate_link link = covariate_link::none;
  int link_sign = 0;
  int largest_whole = 0;   // > 0: a whole number from 1 to here, not estimated but chosen
  double smallest = 1e-8;  // of the scaled parameter in a fit
};

// What a model becomes where a parameter of a fit runs to 0 or grows without bound; where `with` names another
// parameter, if that one (of scaled rows) is below a thousandth too.
struct limit_fact {
  std::string_view parameter;
  bool is_zero;  // the lower edge
  std::string_view meaning;
  std::string_view with{};
};

// A contract with renewals at the end of each period.
struct tenure_row {
  double tenure;  // renewals so far, whole number >= 0
  double ended;   // 1: the next renewal was refused; 0: still running, unknown beyond
};

// Mean spend per repeat purchase day of one customer: the row of a spend model.
struct spend_row {
  double frequency;       // repeat purchase days, whole number >= 1
  double monetary_value;  // mean spend of those days, > 0
};

// The same over all purchase days, the first one included.
struct all_purchases_row : spend_row {};

// What a deterministic start may look at; times are scaled so that the largest age is in (1/2, 1].
struct totals {
  double weight;     // customers
  double frequency;  // sum of repeat purchases
  double age;        // sum of ages; sum of frequency * monetary_value for spend
  double repeaters;  // customers with at least one repeat purchase
};

template <class M>
concept model_facts = requires(const std::array<double, M::parameters.size()>& theta, const typename M::row& r) {
  { M::number } -> std::convertible_to<std::int32_t>;
  { M::name } -> std::convertible_to<std::string_view>;
  { M::start(totals{}) } -> std::convertible_to<std::array<double, M::parameters.size()>>;
  { M::count_term(theta, 1.0) } -> std::convertible_to<double>;
  { M::row_term(theta, r) } -> std::convertible_to<double>;
};

// Parameters of a model with scalar S, in the order of M::parameters.
template <class M, class S = double>
using parameter_values = std::array<S, M::parameters.size()>;

// How many parameters a fit estimates: whole ones are chosen.
template <class M>
inline constexpr std::size_t estimated_count = [] {
  std::size_t n = 0;
  for (const auto& p : M::parameters) n += p.largest_whole == 0 ? 1 : 0;
  return n;
}();

template <class M>
concept spend_model = model_facts<M> && std::derived_from<typename M::row, spend_row>;

template <class M>
concept discrete_model = model_facts<M> && requires {
  requires M::is_discrete;
};

// The number that count_term reads of a row.
inline double count_of(const summary_row& r) { return r.frequency; }
inline double count_of(const tenure_row& r) { return r.tenure; }
inline double count_of(const spend_row& r) { return r.frequency; }

// ln of the likelihood of one row: the paper's density without the 1/x! that belongs to no parameter.
template <class M, class S>
S log_likelihood(const std::array<S, M::parameters.size()>& theta, const typename M::row& row) {
  return M::count_term(theta, count_of(row)) + M::row_term(theta, row);
}

// Throws where a row is no possible customer of the model's kind.
inline void require_row(const summary_row& r, std::int64_t row) { require_summary_row(r, row); }
inline void require_row(const tenure_row& r, std::int64_t row) {
  require_not_negative(r.tenure, "tenure", row);
  if (r.tenure != std::floor(r.tenure)) fail_at(error_code::not_integer, "tenure", row, "is no whole number");
  if (r.ended != 0 && r.ended != 1) fail_at(error_code::domain, "ended", row, "must be 0 (running) or 1 (ended)");
}
inline void require_row(const spend_row& r, std::int64_t row) {
  require_positive(r.frequency, "frequency", row);
  if (r.frequency != std::floor(r.frequency)) fail_at(error_code::not_integer, "frequency", row, "is no whole number");
  require_positive(r.monetary_value, "monetary_value", row);
}

inline void require_row(const all_purchases_row& r, std::int64_t row) {
  require_not_negative(r.frequency - 1, "frequency", row);
  if (r.frequency != std::floor(r.frequency)) fail_at(error_code::not_integer, "frequency", row, "is no whole number");
  require_positive(r.monetary_value, "revenue", row);
}

// Throws where a parameter is not a positive finite number; the argument named is the parameter.
template <class M>
parameter_values<M> require_parameters(std::span<const double> values) {
  if (values.size() != M::parameters.size()) {
    fail(
        error_code::length_mismatch, "parameters",
        "has " + std::to_string(values.size()) + " values where the model has " + std::to_string(M::parameters.size()));
  }
  parameter_values<M> theta{};
  for (std::size_t i = 0; i < theta.size(); ++i) {
    require_positive(values[i], M::parameters[i].name);
    const int largest = M::parameters[i].largest_whole;
    if (largest > 0 && (values[i] != std::floor(values[i]) || values[i] > largest)) {
      fail(error_code::domain, M::parameters[i].name, "must be a whole number from 1 to " + std::to_string(largest));
    }
    theta[i] = values[i];
  }
  return theta;
}

}  // namespace kundenwert::btyd
