// Between Python's objects and the core's: numpy arrays, Arrow capsules, names of constants, and the spelling of
// arguments in errors.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/arrow/export.hpp"
#include "kundenwert/arrow/stream.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/model/summary.hpp"
#include "tables.hpp"

namespace kundenwert::python {

namespace py = pybind11;

// Classes are plain Python types, without pybind11's metaclass, which is for settable static properties.
inline py::metaclass plain_metaclass() { return py::metaclass(reinterpret_cast<PyObject*>(&PyType_Type)); }

// The constant of that name in one of the tables of src/tables.hpp; throws unknown_code, listing the names there are.
template <class Enum>
Enum constant_named(std::span<const code_entry> constants, std::string_view name, std::string_view argument) {
  std::string known;
  for (const auto& entry : constants) {
    if (entry.name == name) return static_cast<Enum>(entry.number);
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  fail(error_code::unknown_code, argument, "\"" + std::string(name) + "\" is none of " + known);
}

inline time_unit unit_named(std::string_view name) {
  return constant_named<time_unit>(kundenwert::detail::unit_entries, name, "unit");
}

// Names in the core and as the caller spelled them.
using renames = std::vector<std::pair<std::string, std::string>>;

// The error with its argument in the caller's spelling and its row counted from first_row on.
inline error respelled(const error& e, const renames& names, std::int64_t first_row = 0) {
  std::string argument = e.argument();
  for (const auto& [core, caller] : names) {
    if (core != argument) continue;
    argument = caller;
    break;
  }
  return {e.code(), argument, e.row() == no_row ? no_row : e.row() + first_row, e.message()};
}

// Runs f(); errors leave in the caller's spelling.
template <class Function>
decltype(auto) spelled(const renames& names, Function&& f) {
  try {
    return f();
  } catch (const error& e) {
    throw respelled(e, names);
  }
}

// A read-only array over memory that owner keeps alive.
template <class T>
py::array view_of(std::span<const T> values, std::shared_ptr<const void> owner, std::vector<py::ssize_t> shape = {}) {
  if (shape.empty()) shape = {static_cast<py::ssize_t>(values.size())};
  py::capsule keeper(new std::shared_ptr<const void>(std::move(owner)),
                     [](void* p) { delete static_cast<std::shared_ptr<const void>*>(p); });
  py::array out(py::dtype::of<T>(), std::move(shape), values.data(), keeper);
  out.attr("setflags")(py::arg("write") = false);
  return out;
}

// A fresh array that owns the vector; it may be written to.
template <class T>
py::array_t<T> array_of(std::vector<T> values) {
  auto* kept = new std::vector<T>(std::move(values));
  py::capsule keeper(kept, [](void* p) { delete static_cast<std::vector<T>*>(p); });
  return py::array_t<T>(static_cast<py::ssize_t>(kept->size()), kept->data(), keeper);
}

inline std::vector<std::uint32_t> masks_of(const std::vector<reason>& reasons) {
  std::vector<std::uint32_t> out;
  out.reserve(reasons.size());
  for (const reason r : reasons) out.push_back(static_cast<std::uint32_t>(r));
  return out;
}

// Takes the stream out of a capsule of the Arrow PyCapsule interface.
inline arrow::stream take_stream(const py::capsule& capsule) {
  auto* source = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
  if (source == nullptr) throw py::error_already_set();
  const py::gil_scoped_release release;
  return arrow::stream(source);
}

// A table as a capsule of the Arrow PyCapsule interface.
inline py::capsule give_stream(const arrow::table& from) {
  auto stream = std::make_unique<ArrowArrayStream>();
  from.export_stream(stream.get());
  const auto destroy = [](PyObject* capsule) {
    auto* s = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, "arrow_array_stream"));
    if (s == nullptr) return;
    if (s->release != nullptr) s->release(s);
    delete s;
  };
  PyObject* capsule = PyCapsule_New(stream.get(), "arrow_array_stream", destroy);
  if (capsule == nullptr) throw py::error_already_set();
  stream.release();
  return py::reinterpret_steal<py::capsule>(capsule);
}

// Numbers of customers as the caller has them: columns of a table by the core's names, and covariates by theirs. A
// single column of any meaning is `value`.
struct plain_columns {
  summary_columns customers;
  column<double> days_since_purchase;
  column<double> purchase_days;
  column<double> revenue;
  column<double> value;
  column<double> cohort;
  column<double> survivors;
  std::vector<covariate_column> covariates;
  renames names;
  std::vector<std::shared_ptr<const void>> memory;
  std::int64_t rows = 0;
};

}  // namespace kundenwert::python
