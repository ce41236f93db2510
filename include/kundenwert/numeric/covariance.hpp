// Covariance of estimates from the Hessian of the negative log-likelihood.
//
// Reference: asymptotic normality of maximum likelihood; the observed information is the Hessian at the maximum.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "kundenwert/base/column.hpp"
#include "kundenwert/numeric/linear.hpp"

namespace kundenwert::numeric {

// Inverse of a symmetric positive definite matrix of order n (row by row). Where it is not positive definite or has an
// entry that is not finite, every entry is NaN: no generalized inverse stands in for a covariance that does not exist.
inline std::vector<double> covariance_from_hessian(std::span<const double> hessian, std::size_t n) {
  // Scaled to a unit diagonal first, so that parameters of very different size lose no digits.
  std::vector<double> covariance(n * n, not_available);
  for (const double entry : hessian) {
    if (!std::isfinite(entry)) return covariance;
  }
  std::vector<double> scale(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double diagonal = hessian[i * n + i];
    if (!(diagonal > 0)) return covariance;
    scale[i] = 1 / std::sqrt(diagonal);
  }
  std::vector<double> scaled(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) scaled[i * n + j] = hessian[i * n + j] * scale[i] * scale[j];
  }
  const auto eigen = eigen_of_symmetric(scaled, n);
  // Below this share of the largest eigenvalue rounding alone decides the inverse.
  constexpr double smallest_share = 1e-13;
  if (!(eigen.values.front() > smallest_share * eigen.values.back())) return covariance;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < n; ++k) {
        sum += eigen.vectors[i * n + k] * eigen.vectors[j * n + k] / eigen.values[k];
      }
      covariance[i * n + j] = covariance[j * n + i] = sum * scale[i] * scale[j];
    }
  }
  return covariance;
}

// The sandwich B M B of a bread B (an inverse Hessian) and a middle M, both n * n and symmetric. Reference: White
// (1982).
inline std::vector<double> sandwich(std::span<const double> bread, std::span<const double> middle, std::size_t n) {
  std::vector<double> half(n * n, 0.0);
  std::vector<double> out(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t k = 0; k < n; ++k) half[i * n + k] += bread[i * n + j] * middle[j * n + k];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      for (std::size_t k = 0; k < n; ++k) out[i * n + j] += half[i * n + k] * bread[k * n + j];
      out[j * n + i] = out[i * n + j];
    }
  }
  return out;
}

// Square roots of the diagonal of a covariance; NaN where it is.
inline std::vector<double> standard_errors(std::span<const double> covariance, std::size_t n) {
  std::vector<double> errors(n);
  for (std::size_t i = 0; i < n; ++i) errors[i] = std::sqrt(covariance[i * n + i]);
  return errors;
}

}  // namespace kundenwert::numeric
