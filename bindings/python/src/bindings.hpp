// The areas of the extension kundenwert._core, each registered by its own file. The extension converts and forwards;
// every number comes from include/kundenwert.
#pragma once

#include <pybind11/pybind11.h>

namespace kundenwert::python {

void register_errors(pybind11::module_& m);
void register_tables(pybind11::module_& m);
void register_arrow(pybind11::module_& m);
void register_ingest(pybind11::module_& m);
void register_btyd(pybind11::module_& m);
void register_draws(pybind11::module_& m);
void register_judgement(pybind11::module_& m);
void register_portfolio(pybind11::module_& m);
void register_base(pybind11::module_& m);
void register_value(pybind11::module_& m);
void register_overview(pybind11::module_& m);
void register_simulate(pybind11::module_& m);

}  // namespace kundenwert::python
