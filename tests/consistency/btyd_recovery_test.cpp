// Parameters come back from customers drawn with them, and intervals cover the truth as often as they say.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "compiled.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "model_samples.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using namespace kundenwert::test;

namespace {

double sum(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }

// For the first seeds estimates are within four standard errors of the truth. For all: twice the gain in likelihood
// over the truth is chi-square with k degrees of freedom, so that it exceeds k + 5.5 sqrt(2 k) + 9 less than once in
// 100000, and its mean of 60 lies within four of its own standard errors, sqrt(2 k / 60); and the truth is within 1.96
// standard errors in 95 of 100, below 49 of 60 with a chance of 7e-5.
void check_recovery(const model_info& info, int customers) {
  constexpr int replications = 60;
  constexpr int fewest = 49;
  constexpr std::uint64_t first_seeds = 5;
  const auto truth = truth_of(info.number);
  const model true_model = model_from_parameters(info.number, truth, time_unit::week);
  std::vector<int> covered(truth.size(), 0);
  double sum_of_gains = 0;
  double degrees = 0;
  for (std::uint64_t seed = 1; seed <= replications; ++seed) {
    CAPTURE(seed);
    const customer_columns rows =
        drawn_from(info.number, 100 * static_cast<std::uint64_t>(info.number) + seed, customers);
    const model m = fit(info.number, rows.view(), time_unit::week,
                        {.whole = info.parameters.back().largest_whole > 0 ? static_cast<int>(truth.back()) : 0});
    REQUIRE(m.fit.outcome == outcome::converged);
    degrees = m.fit.estimated;
    const double gain = 2 * (m.fit.log_likelihood - sum(predict(true_model, quantity::log_likelihood, rows.view())));
    CHECK(gain >= 0);
    CHECK(gain < degrees + 5.5 * std::sqrt(2 * degrees) + 9);
    sum_of_gains += gain;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      if (info.parameters[i].largest_whole > 0) continue;
      // On the scale of the logarithm, where estimates are nearer to normal.
      const double error = m.fit.standard_errors[i] / m.parameters[i];
      const double distance = std::fabs(std::log(m.parameters[i] / truth[i])) / error;
      CAPTURE(std::string(info.parameters[i].name));
      if (seed <= first_seeds) CHECK(distance < 4);
      if (distance < 1.96) ++covered[i];
    }
  }
  CHECK(std::fabs(sum_of_gains / replications - degrees) < 4 * std::sqrt(2 * degrees / replications));
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (info.parameters[i].largest_whole > 0) continue;
    CAPTURE(std::string(info.parameters[i].name));
    CHECK(covered[i] >= fewest);
  }
}

}  // namespace

TEST_CASE("parameters of every model come back from drawn customers") {
  for (const auto& info : model_table) {
    CAPTURE(std::string(info.name));
    // The hazard that rises costs the most and is seen with fewer.
    check_recovery(info, info.number == ggompertz_nbd::number ? 600 : 1200);
  }
}
