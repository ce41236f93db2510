#include "kundenwert/numeric/whitening.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "near.hpp"

using namespace kundenwert::numeric;

namespace {

using vec = std::vector<double>;

// factor factor'.
vec covariance(const whitening& white) {
  const std::size_t n = white.size();
  vec out(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t k = 0; k < n; ++k) out[i * n + j] += white.factor[i * n + k] * white.factor[j * n + k];
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a Hessian is whitened by its inverse") {
  // Inverse of {{4, 2}, {2, 3}}: {{3, -2}, {-2, 4}} / 8.
  const auto white = whitening_of(vec{1, -1}, vec{4, 2, 2, 3});
  const auto found = covariance(white);
  const vec expected{0.375, -0.25, -0.25, 0.5};
  for (std::size_t i = 0; i < 4; ++i) CHECK_NEAR(found[i], expected[i], 1e-14, 0);
  // There and back.
  const vec z{0.3, -2};
  vec point(2);
  vec back(2);
  white.to_point(z, point);
  white.to_white(point, back);
  for (std::size_t i = 0; i < 2; ++i) CHECK_NEAR(back[i], z[i], 1e-14, 0);
}

TEST_CASE("curvatures that are none are taken by their size") {
  const auto found = covariance(whitening_of(vec{0, 0, 0}, vec{-4, 0, 0, 0, 0, 0, 0, 0, 25}));
  CHECK_NEAR(found[0], 0.25, 1e-14, 0);
  CHECK_NEAR(found[4], 1, 1e-14, 0);
  CHECK_NEAR(found[8], 0.04, 1e-14, 0);
}

TEST_CASE("a Gaussian's covariance and mean follow from any points and the gradients there") {
  // Precision {{4, 2}, {2, 3}} about (5, 7), points that are no sample of it.
  vec points;
  vec gradients;
  for (int i = 0; i < 4000; ++i) {
    const double x = std::sin(1.0 * i) + 5.2;
    const double y = std::cos(1.7 * i) * 3 + 6;
    points.insert(points.end(), {x, y});
    gradients.insert(gradients.end(), {-4 * (x - 5) - 2 * (y - 7), -2 * (x - 5) - 3 * (y - 7)});
  }
  whitening white = whitening_of(vec{0, 0}, vec{1, 0, 0, 1});
  for (int round = 0; round < 3; ++round) improve(white, points, gradients);
  const auto found = covariance(white);
  const vec expected{0.375, -0.25, -0.25, 0.5};
  // Drawn towards the last whitening as if by one point of 4000.
  for (std::size_t i = 0; i < 4; ++i) CHECK_NEAR(found[i], expected[i], 1e-3, 0);
  CHECK_NEAR(white.location[0], 5, 1e-3, 0);
  CHECK_NEAR(white.location[1], 7, 1e-3, 0);
  // Values that are not finite change nothing.
  const auto before = white.factor;
  gradients[3] = HUGE_VAL;
  improve(white, points, gradients);
  CHECK(white.factor == before);
}

TEST_CASE("trajectories reach further where whitened draws are wide") {
  const auto white = whitening_of(vec{0}, vec{1});
  vec points;
  for (int i = 0; i < 1000; ++i) points.push_back(std::sqrt(2.0) * std::sin(1.0 * i));
  CHECK(reach_of(white, points) == 1);
  for (double& x : points) x *= 1.5;
  // Variance 2.25 over the 1 + sqrt(1 / 1000), squared, that chance gives.
  CHECK_NEAR(reach_of(white, points), 2.25 / std::pow(1 + std::sqrt(1e-3), 2), 2e-3, 0);
  for (double& x : points) x *= 100;
  CHECK(reach_of(white, points) == 4);
}
