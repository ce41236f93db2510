// The overview of a customer base: made, copied out, exported.
#include "kundenwert/overview/overview.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "convert.hpp"
#include "instances.hpp"
#include "kundenwert/overview/export.hpp"
#include "structs.hpp"
#include "tables.hpp"

// Shared with the Arrow streams that were exported from it.
struct kw_overview {
  std::shared_ptr<const kundenwert::overview> value;
};

namespace kundenwert::c {

// In portfolio.cpp.
template <>
kw_abc_options defaults();

template <>
kw_phase_parameters defaults() {
  const lifecycle::phase_parameters core;
  kw_phase_parameters out{};
  out.new_window = core.new_window;
  out.acquisition_window = core.acquisition_window;
  out.prospect_cold = core.prospect_cold;
  out.least_gaps = core.least_gaps;
  out.default_purchase_gap = core.default_purchase_gap;
  out.soft_factor = core.soft_factor;
  out.lost_factor = core.lost_factor;
  out.soft_least = core.soft_least;
  out.lost_least = core.lost_least;
  out.lost_most = core.lost_most;
  out.renewal_window = core.renewal_window;
  out.endangered_probability = core.endangered_probability;
  out.lost_probability = core.lost_probability;
  out.complaint_open_days = core.complaint_open_days;
  out.bad_outcome_window = core.bad_outcome_window;
  out.bad_satisfaction = core.bad_satisfaction;
  out.decline_ratio = core.decline_ratio;
  out.growth_ratio = core.growth_ratio;
  out.development_longest_tenure = core.development_longest_tenure;
  out.regained_window = core.regained_window;
  out.win_back_window = core.win_back_window;
  out.contract_gap = core.contract_gap;
  return out;
}

template <>
kw_overview_options defaults() {
  const overview_options core;
  kw_overview_options out{};
  out.start = core.start;
  out.rfm_classes = core.rfm_classes;
  out.margin_rate = core.margin_rate;
  out.annual_retention_rate = core.annual_retention_rate;
  return out;
}

namespace {

lifecycle::phase_parameters parameters_of(const kw_phase_parameters& p) {
  lifecycle::phase_parameters out;
  out.new_window = p.new_window;
  out.acquisition_window = p.acquisition_window;
  out.prospect_cold = p.prospect_cold;
  out.least_gaps = p.least_gaps;
  out.default_purchase_gap = p.default_purchase_gap;
  out.soft_factor = p.soft_factor;
  out.lost_factor = p.lost_factor;
  out.soft_least = p.soft_least;
  out.lost_least = p.lost_least;
  out.lost_most = p.lost_most;
  out.renewal_window = p.renewal_window;
  out.endangered_probability = p.endangered_probability;
  out.lost_probability = p.lost_probability;
  out.complaint_open_days = p.complaint_open_days;
  out.bad_outcome_window = p.bad_outcome_window;
  out.bad_satisfaction = p.bad_satisfaction;
  out.decline_ratio = p.decline_ratio;
  out.growth_ratio = p.growth_ratio;
  out.development_longest_tenure = p.development_longest_tenure;
  out.regained_window = p.regained_window;
  out.win_back_window = p.win_back_window;
  out.contract_gap = p.contract_gap;
  return out;
}

// The part that has defaults.
overview_options options_of(const kw_overview_options& o) {
  overview_options out;
  out.threads = threads_of(o.threads);
  out.start = o.start;
  out.model = o.model;
  out.rfm_classes = o.rfm_classes;
  out.units_per_year = o.units_per_year;
  out.margin_rate = o.margin_rate;
  out.annual_retention_rate = o.annual_retention_rate;
  if (o.phases != nullptr) out.phases = parameters_of(read(*o.phases, "phases"));
  if (o.abc != nullptr) {
    const auto abc = read(*o.abc, "abc");
    if (abc.reasons != nullptr) fail(error_code::unsupported, "abc", "has a column for reasons");
    out.abc = {abc.a_share, abc.b_share, static_cast<portfolio::abc_rule>(abc.rule), abc.keep_ties != 0};
  }
  return out;
}

const overview& overview_in(const kw_overview* handle) { return *require_pointer(handle, "overview").value; }

kw_retention_rate rate_of(const retention::retention_rate& r) {
  return {r.from,   r.to,       r.at_start, r.retained, r.lost,  r.regained,
          r.joined, r.returned, r.rate,     r.lower,    r.upper, r.confidence};
}

kw_value_total total_of(const value_total& t) { return {t.customers, t.valued, t.value}; }

kw_abc_class_total total_of(const portfolio::abc_class_total& t) {
  return {t.count, t.value, t.share_of_value, t.share_of_customers, t.cumulated_share, t.smallest_value};
}

kw_concentration concentration_of(const portfolio::concentration_result& r) {
  return {
      r.customers, r.negative_rows,      r.total, r.gini, r.top_10_share, r.top_20_share, r.share_of_customers_for_80,
      r.hhi,       r.effective_customers};
}

kw_headline headline_of(const overview& o) {
  const overview_headline& h = o.headline;
  kw_headline out{};
  out.money_basis = static_cast<std::int32_t>(h.basis);
  out.customers = h.customers;
  out.potential = h.potential;
  out.current = h.current;
  out.lost = h.lost;
  out.revenue = h.revenue;
  out.retention = rate_of(h.retention);
  out.contract_retention = rate_of(h.contract_retention);
  out.annual_retention_rate = h.annual_retention_rate;
  out.customer_equity = total_of(h.customer_equity);
  out.value_at_risk = total_of(h.value_at_risk);
  out.valued_by_contract = h.valued_by_contract;
  out.valued_by_purchases = h.valued_by_purchases;
  out.margin_rate = h.margin_rate;
  out.service_cost_rate = h.service_cost_rate;
  out.care_cost_rate = h.care_cost_rate;
  out.mean_spend = h.mean_spend;
  out.spend_basis = static_cast<std::int32_t>(h.spend);
  out.model = o.chosen < 0 ? 0 : o.models[static_cast<std::size_t>(o.chosen)].number;
  out.models = static_cast<std::int64_t>(o.models.size() + o.spend.size());
  out.chosen = o.chosen;
  out.spend_model = o.spend.empty() ? -1 : static_cast<std::int64_t>(o.models.size());
  out.abc_total = h.abc.total;
  out.a = total_of(h.abc.a);
  out.b = total_of(h.abc.b);
  out.c = total_of(h.abc.c);
  out.revenue_concentration = concentration_of(h.revenue_concentration);
  out.value_concentration = concentration_of(h.value_concentration);
  copy_text(out.currency, o.currency);
  return out;
}

// Calls visit(values) with a column of doubles, or visit(code of a row) with one of whole numbers.
template <class Numbers, class Codes>
void visit_column(const overview& o, std::int32_t number, Numbers&& numbers, Codes&& codes) {
  const overview_rows& r = o.rows;
  const auto of = [&](const auto& values) {
    codes([&values](std::size_t i) { return static_cast<std::int32_t>(values[i]); });
  };
  const auto of_phase = [&](auto member) {
    codes([&r, member](std::size_t i) {
      return r.phase[i] == lifecycle::phase{} ? 0 : static_cast<std::int32_t>(lifecycle::fact_of(r.phase[i]).*member);
    });
  };
  switch (static_cast<overview_column>(number)) {
    case overview_column::phase:
      return of(r.phase);
    case overview_column::kind:
      return of_phase(&lifecycle::phase_fact::kind);
    case overview_column::risks:
      return of(r.risks);
    case overview_column::task:
      return of_phase(&lifecycle::phase_fact::task);
    case overview_column::goal:
      return of_phase(&lifecycle::phase_fact::goal);
    case overview_column::suppressions:
      return of(r.suppressions);
    case overview_column::first_purchase:
      return of(r.first_purchase);
    case overview_column::last_purchase:
      return of(r.last_purchase);
    case overview_column::purchase_days:
      return of(r.purchase_days);
    case overview_column::revenue:
      return numbers(r.revenue);
    case overview_column::r_score:
      return of(r.r_score);
    case overview_column::f_score:
      return of(r.f_score);
    case overview_column::m_score:
      return of(r.m_score);
    case overview_column::abc:
      return of(r.abc);
    case overview_column::probability_alive:
      return numbers(r.probability_alive);
    case overview_column::expected_transactions:
      return numbers(r.expected_transactions);
    case overview_column::lifetime_value:
      return numbers(r.lifetime_value);
    case overview_column::value_basis:
      return of(r.basis);
    case overview_column::value_reasons:
      return of(r.value_reasons);
  }
  fail(error_code::unknown_code, "column", "there is no column number " + std::to_string(number));
}

// A code of 0 and no_day are "none"; in masks and counts 0 is a number.
bool is_none(std::int32_t column, std::int32_t code) {
  switch (static_cast<overview_column>(column)) {
    case overview_column::risks:
    case overview_column::suppressions:
    case overview_column::purchase_days:
    case overview_column::value_reasons:
      return false;
    default:
      return code == 0 || code == no_day;
  }
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_phase_parameters_init(kw_phase_parameters* parameters, int64_t struct_size) {
  c::init(parameters, struct_size);
}
void kw_overview_options_init(kw_overview_options* options, int64_t struct_size) { c::init(options, struct_size); }
void kw_headline_init(kw_headline* headline, int64_t struct_size) { c::init(headline, struct_size); }

kw_status kw_overview_create(const kw_base* base, int32_t as_of, int32_t unit, double horizon,
                             double annual_discount_rate, int32_t convention, const kw_overview_options* options,
                             kw_overview** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = *c::require_pointer(base, "base").value;
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    c::progress_call call{given.progress, given.progress_context};
    overview_options how = c::options_of(given);
    how.as_of = as_of;
    how.unit = static_cast<time_unit>(unit);
    how.horizon = horizon;
    how.annual_discount_rate = annual_discount_rate;
    how.convention = static_cast<value::clv_convention>(convention);
    how.watch = call.watch();
    *out = new kw_overview{std::make_shared<const overview>(overview_of(from, how))};
  });
}

void kw_overview_free(kw_overview* overview) { delete overview; }

int64_t kw_overview_rows(const kw_overview* overview) { return overview == nullptr ? 0 : overview->value->size(); }

kw_status kw_overview_headline(const kw_overview* overview, kw_headline* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::overview_in(overview);
    c::write(c::require_result(out), c::headline_of(from));
  });
}

kw_status kw_overview_phase_totals(const kw_overview* overview, kw_phase_total* out, int64_t out_length,
                                   kw_error* error) {
  return c::guard(error, [&] {
    const auto& totals = c::overview_in(overview).headline.phases;
    const auto to = c::output_of(out, out_length, static_cast<int64_t>(totals.size()));
    for (std::size_t i = 0; i < to.size(); ++i) {
      const auto& t = totals[i];
      to[i] = {static_cast<int32_t>(t.phase), 0, t.customers, t.revenue, t.value, t.valued};
    }
  });
}

kw_status kw_overview_copy_column(const kw_overview* overview, int32_t column, double* out, int64_t out_length,
                                  kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::overview_in(overview);
    const auto room = [&] { return c::output_of(out, out_length, from.size()); };
    c::visit_column(
        from, column,
        [&](const std::vector<double>& values) { std::copy(values.begin(), values.end(), room().begin()); },
        [&](auto&& code_of) {
          const auto to = room();
          for (std::size_t i = 0; i < to.size(); ++i) {
            const int32_t code = code_of(i);
            to[i] = c::is_none(column, code) ? not_available : code;
          }
        });
  });
}

kw_status kw_overview_copy_codes(const kw_overview* overview, int32_t column, int32_t* out, int64_t out_length,
                                 kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::overview_in(overview);
    c::visit_column(
        from, column,
        [](const std::vector<double>&) { fail(error_code::wrong_type, "column", "is a column of doubles"); },
        [&](auto&& code_of) {
          const auto to = c::output_of(out, out_length, from.size());
          for (std::size_t i = 0; i < to.size(); ++i) to[i] = code_of(i);
        });
  });
}

kw_status kw_overview_model(const kw_overview* overview, int64_t index, kw_model** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::overview_in(overview);
    c::require_pointer(out, "out");
    const auto tried = static_cast<int64_t>(from.models.size());
    if (index < 0 || index >= tried + static_cast<int64_t>(from.spend.size())) {
      fail(error_code::domain, "index", "there is no model at " + std::to_string(index));
    }
    const auto& found = index < tried ? from.models[static_cast<std::size_t>(index)]
                                      : from.spend[static_cast<std::size_t>(index - tried)];
    *out = new kw_model{found};
  });
}

kw_status kw_overview_export_arrow(const kw_overview* overview, ArrowArrayStream* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::require_pointer(overview, "overview").value;
    c::require_pointer(out, "out");
    export_overview(from).export_stream(out);
  });
}

kw_status kw_recommended_measures(int32_t phase, uint32_t suppressions, int32_t* out, int64_t out_length,
                                  int64_t* count, kw_error* error) {
  return c::guard(error, [&] {
    c::require_pointer(count, "count");
    const auto to = c::output_of(out, out_length, KW_MOST_MEASURES);
    const auto found = lifecycle::recommended_measures(static_cast<lifecycle::phase>(phase), suppressions);
    for (std::size_t i = 0; i < found.size(); ++i) to[i] = static_cast<int32_t>(found[i]);
    *count = static_cast<int64_t>(found.size());
  });
}
