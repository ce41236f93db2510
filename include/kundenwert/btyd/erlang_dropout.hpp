// Erlang purchase intervals with beta distributed dropout: what BG/CNBD-k and MBG/CNBD-k share. They differ in whether
// a customer may drop out already after the first purchase.
//
// References: Reutterer, Platzer & Schroeder (2020), "Leveraging purchase regularity for predicting customer behavior
// the easy way", International Journal of Research in Marketing 38; erlang_stages.hpp (symbols), erlang_rates.hpp.
//
// paper | name here   | unit | domain
// r     | theta[0]    | -    | > 0, shape of the rate of the clock
// alpha | theta[1]    | time | > 0, rate of the gamma distribution of that rate
// a, b  | theta[2, 3] | -    | > 0, beta distribution of the dropout probability
// k     | theta[4]    | -    | 1 ... 12, events of the clock per purchase
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "kundenwert/btyd/bg_nbd.hpp"
#include "kundenwert/btyd/erlang_rates.hpp"
#include "kundenwert/btyd/erlang_stages.hpp"
#include "kundenwert/model/summary.hpp"
#include "kundenwert/numeric/dual.hpp"

namespace kundenwert::btyd {

// The parameters of the regular-purchase models.
inline constexpr std::array erlang_parameters{
    parameter_fact{"r", 0, "shape of the gamma distribution of the rates of the purchase clock"},
    parameter_fact{"alpha", 1, "rate of the gamma distribution of the rates of the purchase clock",
                   covariate_link::purchase, -1},
    bg_nbd::parameters[2], bg_nbd::parameters[3],
    parameter_fact{"k", 0, "purchases of the Erlang clock per observed purchase; regularity", covariate_link::none, 0,
                   static_cast<int>(most_stages)}};

// Likelihood and posterior, for is_modified = false (dropout after repeat purchases) and true (after all).
template <bool is_modified>
struct erlang_history {
  // ln of the part of L that depends on the frequency alone; k enters here, the interval term apart.
  template <class S>
  static S count_term(const std::array<S, 5>& theta, double x);

  template <class S>
  static S row_term(const std::array<S, 5>& theta, const summary_row& c);

  // P(alive | history), and what somebody alive is in.
  static double probability_alive(const std::array<double, 5>& theta, const summary_row& c);
  static erlang_state state(const std::array<double, 5>& theta, const summary_row& c);

  // E[lambda | history] / k: purchases per time unit while alive. Those who are gone left at t_x.
  static double purchase_rate(const std::array<double, 5>& theta, const summary_row& c);

  // E[p | history].
  static double dropout_probability(const std::array<double, 5>& theta, const summary_row& c);
};

// P(at least n purchases within t), n a whole number >= 0.
inline double purchase_tail(const erlang_state& state, double n, double t);

// P(exactly n purchases within t), n a whole number >= 0, t >= 0 and finite.
inline double purchase_probability(const erlang_state& state, double n, double t);

// P(at least one purchase within t): nobody leaves before the next one.
inline double purchase_within(const erlang_state& state, double t) { return purchase_tail(state, 1, t); }
inline double purchase_within_life(const erlang_state& state, double t) { return purchase_tail(state, 1, t); }

// Expected purchases in the next `horizon` (>= 0), given alive, discounted continuously at `rate` (>= 0 per time unit).
// An infinite horizon needs rate > 0. Relative error below 1e-10.
inline double discounted_purchases(const erlang_state& state, double horizon, double rate);
inline double expected_purchases(const erlang_state& state, double horizon) {
  return discounted_purchases(state, horizon, 0);
}

// P(still alive after u).
inline double survival(const erlang_state& state, double u);

// E[min(time to the next purchase, horizon)], horizon finite.
inline double waiting_time(const erlang_state& state, double horizon);

// A time of about the size of the wait: k events at the expected rate.
inline double typical_wait(const erlang_state& state) {
  return static_cast<double>(state.stages) * state.scale / state.shape;
}

namespace detail {

inline std::size_t stages_of(double k) { return static_cast<std::size_t>(k); }

// ln(alpha^r (alpha + T)^-(r + k x) S2): the part of L of somebody alive at T.
template <class S>
S log_alive(const S& r, const S& alpha, double k, const summary_row& c) {
  using std::log;
  using std::log1p;
  const double events = k * c.frequency;
  const std::size_t stages = stages_of(k);
  const S share = (c.age - c.recency) / (alpha + c.age);
  // Without a repeat purchase this is ln P(fewer than k events), near 0 for short ages: keep the digits of the rest.
  // Twenty-four terms that fall at least by this factor end below rounding.
  constexpr double few = 0.2;
  constexpr int terms = 24;
  if (stages > 1 && c.frequency == 0 && numeric::value_of(share) * (1 + numeric::value_of(r)) <= few) {
    S term = 1.0;
    for (int i = 0; i < static_cast<int>(stages); ++i) term = term * (r + i) * share * (1.0 / (i + 1));
    S sum = term;
    for (int i = static_cast<int>(stages); i < static_cast<int>(stages) + terms; ++i) {
      term = term * (r + i) * share * (1.0 / (i + 1));
      sum = sum + term;
    }
    using std::exp;
    return log1p(-(sum * exp(bg_nbd::log_purchases(r, alpha, 0.0, c.age))));
  }
  const S alive = bg_nbd::log_purchases(r, alpha, events, c.age);
  if (stages == 1) return alive;
  return alive + log(silence_sum(S(r + events), share, stages));
}

// ln of P(silent | alive) beside the density of the last purchase: ((alpha + t_x) / (alpha + T))^(r + k x) S2.
inline double log_silent(const std::array<double, 5>& theta, const summary_row& c) {
  const double shape = theta[0] + theta[4] * c.frequency;
  const double share = (c.age - c.recency) / (theta[1] + c.age);
  return std::log(silence_sum(shape, share, stages_of(theta[4]))) - shape * bg_nbd::log_silence(theta[1], c);
}

}  // namespace detail

template <bool is_modified>
template <class S>
S erlang_history<is_modified>::count_term(const std::array<S, 5>& theta, double x) {
  using numeric::log_rising;
  const auto& [r, alpha, a, b, stages] = theta;
  const double k = numeric::value_of(stages);
  return log_rising(r, k * x) + log_rising(b, x) - log_rising(a + b, x) - x * numeric::log_gamma(k);
}

template <bool is_modified>
template <class S>
S erlang_history<is_modified>::row_term(const std::array<S, 5>& theta, const summary_row& c) {
  using std::expm1;
  using std::log;
  using std::log1p;
  const auto& [r, alpha, a, b, stages] = theta;
  const double k = numeric::value_of(stages);
  const double x = c.frequency;
  const S alive = detail::log_alive(r, alpha, k, c);
  if constexpr (is_modified) {
    // As in mbg_nbd.hpp: 1 - L keeps its digits where it is small.
    const S total = a + b + x;
    constexpr double log_half = -0.693147180559945309;
    if (x == 0 && numeric::value_of(alive) > log_half) return log1p(b / total * expm1(alive));
    const S gone = log(a) + bg_nbd::log_purchases(r, alpha, k * x, c.recency);
    return numeric::log_add_exp(log(b + x) + alive, gone) - log(total);
  } else {
    if (x == 0) return alive;
    const S gone = log(a) - log(b + (x - 1)) + bg_nbd::log_purchases(r, alpha, k * x, c.recency);
    return numeric::log_add_exp(alive, gone);
  }
}

template <bool is_modified>
double erlang_history<is_modified>::probability_alive(const std::array<double, 5>& theta, const summary_row& c) {
  if (!is_modified && c.frequency == 0) return 1;
  const double survived = c.frequency + (is_modified ? 1 : 0);
  return 1 / (1 + theta[2] / (theta[3] + (survived - 1)) * std::exp(-detail::log_silent(theta, c)));
}

template <bool is_modified>
erlang_state erlang_history<is_modified>::state(const std::array<double, 5>& theta, const summary_row& c) {
  const auto& [r, alpha, a, b, k] = theta;
  return erlang_state_of(detail::stages_of(k), r + k * c.frequency, alpha + c.age, c.age - c.recency, a,
                         b + c.frequency + (is_modified ? 1 : 0));
}

template <bool is_modified>
double erlang_history<is_modified>::purchase_rate(const std::array<double, 5>& theta, const summary_row& c) {
  const auto& [r, alpha, a, b, k] = theta;
  const double alive = probability_alive(theta, c);
  const erlang_state now = state(theta, c);
  double events = now.shape;
  for (std::size_t j = 1; j < now.stages; ++j) events += static_cast<double>(j) * now.passed[j];
  return (alive * events / now.scale + (1 - alive) * now.shape / (alpha + c.recency)) / k;
}

template <bool is_modified>
double erlang_history<is_modified>::dropout_probability(const std::array<double, 5>& theta, const summary_row& c) {
  const auto& [r, alpha, a, b, k] = theta;
  const double gone = 1 - probability_alive(theta, c);
  return (a + gone) / (a + b + c.frequency + (is_modified ? 1 : 0));
}

namespace detail {

// P(purchase n is reached within t), given alive all the while: one incomplete beta function, then
// I_v(m - 1, A + 1) = I_v(m, A) + Gamma(m + A) / (Gamma(m) Gamma(A + 1)) v^(m - 1) (1 - v)^A.
inline double stages_reached(const erlang_state& state, double n, double t) {
  const std::size_t chains = passed_count(state);
  const double m = n * static_cast<double>(state.stages);
  double reached = negative_binomial_tail(state.shape, state.scale, m, t);
  double sum = state.passed[0] * reached;
  if (chains == 1) return sum;
  // Exactly m - 1 events, of a chain with one more in its shape, times (s + t) / s.
  double more = std::exp(log_negative_binomial(state.shape + 1, state.scale, m - 1, t)) * (1 + t / state.scale);
  for (std::size_t j = 1; j < chains; ++j) {
    const auto i = static_cast<double>(j);
    reached += more;
    sum += state.passed[j] * reached;
    more *= state.scale / t * ((m - i) / (state.shape + i));
  }
  return std::min(sum, 1.0);
}

// P(from n k to n k + k - 1 events since the last purchase).
inline double stages_between(const erlang_state& state, double n, double t) {
  const std::size_t chains = passed_count(state);
  const double share = t / (state.scale + t);
  double sum = 0;
  for (std::size_t j = 0; j < chains; ++j) {
    const double shape = state.shape + static_cast<double>(j);
    const double end = (n + 1) * static_cast<double>(state.stages) - static_cast<double>(j);
    const double begin = std::max(0.0, end - static_cast<double>(state.stages));
    double term = std::exp(log_negative_binomial(shape, state.scale, begin, t));
    double inner = 0;
    for (double m = begin; m < end; ++m) {
      inner += term;
      term *= (shape + m) / (m + 1) * share;
    }
    sum += state.passed[j] * inner;
  }
  return sum;
}

// E[min(time of event number `events`, s X)] / s for a rate Gamma(A, s): the sum over m < events of the mean time spent
// with m events so far, spent(m) = int_0^X P(exactly m) dx = spent(m - 1) - w^m (1 - w)^(A-1) Gamma(A + m - 1) /
// (Gamma(A) m!), w = X / (1 + X). Downwards the terms add up; where they do not cancel, upwards from the closed form.
inline double mean_wait(double shape, std::size_t events, double end) {
  const double w = end / (1 + end);
  const double growth = std::log1p(end);
  const auto last = static_cast<double>(events - 1);
  // At m = 1: spent(0) - spent(1).
  double left = w * std::exp((1 - shape) * growth);
  if (w > 0.5 || (last + shape) * w > 2 * (last + 2)) {
    double spent = growth * numeric::expm1_over((1 - shape) * growth);
    double sum = spent;
    for (double m = 1; m <= last; ++m) {
      spent = std::max(0.0, spent - left);
      sum += spent;
      left *= w * ((shape + m - 1) / (m + 1));
    }
    return sum;
  }
  // spent(last) is the sum of all that is left beyond; each m below has its own and all those.
  double sum = 0;
  double m = 1;
  for (; m <= last; ++m) {
    sum += m * left;
    left *= w * ((shape + m - 1) / (m + 1));
  }
  double beyond = 0;
  for (; left > 1e-18 * beyond; ++m) {
    beyond += left;
    left *= w * ((shape + m - 1) / (m + 1));
  }
  return sum + static_cast<double>(events) * beyond;
}

}  // namespace detail

inline double purchase_tail(const erlang_state& state, double n, double t) {
  if (n == 0) return 1;
  if (t == 0) return 0;
  return std::exp(detail::log_all_survived(state, n - 1)) * detail::stages_reached(state, n, t);
}

inline double purchase_probability(const erlang_state& state, double n, double t) {
  if (t == 0) return n == 0 ? 1 : 0;
  const double between = detail::stages_between(state, n, t);
  if (n == 0) return between;
  // All n survived, or the last one was the end.
  const double left = state.dropout / (state.dropout + state.survival + (n - 1));
  return std::exp(detail::log_all_survived(state, n)) * between +
         std::exp(detail::log_all_survived(state, n - 1)) * left * detail::stages_reached(state, n, t);
}

namespace detail {
// Beyond about this many events times chains the integrals are cheaper.
inline constexpr double most_stage_terms = 30000;
inline double most_stages_summed(const erlang_state& state) {
  return most_stage_terms / static_cast<double>(passed_count(state) + 2);
}
}  // namespace detail

inline double discounted_purchases(const erlang_state& state, double horizon, double rate) {
  if (horizon == 0) return 0;
  // e^-80 of what comes later is nothing.
  constexpr double discounted_away = 80;
  const double t = rate * horizon > discounted_away ? discounted_away / rate : horizon;
  const double least = detail::least_purchases(state, t, rate);
  const double last = detail::last_stage(state, t, rate, least, detail::most_stages_summed(state));
  // Under strong discounting the sums would begin below the smallest double.
  constexpr double smallest = -690;
  const bool is_short = last <= detail::most_stages_summed(state);
  if (is_short &&
      (rate == 0 || least < smallest / 2 || log_negative_binomial(state.shape, state.scale, last, t) > smallest)) {
    return detail::sum_stages(state, t, rate, last).purchases;
  }
  const bool is_endless = t < horizon;
  const double end = is_endless ? std::numeric_limits<double>::infinity() : t;
  const detail::clock_future future(state, end, rate, detail::future_of::purchases);
  const double seen = rate * t > 1 ? 1 / rate : t;
  const auto k = static_cast<double>(state.stages);
  const beta_geometric_state dropout{state.shape, state.scale, state.dropout, state.survival};
  return detail::over_dropout(dropout, detail::long_purchases{future, (state.shape + k) * seen / state.scale / k})
      .value();
}

inline double survival(const erlang_state& state, double u) {
  if (u == 0) return 1;
  const double last = detail::last_stage(state, u, 0, 0, detail::most_stages_summed(state));
  if (last <= detail::most_stages_summed(state)) return detail::sum_stages(state, u, 0, last).survival;
  const detail::clock_future future(state, u, 0, detail::future_of::life);
  const auto k = static_cast<double>(state.stages);
  const beta_geometric_state dropout{state.shape, state.scale, state.dropout, state.survival};
  return detail::over_dropout(dropout, detail::long_survival{future, state.shape, u / state.scale / k}).value();
}

inline double waiting_time(const erlang_state& state, double horizon) {
  if (horizon == 0) return 0;
  double sum = 0;
  for (std::size_t j = 0; j < detail::passed_count(state); ++j) {
    sum += state.passed[j] *
           detail::mean_wait(state.shape + static_cast<double>(j), state.stages - j, horizon / state.scale);
  }
  return state.scale * sum;
}

}  // namespace kundenwert::btyd
