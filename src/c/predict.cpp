// Quantities of customers and their lifetime value.
#include "customers.hpp"
#include "instances.hpp"
#include "options.hpp"

namespace kundenwert::c {

namespace {

struct prediction_output {
  double* values;
  std::int64_t length;
};

template <class Customers>
void predict(const btyd::model& m, std::int32_t quantity, const kw_predict_options& o, const Customers& from,
             const prediction_output& out) {
  const customers given(from, columns_read_by(m.info()), o.covariates, o.covariates_length);
  const auto to = output_of(out.values, out.length, given.rows());
  reason_output reasons(o.reasons, o.reasons_length, given.rows());
  progress_call call{o.progress, o.progress_context};
  const auto how = predict_options_of(o, call);
  btyd::predict<btyd::models>(m, static_cast<btyd::quantity>(quantity), given.columns(), how, to, reasons.found);
  reasons.write();
}

template <class Customers>
void lifetime_value(const btyd::model& transactions, const btyd::model& spend, const discounting& over,
                    const kw_lifetime_value_options& o, const Customers& from, const prediction_output& out) {
  const customers given(from, columns_read_by(transactions.info(), spend.info()), o.covariates, o.covariates_length);
  const auto to = output_of(out.values, out.length, given.rows());
  reason_output reasons(o.reasons, o.reasons_length, given.rows());
  progress_call call{o.progress, o.progress_context};
  const auto how = lifetime_value_options_of(o, over, given.rows(), call);
  btyd::lifetime_value(transactions, spend, given.columns(), how, to, reasons.found);
  reasons.write();
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_predict_options_init(kw_predict_options* options, int64_t struct_size) { c::init(options, struct_size); }
void kw_lifetime_value_options_init(kw_lifetime_value_options* options, int64_t struct_size) {
  c::init(options, struct_size);
}

kw_status kw_predict(const kw_model* model, int32_t quantity, const kw_predict_options* options,
                     const kw_summary* summary, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& m = c::require_pointer(model, "model").value;
    const auto given = c::read_options(options);
    const auto& customers = *c::require_pointer(summary, "summary").value;
    // Spend has no time in it.
    if (!m.info().is_spend) btyd::require_same_unit(m, customers);
    c::predict(m, quantity, given, customers, {out, out_length});
  });
}

kw_status kw_predict_columns(const kw_model* model, int32_t quantity, const kw_predict_options* options,
                             const kw_summary_columns* columns, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& m = c::require_pointer(model, "model").value;
    const auto given = c::read_options(options);
    const auto customers = c::read(c::require_pointer(columns, "columns"), "columns");
    c::predict(m, quantity, given, customers, {out, out_length});
  });
}

kw_status kw_calendar_horizon(const kw_summary* summary, int32_t months, double* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& customers = *c::require_pointer(summary, "summary").value;
    double& to = c::require_pointer(out, "out");
    to = btyd::calendar_horizon(customers, months);
  });
}

kw_status kw_lifetime_value(const kw_model* transactions, const kw_model* spend, double horizon,
                            double annual_discount_rate, const kw_lifetime_value_options* options,
                            const kw_summary* summary, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& purchases = c::require_pointer(transactions, "transactions").value;
    const auto& amounts = c::require_pointer(spend, "spend").value;
    const auto given = c::read_options(options);
    const auto& customers = *c::require_pointer(summary, "summary").value;
    btyd::require_same_unit(purchases, customers);
    c::lifetime_value(purchases, amounts, {horizon, annual_discount_rate}, given, customers, {out, out_length});
  });
}

kw_status kw_lifetime_value_columns(const kw_model* transactions, const kw_model* spend, double horizon,
                                    double annual_discount_rate, const kw_lifetime_value_options* options,
                                    const kw_summary_columns* columns, double* out, int64_t out_length,
                                    kw_error* error) {
  return c::guard(error, [&] {
    const auto& purchases = c::require_pointer(transactions, "transactions").value;
    const auto& amounts = c::require_pointer(spend, "spend").value;
    const auto given = c::read_options(options);
    const auto customers = c::read(c::require_pointer(columns, "columns"), "columns");
    c::lifetime_value(purchases, amounts, {horizon, annual_discount_rate}, given, customers, {out, out_length});
  });
}
