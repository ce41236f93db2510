#include "kundenwert/numeric/pareto_smoothing.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "check_error.hpp"
#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::numeric;

TEST_CASE("smoothed weights and k-hat are those of ArviZ") {
  const auto shapes = test::read_table("pareto_smoothing.csv");
  const auto weights = test::read_table("pareto_weights.csv");
  std::size_t number = 0;
  for (const std::string name : {"light", "heavy", "heavier", "narrow"}) {
    CAPTURE(name);
    std::vector<double> raw;
    for (const auto& row : weights.rows) raw.push_back(row[weights.at(name)]);
    const auto found = smooth_weights(raw);
    // Sums in another order: 200 terms near 1, and a mean of a weighted grid.
    CHECK_NEAR(found.k_hat, shapes.rows.at(number++).at(0), 1e-10, 1e-12);
    double total = 0;
    double worst = 0;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      worst = std::max(worst, std::fabs(found.log_weights[i] - weights.rows[i][weights.at(name + "_smoothed")]));
      total += std::exp(found.log_weights[i]);
    }
    CHECK(worst < 1e-10);
    CHECK_NEAR(total, 1, 1e-13, 0);
    CHECK(found.effective_size <= static_cast<double>(raw.size()));
  }
  CHECK(number == shapes.rows.size());
}

TEST_CASE("equal weights stay equal, without a tail to fit") {
  const std::vector<double> raw(50, -700.0);
  const auto found = smooth_weights(raw);
  CHECK(std::isinf(found.k_hat));
  for (const double w : found.log_weights) CHECK_NEAR(w, -std::log(50), 1e-13, 0);
  CHECK_NEAR(found.effective_size, 50, 1e-12, 0);
  CHECK(smooth_weights(std::vector<double>{3}).log_weights.front() == 0);
}

TEST_CASE("a weight of zero stays zero") {
  constexpr double nothing = -std::numeric_limits<double>::infinity();
  const auto found = smooth_weights(std::vector<double>{0, nothing, 0, 0});
  CHECK(found.log_weights[1] == nothing);
  CHECK_NEAR(found.effective_size, 3, 1e-13, 0);
}

TEST_CASE("weights that are none are refused") {
  constexpr double nothing = -std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(smooth_weights(std::vector<double>{}), error);
  CHECK_THROWS_AS(smooth_weights(std::vector<double>{nothing}), error);
  CHECK_THROWS_AS(smooth_weights(std::vector<double>{0, -nothing}), error);
  CHECK_THROWS_AS(smooth_weights(std::vector<double>{0, std::nan("")}), error);
  CHECK_THROWS_AS(smooth_weights(std::vector<double>{0, 1}, 0), error);
}
