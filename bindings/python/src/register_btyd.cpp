// Models: fit, predict, lifetime value.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "asked.hpp"
#include "bindings.hpp"
#include "convert.hpp"
#include "customers.hpp"
#include "instances.hpp"
#include "kundenwert/btyd/cohort_table.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/lifetime_value.hpp"
#include "kundenwert/btyd/persist.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "kundenwert/numeric/covariance.hpp"
#include "watch.hpp"

namespace kundenwert::python {

namespace {

using shared_model = std::shared_ptr<btyd::model>;

shared_model fit(const std::string& name, const py::object& customers, const py::object& covariates,
                 const std::string& unit, const py::object& weight, const std::vector<given_effect>& effects,
                 const std::vector<given_prior>& priors, const std::optional<int>& k, int threads,
                 const py::object& tell) {
  const auto& info = btyd::info_of(name);
  const given_customers given(customers, covariates);
  given.require_columns_of(info);
  btyd::fit_options options;
  options.weight = numbers_of(weight, given, "weight");
  options.effects = effects_from(effects);
  options.priors = priors_from(priors);
  if (k && *k < 1) fail(error_code::domain, "k", "must be 1 or more");
  options.whole = k.value_or(0);
  options.threads = threads;
  const time_unit in = given.in_unit != nullptr ? given.in_unit->unit : unit_named(unit);
  auto names = given.names();
  names.emplace_back("whole", "k");
  return watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    return spelled(names, [&] {
      return std::make_shared<btyd::model>(btyd::fit<btyd::models>(info.number, given.columns, in, options));
    });
  });
}

// Numbers by the names of the coefficients; throws missing and unknown_code.
std::vector<double> coefficients_from(const std::vector<std::string>& names, std::map<std::string, double> given) {
  std::vector<double> out;
  for (const auto& name : names) {
    const auto found = given.find(name);
    if (found == given.end()) fail(error_code::missing, "coefficients", "there is none for " + name);
    out.push_back(found->second);
    given.erase(found);
  }
  if (!given.empty()) {
    fail(error_code::unknown_code, "coefficients", "no effect has the coefficient '" + given.begin()->first + "'");
  }
  return out;
}

shared_model from_parameters(const std::string& name, const std::vector<double>& values, const std::string& unit,
                             const std::vector<given_effect>& effects,
                             const std::map<std::string, double>& coefficients) {
  const auto& info = btyd::info_of(name);
  const auto of = effects_from(effects);
  const auto numbers = coefficients_from(btyd::effects_of(info.parameters, of).coefficients, coefficients);
  return std::make_shared<btyd::model>(btyd::model_from_parameters(info.number, values, unit_named(unit), of, numbers));
}

using answer = std::pair<py::array_t<double>, py::array_t<std::uint32_t>>;

struct answer_columns {
  std::vector<double> values;
  std::vector<reason> reasons;

  explicit answer_columns(std::int64_t rows)
      : values(static_cast<std::size_t>(rows)), reasons(static_cast<std::size_t>(rows)) {}
  answer given() && { return {array_of(std::move(values)), array_of(masks_of(reasons))}; }
};

answer predict(const btyd::model& m, const std::string& quantity, const py::object& customers,
               const py::object& covariates, const named_arguments& arguments, int threads, const py::object& tell) {
  const given_customers given(customers, covariates);
  auto options = options_of(arguments, threads);
  const btyd::quantity what = quantity_named(quantity);
  given.require_readable(m);
  answer_columns out(btyd::row_count(m.number, given.columns));
  watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    spelled(given.names(),
            [&] { btyd::predict<btyd::models>(m, what, given.columns, options, out.values, out.reasons); });
  });
  return std::move(out).given();
}

// A customer who has just made the first purchase, or a contract that has just begun.
double predict_new(const btyd::model& m, const std::string& quantity, const named_arguments& arguments,
                   const std::map<std::string, double>& covariates) {
  const std::array nothing{0.0};
  const column<double> zero{std::span<const double>(nothing)};
  std::vector<covariate_column> given;
  for (const auto& [name, value] : covariates) given.push_back({name, {std::span<const double>(&value, 1)}});
  const summary_columns customer{
      .frequency = zero, .recency = zero, .age = zero, .tenure = zero, .ended = zero, .covariates = given};
  answer_columns out(1);
  btyd::predict<btyd::models>(m, quantity_named(quantity), customer, options_of(arguments, 1), out.values, out.reasons);
  return out.values[0];
}

answer lifetime_value(const btyd::model& transactions, const btyd::model& spend, const py::object& customers,
                      const py::object& covariates, const named_arguments& arguments, const py::object& margin_rates,
                      const py::object& annual_discount_rates, int threads, const py::object& tell) {
  const given_customers given(customers, covariates);
  given.require_readable(transactions);
  given.require_columns_of(spend.info());
  auto names = given.names();
  names.emplace_back("margin_rates", "margin_rate");
  names.emplace_back("annual_discount_rates", "annual_discount_rate");
  auto options = value_options_of(arguments, numbers_of(margin_rates, given, "margin_rate"),
                                  numbers_of(annual_discount_rates, given, "annual_discount_rate"), threads);
  answer_columns out(given.columns.frequency.size());
  watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    spelled(names, [&] { btyd::lifetime_value(transactions, spend, given.columns, options, out.values, out.reasons); });
  });
  return std::move(out).given();
}

// tenure, ended, weight of a cohort table with the columns survivors and, where there are several, cohort.
py::dict cohort_rows(const plain_columns& table) {
  std::vector<std::int64_t> cohort;
  for (std::int64_t i = 0; i < table.cohort.size(); ++i) {
    if (!table.cohort.is_valid(i)) {
      spelled(table.names, [&] { fail_at(error_code::missing, "cohort", i, "is null or NaN"); });
    }
    cohort.push_back(static_cast<std::int64_t>(table.cohort[i]));
  }
  auto rows =
      spelled(table.names, [&] { return btyd::cohort_rows(table.survivors, {std::span<const std::int64_t>(cohort)}); });
  py::dict out;
  out["tenure"] = array_of(std::move(rows.tenure));
  out["ended"] = array_of(std::move(rows.ended));
  out["weight"] = array_of(std::move(rows.weight));
  return out;
}

std::string to_json(const btyd::model& m, const std::string& date, const std::string& note) {
  return btyd::to_json(m, {{}, date, note});
}

shared_model from_json(const std::string& text) { return std::make_shared<btyd::model>(btyd::from_json(text)); }

// Equal to the bit, every NaN equal to every other: what is written is the whole model.
bool is_same(const btyd::model& a, const btyd::model& b) { return &a == &b || btyd::to_json(a) == btyd::to_json(b); }

// Names of the rows of the matrices of a report: parameters, then coefficients.
std::vector<std::string> estimates_of(const btyd::model& m) {
  std::vector<std::string> out;
  for (const auto& p : m.info().parameters) out.emplace_back(p.name);
  const auto map = btyd::effects_of(m.info().parameters, m.effects);
  out.insert(out.end(), map.coefficients.begin(), map.coefficients.end());
  return out;
}

std::vector<given_effect> effects_in(const btyd::model& m) {
  std::vector<given_effect> out;
  for (const auto& e : m.effects) out.emplace_back(e.parameter, e.covariate, e.name());
  return out;
}

// What a fit reports; empty for a model from known parameters.
py::dict report_of(const shared_model& m) {
  py::dict out;
  if (!m->is_fitted) return out;
  const auto& f = m->fit;
  const std::size_t n = m->parameters.size() + m->coefficients.size();
  const auto k = static_cast<py::ssize_t>(n);
  out["outcome"] = std::string(name_of(f.outcome));
  out["detail"] = f.detail;
  out["remark"] = f.remark;
  out["log_likelihood"] = f.log_likelihood;
  out["log_prior"] = f.log_prior;
  out["aic"] = f.aic;
  out["bic"] = f.bic;
  out["customers"] = f.customers;
  out["distinct_rows"] = f.distinct_rows;
  out["estimated"] = f.estimated;
  out["iterations"] = f.iterations;
  out["evaluations"] = f.evaluations;
  out["gradient_norm"] = f.gradient_norm;
  out["standard_errors"] = view_of<double>(std::span<const double>(f.standard_errors), m);
  out["covariance"] = view_of<double>(std::span<const double>(f.covariance), m, {k, k});
  out["robust_standard_errors"] = numeric::standard_errors(f.robust_covariance, n);
  out["robust_covariance"] = view_of<double>(std::span<const double>(f.robust_covariance), m, {k, k});
  out["eigenvalues"] = view_of<double>(std::span<const double>(f.eigenvalues), m);
  out["priors"] = priors_in(f.priors);
  return out;
}

}  // namespace

void register_btyd(py::module_& m) {
  py::class_<btyd::model, shared_model>(m, "Model", plain_metaclass())
      .def(py::init(&from_parameters), py::arg("name"), py::arg("values"), py::arg("unit"),
           py::arg("effects") = std::vector<given_effect>{}, py::arg("coefficients") = std::map<std::string, double>{})
      .def_property_readonly("name", [](const btyd::model& self) { return std::string(self.info().name); })
      .def_property_readonly("unit", [](const btyd::model& self) { return std::string(name_of(self.unit)); })
      .def_property_readonly("parameters", [](const btyd::model& self) { return self.parameters; })
      .def_property_readonly("effects", &effects_in)
      .def_property_readonly("coefficients", [](const btyd::model& self) { return self.coefficients; })
      .def_property_readonly("estimates", &estimates_of)
      .def_property_readonly("is_fitted", [](const btyd::model& self) { return self.is_fitted; })
      .def("report", &report_of)
      .def("is_same", &is_same, py::arg("other"))
      .def("to_json", &to_json, py::arg("date"), py::arg("note"))
      .def_static("from_json", &from_json, py::arg("text"));
  m.def("fit", &fit, py::arg("name"), py::arg("customers"), py::arg("covariates"), py::arg("unit"), py::arg("weight"),
        py::arg("effects"), py::arg("priors"), py::arg("k"), py::arg("threads"), py::arg("progress"));
  m.def("predict", &predict, py::arg("model"), py::arg("quantity"), py::arg("customers"), py::arg("covariates"),
        py::arg("arguments"), py::arg("threads"), py::arg("progress"));
  m.def("predict_new", &predict_new, py::arg("model"), py::arg("quantity"), py::arg("arguments"),
        py::arg("covariates"));
  m.def("lifetime_value", &lifetime_value, py::arg("transactions"), py::arg("spend"), py::arg("customers"),
        py::arg("covariates"), py::arg("arguments"), py::arg("margin_rates"), py::arg("annual_discount_rates"),
        py::arg("threads"), py::arg("progress"));
  m.def("calendar_horizon", &btyd::calendar_horizon, py::arg("customers"), py::arg("months"));
  m.def("cohort_rows", &cohort_rows, py::arg("columns"));
}

}  // namespace kundenwert::python
