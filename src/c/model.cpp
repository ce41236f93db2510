// Models: fitted or given, and what is known of them.
#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include "convert.hpp"
#include "instances.hpp"
#include "kundenwert/btyd/quantities.hpp"
#include "structs.hpp"

namespace kundenwert::c {

template <>
kw_fit_options defaults() {
  kw_fit_options out{};
  out.iteration_limit = btyd::fit_options().iteration_limit;
  return out;
}

namespace {

const btyd::model& model_of(const kw_model* handle) { return require_pointer(handle, "model").value; }

const btyd::model_info* info_of(std::int32_t kind) noexcept {
  for (const auto& info : btyd::model_table) {
    if (info.number == kind) return &info;
  }
  return nullptr;
}

const btyd::fit_report& fit_of(const kw_model* handle) {
  const auto& m = model_of(handle);
  if (!m.is_fitted) fail(error_code::unsupported, "model", "was made from parameters, not fitted");
  return m.fit;
}

void copy_values(const std::vector<double>& from, double* out, std::int64_t out_length) {
  const auto to = output_of(out, out_length, static_cast<std::int64_t>(from.size()));
  std::copy(from.begin(), from.end(), to.begin());
}

int iteration_limit_of(std::int64_t limit) {
  if (limit < 1 || limit > std::numeric_limits<int>::max()) {
    fail(error_code::domain, "iteration_limit", "must be 1 or more, is " + std::to_string(limit));
  }
  return static_cast<int>(limit);
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_fit_options_init(kw_fit_options* options, int64_t struct_size) { c::init(options, struct_size); }
void kw_fit_report_init(kw_fit_report* report, int64_t struct_size) { c::init(report, struct_size); }

kw_status kw_fit(int32_t model_kind, const kw_summary* summary, const kw_fit_options* options, kw_model** out,
                 kw_error* error) {
  return c::guard(error, [&] {
    const auto& customers = *c::require_pointer(summary, "summary").value;
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    c::progress_call call{given.progress, given.progress_context};
    btyd::fit_options how;
    if (given.weight != nullptr || given.weight_length != 0) {
      require_same_length(customers.size(), given.weight_length, "weight");
      how.weight = c::span_of(given.weight, given.weight_length, "weight");
    }
    how.threads = c::threads_of(given.threads);
    how.iteration_limit = c::iteration_limit_of(given.iteration_limit);
    how.watch = call.watch();
    *out = new kw_model{btyd::fit<btyd::models>(model_kind, btyd::columns_of(customers), customers.unit, how)};
  });
}

kw_status kw_model_from_parameters(int32_t model_kind, int32_t unit, const double* values, int64_t count,
                                   kw_model** out, kw_error* error) {
  return c::guard(error, [&] {
    c::require_pointer(out, "out");
    const auto parameters = c::span_of(values, count, "values");
    *out = new kw_model{btyd::model_from_parameters(model_kind, parameters, static_cast<time_unit>(unit))};
  });
}

void kw_model_free(kw_model* model) { delete model; }

int64_t kw_parameter_count(int32_t model_kind) {
  const auto* info = c::info_of(model_kind);
  return info == nullptr ? 0 : static_cast<int64_t>(info->parameters.size());
}

const char* kw_parameter_name(int32_t model_kind, int64_t index) {
  if (index < 0 || index >= kw_parameter_count(model_kind)) return nullptr;
  // A string literal, which ends with 0.
  return c::info_of(model_kind)->parameters[static_cast<std::size_t>(index)].name.data();
}

int32_t kw_model_kind(const kw_model* model) { return model == nullptr ? 0 : model->value.number; }
int32_t kw_model_unit(const kw_model* model) { return model == nullptr ? 0 : static_cast<int32_t>(model->value.unit); }

int32_t kw_model_supports(const kw_model* model, int32_t quantity) {
  int32_t answer = 0;
  if (model == nullptr) return answer;
  c::guard(nullptr, [&] {
    const auto what = static_cast<btyd::quantity>(quantity);
    answer = btyd::supports(model->value.number, what) ? 1 : 0;
  });
  return answer;
}

kw_status kw_model_parameters(const kw_model* model, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] { c::copy_values(c::model_of(model).parameters, out, out_length); });
}

kw_status kw_model_fit_report(const kw_model* model, kw_fit_report* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::fit_of(model);
    auto& to = c::require_result(out);
    kw_fit_report report{};
    report.outcome = static_cast<int32_t>(from.outcome);
    report.iterations = from.iterations;
    report.evaluations = from.evaluations;
    report.distinct_rows = from.distinct_rows;
    report.customers = from.customers;
    report.log_likelihood = from.log_likelihood;
    report.aic = from.aic;
    report.bic = from.bic;
    report.gradient_norm = from.gradient_norm;
    c::copy_text(report.detail, from.detail);
    c::write(to, report);
  });
}

kw_status kw_model_standard_errors(const kw_model* model, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] { c::copy_values(c::fit_of(model).standard_errors, out, out_length); });
}

kw_status kw_model_covariance(const kw_model* model, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] { c::copy_values(c::fit_of(model).covariance, out, out_length); });
}

kw_status kw_model_eigenvalues(const kw_model* model, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] { c::copy_values(c::fit_of(model).eigenvalues, out, out_length); });
}
