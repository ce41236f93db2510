#include "kundenwert/base/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "near.hpp"

using namespace kundenwert;

namespace {

constexpr int draws = 40000;

template <class Draw>
std::vector<double> sample(Draw&& draw, std::uint64_t stream, int count = draws) {
  random_stream random(20240229, stream);
  std::vector<double> out;
  for (int i = 0; i < count; ++i) out.push_back(static_cast<double>(draw(random)));
  return out;
}

// Largest distance between the sample's distribution and a continuous one. By the Dvoretzky-Kiefer-Wolfowitz bound
// (Massart 1990) P(distance > d) <= 2 exp(-2 n d^2): below kolmogorov_bound(n) with probability 1 - 1e-9, for a seed
// chosen once. The seeds are fixed, so the tests either always pass or never.
template <class Distribution>
double kolmogorov_distance(std::vector<double> values, Distribution&& cdf) {
  std::sort(values.begin(), values.end());
  const double n = static_cast<double>(values.size());
  double worst = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double p = cdf(values[i]);
    worst = std::max({worst, p - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - p});
  }
  return worst;
}
double kolmogorov_bound(std::size_t n) { return std::sqrt(std::log(2e9) / (2 * static_cast<double>(n))); }

// Mean and variance within six of their standard errors: probability of failure 2e-9 each in the normal limit.
// kurtosis is the fourth central moment over the squared variance.
void check_moments(const std::vector<double>& values, double mean, double variance, double kurtosis) {
  const double n = static_cast<double>(values.size());
  double sum = 0;
  for (double v : values) sum += v - mean;
  double squares = 0;
  for (double v : values) squares += (v - mean) * (v - mean);
  CHECK_NEAR(mean + sum / n, mean, 0, 6 * std::sqrt(variance / n));
  CHECK_NEAR(squares / n, variance, 0, 6 * variance * std::sqrt((kurtosis - 1) / n));
}

}  // namespace

TEST_CASE("philox: known answers of the Random123 library, kat_vectors, philox4x32 10") {
  using block = std::array<std::uint32_t, 4>;
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t ones = 0xffffffff;
  CHECK(philox({ones, ones, ones, ones}, {ones, ones}) == block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream is the Philox counter: seed as key, position and stream as counter") {
  random_stream zero(0);
  CHECK(zero.next() == 0xe169c58d6627e8d5);
  CHECK(zero.next() == 0x9b00dbd8bc57ac4c);
  random_stream pi(0x299f31d0a4093822, 0x0370734413198a2e);
  pi.move_to(2 * (0x85a308d3243f6a88 & 0x7fffffffffffffff));
  const auto expected = philox({0x243f6a88, 0x05a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0});
  CHECK(pi.next() == (expected[0] | static_cast<std::uint64_t>(expected[1]) << 32));
  static_assert(random_stream(1, 2).next() != random_stream(1, 3).next());
}

TEST_CASE("draw number i is a pure function of seed, stream and i") {
  random_stream forward(42, 7);
  std::vector<std::uint64_t> words;
  for (int i = 0; i < 100; ++i) words.push_back(forward.next());
  CHECK(forward.position() == 100);
  for (int i = 99; i >= 0; --i) {
    random_stream jump(42, 7);
    jump.move_to(static_cast<std::uint64_t>(i));
    CHECK(jump.next() == words[static_cast<std::size_t>(i)]);
    if (i < 99) CHECK(jump.next() == words[static_cast<std::size_t>(i) + 1]);
  }
  // A normal does not depend on an earlier call having drawn one.
  random_stream a(1);
  a.normal();
  const auto position = a.position();
  random_stream b(1);
  b.move_to(position);
  CHECK(a.normal() == b.normal());
}

TEST_CASE("uniform: inside (0, 1), flat") {
  const auto values = sample([](random_stream& r) { return r.uniform(); }, 1);
  CHECK(*std::min_element(values.begin(), values.end()) > 0);
  CHECK(*std::max_element(values.begin(), values.end()) < 1);
  CHECK(kolmogorov_distance(values, [](double x) { return x; }) < kolmogorov_bound(values.size()));
  check_moments(values, 0.5, 1.0 / 12, 1.8);
  // Across streams at the same position, as rows use it.
  std::vector<double> across;
  for (std::uint64_t stream = 0; stream < draws; ++stream) across.push_back(random_stream(5, stream).uniform());
  CHECK(kolmogorov_distance(across, [](double x) { return x; }) < kolmogorov_bound(across.size()));
  // Neighbours are uncorrelated: the product of two centered uniforms has variance 1/144.
  double product = 0;
  for (std::size_t i = 1; i < across.size(); ++i) product += (across[i] - 0.5) * (across[i - 1] - 0.5);
  CHECK(std::fabs(product) < 6 * std::sqrt(draws / 144.0));
}

TEST_CASE("below: every value equally often") {
  for (const std::uint64_t count : {1ULL, 2ULL, 7ULL, 64ULL}) {
    std::vector<double> seen(count, 0);
    random_stream random(3, count);
    for (int i = 0; i < draws; ++i) seen[random.below(count)] += 1;
    const double p = 1 / static_cast<double>(count);
    for (double s : seen) CHECK_NEAR(s, draws * p, 0, 6 * std::sqrt(draws * p * (1 - p)));
  }
  random_stream random(3);
  CHECK(random.below(std::numeric_limits<std::uint64_t>::max()) < std::numeric_limits<std::uint64_t>::max());
  CHECK_THROWS_AS(random.below(0), error);
}

TEST_CASE("normal and exponential") {
  const auto normals = sample([](random_stream& r) { return r.normal(); }, 2);
  const auto phi = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  CHECK(kolmogorov_distance(normals, phi) < kolmogorov_bound(normals.size()));
  check_moments(normals, 0, 1, 3);
  const auto exponentials = sample([](random_stream& r) { return r.exponential(); }, 3);
  CHECK(kolmogorov_distance(exponentials, [](double x) { return -std::expm1(-x); }) <
        kolmogorov_bound(exponentials.size()));
  check_moments(exponentials, 1, 1, 9);
}

TEST_CASE("gamma: closed distributions for shapes 1/2 and 3, moments for others") {
  const auto half = sample([](random_stream& r) { return r.gamma(0.5); }, 4);
  CHECK(kolmogorov_distance(half, [](double x) { return std::erf(std::sqrt(x)); }) < kolmogorov_bound(half.size()));
  const auto three = sample([](random_stream& r) { return r.gamma(3); }, 5);
  const auto erlang = [](double x) { return 1 - std::exp(-x) * (1 + x + x * x / 2); };
  CHECK(kolmogorov_distance(three, erlang) < kolmogorov_bound(three.size()));
  std::uint64_t stream = 100;
  for (double shape : {0.05, 0.243, 0.9, 1.0, 1.5, 20.0, 1e4, 1e12}) {
    CAPTURE(shape);
    const auto values = sample([&](random_stream& r) { return r.gamma(shape); }, ++stream);
    check_moments(values, shape, shape, 3 + 6 / shape);
  }
  // P(ln G < y) tends to e^(shape y) / Gamma(shape + 1), here with shape 1e-4: -ln G shape is exponential but for 1e-4.
  const auto tiny = sample([](random_stream& r) { return -1e-4 * r.gamma_logarithm(1e-4); }, 6);
  CHECK(kolmogorov_distance(tiny, [](double x) { return -std::expm1(-x); }) < kolmogorov_bound(tiny.size()) + 1e-3);
}

TEST_CASE("beta: closed distributions and moments, tiny shapes included") {
  const auto power = sample([](random_stream& r) { return r.beta(0.3, 1); }, 7);
  CHECK(kolmogorov_distance(power, [](double x) { return std::pow(x, 0.3); }) < kolmogorov_bound(power.size()));
  const auto cubic = sample([](random_stream& r) { return r.beta(2, 2); }, 8);
  CHECK(kolmogorov_distance(cubic, [](double x) { return x * x * (3 - 2 * x); }) < kolmogorov_bound(cubic.size()));
  const auto arcsine = sample([](random_stream& r) { return r.beta(0.5, 0.5); }, 9);
  const auto arcsine_cdf = [](double x) { return 2 / 3.14159265358979323846 * std::asin(std::sqrt(x)); };
  CHECK(kolmogorov_distance(arcsine, arcsine_cdf) < kolmogorov_bound(arcsine.size()));
  // In the limit of small shapes a share a / (a + b) of the draws is 1, the others 0.
  for (double scale : {1e-6, 1e-300, 5e-320}) {
    CAPTURE(scale);
    const auto limit = sample([&](random_stream& r) { return r.beta(3 * scale, scale); }, 10);
    double sum = 0;
    for (double v : limit) sum += v;
    CHECK_NEAR(sum / draws, 0.75, 0, 6 * std::sqrt(0.75 * 0.25 / draws) + 1e-4);
  }
}

TEST_CASE("poisson and binomial: probabilities of every count, moments") {
  std::uint64_t stream = 200;
  for (double mean : {0.0, 0.3, 4.0, 11.9, 12.5, 60.0, 1e4, 1e12}) {
    CAPTURE(mean);
    const auto values = sample([&](random_stream& r) { return r.poisson(mean); }, ++stream, 20000);
    if (mean > 0) check_moments(values, mean, mean, 3 + 1 / mean);
    if (mean > 100) continue;
    double p = std::exp(-mean);
    for (int k = 0; k < 150; ++k) {
      const double n = static_cast<double>(values.size());
      const double seen = static_cast<double>(std::count(values.begin(), values.end(), static_cast<double>(k)));
      // Six standard errors, and a few counts where the expected number is small (Bernstein's inequality: < 1e-8).
      CHECK_NEAR(seen, n * p, 0, 6 * std::sqrt(n * p) + 12 * (p > 0 ? 1 : 0));
      p *= mean / (k + 1);
    }
  }
  for (const std::int64_t trials : {0, 1, 24, 25, 100, 100000}) {
    for (double chance : {0.0, 0.03, 0.5, 0.97, 1.0}) {
      CAPTURE(trials);
      CAPTURE(chance);
      const double n = static_cast<double>(trials);
      const auto values = sample([&](random_stream& r) { return r.binomial(trials, chance); }, ++stream, 10000);
      CHECK(*std::min_element(values.begin(), values.end()) >= 0);
      CHECK(*std::max_element(values.begin(), values.end()) <= n);
      const double variance = n * chance * (1 - chance);
      if (variance > 0) {
        check_moments(values, n * chance, variance, 3 + (1 - 6 * chance * (1 - chance)) / variance);
      } else {
        CHECK(values.front() == n * chance);
        CHECK(values.back() == n * chance);
      }
    }
  }
}

TEST_CASE("random draws refuse parameters outside their domain") {
  random_stream random(1);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (double bad : {0.0, -1.0, std::nan(""), infinity}) {
    CHECK_THROWS_AS(random.gamma(bad), error);
    CHECK_THROWS_AS(random.gamma_logarithm(bad), error);
    CHECK_THROWS_AS(random.beta(bad, 1), error);
    CHECK_THROWS_AS(random.beta(1, bad), error);
  }
  CHECK_THROWS_AS(random.poisson(-1), error);
  CHECK_THROWS_AS(random.poisson(std::nan("")), error);
  CHECK_THROWS_AS(random.poisson(2e15), error);
  CHECK_THROWS_AS(random.binomial(-1, 0.5), error);
  CHECK_THROWS_AS(random.binomial(3, 1.5), error);
}
