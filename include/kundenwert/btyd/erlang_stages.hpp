// Purchases that come every k-th event of a Poisson clock: the interval between two purchases is then Erlang-k
// distributed, more regular the larger k. Here: what a customer alive at T is in from now on, and sums over the events
// of the clock.
//
// With lambda ~ Gamma(A, rate s) before the silence since t_x is told apart, d = T - t_x and j of the k events passed
// in it, P(j) is proportional to Gamma(A + j) / (Gamma(A) j!) (d / s)^j, j < k, and given j lambda ~ Gamma(A + j, s).
// Event m from now comes at tau_m = s x with x beta prime (m, A + j); the n-th purchase is event n k - j. With
// X = t / s, v = t / (s + t), c = m + A + j, z = rate s:
//   G(m) = E[e^(-z x); x <= X]         = G(m + 1) + e^(-z X) P(exactly m events within t) + z K(m + 1) / c
//   K(m) = E[(1 + x) e^(-z x); x <= X] = G(m) + K(m + 1) m / c
// (integration by parts). All terms are positive, so that going down in m is stable.
//
// Reference: Reutterer, Platzer & Schroeder (2020), International Journal of Research in Marketing 38, appendix. Their
// expectation is an approximation; the sums here are exact.
//
// symbol | name     | unit | domain
// k      | stages   | -    | 1 ... 12
// A      | shape    | -    | > 0, r + k x
// s      | scale    | time | > 0, alpha + T
// d      | idle     | time | 0 <= d < s, T - t_x
// a      | dropout  | -    | > 0
// b      | survival | -    | > 0, after the purchases survived so far
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "kundenwert/btyd/negative_binomial.hpp"
#include "kundenwert/numeric/dual.hpp"
#include "kundenwert/numeric/special.hpp"

namespace kundenwert::btyd {

inline constexpr std::size_t most_stages = 12;

struct erlang_state {
  std::size_t stages;
  double shape;
  double scale;
  double idle;
  double dropout;
  double survival;
  std::array<double, most_stages> passed;  // P(j stages passed since the last purchase), j < stages; then 0
};

// Sum over j < stages of Gamma(shape + j) / (Gamma(shape) j!) share^j: how much likelier silence is than with the first
// event of the clock the purchase. share = (T - t_x) / (alpha + T) in [0, 1).
template <class S>
S silence_sum(const S& shape, const S& share, std::size_t stages) {
  S sum = 1.0;
  S term = 1.0;
  for (std::size_t j = 1; j < stages; ++j) {
    const auto i = static_cast<double>(j);
    term = term * ((shape + (i - 1)) * share) * (1 / i);
    sum = sum + term;
  }
  return sum;
}

// The state of somebody alive; shape, scale and idle as above.
inline erlang_state erlang_state_of(std::size_t stages, double shape, double scale, double idle, double dropout,
                                    double survival) {
  erlang_state out{stages, shape, scale, idle, dropout, survival, {}};
  double term = 1;
  double sum = 0;
  for (std::size_t j = 0; j < stages; ++j) {
    out.passed[j] = term;
    sum += term;
    const auto i = static_cast<double>(j);
    term *= (shape + i) / (i + 1) * (idle / scale);
  }
  for (double& w : out.passed) w /= sum;
  return out;
}

namespace detail {

// ln E[(1 - p)^n], in the form whose logarithms are smaller.
inline double log_all_survived(const erlang_state& state, double n) {
  using numeric::log_rising;
  const double a = state.dropout;
  const double b = state.survival;
  return n < a ? log_rising(b, n) - log_rising(a + b, n) : log_rising(b, a) - log_rising(b + n, a);
}

// How many chains j have any weight.
inline std::size_t passed_count(const erlang_state& state) {
  std::size_t count = state.stages;
  while (count > 1 && state.passed[count - 1] == 0) --count;
  return count;
}

// The last event of the clock, counted from t_x, that matters within t: beyond, the events reached add less than e^-45
// of e^log_size. Above `most`: there are more. Discounting gives weight to those who buy early and so much: E[phi^m]
// falls no faster than e^(-2 sqrt(m z)), and what is reached within t must be nothing beside that.
inline double last_stage(const erlang_state& state, double t, double rate, double log_size, double most) {
  constexpr double negligible = 45;
  const auto j = static_cast<double>(passed_count(state) - 1);
  const double shape = state.shape + j;
  const double share = t / (state.scale + t);
  const double z = rate * state.scale;
  const auto is_beyond = [&](double stage) {
    const double m = stage - j;
    const double ratio = (shape + m) * share / (m + 1);
    if (!(ratio < 1)) return false;
    return log_negative_binomial(shape, state.scale, m, t) - 2 * std::log1p(-ratio) <
           log_size - negligible - 2 * std::sqrt(m * z);
  };
  double low = j + std::floor(shape * t / state.scale);
  if (!(low < most)) return most + 1;
  double high = low;
  for (double step = 16; !is_beyond(high); step *= 2) {
    if (high > most) return most + 1;
    low = high;
    high += step;
  }
  while (high - low > 8) {
    const double middle = std::floor(0.5 * (low + high));
    (is_beyond(middle) ? high : low) = middle;
  }
  return high;
}

// ln of a lower bound of the discounted purchases: those of the likeliest chain within the time in which little is
// discounted, were the first one the last.
inline double least_purchases(const erlang_state& state, double t, double rate) {
  const auto j =
      static_cast<std::size_t>(std::max_element(state.passed.begin(), state.passed.end()) - state.passed.begin());
  const double shape = state.shape + static_cast<double>(j);
  const double seen = rate * t > 1 ? 1 / rate : t;
  const double first = static_cast<double>(state.stages - j);
  const double m = std::max(first, std::floor(shape * seen / state.scale));
  return log_negative_binomial(shape, state.scale, m, seen) - 1 - std::log(static_cast<double>(state.stages));
}

struct stage_sums {
  double purchases;  // expected within t, discounted at the rate
  double survival;   // P(alive after t)
};

// Both sums, from event `last` down. t > 0 and finite; rate t below 700.
inline stage_sums sum_stages(const erlang_state& state, double t, double rate, double last) {
  const auto k = state.stages;
  const auto top = static_cast<std::size_t>(last);
  const std::size_t chains = passed_count(state);
  const double back = (state.scale + t) / t;
  const double decay = std::exp(-rate * t);
  const double z = rate * state.scale;
  // survived[n] = E[(1 - p)^n].
  std::vector<double> survived(top / k + 1, 1.0);
  for (std::size_t n = 1; n < survived.size(); ++n) {
    const double at = state.survival + static_cast<double>(n - 1);
    survived[n] = survived[n - 1] * (at / (state.dropout + at));
  }
  struct chain {
    double exactly = 0;  // P(exactly m events)
    double reached = 0;  // G(m)
    double later = 0;    // K(m)
    double mass = 0;
    double purchases = 0;
    double survival = 0;
  };
  std::array<chain, most_stages> all{};
  for (std::size_t j = 0; j < chains; ++j) {
    const auto passed = static_cast<double>(j);
    if (top < j) continue;
    all[j].exactly = std::exp(log_negative_binomial(state.shape + passed, state.scale, last - passed, t));
  }
  std::size_t cycle = top / k;
  std::size_t in_cycle = top % k;
  for (std::size_t stage = top;; --stage) {
    const double c = state.shape + static_cast<double>(stage);
    const double one_c = 1 / c;
    const double discount = z * one_c;
    const double down = stage > 0 ? back / (c - 1) : 0;
    const bool is_purchase = in_cycle == 0 && cycle > 0;
    for (std::size_t j = 0; j < std::min(chains, stage + 1); ++j) {
      auto& it = all[j];
      const auto m = static_cast<double>(stage - j);
      it.reached += decay * it.exactly + discount * it.later;
      it.later = it.reached + it.later * (m * one_c);
      it.mass += it.exactly;
      it.survival += survived[cycle] * it.exactly;
      if (is_purchase) it.purchases += survived[cycle - 1] * it.reached;
      it.exactly = m == 0 ? 0 : it.exactly * (m * down);
    }
    if (stage == 0) break;
    if (in_cycle == 0) {
      in_cycle = k;
      --cycle;
    }
    --in_cycle;
  }
  // The probabilities of a chain sum to 1: whatever the first one's rounding.
  stage_sums out{0, 0};
  for (std::size_t j = 0; j < chains; ++j) {
    if (!(all[j].mass > 0)) continue;
    out.purchases += state.passed[j] * (all[j].purchases / all[j].mass);
    out.survival += state.passed[j] * (all[j].survival / all[j].mass);
  }
  return out;
}

}  // namespace detail

}  // namespace kundenwert::btyd
