// Worked numbers of the domain specification B1.5 (case 5) and B1.7, and of the analytics specification 3.9: the
// recency chain of Pfeifer & Carraway (2000), and the unit tests of phpOMS where they are named.
#include "kundenwert/value/migration.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::value;

namespace {

void check_all(const std::vector<double>& found, const std::vector<double>& expected, double digits) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    CHECK_NEAR(found[i], expected[i], 0, digits);
  }
}

const std::vector<double> four_recencies{0.3, 0.2, 0.15, 0.05};

}  // namespace

TEST_CASE("recency chain of Pfeifer & Carraway (B1.7)") {
  const migration_chain chain = recency_chain(four_recencies, 40, 4);
  CHECK(chain.rewards == std::vector<double>{36, -4, -4, -4, 0});
  CHECK(chain.probability(0, 0) == 0.3);
  CHECK(chain.probability(2, 3) == 0.85);
  CHECK(chain.probability(3, 4) == 0.95);
  CHECK(chain.probability(4, 4) == 1);
  check_all(migration_value(chain, 0.2, 4), {50.115, 4.220, 0.592, -1.980, 0}, 5.01e-4);
  check_all(migration_value(chain, 0.2), {52.320, 5.554, 1.251, -1.820, 0}, 5.01e-4);
  check_all(migration_value(chain, 0.2, 4), {50.1149691, 4.2199074, 0.5921103, -1.9801312, 0}, 5.01e-8);
  check_all(migration_value(chain, 0.2), {52.319609439, 5.553783564, 1.250772986, -1.820016273, 0}, 5.01e-10);
}

TEST_CASE("stop remarketing after recency 3: cut-offs and policy iteration (B1.7)") {
  const double expected[] = {48.0, 51.574, 53.149, 52.320};
  for (std::size_t cut = 1; cut <= 4; ++cut) {
    const migration_chain chain = recency_chain(std::span(four_recencies).first(cut), 40, 4);
    CHECK_NEAR(migration_value(chain, 0.2)[0], expected[cut - 1], 0, 5.01e-4);
  }
  const migration_chain chain = recency_chain(four_recencies, 40, 4);
  for (const std::vector<double>& stop : {std::vector<double>(5, 0), recency_stop_rewards(5, 40)}) {
    const migration_policy best = best_policy(chain, stop, 0.2);
    check_all(best.values, {53.149, 6.621, 2.644, 0, 0}, 5.01e-4);
    CHECK(best.goes_on == std::vector<bool>{true, true, true, false, true});
  }
}

TEST_CASE("recency chains of three states (analytics specification 3.9)") {
  const std::vector<double> p{0.3, 0.2, 0.05};
  const migration_chain chain = recency_chain(p, 40, 4);
  // phpOMS tests 49.4, 2.69, -1.98, 0.
  check_all(migration_value(chain, 0.2, 4), {49.40470679, 2.6875, -1.98283179, 0}, 5.01e-9);
  check_all(migration_value(chain, 0.2), {50.44363636, 3.14181818, -1.89818182, 0}, 5.01e-9);
  // Published: four periods on, from state 1.
  const std::vector<double> reached = migration_probabilities(chain, 4);
  check_all({reached.begin(), reached.begin() + 4}, {0.0823, 0.0973, 0.1288, 0.6916}, 5.01e-5);

  // phpOMS tests 231.08, 57.29, 21.01.
  const std::vector<double> other{0.5, 0.2, 0.1};
  check_all(migration_value(recency_chain(other, 100, 0), 0.1), {231.0763889, 57.29166667, 21.00694444, 0}, 5.01e-8);
}

TEST_CASE("Berger & Nasr, case 5: probability of a purchase in period i (B1.5)") {
  const migration_chain chain = recency_chain(four_recencies, 40, 4);
  const double expected[] = {1, 0.3, 0.23, 0.195, 0.1397, 0.09567, 0.070113};
  for (std::int64_t i = 0; i < 7; ++i) {
    CHECK_NEAR(migration_probabilities(chain, i)[0], expected[i], 0, 5.01e-7);
  }
  // The recursion of the paper.
  std::vector<double> c{1};
  for (std::size_t i = 1; i <= 12; ++i) {
    double sum = 0;
    double not_yet = 1;
    for (std::size_t j = 1; j <= std::min<std::size_t>(i, 4); ++j) {
      sum += c[i - j] * four_recencies[j - 1] * not_yet;
      not_yet *= 1 - four_recencies[j - 1];
    }
    c.push_back(sum);
    CHECK_NEAR(migration_probabilities(chain, static_cast<std::int64_t>(i))[0], sum, 1e-14, 0);
  }
}

TEST_CASE("estimation: counts, rows, nothing seen, Laplace (B1.7)") {
  const std::vector<std::int32_t> from{1, 1, 1, 1, 2, 2};
  const std::vector<std::int32_t> to{1, 2, 2, 2, 1, 3};
  const migration_estimate found = estimate_migration(from, to, 3);
  CHECK(found.counts == std::vector<std::int64_t>{1, 3, 0, 1, 0, 1, 0, 0, 0});
  check_all({found.probabilities.begin(), found.probabilities.begin() + 6}, {0.25, 0.75, 0, 0.5, 0, 0.5}, 1e-16);
  CHECK(std::isnan(found.probabilities[6]));
  CHECK(found.reasons == std::vector<reason>{reason::none, reason::none, reason::missing_input});
  const migration_estimate smoothed = estimate_migration(from, to, 3, 1);
  check_all(smoothed.probabilities, {2.0 / 7, 4.0 / 7, 1.0 / 7, 0.4, 0.2, 0.4, 1.0 / 3, 1.0 / 3, 1.0 / 3}, 1e-16);
  CHECK(smoothed.reasons[2] == reason::none);
  // Two customers, four periods each, one of them unknown in the third.
  const std::vector<std::int32_t> panel{1, 1, 2, 1, 1, 2, 9, 3};
  const std::uint8_t known = 0b10111111;
  const migration_estimate of_panel = estimate_migration_of_panel({panel, {&known, 0}}, 4, 3);
  CHECK(of_panel.counts == std::vector<std::int64_t>{1, 2, 0, 1, 0, 0, 0, 0, 0});
}
