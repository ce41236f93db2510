// Quantities of customers and their lifetime value.
#include <memory>

#include "convert.hpp"
#include "instances.hpp"
#include "kundenwert/btyd/lifetime_value.hpp"
#include "structs.hpp"

namespace kundenwert::c {

template <>
kw_predict_options defaults() {
  const btyd::predict_options core;
  kw_predict_options out{};
  out.horizon = core.horizon;
  out.annual_discount_rate = core.annual_discount_rate;
  out.units_per_year = core.units_per_year;
  out.count = core.count;
  out.level = core.level;
  return out;
}

template <>
kw_lifetime_value_options defaults() {
  const btyd::lifetime_value_options core;
  kw_lifetime_value_options out{};
  out.margin_rate = core.margin_rate;
  out.units_per_year = core.units_per_year;
  return out;
}

namespace {

struct prediction_output {
  double* values;
  std::int64_t length;
};

void predict(const btyd::model& m, std::int32_t quantity, const kw_predict_options& o, const summary_columns& customers,
             const prediction_output& out) {
  const std::int64_t rows = customers.frequency.size();
  const auto to = output_of(out.values, out.length, rows);
  reason_output reasons(o.reasons, o.reasons_length, rows);
  progress_call call{o.progress, o.progress_context};
  btyd::predict_options how;
  how.horizon = o.horizon;
  how.annual_discount_rate = o.annual_discount_rate;
  how.units_per_year = o.units_per_year;
  how.count = o.count;
  how.level = o.level;
  how.threads = threads_of(o.threads);
  how.watch = call.watch();
  btyd::predict<btyd::models>(m, static_cast<btyd::quantity>(quantity), customers, how, to, reasons.found);
  reasons.write();
}

struct discounting {
  double horizon;
  double annual_rate;
};

void lifetime_value(const btyd::model& transactions, const btyd::model& spend, const discounting& over,
                    const kw_lifetime_value_options& o, const summary_columns& customers,
                    const prediction_output& out) {
  const std::int64_t rows = customers.frequency.size();
  const auto to = output_of(out.values, out.length, rows);
  reason_output reasons(o.reasons, o.reasons_length, rows);
  progress_call call{o.progress, o.progress_context};
  btyd::lifetime_value_options how;
  how.horizon = over.horizon;
  how.annual_discount_rate = over.annual_rate;
  how.units_per_year = o.units_per_year;
  how.margin_rate = o.margin_rate;
  how.threads = threads_of(o.threads);
  how.watch = call.watch();
  btyd::lifetime_value(transactions, spend, customers, how, to, reasons.found);
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
    c::predict(m, quantity, given, btyd::columns_of(customers), {out, out_length});
  });
}

kw_status kw_predict_columns(const kw_model* model, int32_t quantity, const kw_predict_options* options,
                             const kw_summary_columns* columns, double* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& m = c::require_pointer(model, "model").value;
    const auto given = c::read_options(options);
    const auto customers = c::read(c::require_pointer(columns, "columns"), "columns");
    c::predict(m, quantity, given, c::columns_of(customers, c::kinds_of(m)), {out, out_length});
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
    c::lifetime_value(purchases, amounts, {horizon, annual_discount_rate}, given, btyd::columns_of(customers),
                      {out, out_length});
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
    c::lifetime_value(purchases, amounts, {horizon, annual_discount_rate}, given,
                      c::columns_of(customers, c::column_kinds::all), {out, out_length});
  });
}
