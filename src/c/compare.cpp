// Which model: comparison and backtest.
#include "kundenwert/btyd/compare.hpp"

#include <memory>
#include <utility>
#include <vector>

#include "customers.hpp"
#include "instances.hpp"
#include "kundenwert/arrow/stream.hpp"
#include "kundenwert/btyd/backtest.hpp"
#include "kundenwert/btyd/export.hpp"
#include "options.hpp"

// Shared with the Arrow streams that were exported from it.
struct kw_comparison {
  std::shared_ptr<const kundenwert::btyd::comparison> value;
  kundenwert::time_unit unit;
};

namespace kundenwert::c {

template <>
kw_likelihood_ratio_result defaults() {
  kw_likelihood_ratio_result out{};
  out.statistic = out.p_value = not_available;
  return out;
}

namespace {

const kw_comparison& comparison_in(const kw_comparison* handle) { return require_pointer(handle, "comparison"); }

kw_comparison* handle_of(btyd::comparison&& found, time_unit unit) {
  return new kw_comparison{std::make_shared<const btyd::comparison>(std::move(found)), unit};
}

struct model_numbers {
  const std::int32_t* values;
  std::int64_t length;
};

template <class Customers>
kw_comparison* compare(const Customers& from, time_unit unit, const model_numbers& models, const kw_fit_options& o) {
  const customers given(from, {}, o.covariates, o.covariates_length);
  progress_call call{o.progress, o.progress_context};
  btyd::compare_options how;
  how.models = span_of(models.values, models.length, "model_kinds");
  how.fit = fit_options_of(o, given.rows(), call);
  return handle_of(btyd::compare<btyd::models>(given.columns(), unit, how), unit);
}

// Handles of an array, each there.
template <class Handle>
std::span<const Handle* const> handles_of(const Handle* const* given, std::int64_t length, std::string_view argument) {
  const auto out = span_of(given, length, argument);
  for (const Handle* handle : out) require_pointer(handle, argument);
  return out;
}

btyd::backtest_options backtest_options_of(const kw_fit_options& o, const model_numbers& models, double horizon,
                                           progress_call& call) {
  if (o.weight != nullptr) fail(error_code::unsupported, "weight", "is of the rows of one summary");
  if (o.covariates != nullptr) fail(error_code::unsupported, "covariates", "are of the rows of one summary");
  btyd::backtest_options out;
  out.models = span_of(models.values, models.length, "model_kinds");
  out.horizon = horizon;
  out.fit = fit_options_of(o, 0, call);
  return out;
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_likelihood_ratio_result_init(kw_likelihood_ratio_result* result, int64_t struct_size) {
  c::init(result, struct_size);
}

kw_status kw_compare(const kw_summary* summary, const int32_t* model_kinds, int64_t model_kinds_length,
                     const kw_fit_options* options, kw_comparison** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& customers = *c::require_pointer(summary, "summary").value;
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    *out = c::compare(customers, customers.unit, {model_kinds, model_kinds_length}, given);
  });
}

kw_status kw_compare_columns(const kw_summary_columns* columns, int32_t unit, const int32_t* model_kinds,
                             int64_t model_kinds_length, const kw_fit_options* options, kw_comparison** out,
                             kw_error* error) {
  return c::guard(error, [&] {
    const auto customers = c::read(c::require_pointer(columns, "columns"), "columns");
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    *out = c::compare(customers, static_cast<time_unit>(unit), {model_kinds, model_kinds_length}, given);
  });
}

kw_status kw_compare_models(const kw_model* const* models, int64_t models_length, kw_comparison** out,
                            kw_error* error) {
  return c::guard(error, [&] {
    c::require_pointer(out, "out");
    std::vector<btyd::model> fitted;
    for (const kw_model* m : c::handles_of(models, models_length, "models")) fitted.push_back(m->value);
    require_not_empty(models_length, "models");
    const time_unit unit = fitted.front().unit;
    *out = c::handle_of(btyd::comparison_of(std::move(fitted)), unit);
  });
}

void kw_comparison_free(kw_comparison* comparison) { delete comparison; }

int64_t kw_comparison_rows(const kw_comparison* comparison) {
  return comparison == nullptr ? 0 : static_cast<int64_t>(comparison->value->fitted.size());
}
int64_t kw_comparison_recommended(const kw_comparison* comparison) {
  return comparison == nullptr ? -1 : comparison->value->recommended;
}
const char* kw_comparison_reason(const kw_comparison* comparison) {
  return comparison == nullptr ? nullptr : comparison->value->reason.c_str();
}

kw_status kw_comparison_model(const kw_comparison* comparison, int64_t index, kw_model** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& fitted = c::comparison_in(comparison).value->fitted;
    c::require_pointer(out, "out");
    if (index < 0 || index >= static_cast<int64_t>(fitted.size())) {
      fail(error_code::domain, "index", "there is no model at " + std::to_string(index));
    }
    *out = new kw_model{fitted[static_cast<std::size_t>(index)]};
  });
}

kw_status kw_comparison_export_arrow(const kw_comparison* comparison, ArrowArrayStream* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::comparison_in(comparison);
    c::require_pointer(out, "out");
    btyd::export_table(from.value, from.unit).export_stream(out);
  });
}

kw_status kw_likelihood_ratio(const kw_model* restricted, const kw_model* full, kw_likelihood_ratio_result* out,
                              kw_error* error) {
  return c::guard(error, [&] {
    const auto& fewer = c::require_pointer(restricted, "restricted").value;
    const auto& more = c::require_pointer(full, "full").value;
    auto& to = c::require_result(out);
    const auto found = btyd::likelihood_ratio(fewer, more);
    kw_likelihood_ratio_result result{};
    result.outcome = static_cast<int32_t>(found.outcome);
    result.degrees_of_freedom = found.degrees_of_freedom;
    result.statistic = found.statistic;
    result.p_value = found.p_value;
    c::write(to, result);
  });
}

kw_status kw_backtest(const kw_summary* const* summaries, int64_t summaries_length, const int32_t* model_kinds,
                      int64_t model_kinds_length, double horizon, const kw_fit_options* options,
                      ArrowArrayStream* scores, ArrowArrayStream* deciles, kw_error* error) {
  return c::guard(error, [&] {
    const auto given = c::read_options(options);
    c::progress_call call{given.progress, given.progress_context};
    const auto how = c::backtest_options_of(given, {model_kinds, model_kinds_length}, horizon, call);
    std::vector<summary> origins;
    for (const kw_summary* s : c::handles_of(summaries, summaries_length, "summaries")) origins.push_back(*s->value);
    auto found = btyd::backtest<btyd::models>(origins, how);
    arrow::owned<ArrowArrayStream> of_scores;
    arrow::owned<ArrowArrayStream> of_deciles;
    if (scores != nullptr) btyd::export_table(std::move(found.scores), found.unit).export_stream(&*of_scores);
    if (deciles != nullptr) btyd::export_table(std::move(found.deciles), found.unit).export_stream(&*of_deciles);
    if (scores != nullptr) of_scores.move_to(scores);
    if (deciles != nullptr) of_deciles.move_to(deciles);
  });
}
