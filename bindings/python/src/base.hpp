// A customer base with the names its columns had.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>

#include "convert.hpp"
#include "kundenwert/model/customer_base.hpp"

namespace kundenwert::python {

struct named_base {
  customer_base base;
  renames names;  // "contracts.start" in the core, "contracts.Beginn" where the caller has it so
};

using shared_base = std::shared_ptr<named_base>;

// Ids as an array, or a list of str; a view where they are numbers.
py::object ids_of(const customer_ids& ids, std::shared_ptr<const void> owner);

}  // namespace kundenwert::python
