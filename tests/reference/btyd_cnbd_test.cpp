// Regular purchases (BG/CNBD-k, MBG/CNBD-k) against mpmath (tests/reference/data/btyd_cnbd.py): likelihood and
// derivatives at 50 and 100 digits, the future as sums over the coming purchases. Also the likelihood of the CDNOW
// sample as BTYDplus finds it, and customers for whom theirs is infinite.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "cdnow.hpp"
#include "kundenwert/btyd/bg_cnbd_k.hpp"
#include "kundenwert/btyd/mbg_cnbd_k.hpp"
#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using kundenwert::test::read_table;
using kundenwert::test::table;

namespace {

struct reference_row {
  const table& t;
  const std::vector<double>& v;

  double at(const char* name) const { return v[t.at(name)]; }
  std::array<double, 5> theta() const { return {at("r"), at("alpha"), at("a"), at("b"), at("k")}; }
  summary_row customer() const { return {at("frequency"), at("recency"), at("T")}; }
};

// f(the model of the row) for the number in the column `model`.
template <class Function>
auto with_model(const reference_row& row, Function&& f) {
  return row.at("model") == bg_cnbd_k::number ? f(bg_cnbd_k{}) : f(mbg_cnbd_k{});
}

template <class M>
void check_derivatives(const std::string& file) {
  const table t = read_table(file);
  CHECK(t.rows.size() >= 70);
  for (const auto& v : t.rows) {
    using scalar = numeric::dual<4>;
    const reference_row row{t, v};
    const auto at = row.theta();
    const std::array<scalar, 5> theta{scalar::variable(at[0], 0), scalar::variable(at[1], 1),
                                      scalar::variable(at[2], 2), scalar::variable(at[3], 3), scalar(at[4])};
    const auto found = log_likelihood<M>(theta, row.customer());
    CAPTURE(at[0]);
    CAPTURE(at[4]);
    CAPTURE(row.at("frequency"));
    CAPTURE(row.at("T"));
    const std::size_t first = t.at("value");
    CHECK_NEAR(found.value, v[first], 1e-12, 1e-15);
    // In the logarithms of the parameters, as a fit sees them: sums of terms of the size of the value cancel, and those
    // are logarithms of up to k x factors.
    const double size = 1 + std::fabs(v[first]) + at[4] * row.at("frequency");
    for (std::size_t i = 0; i < 4; ++i) {
      CAPTURE(i);
      CHECK_NEAR(found.gradient[i] * at[i], v[first + 1 + i] * at[i], 1e-11, 1e-14 * size);
    }
    for (std::size_t i = 0, k = 0; i < 4; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++k) {
        CAPTURE(i);
        CAPTURE(j);
        CHECK_NEAR(found.hessian[k] * at[i] * at[j], v[first + 5 + k] * at[i] * at[j], 1e-10, 2e-14 * size);
      }
    }
  }
}

}  // namespace

TEST_CASE("likelihood and P(alive) of regular customers") {
  const table t = read_table("btyd_cnbd_likelihood.csv");
  CHECK(t.rows.size() == 180);
  for (const auto& v : t.rows) {
    const reference_row row{t, v};
    with_model(row, [&]<class M>(M) {
      CAPTURE(std::string(M::name));
      CAPTURE(row.at("r"));
      CAPTURE(row.at("k"));
      CAPTURE(row.at("frequency"));
      CAPTURE(row.at("recency"));
      CAPTURE(row.at("T"));
      CHECK_NEAR(log_likelihood<M>(row.theta(), row.customer()), row.at("log_likelihood"), 1e-12, 1e-15);
      // An exponent of up to 120000 logarithms carries their rounding.
      const double rounding = 1e-12 + 4e-16 * row.at("k") * row.at("frequency");
      CHECK_NEAR(M::probability_alive(row.theta(), row.customer()), row.at("probability_alive"), rounding, 1e-300);
    });
  }
}

TEST_CASE("exact derivatives of the likelihood of regular customers") {
  check_derivatives<bg_cnbd_k>("btyd_cnbd_derivatives_bg_cnbd_k.csv");
  check_derivatives<mbg_cnbd_k>("btyd_cnbd_derivatives_mbg_cnbd_k.csv");
}

TEST_CASE("the future of regular customers is the sum over their coming purchases") {
  const table t = read_table("btyd_cnbd_future.csv");
  CHECK(t.rows.size() >= 40);
  for (const auto& v : t.rows) {
    const reference_row row{t, v};
    with_model(row, [&]<class M>(M) {
      CAPTURE(std::string(M::name));
      CAPTURE(row.at("r"));
      CAPTURE(row.at("k"));
      CAPTURE(row.at("frequency"));
      CAPTURE(row.at("recency"));
      CAPTURE(row.at("T"));
      CAPTURE(row.at("horizon"));
      CAPTURE(row.at("rate"));
      const auto state = M::state(row.theta(), row.customer());
      const double horizon = row.at("horizon");
      const double count = row.at("count");
      CHECK_NEAR(expected_purchases(state, horizon), row.at("expected"), 1e-10, 0);
      CHECK_NEAR(discounted_purchases(state, horizon, row.at("rate")), row.at("discounted"), 1e-10, 0);
      CHECK_NEAR(survival(state, horizon), row.at("survival"), 1e-10, 0);
      CHECK_NEAR(purchase_tail(state, count, horizon), row.at("tail"), 1e-10, 0);
      CHECK_NEAR(purchase_probability(state, count, horizon), row.at("exactly"), 1e-10, 0);
      CHECK_NEAR(waiting_time(state, horizon), row.at("wait"), 1e-10, 0);
    });
  }
}

// spec: BTYDplus 1.2.0 on the CDNOW sample, maximized log-likelihoods for k = 1 ... 4, printed to six decimals; the
// parameters are where ours has its maximum. The sum of the logarithms of the intervals (weeks, days / 7) is of the
// log.
TEST_CASE("CDNOW: the likelihoods BTYDplus finds") {
  const auto cdnow = test::read_cdnow();
  if (!cdnow) {
    MESSAGE("no CDNOW data");
    return;
  }
  constexpr double log_interval_sum = 2909.50466858973;
  const auto total = [&]<class M>(M, const std::array<double, 5>& theta) {
    double sum = M::interval_term(theta, log_interval_sum);
    for (std::size_t i = 0; i < cdnow->size(); ++i) {
      sum += log_likelihood<M>(theta, summary_row{cdnow->frequency[i], cdnow->recency[i], cdnow->age[i]});
    }
    return sum;
  };
  const mbg_cnbd_k mbg;
  CHECK_NEAR(total(mbg, {0.524843159111, 6.1830852796, 0.89135939072, 1.61400224013, 1}), -9582.135716, 0, 1e-6);
  CHECK_NEAR(total(mbg, {0.579896159528, 2.28814880112, 1.13445269592, 1.58497422438, 2}), -9853.253129, 0, 1e-6);
  CHECK_NEAR(total(mbg, {0.53296835935, 1.25819558965, 1.2886639877, 1.84520942833, 3}), -10394.362652, 0, 1e-6);
  CHECK_NEAR(total(mbg, {0.495857683034, 0.830818101295, 1.40668134325, 2.08914860664, 4}), -11033.940888, 0, 1e-6);
  const bg_cnbd_k bg;
  CHECK_NEAR(total(bg, {0.24259452243, 4.41360201901, 0.792922017226, 2.42590677683, 1}), -9582.429207, 0, 1e-6);
  CHECK_NEAR(total(bg, {0.226917214187, 1.46291963487, 0.944002253854, 2.07432887015, 2}), -9855.326974, 0, 1e-6);
  CHECK_NEAR(total(bg, {0.219481731586, 0.833431064876, 1.02609263859, 2.09413479201, 3}), -10393.565054, 0, 1e-6);
  CHECK_NEAR(total(bg, {0.214451628431, 0.569846694883, 1.08185626318, 2.13811636175, 4}), -11030.191588, 0, 1e-6);
}
