// What a customer alive at T with a gamma purchase rate and a beta dropout probability per purchase will still do:
// shared by every beta-geometric model (BG/NBD, MBG/NBD, ...), which differ in the state they hand over.
//
// With lambda ~ Gamma(A, rate a'), p ~ Beta(a, b), tau = t / a' and a continuous discount rate:
//   f(tau)               = E_p[(1 + p tau)^-(A+1)] = 2F1(A + 1, a; a + b; -tau), the share of the purchase rate left
//   discounted purchases = A int_0^(horizon/a') e^(-rate a' tau) f(tau) dtau;  expected purchases are rate 0
// The closed form of the papers, a difference of 2F1 over a - 1, has no value at a = 1 or a + b = 1 - x and loses all
// digits for thousands of purchases. Here f is carried from 0 to the horizon by Taylor series of its differential
// equation, and each piece is integrated exactly: positive, no special cases, about a microsecond a piece.
//
// References: Fader, Hardie & Lee (2005), eq. 10 (conditional expectation); DLMF 15.10.1 (differential equation).
//
// symbol | name     | unit | domain
// A      | shape    | -    | > 0, r + x
// a'     | scale    | time | > 0, alpha + T
// a      | dropout  | -    | > 0
// b      | survival | -    | > 0, after the purchases survived so far
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace kundenwert::btyd {

struct beta_geometric_state {
  double shape;
  double scale;
  double dropout;
  double survival;
};

// Expected purchases in the next `horizon` (>= 0, finite, in the unit of the scale), given alive, discounted
// continuously at `rate` (>= 0 per time unit). An infinite horizon needs rate > 0. Relative error below 1e-12.
inline double discounted_purchases(const beta_geometric_state& state, double horizon, double rate);

inline double expected_purchases(const beta_geometric_state& state, double horizon) {
  return discounted_purchases(state, horizon, 0);
}

namespace detail {

// Terms of each Taylor piece.
inline constexpr std::size_t taylor_terms = 36;
using taylor_series = std::array<double, taylor_terms>;

// Taylor coefficients at tau of the solution of tau (1 + tau) f'' + (c + (u + v + 1) tau) f' + u v f = 0 with
// f and f' given there; at tau = 0 the equation itself gives f'.
inline taylor_series taylor_of(double u, double v, double c, double tau, double f, double slope) {
  taylor_series out{f, slope};
  if (tau == 0) {
    for (std::size_t i = 0; i + 1 < taylor_terms; ++i) {
      const auto k = static_cast<double>(i);
      out[i + 1] = -out[i] * (k + u) * (k + v) / ((k + 1) * (k + c));
    }
    return out;
  }
  const double quadratic = 1 / (tau * (1 + tau));
  const double linear = c + (u + v + 1) * tau;
  for (std::size_t i = 0; i + 2 < taylor_terms; ++i) {
    const auto k = static_cast<double>(i);
    out[i + 2] = -((k + 1) * (k * (1 + 2 * tau) + linear) * out[i + 1] + (k + u) * (k + v) * out[i]) * quadratic /
                 ((k + 1) * (k + 2));
  }
  return out;
}

// The longest step for which the series ends below rounding and no term is so large that digits cancel.
inline double taylor_step(const taylor_series& series) {
  constexpr double rounding = 1e-17;
  constexpr double largest_term = 16;
  constexpr auto last = static_cast<double>(taylor_terms - 1);
  const double ends =
      std::max(std::fabs(series[taylor_terms - 1]), std::fabs(series[taylor_terms - 2]) * std::pow(rounding, 1 / last));
  double step = std::pow(rounding * series[0] / ends, 1 / last);
  for (bool shrunk = true; shrunk;) {
    shrunk = false;
    double power = 1;
    for (std::size_t k = 1; k < taylor_terms; ++k) {
      power *= step;
      if (std::fabs(series[k]) * power > largest_term * series[0]) shrunk = true;
    }
    if (shrunk) step *= 0.7;
  }
  return step;
}

// E_k(w) = int_0^1 e^(-w s) s^k ds for k = 0 ... taylor_terms - 1, w in [0, 4]: the last by its positive series, the
// others by the backward recurrence, which is stable.
inline taylor_series exponential_moments(double w) {
  constexpr std::size_t last = taylor_terms - 1;
  taylor_series out{};
  const double decayed = std::exp(-w);
  double term = 1 / static_cast<double>(last + 1);
  double sum = term;
  for (auto j = static_cast<double>(last + 2); term > 1e-18 * sum; ++j) {
    term *= w / j;
    sum += term;
  }
  out[last] = decayed * sum;
  for (std::size_t k = last; k-- > 0;) out[k] = (decayed + w * out[k + 1]) / static_cast<double>(k + 1);
  return out;
}

}  // namespace detail

inline double discounted_purchases(const beta_geometric_state& state, double horizon, double rate) {
  constexpr double negligible = 1e-17;
  constexpr double largest_exponent = 4;  // of the discount within one piece
  const double u = state.shape + 1;
  const double v = state.dropout;
  const double c = state.dropout + state.survival;
  const double end = horizon / state.scale;
  const double z = rate * state.scale;
  double tau = 0;
  double f = 1;
  double slope = -u * v / c;
  double sum = 0;
  while (tau < end) {
    const double discount = std::exp(-z * tau);
    const double left = z > 0 ? std::min(end - tau, 1 / z) : end - tau;
    if (discount * f * left <= negligible * sum) break;
    const auto series = detail::taylor_of(u, v, c, tau, f, slope);
    double step = std::min(detail::taylor_step(series), end - tau);
    if (z > 0) step = std::min(step, largest_exponent / z);
    if (!(tau + step > tau)) break;
    const auto moments = detail::exponential_moments(z * step);
    double power = step;
    double piece = 0;
    double next_f = 0;
    double next_slope = 0;
    for (std::size_t k = 0; k < detail::taylor_terms; ++k) {
      piece += series[k] * power * moments[k];
      power *= step;
    }
    for (std::size_t k = detail::taylor_terms; k-- > 0;) {
      next_slope = next_slope * step + next_f;
      next_f = next_f * step + series[k];
    }
    sum += discount * piece;
    tau += step;
    f = next_f;
    slope = next_slope;
    if (!(f > std::numeric_limits<double>::min())) break;
  }
  return state.shape * sum;
}

}  // namespace kundenwert::btyd
