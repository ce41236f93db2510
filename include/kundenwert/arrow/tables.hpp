// The nouns of the core as Arrow tables: a summary out and back in, and a transaction log in, batch by batch.
//
//   arrow::import_transactions(source, {.customer_id = "id"}, {}, [&](const transaction_columns& batch, std::int64_t) {
//     log.add(batch);
//   });
//   arrow::export_summary(customers).export_stream(&stream);
//
// References: domain specification, data model.
//
// Columns of a summary: customer_id, frequency, recency, T, monetary_value, log_interval_sum, first_purchase,
// last_purchase, revenue, acquired_before_start, holdout_frequency, holdout_revenue; those the summary lacks are left
// out. Metadata keys: kundenwert.version, kundenwert.unit, kundenwert.start, kundenwert.end, kundenwert.holdout_end,
// kundenwert.currency.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kundenwert/arrow/export.hpp"
#include "kundenwert/arrow/import.hpp"
#include "kundenwert/arrow/stream.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/model/summary.hpp"
#include "kundenwert/model/transaction.hpp"
#include "kundenwert/time/calendar.hpp"
#include "kundenwert/time/parse.hpp"
#include "kundenwert/version.hpp"

namespace kundenwert::arrow {

// Names of the columns of a log. An empty name: the log has no such column.
struct transaction_names {
  std::string customer_id = "customer_id";
  std::string date = "date";
  std::string amount = "amount";
  std::string currency = {};
};

// Hands every batch with rows to consume(transaction_columns, first_row), where first_row is the number of the batch's
// row 0 over the whole stream; what it is given is borrowed for the call. Returns the number of rows read. Throws
// column_missing before the first batch; else what import_ids, import_days, import_amounts, import_text and consume
// throw.
template <class Consume>
std::int64_t import_transactions(stream& source, const transaction_names& names, const day_options& days,
                                 Consume&& consume);

// Names of the columns of a summary. A name that was changed from the default must be there; the optional columns may
// be absent under their default names. An empty name: do not read the column.
struct summary_names {
  std::string customer_id = "customer_id";
  std::string frequency = "frequency";  // required
  std::string recency = "recency";      // required
  std::string age = "T";                // required
  std::string monetary_value = "monetary_value";
  std::string first_purchase = "first_purchase";
  std::string last_purchase = "last_purchase";
  std::string revenue = "revenue";
  std::string acquired_before_start = "acquired_before_start";
  std::string holdout_frequency = "holdout_frequency";
  std::string holdout_revenue = "holdout_revenue";
  std::string log_interval_sum = "log_interval_sum";
};

// The summary as a table; the first form shares its memory, the second copies it.
table export_summary(std::shared_ptr<const summary> customers);
table export_summary(const summary& customers);

// A summary from a table. Rows are checked as in summary_from_columns and put into the order of their ids where there
// are any. The unit is the one in the metadata or the one given; throws unit_mismatch where they differ, missing where
// there is none. Throws missing for a null id, encoding for an id that is not 1 to 128 bytes, duplicate_id.
summary import_summary(stream& source, const summary_names& names = {}, std::optional<time_unit> unit = {});

namespace detail {

inline constexpr std::string_view version_key = "kundenwert.version";
inline constexpr std::string_view unit_key = "kundenwert.unit";
inline constexpr std::string_view start_key = "kundenwert.start";
inline constexpr std::string_view end_key = "kundenwert.end";
inline constexpr std::string_view holdout_end_key = "kundenwert.holdout_end";
inline constexpr std::string_view currency_key = "kundenwert.currency";

inline constexpr std::size_t longest_id = 128;

inline std::int32_t day_of_metadata(const stream& source, std::string_view key) {
  const auto text = source.metadata(key);
  return text ? parse_day(*text, {}, key) : no_day;
}

// True where the column is to be read. A column of the default name may be absent.
inline bool is_read(const stream& source, const std::string& name, const std::string& default_name) {
  if (name.empty() || (name == default_name && !source.has_column(name))) return false;
  source.column_number(name);
  return true;
}

inline time_unit unit_of(const stream& source, std::optional<time_unit> given) {
  if (given) days_per(*given);
  const auto text = source.metadata(unit_key);
  if (!text) {
    if (!given) fail(error_code::missing, "unit", "is neither given nor in the metadata of the table");
    return *given;
  }
  for (const time_unit known : {time_unit::day, time_unit::week, time_unit::month, time_unit::year}) {
    if (*text != name_of(known)) continue;
    if (given && *given != known) {
      fail(error_code::unit_mismatch, "unit",
           "is " + std::string(name_of(*given)) + ", but the table is in the unit " + *text);
    }
    return known;
  }
  fail(error_code::unknown_code, "unit", "\"" + *text + "\" in the table's metadata is no unit");
}

enum class nulls { refused, as_not_available };

inline void append_numbers(const record_batch& batch, const std::string& name, nulls policy, std::vector<double>& out) {
  const field f = batch.named(name);
  const auto numbers = import_numbers(f);
  for (std::int64_t i = 0; i < f.rows; ++i) {
    const bool valid = numbers.view.is_valid(i);
    if (!valid && policy == nulls::refused) fail_at(error_code::missing, name, row_number(f, i), "is null or NaN");
    out.push_back(valid ? numbers.view[i] : not_available);
  }
}

inline void append_days(const record_batch& batch, const std::string& name, std::vector<std::int32_t>& out) {
  const field f = batch.named(name);
  const auto days = import_days(f);
  for (std::int64_t i = 0; i < f.rows; ++i) out.push_back(days.view.is_valid(i) ? days.view[i] : no_day);
}

inline void append_flags(const record_batch& batch, const std::string& name, std::vector<std::uint8_t>& out) {
  const field f = batch.named(name);
  const auto flags = import_flags(f);
  for (std::int64_t i = 0; i < f.rows; ++i) {
    if (!flags.view.is_valid(i)) fail_at(error_code::missing, name, row_number(f, i), "is null");
    out.push_back(flags.view[i]);
  }
}

inline void append_ids(const record_batch& batch, const std::string& name, customer_ids& out) {
  const field f = batch.named(name);
  const auto ids = import_ids(f);
  const auto require_valid = [&](bool valid, std::int64_t row) {
    if (!valid) fail_at(error_code::missing, name, row_number(f, row), "is null");
  };
  if (const auto* numbers = std::get_if<column<std::int64_t>>(&ids.view)) {
    for (std::int64_t i = 0; i < f.rows; ++i) {
      require_valid(numbers->is_valid(i), i);
      out.numbers.push_back((*numbers)[i]);
    }
    return;
  }
  const auto& text = std::get<text_column>(ids.view);
  out.is_text = true;
  if (out.offsets.empty()) out.offsets.push_back(0);
  for (std::int64_t i = 0; i < f.rows; ++i) {
    require_valid(text.is_valid(i), i);
    const std::string_view id = text[i];
    if (id.empty() || id.size() > longest_id) {
      fail_at(error_code::encoding, name, row_number(f, i), "is " + std::to_string(id.size()) + " bytes, not 1 to 128");
    }
    out.text += id;
    out.offsets.push_back(static_cast<std::int64_t>(out.text.size()));
  }
}

// -1, 0 or 1 as the id of row a is before, the same as or after that of row b.
inline int compare_ids(const customer_ids& ids, std::int64_t a, std::int64_t b) {
  if (ids.is_text) {
    const int order = ids.text_at(a).compare(ids.text_at(b));
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  const auto x = ids.numbers[static_cast<std::size_t>(a)];
  const auto y = ids.numbers[static_cast<std::size_t>(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

template <class T>
void reorder(std::vector<T>& values, const std::vector<std::int64_t>& rows) {
  if (values.empty()) return;
  std::vector<T> ordered;
  ordered.reserve(values.size());
  for (const std::int64_t row : rows) ordered.push_back(values[static_cast<std::size_t>(row)]);
  values = std::move(ordered);
}

inline void reorder(customer_ids& ids, const std::vector<std::int64_t>& rows) {
  reorder(ids.numbers, rows);
  if (!ids.is_text) return;
  customer_ids ordered;
  ordered.is_text = true;
  ordered.text.reserve(ids.text.size());
  ordered.offsets.push_back(0);
  for (const std::int64_t row : rows) {
    ordered.text += ids.text_at(row);
    ordered.offsets.push_back(static_cast<std::int64_t>(ordered.text.size()));
  }
  ids = std::move(ordered);
}

// Rows in ascending order of ids; throws duplicate_id for the smallest row whose id came before.
inline void order_by_id(summary& s, std::string_view id_name) {
  const std::int64_t count = s.ids.size();
  bool ascending = true;
  for (std::int64_t i = 1; i < count && ascending; ++i) ascending = compare_ids(s.ids, i - 1, i) < 0;
  if (ascending) return;
  std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  std::sort(rows.begin(), rows.end(), [&](std::int64_t a, std::int64_t b) {
    const int order = compare_ids(s.ids, a, b);
    return order != 0 ? order < 0 : a < b;
  });
  std::int64_t repeated = no_row;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (compare_ids(s.ids, rows[i - 1], rows[i]) != 0) continue;
    if (repeated == no_row || rows[i] < repeated) repeated = rows[i];
  }
  if (repeated != no_row) fail_at(error_code::duplicate_id, id_name, repeated, "occurs before: one row per customer");
  reorder(s.ids, rows);
  for (auto* values : {&s.frequency, &s.recency, &s.age, &s.monetary_value, &s.log_interval_sum, &s.revenue,
                       &s.holdout_frequency, &s.holdout_revenue}) {
    reorder(*values, rows);
  }
  reorder(s.first_purchase, rows);
  reorder(s.last_purchase, rows);
  reorder(s.acquired_before_start, rows);
}

}  // namespace detail

template <class Consume>
std::int64_t import_transactions(stream& source, const transaction_names& names, const day_options& days,
                                 Consume&& consume) {
  for (const std::string* name : {&names.customer_id, &names.date, &names.amount, &names.currency}) {
    if (!name->empty()) source.column_number(*name);
  }
  if (names.customer_id.empty()) fail(error_code::missing, "customer_id", "needs the name of its column");
  if (names.date.empty()) fail(error_code::missing, "date", "needs the name of its column");
  while (const auto batch = source.next()) {
    if (batch->rows() == 0) continue;
    const auto ids = import_ids(batch->named(names.customer_id));
    const auto dates = import_days(batch->named(names.date), days);
    imported_amounts amounts;
    if (!names.amount.empty()) amounts = import_amounts(batch->named(names.amount));
    imported<text_column> currencies;
    if (!names.currency.empty()) currencies = import_text(batch->named(names.currency));
    transaction_columns columns;
    columns.customer_id = ids.view;
    columns.day = dates.view;
    columns.amount = amounts.view.amount;
    columns.amount_minor = amounts.view.amount_minor;
    columns.minor_exponent = amounts.view.minor_exponent;
    columns.currency = currencies.view;
    consume(std::as_const(columns), batch->first_row());
  }
  return source.rows_read();
}

inline table export_summary(std::shared_ptr<const summary> customers) {
  const summary& s = *customers;
  const auto share = [&]<class T>(const std::vector<T>& values) { return shared_values<T>(values, customers); };
  table out;
  if (s.ids.size() == s.size()) out.add_ids("customer_id", s.ids, customers);
  out.add("frequency", share(s.frequency)).add("recency", share(s.recency)).add("T", share(s.age));
  // Optional columns are of full length or empty; a summary without rows keeps none of them.
  if (!s.monetary_value.empty()) out.add("monetary_value", share(s.monetary_value));
  if (!s.log_interval_sum.empty()) out.add("log_interval_sum", share(s.log_interval_sum));
  if (!s.first_purchase.empty()) out.add_days("first_purchase", share(s.first_purchase));
  if (!s.last_purchase.empty()) out.add_days("last_purchase", share(s.last_purchase));
  if (!s.revenue.empty()) out.add("revenue", share(s.revenue));
  if (!s.acquired_before_start.empty()) out.add_flags("acquired_before_start", s.acquired_before_start);
  if (!s.holdout_frequency.empty()) out.add("holdout_frequency", share(s.holdout_frequency));
  if (!s.holdout_revenue.empty()) out.add("holdout_revenue", share(s.holdout_revenue));
  out.set_metadata(detail::version_key, std::to_string(version.major) + "." + std::to_string(version.minor) + "." +
                                            std::to_string(version.patch));
  out.set_metadata(detail::unit_key, name_of(s.unit));
  if (s.start != no_day) out.set_metadata(detail::start_key, format_day(s.start));
  if (s.end != no_day) out.set_metadata(detail::end_key, format_day(s.end));
  if (s.holdout_end != no_day) out.set_metadata(detail::holdout_end_key, format_day(s.holdout_end));
  if (!s.currency.empty()) out.set_metadata(detail::currency_key, s.currency);
  return out;
}

inline table export_summary(const summary& customers) {
  return export_summary(std::make_shared<const summary>(customers));
}

inline summary import_summary(stream& source, const summary_names& names, std::optional<time_unit> unit) {
  const summary_names defaults;
  summary out;
  out.unit = detail::unit_of(source, unit);
  out.start = detail::day_of_metadata(source, detail::start_key);
  out.end = detail::day_of_metadata(source, detail::end_key);
  out.holdout_end = detail::day_of_metadata(source, detail::holdout_end_key);
  out.currency = source.metadata(detail::currency_key).value_or("");

  struct number_source {
    const std::string& name;
    std::vector<double>& values;
    detail::nulls policy;
    bool read;
  };
  const auto optional_numbers = [&](std::string summary_names::*name, std::vector<double>& values) {
    return number_source{names.*name, values, detail::nulls::as_not_available,
                         detail::is_read(source, names.*name, defaults.*name)};
  };
  for (const std::string* required : {&names.frequency, &names.recency, &names.age}) source.column_number(*required);
  const number_source numbers[] = {
      {names.frequency, out.frequency, detail::nulls::refused, true},
      {names.recency, out.recency, detail::nulls::refused, true},
      {names.age, out.age, detail::nulls::refused, true},
      optional_numbers(&summary_names::monetary_value, out.monetary_value),
      optional_numbers(&summary_names::log_interval_sum, out.log_interval_sum),
      optional_numbers(&summary_names::revenue, out.revenue),
      optional_numbers(&summary_names::holdout_frequency, out.holdout_frequency),
      optional_numbers(&summary_names::holdout_revenue, out.holdout_revenue),
  };
  const bool has_ids = detail::is_read(source, names.customer_id, defaults.customer_id);
  const bool has_first = detail::is_read(source, names.first_purchase, defaults.first_purchase);
  const bool has_last = detail::is_read(source, names.last_purchase, defaults.last_purchase);
  const bool has_flags = detail::is_read(source, names.acquired_before_start, defaults.acquired_before_start);

  while (const auto batch = source.next()) {
    if (has_ids) detail::append_ids(*batch, names.customer_id, out.ids);
    for (const auto& number : numbers) {
      if (number.read) detail::append_numbers(*batch, number.name, number.policy, number.values);
    }
    if (has_first) detail::append_days(*batch, names.first_purchase, out.first_purchase);
    if (has_last) detail::append_days(*batch, names.last_purchase, out.last_purchase);
    if (has_flags) detail::append_flags(*batch, names.acquired_before_start, out.acquired_before_start);
  }
  require_summary_columns({.frequency = out.frequency,
                           .recency = out.recency,
                           .age = out.age,
                           .monetary_value = out.monetary_value,
                           .log_interval_sum = out.log_interval_sum,
                           .revenue = out.revenue});
  if (has_ids) detail::order_by_id(out, names.customer_id);
  return out;
}

}  // namespace kundenwert::arrow
