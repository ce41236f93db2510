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
#include "kundenwert/lifecycle/phases.hpp"
#include "kundenwert/model/measure.hpp"

namespace kundenwert::lifecycle {

#define KW_CUSTOMER_KINDS(X)            \
  X(1, potential, "has not bought yet") \
  X(2, current, "is a customer")        \
  X(3, lost, "was a customer")
KW_DEFINE_CODES(customer_kind, customer_kinds, KW_CUSTOMER_KINDS)

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
std::vector<measure> recommended_measures(phase p, std::uint32_t suppressions);

}  // namespace kundenwert::lifecycle
