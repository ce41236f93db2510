// Small dense symmetric linear algebra on plain vectors; the only place that sees Eigen.
//
// A symmetric matrix of order n is a vector of n * n numbers, row by row.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <span>
#include <vector>

#include "kundenwert/base/error.hpp"

namespace kundenwert::numeric {

// Eigenvalues in ascending order; eigenvector k is column k: vectors[i * n + k].
struct symmetric_eigen {
  std::vector<double> values;
  std::vector<double> vectors;
};

// Eigen decomposition of a symmetric matrix of order n; throws non_finite for NaN or infinite entries.
inline symmetric_eigen eigen_of_symmetric(std::span<const double> matrix, std::size_t n) {
  using dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto order = static_cast<Eigen::Index>(n);
  const Eigen::Map<const dense> m(matrix.data(), order, order);
  if (!m.allFinite()) fail(error_code::non_finite, "matrix", "has entries that are not finite");
  const Eigen::SelfAdjointEigenSolver<dense> solver(m);
  symmetric_eigen out;
  out.values.assign(solver.eigenvalues().data(), solver.eigenvalues().data() + order);
  const dense vectors = solver.eigenvectors();
  out.vectors.assign(vectors.data(), vectors.data() + order * order);
  return out;
}

}  // namespace kundenwert::numeric
