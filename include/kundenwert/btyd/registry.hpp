// The list of models. To add one, write its header and put it in `models`: fitting, prediction, the C constants, the
// Python classes and the documentation follow.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "kundenwert/btyd/beta_discrete_weibull.hpp"
#include "kundenwert/btyd/bg_bb.hpp"
#include "kundenwert/btyd/bg_cnbd_k.hpp"
#include "kundenwert/btyd/bg_nbd.hpp"
#include "kundenwert/btyd/gamma_gamma.hpp"
#include "kundenwert/btyd/ggompertz_nbd.hpp"
#include "kundenwert/btyd/mbg_cnbd_k.hpp"
#include "kundenwert/btyd/mbg_nbd.hpp"
#include "kundenwert/btyd/nbd.hpp"
#include "kundenwert/btyd/observations.hpp"
#include "kundenwert/btyd/pareto_nbd.hpp"
#include "kundenwert/btyd/shifted_beta_geometric.hpp"

namespace kundenwert::btyd {

template <class... M>
struct model_list {};

using models = model_list<bg_nbd, pareto_nbd, gamma_gamma, mbg_nbd, nbd, ggompertz_nbd, bg_cnbd_k, mbg_cnbd_k, bg_bb,
                          shifted_beta_geometric, beta_discrete_weibull, gamma_gamma_all>;

// What is known of a model at run time.
struct model_info {
  std::int32_t number;
  std::string_view name;
  std::string_view title;
  std::string_view source;
  std::span<const parameter_fact> parameters;
  std::span<const std::string_view> columns;  // it reads of the customers
  bool is_spend;
  bool is_contractual;  // renewals of contracts
  bool is_discrete;     // time counts whole periods
  bool reads_intervals;
};

namespace detail {

template <class M>
constexpr model_info info_of() {
  return {M::number,         M::name,
          M::title,          M::source,
          M::parameters,     row_source<typename M::row>::names,
          spend_model<M>,    std::same_as<typename M::row, tenure_row>,
          discrete_model<M>, reads_intervals<M>};
}

template <class... M>
constexpr auto table_of(model_list<M...>) {
  static_assert((model_facts<M> && ...), "a model lacks one of the facts of btyd/model.hpp");
  return std::array{info_of<M>()...};
}

}  // namespace detail

// One line per model, in the order of the list.
inline constexpr auto model_table = detail::table_of(models{});

// Calls f(std::type_identity<M>{}) with the model of this number; throws unknown_code where there is none.
template <class Function, class... M>
auto visit_model(std::int32_t number, Function&& f, model_list<M...>) {
  using first = std::tuple_element_t<0, std::tuple<M...>>;
  using result = std::invoke_result_t<Function&, std::type_identity<first>>;
  const bool known = ((number == M::number) || ...);
  if (!known) fail(error_code::unknown_code, "model", "there is no model number " + std::to_string(number));
  if constexpr (std::is_void_v<result>) {
    ((number == M::number ? f(std::type_identity<M>{}) : void()), ...);
  } else {
    result out{};
    ((number == M::number ? void(out = f(std::type_identity<M>{})) : void()), ...);
    return out;
  }
}

template <class Function>
auto visit_model(std::int32_t number, Function&& f) {
  return visit_model(number, f, models{});
}

// The line of a model by number or name; throws unknown_code where there is none.
inline const model_info& info_of(std::int32_t number) {
  for (const auto& info : model_table) {
    if (info.number == number) return info;
  }
  fail(error_code::unknown_code, "model", "there is no model number " + std::to_string(number));
}
inline const model_info& info_of(std::string_view name) {
  for (const auto& info : model_table) {
    if (info.name == name) return info;
  }
  fail(error_code::unknown_code, "model", "there is no model named '" + std::string(name) + "'");
}

}  // namespace kundenwert::btyd
