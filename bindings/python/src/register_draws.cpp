// Uncertainty: draws of the parameters of a model, and intervals of its answers.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "asked.hpp"
#include "bindings.hpp"
#include "convert.hpp"
#include "customers.hpp"
#include "instances.hpp"
#include "kundenwert/btyd/draws.hpp"
#include "kundenwert/btyd/intervals.hpp"
#include "kundenwert/btyd/posterior.hpp"
#include "watch.hpp"

namespace kundenwert::python {

namespace {

using shared_draws = std::shared_ptr<btyd::parameter_draws>;

shared_draws shared(btyd::parameter_draws draws) { return std::make_shared<btyd::parameter_draws>(std::move(draws)); }

btyd::draw_method method_named(const std::string& name) {
  return constant_named<btyd::draw_method>(btyd::draw_methods, name, "method");
}

shared_draws normal_draws(const btyd::model& m, const std::string& method, std::int64_t draws, std::uint64_t seed) {
  const btyd::draw_method how = method_named(method);
  const py::gil_scoped_release release;
  return shared(btyd::normal_draws(m, how, {.draws = draws, .seed = seed}));
}

shared_draws bootstrap_draws(const btyd::model& m, const py::object& customers, const py::object& covariates,
                             const py::object& weight, std::int64_t draws, std::uint64_t seed, int threads,
                             const py::object& tell) {
  const given_customers given(customers, covariates);
  given.require_readable(m);
  btyd::fit_options as_fitted;
  as_fitted.weight = numbers_of(weight, given, "weight");
  return watched_call(tell).run([&](const progress& watch) {
    const btyd::draw_options options{.draws = draws, .seed = seed, .threads = threads, .watch = watch};
    return spelled(given.names(),
                   [&] { return shared(btyd::bootstrap_draws<btyd::models>(m, given.columns, as_fitted, options)); });
  });
}

shared_draws posterior_draws(const btyd::model& m, const py::object& customers, const py::object& covariates,
                             const py::object& weight, std::int64_t draws, int chains, int warm_up, std::uint64_t seed,
                             int threads, const py::object& tell) {
  const given_customers given(customers, covariates);
  given.require_readable(m);
  btyd::fit_options as_fitted;
  as_fitted.weight = numbers_of(weight, given, "weight");
  return watched_call(tell).run([&](const progress& watch) {
    btyd::posterior_options options;
    options.draws = draws;
    options.chains = chains;
    options.warm_up = warm_up;
    options.seed = seed;
    options.threads = threads;
    options.watch = watch;
    return spelled(given.names(),
                   [&] { return shared(btyd::posterior_draws<btyd::models>(m, given.columns, as_fitted, options)); });
  });
}

// Draws that were made before: those of a pickle. chains: as chains_of gives them.
shared_draws restored_draws(const btyd::model& center, const std::string& method, std::uint64_t seed,
                            const std::string& outcome, const std::string& detail,
                            const py::array_t<double, py::array::c_style | py::array::forcecast>& values,
                            const py::dict& chains) {
  btyd::parameter_draws out;
  out.center = center;
  out.method = method_named(method);
  out.seed = seed;
  out.outcome = constant_named<kundenwert::outcome>(outcomes, outcome, "outcome");
  out.detail = detail;
  const auto width = static_cast<py::ssize_t>(out.width());
  if (values.ndim() != 2 || values.shape(1) != width) {
    fail(error_code::length_mismatch, "values", "has not one column for each of the model's numbers");
  }
  out.values.assign(values.data(), values.data() + values.size());
  if (!chains.empty()) {
    auto& c = out.chains;
    c.chains = chains["chains"].cast<std::int32_t>();
    c.names = chains["names"].cast<std::vector<std::string>>();
    c.r_hat = chains["r_hat"].cast<std::vector<double>>();
    c.bulk_ess = chains["bulk_ess"].cast<std::vector<double>>();
    c.tail_ess = chains["tail_ess"].cast<std::vector<double>>();
    c.acceptance = chains["acceptance"].cast<double>();
    c.divergences = chains["divergences"].cast<std::int64_t>();
    c.gradients = chains["gradients"].cast<std::int64_t>();
    c.pareto_k = chains["pareto_k"].cast<double>();
    c.priors = priors_from(chains["priors"].cast<std::vector<given_prior>>());
  }
  return shared(std::move(out));
}

// How well the chains of a posterior mixed; empty for other draws.
py::dict chains_of(const btyd::parameter_draws& draws) {
  py::dict out;
  const auto& c = draws.chains;
  if (c.chains == 0) return out;
  out["chains"] = c.chains;
  out["names"] = c.names;
  out["r_hat"] = c.r_hat;
  out["bulk_ess"] = c.bulk_ess;
  out["tail_ess"] = c.tail_ess;
  out["acceptance"] = c.acceptance;
  out["divergences"] = c.divergences;
  out["gradients"] = c.gradients;
  out["pareto_k"] = c.pareto_k;
  out["priors"] = priors_in(c.priors);
  return out;
}

// Mean, standard deviation and the ends of the central interval, of every column.
std::vector<std::array<double, 4>> summary_of(const btyd::parameter_draws& draws, double probability) {
  btyd::detail::require_probability(probability);
  require_not_empty(draws.size(), "draws");
  std::vector<std::array<double, 4>> out;
  const std::size_t width = draws.width();
  std::vector<double> column(static_cast<std::size_t>(draws.size()));
  for (std::size_t k = 0; k < width; ++k) {
    for (std::size_t d = 0; d < column.size(); ++d) column[d] = draws.values[d * width + k];
    const auto row = btyd::detail::interval_of(column, probability);
    double squares = 0;
    for (const double v : column) squares += (v - row.mean) * (v - row.mean);
    const auto rest = static_cast<double>(column.size()) - 1;
    out.push_back({row.mean, rest > 0 ? std::sqrt(squares / rest) : not_available, row.lower, row.upper});
  }
  return out;
}

using interval_columns =
    std::tuple<py::array_t<double>, py::array_t<double>, py::array_t<double>, py::array_t<std::uint32_t>>;

interval_columns columns_of(btyd::answer_intervals found) {
  return {array_of(std::move(found.mean)), array_of(std::move(found.lower)), array_of(std::move(found.upper)),
          array_of(masks_of(found.reasons))};
}

interval_columns intervals(const btyd::parameter_draws& draws, const std::string& quantity, const py::object& customers,
                           const py::object& covariates, double probability, const named_arguments& arguments,
                           int threads, const py::object& tell) {
  const given_customers given(customers, covariates);
  const btyd::quantity what = quantity_named(quantity);
  given.require_readable(draws.center);
  auto options = options_of(arguments, threads);
  return columns_of(watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    return spelled(given.names(),
                   [&] { return btyd::intervals<btyd::models>(draws, what, given.columns, probability, options); });
  }));
}

interval_columns predicted_purchases(const btyd::parameter_draws& draws, const py::object& customers,
                                     const py::object& covariates, double probability, double horizon,
                                     std::int64_t most_draws, int threads, const py::object& tell) {
  const given_customers given(customers, covariates);
  given.require_readable(draws.center);
  btyd::predict_options options;
  options.horizon = horizon;
  options.threads = threads;
  return columns_of(watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    return spelled(given.names(), [&] {
      return btyd::predicted_purchases<btyd::models>(draws, given.columns, probability, options, most_draws);
    });
  }));
}

interval_columns lifetime_value_intervals(const btyd::parameter_draws& transactions, const btyd::parameter_draws& spend,
                                          const py::object& customers, const py::object& covariates, double probability,
                                          const named_arguments& arguments, const py::object& margin_rates,
                                          const py::object& annual_discount_rates, int threads,
                                          const py::object& tell) {
  const given_customers given(customers, covariates);
  given.require_readable(transactions.center);
  given.require_columns_of(spend.center.info());
  auto names = given.names();
  names.emplace_back("margin_rates", "margin_rate");
  names.emplace_back("annual_discount_rates", "annual_discount_rate");
  auto options = value_options_of(arguments, numbers_of(margin_rates, given, "margin_rate"),
                                  numbers_of(annual_discount_rates, given, "annual_discount_rate"), threads);
  return columns_of(watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    return spelled(names, [&] {
      return btyd::lifetime_value_intervals<btyd::models>(transactions, spend, given.columns, probability, options);
    });
  }));
}

}  // namespace

void register_draws(py::module_& m) {
  using btyd::parameter_draws;
  py::class_<parameter_draws, shared_draws>(m, "Draws", plain_metaclass())
      .def(py::init(&restored_draws), py::arg("center"), py::arg("method"), py::arg("seed"), py::arg("outcome"),
           py::arg("detail"), py::arg("values"), py::arg("chains"))
      .def("__len__", &parameter_draws::size)
      .def_property_readonly("center",
                             [](const parameter_draws& self) { return std::make_shared<btyd::model>(self.center); })
      .def_property_readonly("method",
                             [](const parameter_draws& self) { return std::string(btyd::name_of(self.method)); })
      .def_property_readonly("seed", [](const parameter_draws& self) { return self.seed; })
      .def_property_readonly("outcome", [](const parameter_draws& self) { return std::string(name_of(self.outcome)); })
      .def_property_readonly("detail", [](const parameter_draws& self) { return self.detail; })
      .def_property_readonly("names", [](const parameter_draws& self) { return btyd::names_of(self); })
      .def_property_readonly("values",
                             [](const shared_draws& self) {
                               return view_of<double>(
                                   std::span<const double>(self->values), self,
                                   {static_cast<py::ssize_t>(self->size()), static_cast<py::ssize_t>(self->width())});
                             })
      .def("chains", &chains_of)
      .def("summary", &summary_of, py::arg("probability"));
  m.def("normal_draws", &normal_draws, py::arg("model"), py::arg("method"), py::arg("draws"), py::arg("seed"));
  m.def("bootstrap_draws", &bootstrap_draws, py::arg("model"), py::arg("customers"), py::arg("covariates"),
        py::arg("weight"), py::arg("draws"), py::arg("seed"), py::arg("threads"), py::arg("progress"));
  m.def("posterior_draws", &posterior_draws, py::arg("model"), py::arg("customers"), py::arg("covariates"),
        py::arg("weight"), py::arg("draws"), py::arg("chains"), py::arg("warm_up"), py::arg("seed"), py::arg("threads"),
        py::arg("progress"));
  m.def("intervals", &intervals, py::arg("draws"), py::arg("quantity"), py::arg("customers"), py::arg("covariates"),
        py::arg("probability"), py::arg("arguments"), py::arg("threads"), py::arg("progress"));
  m.def("predicted_purchases", &predicted_purchases, py::arg("draws"), py::arg("customers"), py::arg("covariates"),
        py::arg("probability"), py::arg("horizon"), py::arg("most_draws"), py::arg("threads"), py::arg("progress"));
  m.def("lifetime_value_intervals", &lifetime_value_intervals, py::arg("transactions"), py::arg("spend"),
        py::arg("customers"), py::arg("covariates"), py::arg("probability"), py::arg("arguments"),
        py::arg("margin_rates"), py::arg("annual_discount_rates"), py::arg("threads"), py::arg("progress"));
}

}  // namespace kundenwert::python
