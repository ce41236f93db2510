// What a customer alive at T with a gamma purchase rate and a beta dropout probability per purchase will still do:
// shared by every beta-geometric model (BG/NBD, MBG/NBD, ...), which differ in the state they hand over.
//
// With lambda ~ Gamma(A, rate a'), p ~ Beta(a, b), tau = t / a' and a continuous discount rate:
//   f(tau)               = E_p[(1 + p tau)^-(A+1)] = 2F1(A + 1, a; a + b; -tau), the share of the purchase rate left
//   discounted purchases = A int_0^(horizon/a') e^(-rate a' tau) f(tau) dtau;  expected purchases are rate 0
// The closed form of the papers, a difference of 2F1 over a - 1, has no value at a = 1 or a + b = 1 - x and loses all
// digits for thousands of purchases. Here f is carried from 0 to the horizon by Taylor series of its differential
// equation, and each piece is integrated exactly: positive, no special cases, about a microsecond a piece. The
// equation is stiff where thousands of purchases are expected or a shape is huge; there the expectation over p is
// taken by quadrature.
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
#include <utility>

#include "kundenwert/btyd/negative_binomial.hpp"
#include "kundenwert/numeric/hypergeometric.hpp"
#include "kundenwert/numeric/incomplete.hpp"

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

// P(still alive after u): E_p[(1 + p u / a')^-A].
inline double survival(const beta_geometric_state& state, double u);

// P(at least n purchases within t), n a whole number >= 0: the first n - 1 were survived.
inline double purchase_tail(const beta_geometric_state& state, double n, double t);

// P(at least one purchase within t): nobody leaves before the next one. And E[min(time to it, horizon)].
inline double purchase_within(const beta_geometric_state& state, double t) {
  return -std::expm1(-state.shape * std::log1p(t / state.scale));
}
inline double waiting_time(const beta_geometric_state& state, double horizon) {
  const double growth = std::log1p(horizon / state.scale);
  return state.scale * growth * numeric::expm1_over((1 - state.shape) * growth);
}

inline double purchase_within_life(const beta_geometric_state& state, double t) { return purchase_within(state, t); }

// A time to begin a search from: about the mean wait for the next purchase.
inline double typical_wait(const beta_geometric_state& state) { return state.scale / state.shape; }

// P(exactly n purchases within t), n a whole number >= 0, t >= 0 and finite: all n survived, or the last one was the
// end. Fader, Hardie & Lee (2005), eq. 8, with the sum over j < n as an incomplete beta function, which does not
// cancel.
inline double purchase_probability(const beta_geometric_state& state, double n, double t);

namespace detail {

// Terms of each Taylor piece.
inline constexpr std::size_t taylor_terms = 36;
using taylor_series = std::array<double, taylor_terms>;

// 1 / (k + 1): a product instead of a division in every loop over the terms.
inline constexpr taylor_series reciprocals = [] {
  taylor_series out{};
  for (std::size_t k = 0; k < taylor_terms; ++k) out[k] = 1 / static_cast<double>(k + 1);
  return out;
}();

// Taylor coefficients at tau of the solution of tau (1 + tau) f'' + (c + (u + v + 1) tau) f' + u v f = 0 with
// f and f' given there; at tau = 0 the equation itself gives f'.
inline taylor_series taylor_of(double u, double v, double c, double tau, double f, double slope) {
  taylor_series out{f, slope};
  // Factors first: each coefficient then waits for the one before by a product and a sum alone.
  if (tau == 0) {
    for (std::size_t i = 0; i + 1 < taylor_terms; ++i) {
      const auto k = static_cast<double>(i);
      out[i + 1] = -out[i] * ((k + u) * (k + v) * reciprocals[i] / (k + c));
    }
    return out;
  }
  const double quadratic = 1 / (tau * (1 + tau));
  const double linear = c + (u + v + 1) * tau;
  for (std::size_t i = 0; i + 2 < taylor_terms; ++i) {
    const auto k = static_cast<double>(i);
    const double first = (k * (1 + 2 * tau) + linear) * quadratic * reciprocals[i + 1];
    const double second = (k + u) * (k + v) * quadratic * (reciprocals[i] * reciprocals[i + 1]);
    out[i + 2] = -(first * out[i + 1] + second * out[i]);
  }
  return out;
}

// The longest step for which the series ends below rounding and no term is so large that digits cancel.
inline double taylor_step(const taylor_series& series) {
  constexpr auto last = static_cast<double>(taylor_terms - 1);
  constexpr double rounding_root = 0.32680275894101257;  // 1e-17^(1 / last)
  static_assert(taylor_terms == 36, "rounding_root belongs to 36 terms");
  constexpr double largest_term = 16;
  const double ends =
      std::max(std::fabs(series[taylor_terms - 1]), std::fabs(series[taylor_terms - 2]) * rounding_root);
  double step = rounding_root * std::pow(series[0] / ends, 1 / last);
  for (bool shrunk = true; shrunk;) {
    double power = 1;
    double largest = 0;
    for (std::size_t k = 1; k < taylor_terms; ++k) {
      power *= step;
      largest = std::max(largest, std::fabs(series[k]) * power);
    }
    shrunk = largest > largest_term * series[0];
    if (shrunk) step *= 0.7;
  }
  return step;
}

// E_k(w) = int_0^1 e^(-w s) s^k ds for k = 0 ... taylor_terms - 1, w in [0, 4]: the last by its positive series, the
// others by the backward recurrence, which is stable.
inline taylor_series exponential_moments(double w) {
  if (w == 0) return reciprocals;
  constexpr std::size_t last = taylor_terms - 1;
  taylor_series out{};
  const double decayed = std::exp(-w);
  double term = reciprocals[last];
  double sum = term;
  for (auto j = static_cast<double>(last + 2); term > 1e-18 * sum; ++j) {
    term *= w / j;
    sum += term;
  }
  out[last] = decayed * sum;
  for (std::size_t k = last; k-- > 0;) out[k] = (decayed + w * out[k + 1]) * reciprocals[k];
  return out;
}

// E[G(p)] over p ~ Beta(a, b), for any state. In y = ln(p / (1 - p)) the weight is log-concave and so is the weight
// times what `Given` says G looks like; beyond the cuts, where p or 1 - p are below rounding, G is constant and the
// weight has a closed integral. `Given` states G(p), ln of its size up to a factor, and its fall -d ln G / d ln p >= 0.
template <class Given>
class over_dropout {
 public:
  over_dropout(const beta_geometric_state& state, const Given& given)
      : a_(state.dropout), b_(state.survival), given_(given) {}

  double value() const {
    const double first = std::log(invisible) - std::log1p(given_.reach);
    const double last = -std::log(invisible);
    // Both the weight alone, which normalizes, and the weight times G must fit between the ends.
    const auto plain = window(first, last, false);
    const auto falling = window(first, last, true);
    const double low = std::min(plain.first, falling.first);
    const double high = std::max(plain.second, falling.second);
    const double peak = log_weight(mode(first, last, false));
    double mass = 0;
    double sum = 0;
    const auto add = [&](double weight, double value) {
      mass += weight;
      sum += weight * value;
    };
    if (low == first) add(std::exp(log_weight(low) - peak) / a_, given_.value(std::exp(low)));
    if (high == last) add(std::exp(log_weight(high) - peak) / b_, given_.value(1));
    for (double y = low; y < high;) {
      // Between the window of the product and that of the weight both are negligible.
      if (y >= falling.second && y < plain.first) y = plain.first;
      // Beyond its window the product is negligible, however steep.
      const double panel = std::min(panel_at(y, y < falling.second), high - y);
      if (!(y + panel > y)) break;
      const double half = 0.5 * panel;
      const auto& rule = numeric::gauss_legendre_16;
      for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
        const double at = y + half * (1 + rule.nodes[k]);
        add(half * rule.weights[k] * std::exp(log_weight(at) - peak), given_.value(numeric::expit(at)));
      }
      y += panel;
    }
    return sum / mass;
  }

 private:
  static constexpr double invisible = 1e-17;
  static constexpr double negligible = 45;  // e^-45 = 3e-20

  double log_weight(double y) const { return -a_ * numeric::log1p_exp(-y) - b_ * numeric::log1p_exp(y); }

  // Slope of the weight, or of the weight times G.
  double slope(double y, bool with_given) const {
    const double p = numeric::expit(y);
    return (a_ - (with_given ? given_.fall(p) : 0)) * numeric::expit(-y) - b_ * p;
  }
  double mode(double low, double high, bool with_given) const {
    for (int i = 0; i < 60; ++i) {
      const double middle = 0.5 * (low + high);
      (slope(middle, with_given) > 0 ? low : high) = middle;
    }
    return low;
  }

  // Where the weight, or its product with G, is not negligible beside its peak.
  std::pair<double, double> window(double first, double last, bool with_given) const {
    const auto level = [&](double y) { return log_weight(y) + (with_given ? given_.log_size(numeric::expit(y)) : 0); };
    const double top = mode(first, last, with_given);
    const double least = level(top) - negligible;
    const auto edge = [&](double inside, double outside) {
      if (level(outside) >= least) return outside;
      for (int i = 0; i < 60; ++i) {
        const double middle = 0.5 * (inside + outside);
        (level(middle) >= least ? inside : outside) = middle;
      }
      return outside;
    };
    return {edge(top, first), edge(top, last)};
  }

  // As in numeric/hypergeometric: a fraction of the strip of width pi, little enough change of the exponent.
  double panel_at(double y, bool with_given) const {
    constexpr double largest_panel = 1.5;
    constexpr double largest_drop = 10;
    const double p = numeric::expit(y);
    const double rest = numeric::expit(-y);
    const double fall = with_given ? given_.fall(p) : 0;
    const double steepness = std::fabs(slope(y, false)) + fall * rest + 1;
    const double curvature = (a_ + b_ + fall) * p * rest;
    return std::min({largest_panel, largest_drop / steepness, std::sqrt(largest_drop / curvature)});
  }

  double a_;
  double b_;
  const Given& given_;
};

// Purchases per shape of somebody with dropout p:
//   G(p) = int_0^end e^(-z tau) (1 + p tau)^-(A+1) dtau = (1 - (1 + p end)^-A) / (A p) where z = 0,
// an exponential integral otherwise; it falls about like 1 / (1 + p reach).
struct purchases_given_dropout {
  double shape;
  double end;
  double z;
  double reach = (shape + 1) * (z > 0 ? std::min(end, 1 / z) : end);

  double value(double p) const {
    if (z == 0) return -std::expm1(-shape * std::log1p(p * end)) / (shape * p);
    return std::exp(numeric::log_exponential_integral(shape + 1, z / p, p * end)) / p;
  }
  double log_size(double p) const { return -std::log1p(reach * p); }
  double fall(double p) const { return p * reach / (1 + p * reach); }
};

// Survival of somebody with dropout p: G(p) = (1 + p end)^-A, the mean of (1 - p)^purchases.
struct survival_given_dropout {
  double shape;
  double end;
  double reach = shape * end;

  double value(double p) const { return std::exp(log_size(p)); }
  double log_size(double p) const { return -shape * std::log1p(p * end); }
  double fall(double p) const { return shape * p * end / (1 + p * end); }
};

inline double purchases_by_quadrature(const beta_geometric_state& state, double end, double z) {
  return state.shape * over_dropout(state, purchases_given_dropout{state.shape, end, z}).value();
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
  // A piece covers at most about this much of u tau; many pieces are dearer than the other way. With larger shapes the
  // recurrence of the coefficients cancels (from 1e7 on to nothing).
  constexpr double stiff_piece = 12;
  constexpr int most_pieces = 100;
  constexpr double largest_shape = 1e5;
  const double covered = u * (z > 0 ? std::min(end, 1 / z) : end);
  if (covered > most_pieces * stiff_piece || u > largest_shape || c > largest_shape) {
    return detail::purchases_by_quadrature(state, end, z);
  }
  int pieces = 0;
  double tau = 0;
  double f = 1;
  double slope = -u * v / c;
  double sum = 0;
  while (tau < end) {
    const double discount = std::exp(-z * tau);
    const double left = z > 0 ? std::min(end - tau, 1 / z) : end - tau;
    if (discount * f * left <= negligible * sum) break;
    if (++pieces > most_pieces) return detail::purchases_by_quadrature(state, end, z);
    const auto series = detail::taylor_of(u, v, c, tau, f, slope);
    double step = std::min(detail::taylor_step(series), end - tau);
    if (z > 0) step = std::min(step, largest_exponent / z);
    if (!(tau + step > tau)) break;
    const auto moments = detail::exponential_moments(z * step);
    double power = step;
    double piece = 0;
    for (std::size_t k = 0; k < detail::taylor_terms; ++k) {
      piece += series[k] * power * moments[k];
      power *= step;
    }
    sum += discount * piece;
    tau += step;
    if (tau >= end) break;
    double next_f = 0;
    double next_slope = 0;
    for (std::size_t k = detail::taylor_terms; k-- > 0;) {
      next_slope = next_slope * step + next_f;
      next_f = next_f * step + series[k];
    }
    f = next_f;
    slope = next_slope;
    if (!(f > std::numeric_limits<double>::min())) break;
  }
  return state.shape * sum;
}

inline double survival(const beta_geometric_state& state, double u) {
  if (u == 0) return 1;
  return detail::over_dropout(state, detail::survival_given_dropout{state.shape, u / state.scale}).value();
}

namespace detail {

// ln E[(1 - p)^n]: n purchases survived. (b)_n / (a + b)_n, or the same as (b)_a / (b + n)_a where that is shorter.
inline double log_survived(const beta_geometric_state& state, double n) {
  using numeric::log_rising;
  if (n > state.dropout)
    return log_rising(state.survival, state.dropout) - log_rising(state.survival + n, state.dropout);
  return log_rising(state.survival, n) - log_rising(state.dropout + state.survival, n);
}

}  // namespace detail

inline double purchase_tail(const beta_geometric_state& state, double n, double t) {
  if (n == 0) return 1;
  return std::exp(detail::log_survived(state, n - 1)) * negative_binomial_tail(state.shape, state.scale, n, t);
}

inline double purchase_probability(const beta_geometric_state& state, double n, double t) {
  const double lives = std::exp(detail::log_survived(state, n) + log_negative_binomial(state.shape, state.scale, n, t));
  if (n == 0) return lives;
  return lives + state.dropout / (state.dropout + state.survival + (n - 1)) * purchase_tail(state, n, t);
}

}  // namespace kundenwert::btyd
