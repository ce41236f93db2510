// What somebody whose contract runs will still do: shared by the contractual models of discrete time, where each period
// ends with a renewal or the end of the contract. A "purchase" is a renewal; times are whole periods.
//
// The chance to refuse a renewal is beta distributed among customers; c lets it change with the age of a contract:
//   S(t) = B(alpha, beta + t^c) / B(alpha, beta), the share of contracts renewed t times
//   P(at least m renewals within h | n so far) = S(n + m) / S(n), m <= h
//   discounted renewals = sum over i = 1 ... h of S(n + i) / S(n) e^(-rate i)
// Fader & Hardie's DERL does not discount the first renewal: their DERL(n + 1) is e^rate = 1 + d times the discounted
// renewals over an endless horizon of a contract renewed n times; their DEL of a new customer is 1 + those at n = 0.
//
// References: Fader & Hardie (2007), "How to Project Customer Retention"; Fader & Hardie (2010), "Customer-Base
// Valuation in a Contractual Setting: The Perils of Ignoring Heterogeneity" (DERL); Fader, Hardie, Liu, Davin &
// Steenburgh (2018), "How to Project Customer Retention" Revisited.
//
// symbol | name   | unit    | domain
// alpha  | alpha  | -       | > 0
// beta   | beta   | -       | > 0
// c      | c      | -       | > 0; 1 in the shifted beta-geometric
// n      | tenure | periods | whole number >= 0, renewals so far
#pragma once

#include <algorithm>
#include <cmath>

#include "kundenwert/numeric/beta_ratio.hpp"
#include "kundenwert/numeric/smooth_sum.hpp"

namespace kundenwert::btyd {

struct renewal_state {
  double alpha;
  double beta;
  double c;
  double tenure;
};

// ln(S(from + more) / S(from)), from >= 0, more >= 0; of parameters with derivatives too.
template <class S>
S log_renewed(const S& alpha, const S& beta, const S& c, double from, double more);

inline double log_survival(const renewal_state& s, double u) {
  if (s.c == 1) return numeric::log_beta_ratio(s.alpha, s.beta + s.tenure, u);
  return log_renewed(s.alpha, s.beta, s.c, s.tenure, u);
}

// P(still running after u more periods).
inline double survival(const renewal_state& s, double u) { return std::exp(log_survival(s, u)); }

// Expected renewals within the horizon, each discounted at `rate` per period; an infinite horizon needs rate > 0.
// Relative error 1e-12, in closed form where c is 1 and nothing is discounted.
inline double discounted_purchases(const renewal_state& s, double horizon, double rate);

inline double expected_purchases(const renewal_state& s, double horizon) { return discounted_purchases(s, horizon, 0); }

// P(at least n renewals within t).
inline double purchase_tail(const renewal_state& s, double n, double t) { return n <= t ? survival(s, n) : 0; }

// P(exactly n renewals within t): the next one is refused, or t is over.
inline double purchase_probability(const renewal_state& s, double n, double t) {
  if (n >= t) return n == t ? survival(s, n) : 0;
  const renewal_state then{s.alpha, s.beta, s.c, s.tenure + n};
  return survival(s, n) * -std::expm1(log_survival(then, 1));
}

inline double purchase_within(const renewal_state& s, double t) { return purchase_tail(s, 1, t); }

// Who does not leave renews every time.
inline double purchase_within_life(const renewal_state&, double t) { return t >= 1 ? 1 : 0; }

// E[min(time to the next renewal, horizon)]: it comes after one period or never.
inline double waiting_time(const renewal_state& s, double horizon) {
  if (horizon < 1) return horizon;
  const double renewed = survival(s, 1);
  return renewed + (1 - renewed) * horizon;
}

inline double typical_wait(const renewal_state&) { return 1; }

namespace detail {

// The sum of B(a, b + i) / B(a, b) over i = 1 ... h, which telescopes: (b - (b + h) S(h)) / (a - 1), in a form that has
// its limit at a = 1.
inline double sum_of_survival(double a, double b, double h) {
  constexpr double small = 0.5;
  if (a + b < small) return ((b + h) * std::exp(numeric::log_beta_ratio(a, b, h)) - b) / (1 - a);
  if (a == 1) return b * numeric::digamma_rising(b + 1, h);
  return -b * std::expm1(numeric::log_beta_ratio(a - 1, b + 1, h)) / (a - 1);
}

}  // namespace detail

template <class S>
S log_renewed(const S& alpha, const S& beta, const S& c, double from, double more) {
  using numeric::log_beta_ratio;
  using numeric::log_beta_ratio_far;
  using numeric::value_of;
  using std::exp;
  using std::expm1;
  // Beyond e^130 parameters up to 1e12 no longer matter beside t^c, whose second derivatives would overflow.
  constexpr double far = 130;
  if (more == 0) return S(0.0);
  if (from == 0) {
    const S log_u = c * std::log(more);
    if (value_of(log_u) > far) return log_beta_ratio_far(alpha, beta, log_u);
    return log_beta_ratio(alpha, beta, S(exp(log_u)));
  }
  const S log_from = c * std::log(from);
  const S growth = c * std::log1p(more / from);
  if (value_of(log_from) > far) return -(alpha * growth);
  const S then = exp(log_from);
  if (value_of(growth) > far) return log_beta_ratio_far(alpha, beta + then, log_from + growth);
  return log_beta_ratio(alpha, beta + then, S(then * expm1(growth)));
}

inline double discounted_purchases(const renewal_state& s, double horizon, double rate) {
  if (rate == 0 && s.c == 1) return detail::sum_of_survival(s.alpha, s.beta + s.tenure, horizon);
  return numeric::sum_falling([&](double i) { return log_survival(s, i) - rate * i; }, horizon, rate);
}

}  // namespace kundenwert::btyd
