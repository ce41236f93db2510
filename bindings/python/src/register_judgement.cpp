// Whether a model is to be used: comparison, backtest, and diagnostics as tables.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "asked.hpp"
#include "base.hpp"
#include "bindings.hpp"
#include "convert.hpp"
#include "customers.hpp"
#include "instances.hpp"
#include "kundenwert/btyd/backtest.hpp"
#include "kundenwert/btyd/compare.hpp"
#include "kundenwert/btyd/diagnostics.hpp"
#include "kundenwert/btyd/export.hpp"
#include "kundenwert/btyd/heterogeneity.hpp"
#include "watch.hpp"

namespace kundenwert::python {

namespace {

using shared_model = std::shared_ptr<btyd::model>;
using shared_table = std::shared_ptr<arrow::table>;

template <class Table>
shared_table table_of(Table found, time_unit unit) {
  return std::make_shared<arrow::table>(btyd::export_table(std::move(found), unit));
}

std::vector<std::int32_t> numbers_of(const std::vector<std::string>& names) {
  std::vector<std::int32_t> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (const auto& info : btyd::model_table) {
      if (info.name == names[i]) out.push_back(info.number);
    }
    if (out.size() != i + 1) {
      fail_at(error_code::unknown_code, "models", static_cast<std::int64_t>(i), "there is no model '" + names[i] + "'");
    }
  }
  return out;
}

// What a fit is told, beside the customers.
btyd::fit_options fit_options_of(const py::object& weight, const given_customers& given,
                                 const std::vector<given_effect>& effects, const std::vector<given_prior>& priors,
                                 int threads) {
  btyd::fit_options out;
  out.weight = numbers_of(weight, given, "weight");
  out.effects = effects_from(effects);
  out.priors = priors_from(priors);
  out.threads = threads;
  return out;
}

// table, fitted models, recommended row or None, reason, kind of the data
py::tuple comparison_of(btyd::comparison found, time_unit unit) {
  std::vector<shared_model> models;
  for (const auto& m : found.fitted) models.push_back(std::make_shared<btyd::model>(m));
  const py::object recommended = found.recommended < 0 ? py::object(py::none()) : py::int_(found.recommended);
  const std::string reason = found.reason;
  const std::string data(btyd::name_of(found.data));
  return py::make_tuple(table_of(std::move(found), unit), models, recommended, reason, data);
}

py::tuple compare(const py::object& customers, const py::object& covariates, const std::string& unit,
                  const std::vector<std::string>& models, const py::object& weight,
                  const std::vector<given_effect>& effects, const std::vector<given_prior>& priors, int threads,
                  const py::object& tell) {
  const given_customers given(customers, covariates);
  const time_unit in = given.in_unit != nullptr ? given.in_unit->unit : unit_named(unit);
  const auto numbers = numbers_of(models);
  btyd::compare_options options;
  options.models = numbers;
  options.fit = fit_options_of(weight, given, effects, priors, threads);
  auto found = watched_call(tell).run([&](const progress& watch) {
    options.fit.watch = watch;
    return spelled(given.names(), [&] { return btyd::compare<btyd::models>(given.columns, in, options); });
  });
  return comparison_of(std::move(found), in);
}

py::dict likelihood_ratio(const btyd::model& restricted, const btyd::model& full) {
  const auto found = btyd::likelihood_ratio(restricted, full);
  py::dict out;
  out["statistic"] = found.statistic;
  out["degrees_of_freedom"] = found.degrees_of_freedom;
  out["p_value"] = found.p_value;
  out["outcome"] = std::string(name_of(found.outcome));
  return out;
}

// scores, deciles
std::pair<shared_table, shared_table> backtest(const std::vector<std::shared_ptr<summary>>& origins,
                                               const std::vector<std::string>& models, std::optional<double> horizon,
                                               const std::vector<given_prior>& priors, int threads,
                                               const py::object& tell) {
  std::vector<summary> copies;
  for (const auto& s : origins) copies.push_back(*s);
  const auto numbers = numbers_of(models);
  btyd::backtest_options options;
  options.models = numbers;
  if (horizon) {
    require_positive(*horizon, "horizon");
    options.horizon = *horizon;
  }
  options.fit.priors = priors_from(priors);
  options.fit.threads = threads;
  auto found = watched_call(tell).run([&](const progress& watch) {
    options.fit.watch = watch;
    return btyd::backtest<btyd::models>(std::span<const summary>(copies), options);
  });
  return {table_of(std::move(found.scores), found.unit), table_of(std::move(found.deciles), found.unit)};
}

std::vector<std::shared_ptr<summary>> rolling_origins(const shared_base& base, const std::string& unit,
                                                      std::int32_t first_end, std::int32_t step_days,
                                                      std::int32_t count, std::int32_t holdout_days,
                                                      std::optional<std::int32_t> start, int threads,
                                                      const py::object& tell) {
  btyd::rolling_options options;
  options.unit = unit_named(unit);
  options.first_end = first_end;
  options.step_days = step_days;
  options.count = count;
  options.holdout_days = holdout_days;
  options.start = start.value_or(no_day);
  options.threads = threads;
  std::vector<std::shared_ptr<summary>> out;
  watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    for (auto& s : btyd::rolling_origins(base->base, options)) out.push_back(std::make_shared<summary>(std::move(s)));
  });
  return out;
}

// table, chi-square
std::pair<shared_table, double> histogram(const btyd::model& m, const py::object& customers, std::int32_t largest,
                                          int threads, const py::object& tell) {
  const given_customers given(customers, py::none());
  given.require_readable(m);
  auto found = watched_call(tell).run([&](const progress& watch) {
    const btyd::histogram_options options{.largest = largest, .threads = threads, .watch = watch};
    return spelled(given.names(), [&] { return btyd::histogram_of<btyd::models>(m, given.columns, options); });
  });
  const double chi_square = found.chi_square;
  return {table_of(std::move(found), m.unit), chi_square};
}

shared_table conditional_expectations(const btyd::model& m, const summary& customers, const std::string& by,
                                      std::int32_t largest, std::int32_t bins, std::optional<double> horizon,
                                      int threads, const py::object& tell) {
  btyd::conditional_options options;
  options.by = constant_named<btyd::history_part>(btyd::history_parts, by, "by");
  options.largest = largest;
  options.bins = bins;
  if (horizon) {
    require_positive(*horizon, "horizon");
    options.horizon = *horizon;
  }
  options.threads = threads;
  auto found = watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    return btyd::conditional_expectations<btyd::models>(m, customers, options);
  });
  return table_of(std::move(found), m.unit);
}

shared_table history_grid(const btyd::model& m, const std::string& quantity, double age, std::int32_t largest,
                          std::int32_t recency_steps, const named_arguments& arguments, int threads,
                          const py::object& tell) {
  btyd::grid_options options;
  options.what = quantity_named(quantity);
  options.age = age;
  options.largest = largest;
  options.recency_steps = recency_steps;
  options.arguments = options_of(arguments, threads);
  const renames names{{"age", "T"}};
  auto found = watched_call(tell).run([&](const progress& watch) {
    options.arguments.watch = watch;
    return spelled(names, [&] { return btyd::history_grid_of<btyd::models>(m, options); });
  });
  return table_of(std::move(found), m.unit);
}

shared_table heterogeneity(const btyd::model& m, const std::string& of, const py::object& points, std::int32_t count) {
  btyd::heterogeneity_options options;
  options.of = of;
  options.count = count;
  std::vector<double> at;
  if (!points.is_none()) {
    const auto& given = points.cast<const plain_columns&>().value;
    for (std::int64_t i = 0; i < given.size(); ++i) at.push_back(given.is_valid(i) ? given[i] : not_available);
    options.points = at;
  }
  return table_of(btyd::heterogeneity_of(m, options), m.unit);
}

}  // namespace

void register_judgement(py::module_& m) {
  m.def("compare", &compare, py::arg("customers"), py::arg("covariates"), py::arg("unit"), py::arg("models"),
        py::arg("weight"), py::arg("effects"), py::arg("priors"), py::arg("threads"), py::arg("progress"));
  m.def("likelihood_ratio", &likelihood_ratio, py::arg("restricted"), py::arg("full"));
  m.def("backtest", &backtest, py::arg("origins"), py::arg("models"), py::arg("horizon"), py::arg("priors"),
        py::arg("threads"), py::arg("progress"));
  m.def("rolling_origins", &rolling_origins, py::arg("base"), py::arg("unit"), py::arg("first_end"),
        py::arg("step_days"), py::arg("count"), py::arg("holdout_days"), py::arg("start"), py::arg("threads"),
        py::arg("progress"));
  m.def("frequency_histogram", &histogram, py::arg("model"), py::arg("customers"), py::arg("largest"),
        py::arg("threads"), py::arg("progress"));
  m.def("conditional_expectations", &conditional_expectations, py::arg("model"), py::arg("customers"), py::arg("by"),
        py::arg("largest"), py::arg("bins"), py::arg("horizon"), py::arg("threads"), py::arg("progress"));
  m.def("history_grid", &history_grid, py::arg("model"), py::arg("quantity"), py::arg("age"), py::arg("largest"),
        py::arg("recency_steps"), py::arg("arguments"), py::arg("threads"), py::arg("progress"));
  m.def("heterogeneity", &heterogeneity, py::arg("model"), py::arg("of"), py::arg("points"), py::arg("count"));
}

}  // namespace kundenwert::python
