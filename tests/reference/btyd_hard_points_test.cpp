// Likelihood and predictions at hard points of every transaction model, and the integrals under them, against mpmath.
//
// Origin of btyd_hard_points_<model>.csv: an mpmath implementation of the papers' formulas at 80 digits, independent of
// any library; of the other tables: tests/reference/data/btyd_tables.py.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <span>
#include <string>

#include "compiled.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using kundenwert::test::near;
using kundenwert::test::read_table;
using kundenwert::test::table;

namespace {

constexpr double horizon = 39;
constexpr double weekly_rate = 0.15 / 52;

bool has_table(const std::string& file) {
  return std::filesystem::exists(std::string(KUNDENWERT_SOURCE_DIR) + "/tests/reference/data/" + file);
}

// Relative errors the specification allows; where the truth is 0 or rounds to it, 1e-15 absolute.
template <class M>
std::size_t check_points(const table& t) {
  for (const auto& v : t.rows) {
    parameter_values<M> theta{};
    for (std::size_t i = 0; i < theta.size(); ++i) theta[i] = v[i];
    const auto at = [&](const char* name) { return v[t.at(name)]; };
    const summary_row row{at("frequency"), at("recency"), at("T")};
    CAPTURE(theta[0]);
    CAPTURE(theta[1]);
    CAPTURE(theta[2]);
    CAPTURE(theta[3]);
    CAPTURE(row.frequency);
    CAPTURE(row.recency);
    CAPTURE(row.age);
    CHECK_NEAR((log_likelihood<M>(theta, row)), at("log_likelihood"), 1e-12, 1e-15);
    CHECK_NEAR(M::probability_alive(theta, row), at("probability_alive"), 1e-10, 1e-290);
    CHECK_NEAR(expected_transactions<M>(theta, row, horizon), at("expected_transactions"), 1e-10, 1e-290);
    if (!std::isnan(at("dert"))) {
      const double dert =
          discounted_expected_transactions<M>(theta, row, std::numeric_limits<double>::infinity(), weekly_rate);
      CHECK_NEAR(dert, at("dert"), 1e-9, 1e-290);
    }
  }
  return t.rows.size();
}

template <class M>
void check_model(std::size_t& points) {
  if constexpr (transaction_model<M> && !discrete_model<M>) {
    const std::string file = "btyd_hard_points_" + std::string(M::name) + ".csv";
    if (!has_table(file)) {
      MESSAGE("no hard points for " << std::string(M::name));
      return;
    }
    points = check_points<M>(read_table(file));
  }
}

}  // namespace

TEST_CASE("likelihood, P(alive), expected transactions and DERT at hard points") {
  for (const auto& info : model_table) {
    if (info.is_spend) continue;
    CAPTURE(std::string(info.name));
    std::size_t points = 0;
    visit_model(info.number, [&]<class M>(std::type_identity<M>) { check_model<M>(points); });
    if (has_table("btyd_hard_points_" + std::string(info.name) + ".csv")) CHECK(points >= 30);
  }
}

// Section 3.8 of the project's BTYD specification: mpmath, ten digits printed.
TEST_CASE("Pareto/NBD likelihood at the hard points of the literature") {
  struct point {
    parameter_values<pareto_nbd> theta;
    summary_row row;
    double value;
  };
  constexpr parameter_values<pareto_nbd> cdnow{.5533, 10.578, .6062, 11.669};
  constexpr parameter_values<pareto_nbd> far{.5, .01, .6, 500};
  const std::array points{point{cdnow, {300, 99.5, 100}, -2.4950494284},
                          point{cdnow, {500, 1, 300}, 1376.6193795816},
                          point{cdnow, {5, 38.85, 38.857}, -17.6751082322},
                          point{cdnow, {0, 0, 38.857}, -.5212214837},
                          point{far, {50, 20, 30}, -15.3606103006},
                          point{far, {200, 20, 30}, 247.8746286660},
                          point{far, {400, 20, 30}, 784.8564047059},
                          point{far, {4000, 20, 30}, 17175.7299332871},
                          point{{.5, 500, .6, .01}, {400, 20, 30}, -512.5068675508},
                          point{{1e-3, 1e-3, 5, 1e4}, {3, 10, 200}, -19.0913061737},
                          point{{20, 2000, .01, .01}, {3, 10, 200}, -15.8201030782},
                          point{{.5533, 11.669, .6062, 11.669}, {2, 30, 38}, -9.5086515668}};
  for (const auto& p : points) {
    CAPTURE(p.row.frequency);
    CAPTURE(p.theta[1]);
    CHECK_NEAR(log_likelihood<pareto_nbd>(p.theta, p.row), p.value, 1e-13, 6e-11);
  }
  // Customers for whom an early version of CLVTools gave NaN; its values since (eight digits; T as rounded there).
  constexpr parameter_values<pareto_nbd> daily{.5143, 2.8845, .2856, 14.1087};
  const std::array rows{summary_row{221, 103.42857, 103.57143}, summary_row{254, 97.14286, 97.28571},
                        summary_row{161, 94.71429, 98}, summary_row{204, 98.57143, 99.42857}};
  constexpr std::array values{-61.58464856, -19.62329222, -87.42925486, -65.19834219};
  constexpr std::array alive{.9995960523, .9995582261, .7494877523, .9942550796};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK_NEAR(log_likelihood<pareto_nbd>(daily, rows[i]), values[i], 0, 6e-9);
    CHECK_NEAR(pareto_nbd::probability_alive(daily, rows[i]), alive[i], 0, 6e-11);
  }
}

// Section 3.9: mpmath; the closed form of the paper gives NaN from x = 3000 on.
TEST_CASE("BG/NBD expected transactions for thousands of purchases") {
  constexpr parameter_values<bg_nbd> theta{.243, 4.414, .793, 2.426};
  constexpr std::array<std::array<double, 2>, 7> points{{{10, 3.18737674143438},
                                                         {100, 32.543468892031},
                                                         {500, 161.351818383507},
                                                         {1000, 299.342452027074},
                                                         {2000, 95.6794489266349},
                                                         {3000, 2.06882008205595},
                                                         {5000, 3.89836464599e-4}}};
  for (const auto& point : points) {
    const double x = point[0];
    const double value = point[1];
    CAPTURE(x);
    CHECK_NEAR(expected_transactions<bg_nbd>(theta, {x, 99.5, 100}, 39), value, x < 5000 ? 2e-13 : 2e-12, 0);
  }
  // a + b < 1 and x = 0, where the third parameter of the paper's 2F1 is negative (mpmath, 15 digits).
  CHECK_NEAR(expected_transactions<bg_nbd>({.11, 2.24, .31, .5}, {0, 0, 1}, 30), 0.564588615532785, 2e-14, 0);
}

// Fader & Hardie, note 027, and the tests of PyMC-Marketing: eight digits printed.
TEST_CASE("BG/NBD likelihood where the un-logged form fails") {
  constexpr parameter_values<bg_nbd> theta{.25, 4, .8, 2.5};
  CHECK_NEAR(log_likelihood<bg_nbd>(theta, {0, 0, 40}), -0.59947382, 0, 6e-9);
  CHECK_NEAR(log_likelihood<bg_nbd>(theta, {200, 38, 40}), 100.7957, 0, 6e-5);
}

TEST_CASE("power integral over its whole domain") {
  const table t = read_table("btyd_power_integral.csv");
  REQUIRE(t.rows.size() >= 200);
  for (const auto& v : t.rows) {
    const numeric::power_integral_arguments at{v[0], v[1], v[2], v[3], v[4]};
    CAPTURE(v[0]);
    CAPTURE(v[1]);
    CAPTURE(v[2]);
    CAPTURE(v[3]);
    CAPTURE(v[4]);
    // ln I to 1e-13 absolute is I to 1e-13 relative; its own last digit counts where it is large.
    CHECK_NEAR(numeric::log_power_integral(at), v[5], 4e-16, 1e-13);
    CHECK_NEAR(numeric::log_power_integral_derivatives(at).value, v[5], 4e-16, 1e-13);
  }
}

TEST_CASE("exponential integral over its whole domain") {
  const table t = read_table("btyd_exponential_integral.csv");
  REQUIRE(t.rows.size() >= 100);
  for (const auto& v : t.rows) {
    CAPTURE(v[0]);
    CAPTURE(v[1]);
    CAPTURE(v[2]);
    CHECK_NEAR(numeric::log_exponential_integral(v[0], v[1], v[2]), v[3], 4e-16, 1e-13);
  }
}

TEST_CASE("discounted purchases over the whole domain of the state") {
  const table t = read_table("btyd_discounted_purchases.csv");
  REQUIRE(t.rows.size() >= 200);
  for (const auto& v : t.rows) {
    CAPTURE(v[0]);
    CAPTURE(v[1]);
    CAPTURE(v[2]);
    CAPTURE(v[3]);
    CAPTURE(v[4]);
    CAPTURE(v[5]);
    CHECK_NEAR(discounted_purchases(beta_geometric_state{v[0], v[1], v[2], v[3]}, v[4], v[5]), v[6], 1e-12, 0);
  }
}
