#include "kundenwert/btyd/shifted_beta_geometric.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

#include "kundenwert/btyd/beta_discrete_weibull.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using sbg = shifted_beta_geometric;

TEST_CASE("contracts end sometime or still run") {
  for (const auto& theta :
       {std::array{0.7, 1.2}, std::array{1e-6, 1e6}, std::array{1e6, 1e-6}, std::array{30.0, 1e3}}) {
    double all = 0;
    for (double n = 0; n <= 50; ++n) {
      const double running = std::exp(log_likelihood<sbg>(theta, {n, 0}));
      const double ended = std::exp(log_likelihood<sbg>(theta, {n, 1}));
      CHECK_NEAR(all + running, 1, 1e-13, 0);
      CHECK_NEAR(ended, running * (1 - sbg::retention_rate(theta, {n, 0})), 1e-9, 1e-16);
      CHECK_NEAR(sbg::retention_rate(theta, {n, 0}), purchase_within(sbg::state(theta, {n, 0}), 1), 1e-14, 0);
      all += ended;
    }
  }
}

TEST_CASE("ended contracts are gone") {
  constexpr std::array theta{0.7, 1.2};
  CHECK(sbg::probability_alive(theta, {3, 0}) == 1);
  CHECK(sbg::probability_alive(theta, {3, 1}) == 0);
  CHECK(sbg::retention_rate(theta, {3, 1}) == 0);
  // E[chance to refuse]: the beta distribution after 3 renewals and, where it ended, one refusal.
  CHECK_NEAR(sbg::dropout_probability(theta, {3, 0}), 0.7 / 4.9, 1e-15, 0);
  CHECK_NEAR(sbg::dropout_probability(theta, {3, 1}), 1.7 / 5.9, 1e-15, 0);
}

TEST_CASE("the recurrence of Fader & Hardie") {
  // P(T = 1) = alpha / (alpha + beta), P(T = t) = P(T = t - 1) (beta + t - 2) / (alpha + beta + t - 1).
  constexpr std::array theta{0.7040773, 1.1820431};
  double p = theta[0] / (theta[0] + theta[1]);
  double survivors = 1;
  for (double t = 1; t <= 30; ++t) {
    if (t > 1) p *= (theta[1] + t - 2) / (theta[0] + theta[1] + t - 1);
    CHECK_NEAR(log_likelihood<sbg>(theta, {t - 1, 1}), std::log(p), 1e-13, 0);
    survivors -= p;
    CHECK_NEAR(std::exp(log_likelihood<sbg>(theta, {t, 0})), survivors, 1e-12, 0);
  }
}

TEST_CASE("the beta-discrete-Weibull with c = 1 is the same model") {
  for (const auto& theta :
       {std::array{0.7, 1.2}, std::array{1e-6, 1e6}, std::array{1e6, 1e-6}, std::array{30.0, 1e3}}) {
    for (const double n : {0.0, 1.0, 2.0, 17.0, 1e5}) {
      for (const double ended : {0.0, 1.0}) {
        CAPTURE(theta[0]);
        CAPTURE(n);
        CAPTURE(ended);
        const double weibull = log_likelihood<beta_discrete_weibull>(std::array{theta[0], theta[1], 1.0}, {n, ended});
        CHECK_NEAR(weibull, log_likelihood<sbg>(theta, {n, ended}), 1e-12, 0);
      }
      CHECK_NEAR(beta_discrete_weibull::retention_rate({theta[0], theta[1], 1}, {n, 0}),
                 sbg::retention_rate(theta, {n, 0}), 1e-14, 0);
    }
  }
}
