// Transactions in, a summary out.
#include <memory>
#include <type_traits>
#include <utility>

#include "convert.hpp"
#include "kundenwert/arrow/tables.hpp"
#include "report.hpp"
#include "structs.hpp"

namespace kundenwert::c {

template <>
kw_accumulator_options defaults() {
  const accumulator_options core;
  kw_accumulator_options out{};
  out.mode = static_cast<std::int32_t>(core.mode);
  out.returns = static_cast<std::int32_t>(core.returns);
  out.rows = static_cast<std::int32_t>(core.rows);
  out.rejected_limit = core.rejected_limit;
  out.load_date = out.end = out.start = out.holdout_end = KW_NO_DAY;
  return out;
}

template <>
kw_transactions defaults() {
  kw_transactions out{};
  out.minor_exponent = transaction_columns().minor_exponent;
  return out;
}

template <>
kw_transaction_names defaults() {
  kw_transaction_names out{};
  out.date_format = static_cast<std::int32_t>(arrow::day_options().text_format);
  return out;
}

template <>
kw_finish_options defaults() {
  kw_finish_options out{};
  out.start = out.holdout_end = KW_NO_DAY;
  return out;
}

template <>
kw_log_report defaults() {
  kw_log_report out{};
  out.first_day = out.last_day = KW_NO_DAY;
  return out;
}

namespace {

static_assert(KW_NO_DAY == no_day && KW_NO_ROW == no_row);

accumulator_options options_of(const kw_accumulator_options& o) {
  accumulator_options out;
  out.mode = static_cast<accumulation>(o.mode);
  out.returns = static_cast<returns_policy>(o.returns);
  out.rows = static_cast<row_mode>(o.rows);
  out.rejected_limit = o.rejected_limit;
  out.load_date = o.load_date;
  if (o.currency != nullptr) out.currency = o.currency;
  out.dates.end = o.end;
  out.dates.start = o.start;
  out.dates.holdout_end = o.holdout_end;
  return out;
}

transaction_columns batch_of(const kw_transactions& batch, std::int64_t first_row) {
  const std::int64_t rows = require_rows(batch.rows);
  const bool has_numbers = batch.customer_id != nullptr;
  const bool has_texts = batch.customer_id_text != nullptr || batch.customer_id_offsets != nullptr;
  if (has_numbers && has_texts) {
    fail(error_code::domain, "customer_id", "is given as numbers and as text");
  }
  transaction_columns out;
  if (has_texts) {
    out.customer_id = text_of(batch.customer_id_text, batch.customer_id_offsets, batch.customer_id_validity, rows,
                              first_row, "customer_id");
  } else {
    out.customer_id =
        column<std::int64_t>(span_of(batch.customer_id, rows, "customer_id"), validity_of(batch.customer_id_validity));
  }
  out.day = {span_of(batch.date, rows, "date"), validity_of(batch.date_validity)};
  const auto amount_validity = validity_of(batch.amount_validity);
  if (batch.amount != nullptr) out.amount = {span_of(batch.amount, rows, "amount"), amount_validity};
  if (batch.amount_minor != nullptr) out.amount_minor = {span_of(batch.amount_minor, rows, "amount"), amount_validity};
  out.minor_exponent = batch.minor_exponent;
  if (batch.currency_text != nullptr || batch.currency_offsets != nullptr) {
    out.currency =
        text_of(batch.currency_text, batch.currency_offsets, batch.currency_validity, rows, first_row, "currency");
  }
  return out;
}

arrow::transaction_names names_of(const kw_transaction_names& n) {
  arrow::transaction_names out;
  const auto read = [](const char* name, std::string& to) {
    if (name != nullptr) to = name;
  };
  read(n.customer_id, out.customer_id);
  read(n.date, out.date);
  read(n.amount, out.amount);
  read(n.currency, out.currency);
  return out;
}

void require_same_kind(const accumulator& into, const transaction_columns& batch) {
  if (batch.has_text_ids() != into.has_text_ids()) {
    fail(error_code::wrong_type, "customer_id", "is text in one batch and numbers in another");
  }
  if (batch.has_amounts() != into.has_amounts()) {
    fail(error_code::column_missing, "amount", "is in some batches and not in others");
  }
}

// All batches of a stream or none. They go into another accumulator first: a copy where that is all there is or all
// that ordered mode allows, else an empty one that is merged.
void add_stream(accumulator& into, arrow::stream& source, const arrow::transaction_names& names,
                arrow::day_options days, int threads) {
  static_assert(std::is_nothrow_move_assignable_v<accumulator>);
  days.keep_unreadable = into.options().rows == row_mode::collect;
  const std::int64_t rows_before = into.report().rows_read;
  const bool is_merged = rows_before > 0 && into.options().mode == accumulation::exact;
  accumulator_options options = into.options();
  options.currency = into.currency();
  accumulator added = is_merged ? accumulator(options) : into;
  // Rows are counted from 0 by the stream, and by an empty accumulator, but from all rows before by a copy.
  bool is_counted = false;
  try {
    arrow::import_transactions(source, names, days, [&](const transaction_columns& batch, std::int64_t) {
      is_counted = !is_merged;
      if (is_merged) require_same_kind(into, batch);
      added.add(batch, threads);
      is_counted = false;
    });
  } catch (const error& e) {
    if (e.row() == no_row || is_counted) throw;
    fail_at(e.code(), e.argument(), rows_before + e.row(), e.message());
  }
  if (is_merged) {
    into.merge(added);
  } else {
    into = std::move(added);
  }
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_accumulator_options_init(kw_accumulator_options* options, int64_t struct_size) {
  c::init(options, struct_size);
}
void kw_transactions_init(kw_transactions* batch, int64_t struct_size) { c::init(batch, struct_size); }
void kw_transaction_names_init(kw_transaction_names* names, int64_t struct_size) { c::init(names, struct_size); }
void kw_finish_options_init(kw_finish_options* options, int64_t struct_size) { c::init(options, struct_size); }
void kw_log_report_init(kw_log_report* report, int64_t struct_size) { c::init(report, struct_size); }

kw_status kw_accumulator_create(const kw_accumulator_options* options, kw_accumulator** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    const int threads = c::threads_of(given.threads);
    *out = new kw_accumulator{accumulator(c::options_of(given)), threads};
  });
}

void kw_accumulator_free(kw_accumulator* accumulator) { delete accumulator; }

kw_status kw_accumulator_add(kw_accumulator* accumulator, const kw_transactions* batch, kw_error* error) {
  return c::guard(error, [&] {
    auto& into = c::require_pointer(accumulator, "accumulator");
    const auto given = c::read(c::require_pointer(batch, "batch"), "batch");
    into.value.add(c::batch_of(given, into.value.report().rows_read), into.threads);
  });
}

kw_status kw_accumulator_add_arrow(kw_accumulator* accumulator, ArrowArrayStream* stream,
                                   const kw_transaction_names* names, kw_error* error) {
  arrow::owned<ArrowArrayStream> taken(stream);
  return c::guard(error, [&] {
    auto& into = c::require_pointer(accumulator, "accumulator");
    c::require_pointer(stream, "stream");
    const auto given = c::read_options(names, "names");
    arrow::day_options days;
    days.text_format = static_cast<date_format>(given.date_format);
    if (given.has_utc_offset != 0) days.utc_offset = fixed_offset{given.utc_offset_minutes};
    arrow::stream source(&*taken);
    c::add_stream(into.value, source, c::names_of(given), days, into.threads);
  });
}

kw_status kw_accumulator_merge(kw_accumulator* accumulator, const kw_accumulator* other, kw_error* error) {
  return c::guard(error, [&] {
    auto& into = c::require_pointer(accumulator, "accumulator");
    into.value.merge(c::require_pointer(other, "other").value);
  });
}

kw_status kw_accumulator_finish(const kw_accumulator* accumulator, int32_t unit, int32_t end, kw_summary** out,
                                kw_error* error) {
  return kw_accumulator_finish_with(accumulator, unit, end, nullptr, out, error);
}

kw_status kw_accumulator_finish_with(const kw_accumulator* accumulator, int32_t unit, int32_t end,
                                     const kw_finish_options* options, kw_summary** out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::require_pointer(accumulator, "accumulator");
    const auto given = c::read_options(options);
    c::require_pointer(out, "out");
    c::progress_call call{given.progress, given.progress_context};
    finish_options how;
    how.unit = static_cast<time_unit>(unit);
    how.end = end;
    how.start = given.start;
    how.holdout_end = given.holdout_end;
    how.threads = c::threads_of(given.threads);
    how.watch = call.watch();
    *out = new kw_summary{std::make_shared<const summary>(from.value.finish(how))};
  });
}

kw_status kw_accumulator_report(const kw_accumulator* accumulator, kw_log_report* out, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::require_pointer(accumulator, "accumulator");
    auto& to = c::require_result(out);
    c::write(to, c::log_report_of(from.value.report()));
  });
}

kw_status kw_accumulator_rejected(const kw_accumulator* accumulator, int64_t* rows, int32_t* fields, int32_t* codes,
                                  int64_t length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& from = c::require_pointer(accumulator, "accumulator");
    c::copy_rejected(from.value.report(), rows, fields, codes, length);
  });
}
