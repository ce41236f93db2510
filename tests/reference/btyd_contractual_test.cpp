// The contractual models against sums and numerical derivatives in mpmath (tests/reference/data/btyd_discrete.py), and
// the cohorts of Fader & Hardie (2007), table 1.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "kundenwert/btyd/beta_discrete_weibull.hpp"
#include "kundenwert/btyd/cohort_table.hpp"
#include "kundenwert/btyd/shifted_beta_geometric.hpp"
#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using kundenwert::test::read_table;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Customers of 1000 left after each year; the models are fitted on years 0 to 7.
constexpr double regular[] = {1000, 631, 468, 382, 326, 289, 262, 241};
constexpr double high_end[] = {1000, 869, 743, 653, 593, 551, 517, 491};
constexpr std::array<double, 2> regular_sbg{0.7040773, 1.1820431};
constexpr std::array<double, 2> high_end_sbg{0.6680883, 3.8060949};

template <class M>
double log_likelihood_of(const parameter_values<M>& theta, std::span<const double> survivors) {
  const auto rows = cohort_rows(survivors);
  double sum = 0;
  for (std::size_t i = 0; i < rows.weight.size(); ++i) {
    sum += rows.weight[i] * log_likelihood<M>(theta, {rows.tenure[i], rows.ended[i]});
  }
  return sum;
}

template <class M>
void check_derivatives(const char* file, std::size_t rows) {
  constexpr std::size_t n = M::parameters.size();
  const auto table = read_table(file);
  CHECK(table.rows.size() == rows);
  for (const auto& v : table.rows) {
    std::array<numeric::dual<n>, n> theta;
    parameter_values<M> plain;
    for (std::size_t i = 0; i < n; ++i) {
      theta[i] = numeric::dual<n>::variable(v[i], i);
      plain[i] = v[i];
    }
    const tenure_row r{v[n], v[n + 1]};
    CAPTURE(v[0]);
    CAPTURE(v[1]);
    CAPTURE(v[2]);
    CAPTURE(r.tenure);
    CAPTURE(r.ended);
    const auto found = log_likelihood<M>(theta, r);
    const std::size_t first = n + 2;
    CHECK_NEAR(found.value, v[first], 1e-12, 1e-300);
    CHECK_NEAR(log_likelihood<M>(plain, r), v[first], 1e-12, 1e-300);
    // In the logarithms of the parameters, as a fit sees them: sums of terms of the size of the value cancel.
    const double size = 1 + std::fabs(v[first]);
    for (std::size_t i = 0, k = 0; i < n; ++i) {
      CAPTURE(i);
      CHECK_NEAR(found.gradient[i] * v[i], v[first + 1 + i] * v[i], 1e-11, 1e-14 * size);
      for (std::size_t j = 0; j <= i; ++j, ++k) {
        CAPTURE(j);
        CHECK_NEAR(found.hessian[k] * v[i] * v[j], v[first + 1 + n + k] * v[i] * v[j], 1e-10, 2e-14 * size);
      }
    }
  }
}

}  // namespace

TEST_CASE("the ratio of beta functions, from 1e-6 to 1e12") {
  const auto table = read_table("beta_ratio.csv");
  CHECK(table.rows.size() == 530);
  for (const auto& v : table.rows) {
    CAPTURE(v[0]);
    CAPTURE(v[1]);
    CAPTURE(v[2]);
    const double both_small = 1e-16 / std::max(std::fabs(v[0]), v[2]);
    CHECK_NEAR(numeric::log_beta_ratio(v[0], v[1], v[2]), v[3], std::max(1e-14, both_small), 0);
  }
}

TEST_CASE("renewals still to come against sums term by term") {
  const auto table = read_table("btyd_renewals.csv");
  CHECK(table.rows.size() == 130);
  for (const auto& v : table.rows) {
    const renewal_state s{v[0], v[1], v[2], v[3]};
    CAPTURE(s.alpha);
    CAPTURE(s.beta);
    CAPTURE(s.c);
    CAPTURE(s.tenure);
    CAPTURE(v[4]);
    CAPTURE(v[5]);
    CHECK_NEAR(discounted_purchases(s, v[4], v[5]), v[6], 1e-12, 0);
    CHECK_NEAR(survival(s, v[8]), v[7], 1e-12, 1e-300);
  }
}

TEST_CASE("derivatives of the shifted beta-geometric") {
  check_derivatives<shifted_beta_geometric>("btyd_derivatives_shifted_beta_geometric.csv", 100);
}

TEST_CASE("derivatives of the beta-discrete-Weibull") {
  check_derivatives<beta_discrete_weibull>("btyd_derivatives_beta_discrete_weibull.csv", 140);
}

// scipy, likelihood over all customers at estimates of seven decimals, which move it by less than 1e-8.
TEST_CASE("cohorts of Fader & Hardie: likelihood and survival") {
  using sbg = shifted_beta_geometric;
  using bdw = beta_discrete_weibull;
  CHECK_NEAR(log_likelihood_of<sbg>(regular_sbg, regular), -1680.265188, 0, 6e-7);
  CHECK_NEAR(log_likelihood_of<sbg>(high_end_sbg, high_end), -1611.158147, 0, 6e-7);
  CHECK_NEAR(log_likelihood_of<bdw>({0.4556140, 0.7793255, 1.2834513}, regular), -1679.602833, 0, 6e-7);
  CHECK_NEAR(log_likelihood_of<bdw>({0.2142533, 1.4265749, 1.7235648}, high_end), -1605.314213, 0, 6e-7);

  const double regular_share[] = {220.08, 204.41, 191.19, 179.86, 170.04};
  const double high_end_share[] = {460.44, 435.78, 414.17, 395.06, 378.00};
  for (int i = 0; i < 5; ++i) {
    CHECK_NEAR(1000 * survival(sbg::state(regular_sbg, {0, 0}), 8 + i), regular_share[i], 0, 5.1e-3);
    CHECK_NEAR(1000 * survival(sbg::state(high_end_sbg, {0, 0}), 8 + i), high_end_share[i], 0, 5.1e-3);
  }
}

TEST_CASE("discounted expected residual lifetime of Fader & Hardie") {
  using sbg = shifted_beta_geometric;
  const double rate = std::log(1.1);
  // DERL(n), n = tenure + 1, does not discount the next renewal. scipy, six decimals at estimates of seven.
  const auto derl = [&](const std::array<double, 2>& theta, double n) {
    return 1.1 * discounted_purchases(sbg::state(theta, {n - 1, 0}), infinity, rate);
  };
  const double of_regular[] = {2.964399, 4.103140, 4.869805, 5.442058, 5.894095};
  const double of_high_end[] = {5.414479, 5.901378, 6.293892, 6.619920, 6.896707};
  for (int n = 1; n <= 5; ++n) {
    CHECK_NEAR(derl(regular_sbg, n), of_regular[n - 1], 0, 1e-6);
    CHECK_NEAR(derl(high_end_sbg, n), of_high_end[n - 1], 0, 1e-6);
  }
  // jdmaturen's README, 7.530 after seven renewals; scipy has two digits more.
  CHECK_NEAR(derl(high_end_sbg, 8), 7.52963, 0, 5.1e-6);
  // DEL of a new customer: the first period is paid for sure.
  CHECK_NEAR(1 + discounted_purchases(sbg::state(regular_sbg, {0, 0}), infinity, rate), 3.694908, 0, 1e-6);
  CHECK_NEAR(1 + discounted_purchases(sbg::state(high_end_sbg, {0, 0}), infinity, rate), 5.922253, 0, 1e-6);
}
