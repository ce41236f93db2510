// The overview as an Arrow table, one row per customer; memory is shared where the layout allows.
//
//   export_overview(found).export_stream(&stream);
//
// column                | type          | null where
// customer_id           | int64 or text | never; left out where the base has no ids
// phase, kind, task, goal | text        | nothing is known of the customer on as_of
// risks, suppressions   | list of text  | never; names of lifecycle::risk, lifecycle::suppression
// measures              | list of text  | never; those that no suppression stops, the most fitting first
// first_purchase, last_purchase | date  | no purchase in the observation
// purchase_days         | int32         | never
// revenue               | double        | no amount is known
// r_score, f_score, m_score | int32     | no score
// abc                   | text          | no class
// probability_alive, expected_transactions | double | no model, or no purchase in the observation
// lifetime_value        | double        | value_reasons says why
// value_basis           | text          | no value
// value_reasons         | list of text  | never
//
// Metadata, each under "kundenwert.": version, as_of, start, unit, horizon, annual_discount_rate, units_per_year,
// convention, basis, margin_rate, service_cost_rate, care_cost_rate, annual_retention_rate, model, spend, currency;
// those that have no value are left out.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "kundenwert/arrow/export.hpp"
#include "kundenwert/lifecycle/tasks.hpp"
#include "kundenwert/overview/result.hpp"
#include "kundenwert/time/calendar.hpp"
#include "kundenwert/version.hpp"

namespace kundenwert {

// The first form shares the overview's memory, the second copies it.
arrow::table export_overview(std::shared_ptr<const overview> found);
arrow::table export_overview(const overview& found);

namespace detail {

inline constexpr std::array<std::string_view, 3> abc_names{"A", "B", "C"};

template <class Enum>
std::vector<std::int32_t> codes_of(const std::vector<Enum>& values) {
  std::vector<std::int32_t> codes;
  codes.reserve(values.size());
  for (const Enum value : values) codes.push_back(static_cast<std::int32_t>(value));
  return codes;
}

// What the mapping of phases says, one per row; 0 for phase 0.
template <class Member>
std::vector<std::int32_t> facts_of_phases(const std::vector<lifecycle::phase>& phases, Member member) {
  std::vector<std::int32_t> codes;
  codes.reserve(phases.size());
  for (const auto p : phases) {
    codes.push_back(p == lifecycle::phase{} ? 0 : static_cast<std::int32_t>(lifecycle::fact_of(p).*member));
  }
  return codes;
}

inline void add_measures(const overview_rows& rows, arrow::table& out) {
  std::vector<std::int32_t> codes;
  std::vector<std::int64_t> ends{0};
  for (std::size_t i = 0; i < rows.phase.size(); ++i) {
    if (rows.phase[i] != lifecycle::phase{}) {
      for (const measure m : lifecycle::recommended_measures(rows.phase[i], rows.suppressions[i])) {
        codes.push_back(static_cast<std::int32_t>(m));
      }
    }
    ends.push_back(static_cast<std::int64_t>(codes.size()));
  }
  out.add_code_lists("measures", codes, ends, measures);
}

inline std::vector<std::uint32_t> reason_masks(const std::vector<reason>& values) {
  std::vector<std::uint32_t> masks;
  masks.reserve(values.size());
  for (const reason r : values) masks.push_back(static_cast<std::uint32_t>(r));
  return masks;
}

// The shortest text that reads back as the number.
inline std::string text_of(double number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
  return {text.data(), end.ptr};
}

inline void describe(const overview& o, arrow::table& out) {
  const auto set = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) out.set_metadata("kundenwert." + std::string(key), value);
  };
  const auto set_number = [&](std::string_view key, double number) {
    if (!std::isnan(number)) set(key, text_of(number));
  };
  const overview_headline& h = o.headline;
  set("version",
      std::to_string(version.major) + "." + std::to_string(version.minor) + "." + std::to_string(version.patch));
  set("as_of", format_day(o.options.as_of));
  if (o.start != no_day) set("start", format_day(o.start));
  set("unit", name_of(o.options.unit));
  set_number("horizon", o.options.horizon);
  set_number("annual_discount_rate", o.options.annual_discount_rate);
  if (o.options.units_per_year != 0) set_number("units_per_year", o.options.units_per_year);
  set("convention", name_of(o.options.convention));
  set("basis", name_of(h.basis));
  set_number("margin_rate", h.margin_rate);
  set_number("service_cost_rate", h.service_cost_rate);
  set_number("care_cost_rate", h.care_cost_rate);
  set_number("annual_retention_rate", h.annual_retention_rate);
  if (o.chosen >= 0) set("model", o.models[static_cast<std::size_t>(o.chosen)].info().name);
  set("spend", name_of(h.spend));
  set("currency", o.currency);
}

}  // namespace detail

inline arrow::table export_overview(std::shared_ptr<const overview> found) {
  using lifecycle::phase_fact;
  const overview_rows& rows = found->rows;
  const auto shared = [&](const auto& values) {
    using value_type = typename std::decay_t<decltype(values)>::value_type;
    return arrow::shared_values<value_type>(std::span<const value_type>(values), found);
  };
  arrow::table out;
  if (!found->ids.is_text || !found->ids.offsets.empty()) out.add_ids("customer_id", found->ids, found);
  out.add_codes("phase", detail::codes_of(rows.phase), lifecycle::phases)
      .add_codes("kind", detail::facts_of_phases(rows.phase, &phase_fact::kind), lifecycle::customer_kinds)
      .add_masks("risks", rows.risks, lifecycle::risks)
      .add_codes("task", detail::facts_of_phases(rows.phase, &phase_fact::task), lifecycle::tasks)
      .add_codes("goal", detail::facts_of_phases(rows.phase, &phase_fact::goal), lifecycle::goals);
  detail::add_measures(rows, out);
  out.add_masks("suppressions", rows.suppressions, lifecycle::suppressions)
      .add_days("first_purchase", shared(rows.first_purchase))
      .add_days("last_purchase", shared(rows.last_purchase))
      .add("purchase_days", shared(rows.purchase_days))
      .add("revenue", shared(rows.revenue))
      .add("r_score", shared(rows.r_score), arrow::zero_cells::are_null)
      .add("f_score", shared(rows.f_score), arrow::zero_cells::are_null)
      .add("m_score", shared(rows.m_score), arrow::zero_cells::are_null)
      .add_names("abc", detail::codes_of(rows.abc), detail::abc_names)
      .add("probability_alive", shared(rows.probability_alive))
      .add("expected_transactions", shared(rows.expected_transactions))
      .add("lifetime_value", shared(rows.lifetime_value))
      .add_codes("value_basis", detail::codes_of(rows.basis), value_bases)
      .add_masks("value_reasons", detail::reason_masks(rows.value_reasons), reasons);
  detail::describe(*found, out);
  return out;
}

inline arrow::table export_overview(const overview& found) {
  return export_overview(std::make_shared<const overview>(found));
}

}  // namespace kundenwert
