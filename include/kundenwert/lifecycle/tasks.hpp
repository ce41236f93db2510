// What follows from a phase: the kind of customer, the task, the strategic goal, and the measures that suit it.
//
// References: domain specification B4.4.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/lifecycle/phases.hpp"
#include "kundenwert/lifecycle/standing.hpp"
#include "kundenwert/model/customer.hpp"
#include "kundenwert/model/measure.hpp"

namespace kundenwert::lifecycle {

#define KW_TASKS(X)                                                        \
  X(1, acquisition, "discover, address, inform, bring about the decision") \
  X(2, development, "let them buy again, more often and more")             \
  X(3, retention, "keep them satisfied and with the business")             \
  X(4, win_back, "learn why they left, and regain them")
KW_DEFINE_CODES(task, tasks, KW_TASKS)

#define KW_GOALS(X)                                  \
  X(1, new_business, "winning new customers")        \
  X(2, existing_care, "caring for the present ones") \
  X(3, reactivation, "bringing lost ones back")
KW_DEFINE_CODES(goal, goals, KW_GOALS)

// Why promotion is held back: bits of a mask.
#define KW_SUPPRESSIONS(X)                             \
  X(1, open_complaint, "a complaint is open")          \
  X(2, no_consent, "there is no consent to promotion") \
  X(4, excluded, "the customer is excluded from every measure")
KW_DEFINE_CODES(suppression, suppressions, KW_SUPPRESSIONS)

// One line of the mapping.
struct phase_fact {
  lifecycle::phase phase;
  customer_kind kind;
  lifecycle::task task;
  lifecycle::goal goal;
  std::span<const measure> measures;  // the most fitting first
};

// The line of a phase; throws unknown_code for none.
const phase_fact& fact_of(phase p);

// The measures of a phase that no suppression stops: none for an excluded customer, no promotional ones with another.
// Throws unknown_code for a phase or a bit of the mask that is none.
std::vector<measure> recommended_measures(phase p, std::uint32_t suppressed);

// The mask of suppressions: consent that is not known counts as no.
std::uint32_t suppressions_of(bool has_open_complaint, customer_status status, consent promotion);

namespace detail {

inline constexpr std::array acquisition_measures{
    measure::advertising,   measure::addressing,   measure::sample,          measure::advice,
    measure::info_channels, measure::configurator, measure::handset_subsidy, measure::financing};
inline constexpr std::array welcome_measures{measure::welcome,  measure::voucher_next, measure::customer_card,
                                             measure::delivery, measure::assembly,     measure::newsletter};
inline constexpr std::array development_measures{measure::personal_offer, measure::coupon, measure::club,
                                                 measure::innovation, measure::data_analysis};
inline constexpr std::array retention_measures{measure::club, measure::magazine, measure::maintenance,
                                               measure::referral_program, measure::key_account_care};
inline constexpr std::array rescue_measures{
    measure::complaint_management, measure::contact_call, measure::warranty, measure::exchange,
    measure::personal_offer,       measure::survey};
inline constexpr std::array win_back_measures{measure::defection_interview, measure::win_back_offer, measure::discount};

// In the order of the phases: line i is that of phase i + 1.
inline constexpr std::array<phase_fact, phases.size()> phase_facts{{
    {phase::prospect, customer_kind::potential, task::acquisition, goal::new_business, acquisition_measures},
    {phase::prospect_cold, customer_kind::potential, task::acquisition, goal::new_business, acquisition_measures},
    {phase::acquisition, customer_kind::potential, task::acquisition, goal::new_business, acquisition_measures},
    {phase::new_, customer_kind::current, task::development, goal::existing_care, welcome_measures},
    {phase::development, customer_kind::current, task::development, goal::existing_care, development_measures},
    {phase::mature, customer_kind::current, task::retention, goal::existing_care, retention_measures},
    {phase::endangered, customer_kind::current, task::retention, goal::existing_care, rescue_measures},
    {phase::regained, customer_kind::current, task::development, goal::existing_care, development_measures},
    {phase::lost, customer_kind::lost, task::win_back, goal::reactivation, win_back_measures},
    {phase::win_back, customer_kind::lost, task::win_back, goal::reactivation, win_back_measures},
}};

}  // namespace detail

inline const phase_fact& fact_of(phase p) {
  if (name_of(p).empty()) fail(error_code::unknown_code, "phase", "is none of the phases");
  return detail::phase_facts[static_cast<std::size_t>(p) - 1];
}

inline std::vector<measure> recommended_measures(phase p, std::uint32_t suppressed) {
  std::uint32_t known = 0;
  for (const code_entry& entry : suppressions) known |= entry.number;
  if ((suppressed & ~known) != 0) fail(error_code::unknown_code, "suppressed", "has a bit that is none of them");
  std::vector<measure> measures;
  const phase_fact& fact = fact_of(p);
  if ((suppressed & static_cast<std::uint32_t>(suppression::excluded)) != 0) return measures;
  for (const measure m : fact.measures) {
    if (suppressed == 0 || !is_promotional(m)) measures.push_back(m);
  }
  return measures;
}

inline std::uint32_t suppressions_of(bool has_open_complaint, customer_status status, consent promotion) {
  std::uint32_t mask = 0;
  if (has_open_complaint) mask |= static_cast<std::uint32_t>(suppression::open_complaint);
  if (promotion != consent::yes) mask |= static_cast<std::uint32_t>(suppression::no_consent);
  if (status == customer_status::excluded) mask |= static_cast<std::uint32_t>(suppression::excluded);
  return mask;
}

}  // namespace kundenwert::lifecycle
