// The one table of what can be asked of a model. A model of transactions answers everything about the future
// (btyd/future.hpp); what only some models know is a kernel of the quantity's name in the model. The C constants, the
// Python methods and the documentation are generated from this table.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "kundenwert/btyd/future.hpp"
#include "kundenwert/btyd/registry.hpp"

namespace kundenwert::btyd {

enum class quantity : std::int32_t {
  log_likelihood = 1,
  probability_alive = 2,
  expected_transactions = 3,
  discounted_expected_transactions = 4,
  expected_spend = 5,
  probability_alive_after = 6,
  probability_of_purchase = 7,
  probability_of_count = 8,
  transactions_quantile = 9,
  next_purchase_quantile = 10,
  expected_waiting_time = 11,
  overdue = 12,
  purchase_rate = 13,
  dropout_probability = 14,
  dropout_rate = 15,
};

// What a quantity needs beside the history.
enum class needed : std::uint32_t { nothing = 0, horizon = 1, discount_rate = 2, count = 4, level = 8 };
constexpr needed operator|(needed a, needed b) {
  return static_cast<needed>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}

// The arguments by the names they have in every interface.
struct argument_info {
  needed bit;
  std::string_view name;
};
inline constexpr std::array argument_table{
    argument_info{needed::horizon, "horizon"}, argument_info{needed::discount_rate, "annual_discount_rate"},
    argument_info{needed::count, "count"}, argument_info{needed::level, "level"}};

struct quantity_info {
  quantity id;
  std::string_view name;
  needed needs;
  int unit_power;  // of the answer: 1 in time units (or currency), -1 per time unit, 0 a pure number
  std::string_view meaning;

  constexpr bool does_need(needed what) const {
    return (static_cast<std::uint32_t>(needs) & static_cast<std::uint32_t>(what)) != 0;
  }
};

inline constexpr std::array quantity_table{
    quantity_info{quantity::log_likelihood, "log_likelihood", needed::nothing, 0,
                  "logarithm of the likelihood of the customer's history, without 1/x!"},
    quantity_info{quantity::probability_alive, "probability_alive", needed::nothing, 0,
                  "probability of being alive at the end of observation; 1 for one-time buyers under BG/NBD"},
    quantity_info{quantity::expected_transactions, "expected_transactions", needed::horizon, 0,
                  "expected purchases in the next horizon time units, given the history"},
    quantity_info{quantity::discounted_expected_transactions, "discounted_expected_transactions",
                  needed::horizon | needed::discount_rate, 0,
                  "the same, each discounted from its own time to now; with an infinite horizon DERT, the discounted "
                  "expected residual transactions"},
    quantity_info{quantity::expected_spend, "expected_spend", needed::nothing, 1,
                  "expected mean spend per purchase day, given the spend so far"},
    quantity_info{quantity::probability_alive_after, "probability_alive_after", needed::horizon, 0,
                  "probability of being alive horizon time units after the end of observation"},
    quantity_info{quantity::probability_of_purchase, "probability_of_purchase", needed::horizon, 0,
                  "probability of at least one purchase in the next horizon time units"},
    quantity_info{quantity::probability_of_count, "probability_of_count", needed::horizon | needed::count, 0,
                  "probability of exactly count purchases in the next horizon time units"},
    quantity_info{quantity::transactions_quantile, "transactions_quantile", needed::horizon | needed::level, 0,
                  "smallest number of purchases that is not exceeded in the next horizon time units with probability "
                  "level"},
    quantity_info{quantity::next_purchase_quantile, "next_purchase_quantile", needed::level, 1,
                  "time within which the next purchase comes with probability level; not available (not_reached) where "
                  "it never does"},
    quantity_info{quantity::expected_waiting_time, "expected_waiting_time", needed::horizon, 1,
                  "expected time to the next purchase, waits beyond the horizon counted as the horizon"},
    quantity_info{quantity::overdue, "overdue", needed::nothing, 0,
                  "probability that the customer, were he still alive, would have bought again by now"},
    quantity_info{quantity::purchase_rate, "purchase_rate", needed::nothing, -1,
                  "expected purchases per time unit while alive, given the history"},
    quantity_info{quantity::dropout_probability, "dropout_probability", needed::nothing, 0,
                  "expected probability of leaving after a purchase, given the history"},
    quantity_info{quantity::dropout_rate, "dropout_rate", needed::nothing, -1,
                  "expected rate of leaving per time unit, given the history"}};

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
concept answers_overdue = transaction_model<M> && std::same_as<typename M::row, summary_row>;
template <class M>
concept answers_rate = requires(const parameter_values<M>& theta, const typename M::row& r) {
  { M::purchase_rate(theta, r) } -> std::same_as<double>;
};
template <class M>
concept answers_dropout_probability = requires(const parameter_values<M>& theta, const typename M::row& r) {
  { M::dropout_probability(theta, r) } -> std::same_as<double>;
};
template <class M>
concept answers_dropout_rate = requires(const parameter_values<M>& theta, const typename M::row& r) {
  { M::dropout_rate(theta, r) } -> std::same_as<double>;
};
template <class M>
concept answers_spend = requires(const parameter_values<M>& theta) {
  { M::expected_spend(theta, 1.0, 1.0) } -> std::same_as<double>;
};

}  // namespace detail

// Whether model M answers a quantity.
template <class M>
constexpr bool supports(quantity id) {
  switch (id) {
    case quantity::log_likelihood:
      return true;
    case quantity::probability_alive:
    case quantity::expected_transactions:
    case quantity::discounted_expected_transactions:
    case quantity::probability_alive_after:
    case quantity::probability_of_purchase:
    case quantity::probability_of_count:
    case quantity::transactions_quantile:
    case quantity::next_purchase_quantile:
    case quantity::expected_waiting_time:
      return transaction_model<M>;
    case quantity::overdue:
      return detail::answers_overdue<M>;
    case quantity::expected_spend:
      return detail::answers_spend<M>;
    case quantity::purchase_rate:
      return detail::answers_rate<M>;
    case quantity::dropout_probability:
      return detail::answers_dropout_probability<M>;
    case quantity::dropout_rate:
      return detail::answers_dropout_rate<M>;
  }
  return false;
}

inline bool supports(std::int32_t model_number, quantity id) {
  return visit_model(model_number, [&]<class M>(std::type_identity<M>) { return supports<M>(id); });
}

}  // namespace kundenwert::btyd
