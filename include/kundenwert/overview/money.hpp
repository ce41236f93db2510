// What customers brought in and cost, as money counted exactly: the revenue of each, the margin rate, and the rates of
// service and care costs.
//
//   margin rate         as given; else sum of margins / sum of revenue of the purchases in the observation, where
//                       variable costs are recorded and the revenue is positive; else 1, and values are revenue
//   service, care rate  cost records of that head in the twelve calendar months before as_of, of customers and of the
//                       whole business, / revenue of the same months, contract payments included; 0 without records
//
// Contract payments count on the day on which they are due, as if paid. A transaction log that holds them too would
// count them twice.
//
// References: domain specification B0 (month windows are (t - n months, t]), B1.1, C (Money).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "kundenwert/base/amounts.hpp"
#include "kundenwert/base/sum.hpp"
#include "kundenwert/overview/contract_value.hpp"
#include "kundenwert/overview/result.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert {

struct customer_money {
  std::vector<double> revenue;   // one per customer, in the observation; NaN where no amount is known
  double total = not_available;  // of all customers; NaN where no amount is known
  double margin_rate = 1;
  money_basis basis = money_basis::revenue;
  double service_cost_rate = 0;  // NaN: there are costs, but no revenue
  double care_cost_rate = 0;

  // What is left of a unit of revenue: as values of basis revenue are revenue, nothing is taken from those.
  revenue_rates rates() const {
    if (basis == money_basis::revenue) return {};
    return {margin_rate, service_cost_rate, care_cost_rate};
  }
};

// Of the observation [start, as_of]; start no_day: from the first day on.
customer_money money_of(const customer_base& base, const overview_options& options, progress watch = {});

// The day twelve calendar months before. Throws date_range.
inline std::int32_t year_before(std::int32_t day) { return add_months(day, -12); }

namespace detail {

struct money_sums {
  exact_sum revenue;  // purchases and payments
  exact_sum purchases;
  exact_sum margin;
  exact_sum recent;  // revenue of the twelve months before as_of
  exact_sum service;
  exact_sum care;
  bool is_known = false;

  void add(const money_sums& other) {
    revenue.add(other.revenue);
    purchases.add(other.purchases);
    margin.add(other.margin);
    recent.add(other.recent);
    service.add(other.service);
    care.add(other.care);
    is_known = is_known || other.is_known;
  }
};

struct money_window {
  std::int32_t start;  // no_day: no limit
  std::int32_t year_ago;
  std::int32_t as_of;

  bool has(std::int32_t day) const { return day <= as_of && day >= start; }
  bool is_recent(std::int32_t day) const { return day <= as_of && day > year_ago; }
};

// Adds sum * times; both at most 2^63.
inline void add_product(exact_sum& to, std::int64_t amount, std::int64_t times) {
  // Doubling: a contract has a few thousand payments at most.
  exact_sum power(amount);
  for (; times > 0; times >>= 1) {
    if ((times & 1) != 0) to.add(power);
    power.add(exact_sum(power));
  }
}

inline void add_contract(const contract& c, const money_window& window, exact_sum& own, money_sums& sums) {
  const std::int64_t amount = millionths_of(c.recurring_amount);
  // Any day before the first one counts for none.
  const std::int32_t before = window.start == no_day ? c.start - 1 : window.start - 1;
  add_product(own, amount, payments_between(c, before, window.as_of, window.as_of));
  add_product(sums.recent, amount, payments_between(c, window.year_ago, window.as_of, window.as_of));
}

inline void add_cost(const cost& c, const money_window& window, money_sums& sums) {
  if (!window.is_recent(c.day)) return;
  if (c.head == cost_head::service) sums.service.add(c.amount);
  if (c.head == cost_head::care) sums.care.add(c.amount);
}

// The revenue of one customer.
inline double money_at(const customer_base& base, std::int64_t customer, const money_window& window, money_sums& sums) {
  exact_sum own;
  bool is_known = false;
  for (const contract& c : base.contracts.of(customer)) {
    if (std::isnan(c.recurring_amount) || c.start > window.as_of) continue;
    is_known = true;
    add_contract(c, window, own, sums);
  }
  if (base.has_amounts) {
    is_known = true;
    for (const purchase_day& p : base.purchases.of(customer)) {
      if (window.is_recent(p.day)) sums.recent.add(p.revenue);
      if (!window.has(p.day)) continue;
      own.add(p.revenue);
      sums.purchases.add(p.revenue);
      sums.margin.add(p.margin);
    }
  }
  for (const cost& c : base.costs.of(customer)) add_cost(c, window, sums);
  if (!is_known) return not_available;
  sums.is_known = true;
  sums.revenue.add(own);
  return own.divided_by(static_cast<std::uint64_t>(millionths_per_unit));
}

inline double cost_rate(const exact_sum& costs, const exact_sum& revenue) {
  if (costs.sign() == 0) return 0;
  return revenue.sign() > 0 ? costs.to_double() / revenue.to_double() : not_available;
}

}  // namespace detail

inline customer_money money_of(const customer_base& base, const overview_options& options, progress watch) {
  constexpr std::int64_t chunk_rows = 4096;
  const detail::money_window window{options.start, year_before(options.as_of), options.as_of};
  customer_money out;
  out.revenue.resize(static_cast<std::size_t>(base.size()));
  std::vector<detail::money_sums> parts(static_cast<std::size_t>((base.size() + chunk_rows - 1) / chunk_rows));
  for_each_chunk(
      base.size(), chunk_rows, options.threads,
      [&](std::int64_t chunk, std::int64_t begin, std::int64_t end) {
        detail::money_sums sums;
        for (std::int64_t i = begin; i < end; ++i) {
          out.revenue[static_cast<std::size_t>(i)] = detail::money_at(base, i, window, sums);
        }
        parts[static_cast<std::size_t>(chunk)] = sums;
      },
      watch);
  detail::money_sums sums;
  for (const auto& part : parts) sums.add(part);
  for (const cost& c : base.unallocated_costs) detail::add_cost(c, window, sums);
  if (sums.is_known) out.total = sums.revenue.divided_by(static_cast<std::uint64_t>(millionths_per_unit));
  if (!std::isnan(options.margin_rate)) {
    out.margin_rate = options.margin_rate;
    out.basis = money_basis::margin_rate;
  } else if (base.has_costs && sums.purchases.sign() > 0) {
    out.margin_rate = sums.margin.to_double() / sums.purchases.to_double();
    out.basis = money_basis::margin_records;
  }
  out.service_cost_rate = detail::cost_rate(sums.service, sums.recent);
  out.care_cost_rate = detail::cost_rate(sums.care, sums.recent);
  return out;
}

}  // namespace kundenwert
