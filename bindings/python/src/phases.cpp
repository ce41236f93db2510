#include "phases.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "convert.hpp"
#include "kundenwert/base/check.hpp"
#include "kundenwert/lifecycle/tasks.hpp"

namespace kundenwert::python {

namespace {

template <class Parameters, class Visit>
void for_each_parameter(Parameters& p, Visit&& visit) {
  visit("new_window", p.new_window);
  visit("acquisition_window", p.acquisition_window);
  visit("prospect_cold", p.prospect_cold);
  visit("least_gaps", p.least_gaps);
  visit("default_purchase_gap", p.default_purchase_gap);
  visit("soft_factor", p.soft_factor);
  visit("lost_factor", p.lost_factor);
  visit("soft_least", p.soft_least);
  visit("lost_least", p.lost_least);
  visit("lost_most", p.lost_most);
  visit("endangered_probability", p.endangered_probability);
  visit("lost_probability", p.lost_probability);
  visit("renewal_window", p.renewal_window);
  visit("complaint_open_days", p.complaint_open_days);
  visit("bad_outcome_window", p.bad_outcome_window);
  visit("bad_satisfaction", p.bad_satisfaction);
  visit("decline_ratio", p.decline_ratio);
  visit("growth_ratio", p.growth_ratio);
  visit("development_longest_tenure", p.development_longest_tenure);
  visit("regained_window", p.regained_window);
  visit("win_back_window", p.win_back_window);
  visit("contract_gap", p.contract_gap);
}

template <class T>
void set_number(T& parameter, std::string_view name, double value) {
  if constexpr (std::is_integral_v<T>) {
    require_finite(value, name);
    constexpr double largest = 1 << 30;
    if (value != std::floor(value) || std::fabs(value) > largest) {
      fail(error_code::not_integer, name, "is no whole number of days");
    }
  }
  parameter = static_cast<T>(value);
}

lifecycle::phase phase_named(const std::string& name) {
  return constant_named<lifecycle::phase>(lifecycle::phases, name, "phase");
}

}  // namespace

lifecycle::phase_parameters phase_parameters_of(const std::map<std::string, double>& given) {
  lifecycle::phase_parameters out;
  std::size_t used = 0;
  for_each_parameter(out, [&](std::string_view name, auto& parameter) {
    const auto found = given.find(std::string(name));
    if (found == given.end()) return;
    set_number(parameter, name, found->second);
    ++used;
  });
  if (used == given.size()) return out;
  std::string known;
  std::string unknown;
  for (const auto& [name, value] : given) {
    bool is_known = false;
    for_each_parameter(out, [&](std::string_view there, auto&) { is_known = is_known || there == name; });
    if (!is_known && unknown.empty()) unknown = name;
  }
  for_each_parameter(out,
                     [&](std::string_view name, auto&) { known += (known.empty() ? "" : ", ") + std::string(name); });
  fail(error_code::unknown_code, unknown, "is no parameter of the phases; they are " + known);
}

py::dict phase_parameters_dict(const lifecycle::phase_parameters& parameters) {
  py::dict out;
  for_each_parameter(parameters, [&](std::string_view name, const auto& value) {
    out[py::str(name.data(), name.size())] = py::cast(value);
  });
  return out;
}

py::dict phases_of(const shared_base& base, const std::vector<lifecycle::phase_finding>& found) {
  std::vector<std::int32_t> phase, kind, task, goal, repeats, days, tenure, regained;
  std::vector<std::uint32_t> risks;
  std::vector<std::uint8_t> active, complaint;
  std::vector<double> gap, soft, lost, margin;
  for (const auto& f : found) {
    const bool known = f.phase != lifecycle::phase{};
    const auto* fact = known ? &lifecycle::fact_of(f.phase) : nullptr;
    phase.push_back(static_cast<std::int32_t>(f.phase));
    kind.push_back(fact == nullptr ? 0 : static_cast<std::int32_t>(fact->kind));
    task.push_back(fact == nullptr ? 0 : static_cast<std::int32_t>(fact->task));
    goal.push_back(fact == nullptr ? 0 : static_cast<std::int32_t>(fact->goal));
    risks.push_back(f.risks);
    active.push_back(f.has_active_contract ? 1 : 0);
    complaint.push_back(f.has_open_complaint ? 1 : 0);
    repeats.push_back(f.repeat_purchases);
    days.push_back(f.days_since_purchase);
    tenure.push_back(f.tenure);
    regained.push_back(f.regained_on);
    gap.push_back(f.purchase_gap);
    soft.push_back(f.soft_threshold);
    lost.push_back(f.lost_threshold);
    margin.push_back(f.margin_ratio);
  }
  const auto as_numbers = [](const std::vector<std::int32_t>& values) {
    std::vector<double> out;
    for (const std::int32_t v : values) out.push_back(v < 0 ? not_available : v);
    return out;
  };
  auto table = std::make_shared<arrow::table>();
  table->add_ids("customer_id", base->base.ids, base)
      .add_codes("phase", phase, lifecycle::phases)
      .add_codes("kind", kind, lifecycle::customer_kinds)
      .add_masks("risks", risks, lifecycle::risks)
      .add_codes("task", task, lifecycle::tasks)
      .add_codes("goal", goal, lifecycle::goals)
      .add_flags("has_active_contract", active)
      .add_flags("has_open_complaint", complaint)
      .add("repeat_purchases", as_numbers(repeats))
      .add("days_since_purchase", as_numbers(days))
      .add("tenure", as_numbers(tenure))
      .add("purchase_gap", gap)
      .add("soft_threshold", soft)
      .add("lost_threshold", lost)
      .add("margin_ratio", margin)
      .add_days("regained_on", regained);
  py::dict out;
  out["phase"] = array_of(std::move(phase));
  out["risks"] = array_of(std::move(risks));
  out["table"] = table;
  return out;
}

std::vector<std::string> recommended_measures(const std::string& phase, const std::vector<std::string>& suppressions) {
  std::uint32_t mask = 0;
  for (const auto& name : suppressions) {
    mask |= static_cast<std::uint32_t>(
        constant_named<lifecycle::suppression>(lifecycle::suppressions, name, "suppressions"));
  }
  std::vector<std::string> out;
  for (const measure m : lifecycle::recommended_measures(phase_named(phase), mask)) out.emplace_back(name_of(m));
  return out;
}

}  // namespace kundenwert::python
