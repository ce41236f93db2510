// How uncertain the parameters of a fitted model are, as draws of them: from the normal distribution of their
// logarithms around the estimate (coefficients of covariates as they are), from the weighted bootstrap, or from the
// posterior (posterior.hpp). Whatever asks for the uncertainty of an answer (intervals.hpp) takes draws, from wherever
// they are.
//
// method       spread of the draws
// asymptotic   inverse Hessian: right where the model is and the sample is large
// robust       the sandwich: right also where the model is not
// bootstrap    refits with random weights: every customer weighs an exponential variate (Rubin 1981), so that a
// distinct
//              row of w customers weighs a gamma variate of shape w; nothing is assumed of the likelihood's shape
// posterior    likelihood times priors
//
// References: Rubin (1981), "The Bayesian bootstrap", Annals of Statistics 9; White (1982), Econometrica 50.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kundenwert/base/random.hpp"
#include "kundenwert/btyd/fit.hpp"

// X(number, name, meaning)
#define KW_DRAW_METHODS(X)                                                             \
  X(1, asymptotic, "normal in the logarithms, with the inverse Hessian as covariance") \
  X(2, robust, "the same with the sandwich covariance")                                \
  X(3, bootstrap, "refits with exponential weights of the customers")                  \
  X(4, posterior, "Markov chains of the posterior")

namespace kundenwert::btyd {

KW_DEFINE_CODES(draw_method, draw_methods, KW_DRAW_METHODS)

// How well chains of a posterior mixed, per estimated number; empty for the other methods.
struct chain_report {
  std::int32_t chains = 0;
  std::vector<std::string> names;  // of the estimated numbers
  std::vector<double> r_hat;       // rank-normalized, split; near 1
  std::vector<double> bulk_ess;    // effective draws for the center
  std::vector<double> tail_ess;    // and for the 5 and 95 % quantiles
  double acceptance = 0;           // mean probability of a proposal to be taken
  std::int64_t divergences = 0;
  std::int64_t gradients = 0;       // evaluations of the likelihood
  double pareto_k = not_available;  // of the normal approximation as importance density; above 0.7 it is a poor one
  std::vector<prior> priors;        // the density drawn from, defaults included
};

// Draws of a model's parameters and coefficients. Immutable once made.
struct parameter_draws {
  model center;  // the estimate they are of
  draw_method method = draw_method::asymptotic;
  std::uint64_t seed = 0;
  kundenwert::outcome outcome = kundenwert::outcome::converged;  // not_identified where refits or chains did not settle
  std::string detail;                                            // in words; empty when converged
  std::vector<double> values;  // one draw after the other: parameters, then coefficients
  chain_report chains;

  std::size_t width() const { return center.parameters.size() + center.coefficients.size(); }
  std::int64_t size() const { return width() == 0 ? 0 : static_cast<std::int64_t>(values.size() / width()); }
  std::span<const double> parameters(std::int64_t draw) const {
    return std::span(values).subspan(static_cast<std::size_t>(draw) * width(), center.parameters.size());
  }
  std::span<const double> coefficients(std::int64_t draw) const {
    return std::span(values).subspan(static_cast<std::size_t>(draw) * width() + center.parameters.size(),
                                     center.coefficients.size());
  }
};

struct draw_options {
  std::int64_t draws = 1000;
  std::uint64_t seed = 0;
  int threads = 1;
  progress watch{};
};

// Names of the columns of `values`: parameters, then coefficients.
inline std::vector<std::string> names_of(const parameter_draws& draws) {
  std::vector<std::string> out;
  for (const auto& p : draws.center.info().parameters) out.emplace_back(p.name);
  const auto effects = effects_of(draws.center.info().parameters, draws.center.effects);
  out.insert(out.end(), effects.coefficients.begin(), effects.coefficients.end());
  return out;
}

// From the covariance of a fit that converged. method: asymptotic or robust. Throws not_positive_definite (the fit has
// no covariance: its outcome says why), unsupported for another method, domain for less than one draw.
parameter_draws normal_draws(const model& fitted, draw_method method, const draw_options& options = {});

// Refits to the columns it was fitted to, with its effects and priors; a whole parameter keeps its value. Refits that
// run to an edge stay in, and are counted in `detail`. Throws unsupported for a model that was not fitted, cancelled,
// and what fit throws.
template <class Models = models>
parameter_draws bootstrap_draws(const model& fitted, const summary_columns& columns, const fit_options& as_fitted = {},
                                const draw_options& options = {});

namespace detail {

inline void require_draws(std::int64_t draws) {
  constexpr std::int64_t most = 10'000'000;
  if (draws < 1 || draws > most) fail(error_code::domain, "draws", "must be from 1 to 10000000");
}

// A root R of a symmetric matrix S >= 0, S = R R', by its eigenvectors; not_positive_definite otherwise.
inline std::vector<double> root_of(std::span<const double> s, std::size_t n) {
  const auto eigen = numeric::eigen_of_symmetric(s, n);
  // Rounding of a semidefinite matrix.
  constexpr double rounding = 1e-12;
  std::vector<double> root(n * n);
  for (std::size_t k = 0; k < n; ++k) {
    if (!(eigen.values[k] >= -rounding * std::fabs(eigen.values.back()))) {
      fail(error_code::not_positive_definite, "model", "its covariance is not positive definite");
    }
    for (std::size_t i = 0; i < n; ++i) {
      root[i * n + k] = eigen.vectors[i * n + k] * std::sqrt(std::max(eigen.values[k], 0.0));
    }
  }
  return root;
}

}  // namespace detail

inline parameter_draws normal_draws(const model& fitted, draw_method method, const draw_options& options) {
  detail::require_draws(options.draws);
  if (method != draw_method::asymptotic && method != draw_method::robust) {
    fail(error_code::unsupported, "method", "is neither asymptotic nor robust");
  }
  if (!fitted.is_fitted || fitted.fit.outcome != outcome::converged) {
    fail(error_code::not_positive_definite, "model",
         fitted.is_fitted ? "has no covariance: " + fitted.fit.detail : "was not fitted");
  }
  const auto& covariance = method == draw_method::robust ? fitted.fit.robust_covariance : fitted.fit.covariance;
  const auto facts = fitted.info().parameters;
  const std::size_t all = fitted.parameters.size();
  const std::size_t size = all + fitted.coefficients.size();
  // Estimated numbers: all but whole parameters.
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < size; ++i) {
    if (i >= all || facts[i].largest_whole == 0) free.push_back(i);
  }
  const std::size_t n = free.size();
  const auto factor = [&](std::size_t i) { return i < all ? fitted.parameters[i] : 1.0; };
  std::vector<double> logarithms(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      logarithms[i * n + j] = covariance[free[i] * size + free[j]] / (factor(free[i]) * factor(free[j]));
    }
  }
  const auto root = detail::root_of(logarithms, n);
  parameter_draws out;
  out.center = fitted;
  out.method = method;
  out.seed = options.seed;
  std::vector<double> center = fitted.parameters;
  center.insert(center.end(), fitted.coefficients.begin(), fitted.coefficients.end());
  std::vector<double> z(n);
  for (std::int64_t d = 0; d < options.draws; ++d) {
    random_stream stream(options.seed, static_cast<std::uint64_t>(d));
    for (double& v : z) v = stream.normal();
    std::vector<double> draw = center;
    for (std::size_t i = 0; i < n; ++i) {
      double shift = 0;
      for (std::size_t k = 0; k < n; ++k) shift += root[i * n + k] * z[k];
      draw[free[i]] = free[i] < all ? center[free[i]] * std::exp(shift) : center[free[i]] + shift;
    }
    out.values.insert(out.values.end(), draw.begin(), draw.end());
  }
  return out;
}

namespace detail {

template <class M>
parameter_draws bootstrap(const model& fitted, const summary_columns& columns, const fit_options& as_fitted,
                          const draw_options& options) {
  const auto effects = effects_of(M::parameters, fitted.effects);
  const auto data = observations_of<M>(columns, as_fitted.weight, effects.covariates);
  const int whole = estimated_count<M> < M::parameters.size() ? static_cast<int>(fitted.parameters.back()) : 1;
  const search<M> around(data, effects, fitted.fit.priors, whole);
  const auto lower = around.lower();
  const auto upper = around.upper();
  auto start = around.point_of(fitted.parameters, fitted.coefficients);
  for (std::size_t i = 0; i < start.size(); ++i) start[i] = std::clamp(start[i], lower[i], upper[i]);
  parameter_draws out;
  out.center = fitted;
  out.method = draw_method::bootstrap;
  out.seed = options.seed;
  out.values.resize(static_cast<std::size_t>(options.draws) * out.width());
  std::vector<std::uint8_t> settled(static_cast<std::size_t>(options.draws));
  for_each_chunk(
      options.draws, 1, options.threads,
      [&](std::int64_t d, std::int64_t, std::int64_t) {
        random_stream stream(options.seed, static_cast<std::uint64_t>(d));
        observations<M> drawn = data;
        double total = 0;
        for (double& w : drawn.weight) total += w = w > 0 ? stream.gamma(w) : 0;
        // As many customers as there are, so that priors weigh what they do.
        for (double& w : drawn.weight) w *= data.sums.weight / total;
        drawn.runs.clear();
        drawn.sums = {};
        drawn.unit_power_sum = 0;
        add_up(drawn);
        const search<M> problem(drawn, effects, fitted.fit.priors, whole);
        const auto found = numeric::minimize(
            [&](const std::vector<double>& at, bool) { return problem.objective(at, 1); }, start, lower, upper, {});
        settled[static_cast<std::size_t>(d)] = found.outcome == outcome::converged;
        const auto nu = problem.natural(found.point);
        double* const to = out.values.data() + static_cast<std::size_t>(d) * out.width();
        constexpr std::size_t estimated = estimated_count<M>;
        for (std::size_t i = 0; i < M::parameters.size(); ++i) to[i] = i < estimated ? std::exp(nu[i]) : whole;
        for (std::size_t i = estimated; i < nu.size(); ++i) to[M::parameters.size() + i - estimated] = nu[i];
      },
      options.watch);
  const auto strayed = std::count(settled.begin(), settled.end(), 0);
  if (strayed > 0) {
    out.outcome = outcome::not_identified;
    out.detail = std::to_string(strayed) + " of " + std::to_string(options.draws) +
                 " refits ended at an edge or on a ridge; they are among the draws";
  }
  return out;
}

}  // namespace detail

template <class Models>
parameter_draws bootstrap_draws(const model& fitted, const summary_columns& columns, const fit_options& as_fitted,
                                const draw_options& options) {
  detail::require_draws(options.draws);
  if (!fitted.is_fitted) fail(error_code::unsupported, "model", "was not fitted");
  return visit_model(
      fitted.number,
      [&]<class M>(std::type_identity<M>) { return detail::bootstrap<M>(fitted, columns, as_fitted, options); },
      Models{});
}

}  // namespace kundenwert::btyd
