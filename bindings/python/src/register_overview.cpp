// The overview of a customer base, and its models against what happened.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base.hpp"
#include "bindings.hpp"
#include "convert.hpp"
#include "instances.hpp"
#include "kundenwert/numeric/agreement.hpp"
#include "kundenwert/overview/export.hpp"
#include "kundenwert/overview/overview.hpp"
#include "kundenwert/overview/tracking.hpp"
#include "phases.hpp"
#include "results.hpp"
#include "watch.hpp"

namespace kundenwert::python {

namespace {

using shared_overview = std::shared_ptr<overview>;

std::optional<double> number_at(const py::dict& asked, const char* name) {
  const py::object value = asked[name];
  return value.is_none() ? std::nullopt : std::optional(value.cast<double>());
}

overview_options options_of(const py::dict& asked, const std::map<std::string, double>& phases, int threads) {
  overview_options out;
  out.as_of = asked["as_of"].cast<std::int32_t>();
  out.unit = unit_named(asked["unit"].cast<std::string>());
  out.horizon = asked["horizon"].cast<double>();
  out.annual_discount_rate = asked["annual_discount_rate"].cast<double>();
  if (const py::object convention = asked["convention"]; !convention.is_none()) {
    out.convention =
        constant_named<value::clv_convention>(value::clv_conventions, convention.cast<std::string>(), "convention");
  }
  if (const auto units = number_at(asked, "units_per_year")) {
    require_positive(*units, "units_per_year");
    out.units_per_year = *units;
  }
  out.margin_rate = number_at(asked, "margin_rate").value_or(not_available);
  out.annual_retention_rate = number_at(asked, "annual_retention_rate").value_or(not_available);
  if (const py::object start = asked["start"]; !start.is_none()) out.start = start.cast<std::int32_t>();
  if (const py::object model = asked["model"]; !model.is_none()) {
    out.model = btyd::info_of(model.cast<std::string>()).number;
  }
  out.phases = phase_parameters_of(phases);
  const py::object abc = asked["abc"];
  out.abc.a_share = abc.attr("a_share").cast<double>();
  out.abc.b_share = abc.attr("b_share").cast<double>();
  out.abc.rule = constant_named<portfolio::abc_rule>(kundenwert::detail::abc_rule_entries,
                                                     abc.attr("rule").cast<std::string>(), "rule");
  out.abc.keep_ties = abc.attr("keep_ties").cast<bool>();
  out.rfm_classes = asked["rfm_classes"].cast<std::int32_t>();
  out.threads = threads;
  return out;
}

shared_overview make_overview(const shared_base& base, const py::dict& asked,
                              const std::map<std::string, double>& phases, int threads, const py::object& tell) {
  auto options = options_of(asked, phases, threads);
  const renames names{{"phases", "phase_parameters"}};
  return watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    return spelled(names, [&] { return std::make_shared<overview>(overview_of(base->base, options)); });
  });
}

py::tuple total_of(const value_total& t) { return py::make_tuple(t.customers, t.valued, t.value); }

py::dict headline_of(const overview& o) {
  const auto& h = o.headline;
  py::list phases;
  for (const auto& p : h.phases) {
    const double revenue = std::isnan(h.revenue) ? not_available : p.revenue;
    phases.append(py::make_tuple(std::string(name_of(p.phase)), p.customers, revenue, p.value, p.valued));
  }
  py::dict out;
  out["customers"] = h.customers;
  out["potential"] = h.potential;
  out["current"] = h.current;
  out["lost"] = h.lost;
  out["phases"] = phases;
  out["revenue"] = h.revenue;
  out["retention"] = retention_of(h.retention);
  out["contract_retention"] = retention_of(h.contract_retention);
  out["annual_retention_rate"] = h.annual_retention_rate;
  out["customer_equity"] = total_of(h.customer_equity);
  out["value_at_risk"] = total_of(h.value_at_risk);
  out["valued_by_contract"] = h.valued_by_contract;
  out["valued_by_purchases"] = h.valued_by_purchases;
  out["basis"] = std::string(name_of(h.basis));
  out["margin_rate"] = h.margin_rate;
  out["service_cost_rate"] = h.service_cost_rate;
  out["care_cost_rate"] = h.care_cost_rate;
  out["spend"] = std::string(name_of(h.spend));
  out["mean_spend"] = h.mean_spend;
  out["abc"] = abc_of(h.abc);
  out["revenue_concentration"] = concentration_of(h.revenue_concentration);
  out["value_concentration"] = concentration_of(h.value_concentration);
  return out;
}

py::dict options_dict(const overview& o) {
  const auto& used = o.options;
  const auto day = [](std::int32_t d) { return d == no_day ? py::object(py::none()) : py::object(py::int_(d)); };
  py::dict abc;
  abc["a_share"] = used.abc.a_share;
  abc["b_share"] = used.abc.b_share;
  abc["rule"] = std::string(name_of(used.abc.rule));
  abc["keep_ties"] = used.abc.keep_ties;
  py::dict out;
  out["as_of"] = day(used.as_of);
  out["start"] = day(o.start);
  out["unit"] = std::string(name_of(used.unit));
  out["horizon"] = used.horizon;
  out["annual_discount_rate"] = used.annual_discount_rate;
  out["units_per_year"] = used.units_per_year > 0 ? used.units_per_year : units_per_year(used.unit);
  out["convention"] = std::string(name_of(used.convention));
  out["margin_rate"] = used.margin_rate;
  out["annual_retention_rate"] = used.annual_retention_rate;
  out["model"] = used.model == 0 ? std::string() : std::string(btyd::info_of(used.model).name);
  out["phases"] = phase_parameters_dict(used.phases);
  out["abc"] = abc;
  out["rfm_classes"] = used.rfm_classes;
  return out;
}

std::vector<std::shared_ptr<btyd::model>> shared_models(const std::vector<btyd::model>& models) {
  std::vector<std::shared_ptr<btyd::model>> out;
  for (const auto& m : models) out.push_back(std::make_shared<btyd::model>(m));
  return out;
}

py::dict track(const shared_base& base, const btyd::model& transactions, std::int32_t as_of,
               std::optional<std::int32_t> start, std::optional<std::int32_t> through, std::int32_t step_days) {
  tracking_options options;
  options.as_of = as_of;
  options.start = start.value_or(no_day);
  options.through = through.value_or(no_day);
  options.step_days = step_days;
  const renames names{{"transactions", "model"}};
  tracking found;
  {
    const py::gil_scoped_release release;
    spelled(names, [&] { found = track_repeat_purchases<btyd::models>(base->base, transactions, options); });
  }
  py::dict out;
  out["customers"] = found.customers;
  out["days"] = array_of(std::move(found.days));
  out["actual"] = array_of(std::move(found.actual));
  out["expected"] = array_of(std::move(found.expected));
  out["actual_step"] = array_of(std::move(found.actual_step));
  out["expected_step"] = array_of(std::move(found.expected_step));
  return out;
}

std::vector<double> values_of(const plain_columns& given) {
  std::vector<double> out;
  for (std::int64_t i = 0; i < given.value.size(); ++i) {
    out.push_back(given.value.is_valid(i) ? given.value[i] : not_available);
  }
  return out;
}

}  // namespace

void register_overview(py::module_& m) {
  py::class_<overview, shared_overview>(m, "Overview", plain_metaclass())
      .def("__len__", &overview::size)
      .def_property_readonly("currency", [](const overview& o) { return o.currency; })
      .def_property_readonly("chosen", [](const overview& o) { return o.chosen; })
      .def_property_readonly("models", [](const overview& o) { return shared_models(o.models); })
      .def_property_readonly("spend", [](const overview& o) { return shared_models(o.spend); })
      .def("headline", &headline_of)
      .def("options", &options_dict)
      .def("table", [](const shared_overview& o) { return std::make_shared<arrow::table>(export_overview(o)); });
  m.def("overview", &make_overview, py::arg("base"), py::arg("options"), py::arg("phase_parameters"),
        py::arg("threads"), py::arg("progress"));
  m.def("track_repeat_purchases", &track, py::arg("base"), py::arg("model"), py::arg("as_of"), py::arg("start"),
        py::arg("through"), py::arg("step_days"));
  m.def(
      "rank_correlation",
      [](const plain_columns& truth, const plain_columns& estimate) {
        return numeric::rank_correlation(values_of(truth), values_of(estimate));
      },
      py::arg("truth"), py::arg("estimate"));
  m.def(
      "top_hits",
      [](const plain_columns& truth, const plain_columns& estimate, double share) {
        return numeric::top_hits(values_of(truth), values_of(estimate), share);
      },
      py::arg("truth"), py::arg("estimate"), py::arg("share"));
}

}  // namespace kundenwert::python
