// Draws of the parameters of a model, and how they came about.
#include "draws.hpp"

#include <algorithm>

#include "customers.hpp"
#include "instances.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "options.hpp"

namespace kundenwert::c {

template <>
kw_draw_report defaults() {
  kw_draw_report out{};
  out.pareto_k = not_available;
  return out;
}

namespace {

const btyd::parameter_draws& drawn_in(const kw_draws* handle) { return require_pointer(handle, "draws").value; }

// work(columns, options of the fit, progress) draws given the customers the model was fitted to.
template <class Customers, class Work>
kw_draws* draw(const btyd::model& m, const Customers& from, const kw_draw_options& o, Work&& work) {
  const customers given(from, columns_read_by(m.info()), o.covariates, o.covariates_length);
  progress_call call{o.progress, o.progress_context};
  btyd::fit_options as_fitted;
  as_fitted.weight = weight_of(o.weight, o.weight_length, given.rows());
  return new kw_draws{work(given.columns(), as_fitted, call)};
}

template <class Customers>
kw_draws* bootstrap(const btyd::model& m, const Customers& from, const kw_draw_options& o) {
  return draw(m, from, o, [&](const summary_columns& c, const btyd::fit_options& as_fitted, progress_call& call) {
    return btyd::bootstrap_draws<btyd::models>(m, c, as_fitted, draw_options_of(o, call));
  });
}

template <class Customers>
kw_draws* posterior(const btyd::model& m, const Customers& from, const kw_draw_options& o) {
  return draw(m, from, o, [&](const summary_columns& c, const btyd::fit_options& as_fitted, progress_call& call) {
    return btyd::posterior_draws<btyd::models>(m, c, as_fitted, posterior_options_of(o, call));
  });
}

// The customers, in the unit of the model.
const summary& summary_for(const btyd::model& m, const kw_summary* handle) {
  const summary& out = *require_pointer(handle, "summary").value;
  if (!m.info().is_spend) btyd::require_same_unit(m, out);
  return out;
}

// What chains say of the numbers they know, at the places of those; NaN elsewhere.
void copy_diagnostic(const kw_draws& draws, const std::vector<double>& from, double* out) {
  if (out == nullptr) return;
  const auto& known = draws.value.chains.names;
  for (std::size_t i = 0; i < draws.names.size(); ++i) {
    const auto found = static_cast<std::size_t>(std::find(known.begin(), known.end(), draws.names[i]) - known.begin());
    out[i] = found < from.size() ? from[found] : not_available;
  }
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_draw_options_init(kw_draw_options* options, int64_t struct_size) { c::init(options, struct_size); }
void kw_draw_report_init(kw_draw_report* report, int64_t struct_size) { c::init(report, struct_size); }

kw_status kw_draws_normal(const kw_model* model, int32_t method, const kw_draw_options* options, kw_draws** out,
                          kw_error* error) {
  return c::guard(error, [&] {
    const auto& m = c::require_pointer(model, "model").value;
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    c::progress_call call{given.progress, given.progress_context};
    const auto how = c::draw_options_of(given, call);
    *out = new kw_draws{btyd::normal_draws(m, static_cast<btyd::draw_method>(method), how)};
  });
}

kw_status kw_draws_bootstrap(const kw_model* model, const kw_summary* summary, const kw_draw_options* options,
                             kw_draws** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& m = c::require_pointer(model, "model").value;
    const auto& customers = c::summary_for(m, summary);
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    *out = c::bootstrap(m, customers, given);
  });
}

kw_status kw_draws_bootstrap_columns(const kw_model* model, const kw_summary_columns* columns,
                                     const kw_draw_options* options, kw_draws** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& m = c::require_pointer(model, "model").value;
    const auto customers = c::read(c::require_pointer(columns, "columns"), "columns");
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    *out = c::bootstrap(m, customers, given);
  });
}

kw_status kw_draws_posterior(const kw_model* model, const kw_summary* summary, const kw_draw_options* options,
                             kw_draws** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& m = c::require_pointer(model, "model").value;
    const auto& customers = c::summary_for(m, summary);
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    *out = c::posterior(m, customers, given);
  });
}

kw_status kw_draws_posterior_columns(const kw_model* model, const kw_summary_columns* columns,
                                     const kw_draw_options* options, kw_draws** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& m = c::require_pointer(model, "model").value;
    const auto customers = c::read(c::require_pointer(columns, "columns"), "columns");
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    *out = c::posterior(m, customers, given);
  });
}

void kw_draws_free(kw_draws* draws) { delete draws; }

int64_t kw_draws_count(const kw_draws* draws) { return draws == nullptr ? 0 : draws->value.size(); }
int64_t kw_draws_width(const kw_draws* draws) {
  return draws == nullptr ? 0 : static_cast<int64_t>(draws->names.size());
}

const char* kw_draws_name(const kw_draws* draws, int64_t index) {
  if (index < 0 || index >= kw_draws_width(draws)) return nullptr;
  return draws->names[static_cast<std::size_t>(index)].c_str();
}

kw_status kw_draws_values(const kw_draws* draws, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::drawn_in(draws).values;
    const auto to = c::output_of(out, out_length, static_cast<int64_t>(from.size()));
    std::copy(from.begin(), from.end(), to.begin());
  });
}

kw_status kw_draws_report(const kw_draws* draws, kw_draw_report* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::drawn_in(draws);
    auto& to = c::require_result(out);
    kw_draw_report report{};
    report.method = static_cast<int32_t>(from.method);
    report.outcome = static_cast<int32_t>(from.outcome);
    report.chains = from.chains.chains;
    report.draws = from.size();
    report.width = kw_draws_width(draws);
    report.seed = static_cast<int64_t>(from.seed);
    report.acceptance = from.chains.acceptance;
    report.divergences = from.chains.divergences;
    report.gradients = from.chains.gradients;
    report.pareto_k = from.chains.pareto_k;
    c::copy_text(report.detail, from.detail);
    c::write(to, report);
  });
}

kw_status kw_draws_diagnostics(const kw_draws* draws, double* r_hat, double* bulk_ess, double* tail_ess, int64_t length,
                               kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::require_pointer(draws, "draws");
    require_same_length(kw_draws_width(draws), length, "length");
    const auto& chains = from.value.chains;
    c::copy_diagnostic(from, chains.r_hat, r_hat);
    c::copy_diagnostic(from, chains.bulk_ess, bulk_ess);
    c::copy_diagnostic(from, chains.tail_ess, tail_ess);
  });
}
