// The simulated business against its stated parameters, and the models against the simulated business: moments within
// standard errors, realized against expected value, parameters recovered, probabilities calibrated, values ranked.
//
// Every bound in standard errors is four of them: one seed in about 16,000 goes beyond, and the seed is fixed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "compiled.hpp"
#include "kundenwert/btyd/lifetime_value.hpp"
#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/numeric/order.hpp"
#include "kundenwert/simulate/business.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::simulate;

namespace {

constexpr double errors = 4;

struct moments {
  double n = 0;
  double sum = 0;
  double squares = 0;

  void add(double x) {
    ++n;
    sum += x;
    squares += x * x;
  }
  double mean() const { return sum / n; }
  double variance() const { return squares / n - mean() * mean(); }
  double error() const { return std::sqrt(variance() / n); }
};

void check_mean(const moments& m, double expected) { CHECK_NEAR(m.mean(), expected, 0, errors * m.error()); }

void check_share(double count, double of, double expected) {
  CHECK_NEAR(count / of, expected, 0, errors * std::sqrt(expected * (1 - expected) / of));
}

// Nothing but purchases, lifetimes and spend: what Pareto/NBD and Gamma-Gamma assume.
business_parameters plain_buyers(std::int64_t customers) {
  business_parameters p;
  p.customers = customers;
  p.first_day = day_of({2021, 1, 1});
  p.as_of = day_of({2024, 12, 31});
  p.types = {.buyer = 1, .contract = 0, .both = 0, .prospect = 0};
  // Rare purchases: two on one day, which the log counts as one, are one purchase in 300.
  p.purchase = {.per_year = 2, .shape = 1.5, .dropouts_per_year = 0.6, .dropout_shape = 0.9};
  p.spend.mean = 50;
  p.returns.share = 0;
  p.complaints.per_year = 0;
  p.win_back.attempt_share = 0;
  return p;
}

// The customers of a summary are those who bought; their numbers in the truth, from 0.
struct observed {
  business truth;
  summary customers;
  std::vector<std::size_t> of;
};
observed observe(const business_parameters& p, std::uint64_t seed) {
  observed out;
  out.truth = draw_business(p, seed, {.text_ids = false});
  accumulator log;
  log.add(columns_of(out.truth.transactions));
  out.customers = log.finish({.unit = time_unit::week, .end = p.as_of});
  for (const std::int64_t id : out.customers.ids.numbers) out.of.push_back(static_cast<std::size_t>(id - 1));
  return out;
}

double spearman(const std::vector<double>& a, const std::vector<double>& b) {
  const auto x = numeric::ranks(a);
  const auto y = numeric::ranks(b);
  moments mx, my;
  double products = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mx.add(x[i]);
    my.add(y[i]);
    products += x[i] * y[i];
  }
  return (products / mx.n - mx.mean() * my.mean()) / std::sqrt(mx.variance() * my.variance());
}

// The parameters of the models in weeks, from those of the simulation.
std::vector<double> pareto_nbd_of(const purchase_parameters& p) {
  const double weeks = days_per_year / 7;
  return {p.shape, p.shape * weeks / p.per_year, p.dropout_shape, p.dropout_shape * weeks / p.dropouts_per_year};
}
std::vector<double> gamma_gamma_of(const spend_parameters& p) {
  return {p.shape, p.scale_shape, p.mean * (p.scale_shape - 1) / p.shape};
}

}  // namespace

TEST_CASE("moments of what customers are") {
  business_parameters p;
  p.customers = 40000;
  p.first_day = day_of({2023, 1, 1});
  p.as_of = day_of({2025, 12, 31});
  p.acquisition.growth_per_year = 0.5;
  p.spend.business_share = 0.1;
  p.spend.business_factor = 3;
  const business b = draw_business(p, 11, {.text_ids = false});
  const auto n = static_cast<double>(p.customers);
  std::map<customer_type, double> types;
  moments rate, dropout, churn, spend_private, spend_business, margin;
  double business_customers = 0;
  double first_half = 0;
  double consenting = 0;
  const std::int32_t middle = p.first_day + (p.as_of - p.first_day + 1) / 2;
  for (std::size_t i = 0; i < b.truth.type.size(); ++i) {
    ++types[b.truth.type[i]];
    const bool is_business = b.customers.market_kind[i] == static_cast<std::int32_t>(market_kind::b2b);
    business_customers += is_business ? 1 : 0;
    first_half += b.customers.created[i] < middle ? 1 : 0;
    consenting += b.customers.consent[i] == static_cast<std::int32_t>(consent::yes) ? 1 : 0;
    if (!std::isnan(b.truth.purchase_rate[i])) {
      rate.add(b.truth.purchase_rate[i]);
      dropout.add(b.truth.dropout_rate[i]);
      (is_business ? spend_business : spend_private).add(b.truth.mean_spend[i]);
    }
    if (!std::isnan(b.truth.monthly_churn[i])) churn.add(b.truth.monthly_churn[i]);
    if (!std::isnan(b.truth.margin_rate[i])) margin.add(b.truth.margin_rate[i]);
  }
  check_share(types[customer_type::buyer], n, p.types.buyer);
  check_share(types[customer_type::contract], n, p.types.contract);
  check_share(types[customer_type::both], n, p.types.both);
  check_share(types[customer_type::prospect], n, p.types.prospect);
  check_share(business_customers, n, 0.1);
  check_share(consenting, n, 0.6);
  // Density e^(g t): the share of the first of two equal halves is 1 / (1 + e^(g half)).
  check_share(first_half, n, 1 / (1 + std::exp(0.5 * (middle - p.first_day) / days_per_year)));
  check_mean(rate, 6);
  // Gamma variance: mean^2 / shape. The error of a variance of exponentials is sqrt(8 / n) of it.
  CHECK_NEAR(rate.variance(), 36, errors * std::sqrt(8 / rate.n), 0);
  check_mean(dropout, 0.5 + p.complaints.per_year * p.complaints.bad_share * p.complaints.leaving_share);
  check_mean(spend_private, 60);
  check_mean(spend_business, 180);
  check_mean(churn, 0.02);
  CHECK_NEAR(churn.variance(), 0.02 * 0.98 / (10 + 1), 0.2, 0);  // beta variance, heavy tail
  check_mean(margin, 0.4);
}

TEST_CASE("moments of what happens") {
  business_parameters p;
  p.customers = 30000;
  p.first_day = day_of({2023, 1, 1});
  p.as_of = day_of({2025, 12, 31});
  p.types = {.buyer = 1, .contract = 0, .both = 0, .prospect = 0};
  p.acquisition.decision_days = 0;
  p.win_back.attempt_share = 0;
  const business b = draw_business(p, 12, {.text_ids = false});
  const auto& t = b.transactions;
  // Returns: of purchases old enough that nearly every return (mean 10 days) has come.
  double purchases = 0, returned = 0, full = 0;
  std::map<std::int64_t, double> bought;
  moments delay, part;
  const std::int32_t old_enough = p.as_of - 300;
  for (std::size_t i = 0; i < t.day.size(); ++i) {
    const std::int64_t of = t.returns_transaction_id.numbers[i];
    if (of == 0) {
      purchases += t.day[i] <= old_enough ? 1 : 0;
      continue;
    }
    const auto purchase = static_cast<std::size_t>(of - 1);
    if (t.day[purchase] > old_enough) continue;
    ++returned;
    delay.add(t.day[i] - t.day[purchase]);
    const double share = -t.amount[i] / t.amount[purchase];
    if (share == 1)
      ++full;
    else
      part.add(share);
  }
  check_share(returned, purchases, 0.05);
  check_share(full, returned, 0.6);
  check_mean(part, 0.5);
  // 1 + floor of an exponential of mean 10: 1 + 1 / (e^(1/10) - 1).
  check_mean(delay, 1 + 1 / std::expm1(0.1));
  // Complaints per year of life, in true relationships: Poisson.
  double years = 0;
  for (std::size_t i = 0; i < b.truth.type.size(); ++i) {
    const std::int32_t end = b.truth.ended[i] == no_day ? p.as_of + 1 : b.truth.ended[i];
    years += (end - b.truth.started[i]) / days_per_year;
  }
  // Starts and ends count from the middle of their days; half a day of one customer in three is 4e-4 of the years.
  double complaints = 0, suggestions = 0, bad = 0, judged = 0;
  for (std::size_t i = 0; i < b.complaints.opened.size(); ++i) {
    const bool is_dissatisfied = b.complaints.kind[i] <= static_cast<std::int32_t>(case_kind::claim);
    (is_dissatisfied ? complaints : suggestions) += 1;
    // Opened long enough ago that those not resolved are those never resolved.
    if (is_dissatisfied && b.complaints.opened[i] < p.as_of - 400 && !std::isnan(b.complaints.satisfaction[i])) {
      ++judged;
      bad += b.complaints.satisfaction[i] < 50 ? 1 : 0;
    }
  }
  CHECK_NEAR(complaints, 0.15 * years, 0, errors * std::sqrt(complaints) + 0.001 * complaints);
  CHECK_NEAR(suggestions, 0.03 * years, 0, errors * std::sqrt(suggestions) + 0.001 * suggestions);
  check_share(bad, judged, 0.3);
}

TEST_CASE("contracts are left at the churn of their customers") {
  business_parameters p;
  p.customers = 20000;
  p.first_day = day_of({2024, 1, 1});
  p.as_of = day_of({2025, 12, 31});
  p.types = {.buyer = 0, .contract = 1, .both = 0, .prospect = 0};
  p.acquisition.decision_days = 0;
  p.complaints.per_year = 0;
  p.contract.automatic_share = 1;
  p.contract.quarterly_share = 0;
  p.contract.yearly_share = 0;
  p.contract.shortest_lead = p.contract.longest_lead = 10;
  p.contract.monthly_churn = 0.05;
  p.contract.churn_precision = 4;
  p.win_back.attempt_share = 0;
  const business b = draw_business(p, 13, {.text_ids = false});
  REQUIRE(b.contracts.size() == p.customers);  // one each: automatic ones go on
  // Beta-geometric: the chance to be there after n decisions is B(a, b + n) / B(a, b) (Fader & Hardie 2007, eq. 6).
  const double a = 0.05 * 4;
  const double c = 0.95 * 4;
  for (int n : {1, 3, 12}) {
    CAPTURE(n);
    double stays = 1;
    for (int i = 0; i < n; ++i) stays *= (c + i) / (a + c + i);
    double seen = 0, there = 0;
    for (std::size_t i = 0; i < b.contracts.start.size(); ++i) {
      const std::int32_t anchor = b.contracts.start[i];
      if (add_months(anchor, n) - 10 > p.as_of) continue;  // the n-th decision is still to come
      ++seen;
      const std::int32_t end = b.contracts.end.values[i];
      there += end == no_day || end > add_months(anchor, n) ? 1 : 0;
    }
    check_share(there, seen, stays);
  }
}

TEST_CASE("what the days after as_of bring is the true remaining value in the mean") {
  business_parameters p;
  p.customers = 60000;
  p.first_day = day_of({2023, 1, 1});
  p.as_of = day_of({2024, 12, 31});
  p.holdout_end = p.as_of + 365;
  p.truth = {.horizon_days = 365, .annual_discount_rate = 0};
  p.types = {.buyer = 0.4, .contract = 0.3, .both = 0.3, .prospect = 0};
  p.purchase.growth_per_year = -0.2;
  p.purchase.growth_deviation = 0.2;
  p.complaints = {.per_year = 2, .bad_share = 0.5, .leaving_share = 0.6};
  // The truth books returns with their purchase and ends with the present relationship.
  p.returns.share = 0;
  p.win_back.attempt_share = 0;
  const business b = draw_business(p, 14, {.text_ids = false});
  std::map<customer_type, moments> difference;
  std::map<customer_type, double> value;
  for (std::size_t i = 0; i < b.truth.type.size(); ++i) {
    if (b.truth.is_alive[i] == 0) continue;
    difference[b.truth.type[i]].add(b.truth.holdout_margin[i] - b.truth.remaining_value[i]);
    value[b.truth.type[i]] += b.truth.remaining_value[i];
  }
  REQUIRE(difference.size() == 3);
  for (const auto& entry : difference) {
    CAPTURE(std::string(name_of(entry.first)));
    CHECK(value[entry.first] / entry.second.n > 50);
    check_mean(entry.second, 0);
  }
  // Nobody lost buys without being won back.
  for (std::size_t i = 0; i < b.truth.type.size(); ++i) {
    if (b.truth.state[i] == lifecycle::customer_kind::lost) REQUIRE(b.truth.holdout_margin[i] == 0);
  }
}

TEST_CASE("Pareto/NBD and Gamma-Gamma find the parameters again") {
  const auto p = plain_buyers(8000);
  const observed seen = observe(p, 15);
  const auto transactions = btyd::fit<btyd::pareto_nbd>(seen.customers);
  const auto spend = btyd::fit<btyd::gamma_gamma>(seen.customers);
  const auto check = [](const btyd::model& found, const std::vector<double>& truth) {
    REQUIRE(found.fit.outcome == outcome::converged);
    for (std::size_t i = 0; i < truth.size(); ++i) {
      CAPTURE(std::string(found.info().parameters[i].name));
      CAPTURE((found.parameters[i] - truth[i]) / found.fit.standard_errors[i]);
      CHECK_NEAR(found.parameters[i], truth[i], 0, errors * found.fit.standard_errors[i]);
      CHECK(found.fit.standard_errors[i] < 0.2 * truth[i]);  // and say something
    }
  };
  check(transactions, pareto_nbd_of(p.purchase));
  check(spend, gamma_gamma_of(p.spend));
}

TEST_CASE("the probability of being alive is what it says") {
  const auto p = plain_buyers(20000);
  const observed seen = observe(p, 16);
  const auto parameters = pareto_nbd_of(p.purchase);
  const auto known = btyd::model_from_parameters(btyd::pareto_nbd::number, parameters, time_unit::week);
  const auto alive = btyd::probability_alive(known, seen.customers);
  // Customers by tenths of the probability: the share of those who live is the mean of what was said.
  std::vector<moments> said(10);
  std::vector<double> lives(10);
  std::vector<double> variance(10);
  for (std::size_t i = 0; i < alive.size(); ++i) {
    const auto tenth = std::min<std::size_t>(9, static_cast<std::size_t>(10 * alive[i]));
    said[tenth].add(alive[i]);
    lives[tenth] += seen.truth.truth.is_alive[seen.of[i]];
    variance[tenth] += alive[i] * (1 - alive[i]);
  }
  for (std::size_t k = 0; k < 10; ++k) {
    CAPTURE(k);
    if (said[k].n < 100) continue;
    CHECK_NEAR(lives[k], said[k].sum, 0, errors * std::sqrt(variance[k]));
  }
}

TEST_CASE("lifetime values rank customers nearly as well as they can be ranked") {
  auto p = plain_buyers(8000);
  const observed seen = observe(p, 17);
  const btyd::lifetime_value_options year{.horizon = 365.25 / 7, .annual_discount_rate = 0.10};
  const auto fitted = btyd::lifetime_value(btyd::fit<btyd::pareto_nbd>(seen.customers),
                                           btyd::fit<btyd::gamma_gamma>(seen.customers), seen.customers, year);
  // The mean given the history under the true parameters: no function of the log is nearer to the truth in the mean
  // square. What is left to it is what the log does not show.
  const auto best = btyd::lifetime_value(
      btyd::model_from_parameters(btyd::pareto_nbd::number, pareto_nbd_of(p.purchase), time_unit::week),
      btyd::model_from_parameters(btyd::gamma_gamma::number, gamma_gamma_of(p.spend), time_unit::week), seen.customers,
      year);
  std::vector<double> truth;
  for (std::size_t i = 0; i < best.size(); ++i) {
    // Revenue is ranked, as the models see no margins; costs are shares of a narrow distribution.
    const auto k = seen.of[i];
    truth.push_back(seen.truth.truth.remaining_value[k] / seen.truth.truth.margin_rate[k]);
  }
  const double found = spearman(fitted, truth);
  const double possible = spearman(best, truth);
  const double by_revenue = spearman(seen.customers.revenue, truth);
  MESSAGE("Spearman with the true value: fitted ", found, ", true parameters ", possible, ", past revenue ",
          by_revenue);
  // Estimated from 8000 customers the parameters cost next to nothing.
  CHECK(found > possible - 0.005);
  CHECK(possible > by_revenue + 0.05);
  // The sum: expected and true equity agree within the errors of what customers draw.
  moments difference;
  for (std::size_t i = 0; i < best.size(); ++i) difference.add(best[i] - truth[i]);
  check_mean(difference, 0);
}
