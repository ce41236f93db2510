// The regularized incomplete gamma and beta functions: distribution functions of gamma, Poisson, chi-square, beta,
// binomial, t and F.
//
// References: NIST DLMF 8.11.4 (series), 8.9.2 (continued fraction of the upper gamma function), 8.17.22 (continued
// fraction of beta); Lentz (1976) and Thompson & Barnett (1986) (evaluation of continued fractions); Didonato & Morris
// (1992), ACM TOMS 708 (leading factors without cancellation).
//
// paper     | name here                       | domain
// P(a, x)   | incomplete_gamma(a, x)          | 0 < a <= 1e8, x >= 0
// Q(a, x)   | incomplete_gamma_upper(a, x)    | the same; 1 - P
// I_x(a, b) | incomplete_beta(a, b, x)        | 0 < a, b <= 1e8, 0 <= x <= 1
//
// Values, not derivatives: the loops stop where the terms end. Outside the domain, and for NaN, the value is NaN.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "kundenwert/numeric/polynomial.hpp"
#include "kundenwert/numeric/special.hpp"

namespace kundenwert::numeric {

// P(X <= x) for X gamma with shape a and rate 1; 0 at 0, 1 at +inf. Up to a = 1e4 the error is 2e-13 relative where
// x < a + 1, and 1e-14 absolute everywhere.
inline double incomplete_gamma(double a, double x);

// P(X > x) for X gamma with shape a and rate 1; 1 at 0, 0 at +inf. Up to a = 1e4 the error is 2e-13 relative where
// x >= a + 1, and 1e-14 absolute everywhere.
inline double incomplete_gamma_upper(double a, double x);

// P(X <= x) for X beta(a, b); 0 at 0, 1 at 1. Up to a, b = 1e3 the error is 2e-13 relative where
// x <= (a + 1) / (a + b + 2), and 2e-14 absolute everywhere; incomplete_beta(b, a, 1 - x) is the upper tail.
inline double incomplete_beta(double a, double b, double x);

namespace detail {

inline constexpr double largest_incomplete = 1e8;
// Terms needed grow as the square root of the shape: about six times 1e4 at most.
inline constexpr std::int64_t most_terms = 200000;

// 1/3, 1/5, ...: the tail of the series of the inverse hyperbolic tangent; s^2 <= 1/9 makes the next term 1e-17.
inline constexpr double odd_reciprocals[] = {1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11, 1.0 / 13,
                                             1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23, 1.0 / 25,
                                             1.0 / 27, 1.0 / 29, 1.0 / 31, 1.0 / 33, 1.0 / 35};

// ln(ratio) - u, where ratio = 1 + u is known more precisely than the sum would be, without cancellation near u = 0.
inline double log_minus(double ratio, double u) {
  if (!(std::fabs(u) < 0.5)) return std::log(ratio) - u;
  // With s = u / (2 + u): ln(1 + u) = 2 atanh(s) and 2 s - u = -s u.
  const double s = u / (2 + u);
  return 2 * s * s * s * polynomial(odd_reciprocals, s * s) - s * u;
}

// x^a e^-x / Gamma(a).
inline double gamma_factor(double a, double x) {
  if (a < asymptotic_from) return std::exp(a * std::log(x) - x - log_gamma(a));
  const double u = (x - a) / a;
  return std::exp(a * log_minus(x / a, u) + 0.5 * std::log(a) - half_log_two_pi - stirling_remainder(a));
}

// x^a (1 - x)^b / B(a, b), 0 < x < 1.
inline double beta_factor(double a, double b, double x) {
  if (a < asymptotic_from || b < asymptotic_from) {
    return std::exp(a * std::log(x) + b * std::log1p(-x) - log_beta(a, b));
  }
  // About the mean a / (a + b) the terms of first order cancel.
  const double distance = a * (1 - x) - b * x;
  const double exponent =
      a * log_minus(x * ((a + b) / a), -distance / a) + b * log_minus((1 - x) * ((a + b) / b), distance / b);
  const double remainders = stirling_remainder(a) - stirling_difference(b, a);
  return std::exp(exponent - half_log_two_pi - remainders) * std::sqrt(a / (a + b) * b);
}

// P(a, x) / gamma_factor: the sum of x^n / (a (a + 1) ... (a + n)).
inline double gamma_series(double a, double x) {
  double term = 1 / a;
  double sum = term;
  for (std::int64_t n = 1; n < most_terms; ++n) {
    term *= x / (a + static_cast<double>(n));
    sum += term;
    if (term < sum * (0.25 * std::numeric_limits<double>::epsilon())) return sum;
  }
  return nan;
}

// A continued fraction 1 / (b_0 + a_1 / (b_1 + a_2 / (b_2 + ...))) by the modified Lentz method; step n gives a_n, b_n.
template <class Step>
double continued_fraction(double first, Step&& step) {
  constexpr double tiny = 1e-300;  // stands for a denominator of 0
  double front = first == 0 ? tiny : first;
  double c = front;
  double d = 0;
  for (std::int64_t n = 1; n < most_terms; ++n) {
    const auto [numerator, denominator] = step(static_cast<double>(n));
    d = denominator + numerator * d;
    c = denominator + numerator / c;
    if (d == 0) d = tiny;
    if (c == 0) c = tiny;
    d = 1 / d;
    const double change = c * d;
    front *= change;
    if (std::fabs(change - 1) < 2 * std::numeric_limits<double>::epsilon()) return 1 / front;
  }
  return nan;
}

struct fraction_step {
  double numerator;
  double denominator;
};

inline bool is_incomplete_domain(double a) { return a > 0 && a <= largest_incomplete; }

inline double gamma_tail(double a, double x) {
  const auto step = [a, x](double n) { return fraction_step{n * (a - n), x - a + 2 * n + 1}; };
  return gamma_factor(a, x) * continued_fraction(x - a + 1, step);
}

}  // namespace detail

inline double incomplete_gamma(double a, double x) {
  using namespace detail;
  if (!is_incomplete_domain(a) || !(x >= 0)) return nan;
  if (x == 0) return 0;
  if (x == infinity) return 1;
  return x < a + 1 ? gamma_factor(a, x) * gamma_series(a, x) : 1 - gamma_tail(a, x);
}

inline double incomplete_gamma_upper(double a, double x) {
  using namespace detail;
  if (!is_incomplete_domain(a) || !(x >= 0)) return nan;
  if (x == 0) return 1;
  if (x == infinity) return 0;
  return x < a + 1 ? 1 - gamma_factor(a, x) * gamma_series(a, x) : gamma_tail(a, x);
}

inline double incomplete_beta(double a, double b, double x) {
  using namespace detail;
  if (!is_incomplete_domain(a) || !is_incomplete_domain(b) || !(x >= 0 && x <= 1)) return nan;
  if (x == 0 || x == 1) return x;
  // DLMF 8.17.22 converges fast below (a + 1) / (a + b + 2), beside the mean; beyond, I_x(a, b) = 1 - I_(1-x)(b, a).
  const auto below = [](double p, double q, double y) {
    const auto step = [p, q, y](double n) {
      const double m = std::floor(0.5 * n);
      const bool is_even = n == 2 * m;
      const double numerator =
          is_even ? m * (q - m) * y / ((p + n - 1) * (p + n)) : -(p + m) * (p + q + m) * y / ((p + n - 1) * (p + n));
      return fraction_step{numerator, 1};
    };
    return continued_fraction(1, step) / p;
  };
  const double factor = beta_factor(a, b, x);
  if (x <= (a + 1) / (a + b + 2)) return factor * below(a, b, x);
  return 1 - factor * below(b, a, 1 - x);
}

}  // namespace kundenwert::numeric
