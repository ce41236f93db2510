// Rows added up: totals by phase, values of current and of endangered customers, passages. Parts of rows are added in
// a fixed order, so that the sums are the same bits for any number of threads.
//
// References: domain specification B2.1 (id-based retention), B3.2 (concentration), B4.4 (kinds).
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "kundenwert/lifecycle/passages.hpp"
#include "kundenwert/overview/result.hpp"

namespace kundenwert {

// How many customers went which way.
struct passage_tally {
  std::array<std::int64_t, 6> counts{};  // by number of lifecycle::passage

  void add(lifecycle::passage p) { ++counts[static_cast<std::size_t>(p)]; }
  void add(const passage_tally& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  }
  std::int64_t of(lifecycle::passage p) const { return counts[static_cast<std::size_t>(p)]; }
  retention::retention_rate rate(std::int32_t from, std::int32_t to) const {
    using lifecycle::passage;
    return retention::retention_of_counts({.retained = of(passage::retained),
                                           .lost = of(passage::lost),
                                           .regained = of(passage::regained),
                                           .joined = of(passage::joined),
                                           .returned = of(passage::returned)},
                                          {.from = from, .to = to});
  }
};

// What some rows add up to.
struct overview_totals {
  std::array<phase_total, lifecycle::phases.size()> phases{};  // in the order of the table
  std::int64_t valued_by_contract = 0;
  std::int64_t valued_by_purchases = 0;

  // Row i of the rows; rows of phase 0 add nothing.
  void add(const overview_rows& rows, std::size_t i);
  void add(const overview_totals& other);
  // Customers, kinds, phases, customer_equity, value_at_risk.
  void write(overview_headline& out) const;
};

namespace detail {

inline std::size_t index_of(lifecycle::phase p) {
  // Phases are numbered from 1 in the order of their table.
  return static_cast<std::size_t>(p) - 1;
}

}  // namespace detail

inline void overview_totals::add(const overview_rows& rows, std::size_t i) {
  if (rows.phase[i] == lifecycle::phase{}) return;
  phase_total& to = phases[detail::index_of(rows.phase[i])];
  ++to.customers;
  if (!std::isnan(rows.revenue[i])) to.revenue += rows.revenue[i];
  if (rows.basis[i] == value_basis{}) return;
  to.value += rows.lifetime_value[i];
  ++to.valued;
  ++(rows.basis[i] == value_basis::contract ? valued_by_contract : valued_by_purchases);
}

inline void overview_totals::add(const overview_totals& other) {
  for (std::size_t i = 0; i < phases.size(); ++i) {
    phases[i].customers += other.phases[i].customers;
    phases[i].revenue += other.phases[i].revenue;
    phases[i].value += other.phases[i].value;
    phases[i].valued += other.phases[i].valued;
  }
  valued_by_contract += other.valued_by_contract;
  valued_by_purchases += other.valued_by_purchases;
}

inline void overview_totals::write(overview_headline& out) const {
  using lifecycle::customer_kind;
  out.phases.assign(phases.begin(), phases.end());
  for (std::size_t i = 0; i < phases.size(); ++i) {
    phase_total& total = out.phases[i];
    total.phase = static_cast<lifecycle::phase>(lifecycle::phases[i].number);
    out.customers += total.customers;
    switch (lifecycle::fact_of(total.phase).kind) {
      case customer_kind::potential:
        out.potential += total.customers;
        break;
      case customer_kind::current:
        out.current += total.customers;
        out.customer_equity.customers += total.customers;
        out.customer_equity.valued += total.valued;
        out.customer_equity.value += total.value;
        break;
      case customer_kind::lost:
        out.lost += total.customers;
        break;
    }
    if (total.phase == lifecycle::phase::endangered) out.value_at_risk = {total.customers, total.valued, total.value};
  }
  out.valued_by_contract = valued_by_contract;
  out.valued_by_purchases = valued_by_purchases;
}

}  // namespace kundenwert
