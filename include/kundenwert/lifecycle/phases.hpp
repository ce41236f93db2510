// The phase of a customer's life on a day: one of ten, by rules that are told with every result. Deterministic, and
// without looking ahead: what is dated after `as_of` changes nothing.
//
// The first that holds, of rules that end with one that always does:
//   1 no purchase, no started contract   prospect_cold, acquisition or prospect, by creation and contacts
//   2 lost (standing.hpp)                win_back where somebody is at it, else lost; with probability alive and repeat
//                                        purchases it decides in place of the days since the last purchase, for
//                                        customers who never had a contract
//   3 any risk                           endangered
//   4 a lost spell (lost_spells.hpp) that counts ended not long ago    regained
//   5 a short tenure                     new
//   6 a middle tenure or more margin     development
//   7                                    mature
//
// What the specification leaves open, and what holds here:
//   - created is the earliest of creation and any event, a signature included; before it a customer has no phase
//   - every contact with a prospect counts, in whatever direction; a win-back contact has that purpose and is not one
//     from the customer (one without direction counts)
//   - "no contract ever" is: none has started; one that is signed and starts later does not keep a customer
//   - margin counts on the day it is booked, a return too; recurring amounts of contracts are not part of it
//   - any lost spell within the margin windows keeps them from being compared, also a gap that makes nobody regained
//
// References: domain specification B4.1 (inputs), B4.2 (parameters), B4.3 (rules in order), B4.4 (mapping).
//
// term        | name here       | unit | domain
// t           | as_of           | day  | the last day whose data are known
// IPT         | purchase_gap    | days | median gap of purchase days, or default_purchase_gap with too few gaps
// soft_thr    | soft_threshold  | days | beyond it a customer is inactive
// lost_thr    | lost_threshold  | days | beyond it a customer without contract is lost
// recency     | days_since_purchase | days | t - last purchase day
// tenure      | tenure          | days | t - the earlier of first purchase and first contract start
// x           | repeat_purchases |     | distinct purchase days - 1
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/sum.hpp"
#include "kundenwert/lifecycle/lost_spells.hpp"
#include "kundenwert/lifecycle/phase_parameters.hpp"
#include "kundenwert/lifecycle/risks.hpp"
#include "kundenwert/lifecycle/standing.hpp"
#include "kundenwert/model/customer_base.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert::lifecycle {

#define KW_PHASES(X)                                                 \
  X(1, prospect, "nothing bought yet")                               \
  X(2, prospect_cold, "nothing bought yet, and no contact for long") \
  X(3, acquisition, "nothing bought yet, in contact")                \
  X(4, new_, "first purchase or contract not long ago")              \
  X(5, development, "young or growing relationship")                 \
  X(6, mature, "bound to the business")                              \
  X(7, endangered, "active, with at least one sign of danger")       \
  X(8, regained, "back after having been lost")                      \
  X(9, lost, "gone")                                                 \
  X(10, win_back, "gone, and being won back")
KW_DEFINE_CODES(phase, phases, KW_PHASES)

// The phase of one customer and what decided it.
struct phase_finding {
  lifecycle::phase phase{};  // 0: nothing is known of the customer on that day
  std::uint32_t risks = 0;   // mask of risk; not 0 exactly where endangered
  bool is_customer = false;  // current: neither potential nor lost
  bool has_active_contract = false;
  bool has_open_complaint = false;        // however short, of dissatisfaction: stops promotion
  std::int32_t repeat_purchases = -1;     // -1: no purchase
  std::int32_t days_since_purchase = -1;  // -1: no purchase
  std::int32_t tenure = -1;               // -1: no purchase and no contract
  double purchase_gap = not_available;
  double soft_threshold = not_available;
  double lost_threshold = not_available;
  double margin_ratio = not_available;  // last twelve months over the twelve before; NaN where that is not positive
  std::int32_t regained_on = no_day;    // of a current customer: when a lost spell that counts ended, within the window
};

// The finding for one customer on a day. `probability_alive` NaN where none is given; it is not used without repeat
// purchases. The parameters must have been checked by require_phase_parameters; throws date_range for as_of.
phase_finding phase_at(const customer_history& customer, std::int32_t as_of, double probability_alive,
                       const phase_parameters& parameters);

// The findings of all customers; `probability_alive` empty or one per customer (null where not known, else in [0, 1]).
// Throws date_range for as_of, length_mismatch, domain or non_finite with the row for a probability, what
// require_phase_parameters throws, and cancelled.
std::vector<phase_finding> classify_phases(const customer_base& base, std::int32_t as_of,
                                           const column<double>& probability_alive = {},
                                           const phase_parameters& parameters = {}, int threads = 1,
                                           progress watch = {});

namespace detail {

// What the rules need of the analysis date, found once for all customers.
struct phase_clock {
  std::int32_t as_of = no_day;
  std::int32_t year_ago = no_day;  // margin windows are (year_ago, as_of] and (two_years_ago, year_ago]
  std::int32_t two_years_ago = no_day;
  std::int32_t replay_from = no_day;  // lost spells that were over before decide nothing
};

// The day `months` calendar months before; the last one before all days where that lies outside the calendar.
inline std::int32_t months_before(std::int32_t day, std::int32_t months) {
  return day < add_months(earliest_day, months) ? earliest_day - 1 : add_months(day, -months);
}

inline phase_clock clock_of(std::int32_t as_of, const phase_parameters& parameters) {
  require_day(as_of, "as_of");
  phase_clock clock;
  clock.as_of = as_of;
  clock.year_ago = months_before(as_of, 12);
  clock.two_years_ago = months_before(as_of, 24);
  // A spell that ended regained_window ago and was longer than contract_gap, so that a cut one counts as what it is.
  const std::int64_t reach = std::int64_t{as_of} - parameters.regained_window - parameters.contract_gap - 1;
  const std::int64_t from = std::min<std::int64_t>(reach, clock.two_years_ago + 1);
  clock.replay_from = static_cast<std::int32_t>(std::max<std::int64_t>(from, earliest_day - 1));
  return clock;
}

// The contacts up to a day.
inline std::span<const contact> contacts_until(std::span<const contact> contacts, std::int32_t as_of) {
  const auto end = std::upper_bound(contacts.begin(), contacts.end(), as_of,
                                    [](std::int32_t day, const contact& c) { return day < c.day; });
  return contacts.first(static_cast<std::size_t>(end - contacts.begin()));
}

// Rule 1.
inline phase prospect_phase(const customer_history& customer, std::int32_t created, std::int32_t as_of,
                            const phase_parameters& parameters) {
  const auto contacts = contacts_until(customer.contacts, as_of);
  const std::int32_t last_sign = contacts.empty() ? created : std::max(created, contacts.back().day);
  if (as_of - last_sign > parameters.prospect_cold) return phase::prospect_cold;
  const bool is_addressed = !contacts.empty() && is_within(contacts.back().day, as_of, parameters.acquisition_window);
  return is_addressed ? phase::acquisition : phase::prospect;
}

inline bool has_win_back_contact(std::span<const contact> contacts, std::int32_t as_of,
                                 const phase_parameters& parameters) {
  contacts = contacts_until(contacts, as_of);
  for (auto c = contacts.rbegin(); c != contacts.rend() && as_of - c->day <= parameters.win_back_window; ++c) {
    if (c->purpose == purpose::win_back && c->direction != direction::in) return true;
  }
  return false;
}

inline double margin_ratio_of(std::span<const purchase_day> purchases, const phase_clock& clock) {
  exact_sum recent;
  exact_sum before;
  for (auto p = purchases.rbegin(); p != purchases.rend() && p->day > clock.two_years_ago; ++p) {
    if (p->day > clock.as_of) continue;
    (p->day > clock.year_ago ? recent : before).add(p->margin);
  }
  return before.sign() > 0 ? recent.to_double() / before.to_double() : not_available;
}

// Purchases as known on the analysis date.
struct purchase_standing {
  std::int32_t first = no_day;
  std::int32_t last = no_day;
  std::int32_t days = 0;
};

inline purchase_standing purchases_on(std::span<const purchase_day> purchases, std::int32_t as_of) {
  purchase_standing found;
  for (const purchase_day& p : purchases) {
    if (p.day > as_of) break;
    if (!p.is_purchase(as_of)) continue;
    if (found.days++ == 0) found.first = p.day;
    found.last = p.day;
  }
  return found;
}

// Rule 2, with probability alive where it may decide.
inline bool is_lost(const phase_finding& found, const contract_standing& contracts, std::int32_t last_purchase,
                    double probability_alive, const phase_parameters& parameters) {
  if (contracts.has_active) return false;
  if (is_lost_since_contract(contracts, last_purchase)) return true;
  if (!contracts.has_started() && !std::isnan(probability_alive) && found.repeat_purchases >= 1) {
    return probability_alive < parameters.lost_probability && found.days_since_purchase > parameters.lost_least;
  }
  return found.days_since_purchase > found.lost_threshold;
}

// Rules 3 to 7 for a current customer.
inline void tell_current_phase(const customer_history& customer, const phase_clock& clock, double probability_alive,
                               const phase_parameters& parameters, history_buffers& buffers, phase_finding& found) {
  // Margins of two whole years are compared.
  constexpr std::int32_t decline_least_tenure = 730;
  found.is_customer = true;
  bool was_lost_in_margin_windows = false;
  for_each_lost_spell(customer, clock.replay_from, clock.as_of, parameters, buffers, [&](const lost_spell& spell) {
    was_lost_in_margin_windows = was_lost_in_margin_windows || spell.to > clock.two_years_ago + 1;
    if (spell.counts && is_within(spell.to, clock.as_of, parameters.regained_window)) found.regained_on = spell.to;
  });
  found.risks = contract_risks(customer.contracts, clock.as_of, parameters) |
                complaint_risks(customer.complaints, clock.as_of, parameters);
  if (!found.has_active_contract) {
    if (!std::isnan(probability_alive) && found.repeat_purchases >= 1) {
      if (probability_alive < parameters.endangered_probability) found.risks |= bit(risk::low_probability_alive);
    } else if (found.days_since_purchase > found.soft_threshold) {
      found.risks |= bit(risk::inactivity);
    }
  }
  // A ratio that is not available is neither below nor above anything.
  if (found.tenure >= decline_least_tenure && found.margin_ratio < parameters.decline_ratio &&
      !was_lost_in_margin_windows) {
    found.risks |= bit(risk::margin_decline);
  }
  if (found.risks != 0) {
    found.phase = phase::endangered;
  } else if (found.regained_on != no_day) {
    found.phase = phase::regained;
  } else if (found.tenure <= parameters.new_window) {
    found.phase = phase::new_;
  } else if (found.tenure < parameters.development_longest_tenure || found.margin_ratio >= parameters.growth_ratio) {
    found.phase = phase::development;
  } else {
    found.phase = phase::mature;
  }
}

inline phase_finding find_phase(const customer_history& customer, const phase_clock& clock, double probability_alive,
                                const phase_parameters& parameters, history_buffers& buffers) {
  phase_finding found;
  const std::int32_t created = first_known_day(customer);
  if (created == no_day || created > clock.as_of) return found;
  const contract_standing contracts = contracts_on(customer.contracts, clock.as_of);
  const purchase_standing purchases = purchases_on(customer.purchases, clock.as_of);
  found.has_active_contract = contracts.has_active;
  found.has_open_complaint = lifecycle::has_open_complaint(customer.complaints, clock.as_of);
  if (purchases.days == 0 && !contracts.has_started()) {
    found.phase = prospect_phase(customer, created, clock.as_of, parameters);
    return found;
  }
  std::int32_t begin = contracts.first_start;
  if (purchases.days > 0) {
    const purchase_rhythm rhythm = rhythm_of(customer.purchases, clock.as_of, parameters, buffers.gaps);
    found.repeat_purchases = purchases.days - 1;
    found.days_since_purchase = clock.as_of - purchases.last;
    found.purchase_gap = rhythm.gap;
    found.soft_threshold = rhythm.soft_threshold;
    found.lost_threshold = rhythm.lost_threshold;
    begin = contracts.has_started() ? std::min(begin, purchases.first) : purchases.first;
  }
  found.tenure = clock.as_of - begin;
  found.margin_ratio = margin_ratio_of(customer.purchases, clock);
  if (is_lost(found, contracts, purchases.last, probability_alive, parameters)) {
    const bool is_addressed = has_win_back_contact(customer.contacts, clock.as_of, parameters);
    found.phase = is_addressed ? phase::win_back : phase::lost;
    return found;
  }
  tell_current_phase(customer, clock, probability_alive, parameters, buffers, found);
  return found;
}

inline void require_probabilities(const column<double>& probability_alive, std::int64_t customers) {
  if (probability_alive.empty()) return;
  require_same_length(customers, probability_alive.size(), "probability_alive");
  for (std::int64_t row = 0; row < customers; ++row) {
    if (probability_alive.is_valid(row)) require_share(probability_alive[row], "probability_alive", row);
  }
}

}  // namespace detail

inline phase_finding phase_at(const customer_history& customer, std::int32_t as_of, double probability_alive,
                              const phase_parameters& parameters) {
  history_buffers buffers;
  return detail::find_phase(customer, detail::clock_of(as_of, parameters), probability_alive, parameters, buffers);
}

inline std::vector<phase_finding> classify_phases(const customer_base& base, std::int32_t as_of,
                                                  const column<double>& probability_alive,
                                                  const phase_parameters& parameters, int threads, progress watch) {
  require_phase_parameters(parameters);
  const detail::phase_clock clock = detail::clock_of(as_of, parameters);
  detail::require_probabilities(probability_alive, base.size());
  std::vector<phase_finding> findings(static_cast<std::size_t>(base.size()));
  constexpr std::int64_t chunk_rows = 4096;
  for_each_chunk(
      base.size(), chunk_rows, threads,
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        history_buffers buffers;
        for (std::int64_t i = begin; i < end; ++i) {
          const bool is_given = !probability_alive.empty() && probability_alive.is_valid(i);
          findings[static_cast<std::size_t>(i)] = detail::find_phase(
              base.history(i), clock, is_given ? probability_alive[i] : not_available, parameters, buffers);
        }
      },
      watch);
  return findings;
}

}  // namespace kundenwert::lifecycle
