// Whether and how a model describes customers, as tables.
#include "kundenwert/btyd/diagnostics.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

#include "customers.hpp"
#include "instances.hpp"
#include "kundenwert/btyd/export.hpp"
#include "kundenwert/btyd/heterogeneity.hpp"
#include "kundenwert/btyd/tracking.hpp"
#include "options.hpp"
#include "tables.hpp"

namespace kundenwert::c {

template <>
kw_diagnostic_options defaults() {
  kw_diagnostic_options out{};
  out.by = static_cast<std::int32_t>(btyd::conditional_options().by);
  out.quantity = static_cast<std::int32_t>(btyd::grid_options().what);
  out.age = btyd::grid_options().age;
  return out;
}

template <>
kw_tracking_options defaults() {
  const tracking_options core;
  kw_tracking_options out{};
  out.start = core.start;
  out.through = core.through;
  out.step_days = core.step_days;
  return out;
}

namespace {

std::int32_t given_or(std::int32_t given, std::int32_t usual) { return given == 0 ? usual : given; }

template <class Table>
void write_stream(Table&& found, time_unit unit, ArrowArrayStream* out) {
  btyd::export_table(std::forward<Table>(found), unit).export_stream(out);
}

btyd::grid_options grid_options_of(const kw_diagnostic_options& o, progress_call& call) {
  btyd::grid_options out;
  out.what = static_cast<btyd::quantity>(o.quantity);
  out.age = o.age;
  out.largest = given_or(o.largest, out.largest);
  out.recency_steps = given_or(o.bins, out.recency_steps);
  const auto arguments = read_options(o.arguments, "arguments");
  if (arguments.reasons != nullptr) fail(error_code::unsupported, "arguments", "has a column for reasons");
  if (arguments.covariates != nullptr) fail(error_code::unsupported, "arguments", "has covariates");
  out.arguments = predict_options_of(arguments, call);
  out.arguments.threads = threads_of(o.threads);
  return out;
}

btyd::heterogeneity_options heterogeneity_options_of(const kw_diagnostic_options& o) {
  btyd::heterogeneity_options out;
  if (o.of != nullptr) out.of = o.of;
  out.points = span_of(o.points, o.points_length, "points");
  out.count = given_or(o.bins, out.count);
  return out;
}

void diagnose(const btyd::model& m, std::int32_t number, const kw_summary* summary, const kw_diagnostic_options& o,
              ArrowArrayStream* out) {
  progress_call call{o.progress, o.progress_context};
  const int threads = threads_of(o.threads);
  switch (static_cast<diagnostic>(number)) {
    case diagnostic::frequency_histogram: {
      btyd::histogram_options how;
      how.largest = given_or(o.largest, how.largest);
      how.threads = threads;
      how.watch = call.watch();
      return write_stream(btyd::histogram_of<btyd::models>(m, *require_pointer(summary, "summary").value, how), m.unit,
                          out);
    }
    case diagnostic::conditional_expectations: {
      btyd::conditional_options how;
      how.by = static_cast<btyd::history_part>(o.by);
      how.largest = given_or(o.largest, how.largest);
      how.bins = given_or(o.bins, how.bins);
      how.horizon = o.horizon;
      how.threads = threads;
      how.watch = call.watch();
      return write_stream(
          btyd::conditional_expectations<btyd::models>(m, *require_pointer(summary, "summary").value, how), m.unit,
          out);
    }
    case diagnostic::history_grid:
      return write_stream(btyd::history_grid_of<btyd::models>(m, grid_options_of(o, call)), m.unit, out);
    case diagnostic::heterogeneity:
      return write_stream(btyd::heterogeneity_of(m, heterogeneity_options_of(o)), m.unit, out);
  }
  fail(error_code::unknown_code, "diagnostic", "there is no diagnostic number " + std::to_string(number));
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_diagnostic_options_init(kw_diagnostic_options* options, int64_t struct_size) { c::init(options, struct_size); }
void kw_tracking_options_init(kw_tracking_options* options, int64_t struct_size) { c::init(options, struct_size); }

kw_status kw_diagnose(const kw_model* model, int32_t diagnostic, const kw_summary* summary,
                      const kw_diagnostic_options* options, ArrowArrayStream* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& m = c::require_pointer(model, "model").value;
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    c::diagnose(m, diagnostic, summary, given, out);
  });
}

kw_status kw_track_purchases(const kw_accumulator* accumulator, const kw_model* model, int32_t as_of,
                             const kw_tracking_options* options, ArrowArrayStream* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& log = c::require_pointer(accumulator, "accumulator").value;
    const auto& m = c::require_pointer(model, "model").value;
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    const int threads = std::max(c::threads_of(given.threads), 1);
    const tracking_options how{as_of, given.start, given.through, given.step_days};
    c::write_stream(track_repeat_purchases<btyd::models>(log, m, how, threads), m.unit, out);
  });
}
