// What a simulated business does for its customers and what it costs: contacts in both directions and cost records.
// It knows no more than its own data: without contract somebody counts as customer until some time after the last
// purchase, whether they have left in truth or not.
//
// References: domain specification B1.1 (heads of cost), C.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "kundenwert/simulate/life.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert::simulate {

// Adds contacts and costs to a life that has its purchases, contracts, cases and calls to win back; sorts contacts and
// costs by day.
inline void draw_service(const business_parameters& p, std::uint64_t seed, std::int64_t customer, customer_life& life);

namespace detail {

// The stretches of time in which the customer counts as one, ascending and apart; a contract's can be infinite.
inline void find_visible(const business_parameters& p, customer_life& life) {
  std::vector<contract_span>& out = life.visible;
  out.clear();
  for (const auto& purchase : life.purchases) {
    const double until = purchase.time + p.contacts.visible_days;
    if (!out.empty() && purchase.time <= out.back().until) {
      out.back().until = until;
    } else {
      out.push_back({purchase.time, until});
    }
  }
  if (life.contract_spans.empty()) return;
  out.insert(out.end(), life.contract_spans.begin(), life.contract_spans.end());
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i].from <= out[kept].until) {
      out[kept].until = std::max(out[kept].until, out[i].until);
    } else {
      out[++kept] = out[i];
    }
  }
  out.resize(kept + 1);
}

// Calls found(time) at the times of a Poisson process from `from` on that lie in one of the stretches.
template <class Found>
void draw_visible(const std::vector<contract_span>& visible, double per_year, double last, random_stream& draw,
                  Found&& found) {
  if (visible.empty() || !(per_year > 0)) return;
  const double until = std::min(visible.back().until, last);
  std::size_t i = 0;
  for (double time = visible.front().from + draw.exponential() * days_per_year / per_year; time < until;
       time += draw.exponential() * days_per_year / per_year) {
    while (visible[i].until <= time) ++i;
    if (visible[i].from <= time) found(time);
  }
}

inline channel channel_of(double u) {
  if (u < 0.40) return channel::email;
  if (u < 0.70) return channel::phone;
  if (u < 0.85) return channel::web;
  if (u < 0.93) return channel::chat;
  return u < 0.97 ? channel::letter : channel::shop;
}

inline void draw_contacts(const business_parameters& p, std::uint64_t seed, std::int64_t customer,
                          customer_life& life) {
  random_stream in = stream_of(seed, customer, life_part::inbound);
  random_stream out = stream_of(seed, customer, life_part::outbound);
  const customer_traits& who = life.who;
  const double last = p.last_day() + 1.0;
  constexpr double service_share = 0.7;  // of questions; the rest is information
  const auto add = [&](double time, direction way, random_stream& draw, purpose often, purpose else_, double share) {
    const channel by = channel_of(draw.uniform());
    life.contacts.push_back({day_of_time(time), way, by, draw.uniform() < share ? often : else_});
  };
  // Before the first purchase: half of the contacts each way.
  const double interested = std::min({who.start, who.created + p.contacts.prospect_days, last});
  if (p.contacts.prospect_per_year > 0) {
    const double gap = days_per_year / p.contacts.prospect_per_year;
    for (double time = who.created + gap * in.exponential(); time < interested; time += gap * in.exponential()) {
      const direction way = in.uniform() < 0.5 ? direction::in : direction::out;
      add(time, way, in, purpose::info, purpose::sales, way == direction::in ? 1 : 0.5);
    }
  }
  draw_visible(life.visible, p.contacts.inbound_per_year, last, in,
               [&](double time) { add(time, direction::in, in, purpose::service, purpose::info, service_share); });
  const purpose care = who.is_business ? purpose::key_account : purpose::sales;
  draw_visible(life.visible, p.contacts.outbound_per_year, last, out,
               [&](double time) { add(time, direction::out, out, purpose::info, care, 0.5); });
  // By day, not in their order: a case that is opened later must not move those before it.
  random_stream reports = stream_of(seed, customer, life_part::reports);
  for (const auto& c : life.cases) {
    reports.move_to(static_cast<std::uint64_t>(c.opened - earliest_day));
    life.contacts.push_back({c.opened, direction::in, channel_of(reports.uniform()), purpose::complaint});
  }
}

inline void add_costs(const business_parameters& p, customer_life& life) {
  const auto& visible = life.visible;
  const auto& c = p.costs;
  // Millionths: the unit of amounts in cost.
  const auto add = [&](std::int32_t day, cost_head head, double amount) {
    if (amount > 0) life.costs.push_back({day, head, static_cast<std::int64_t>(std::llround(booked(amount) * 1e6))});
  };
  if (life.who.start < p.last_day() + 1.0) {
    add(day_of_time(life.who.start), cost_head::acquisition, life.who.acquisition_cost);
  }
  for (const auto& contact : life.contacts) {
    if (contact.purpose == purpose::complaint) continue;
    const bool is_before = contact.day < life.who.start - 1;
    const cost_head head = contact.purpose == purpose::win_back ? cost_head::win_back
                           : is_before                          ? cost_head::acquisition
                                                                : cost_head::service;
    add(contact.day, head, c.per_contact);
  }
  for (const auto& each : life.cases) {
    if (each.is_dissatisfaction()) add(each.opened, cost_head::complaint, c.per_complaint);
  }
  if (visible.empty() || c.care_per_month == 0) return;
  const std::int32_t anchor = day_of_time(visible.front().from);
  std::size_t i = 0;
  for (int months = 0;; months += c.care_months) {
    const std::int32_t day = add_months(anchor, months);
    if (day > p.last_day()) break;
    const double end_of_day = day + 1.0;
    while (i < visible.size() && visible[i].until < end_of_day) ++i;
    if (i == visible.size()) break;
    if (visible[i].from < end_of_day) add(day, cost_head::care, c.care_per_month * c.care_months);
  }
}

}  // namespace detail

inline void draw_service(const business_parameters& p, std::uint64_t seed, std::int64_t customer, customer_life& life) {
  detail::find_visible(p, life);
  detail::draw_contacts(p, seed, customer, life);
  detail::add_costs(p, life);
  // Stable: what falls on one day keeps the order in which it was added.
  const auto by_day = [](const auto& a, const auto& b) { return a.day < b.day; };
  std::stable_sort(life.contacts.begin(), life.contacts.end(), by_day);
  std::stable_sort(life.costs.begin(), life.costs.end(), by_day);
}

}  // namespace kundenwert::simulate
