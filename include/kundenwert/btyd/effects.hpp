// Static covariates: properties of customers that scale the parameters of a model,
//
//   theta_i = theta exp(sign * sum_c gamma_c z_ic),
//
// with the sign each parameter states (model.hpp), so that one convention holds for all models: a positive coefficient
// means more purchases (on alpha) or more dropout (on beta of Pareto/NBD and GGompertz/NBD, on a of the beta-geometric
// models, on alpha of sBG). theta is the parameter of a customer whose covariates are all 0.
//
// Against peers: alpha and beta as in CLVTools and PyMC-Marketing. Beta-geometric models: CLVTools multiplies a and b
// by the same e^(gamma z), which leaves the mean dropout probability as it is; PyMC-Marketing has coefficients for a
// and b of their own, of which that of a is ours and that of b ours with the other sign.
//
// Effects that name the same coefficient share it: an equality constraint.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/btyd/model.hpp"

namespace kundenwert::btyd {

// A covariate changes a parameter.
//   coefficient   its name; empty: "<parameter>.<covariate>"
struct covariate_effect {
  std::string parameter;
  std::string covariate;
  std::string coefficient;

  std::string name() const { return coefficient.empty() ? parameter + "." + covariate : coefficient; }
};

// Effects resolved to numbers: covariates and coefficients in the order of their first appearance.
struct effect_map {
  struct link {
    std::size_t parameter;
    std::size_t covariate;
    std::size_t coefficient;
    double sign;
  };
  std::vector<std::string> covariates;
  std::vector<std::string> coefficients;
  std::vector<link> links;
};

// Throws unknown_code for a parameter the model has not, unsupported for one that takes no covariates, domain for an
// effect given twice.
inline effect_map effects_of(std::span<const parameter_fact> parameters, std::span<const covariate_effect> effects) {
  effect_map out;
  const auto place_of = [](std::vector<std::string>& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    names.push_back(name);
    return names.size() - 1;
  };
  for (const auto& e : effects) {
    const auto fact = std::find_if(parameters.begin(), parameters.end(),
                                   [&](const parameter_fact& p) { return p.name == e.parameter; });
    if (fact == parameters.end()) {
      fail(error_code::unknown_code, "effects", "the model has no parameter named '" + e.parameter + "'");
    }
    if (fact->link == covariate_link::none) {
      fail(error_code::unsupported, "effects", "covariates do not change the parameter " + e.parameter);
    }
    if (e.covariate.empty()) fail(error_code::missing, "effects", "an effect on " + e.parameter + " has no covariate");
    const effect_map::link link{static_cast<std::size_t>(fact - parameters.begin()),
                                place_of(out.covariates, e.covariate), place_of(out.coefficients, e.name()),
                                static_cast<double>(fact->link_sign)};
    for (const auto& other : out.links) {
      if (other.parameter == link.parameter && other.covariate == link.covariate) {
        fail(error_code::domain, "effects", "the effect of " + e.covariate + " on " + e.parameter + " is given twice");
      }
    }
    out.links.push_back(link);
  }
  return out;
}

// The parameters of a customer with covariates z (in the order of map.covariates).
template <std::size_t N>
std::array<double, N> with_covariates(std::array<double, N> theta, const effect_map& map,
                                      std::span<const double> coefficients, std::span<const double> z) {
  std::array<double, N> shift{};
  for (const auto& l : map.links) shift[l.parameter] += l.sign * coefficients[l.coefficient] * z[l.covariate];
  for (std::size_t p = 0; p < N; ++p) {
    if (shift[p] != 0) theta[p] *= std::exp(shift[p]);
  }
  return theta;
}

}  // namespace kundenwert::btyd
