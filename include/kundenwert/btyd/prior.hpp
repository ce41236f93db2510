// What is known of a parameter before the data: a density on its natural scale, which a fit adds to the likelihood (the
// largest posterior density, without the Jacobian of any transformation) and a posterior is drawn with. On a
// coefficient of a covariate, normal(0, sigma) is the L2 penalty of weight 1 / (2 sigma^2) on the log-likelihood;
// CLVTools' lambda, which weighs against the mean, is 1 / (2 n sigma^2).
//
// family       first, second     ln of the density, up to a constant
// normal       mean, sd          -(x - mean)^2 / (2 sd^2)                coefficients only
// log_normal   mu, sigma         -(ln x - mu)^2 / (2 sigma^2) - ln x
// gamma        shape, rate       (shape - 1) ln x - rate x
// half_normal  sigma, -          -x^2 / (2 sigma^2)
// weibull      shape, scale      (shape - 1) ln x - (x / scale)^shape
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/numeric/special.hpp"

// X(number, name, meaning)
#define KW_PRIOR_FAMILIES(X)                                                   \
  X(1, normal, "normal: mean, standard deviation; coefficients only")          \
  X(2, log_normal, "log-normal: mean and standard deviation of the logarithm") \
  X(3, gamma, "gamma: shape, rate")                                            \
  X(4, half_normal, "half-normal: standard deviation of the normal")           \
  X(5, weibull, "Weibull: shape, scale")

namespace kundenwert::btyd {

KW_DEFINE_CODES(prior_family, prior_families, KW_PRIOR_FAMILIES)

// A prior of a parameter or coefficient by name; "coefficients" means every coefficient without one of its own.
struct prior {
  std::string of;
  prior_family family = prior_family::log_normal;
  double first = 0;
  double second = 0;
};

// Throws unknown_code for the family, sign and non_finite for its numbers, domain for normal on a positive parameter
// and for the others on a coefficient.
inline void require_prior(const prior& p, bool is_coefficient) {
  if (name_of(p.family).empty()) fail(error_code::unknown_code, "priors", "there is no such family of priors");
  const bool is_normal = p.family == prior_family::normal;
  if (is_normal != is_coefficient) {
    fail(error_code::domain, "priors",
         is_coefficient ? "a coefficient takes a normal prior: " + p.of
                        : "a normal prior is for coefficients, " + p.of + " is positive");
  }
  const bool first_is_location = is_normal || p.family == prior_family::log_normal;
  if (first_is_location) {
    require_finite(p.first, "priors");
  } else {
    require_positive(p.first, "priors");
  }
  if (p.family != prior_family::half_normal) require_positive(p.second, "priors");
}

// ln of the density at a point with its first two derivatives.
struct log_density {
  double value;
  double slope;
  double curvature;
};

// Of a positive parameter x = e^u, derivatives in u; of a coefficient (normal), x = u.
inline log_density log_prior(const prior& p, double u) {
  constexpr double log_sqrt_two_pi = 0.918938533204672741780329736406;
  switch (p.family) {
    case prior_family::normal: {
      const double z = (u - p.first) / p.second;
      return {-0.5 * z * z - std::log(p.second) - log_sqrt_two_pi, -z / p.second, -1 / (p.second * p.second)};
    }
    case prior_family::log_normal: {
      const double z = (u - p.first) / p.second;
      return {-0.5 * z * z - u - std::log(p.second) - log_sqrt_two_pi, -z / p.second - 1, -1 / (p.second * p.second)};
    }
    case prior_family::gamma: {
      const double scaled = p.second * std::exp(u);
      return {(p.first - 1) * u - scaled + p.first * std::log(p.second) - numeric::log_gamma(p.first),
              p.first - 1 - scaled, -scaled};
    }
    case prior_family::half_normal: {
      const double z = std::exp(u) / p.first;
      return {-0.5 * z * z - std::log(p.first) - log_sqrt_two_pi + std::log(2.0), -z * z, -2 * z * z};
    }
    case prior_family::weibull: {
      const double power = std::exp(p.first * (u - std::log(p.second)));
      return {std::log(p.first / p.second) + (p.first - 1) * (u - std::log(p.second)) - power,
              p.first - 1 - p.first * power, -p.first * p.first * power};
    }
  }
  return {0, 0, 0};
}

}  // namespace kundenwert::btyd
