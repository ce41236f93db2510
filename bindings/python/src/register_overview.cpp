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

template <class Enum>
std::vector<std::int32_t> numbers_of(const std::vector<Enum>& codes) {
  std::vector<std::int32_t> out;
  out.reserve(codes.size());
  for (const Enum code : codes) out.push_back(static_cast<std::int32_t>(code));
  return out;
}

// Scores of 0 are null.
std::vector<double> scores_of(const std::vector<std::int32_t>& scores) {
  std::vector<double> out;
  out.reserve(scores.size());
  for (const std::int32_t s : scores) out.push_back(s == 0 ? not_available : s);
  return out;
}

std::shared_ptr<arrow::table> table_of(const shared_overview& o) {
  const auto& r = o->rows;
  std::vector<std::int32_t> kind, task, goal;
  std::vector<std::uint32_t> measures;
  std::vector<std::int64_t> measure_ends{0};
  for (std::size_t i = 0; i < r.phase.size(); ++i) {
    const bool is_known = r.phase[i] != lifecycle::phase{};
    const auto* fact = is_known ? &lifecycle::fact_of(r.phase[i]) : nullptr;
    kind.push_back(is_known ? static_cast<std::int32_t>(fact->kind) : 0);
    task.push_back(is_known ? static_cast<std::int32_t>(fact->task) : 0);
    goal.push_back(is_known ? static_cast<std::int32_t>(fact->goal) : 0);
    if (is_known) {
      for (const measure m : lifecycle::recommended_measures(r.phase[i], r.suppressions[i])) {
        measures.push_back(static_cast<std::uint32_t>(m));
      }
    }
    measure_ends.push_back(static_cast<std::int64_t>(measures.size()));
  }
  constexpr std::array<std::string_view, 3> abc_labels{"A", "B", "C"};
  const auto shared = [&](const std::vector<double>& values) {
    return arrow::shared_values<double>(std::span<const double>(values), o);
  };
  const auto days = [&](const std::vector<std::int32_t>& values) {
    return arrow::shared_values<std::int32_t>(std::span<const std::int32_t>(values), o);
  };
  auto out = std::make_shared<arrow::table>();
  out->add_ids("customer_id", o->ids, o)
      .add_names("phase", numbers_of(r.phase), names_in(lifecycle::phases))
      .add_names("kind", kind, names_in(lifecycle::customer_kinds))
      .add_masks("risks", r.risks, lifecycle::risks)
      .add_names("task", task, names_in(lifecycle::tasks))
      .add_names("goal", goal, names_in(lifecycle::goals))
      .add_lists("measures", measures, std::move(measure_ends), kundenwert::measures)
      .add_masks("suppressions", r.suppressions, lifecycle::suppressions)
      .add_days("first_purchase", days(r.first_purchase))
      .add_days("last_purchase", days(r.last_purchase))
      .add("purchase_days", arrow::shared_values<std::int32_t>(std::span<const std::int32_t>(r.purchase_days), o))
      .add("revenue", shared(r.revenue))
      .add("r_score", scores_of(r.r_score))
      .add("f_score", scores_of(r.f_score))
      .add("m_score", scores_of(r.m_score))
      .add_names("abc", numbers_of(r.abc), abc_labels)
      .add("probability_alive", shared(r.probability_alive))
      .add("expected_transactions", shared(r.expected_transactions))
      .add("lifetime_value", shared(r.lifetime_value))
      .add_names("value_basis", numbers_of(r.basis), names_in(value_bases))
      .add_reasons("value_reasons", masks_of(r.value_reasons));
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
      .def("table", &table_of);
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
