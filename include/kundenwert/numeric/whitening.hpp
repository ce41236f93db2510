// Linear coordinates in which a density of a few variables looks like the standard Gaussian: from the Hessian at its
// mode, then from draws and the gradients there.
//
// References: Hird & Livingstone (2023), "Quantifying the effectiveness of linear preconditioning in Markov chain Monte
// Carlo"; nutpie, whose mass matrix minimizes the Fisher divergence between the density and a Gaussian: with C the
// covariance of draws and G that of gradients it is the Sigma with Sigma G Sigma = C, which for a Gaussian is its
// covariance whatever the draws.
//
// symbol | name     | meaning
// x      | point    | n variables
// z      | white    | x = location + factor z
// Sigma  |          | factor factor'
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "kundenwert/numeric/linear.hpp"

namespace kundenwert::numeric {

// point = location + factor z and z = inverse (point - location); n * n, row by row.
struct whitening {
  std::vector<double> location;
  std::vector<double> factor;
  std::vector<double> inverse;
  double reach = 1;  // quarter turns of a trajectory: more where tails are longer than slopes tell

  std::size_t size() const { return location.size(); }
  void to_point(std::span<const double> z, std::span<double> point) const {
    for (std::size_t i = 0; i < size(); ++i) {
      double sum = location[i];
      for (std::size_t k = 0; k < size(); ++k) sum += factor[i * size() + k] * z[k];
      point[i] = sum;
    }
  }
  void to_white(std::span<const double> point, std::span<double> z) const {
    for (std::size_t i = 0; i < size(); ++i) {
      double sum = 0;
      for (std::size_t k = 0; k < size(); ++k) sum += inverse[i * size() + k] * (point[k] - location[k]);
      z[i] = sum;
    }
  }
  // The gradient in z of minus a function with this gradient in the point.
  void fall(std::span<const double> gradient, std::span<double> out) const {
    for (std::size_t k = 0; k < size(); ++k) {
      double sum = 0;
      for (std::size_t i = 0; i < size(); ++i) sum -= factor[i * size() + k] * gradient[i];
      out[k] = sum;
    }
  }
};

// From mode and Hessian of minus the logarithm of a density; where that is not positive definite, curvatures are taken
// by their size.
whitening whitening_of(std::span<const double> mode, std::span<const double> hessian);

// From draws of the density, point by point, and the gradients of its logarithm there. Stays as it is where they are
// not finite.
void improve(whitening& white, std::span<const double> points, std::span<const double> gradients);

// How many quarter turns a trajectory needs: whitened draws of a Gaussian have variance 1 everywhere, up to the largest
// eigenvalue that chance alone gives; those of a density with long tails or a bend have more, because its slopes are
// steeper than its width tells. In [1, 4].
double reach_of(const whitening& white, std::span<const double> points);

namespace detail {

// V f(values) V' of a symmetric matrix.
template <class Function>
std::vector<double> symmetric_function(const symmetric_eigen& eigen, std::size_t n, Function&& f) {
  std::vector<double> out(n * n);
  for (std::size_t k = 0; k < n; ++k) {
    const double value = f(eigen.values[k]);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        out[i * n + j] += value * eigen.vectors[i * n + k] * eigen.vectors[j * n + k];
      }
    }
  }
  return out;
}

inline std::vector<double> product(std::span<const double> a, std::span<const double> b, std::size_t n) {
  std::vector<double> out(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      for (std::size_t j = 0; j < n; ++j) out[i * n + j] += a[i * n + k] * b[k * n + j];
    }
  }
  return out;
}

// The standard deviation 1 / sqrt(curvature), at most `widest`; of a curvature that is none, its size, at most 1.
inline double deviation_of(double curvature, double widest) {
  const double size = std::max(std::fabs(curvature), std::numeric_limits<double>::min());
  return std::min(curvature > 0 ? widest : 1, 1 / std::sqrt(size));
}

// Mean and covariance of vectors of length n; the covariance is drawn towards the identity as if `prior` vectors had
// shown it.
struct moments {
  std::vector<double> mean;
  std::vector<double> covariance;

  moments(std::span<const double> vectors, std::size_t n, double prior) : mean(n), covariance(n * n) {
    const std::size_t count = vectors.size() / n;
    for (std::size_t k = 0; k < vectors.size(); ++k) mean[k % n] += vectors[k] / static_cast<double>(count);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        double sum = i == j ? prior : 0;
        for (std::size_t k = 0; k < vectors.size(); k += n)
          sum += (vectors[k + i] - mean[i]) * (vectors[k + j] - mean[j]);
        covariance[i * n + j] = sum / (static_cast<double>(count) + prior);
      }
    }
  }
};

}  // namespace detail

inline whitening whitening_of(std::span<const double> mode, std::span<const double> hessian) {
  const std::size_t n = mode.size();
  // Scaled to a unit diagonal first, so that variables of very different size lose no digits.
  // Of a nearly flat direction, in scaled units; warm-up finds its true width.
  constexpr double widest = 1e4;
  std::vector<double> scale(n);
  std::vector<double> scaled(n * n);
  for (std::size_t i = 0; i < n; ++i)
    scale[i] = detail::deviation_of(hessian[i * n + i], std::numeric_limits<double>::max());
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) scaled[i * n + j] = hessian[i * n + j] * scale[i] * scale[j];
  }
  const auto eigen = eigen_of_symmetric(scaled, n);
  whitening out{{mode.begin(), mode.end()}, std::vector<double>(n * n), std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      const double deviation = detail::deviation_of(eigen.values[k], widest);
      out.factor[i * n + k] = scale[i] * eigen.vectors[i * n + k] * deviation;
      out.inverse[k * n + i] = eigen.vectors[i * n + k] / (scale[i] * deviation);
    }
  }
  return out;
}

inline void improve(whitening& white, std::span<const double> points, std::span<const double> gradients) {
  const std::size_t n = white.size();
  constexpr double prior = 1;
  std::vector<double> z(points.size());
  std::vector<double> falls(points.size());
  for (std::size_t k = 0; k < points.size(); k += n) {
    white.to_white(points.subspan(k, n), std::span(z).subspan(k, n));
    white.fall(gradients.subspan(k, n), std::span(falls).subspan(k, n));
  }
  const detail::moments draws(z, n, prior);
  const detail::moments slopes(falls, n, prior);
  for (const auto* m : {&draws, &slopes}) {
    for (const double v : m->covariance) {
      if (!std::isfinite(v)) return;
    }
  }
  const auto slope_eigen = eigen_of_symmetric(slopes.covariance, n);
  const auto root = detail::symmetric_function(slope_eigen, n, [](double v) { return std::sqrt(v); });
  const auto inverse_root = detail::symmetric_function(slope_eigen, n, [](double v) { return 1 / std::sqrt(v); });
  const auto inner = eigen_of_symmetric(detail::product(detail::product(root, draws.covariance, n), root, n), n);
  if (!(slope_eigen.values.front() > 0) || !(inner.values.front() > 0)) return;
  const auto middle = detail::symmetric_function(inner, n, [](double v) { return std::sqrt(v); });
  const auto sigma = detail::product(detail::product(inverse_root, middle, n), inverse_root, n);
  auto symmetric = sigma;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) symmetric[i * n + j] = 0.5 * (sigma[i * n + j] + sigma[j * n + i]);
  }
  const auto eigen = eigen_of_symmetric(symmetric, n);
  if (!(eigen.values.front() > 0)) return;
  std::vector<double> center(n);
  for (std::size_t i = 0; i < n; ++i) {
    center[i] = draws.mean[i];
    for (std::size_t j = 0; j < n; ++j) center[i] -= symmetric[i * n + j] * slopes.mean[j];
  }
  std::vector<double> location(n);
  white.to_point(center, location);
  white.location = location;
  white.factor =
      detail::product(white.factor, detail::symmetric_function(eigen, n, [](double v) { return std::sqrt(v); }), n);
  white.inverse = detail::product(detail::symmetric_function(eigen, n, [](double v) { return 1 / std::sqrt(v); }),
                                  white.inverse, n);
}

inline double reach_of(const whitening& white, std::span<const double> points) {
  const std::size_t n = white.size();
  std::vector<double> z(points.size());
  for (std::size_t k = 0; k < points.size(); k += n) {
    white.to_white(points.subspan(k, n), std::span(z).subspan(k, n));
  }
  const detail::moments draws(z, n, 1);
  for (const double v : draws.covariance) {
    if (!std::isfinite(v)) return 1;
  }
  constexpr double longest = 4;
  const double chance = 1 + std::sqrt(static_cast<double>(n * n) / static_cast<double>(points.size()));
  return std::clamp(eigen_of_symmetric(draws.covariance, n).values.back() / (chance * chance), 1.0, longest);
}

}  // namespace kundenwert::numeric
