// BG/BB against urns and numerical derivatives in mpmath (tests/reference/data/btyd_discrete.py), and the donations of
// Fader, Hardie & Shang (2010).
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "kundenwert/btyd/bg_bb.hpp"
#include "kundenwert/numeric/covariance.hpp"
#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using kundenwert::test::read_table;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
using parameters = std::array<double, 4>;

// mpmath's maximum of the donations.
constexpr parameters maximum{1.20352235160191, 0.749716358172939, 0.656718208441832, 2.78344223257738};
// Those of the spreadsheet (by PyMC-Marketing) and of BTYD 2.4.3.
constexpr parameters sheet{1.20352083040498, 0.749714243061896, 0.656712169147878, 2.78340801635898};
constexpr parameters of_btyd{1.20350708034775, 0.749766677789855, 0.656756817274637, 2.78388732650943};

double alive_after(const parameters& theta, const summary_row& r, double h) {
  return bg_bb::probability_alive(theta, r) * survival(bg_bb::state(theta, r), h);
}

}  // namespace

TEST_CASE("BG/BB against urns") {
  const auto table = read_table("btyd_bg_bb.csv");
  CHECK(table.rows.size() == 49);
  for (const auto& v : table.rows) {
    const auto at = [&](const char* name) { return v[table.at(name)]; };
    const parameters theta{v[0], v[1], v[2], v[3]};
    const summary_row r{at("frequency"), at("recency"), at("T")};
    const double h = at("horizon");
    CAPTURE(v[0]);
    CAPTURE(v[1]);
    CAPTURE(v[2]);
    CAPTURE(v[3]);
    CAPTURE(r.frequency);
    CAPTURE(r.recency);
    CAPTURE(r.age);
    CAPTURE(h);
    CHECK_NEAR(log_likelihood<bg_bb>(theta, r), at("log_likelihood"), 1e-13, 1e-15);
    CHECK_NEAR(bg_bb::probability_alive(theta, r), at("probability_alive"), 1e-13, 1e-300);
    CHECK_NEAR(bg_bb::purchase_rate(theta, r), at("purchase_rate"), 1e-13, 0);
    CHECK_NEAR(bg_bb::dropout_probability(theta, r), at("dropout_probability"), 1e-13, 0);
    const auto s = bg_bb::state(theta, r);
    CHECK_NEAR(survival(s, h), at("survival"), 1e-13, 1e-300);
    CHECK_NEAR(expected_purchases(s, h), at("expected"), 1e-13, 0);
    CHECK_NEAR(discounted_purchases(s, h, at("rate")), at("discounted"), 1e-13, 0);
    CHECK_NEAR(purchase_probability(s, at("count"), h), at("probability_of_count"), 1e-13, 1e-300);
    CHECK_NEAR(purchase_tail(s, at("count"), h), at("tail"), 1e-13, 1e-300);
    CHECK_NEAR(purchase_within(s, h), at("within"), 1e-13, 0);
    CHECK_NEAR(purchase_within_life(s, h), at("within_life"), 1e-13, 0);
    CHECK_NEAR(waiting_time(s, h), at("waiting"), 1e-13, 0);
  }
}

TEST_CASE("BG/BB derivatives, T to 5000, parameters from 1e-6 to 1e6") {
  const auto table = read_table("btyd_derivatives_bg_bb.csv");
  CHECK(table.rows.size() == 73);
  for (const auto& v : table.rows) {
    std::array<numeric::dual<4>, 4> theta;
    for (std::size_t i = 0; i < 4; ++i) theta[i] = numeric::dual<4>::variable(v[i], i);
    const summary_row r{v[4], v[5], v[6]};
    CAPTURE(v[0]);
    CAPTURE(v[1]);
    CAPTURE(v[2]);
    CAPTURE(v[3]);
    CAPTURE(r.frequency);
    CAPTURE(r.recency);
    CAPTURE(r.age);
    const auto found = log_likelihood<bg_bb>(theta, r);
    CHECK_NEAR(found.value, v[7], 1e-12, 1e-15);
    CHECK_NEAR(log_likelihood<bg_bb>(parameters{v[0], v[1], v[2], v[3]}, r), v[7], 1e-12, 1e-15);
    // In the logarithms of the parameters, as a fit sees them: sums of terms of the size of the value cancel.
    const double size = 1 + std::fabs(v[7]);
    for (std::size_t i = 0, k = 0; i < 4; ++i) {
      CAPTURE(i);
      CHECK_NEAR(found.gradient[i] * v[i], v[8 + i] * v[i], 1e-11, 1e-14 * size);
      for (std::size_t j = 0; j <= i; ++j, ++k) {
        CAPTURE(j);
        CHECK_NEAR(found.hessian[k] * v[i] * v[j], v[12 + k] * v[i] * v[j], 1e-10, 2e-14 * size);
      }
    }
  }
}

TEST_CASE("donations: every cell") {
  const auto table = read_table("btyd_donations.csv");
  REQUIRE(table.rows.size() == 22);
  const auto at = [&](const std::vector<double>& v, const char* name) { return v[table.at(name)]; };
  double log_l = 0;
  double never = 0;
  double always = 0;
  for (const auto& v : table.rows) {
    const summary_row r{v[0], v[1], v[2]};
    CAPTURE(r.frequency);
    CAPTURE(r.recency);
    log_l += v[3] * log_likelihood<bg_bb>(maximum, r);
    // The spreadsheet prints twelve digits; its GAMMALN has ten (no parameters meet its 22 cells nearer than 2e-10).
    CHECK_NEAR(log_likelihood<bg_bb>(sheet, r), at(v, "sheet_log_likelihood"), 0, 2e-10);
    // mpmath's 15 digits, of parameters with 15.
    CHECK_NEAR(bg_bb::probability_alive(maximum, r), at(v, "alive_at_n"), 1e-13, 0);
    CHECK_NEAR(alive_after(maximum, r, 1), at(v, "alive_at_n_plus_1"), 1e-13, 0);
    CHECK_NEAR(bg_bb::probability_alive(maximum, r) * expected_purchases(bg_bb::state(maximum, r), 5), at(v, "cet_5"),
               1e-13, 0);
    // BTYD: R's beta functions, printed to 15 digits; its DERT sums a 2F1 series to about 1e-10.
    const double alive = bg_bb::probability_alive(of_btyd, r);
    const auto s = bg_bb::state(of_btyd, r);
    CHECK_NEAR(alive * survival(s, 1), at(v, "btyd_alive_at_n_plus_1"), 1e-12, 0);
    CHECK_NEAR(alive * expected_purchases(s, 5), at(v, "btyd_cet_5"), 1e-12, 0);
    CHECK_NEAR(alive * discounted_purchases(s, infinity, std::log(1.1)), at(v, "btyd_dert"), 1e-9, 0);
    if (r.frequency == 0) never += 11104 * std::exp(log_likelihood<bg_bb>(maximum, r));
    if (r.frequency == 6) always += 11104 * std::exp(log_likelihood<bg_bb>(maximum, r));
  }
  // mpmath (btyd_cdnow_donations); the paper's table 3 has the counts.
  CHECK_NEAR(log_l, -33225.581274347, 1e-13, 0);
  CHECK_NEAR(never, 3454.9, 0, 0.05);
  CHECK_NEAR(always, 1253.1, 0, 0.05);
}

TEST_CASE("donations: the maximum, its standard errors") {
  const auto table = read_table("btyd_donations.csv");
  std::array<numeric::dual<4>, 4> theta;
  for (std::size_t i = 0; i < 4; ++i) theta[i] = numeric::dual<4>::variable(maximum[i], i);
  numeric::dual<4> sum;
  for (const auto& v : table.rows) sum += v[3] * log_likelihood<bg_bb>(theta, {v[0], v[1], v[2]});
  std::vector<double> hessian(16);
  for (std::size_t i = 0, k = 0; i < 4; ++i) {
    // Parameters of 15 digits times a Hessian up to 1e6.
    CHECK_NEAR(sum.gradient[i], 0, 0, 1e-8);
    for (std::size_t j = 0; j <= i; ++j, ++k) hessian[4 * i + j] = hessian[4 * j + i] = -sum.hessian[k];
  }
  // mpmath; the condition number is about 1e4.
  const double errors[] = {0.0693913623888816, 0.0294477166603858, 0.0510098589564132, 0.320819003043268};
  const auto found = numeric::standard_errors(numeric::covariance_from_hessian(hessian, 4), 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK_NEAR(found[i], errors[i], 1e-11, 0);
}

TEST_CASE("donations: new customers, the holdout and the values published") {
  const auto fresh = bg_bb::state(maximum, {0, 0, 0});
  // Hardie's spreadsheet, four decimals.
  const double expected[] = {0.4985, 0.9233, 1.2969, 1.6323, 1.9381, 2.2202, 2.4826, 2.7285, 2.9603, 3.1798, 3.3887};
  for (int n = 1; n <= 11; ++n) CHECK_NEAR(expected_purchases(fresh, n), expected[n - 1], 0, 6e-5);
  // mpmath, eight decimals.
  const double share[] = {0.31113851, 0.17008775, 0.12147716, 0.10026824, 0.09167169, 0.09250415, 0.11285251};
  for (int x = 0; x <= 6; ++x) CHECK_NEAR(purchase_probability(fresh, x, 6), share[x], 0, 5.1e-9);

  const auto ahead = [](const parameters& theta, double x, double t_x, double h) {
    return bg_bb::probability_alive(theta, {x, t_x, 6}) * expected_purchases(bg_bb::state(theta, {x, t_x, 6}), h);
  };
  CHECK_NEAR(ahead(maximum, 0, 0, 10), 0.1302181, 0, 5.1e-8);
  CHECK_NEAR(ahead(maximum, 4, 5, 10), 3.6279677, 0, 5.1e-8);

  const auto table = read_table("btyd_donations.csv");
  double all = 0;
  for (const auto& v : table.rows) all += v[3] * ahead({1.2035224, 0.7497164, 0.6567182, 2.7834422}, v[0], v[1], 5);
  CHECK_NEAR(all, 12884.15688, 0, 5.1e-6);

  // The walkthrough of BTYD: holdout by frequency; purchases a year, all donors. It prints its estimates to four
  // decimals, 1e-4 of the smallest parameter.
  const parameters& walk = of_btyd;
  const double by_frequency[] = {0.07286318, 0.3248841, 0.7089417, 1.333666, 2.031203, 2.784482, 3.752500};
  for (int x = 0; x <= 6; ++x) {
    double purchases = 0;
    double donors = 0;
    for (const auto& v : table.rows) {
      if (v[0] != x) continue;
      purchases += v[3] * ahead(walk, v[0], v[1], 5);
      donors += v[3];
    }
    CAPTURE(x);
    CHECK_NEAR(purchases / donors, by_frequency[x], 2e-4, 0);
  }
  const double a_year[] = {5535.833, 4717.059, 4147.621, 3724.665, 3395.888, 3131.647,
                           2913.778, 2730.482, 2573.731, 2437.854, 2318.727};
  const auto of_walk = bg_bb::state(walk, {0, 0, 0});
  for (int n = 1; n <= 11; ++n) {
    const double in_year = 11104 * (expected_purchases(of_walk, n) - expected_purchases(of_walk, n - 1));
    CHECK_NEAR(in_year, a_year[n - 1], 1e-4, 0);
  }
}
