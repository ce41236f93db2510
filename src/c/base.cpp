// Tables of every kind in, a customer base out.
#include <algorithm>
#include <array>
#include <memory>
#include <type_traits>
#include <utility>

#include "convert.hpp"
#include "ids.hpp"
#include "kundenwert/arrow/import_table.hpp"
#include "kundenwert/ingest/add_table.hpp"
#include "kundenwert/ingest/customer_base.hpp"
#include "kundenwert/model/nouns.hpp"
#include "structs.hpp"
#include "table.hpp"
#include "tables.hpp"

struct kw_base_builder {
  kundenwert::customer_base_builder value;
  int threads;
  std::array<std::int64_t, kundenwert::table_kinds.size() + 1> rows;  // added so far, by kind
};

namespace kundenwert::c {

template <>
kw_table_options defaults() {
  kw_table_options out{};
  out.date_format = static_cast<std::int32_t>(arrow::day_options().text_format);
  return out;
}

template <>
kw_base_options defaults() {
  const customer_base_options core;
  kw_base_options out{};
  out.returns = static_cast<std::int32_t>(core.returns);
  out.rows = static_cast<std::int32_t>(core.rows);
  out.load_date = core.load_date;
  out.rejected_limit = core.rejected_limit;
  return out;
}

template <>
kw_table_report defaults() {
  kw_table_report out{};
  out.first_day = out.last_day = KW_NO_DAY;
  return out;
}

namespace {

customer_base_options options_of(const kw_base_options& o) {
  customer_base_options out;
  out.returns = static_cast<returns_policy>(o.returns);
  out.rows = static_cast<row_mode>(o.rows);
  out.rejected_limit = o.rejected_limit;
  out.load_date = o.load_date;
  if (o.currency != nullptr) out.currency = o.currency;
  return out;
}

std::int64_t& rows_of(kw_base_builder& builder, table_kind kind) {
  return builder.rows[static_cast<std::size_t>(kind)];
}

template <class Columns>
void add_batch(kw_base_builder& into, const kw_table& given, const arrow::table_options& options) {
  std::int64_t& rows_before = rows_of(into, noun<Columns>::kind);
  borrowed_table table(given, rows_before);
  const auto batch = table.read<Columns>(options);
  if (table.rows() == 0) return;
  add_table(into.value, batch.columns, std::max(into.threads, 1));
  rows_before += table.rows();
}

// All batches of a stream or none: they go into a copy.
template <class Columns>
void add_stream(kw_base_builder& into, arrow::stream& source, const arrow::table_options& options) {
  static_assert(std::is_nothrow_move_assignable_v<customer_base_builder>);
  std::int64_t& rows_before = rows_of(into, noun<Columns>::kind);
  customer_base_builder added = into.value;
  // The stream counts its rows from 0, the builder all rows of the table.
  bool is_counted = false;
  try {
    const std::int64_t rows = arrow::import_table<Columns>(source, options, [&](const Columns& batch, std::int64_t) {
      is_counted = true;
      add_table(added, batch, std::max(into.threads, 1));
      is_counted = false;
    });
    into.value = std::move(added);
    rows_before += rows;
  } catch (const error& e) {
    if (e.row() == no_row || is_counted) throw;
    fail_at(e.code(), e.argument(), rows_before + e.row(), e.message());
  }
}

const customer_base& base_of(const kw_base* handle) { return *require_pointer(handle, "base").value; }

const table_report* report_of(const customer_base& base, table_kind kind) {
  for (const auto& report : base.reports) {
    if (report.table == kind) return &report;
  }
  return nullptr;
}

table_kind require_kind(std::int32_t kind) {
  const auto out = static_cast<table_kind>(kind);
  with_noun(out, [](auto) {});
  return out;
}

std::int32_t field_number(table_kind kind, std::string_view name) {
  const auto facts = facts_of_kind(kind);
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (facts[i].name == name) return static_cast<std::int32_t>(i + 1);
  }
  return 0;
}

kw_table_report table_report_of(const table_report& from) {
  kw_table_report out{};
  for (const auto& w : from.warnings) out.warnings |= std::uint32_t{1} << (static_cast<unsigned>(w.code) - 1U);
  out.first_day = from.first_day;
  out.last_day = from.last_day;
  out.rows_read = from.rows_read;
  out.rows_taken = from.rows_taken;
  out.rows_rejected = static_cast<std::int64_t>(from.rejected.size());
  return out;
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_table_init(kw_table* table, int64_t struct_size) { c::init(table, struct_size); }
void kw_table_options_init(kw_table_options* options, int64_t struct_size) { c::init(options, struct_size); }
void kw_base_options_init(kw_base_options* options, int64_t struct_size) { c::init(options, struct_size); }
void kw_base_finish_options_init(kw_base_finish_options* options, int64_t struct_size) {
  c::init(options, struct_size);
}
void kw_base_info_init(kw_base_info* info, int64_t struct_size) { c::init(info, struct_size); }
void kw_table_report_init(kw_table_report* report, int64_t struct_size) { c::init(report, struct_size); }

kw_status kw_base_builder_create(const kw_base_options* options, kw_base_builder** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    const int threads = c::threads_of(given.threads);
    *out = new kw_base_builder{customer_base_builder(c::options_of(given)), threads, {}};
  });
}

void kw_base_builder_free(kw_base_builder* builder) { delete builder; }

kw_status kw_base_builder_add(kw_base_builder* builder, int32_t kind, const kw_table* table,
                              const kw_table_options* options, kw_error* error) {
  return c::guard(error, [&] {
    auto& into = c::require_pointer(builder, "builder");
    const auto given = c::read(c::require_pointer(table, "table"), "table");
    const auto how = c::table_options_of(c::read_options(options), into.value.options().rows);
    with_noun(static_cast<table_kind>(kind),
              [&]<class Columns>(std::type_identity<Columns>) { c::add_batch<Columns>(into, given, how); });
  });
}

kw_status kw_base_builder_add_arrow(kw_base_builder* builder, int32_t kind, ArrowArrayStream* stream,
                                    const kw_table_options* options, kw_error* error) {
  arrow::owned<ArrowArrayStream> taken(stream);
  return c::guard(error, [&] {
    auto& into = c::require_pointer(builder, "builder");
    c::require_pointer(stream, "stream");
    const auto how = c::table_options_of(c::read_options(options), into.value.options().rows);
    c::require_kind(kind);
    arrow::stream source(&*taken);
    with_noun(static_cast<table_kind>(kind),
              [&]<class Columns>(std::type_identity<Columns>) { c::add_stream<Columns>(into, source, how); });
  });
}

kw_status kw_base_builder_finish(const kw_base_builder* builder, const kw_base_finish_options* options, kw_base** out,
                                 kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::require_pointer(builder, "builder");
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    c::progress_call call{given.progress, given.progress_context};
    const int threads = std::max(c::threads_of(given.threads), 1);
    *out = new kw_base{std::make_shared<const customer_base>(from.value.finish(threads, call.watch()))};
  });
}

void kw_base_free(kw_base* base) { delete base; }

int64_t kw_base_customers(const kw_base* base) { return base == nullptr ? 0 : base->value->size(); }

kw_status kw_base_describe(const kw_base* base, kw_base_info* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::base_of(base);
    auto& to = c::require_result(out);
    kw_base_info info{};
    info.id_type = static_cast<int32_t>(c::id_type_of(from.ids));
    info.customers = from.size();
    info.id_bytes = static_cast<int64_t>(from.ids.text.size());
    info.has_amounts = from.has_amounts ? 1 : 0;
    info.has_costs = from.has_costs ? 1 : 0;
    c::copy_text(info.currency, from.currency);
    c::write(to, info);
  });
}

kw_status kw_base_copy_ids(const kw_base* base, int64_t* out, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::base_of(base);
    c::copy_ids(from.ids, from.size(), out, out_length);
  });
}

kw_status kw_base_copy_text_ids(const kw_base* base, char* text, int64_t text_length, int64_t* offsets,
                                int64_t offsets_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::base_of(base);
    c::copy_text_ids(from.ids, from.size(), text, text_length, offsets, offsets_length);
  });
}

kw_status kw_base_report(const kw_base* base, int32_t kind, kw_table_report* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::base_of(base);
    const auto* report = c::report_of(from, c::require_kind(kind));
    auto& to = c::require_result(out);
    c::write(to, report == nullptr ? c::defaults<kw_table_report>() : c::table_report_of(*report));
  });
}

int64_t kw_base_warning_count(const kw_base* base, int32_t kind, int32_t warning) {
  const auto* report = base == nullptr ? nullptr : c::report_of(*base->value, static_cast<table_kind>(kind));
  if (report == nullptr) return 0;
  for (const auto& w : report->warnings) {
    if (static_cast<int32_t>(w.code) == warning) return w.count;
  }
  return 0;
}

kw_status kw_base_rejected(const kw_base* base, int32_t kind, int64_t* rows, int32_t* fields, int32_t* codes,
                           int64_t length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::base_of(base);
    const auto of = c::require_kind(kind);
    const auto* report = c::report_of(from, of);
    require_same_length(report == nullptr ? 0 : static_cast<int64_t>(report->rejected.size()), length, "length");
    for (std::size_t i = 0; i < static_cast<std::size_t>(length); ++i) {
      const table_issue& issue = report->rejected[i];
      if (rows != nullptr) rows[i] = issue.row;
      if (fields != nullptr) fields[i] = c::field_number(of, issue.column);
      if (codes != nullptr) codes[i] = static_cast<int32_t>(issue.code);
    }
  });
}
