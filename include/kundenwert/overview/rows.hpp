// The rows of an overview: phase, risks, suppressions, scores and value of every customer from what the parts of the
// library have found about all of them.
//
// Why a current customer has no value: no_amount (an active contract without amount, or purchases without), no_model,
// no_retention_rate, no_purchases (none in the observation), no_repeat_purchases (no spend to go by), infinite_mean
// (spend model with q <= 1), missing_input (there are service or care costs, but no revenue to put them to). Prospects
// and lost customers have none: no_current_customer.
//
// References: domain specification B1.2, B1.12, B3.3, B4.4; the project's rules for value in the overview.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "kundenwert/ingest/base_summary.hpp"
#include "kundenwert/lifecycle/phases.hpp"
#include "kundenwert/lifecycle/tasks.hpp"
#include "kundenwert/overview/contract_value.hpp"
#include "kundenwert/overview/headline.hpp"
#include "kundenwert/overview/purchase_value.hpp"
#include "kundenwert/overview/result.hpp"
#include "kundenwert/portfolio/rfm.hpp"

namespace kundenwert::detail {

// Everything that is known before customers are looked at one by one.
struct overview_inputs {
  const customer_base& base;
  const base_summary& purchases;
  const purchase_forecast& forecast;
  std::span<const lifecycle::phase_finding> findings;
  revenue_rates rates;
  contract_terms terms;
  // Of the whole horizon, by number of contract_period: most contracts have no end in sight.
  std::array<double, contract_periods.size() + 1> horizon_factors{};

  overview_inputs(const customer_base& b, const base_summary& p, const purchase_forecast& f,
                  std::span<const lifecycle::phase_finding> found, const revenue_rates& r, const contract_terms& t,
                  bool has_active_contract)
      : base(b), purchases(p), forecast(f), findings(found), rates(r), terms(t) {
    if (!has_active_contract || std::isnan(t.annual_retention_rate)) return;
    for (const auto& entry : contract_periods) {
      const auto period = static_cast<contract_period>(entry.number);
      horizon_factors[entry.number] = contract_factor(period, t.horizon_months / months_of(period), t);
    }
  }
};

struct found_value {
  double value = not_available;
  reason why = reason::none;
  value_basis basis{};
};

inline found_value contracts_value(const overview_inputs& in, std::int64_t customer) {
  found_value out;
  double sum = 0;
  for (const contract& c : in.base.contracts.of(customer)) {
    if (!c.is_active(in.terms.as_of)) continue;
    if (std::isnan(c.recurring_amount)) out.why = out.why | reason::no_amount;
    if (std::isnan(in.terms.annual_retention_rate)) out.why = out.why | reason::no_retention_rate;
    if (out.why != reason::none) continue;
    const bool is_open = c.effective_end(in.terms.as_of) == no_day;
    sum += c.recurring_amount * (is_open ? in.horizon_factors[static_cast<std::size_t>(c.period)]
                                         : contract_factor(c.period, periods_ahead(c, in.terms), in.terms));
  }
  if (out.why == reason::none) out = {in.rates.left() * sum, reason::none, value_basis::contract};
  return out;
}

// `row` of the summary; none: no purchase in the observation.
inline found_value purchases_value(const overview_inputs& in, std::optional<std::size_t> row) {
  if (!row) return {not_available, reason::no_purchases, {}};
  if (in.forecast.is_empty()) {
    return {not_available, in.base.has_amounts ? reason::no_model : reason::no_model | reason::no_amount, {}};
  }
  const reason why = in.forecast.reasons[*row];
  if (why != reason::none) return {not_available, why, {}};
  return {in.rates.left() * in.forecast.expected_spend[*row] * in.forecast.discounted_transactions[*row], reason::none,
          value_basis::purchases};
}

inline found_value value_at(const overview_inputs& in, std::int64_t customer, const lifecycle::phase_finding& finding,
                            std::optional<std::size_t> row) {
  if (!finding.is_customer) return {not_available, reason::no_current_customer, {}};
  found_value out = finding.has_active_contract ? contracts_value(in, customer) : purchases_value(in, row);
  // Costs without any revenue in the year before as_of: there is no rate to take from a value.
  if (out.basis != value_basis{} && std::isnan(in.rates.left())) out = {not_available, reason::missing_input, {}};
  return out;
}

// Where nothing is known of consent, nobody is suppressed for it.
inline std::uint32_t suppressions_at(const customer_base& base, std::size_t i,
                                     const lifecycle::phase_finding& finding) {
  return lifecycle::suppressions_of(finding.has_open_complaint,
                                    base.statuses.empty() ? customer_status::active : base.statuses[i],
                                    base.consents.empty() ? consent::yes : base.consents[i]);
}

inline void write_row(const overview_inputs& in, std::int64_t customer, const lifecycle::phase_finding& finding,
                      std::optional<std::size_t> row, overview_rows& out) {
  const auto i = static_cast<std::size_t>(customer);
  out.phase[i] = finding.phase;
  out.risks[i] = finding.risks;
  out.suppressions[i] = suppressions_at(in.base, i, finding);
  if (row) {
    const summary& s = in.purchases.customers;
    out.first_purchase[i] = s.first_purchase[*row];
    out.last_purchase[i] = s.last_purchase[*row];
    out.purchase_days[i] = static_cast<std::int32_t>(s.purchase_days(*row));
    if (!in.forecast.is_empty()) {
      out.probability_alive[i] = in.forecast.probability_alive[*row];
      out.expected_transactions[i] = in.forecast.expected_transactions[*row];
    }
  }
  const found_value value = value_at(in, customer, finding, row);
  out.lifetime_value[i] = value.value;
  out.basis[i] = value.basis;
  out.value_reasons[i] = value.why;
}

inline overview_totals write_rows(const overview_inputs& in, std::int64_t begin, std::int64_t end, overview_rows& out) {
  overview_totals totals;
  const auto& base_row = in.purchases.base_row;
  auto at = std::lower_bound(base_row.begin(), base_row.end(), begin);
  for (std::int64_t customer = begin; customer < end; ++customer) {
    std::optional<std::size_t> row;
    if (at != base_row.end() && *at == customer) row = static_cast<std::size_t>(at++ - base_row.begin());
    write_row(in, customer, in.findings[static_cast<std::size_t>(customer)], row, out);
    totals.add(out, static_cast<std::size_t>(customer));
  }
  return totals;
}

// One per customer, for those with repeat purchases: under BG/NBD the others are alive for certain, whatever they do.
inline std::vector<double> alive_of(const base_summary& purchases, const purchase_forecast& forecast,
                                    std::int64_t rows) {
  if (forecast.is_empty()) return {};
  std::vector<double> alive(static_cast<std::size_t>(rows), not_available);
  for (std::size_t i = 0; i < purchases.base_row.size(); ++i) {
    if (purchases.customers.frequency[i] == 0) continue;
    alive[static_cast<std::size_t>(purchases.base_row[i])] = forecast.probability_alive[i];
  }
  return alive;
}

inline overview_rows empty_rows(std::size_t rows) {
  overview_rows out;
  out.phase.resize(rows);
  out.risks.resize(rows);
  out.suppressions.resize(rows);
  out.first_purchase.assign(rows, no_day);
  out.last_purchase.assign(rows, no_day);
  out.purchase_days.resize(rows);
  out.r_score.resize(rows);
  out.f_score.resize(rows);
  out.m_score.resize(rows);
  out.probability_alive.assign(rows, not_available);
  out.expected_transactions.assign(rows, not_available);
  out.lifetime_value.assign(rows, not_available);
  out.basis.resize(rows);
  out.value_reasons.resize(rows, reason::none);
  return out;
}

inline void score_purchases(const base_summary& purchases, const overview_options& o, overview_rows& out) {
  const summary& s = purchases.customers;
  const auto rows = static_cast<std::size_t>(s.size());
  std::vector<double> days(rows);
  std::vector<double> counts(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    days[i] = s.days_since_purchase(i);
    counts[i] = s.purchase_days(i);
  }
  // Without amounts R and F still tell the customers apart.
  const bool has_amounts = s.revenue.size() == rows;
  const std::vector<double> no_revenue(has_amounts ? 0 : rows);
  const auto scores =
      portfolio::classify_rfm({days, counts, has_amounts ? column<double>(s.revenue) : column<double>(no_revenue)},
                              {.r_classes = o.rfm_classes, .f_classes = o.rfm_classes, .m_classes = o.rfm_classes});
  for (std::size_t i = 0; i < rows; ++i) {
    const auto to = static_cast<std::size_t>(purchases.base_row[i]);
    out.r_score[to] = scores.r_score[i];
    out.f_score[to] = scores.f_score[i];
    if (has_amounts) out.m_score[to] = scores.m_score[i];
  }
}

}  // namespace kundenwert::detail
