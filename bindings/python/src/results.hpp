// Results of the core as dicts, which the Python classes are made from.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/portfolio/abc.hpp"
#include "kundenwert/portfolio/concentration.hpp"
#include "kundenwert/retention/rates.hpp"

namespace kundenwert::python {

namespace py = pybind11;

// The name of the first reason of a mask; empty for none.
inline std::string first_reason(reason mask) {
  for (const auto& known : reasons) {
    if (has(mask, static_cast<reason>(known.number))) return std::string(known.name);
  }
  return {};
}

py::dict retention_of(const retention::retention_rate& rate);
py::dict concentration_of(const portfolio::concentration_result& found);
py::dict abc_total_of(const portfolio::abc_class_total& total);
// classes, total, not_positive, unclassified
py::dict abc_of(const portfolio::abc_result& found);

}  // namespace kundenwert::python
