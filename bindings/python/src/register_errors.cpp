// kundenwert::error becomes kundenwert.errors.KundenwertError; std::bad_alloc is pybind11's MemoryError.
#include <pybind11/pybind11.h>

#include <exception>
#include <new>
#include <string>

#include "bindings.hpp"
#include "kundenwert/base/error.hpp"

namespace kundenwert::python {

namespace {

void raise(const error& e) {
  namespace py = pybind11;
  if (e.code() == error_code::out_of_memory) {
    PyErr_SetString(PyExc_MemoryError, e.what());
    return;
  }
  const py::object type = py::module_::import("kundenwert.errors").attr("KundenwertError");
  const py::object row = e.row() == no_row ? py::object(py::none()) : py::object(py::int_(e.row()));
  const py::object made = type(py::str(e.message()), py::arg("code") = std::string(name_of(e.code())),
                               py::arg("argument") = e.argument(), py::arg("row") = row);
  PyErr_SetObject(type.ptr(), made.ptr());
}

}  // namespace

void register_errors(pybind11::module_&) {
  pybind11::register_local_exception_translator([](std::exception_ptr p) {
    try {
      if (p) std::rethrow_exception(p);
    } catch (const error& e) {
      raise(e);
    }
  });
}

}  // namespace kundenwert::python
