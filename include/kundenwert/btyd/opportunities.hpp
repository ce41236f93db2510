// What a customer alive at T will do at the opportunities from now on: in each he first leaves for good with a chance
// of his own and, if he stays, buys with another chance of his own. Both chances are beta distributed among customers
// and independent; times are whole numbers of opportunities.
//
//   S(i) = B(gamma, delta + i) / B(gamma, delta), the chance to be alive after i of them
//   expected purchases = alpha / (alpha + beta) * sum over i = 1 ... h of S(i)
//   P(X(h) = n), P(X(h) >= n): sums over the opportunity after which he left, or of purchase n; all terms positive
//
// The sums run over the opportunities, term from term, about 10 ns each; those of the next purchase alone do not.
//
// Reference: Fader, Hardie & Shang (2010), "Customer-Base Analysis in a Discrete-Time Noncontractual Setting",
// Marketing Science 29, eq. 5 and 10-14.
//
// paper (after the history) | name  | domain
// alpha + x                 | alpha | > 0, beta distribution of the chance to buy
// beta + n - x              | beta  | > 0
// gamma                     | gamma | > 0, beta distribution of the chance to leave
// delta + n                 | delta | > 0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "kundenwert/btyd/renewals.hpp"
#include "kundenwert/numeric/beta_ratio.hpp"
#include "kundenwert/numeric/dual.hpp"
#include "kundenwert/numeric/smooth_sum.hpp"

namespace kundenwert::btyd {

struct opportunity_state {
  double alpha;
  double beta;
  double gamma;
  double delta;
};

// Being alive is a contract that is renewed at every opportunity.
inline renewal_state life_of(const opportunity_state& s) { return {s.gamma, s.delta, 1, 0}; }

// P(still alive after u opportunities).
inline double survival(const opportunity_state& s, double u) { return survival(life_of(s), u); }

// Expected purchases within the horizon, each discounted at `rate` per opportunity; an infinite horizon needs rate > 0
// and gives DERT (eq. 14), the first opportunity discounted by one period.
inline double discounted_purchases(const opportunity_state& s, double horizon, double rate) {
  return s.alpha / (s.alpha + s.beta) * discounted_purchases(life_of(s), horizon, rate);
}

inline double expected_purchases(const opportunity_state& s, double horizon) {
  return discounted_purchases(s, horizon, 0);
}

// P(at least n purchases within t), n and t whole numbers >= 0.
inline double purchase_tail(const opportunity_state& s, double n, double t);

// P(exactly n purchases within t), n and t whole numbers >= 0 (eq. 10-12).
inline double purchase_probability(const opportunity_state& s, double n, double t);

inline double purchase_within(const opportunity_state& s, double t);

// P(at least one purchase within t | alive all the while).
inline double purchase_within_life(const opportunity_state& s, double t) {
  return -std::expm1(numeric::log_beta_ratio(s.alpha, s.beta, t));
}

// E[min(opportunities to the next purchase, horizon)], the one bought at included.
inline double waiting_time(const opportunity_state& s, double horizon);

inline double typical_wait(const opportunity_state& s) { return 1 + s.beta / s.alpha; }

// ln P(no purchase within t); of the four parameters with derivatives too.
inline double log_silence(const opportunity_state& s, double t);
template <std::size_t N, int Order>
numeric::dual<N, Order> log_silence(const numeric::dual<N, Order>& alpha, const numeric::dual<N, Order>& beta,
                                    const numeric::dual<N, Order>& gamma, const numeric::dual<N, Order>& delta,
                                    double t);

namespace detail {

// How t opportunities can pass: alive without a purchase, gone before the first purchase, or with a purchase; the three
// add up to 1.
struct passing {
  double alive;
  double gone;
  double bought;

  double silent() const { return gone + alive; }
  // The logarithm of silent(), which near 1 would hide how little is missing.
  double log_silent() const {
    constexpr double half = 0.5;
    return bought < half ? std::log1p(-bought) : std::log(silent());
  }
};

// Calls visit(i, leaving, before) for i = 0 ... t - 1: `leaving` = P(leaves at opportunity i + 1 without a purchase
// till then), `before` how the first i passed. Stops where nobody without a purchase is left: whatever would follow is
// below 1e-20 of what has been.
template <class Visit>
passing pass(const opportunity_state& s, double t, Visit&& visit) {
  constexpr double negligible = 1e-20;
  passing now{1, 0, 0};
  for (double i = 0; i < t; ++i) {
    const double draws = s.gamma + s.delta + i;
    const double tries = s.alpha + s.beta + i;
    // One division, and none that waits for the opportunity before.
    const double each = 1 / (draws * tries);
    const double leaving = now.alive * (s.gamma * tries * each);
    visit(i, leaving, now);
    const double staying = (s.delta + i) * each;
    now.gone += leaving;
    now.bought += now.alive * (staying * s.alpha);
    now.alive *= staying * (s.beta + i);
    if (now.alive <= negligible * std::min(now.gone, now.bought)) break;
  }
  return now;
}
inline passing pass(const opportunity_state& s, double t) {
  return pass(s, t, [](double, double, const passing&) {});
}

// Beyond these many opportunities sums over the next purchase are smooth sums: as fast for billions.
inline constexpr double one_by_one = 2048;

// ln P(the next purchase is at opportunity i), i >= 1.
inline double log_next_purchase(const opportunity_state& s, double i) {
  return -std::log1p(s.beta / s.alpha) + numeric::log_beta_ratio(s.alpha + 1, s.beta, i - 1) +
         numeric::log_beta_ratio(s.gamma, s.delta, i);
}

// h P(silent) + sum of i P(the next purchase is at i).
inline double long_waiting_time(const opportunity_state& s, double horizon) {
  const auto log_alive = [&](double i) {
    return numeric::log_beta_ratio(s.alpha, s.beta, i) + numeric::log_beta_ratio(s.gamma, s.delta, i);
  };
  const auto log_leaving = [&](double i) { return log_alive(i - 1) - std::log1p((s.delta + i - 1) / s.gamma); };
  const double silent = std::exp(log_alive(horizon)) + numeric::sum_falling(log_leaving, horizon, 0);
  const auto log_time = [&](double i) { return log_next_purchase(s, i) + std::log(i); };
  return horizon * silent + numeric::sum_falling(log_time, horizon, 0);
}

// e^log_first times 1 + ratio(first) + ratio(first) ratio(first + 1) + ..., each term times weight(i), i = first ...
// last; ratios and weights are positive. The first term may be far below the smallest double and the sum not.
template <class Ratio, class Weight>
double sum_from(double log_first, double first, double last, Ratio&& ratio, Weight&& weight) {
  constexpr double large = 1e200;
  double scale = log_first;
  double term = 1;
  double sum = 0;
  for (double i = first;; ++i) {
    sum += term * weight(i);
    if (i >= last) break;
    term *= ratio(i);
    if (term > large) {
      term /= large;
      sum /= large;
      scale += std::log(large);
    }
  }
  return std::exp(std::log(sum) + scale);
}

// ln silence with its derivatives in (alpha, beta, gamma, delta): the mixture of the ways to be silent, each a product
// of (beta + j) / (alpha + beta + j) and (delta + j) / (gamma + delta + j), whose logarithms have sums for derivatives.
inline numeric::local_derivatives<4> log_silence_derivatives(const opportunity_state& s, double t) {
  // Of ln of the product so far; `buy` are sums over alpha and beta, `leave` those over gamma and delta.
  struct sums {
    double first = 0;   // of 1 / (a + b + j)
    double second = 0;  // of its square
    double gap = 0;     // of 1 / (b + j) - 1 / (a + b + j)
    double bend = 0;    // of the difference of the squares

    void add(double a, double b) {
      const double all = 1 / (a + b);
      const double own = 1 / b;
      const double one = a * all * own;
      first += all;
      second += all * all;
      gap += one;
      bend += one * (own + all);
    }
  };
  sums buy;
  sums leave;
  std::array<double, 4> mean{};
  std::array<double, 10> square{};
  const auto mix = [&](double weight, const std::array<double, 4>& d, double gamma_gamma, double gamma_delta,
                       double delta_delta) {
    for (std::size_t i = 0; i < 4; ++i) mean[i] += weight * d[i];
    square[0] += weight * (d[0] * d[0] + buy.second);
    square[1] += weight * (d[1] * d[0] + buy.second);
    square[2] += weight * (d[1] * d[1] - buy.bend);
    square[3] += weight * d[2] * d[0];
    square[4] += weight * d[2] * d[1];
    square[5] += weight * gamma_gamma;
    square[6] += weight * d[3] * d[0];
    square[7] += weight * d[3] * d[1];
    square[8] += weight * (d[3] * d[2] + gamma_delta);
    square[9] += weight * (d[3] * d[3] + delta_delta);
  };
  const auto ways = pass(s, t, [&](double i, double leaving, const passing&) {
    const double last = 1 / (s.gamma + s.delta + i);
    const double fall = leave.first + last;
    const double curve = leave.second + last * last;
    // In gamma the square of 1 / gamma - fall and the second derivative curve - 1 / gamma^2 belong together.
    mix(leaving, {-buy.first, buy.gap, 1 / s.gamma - fall, leave.gap - last}, fall * fall - 2 * fall / s.gamma + curve,
        curve, last * last - leave.bend);
    buy.add(s.alpha, s.beta + i);
    leave.add(s.gamma, s.delta + i);
  });
  mix(ways.alive, {-buy.first, buy.gap, -leave.first, leave.gap}, leave.first * leave.first + leave.second,
      leave.second, -leave.bend);
  numeric::local_derivatives<4> f;
  f.value = ways.log_silent();
  const double whole = ways.silent();
  for (std::size_t i = 0, k = 0; i < 4; ++i) {
    f.gradient[i] = mean[i] / whole;
    for (std::size_t j = 0; j <= i; ++j, ++k) f.hessian[k] = square[k] / whole - f.gradient[i] * f.gradient[j];
  }
  return f;
}

}  // namespace detail

inline double log_silence(const opportunity_state& s, double t) { return detail::pass(s, t).log_silent(); }

template <std::size_t N, int Order>
numeric::dual<N, Order> log_silence(const numeric::dual<N, Order>& alpha, const numeric::dual<N, Order>& beta,
                                    const numeric::dual<N, Order>& gamma, const numeric::dual<N, Order>& delta,
                                    double t) {
  return numeric::chain(detail::log_silence_derivatives({alpha.value, beta.value, gamma.value, delta.value}, t),
                        std::array<numeric::dual<N, Order>, 4>{alpha, beta, gamma, delta});
}

inline double purchase_within(const opportunity_state& s, double t) {
  if (t <= detail::one_by_one) return detail::pass(s, t).bought;
  return numeric::sum_falling([&](double i) { return detail::log_next_purchase(s, i); }, t, 0);
}

inline double waiting_time(const opportunity_state& s, double horizon) {
  if (horizon > detail::one_by_one) return detail::long_waiting_time(s, horizon);
  double sum = 0;
  double reached = 0;
  const auto end = detail::pass(s, horizon, [&](double i, double, const detail::passing& before) {
    sum += before.silent();
    reached = i + 1;
  });
  return sum + (horizon - reached) * end.silent();
}

inline double purchase_tail(const opportunity_state& s, double n, double t) {
  if (n == 0) return 1;
  if (n > t) return 0;
  // Over the opportunity i at which purchase n is made.
  const double first = numeric::log_beta_ratio(s.beta, s.alpha, n) + numeric::log_beta_ratio(s.gamma, s.delta, n);
  return detail::sum_from(
      first, n, t,
      [&](double i) {
        return i / (i - n + 1) * ((s.beta + (i - n)) / (s.alpha + s.beta + i)) *
               ((s.delta + i) / (s.gamma + s.delta + i));
      },
      [](double) { return 1; });
}

inline double purchase_probability(const opportunity_state& s, double n, double t) {
  if (n > t) return 0;
  // Over the number i of opportunities he was alive at.
  const double first = numeric::log_beta_ratio(s.beta, s.alpha, n) + numeric::log_beta_ratio(s.gamma, s.delta, n);
  return detail::sum_from(
      first, n, t,
      [&](double i) {
        return (i + 1) / (i + 1 - n) * ((s.beta + (i - n)) / (s.alpha + s.beta + i)) *
               ((s.delta + i) / (s.gamma + s.delta + i));
      },
      [&](double i) { return i < t ? s.gamma / (s.gamma + s.delta + i) : 1; });
}

}  // namespace kundenwert::btyd
