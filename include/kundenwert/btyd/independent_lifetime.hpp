// What a customer alive now will still do whose purchases are Poisson with a gamma rate and whose lifetime is
// independent of them: shared by NBD (endless lifetime), Pareto/NBD and GGompertz/NBD, which differ in the lifetime.
//
// With lambda ~ Gamma(A, rate a') and G(u) the probability of living another u:
//   discounted purchases   A/a' int_0^h e^(-rate u) G(u) du
//   P(X(t) = n)            f_n(t) G(t) + int_0^t f_n(u) (-G'(u)) du, f_n the negative binomial probability of n by u
//   P(X(t) >= n)           int over w of the beta(n, A) density times G(a' w / (1 - w)): the time of purchase n
// All terms are positive. In v = ln(u / a') the last integrand is log-concave for every lifetime here.
//
// References: Schmittlein, Morrison & Colombo (1987); Fader & Hardie, note 013 (PMF of the Pareto/NBD), whose sums of
// 2F1 cancel where these integrals do not.
//
// symbol | name     | unit | domain
// A      | shape    | -    | > 0, r + x
// a'     | scale    | time | > 0, alpha + T
// G      | lifetime |      | decreasing from 1
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <limits>

#include "kundenwert/btyd/negative_binomial.hpp"
#include "kundenwert/numeric/hypergeometric.hpp"
#include "kundenwert/numeric/incomplete.hpp"
#include "kundenwert/numeric/log_integral.hpp"
#include "kundenwert/numeric/special.hpp"

namespace kundenwert::btyd {

// A lifetime states ln G(u), the logarithm of its density -G'(u), and int_0^horizon e^(-rate u) G(u) du (an infinite
// horizon needs rate > 0); a time before which hardly anything happens; and how ln G falls in v = ln u: its first and
// second derivative, both <= 0, times -1.

// Nobody leaves.
struct endless_lifetime {
  static constexpr bool is_endless = true;
  double log_survival(double) const { return 0; }
  double log_density(double) const { return -std::numeric_limits<double>::infinity(); }
  double discounted(double horizon, double rate) const {
    if (rate == 0) return horizon;
    return -std::expm1(-rate * horizon) / rate;
  }
};

// Exponential lifetimes whose rates are Gamma(shape, rate scale): Lomax, also called Pareto of the second kind.
struct pareto_lifetime {
  static constexpr bool is_endless = false;
  double shape;
  double scale;

  double log_survival(double u) const { return -shape * std::log1p(u / scale); }
  double log_density(double u) const { return std::log(shape / scale) - (shape + 1) * std::log1p(u / scale); }
  double first_time() const { return scale / (shape + 1); }
  fall_in_log fall(double u) const {
    const double share = u / (scale + u);
    return {shape * share, shape * share * (scale / (scale + u))};
  }
  double discounted(double horizon, double rate) const {
    if (rate == 0) {
      const double growth = std::log1p(horizon / scale);
      // ((1 + h/b)^(1-s) - 1) / (1 - s), continuous through s = 1.
      return scale * growth * numeric::expm1_over((1 - shape) * growth);
    }
    return scale * std::exp(numeric::log_exponential_integral(shape, rate * scale, horizon / scale));
  }
};

template <class Lifetime>
struct lifetime_state {
  double shape;
  double scale;
  Lifetime lifetime;
};

template <class Lifetime>
double discounted_purchases(const lifetime_state<Lifetime>& state, double horizon, double rate) {
  return state.shape / state.scale * state.lifetime.discounted(horizon, rate);
}

template <class Lifetime>
double expected_purchases(const lifetime_state<Lifetime>& state, double horizon) {
  return discounted_purchases(state, horizon, 0);
}

// P(still alive after u).
template <class Lifetime>
double survival(const lifetime_state<Lifetime>& state, double u) {
  return std::exp(state.lifetime.log_survival(u));
}

// P(at least n purchases within t), n a whole number >= 0, t >= 0 and finite: purchase n comes in life. Relative error
// below 1e-9 up to a million purchases.
template <class Lifetime>
double purchase_tail(const lifetime_state<Lifetime>& state, double n, double t);

// P(at least one purchase within t | alive all the while).
template <class Lifetime>
double purchase_within_life(const lifetime_state<Lifetime>& state, double t) {
  return -std::expm1(-state.shape * std::log1p(t / state.scale));
}

// A time to begin a search from: about the mean wait for the next purchase.
template <class Lifetime>
double typical_wait(const lifetime_state<Lifetime>& state) {
  return state.scale / state.shape;
}

// P(at least one purchase within t): the first one comes in life.
template <class Lifetime>
double purchase_within(const lifetime_state<Lifetime>& state, double t);

// E[min(time to the next purchase, horizon)].
template <class Lifetime>
double waiting_time(const lifetime_state<Lifetime>& state, double horizon);

// P(exactly n purchases within t), n a whole number >= 0, t >= 0 and finite. Relative error below 1e-10 where the
// probability is above 1e-300.
template <class Lifetime>
double purchase_probability(const lifetime_state<Lifetime>& state, double n, double t);

template <class Lifetime>
double purchase_tail(const lifetime_state<Lifetime>& state, double n, double t) {
  if (n == 0) return 1;
  if (t == 0) return 0;
  if constexpr (Lifetime::is_endless) {
    return negative_binomial_tail(state.shape, state.scale, n, t);
  } else {
    return n == 1 ? purchase_within(state, t)
                  : detail::purchase_in_life(state.shape, state.scale, state.lifetime, n, t);
  }
}

template <class Lifetime>
double purchase_within(const lifetime_state<Lifetime>& state, double t) {
  if (t == 0) return 0;
  if constexpr (Lifetime::is_endless) {
    return -std::expm1(-state.shape * std::log1p(t / state.scale));
  } else if constexpr (std::same_as<Lifetime, pareto_lifetime>) {
    const auto& [shape, scale] = state.lifetime;
    return state.shape / state.scale *
           std::exp(numeric::log_power_integral(state.shape + 1, shape, state.scale, scale, t));
  } else {
    return detail::purchase_in_life(state.shape, state.scale, state.lifetime, 1, t);
  }
}

template <class Lifetime>
double waiting_time(const lifetime_state<Lifetime>& state, double horizon) {
  if (horizon == 0) return 0;
  const auto log_none = [&](double u) { return -state.shape * std::log1p(u / state.scale); };
  if constexpr (Lifetime::is_endless) {
    const double growth = std::log1p(horizon / state.scale);
    return state.scale * growth * numeric::expm1_over((1 - state.shape) * growth);
  } else {
    // int P(no purchase within u) du: alive so far, or gone at some time y < u; two positive terms.
    const auto& life = state.lifetime;
    const double first = std::min(state.scale / (state.shape + 1), life.first_time());
    const double alive =
        std::exp(numeric::log_integral([&](double u) { return log_none(u) + life.log_survival(u); }, first, horizon));
    const double gone = std::exp(numeric::log_integral_of([&](double y) { return log_none(y) + life.log_density(y); },
                                                          [&](double y) { return horizon - y; }, first, horizon));
    return std::min(alive + gone, horizon);
  }
}

template <class Lifetime>
double purchase_probability(const lifetime_state<Lifetime>& state, double n, double t) {
  const double lives = std::exp(log_negative_binomial(state.shape, state.scale, n, t) + state.lifetime.log_survival(t));
  if constexpr (!Lifetime::is_endless) {
    if (t == 0) return lives;
    const double first = std::min(state.scale / (state.shape + n + 1), state.lifetime.first_time());
    const double gone = numeric::log_integral(
        [&](double u) { return log_negative_binomial(state.shape, state.scale, n, u) + state.lifetime.log_density(u); },
        first, t, n);
    return std::min(lives + std::exp(gone), 1.0);
  }
  return lives;
}

}  // namespace kundenwert::btyd
