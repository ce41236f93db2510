// The risks that lie in contracts and complaints: what makes a current customer an endangered one besides the
// purchases, which phases.hpp looks at.
//
// References: domain specification B4.3 (rule 3).
//
// What the specification leaves open, and what holds here:
//   - the successor of an expiring contract is one that is signed and has not started, nothing else
//   - suggestions, hints and praise are no complaint; a case that was opened again has no outcome
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/lifecycle/phase_parameters.hpp"
#include "kundenwert/model/complaint.hpp"
#include "kundenwert/model/contract.hpp"

namespace kundenwert::lifecycle {

// Bits of a mask, in the order in which they are told.
#define KW_RISKS(X)                                                                        \
  X(1, cancellation_notice, "an active contract has been cancelled")                       \
  X(2, contract_expiring, "every active contract ends soon and none follows")              \
  X(4, open_complaint, "a complaint has been open for too long")                           \
  X(8, bad_complaint_outcome, "the solution of a recent complaint did not satisfy")        \
  X(16, low_probability_alive, "the model holds it for likely that the customer has gone") \
  X(32, inactivity, "no purchase for longer than usual for this customer")                 \
  X(64, margin_decline, "the margin of the last twelve months fell against the twelve before")
KW_DEFINE_CODES(risk, risks, KW_RISKS)

// Masks of the risks in contracts (ascending by start) and complaints (ascending by opened), as known on a day.
std::uint32_t contract_risks(std::span<const contract> contracts, std::int32_t as_of,
                             const phase_parameters& parameters);
std::uint32_t complaint_risks(std::span<const complaint> complaints, std::int32_t as_of,
                              const phase_parameters& parameters);

// Whether any complaint is open, however short.
bool has_open_complaint(std::span<const complaint> complaints, std::int32_t as_of);

namespace detail {

// 0 <= as_of - day <= window.
inline bool is_within(std::int32_t day, std::int32_t as_of, std::int32_t window) {
  return day <= as_of && as_of - day <= window;
}

// Every active contract has to be renewed by hand and ends soon, and no signed one follows.
inline bool is_expiring(std::span<const contract> contracts, std::int32_t as_of, const phase_parameters& parameters) {
  std::int32_t latest_end = no_day;
  for (const contract& c : contracts) {
    if (!c.is_active(as_of)) continue;
    const std::int32_t end = c.effective_end(as_of);
    if (c.renewal != renewal::manual || end == no_day) return false;
    const std::int32_t left = end - as_of;
    if (left > parameters.renewal_window || 2 * left > end - c.start) return false;
    latest_end = std::max(latest_end, end);
  }
  if (latest_end == no_day) return false;
  for (const contract& c : contracts) {
    const std::int32_t signed_on = c.signed_on == no_day ? c.start : c.signed_on;
    if (c.start > as_of && signed_on <= as_of && c.start - latest_end <= parameters.contract_gap) return false;
  }
  return true;
}

constexpr std::uint32_t bit(risk r) { return static_cast<std::uint32_t>(r); }

}  // namespace detail

inline std::uint32_t contract_risks(std::span<const contract> contracts, std::int32_t as_of,
                                    const phase_parameters& parameters) {
  std::uint32_t found = detail::is_expiring(contracts, as_of, parameters) ? detail::bit(risk::contract_expiring) : 0;
  for (const contract& c : contracts) {
    if (c.is_active(as_of) && c.notice != no_day && c.notice <= as_of) found |= detail::bit(risk::cancellation_notice);
  }
  return found;
}

inline std::uint32_t complaint_risks(std::span<const complaint> complaints, std::int32_t as_of,
                                     const phase_parameters& parameters) {
  std::uint32_t found = 0;
  for (const complaint& c : complaints) {
    if (c.opened > as_of) break;
    if (!c.is_dissatisfaction()) continue;
    const std::int32_t since = c.open_since(as_of);
    if (since != no_day) {
      if (as_of - since > parameters.complaint_open_days) found |= detail::bit(risk::open_complaint);
    } else if (detail::is_within(c.resolved, as_of, parameters.bad_outcome_window) &&
               c.satisfaction < parameters.bad_satisfaction) {
      found |= detail::bit(risk::bad_complaint_outcome);
    }
  }
  return found;
}

inline bool has_open_complaint(std::span<const complaint> complaints, std::int32_t as_of) {
  return std::any_of(complaints.begin(), complaints.end(),
                     [&](const complaint& c) { return c.is_dissatisfaction() && c.open_since(as_of) != no_day; });
}

}  // namespace kundenwert::lifecycle
