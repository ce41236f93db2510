#include "kundenwert/btyd/future.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

#include "kundenwert/btyd/ggompertz_nbd.hpp"
#include "kundenwert/btyd/mbg_nbd.hpp"
#include "kundenwert/btyd/nbd.hpp"
#include "kundenwert/btyd/pareto_nbd.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace periods {

// A customer who buys in every period with one probability and leaves with another: everything is a power.
struct periods_state {
  double buys;
  double stays;
};
inline double expected_purchases(const periods_state& s, double horizon) {
  double sum = 0;
  for (double t = 1; t <= horizon; ++t) sum += s.buys * std::pow(s.stays, t);
  return sum;
}
// The first purchase in period t: alive then, none before.
inline double purchase_within(const periods_state& s, double t) {
  const double silent = s.stays * (1 - s.buys);
  return s.buys * s.stays * (1 - std::pow(silent, t)) / (1 - silent);
}

}  // namespace periods

namespace {

using periods::periods_state;

struct periods_model {
  static constexpr std::int32_t number = 99;
  static constexpr std::string_view name = "periods";
  static constexpr std::array parameters{parameter_fact{"buys", 0, ""}, parameter_fact{"stays", 0, ""}};
  static constexpr bool is_discrete = true;
  using row = tenure_row;
  static parameter_values<periods_model> start(const totals&) { return {0.5, 0.5}; }
  template <class S>
  static S count_term(const std::array<S, 2>&, double) {
    return S(0.0);
  }
  template <class S>
  static S row_term(const std::array<S, 2>&, const row&) {
    return S(0.0);
  }
  static double probability_alive(const parameter_values<periods_model>&, const row&) { return 0.9; }
  static periods_state state(const parameter_values<periods_model>& theta, const row&) { return {theta[0], theta[1]}; }
};

// The sum over n of P(X > n), and the quantile by adding up probabilities.
template <class M>
void check_distribution(const parameter_values<M>& theta, const summary_row& c, double horizon) {
  CAPTURE(std::string(M::name));
  const auto state = M::state(theta, c);
  double mean = 0;
  for (double n = 1; n <= 4000; ++n) mean += purchase_tail(state, n, horizon);
  CHECK_NEAR(mean, expected_purchases(state, horizon), 1e-10, 0);
  const double alive = M::probability_alive(theta, c);
  for (const double level : {0.3, 0.75, 0.99}) {
    CAPTURE(level);
    double reached = 1 - alive;
    double n = -1;
    do {
      ++n;
      reached += alive * purchase_probability(state, n, horizon);
    } while (reached < level);
    CHECK(transactions_quantile<M>(theta, c, horizon, level) == n);
  }
}

}  // namespace

TEST_CASE("tails add up to the mean, and quantiles are where probabilities add up to the level") {
  const summary_row c{4, 30, 39};
  for (const double horizon : {5.0, 39.0, 300.0}) {
    CAPTURE(horizon);
    check_distribution<nbd>({0.5, 8}, c, horizon);
    check_distribution<bg_nbd>({0.24, 4.4, 0.8, 2.4}, c, horizon);
    check_distribution<mbg_nbd>({0.24, 4.4, 0.8, 2.4}, c, horizon);
    check_distribution<pareto_nbd>({0.55, 10.6, 0.61, 11.7}, c, horizon);
    check_distribution<ggompertz_nbd>({0.55, 10.6, 0.02, 0.61, 0.4}, c, horizon);
    check_distribution<ggompertz_nbd>({0.55, 10.6, 0.2, 0.61, 4000}, c, horizon);
  }
}

TEST_CASE("quantiles of a million purchases and more") {
  // Nearly a Poisson process of known rate: the median is the mean less about a third.
  const parameter_values<nbd> theta{1e8, 1e2};
  CHECK(std::fabs(transactions_quantile<nbd>(theta, {0, 0, 1}, 2, 0.5) - 1e8 / 101 * 2) < 1);
  // A gamma rate and 1e12 time units: the quantile is that of the gamma distribution, -ln(1 - 0.5) for shape 1.
  const double n = transactions_quantile<nbd>({1, 1}, {0, 0, 0}, 1e12, 0.5);
  CHECK_NEAR(n, 1e12 * std::log(2.0), 1e-6, 0);
  CHECK(std::isnan(transactions_quantile<nbd>({1, 1}, {0, 0, 0}, 1e18, 0.5)));
}

TEST_CASE("discrete models wait whole periods") {
  const parameter_values<periods_model> theta{0.2, 0.95};
  const tenure_row c{3, 0};
  for (const double level : {0.05, 0.17, 0.3, 0.6}) {
    const double t = next_purchase_quantile<periods_model>(theta, c, level);
    CHECK(t == std::floor(t));
    CHECK(0.9 * purchase_within(periods_state{0.2, 0.95}, t) >= level);
    if (t > 1) CHECK(0.9 * purchase_within(periods_state{0.2, 0.95}, t - 1) < level);
  }
  // Alive with 0.9, and one in five leaves before buying again: 0.72 is never reached.
  CHECK(next_purchase_quantile<periods_model>(theta, c, 0.72) == std::numeric_limits<double>::infinity());
  CHECK(next_purchase_quantile<periods_model>(theta, c, 0.95) == std::numeric_limits<double>::infinity());
}

TEST_CASE("overdue counts from the last purchase") {
  // 1 - ((alpha + t_x) / (alpha + T))^(r + x), whatever the dropout.
  const double expected = 1 - std::pow((4.4 + 30) / (4.4 + 39), 0.24 + 4);
  CHECK_NEAR(overdue<bg_nbd>({0.24, 4.4, 0.8, 2.4}, {4, 30, 39}), expected, 1e-13, 0);
  CHECK_NEAR(overdue<pareto_nbd>({0.24, 4.4, 0.8, 2.4}, {4, 30, 39}), expected, 1e-13, 0);
  CHECK_NEAR(overdue<ggompertz_nbd>({0.24, 4.4, 0.1, 0.8, 2.4}, {4, 30, 39}), expected, 1e-13, 0);
  CHECK(overdue<nbd>({0.24, 4.4}, {4, 39, 39}) == 0);
}
