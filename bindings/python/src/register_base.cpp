// Customer bases: every table of a business in, one base out; phases of its customers.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base.hpp"
#include "bindings.hpp"
#include "convert.hpp"
#include "kundenwert/arrow/import_table.hpp"
#include "kundenwert/arrow/tables.hpp"
#include "kundenwert/ingest/base_summary.hpp"
#include "kundenwert/ingest/customer_base.hpp"
#include "kundenwert/model/nouns.hpp"
#include "phases.hpp"
#include "watch.hpp"

namespace kundenwert::python {

namespace {

table_kind kind_named(const std::string& name) { return constant_named<table_kind>(table_kinds, name, "tables"); }

void add(customer_base_builder& b, const customer_columns& c, int threads) { b.add_customers(c, threads); }
void add(customer_base_builder& b, const transaction_columns& c, int threads) { b.add_transactions(c, threads); }
void add(customer_base_builder& b, const contract_columns& c, int threads) { b.add_contracts(c, threads); }
void add(customer_base_builder& b, const contact_columns& c, int threads) { b.add_contacts(c, threads); }
void add(customer_base_builder& b, const complaint_columns& c, int threads) { b.add_complaints(c, threads); }
void add(customer_base_builder& b, const cost_columns& c, int threads) { b.add_costs(c, threads); }

// "contracts.start" in the core and "contracts.Beginn" where the caller has it so.
template <class Columns>
renames spelling_of(const arrow::stream& source, const naming& names) {
  std::vector<std::string_view> columns;
  const ArrowSchema& schema = source.schema();
  for (std::int64_t i = 0; i < schema.n_children; ++i) columns.emplace_back(schema.children[i]->name);
  const auto places = arrow::place_table<Columns>(columns, names);
  const std::string prefix = std::string(name_of(noun<Columns>::kind)) + ".";
  renames out;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] == no_column) continue;
    out.emplace_back(prefix + std::string(facts_of<Columns>[i].name),
                     prefix + std::string(columns[static_cast<std::size_t>(places[i])]));
  }
  return out;
}

// A builder that reads Arrow streams, one after the other, and speaks of columns as the caller does. Used by one
// constructor in Python and seen by nobody else.
class base_builder {
 public:
  base_builder(const customer_base_options& options, const arrow::day_options& days) : content_(options), days_(days) {}

  void add(const std::string& table, const py::capsule& capsule, const std::map<std::string, std::string>& given,
           double expected_rows, int threads, const py::object& tell) {
    arrow::table_options options;
    options.days = days_;
    options.names.usual_names = true;
    for (const auto& [field, column] : given) options.names.names.push_back({field, column});
    arrow::stream source = take_stream(capsule);
    with_noun(kind_named(table), [&]<class Columns>(std::type_identity<Columns>) {
      const auto found = spelling_of<Columns>(source, options.names);
      names_.insert(names_.end(), found.begin(), found.end());
      watched_call(tell).run([&](const progress& watch) {
        double done = 0;
        return spelled(names_, [&] {
          return arrow::import_table<Columns>(source, options, [&](const Columns& batch, std::int64_t) {
            python::add(content_, batch, threads);
            done += static_cast<double>(batch.size());
            constexpr double many_rows = 1e6;  // unknown length: the share approaches 1
            watch.report(expected_rows > 0 ? std::min(done / expected_rows, 1.0) : done / (done + many_rows));
          });
        });
      });
    });
  }

  shared_base finish(int threads, const py::object& tell) const {
    return watched_call(tell).run([&](const progress& watch) {
      return spelled(names_, [&] {
        return std::make_shared<named_base>(named_base{content_.finish(threads, watch), names_});
      });
    });
  }

 private:
  customer_base_builder content_;
  arrow::day_options days_;
  renames names_;
};

std::unique_ptr<base_builder> make_builder(const std::string& currency, const std::string& returns,
                                           const std::string& rows, double rejected_limit,
                                           std::optional<std::int32_t> load_date, const std::string& date_format,
                                           std::optional<std::int32_t> utc_offset) {
  customer_base_options options;
  options.returns = constant_named<returns_policy>(kundenwert::detail::returns_entries, returns, "returns");
  options.rows = constant_named<row_mode>(kundenwert::detail::rows_entries, rows, "rows");
  options.rejected_limit = rejected_limit;
  options.load_date = load_date.value_or(no_day);
  options.currency = currency;
  arrow::day_options days;
  if (utc_offset) days.utc_offset = fixed_offset{*utc_offset};
  days.text_format =
      constant_named<kundenwert::date_format>(kundenwert::detail::date_format_entries, date_format, "date_format");
  days.keep_unreadable = options.rows == row_mode::collect;
  return std::make_unique<base_builder>(options, days);
}

py::dict report_of(const table_report& r) {
  const auto day = [](std::int32_t d) { return d == no_day ? py::object(py::none()) : py::object(py::int_(d)); };
  py::list warnings;
  for (const auto& w : r.warnings) warnings.append(py::make_tuple(std::string(name_of(w.code)), w.count));
  py::dict out;
  out["table"] = std::string(name_of(r.table));
  out["rows_read"] = r.rows_read;
  out["rows_taken"] = r.rows_taken;
  out["rejected_rows"] = r.rejected.size();
  out["first_day"] = day(r.first_day);
  out["last_day"] = day(r.last_day);
  out["warnings"] = warnings;
  return out;
}

py::list reports_of(const named_base& b) {
  py::list out;
  for (const auto& report : b.base.reports) out.append(report_of(report));
  return out;
}

// The name of a column as the caller has it.
std::string caller_name(const named_base& b, table_kind kind, std::string_view column) {
  const std::string prefix = std::string(name_of(kind)) + ".";
  for (const auto& [core, caller] : b.names) {
    if (core == prefix + std::string(column)) return caller.substr(prefix.size());
  }
  return std::string(column);
}

struct text_values {
  std::vector<char> bytes;
  std::vector<std::int64_t> ends{0};

  void add(std::string_view text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    ends.push_back(static_cast<std::int64_t>(bytes.size()));
  }
};

// Rows that were left out: table, row, column in the caller's spelling, code, meaning.
std::shared_ptr<arrow::table> rejected_of(const named_base& b) {
  text_values tables, columns, codes, meanings;
  std::vector<std::int64_t> rows;
  for (const auto& report : b.base.reports) {
    for (const auto& issue : report.rejected) {
      tables.add(name_of(report.table));
      rows.push_back(issue.row);
      columns.add(caller_name(b, report.table, issue.column));
      codes.add(name_of(issue.code));
      for (const auto& entry : error_codes) {
        if (entry.number == static_cast<std::uint32_t>(issue.code)) meanings.add(entry.meaning);
      }
    }
  }
  auto out = std::make_shared<arrow::table>();
  out->add_text("table", std::move(tables.bytes), std::move(tables.ends))
      .add("row", std::move(rows))
      .add_text("column", std::move(columns.bytes), std::move(columns.ends))
      .add_text("code", std::move(codes.bytes), std::move(codes.ends))
      .add_text("meaning", std::move(meanings.bytes), std::move(meanings.ends));
  return out;
}

std::shared_ptr<summary> summarize(const shared_base& b, const std::string& unit, std::int32_t end,
                                   std::optional<std::int32_t> start, std::optional<std::int32_t> holdout_end,
                                   int threads, const py::object& tell) {
  finish_options options;
  options.unit = unit_named(unit);
  options.end = end;
  options.start = start.value_or(no_day);
  options.holdout_end = holdout_end.value_or(no_day);
  options.threads = threads;
  return watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    return std::make_shared<summary>(summary_of(b->base, options).customers);
  });
}

py::dict classify_phases(const shared_base& b, std::int32_t as_of, const py::object& probability_alive,
                         const std::map<std::string, double>& parameters, int threads, const py::object& tell) {
  column<double> alive;
  renames names;
  if (!probability_alive.is_none()) {
    const auto& given = probability_alive.cast<const plain_columns&>();
    alive = given.value;
    names = given.names;
  }
  const auto known = phase_parameters_of(parameters);
  const auto found = watched_call(tell).run([&](const progress& watch) {
    return spelled(names, [&] { return lifecycle::classify_phases(b->base, as_of, alive, known, threads, watch); });
  });
  return phases_of(b, found);
}

}  // namespace

py::object ids_of(const customer_ids& ids, std::shared_ptr<const void> owner) {
  if (!ids.is_text) return view_of<std::int64_t>(std::span<const std::int64_t>(ids.numbers), std::move(owner));
  py::list out;
  for (std::int64_t i = 0; i < ids.size(); ++i) {
    const std::string_view id = ids.text_at(i);
    out.append(py::str(id.data(), id.size()));
  }
  return out;
}

void register_base(py::module_& m) {
  py::class_<base_builder>(m, "BaseBuilder", plain_metaclass())
      .def(py::init(&make_builder), py::kw_only(), py::arg("currency"), py::arg("returns"), py::arg("rows"),
           py::arg("rejected_limit"), py::arg("load_date"), py::arg("date_format"), py::arg("utc_offset"))
      .def("add", &base_builder::add, py::arg("table"), py::arg("stream"), py::arg("names"), py::arg("expected_rows"),
           py::arg("threads"), py::arg("progress"))
      .def("finish", &base_builder::finish, py::arg("threads"), py::arg("progress"));
  py::class_<named_base, shared_base>(m, "CustomerBase", plain_metaclass())
      .def("__len__", [](const named_base& b) { return b.base.size(); })
      .def_property_readonly("currency", [](const named_base& b) { return b.base.currency; })
      .def_property_readonly("has_amounts", [](const named_base& b) { return b.base.has_amounts; })
      .def_property_readonly("has_costs", [](const named_base& b) { return b.base.has_costs; })
      .def_property_readonly("ids", [](const shared_base& b) { return ids_of(b->base.ids, b); })
      .def("reports", &reports_of)
      .def("rejected", &rejected_of)
      .def("summarize", &summarize, py::arg("unit"), py::arg("end"), py::arg("start"), py::arg("holdout_end"),
           py::arg("threads"), py::arg("progress"));
  m.def("classify_phases", &classify_phases, py::arg("base"), py::arg("as_of"), py::arg("probability_alive"),
        py::arg("parameters"), py::arg("threads"), py::arg("progress"));
  m.def("recommended_measures", &recommended_measures, py::arg("phase"), py::arg("suppressions"));
}

}  // namespace kundenwert::python
