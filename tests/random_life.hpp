// Random histories of a customer that crowd the limits of the lifecycle rules: most days lie a window, a threshold or a
// month, give or take a day, from another day of the history or from the analysis date.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include "kundenwert/base/random.hpp"
#include "kundenwert/lifecycle/phases.hpp"
#include "kundenwert/model/customer_base.hpp"

namespace kundenwert::test {

struct random_life {
  std::int32_t as_of = 0;
  std::int32_t created = no_day;
  std::vector<purchase_day> purchases;
  std::vector<contract> contracts;
  std::vector<contact> contacts;
  std::vector<complaint> complaints;

  customer_history history() const { return {created, purchases, contracts, contacts, complaints}; }
};

class life_source {
 public:
  // Events within `length` days before `as_of` and, to be ignored, a few after it.
  life_source(std::uint64_t seed, std::uint64_t stream, std::int32_t as_of, std::int32_t length)
      : random_(seed, stream), as_of_(as_of), first_(as_of - length) {}

  random_life life() {
    random_life made;
    made.as_of = as_of_;
    known_ = {as_of_, first_ + 20};
    if (chance(0.2)) made.created = some_day();
    add_purchases(made);
    const auto contracts = chance(0.5) ? random_.below(5) : 0;
    for (std::uint64_t i = 0; i < contracts; ++i) made.contracts.push_back(some_contract());
    const auto contacts = random_.below(4);
    for (std::uint64_t i = 0; i < contacts; ++i) {
      made.contacts.push_back({.day = some_day(),
                               .direction = static_cast<direction>(random_.below(3)),
                               .purpose = chance(0.7) ? purpose::win_back : purpose::sales});
    }
    const auto complaints = chance(0.3) ? 1 + random_.below(2) : 0;
    for (std::uint64_t i = 0; i < complaints; ++i) made.complaints.push_back(some_complaint());
    if (chance(0.1)) put_gap_before_margins(made);
    const auto sort = [](auto& events, auto day) {
      std::sort(events.begin(), events.end(), [&](const auto& a, const auto& b) { return day(a) < day(b); });
    };
    sort(made.contracts, [](const contract& c) { return c.start; });
    sort(made.contacts, [](const contact& c) { return c.day; });
    sort(made.complaints, [](const complaint& c) { return c.opened; });
    return made;
  }

  double probability() {
    constexpr std::array<double, 7> values{not_available, not_available, 0.05, 0.1, 0.3, 0.5, 0.9};
    return values[random_.below(values.size())];
  }

  // Defaults, or small windows that bring every limit into reach of short histories.
  lifecycle::phase_parameters parameters() {
    lifecycle::phase_parameters p;
    if (chance(0.5)) return p;
    const auto upto = [&](std::uint64_t most) { return static_cast<std::int32_t>(random_.below(most + 1)); };
    p.new_window = upto(60);
    p.acquisition_window = upto(60);
    p.prospect_cold = upto(60);
    p.least_gaps = 1 + upto(4);
    p.default_purchase_gap = 1 + upto(60);
    p.soft_factor = 0.5 + random_.uniform() * 2;
    p.lost_factor = 0.5 + random_.uniform() * 4;
    p.soft_least = 1 + upto(30);
    p.lost_least = 1 + upto(40);
    p.lost_most = p.lost_least + upto(200);
    p.renewal_window = upto(60);
    p.complaint_open_days = upto(20);
    p.bad_outcome_window = upto(100);
    p.development_longest_tenure = upto(700);
    // Beyond the margin windows now and then, so that lost spells are replayed from further back.
    p.regained_window = chance(0.2) ? 728 + upto(4) : upto(100);
    p.win_back_window = upto(60);
    p.contract_gap = upto(40);
    return p;
  }

  bool chance(double share) { return random_.uniform() < share; }
  std::int32_t between(std::int32_t low, std::int32_t high) {
    return low + static_cast<std::int32_t>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }

 private:
  // A day of the history, within its stretch and a little beyond its end.
  std::int32_t some_day() {
    constexpr std::array<std::int32_t, 13> steps{0, 10, 14, 30, 45, 60, 90, 180, 360, 365, 366, 730, 731};
    std::int32_t day = between(first_, as_of_ + 40);
    if (chance(0.7)) {
      const std::int32_t anchor = known_[random_.below(known_.size())];
      const std::int32_t step = steps[random_.below(steps.size())] + between(-1, 1);
      day = chance(0.5) ? anchor + step : anchor - step;
    }
    day = std::clamp(day, first_, as_of_ + 40);
    known_.push_back(day);
    return day;
  }

  std::int32_t day_after(std::int32_t day, std::int32_t least) { return std::max(day + least, some_day()); }

  void add_purchases(random_life& made) {
    std::set<std::int32_t> days;
    if (chance(0.4)) {
      const std::int32_t gap = between(1, 120);
      const std::int32_t end = some_day();
      for (std::int32_t day = some_day(); day <= end && days.size() < 20; day += gap) days.insert(day);
    }
    const auto more = random_.below(6);
    for (std::uint64_t i = 0; i < more; ++i) days.insert(some_day());
    for (const std::int32_t day : days) {
      purchase_day purchase{.day = day, .margin = std::int64_t{1'000'000} * between(-20, 100)};
      purchase.revenue = purchase.margin;
      if (chance(0.15)) purchase.cancelled_on = chance(0.2) ? day : day_after(day, 0);
      made.purchases.push_back(purchase);
    }
  }

  contract some_contract() {
    contract c;
    c.start = some_day();
    c.signed_on = chance(0.6) ? c.start : some_day();
    if (chance(0.7)) c.planned_end = day_after(c.start, 1);
    if (chance(0.5)) c.end = chance(0.5) && c.planned_end != no_day ? c.planned_end : day_after(c.start, 1);
    if (chance(0.3)) c.notice = day_after(c.start, 0);
    c.renewal = chance(0.5) ? renewal::automatic : renewal::manual;
    return c;
  }

  // Margins that fell, under contracts with a short gap about the beginning of the earlier margin window.
  void put_gap_before_margins(random_life& made) {
    const std::int32_t two_years_ago = as_of_ - 731;
    const std::int32_t end = two_years_ago + between(-2, 3);
    const std::int32_t start = end + between(1, 3);
    made.contracts = {{.start = end - 100, .signed_on = end - 100, .end = end}, {.start = start, .signed_on = start}};
    made.purchases = {{.day = as_of_ - between(366, 720), .margin = 100},
                      {.day = as_of_ - between(0, 364), .margin = 9}};
    made.complaints.clear();
  }

  complaint some_complaint() {
    complaint c;
    c.opened = some_day();
    if (chance(0.6)) c.resolved = day_after(c.opened, 0);
    if (chance(0.3)) c.reopened = day_after(c.opened, 0);
    c.kind = static_cast<case_kind>(1 + random_.below(5));
    constexpr std::array<double, 4> outcomes{not_available, 20, 50, 80};
    c.satisfaction = outcomes[random_.below(outcomes.size())];
    return c;
  }

  random_stream random_;
  std::int32_t as_of_;
  std::int32_t first_;
  std::vector<std::int32_t> known_;
};

}  // namespace kundenwert::test
