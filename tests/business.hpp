// Customer bases put together by hand or drawn at random, for tests of what reads them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/base/amounts.hpp"
#include "kundenwert/base/random.hpp"
#include "kundenwert/model/customer_base.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert::test {

struct one_customer {
  std::int64_t id = 0;
  std::int32_t created = no_day;
  customer_status status = customer_status::active;
  kundenwert::consent consent = consent::yes;
  std::vector<purchase_day> purchases = {};
  std::vector<contract> contracts = {};
  std::vector<contact> contacts = {};
  std::vector<complaint> complaints = {};
  std::vector<cost> costs = {};

  one_customer& bought(std::int32_t day, double revenue, double share_of_margin = 1) {
    purchases.push_back({day, no_day, millionths_of(revenue), millionths_of(revenue * share_of_margin)});
    return *this;
  }
  one_customer& under(std::int32_t start, double amount, contract_period period = contract_period::month) {
    contract c;
    c.start = c.signed_on = start;
    c.period = period;
    c.recurring_amount = amount;
    contracts.push_back(c);
    return *this;
  }
};

struct base_facts {
  bool has_amounts = true;
  bool has_costs = false;
  std::vector<cost> unallocated_costs = {};
};

// In the order of ids, events in the order of days, as ingest makes it.
inline customer_base base_of(std::vector<one_customer> customers, const base_facts& facts = {}) {
  std::sort(customers.begin(), customers.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  customer_base base;
  base.currency = "EUR";
  base.has_amounts = facts.has_amounts;
  base.has_costs = facts.has_costs;
  base.unallocated_costs = facts.unallocated_costs;
  const auto append = [](auto& group, auto events, auto day) {
    std::stable_sort(events.begin(), events.end(), [&](const auto& a, const auto& b) { return a.*day < b.*day; });
    if (group.offsets.empty()) group.offsets.push_back(0);
    group.events.insert(group.events.end(), events.begin(), events.end());
    group.offsets.push_back(static_cast<std::int64_t>(group.events.size()));
  };
  for (const one_customer& c : customers) {
    base.ids.numbers.push_back(c.id);
    std::int32_t created = c.created;
    const auto seen = [&](std::int32_t day) {
      if (day != no_day && (created == no_day || day < created)) created = day;
    };
    for (const auto& p : c.purchases) seen(p.day);
    for (const auto& k : c.contracts) seen(std::min(k.start, k.signed_on));
    for (const auto& k : c.contacts) seen(k.day);
    for (const auto& k : c.complaints) seen(k.opened);
    base.created.push_back(created);
    base.statuses.push_back(c.status);
    base.consents.push_back(c.consent);
    append(base.purchases, c.purchases, &purchase_day::day);
    append(base.contracts, c.contracts, &contract::start);
    append(base.contacts, c.contacts, &contact::day);
    append(base.complaints, c.complaints, &complaint::opened);
    append(base.costs, c.costs, &cost::day);
  }
  return base;
}

// A business with everything in it: buyers whose rates and dropouts differ (BG/NBD), a third with contracts of every
// period, some cancelled, some without amount; contacts, complaints, costs; prospects. Nothing is dated after `end`.
inline std::vector<one_customer> random_business(std::int64_t customers, std::uint64_t seed, std::int32_t end,
                                                 std::int32_t days = 900) {
  std::vector<one_customer> out;
  for (std::int64_t i = 0; i < customers; ++i) {
    random_stream draw(seed, static_cast<std::uint64_t>(i));
    const auto day_until_end = [&](std::int32_t from) {
      return from + static_cast<std::int32_t>(std::floor(draw.uniform() * (end - from + 1)));
    };
    one_customer c;
    c.id = i;
    const std::int32_t first = day_until_end(end - days);
    c.created = first - static_cast<std::int32_t>(10 * draw.uniform());
    c.consent = draw.uniform() < 0.8 ? consent::yes : consent::unknown;
    c.status = draw.uniform() < 0.98 ? customer_status::active : customer_status::excluded;
    const double kind = draw.uniform();
    if (kind < 0.75) {
      const double rate = draw.gamma(0.8) / 30;
      const double dropout = draw.beta(0.8, 2.5);
      const double spend = 20 * 3 / draw.gamma(4);
      double clock = first;
      std::int32_t last = first - 1;
      while (clock <= end) {
        const auto day = static_cast<std::int32_t>(clock);
        if (day > last) c.bought(day, std::round(100 * spend * draw.gamma(6) / 6) / 100, 0.4);
        last = day;
        if (draw.uniform() < dropout) break;
        clock += draw.exponential() / rate;
      }
      if (draw.uniform() < 0.05) c.purchases.back().cancelled_on = day_until_end(c.purchases.back().day);
    }
    if (kind > 0.6 && kind < 0.95) {
      const auto period = static_cast<contract_period>(1 + static_cast<int>(4 * draw.uniform()));
      const double amount = draw.uniform() < 0.03 ? not_available : std::round(4000 * draw.uniform()) / 100;
      c.under(first, amount, period);
      contract& k = c.contracts.back();
      if (draw.uniform() < 0.3) {
        k.notice = day_until_end(first);
        k.end = k.planned_end = k.notice + 1 + static_cast<std::int32_t>(120 * draw.uniform());
      } else if (draw.uniform() < 0.2) {
        k.renewal = renewal::manual;
        k.planned_end = add_months(first, 24);
      }
    }
    if (draw.uniform() < 0.5)
      c.contacts.push_back({day_until_end(first), direction::out, channel::email, purpose::sales});
    if (draw.uniform() < 0.1) {
      complaint k;
      k.opened = day_until_end(first);
      if (draw.uniform() < 0.7) k.resolved = day_until_end(k.opened);
      k.satisfaction = 100 * draw.uniform();
      c.complaints.push_back(k);
    }
    if (draw.uniform() < 0.3) {
      c.costs.push_back({day_until_end(first), draw.uniform() < 0.5 ? cost_head::service : cost_head::care,
                         millionths_of(std::round(500 * draw.uniform()) / 100)});
    }
    out.push_back(std::move(c));
  }
  return out;
}

}  // namespace kundenwert::test
