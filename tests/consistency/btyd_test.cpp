// What must hold for the models whatever the numbers: derivatives, limits, nested models, units, order, weights and
// recovery of the parameters data were drawn with.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "check_error.hpp"
#include "compiled.hpp"
#include "kundenwert/btyd/lifetime_value.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "model_samples.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using namespace kundenwert::test;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Central differences in the logarithms of the parameters: truncation and rounding leave 1e-9 and 1e-6 of the size of
// the terms that are added up, which grows with the frequency.
template <class M>
void check_derivatives(const parameter_values<M>& theta, const typename M::row& row) {
  constexpr std::size_t n = estimated_count<M>;
  std::array<numeric::dual<n>, M::parameters.size()> variables;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    variables[i] = i < n ? numeric::dual<n>::variable(theta[i], i) : numeric::dual<n>(theta[i]);
  }
  const auto found = log_likelihood<M>(variables, row);
  const auto at = [&](std::initializer_list<std::pair<std::size_t, double>> moves) {
    auto moved = theta;
    for (const auto& [i, by] : moves) moved[i] *= std::exp(by);
    return log_likelihood<M>(moved, row);
  };
  const double value = at({});
  CHECK_NEAR(found.value, value, 1e-13, 1e-13);
  const double size = 1 + std::fabs(value) + 10 * count_of(row);
  constexpr double h1 = 1e-5;
  constexpr double h2 = 5e-4;
  for (std::size_t i = 0, k = 0; i < n; ++i) {
    CAPTURE(i);
    const double slope = found.gradient[i] * theta[i];
    CHECK_NEAR(slope, (at({{i, h1}}) - at({{i, -h1}})) / (2 * h1), 1e-8, 1e-9 * size);
    for (std::size_t j = 0; j <= i; ++j, ++k) {
      CAPTURE(j);
      const double second = i == j ? (at({{i, h2}}) - 2 * value + at({{i, -h2}})) / (h2 * h2)
                                   : (at({{i, h2}, {j, h2}}) - at({{i, h2}, {j, -h2}}) - at({{i, -h2}, {j, h2}}) +
                                      at({{i, -h2}, {j, -h2}})) /
                                         (4 * h2 * h2);
      const double exact = found.hessian[k] * theta[i] * theta[j] + (i == j ? slope : 0);
      CHECK_NEAR(exact, second, 2e-6, 5e-7 * size);
    }
  }
}

double sum(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }

// The same bits, or NaN in both.
bool same_numbers(std::span<const double> a, std::span<const double> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

bool same_bits(std::span<const double> a, std::span<const double> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

customer_columns sample(std::int32_t model_number) { return drawn_from(model_number, 42, 2000, 27, 39); }

// Models of customers whose purchases come in continuous time.
template <class M>
concept continuous_model = transaction_model<M> && !discrete_model<M>;

}  // namespace

TEST_CASE("derivatives of every model are those of its likelihood") {
  for (const auto& info : model_table) {
    CAPTURE(std::string(info.name));
    visit_model(info.number, [&]<class M>(std::type_identity<M>) {
      for (std::uint64_t i = 0; i < 40; ++i) {
        random_stream draw(51, i);
        auto theta = draw_parameters<M>(draw, 1.2);
        // alpha = beta, and all but that, where a model has two scales.
        if (theta.size() == 4 && M::parameters[3].unit_power == 1 && i % 3 == 0) theta[3] = theta[1];
        if (theta.size() == 4 && M::parameters[3].unit_power == 1 && i % 3 == 1) theta[3] = theta[1] * (1 + 1e-12);
        for (const auto& row : rows_for<M>(draw)) check_derivatives<M>(theta, row);
      }
    });
  }
}

TEST_CASE("probabilities lie in [0, 1] and predictions are finite and grow with the horizon") {
  for (const auto& info : model_table) {
    if (info.is_spend) continue;
    CAPTURE(std::string(info.name));
    visit_model(info.number, [&]<class M>(std::type_identity<M>) {
      if constexpr (transaction_model<M>) {
        for (std::uint64_t i = 0; i < 100; ++i) {
          random_stream draw(52, i);
          const auto theta = draw_parameters<M>(draw, 3);
          for (const auto& row : rows_for<M>(draw)) {
            const double alive = M::probability_alive(theta, row);
            CHECK(alive >= 0);
            CHECK(alive <= 1);
            double shorter = 0;
            for (const double length : {0.0, 1e-3, 1.0, 40.0, 1e4}) {
              const double horizon = discrete_model<M> ? std::ceil(length) : length;
              const double purchases = expected_transactions<M>(theta, row, horizon);
              CHECK(std::isfinite(purchases));
              CHECK(purchases >= shorter * (1 - 1e-12));
              const double discounted = discounted_expected_transactions<M>(theta, row, horizon, 0.01);
              CHECK(discounted >= 0);
              CHECK(discounted <= purchases * (1 + 1e-12));
              shorter = purchases;
            }
            CHECK(expected_transactions<M>(theta, row, 0) == 0);
          }
        }
      }
    });
  }
}

TEST_CASE("discounting nothing is the plain expectation, and a far horizon is DERT") {
  for (const auto& info : model_table) {
    if (info.is_spend) continue;
    CAPTURE(std::string(info.name));
    visit_model(info.number, [&]<class M>(std::type_identity<M>) {
      if constexpr (transaction_model<M>) {
        for (std::uint64_t i = 0; i < 40; ++i) {
          random_stream draw(53, i);
          const auto theta = draw_parameters<M>(draw, 1.2);
          for (const auto& row : rows_for<M>(draw)) {
            const double plain = expected_transactions<M>(theta, row, 20);
            CHECK(discounted_expected_transactions<M>(theta, row, 20, 0) == plain);
            CHECK_NEAR(discounted_expected_transactions<M>(theta, row, 20, 1e-15), plain, 1e-12, 0);
            // e^-(rate horizon) = e^-50 is what is left.
            const double dert = discounted_expected_transactions<M>(theta, row, infinity, 0.01);
            CHECK_NEAR(discounted_expected_transactions<M>(theta, row, 5000, 0.01), dert, 1e-12, 0);
            double before = 0;
            for (const double horizon : {1.0, 10.0, 100.0, 1000.0}) {
              const double found = discounted_expected_transactions<M>(theta, row, horizon, 0.01);
              CHECK(found >= before * (1 - 1e-12));
              CHECK(found <= dert * (1 + 1e-12));
              before = found;
            }
          }
        }
      }
    });
  }
}

TEST_CASE("the discount from the future is the integral of the expected purchases") {
  // delta int_0^inf e^(-delta t) CET(t) dt = DERT, by parts; 400 Simpson panels in ln(1 + t).
  for (const auto& info : model_table) {
    if (info.is_spend) continue;
    visit_model(info.number, [&]<class M>(std::type_identity<M>) {
      if constexpr (continuous_model<M>) {
        random_stream draw(54, 1);
        const auto theta = draw_parameters<M>(draw, 1.2);
        constexpr double rate = 0.05;
        for (const auto& row : {summary_row{0, 0, 30}, summary_row{4, 20, 30}}) {
          const auto f = [&](double y) {
            const double t = std::expm1(y);
            return rate * std::exp(y - rate * t) * expected_transactions<M>(theta, row, t);
          };
          constexpr int panels = 400;
          const double end = std::log1p(45 / rate);
          double integral = 0;
          for (int k = 0; k < panels; ++k) {
            const double a = end * k / panels;
            const double b = end * (k + 1) / panels;
            integral += (b - a) / 6 * (f(a) + 4 * f(0.5 * (a + b)) + f(b));
          }
          CHECK_NEAR(discounted_expected_transactions<M>(theta, row, infinity, rate), integral, 1e-8, 0);
        }
      }
    });
  }
}

TEST_CASE("Pareto/NBD is continuous through alpha = beta") {
  for (const auto& row : {summary_row{2, 30, 38}, summary_row{0, 0, 38}, summary_row{200, 30, 31}}) {
    const auto at = [&](double beta) {
      return log_likelihood<pareto_nbd>(parameter_values<pareto_nbd>{.55, 11, .6, beta}, row);
    };
    const double slope = (at(11.001) - at(10.999)) / 0.002;
    for (const double step : {1e-14, 1e-10, 1e-7}) {
      CHECK_NEAR(at(11 * (1 + step)) - at(11), 11 * step * slope, 1e-3, 2e-13 * (1 + std::fabs(at(11))));
    }
  }
}

TEST_CASE("Pareto/NBD without dropout is the NBD") {
  // Without the 1/x! that no model here has: Gamma(r + x)/Gamma(r) alpha^r (alpha + T)^-(r + x).
  constexpr double r = 0.7;
  constexpr double alpha = 9;
  for (const auto& row : {summary_row{0, 0, 30}, summary_row{5, 12, 30}, summary_row{40, 30, 30}}) {
    const double nbd = numeric::log_rising(r, row.frequency) - r * std::log1p(row.age / alpha) -
                       row.frequency * std::log(alpha + row.age);
    // Dropout of rate s / beta changes ln L by that order.
    CHECK_NEAR(log_likelihood<pareto_nbd>(parameter_values<pareto_nbd>{r, alpha, 1e-12, 10}, row), nbd, 1e-11, 0);
    CHECK_NEAR(pareto_nbd::probability_alive({r, alpha, 1e-12, 10}, row), 1, 1e-9, 0);
    CHECK_NEAR(expected_transactions<pareto_nbd>({r, alpha, 1e-12, 10}, row, 20),
               (r + row.frequency) / (alpha + row.age) * 20, 1e-9, 0);
    CHECK_NEAR(log_likelihood<bg_nbd>(parameter_values<bg_nbd>{r, alpha, 1e-13, 1}, row), nbd, 1e-9, 0);
    CHECK_NEAR(expected_transactions<bg_nbd>({r, alpha, 1e-13, 1}, row, 20),
               (r + row.frequency) / (alpha + row.age) * 20, 1e-9, 0);
  }
}

TEST_CASE("the state of a beta-geometric customer is continuous through a = 1 and a + b = 1") {
  for (const double horizon : {0.5, 39.0, 4000.0}) {
    const double at_one = expected_purchases(beta_geometric_state{2.2, 43, 1, 4.4}, horizon);
    CHECK_NEAR(expected_purchases(beta_geometric_state{2.2, 43, 1 + 1e-9, 4.4}, horizon), at_one, 1e-8, 0);
    CHECK_NEAR(expected_purchases(beta_geometric_state{2.2, 43, 1 - 1e-9, 4.4}, horizon), at_one, 1e-8, 0);
    const double sum_one = expected_purchases(beta_geometric_state{0.2, 4, 0.25, 0.75}, horizon);
    CHECK_NEAR(expected_purchases(beta_geometric_state{0.2, 4, 0.25, 0.75 + 1e-9}, horizon), sum_one, 1e-8, 0);
    // Nobody leaves: the rate for ever; everybody leaves at the next purchase: 1 - (1 + t/a')^-A.
    CHECK_NEAR(expected_purchases(beta_geometric_state{2.2, 43, 1e-12, 4.4}, horizon), 2.2 / 43 * horizon, 1e-9, 0);
    CHECK_NEAR(expected_purchases(beta_geometric_state{2.2, 43, 4.4, 1e-12}, horizon),
               -std::expm1(-2.2 * std::log1p(horizon / 43)), 1e-9, 0);
  }
}

TEST_CASE("a fit does not depend on the unit") {
  for (const auto& info : model_table) {
    if (info.is_discrete) continue;  // whole periods have no other unit
    CAPTURE(std::string(info.name));
    const auto weeks = sample(info.number);
    const auto days = info.is_spend ? scaled_money(weeks, 7) : scaled_times(weeks, 7);
    const model a = fit(info.number, weeks.view(), time_unit::week);
    const model b = fit(info.number, days.view(), time_unit::day);
    REQUIRE(a.fit.outcome == outcome::converged);
    REQUIRE(b.fit.outcome == outcome::converged);
    for (std::size_t i = 0; i < a.parameters.size(); ++i) {
      const double factor = std::pow(7.0, info.parameters[i].unit_power);
      CHECK_NEAR(b.parameters[i], a.parameters[i] * factor, 1e-7, 0);
      if (info.parameters[i].largest_whole > 0) continue;
      CHECK_NEAR(b.fit.standard_errors[i], a.fit.standard_errors[i] * factor, 1e-6, 0);
    }
    // The density of x purchases (or one mean amount per customer) is per unit of time (or money).
    const double densities = info.is_spend ? static_cast<double>(weeks.size()) : sum(weeks.frequency);
    CHECK_NEAR(b.fit.log_likelihood, a.fit.log_likelihood - densities * std::log(7.0), 1e-12, 1e-8);
    // Predictions at the same parameters, in the other unit.
    auto scaled = a.parameters;
    for (std::size_t i = 0; i < scaled.size(); ++i) {
      scaled[i] *= std::pow(7.0, info.parameters[i].unit_power);
    }
    const model c = model_from_parameters(info.number, scaled, time_unit::day);
    for (const auto& q : quantity_table) {
      if (!supports(info.number, q.id) || q.id == quantity::log_likelihood) continue;
      CAPTURE(std::string(q.name));
      const predict_options asked{.horizon = 39, .annual_discount_rate = 0.1, .count = 2, .level = 0.4};
      auto in_days_asked = asked;
      in_days_asked.horizon *= 7;
      const auto in_weeks = predict(a, q.id, weeks.view(), asked);
      const auto in_days = predict(c, q.id, days.view(), in_days_asked);
      const double factor = std::pow(7.0, q.unit_power);
      for (std::size_t i = 0; i < weeks.size(); ++i) {
        if (q.id == quantity::next_purchase_quantile && std::isnan(in_weeks[i]) && std::isnan(in_days[i])) continue;
        REQUIRE(kundenwert::test::near(in_days[i], in_weeks[i] * factor, 1e-9, 1e-300));
      }
    }
  }
}

TEST_CASE("order, threads and weights do not change a bit") {
  for (const auto& info : model_table) {
    CAPTURE(std::string(info.name));
    const auto rows = sample(info.number);
    const model a = fit(info.number, rows.view(), time_unit::week);
    const auto check_same = [&](const model& b) {
      CHECK(same_bits(a.parameters, b.parameters));
      CHECK(a.fit.log_likelihood == b.fit.log_likelihood);
      CHECK(same_numbers(a.fit.standard_errors, b.fit.standard_errors));
      CHECK(a.fit.distinct_rows == b.fit.distinct_rows);
      CHECK(a.fit.customers == b.fit.customers);
    };
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    random_stream draw(55);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[draw.below(i)]);
    const auto shuffled = taken(rows, order);
    check_same(fit(info.number, shuffled.view(), time_unit::week));
    check_same(fit(info.number, rows.view(), time_unit::week, {.threads = 2}));
    check_same(fit(info.number, rows.view(), time_unit::week, {.threads = 7}));
    // Three of each of some customers, as rows and as weights; customers of weight 0 are not there.
    std::vector<std::size_t> repeated;
    std::vector<double> weight(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::size_t times = i % 4;
      weight[i] = static_cast<double>(times);
      for (std::size_t k = 0; k < times; ++k) repeated.push_back(i);
    }
    const auto long_form = taken(rows, repeated);
    const model c = fit(info.number, long_form.view(), time_unit::week);
    const model d = fit(info.number, rows.view(), time_unit::week, {.weight = weight});
    CHECK(same_bits(c.parameters, d.parameters));
    CHECK(c.fit.log_likelihood == d.fit.log_likelihood);
    CHECK(c.fit.customers == d.fit.customers);
    for (const auto& q : quantity_table) {
      if (!supports(info.number, q.id)) continue;
      const predict_options one{.horizon = 39, .annual_discount_rate = 0.1, .count = 2, .level = 0.4};
      auto two = one;
      two.threads = 3;
      const auto x = predict(a, q.id, rows.view(), one);
      const auto y = predict(a, q.id, rows.view(), two);
      const auto z = predict(a, q.id, shuffled.view(), one);
      for (std::size_t i = 0; i < x.size(); ++i) {
        REQUIRE((x[i] == y[i] || (std::isnan(x[i]) && std::isnan(y[i]))));
        REQUIRE((z[i] == x[order[i]] || (std::isnan(z[i]) && std::isnan(x[order[i]]))));
      }
    }
  }
}

TEST_CASE("lifetime value is margin times spend times discounted purchases") {
  const auto rows = draw_bg_nbd({0.4, 4, 0.8, 2.5}, 43, 200, 27, 39);
  auto with_spend = rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    with_spend.monetary_value[i] = rows.frequency[i] > 0 ? 10 + static_cast<double>(i % 30) : not_available;
  }
  const model transactions = fit(bg_nbd::number, rows.view(), time_unit::week);
  const model spend = model_from_parameters(gamma_gamma::number, std::array{6.25, 3.74, 15.44}, time_unit::week);
  std::vector<double> value(rows.size());
  lifetime_value(transactions, spend, with_spend.view(),
                 {.horizon = 52, .annual_discount_rate = 0.1, .units_per_year = 52, .margin_rate = 0.3}, value);
  const auto purchases = predict(transactions, quantity::discounted_expected_transactions, rows.view(),
                                 {.horizon = 52, .annual_discount_rate = 0.1, .units_per_year = 52});
  const auto amount = predict(spend, quantity::expected_spend, with_spend.view());
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK_NEAR(value[i], 0.3 * purchases[i] * amount[i], 1e-15, 0);

  // Rates of every customer, and what a purchase costs.
  std::vector<double> margins(rows.size());
  std::vector<double> rates(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    margins[i] = i % 2 == 0 ? 0.3 : 0.5;
    rates[i] = i % 3 == 0 ? 0.1 : 0.2;
  }
  std::vector<double> own(rows.size());
  lifetime_value(transactions, spend, with_spend.view(),
                 {.horizon = 52,
                  .units_per_year = 52,
                  .cost_per_purchase = 2,
                  .margin_rates = margins,
                  .annual_discount_rates = rates},
                 own);
  const auto dearer = predict(transactions, quantity::discounted_expected_transactions, rows.view(),
                              {.horizon = 52, .annual_discount_rate = 0.2, .units_per_year = 52});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double bought = i % 3 == 0 ? purchases[i] : dearer[i];
    CHECK_NEAR(own[i], (margins[i] * amount[i] - 2) * bought, 1e-13, 1e-13);
  }
  rates[7] = -1;
  test::check_error(
      [&] {
        lifetime_value(transactions, spend, with_spend.view(), {.horizon = 52, .annual_discount_rates = rates}, own);
      },
      error_code::sign, "annual_discount_rates", 7);
}

TEST_CASE("a horizon of calendar months ends on the day of the month") {
  summary s;
  s.unit = time_unit::day;
  CHECK_THROWS_AS(calendar_horizon(s, 12), error);
  s.end = day_of({2024, 2, 29});
  CHECK(calendar_horizon(s, 12) == 365);  // to 2025-02-28
  CHECK(calendar_horizon(s, 1) == 29);    // to 2024-03-29
  CHECK(calendar_horizon(s, 0) == 0);
  s.unit = time_unit::week;
  CHECK(calendar_horizon(s, 24) == 730.0 / 7);
}
