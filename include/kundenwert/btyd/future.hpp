// What a customer will do, given the history: every answer about the future that a model can give. A model states the
// probability of being alive and, for somebody alive, the state of the process from now on (beta_geometric.hpp,
// independent_lifetime.hpp); the answers are the same for all.
//
//   P(event) = P(alive | history) P(event | alive, state) + P(gone | history) [event needs no purchase]
//
// References: the headers of the models and of their processes; B1.12 of the domain specification.
#pragma once

#include <cmath>
#include <concepts>
#include <limits>

#include "kundenwert/btyd/beta_geometric.hpp"
#include "kundenwert/btyd/independent_lifetime.hpp"
#include "kundenwert/btyd/model.hpp"
#include "kundenwert/numeric/root.hpp"

namespace kundenwert::btyd {

// A model whose customers are alive with a probability and then go on in a state.
template <class M>
concept transaction_model = model_facts<M> && requires(const parameter_values<M>& theta, const typename M::row& r) {
  { M::probability_alive(theta, r) } -> std::same_as<double>;
  { expected_purchases(M::state(theta, r), 1.0) } -> std::same_as<double>;
};

namespace detail {

// The smallest whole number from `start` on that is not too small; NaN beyond 2^53. Doubling, then halving.
template <class Condition>
double first_whole(double start, Condition&& is_too_small) {
  constexpr double largest = 9007199254740992;
  if (!is_too_small(start)) return start;
  double low = start;
  double step = 1;
  while (is_too_small(start + step)) {
    low = start + step;
    if (low >= largest) return not_available;
    step *= 2;
  }
  double high = start + step;
  while (high - low > 1) {
    const double middle = std::floor(low + 0.5 * (high - low));
    (is_too_small(middle) ? low : high) = middle;
  }
  return high;
}

}  // namespace detail

// Expected purchases in the next `horizon`, each discounted from its own time (rate 0: not at all).
template <transaction_model M>
double discounted_expected_transactions(const parameter_values<M>& theta, const typename M::row& r, double horizon,
                                        double rate) {
  const double alive = M::probability_alive(theta, r);
  return alive == 0 ? 0 : alive * discounted_purchases(M::state(theta, r), horizon, rate);
}

template <transaction_model M>
double expected_transactions(const parameter_values<M>& theta, const typename M::row& r, double horizon) {
  return discounted_expected_transactions<M>(theta, r, horizon, 0);
}

// P(alive at T + horizon).
template <transaction_model M>
double probability_alive_after(const parameter_values<M>& theta, const typename M::row& r, double horizon) {
  const double alive = M::probability_alive(theta, r);
  return alive == 0 ? 0 : alive * survival(M::state(theta, r), horizon);
}

// P(at least one purchase within the horizon).
template <transaction_model M>
double probability_of_purchase(const parameter_values<M>& theta, const typename M::row& r, double horizon) {
  const double alive = M::probability_alive(theta, r);
  return alive == 0 ? 0 : alive * purchase_within(M::state(theta, r), horizon);
}

// P(exactly `count` purchases within the horizon).
template <transaction_model M>
double probability_of_count(const parameter_values<M>& theta, const typename M::row& r, double horizon, double count) {
  const double alive = M::probability_alive(theta, r);
  const double of_gone = count == 0 ? 1 - alive : 0;
  return alive == 0 ? of_gone : of_gone + alive * purchase_probability(M::state(theta, r), count, horizon);
}

// The smallest n with P(at most n purchases within the horizon) >= level, level in (0, 1). NaN beyond 2^53.
template <transaction_model M>
double transactions_quantile(const parameter_values<M>& theta, const typename M::row& r, double horizon, double level) {
  const double alive = M::probability_alive(theta, r);
  // A probability equal to the level is one to rounding.
  constexpr double rounding = 1e-12;
  const double allowed = (1 - level) * (1 + rounding);
  if (alive <= allowed) return 0;
  const auto state = M::state(theta, r);
  const auto exceeds = [&](double n) { return alive * purchase_tail(state, n + 1, horizon) > allowed; };
  return detail::first_whole(0, exceeds);
}

// The time within which the next purchase comes with probability `level`, level in (0, 1); infinity where that
// probability is never reached. Discrete models: the smallest whole number of periods.
template <transaction_model M>
double next_purchase_quantile(const parameter_values<M>& theta, const typename M::row& r, double level) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double alive = M::probability_alive(theta, r);
  if (alive < level) return infinity;
  const auto state = M::state(theta, r);
  if constexpr (discrete_model<M>) {
    const double found = detail::first_whole(1, [&](double t) { return alive * purchase_within(state, t) < level; });
    return std::isnan(found) ? infinity : found;
  } else {
    const auto excess = [&](double log_time) { return alive * purchase_within(state, std::exp(log_time)) - level; };
    // From about the mean waiting time up or down until the level lies between.
    const double start = std::log(typical_wait(state));
    constexpr double farthest = 300;  // e^300 times: there is no such time
    double low = start;
    double high = start;
    for (double step = 1; excess(high) < 0; step *= 2) {
      if (high - start > farthest) return infinity;
      low = high;
      high += step;
    }
    for (double step = 1; excess(low) > 0; step *= 2) {
      if (start - low > farthest) return 0;
      high = low;
      low -= step;
    }
    if (low == high) return std::exp(low);
    return std::exp(numeric::find_root(excess, low, high).root);
  }
}

// E[min(time to the next purchase, horizon)]: the mean waiting time, waits beyond the horizon counted as the horizon.
template <transaction_model M>
double expected_waiting_time(const parameter_values<M>& theta, const typename M::row& r, double horizon) {
  const double alive = M::probability_alive(theta, r);
  return (1 - alive) * horizon + (alive == 0 ? 0 : alive * waiting_time(M::state(theta, r), horizon));
}

// P(a customer with this history, were he still alive, would have bought again by now), counted from the last purchase.
// Near 1: overdue.
template <transaction_model M>
requires std::same_as<typename M::row, summary_row>
double overdue(const parameter_values<M>& theta, const summary_row& r) {
  return purchase_within_life(M::state(theta, {r.frequency, r.recency, r.recency}), r.age - r.recency);
}

}  // namespace kundenwert::btyd
