// Fits of hard data: each ends with a typed outcome, finite parameters and predictions, and a likelihood not below the
// best one known. That is the larger of the one at the parameters other programs print for the same data (lifetimes,
// CLVTools, BTYD, BTYDplus; evaluated here) and the one found from random starts.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "compiled.hpp"
#include "hard_customers.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using namespace kundenwert::test;

namespace {

bool all_finite(std::span<const double> v) {
  return std::all_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); });
}

double log_likelihood_at(std::int32_t number, const std::vector<double>& parameters, const customer_columns& rows) {
  const model m = model_from_parameters(number, parameters, time_unit::week);
  double sum = 0;
  for (const double v : predict(m, quantity::log_likelihood, rows.view())) sum += std::isnan(v) ? 0 : v;
  return sum;
}

void check_fit(const model& m, const customer_columns& rows) {
  const std::size_t n = m.parameters.size();
  CHECK(!name_of(m.fit.outcome).empty());
  CHECK(m.fit.outcome != outcome::stalled);
  CHECK(m.fit.outcome != outcome::iteration_limit);
  CHECK(m.fit.detail.empty() == (m.fit.outcome == outcome::converged));
  CHECK(all_finite(m.parameters));
  CHECK(*std::min_element(m.parameters.begin(), m.parameters.end()) > 0);
  CHECK(std::isfinite(m.fit.log_likelihood));
  CHECK(std::isfinite(m.fit.aic));
  CHECK(m.fit.standard_errors.size() == n);
  CHECK(m.fit.covariance.size() == n * n);
  CHECK(m.fit.eigenvalues.size() == n);
  // Standard errors where, and only where, the estimate is a maximum.
  CHECK(all_finite(m.fit.standard_errors) == (m.fit.outcome == outcome::converged));
  // The value reported is that of the parameters reported.
  const double again = log_likelihood_at(m.number, m.parameters, rows);
  CHECK_NEAR(m.fit.log_likelihood, again, 1e-10, 1e-5);
  for (const auto& q : quantity_table) {
    if (!supports(m.number, q.id)) continue;
    CAPTURE(std::string(q.name));
    std::vector<double> out(rows.size());
    std::vector<reason> why(rows.size());
    predict(m, q.id, rows.view(), {.horizon = 39, .annual_discount_rate = 0.1, .count = 2, .level = 0.5}, out, why);
    for (std::size_t i = 0; i < out.size(); ++i) {
      REQUIRE(std::isfinite(out[i]) == (why[i] == reason::none));
      REQUIRE(why[i] != reason::numeric_failure);
      if (q.id != quantity::log_likelihood && why[i] == reason::none) REQUIRE(out[i] >= 0);
      if (q.id == quantity::probability_alive) REQUIRE(out[i] <= 1);
    }
  }
}

struct peer_estimate {
  std::string name;
  std::int32_t model;
  std::vector<double> parameters;
};

// Printed estimates of the best peer for data that are the same here (not those drawn with other random numbers).
const std::vector<peer_estimate>& peer_estimates() {
  static const std::vector<peer_estimate> list{
      {"one customer who came back", bg_nbd::number, {2.197e7, 2.197e8, 4.401e-7, 1.216e8}},
      {"one customer who came back", pareto_nbd::number, {1.273e4, 1.273e5, 6.684e-5, 7970}},
      {"one customer who did not come back", bg_nbd::number, {2.388e-7, 2.138e5, 1, 3}},
      {"identical customers", pareto_nbd::number, {2.913e6, 1.748e7, 2.546e-5, 7783}},
      {"identical customers", bg_nbd::number, {1667, 1.002e4, 0.0002311, 4428}},
      {"CDNOW with T about a million", bg_nbd::number, {0.2426, 1.132e5, 0.7929, 2.426}},
      {"CDNOW with T about a million", pareto_nbd::number, {0.5533, 2.712e5, 0.6062, 2.992e5}},
      {"CDNOW in seconds", bg_nbd::number, {0.2426, 2.669e6, 0.7929, 2.426}},
      {"CDNOW in seconds", pareto_nbd::number, {0.5533, 6.397e6, 0.6062, 7.057e6}},
      {"CDNOW times a millionth", bg_nbd::number, {0.2426, 4.414e-6, 0.7929, 2.426}},
      {"CDNOW times a millionth", pareto_nbd::number, {0.5533, 1.058e-5, 0.6062, 1.167e-5}},
      {"CDNOW in millionths", gamma_gamma::number, {6.2488, 3.7446, 1.5448e7}},
      {"CDNOW in millions", gamma_gamma::number, {6.2488, 3.7446, 1.5448e-5}},
      {"CDNOW and one billion", gamma_gamma::number, {10.07, 2.9335, 7.1605}},
      {"CDNOW with one repeat purchase each", gamma_gamma::number, {15.516, 3.2032, 5.007}}};
  return list;
}

// The models that read these customers: purchases in continuous time, or spend.
bool reads_these(const model_info& info, bool is_spend) {
  if (info.is_spend) return is_spend;
  return !is_spend && !info.is_contractual && !info.is_discrete && !info.reads_intervals;
}

// The best end of searches from random starts.
template <class M>
double best_of_starts(const customer_columns& rows, int starts) {
  const auto data = observations_of<M>(rows.view(), {}, {});
  if (data.rows.empty()) return 0.0;
  const effect_map none;
  const search<M> problem(data, none, {});
  const auto lower = problem.lower();
  const auto upper = problem.upper();
  double best = std::numeric_limits<double>::infinity();
  for (int k = 0; k < starts; ++k) {
    random_stream draw(77, static_cast<std::uint64_t>(k));
    std::vector<double> start(problem.size());
    for (double& v : start) v = 2.5 * draw.normal();
    const auto found = numeric::minimize([&](const std::vector<double>& at, bool) { return problem.objective(at, 1); },
                                         start, lower, upper);
    if (std::isfinite(found.at.value)) best = std::min(best, found.at.value);
  }
  return -best + std::log(data.scale) * data.unit_power_sum;
}

void check_all(const std::vector<hard_case>& cases, bool is_spend) {
  for (const auto& hard : cases) {
    CAPTURE(hard.name);
    for (const auto& info : model_table) {
      if (!reads_these(info, is_spend)) continue;
      CAPTURE(std::string(info.name));
      const model m = fit(info.number, hard.customers.view(), time_unit::week);
      check_fit(m, hard.customers);
      for (const auto& peer : peer_estimates()) {
        if (peer.name != hard.name || peer.model != info.number) continue;
        const double theirs = log_likelihood_at(info.number, peer.parameters, hard.customers);
        CHECK(m.fit.log_likelihood >= theirs - 1e-6);
      }
      // 1e-5 is far below what a likelihood can tell and above its rounding at parameters of 1e8.
      if (m.fit.distinct_rows <= 1100) {
        const double best = visit_model(info.number, [&]<class M>(std::type_identity<M>) {
          if constexpr (spend_model<M> || std::same_as<typename M::row, summary_row>) {
            return best_of_starts<M>(hard.customers, 4);
          }
          return 0.0;
        });
        CHECK(m.fit.log_likelihood >= best - 1e-5);
      }
    }
  }
}

}  // namespace

TEST_CASE("fits of hard transaction data") {
  const auto cdnow = read_cdnow();
  if (!cdnow) MESSAGE("without CDNOW: no cdnow/cdnowSummary_cbs.csv in examples/data or in KUNDENWERT_DATA");
  check_all(hard_transactions(cdnow ? &*cdnow : nullptr), false);
}

TEST_CASE("fits of hard spend data") {
  const auto cdnow = read_cdnow();
  if (!cdnow) MESSAGE("without CDNOW: no cdnow/cdnowSummary_cbs.csv in examples/data or in KUNDENWERT_DATA");
  check_all(hard_spend(cdnow ? &*cdnow : nullptr), true);
}

TEST_CASE("verdicts name what ran away") {
  const auto cases = hard_transactions(nullptr);
  const auto outcome_of = [&](const std::string& name, std::int32_t number) {
    const auto found = std::find_if(cases.begin(), cases.end(), [&](const auto& c) { return c.name == name; });
    REQUIRE(found != cases.end());
    return fit(number, found->customers.view(), time_unit::week).fit;
  };
  for (const auto number : {bg_nbd::number, pareto_nbd::number}) {
    CHECK(outcome_of("nobody came back", number).outcome == outcome::insufficient_data);
    CHECK(outcome_of("nobody came back", number).detail == "no customer has a repeat purchase");
    CHECK(outcome_of("no time has passed", number).outcome == outcome::insufficient_data);
    const auto poisson = outcome_of("one Poisson rate, nobody leaves", number);
    CHECK(poisson.outcome == outcome::at_bound);
    CHECK(poisson.detail.find("r") != std::string::npos);
  }
  const auto nobody_leaves = outcome_of("nobody leaves", bg_nbd::number);
  CHECK(nobody_leaves.outcome == outcome::at_bound);
  CHECK(nobody_leaves.detail.find("a tends to 0") != std::string::npos);
  // Lifetimes that vary less than any exponential distribution.
  const auto one_dropout = outcome_of("everybody leaves after 15 weeks", pareto_nbd::number);
  CHECK(one_dropout.outcome == outcome::at_bound);
  CHECK(one_dropout.detail ==
        "the likelihood rises for ever as s grows without bound: all customers drop out at the same rate");
}

namespace {

// Rates, ages and dropout over many decades; every third base has ages of one day, every fifth customers with bursts.
customer_columns any_base(std::uint64_t seed, int most_customers) {
  random_stream draw(61, seed);
  const auto any = [&](double spread) { return std::exp(spread * draw.normal()); };
  const int customers = 2 + static_cast<int>(draw.below(static_cast<std::uint64_t>(most_customers)));
  const double age = 30 * any(1.5);
  const double youngest = seed % 3 == 0 ? age : age * draw.uniform();
  const double r = any(1.5);
  const double alpha = age * any(1.5);
  const double first = any(1.5);
  const double second = any(1.5);
  auto out = seed % 2 == 0 ? draw_bg_nbd({r, alpha, first, second}, 1000 + seed, customers, youngest, age)
                           : draw_pareto_nbd({r, alpha, first, age * second}, 1000 + seed, customers, youngest, age);
  if (seed % 5 == 0) {
    for (int i = 0; i < 3; ++i) {
      const double x = static_cast<double>(1 + draw.below(10000));
      out.add(x, age * any(1) * 1e-3, age * (1 + draw.uniform()));
      out.recency.back() = std::min(out.recency.back(), out.age.back());
    }
  }
  return out;
}

}  // namespace

// Populations of every kind, small and large, seeded: nothing may throw or be NaN.
TEST_CASE("fits of random customer bases") {
  constexpr std::uint64_t bases = 60;
  constexpr std::uint64_t of_dear_models = 12;
  for (std::uint64_t seed = 1; seed <= bases; ++seed) {
    CAPTURE(seed);
    const auto rows = any_base(seed, 250);
    random_stream draw(62, seed);
    const double p = std::exp(1.5 * draw.normal());
    const double q = std::exp(1.5 * draw.normal());
    const double v = std::exp(4 * draw.normal());
    const auto spend = draw_gamma_gamma({p, q, v}, 2000 + seed, 2 + static_cast<int>(draw.below(250)));
    for (const auto& info : model_table) {
      if (info.number == ggompertz_nbd::number && seed > of_dear_models) continue;
      if (!reads_these(info, info.is_spend)) continue;
      CAPTURE(std::string(info.name));
      const auto& data = info.is_spend ? spend : rows;
      check_fit(fit(info.number, data.view(), time_unit::week), data);
    }
  }
}

// Thousands of fits, in every unit of time from 1e-9 to 1e6 of the usual one: each ends typed, with finite estimates
// that the likelihood agrees with.
TEST_CASE("fits of many small customer bases") {
  constexpr std::uint64_t bases = 300;
  for (std::uint64_t seed = 1001; seed <= 1000 + bases; ++seed) {
    CAPTURE(seed);
    random_stream draw(63, seed);
    const auto rows = scaled_times(any_base(seed, 5 + static_cast<int>(draw.below(195))),
                                   std::pow(10.0, 15 * draw.uniform() - 9) / 30);
    for (const auto number : {nbd::number, bg_nbd::number, mbg_nbd::number, pareto_nbd::number}) {
      CAPTURE(number);
      const model m = fit(number, rows.view(), time_unit::week);
      CHECK(!name_of(m.fit.outcome).empty());
      CHECK(m.fit.outcome != outcome::stalled);
      CHECK(m.fit.outcome != outcome::iteration_limit);
      CHECK(m.fit.detail.empty() == (m.fit.outcome == outcome::converged));
      CHECK(all_finite(m.parameters));
      CHECK(*std::min_element(m.parameters.begin(), m.parameters.end()) > 0);
      CHECK(all_finite(m.fit.standard_errors) == (m.fit.outcome == outcome::converged));
      CHECK_NEAR(m.fit.log_likelihood, log_likelihood_at(number, m.parameters, rows), 1e-9, 1e-5);
    }
  }
}
