// Contractual customer lifetime value, and retention rates.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base.hpp"
#include "bindings.hpp"
#include "convert.hpp"
#include "kundenwert/lifecycle/passages.hpp"
#include "kundenwert/retention/rates.hpp"
#include "kundenwert/value/clv.hpp"
#include "phases.hpp"
#include "results.hpp"
#include "watch.hpp"

namespace kundenwert::python {

namespace {

using given_columns = std::map<std::string, std::shared_ptr<plain_columns>>;

column<double> column_at(const given_columns& given, const char* name) {
  const auto found = given.find(name);
  return found == given.end() ? column<double>() : found->second->value;
}

py::dict contract_value(const given_columns& given, const std::string& convention, double periodic_discount_rate,
                        std::optional<double> retention, std::optional<double> periods,
                        const std::vector<double>& retention_curve,
                        const std::optional<std::vector<std::int32_t>>& ages, std::int64_t age, double growth,
                        std::optional<std::int32_t> growth_start, bool include_acquisition, int threads,
                        const py::object& tell) {
  value::clv_terms terms;
  terms.convention = constant_named<value::clv_convention>(value::clv_conventions, convention, "convention");
  terms.periodic_discount_rate = periodic_discount_rate;
  terms.retention = retention.value_or(not_available);
  terms.periods = periods.value_or(not_available);
  terms.retention_curve = retention_curve;
  terms.age = age;
  terms.growth = growth;
  terms.growth_start = growth_start.value_or(-1);
  terms.include_acquisition = include_acquisition;
  value::clv_columns columns;
  columns.revenue = column_at(given, "revenue");
  columns.service = column_at(given, "service");
  columns.care = column_at(given, "care");
  columns.acquisition = column_at(given, "acquisition");
  columns.retention = column_at(given, "retention");
  columns.periods = column_at(given, "periods");
  columns.retention_error = column_at(given, "retention_error");
  if (ages) columns.age = *ages;
  auto found =
      watched_call(tell).run([&](const progress& watch) { return value::clv(columns, terms, threads, watch); });
  auto table = std::make_shared<arrow::table>();
  table->add("value", found.value)
      .add("revenue", found.revenue)
      .add("acquisition", found.acquisition)
      .add("service", found.service)
      .add("care", found.care);
  if (!found.standard_error.empty()) table->add("standard_error", found.standard_error);
  table->add_reasons("reasons", masks_of(found.reasons));
  py::dict out;
  out["standard_error"] =
      found.standard_error.empty() ? py::object(py::none()) : array_of(std::move(found.standard_error));
  out["value"] = array_of(std::move(found.value));
  out["revenue"] = array_of(std::move(found.revenue));
  out["acquisition"] = array_of(std::move(found.acquisition));
  out["service"] = array_of(std::move(found.service));
  out["care"] = array_of(std::move(found.care));
  out["reasons"] = array_of(masks_of(found.reasons));
  out["table"] = table;
  return out;
}

py::dict retention_rate(const shared_base& base, std::int32_t from, std::int32_t to, double confidence,
                        const std::map<std::string, double>& parameters, int threads, const py::object& tell) {
  const renames names{{"from", "from_"}};
  const auto known = phase_parameters_of(parameters);
  const auto found = watched_call(tell).run([&](const progress& watch) {
    return spelled(names, [&] {
      const auto passages = lifecycle::classify_passages(base->base, from, to, known, threads, watch);
      std::vector<std::int32_t> codes;
      codes.reserve(passages.size());
      for (const auto p : passages) codes.push_back(static_cast<std::int32_t>(p));
      return retention::retention_of_passages(codes, {from, to, confidence});
    });
  });
  return retention_of(found);
}

py::dict retention_of_counts(std::int64_t retained, std::int64_t lost, std::int64_t regained, std::int64_t joined,
                             std::int64_t returned, double confidence) {
  retention::retention_options options;
  options.confidence = confidence;
  return retention_of(retention::retention_of_counts({retained, lost, regained, joined, returned}, options));
}

}  // namespace

void register_value(py::module_& m) {
  m.def("contract_value", &contract_value, py::kw_only(), py::arg("columns"), py::arg("convention"),
        py::arg("periodic_discount_rate"), py::arg("retention"), py::arg("periods"), py::arg("retention_curve"),
        py::arg("ages"), py::arg("age"), py::arg("growth"), py::arg("growth_start"), py::arg("include_acquisition"),
        py::arg("threads"), py::arg("progress"));
  m.def("retention_rate", &retention_rate, py::arg("base"), py::arg("from_"), py::arg("to"), py::arg("confidence"),
        py::arg("phase_parameters"), py::arg("threads"), py::arg("progress"));
  m.def("retention_of_counts", &retention_of_counts, py::arg("retained"), py::arg("lost"), py::arg("regained"),
        py::arg("joined"), py::arg("returned"), py::arg("confidence"));
}

}  // namespace kundenwert::python
