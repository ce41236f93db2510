// Options of models: their defaults, and as the core takes them.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "convert.hpp"
#include "kundenwert/btyd/draws.hpp"
#include "kundenwert/btyd/lifetime_value.hpp"
#include "kundenwert/btyd/posterior.hpp"
#include "structs.hpp"

namespace kundenwert::c {

template <>
inline kw_fit_options defaults() {
  kw_fit_options out{};
  out.iteration_limit = btyd::fit_options().iteration_limit;
  return out;
}

template <>
inline kw_predict_options defaults() {
  const btyd::predict_options core;
  kw_predict_options out{};
  out.horizon = core.horizon;
  out.annual_discount_rate = core.annual_discount_rate;
  out.units_per_year = core.units_per_year;
  out.count = core.count;
  out.level = core.level;
  return out;
}

template <>
inline kw_lifetime_value_options defaults() {
  const btyd::lifetime_value_options core;
  kw_lifetime_value_options out{};
  out.margin_rate = core.margin_rate;
  out.units_per_year = core.units_per_year;
  return out;
}

inline std::vector<btyd::covariate_effect> effects_of(const kw_effect* given, std::int64_t length) {
  std::vector<btyd::covariate_effect> out;
  for (const kw_effect& e : span_of(given, length, "effects")) {
    out.push_back({&require_pointer(e.parameter, "effects"), &require_pointer(e.covariate, "effects"),
                   e.coefficient == nullptr ? "" : e.coefficient});
  }
  return out;
}

inline std::vector<btyd::prior> priors_of(const kw_prior* given, std::int64_t length) {
  std::vector<btyd::prior> out;
  for (const kw_prior& p : span_of(given, length, "priors")) {
    if (p.reserved != 0) fail(error_code::struct_size, "priors", "has a reserved field that is not 0");
    out.push_back({&require_pointer(p.of, "priors"), static_cast<btyd::prior_family>(p.family), p.first, p.second});
  }
  return out;
}

// One weight per row, or none.
inline std::span<const double> weight_of(const double* weight, std::int64_t length, std::int64_t rows) {
  if (weight == nullptr && length == 0) return {};
  require_same_length(rows, length, "weight");
  return span_of(weight, length, "weight");
}

inline int iteration_limit_of(std::int64_t limit) {
  if (limit < 1 || limit > std::numeric_limits<int>::max()) {
    fail(error_code::domain, "iteration_limit", "must be 1 or more, is " + std::to_string(limit));
  }
  return static_cast<int>(limit);
}

// `call` must outlive what is returned, here and below.
inline btyd::fit_options fit_options_of(const kw_fit_options& o, std::int64_t rows, progress_call& call) {
  btyd::fit_options out;
  out.weight = weight_of(o.weight, o.weight_length, rows);
  out.effects = effects_of(o.effects, o.effects_length);
  out.priors = priors_of(o.priors, o.priors_length);
  out.whole = o.whole;
  out.threads = threads_of(o.threads);
  out.iteration_limit = iteration_limit_of(o.iteration_limit);
  out.watch = call.watch();
  return out;
}

inline btyd::predict_options predict_options_of(const kw_predict_options& o, progress_call& call) {
  btyd::predict_options out;
  out.horizon = o.horizon;
  out.annual_discount_rate = o.annual_discount_rate;
  out.units_per_year = o.units_per_year;
  out.count = o.count;
  out.level = o.level;
  out.threads = threads_of(o.threads);
  out.watch = call.watch();
  return out;
}

struct discounting {
  double horizon;
  double annual_rate;
};

inline btyd::lifetime_value_options lifetime_value_options_of(const kw_lifetime_value_options& o,
                                                              const discounting& over, progress_call& call) {
  btyd::lifetime_value_options out;
  out.horizon = over.horizon;
  out.annual_discount_rate = over.annual_rate;
  out.units_per_year = o.units_per_year;
  out.margin_rate = o.margin_rate;
  out.threads = threads_of(o.threads);
  out.watch = call.watch();
  return out;
}

inline btyd::draw_options draw_options_of(const kw_draw_options& o, progress_call& call) {
  btyd::draw_options out;
  if (o.draws != 0) out.draws = o.draws;
  out.seed = static_cast<std::uint64_t>(o.seed);
  out.threads = threads_of(o.threads);
  out.watch = call.watch();
  return out;
}

inline btyd::posterior_options posterior_options_of(const kw_draw_options& o, progress_call& call) {
  btyd::posterior_options out;
  if (o.draws != 0) out.draws = o.draws;
  if (o.chains != 0) out.chains = o.chains;
  if (o.warm_up != 0) out.warm_up = o.warm_up;
  out.seed = static_cast<std::uint64_t>(o.seed);
  out.threads = threads_of(o.threads);
  out.watch = call.watch();
  return out;
}

}  // namespace kundenwert::c
