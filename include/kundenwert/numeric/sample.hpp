// Drawing from a smooth density of a few variables (2 to 20) of which only the logarithm and its gradient are known, up
// to a constant: Hamiltonian Monte Carlo made for densities that are nearly Gaussian and expensive to evaluate.
//
// - Variables are whitened by the Hessian at the mode. A trajectory is a rotation by about a quarter turn: drifts of
//   length sin h and kicks of length tan(h/2), which solve the standard Gaussian exactly for any angle h (as the split
//   integrator does) and free flight too. One step of a quarter turn, hence one gradient per draw, is enough for a
//   posterior of many customers; a skewed one gets as many steps as its acceptance asks for.
// - Where a rotation without kicks is accepted often enough, draws need values only and no gradient.
// - Warm-up re-estimates the whitening from draws and gradients (exact for a Gaussian after few draws) and the number
//   of steps. Then everything is frozen, so that the kept draws are those of a Markov chain with the density as its
//   limit.
//
// The same draws for any number of threads: chains have random streams of their own and meet between rounds only.
//
// References: Neal (2011), "MCMC using Hamiltonian dynamics"; Shahbaba, Lan, Johnson & Neal (2014), "Split Hamiltonian
// Monte Carlo", section 3.1; numeric/whitening.
//
// paper  | name here  | meaning
// theta  | point      | variables
// M      | whitening  | point = location + factor z; z nearly standard normal
// eps, L | angle, steps | each step turns by angle / steps; steps = 0: no kicks
// a      | acceptance | mean of min(1, e^(H before - H after))
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/random.hpp"
#include "kundenwert/numeric/whitening.hpp"

namespace kundenwert::numeric {

struct sample_options {
  int chains = 4;
  int draws = 300;           // kept, per chain
  int warm_up = 100;         // not kept, per chain
  std::uint64_t seed = 1;    // chain number c takes its stream c
  int threads = 1;           // chains run on up to so many
  double acceptance = 0.92;  // wished for: steps are added below it
  int largest_steps = 64;    // of one trajectory
  progress watch{};
};

struct sample_result {
  kundenwert::outcome outcome = kundenwert::outcome::stalled;
  std::int32_t chains = 0;
  std::int32_t draws_per_chain = 0;
  std::int32_t variables = 0;
  std::vector<double> draws;        // chain by chain, draw by draw, variable by variable
  std::vector<double> log_density;  // of each draw
  double acceptance = 0;            // mean over the kept draws
  std::int64_t divergences = 0;  // trajectories of kept draws that ended nowhere: value not finite or lost by e^-1000
  std::int32_t steps = 0;        // gradients per draw; 0: values alone
  std::int64_t gradient_evaluations = 0;  // value and gradient, warm-up included
  std::int64_t value_evaluations = 0;     // value alone, warm-up included

  std::span<const double> draw(std::int64_t chain, std::int64_t i) const {
    const auto n = static_cast<std::size_t>(variables);
    return std::span(draws).subspan(static_cast<std::size_t>(chain * draws_per_chain + i) * n, n);
  }
  // One variable, chain by chain.
  std::vector<double> column(std::int32_t variable) const {
    std::vector<double> out;
    out.reserve(log_density.size());
    for (auto k = static_cast<std::size_t>(variable); k < draws.size(); k += static_cast<std::size_t>(variables)) {
      out.push_back(draws[k]);
    }
    return out;
  }
};

// Draws from the density whose logarithm is log_density(point, gradient) -> double, with std::span<const double> point
// and std::span<double> gradient to be filled, empty where the value alone is asked for. Outside its support a density
// is -infinity (or NaN). It is called from several threads at once where options.threads > 1.
// `mode` is where the search for starts begins, `hessian` that of -log_density there, row by row; where it is not
// positive definite, curvatures are taken by their size and warm-up has more to do.
// Outcomes: converged (every chain moves; whether they agree is for chain_diagnostics to say); stalled (no finite value
// at the mode: no draws; or a chain that never moved).
// Throws empty, length_mismatch, non_finite, missing for a NaN; sign or domain for options out of range; cancelled.
template <class Target>
sample_result sample(Target&& log_density, std::span<const double> mode, std::span<const double> hessian,
                     const sample_options& options = {});

namespace detail {

// Where a chain is, and what it has done since `begin_round`.
struct chain_state {
  random_stream random;
  std::vector<double> point;
  std::vector<double> gradient;  // at the point; not kept up where no kicks are made
  double log_density = 0;

  std::vector<double> points;     // of the draws of this round
  std::vector<double> gradients;  // the same
  std::vector<double> densities;
  double acceptance = 0;  // sum
  std::int64_t divergences = 0;
  std::int64_t gradient_evaluations = 0;
  std::int64_t value_evaluations = 0;
  bool has_moved = false;

  void begin_round() {
    points.clear();
    gradients.clear();
    densities.clear();
    acceptance = 0;
    divergences = 0;
  }
};

// The value, -infinity where it or a derivative asked for is not finite.
template <class Target>
double evaluate(Target& target, chain_state& chain, std::span<const double> point, std::span<double> gradient) {
  ++(gradient.empty() ? chain.value_evaluations : chain.gradient_evaluations);
  const double value = target(point, gradient);
  bool is_usable = std::isfinite(value);
  for (const double g : gradient) is_usable = is_usable && std::isfinite(g);
  return is_usable ? value : -std::numeric_limits<double>::infinity();
}

inline double half_square(std::span<const double> v) {
  double sum = 0;
  for (const double x : v) sum += x * x;
  return 0.5 * sum;
}

// One trajectory and its acceptance.
template <class Target>
void move(Target& target, const whitening& white, int steps, chain_state& chain) {
  constexpr double quarter_turn = 1.57079632679489661923;
  constexpr double jitter = 0.2;  // of the angle: no trajectory comes back to where it was again and again
  constexpr double largest_loss = 1000;
  const std::size_t n = white.size();
  std::vector<double> z(n), momentum(n), fall(n), point(n), gradient(steps > 0 ? n : 0);
  white.to_white(chain.point, z);
  for (double& p : momentum) p = chain.random.normal();
  const double turns = steps > 0 ? white.reach : 1;
  const double angle = quarter_turn * turns * (1 + jitter * (2 * chain.random.uniform() - 1));
  const double threshold = std::log(chain.random.uniform());
  double energy = -chain.log_density;
  double value = 0;
  if (steps == 0) {
    // Turning leaves z'z + p'p as it is: only the density counts against the Gaussian.
    energy -= half_square(z);
    for (std::size_t i = 0; i < n; ++i) z[i] = std::cos(angle) * z[i] + std::sin(angle) * momentum[i];
    white.to_point(z, point);
    value = evaluate(target, chain, point, gradient);
    energy += value + half_square(z);
  } else {
    const double step = angle / steps;
    const double drift = std::sin(step);
    const double kick = std::tan(0.5 * step);
    energy += half_square(momentum);
    white.fall(chain.gradient, fall);
    for (int k = 0; k < steps; ++k) {
      for (std::size_t i = 0; i < n; ++i) momentum[i] -= kick * fall[i];
      for (std::size_t i = 0; i < n; ++i) z[i] += drift * momentum[i];
      white.to_point(z, point);
      value = evaluate(target, chain, point, gradient);
      if (value == -std::numeric_limits<double>::infinity()) break;
      white.fall(gradient, fall);
      for (std::size_t i = 0; i < n; ++i) momentum[i] -= kick * fall[i];
    }
    energy += value - half_square(momentum);
  }
  // Here energy is H before - H after.
  if (!(energy > -largest_loss)) {
    ++chain.divergences;
  } else {
    chain.acceptance += std::min(1.0, std::exp(energy));
    if (threshold < energy) {
      chain.has_moved = true;
      chain.log_density = value;
      chain.point = point;
      chain.gradient = gradient;
    }
  }
  chain.points.insert(chain.points.end(), chain.point.begin(), chain.point.end());
  chain.gradients.insert(chain.gradients.end(), chain.gradient.begin(), chain.gradient.end());
  chain.densities.push_back(chain.log_density);
}

// Puts a chain at a random place around the mode, nearer and nearer until the density is there.
template <class Target>
void start_chain(Target& target, const whitening& white, chain_state& chain) {
  const std::size_t n = white.size();
  std::vector<double> z(n);
  for (double& v : z) v = chain.random.normal();
  chain.point.resize(n);
  chain.gradient.resize(n);
  constexpr int halvings = 20;
  for (int i = 0; i <= halvings; ++i) {
    if (i == halvings) std::fill(z.begin(), z.end(), 0.0);
    white.to_point(z, chain.point);
    chain.log_density = evaluate(target, chain, chain.point, chain.gradient);
    if (std::isfinite(chain.log_density)) return;
    for (double& v : z) v *= 0.5;
  }
}

// How many steps the next round takes, from the acceptance of the last.
class step_choice {
 public:
  step_choice(double wished, int largest) : wished_(wished), largest_(largest) {}

  int steps() const { return steps_; }
  // Trajectories are so much longer from now on.
  void stretch(double ratio) {
    steps_ = std::min(static_cast<int>(std::ceil(steps_ * ratio - 0.1)), largest_);
    if (ratio > 1) needs_kicks_ = true;
  }
  void learn(double acceptance) {
    if (steps_ == 0) {
      if (acceptance < enough_without_) {
        steps_ = 1;
        needs_kicks_ = true;
      }
      return;
    }
    if (steps_ == 1 && acceptance > nearly_gaussian_ && !needs_kicks_) {
      steps_ = 0;
      return;
    }
    // The loss of acceptance grows with the square to the cube of the step: careful both ways.
    const double loss = (1 - acceptance) / (1 - wished_);
    const double share = loss > 1 ? std::sqrt(loss) : std::cbrt(loss);
    const double next = std::ceil(steps_ * std::clamp(share, 0.25, 4.0));
    steps_ = std::clamp(static_cast<int>(next), 1, largest_);
  }

 private:
  static constexpr double nearly_gaussian_ = 0.95;
  static constexpr double enough_without_ = 0.85;
  double wished_;
  int largest_;
  int steps_ = 1;
  bool needs_kicks_ = false;
};

}  // namespace detail

template <class Target>
sample_result sample(Target&& log_density, std::span<const double> mode, std::span<const double> hessian,
                     const sample_options& options) {
  const std::size_t n = mode.size();
  require_not_empty(static_cast<std::int64_t>(n), "mode");
  require_same_length(static_cast<std::int64_t>(n * n), static_cast<std::int64_t>(hessian.size()), "hessian");
  for (const double m : mode) require_finite(m, "mode");
  for (const double h : hessian) require_finite(h, "hessian");
  if (options.chains < 1) fail(error_code::domain, "chains", "must be at least 1");
  if (options.draws < 1) fail(error_code::domain, "draws", "must be at least 1");
  if (options.warm_up < 0) fail(error_code::sign, "warm_up", "is negative");
  if (!(options.acceptance > 0 && options.acceptance < 1)) {
    fail(error_code::domain, "acceptance", "must be above 0 and below 1");
  }
  if (options.largest_steps < 1) fail(error_code::domain, "largest_steps", "must be at least 1");

  auto white = whitening_of(mode, hessian);
  detail::step_choice choice(options.acceptance, options.largest_steps);
  std::vector<detail::chain_state> chains;
  for (int c = 0; c < options.chains; ++c) {
    chains.push_back(
        {random_stream(options.seed, static_cast<std::uint64_t>(c)), {}, {}, 0, {}, {}, {}, 0, 0, 0, 0, false});
  }
  const double total = static_cast<double>(options.warm_up) + options.draws;
  double done = 0;
  const auto run = [&](int draws, int steps) {
    progress_share part{options.watch, done / total, (done + draws) / total};
    for_each_chunk(
        options.chains, 1, options.threads,
        [&](std::int64_t, std::int64_t c, std::int64_t) {
          auto& chain = chains[static_cast<std::size_t>(c)];
          chain.begin_round();
          // A round of values alone does not keep the gradient up.
          if (steps > 0 && chain.gradient.empty()) {
            chain.gradient.resize(n);
            detail::evaluate(log_density, chain, chain.point, chain.gradient);
          }
          for (int i = 0; i < draws; ++i) detail::move(log_density, white, steps, chain);
        },
        part.watch());
    done += draws;
  };
  const auto sum_of = [&](auto member) {
    auto sum = chains.front().*member;
    for (std::size_t c = 1; c < chains.size(); ++c) sum += chains[c].*member;
    return sum;
  };

  sample_result out;
  out.variables = static_cast<std::int32_t>(n);
  out.chains = options.chains;
  for_each_chunk(options.chains, 1, options.threads, [&](std::int64_t, std::int64_t c, std::int64_t) {
    detail::start_chain(log_density, white, chains[static_cast<std::size_t>(c)]);
  });
  for (const auto& chain : chains) {
    if (!std::isfinite(chain.log_density)) return out;
  }

  // Rounds of warm-up as shares of it; the whitening is improved after all but the last two, which only try the steps.
  constexpr double shares[] = {0.15, 0.2, 0.3, 0.15, 0.2};
  constexpr std::size_t rounds = std::size(shares);
  std::vector<double> points;
  std::vector<double> gradients;
  for (std::size_t r = 0, left = static_cast<std::size_t>(options.warm_up); r < rounds && left > 0; ++r) {
    const auto part = static_cast<std::size_t>(std::ceil(shares[r] * options.warm_up));
    const std::size_t draws = r + 1 == rounds ? left : std::min(left, part);
    left -= draws;
    const int steps = choice.steps();
    run(static_cast<int>(draws), steps);
    choice.learn(sum_of(&detail::chain_state::acceptance) / static_cast<double>(options.chains) /
                 static_cast<double>(draws));
    if (steps == 0 || r + 2 >= rounds) continue;
    // The first half of the first round is the way from the starts, and the whole of it is dropped once there is more.
    if (r < 2) {
      points.clear();
      gradients.clear();
    }
    const std::size_t skipped = r == 0 ? draws / 2 * n : 0;
    for (const auto& chain : chains) {
      points.insert(points.end(), chain.points.begin() + static_cast<std::ptrdiff_t>(skipped), chain.points.end());
      gradients.insert(gradients.end(), chain.gradients.begin() + static_cast<std::ptrdiff_t>(skipped),
                       chain.gradients.end());
    }
    improve(white, points, gradients);
    if (r + 3 == rounds) {
      const std::size_t older = points.size() - static_cast<std::size_t>(options.chains) * draws * n;
      white.reach = reach_of(white, std::span<const double>(points).subspan(older));
      choice.stretch(white.reach);
    }
  }

  out.steps = choice.steps();
  out.draws_per_chain = options.draws;
  const auto kept = static_cast<std::size_t>(options.draws) * chains.size();
  out.draws.resize(kept * n);
  out.log_density.resize(kept);
  for (auto& chain : chains) chain.has_moved = false;
  constexpr int slice = 25;  // progress is told, and a cancellation heard, so often
  for (int first = 0; first < options.draws; first += slice) {
    const int draws = std::min(slice, options.draws - first);
    run(draws, out.steps);
    out.acceptance += sum_of(&detail::chain_state::acceptance);
    out.divergences += sum_of(&detail::chain_state::divergences);
    for (std::size_t c = 0; c < chains.size(); ++c) {
      const auto at = static_cast<std::ptrdiff_t>(c) * options.draws + first;
      std::copy(chains[c].points.begin(), chains[c].points.end(),
                out.draws.begin() + at * static_cast<std::ptrdiff_t>(n));
      std::copy(chains[c].densities.begin(), chains[c].densities.end(), out.log_density.begin() + at);
    }
  }
  out.acceptance /= static_cast<double>(kept);
  out.gradient_evaluations = sum_of(&detail::chain_state::gradient_evaluations);
  out.value_evaluations = sum_of(&detail::chain_state::value_evaluations);
  const bool all_moved =
      std::all_of(chains.begin(), chains.end(), [](const detail::chain_state& c) { return c.has_moved; });
  out.outcome = all_moved ? outcome::converged : outcome::stalled;
  return out;
}

}  // namespace kundenwert::numeric
