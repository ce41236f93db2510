// Customer lifetime value of customers without contract: what they are expected to spend over a horizon, discounted to
// the end of observation.
//
//   value = (margin_rate * E[M | spend so far] - cost_per_purchase) * int_0^horizon e^(-rate u) dE[purchases until T +
//   u]
//
// Each purchase is discounted from its own expected time, not from the end of a month; the past is not in it.
//
// References: Fader, Hardie & Lee (2005), "RFM and CLV", eq. 1 and 10; domain specification B0 (rates).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kundenwert/btyd/customer_groups.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "kundenwert/time/span.hpp"

namespace kundenwert::btyd {

// horizon, annual_discount_rate, units_per_year as in predict_options.
//   margin_rate             share of revenue that is margin, in [0, 1]; 1 values revenue, and says so in every label
//   cost_per_purchase       what a purchase costs beside that, >= 0, in the currency of the spend
//   margin_rates            of each customer, instead of the one above
//   annual_discount_rates   of each customer, instead of the one above
struct lifetime_value_options {
  double horizon = not_available;
  double annual_discount_rate = not_available;
  double units_per_year = 0;
  double margin_rate = 1;
  int threads = 1;
  progress watch{};
  double cost_per_purchase = 0;
  std::span<const double> margin_rates{};
  std::span<const double> annual_discount_rates{};
};

// The horizon of whole calendar months from the end of observation, in the summary's unit: 12 from 2024-02-29 on end on
// 2025-02-28, 365 days. Throws missing (a summary without end), domain (months below 0), date_range.
inline double calendar_horizon(const summary& customers, std::int32_t months) {
  if (customers.end == no_day) fail(error_code::missing, "end", "the summary has no end of observation");
  if (months < 0) fail(error_code::domain, "months", "must not be below 0");
  return elapsed(customers.end, add_months(customers.end, months), customers.unit);
}

// Writes the lifetime value of every customer, in the currency of monetary_value.
//   transactions   a transaction model; its unit is that of recency, T and the horizon
//   spend          a spend model
//   customers      what both read (monetary_value null only where frequency is 0)
//   reasons        why a row has none: infinite_mean (q <= 1), missing_input; may be empty
// Throws what predict throws; unsupported where a model is of the wrong kind; domain and sign for rates and cost.
inline void lifetime_value(const model& transactions, const model& spend, const summary_columns& customers,
                           const lifetime_value_options& options, std::span<double> out,
                           std::span<reason> reasons = {});

namespace detail {

// Throws for what is wrong with margins, cost and the length of columns of rates.
inline void require_values(const lifetime_value_options& o, std::int64_t rows) {
  if (o.margin_rates.empty()) require_share(o.margin_rate, "margin_rate");
  require_not_negative(o.cost_per_purchase, "cost_per_purchase");
  const auto require_rates = [&](std::span<const double> rates, std::string_view name, auto&& require_rate) {
    if (rates.empty()) return;
    require_same_length(rows, static_cast<std::int64_t>(rates.size()), name);
    for (std::size_t i = 0; i < rates.size(); ++i) require_rate(rates[i], name, static_cast<std::int64_t>(i));
  };
  require_rates(o.margin_rates, "margin_rates", require_share);
  require_rates(o.annual_discount_rates, "annual_discount_rates", require_not_negative);
}

// What a purchase of customer i is worth that has an expected amount.
inline double worth_of(const lifetime_value_options& o, std::size_t i, double amount) {
  return (o.margin_rates.empty() ? o.margin_rate : o.margin_rates[i]) * amount - o.cost_per_purchase;
}

// The purchases of all customers, those of one discount rate together.
inline void discounted_purchases(const model& transactions, const summary_columns& customers,
                                 const lifetime_value_options& o, const progress& watch, std::span<double> out,
                                 std::span<reason> why) {
  constexpr auto what = quantity::discounted_expected_transactions;
  predict_options asked{.horizon = o.horizon,
                        .annual_discount_rate = o.annual_discount_rate,
                        .units_per_year = o.units_per_year,
                        .threads = o.threads,
                        .watch = watch};
  if (o.annual_discount_rates.empty()) {
    predict<models>(transactions, what, customers, asked, out, why);
    return;
  }
  asked.watch = {};
  const auto groups = rows_by_value(o.annual_discount_rates);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto& rows = groups[g];
    const gathered_customers some(customers, rows);
    asked.annual_discount_rate = o.annual_discount_rates[rows.front()];
    std::vector<double> found(rows.size());
    std::vector<reason> found_why(rows.size());
    predict<models>(transactions, what, some.columns(), asked, found, found_why);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      out[rows[k]] = found[k];
      why[rows[k]] = found_why[k];
    }
    watch.report(static_cast<double>(g + 1) / static_cast<double>(groups.size()));
  }
}

}  // namespace detail

inline void lifetime_value(const model& transactions, const model& spend, const summary_columns& customers,
                           const lifetime_value_options& options, std::span<double> out, std::span<reason> reasons) {
  const std::int64_t rows = row_count(transactions.number, customers);
  detail::require_values(options, rows);
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
  detail::discounted_purchases(transactions, customers, options, counting.watch(), purchases, why);
  predict<models>(spend, quantity::expected_spend, customers, {.threads = options.threads, .watch = spending.watch()},
                  amount, why_amount);
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = detail::worth_of(options, i, amount[i]) * purchases[i];
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
