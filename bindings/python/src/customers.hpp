// Customers of a call about models: a Summary or columns of a table, with covariates of their own or beside them.
#pragma once

#include <pybind11/pybind11.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "convert.hpp"
#include "kundenwert/btyd/fit.hpp"

namespace kundenwert::python {

// What it borrows from has to outlive it.
class given_customers {
 public:
  summary_columns columns;
  const summary* in_unit = nullptr;  // the summary, whose unit is known

  // from: a Summary or Columns; covariates: None or Columns, row by row those of the same customers.
  given_customers(const py::object& from, const py::object& covariates) {
    if (py::isinstance<summary>(from)) {
      in_unit = &from.cast<const summary&>();
      columns = btyd::columns_of(*in_unit);
    } else {
      take(from.cast<const plain_columns&>());
    }
    if (covariates.is_none()) return;
    const auto& beside = covariates.cast<const plain_columns&>();
    require_same_length(rows(), beside.rows, "covariates");
    names_.insert(names_.end(), beside.names.begin(), beside.names.end());
    columns.covariates = beside.covariates;
  }

  const renames& names() const { return names_; }
  std::int64_t rows() const { return in_unit != nullptr ? in_unit->size() : plain_rows_; }

  // A summary made from a log without amounts has no spend to look at, and none has contracts.
  void require_columns_of(const btyd::model_info& info) const {
    if (in_unit == nullptr || in_unit->size() == 0) return;
    btyd::visit_model(info.number, [&]<class M>(std::type_identity<M>) {
      using source = btyd::row_source<typename M::row>;
      const auto read = source::columns(columns);
      for (std::size_t k = 0; k < read.size(); ++k) {
        if (!read[k]->empty()) continue;
        const bool is_spend = info.is_spend;
        fail(error_code::column_missing, source::names[k],
             is_spend ? "is not in the summary, which was made without amounts" : "is not in a summary of purchases");
      }
    });
  }

  // Whether a model can read them; a spend model has no use for the unit.
  void require_readable(const btyd::model& m) const {
    require_columns_of(m.info());
    if (in_unit != nullptr && !m.info().is_spend && in_unit->unit != m.unit) {
      fail(error_code::unit_mismatch, "summary",
           "is in units of a " + std::string(name_of(in_unit->unit)) + ", the model in units of a " +
               std::string(name_of(m.unit)));
    }
  }

 private:
  void take(const plain_columns& plain) {
    columns = plain.customers;
    columns.covariates = plain.covariates;
    names_ = plain.names;
    plain_rows_ = plain.rows;
  }

  renames names_;
  std::int64_t plain_rows_ = 0;
};

// A number for every one of the customers, such as weights; empty for None.
inline std::span<const double> numbers_of(const py::object& given, const given_customers& customers,
                                          std::string_view name) {
  if (given.is_none()) return {};
  const auto& column = given.cast<const plain_columns&>().value;
  require_same_length(customers.rows(), column.size(), name);
  for (std::int64_t i = 0; i < column.size(); ++i) {
    if (!column.is_valid(i)) fail_at(error_code::missing, name, i, "is null or NaN");
  }
  return column.values;
}

}  // namespace kundenwert::python
