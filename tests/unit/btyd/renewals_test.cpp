#include "kundenwert/btyd/renewals.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "kundenwert/base/random.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

renewal_state random_state(std::uint64_t i) {
  random_stream draw(101, i);
  const auto log_uniform = [&](double low, double high) { return std::pow(10, low + (high - low) * draw.uniform()); };
  const double c = i % 3 == 0 ? 1 : log_uniform(-2, 1);
  return {log_uniform(-6, 6), log_uniform(-6, 6), c, std::floor(log_uniform(-1, 4))};
}

}  // namespace

TEST_CASE("probabilities of renewals add up") {
  for (std::uint64_t i = 0; i < 300; ++i) {
    const auto s = random_state(i);
    CAPTURE(s.alpha);
    CAPTURE(s.beta);
    CAPTURE(s.c);
    CAPTURE(s.tenure);
    const double h = 1 + static_cast<double>(i % 40);
    double all = 0;
    double mean = 0;
    double tails = 0;
    for (double n = h; n >= 0; --n) {
      const double p = purchase_probability(s, n, h);
      CHECK(p >= 0);
      CHECK(p <= 1);
      all += p;
      mean += n * p;
      CHECK_NEAR(purchase_tail(s, n, h), all, 1e-12, 1e-300);
      if (n > 0) tails += purchase_tail(s, n, h);
    }
    CHECK_NEAR(all, 1, 1e-12, 0);
    CHECK_NEAR(expected_purchases(s, h), tails, 1e-12, 0);
    CHECK_NEAR(mean, tails, 1e-12, 0);
    CHECK(purchase_tail(s, h + 1, h) == 0);
    CHECK(purchase_probability(s, h + 1, h) == 0);
    CHECK(purchase_within(s, h) == survival(s, 1));
    CHECK_NEAR(waiting_time(s, h), survival(s, 1) + (1 - survival(s, 1)) * h, 1e-15, 0);
    CHECK(survival(s, h + 1) <= survival(s, h));
    CHECK(expected_purchases(s, 0) == 0);
    CHECK(waiting_time(s, 0) == 0);
    CHECK(purchase_within(s, 0) == 0);
    CHECK(purchase_probability(s, 0, 0) == 1);
  }
}

TEST_CASE("c = 1 is the shifted beta-geometric, continuously") {
  for (std::uint64_t i = 0; i < 300; ++i) {
    auto s = random_state(i);
    s.c = 1;
    CAPTURE(s.alpha);
    CAPTURE(s.beta);
    CAPTURE(s.tenure);
    for (const double u : {1.0, 3.0, 50.0, 1e5}) {
      const double exact = log_survival(s, u);
      CHECK_NEAR(log_renewed(s.alpha, s.beta, 1.0, s.tenure, u), exact, 1e-13, 0);
      const renewal_state beside{s.alpha, s.beta, 1 + 1e-12, s.tenure};
      CHECK_NEAR(log_survival(beside, u), exact, 1e-9, 0);
    }
    // The telescoped sum and the sum term by term.
    for (const double h : {1.0, 7.0, 300.0, 20000.0}) {
      CAPTURE(h);
      const double summed = numeric::sum_falling([&](double k) { return log_survival(s, k); }, h, 0);
      CHECK_NEAR(expected_purchases(s, h), summed, 2e-12, 0);
    }
  }
}

TEST_CASE("what is to come is the next renewal and what comes after it") {
  constexpr double endless = std::numeric_limits<double>::infinity();
  for (std::uint64_t i = 0; i < 300; ++i) {
    const auto s = random_state(i);
    CAPTURE(s.alpha);
    CAPTURE(s.beta);
    CAPTURE(s.c);
    CAPTURE(s.tenure);
    renewal_state next = s;
    next.tenure += 1;
    for (const double rate : {0.5, 0.01, 1e-4}) {
      const double after = std::exp(-rate) * survival(s, 1);
      CAPTURE(rate);
      CHECK_NEAR(discounted_purchases(s, endless, rate), after * (1 + discounted_purchases(next, endless, rate)), 2e-12,
                 0);
      CHECK_NEAR(discounted_purchases(s, 80, rate), after * (1 + discounted_purchases(next, 79, rate)), 2e-12, 0);
    }
  }
}

TEST_CASE("the edges of duration dependence") {
  // Nobody renews twice; who renews once renews for ever.
  const renewal_state rising{1, 2, 1e8, 0};
  CHECK_NEAR(survival(rising, 1), 2.0 / 3, 1e-15, 0);
  CHECK_NEAR(survival(rising, 2), 0, 0, 1e-300);
  CHECK_NEAR(expected_purchases(rising, 100), 2.0 / 3, 1e-15, 0);
  const renewal_state falling{1, 2, 1e-8, 0};
  CHECK_NEAR(survival(falling, 1e5), 2.0 / 3, 1e-6, 0);
  CHECK(survival({0.5, 2, 30, 1e5}, 1) < 1);
}
