// What is known of models, and of the one at hand.
#include <algorithm>
#include <vector>

#include "convert.hpp"
#include "kundenwert/btyd/quantities.hpp"
#include "structs.hpp"

namespace kundenwert::c {

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

// The item at an index; nullptr past the end.
template <class Items>
auto at(const Items& items, std::int64_t index) noexcept {
  const auto i = static_cast<std::size_t>(index);
  return index >= 0 && i < items.size() ? &items[i] : nullptr;
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_fit_report_init(kw_fit_report* report, int64_t struct_size) { c::init(report, struct_size); }

void kw_model_free(kw_model* model) { delete model; }

int64_t kw_parameter_count(int32_t model_kind) {
  const auto* info = c::info_of(model_kind);
  return info == nullptr ? 0 : static_cast<int64_t>(info->parameters.size());
}

// Names of parameters and columns are string literals, which end with 0.
const char* kw_parameter_name(int32_t model_kind, int64_t index) {
  const auto* info = c::info_of(model_kind);
  const auto* found = info == nullptr ? nullptr : c::at(info->parameters, index);
  return found == nullptr ? nullptr : found->name.data();
}

int32_t kw_parameter_largest_whole(int32_t model_kind, int64_t index) {
  const auto* info = c::info_of(model_kind);
  const auto* found = info == nullptr ? nullptr : c::at(info->parameters, index);
  return found == nullptr ? 0 : found->largest_whole;
}

int64_t kw_input_column_count(int32_t model_kind) {
  const auto* info = c::info_of(model_kind);
  return info == nullptr ? 0 : static_cast<int64_t>(info->columns.size());
}

const char* kw_input_column_name(int32_t model_kind, int64_t index) {
  const auto* info = c::info_of(model_kind);
  const auto* found = info == nullptr ? nullptr : c::at(info->columns, index);
  return found == nullptr ? nullptr : found->data();
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

int64_t kw_model_coefficient_count(const kw_model* model) {
  return model == nullptr ? 0 : static_cast<int64_t>(model->effects.coefficients.size());
}

const char* kw_model_coefficient_name(const kw_model* model, int64_t index) {
  const auto* found = model == nullptr ? nullptr : c::at(model->effects.coefficients, index);
  return found == nullptr ? nullptr : found->c_str();
}

kw_status kw_model_coefficients(const kw_model* model, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] { c::copy_values(c::model_of(model).coefficients, out, out_length); });
}

int64_t kw_model_effect_count(const kw_model* model) {
  return model == nullptr ? 0 : static_cast<int64_t>(model->effects.links.size());
}

kw_status kw_model_effects(const kw_model* model, kw_effect* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::require_pointer(model, "model");
    const auto& given = from.value.effects;
    const auto to = c::output_of(out, out_length, static_cast<int64_t>(given.size()));
    for (std::size_t i = 0; i < to.size(); ++i) {
      to[i] = {given[i].parameter.c_str(), given[i].covariate.c_str(),
               from.effects.coefficients[from.effects.links[i].coefficient].c_str()};
    }
  });
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
    report.log_prior = from.log_prior;
    report.estimated = from.estimated;
    c::copy_text(report.remark, from.remark);
    c::write(to, report);
  });
}

kw_status kw_model_standard_errors(const kw_model* model, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] { c::copy_values(c::fit_of(model).standard_errors, out, out_length); });
}

kw_status kw_model_covariance(const kw_model* model, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] { c::copy_values(c::fit_of(model).covariance, out, out_length); });
}

kw_status kw_model_robust_covariance(const kw_model* model, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] { c::copy_values(c::fit_of(model).robust_covariance, out, out_length); });
}

kw_status kw_model_eigenvalues(const kw_model* model, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] { c::copy_values(c::fit_of(model).eigenvalues, out, out_length); });
}
