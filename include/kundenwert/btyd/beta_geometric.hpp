// What a customer alive at T with a gamma purchase rate and a beta dropout probability per purchase will still do:
// shared by every beta-geometric model (BG/NBD, MBG/NBD, ...), which differ in the state they hand over.
//
// With lambda ~ Gamma(A, rate a') and p ~ Beta(a, b), and tau = t / a':
//   E[purchases in t]      = sum_k NB(k; A, z) S_k,      z = tau / (1 + tau), S_k = sum_{j<k} (b)_j / (a+b)_j
//   E[purchase rate at t]  = A / a' * E_p[(1 + p tau)^-(A+1)] = A / a' sum_k NB(k; A+1, z) (b)_k / (a+b)_k
// NB(k; A, z) is the negative binomial probability of k opportunities and (b)_k / (a+b)_k the chance to survive k.
// Every term is positive: nothing is subtracted, so a = 1, a + b < 1 and thousands of purchases are ordinary points
// (the closed form of the papers, a difference of 2F1, is none there). Where the series is long, quadrature over
// the logit of p takes its place.
//
// References: Fader, Hardie & Lee (2005), eq. 10 (conditional expectation); the sums follow from expanding
// (1 + p tau)^-A in (1 - p).
#pragma once

#include <algorithm>
#include <cmath>

#include "kundenwert/numeric/hypergeometric.hpp"

namespace kundenwert::btyd {

struct beta_geometric_state {
  double shape;      // A = r + x
  double scale;      // a' = alpha + T
  double dropout;    // a
  double survival;   // b, after the purchases survived so far
};

// Expected purchases in the next `horizon`, given alive; relative error below 1e-12.
inline double expected_purchases(const beta_geometric_state& state, double horizon);

// The same discounted continuously at `rate` > 0 per time unit; horizon may be infinite.
inline double discounted_purchases(const beta_geometric_state& state, double horizon, double rate);

namespace detail {

// Series longer than this cost more than the quadrature.
inline constexpr double longest_series = 1500;

// About how many terms reach 1e-17: the mean and seven deviations of the opportunities, and the geometric tail.
inline double series_length(double shape, double tau) {
  return shape * tau + 7 * std::sqrt(shape * tau * (1 + tau)) + 40 * (1 + tau);
}

// The first weight, (1 + tau)^-shape, must not underflow.
inline bool series_is_usable(double shape, double tau) {
  constexpr double largest_exponent = 600;
  return series_length(shape, tau) < longest_series && shape * std::log1p(tau) < largest_exponent;
}

// sum_k NB(k; shape, z) c_k with c_0 given, over terms(k, c) -> next c; c_k grows at most linearly.
template <class Next>
double negative_binomial_sum(double shape, double tau, double first, Next&& next) {
  const double z = tau / (1 + tau);
  const double mean = shape * tau;
  double weight = std::exp(-shape * std::log1p(tau));
  double c = first;
  double sum = weight * c;
  for (double k = 0;; ++k) {
    weight *= (shape + k) / (k + 1) * z;
    c = next(k, c);
    const double term = weight * c;
    sum += term;
    // Past the mean the terms fall at least as fast as a geometric series of this ratio.
    if (k > mean) {
      const double ratio = (shape + k + 1) / (k + 2) * z * (1 + 1 / (k + 1));
      if (ratio < 1 && term * ratio < 1e-17 * sum * (1 - ratio)) return sum;
    }
  }
}

// E[f(p)] for p ~ Beta(a, b): panels in the logit of p to both sides of the mode, normalized by the same nodes. f is
// bounded, smooth in the logit, and |f'| <= slope * max f: where p or 1 - p is so small that f is at its limit, the
// rest of the density is a pure exponential and is added in closed form (a or b near 0 puts most of the mass there).
template <class Function>
double beta_expectation(double a, double b, double slope, Function&& f) {
  // With logit p = ln(a / b) + w: ln density = a w - (a + b) ln(1 + a / (a + b) (e^w - 1)), 0 at the mode w = 0.
  const double share = a / (a + b);
  const auto density = [&](double w) { return a * w - (a + b) * std::log1p(share * std::expm1(w)); };
  const auto probability = [&](double w) { return share / (share + (1 - share) * std::exp(-w)); };
  constexpr double at_limit = 1e-17;
  const double left = std::max(0.0, std::log(share / (1 - share)) - std::log(at_limit / (slope + a + b)));
  const double right = std::max(0.0, std::log((1 - share) / share) - std::log(at_limit / (slope + a + b)));
  double mass = std::exp(density(-left)) / a + std::exp(density(right)) / b;
  double sum = std::exp(density(-left)) / a * f(0.0) + std::exp(density(right)) / b * f(1.0);
  for (const double side : {1.0, -1.0}) {
    numeric::detail::visit_log_concave(
        side > 0 ? right : left,
        [&](double y) {
          const double p = probability(side * y);
          return numeric::detail::exponent_shape{density(side * y), side * ((a + b) * p - a), (a + b) * p * (1 - p)};
        },
        [&](double y, double weight) {
          const double mass_here = weight * std::exp(density(side * y));
          mass += mass_here;
          sum += mass_here * f(probability(side * y));
        });
  }
  return sum / mass;
}

// E_p[(1 + p tau)^-(shape + 1)]: the share of the purchase rate that is left at tau.
inline double rate_left(const beta_geometric_state& s, double tau) {
  const double shape = s.shape + 1;
  if (series_is_usable(shape, tau)) {
    const double total = s.dropout + s.survival;
    return negative_binomial_sum(shape, tau, 1.0,
                                 [&](double k, double c) { return c * (s.survival + k) / (total + k); });
  }
  return beta_expectation(s.dropout, s.survival, shape * tau,
                          [&](double p) { return std::exp(-shape * std::log1p(p * tau)); });
}

// int_0^Y e^(-rate a' (e^y - 1)) rate_left(e^y - 1) e^y dy with Y = ln(1 + horizon / a'), as panels short enough for
// the decay at their left end; the integrand is analytic in |Im y| < pi, log-convex only through rate_left.
inline double discounted_rate_left(const beta_geometric_state& s, double horizon, double rate) {
  constexpr double largest_panel = 1;
  constexpr double largest_drop = 4;
  constexpr double negligible = 45;
  const auto& rule = numeric::gauss_legendre<16>;
  const double end = std::log1p(horizon / s.scale);
  const double z = rate * s.scale;
  double sum = 0;
  for (double y = 0; y < end;) {
    const double growth = std::exp(y);
    if (z * (growth - 1) > negligible + y) break;
    // The fastest the integrand can fall: discounting, and a customer who surely drops out at each purchase.
    const double decay = z * growth + s.shape * s.dropout / (s.dropout + s.survival);
    double panel = std::min(largest_panel, end - y);
    if (decay * panel > largest_drop) panel = largest_drop / decay;
    if (!(y + panel > y)) break;
    const double half = 0.5 * panel;
    for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
      const double at = y + half * (1 + rule.nodes[k]);
      const double tau = std::expm1(at);
      sum += half * rule.weights[k] * std::exp(at - z * tau) * rate_left(s, tau);
    }
    y += panel;
  }
  return sum;
}

}  // namespace detail

inline double expected_purchases(const beta_geometric_state& s, double horizon) {
  const double tau = horizon / s.scale;
  if (tau == 0) return 0;
  if (detail::series_is_usable(s.shape, tau)) {
    const double total = s.dropout + s.survival;
    double survive = 1;  // (b)_k / (a + b)_k
    return detail::negative_binomial_sum(s.shape, tau, 0.0, [&](double k, double c) {
      const double next = c + survive;
      survive *= (s.survival + k) / (total + k);
      return next;
    });
  }
  const double limit = s.shape * tau;
  const auto purchases = [&](double p) {
    // (1 - (1 + p tau)^-A) / p, which tends to A tau.
    const double spread = s.shape * std::log1p(p * tau);
    return p * limit < 1e-300 ? limit : -std::expm1(-spread) / p;
  };
  return detail::beta_expectation(s.dropout, s.survival, limit, purchases);
}

inline double discounted_purchases(const beta_geometric_state& s, double horizon, double rate) {
  return s.shape * detail::discounted_rate_left(s, horizon, rate);
}

}  // namespace kundenwert::btyd
