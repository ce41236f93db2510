// The core's tables: version, codes, models, quantities.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>
#include <tuple>
#include <vector>

#include "bindings.hpp"
#include "convert.hpp"
#include "kundenwert/btyd/compare.hpp"
#include "kundenwert/btyd/diagnostics.hpp"
#include "kundenwert/btyd/draws.hpp"
#include "kundenwert/btyd/prior.hpp"
#include "kundenwert/btyd/quantities.hpp"
#include "kundenwert/btyd/registry.hpp"
#include "kundenwert/lifecycle/tasks.hpp"
#include "kundenwert/model/nouns.hpp"
#include "kundenwert/overview/result.hpp"
#include "kundenwert/time/parse.hpp"
#include "kundenwert/version.hpp"

namespace kundenwert::python {

namespace {

using code_line = std::tuple<std::uint32_t, std::string, std::string>;

template <class Table>
std::vector<code_line> lines_of(const Table& table) {
  std::vector<code_line> out;
  for (const auto& entry : table) out.emplace_back(entry.number, entry.name, entry.meaning);
  return out;
}

py::dict codes() {
  py::dict out;
  out["errors"] = lines_of(error_codes);
  out["warnings"] = lines_of(warning_codes);
  out["outcomes"] = lines_of(outcomes);
  out["reasons"] = lines_of(reasons);
  out["tables"] = lines_of(table_kinds);
  out["phases"] = lines_of(lifecycle::phases);
  out["kinds"] = lines_of(lifecycle::customer_kinds);
  out["risks"] = lines_of(lifecycle::risks);
  out["tasks"] = lines_of(lifecycle::tasks);
  out["goals"] = lines_of(lifecycle::goals);
  out["suppressions"] = lines_of(lifecycle::suppressions);
  out["measures"] = lines_of(measures);
  out["conventions"] = lines_of(value::clv_conventions);
  out["value_bases"] = lines_of(value_bases);
  out["money_bases"] = lines_of(money_bases);
  out["prior_families"] = lines_of(btyd::prior_families);
  out["draw_methods"] = lines_of(btyd::draw_methods);
  out["data_kinds"] = lines_of(btyd::data_kinds);
  out["history_parts"] = lines_of(btyd::history_parts);
  return out;
}

// number, name, title, source, parameters (name, unit_power, meaning, takes_covariates, largest_whole), names of the
// quantities, of the columns it reads, and its facts by name
py::list models() {
  py::list out;
  for (const auto& info : btyd::model_table) {
    std::vector<std::tuple<std::string, int, std::string, bool, int>> parameters;
    for (const auto& p : info.parameters) {
      parameters.emplace_back(p.name, p.unit_power, p.meaning, p.link != btyd::covariate_link::none, p.largest_whole);
    }
    std::vector<std::string> quantities;
    for (const auto& q : btyd::quantity_table) {
      if (btyd::supports(info.number, q.id)) quantities.emplace_back(q.name);
    }
    const std::vector<std::string> columns(info.columns.begin(), info.columns.end());
    py::dict facts;
    facts["is_spend"] = info.is_spend;
    facts["is_contractual"] = info.is_contractual;
    facts["is_discrete"] = info.is_discrete;
    facts["reads_intervals"] = info.reads_intervals;
    out.append(py::make_tuple(info.number, std::string(info.name), std::string(info.title), std::string(info.source),
                              parameters, quantities, columns, facts));
  }
  return out;
}

// number, name, names of the arguments, meaning
py::list quantities() {
  py::list out;
  for (const auto& q : btyd::quantity_table) {
    std::vector<std::string> arguments;
    for (const auto& a : btyd::argument_table) {
      if (q.does_need(a.bit)) arguments.emplace_back(a.name);
    }
    out.append(py::make_tuple(static_cast<std::int32_t>(q.id), std::string(q.name), arguments, std::string(q.meaning)));
  }
  return out;
}

std::vector<std::string> words_of(std::string_view names) {
  std::vector<std::string> out;
  while (!names.empty()) {
    const std::size_t end = names.find(' ');
    if (end != 0) out.emplace_back(names.substr(0, end));
    names.remove_prefix(end == std::string_view::npos ? names.size() : end + 1);
  }
  return out;
}

// table, name, type, is_required, usual names, meaning, codes
py::list fields() {
  py::list out;
  for (const auto& kind : table_kinds) {
    for (const auto& fact : facts_of_kind(static_cast<table_kind>(kind.number))) {
      std::vector<code_line> codes;
      for (const auto& entry : fact.codes) codes.emplace_back(entry.number, entry.name, entry.meaning);
      out.append(py::make_tuple(std::string(kind.name), std::string(fact.name), std::string(name_of(fact.type)),
                                fact.is_required, words_of(fact.usual_names), std::string(fact.meaning), codes));
    }
  }
  return out;
}

std::int32_t day_of_text(const std::string& text, const std::string& argument) { return parse_day(text, {}, argument); }

}  // namespace

void register_tables(py::module_& m) {
  m.attr("version") =
      std::to_string(version.major) + "." + std::to_string(version.minor) + "." + std::to_string(version.patch);
  m.def("codes", &codes);
  m.def("models", &models);
  m.def("quantities", &quantities);
  m.def("fields", &fields);
  m.def("parse_day", &day_of_text, py::arg("text"), py::arg("argument"));
}

}  // namespace kundenwert::python
