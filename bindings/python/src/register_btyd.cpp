// Models: fit, predict, lifetime value.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "convert.hpp"
#include "instances.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/lifetime_value.hpp"
#include "kundenwert/btyd/persist.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "watch.hpp"

namespace kundenwert::python {

namespace {

using shared_model = std::shared_ptr<btyd::model>;
using shared_summary = std::shared_ptr<summary>;

// Customers from a Summary or from Columns; what it borrows from has to outlive it.
struct given_customers {
  summary_columns columns;
  const summary* in_unit = nullptr;  // the summary, whose unit is known
  const plain_columns* plain = nullptr;

  explicit given_customers(const py::object& from) {
    if (py::isinstance<summary>(from)) {
      in_unit = &from.cast<const summary&>();
      columns = btyd::columns_of(*in_unit);
    } else {
      plain = &from.cast<const plain_columns&>();
      columns = plain->customers;
    }
  }
  const renames& names() const {
    static const renames none;
    return plain == nullptr ? none : plain->names;
  }
  // A summary made from a log without amounts has no spend to look at.
  void require_spend() const {
    if (in_unit != nullptr && columns.monetary_value.empty() && !columns.frequency.empty()) {
      fail(error_code::column_missing, "monetary_value", "is not in the summary, which was made without amounts");
    }
  }
};

shared_model fit(const std::string& name, const py::object& customers, const std::string& unit,
                 const py::object& weight, int threads, const py::object& tell) {
  const auto& info = btyd::info_of(name);
  const given_customers given(customers);
  if (info.is_spend) given.require_spend();
  std::span<const double> weights;
  if (!weight.is_none()) {
    const auto& column = weight.cast<const plain_columns&>().value;
    for (std::int64_t i = 0; i < column.size(); ++i) {
      if (!column.is_valid(i)) fail_at(error_code::missing, "weight", i, "is null or NaN");
    }
    require_same_length(given.columns.frequency.size(), column.size(), "weight");
    weights = column.values;
  }
  const time_unit in = given.in_unit != nullptr ? given.in_unit->unit : unit_named(unit);
  return watched_call(tell).run([&](const progress& watch) {
    btyd::fit_options options;
    options.weight = weights;
    options.threads = threads;
    options.watch = watch;
    return spelled(given.names(), [&] {
      return std::make_shared<btyd::model>(btyd::fit<btyd::models>(info.number, given.columns, in, options));
    });
  });
}

shared_model from_parameters(const std::string& name, const std::vector<double>& values, const std::string& unit) {
  return std::make_shared<btyd::model>(
      btyd::model_from_parameters(btyd::info_of(name).number, values, unit_named(unit)));
}

btyd::quantity quantity_named(const std::string& name) {
  for (const auto& q : btyd::quantity_table) {
    if (q.name == name) return q.id;
  }
  fail(error_code::unknown_code, "quantity", "there is no quantity named '" + name + "'");
}

using answer = std::pair<py::array_t<double>, py::array_t<std::uint32_t>>;

struct answer_columns {
  std::vector<double> values;
  std::vector<reason> reasons;

  explicit answer_columns(std::int64_t rows)
      : values(static_cast<std::size_t>(rows)), reasons(static_cast<std::size_t>(rows)) {}
  answer given() && { return {array_of(std::move(values)), array_of(masks_of(reasons))}; }
};

// The arguments of a quantity by their names; those that are not there keep their defaults.
using named_arguments = std::map<std::string, double>;

btyd::predict_options options_of(const named_arguments& given, int threads) {
  btyd::predict_options options;
  options.threads = threads;
  const std::pair<std::string_view, double*> places[] = {{"horizon", &options.horizon},
                                                         {"annual_discount_rate", &options.annual_discount_rate},
                                                         {"units_per_year", &options.units_per_year},
                                                         {"count", &options.count},
                                                         {"level", &options.level}};
  for (const auto& [name, value] : given) {
    const auto place = std::find_if(std::begin(places), std::end(places), [&](auto& p) { return p.first == name; });
    if (place == std::end(places)) fail(error_code::unknown_code, "arguments", "there is no argument '" + name + "'");
    if (name == "units_per_year") require_positive(value, name);
    *place->second = value;
  }
  return options;
}

answer predict(const btyd::model& m, const std::string& quantity, const py::object& customers,
               const named_arguments& arguments, int threads, const py::object& tell) {
  const given_customers given(customers);
  auto options = options_of(arguments, threads);
  const btyd::quantity what = quantity_named(quantity);
  if (m.info().is_spend) {
    given.require_spend();
  } else if (given.in_unit != nullptr) {
    btyd::require_same_unit(m, *given.in_unit);
  }
  answer_columns out(given.columns.frequency.size());
  watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    spelled(given.names(),
            [&] { btyd::predict<btyd::models>(m, what, given.columns, options, out.values, out.reasons); });
  });
  return std::move(out).given();
}

double predict_new(const btyd::model& m, const std::string& quantity, const named_arguments& arguments) {
  const std::array frequency{btyd::new_customer.frequency};
  const std::array recency{btyd::new_customer.recency};
  const std::array age{btyd::new_customer.age};
  const summary_columns customer{
      std::span<const double>(frequency), std::span<const double>(recency), std::span<const double>(age), {}};
  answer_columns out(1);
  btyd::predict<btyd::models>(m, quantity_named(quantity), customer, options_of(arguments, 1), out.values, out.reasons);
  return out.values[0];
}

answer lifetime_value(const btyd::model& transactions, const btyd::model& spend, const py::object& customers,
                      double horizon, double annual_discount_rate, double margin_rate,
                      const std::optional<double>& units_per_year, int threads, const py::object& tell) {
  const given_customers given(customers);
  given.require_spend();
  if (given.in_unit != nullptr) btyd::require_same_unit(transactions, *given.in_unit);
  if (units_per_year) require_positive(*units_per_year, "units_per_year");
  btyd::lifetime_value_options options;
  options.horizon = horizon;
  options.annual_discount_rate = annual_discount_rate;
  options.units_per_year = units_per_year.value_or(0);
  options.margin_rate = margin_rate;
  options.threads = threads;
  answer_columns out(given.columns.frequency.size());
  watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    spelled(given.names(),
            [&] { btyd::lifetime_value(transactions, spend, given.columns, options, out.values, out.reasons); });
  });
  return std::move(out).given();
}

std::string to_json(const btyd::model& m, const std::string& date, const std::string& note) {
  return btyd::to_json(m, {{}, date, note});
}

shared_model from_json(const std::string& text) { return std::make_shared<btyd::model>(btyd::from_json(text)); }

// Equal to the bit, every NaN equal to every other: what is written is the whole model.
bool is_same(const btyd::model& a, const btyd::model& b) { return &a == &b || btyd::to_json(a) == btyd::to_json(b); }

// What a fit reports; empty for a model from known parameters.
py::dict report_of(const shared_model& m) {
  py::dict out;
  if (!m->is_fitted) return out;
  const auto& f = m->fit;
  const auto k = static_cast<py::ssize_t>(m->parameters.size());
  out["outcome"] = std::string(name_of(f.outcome));
  out["detail"] = f.detail;
  out["log_likelihood"] = f.log_likelihood;
  out["aic"] = f.aic;
  out["bic"] = f.bic;
  out["customers"] = f.customers;
  out["distinct_rows"] = f.distinct_rows;
  out["iterations"] = f.iterations;
  out["gradient_norm"] = f.gradient_norm;
  out["standard_errors"] = view_of<double>(std::span<const double>(f.standard_errors), m);
  out["covariance"] = view_of<double>(std::span<const double>(f.covariance), m, {k, k});
  out["eigenvalues"] = view_of<double>(std::span<const double>(f.eigenvalues), m);
  return out;
}

}  // namespace

void register_btyd(py::module_& m) {
  py::class_<btyd::model, shared_model>(m, "Model", plain_metaclass())
      .def(py::init(&from_parameters), py::arg("name"), py::arg("values"), py::arg("unit"))
      .def_property_readonly("name", [](const btyd::model& self) { return std::string(self.info().name); })
      .def_property_readonly("unit", [](const btyd::model& self) { return std::string(name_of(self.unit)); })
      .def_property_readonly("parameters", [](const btyd::model& self) { return self.parameters; })
      .def_property_readonly("is_fitted", [](const btyd::model& self) { return self.is_fitted; })
      .def("report", &report_of)
      .def("is_same", &is_same, py::arg("other"))
      .def("to_json", &to_json, py::arg("date"), py::arg("note"))
      .def_static("from_json", &from_json, py::arg("text"));
  m.def("fit", &fit, py::arg("name"), py::arg("customers"), py::arg("unit"), py::arg("weight"), py::arg("threads"),
        py::arg("progress"));
  m.def("predict", &predict, py::arg("model"), py::arg("quantity"), py::arg("customers"), py::arg("arguments"),
        py::arg("threads"), py::arg("progress"));
  m.def("predict_new", &predict_new, py::arg("model"), py::arg("quantity"), py::arg("arguments"));
  m.def("lifetime_value", &lifetime_value, py::arg("transactions"), py::arg("spend"), py::arg("customers"),
        py::arg("horizon"), py::arg("annual_discount_rate"), py::arg("margin_rate"), py::arg("units_per_year"),
        py::arg("threads"), py::arg("progress"));
}

}  // namespace kundenwert::python
