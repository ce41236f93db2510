// The true remaining value of a customer whose rates are known: the margin expected from the end of as_of on over a
// horizon, each amount discounted from its own time. What a model can at best find out about a customer.
//
//   purchases   m lambda int_0^H e^{(g - mu - delta) u} du = m lambda H (e^{k H} - 1) / (k H),  k = g - mu - delta
//   contract    a sum over the payment days d in (t, t + H]:  m e^{-delta (d - t)} P(still a customer on d),
//               P = product over the decisions still open that fall due by d of (1 - c)^n e^{-nu (days between them)}
//
// The present relationship counts: what a customer who left may bring after being won back does not. A return counts
// with the purchase it is of. Costs of service and care are not taken off.
//
// References: Fader, Hardie & Lee (2005), eq. 9 with known rates; Fader & Hardie (2007) with a known churn.
//
// symbol    | name here      | unit     | domain
// lambda    | purchase_rate  | per day  | >= 0, now
// g         | growth         | per day  | any
// mu        | exit_rate      | per day  | >= 0: dropping out, and leaving after a complaint
// delta     | discount_rate  | per day  | >= 0, continuous
// m         | margin         | currency | of a purchase; of a payment
// H         | horizon        | days     | > 0
// c         | monthly_churn  | share    | [0, 1]
// n         | term_months    | months   | of a decision
// nu        | complaint_exit_rate | per day | >= 0
// t         | as_of          | day      | payments on as_of itself are past
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "kundenwert/model/log_report.hpp"
#include "kundenwert/numeric/special.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert::simulate {

// How far the truth looks, in days, and its continuous discount rate per day.
struct value_horizon {
  double days;
  double discount_rate;
};

// A buyer who is still one.
struct purchase_state {
  double purchase_rate;
  double growth;
  double exit_rate;
  double margin;
};
inline double remaining_value(const purchase_state& s, const value_horizon& h) {
  const double exponent = (s.growth - s.exit_rate - h.discount_rate) * h.days;
  return s.margin * s.purchase_rate * h.days * numeric::expm1_over(exponent);
}

// The rhythm of a contract: everything is counted in months from the first start, the anchor.
struct contract_rhythm {
  std::int32_t anchor;
  int payment_months;  // 1, 3 or 12 between payments
  int term_months;     // between decisions to stay; a multiple of payment_months
  std::int32_t lead;   // days from a decision to the end of the term it is about

  std::int32_t term_end(int term) const { return add_months(anchor, term * term_months); }
  // The day it is decided whether term number `term` (1, 2, ...) is the last.
  std::int32_t decision_day(int term) const { return std::max(term_end(term) - lead, term_end(term - 1)); }
};

// A contract that has begun and is not over. Where the end is decided it is `known_end`, exclusive; else no_day.
struct contract_state {
  contract_rhythm rhythm;
  double margin;  // of one payment
  double monthly_churn;
  double complaint_exit_rate;
  bool will_leave;  // after a complaint that ended badly: stays until the next term whose end is not decided
  std::int32_t known_end;
};
inline double remaining_value(const contract_state& s, const value_horizon& h, std::int32_t as_of) {
  const contract_rhythm& r = s.rhythm;
  int term = 1;  // the first whose end is still to be decided
  while (r.decision_day(term) <= as_of) ++term;
  const double stays = std::exp(r.term_months * std::log1p(-s.monthly_churn));
  double chance = 1;
  double sum = 0;
  std::int32_t decided = as_of;  // the days up to here are in `chance`
  for (int payment = 1;; ++payment) {
    const int months = payment * r.payment_months;
    const std::int32_t day = add_months(r.anchor, months);
    if (s.known_end != no_day && day >= s.known_end) break;
    if (day - as_of > h.days) break;
    while (s.known_end == no_day && term * r.term_months <= months) {
      if (s.will_leave) return sum;
      const std::int32_t decision = r.decision_day(term);
      chance *= stays * std::exp(-s.complaint_exit_rate * (decision - decided));
      decided = decision;
      ++term;
    }
    if (day > as_of) sum += s.margin * chance * std::exp(-h.discount_rate * (day - as_of));
  }
  return sum;
}

}  // namespace kundenwert::simulate
