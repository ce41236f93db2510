// What active contracts are worth over a horizon, and what they have paid: the contractual engine (value/clv) on the
// recurring amount of each contract.
//
//   value = amount * (margin rate - service rate - care rate) * sum over the periods of the horizon
//
// The periods are those of the contract, counted from as_of on: the next payment is that of period 0, discounted as
// the convention says. Of a horizon that ends inside a period that part of its payment counts. An end that is known on
// as_of (a notice, or a planned end without automatic renewal) cuts the number of periods. Retention and discount
// rate per period are those that give the annual ones.
//
// References: domain specification B1.2 (engine, conventions, components), B0 (rates per period), B4.1 (effective end).
//
// term              | name here              | unit             | domain
// N                 | periods                | contract periods | >= 0, not whole in general
// r                 | annual_retention_rate  | per year         | [0, 1]; r^(months / 12) per period
// d                 | annual_discount_rate   | per year         | >= 0; (1 + d)^(months / 12) - 1 per period
// horizon           | horizon_months         | months           | > 0; a year has 12 of them
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

#include "kundenwert/base/discount.hpp"
#include "kundenwert/lifecycle/passages.hpp"
#include "kundenwert/model/contract.hpp"
#include "kundenwert/time/span.hpp"
#include "kundenwert/value/margin_multiple.hpp"

namespace kundenwert {

// What is taken from a unit of revenue, as rates.
struct revenue_rates {
  double margin = 1;
  double service = 0;
  double care = 0;

  double left() const { return margin - service - care; }
};

// What all contracts of a run share.
struct contract_terms {
  std::int32_t as_of = no_day;
  double horizon_months = 0;
  double annual_discount_rate = 0;
  double annual_retention_rate = not_available;
  value::clv_convention convention{};
};

// Payments of a contract on days in (after, until], as somebody on as_of knows its end: at the begin of every period
// from the start on (calendar months from that anchor) while it is active.
std::int64_t payments_between(const contract& c, std::int32_t after, std::int32_t until, std::int32_t as_of);

// Contract periods from as_of to the end of the horizon, or to the end that is known on as_of.
double periods_ahead(const contract& c, const contract_terms& terms);

// Value on as_of of one unit of currency per period, of an annual retention rate that is known.
double contract_factor(contract_period period, double periods, const contract_terms& terms);

// How a customer went from contract to contract through (from, to]. Of those with an active one on `from`: retained
// with one on `to` and no gap above `contract_gap` days between, regained after such a gap, lost without one on `to`.
// Of the others with an active one on `to`: returned with one that was active before `from`, else joined. Else none.
lifecycle::passage contract_passage(std::span<const contract> contracts, std::int32_t from, std::int32_t to,
                                    std::int32_t contract_gap);

namespace detail {

// Payments on days up to `until`.
inline std::int64_t payments_until(const contract& c, std::int32_t until, std::int32_t as_of) {
  const std::int32_t end = c.effective_end(as_of);
  const std::int32_t last = end == no_day ? until : std::min(until, end - 1);
  return last < c.start ? 0 : months_between(c.start, last) / months_of(c.period) + 1;
}

}  // namespace detail

inline std::int64_t payments_between(const contract& c, std::int32_t after, std::int32_t until, std::int32_t as_of) {
  return std::max<std::int64_t>(0, detail::payments_until(c, until, as_of) - detail::payments_until(c, after, as_of));
}

inline double periods_ahead(const contract& c, const contract_terms& terms) {
  const std::int32_t end = c.effective_end(terms.as_of);
  double months = terms.horizon_months;
  if (end != no_day) months = std::min(months, calendar_months(terms.as_of, end));
  return months / months_of(c.period);
}

inline double contract_factor(contract_period period, double periods, const contract_terms& terms) {
  const double months = months_of(period);
  return value::margin_multiple({.convention = terms.convention,
                                 .periodic_discount_rate = periodic_rate(terms.annual_discount_rate, 12 / months),
                                 .retention = std::pow(terms.annual_retention_rate, months / 12),
                                 .periods = periods})
      .value;
}

inline lifecycle::passage contract_passage(std::span<const contract> contracts, std::int32_t from, std::int32_t to,
                                           std::int32_t contract_gap) {
  constexpr std::int32_t open = INT32_MAX;
  std::int32_t covered = no_day;  // exclusive end of what is active since `from`; no_day: nothing was
  const auto end_of = [&](const contract& c) {
    const std::int32_t end = c.effective_end(to);
    return end == no_day ? open : end;
  };
  for (const contract& c : contracts) {
    if (c.is_active(from)) covered = std::max(covered, end_of(c));
  }
  if (covered == no_day) {
    const auto any = [&](auto&& is) { return std::any_of(contracts.begin(), contracts.end(), is); };
    if (!any([&](const contract& c) { return c.is_active(to); })) return lifecycle::passage::none;
    // What started until `from` and is not active then has ended before.
    const bool was_there = any([&](const contract& c) { return c.start <= from; });
    return was_there ? lifecycle::passage::returned : lifecycle::passage::joined;
  }
  bool had_gap = false;
  for (const contract& c : contracts) {  // ascending by start
    if (c.start > to || c.start <= from) continue;
    had_gap = had_gap || (covered != open && c.start - covered > contract_gap);
    covered = std::max(covered, end_of(c));
  }
  if (covered <= to) return lifecycle::passage::lost;
  return had_gap ? lifecycle::passage::regained : lifecycle::passage::retained;
}

}  // namespace kundenwert
