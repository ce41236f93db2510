// What is asked of a model: quantities and their arguments by name, and priors as Python has them.
#pragma once

#include <pybind11/pybind11.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "convert.hpp"
#include "kundenwert/btyd/lifetime_value.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "kundenwert/btyd/prior.hpp"

namespace kundenwert::python {

inline btyd::quantity quantity_named(const std::string& name) {
  for (const auto& q : btyd::quantity_table) {
    if (q.name == name) return q.id;
  }
  fail(error_code::unknown_code, "quantity", "there is no quantity named '" + name + "'");
}

// The arguments of a quantity by their names; those that are not there keep their defaults.
using named_arguments = std::map<std::string, double>;

inline void set_named(const named_arguments& given, const std::vector<std::pair<std::string_view, double*>>& places) {
  for (const auto& [name, value] : given) {
    const auto place = std::find_if(places.begin(), places.end(), [&](const auto& p) { return p.first == name; });
    if (place == places.end()) fail(error_code::unknown_code, "arguments", "there is no argument '" + name + "'");
    if (name == "units_per_year") require_positive(value, name);
    *place->second = value;
  }
}

inline btyd::predict_options options_of(const named_arguments& given, int threads) {
  btyd::predict_options options;
  options.threads = threads;
  set_named(given, {{"horizon", &options.horizon},
                    {"annual_discount_rate", &options.annual_discount_rate},
                    {"units_per_year", &options.units_per_year},
                    {"count", &options.count},
                    {"level", &options.level}});
  return options;
}

// margin_rates, annual_discount_rates: of every customer, borrowed; empty where one rate is given for all.
inline btyd::lifetime_value_options value_options_of(const named_arguments& given, std::span<const double> margin_rates,
                                                     std::span<const double> annual_discount_rates, int threads) {
  btyd::lifetime_value_options options;
  options.margin_rates = margin_rates;
  options.annual_discount_rates = annual_discount_rates;
  options.threads = threads;
  set_named(given, {{"horizon", &options.horizon},
                    {"annual_discount_rate", &options.annual_discount_rate},
                    {"units_per_year", &options.units_per_year},
                    {"margin_rate", &options.margin_rate},
                    {"cost_per_purchase", &options.cost_per_purchase}});
  return options;
}

// parameter, covariate, coefficient
using given_effect = std::tuple<std::string, std::string, std::string>;
// of, family, first, second
using given_prior = std::tuple<std::string, std::string, double, double>;

inline std::vector<btyd::covariate_effect> effects_from(const std::vector<given_effect>& given) {
  std::vector<btyd::covariate_effect> out;
  for (const auto& [parameter, covariate, coefficient] : given) out.push_back({parameter, covariate, coefficient});
  return out;
}

inline std::vector<btyd::prior> priors_from(const std::vector<given_prior>& given) {
  std::vector<btyd::prior> out;
  for (const auto& [of, family, first, second] : given) {
    out.push_back({of, constant_named<btyd::prior_family>(btyd::prior_families, family, "priors"), first, second});
  }
  return out;
}

inline pybind11::list priors_in(const std::vector<btyd::prior>& priors) {
  pybind11::list out;
  for (const auto& p : priors) {
    out.append(pybind11::make_tuple(p.of, std::string(btyd::name_of(p.family)), p.first, p.second));
  }
  return out;
}

}  // namespace kundenwert::python
