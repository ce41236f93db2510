// Tables that cross as Arrow streams: numbers of customers in, results out.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "convert.hpp"
#include "kundenwert/arrow/import.hpp"

namespace kundenwert::python {

namespace {

// Collects one column over the batches of a stream. A single batch stays where it is.
struct collected_column {
  std::string name;
  std::optional<arrow::imported<column<double>>> only;
  std::vector<double> values;
  std::int64_t batches = 0;

  void append(const column<double>& from) {
    for (std::int64_t i = 0; i < from.size(); ++i) values.push_back(from.is_valid(i) ? from[i] : not_available);
  }
  void add(const arrow::record_batch& batch) {
    auto numbers = arrow::import_numbers(batch.named(name));
    if (++batches == 1) {
      only = std::move(numbers);
      return;
    }
    if (only) append(std::exchange(only, std::nullopt)->view);
    append(numbers.view);
  }
  column<double> keep(std::vector<std::shared_ptr<const void>>& memory) {
    if (only) {
      memory.insert(memory.end(), only->memory.begin(), only->memory.end());
      return only->view;
    }
    auto kept = std::make_shared<const std::vector<double>>(std::move(values));
    memory.push_back(kept);
    return {std::span<const double>(*kept)};
  }
};

column<double>& place_of(plain_columns& columns, const std::string& name) {
  if (name == "frequency") return columns.customers.frequency;
  if (name == "recency") return columns.customers.recency;
  if (name == "T") return columns.customers.age;
  if (name == "monetary_value") return columns.customers.monetary_value;
  if (name == "log_interval_sum") return columns.customers.log_interval_sum;
  if (name == "tenure") return columns.customers.tenure;
  if (name == "ended") return columns.customers.ended;
  if (name == "days_since_purchase") return columns.days_since_purchase;
  if (name == "purchase_days") return columns.purchase_days;
  if (name == "revenue") return columns.revenue;
  if (name == "value") return columns.value;
  if (name == "cohort") return columns.cohort;
  if (name == "survivors") return columns.survivors;
  fail(error_code::unknown_code, "columns", "\"" + name + "\" is no column of customers");
}

std::shared_ptr<plain_columns> read_columns(const py::capsule& table, const renames& names, const renames& covariates) {
  auto out = std::make_shared<plain_columns>();
  out->names = names;
  out->names.insert(out->names.end(), covariates.begin(), covariates.end());
  arrow::stream source = take_stream(table);
  const py::gil_scoped_release release;
  std::vector<collected_column> collected;
  for (const auto& [core, caller] : names) {
    place_of(*out, core);
    source.column_number(caller);
    collected.push_back({caller, {}, {}, 0});
  }
  for (const auto& [core, caller] : covariates) {
    source.column_number(caller);
    collected.push_back({caller, {}, {}, 0});
  }
  while (const auto batch = source.next()) {
    if (batch->rows() == 0) continue;
    for (auto& c : collected) c.add(*batch);
  }
  out->rows = source.rows_read();
  for (std::size_t i = 0; i < names.size(); ++i) place_of(*out, names[i].first) = collected[i].keep(out->memory);
  for (std::size_t i = 0; i < covariates.size(); ++i) {
    out->covariates.push_back({covariates[i].first, collected[names.size() + i].keep(out->memory)});
  }
  out->customers.revenue = out->revenue;
  return out;
}

}  // namespace

void register_arrow(py::module_& m) {
  py::class_<arrow::table, std::shared_ptr<arrow::table>>(m, "Table", plain_metaclass())
      .def("__len__", &arrow::table::rows)
      .def(
          "__arrow_c_stream__", [](const arrow::table& self, const py::object&) { return give_stream(self); },
          py::arg("requested_schema") = py::none());
  py::class_<plain_columns, std::shared_ptr<plain_columns>>(m, "Columns", plain_metaclass())
      .def(py::init(&read_columns), py::arg("stream"), py::arg("names"), py::arg("covariates") = renames{})
      .def("__len__", [](const plain_columns& self) { return self.rows; });
}

}  // namespace kundenwert::python
