// Posteriors of the CDNOW sample against PyMC-Marketing's, with the same priors: tests/reference/data/
// btyd_posterior_pymc.py. Both are drawn, so that they agree up to their Monte-Carlo errors.
#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "cdnow.hpp"
#include "kundenwert/btyd/posterior.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

using three = model_list<bg_nbd, pareto_nbd, gamma_gamma>;

// Within four joint standard errors in mean, standard deviation and the shares below PyMC's 5, 50 and 95 % quantiles:
// some 150 numbers, of which one beyond four is a chance of 1 in 100 (the seed is fixed).
constexpr double bound = 4;
constexpr int chains = 4;

void check_against(const std::vector<double>& draws, const test::table& t, const std::vector<double>& row) {
  const auto of = [&](const char* name) { return row[t.at(name)]; };
  const auto ours = numeric::diagnose_chains(draws, chains);
  CAPTURE(ours.mean);
  CAPTURE(ours.mcse_mean);
  CAPTURE(of("mean"));
  CHECK(std::fabs(ours.mean - of("mean")) < bound * std::hypot(ours.mcse_mean, of("mcse_mean")));
  auto squares = draws;
  for (double& v : squares) v = (v - ours.mean) * (v - ours.mean);
  const double error_of_deviation = numeric::diagnose_chains(squares, chains).mcse_mean / (2 * ours.deviation);
  CHECK(std::fabs(ours.deviation - of("sd")) < bound * std::hypot(error_of_deviation, of("mcse_sd")));
  for (const auto& quantile : std::map<std::string, double>{{"q05", 0.05}, {"q50", 0.5}, {"q95", 0.95}}) {
    // CAPTURE is a lambda, which binds no structured binding in clang 14.
    const std::string name = quantile.first;
    const double share = quantile.second;
    auto below = draws;
    for (double& v : below) v = v <= row[t.at(name)] ? 1 : 0;
    const auto found = numeric::diagnose_chains(below, chains);
    CAPTURE(name);
    const double theirs = std::sqrt(share * (1 - share) / of(share == 0.5 ? "ess_bulk" : "ess_tail"));
    CHECK(std::fabs(found.mean - share) < bound * std::hypot(found.mcse_mean, theirs));
  }
}

template <class M>
double answer(const parameter_values<M>& theta, int quantity, const test::table& t, const std::vector<double>& row) {
  if constexpr (spend_model<M>) {
    return M::expected_spend(theta, row[t.at("frequency")], row[t.at("monetary_value")]);
  } else {
    const summary_row c{row[t.at("frequency")], row[t.at("recency")], row[t.at("T")]};
    const double alive = M::probability_alive(theta, c);
    if (quantity == 1) return alive;
    return alive * expected_purchases(M::state(theta, c), row[t.at("horizon")]);
  }
}

template <class M>
void check_model(const test::customer_columns& cdnow) {
  const auto t = test::read_table("btyd_posterior_pymc.csv");
  fit_options options;
  for (const auto& row : t.rows) {
    if (row[t.at("model")] != M::number || row[t.at("quantity")] != 0) continue;
    const auto i = static_cast<std::size_t>(row[t.at("index")]);
    options.priors.push_back({std::string(M::parameters[i].name), prior_family::log_normal, row[t.at("prior_mu")],
                              row[t.at("prior_sigma")]});
  }
  REQUIRE(options.priors.size() == M::parameters.size());
  const auto fitted = fit<three>(M::number, cdnow.view(), time_unit::week, options);
  posterior_options wanted;
  wanted.draws = 8000;
  wanted.seed = 1;
  const auto draws = posterior_draws<three>(fitted, cdnow.view(), options, wanted);
  CAPTURE(draws.detail);
  CHECK(draws.outcome == outcome::converged);
  CHECK(draws.size() == wanted.draws);
  for (std::size_t i = 0; i < M::parameters.size(); ++i) {
    CHECK(draws.chains.r_hat[i] < 1.01);
    CHECK(draws.chains.bulk_ess[i] > 1000);
  }
  CHECK(draws.chains.divergences == 0);
  for (const auto& row : t.rows) {
    if (row[t.at("model")] != M::number) continue;
    const int quantity = static_cast<int>(row[t.at("quantity")]);
    CAPTURE(quantity);
    CAPTURE(row[t.at("index")]);
    std::vector<double> values;
    for (std::int64_t d = 0; d < draws.size(); ++d) {
      const auto theta = require_parameters<M>(draws.parameters(d));
      values.push_back(quantity == 0 ? theta[static_cast<std::size_t>(row[t.at("index")])]
                                     : answer<M>(theta, quantity, t, row));
    }
    check_against(values, t, row);
  }
}

}  // namespace

TEST_CASE("BG/NBD: the posterior is that of PyMC-Marketing") {
  KW_REQUIRE_CDNOW(cdnow);
  check_model<bg_nbd>(cdnow);
}

TEST_CASE("Pareto/NBD: the posterior is that of PyMC-Marketing") {
  KW_REQUIRE_CDNOW(cdnow);
  check_model<pareto_nbd>(cdnow);
}

TEST_CASE("Gamma-Gamma: the posterior is that of PyMC-Marketing") {
  KW_REQUIRE_CDNOW(cdnow);
  check_model<gamma_gamma>(cdnow);
}
