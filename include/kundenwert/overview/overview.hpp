// The overview of a customer base: one row per customer (where each stands, what each is worth, what to do next) and
// the headline figures. The one composition of the library: everything in it is calculated elsewhere.
//
//   const overview o = overview_of(base, {.as_of = today, .unit = time_unit::month, .horizon = 12,
//                                         .annual_discount_rate = 0.10});
//
// Value of a customer over the horizon, discounted to as_of:
//   with an active contract   the contractual engine on the recurring amounts of the active contracts, with the
//                             retention rate of contracts (overview/contract_value)
//   otherwise                 expected purchases, each discounted from its own time, x expected spend
//                             (overview/purchase_value)
//   prospects and lost        none, with the reason (all of them: overview/rows)
// times the margin rate, less service and care costs at the rate of the twelve months before as_of (overview/money).
// Without margin data or a rate the basis is revenue: values are revenue then, nothing is taken from them, and every
// label says so.
//
// The retention rate of contracts, where it is not given, is that of customers with an active contract twelve calendar
// months before as_of who have had one since, to as_of. Customers whose first known event is after as_of have phase 0
// and are in no figure. Nothing that is dated after as_of changes anything.
//
// References: domain specification B0, B1.2, B1.12, B2.1, B3.1-B3.3, B4; the project's rules for value in the overview.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/ingest/base_summary.hpp"
#include "kundenwert/overview/contract_value.hpp"
#include "kundenwert/overview/headline.hpp"
#include "kundenwert/overview/money.hpp"
#include "kundenwert/overview/purchase_value.hpp"
#include "kundenwert/overview/result.hpp"
#include "kundenwert/overview/rows.hpp"

namespace kundenwert {

// Throws missing, non_finite, sign, domain, date_range, date_order, unknown_code or unsupported for an option; missing
// for `convention` where a contract is active; cancelled.
overview overview_of(const customer_base& base, const overview_options& options);

// The checks of the options alone; `convention` may be absent.
void require_overview_options(const overview_options& options);

namespace detail {

inline constexpr std::int64_t overview_chunk_rows = 2048;

inline std::int64_t overview_chunks(std::int64_t rows) {
  return (rows + overview_chunk_rows - 1) / overview_chunk_rows;
}

// What contracts tell before any is valued.
struct contract_facts {
  passage_tally passages;
  bool has_active = false;
};

inline contract_facts contract_facts_of(const customer_base& base, const overview_options& o) {
  contract_facts out;
  if (base.contracts.events.empty()) return out;
  const std::int32_t from = year_before(o.as_of);
  std::vector<contract_facts> parts(static_cast<std::size_t>(overview_chunks(base.size())));
  for_each_chunk(base.size(), overview_chunk_rows, o.threads,
                 [&](std::int64_t chunk, std::int64_t begin, std::int64_t end) {
                   contract_facts& part = parts[static_cast<std::size_t>(chunk)];
                   for (std::int64_t i = begin; i < end; ++i) {
                     const auto contracts = base.contracts.of(i);
                     part.passages.add(contract_passage(contracts, from, o.as_of, o.phases.contract_gap));
                     part.has_active = part.has_active || std::any_of(contracts.begin(), contracts.end(),
                                                                      [&](auto& c) { return c.is_active(o.as_of); });
                   }
                 });
  for (const auto& part : parts) {
    out.passages.add(part.passages);
    out.has_active = out.has_active || part.has_active;
  }
  return out;
}

// ABC classes and concentration of revenue among those who are or were customers, concentration of values.
inline void rank_customers(overview& out) {
  overview_rows& rows = out.rows;
  std::vector<double> revenue(rows.revenue);
  for (std::size_t i = 0; i < revenue.size(); ++i) {
    const lifecycle::phase p = rows.phase[i];
    if (p == lifecycle::phase{} || lifecycle::fact_of(p).kind == lifecycle::customer_kind::potential) {
      revenue[i] = not_available;
    }
  }
  out.headline.abc = portfolio::classify_abc(revenue, out.options.abc, "revenue");
  rows.abc = std::exchange(out.headline.abc.classes, {});
  out.headline.abc.reasons = {};
  // Returns above the purchases, and costs above the margin: counted in the result, part of no share.
  const portfolio::concentration_options options{portfolio::negative_values::leave_out};
  out.headline.revenue_concentration = portfolio::concentration_of(revenue, options, "revenue");
  out.headline.value_concentration = portfolio::concentration_of(rows.lifetime_value, options, "lifetime_value");
}

}  // namespace detail

inline void require_overview_options(const overview_options& o) {
  if (o.as_of == no_day)
    fail(error_code::missing, "as_of", "is not given: there is no default for the day of analysis");
  require_day(o.as_of, "as_of");
  days_per(o.unit);
  require_positive(o.horizon, "horizon");
  require_not_negative(o.annual_discount_rate, "annual_discount_rate");
  if (o.convention != value::clv_convention{}) value::require_convention(o.convention);
  require_not_negative(o.units_per_year, "units_per_year");
  if (!std::isnan(o.margin_rate)) require_share(o.margin_rate, "margin_rate");
  if (!std::isnan(o.annual_retention_rate)) require_share(o.annual_retention_rate, "annual_retention_rate");
  if (o.start != no_day) {
    require_day(o.start, "start");
    if (o.start > o.as_of) fail(error_code::date_order, "start", "is after as_of");
  }
  require_transaction_model(o.model);
  lifecycle::require_phase_parameters(o.phases);
  portfolio::detail::require_abc_options(o.abc);
  portfolio::detail::require_classes(o.rfm_classes, "rfm_classes");
}

namespace detail {

// Shares of the time a base of ten purchases a customer takes.
struct overview_stages {
  progress_share counting;
  progress_share summarizing;
  progress_share fitting;
  progress_share predicting;
  progress_share phases;
  progress_share passages;
  progress_share writing;

  explicit overview_stages(progress watch)
      : counting{watch, 0, 0.05},
        summarizing{watch, 0.05, 0.15},
        fitting{watch, 0.15, 0.45},
        predicting{watch, 0.45, 0.60},
        phases{watch, 0.60, 0.75},
        passages{watch, 0.75, 0.90},
        writing{watch, 0.90, 0.95} {}
};

inline void write_money(customer_money&& money, overview& out) {
  out.rows.revenue = std::move(money.revenue);
  out.headline.revenue = money.total;
  out.headline.basis = money.basis;
  out.headline.margin_rate = money.margin_rate;
  out.headline.service_cost_rate = money.service_cost_rate;
  out.headline.care_cost_rate = money.care_cost_rate;
}

inline void write_models(purchase_models&& models, overview& out) {
  if (out.headline.valued_by_purchases > 0) out.headline.spend = models.basis;
  out.headline.mean_spend = models.mean_spend;
  out.models = std::move(models.tried);
  out.chosen = models.chosen;
  out.spend = std::move(models.spend);
}

inline contract_terms terms_of(const overview_options& o, double annual_retention_rate) {
  constexpr double months_per_year = 12;
  const double per_year = o.units_per_year == 0 ? units_per_year(o.unit) : o.units_per_year;
  return {o.as_of, o.horizon * months_per_year / per_year, o.annual_discount_rate, annual_retention_rate, o.convention};
}

}  // namespace detail

inline overview overview_of(const customer_base& base, const overview_options& o) {
  require_overview_options(o);
  const auto contracts = detail::contract_facts_of(base, o);
  if (contracts.has_active && o.convention == value::clv_convention{}) {
    fail(error_code::missing, "convention", "is not given, and a contract is active: it has no default");
  }
  detail::overview_stages stages(o.watch);
  overview out;
  out.ids = base.ids;
  out.currency = base.currency;
  out.options = o;
  out.options.watch = {};
  out.rows = detail::empty_rows(static_cast<std::size_t>(base.size()));
  overview_headline& headline = out.headline;

  auto money = money_of(base, o, stages.counting.watch());
  const revenue_rates rates = money.rates();
  detail::write_money(std::move(money), out);
  const std::int32_t year_ago = year_before(o.as_of);
  headline.contract_retention = contracts.passages.rate(year_ago, o.as_of);
  headline.annual_retention_rate =
      std::isnan(o.annual_retention_rate) ? headline.contract_retention.rate : o.annual_retention_rate;

  const base_summary purchases = summary_of(
      base,
      {.unit = o.unit, .end = o.as_of, .start = o.start, .threads = o.threads, .watch = stages.summarizing.watch()});
  out.start = purchases.customers.start;
  auto models = models_of(purchases.customers, o, stages.fitting.watch());
  const auto forecast = forecast_of(models, purchases.customers, o, stages.predicting.watch());
  const auto findings = lifecycle::classify_phases(base, o.as_of, detail::alive_of(purchases, forecast, base.size()),
                                                   o.phases, o.threads, stages.phases.watch());
  passage_tally passages;
  for (const auto p :
       lifecycle::classify_passages(base, year_ago, o.as_of, o.phases, o.threads, stages.passages.watch())) {
    passages.add(p);
  }
  headline.retention = passages.rate(year_ago, o.as_of);

  const detail::overview_inputs in(base, purchases, forecast, findings, rates,
                                   detail::terms_of(o, headline.annual_retention_rate), contracts.has_active);
  std::vector<overview_totals> parts(static_cast<std::size_t>(detail::overview_chunks(base.size())));
  for_each_chunk(
      base.size(), detail::overview_chunk_rows, o.threads,
      [&](std::int64_t chunk, std::int64_t begin, std::int64_t end) {
        parts[static_cast<std::size_t>(chunk)] = detail::write_rows(in, begin, end, out.rows);
      },
      stages.writing.watch());
  overview_totals totals;
  for (const auto& part : parts) totals.add(part);
  totals.write(headline);
  detail::write_models(std::move(models), out);
  detail::score_purchases(purchases, o, out.rows);
  detail::rank_customers(out);
  o.watch.report(1);
  return out;
}

}  // namespace kundenwert
