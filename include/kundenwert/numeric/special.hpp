// Special functions of the models, accurate over their whole domain: logarithms of Gamma and Beta, digamma and
// trigamma, and their differences between a and a + x without cancellation; stable logarithms and exponentials. Pure
// functions of doubles: no global, no allocation, no loop whose length depends on convergence.
//
// References: Abramowitz & Stegun (1964), 6.1.40, 6.3.18, 6.4.11 (asymptotic series), 6.1.15, 6.3.5, 6.4.6
// (recurrences); Maechler (2012), "Accurately computing log(1 - exp(-|a|))"; Didonato & Morris (1992), ACM TOMS 708,
// section 5 (ln Beta). The rational approximations are the project's own: tests/reference/data/special_coefficients.py
// finds them with mpmath and prints their errors.
//
// paper             | name here        | domain                | derivative in the first argument
// ln Gamma(a)       | log_gamma        | a > 0                 | digamma
// psi(a)            | digamma          | a > 0                 | trigamma
// psi'(a)           | trigamma         | a > 0                 |
// ln (a)_x          | log_rising       | a > 0, x >= 0         | digamma_rising
// psi(a+x)-psi(a)   | digamma_rising   | a > 0, x >= 0         | trigamma_rising
// psi'(a+x)-psi'(a) | trigamma_rising  | a > 0, x >= 0         |
// ln B(a, b)        | log_beta         | a > 0, b > 0          | digamma(a) - digamma(a + b) = -digamma_rising(a, b)
//
// Edges, for all: NaN in gives NaN out; outside the domain gives NaN; limits are taken at 0 and infinity where they
// exist. Error bounds are those that tests/reference/special_test.cpp holds; "relative" is |found / true - 1|.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "kundenwert/numeric/polynomial.hpp"

namespace kundenwert::numeric {

// ln Gamma(x), x > 0; +inf at 0 and at +inf. Relative error 1e-15, also beside the zeros at 1 and 2.
inline double log_gamma(double x);

// d/dx ln Gamma(x), x > 0; -inf at 0, +inf at +inf. Relative error 1e-15, also beside the zero at 1.4616.
inline double digamma(double x);

// d/dx digamma(x), x > 0; +inf at 0 and wherever 1/x^2 overflows, 0 at +inf. Relative error 1e-15.
inline double trigamma(double x);

// ln(Gamma(a + x) / Gamma(a)), the logarithm of the rising factorial a (a + 1) ... (a + x - 1), a > 0, x >= 0, x whole
// or not; 0 at x = 0, -inf at a = 0 < x. Without cancellation for a in [1e-300, 1e15], x in [0, 1e6]: error 1e-14
// relative, or 2e-15 (1 + |ln a|) min(x, 1) absolute where the value itself passes zero (a and a + x on the two sides
// of 1.4616).
inline double log_rising(double a, double x);

// digamma(a + x) - digamma(a) >= 0, a > 0, x >= 0; for whole x the sum of 1/(a + i), i < x. 0 at x = 0, +inf at a = 0.
// Relative error 2e-15.
inline double digamma_rising(double a, double x);

// trigamma(a + x) - trigamma(a) <= 0, a > 0, x >= 0; for whole x minus the sum of 1/(a + i)^2. 0 at x = 0, -inf at a =
// 0 and wherever 1/a^2 overflows. Relative error 3e-15.
inline double trigamma_rising(double a, double x);

// ln B(a, b) = ln Gamma(a) + ln Gamma(b) - ln Gamma(a + b), a, b > 0; +inf where one is 0. Error 1e-14 relative, or
// 4e-15 absolute where the value passes through zero (as at a = b = 1).
inline double log_beta(double a, double b);

// ln(e^x + e^y) for any x, y, -inf included (ln 0). Relative error 1e-15, or 1e-15 absolute where the value passes
// zero.
inline double log_add_exp(double x, double y);

// ln(1 - e^x), x <= 0; -inf at 0, 0 at -inf. Relative error 1e-15 (Maechler 2012, eq. 7).
inline double log1m_exp(double x);

// ln(1 + e^x) for any x; 0 at -inf, +inf at +inf. Relative error 1e-15 (Maechler 2012, eq. 10).
inline double log1p_exp(double x);

// (e^x - 1) / x, its limit 1 at 0; 0 at -inf, +inf at +inf. Relative error 1e-15.
inline double expm1_over(double x);

// ln(1 + x) / x, x >= -1, its limit 1 at 0; +inf at -1, 0 at +inf. Relative error 1e-15.
inline double log1p_over(double x);

// ln(p / (1 - p)), p in [0, 1]; -inf at 0, +inf at 1. Relative error 1e-15, also beside the zero at 1/2.
inline double logit(double p);

// 1 / (1 + e^-x) for any x; 0 at -inf, 1 at +inf. Relative error 1e-15.
inline double expit(double x);

namespace detail {

inline constexpr double half_log_two_pi = 0.91893853320467274178;

// From here on upward the asymptotic series hold to full precision; below, arguments are shifted by whole steps.
inline constexpr double asymptotic_from = 8;

// Up to here a rising factorial with whole x is the product of its factors; (1e15 + 16)^16 is far from overflow.
inline constexpr double most_factors = 16;
inline constexpr double largest_factor = 1e15;

// ln Gamma(1 + z) / z on [-0.3, 0.5].
inline constexpr double gamma_one_top[] = {-0.5772156649015329, -1.1607342731563655,  -0.2570986041896441,
                                           0.9085412664276354,  0.8036209157082784,   0.25213380605367947,
                                           0.0298464738237727,  0.0009060802204844387};
inline constexpr double gamma_one_bottom[] = {1.0,
                                              3.4358064535874866,
                                              4.6468775437031855,
                                              3.131004495309565,
                                              1.0946822165048562,
                                              0.18716427503352778,
                                              0.012953126687527785,
                                              0.0002111039355163498};
// ln Gamma(1 + z) / (z - 1) on [0.5, 1.5].
inline constexpr double gamma_two_top[] = {2.9780738637984566e-11, 0.5772156643276496,   1.2536174906640174,
                                           0.9556234233937729,     0.30708505624288024,  0.039378153461086786,
                                           0.001509708520239516,   3.906191549188976e-06};
inline constexpr double gamma_two_bottom[] = {1.0,
                                              2.5967224125838073,
                                              2.48960484026226,
                                              1.0900446124679208,
                                              0.21916969610433037,
                                              0.017841757972779627,
                                              0.0004046160132769499};
// digamma(1 + z) / (z - root) on [0, 1.5]; the root is the sum of two doubles.
inline constexpr double digamma_root = 0.46163214496836236;
inline constexpr double digamma_root_rest = -1.5522348162858677e-17;
inline constexpr double digamma_top[] = {1.2503801375034054,    2.024290856560177,    1.1980885341188128,
                                         0.3286188344684571,    0.043088677011782185, 0.0024613119133412554,
                                         4.516388787199974e-05, 5.08670941394139e-08};
inline constexpr double digamma_bottom[] = {1.0,
                                            2.302487164351748,
                                            1.9302455962634422,
                                            0.7680697048177944,
                                            0.1551220226893978,
                                            0.015469821934117152,
                                            0.0006676781651642077,
                                            8.605862410371796e-06};
// trigamma(1 + z) on [0, 1].
inline constexpr double trigamma_top[] = {1.6449340668482264, 4.100470618648935,  4.210982180798213,
                                          2.208500930301343,  0.5912747328040687, 0.06488056477654752};
inline constexpr double trigamma_bottom[] = {1.0,
                                             3.9543131582357023,
                                             6.365380563825217,
                                             5.3617810044756435,
                                             2.509548366637134,
                                             0.6237146466953537,
                                             0.06488058582025484};
// In t = 1/x^2 for x >= 8, near the Bernoulli coefficients of A&S 6.1.40, 6.3.18 and 6.4.11:
// ln Gamma(x) = (x - 1/2) ln x - x + ln(2 pi)/2 + P(t)/x,  psi(x) = ln x - 1/(2x) - t P(t),
// psi'(x) = 1/x + t/2 + (t/x) P(t).
inline constexpr double stirling_tail[] = {0.08333333333333333,    -0.002777777777773988, 0.0007936507897524059,
                                           -0.0005952365845057049, 0.0008414700852503147, -0.001890382993887715,
                                           0.005065905360156132};
inline constexpr double digamma_tail[] = {0.08333333333333333, -0.008333333333278636, 0.0039682539119537084,
                                          -0.0041666448230497, 0.007571689620283902,  -0.020697987372370493,
                                          0.06362150587634356};
inline constexpr double trigamma_tail[] = {0.16666666666666666,  -0.03333333333330476, 0.023809523770911365,
                                           -0.03333331335581846, 0.07575246348177586,  -0.2523946862734603,
                                           1.1093601965597248,   -4.575304142113963};

// P(u) and (P(u) - P(v)) / (u - v), the latter without a subtraction, so that u = v gives the derivative.
struct divided_difference {
  double value;
  double slope;
};
template <std::size_t size>
constexpr divided_difference divided(const double (&c)[size], double u, double v) {
  double value = c[size - 1];
  double slope = 0;
  for (std::size_t i = size - 1; i-- > 0;) {
    slope = slope * v + value;
    value = value * u + c[i];
  }
  return {value, slope};
}

inline double log_gamma_one(double z) { return z * rational(gamma_one_top, gamma_one_bottom, z); }
inline double log_gamma_two(double z) { return (z - 1) * rational(gamma_two_top, gamma_two_bottom, z); }
inline double digamma_one(double z) {
  return ((z - digamma_root) - digamma_root_rest) * rational(digamma_top, digamma_bottom, z);
}
inline double trigamma_one(double z) { return rational(trigamma_top, trigamma_bottom, z); }

// The remainder of Stirling's formula, ln Gamma(x) less its elementary part, x >= 8.
inline double stirling_remainder(double x) {
  const double w = 1 / x;
  return w * polynomial(stirling_tail, w * w);
}

// stirling_remainder(a + x) - stirling_remainder(a), a >= 8.
inline double stirling_difference(double a, double x) {
  const double w0 = 1 / a;
  const double w1 = 1 / (a + x);
  const divided_difference p = divided(stirling_tail, w1 * w1, w0 * w0);
  // w1 P(t1) - w0 P(t0) = (w1 - w0) (P(t1) + w0 (w1 + w0) P[t0, t1]), and w1 - w0 = -x w0 w1.
  return -(x * w0) * w1 * (p.value + w0 * (w1 + w0) * p.slope);
}

// ln(1 + u), u >= 0; from 1/2 on the sum itself is near enough and the plain logarithm faster.
inline double log_one_plus(double u) { return u > 0.5 ? std::log(1 + u) : std::log1p(u); }

// The sum of ln(1 + x / (a + i)) over the steps i that take a to where the series hold; a is moved there.
// (a)_x is (a + n)_x over the product of these 1 + x / (a + i).
inline double shift_up(double& a, double x) {
  if (a >= asymptotic_from) return 0;
  constexpr double largest = 1e20;     // its eighth power is far from overflow,
  constexpr double smallest = 1e-100;  // also over this
  if (x >= 1 && x < largest && a > smallest) {
    double top = 1;
    double bottom = 1;
    for (; a < asymptotic_from; a += 1) {
      top *= a + x;
      bottom *= a;
    }
    return std::log(top / bottom);
  }
  // The product less one is a sum of positive terms, so that a small x loses nothing.
  const double first = x / a;
  const double log_first = first < infinity ? std::log1p(first) : std::log(x) - std::log(a);
  double excess = 0;
  for (a += 1; a < asymptotic_from; a += 1) {
    const double term = x / a;
    excess += term + excess * term;
  }
  return log_first + std::log1p(excess);
}

inline bool is_short_product(double a, double x) {
  return x <= most_factors && a <= largest_factor && x == std::floor(x);
}

inline bool is_outside_rising(double a, double x) { return !(a >= 0 && x >= 0 && a < infinity && x < infinity); }

}  // namespace detail

inline double log_gamma(double x) {
  using namespace detail;
  if (x >= asymptotic_from) {
    if (x == infinity) return infinity;
    return (x - 0.5) * (std::log(x) - 1) + (half_log_two_pi - 0.5 + stirling_remainder(x));
  }
  if (!(x > 0)) return x == 0 ? infinity : nan;
  // All subtractions of whole numbers below are exact.
  if (x < 0.5) return log_gamma_one(x) - std::log(x);
  if (x < 0.7) return log_gamma_two(x) - std::log(x);
  if (x < 1.5) return log_gamma_one(x - 1);
  if (x < 2.5) return log_gamma_two(x - 1);
  double product = 1;
  double y = x;
  while (y >= 2.5) {
    y -= 1;
    product *= y;
  }
  return log_gamma_two(y - 1) + std::log(product);
}

inline double digamma(double x) {
  using namespace detail;
  if (x >= asymptotic_from) {
    if (x == infinity) return infinity;
    const double w = 1 / x;
    const double t = w * w;
    return std::log(x) - (0.5 * w + t * polynomial(digamma_tail, t));
  }
  if (!(x > 0)) return x == 0 ? -infinity : nan;
  if (x < 1) return digamma_one(x) - 1 / x;
  double sum = 0;
  double y = x;
  while (y >= 2.5) {
    y -= 1;
    sum += 1 / y;
  }
  return digamma_one(y - 1) + sum;
}

inline double trigamma(double x) {
  using namespace detail;
  if (x >= asymptotic_from) {
    const double w = 1 / x;
    const double t = w * w;
    return w + t * (0.5 + w * polynomial(trigamma_tail, t));
  }
  if (!(x > 0)) return x == 0 ? infinity : nan;
  if (x <= 1) return trigamma_one(x) + 1 / x / x;
  // psi'(x) = psi'(x - 1) - 1/(x - 1)^2 would subtract: go up, where every term is positive.
  if (x <= 2) return trigamma_one(x - 1);
  double sum = 0;
  double y = x;
  while (y < asymptotic_from) {
    sum += 1 / (y * y);
    y += 1;
  }
  return trigamma(y) + sum;
}

inline double log_rising(double a, double x) {
  using namespace detail;
  if (is_outside_rising(a, x)) return nan;
  if (x == 0) return 0;
  if (a == 0) return -infinity;
  if (is_short_product(a, x)) {
    double product = a;
    for (double i = 1; i < x; i += 1) product *= a + i;
    return std::log(product);
  }
  const double below = shift_up(a, x);
  const double u = x / a;
  const double elementary = x * (std::log(a) - 1) + (a + x - 0.5) * log_one_plus(u);
  return elementary + stirling_difference(a, x) - below;
}

inline double digamma_rising(double a, double x) {
  using namespace detail;
  if (is_outside_rising(a, x)) return nan;
  if (x == 0) return 0;
  if (a == 0) return infinity;
  double sum = 0;
  if (is_short_product(a, x)) {
    for (double i = 0; i < x; i += 1) sum += 1 / (a + i);
    return sum;
  }
  for (; a < asymptotic_from; a += 1) sum += x / (a + x) / a;
  const double w0 = 1 / a;
  const double w1 = 1 / (a + x);
  const double t0 = w0 * w0;
  const double t1 = w1 * w1;
  const divided_difference p = divided(digamma_tail, t1, t0);
  // t0 P(t0) - t1 P(t1) = (t0 - t1) (P(t1) + t0 P[t0, t1]), and t0 - t1 = (w0 - w1) (w0 + w1).
  const double gap = x * w0 * w1;
  return sum + (std::log1p(x / a) + gap * (0.5 + (w0 + w1) * (p.value + t0 * p.slope)));
}

inline double trigamma_rising(double a, double x) {
  using namespace detail;
  if (is_outside_rising(a, x)) return nan;
  if (x == 0) return 0;
  if (a == 0) return -infinity;
  double sum = 0;
  if (is_short_product(a, x)) {
    for (double i = 0; i < x; i += 1) sum -= 1 / (a + i) / (a + i);
    return sum;
  }
  // 1/a^2 - 1/b^2 = (x/b) (1/a) (1/a + 1/b) with b = a + x.
  for (; a < asymptotic_from; a += 1) {
    const double b = a + x;
    sum += x / b / a * (1 / a + 1 / b);
  }
  const double w0 = 1 / a;
  const double w1 = 1 / (a + x);
  const double t0 = w0 * w0;
  const double t1 = w1 * w1;
  const divided_difference p = divided(trigamma_tail, t1, t0);
  // With g(t) = t P(t): w0 g(t0) - w1 g(t1) = (w0 - w1) (g(t1) + w0 (w0 + w1) g[t0, t1]), g[t0, t1] = P(t1) + t0 P[t0,
  // t1].
  const double gap = x * w0 * w1;
  const double slope = p.value + t0 * p.slope;
  return -(sum + gap * (1 + 0.5 * (w0 + w1) + t1 * p.value + w0 * (w0 + w1) * slope));
}

inline double log_beta(double a, double b) {
  using namespace detail;
  if (!(a >= 0 && b >= 0)) return nan;
  if (a > b) std::swap(a, b);
  if (a == 0) return infinity;
  if (b == infinity) return -infinity;
  if (a < asymptotic_from) return log_gamma(a) - log_rising(b, a);
  // TOMS 708, BETALN: with c = a / (a + b) both large terms are negative.
  const double ratio = a / b;
  const double remainders = stirling_remainder(a) - stirling_difference(b, a);
  const double larger = (a - 0.5) * -(std::log(ratio) - std::log1p(ratio)) + b * std::log1p(ratio);
  return half_log_two_pi - 0.5 * std::log(b) + remainders - larger;
}

inline double log_add_exp(double x, double y) {
  if (std::isnan(x) || std::isnan(y)) return detail::nan;
  const double high = std::max(x, y);
  if (std::isinf(high)) return high;
  return high + std::log1p(std::exp(std::min(x, y) - high));
}

inline double log1m_exp(double x) {
  constexpr double log_two = 0.69314718055994530942;
  if (!(x <= 0)) return detail::nan;
  return x > -log_two ? std::log(-std::expm1(x)) : std::log1p(-std::exp(x));
}

inline double log1p_exp(double x) {
  // Above 18 the next term of the series, e^-2x / 2, is below the rounding of x; above 33.3 e^-x is as well.
  if (x <= 18) return std::log1p(std::exp(x));
  if (x <= 33.3) return x + std::exp(-x);
  return x;
}

inline double expm1_over(double x) {
  if (x == 0) return 1;
  if (x == detail::infinity) return x;
  return std::expm1(x) / x;
}

inline double log1p_over(double x) {
  if (x == 0) return 1;
  if (x == detail::infinity) return 0;
  return std::log1p(x) / x;
}

inline double logit(double p) {
  if (!(p >= 0 && p <= 1)) return detail::nan;
  // 2 p - 1 is exact from 1/4 to 1; beyond 3/4 the quotient form has no cancellation to avoid.
  if (p > 0.25 && p < 0.75) return std::log1p((2 * p - 1) / (1 - p));
  return std::log(p / (1 - p));
}

inline double expit(double x) {
  if (x >= 0) return 1 / (1 + std::exp(-x));
  const double e = std::exp(x);
  return e / (1 + e);
}

}  // namespace kundenwert::numeric
