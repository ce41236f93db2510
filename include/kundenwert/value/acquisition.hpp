// Acquisition economics: what a new customer costs, what he may cost, and when his margins have paid for it.
//
// Reference: domain specification B1.8 and B1.11. The margins are those of margin_multiple.hpp; with a whole or
// fractional number of periods N they come to m F(N), which rises with N, so that payback is the N with m F(N) = CAC.
//
// term              | name here                 | unit     | domain
// CAC               | acquisition_cost          | currency | all spending of a period / customers won in it
// gross CLV         | gross_value               | currency | without cost of acquisition
// largest CAC       | largest_acquisition_cost  | currency | gross CLV / target ratio; ratio 1: net present value 0
// CLV : CAC         | value_to_cost             |          | gross CLV / CAC; a rule of thumb asks for 3
// payback           | payback                   | periods  | first whole n with m F(n) >= CAC, and the fraction
#pragma once

#include <cmath>
#include <cstdint>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/value/margin_multiple.hpp"

namespace kundenwert::value {

// A number that is there, or NaN with the reason why not.
struct available_number {
  double value = not_available;
  kundenwert::reason reason = kundenwert::reason::none;
};

// Spending / customers, failed prospects included in the spending; none won: total_not_positive.
// Throws missing, non_finite or sign for `spending`, sign for `customers`.
available_number cost_per_customer(double spending, std::int64_t customers);

// (acquisition spending / customers won) / (retention spending / customers kept that were due to leave): an average,
// of which nothing follows for the next customer (acquisition_balance.hpp). Nobody won or kept, or nothing spent on
// keeping: total_not_positive.
available_number acquisition_retention_ratio(double acquisition_spending, std::int64_t won, double retention_spending,
                                             std::int64_t kept);

// What a customer of this gross value may cost so that value_to_cost is target_ratio (> 0).
double largest_acquisition_cost(double gross_value, double target_ratio = 1);

// gross_value / acquisition_cost; a cost of 0: total_not_positive.
available_number value_to_cost(double gross_value, double acquisition_cost);

struct payback_result {
  std::int64_t period = 0;       // the first whole one; 0: never, or nothing has to be paid back
  double time = not_available;   // linear inside the period; NaN: never
  double total = not_available;  // margins of all periods of the terms; +infinity where they grow without bound
  bool is_reached() const { return !std::isnan(time); }
};

// When the discounted margins have paid for acquisition_cost (>= 0); periods count as in the terms' convention.
// margin: per period, finite. Throws what margin_multiple throws, but margins that grow without bound are fine here.
payback_result payback(double margin, double acquisition_cost, const clv_terms& terms);

// The same of margins as they are paid, without discount.
payback_result undiscounted_payback(double margin, double acquisition_cost, clv_terms terms);

inline available_number cost_per_customer(double spending, std::int64_t customers) {
  require_not_negative(spending, "spending");
  if (customers < 0) fail(error_code::sign, "customers", "is negative");
  if (customers == 0) return {not_available, reason::total_not_positive};
  return {spending / static_cast<double>(customers), reason::none};
}

inline available_number acquisition_retention_ratio(double acquisition_spending, std::int64_t won,
                                                    double retention_spending, std::int64_t kept) {
  require_not_negative(acquisition_spending, "acquisition_spending");
  require_not_negative(retention_spending, "retention_spending");
  if (won < 0) fail(error_code::sign, "won", "is negative");
  if (kept < 0) fail(error_code::sign, "kept", "is negative");
  if (won == 0 || kept == 0 || retention_spending == 0) return {not_available, reason::total_not_positive};
  return {acquisition_spending / static_cast<double>(won) / (retention_spending / static_cast<double>(kept)),
          reason::none};
}

inline double largest_acquisition_cost(double gross_value, double target_ratio) {
  require_finite(gross_value, "gross_value");
  require_positive(target_ratio, "target_ratio");
  return gross_value / target_ratio;
}

inline available_number value_to_cost(double gross_value, double acquisition_cost) {
  require_finite(gross_value, "gross_value");
  require_not_negative(acquisition_cost, "acquisition_cost");
  if (acquisition_cost == 0) return {not_available, reason::total_not_positive};
  return {gross_value / acquisition_cost, reason::none};
}

inline payback_result payback(double margin, double acquisition_cost, const clv_terms& terms) {
  require_finite(margin, "margin");
  require_not_negative(acquisition_cost, "acquisition_cost");
  require_clv_terms(terms);
  const auto paid_after = [&](double periods) {
    return margin * detail::multiple_at(terms, terms.retention, periods, terms.age, false).value;
  };
  payback_result found;
  const multiple all = detail::multiple_at(terms, terms.retention, terms.periods, terms.age, false);
  if (all.reason == reason::divergent_sum) {
    found.total = margin == 0 ? 0 : std::copysign(without_end, margin);
  } else {
    detail::require_multiple(all);
    found.total = margin * all.value;
  }
  if (acquisition_cost == 0) {
    found.time = 0;
    return found;
  }
  if (!(found.total >= acquisition_cost)) return found;
  // Doubling, then halving, over whole periods: what is paid never falls.
  double after = 1;
  while (after < terms.periods && paid_after(after) < acquisition_cost) after *= 2;
  double before = after == 1 ? 0 : after / 2;
  while (after - before > 1) {
    const double middle = std::floor((before + after) / 2);
    (paid_after(middle) < acquisition_cost ? before : after) = middle;
  }
  const double paid_before = paid_after(before);
  const double paid = paid_after(after);
  found.period = static_cast<std::int64_t>(after);
  found.time = before + (acquisition_cost - paid_before) / (paid - paid_before);
  return found;
}

inline payback_result undiscounted_payback(double margin, double acquisition_cost, clv_terms terms) {
  terms.periodic_discount_rate = 0;
  return payback(margin, acquisition_cost, terms);
}

}  // namespace kundenwert::value
