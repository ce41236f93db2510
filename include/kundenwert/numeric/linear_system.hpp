// Square systems of linear equations on plain vectors, by LU decomposition with partial pivoting.
//
// A matrix of order n is a vector of n * n numbers, row by row.
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "kundenwert/base/error.hpp"

namespace kundenwert::numeric {

// The x with matrix x = right. Order 0: empty. Throws length_mismatch, non_finite for NaN or infinite entries; a matrix
// that is singular to rounding gives entries that are not finite.
inline std::vector<double> solve_linear(std::span<const double> matrix, std::span<const double> right) {
  using dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const std::size_t n = right.size();
  if (matrix.size() != n * n) fail(error_code::length_mismatch, "matrix", "is not square of the order of right");
  if (n == 0) return {};
  const auto order = static_cast<Eigen::Index>(n);
  const Eigen::Map<const dense> a(matrix.data(), order, order);
  const Eigen::Map<const Eigen::VectorXd> b(right.data(), order);
  if (!a.allFinite()) fail(error_code::non_finite, "matrix", "has entries that are not finite");
  if (!b.allFinite()) fail(error_code::non_finite, "right", "has entries that are not finite");
  const Eigen::VectorXd x = a.partialPivLu().solve(b);
  return {x.data(), x.data() + order};
}

}  // namespace kundenwert::numeric
