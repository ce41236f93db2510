// Where a customer stands on a day, by nothing but what is dated up to that day: potential, current or lost. These are
// the first two of the phase rules, without probability alive; lost spells and the retention rate rest on them.
//
//   potential  no purchase and no started contract
//   lost       no active contract, and
//              after contracts: no purchase since the last of them ended, or none for longer than the lost threshold
//              without contracts: no purchase for longer than the lost threshold
//   current    else
//
// A purchase that returns cancel is none from the day of the cancellation on; a customer who has no other purchase and
// no contract is potential again. A contract that is signed and not yet started makes no customer.
//
// References: domain specification B4.1 to B4.3 (rules 1 and 2).
//
// term        | name here       | unit | domain
// IPT         | gap             | days | median gap of purchase days, or default_purchase_gap with too few gaps
// soft_thr    | soft_threshold  | days | min(max(soft_factor IPT, soft_least), 3/4 lost_threshold)
// lost_thr    | lost_threshold  | days | lost_factor IPT within [lost_least, lost_most]
// day         | day             | day  | what is dated later is not known
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/lifecycle/phase_parameters.hpp"
#include "kundenwert/model/customer_base.hpp"

namespace kundenwert::lifecycle {

#define KW_CUSTOMER_KINDS(X)            \
  X(1, potential, "has not bought yet") \
  X(2, current, "is a customer")        \
  X(3, lost, "was a customer")
KW_DEFINE_CODES(customer_kind, customer_kinds, KW_CUSTOMER_KINDS)

// Memory that is used again from one customer to the next.
struct history_buffers {
  std::vector<std::int32_t> days;
  std::vector<std::int32_t> gaps;
};

// How often a customer buys, as known on a day.
struct purchase_rhythm {
  double gap = not_available;
  double soft_threshold = not_available;
  double lost_threshold = not_available;
};
purchase_rhythm rhythm_of(std::span<const purchase_day> purchases, std::int32_t day, const phase_parameters& parameters,
                          std::vector<std::int32_t>& gaps);

// The contracts of a customer, as known on a day.
struct contract_standing {
  std::int32_t first_start = no_day;  // no_day: none has started
  std::int32_t last_end = no_day;     // the latest effective end, exclusive, where all that started are over
  bool has_active = false;
  bool starts_today = false;

  bool has_started() const { return first_start != no_day; }
};
contract_standing contracts_on(std::span<const contract> contracts, std::int32_t day);

// The last purchase that counts on a day; no_day: none.
std::int32_t last_purchase_on(std::span<const purchase_day> purchases, std::int32_t day);

// The kind of a customer on a day; 0 before anything is known. The parameters must have been checked.
customer_kind kind_on(const customer_history& customer, std::int32_t day, const phase_parameters& parameters,
                      history_buffers& buffers);

// The first day on which something is known of a customer: created, or the first event (a signature, too); no_day:
// never. No event lies before it.
std::int32_t first_known_day(const customer_history& customer);

namespace detail {

// A day that never comes.
inline constexpr std::int32_t never = std::numeric_limits<std::int32_t>::max();

// Range: gaps not empty.
inline double median_of(std::vector<std::int32_t>& gaps) {
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  if (gaps.size() % 2 == 1) return *middle;
  return (static_cast<double>(*std::max_element(gaps.begin(), middle)) + *middle) / 2;
}

// The first day without purchase that is more than the threshold after the last one; `never` beyond the days there are.
inline std::int32_t first_day_beyond(std::int32_t last_purchase, double threshold) {
  const double day = last_purchase + std::floor(threshold) + 1;
  return day < never ? static_cast<std::int32_t>(day) : never;
}

// Whether rule 2 finds a customer lost for want of a purchase since the last contract.
inline bool is_lost_since_contract(const contract_standing& contracts, std::int32_t last_purchase) {
  return contracts.has_started() && !contracts.has_active &&
         (last_purchase == no_day || last_purchase < contracts.last_end);
}

}  // namespace detail

inline purchase_rhythm rhythm_of(std::span<const purchase_day> purchases, std::int32_t day,
                                 const phase_parameters& parameters, std::vector<std::int32_t>& gaps) {
  gaps.clear();
  std::int32_t before = no_day;
  for (const purchase_day& purchase : purchases) {
    if (purchase.day > day) break;
    if (!purchase.is_purchase(day)) continue;
    if (before != no_day) gaps.push_back(purchase.day - before);
    before = purchase.day;
  }
  purchase_rhythm rhythm;
  const bool has_own = gaps.size() >= static_cast<std::size_t>(parameters.least_gaps);
  rhythm.gap = has_own ? detail::median_of(gaps) : parameters.default_purchase_gap;
  rhythm.lost_threshold =
      std::clamp<double>(parameters.lost_factor * rhythm.gap, parameters.lost_least, parameters.lost_most);
  // The specification's bound: whoever is lost has been inactive for a while.
  constexpr double largest_soft_share = 0.75;
  rhythm.soft_threshold = std::min(std::max<double>(parameters.soft_factor * rhythm.gap, parameters.soft_least),
                                   largest_soft_share * rhythm.lost_threshold);
  return rhythm;
}

inline contract_standing contracts_on(std::span<const contract> contracts, std::int32_t day) {
  contract_standing found;
  for (const contract& c : contracts) {
    if (c.start > day) break;
    if (found.first_start == no_day) found.first_start = c.start;
    found.starts_today = found.starts_today || c.start == day;
    const std::int32_t end = c.effective_end(day);
    if (end == no_day || day < end)
      found.has_active = true;
    else
      found.last_end = std::max(found.last_end, end);
  }
  if (found.has_active) found.last_end = no_day;
  return found;
}

inline std::int32_t last_purchase_on(std::span<const purchase_day> purchases, std::int32_t day) {
  auto last = std::upper_bound(purchases.begin(), purchases.end(), day,
                               [](std::int32_t d, const purchase_day& purchase) { return d < purchase.day; });
  while (last != purchases.begin()) {
    --last;
    if (last->is_purchase(day)) return last->day;
  }
  return no_day;
}

inline std::int32_t first_known_day(const customer_history& customer) {
  std::int32_t first = customer.created == no_day ? detail::never : customer.created;
  if (!customer.purchases.empty()) first = std::min(first, customer.purchases.front().day);
  for (const contract& c : customer.contracts) {
    first = std::min(first, c.start);
    if (c.signed_on != no_day) first = std::min(first, c.signed_on);
  }
  if (!customer.contacts.empty()) first = std::min(first, customer.contacts.front().day);
  if (!customer.complaints.empty()) first = std::min(first, customer.complaints.front().opened);
  return first == detail::never ? no_day : first;
}

inline customer_kind kind_on(const customer_history& customer, std::int32_t day, const phase_parameters& parameters,
                             history_buffers& buffers) {
  const std::int32_t known = first_known_day(customer);
  if (known == no_day || known > day) return {};
  const contract_standing contracts = contracts_on(customer.contracts, day);
  if (contracts.has_active) return customer_kind::current;
  const std::int32_t last = last_purchase_on(customer.purchases, day);
  if (last == no_day && !contracts.has_started()) return customer_kind::potential;
  if (detail::is_lost_since_contract(contracts, last)) return customer_kind::lost;
  // No threshold is below lost_least: the rhythm need not be found.
  if (day - last <= parameters.lost_least) return customer_kind::current;
  const double threshold = rhythm_of(customer.purchases, day, parameters, buffers.gaps).lost_threshold;
  return day - last > threshold ? customer_kind::lost : customer_kind::current;
}

}  // namespace kundenwert::lifecycle
