// The one table of what can be asked of a model. A model supports a quantity by having a kernel of its name; the C
// constants, the Python methods and the documentation are generated from this table.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "kundenwert/btyd/registry.hpp"

namespace kundenwert::btyd {

enum class quantity : std::int32_t {
  log_likelihood = 1,
  probability_alive = 2,
  expected_transactions = 3,
  discounted_expected_transactions = 4,
  expected_spend = 5,
};

struct quantity_info {
  quantity id;
  std::string_view name;
  bool needs_horizon;
  bool needs_discount_rate;
  std::string_view meaning;
};

inline constexpr std::array quantity_table{
    quantity_info{quantity::log_likelihood, "log_likelihood", false, false,
                  "logarithm of the likelihood of the customer's history, without 1/x!"},
    quantity_info{quantity::probability_alive, "probability_alive", false, false,
                  "probability of being alive at the end of observation; 1 for one-time buyers under BG/NBD"},
    quantity_info{quantity::expected_transactions, "expected_transactions", true, false,
                  "expected purchases in the next horizon time units, given the history"},
    quantity_info{quantity::discounted_expected_transactions, "discounted_expected_transactions", true, true,
                  "the same, each discounted from its own time to now; with an infinite horizon DERT, the discounted "
                  "expected residual transactions"},
    quantity_info{quantity::expected_spend, "expected_spend", false, false,
                  "expected mean spend per purchase day, given the spend so far"}};

// Throws unknown_code for a number that is no quantity.
inline const quantity_info& info_of(quantity id) {
  for (const auto& info : quantity_table) {
    if (info.id == id) return info;
  }
  fail(error_code::unknown_code, "quantity",
       "there is no quantity number " + std::to_string(static_cast<std::int32_t>(id)));
}

namespace detail {

template <class M>
concept answers_alive = requires(const parameter_values<M>& theta, const summary_row& r) {
  { M::probability_alive(theta, r) } -> std::same_as<double>;
};
template <class M>
concept answers_transactions = requires(const parameter_values<M>& theta, const summary_row& r) {
  { M::expected_transactions(theta, r, 1.0) } -> std::same_as<double>;
};
template <class M>
concept answers_discounted = requires(const parameter_values<M>& theta, const summary_row& r) {
  { M::discounted_expected_transactions(theta, r, 1.0, 1.0) } -> std::same_as<double>;
};
template <class M>
concept answers_spend = requires(const parameter_values<M>& theta) {
  { M::expected_spend(theta, 1.0, 1.0) } -> std::same_as<double>;
};

}  // namespace detail

// Whether model M has a kernel for a quantity.
template <class M>
constexpr bool supports(quantity id) {
  switch (id) {
    case quantity::log_likelihood:
      return true;
    case quantity::probability_alive:
      return detail::answers_alive<M>;
    case quantity::expected_transactions:
      return detail::answers_transactions<M>;
    case quantity::discounted_expected_transactions:
      return detail::answers_discounted<M>;
    case quantity::expected_spend:
      return detail::answers_spend<M>;
  }
  return false;
}

inline bool supports(std::int32_t model_number, quantity id) {
  return visit_model(model_number, [&]<class M>(std::type_identity<M>) { return supports<M>(id); });
}

}  // namespace kundenwert::btyd
