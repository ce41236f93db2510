// From lives to rows: what a chunk of customers adds to the tables. Chunks are drawn at the same time and put together
// in collect.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kundenwert/simulate/life.hpp"

namespace kundenwert::simulate {

// `customer` is counted from the first of the chunk, `of` from the first row of the chunk, -1 where it is no return.
struct transaction_row {
  std::int32_t customer;
  std::int32_t day;
  double amount;
  double cost;
  std::int32_t of;
};
template <class Event>
struct event_row {
  std::int32_t customer;
  Event event;
};
struct case_row {
  std::int32_t customer;
  complaint event;
  double severity;
};
struct customer_row {
  std::int32_t created;
  customer_status status;
  kundenwert::consent consent;
  bool is_business;
  std::int32_t region;
  customer_type type;
  customer_truth truth;
  double purchase_rate;
  double dropout_rate;
  double monthly_churn;
  double mean_spend;
  double margin_rate;
};

struct chunk_rows {
  std::int64_t first_customer = 0;
  std::vector<customer_row> customers;
  std::vector<transaction_row> transactions;
  std::vector<event_row<contract>> contracts;
  std::vector<event_row<contact>> contacts;
  std::vector<case_row> complaints;
  std::vector<event_row<cost>> costs;
};

// Appends the rows of one customer.
inline void add_rows(const business_parameters& p, const shared_rates& shared, std::uint64_t seed,
                     std::int32_t customer, const customer_life& life, chunk_rows& rows);

namespace detail {

inline constexpr std::array<std::string_view, 4> regions{"north", "east", "south", "west"};

inline customer_row customer_row_of(const business_parameters& p, const shared_rates& shared, std::uint64_t seed,
                                    std::int64_t customer, const customer_life& life) {
  random_stream draw = stream_of(seed, customer, life_part::profile);
  const customer_traits& who = life.who;
  customer_row row;
  row.created = day_of_time(who.created);
  row.status = draw.uniform() < p.profile.excluded_share ? customer_status::excluded : customer_status::active;
  const double u = draw.uniform();
  row.consent = u < p.profile.consent_yes_share                                ? consent::yes
                : u < p.profile.consent_yes_share + p.profile.consent_no_share ? consent::no
                                                                               : consent::unknown;
  row.is_business = who.is_business;
  row.region = static_cast<std::int32_t>(draw.below(regions.size()));
  row.type = who.type;
  row.truth = life.truth;
  const double grown = std::exp(who.growth * (p.as_of + 1.0 - who.start));
  row.purchase_rate = who.buys() ? who.purchase_rate * grown * days_per_year : not_available;
  row.dropout_rate = who.buys() ? (who.dropout_rate + shared.complaint_exit) * days_per_year : not_available;
  row.monthly_churn = who.signs() ? who.monthly_churn : not_available;
  row.mean_spend = who.buys() ? who.mean_spend : not_available;
  row.margin_rate = who.type == customer_type::prospect ? not_available : 1 - who.variable_cost_share;
  return row;
}

// Purchases and returns in the order of their days; a return always comes after its purchase.
inline void add_transactions(std::int32_t customer, const customer_life& life, std::vector<transaction_row>& rows) {
  if (life.returns.empty()) {
    for (const auto& bought : life.purchases) {
      rows.push_back({customer, day_of_time(bought.time), bought.amount, bought.cost, -1});
    }
    return;
  }
  std::vector<return_event> back = life.returns;
  std::stable_sort(back.begin(), back.end(), [](const auto& a, const auto& b) { return a.day < b.day; });
  std::vector<std::int32_t> place(life.purchases.size());
  std::size_t next = 0;
  const auto add_returns = [&](std::int32_t before) {
    for (; next < back.size() && back[next].day < before; ++next) {
      const auto& r = back[next];
      rows.push_back({customer, r.day, r.amount, r.cost, place[static_cast<std::size_t>(r.of)]});
    }
  };
  for (std::size_t i = 0; i < life.purchases.size(); ++i) {
    const auto& bought = life.purchases[i];
    const std::int32_t day = day_of_time(bought.time);
    add_returns(day);
    place[i] = static_cast<std::int32_t>(rows.size());
    rows.push_back({customer, day, bought.amount, bought.cost, -1});
  }
  add_returns(latest_day + 1);
}

}  // namespace detail

inline void add_rows(const business_parameters& p, const shared_rates& shared, std::uint64_t seed,
                     std::int32_t customer, const customer_life& life, chunk_rows& rows) {
  rows.customers.push_back(detail::customer_row_of(p, shared, seed, rows.first_customer + customer, life));
  detail::add_transactions(customer, life, rows.transactions);
  for (const auto& c : life.contracts) rows.contracts.push_back({customer, c});
  for (const auto& c : life.contacts) rows.contacts.push_back({customer, c});
  const auto first = static_cast<std::ptrdiff_t>(rows.complaints.size());
  for (std::size_t i = 0; i < life.cases.size(); ++i) {
    rows.complaints.push_back({customer, life.cases[i], life.severities[i]});
  }
  std::stable_sort(rows.complaints.begin() + first, rows.complaints.end(),
                   [](const auto& a, const auto& b) { return a.event.opened < b.event.opened; });
  for (const auto& c : life.costs) rows.costs.push_back({customer, c});
}

}  // namespace kundenwert::simulate
