#include "kundenwert/btyd/erlang_dropout.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "kundenwert/base/random.hpp"
#include "kundenwert/btyd/bg_cnbd_k.hpp"
#include "kundenwert/btyd/mbg_cnbd_k.hpp"
#include "kundenwert/btyd/mbg_nbd.hpp"
#include "kundenwert/numeric/quadrature.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr std::array<std::array<double, 4>, 5> settings{
    {{0.25, 4.4, 0.8, 2.4}, {0.5, 6.2, 0.9, 1.6}, {3, 20, 0.3, 0.4}, {1.5, 1, 5, 40}, {0.05, 10, 5, 0.3}}};
constexpr std::array customers{summary_row{0, 0, 39}, summary_row{2, 30.5, 39}, summary_row{29, 38, 39},
                               summary_row{5, 5, 5},  summary_row{0, 0, 0},     summary_row{200, 1, 300}};

std::array<double, 5> with_stages(const std::array<double, 4>& theta, double k) {
  return {theta[0], theta[1] / k, theta[2], theta[3], k};
}

template <class Regular, class Plain>
void check_one_stage() {
  for (const auto& plain : settings) {
    for (const auto& c : customers) {
      const auto theta = with_stages(plain, 1);
      CAPTURE(plain[0]);
      CAPTURE(c.frequency);
      CHECK_NEAR(log_likelihood<Regular>(theta, c), log_likelihood<Plain>(plain, c), 1e-14, 0);
      CHECK_NEAR(Regular::probability_alive(theta, c), Plain::probability_alive(plain, c), 1e-14, 0);
      CHECK_NEAR(Regular::purchase_rate(theta, c), Plain::purchase_rate(plain, c), 1e-14, 0);
      CHECK_NEAR(Regular::dropout_probability(theta, c), Plain::dropout_probability(plain, c), 1e-14, 0);
      const auto regular = Regular::state(theta, c);
      const auto state = Plain::state(plain, c);
      for (const double t : {0.0, 0.01, 39.0, 300.0, 5000.0}) {
        CAPTURE(t);
        CHECK_NEAR(expected_purchases(regular, t), expected_purchases(state, t), 1e-11, 0);
        CHECK_NEAR(discounted_purchases(regular, t, 0.1), discounted_purchases(state, t, 0.1), 1e-11, 0);
        CHECK_NEAR(survival(regular, t), survival(state, t), 1e-11, 0);
        CHECK_NEAR(purchase_within(regular, t), purchase_within(state, t), 1e-13, 0);
        CHECK_NEAR(waiting_time(regular, t), waiting_time(state, t), 1e-13, 0);
        for (const double n : {0.0, 1.0, 10.0, 100.0}) {
          CHECK_NEAR(purchase_probability(regular, n, t), purchase_probability(state, n, t), 1e-11, 1e-300);
        }
      }
      CHECK_NEAR(discounted_purchases(regular, infinity, 0.002), discounted_purchases(state, infinity, 0.002), 1e-11,
                 0);
    }
  }
}

}  // namespace

TEST_CASE("one stage is the Poisson clock of BG/NBD and MBG/NBD") {
  check_one_stage<bg_cnbd_k, bg_nbd>();
  check_one_stage<mbg_cnbd_k, mbg_nbd>();
}

TEST_CASE("probabilities of counts are differences of tails, sum to one and have the expected purchases as mean") {
  for (const double k : {2.0, 3.0, 12.0}) {
    for (const auto& plain : settings) {
      for (const auto& c : customers) {
        const auto state = mbg_cnbd_k::state(with_stages(plain, k), c);
        const double t = 0.3 * (c.age + 3);
        CAPTURE(k);
        CAPTURE(plain[0]);
        CAPTURE(c.frequency);
        double sum = 0;
        double mean = 0;
        double tails = 0;
        for (double n = 0; n < 4000; ++n) {
          const double exactly = purchase_probability(state, n, t);
          const double tail = purchase_tail(state, n, t);
          if (n < 5) CHECK_NEAR(exactly, tail - purchase_tail(state, n + 1, t), 1e-10, 1e-14);
          sum += exactly;
          mean += n * exactly;
          tails += n > 0 ? tail : 0;
          if (n > 3 && tail < 1e-17) break;
        }
        CHECK_NEAR(sum, 1, 1e-12, 0);
        CHECK_NEAR(mean, expected_purchases(state, t), 1e-11, 0);
        CHECK_NEAR(tails, expected_purchases(state, t), 1e-11, 0);
      }
    }
  }
}

TEST_CASE("the wait is the integral of no purchase yet, nobody leaves before the next one") {
  for (const double k : {2.0, 5.0, 12.0}) {
    for (const auto& plain : settings) {
      for (const auto& c : customers) {
        const auto state = bg_cnbd_k::state(with_stages(plain, k), c);
        CHECK(typical_wait(state) > 0);
        for (const double t : {1e-6, 0.5, 39.0, 4000.0}) {
          CAPTURE(k);
          CAPTURE(plain[0]);
          CAPTURE(c.frequency);
          CAPTURE(t);
          const auto none = [&](double u) { return purchase_probability(state, 0, u); };
          CHECK_NEAR(waiting_time(state, t), numeric::integrate(none, 0, t, {0, 1e-12, 100000}).value, 1e-11, 0);
          CHECK_NEAR(purchase_within(state, t), 1 - none(t), 1e-11, 1e-15);
          CHECK(purchase_within_life(state, t) == purchase_within(state, t));
        }
      }
    }
  }
}

// Sums over events and integrals over rates share nothing but the state.
TEST_CASE("sums over the events of the clock and integrals over its rates agree") {
  for (std::uint64_t i = 0; i < 60; ++i) {
    random_stream draw(81, i);
    const auto log_uniform = [&](double low, double high) { return std::pow(10, low + (high - low) * draw.uniform()); };
    const std::size_t k = 1 + i % 5;
    const double shape = log_uniform(-2, 2.5);
    const double scale = log_uniform(-1, 2);
    const double idle = draw.uniform() * scale;
    const double a = log_uniform(-1.5, 2);
    const double b = log_uniform(-1.5, 2);
    const auto state = erlang_state_of(k, shape, scale, idle, a, b);
    const double t = log_uniform(0, 1.5) * typical_wait(state);
    const double rate = i % 2 == 0 ? 0 : log_uniform(-2, 0) / t;
    const double least = btyd::detail::least_purchases(state, t, rate);
    constexpr double most = 20000;
    const double last = btyd::detail::last_stage(state, t, rate, least, most);
    if (!(last <= most)) continue;
    CAPTURE(k);
    CAPTURE(shape);
    CAPTURE(a);
    CAPTURE(b);
    CAPTURE(t / scale);
    CAPTURE(rate * t);
    const beta_geometric_state dropout{shape, scale, a, b};
    const auto stages = static_cast<double>(k);
    {
      const btyd::detail::clock_future future(state, t, rate, btyd::detail::future_of::purchases);
      const btyd::detail::long_purchases given{future, (shape + stages) * t / scale / stages};
      CHECK_NEAR(btyd::detail::sum_stages(state, t, rate, last).purchases,
                 btyd::detail::over_dropout(dropout, given).value(), 2e-11, 0);
    }
    const double end = btyd::detail::last_stage(state, t, 0, 0, most);
    const btyd::detail::clock_future future(state, t, 0, btyd::detail::future_of::life);
    const btyd::detail::long_survival given{future, shape, t / scale / stages};
    CHECK_NEAR(btyd::detail::sum_stages(state, t, 0, end).survival, btyd::detail::over_dropout(dropout, given).value(),
               2e-11, 0);
  }
}

TEST_CASE("limits: no time, long silence, endless discounting, a certain rate") {
  const auto theta = with_stages(settings[1], 3);
  const auto state = bg_cnbd_k::state(theta, {4, 10, 40});
  CHECK(expected_purchases(state, 0) == 0);
  CHECK(survival(state, 0) == 1);
  CHECK(purchase_probability(state, 0, 0) == 1);
  CHECK(purchase_tail(state, 1, 0) == 0);
  CHECK(waiting_time(state, 0) == 0);
  // A long finite horizon is the endless one.
  CHECK_NEAR(discounted_purchases(state, 40 / 0.01, 0.01), discounted_purchases(state, infinity, 0.01), 1e-11, 0);
  CHECK_NEAR(discounted_purchases(state, 40, 1), discounted_purchases(state, infinity, 1), 1e-11, 0);
  // Rate 1 for everybody, three events a purchase, dropout 0.2, just bought: the transform at rate d is
  // 1 / ((1 + d)^3 - 0.8).
  const auto alike = erlang_state_of(3, 1e8, 1e8, 0, 2e8, 8e8);
  CHECK_NEAR(discounted_purchases(alike, infinity, 0.1), 1 / (1.1 * 1.1 * 1.1 - 0.8), 1e-6, 0);
  // A customer who bought in a burst and then never: the odds of being gone are beyond the largest double.
  CHECK(bg_cnbd_k::probability_alive(with_stages(settings[0], 2), {200, 1, 300}) >= 0);
  CHECK(std::isfinite(log_likelihood<bg_cnbd_k>(with_stages(settings[0], 2), {10000, 1e-3, 1e6})));
  CHECK(bg_cnbd_k::probability_alive(theta, {0, 0, 1e6}) == 1);
  CHECK(bg_cnbd_k::interval_term(theta, 7.5) == 15);
}
