// The posterior of a model's parameters: likelihood times priors, drawn by Hamiltonian Monte Carlo on the compressed
// rows (numeric/sample), with what tells whether the chains agree and whether the normal approximation would have done.
//
// Variables are the logarithms of the parameters (and the coefficients as they are); densities of priors are those of
// the natural scale, so the logarithm of the Jacobian, sum ln theta, is added. Every estimated number needs a proper
// prior: where the fit had none, a wide one is taken and stated in the report,
//
//   parameter     log_normal(mu, 1), mu = 0 for a pure number and the logarithm of a quarter of the scale of the data
//                 (a power of two near the largest age, or the usual spend) for one in their unit
//   coefficient   normal(0, 1)
//
// A whole parameter keeps the value of the fit.
//
// References: Vehtari et al. (2021) (R-hat below 1.01, 100 effective draws per chain); Vehtari et al. (2024) (k-hat).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kundenwert/btyd/draws.hpp"
#include "kundenwert/numeric/chain_diagnostics.hpp"
#include "kundenwert/numeric/pareto_smoothing.hpp"
#include "kundenwert/numeric/sample.hpp"

namespace kundenwert::btyd {

struct posterior_options {
  std::int64_t draws = 4000;  // in all, rounded up to a multiple of the chains
  int chains = 4;
  int warm_up = 150;  // per chain
  std::uint64_t seed = 0;
  int threads = 1;  // chains run on up to so many
  progress watch{};
};

// Draws from the posterior given the columns the model was fitted to, with its effects and priors. outcome converged
// where R-hat is below 1.01 and every chain adds 100 effective draws in bulk and tails; otherwise not_identified (more
// draws may do) or stalled (the density has no value at its mode, or a chain did not move), with a detail.
// Throws unsupported for a model that was not fitted, domain for the options, cancelled, and what fit throws.
template <class Models = models>
parameter_draws posterior_draws(const model& fitted, const summary_columns& columns, const fit_options& as_fitted = {},
                                const posterior_options& options = {});

namespace detail {

// Priors of a search, with the wide ones where there is none.
template <class M>
std::vector<prior> proper_priors(const effect_map& effects, std::span<const prior> given, double scale) {
  constexpr double wide = 1;
  const auto names = estimated_names<M>(effects);
  auto out = priors_of(names, estimated_count<M>, given);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!out[i].of.empty()) continue;
    if (i < estimated_count<M>) {
      const int power = M::parameters[i].unit_power;
      const double mu = std::log(unit_factor(power, scale)) - power * std::log(4.0);
      out[i] = {names[i], prior_family::log_normal, mu, wide};
    } else {
      out[i] = {names[i], prior_family::normal, 0, 1};
    }
  }
  return out;
}

// The posterior density in the coordinates of a search, which are linear in nu = (ln theta, coefficients).
template <class M>
class posterior_density {
 public:
  static constexpr std::size_t estimated = estimated_count<M>;

  explicit posterior_density(const search<M>& problem) : problem_(problem), n_(problem.size()), matrix_(n_ * n_) {
    std::vector<double> unit(n_, 0.0);
    const auto shift = problem.natural(unit);
    for (std::size_t j = 0; j < n_; ++j) {
      unit[j] = 1;
      const auto column = problem.natural(unit);
      unit[j] = 0;
      for (std::size_t i = 0; i < n_; ++i) matrix_[i * n_ + j] = column[i] - shift[i];
    }
  }

  // ln of the density up to a constant.
  double operator()(std::span<const double> point, std::span<double> gradient) const {
    double value = problem_.rows().value(point, gradient, 1);
    const auto nu = problem_.natural(point);
    for (std::size_t i = 0; i < n_; ++i) {
      const log_density p = log_prior(problem_.priors()[i], nu[i]);
      const bool is_logarithm = i < estimated;
      value += p.value + (is_logarithm ? nu[i] : 0);
      if (gradient.empty()) continue;
      for (std::size_t j = 0; j < n_; ++j) gradient[j] += (p.slope + (is_logarithm ? 1 : 0)) * matrix_[i * n_ + j];
    }
    return value;
  }

  // Minus that, with the Hessian: the Jacobian is linear here.
  numeric::objective_value objective(std::span<const double> point, int threads) const {
    auto at = problem_.objective(point, threads);
    const auto nu = problem_.natural(point);
    for (std::size_t i = 0; i < estimated; ++i) {
      at.value -= nu[i];
      for (std::size_t j = 0; j < n_; ++j) at.gradient[j] -= matrix_[i * n_ + j];
    }
    return at;
  }

 private:
  const search<M>& problem_;
  std::size_t n_;
  std::vector<double> matrix_;  // d nu / d point
};

// k-hat of the normal distribution around the mode as importance density.
template <class M>
double pareto_k_of(const posterior_density<M>& density, const numeric::minimize_result& mode, std::uint64_t seed,
                   int threads) {
  constexpr std::int64_t count = 256;
  constexpr std::uint64_t stream_of_normals = std::uint64_t{1} << 32;  // none of a chain's
  const auto white = numeric::whitening_of(mode.point, mode.at.hessian);
  const std::size_t n = white.size();
  std::vector<double> log_weights(count);
  for_each_chunk(count, 1, threads, [&](std::int64_t d, std::int64_t, std::int64_t) {
    random_stream random(seed, stream_of_normals + static_cast<std::uint64_t>(d));
    std::vector<double> z(n);
    std::vector<double> point(n);
    double half_square = 0;
    for (double& v : z) {
      v = random.normal();
      half_square += 0.5 * v * v;
    }
    white.to_point(z, point);
    const double value = density(point, {});
    log_weights[static_cast<std::size_t>(d)] =
        std::isfinite(value) ? value + mode.at.value + half_square : -std::numeric_limits<double>::infinity();
  });
  if (!std::any_of(log_weights.begin(), log_weights.end(), [](double w) { return std::isfinite(w); })) {
    return not_available;
  }
  return numeric::smooth_weights(log_weights).k_hat;
}

// What the chains say of every estimated number, and the verdict.
inline void judge_chains(const numeric::sample_result& found, std::span<const std::string> names,
                         parameter_draws& out) {
  constexpr double largest_r_hat = 1.01;
  constexpr double draws_per_chain = 100;
  auto& report = out.chains;
  report.chains = found.chains;
  report.names.assign(names.begin(), names.end());
  report.acceptance = found.acceptance;
  report.divergences = found.divergences;
  report.gradients = found.gradient_evaluations + found.value_evaluations;
  std::size_t worst = 0;
  double fewest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto chains = numeric::diagnose_chains(found.column(static_cast<std::int32_t>(i)), found.chains);
    report.r_hat.push_back(chains.r_hat);
    report.bulk_ess.push_back(chains.ess_bulk);
    report.tail_ess.push_back(chains.ess_tail);
    const double here = std::min(chains.ess_bulk, chains.ess_tail);
    if (!(here >= fewest)) {
      fewest = here;
      worst = i;
    }
    if (!(chains.r_hat < largest_r_hat) && found.chains > 1) {
      out.outcome = outcome::not_identified;
      out.detail = "the chains do not agree about " + names[i] + ": R-hat is not below 1.01; take more draws";
    }
  }
  if (out.outcome == outcome::converged && !(fewest >= draws_per_chain * found.chains)) {
    out.outcome = outcome::not_identified;
    out.detail = "fewer than 100 effective draws per chain of " + names[worst] + "; take more draws";
  }
  if (found.outcome != outcome::converged) {
    out.outcome = outcome::stalled;
    out.detail = "a chain did not move";
  }
}

template <class M>
parameter_draws posterior(const model& fitted, const summary_columns& columns, const fit_options& as_fitted,
                          const posterior_options& options) {
  constexpr std::size_t estimated = estimated_count<M>;
  constexpr std::size_t all = M::parameters.size();
  const auto effects = effects_of(M::parameters, fitted.effects);
  const auto data = observations_of<M>(columns, as_fitted.weight, effects.covariates);
  const int whole = estimated < all ? static_cast<int>(fitted.parameters.back()) : 1;
  const auto priors = proper_priors<M>(effects, fitted.fit.priors, data.scale);
  const search<M> problem(data, effects, priors, whole);
  const posterior_density<M> density(problem);

  const auto lower = problem.lower();
  const auto upper = problem.upper();
  auto start = problem.point_of(fitted.parameters, fitted.coefficients);
  for (std::size_t i = 0; i < start.size(); ++i) start[i] = std::clamp(start[i], lower[i], upper[i]);
  const auto mode =
      numeric::minimize([&](const std::vector<double>& at, bool) { return density.objective(at, options.threads); },
                        start, lower, upper, {});

  parameter_draws out;
  out.center = fitted;
  out.method = draw_method::posterior;
  out.seed = options.seed;
  out.chains.priors = priors;
  numeric::sample_options settings;
  settings.chains = options.chains;
  settings.draws = static_cast<int>((options.draws + options.chains - 1) / options.chains);
  settings.warm_up = options.warm_up;
  settings.seed = options.seed;
  settings.threads = options.threads;
  settings.watch = options.watch;
  const auto found = numeric::sample(density, mode.point, mode.at.hessian, settings);
  if (found.draws.empty()) {
    out.outcome = outcome::stalled;
    out.detail = "the posterior density has no value at its mode";
    return out;
  }
  out.chains.pareto_k = pareto_k_of(density, mode, options.seed, options.threads);
  const std::size_t kept = found.log_density.size();
  numeric::sample_result natural = found;
  out.values.reserve(kept * out.width());
  for (std::size_t d = 0; d < kept; ++d) {
    const auto nu = problem.natural(std::span(found.draws).subspan(d * problem.size(), problem.size()));
    std::copy(nu.begin(), nu.end(), natural.draws.begin() + static_cast<std::ptrdiff_t>(d * problem.size()));
    for (std::size_t i = 0; i < all; ++i) out.values.push_back(i < estimated ? std::exp(nu[i]) : whole);
    out.values.insert(out.values.end(), nu.begin() + static_cast<std::ptrdiff_t>(estimated), nu.end());
  }
  judge_chains(natural, problem.names(), out);
  return out;
}

}  // namespace detail

template <class Models>
parameter_draws posterior_draws(const model& fitted, const summary_columns& columns, const fit_options& as_fitted,
                                const posterior_options& options) {
  detail::require_draws(options.draws);
  if (options.chains < 1 || options.chains > options.draws) {
    fail(error_code::domain, "chains", "must be from 1 to the number of draws");
  }
  if (!fitted.is_fitted) fail(error_code::unsupported, "model", "was not fitted");
  return visit_model(
      fitted.number,
      [&]<class M>(std::type_identity<M>) { return detail::posterior<M>(fitted, columns, as_fitted, options); },
      Models{});
}

}  // namespace kundenwert::btyd
