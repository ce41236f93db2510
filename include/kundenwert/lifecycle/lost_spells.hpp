// Lost spells: the longest runs of days on which a customer is lost by what is known on each of these days, found from
// the events between which nothing changes instead of day by day.
//
// A spell is ended by a purchase or by the start of a contract. What else ends one - a return that changes the purchase
// gap or leaves no purchase at all, a notice that revives an ended contract - is no comeback. A comeback counts, except
// over a gap of up to contract_gap days between two contracts without a purchase in the gap; a purchase on the day on
// which the second contract starts is not in the gap. What has counted stays so when the purchase is given back later.
//
// References: domain specification B4.3 (rule 4); standing.hpp (who is lost).
//
// term | name here | unit | domain
// e    | to        | day  | the first day after the spell
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kundenwert/lifecycle/standing.hpp"

namespace kundenwert::lifecycle {

struct lost_spell {
  std::int32_t from = no_day;  // the first lost day, or the first day that was looked at
  std::int32_t to = no_day;    // the day after the last lost one
  bool is_over = false;        // false: still lost on the last day that was looked at
  bool is_comeback = false;    // ended by a purchase or the start of a contract on `to`
  bool counts = false;         // a comeback that makes the customer regained
};

// Calls visit(spell) for every lost spell that touches the days [first, last], ascending and cut to these days. The
// time goes with the events within them, that for thresholds with the events before. Parameters must have been checked.
template <class Visit>
void for_each_lost_spell(const customer_history& customer, std::int32_t first, std::int32_t last,
                         const phase_parameters& parameters, history_buffers& buffers, Visit&& visit);

// The same as a list.
std::vector<lost_spell> lost_spells_of(const customer_history& customer, std::int32_t first, std::int32_t last,
                                       const phase_parameters& parameters);

namespace detail {

// The days after `first` up to `last` on which what is known of a customer changes, ascending, `first` in front.
inline void days_of_change(const customer_history& customer, std::int32_t first, std::int32_t last,
                           std::vector<std::int32_t>& days) {
  days.clear();
  days.push_back(first);
  bool is_ascending = true;
  const auto add = [&](std::int32_t day) {
    if (day <= first || day > last) return;
    is_ascending = is_ascending && days.back() <= day;
    days.push_back(day);
  };
  // no_day is before every first day.
  for (const purchase_day& purchase : customer.purchases) {
    add(purchase.day);
    add(purchase.cancelled_on);
  }
  for (const contract& c : customer.contracts) {
    add(c.start);
    add(c.planned_end);
    add(c.end);
    add(c.notice);
  }
  if (!is_ascending) std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
}

}  // namespace detail

template <class Visit>
void for_each_lost_spell(const customer_history& customer, std::int32_t first, std::int32_t last,
                         const phase_parameters& parameters, history_buffers& buffers, Visit&& visit) {
  if (first > last) return;
  detail::days_of_change(customer, first, last, buffers.days);
  std::int32_t lost_since = no_day;  // of the open spell
  bool was_contract_gap = false;
  for (std::size_t i = 0; i < buffers.days.size(); ++i) {
    // On [day, until] nothing becomes known: lost from some day on, or not at all.
    const std::int32_t day = buffers.days[i];
    const std::int32_t until = i + 1 < buffers.days.size() ? buffers.days[i + 1] - 1 : last;
    const contract_standing contracts = contracts_on(customer.contracts, day);
    const std::int32_t purchase = last_purchase_on(customer.purchases, day);
    const bool is_contract_gap = detail::is_lost_since_contract(contracts, purchase);
    std::int32_t lost_from = detail::never;
    if (is_contract_gap) {
      lost_from = day;
    } else if (!contracts.has_active && purchase != no_day && until - purchase > parameters.lost_least) {
      const double threshold = rhythm_of(customer.purchases, day, parameters, buffers.gaps).lost_threshold;
      lost_from = std::max(day, detail::first_day_beyond(purchase, threshold));
    }
    if (lost_since != no_day && lost_from > day) {
      const bool is_comeback = purchase == day || contracts.starts_today;
      const bool is_short_gap =
          was_contract_gap && contracts.starts_today && day - lost_since <= parameters.contract_gap;
      visit(lost_spell{.from = lost_since,
                       .to = day,
                       .is_over = true,
                       .is_comeback = is_comeback,
                       .counts = is_comeback && !is_short_gap});
      lost_since = no_day;
    }
    if (lost_since == no_day && lost_from <= until) lost_since = lost_from;
    was_contract_gap = is_contract_gap;
  }
  if (lost_since != no_day) visit(lost_spell{.from = lost_since, .to = last + 1});
}

inline std::vector<lost_spell> lost_spells_of(const customer_history& customer, std::int32_t first, std::int32_t last,
                                              const phase_parameters& parameters) {
  std::vector<lost_spell> spells;
  history_buffers buffers;
  for_each_lost_spell(customer, first, last, parameters, buffers,
                      [&](const lost_spell& spell) { spells.push_back(spell); });
  return spells;
}

}  // namespace kundenwert::lifecycle
