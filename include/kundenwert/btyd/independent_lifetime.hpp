// What a customer alive now will still do whose purchases are Poisson with a gamma rate and whose lifetime is
// independent of them: shared by NBD (endless lifetime), Pareto/NBD and GGompertz/NBD, which differ in the lifetime.
//
// With lambda ~ Gamma(A, rate a') and G(u) the probability of living another u:
//   discounted purchases   A/a' int_0^h e^(-rate u) G(u) du
//   P(X(t) = n)            f_n(t) G(t) + int_0^t f_n(u) (-G'(u)) du, f_n the negative binomial probability of n by u
//   P(X(t) >= n)           int over w of the beta(n, A) density times G(a' w / (1 - w)): the time of purchase n
// All terms are positive.
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
#include "kundenwert/numeric/quadrature.hpp"
#include "kundenwert/numeric/special.hpp"

namespace kundenwert::btyd {

// A lifetime states ln G(u), the logarithm of its density -G'(u), and int_0^horizon e^(-rate u) G(u) du (an infinite
// horizon needs rate > 0).

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

namespace detail {

// int_0^t e^f(u) du for a smooth f with one peak, in y = ln(1 + u / scale); the peak is divided out, so that nothing
// underflows, and told apart.
struct scaled_integral {
  double log_peak;
  double value;  // of the integral over e^log_peak
};

template <class Exponent>
scaled_integral integrate_exponential(Exponent&& f, double scale, double t) {
  const double end = std::log1p(t / scale);
  const auto exponent = [&](double y) { return f(scale * std::expm1(y)) + y; };
  double peak = -std::numeric_limits<double>::infinity();
  // The peak may lie anywhere between 0 and the end: even steps, and halvings towards 0.
  constexpr int probes = 48;
  for (int i = 1; i <= probes; ++i) {
    peak = std::max({peak, exponent(end * i / probes), exponent(std::ldexp(end, -i))});
  }
  if (peak == -std::numeric_limits<double>::infinity()) return {peak, 0};
  const auto found =
      numeric::integrate([&](double y) { return std::exp(exponent(y) - peak); }, 0.0, end, {0, 1e-12, 200000});
  return {peak, scale * found.value};
}

}  // namespace detail

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
    const auto first = detail::integrate_exponential(
        [&](double u) { return -(state.shape + 1) * std::log1p(u / state.scale) + state.lifetime.log_survival(u); },
        state.scale, t);
    return state.shape / state.scale * std::exp(first.log_peak) * first.value;
  }
}

template <class Lifetime>
double waiting_time(const lifetime_state<Lifetime>& state, double horizon) {
  if (horizon == 0) return 0;
  // horizon - int (horizon - u) f_1(u) G(u) du.
  const auto spared = detail::integrate_exponential(
      [&](double u) {
        return std::log(horizon - u) - (state.shape + 1) * std::log1p(u / state.scale) + state.lifetime.log_survival(u);
      },
      state.scale, horizon);
  return horizon - state.shape / state.scale * std::exp(spared.log_peak) * spared.value;
}

template <class Lifetime>
double purchase_probability(const lifetime_state<Lifetime>& state, double n, double t) {
  const double lives = std::exp(log_negative_binomial(state.shape, state.scale, n, t) + state.lifetime.log_survival(t));
  if (Lifetime::is_endless || t == 0) return lives;
  const auto gone = detail::integrate_exponential(
      [&](double u) { return log_negative_binomial(state.shape, state.scale, n, u) + state.lifetime.log_density(u); },
      state.scale, t);
  return lives + std::exp(gone.log_peak) * gone.value;
}

}  // namespace kundenwert::btyd
