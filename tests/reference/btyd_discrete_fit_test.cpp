// Fits of the models of discrete time: the donations of Fader, Hardie & Shang (2010), the cohorts of Fader & Hardie
// (2007), and where these models have no maximum.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "kundenwert/btyd/beta_discrete_weibull.hpp"
#include "kundenwert/btyd/bg_bb.hpp"
#include "kundenwert/btyd/cohort_table.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/shifted_beta_geometric.hpp"
#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

using numbers = std::vector<double>;

template <class M>
model fit_cohort(const numbers& survivors) {
  const auto rows = cohort_rows(survivors);
  summary_columns columns;
  columns.tenure = rows.tenure;
  columns.ended = rows.ended;
  fit_options options;
  options.weight = rows.weight;
  return fit<M>(columns, time_unit::year, options);
}

// Parameters of the specification's seven decimals.
void check_fit(const model& m, const numbers& parameters, double log_likelihood) {
  CHECK(m.fit.outcome == outcome::converged);
  CHECK_NEAR(m.fit.log_likelihood, log_likelihood, 0, 1e-6);
  REQUIRE(m.parameters.size() == parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) CHECK_NEAR(m.parameters[i], parameters[i], 1e-6, 0);
}

const numbers regular{1000, 631, 468, 382, 326, 289, 262, 241};
const numbers high_end{1000, 869, 743, 653, 593, 551, 517, 491};

}  // namespace

TEST_CASE("BG/BB of the donations, in any order of the rows") {
  const auto table = test::read_table("btyd_donations.csv");
  std::vector<std::size_t> order(table.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<numbers> found;
  for (int turn = 0; turn < 3; ++turn) {
    numbers x, t_x, n, weight;
    for (const std::size_t i : order) {
      const auto& v = table.rows[i];
      x.push_back(v[0]);
      t_x.push_back(v[1]);
      n.push_back(v[2]);
      weight.push_back(v[3]);
    }
    summary_columns columns;
    columns.frequency = x;
    columns.recency = t_x;
    columns.age = n;
    fit_options options;
    options.weight = weight;
    const auto m = fit<bg_bb>(columns, time_unit::year, options);
    // mpmath, Newton-polished at 30 digits.
    check_fit(m, {1.20352235160191, 0.749716358172939, 0.656718208441832, 2.78344223257738}, -33225.581274347);
    const double errors[] = {0.0693913623888816, 0.0294477166603858, 0.0510098589564132, 0.320819003043268};
    for (std::size_t i = 0; i < 4; ++i) CHECK_NEAR(m.fit.standard_errors[i], errors[i], 1e-6, 0);
    found.push_back(m.parameters);
    std::rotate(order.begin(), order.begin() + 7, order.end());
  }
  CHECK(found[1] == found[0]);
  CHECK(found[2] == found[0]);
}

TEST_CASE("sBG and BdW of the cohorts") {
  // scipy, seven decimals.
  check_fit(fit_cohort<shifted_beta_geometric>(regular), {0.7040773, 1.1820431}, -1680.265188);
  check_fit(fit_cohort<shifted_beta_geometric>(high_end), {0.6680883, 3.8060949}, -1611.158147);
  check_fit(fit_cohort<beta_discrete_weibull>(regular), {0.4556140, 0.7793255, 1.2834513}, -1679.602833);
  check_fit(fit_cohort<beta_discrete_weibull>(high_end), {0.2142533, 1.4265749, 1.7235648}, -1605.314213);
}

TEST_CASE("customers who do not differ, contracts that never end: a verdict, no failure") {
  const auto same = fit_cohort<shifted_beta_geometric>({1000, 900, 810, 729, 656});
  CHECK(same.fit.outcome == outcome::at_bound);
  CHECK(same.fit.detail.find("the same chance to refuse for everybody") != std::string::npos);
  CHECK_NEAR(same.parameters[0] / (same.parameters[0] + same.parameters[1]), 0.1, 1e-3, 0);
  CHECK(fit_cohort<shifted_beta_geometric>({1000, 1000, 1000}).fit.outcome == outcome::insufficient_data);
  CHECK(fit_cohort<beta_discrete_weibull>({1000, 1000, 1000}).fit.outcome == outcome::insufficient_data);
  CHECK(fit_cohort<beta_discrete_weibull>({1000, 500, 10, 0}).fit.outcome == outcome::at_bound);
}
