// ln sum_k w_k e^(phi_k), term by term, without overflow: what a quadrature of a positive integrand comes to. For phi
// that carry derivatives all of them come from the same terms: d ln = E[d phi], d2 ln = E[d2 phi] + Cov(d phi, d phi).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "kundenwert/numeric/dual.hpp"

namespace kundenwert::numeric {

template <class S>
class log_mixture;

template <>
class log_mixture<double> {
 public:
  // weight > 0.
  void add(double weight, double phi) {
    if (phi > reference_) {
      mass_ *= std::exp(reference_ - phi);
      reference_ = phi;
    }
    mass_ += weight * std::exp(phi - reference_);
  }
  // -infinity without terms.
  double value() const { return std::log(mass_) + reference_; }

 private:
  double reference_ = -std::numeric_limits<double>::infinity();
  double mass_ = 0;
};

template <std::size_t N, int Order>
class log_mixture<dual<N, Order>> {
 public:
  void add(double weight, const dual<N, Order>& phi) {
    if (phi.value > reference_) {
      const double shrink = std::exp(reference_ - phi.value);
      mass_ *= shrink;
      for (double& v : mean_) v *= shrink;
      for (double& v : second_) v *= shrink;
      reference_ = phi.value;
    }
    const double w = weight * std::exp(phi.value - reference_);
    mass_ += w;
    for (std::size_t i = 0; i < N; ++i) mean_[i] += w * phi.gradient[i];
    if constexpr (Order == 2) {
      for (std::size_t i = 0, k = 0; i < N; ++i) {
        for (std::size_t j = 0; j <= i; ++j, ++k) {
          second_[k] += w * (phi.hessian[k] + phi.gradient[i] * phi.gradient[j]);
        }
      }
    }
  }
  dual<N, Order> value() const {
    dual<N, Order> out(std::log(mass_) + reference_);
    for (std::size_t i = 0; i < N; ++i) out.gradient[i] = mean_[i] / mass_;
    if constexpr (Order == 2) {
      for (std::size_t i = 0, k = 0; i < N; ++i) {
        for (std::size_t j = 0; j <= i; ++j, ++k) {
          out.hessian[k] = second_[k] / mass_ - out.gradient[i] * out.gradient[j];
        }
      }
    }
    return out;
  }

 private:
  double reference_ = -std::numeric_limits<double>::infinity();
  double mass_ = 0;
  std::array<double, N> mean_{};
  std::array<double, dual<N, Order>::pairs> second_{};
};

}  // namespace kundenwert::numeric
