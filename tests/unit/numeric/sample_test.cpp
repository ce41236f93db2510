#include "kundenwert/numeric/sample.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "check_error.hpp"
#include "kundenwert/numeric/chain_diagnostics.hpp"
#include "kundenwert/numeric/special.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::numeric;

namespace {

using vec = std::vector<double>;
using point = std::span<const double>;
using slope = std::span<double>;

vec diagonal(std::size_t n, double value) {
  vec out(n * n);
  for (std::size_t i = 0; i < n; ++i) out[i * n + i] = value;
  return out;
}

double gaussian(point x, slope g) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum -= 0.5 * x[i] * x[i];
    if (!g.empty()) g[i] = -x[i];
  }
  return sum;
}

// A stationary AR(1) sequence of variance 1.
constexpr double correlation = 0.95;
double sequence(point x, slope g) {
  const double precision = 1 / (1 - correlation * correlation);
  double sum = -0.5 * x[0] * x[0];
  for (std::size_t i = 0; i < g.size(); ++i) g[i] = i == 0 ? -x[0] : 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    const double rest = x[i] - correlation * x[i - 1];
    sum -= 0.5 * precision * rest * rest;
    if (g.empty()) continue;
    g[i] -= precision * rest;
    g[i - 1] += precision * correlation * rest;
  }
  return sum;
}

// Logarithms of gamma variates: skewed to the left, more so for a small shape.
struct log_gamma_density {
  double shape;
  double operator()(point x, slope g) const {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      sum += shape * x[i] - std::exp(x[i]);
      if (!g.empty()) g[i] = shape - std::exp(x[i]);
    }
    return sum;
  }
};

// Standard normal x, and y normal about bend (x^2 - 1).
struct banana {
  double bend;
  double operator()(point x, slope g) const {
    const double rest = x[1] - bend * (x[0] * x[0] - 1);
    if (!g.empty()) {
      g[0] = -x[0] + 2 * bend * x[0] * rest;
      g[1] = -rest;
    }
    return -0.5 * (x[0] * x[0] + rest * rest);
  }
};

constexpr double freedom = 8;
double student(point x, slope g) {
  const double power = (freedom + static_cast<double>(x.size())) / 2;
  double square = 0;
  for (const double v : x) square += v * v;
  for (std::size_t i = 0; i < g.size(); ++i) g[i] = -2 * power * x[i] / (freedom + square);
  return -power * std::log1p(square / freedom);
}

// x ~ N(0, width^2), the others N(0, e^x).
struct funnel {
  double width;
  double operator()(point x, slope g) const {
    const double precision = std::exp(-x[0]);
    const double square = x[1] * x[1] + x[2] * x[2];
    if (!g.empty()) {
      g[0] = -x[0] / (width * width) - 1 + 0.5 * precision * square;
      g[1] = -precision * x[1];
      g[2] = -precision * x[2];
    }
    return -0.5 * x[0] * x[0] / (width * width) - x[0] - 0.5 * precision * square;
  }
};

// Mean and variance of one variable, each within `bound` of its own Monte-Carlo standard errors. The seed is fixed; of
// about fifty such checks under fifty seeds one is expected beyond 3.5 somewhere, so 4 tells an error from chance.
void check_moments(const sample_result& found, std::int32_t variable, double mean, double variance) {
  constexpr double bound = 4;
  auto column = found.column(variable);
  const auto first = diagnose_chains(column, found.chains);
  CAPTURE(variable);
  CAPTURE(first.mean);
  CAPTURE(first.mcse_mean);
  CHECK(std::fabs(first.mean - mean) < bound * first.mcse_mean);
  for (double& v : column) v = (v - mean) * (v - mean);
  const auto second = diagnose_chains(column, found.chains);
  CAPTURE(second.mean);
  CAPTURE(second.mcse_mean);
  CHECK(std::fabs(second.mean - variance) < bound * second.mcse_mean);
  CHECK(first.r_hat < 1.01);
  CHECK(first.ess_bulk > 400);
  CHECK(first.ess_tail > 400);
}

sample_options longer(int draws) {
  sample_options out;
  out.draws = draws;
  return out;
}

}  // namespace

TEST_CASE("a Gaussian with its Hessian takes values alone, and every draw counts") {
  const auto found = sample(gaussian, vec(4), diagonal(4, 1));
  CHECK(found.outcome == outcome::converged);
  CHECK(found.steps == 0);
  CHECK(found.divergences == 0);
  CHECK_NEAR(found.acceptance, 1, 1e-12, 0);
  CHECK(found.gradient_evaluations <= 4 * (15 + 1));
  CHECK(found.gradient_evaluations + found.value_evaluations == 4 * 400 + 4);
  for (std::int32_t i = 0; i < 4; ++i) {
    check_moments(found, i, 0, 1);
    CHECK(diagnose_chains(found.column(i), 4).ess_bulk > 900);
  }
}

TEST_CASE("the whitening of a Gaussian is found from a wrong Hessian") {
  const auto found = sample(sequence, vec(10), diagonal(10, 1), longer(600));
  CHECK(found.outcome == outcome::converged);
  CHECK(found.acceptance > 0.9);
  CHECK(found.steps <= 1);
  for (const std::int32_t i : {0, 4, 9}) check_moments(found, i, 0, 1);
  // Also from none at all, and from one with the wrong sign.
  for (const double curvature : {0.0, -2.0}) {
    const auto lost = sample(sequence, vec(10), diagonal(10, curvature), longer(600));
    CHECK(lost.outcome == outcome::converged);
    for (const std::int32_t i : {0, 9}) check_moments(lost, i, 0, 1);
  }
}

TEST_CASE("units of very different size make no difference") {
  constexpr double size = 1e8;
  const auto density = [&](point x, slope g) {
    const vec scaled{x[0] * size, x[1] / size};
    const double value = gaussian(scaled, g);
    if (!g.empty()) {
      g[0] *= size;
      g[1] /= size;
    }
    return value;
  };
  const auto found = sample(density, vec(2), vec{size * size, 0, 0, 1 / (size * size)});
  CHECK(found.steps == 0);
  check_moments(found, 0, 0, 1 / (size * size));
  check_moments(found, 1, 0, size * size);
}

TEST_CASE("skewed densities") {
  for (const double shape : {10.0, 2.0}) {
    CAPTURE(shape);
    const auto found = sample(log_gamma_density{shape}, vec(3, std::log(shape)), diagonal(3, shape), longer(1000));
    CHECK(found.acceptance > 0.7);
    for (std::int32_t i = 0; i < 3; ++i) check_moments(found, i, digamma(shape), trigamma(shape));
  }
}

TEST_CASE("bent, heavy-tailed and funnel-like densities") {
  const auto bent = sample(banana{0.4}, vec{0, -0.4}, diagonal(2, 1), longer(2000));
  check_moments(bent, 0, 0, 1);
  check_moments(bent, 1, 0, 1 + 2 * 0.4 * 0.4);
  const auto heavy = sample(student, vec(3), diagonal(3, (freedom + 3) / freedom), longer(2000));
  for (std::int32_t i = 0; i < 3; ++i) check_moments(heavy, i, 0, freedom / (freedom - 2));
  constexpr double width = 0.5;
  const double square = width * width;
  vec curvature = diagonal(3, std::exp(square));
  curvature[0] = 1 / square;
  const auto narrow = sample(funnel{width}, vec{-square, 0, 0}, curvature, longer(2000));
  check_moments(narrow, 0, 0, square);
  check_moments(narrow, 1, 0, std::exp(square / 2));
}

TEST_CASE("a density that ends at a border") {
  // Gamma with shape 3, on x > 0: trajectories that come out there are refused.
  const auto density = [](point x, slope g) {
    if (!(x[0] > 0)) return -std::numeric_limits<double>::infinity();
    if (!g.empty()) g[0] = 2 / x[0] - 1;
    return 2 * std::log(x[0]) - x[0];
  };
  const auto found = sample(density, vec{2}, vec{0.5}, longer(2000));
  CHECK(found.outcome == outcome::converged);
  CHECK(found.divergences > 0);
  check_moments(found, 0, 3, 3);
}

TEST_CASE("the draws do not depend on the number of threads, but on the seed") {
  sample_options options;
  options.draws = 60;
  const auto one = sample(log_gamma_density{2}, vec(3, std::log(2)), diagonal(3, 2), options);
  options.threads = 3;
  const auto three = sample(log_gamma_density{2}, vec(3, std::log(2)), diagonal(3, 2), options);
  CHECK(one.draws == three.draws);
  CHECK(one.log_density == three.log_density);
  CHECK(one.gradient_evaluations == three.gradient_evaluations);
  options.seed = 2;
  CHECK(sample(log_gamma_density{2}, vec(3, std::log(2)), diagonal(3, 2), options).draws != one.draws);
  // Draws are where they are said to be, with their densities.
  const auto last = one.draw(3, 59);
  CHECK(last[2] == one.column(2).back());
  CHECK(log_gamma_density{2}(last, {}) == one.log_density.back());
}

TEST_CASE("no value at the mode, and chains that cannot move, are told") {
  const auto nowhere = [](point, slope) { return std::nan(""); };
  const auto none = sample(nowhere, vec(2), diagonal(2, 1));
  CHECK(none.outcome == outcome::stalled);
  CHECK(none.draws.empty());
  const auto needle = [](point x, slope g) {
    for (double& v : g) v = 0;
    return x[0] == 0 && x[1] == 0 ? 0 : -std::numeric_limits<double>::infinity();
  };
  const auto stuck = sample(needle, vec(2), diagonal(2, 1));
  CHECK(stuck.outcome == outcome::stalled);
  CHECK(stuck.divergences == 4 * 300);
}

TEST_CASE("progress is told and can cancel") {
  struct record {
    double last = 0;
    int calls = 0;
    int limit;
  };
  const auto callback = [](void* context, double done) {
    auto& seen = *static_cast<record*>(context);
    CHECK(done >= seen.last);
    seen.last = done;
    return ++seen.calls < seen.limit;
  };
  sample_options options;
  record all{0, 0, 1000000};
  options.watch = {callback, &all};
  sample(gaussian, vec(2), diagonal(2, 1), options);
  CHECK_NEAR(all.last, 1, 1e-12, 0);
  record few{0, 0, 3};
  options.watch = {callback, &few};
  test::check_error([&] { sample(gaussian, vec(2), diagonal(2, 1), options); }, error_code::cancelled, "progress");
}

TEST_CASE("options out of range are refused") {
  const auto with = [](auto&& change) {
    sample_options options;
    change(options);
    return [options] { sample(gaussian, vec(2), diagonal(2, 1), options); };
  };
  using test::check_error;
  check_error(with([](auto& o) { o.chains = 0; }), error_code::domain, "chains");
  check_error(with([](auto& o) { o.draws = 0; }), error_code::domain, "draws");
  check_error(with([](auto& o) { o.warm_up = -1; }), error_code::sign, "warm_up");
  check_error(with([](auto& o) { o.acceptance = 1; }), error_code::domain, "acceptance");
  check_error(with([](auto& o) { o.largest_steps = 0; }), error_code::domain, "largest_steps");
  check_error([] { sample(gaussian, vec{}, vec{}); }, error_code::empty, "mode");
  check_error([] { sample(gaussian, vec(2), vec(3)); }, error_code::length_mismatch, "hessian");
  check_error([] { sample(gaussian, vec(1), vec{HUGE_VAL}); }, error_code::non_finite, "hessian");
}
