// One row per customer: from columns or Arrow, described, copied out, exported.
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "convert.hpp"
#include "customers.hpp"
#include "ids.hpp"
#include "kundenwert/arrow/tables.hpp"
#include "report.hpp"
#include "structs.hpp"
#include "tables.hpp"

namespace kundenwert::c {

template <>
kw_summary_info defaults() {
  kw_summary_info out{};
  out.start = out.end = out.holdout_end = KW_NO_DAY;
  return out;
}

namespace {

arrow::summary_names names_of(const kw_summary_names& n) {
  arrow::summary_names out;
  const auto read = [](const char* name, std::string& to) {
    if (name != nullptr) to = name;
  };
  read(n.customer_id, out.customer_id);
  read(n.frequency, out.frequency);
  read(n.recency, out.recency);
  read(n.T, out.age);
  read(n.monetary_value, out.monetary_value);
  read(n.first_purchase, out.first_purchase);
  read(n.last_purchase, out.last_purchase);
  read(n.revenue, out.revenue);
  read(n.acquired_before_start, out.acquired_before_start);
  read(n.holdout_frequency, out.holdout_frequency);
  read(n.holdout_revenue, out.holdout_revenue);
  read(n.log_interval_sum, out.log_interval_sum);
  return out;
}

kw_summary* handle_of(summary&& value) { return new kw_summary{std::make_shared<const summary>(std::move(value))}; }

const summary& summary_of(const kw_summary* handle) { return *require_pointer(handle, "summary").value; }

double day_value(std::int32_t day) { return day == no_day ? not_available : day; }

// Calls visit(rows, value of a row) for a column of the summary; returns whether there is one.
template <class Visit>
bool visit_column(const summary& s, std::int32_t number, Visit&& visit) {
  const auto of = [&](const auto& values, auto&& value_of) {
    if (values.size() != s.frequency.size()) return false;
    visit(values.size(), [&](std::size_t i) { return value_of(values[i]); });
    return true;
  };
  const auto derived_from = [&](const auto& values, auto&& value_at) {
    if (values.size() != s.frequency.size()) return false;
    visit(values.size(), value_at);
    return true;
  };
  const auto same = [](double value) { return value; };
  switch (static_cast<summary_column>(number)) {
    case summary_column::frequency:
      return of(s.frequency, same);
    case summary_column::recency:
      return of(s.recency, same);
    case summary_column::age:
      return of(s.age, same);
    case summary_column::monetary_value:
      return of(s.monetary_value, same);
    case summary_column::first_purchase:
      return of(s.first_purchase, day_value);
    case summary_column::last_purchase:
      return of(s.last_purchase, day_value);
    case summary_column::revenue:
      return of(s.revenue, same);
    case summary_column::acquired_before_start:
      return of(s.acquired_before_start, [](std::uint8_t flag) { return static_cast<double>(flag); });
    case summary_column::holdout_frequency:
      return of(s.holdout_frequency, same);
    case summary_column::holdout_revenue:
      return of(s.holdout_revenue, same);
    case summary_column::days_since_purchase:
      return s.end != no_day && derived_from(s.last_purchase, [&](std::size_t i) { return s.days_since_purchase(i); });
    case summary_column::purchase_days:
      return derived_from(s.frequency, [&](std::size_t i) { return s.purchase_days(i); });
    case summary_column::log_interval_sum:
      return of(s.log_interval_sum, same);
  }
  return false;
}

const code_entry* entry_of_column(std::int32_t number) {
  for (const auto& e : detail::column_entries) {
    if (static_cast<std::int32_t>(e.number) == number) return &e;
  }
  return nullptr;
}

bool has_column(const summary& s, std::int32_t number) {
  return visit_column(s, number, [](std::size_t, auto&&) {});
}

void copy_column(const summary& s, std::int32_t number, double* out, std::int64_t out_length) {
  const code_entry* const entry = entry_of_column(number);
  if (entry == nullptr) {
    fail(error_code::unknown_code, "column", "there is no column number " + std::to_string(number));
  }
  if (!has_column(s, number)) {
    fail(error_code::column_missing, "column", "the summary has no " + std::string(entry->name));
  }
  const auto to = output_of(out, out_length, s.size());
  visit_column(s, number, [&](std::size_t rows, auto&& value) {
    for (std::size_t i = 0; i < rows; ++i) to[i] = value(i);
  });
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_summary_columns_init(kw_summary_columns* columns, int64_t struct_size) { c::init(columns, struct_size); }
void kw_summary_names_init(kw_summary_names* names, int64_t struct_size) { c::init(names, struct_size); }
void kw_summary_info_init(kw_summary_info* info, int64_t struct_size) { c::init(info, struct_size); }

kw_status kw_summary_from_columns(const kw_summary_columns* columns, int32_t unit, kw_summary** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto given = c::read(c::require_pointer(columns, "columns"), "columns");
    c::require_pointer(out, "out");
    const auto borrowed = c::columns_of(given, c::columns_of_summary());
    *out = c::handle_of(summary_from_columns(borrowed, static_cast<time_unit>(unit)));
  });
}

kw_status kw_summary_import_arrow(ArrowArrayStream* stream, int32_t unit, const kw_summary_names* names,
                                  kw_summary** out, kw_error* error) {
  arrow::owned<ArrowArrayStream> taken(stream);
  return c::guard(error, [&] {
    c::require_pointer(stream, "stream");
    const auto given = c::read_options(names, "names");
    c::require_pointer(out, "out");
    std::optional<time_unit> stated;
    if (unit != 0) stated = static_cast<time_unit>(unit);
    arrow::stream source(&*taken);
    *out = c::handle_of(arrow::import_summary(source, c::names_of(given), stated));
  });
}

kw_status kw_summary_export_arrow(const kw_summary* summary, ArrowArrayStream* out, kw_error* error) {
  return c::guard(error, [&] {
    c::require_pointer(out, "out");
    arrow::export_summary(c::require_pointer(summary, "summary").value).export_stream(out);
  });
}

void kw_summary_free(kw_summary* summary) { delete summary; }

int64_t kw_summary_rows(const kw_summary* summary) { return summary == nullptr ? 0 : summary->value->size(); }

kw_status kw_summary_describe(const kw_summary* summary, kw_summary_info* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::summary_of(summary);
    auto& to = c::require_result(out);
    kw_summary_info info{};
    info.unit = static_cast<int32_t>(from.unit);
    info.start = from.start;
    info.end = from.end;
    info.holdout_end = from.holdout_end;
    info.id_type = static_cast<int32_t>(c::id_type_of(from.ids));
    info.rows = from.size();
    info.id_bytes = static_cast<int64_t>(from.ids.text.size());
    c::copy_text(info.currency, from.currency);
    c::write(to, info);
  });
}

int32_t kw_summary_has_column(const kw_summary* summary, int32_t column) {
  return summary != nullptr && c::has_column(*summary->value, column) ? 1 : 0;
}

kw_status kw_summary_copy_column(const kw_summary* summary, int32_t column, double* out, int64_t out_length,
                                 kw_error* error) {
  return c::guard(error, [&] { c::copy_column(c::summary_of(summary), column, out, out_length); });
}

kw_status kw_summary_copy_ids(const kw_summary* summary, int64_t* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::summary_of(summary);
    c::copy_ids(from.ids, from.size(), out, out_length);
  });
}

kw_status kw_summary_copy_text_ids(const kw_summary* summary, char* text, int64_t text_length, int64_t* offsets,
                                   int64_t offsets_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::summary_of(summary);
    c::copy_text_ids(from.ids, from.size(), text, text_length, offsets, offsets_length);
  });
}

kw_status kw_summary_report(const kw_summary* summary, kw_log_report* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::summary_of(summary);
    auto& to = c::require_result(out);
    c::write(to, c::log_report_of(from.log));
  });
}

kw_status kw_summary_rejected(const kw_summary* summary, int64_t* rows, int32_t* fields, int32_t* codes, int64_t length,
                              kw_error* error) {
  return c::guard(error, [&] { c::copy_rejected(c::summary_of(summary).log, rows, fields, codes, length); });
}
