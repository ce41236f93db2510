// Customer lifetime value of customers without contract: what they are expected to spend over a horizon, discounted to
// the end of observation.
//
//   value = margin_rate * E[M | spend so far] * int_0^horizon e^(-rate u) dE[purchases until T + u]
//
// Each purchase is discounted from its own expected time, not from the end of a month; the past is not in it.
//
// References: Fader, Hardie & Lee (2005), "RFM and CLV", eq. 1 and 10; domain specification B0 (rates).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kundenwert/btyd/predict.hpp"

namespace kundenwert::btyd {

// horizon, annual_discount_rate, units_per_year as in predict_options.
//   margin_rate   share of revenue that is margin, in [0, 1]; 1 values revenue, and says so in every label
struct lifetime_value_options {
  double horizon = not_available;
  double annual_discount_rate = not_available;
  double units_per_year = 0;
  double margin_rate = 1;
  int threads = 1;
  progress watch{};
};

// Writes the lifetime value of every customer, in the currency of monetary_value.
//   transactions   a transaction model; its unit is that of recency, T and the horizon
//   spend          a spend model
//   customers      frequency, recency, T and monetary_value (null only where frequency is 0)
//   reasons        why a row has none: infinite_mean (q <= 1), missing_input; may be empty
// Throws what predict throws; unsupported where a model is of the wrong kind; domain for the margin rate.
inline void lifetime_value(const model& transactions, const model& spend, const summary_columns& customers,
                           const lifetime_value_options& options, std::span<double> out,
                           std::span<reason> reasons = {}) {
  require_share(options.margin_rate, "margin_rate");
  const std::int64_t rows = customers.frequency.size();
  require_same_length(rows, static_cast<std::int64_t>(out.size()), "out");
  if (!reasons.empty()) require_same_length(rows, static_cast<std::int64_t>(reasons.size()), "reasons");
  const auto n = static_cast<std::size_t>(rows);
  std::vector<double> purchases(n);
  std::vector<double> amount(n);
  std::vector<reason> why(n);
  std::vector<reason> why_amount(n);
  // The transactions are nearly all of the work.
  progress_share counting{options.watch, 0, 0.95};
  progress_share spending{options.watch, 0.95, 1};
  predict<models>(transactions, quantity::discounted_expected_transactions, customers,
                  {.horizon = options.horizon,
                   .annual_discount_rate = options.annual_discount_rate,
                   .units_per_year = options.units_per_year,
                   .threads = options.threads,
                   .watch = counting.watch()},
                  purchases, why);
  predict<models>(spend, quantity::expected_spend, customers, {.threads = options.threads, .watch = spending.watch()},
                  amount, why_amount);
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = options.margin_rate * amount[i] * purchases[i];
    if (!reasons.empty()) reasons[i] = why[i] | why_amount[i];
  }
}

// The same as a new vector, over a summary in the model's unit (unit_mismatch otherwise).
inline std::vector<double> lifetime_value(const model& transactions, const model& spend, const summary& customers,
                                          const lifetime_value_options& options) {
  require_same_unit(transactions, customers);
  std::vector<double> out(customers.frequency.size());
  lifetime_value(transactions, spend, columns_of(customers), options, out);
  return out;
}

}  // namespace kundenwert::btyd
