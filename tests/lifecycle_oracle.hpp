// The phase rules of the domain specification B4.1 to B4.3, written down sentence by sentence with a status for every
// single day: slow and plain, and sharing nothing with the library but the columns and the parameters.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "kundenwert/lifecycle/passages.hpp"
#include "kundenwert/lifecycle/phases.hpp"

namespace kundenwert::test {

using day_number = std::int32_t;

struct plain_finding {
  lifecycle::phase phase{};
  std::set<lifecycle::risk> risks;
  std::optional<day_number> regained_on;
};

class lifecycle_oracle {
 public:
  using phase = lifecycle::phase;
  using risk = lifecycle::risk;
  enum class status { unknown, prospect, current, lost };
  struct spell {
    day_number first;
    day_number end;  // e
    bool is_comeback;
    bool counts;
  };

  lifecycle_oracle(const customer_history& customer, const lifecycle::phase_parameters& parameters)
      : c_(customer), p_(parameters) {}

  // B4.1: "end if end <= t; else, if notice <= t, end (if null, planned_end); else open if AUTO; else planned_end".
  static std::optional<day_number> effective_end(const contract& k, day_number t) {
    const auto stated = [](day_number d) { return d == no_day ? std::nullopt : std::optional(d); };
    if (stated(k.end) && k.end <= t) return k.end;
    if (stated(k.notice) && k.notice <= t) return stated(k.end) ? stated(k.end) : stated(k.planned_end);
    if (k.renewal == renewal::automatic) return std::nullopt;
    return stated(k.planned_end);
  }

  // "A purchase is removed only from the date on which returns dated <= t cancel it fully."
  std::set<day_number> purchase_days(day_number t) const {
    std::set<day_number> days;
    for (const auto& q : c_.purchases) {
      if (q.day <= t) days.insert(q.day);
      if (q.cancelled_on != no_day && q.cancelled_on <= t) days.erase(q.day);
    }
    return days;
  }

  struct contracts_known {
    int active = 0;
    int started = 0;
    std::optional<day_number> last_end;
  };
  contracts_known contracts(day_number t) const {
    contracts_known k;
    for (const auto& one : c_.contracts) {
      if (one.start > t) continue;
      ++k.started;
      const auto end = effective_end(one, t);
      if (!end || t < *end) ++k.active;
      if (end && (!k.last_end || *end > *k.last_end)) k.last_end = end;
    }
    return k;
  }

  // B4.2: median gap if there are min_intervals gaps, else the default.
  double gap(day_number t) const {
    const auto days = purchase_days(t);
    std::vector<double> gaps;
    std::optional<day_number> before;
    for (const day_number d : days) {
      if (before) gaps.push_back(d - *before);
      before = d;
    }
    if (gaps.size() < static_cast<std::size_t>(p_.least_gaps)) return p_.default_purchase_gap;
    std::sort(gaps.begin(), gaps.end());
    const std::size_t n = gaps.size();
    return n % 2 == 1 ? gaps[n / 2] : (gaps[n / 2 - 1] + gaps[n / 2]) / 2;
  }
  double lost_threshold(day_number t) const {
    double value = p_.lost_factor * gap(t);
    if (value < p_.lost_least) value = p_.lost_least;
    if (value > p_.lost_most) value = p_.lost_most;
    return value;
  }
  double soft_threshold(day_number t) const {
    double value = p_.soft_factor * gap(t);
    if (value < p_.soft_least) value = p_.soft_least;
    if (value > 0.75 * lost_threshold(t)) value = 0.75 * lost_threshold(t);
    return value;
  }

  std::optional<day_number> first_event(day_number t) const {
    std::set<day_number> days;
    if (c_.created != no_day) days.insert(c_.created);
    for (const auto& q : c_.purchases) days.insert(q.day);
    for (const auto& k : c_.contracts) days.insert({k.start, k.signed_on});
    for (const auto& x : c_.contacts) days.insert(x.day);
    for (const auto& x : c_.complaints) days.insert(x.opened);
    if (days.empty() || *days.begin() > t) return std::nullopt;
    return *days.begin();
  }

  // Rules 1 and 2 on day t.
  status status_on(day_number t, double p_alive = not_available) const {
    if (!first_event(t)) return status::unknown;
    const auto days = purchase_days(t);
    const auto k = contracts(t);
    if (days.empty() && k.started == 0) return status::prospect;
    if (k.active > 0) return status::current;
    bool lost = false;
    if (k.started > 0) {
      const bool bought_since = !days.empty() && *days.rbegin() >= *k.last_end;
      lost = !bought_since || t - *days.rbegin() > lost_threshold(t);
    } else if (!std::isnan(p_alive) && days.size() >= 2) {
      lost = p_alive < p_.lost_probability && t - *days.rbegin() > p_.lost_least;
    } else {
      lost = t - *days.rbegin() > lost_threshold(t);
    }
    return lost ? status::lost : status::current;
  }

  // All lost spells up to t, day by day; one that goes on at t ends on t + 1.
  std::vector<spell> spells(day_number from, day_number t) const {
    std::vector<spell> found;
    bool in_spell = false;
    day_number first = 0;
    for (day_number d = from; d <= t; ++d) {
      const bool lost = is_lost(d);
      if (lost && !in_spell) first = d;
      if (!lost && in_spell) {
        const bool buys = purchase_days(d).count(d) > 0;
        bool starts = false;
        for (const auto& k : c_.contracts) starts = starts || k.start == d;
        const auto before = contracts(d - 1);
        bool bought_between = false;
        for (const day_number q : purchase_days(d - 1)) bought_between = bought_between || q >= before.last_end;
        const bool between_contracts = before.started > 0 && starts && !bought_between;
        const bool comeback = buys || starts;
        found.push_back({first, d, comeback, comeback && !(between_contracts && d - first <= p_.contract_gap)});
      }
      in_spell = lost;
    }
    if (in_spell) found.push_back({first, t + 1, false, false});
    return found;
  }

  // The same day of the month n months before, or the last of that month.
  static day_number months_before(day_number t, int n) {
    civil_date date = civil_of(t);
    const int months = date.year * 12 + date.month - 1 - n;
    date.year = months / 12;
    date.month = months % 12 + 1;
    const bool leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
    const int lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    date.day = std::min(date.day, lengths[date.month - 1]);
    return day_of(date);
  }

  std::optional<double> margin_ratio(day_number t) const {
    double recent = 0;
    double before = 0;
    for (const auto& q : c_.purchases) {
      if (q.day > t) continue;
      if (q.day > months_before(t, 12))
        recent += static_cast<double>(q.margin);
      else if (q.day > months_before(t, 24))
        before += static_cast<double>(q.margin);
    }
    if (before <= 0) return std::nullopt;
    return recent / before;
  }

  std::optional<day_number> tenure(day_number t) const {
    std::set<day_number> firsts;
    const auto days = purchase_days(t);
    if (!days.empty()) firsts.insert(*days.begin());
    for (const auto& k : c_.contracts) {
      if (k.start <= t) firsts.insert(k.start);
    }
    if (firsts.empty()) return std::nullopt;
    return t - *firsts.begin();
  }

  plain_finding phase_on(day_number t, double p_alive) const {
    plain_finding found;
    const auto within = [t](day_number e, day_number w) { return 0 <= t - e && t - e <= w; };
    const status s = status_on(t, p_alive);
    if (s == status::unknown) return found;
    if (s == status::prospect) {
      day_number last = *first_event(t);
      bool in_contact = false;
      for (const auto& x : c_.contacts) {
        if (x.day <= t) last = std::max(last, x.day);
        in_contact = in_contact || within(x.day, p_.acquisition_window);
      }
      if (t - last > p_.prospect_cold)
        found.phase = phase::prospect_cold;
      else if (in_contact)
        found.phase = phase::acquisition;
      else
        found.phase = phase::prospect;
      return found;
    }
    if (s == status::lost) {
      found.phase = phase::lost;
      for (const auto& x : c_.contacts) {
        const bool is_ours = x.direction != direction::in;
        if (x.purpose == purpose::win_back && is_ours && within(x.day, p_.win_back_window)) {
          found.phase = phase::win_back;
        }
      }
      return found;
    }
    const auto all_spells = spells(*first_event(t), t);
    found.risks = risks_on(t, p_alive, all_spells);
    for (const auto& one : all_spells) {
      if (one.counts && within(one.end, p_.regained_window)) found.regained_on = one.end;
    }
    const auto ratio = margin_ratio(t);
    if (!found.risks.empty())
      found.phase = phase::endangered;
    else if (found.regained_on)
      found.phase = phase::regained;
    else if (*tenure(t) <= p_.new_window)
      found.phase = phase::new_;
    else if (*tenure(t) < p_.development_longest_tenure)
      found.phase = phase::development;
    else if (ratio && *ratio >= p_.growth_ratio)
      found.phase = phase::development;
    else
      found.phase = phase::mature;
    return found;
  }

  lifecycle::passage passage_over(day_number from, day_number to) const {
    using lifecycle::passage;
    const status before = status_on(from);
    const status after = status_on(to);
    if (before == status::current && after != status::current) return passage::lost;
    if (after != status::current) return passage::none;
    if (before == status::lost) return passage::returned;
    if (before != status::current) return passage::joined;
    for (const auto& one : spells(from, to)) {
      if (one.counts) return passage::regained;
    }
    return passage::retained;
  }

 private:
  bool is_lost(day_number d) const {
    const auto known = lost_.find(d);
    if (known != lost_.end()) return known->second;
    return lost_[d] = status_on(d) == status::lost;
  }

  std::set<risk> risks_on(day_number t, double p_alive, const std::vector<spell>& all_spells) const {
    std::set<risk> risks;
    const auto active = [t](const contract& k) {
      const auto end = effective_end(k, t);
      return k.start <= t && (!end || t < *end);
    };
    bool any_active = false;
    bool all_expire = true;
    day_number latest_end = no_day;
    for (const auto& k : c_.contracts) {
      if (!active(k)) continue;
      any_active = true;
      if (k.notice != no_day && k.notice <= t) risks.insert(risk::cancellation_notice);
      const auto end = effective_end(k, t);
      const double half_length = end ? (*end - k.start) / 2.0 : 0;
      const bool expires = k.renewal == renewal::manual && end && *end - t > 0 &&
                           *end - t <= std::min<double>(p_.renewal_window, half_length);
      all_expire = all_expire && expires;
      if (end) latest_end = std::max(latest_end, *end);
    }
    if (any_active && all_expire) {
      bool has_successor = false;
      for (const auto& k : c_.contracts) {
        const bool is_to_come = k.signed_on <= t && k.start > t;
        has_successor = has_successor || (is_to_come && k.start <= latest_end + p_.contract_gap);
      }
      if (!has_successor) risks.insert(risk::contract_expiring);
    }
    for (const auto& x : c_.complaints) {
      if (x.kind != case_kind::complaint && x.kind != case_kind::claim) continue;
      if (x.opened > t) continue;
      const bool reopened = x.reopened != no_day && x.reopened <= t;
      const day_number open_from = reopened ? x.reopened : x.opened;
      const bool resolved = x.resolved != no_day && x.resolved <= t && x.resolved >= open_from;
      if (!resolved && t - open_from > p_.complaint_open_days) risks.insert(risk::open_complaint);
      if (resolved && t - x.resolved <= p_.bad_outcome_window && x.satisfaction < p_.bad_satisfaction) {
        risks.insert(risk::bad_complaint_outcome);
      }
    }
    const auto days = purchase_days(t);
    if (!any_active) {
      if (!std::isnan(p_alive) && days.size() >= 2) {
        if (p_alive < p_.endangered_probability) risks.insert(risk::low_probability_alive);
      } else if (t - *days.rbegin() > soft_threshold(t)) {
        risks.insert(risk::inactivity);
      }
    }
    bool lost_lately = false;
    for (const auto& one : all_spells) lost_lately = lost_lately || one.end - 1 > months_before(t, 24);
    const auto ratio = margin_ratio(t);
    if (*tenure(t) >= 730 && ratio && *ratio < p_.decline_ratio && !lost_lately) risks.insert(risk::margin_decline);
    return risks;
  }

  customer_history c_;
  lifecycle::phase_parameters p_;
  mutable std::map<day_number, bool> lost_;
};

}  // namespace kundenwert::test
