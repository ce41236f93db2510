// Transactions to customers: the accumulator and the summary.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base.hpp"
#include "bindings.hpp"
#include "convert.hpp"
#include "kundenwert/arrow/tables.hpp"
#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/ingest/opportunities.hpp"
#include "kundenwert/ingest/regularity.hpp"
#include "log_options.hpp"
#include "watch.hpp"

namespace kundenwert::python {

namespace {

// An accumulator that reads Arrow streams and speaks of columns as the caller does.
class log_accumulator {
 public:
  log_accumulator(const accumulator_options& options, arrow::transaction_names names, const arrow::day_options& days)
      : content_(options), names_(std::move(names)), days_(days) {}

  renames spelling() const {
    return {{"customer_id", names_.customer_id},
            {"date", names_.date},
            {"amount", names_.amount.empty() ? "amount" : names_.amount},
            {"currency", names_.currency.empty() ? "currency" : names_.currency}};
  }

  // All batches of the stream, or none. expected_rows (0: unknown) is for the progress alone.
  void add(arrow::stream& source, int threads, double expected_rows, const progress& watch) {
    const std::int64_t first_row = content_.report().rows_read;
    const renames names = spelling();
    accumulator_options options = content_.options();
    options.currency = content_.currency();
    accumulator part(options);
    try {
      arrow::import_transactions(source, names_, days_, [&](const transaction_columns& batch, std::int64_t row) {
        spelled(names, [&] { part.add(batch, threads); });
        watch.report(share_of(static_cast<double>(row + batch.size()), expected_rows));
      });
    } catch (const error& e) {
      throw respelled(e, {}, first_row);
    }
    if (part.report().rows_read == 0) return;
    if (first_row == 0) {
      content_ = std::move(part);
      return;
    }
    if (part.has_text_ids() != content_.has_text_ids()) {
      fail(error_code::wrong_type, names_.customer_id, "is text in one batch and numbers in another");
    }
    content_.merge(part);
  }

  void merge(const log_accumulator& other) {
    spelled(spelling(), [&] { content_.merge(other.content_); });
  }

  const accumulator& content() const { return content_; }
  const arrow::transaction_names& names() const { return names_; }

 private:
  static double share_of(double rows, double expected) {
    constexpr double many_rows = 1e6;  // unknown length: the share approaches 1
    return expected > 0 ? std::min(rows / expected, 1.0) : rows / (rows + many_rows);
  }

  accumulator content_;
  arrow::transaction_names names_;
  arrow::day_options days_;
  std::atomic<bool> in_use_ = false;

  friend class exclusive_use;
};

// One call at a time: while one works without the interpreter's lock, another thread (or the progress callback) that
// calls the same accumulator gets a RuntimeError.
class exclusive_use {
 public:
  explicit exclusive_use(log_accumulator& log) : in_use_(log.in_use_) {
    if (in_use_.exchange(true)) throw std::runtime_error("the accumulator is in use by another call");
  }
  exclusive_use(const exclusive_use&) = delete;
  exclusive_use& operator=(const exclusive_use&) = delete;
  ~exclusive_use() { in_use_ = false; }

 private:
  std::atomic<bool>& in_use_;
};

std::unique_ptr<log_accumulator> make_accumulator(const std::string& customer_id, const std::string& date,
                                                  const std::string& amount, const std::string& currency_column,
                                                  const std::string& currency, const std::string& returns,
                                                  const std::string& rows, double rejected_limit,
                                                  std::optional<std::int32_t> load_date, const std::string& date_format,
                                                  std::optional<std::int32_t> utc_offset) {
  const auto options = options_of<accumulator_options>({currency, returns, rows, rejected_limit, load_date});
  const auto days = days_of(date_format, utc_offset, options.rows);
  return std::make_unique<log_accumulator>(options,
                                           arrow::transaction_names{customer_id, date, amount, currency_column}, days);
}

py::dict report_of(const log_report& r) {
  const auto day = [](std::int32_t d) { return d == no_day ? py::object(py::none()) : py::object(py::int_(d)); };
  py::list warnings;
  for (const auto& w : r.warnings()) warnings.append(py::make_tuple(std::string(name_of(w.code)), w.count));
  py::dict out;
  out["rows_read"] = r.rows_read;
  out["rows_taken"] = r.rows_taken();
  out["anonymous_rows"] = r.rows_anonymous;
  out["rejected_rows"] = r.rejected.size();
  out["returns_dropped"] = r.returns_dropped;
  out["amounts_rounded"] = r.amounts_rounded;
  out["id_blanks"] = r.id_blanks;
  out["rows_before_start"] = r.rows_before_start;
  out["rows_in_holdout"] = r.rows_in_holdout;
  out["rows_after_end"] = r.rows_after_end;
  out["customers_returns_only"] = r.customers_returns_only;
  out["customers_outside"] = r.customers_outside;
  out["first_day"] = day(r.first_day);
  out["last_day"] = day(r.last_day);
  out["warnings"] = warnings;
  return out;
}

// Rejected rows as a table: row, column (in the caller's spelling), reason.
std::shared_ptr<arrow::table> rejected_of(const log_report& r, const std::vector<std::string>& columns) {
  std::vector<std::int64_t> rows;
  std::vector<std::int32_t> fields;
  std::vector<std::int32_t> codes;
  for (const auto& rejected : r.rejected) {
    rows.push_back(rejected.row);
    fields.push_back(static_cast<std::int32_t>(rejected.field));
    codes.push_back(static_cast<std::int32_t>(rejected.code));
  }
  const std::vector<std::string_view> field_names(columns.begin(), columns.end());
  std::vector<std::string_view> code_names;
  for (const auto& entry : error_codes) {
    code_names.resize(std::max<std::size_t>(code_names.size(), entry.number));
    code_names[entry.number - 1] = entry.name;
  }
  auto out = std::make_shared<arrow::table>();
  out->add("row", std::move(rows)).add_names("column", fields, field_names).add_names("reason", codes, code_names);
  return out;
}

using shared_summary = std::shared_ptr<summary>;

period period_named(const std::string& name) {
  std::string known;
  for (const period p : {period::day, period::iso_week, period::month, period::quarter, period::year}) {
    if (name_of(p) == name) return p;
    known += (known.empty() ? "" : ", ") + std::string(name_of(p));
  }
  fail(error_code::unknown_code, "each", "\"" + name + "\" is none of " + known);
}

shared_summary finish(log_accumulator& log, const std::string& unit, std::int32_t end,
                      std::optional<std::int32_t> start, std::optional<std::int32_t> holdout_end, int threads,
                      const py::object& tell) {
  finish_options options;
  options.unit = unit_named(unit);
  options.end = end;
  options.start = start.value_or(no_day);
  options.holdout_end = holdout_end.value_or(no_day);
  options.threads = threads;
  const exclusive_use use(log);
  return watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    return std::make_shared<summary>(log.content().finish(options));
  });
}

shared_summary opportunities(log_accumulator& log, const std::string& each, std::int32_t end,
                             std::optional<std::int32_t> start, std::optional<std::int32_t> holdout_end, int threads,
                             const py::object& tell) {
  opportunity_options options;
  options.each = period_named(each);
  options.end = end;
  options.start = start.value_or(no_day);
  options.holdout_end = holdout_end.value_or(no_day);
  options.threads = threads;
  const exclusive_use use(log);
  return watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    return std::make_shared<summary>(summarize_opportunities(log.content(), options));
  });
}

py::dict regularity_dict(const regularity& found) {
  py::dict out;
  out["outcome"] = std::string(name_of(found.outcome));
  out["pairs"] = found.pairs;
  out["variance"] = found.variance;
  out["shape"] = found.shape;
  out["standard_error"] = found.standard_error;
  out["random_shape"] = found.random_shape;
  return out;
}

py::dict regularity_in(const shared_base& base, std::int32_t end, std::optional<std::int32_t> start,
                       std::int64_t fewest_pairs, int threads, const py::object& tell) {
  regularity_options options;
  options.end = end;
  options.start = start.value_or(no_day);
  options.fewest_pairs = fewest_pairs;
  options.threads = threads;
  return regularity_dict(watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    return regularity_of(base->base, options);
  }));
}

shared_summary from_columns(const plain_columns& columns, const std::string& unit) {
  const time_unit in = unit_named(unit);
  const py::gil_scoped_release release;
  return spelled(columns.names, [&] { return std::make_shared<summary>(summary_from_columns(columns.customers, in)); });
}

// A column by its name; null where the summary has none of that name. Text ids are a list of str.
py::object column_of(const shared_summary& s, const std::string& name) {
  const auto numbers = [&]<class T>(const std::vector<T>& values) -> py::object {
    if (values.size() != s->frequency.size()) return py::none();
    return view_of<T>(std::span<const T>(values), s);
  };
  if (name == "customer_id") {
    if (!s->ids.is_text) return numbers(s->ids.numbers);
    py::list out;
    for (std::int64_t i = 0; i < s->ids.size(); ++i) {
      const std::string_view id = s->ids.text_at(i);
      out.append(py::str(id.data(), id.size()));
    }
    return out;
  }
  if (name == "frequency") return numbers(s->frequency);
  if (name == "recency") return numbers(s->recency);
  if (name == "T") return numbers(s->age);
  if (name == "monetary_value") return numbers(s->monetary_value);
  if (name == "log_interval_sum") return numbers(s->log_interval_sum);
  if (name == "first_purchase") return numbers(s->first_purchase);
  if (name == "last_purchase") return numbers(s->last_purchase);
  if (name == "revenue") return numbers(s->revenue);
  if (name == "acquired_before_start") return numbers(s->acquired_before_start);
  if (name == "holdout_frequency") return numbers(s->holdout_frequency);
  if (name == "holdout_revenue") return numbers(s->holdout_revenue);
  return py::none();
}

std::optional<std::int32_t> day_or_none(std::int32_t day) { return day == no_day ? std::nullopt : std::optional(day); }

void register_accumulator(py::module_& m) {
  py::class_<log_accumulator>(m, "Accumulator", plain_metaclass())
      .def(py::init(&make_accumulator), py::kw_only(), py::arg("customer_id"), py::arg("date"), py::arg("amount"),
           py::arg("currency_column"), py::arg("currency"), py::arg("returns"), py::arg("rows"),
           py::arg("rejected_limit"), py::arg("load_date"), py::arg("date_format"), py::arg("utc_offset"))
      .def(
          "add",
          [](log_accumulator& self, const py::capsule& stream, int threads, double expected_rows,
             const py::object& tell) {
            arrow::stream source = take_stream(stream);
            const exclusive_use use(self);
            watched_call(tell).run([&](const progress& watch) { self.add(source, threads, expected_rows, watch); });
          },
          py::arg("stream"), py::arg("threads"), py::arg("expected_rows"), py::arg("progress"))
      .def(
          "merge",
          [](log_accumulator& self, log_accumulator& other) {
            const exclusive_use use(self);
            std::optional<exclusive_use> use_other;
            if (&other != &self) use_other.emplace(other);
            const py::gil_scoped_release release;
            self.merge(other);
          },
          py::arg("other"))
      .def("finish", &finish, py::arg("unit"), py::arg("end"), py::arg("start"), py::arg("holdout_end"),
           py::arg("threads"), py::arg("progress"))
      .def("opportunities", &opportunities, py::arg("each"), py::arg("end"), py::arg("start"), py::arg("holdout_end"),
           py::arg("threads"), py::arg("progress"))
      .def("report",
           [](log_accumulator& self) {
             const exclusive_use use(self);
             return report_of(self.content().report());
           })
      .def_property_readonly("reads_amount", [](const log_accumulator& self) { return !self.names().amount.empty(); })
      .def_property_readonly("reads_currency",
                             [](const log_accumulator& self) { return !self.names().currency.empty(); })
      .def_property_readonly("memory_bytes", [](log_accumulator& self) {
        const exclusive_use use(self);
        return self.content().memory_bytes();
      });
}

}  // namespace

void register_ingest(py::module_& m) {
  register_accumulator(m);
  m.def("regularity", &regularity_in, py::arg("base"), py::arg("end"), py::arg("start"), py::arg("fewest_pairs"),
        py::arg("threads"), py::arg("progress"));
  py::class_<summary, shared_summary>(m, "Summary", plain_metaclass())
      .def_static("from_columns", &from_columns, py::arg("columns"), py::arg("unit"))
      .def("__len__", &summary::size)
      .def_property_readonly("unit", [](const summary& s) { return std::string(name_of(s.unit)); })
      .def_property_readonly("start", [](const summary& s) { return day_or_none(s.start); })
      .def_property_readonly("end", [](const summary& s) { return day_or_none(s.end); })
      .def_property_readonly("holdout_end", [](const summary& s) { return day_or_none(s.holdout_end); })
      .def_property_readonly("currency", [](const summary& s) { return s.currency; })
      .def_property_readonly("repeaters",
                             [](const summary& s) {
                               return std::count_if(s.frequency.begin(), s.frequency.end(),
                                                    [](double x) { return x > 0; });
                             })
      .def_property_readonly(
          "repeat_transactions",
          [](const summary& s) {
            return static_cast<std::int64_t>(std::accumulate(s.frequency.begin(), s.frequency.end(), 0.0));
          })
      .def("column", &column_of, py::arg("name"))
      .def("report", [](const summary& s) { return report_of(s.log); })
      .def(
          "rejected",
          [](const summary& s, const std::vector<std::string>& columns) { return rejected_of(s.log, columns); },
          py::arg("columns"))
      .def("table", [](const shared_summary& s) { return std::make_shared<arrow::table>(arrow::export_summary(s)); });
}

}  // namespace kundenwert::python
