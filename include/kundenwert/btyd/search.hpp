// A fit as a search: the objective in the coordinates of a search (likelihood.hpp) with priors added on the natural
// scale, and the way from those coordinates to parameters and coefficients of the data as given.
//
//   nu = A phi + shift,  nu = (ln of the parameters, coefficients) of the data as given
//
// is linear, because scaling the unit and centring covariates are.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kundenwert/btyd/likelihood.hpp"
#include "kundenwert/btyd/prior.hpp"

namespace kundenwert::btyd {

// What a parameter of scaled rows is multiplied by for the rows as given.
inline double unit_factor(int unit_power, double scale) {
  return unit_power == 0 ? 1 : unit_power > 0 ? 1 / scale : scale;
}

// Names of what is estimated, in order: parameters, then coefficients.
template <class M>
std::vector<std::string> estimated_names(const effect_map& effects) {
  std::vector<std::string> names;
  for (std::size_t p = 0; p < estimated_count<M>; ++p) names.emplace_back(M::parameters[p].name);
  names.insert(names.end(), effects.coefficients.begin(), effects.coefficients.end());
  return names;
}

// The prior of each estimated number, or none (of is empty). Throws unknown_code for a name that is not estimated,
// domain for a second prior of one name, and what require_prior throws.
inline std::vector<prior> priors_of(std::span<const std::string> names, std::size_t parameters,
                                    std::span<const prior> given) {
  std::vector<prior> out(names.size());
  for (const auto& p : given) {
    if (p.of == "coefficients") continue;
    const auto found = std::find(names.begin(), names.end(), p.of);
    if (found == names.end()) fail(error_code::unknown_code, "priors", "nothing estimated is named '" + p.of + "'");
    const auto at = static_cast<std::size_t>(found - names.begin());
    if (!out[at].of.empty()) fail(error_code::domain, "priors", "two priors for " + p.of);
    require_prior(p, at >= parameters);
    out[at] = p;
  }
  for (const auto& p : given) {
    if (p.of != "coefficients") continue;
    require_prior(p, true);
    for (std::size_t at = parameters; at < names.size(); ++at) {
      if (!out[at].of.empty()) continue;
      out[at] = p;
      out[at].of = names[at];
    }
  }
  return out;
}

template <class M>
class search {
 public:
  static constexpr std::size_t estimated = estimated_count<M>;
  // Parameters are sought within this factor of the scaled unit: beyond, the likelihood is flat to twelve digits.
  static constexpr double largest_parameter = 1e8;
  // Coefficients of covariates in [-1, 1]: a factor of e^20 between customers is none.
  static constexpr double largest_coefficient = 20;

  search(const observations<M>& data, const effect_map& effects, std::span<const prior> priors, int whole = 1)
      : likelihood_(data, effects, whole),
        effects_(effects),
        names_(estimated_names<M>(effects)),
        priors_(priors_of(names_, estimated, priors)),
        whole_(whole) {
    const std::size_t n = size();
    matrix_.assign(n * n, 0.0);
    shift_.assign(n, 0.0);
    for (std::size_t i = 0; i < estimated; ++i) {
      matrix_[i * n + i] = 1;
      shift_[i] = std::log(unit_factor(M::parameters[i].unit_power, data.scale));
    }
    std::vector<double> spread(effects.coefficients.size(), 1.0);
    for (const auto& l : effects.links) spread[l.coefficient] = data.spread[l.covariate];
    for (std::size_t c = 0; c < spread.size(); ++c) matrix_[(estimated + c) * n + estimated + c] = 1 / spread[c];
    for (const auto& l : effects.links) {
      matrix_[l.parameter * n + estimated + l.coefficient] -=
          l.sign * data.center[l.covariate] / data.spread[l.covariate];
    }
  }

  std::size_t size() const { return likelihood_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<prior>& priors() const { return priors_; }
  const btyd::likelihood<M>& rows() const { return likelihood_; }
  int whole() const { return whole_; }

  std::vector<double> lower() const {
    std::vector<double> out(size(), -largest_coefficient);
    for (std::size_t p = 0; p < estimated; ++p) out[p] = std::log(M::parameters[p].smallest);
    return out;
  }
  std::vector<double> upper() const {
    std::vector<double> out(size(), largest_coefficient);
    for (std::size_t p = 0; p < estimated; ++p) out[p] = std::log(largest_parameter);
    return out;
  }
  // Where it starts: the model's own place, coefficients 0.
  std::vector<double> start(const totals& sums) const {
    std::vector<double> out(size(), 0.0);
    const auto theta = M::start(sums);
    for (std::size_t p = 0; p < estimated; ++p) out[p] = std::log(theta[p]);
    return out;
  }

  // -(ln L + ln prior) and derivatives at a point; the rows are those given to the constructor, or others of the kind.
  numeric::objective_value objective(std::span<const double> point, int threads) const {
    return with_priors(likelihood_.negative(point, threads), point);
  }

  // ln of the priors at a point, without Jacobian; 0 without priors.
  double log_prior_at(std::span<const double> point) const {
    const auto nu = natural(point);
    double sum = 0;
    for (std::size_t i = 0; i < nu.size(); ++i) {
      if (!priors_[i].of.empty()) sum += log_prior(priors_[i], nu[i]).value;
    }
    return sum;
  }

  // ln of the parameters, and coefficients, of the data as given.
  std::vector<double> natural(std::span<const double> point) const {
    const std::size_t n = size();
    std::vector<double> nu = shift_;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        if (matrix_[i * n + j] != 0) nu[i] += matrix_[i * n + j] * point[j];
      }
    }
    return nu;
  }

  // The point of a search for parameters and coefficients of the data as given: the inverse of `natural`.
  std::vector<double> point_of(std::span<const double> parameters, std::span<const double> coefficients) const {
    const std::size_t n = size();
    std::vector<double> point(n);
    for (std::size_t i = n; i-- > 0;) {
      const double nu = i < estimated ? std::log(parameters[i]) : coefficients[i - estimated];
      point[i] = nu - shift_[i];
      for (std::size_t j = estimated; i < estimated && j < n; ++j) point[i] -= matrix_[i * n + j] * point[j];
      if (i >= estimated) point[i] /= matrix_[i * n + i];
    }
    return point;
  }

  // A S A' of a matrix in the coordinates of the search.
  std::vector<double> natural_covariance(std::span<const double> covariance) const;

 private:
  numeric::objective_value with_priors(numeric::objective_value at, std::span<const double> point) const {
    const std::size_t n = size();
    const auto nu = natural(point);
    for (std::size_t i = 0; i < n; ++i) {
      if (priors_[i].of.empty()) continue;
      const log_density p = log_prior(priors_[i], nu[i]);
      at.value -= p.value;
      for (std::size_t j = 0; j < n; ++j) {
        at.gradient[j] -= p.slope * matrix_[i * n + j];
        for (std::size_t k = 0; k < n; ++k) {
          at.hessian[j * n + k] -= p.curvature * matrix_[i * n + j] * matrix_[i * n + k];
        }
      }
    }
    return at;
  }

  btyd::likelihood<M> likelihood_;
  const effect_map& effects_;
  std::vector<std::string> names_;
  std::vector<prior> priors_;
  int whole_;
  std::vector<double> matrix_;
  std::vector<double> shift_;
};

template <class M>
std::vector<double> search<M>::natural_covariance(std::span<const double> covariance) const {
  const std::size_t n = size();
  std::vector<double> half(n * n, 0.0);
  std::vector<double> out(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (matrix_[i * n + j] == 0) continue;
      for (std::size_t k = 0; k < n; ++k) half[i * n + k] += matrix_[i * n + j] * covariance[j * n + k];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (matrix_[i * n + j] == 0) continue;
      for (std::size_t k = 0; k < n; ++k) out[k * n + i] += half[k * n + j] * matrix_[i * n + j];
    }
  }
  return out;
}

}  // namespace kundenwert::btyd
