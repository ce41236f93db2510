// What customers without contract are expected to buy over a horizon and what that is worth: transaction models fitted
// to the base's purchases, the best of them, and the spend per purchase day.
//
//   value = (margin rate - service rate - care rate) * E[spend] * E[purchases in the horizon, each discounted]
//
// Models     BG/NBD, Pareto/NBD and MBG/NBD, or the one asked for; used is the one with the smallest AIC among those
//            that converged (btyd/compare). Where none did, nothing is expected: reason no_model.
// E[spend]   the spend model's, customer by customer, fitted to those whose repeat purchases cost something. Where it
//            did not converge (everybody spends the same, too few repeat buyers), it is the mean of all repeat purchase
//            days for everyone, and spend_basis says so. A mean below zero (returns of other days) counts as zero.
//
// References: Fader, Hardie & Lee (2005), "RFM and CLV"; domain specification B1.12; btyd/lifetime_value.
#pragma once

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "kundenwert/btyd/compare.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "kundenwert/model/summary.hpp"
#include "kundenwert/overview/result.hpp"

namespace kundenwert {

struct purchase_models {
  std::vector<btyd::model> tried;
  std::int32_t chosen = -1;        // index into tried; -1: none
  std::vector<btyd::model> spend;  // one, or none where there was nothing to fit it to
  spend_basis basis{};             // 0: no spend is known
  double mean_spend = not_available;

  const btyd::model* transactions() const { return chosen < 0 ? nullptr : &tried[static_cast<std::size_t>(chosen)]; }
};

// Columns with one row per row of the summary; NaN and a reason where there is no value.
struct purchase_forecast {
  std::vector<double> probability_alive;
  std::vector<double> expected_transactions;
  std::vector<double> discounted_transactions;
  std::vector<double> expected_spend;  // per purchase day
  std::vector<reason> reasons;         // why one of the two above is missing

  bool is_empty() const { return reasons.empty(); }
};

// Throws unsupported for a spend model or one of discrete time, unknown_code for none; 0 is the usual three.
void require_transaction_model(std::int32_t number);

// Throws what require_transaction_model throws; cancelled.
purchase_models models_of(const summary& customers, const overview_options& options, progress watch = {});

// Empty columns where no model converged.
purchase_forecast forecast_of(const purchase_models& models, const summary& customers, const overview_options& options,
                              progress watch = {});

namespace detail {

// The mean spend of repeat purchase days as the spend model reads it.
inline double usable_spend(double monetary_value) {
  return std::isnan(monetary_value) ? monetary_value : std::fmax(monetary_value, 0);
}

inline double mean_spend_of(const summary& s) {
  double purchases = 0;
  double money = 0;
  for (std::size_t i = 0; i < s.monetary_value.size(); ++i) {
    if (s.frequency[i] == 0 || std::isnan(s.monetary_value[i])) continue;
    purchases += s.frequency[i];
    money += s.frequency[i] * usable_spend(s.monetary_value[i]);
  }
  return purchases > 0 ? money / purchases : not_available;
}

// A spend model of those who pay; none where nobody does.
inline std::vector<btyd::model> spend_models_of(const summary& s, int threads, progress watch) {
  std::vector<double> frequency;
  std::vector<double> spend;
  for (std::size_t i = 0; i < s.monetary_value.size(); ++i) {
    if (s.frequency[i] == 0 || !(s.monetary_value[i] > 0)) continue;
    frequency.push_back(s.frequency[i]);
    spend.push_back(s.monetary_value[i]);
  }
  if (frequency.empty()) return {};
  const summary_columns payers{.frequency = frequency, .monetary_value = spend};
  return {btyd::fit(btyd::gamma_gamma::number, payers, s.unit, {.threads = threads, .watch = watch})};
}

}  // namespace detail

inline void require_transaction_model(std::int32_t number) {
  if (number == 0) return;
  const auto& info = btyd::info_of(number);
  if (info.is_spend) fail(error_code::unsupported, "model", "is a model of spend: a transaction model is needed");
  if (info.is_discrete) {
    fail(error_code::unsupported, "model", std::string(info.title) + " counts whole periods, the overview days");
  }
}

inline purchase_models models_of(const summary& customers, const overview_options& options, progress watch) {
  require_transaction_model(options.model);
  std::vector<std::int32_t> numbers{options.model};
  // The usual models: each fits a million customers in seconds, and one of them serves nearly every business.
  if (options.model == 0) numbers = {btyd::bg_nbd::number, btyd::pareto_nbd::number, btyd::mbg_nbd::number};
  purchase_models out;
  if (customers.size() == 0) return out;
  const double steps = static_cast<double>(numbers.size()) + 1;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto done = static_cast<double>(i);
    progress_share fitting{watch, done / steps, (done + 1) / steps};
    out.tried.push_back(btyd::fit(numbers[i], btyd::columns_of(customers), customers.unit,
                                  {.threads = options.threads, .watch = fitting.watch()}));
  }
  out.chosen = btyd::best_converged(out.tried);
  progress_share fitting{watch, 1 - 1 / steps, 1};
  out.spend = detail::spend_models_of(customers, options.threads, fitting.watch());
  out.mean_spend = detail::mean_spend_of(customers);
  if (btyd::best_converged(out.spend) >= 0) {
    out.basis = spend_basis::spend_model;
  } else if (!std::isnan(out.mean_spend)) {
    out.basis = spend_basis::mean_spend;
  }
  return out;
}

inline purchase_forecast forecast_of(const purchase_models& models, const summary& customers,
                                     const overview_options& options, progress watch) {
  purchase_forecast out;
  const btyd::model* const model = models.transactions();
  if (model == nullptr) return out;
  const auto rows = static_cast<std::size_t>(customers.size());
  summary_columns columns = btyd::columns_of(customers);
  const auto ask = [&](const btyd::model& of, btyd::quantity what, double from, double to, std::vector<double>& values,
                       std::span<reason> why) {
    progress_share asking{watch, from, to};
    values.resize(rows);
    btyd::predict(of, what, columns,
                  {.horizon = options.horizon,
                   .annual_discount_rate = options.annual_discount_rate,
                   .units_per_year = options.units_per_year,
                   .threads = options.threads,
                   .watch = asking.watch()},
                  values, why);
  };
  using btyd::quantity;
  ask(*model, quantity::probability_alive, 0, 0.2, out.probability_alive, {});
  ask(*model, quantity::expected_transactions, 0.2, 0.5, out.expected_transactions, {});
  out.reasons.resize(rows);
  ask(*model, quantity::discounted_expected_transactions, 0.5, 0.9, out.discounted_transactions, out.reasons);
  if (models.basis != spend_basis::spend_model) {
    out.expected_spend.assign(rows, models.mean_spend);
    if (!std::isnan(models.mean_spend)) return out;
    const reason why = customers.monetary_value.empty() ? reason::no_amount : reason::no_repeat_purchases;
    for (reason& r : out.reasons) r = r | why;
    return out;
  }
  std::vector<double> spend(rows);
  for (std::size_t i = 0; i < rows; ++i) spend[i] = detail::usable_spend(customers.monetary_value[i]);
  columns.monetary_value = spend;
  std::vector<reason> why(rows);
  ask(models.spend.front(), quantity::expected_spend, 0.9, 1, out.expected_spend, why);
  for (std::size_t i = 0; i < rows; ++i) out.reasons[i] = out.reasons[i] | why[i];
  return out;
}

}  // namespace kundenwert
