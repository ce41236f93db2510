// ln(B(a, b + u) / B(a, b)): the logarithm of the chance to last u periods where the chance to end a period in the
// beta geometric way has the parameters a and b. Each of its four Gamma functions can be millions while the ratio is
// near 1; it is found as one second difference of ln Gamma, whose large terms cancel on paper.
//
// References: Abramowitz & Stegun (1964), 6.1.40 (Stirling's series), 6.1.15 (recurrence).
//
// symbol | name | domain
// a      | a    | > -b; 0 gives 0
// b      | b    | > 0
// u      | u    | >= 0, whole or not; 0 gives 0
//
// For scalars with derivatives: those of the second difference, by digamma and trigamma.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "kundenwert/numeric/dual.hpp"
#include "kundenwert/numeric/special.hpp"

namespace kundenwert::numeric {

// ln(B(a, b + u) / B(a, b)) = ln((b)_u / (a + b)_u). Relative error 1e-14 for b, u and |a| from 1e-6 to 1e12 where a or
// u is above 0.01; 1e-16 over the larger of them where both are small.
inline double log_beta_ratio(double a, double b, double u);

// The limit for u far above a and b, where only its logarithm is at hand: ln(Gamma(a + b) / Gamma(b)) - a ln u.
inline double log_beta_ratio_far(double a, double b, double log_u) { return log_rising(b, a) - a * log_u; }

namespace detail {

// ln of (y + a + u) y / ((y + a) (y + u)), y > 0, y + a > 0.
struct cross_ratio {
  double y;
  double a;
  double u;

  double lost() const { return a / (y + a) * (u / (y + u)); }  // the ratio is 1 - lost
  double value() const { return y / (y + a) * ((y + a + u) / (y + u)); }
};

// ln(1 - lost), where `value` is the same number without the subtraction.
inline double log_of_rest(double lost, double value) {
  constexpr double half = 0.5;
  return std::fabs(lost) < half ? std::log1p(-lost) : std::log(value);
}

// f(b) - f(b + a) - f(b + u) + f(b + a + u) of f = 1 / x and of f = 1 / x^2: sums of positive terms.
inline double reciprocal_difference(double a, double b, double u) {
  return a / b * (u / (b + a)) * ((2 * b + a + u) / (b + u) / (b + a + u));
}
inline double square_difference(double a, double b, double u) {
  const double by_u = u / b / (b + u) + u / (b + a) / (b + a + u);
  return reciprocal_difference(a, b, u) * (1 / b + 1 / (b + a)) + a / (b + u) / (b + u + a) * by_u;
}

// What the asymptotic series add to ln x - 1 / (2 x) for -digamma and to 1 / x + 1 / (2 x^2) for trigamma: their values
// at x less those at x + step, x >= 8.
inline double digamma_tail_fall(double x, double step) {
  const double w0 = 1 / x;
  const double w1 = 1 / (x + step);
  const divided_difference p = divided(digamma_tail, w1 * w1, w0 * w0);
  return step * w0 * w1 * (w0 + w1) * (p.value + w0 * w0 * p.slope);
}
inline double trigamma_tail_fall(double x, double step) {
  const double w0 = 1 / x;
  const double w1 = 1 / (x + step);
  const double t0 = w0 * w0;
  const double t1 = w1 * w1;
  const divided_difference p = divided(trigamma_tail, t1, t0);
  return step * w0 * w1 * (t1 * p.value + w0 * (w0 + w1) * (p.value + t0 * p.slope));
}

// digamma(b + a) + digamma(b + u) - digamma(b) - digamma(b + a + u) >= 0, and the same of trigamma, <= 0, for a, b, u >
// 0: the derivatives of the ratio in b, to full precision where a or u is far below b.
struct polygamma_difference {
  double digamma = 0;
  double trigamma = 0;
};
inline polygamma_difference polygamma_differences(double a, double b, double u) {
  polygamma_difference out;
  double y = b;
  for (; y < asymptotic_from; y += 1) {
    out.digamma += reciprocal_difference(a, y, u);
    out.trigamma -= square_difference(a, y, u);
  }
  const cross_ratio ratio{y, a, u};
  const double once = reciprocal_difference(a, y, u);
  const double step = std::min(a, u);
  const double far = y + std::max(a, u);
  out.digamma += 0.5 * once - log_of_rest(ratio.lost(), ratio.value());
  out.digamma += digamma_tail_fall(y, step) - digamma_tail_fall(far, step);
  out.trigamma -= once + 0.5 * square_difference(a, y, u);
  out.trigamma -= trigamma_tail_fall(y, step) - trigamma_tail_fall(far, step);
  return out;
}

// Value and derivatives in (a, b, u).
inline local_derivatives<3> log_beta_ratio_derivatives(double a, double b, double u) {
  local_derivatives<3> f;
  f.value = log_beta_ratio(a, b, u);
  const auto by_b = polygamma_differences(a, b, u);
  f.gradient = {-digamma_rising(a + b, u), by_b.digamma, -digamma_rising(b + u, a)};
  const double by_a = -trigamma_rising(a + b, u);
  const double by_u = -trigamma_rising(b + u, a);
  f.hessian = {by_a, by_a, by_b.trigamma, -trigamma(a + b + u), by_u, by_u};
  return f;
}

}  // namespace detail

inline double log_beta_ratio(double a, double b, double u) {
  using namespace detail;
  if (a == 0 || u == 0) return 0;
  double y = b;
  double product = 1;
  double lost = 0;  // 1 - product, without cancellation
  for (; y + std::min(a, 0.0) < asymptotic_from; y += 1) {
    const cross_ratio ratio{y, a, u};
    const double step = ratio.lost();
    product *= ratio.value();
    lost += step - lost * step;
  }
  const double below = log_of_rest(lost, product);
  const cross_ratio ratio{y, a, u};
  const double elementary =
      (y - 0.5) * log_of_rest(ratio.lost(), ratio.value()) + a * std::log1p(u / (y + a)) + u * std::log1p(a / (y + u));
  const double step = std::min(a, u);
  const double far = y + std::max(a, u);
  return below - elementary - (stirling_difference(far, step) - stirling_difference(y, step));
}

// u is data.
template <std::size_t N, int Order>
dual<N, Order> log_beta_ratio(const dual<N, Order>& a, const dual<N, Order>& b, double u) {
  if (u == 0) return dual<N, Order>(0.0);
  const auto of_all = detail::log_beta_ratio_derivatives(a.value, b.value, u);
  local_derivatives<2> f;
  f.value = of_all.value;
  f.gradient = {of_all.gradient[0], of_all.gradient[1]};
  f.hessian = {of_all.hessian[0], of_all.hessian[1], of_all.hessian[2]};
  return chain(f, std::array<dual<N, Order>, 2>{a, b});
}

template <std::size_t N, int Order>
dual<N, Order> log_beta_ratio(const dual<N, Order>& a, const dual<N, Order>& b, const dual<N, Order>& u) {
  return chain(detail::log_beta_ratio_derivatives(a.value, b.value, u.value), std::array<dual<N, Order>, 3>{a, b, u});
}

template <std::size_t N, int Order>
dual<N, Order> log_beta_ratio_far(const dual<N, Order>& a, const dual<N, Order>& b, const dual<N, Order>& log_u) {
  local_derivatives<2> f;
  f.value = log_rising(b.value, a.value);
  const double second = trigamma(a.value + b.value);
  f.gradient = {digamma(a.value + b.value), digamma_rising(b.value, a.value)};
  f.hessian = {second, second, trigamma_rising(b.value, a.value)};
  return chain(f, std::array<dual<N, Order>, 2>{a, b}) - a * log_u;
}

// ln(1 - e^x), x < 0.
template <std::size_t N, int Order>
dual<N, Order> log1m_exp(const dual<N, Order>& x) {
  const double odds = 1 / std::expm1(-x.value);  // e^x / (1 - e^x)
  return chain(log1m_exp(x.value), -odds, -odds * (1 + odds), x);
}

}  // namespace kundenwert::numeric
