// Numbers that carry their exact first and second derivatives with respect to N parameters (forward mode), so that one
// likelihood kernel, templated on its scalar, yields value, gradient and Hessian. Special functions enter as
// primitives with stated derivatives; no derivative passes through an iteration.
//
// dual<N> carries both orders; dual<N, 1> the gradient alone, for samplers, at a fraction of the cost. One list of
// primitives serves both: what only the second order needs is not evaluated for the first.
//
// Reference: Griewank & Walther (2008), Evaluating Derivatives, chapter 13 (second-order forward propagation).
//
// A kernel writes `using std::log; log(x)` and works for double, dual<N> and dual<N, 1> alike.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "kundenwert/numeric/special.hpp"

namespace kundenwert::numeric {

// value, d value / d parameter i, and the lower triangle of second derivatives, row by row (i >= j at i(i+1)/2 + j);
// the triangle is empty where Order is 1.
template <std::size_t N, int Order = 2>
struct dual {
  static_assert(Order == 1 || Order == 2);
  static constexpr int order = Order;
  static constexpr std::size_t pairs = Order == 2 ? N * (N + 1) / 2 : 0;

  double value = 0;
  std::array<double, N> gradient{};
  std::array<double, pairs> hessian{};

  dual() = default;
  dual(double constant) : value(constant) {}  // implicit: literals and data mix with parameters

  // Parameter number `index` at `at`.
  static dual variable(double at, std::size_t index) {
    dual out(at);
    out.gradient[index] = 1;
    return out;
  }
};

// f(x) of a function of one variable: f0, f1, f2 are f, f', f'' at x.value; a costly f2 is given as a function without
// arguments that returns it, and is called for second derivatives only.
template <class Second, std::size_t N, int Order>
dual<N, Order> chain(double f0, double f1, const Second& f2, const dual<N, Order>& x) {
  dual<N, Order> out;
  out.value = f0;
  for (std::size_t i = 0; i < N; ++i) out.gradient[i] = f1 * x.gradient[i];
  if constexpr (Order == 2) {
    double second;
    if constexpr (std::is_invocable_v<const Second&>) {
      second = f2();
    } else {
      second = f2;
    }
    for (std::size_t i = 0, k = 0; i < N; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++k) {
        out.hessian[k] = f1 * x.hessian[k] + second * x.gradient[i] * x.gradient[j];
      }
    }
  }
  return out;
}

// Value, gradient and lower triangle of a function of M variables: what a primitive states about itself.
template <std::size_t M, int Order = 2>
using local_derivatives = dual<M, Order>;

// f(x_1, ..., x_M) from the local derivatives of f, of at least the order of x, at the values of x.
template <std::size_t M, int Given, std::size_t N, int Order>
dual<N, Order> chain(const dual<M, Given>& f, const std::array<dual<N, Order>, M>& x) {
  static_assert(Given >= Order);
  dual<N, Order> out;
  out.value = f.value;
  for (std::size_t m = 0; m < M; ++m) {
    for (std::size_t i = 0; i < N; ++i) out.gradient[i] += f.gradient[m] * x[m].gradient[i];
    for (std::size_t k = 0; k < dual<N, Order>::pairs; ++k) out.hessian[k] += f.gradient[m] * x[m].hessian[k];
  }
  if constexpr (Order == 2) {
    for (std::size_t m = 0, e = 0; m < M; ++m) {
      for (std::size_t n = 0; n <= m; ++n, ++e) {
        const double second = f.hessian[e];
        if (second == 0) continue;
        for (std::size_t i = 0, k = 0; i < N; ++i) {
          for (std::size_t j = 0; j <= i; ++j, ++k) {
            const double product = x[m].gradient[i] * x[n].gradient[j];
            out.hessian[k] += second * (m == n ? product : product + x[n].gradient[i] * x[m].gradient[j]);
          }
        }
      }
    }
  }
  return out;
}

template <std::size_t N, int Order>
dual<N, Order>& operator+=(dual<N, Order>& x, const dual<N, Order>& y) {
  x.value += y.value;
  for (std::size_t i = 0; i < N; ++i) x.gradient[i] += y.gradient[i];
  for (std::size_t k = 0; k < dual<N, Order>::pairs; ++k) x.hessian[k] += y.hessian[k];
  return x;
}

template <std::size_t N, int Order>
dual<N, Order> operator*(double c, dual<N, Order> x) {
  x.value *= c;
  for (double& g : x.gradient) g *= c;
  for (double& h : x.hessian) h *= c;
  return x;
}
template <std::size_t N, int Order>
dual<N, Order> operator*(const dual<N, Order>& x, double c) {
  return c * x;
}

template <std::size_t N, int Order>
dual<N, Order> operator-(const dual<N, Order>& x) {
  return -1.0 * x;
}

template <std::size_t N, int Order>
dual<N, Order> operator+(dual<N, Order> x, const dual<N, Order>& y) {
  return x += y;
}
template <std::size_t N, int Order>
dual<N, Order> operator-(dual<N, Order> x, const dual<N, Order>& y) {
  return x += -y;
}

template <std::size_t N, int Order>
dual<N, Order> operator+(dual<N, Order> x, double c) {
  x.value += c;
  return x;
}
template <std::size_t N, int Order>
dual<N, Order> operator+(double c, const dual<N, Order>& x) {
  return x + c;
}
template <std::size_t N, int Order>
dual<N, Order> operator-(const dual<N, Order>& x, double c) {
  return x + (-c);
}
template <std::size_t N, int Order>
dual<N, Order> operator-(double c, const dual<N, Order>& x) {
  return -x + c;
}

template <std::size_t N, int Order>
dual<N, Order> operator*(const dual<N, Order>& x, const dual<N, Order>& y) {
  dual<N, Order> out;
  out.value = x.value * y.value;
  for (std::size_t i = 0; i < N; ++i) out.gradient[i] = x.value * y.gradient[i] + y.value * x.gradient[i];
  if constexpr (Order == 2) {
    for (std::size_t i = 0, k = 0; i < N; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++k) {
        out.hessian[k] = x.value * y.hessian[k] + y.value * x.hessian[k] + x.gradient[i] * y.gradient[j] +
                         x.gradient[j] * y.gradient[i];
      }
    }
  }
  return out;
}

// c / x, x != 0.
template <std::size_t N, int Order>
dual<N, Order> operator/(double c, const dual<N, Order>& x) {
  const double quotient = c / x.value;
  return chain(quotient, -quotient / x.value, 2 * quotient / (x.value * x.value), x);
}
template <std::size_t N, int Order>
dual<N, Order> operator/(const dual<N, Order>& x, double c) {
  return (1 / c) * x;
}
template <std::size_t N, int Order>
dual<N, Order> operator/(const dual<N, Order>& x, const dual<N, Order>& y) {
  return x * (1.0 / y);
}

// The value alone, of either scalar: for choosing a branch or a quadrature node.
inline double value_of(double x) { return x; }
template <std::size_t N, int Order>
double value_of(const dual<N, Order>& x) {
  return x.value;
}

template <std::size_t N, int Order>
dual<N, Order> log(const dual<N, Order>& x) {
  return chain(std::log(x.value), 1 / x.value, -1 / (x.value * x.value), x);
}

template <std::size_t N, int Order>
dual<N, Order> log1p(const dual<N, Order>& x) {
  const double inverse = 1 / (1 + x.value);
  return chain(std::log1p(x.value), inverse, -inverse * inverse, x);
}

template <std::size_t N, int Order>
dual<N, Order> exp(const dual<N, Order>& x) {
  const double e = std::exp(x.value);
  return chain(e, e, e, x);
}

template <std::size_t N, int Order>
dual<N, Order> expm1(const dual<N, Order>& x) {
  const double e = std::exp(x.value);
  return chain(std::expm1(x.value), e, e, x);
}

// ln(e^x + e^y): the weights of the two terms are the first derivatives, their product the second.
template <std::size_t N, int Order>
dual<N, Order> log_add_exp(const dual<N, Order>& x, const dual<N, Order>& y) {
  const double first = 1 / (1 + std::exp(y.value - x.value));
  const double second = 1 / (1 + std::exp(x.value - y.value));
  dual<N, Order> out;
  out.value = log_add_exp(x.value, y.value);
  for (std::size_t i = 0; i < N; ++i) out.gradient[i] = first * x.gradient[i] + second * y.gradient[i];
  if constexpr (Order == 2) {
    const double cross = first * second;
    for (std::size_t i = 0, k = 0; i < N; ++i) {
      const double gap = cross * (x.gradient[i] - y.gradient[i]);
      for (std::size_t j = 0; j <= i; ++j, ++k) {
        out.hessian[k] = first * x.hessian[k] + second * y.hessian[k] + gap * (x.gradient[j] - y.gradient[j]);
      }
    }
  }
  return out;
}

// ln Gamma(a + x) / Gamma(a) with data x; derivatives are differences of digamma and trigamma.
template <std::size_t N, int Order>
dual<N, Order> log_rising(const dual<N, Order>& a, double x) {
  return chain(
      log_rising(a.value, x), digamma_rising(a.value, x), [&] { return trigamma_rising(a.value, x); }, a);
}

// ln B(a, b), both parameters.
template <std::size_t N, int Order>
dual<N, Order> log_beta(const dual<N, Order>& a, const dual<N, Order>& b) {
  local_derivatives<2, Order> f;
  f.value = log_beta(a.value, b.value);
  f.gradient = {-digamma_rising(a.value, b.value), -digamma_rising(b.value, a.value)};
  if constexpr (Order == 2) {
    f.hessian = {-trigamma_rising(a.value, b.value), -trigamma(a.value + b.value), -trigamma_rising(b.value, a.value)};
  }
  return chain(f, std::array<dual<N, Order>, 2>{a, b});
}

}  // namespace kundenwert::numeric
