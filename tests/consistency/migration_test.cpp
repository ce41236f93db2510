// Properties of value in a Markov chain.
#include "kundenwert/value/migration.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kundenwert/base/random.hpp"
#include "kundenwert/value/clv.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::value;

namespace {

migration_chain drawn_chain(std::size_t n, random_stream& draw) {
  migration_chain chain;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> row(n);
    double sum = 0;
    for (double& p : row) sum += p = draw.uniform();
    for (const double p : row) chain.probabilities.push_back(p / sum);
    chain.rewards.push_back(100 * draw.uniform() - 50);
  }
  return chain;
}

}  // namespace

TEST_CASE("migration: the value is its own reward and discounted next value, and the limit of horizons") {
  random_stream draw(17);
  for (int repetition = 0; repetition < 20; ++repetition) {
    const migration_chain chain = drawn_chain(6, draw);
    const double rate = 0.05 + draw.uniform();
    const std::vector<double> values = migration_value(chain, rate);
    // 1.05^-2000 is below any double's last place.
    const std::vector<double> far = migration_value(chain, rate, 2000);
    for (std::size_t i = 0; i < chain.states(); ++i) {
      double next = 0;
      for (std::size_t j = 0; j < chain.states(); ++j) next += chain.probability(i, j) * values[j];
      // Values of up to 1000 in equations of condition 1 / rate.
      CHECK_NEAR(values[i], chain.rewards[i] + next / (1 + rate), 0, 1e-11);
      CHECK_NEAR(values[i], far[i], 0, 1e-11);
    }
    CHECK(migration_value(chain, rate, 0) == chain.rewards);
  }
}

TEST_CASE("migration: a customer who stays or goes is a contractual value") {
  for (const double r : {0.0, 0.5, 0.9}) {
    const migration_chain chain{{r, 1 - r, 0, 1}, {100, 0}};
    const clv_terms terms{.convention = clv_convention::first_margin_now,
                          .periodic_discount_rate = 0.1,
                          .retention = r,
                          .periods = without_end};
    CHECK_NEAR(migration_value(chain, 0.1)[0], clv({.revenue = 100}, terms).value, 1e-14, 0);
    clv_terms four = terms;
    four.periods = 5;
    CHECK_NEAR(migration_value(chain, 0.1, 4)[0], clv({.revenue = 100}, four).value, 1e-14, 0);
  }
}

TEST_CASE("migration: without discount on what is not left for ever") {
  // Expected visits of a state that is left with probability 1/4: 4.
  const std::vector<double> values = migration_value({{0.75, 0.25, 0, 1}, {10, 0}}, 0);
  CHECK_NEAR(values[0], 40, 1e-15, 0);
  CHECK(values[1] == 0);
  const std::vector<double> p{0.3, 0.2, 0.15, 0.05};
  const migration_chain chain = recency_chain(p, 40, 4);
  const std::vector<double> undiscounted = migration_value(chain, 0);
  const std::vector<double> nearly = migration_value(chain, 1e-9);
  for (std::size_t i = 0; i < nearly.size(); ++i) CHECK_NEAR(undiscounted[i], nearly[i], 1e-7, 1e-7);
  // Two states that lead to each other for ever, without reward, and one that leads there.
  const std::vector<double> circle = migration_value({{0, 1, 0, 1, 0, 0, 0.5, 0, 0.5}, {0, 0, 3}}, 0);
  CHECK(circle[0] == 0);
  CHECK_NEAR(circle[2], 6, 1e-15, 0);
}

TEST_CASE("migration: probabilities after periods are distributions and multiply") {
  random_stream draw(5);
  const migration_chain chain = drawn_chain(5, draw);
  const std::vector<double> two = migration_probabilities(chain, 2);
  const std::vector<double> four = migration_probabilities({two, chain.rewards}, 2);
  const std::vector<double> direct = migration_probabilities(chain, 4);
  for (std::size_t i = 0; i < 5; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < 5; ++j) {
      CHECK_NEAR(four[i * 5 + j], direct[i * 5 + j], 1e-14, 0);
      sum += direct[i * 5 + j];
    }
    CHECK_NEAR(sum, 1, 1e-14, 0);
  }
}

TEST_CASE("migration: no policy is better in any state than the best one") {
  random_stream draw(29);
  for (int repetition = 0; repetition < 30; ++repetition) {
    constexpr std::size_t n = 5;
    const migration_chain chain = drawn_chain(n, draw);
    std::vector<double> stop(n);
    for (double& s : stop) s = 40 * draw.uniform() - 20;
    const migration_policy best = best_policy(chain, stop, 0.2);
    std::vector<double> largest(n, -1e300);
    for (unsigned policy = 0; policy < 1U << n; ++policy) {
      // A stopped state: its stop reward, and then a state without reward that is never left.
      migration_chain stopped;
      stopped.rewards.assign(n + 1, 0);
      stopped.probabilities.assign((n + 1) * (n + 1), 0);
      stopped.probabilities.back() = 1;
      for (std::size_t i = 0; i < n; ++i) {
        const bool stops = (policy >> i & 1) != 0;
        stopped.rewards[i] = stops ? stop[i] : chain.rewards[i];
        if (stops) stopped.probabilities[i * (n + 1) + n] = 1;
        for (std::size_t j = 0; j < n && !stops; ++j) {
          stopped.probabilities[i * (n + 1) + j] = chain.probability(i, j);
        }
      }
      const std::vector<double> values = migration_value(stopped, 0.2);
      for (std::size_t i = 0; i < n; ++i) largest[i] = std::max(largest[i], values[i]);
    }
    for (std::size_t i = 0; i < n; ++i) CHECK_NEAR(best.values[i], largest[i], 0, 1e-11);
  }
}

TEST_CASE("migration: many moves give the probabilities back") {
  random_stream draw(3);
  const migration_chain chain = drawn_chain(4, draw);
  constexpr std::int64_t periods = 50;
  constexpr std::int64_t customers = 4000;
  std::vector<std::int32_t> panel;
  for (std::int64_t c = 0; c < customers; ++c) {
    std::size_t state = static_cast<std::size_t>(c % 4);
    for (std::int64_t t = 0; t < periods; ++t) {
      panel.push_back(static_cast<std::int32_t>(state) + 1);
      double left = draw.uniform();
      std::size_t next = 0;
      while (next < 3 && left >= chain.probability(state, next)) left -= chain.probability(state, next++);
      state = next;
    }
  }
  const migration_estimate found = estimate_migration_of_panel(panel, periods, 4);
  std::int64_t moves = 0;
  for (const std::int64_t count : found.counts) moves += count;
  CHECK(moves == customers * (periods - 1));
  for (std::size_t k = 0; k < found.probabilities.size(); ++k) {
    // At least 20 000 moves a row: a standard error of at most 0.0036, five of them.
    CHECK_NEAR(found.probabilities[k], chain.probabilities[k], 0, 0.018);
  }
}
