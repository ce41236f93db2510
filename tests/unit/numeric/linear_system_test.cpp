#include "kundenwert/numeric/linear_system.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

#include "kundenwert/base/random.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::numeric;

TEST_CASE("linear systems: small ones by hand, and order 0") {
  const std::vector<double> x = solve_linear(std::vector<double>{0, 2, 1, 1}, std::vector<double>{4, 5});
  CHECK(x == std::vector<double>{3, 2});
  CHECK(solve_linear({}, {}).empty());
}

TEST_CASE("linear systems: the solution solves, on rows of dominant diagonal") {
  random_stream draw(6);
  constexpr std::size_t n = 40;
  std::vector<double> matrix(n * n);
  std::vector<double> right(n);
  for (double& a : matrix) a = draw.uniform() - 0.5;
  for (double& b : right) b = draw.uniform();
  for (std::size_t i = 0; i < n; ++i) matrix[i * n + i] += n;
  const std::vector<double> x = solve_linear(matrix, right);
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < n; ++j) sum += matrix[i * n + j] * x[j];
    // Condition of about 3, n roundings.
    CHECK_NEAR(sum, right[i], 0, 1e-14);
  }
}
