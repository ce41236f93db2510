// Models out of customers, or of known parameters.
#include "customers.hpp"
#include "instances.hpp"
#include "options.hpp"

namespace kundenwert::c {

namespace {

template <class Customers>
kw_model* fit(std::int32_t kind, const Customers& from, time_unit unit, const kw_fit_options& o) {
  const customers given(from, columns_read_by(btyd::info_of(kind)), o.covariates, o.covariates_length);
  progress_call call{o.progress, o.progress_context};
  const auto how = fit_options_of(o, given.rows(), call);
  return new kw_model{btyd::fit<btyd::models>(kind, given.columns(), unit, how)};
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_fit_options_init(kw_fit_options* options, int64_t struct_size) { c::init(options, struct_size); }

kw_status kw_fit(int32_t model_kind, const kw_summary* summary, const kw_fit_options* options, kw_model** out,
                 kw_error* error) {
  return c::guard(error, [&] {
    const auto& customers = *c::require_pointer(summary, "summary").value;
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    *out = c::fit(model_kind, customers, customers.unit, given);
  });
}

kw_status kw_fit_columns(int32_t model_kind, const kw_summary_columns* columns, int32_t unit,
                         const kw_fit_options* options, kw_model** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto customers = c::read(c::require_pointer(columns, "columns"), "columns");
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    *out = c::fit(model_kind, customers, static_cast<time_unit>(unit), given);
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

kw_status kw_model_from_effects(int32_t model_kind, int32_t unit, const double* values, int64_t count,
                                const kw_effect* effects, int64_t effects_length, const double* coefficients,
                                int64_t coefficients_length, kw_model** out, kw_error* error) {
  return c::guard(error, [&] {
    c::require_pointer(out, "out");
    const auto parameters = c::span_of(values, count, "values");
    const auto given = c::effects_of(effects, effects_length);
    const auto factors = c::span_of(coefficients, coefficients_length, "coefficients");
    *out =
        new kw_model{btyd::model_from_parameters(model_kind, parameters, static_cast<time_unit>(unit), given, factors)};
  });
}
