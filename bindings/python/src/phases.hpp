// Phases of customers and what follows from them, as Python has them.
#pragma once

#include <pybind11/pybind11.h>

#include <map>
#include <string>
#include <vector>

#include "base.hpp"
#include "kundenwert/lifecycle/phases.hpp"

namespace kundenwert::python {

// Parameters by their names in the core; those that are not named keep their defaults. Throws unknown_code for a name
// there is none of, not_integer where days are no whole number.
lifecycle::phase_parameters phase_parameters_of(const std::map<std::string, double>& given);

// Every parameter with its value, in the order of the core.
py::dict phase_parameters_dict(const lifecycle::phase_parameters& parameters);

// Columns by name, and the whole as a table.
py::dict phases_of(const shared_base& base, const std::vector<lifecycle::phase_finding>& found);

// Names of the measures of a phase that no suppression stops.
std::vector<std::string> recommended_measures(const std::string& phase, const std::vector<std::string>& suppressions);

}  // namespace kundenwert::python
