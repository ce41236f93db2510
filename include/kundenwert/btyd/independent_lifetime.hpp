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
#include "kundenwert/numeric/quadrature.hpp"
#include "kundenwert/numeric/special.hpp"

namespace kundenwert::btyd {

// A lifetime states ln G(u), the logarithm of its density -G'(u), and int_0^horizon e^(-rate u) G(u) du (an infinite
// horizon needs rate > 0); further how ln G falls in v = ln u: its first and second derivative, both <= 0, times -1.
struct fall_in_log {
  double slope;
  double curvature;
};

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

// int_0^t (density of the time u of purchase n) G(u) du in v = ln(u / a'): the density becomes
// w^n (1 - w)^A / B(n, A), w = 1 / (1 + e^-v).
template <class Lifetime>
double purchase_in_life(const lifetime_state<Lifetime>& state, double n, double t) {
  constexpr double negligible = 45;  // e^-45 = 3e-20
  constexpr double farthest = 1500;  // of v from the end: no factor of a positive power is seen below e^-745
  const auto& life = state.lifetime;
  const double last = std::log(t / state.scale);
  const auto time_at = [&](double v) { return state.scale * std::exp(v); };
  const auto level = [&](double v) {
    return -n * numeric::log1p_exp(-v) - state.shape * numeric::log1p_exp(v) + life.log_survival(time_at(v));
  };
  const auto slope = [&](double v) {
    return n * numeric::expit(-v) - state.shape * numeric::expit(v) - life.fall(time_at(v)).slope;
  };
  // Where the slope changes sign, or the end.
  double top = last;
  if (slope(last) < 0) {
    double low = last;
    for (double step = 1; slope(low) < 0 && last - low < farthest; step *= 2) low -= step;
    double high = last;
    for (int i = 0; i < 60; ++i) {
      const double middle = 0.5 * (low + high);
      (slope(middle) > 0 ? low : high) = middle;
    }
    top = low;
  }
  const double least = level(top) - negligible;
  double first = top;
  double step = 1;
  while (level(first) > least && top - first < farthest) {
    first -= step;
    step *= 2;
  }
  double inside = top;
  for (int i = 0; i < 20; ++i) {
    const double middle = 0.5 * (first + inside);
    (level(middle) < least ? first : inside) = middle;
  }
  double sum = 0;
  numeric::detail::visit_log_concave(
      last - first,
      [&](double y) {
        const double v = first + y;
        const auto fall = life.fall(time_at(v));
        const double w = numeric::expit(v);
        const double left = numeric::expit(-v);
        return numeric::detail::exponent_shape{level(v), fall.slope + state.shape * w - n * left,
                                               fall.curvature + (state.shape + n) * w * left};
      },
      [&](double y, double weight) {
        const double v = first + y;
        // The smaller of w and 1 - w has its digits.
        const double density = v < 0 ? numeric::detail::beta_factor(n, state.shape, numeric::expit(v))
                                     : numeric::detail::beta_factor(state.shape, n, numeric::expit(-v));
        sum += weight * density * std::exp(life.log_survival(time_at(v)));
      });
  return std::min(sum, 1.0);
}

}  // namespace detail

template <class Lifetime>
double purchase_tail(const lifetime_state<Lifetime>& state, double n, double t) {
  if (n == 0) return 1;
  if (t == 0) return 0;
  if constexpr (Lifetime::is_endless) {
    return negative_binomial_tail(state.shape, state.scale, n, t);
  } else {
    return n == 1 ? purchase_within(state, t) : detail::purchase_in_life(state, n, t);
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
    return detail::purchase_in_life(state, 1, t);
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
