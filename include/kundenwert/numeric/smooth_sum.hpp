// Sums of e^g(i) over whole i where g falls smoothly: thousands of terms at the cost of a few dozen. The first terms
// are added one by one; as soon as a step of one changes little, the rest is an adaptive integral and Gauss's
// corrections at its two ends, which are Euler-Maclaurin's with central differences for the derivatives.
//
// References: DLMF 2.10.1 (Euler-Maclaurin); Whittaker & Robinson (1924), The Calculus of Observations, section 70
// (the central-difference form and its coefficients 1/12, 11/720, 191/60480, 2497/3628800).
//
// symbol | name | domain
// g      | g    | double(double) on [1, infinity): analytic there; falls, or rises at most like ln i before
// n      | last | whole number >= 0, or infinite where the least fall is above 0
#pragma once

#include <algorithm>
#include <cmath>

#include "kundenwert/numeric/quadrature.hpp"

namespace kundenwert::numeric {

// The sum of e^g(i), i = 1 ... last. `least_fall` is a number that g falls by at least in every step, 0 where nothing
// is known. Relative error 1e-12; a term is cut off where all the terms after it are below 1e-17 of the sum.
template <class Exponent>
double sum_falling(Exponent&& g, double last, double least_fall);

namespace detail {

// Steps are smooth from here on where g falls by less than this in each, and by little more or less than in the one
// before: the next correction of the ends is 1e-4 times the ninth difference, 1e-9.
inline constexpr double first_smooth = 64;
inline constexpr double smooth_fall = 0.1;
inline constexpr double smooth_bend = 0.01;

// What the sum of e^g over whole numbers from m on has in addition to its integral and half its first term.
template <class Exponent>
double end_correction(Exponent&& g, double m) {
  const auto odd = [&](double j) { return 0.5 * (std::exp(g(m + j)) - std::exp(g(m - j))); };
  const double d1 = odd(1);
  const double d2 = odd(2);
  const double d3 = odd(3);
  const double d4 = odd(4);
  return -1.0 / 12 * d1 + 11.0 / 720 * (d2 - 2 * d1) - 191.0 / 60480 * (d3 - 4 * d2 + 5 * d1) +
         2497.0 / 3628800 * (d4 - 6 * d3 + 14 * d2 - 14 * d1);
}

// In y = ln t: the singularity at 0 is as far from everywhere, and bisection finds a sudden fall.
template <class Exponent>
double integrate_falling(Exponent&& g, double low, double high) {
  const auto integrand = [&](double y) { return std::exp(g(std::exp(y)) + y); };
  return integrate(integrand, std::log(low), std::log(high), {0, 1e-13, 100000}).value;
}

// The farthest whole number to which every step from m on is smooth, found in steps that double; m where there is none
// far enough to be worth while.
template <class Exponent, class Negligible>
double smooth_end(Exponent&& g, double m, double last, Negligible&& is_negligible) {
  const auto is_smooth = [&](double i) {
    const double fall = g(i) - g(i + 1);
    return fall <= smooth_fall && std::fabs(g(i + 1) - g(i + 2) - fall) <= smooth_bend;
  };
  double end = m;
  if (!is_smooth(m)) return m;
  for (double step : {1.0, 0.25}) {
    while (end < last) {
      const double next = std::min(std::floor(end * (1 + step)), last);
      if (!is_smooth(std::floor(0.5 * (end + next))) || !is_smooth(next)) break;
      end = next;
      if (is_negligible(end)) return end;
    }
  }
  return end - m < first_smooth ? m : end;
}

}  // namespace detail

template <class Exponent>
double sum_falling(Exponent&& g, double last, double least_fall) {
  using namespace detail;
  constexpr double negligible = 1e-17;
  constexpr double between_checks = 16;
  // At most this many times the present term is still to come.
  const auto left_after = [&](double i) {
    return least_fall > 0 ? std::min(last - i, 1 / std::expm1(least_fall)) : last - i;
  };
  double sum = 0;
  double next_check = first_smooth;
  for (double i = 1; i <= last; ++i) {
    const double term = std::exp(g(i));
    sum += term;
    if (term * left_after(i) <= negligible * sum) return sum;
    if (i < next_check) continue;
    const auto is_negligible = [&](double m) { return std::exp(g(m)) * left_after(m) <= negligible * sum; };
    const double end = smooth_end(g, i, last, is_negligible);
    if (end > i) {
      const double rest = end_correction(g, i) - end_correction(g, end) + 0.5 * (std::exp(g(end)) - term);
      sum += integrate_falling(g, i, end) + rest;
      if (is_negligible(end)) return sum;
    }
    i = end;
    next_check = end + between_checks;
  }
  return sum;
}

}  // namespace kundenwert::numeric
