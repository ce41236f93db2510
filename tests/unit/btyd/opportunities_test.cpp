#include "kundenwert/btyd/opportunities.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "kundenwert/base/random.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

opportunity_state random_state(std::uint64_t i) {
  random_stream draw(103, i);
  const auto log_uniform = [&](double low, double high) { return std::pow(10, low + (high - low) * draw.uniform()); };
  const double reach = i % 4 == 0 ? 6 : 2;
  return {log_uniform(-reach, reach), log_uniform(-reach, reach), log_uniform(-reach, reach),
          log_uniform(-reach, reach)};
}

}  // namespace

TEST_CASE("probabilities of purchases add up") {
  for (std::uint64_t i = 0; i < 400; ++i) {
    const auto s = random_state(i);
    CAPTURE(s.alpha);
    CAPTURE(s.beta);
    CAPTURE(s.gamma);
    CAPTURE(s.delta);
    const double h = 1 + static_cast<double>(i % 60);
    double all = 0;
    double tails = 0;
    for (double n = h; n >= 0; --n) {
      const double p = purchase_probability(s, n, h);
      CHECK(p >= 0);
      all += p;
      CHECK_NEAR(purchase_tail(s, n, h), all, 1e-12, 1e-300);
      if (n > 0) tails += purchase_tail(s, n, h);
    }
    CHECK_NEAR(all, 1, 1e-12, 0);
    CHECK_NEAR(expected_purchases(s, h), tails, 1e-12, 0);
    CHECK_NEAR(purchase_within(s, h), purchase_tail(s, 1, h), 1e-13, 0);
    CHECK_NEAR(std::exp(log_silence(s, h)), purchase_probability(s, 0, h), 1e-13, 0);
    CHECK(purchase_probability(s, h + 1, h) == 0);
    CHECK(purchase_tail(s, h + 1, h) == 0);
    CHECK(purchase_within(s, h) <= purchase_within_life(s, h) * (1 + 1e-15));
    CHECK(survival(s, h + 1) <= survival(s, h));
    double waited = 0;
    for (double j = 0; j < h; ++j) waited += purchase_probability(s, 0, j);
    CHECK_NEAR(waiting_time(s, h), waited, 1e-12, 0);
    CHECK(purchase_within(s, 0) == 0);
    CHECK(waiting_time(s, 0) == 0);
    CHECK(typical_wait(s) >= 1);
  }
}

TEST_CASE("thousands of opportunities") {
  // Almost everybody buys at most of them: the first terms of every sum are below the smallest double.
  const opportunity_state s{40, 10, 1e-3, 50};
  constexpr double h = 5000;
  double all = 0;
  double mean = 0;
  for (double n = h; n >= 0; --n) {
    const double p = purchase_probability(s, n, h);
    all += p;
    mean += n * p;
  }
  CHECK_NEAR(all, 1, 1e-11, 0);
  CHECK_NEAR(mean, expected_purchases(s, h), 1e-11, 0);
  CHECK_NEAR(
      purchase_tail(s, 4000, h) + 0,
      1 -
          [&] {
            double below = 0;
            for (double n = 0; n < 4000; ++n) below += purchase_probability(s, n, h);
            return below;
          }(),
      1e-10, 0);
}

TEST_CASE("the next purchase within thousands of opportunities, and billions") {
  for (std::uint64_t i = 0; i < 100; ++i) {
    const auto s = random_state(i);
    CAPTURE(s.alpha);
    CAPTURE(s.beta);
    CAPTURE(s.gamma);
    CAPTURE(s.delta);
    for (const double h : {2049.0, 9000.0}) {
      double waited = 0;
      double reached = 0;
      const auto end = btyd::detail::pass(s, h, [&](double k, double, const btyd::detail::passing& before) {
        waited += before.silent();
        reached = k + 1;
      });
      CHECK_NEAR(purchase_within(s, h), end.bought, 2e-12, 0);
      CHECK_NEAR(waiting_time(s, h), waited + (h - reached) * end.silent(), 2e-12, 0);
    }
    CHECK(purchase_within(s, 1e15) >= purchase_within(s, 1e6));
    CHECK(purchase_within(s, 1e15) <= 1 + 1e-12);
    CHECK(waiting_time(s, 1e15) <= 1e15 * (1 + 1e-12));
  }
}

TEST_CASE("one opportunity after the other") {
  for (std::uint64_t i = 0; i < 200; ++i) {
    const auto s = random_state(i);
    CAPTURE(s.alpha);
    CAPTURE(s.beta);
    CAPTURE(s.gamma);
    CAPTURE(s.delta);
    // Stays, then buys or not: the law of total expectation.
    const double stays = s.delta / (s.gamma + s.delta);
    const double buys = s.alpha / (s.alpha + s.beta);
    const opportunity_state bought{s.alpha + 1, s.beta, s.gamma, s.delta + 1};
    const opportunity_state skipped{s.alpha, s.beta + 1, s.gamma, s.delta + 1};
    for (const double h : {1.0, 4.0, 33.0}) {
      const auto mixed = [&](double after_purchase, double after_none) {
        return stays * (buys * after_purchase + (1 - buys) * after_none);
      };
      CHECK_NEAR(expected_purchases(s, h),
                 mixed(1 + expected_purchases(bought, h - 1), expected_purchases(skipped, h - 1)), 1e-12, 0);
      for (const double n : {1.0, 2.0, 20.0}) {
        CHECK_NEAR(purchase_tail(s, n, h), mixed(purchase_tail(bought, n - 1, h - 1), purchase_tail(skipped, n, h - 1)),
                   1e-12, 1e-300);
      }
      CHECK_NEAR(waiting_time(s, h), mixed(1, 1 + waiting_time(skipped, h - 1)) + (1 - stays) * h, 1e-12, 0);
    }
  }
}
