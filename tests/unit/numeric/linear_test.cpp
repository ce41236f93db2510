#include "kundenwert/numeric/linear.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::numeric;

TEST_CASE("eigenvalues ascend and eigenvectors are columns") {
  // 2 -1 0 / -1 2 -1 / 0 -1 2: eigenvalues 2 - sqrt 2, 2, 2 + sqrt 2.
  constexpr std::array<double, 9> matrix{2, -1, 0, -1, 2, -1, 0, -1, 2};
  const auto found = eigen_of_symmetric(matrix, 3);
  CHECK_NEAR(found.values[0], 2 - std::sqrt(2.0), 1e-14, 0);
  CHECK_NEAR(found.values[1], 2, 1e-14, 0);
  CHECK_NEAR(found.values[2], 2 + std::sqrt(2.0), 1e-14, 0);
  for (std::size_t k = 0; k < 3; ++k) {
    double length = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      double image = 0;
      for (std::size_t j = 0; j < 3; ++j) image += matrix[i * 3 + j] * found.vectors[j * 3 + k];
      CHECK_NEAR(image, found.values[k] * found.vectors[i * 3 + k], 0, 1e-14);
      length += found.vectors[i * 3 + k] * found.vectors[i * 3 + k];
    }
    CHECK_NEAR(length, 1, 1e-14, 0);
  }
}

TEST_CASE("a matrix with NaN or infinity is refused") {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    const std::array<double, 4> matrix{1, 0, 0, bad};
    try {
      eigen_of_symmetric(matrix, 2);
      FAIL("no error");
    } catch (const error& e) {
      CHECK(e.code() == error_code::non_finite);
      CHECK(e.argument() == "matrix");
    }
  }
}
