// The Euler integrals behind every 2F1, 1F1 and U of the BTYD literature, evaluated as integrals of positive,
// log-concave functions: no term cancels, nothing overflows, and all derivatives come from the same nodes.
//
//   power integral         I(A, B, p, q, D) = int_0^D (1 + u/p)^-A (1 + u/q)^-B du
//   exponential integral   K(s, z, V)       = int_0^V e^(-z v) (1 + v)^-s dv,    V may be infinite where z > 0
//
// In y = ln(1 + u/p) (p the smaller scale) the integrands are log-concave and analytic for |Im y| < pi, so a few
// Gauss-Legendre panels whose length follows the local decay reach full precision. Nodes depend on values only and are
// reused for the derivatives: d ln I = E[d phi], d2 ln I = E[d2 phi] + Cov(d phi, d phi) under the normalized
// integrand.
//
// References: Schmittlein, Morrison & Colombo (1987), appendix; Fader & Hardie, note 009, eq. 18-20 (A0 is a difference
// of two 2F1; it equals the power integral); DLMF 13.4.4 (K at V = infinity is e^z-free U(1, 2 - s, z)).
//
// symbol | name  | domain
// A, B   | power of the first, second factor | >= 0
// p, q   | scales                            | > 0
// D, V   | length                            | >= 0
// s, z   | power, rate                       | >= 0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "kundenwert/numeric/dual.hpp"
#include "kundenwert/numeric/quadrature.hpp"

namespace kundenwert::numeric {

struct power_integral_arguments {
  double first_power;   // A
  double second_power;  // B
  double first_scale;   // p
  double second_scale;  // q
  double length;        // D
};

// ln I; -infinity where the length is 0. Relative error of I below 1e-13 for A, B to 1e5 and scales 1e-10 to 1e10.
inline double log_power_integral(const power_integral_arguments& at);

// ln I with its derivatives up to the order in (A, B, p, q); the length must be above 0.
template <int Order = 2>
local_derivatives<4, Order> log_power_integral_derivatives(const power_integral_arguments& at);

// ln K; relative error of K below 1e-13. Infinite length needs rate > 0. -infinity where the length is 0.
inline double log_exponential_integral(double power, double rate, double length);

namespace detail {

// How an exponent phi(y) behaves at one point: its value, its rate of decay -phi' and its curvature -phi'' >= 0.
struct exponent_shape {
  double value;
  double decay;
  double curvature;
};

// Calls visit(y, weight) for quadrature nodes over [0, end] such that sum weight * f(y) integrates
// f(y) = exp(phi(y)) * (slowly varying) to about 1e-15, phi concave. shape_at(y) tells phi's behavior.
// Stops early where the rest cannot matter.
template <class Shape, class Visit>
void visit_log_concave(double end, Shape&& shape_at, Visit&& visit) {
  constexpr double largest_panel = 1.5;  // half of it against the strip of width pi: 6.5^-32 error of 16 nodes
  constexpr double largest_drop = 10;    // 16 nodes integrate e^-10y over a unit panel to 1e-17
  constexpr double negligible = 45;      // e^-45 = 3e-20
  const auto& rule = gauss_legendre_16;
  double peak = -std::numeric_limits<double>::infinity();
  for (double y = 0; y < end;) {
    const exponent_shape here = shape_at(y);
    peak = std::max(peak, here.value);
    if (here.decay > 0 && here.value < peak - negligible) return;
    double panel = std::min(largest_panel, end - y);
    if (std::fabs(here.decay) * panel > largest_drop) panel = largest_drop / std::fabs(here.decay);
    if (here.curvature * panel * panel > largest_drop) panel = std::sqrt(largest_drop / here.curvature);
    // A rest too short to change y would loop for ever.
    if (!(y + panel > y)) return;
    const double half = 0.5 * panel;
    for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
      visit(y + half * (1 + rule.nodes[k]), half * rule.weights[k]);
    }
    y += panel;
  }
}

// The power integral with the smaller scale first; in y = ln(1 + u/p) the integrand times du/dy is
// p * exp(phi), phi = (1 - A) y - B ln(1 + ratio (e^y - 1)), ratio = p / q <= 1.
struct ordered_power_integral {
  double power;  // of the factor with the smaller scale
  double other_power;
  double scale;
  double ratio;
  double end;  // of y

  exponent_shape shape_at(double y) const {
    const double growth = ratio * std::expm1(y);
    const double share = ratio * std::exp(y) / (1 + growth);
    return {(1 - power) * y - other_power * std::log1p(growth), power - 1 + other_power * share,
            other_power * share * (1 - share)};
  }
};

inline ordered_power_integral order_scales(const power_integral_arguments& at) {
  if (at.first_scale <= at.second_scale) {
    return {at.first_power, at.second_power, at.first_scale, at.first_scale / at.second_scale,
            std::log1p(at.length / at.first_scale)};
  }
  return {at.second_power, at.first_power, at.second_scale, at.second_scale / at.first_scale,
          std::log1p(at.length / at.second_scale)};
}

}  // namespace detail

inline double log_power_integral(const power_integral_arguments& at) {
  const auto integral = detail::order_scales(at);
  double sum = 0;
  detail::visit_log_concave(
      integral.end, [&](double y) { return integral.shape_at(y); },
      [&](double y, double weight) {
        const double growth = integral.ratio * std::expm1(y);
        sum += weight * std::exp((1 - integral.power) * y - integral.other_power * std::log1p(growth));
      });
  return std::log(sum) + std::log(integral.scale);
}

template <int Order>
local_derivatives<4, Order> log_power_integral_derivatives(const power_integral_arguments& at) {
  const auto integral = detail::order_scales(at);
  const bool swapped = at.first_scale > at.second_scale;
  // phi = -A ln(1 + u/p) - B ln(1 + u/q) with p the smaller scale here.
  const double a = integral.power;
  const double b = integral.other_power;
  const double p = integral.scale;
  const double q = swapped ? at.first_scale : at.second_scale;
  double mass = 0;
  std::array<double, 4> mean{};      // of d phi / d (A, B, p, q)
  std::array<double, 10> product{};  // of the products of first derivatives, plus the second derivatives
  detail::visit_log_concave(
      integral.end, [&](double y) { return integral.shape_at(y); },
      [&](double y, double weight) {
        const double u_over_p = std::expm1(y);
        const double growth = integral.ratio * u_over_p;
        const double log_q = std::log1p(growth);
        const double w = weight * std::exp((1 - a) * y - b * log_q);
        // u / (p (p + u)) and u / (q (q + u)): derivatives of -ln(1 + u/p) in p and of -ln(1 + u/q) in q.
        const double fall_p = u_over_p / (1 + u_over_p);
        const double fall_q = growth / (1 + growth);
        const std::array<double, 4> d{-y, -log_q, a * fall_p / p, b * fall_q / q};
        mass += w;
        for (std::size_t i = 0; i < 4; ++i) mean[i] += w * d[i];
        if constexpr (Order == 2) {
          for (std::size_t i = 0, k = 0; i < 4; ++i) {
            for (std::size_t j = 0; j <= i; ++j, ++k) product[k] += w * d[i] * d[j];
          }
          product[3] += w * fall_p / p;                           // A p
          product[5] -= w * a * fall_p * (2 - fall_p) / (p * p);  // p p
          product[7] += w * fall_q / q;                           // B q
          product[9] -= w * b * fall_q * (2 - fall_q) / (q * q);  // q q
        }
      });
  local_derivatives<4, Order> out;
  out.value = std::log(mass) + std::log(p);
  for (double& m : mean) m /= mass;
  // Where the scales were swapped, (A, B, p, q) -> (B, A, q, p).
  out.gradient = swapped ? std::array<double, 4>{mean[1], mean[0], mean[3], mean[2]} : mean;
  if constexpr (Order == 2) {
    for (std::size_t i = 0, k = 0; i < 4; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++k) product[k] = product[k] / mass - mean[i] * mean[j];
    }
    out.hessian = product;
    if (swapped) {
      // The triangle 00 10 11 20 21 22 30 31 32 33.
      const auto& h = product;
      out.hessian = {h[2], h[1], h[0], h[7], h[6], h[9], h[4], h[3], h[8], h[5]};
    }
  }
  return out;
}

inline double log_exponential_integral(double power, double rate, double length) {
  // In y = ln(1 + v): exp(phi), phi = (1 - s) y - z (e^y - 1).
  const double end = std::log1p(length);
  double sum = 0;
  detail::visit_log_concave(
      end,
      [&](double y) {
        const double decay = rate * std::exp(y);
        return detail::exponent_shape{(1 - power) * y - rate * std::expm1(y), power - 1 + decay, decay};
      },
      [&](double y, double weight) { sum += weight * std::exp((1 - power) * y - rate * std::expm1(y)); });
  return std::log(sum);
}

// ln I of scalars that carry derivatives. The length is data.
template <std::size_t N, int Order>
dual<N, Order> log_power_integral(const dual<N, Order>& first_power, const dual<N, Order>& second_power,
                                  const dual<N, Order>& first_scale, const dual<N, Order>& second_scale,
                                  double length) {
  return chain(log_power_integral_derivatives<Order>(
                   {first_power.value, second_power.value, first_scale.value, second_scale.value, length}),
               std::array<dual<N, Order>, 4>{first_power, second_power, first_scale, second_scale});
}
inline double log_power_integral(double first_power, double second_power, double first_scale, double second_scale,
                                 double length) {
  return log_power_integral({first_power, second_power, first_scale, second_scale, length});
}

}  // namespace kundenwert::numeric
