// A business drawn from stated parameters and a seed, with its truth.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "convert.hpp"
#include "kundenwert/base/check.hpp"
#include "kundenwert/model/nouns.hpp"
#include "kundenwert/simulate/business.hpp"
#include "watch.hpp"

namespace kundenwert::python {

namespace {

template <class Visit>
void for_each_parameter(simulate::business_parameters& p, Visit&& visit) {
  visit("types.buyer", p.types.buyer);
  visit("types.contract", p.types.contract);
  visit("types.both", p.types.both);
  visit("types.prospect", p.types.prospect);
  visit("acquisition.growth_per_year", p.acquisition.growth_per_year);
  visit("acquisition.decision_days", p.acquisition.decision_days);
  visit("purchase.per_year", p.purchase.per_year);
  visit("purchase.shape", p.purchase.shape);
  visit("purchase.dropouts_per_year", p.purchase.dropouts_per_year);
  visit("purchase.dropout_shape", p.purchase.dropout_shape);
  visit("purchase.growth_per_year", p.purchase.growth_per_year);
  visit("purchase.growth_deviation", p.purchase.growth_deviation);
  visit("spend.mean", p.spend.mean);
  visit("spend.shape", p.spend.shape);
  visit("spend.scale_shape", p.spend.scale_shape);
  visit("spend.business_share", p.spend.business_share);
  visit("spend.business_factor", p.spend.business_factor);
  visit("spend.variable_cost_share", p.spend.variable_cost_share);
  visit("spend.cost_precision", p.spend.cost_precision);
  visit("returns.share", p.returns.share);
  visit("returns.full_share", p.returns.full_share);
  visit("returns.delay_days", p.returns.delay_days);
  visit("contract.monthly_amount", p.contract.monthly_amount);
  visit("contract.amount_shape", p.contract.amount_shape);
  visit("contract.monthly_churn", p.contract.monthly_churn);
  visit("contract.churn_precision", p.contract.churn_precision);
  visit("contract.automatic_share", p.contract.automatic_share);
  visit("contract.quarterly_share", p.contract.quarterly_share);
  visit("contract.yearly_share", p.contract.yearly_share);
  visit("contract.shortest_lead", p.contract.shortest_lead);
  visit("contract.longest_lead", p.contract.longest_lead);
  visit("win_back.silent_days", p.win_back.silent_days);
  visit("win_back.attempt_share", p.win_back.attempt_share);
  visit("win_back.delay_days", p.win_back.delay_days);
  visit("win_back.success_share", p.win_back.success_share);
  visit("win_back.return_days", p.win_back.return_days);
  visit("contacts.inbound_per_year", p.contacts.inbound_per_year);
  visit("contacts.outbound_per_year", p.contacts.outbound_per_year);
  visit("contacts.visible_days", p.contacts.visible_days);
  visit("contacts.prospect_per_year", p.contacts.prospect_per_year);
  visit("contacts.prospect_days", p.contacts.prospect_days);
  visit("complaints.per_year", p.complaints.per_year);
  visit("complaints.bad_share", p.complaints.bad_share);
  visit("complaints.leaving_share", p.complaints.leaving_share);
  visit("complaints.suggestions_per_year", p.complaints.suggestions_per_year);
  visit("complaints.response_days", p.complaints.response_days);
  visit("complaints.resolution_days", p.complaints.resolution_days);
  visit("complaints.bad_resolution_days", p.complaints.bad_resolution_days);
  visit("complaints.unresolved_share", p.complaints.unresolved_share);
  visit("complaints.reopened_share", p.complaints.reopened_share);
  visit("costs.acquisition", p.costs.acquisition);
  visit("costs.per_contact", p.costs.per_contact);
  visit("costs.per_complaint", p.costs.per_complaint);
  visit("costs.care_per_month", p.costs.care_per_month);
  visit("costs.care_months", p.costs.care_months);
  visit("costs.marketing_per_month", p.costs.marketing_per_month);
  visit("profile.excluded_share", p.profile.excluded_share);
  visit("profile.consent_yes_share", p.profile.consent_yes_share);
  visit("profile.consent_no_share", p.profile.consent_no_share);
  visit("truth.horizon_days", p.truth.horizon_days);
  visit("truth.annual_discount_rate", p.truth.annual_discount_rate);
}

template <class T>
void set_number(T& parameter, std::string_view name, double value) {
  if constexpr (std::is_integral_v<T>) {
    require_finite(value, name);
    constexpr double largest = 1 << 30;
    if (value != std::floor(value) || std::fabs(value) > largest) {
      fail(error_code::not_integer, name, "is no whole number");
    }
  }
  parameter = static_cast<T>(value);
}

void set_parameters(simulate::business_parameters& p, const std::map<std::string, double>& given) {
  std::map<std::string, double> left = given;
  for_each_parameter(p, [&](std::string_view name, auto& parameter) {
    const auto found = left.find(std::string(name));
    if (found == left.end()) return;
    set_number(parameter, name, found->second);
    left.erase(found);
  });
  if (left.empty()) return;
  std::string known;
  for_each_parameter(p,
                     [&](std::string_view name, auto&) { known += (known.empty() ? "" : ", ") + std::string(name); });
  fail(error_code::unknown_code, left.begin()->first, "is no parameter of a simulated business; they are " + known);
}

using shared_business = std::shared_ptr<const simulate::business>;

struct table_writer {
  arrow::table& to;
  shared_business owner;

  void add(const field_fact& fact, const id_column& ids) const {
    if (size_of(ids) > 0) to.add_ids(std::string(fact.name), ids, owner);
  }
  void add(const field_fact& fact, const text_column& text) const {
    if (text.size() > 0) to.add_ids(std::string(fact.name), id_column(text), owner);
  }
  void add(const field_fact& fact, const column<double>& values) const {
    if (!values.empty()) to.add(std::string(fact.name), arrow::shared_values<double>(values.values, owner));
  }
  void add(const field_fact& fact, const column<std::int32_t>& values) const {
    if (values.empty()) return;
    if (fact.type == field_type::code) {
      to.add_codes(std::string(fact.name), values.values, fact.codes);
    } else {
      to.add_days(std::string(fact.name), arrow::shared_values<std::int32_t>(values.values, owner));
    }
  }
};

template <class Columns, class Column>
void add_field(const table_writer& to, const Columns& columns, const table_field<Columns, Column>& field) {
  to.add(field.fact, columns.*field.member);
}
template <class Columns>
void add_field(const table_writer& to, const Columns& columns, const exact_money_field<Columns>& field) {
  to.add(field.fact, columns.*field.member);
}

template <class Table>
std::shared_ptr<arrow::table> table_of(const Table& table, const shared_business& owner) {
  auto out = std::make_shared<arrow::table>();
  const auto columns = simulate::columns_of(table);
  using columns_type = std::remove_const_t<decltype(columns)>;
  const table_writer writer{*out, owner};
  for_each_field<columns_type>([&](const auto& field) { add_field(writer, columns, field); });
  return out;
}

template <class Enum>
std::vector<std::int32_t> numbers_of(const std::vector<Enum>& codes) {
  std::vector<std::int32_t> out;
  out.reserve(codes.size());
  for (const Enum code : codes) out.push_back(static_cast<std::int32_t>(code));
  return out;
}

std::shared_ptr<arrow::table> truth_of(const shared_business& b) {
  const auto& t = b->truth;
  const auto shared = [&](const std::vector<double>& values) {
    return arrow::shared_values<double>(std::span<const double>(values), b);
  };
  const auto days = [&](const std::vector<std::int32_t>& values) {
    return arrow::shared_values<std::int32_t>(std::span<const std::int32_t>(values), b);
  };
  auto out = std::make_shared<arrow::table>();
  out->add_ids("customer_id", b->customers.customer_id.view(), b)
      .add_codes("type", numbers_of(t.type), simulate::customer_types)
      .add_codes("state", numbers_of(t.state), lifecycle::customer_kinds)
      .add_days("started", days(t.started))
      .add_days("ended", days(t.ended))
      .add_flags("was_regained", t.was_regained)
      .add("purchases_per_year", shared(t.purchase_rate))
      .add("dropouts_per_year", shared(t.dropout_rate))
      .add("monthly_churn", shared(t.monthly_churn))
      .add("mean_spend", shared(t.mean_spend))
      .add("margin_rate", shared(t.margin_rate))
      .add("remaining_value", shared(t.remaining_value));
  if (b->parameters.holdout_end != no_day) {
    out->add("holdout_purchases",
             arrow::shared_values<std::int64_t>(std::span<const std::int64_t>(t.holdout_purchases), b))
        .add("holdout_margin", shared(t.holdout_margin));
  }
  return out;
}

py::dict simulate_business(std::int64_t customers, std::uint64_t seed, std::int32_t first_day, std::int32_t as_of,
                           std::optional<std::int32_t> holdout_end, const std::map<std::string, double>& given,
                           bool text_ids, int threads, const py::object& tell) {
  simulate::business_parameters parameters;
  parameters.customers = customers;
  parameters.first_day = first_day;
  parameters.as_of = as_of;
  parameters.holdout_end = holdout_end.value_or(no_day);
  set_parameters(parameters, given);
  simulate::draw_options options;
  options.text_ids = text_ids;
  options.threads = threads;
  const shared_business drawn = watched_call(tell).run([&](const progress& watch) {
    options.watch = watch;
    return std::make_shared<const simulate::business>(simulate::draw_business(parameters, seed, options));
  });
  py::dict out;
  out["customers"] = table_of(drawn->customers, drawn);
  out["transactions"] = table_of(drawn->transactions, drawn);
  out["contracts"] = table_of(drawn->contracts, drawn);
  out["contacts"] = table_of(drawn->contacts, drawn);
  out["complaints"] = table_of(drawn->complaints, drawn);
  out["costs"] = table_of(drawn->costs, drawn);
  out["truth"] = truth_of(drawn);
  return out;
}

}  // namespace

void register_simulate(py::module_& m) {
  m.def("simulate_business", &simulate_business, py::arg("customers"), py::arg("seed"), py::arg("first_day"),
        py::arg("as_of"), py::arg("holdout_end"), py::arg("parameters"), py::arg("text_ids"), py::arg("threads"),
        py::arg("progress"));
}

}  // namespace kundenwert::python
