// Regularity against what gamma distributed intervals must give, simulate and recover, and the promise that batches,
// order, merging and threads change no bit.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <vector>

#include "kundenwert/base/random.hpp"
#include "kundenwert/ingest/regularity.hpp"
#include "near.hpp"
#include "transaction_log.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

// Renewals with Erlang intervals of the shape at a rate of the customer's own (gamma, shape 2), for customers who come
// in over the first years and leave after any purchase with probability 0.1; all until the end.
struct business {
  double shape = 1;
  double mean_interval = 1000;  // days
  std::int64_t customers = 20000;
  std::int32_t end = latest_day;
};

std::vector<transaction_row> draw_log(const business& b, std::uint64_t seed) {
  std::vector<transaction_row> rows;
  for (std::int64_t i = 0; i < b.customers; ++i) {
    random_stream draw(seed, static_cast<std::uint64_t>(i));
    const double rate = draw.gamma(2) / b.mean_interval;
    double clock = earliest_day + 2000 * draw.uniform();
    for (int purchases = 0; clock < b.end && purchases < 60; ++purchases) {
      rows.push_back({i, static_cast<std::int32_t>(std::floor(clock)), 1});
      if (purchases > 0 && draw.uniform() < 0.1) break;
      clock += draw.gamma(b.shape) / (b.shape * rate);
    }
  }
  return rows;
}

regularity found_in(const std::vector<transaction_row>& rows, std::int32_t end) {
  accumulator log;
  log.add(transaction_log(rows).columns(), 2);
  return regularity_of(log, {.end = end, .threads = 2});
}

void check_same(const regularity& a, const regularity& b) {
  const auto same = [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  };
  CHECK(a.outcome == b.outcome);
  CHECK(a.pairs == b.pairs);
  CHECK(same(a.variance, b.variance));
  CHECK(same(a.shape, b.shape));
  CHECK(same(a.standard_error, b.standard_error));
  CHECK(same(a.random_shape, b.random_shape));
}

}  // namespace

TEST_CASE("regularity: all splits of a sum once are what purchases at random give") {
  for (const std::int32_t sum : {5, 30, 1000, 100'000}) {
    interval_pairs pairs;
    for (std::int32_t first = 1; first < sum; ++first) pairs.take(first, sum - first);
    const regularity found = pairs.estimate(2);
    // The mean of (a/s - 1/2)^2 over a = 1, ..., s - 1.
    CHECK_NEAR(found.variance, (sum - 2.0) / (12.0 * sum), 1e-13, 0);
    CHECK_NEAR(found.random_shape, found.shape, 1e-11, 0);
    // Beta(1, 1): variance 1/12 and k = 1 where a day is nothing beside the sum.
    if (sum == 100'000) CHECK_NEAR(found.shape, 1, 1e-4, 0);
  }
}

TEST_CASE("regularity: the k of a Beta(k, k) share comes back from its variance") {
  // Stratified over the distribution function of Beta(k, k): u for k = 1, 3u^2 - 2u^3 for 2, u^3(10 - 15u + 6u^2)
  // for 3.
  constexpr std::int32_t sum = 1 << 30;
  constexpr int strata = 20000;
  for (const int k : {1, 2, 3}) {
    interval_pairs pairs;
    for (int i = 0; i < strata; ++i) {
      const double level = (i + 0.5) / strata;
      double low = 0;
      double high = 1;
      for (int step = 0; step < 60; ++step) {
        const double u = (low + high) / 2;
        const double below = k == 1 ? u : k == 2 ? u * u * (3 - 2 * u) : u * u * u * (10 - 15 * u + 6 * u * u);
        (below < level ? low : high) = u;
      }
      const auto first = static_cast<std::int32_t>(low * sum);
      pairs.take(std::max(first, 1), sum - std::max(first, 1));
    }
    const regularity found = pairs.estimate(30);
    // The midpoints of the outermost strata stand for a share that falls like u^(1/k) there: 5e-5^(1 + 2/k) of the
    // mean, 2e-6 of the variance for k = 3.
    CHECK_NEAR(found.variance, 1 / (4.0 * (2 * k + 1)), 1e-5, 0);
    CHECK_NEAR(found.shape, k, 2e-5, 0);
    CHECK_NEAR(found.random_shape, 1, 1e-8, 0);
  }
}

TEST_CASE("regularity: k is recovered whatever the rates, the end and who leaves") {
  for (const int k : {1, 2, 3}) {
    for (const std::int32_t end : {latest_day, earliest_day + 9000}) {
      CAPTURE(k);
      CAPTURE(end);
      const business b{.shape = static_cast<double>(k), .mean_interval = 3000, .end = end};
      const regularity found = found_in(draw_log(b, static_cast<std::uint64_t>(k)), end);
      REQUIRE(found.outcome == outcome::converged);
      CHECK(found.pairs > 4000);
      CHECK(found.standard_error < 0.06 * k);
      CHECK_NEAR(found.shape, k, 0, 4 * found.standard_error);
    }
  }
}

TEST_CASE("regularity: whole days make short intervals look regular, as stated") {
  // Geometric intervals with chance p a day: E[1/s] = p + p^2 (p/q + ln p / q^2 ...), summed term by term here.
  for (const double p : {1.0 / 30, 0.1}) {
    double reciprocal = 0;
    for (int s = 2; s < 3000; ++s) reciprocal += (s - 1.0) / s * p * p * std::pow(1 - p, s - 2);
    const double variance = (1 - 2 * reciprocal) / 12;
    const double expected = (1 - 4 * variance) / (8 * variance);
    CHECK_NEAR(expected, p == 0.1 ? 1.30 : 1.10, 0, 0.005);
    interval_pairs pairs;
    random_stream draw(7);
    const auto interval = [&] {
      return 1 + static_cast<std::int32_t>(std::floor(draw.exponential() / -std::log1p(-p)));
    };
    for (int i = 0; i < 20000; ++i) pairs.take(interval(), interval());
    const regularity found = pairs.estimate(30);
    CHECK_NEAR(found.shape, expected, 0, 4 * found.standard_error);
    CHECK_NEAR(found.random_shape, expected, 0.01, 0);
  }
}

TEST_CASE("regularity: cut, order, parts and threads change no bit") {
  auto rows = draw_log({.shape = 2, .mean_interval = 100}, 5);
  const transaction_log log(rows);
  for (const bool is_text : {false, true}) {
    accumulator whole;
    whole.add(log.columns(is_text));
    const regularity_options options{.end = latest_day};
    const regularity expected = regularity_of(whole, options);
    REQUIRE(expected.pairs > 10000);
    check_same(expected, regularity_of(whole, {.end = latest_day, .threads = 2}));
    accumulator batches;
    for (std::size_t at = 0; at < log.size(); at += 777) batches.add(log.columns(is_text, at, 777));
    check_same(expected, regularity_of(batches, options));
    accumulator merged;
    merged.add(log.columns(is_text, log.size() / 2));
    accumulator part;
    part.add(log.columns(is_text, 0, log.size() / 2), 2);
    merged.merge(part);
    check_same(expected, regularity_of(merged, options));
    std::shuffle(rows.begin(), rows.end(), std::mt19937(3));
    accumulator shuffled;
    shuffled.add(transaction_log(rows).columns(is_text), 2);
    check_same(expected, regularity_of(shuffled, options));
  }
}

TEST_CASE("regularity: CDNOW shows none") {
  const auto rows = cdnow();
  if (rows.empty()) {
    MESSAGE("skipped: KUNDENWERT_DATA is not set");
    return;
  }
  // Of the sample's dates by Python's datetime, math.fsum and the formulas of the header; BTYDplus finds k = 1 for
  // these data, too.
  const regularity calibration = found_in(rows, day_of(1997, 9, 30));
  CHECK(calibration.pairs == 507);
  CHECK_NEAR(calibration.variance, 0.08072526495187847, 1e-14, 0);
  CHECK_NEAR(calibration.shape, 1.04846193536205, 1e-13, 0);
  CHECK_NEAR(calibration.standard_error, 0.06340562165919615, 1e-13, 0);
  const regularity all = found_in(rows, day_of(1998, 6, 30));
  CHECK(all.pairs == 736);
  CHECK_NEAR(all.shape, 0.9850534587317635, 1e-13, 0);
  CHECK_NEAR(all.standard_error, 0.04924434624656815, 1e-13, 0);
}
