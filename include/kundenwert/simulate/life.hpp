// One simulated customer's life: relationships one after the other, each with its purchases, returns, contracts and
// cases, and what is true at the end of as_of.
//
// A relationship of a buyer ends when they drop out, at a rate of their own, or at a complaint that makes them leave,
// whichever comes first; that of a contract with the term for whose end it was decided, by churn or after such a
// complaint; one of both kinds with the later of the two.
//
// References: see parameters.hpp and value.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "kundenwert/base/discount.hpp"
#include "kundenwert/simulate/traits.hpp"
#include "kundenwert/simulate/value.hpp"

namespace kundenwert::simulate {

struct purchase_event {
  double time;
  double amount;
  double cost;
};
struct return_event {
  std::int32_t day;
  std::int32_t of;  // number of the purchase among the customer's
  double amount;    // negative
  double cost;      // negative
};
// Days under contract: [from, until), until infinite where its end is not decided by the last day.
struct contract_span {
  double from;
  double until;
};

struct customer_truth {
  lifecycle::customer_kind state = lifecycle::customer_kind::potential;
  std::int32_t started = no_day;
  std::int32_t ended = no_day;
  bool was_regained = false;
  double remaining_value = not_available;
  std::int64_t holdout_purchases = 0;
  double holdout_margin = 0;
};

// Everything that happens up to the last day. Lists ascend by day, except cases and contacts, which are sorted later.
struct customer_life {
  customer_traits who;
  std::vector<purchase_event> purchases;
  std::vector<return_event> returns;
  std::vector<contract> contracts;
  std::vector<contract_span> contract_spans;
  std::vector<complaint> cases;
  std::vector<double> severities;  // one per case
  std::vector<contact> contacts;
  std::vector<cost> costs;
  std::vector<contract_span> visible;  // when the customer counts as one for the business; see service.hpp
  customer_truth truth;

  void clear() {
    purchases.clear();
    returns.clear();
    contracts.clear();
    contract_spans.clear();
    cases.clear();
    severities.clear();
    contacts.clear();
    costs.clear();
    truth = {};
  }
};

// Rates that all customers share, from the parameters.
struct shared_rates {
  double complaint_exit;    // per day: complaints that make the customer leave
  double other_cases;       // per day: all other cases
  double suggestion_share;  // of the other cases
  double bad_share;         // of the other complaints
  value_horizon horizon;

  explicit shared_rates(const business_parameters& p) {
    const auto& c = p.complaints;
    const double leaving = c.bad_share * c.leaving_share;
    complaint_exit = c.per_year * leaving / days_per_year;
    const double staying = c.per_year * (1 - leaving);
    other_cases = (staying + c.suggestions_per_year) / days_per_year;
    suggestion_share = other_cases > 0 ? c.suggestions_per_year / days_per_year / other_cases : 0;
    bad_share = leaving < 1 ? c.bad_share * (1 - c.leaving_share) / (1 - leaving) : 0;
    horizon = {p.truth.horizon_days, continuous_discount_rate(p.truth.annual_discount_rate, days_per_year)};
  }
};

// Draws relationships, purchases, returns, contracts, cases and calls to win back; truth included.
inline void draw_life(const business_parameters& p, const shared_rates& shared, std::uint64_t seed,
                      std::int64_t customer, customer_life& life);

namespace detail {

// One relationship while it is drawn.
struct relationship {
  double from = 0;
  double leaving = no_end;        // the complaint after which the customer leaves, if still there
  double purchase_end = 0;        // buyers
  double contract_end = 0;        // infinite: not decided by the last day
  std::int32_t decided = no_day;  // the day contract_end was decided
  double end() const { return std::max(purchase_end, contract_end); }
};

// The time at which the customer's own clock, which runs with their purchase rate, shows `passed` days of the first
// rate; never where a falling rate does not get there.
inline double time_of(const customer_traits& who, double passed) {
  if (!(who.growth * passed > -1) || !std::isfinite(passed)) return no_end;
  return who.start + passed * numeric::log1p_over(who.growth * passed);
}
inline double passed_at(const customer_traits& who, double time) {
  const double days = time - who.start;
  return days * numeric::expm1_over(who.growth * days);
}

inline void draw_purchases(const business_parameters& p, const relationship& r, random_stream& draw,
                           customer_life& life) {
  const customer_traits& who = life.who;
  const double until = std::min(r.purchase_end, p.last_day() + 1.0);
  double passed = passed_at(who, r.from);
  for (double time = r.from; time < until; time = time_of(who, passed)) {
    const double amount = booked(who.mean_spend * draw.gamma(p.spend.shape) / p.spend.shape);
    const double cost = std::round(amount * who.variable_cost_share * 100) / 100;
    life.purchases.push_back({time, amount, cost});
    if (draw.uniform() < p.returns.share) {
      const double back = std::floor(time) + 1 + std::floor(p.returns.delay_days * draw.exponential());
      const bool is_full = draw.uniform() < p.returns.full_share;
      const double part = is_full ? 1 : draw.uniform();
      const double refund = is_full ? amount : std::min(booked(amount * part), amount);
      if (back <= p.last_day()) {
        const double saved = is_full ? cost : std::round(refund * who.variable_cost_share * 100) / 100;
        life.returns.push_back({static_cast<std::int32_t>(back), static_cast<std::int32_t>(life.purchases.size()) - 1,
                                -refund, -std::min(saved, cost)});
      }
    }
    passed += draw.exponential() / who.purchase_rate;
  }
}

inline contract_rhythm rhythm_of(const customer_traits& who, double from) {
  constexpr int manual_term = 12;
  const int payment = months_of(who.period);
  return {day_of_time(from), payment, who.renewal == renewal::automatic ? payment : manual_term, who.lead};
}

// Draws the contracts of one relationship and when they end.
inline void draw_contracts(const business_parameters& p, std::int32_t signed_on, relationship& r, random_stream& draw,
                           customer_life& life) {
  const customer_traits& who = life.who;
  const contract_rhythm rhythm = rhythm_of(who, r.from);
  const bool is_automatic = who.renewal == renewal::automatic;
  const double stays = std::exp(rhythm.term_months * std::log1p(-who.monthly_churn));
  contract c;
  c.start = rhythm.anchor;
  c.signed_on = signed_on;
  c.renewal = who.renewal;
  c.period = who.period;
  c.recurring_amount = who.payment;
  const auto known = [&](std::int32_t day) { return day <= p.last_day() ? day : no_day; };
  r.contract_end = no_end;
  for (int term = 1;; ++term) {
    const std::int32_t term_end = rhythm.term_end(term);
    const std::int32_t decision = rhythm.decision_day(term);
    if (!is_automatic) c.planned_end = term_end;
    if (decision > p.last_day()) break;
    const bool leaves = r.leaving < decision + 1.0 || !(draw.uniform() < stays);
    if (leaves) {
      c.end = is_automatic ? term_end : known(term_end);
      if (is_automatic) c.notice = decision;
      r.contract_end = term_end;
      r.decided = decision;
      break;
    }
    if (is_automatic) continue;
    c.end = known(term_end);
    life.contracts.push_back(c);
    c.start = term_end;
    c.signed_on = decision;
    c.end = no_day;
  }
  life.contracts.push_back(c);
  life.contract_spans.push_back({static_cast<double>(rhythm.anchor), r.contract_end});
}

// A case from its opening on; what lies after the last day is not known.
inline void draw_case(const business_parameters& p, double time, case_kind kind, bool is_bad, random_stream& draw,
                      customer_life& life) {
  const auto& c = p.complaints;
  const std::int32_t last = p.last_day();
  // A day more than any calendar here: everything later is unknown anyway.
  const auto later = [&](double day, double mean) {
    return std::min(std::floor(day + mean * draw.exponential()), latest_day + 1.0);
  };
  const double opened = std::floor(time);
  const double response = later(opened, c.response_days);
  const double solved = later(response, is_bad ? c.bad_resolution_days : c.resolution_days);
  const double again = later(solved + 1, c.resolution_days);
  const double solved_again = later(again, c.resolution_days);
  const bool is_unresolved = draw.uniform() < c.unresolved_share;
  const bool is_reopened = draw.uniform() < c.reopened_share;
  const double u = draw.uniform();
  const double severity = 1 + std::floor(3 * draw.uniform());
  complaint out;
  const auto known = [&](double day) { return day <= last ? static_cast<std::int32_t>(day) : no_day; };
  out.kind = kind;
  out.opened = static_cast<std::int32_t>(opened);
  out.first_response = known(response);
  if (!is_unresolved) {
    out.resolved = known(solved);
    if (is_reopened) {
      out.reopened = known(again);
      if (solved_again <= last) out.resolved = known(solved_again);
    }
  }
  if (out.is_dissatisfaction() && out.open_since(last) == no_day) {
    // Whole numbers from 0 to 49 and from 50 to 100.
    out.satisfaction = is_bad ? std::floor(50 * u) : 50 + std::floor(51 * u);
  }
  life.cases.push_back(out);
  life.severities.push_back(severity);
}

inline void draw_cases(const business_parameters& p, const shared_rates& shared, const relationship& r,
                       random_stream& draw, random_stream& exits, customer_life& life) {
  // Most complaints come without a legal entitlement.
  constexpr double claim_share = 0.3;
  const auto dissatisfaction = [](double u) { return u < claim_share ? case_kind::claim : case_kind::complaint; };
  const double last = p.last_day() + 1.0;
  const double until = std::min(r.end(), last);
  if (r.leaving <= r.end() && r.leaving < last) {
    const case_kind kind = dissatisfaction(exits.uniform());
    draw_case(p, r.leaving, kind, true, exits, life);
  }
  if (!(shared.other_cases > 0)) return;
  for (double time = r.from + draw.exponential() / shared.other_cases; time < until;
       time += draw.exponential() / shared.other_cases) {
    const bool is_suggestion = draw.uniform() < shared.suggestion_share;
    const bool is_bad = draw.uniform() < shared.bad_share && !is_suggestion;
    const double u = draw.uniform();
    const case_kind voice = u < 0.4 ? case_kind::suggestion : u < 0.7 ? case_kind::hint : case_kind::praise;
    draw_case(p, time, is_suggestion ? voice : dissatisfaction(u), is_bad, draw, life);
  }
}

// What is true at the end of as_of of a relationship that began by then.
inline void note_truth(const business_parameters& p, const shared_rates& shared, const relationship& r,
                       customer_life& life) {
  const customer_traits& who = life.who;
  customer_truth& truth = life.truth;
  const double now = p.as_of + 1.0;
  truth.was_regained = truth.started != no_day;
  if (truth.started == no_day) truth.started = day_of_time(r.from);
  if (r.end() < now) {
    truth.state = lifecycle::customer_kind::lost;
    truth.ended = day_of_time(r.end());
    truth.remaining_value = 0;
    return;
  }
  truth.state = lifecycle::customer_kind::current;
  truth.ended = no_day;
  truth.remaining_value = 0;
  const double margin_rate = 1 - who.variable_cost_share;
  if (who.buys() && r.purchase_end >= now) {
    const double kept = 1 - p.returns.share * (p.returns.full_share + (1 - p.returns.full_share) / 2);
    truth.remaining_value +=
        remaining_value(purchase_state{.purchase_rate = who.purchase_rate * std::exp(who.growth * (now - who.start)),
                                       .growth = who.growth,
                                       .exit_rate = who.dropout_rate + shared.complaint_exit,
                                       .margin = who.mean_spend * margin_rate * kept},
                        shared.horizon);
  }
  if (who.signs() && r.contract_end >= now) {
    const bool is_decided = r.decided != no_day && r.decided <= p.as_of;
    truth.remaining_value +=
        remaining_value(contract_state{.rhythm = rhythm_of(who, r.from),
                                       .margin = who.payment * margin_rate,
                                       .monthly_churn = who.monthly_churn,
                                       .complaint_exit_rate = shared.complaint_exit,
                                       .will_leave = r.leaving < now,
                                       .known_end = is_decided ? day_of_time(r.contract_end) : no_day},
                        shared.horizon, p.as_of);
  }
}

// What the days after as_of brought.
inline void note_holdout(const business_parameters& p, customer_life& life) {
  const customer_traits& who = life.who;
  customer_truth& truth = life.truth;
  for (auto i = life.purchases.rbegin(); i != life.purchases.rend() && day_of_time(i->time) > p.as_of; ++i) {
    ++truth.holdout_purchases;
    truth.holdout_margin += i->amount - i->cost;
  }
  for (const auto& back : life.returns) {
    if (back.day > p.as_of) truth.holdout_margin += back.amount - back.cost;
  }
  for (const auto& span : life.contract_spans) {
    const contract_rhythm rhythm = rhythm_of(who, span.from);
    for (int payment = 0;; ++payment) {
      const std::int32_t day = add_months(rhythm.anchor, payment * rhythm.payment_months);
      if (day > p.last_day() || day >= span.until) break;
      if (day > p.as_of) truth.holdout_margin += who.payment * (1 - who.variable_cost_share);
    }
  }
}

}  // namespace detail

inline void draw_life(const business_parameters& p, const shared_rates& shared, std::uint64_t seed,
                      std::int64_t customer, customer_life& life) {
  const customer_traits& who = life.who;
  const double last = p.last_day() + 1.0;
  random_stream exits = stream_of(seed, customer, life_part::exits);
  random_stream purchases = stream_of(seed, customer, life_part::purchases);
  random_stream contracts = stream_of(seed, customer, life_part::contracts);
  random_stream cases = stream_of(seed, customer, life_part::cases);
  random_stream calls = stream_of(seed, customer, life_part::win_back);
  // Contracts are signed up to two weeks before they begin, but not before the customer is known.
  constexpr std::int32_t signing_days = 14;
  detail::relationship r;
  r.from = who.start;
  for (bool is_first = true; std::isfinite(r.from); is_first = false) {
    r.leaving = r.from + (shared.complaint_exit > 0 ? exits.exponential() / shared.complaint_exit : detail::no_end);
    const double dropout = r.from + exits.exponential() / who.dropout_rate;
    r.purchase_end = who.buys() ? std::min(dropout, r.leaving) : 0;
    r.contract_end = 0;
    r.decided = no_day;
    if (who.signs() && r.from < latest_day) {
      const std::int32_t start = detail::day_of_time(r.from);
      const std::int32_t signed_on =
          is_first ? std::max(detail::day_of_time(who.created), start - signing_days) : start;
      if (signed_on <= p.last_day()) detail::draw_contracts(p, signed_on, r, contracts, life);
    }
    if (!(r.from < last)) break;
    if (who.buys()) detail::draw_purchases(p, r, purchases, life);
    detail::draw_cases(p, shared, r, cases, exits, life);
    if (r.from < p.as_of + 1.0) detail::note_truth(p, shared, r, life);
    if (!(r.end() < last)) break;
    double quiet = r.end();
    if (who.buys()) quiet = std::max(quiet, life.purchases.back().time + p.win_back.silent_days);
    if (!(calls.uniform() < p.win_back.attempt_share)) break;
    const double call = quiet + p.win_back.delay_days * calls.exponential();
    if (!(call < last)) break;
    life.contacts.push_back({detail::day_of_time(call), direction::out, channel::phone, purpose::win_back});
    if (!(calls.uniform() < p.win_back.success_share)) break;
    r.from = call + p.win_back.return_days * calls.exponential();
  }
  if (p.last_day() > p.as_of) detail::note_holdout(p, life);
}

}  // namespace kundenwert::simulate
