// Densities of how customers differ under a model: of their purchase rates, and of their dropout rates or
// probabilities, at given values or on a grid of quantiles.
//
// References: Fader, Hardie & Lee (2005) (gamma and beta heterogeneity); btyd/mixture.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/mixture.hpp"
#include "kundenwert/btyd/result_table.hpp"

namespace kundenwert::btyd {

// Distribution after distribution, each ascending by value.
struct heterogeneity {
  std::vector<std::string> of;
  std::vector<double> value;
  std::vector<double> density;  // NaN where it is infinite: at an end of the range of values
  std::vector<double> cumulative;

  static constexpr auto columns() {
    using t = heterogeneity;
    using c = result_column<t>;
    return std::array{c{"of", cells::text, "", "purchase_rate, dropout_rate, dropout_probability, ...", &t::of},
                      c{"value", cells::number, "", "a rate per time unit, or a probability", &t::value},
                      c{"density", cells::number, "", "of the customers, per unit of value", &t::density},
                      c{"cumulative", cells::number, "share", "of the customers at most here", &t::cumulative}};
  }
};

struct heterogeneity_options {
  std::string_view of{};             // one distribution; empty: all
  std::span<const double> points{};  // values; empty: quantiles. Several distributions have no points in common
  std::int32_t count = 99;           // of quantiles, at the levels k / (count + 1)
};

// The distributions a model states, empty where it states none.
std::span<const mixture_fact> mixtures_of(std::int32_t model_number);

// One of them with the parameters of a model. Throws unknown_code (of).
mixture mixture_of(const model& m, std::string_view of);

// Throws unsupported (the model states none), unknown_code (of), missing (of, where points are given and there are
// several), domain (count below 1, a point outside the range of values), missing and non_finite with the row.
heterogeneity heterogeneity_of(const model& m, const heterogeneity_options& options = {});

namespace detail {

template <class M>
concept states_mixtures = requires {
  { M::mixtures[0] } -> std::convertible_to<mixture_fact>;
};

inline double parameter_of(const model& m, std::string_view name) {
  const auto facts = m.info().parameters;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (facts[i].name == name) return m.parameters[i];
  }
  fail(error_code::internal, name, "is no parameter of the model");
}

inline void add_point(const mixture_fact& fact, const mixture& of, double value, heterogeneity& out) {
  const double density = of.density(value);
  out.of.emplace_back(fact.of);
  out.value.push_back(value);
  out.density.push_back(std::isfinite(density) ? density : not_available);
  out.cumulative.push_back(of.cumulative(value));
}

}  // namespace detail

inline std::span<const mixture_fact> mixtures_of(std::int32_t model_number) {
  return visit_model(model_number, []<class M>(std::type_identity<M>) -> std::span<const mixture_fact> {
    if constexpr (detail::states_mixtures<M>) return M::mixtures;
    return {};
  });
}

inline mixture mixture_of(const model& m, std::string_view of) {
  for (const mixture_fact& fact : mixtures_of(m.number)) {
    if (fact.of != of) continue;
    return {fact.kind, detail::parameter_of(m, fact.first), detail::parameter_of(m, fact.second)};
  }
  fail(error_code::unknown_code, "of",
       std::string(m.info().title) + " has no distribution of '" + std::string(of) + "'");
}

inline heterogeneity heterogeneity_of(const model& m, const heterogeneity_options& options) {
  const auto facts = mixtures_of(m.number);
  if (facts.empty()) fail(error_code::unsupported, "model", std::string(m.info().title) + " states no distributions");
  if (!options.of.empty()) mixture_of(m, options.of);
  if (options.of.empty() && facts.size() > 1 && !options.points.empty()) {
    fail(error_code::missing, "of", "is needed to say of which distribution the points are");
  }
  if (options.count < 1) fail(error_code::domain, "count", "must be 1 or more");
  heterogeneity out;
  for (const mixture_fact& fact : facts) {
    if (!options.of.empty() && fact.of != options.of) continue;
    const mixture of = mixture_of(m, fact.of);
    for (std::size_t i = 0; i < options.points.size(); ++i) {
      const auto row = static_cast<std::int64_t>(i);
      require_not_negative(options.points[i], "points", row);
      if (of.kind == mixing::beta) require_share(options.points[i], "points", row);
      detail::add_point(fact, of, options.points[i], out);
    }
    if (!options.points.empty()) continue;
    for (std::int32_t k = 1; k <= options.count; ++k) {
      detail::add_point(fact, of, of.quantile(static_cast<double>(k) / (static_cast<double>(options.count) + 1)), out);
    }
  }
  return out;
}

}  // namespace kundenwert::btyd
