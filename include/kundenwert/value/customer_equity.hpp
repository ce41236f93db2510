// Customer equity: the values of the customers there are, and of those who will be won, less what winning them costs.
//
//   equity = sum of CLV_i + sum over cohorts c of n_c (CLV_c - CAC_c) / (1 + d)^(period of c)
//
// References: Gupta, Lehmann & Stuart (2004), "Valuing customers", Journal of Marketing Research 41, 7-18; Rust, Lemon
// & Zeithaml (2004); domain specification B1.4.
//
// paper | name here              | unit       | domain
// n_c   | customers              | customers  | >= 0, finite: expected to be won in a period
// CLV_c | value                  | currency   | finite, as of the period in which they are won, first margin included
// CAC_c | acquisition_cost       | currency   | finite, per customer won
// d     | periodic_discount_rate | per period | > -1
//
// The two summands are told apart, because the first rests on customers who exist. Values of current customers carry no
// cost of acquisition: it is sunk. The value of referrals (referral.hpp) must not be added: the margins of those who
// were referred are in their own values.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/base/value_sum.hpp"

namespace kundenwert::value {

// Customers expected to be won `period` periods from now (1: the next one; fractions allowed, >= 0).
struct future_cohort {
  double period = not_available;
  double customers = not_available;
  double value = not_available;
  double acquisition_cost = not_available;
};

struct customer_equity {
  double current = 0;                 // of the customers there are
  double future = 0;                  // of the cohorts
  double total = 0;                   // current + future
  std::int64_t valued = 0;            // rows with a value
  std::int64_t unvalued = 0;          // null rows: they add nothing
  std::vector<double> cohort_values;  // each cohort's summand
};

// current_values: one per customer, null where there is none. Throws non_finite with the row for an infinite value,
// missing, non_finite or sign with the cohort's place for its members, domain for the rate, overflow. No order of rows
// changes a bit.
inline customer_equity customer_equity_of(const column<double>& current_values, std::span<const future_cohort> cohorts,
                                          double periodic_discount_rate) {
  require_finite(periodic_discount_rate, "periodic_discount_rate");
  if (!(periodic_discount_rate > -1)) fail(error_code::domain, "periodic_discount_rate", "must be above -1");
  customer_equity found;
  value_sum current;
  for (std::int64_t row = 0; row < current_values.size(); ++row) {
    if (!current_values.is_valid(row)) {
      ++found.unvalued;
      continue;
    }
    require_finite(current_values[row], "current_values", row);
    ++found.valued;
    if (!current.add(current_values[row])) fail_at(error_code::overflow, "current_values", row, "is too large");
  }
  found.current = current.value();
  for (std::size_t c = 0; c < cohorts.size(); ++c) {
    const future_cohort& cohort = cohorts[c];
    const auto row = static_cast<std::int64_t>(c);
    require_not_negative(cohort.period, "period", row);
    require_not_negative(cohort.customers, "customers", row);
    require_finite(cohort.value, "value", row);
    require_finite(cohort.acquisition_cost, "acquisition_cost", row);
    const double discount = std::pow(1 + periodic_discount_rate, -cohort.period);
    found.cohort_values.push_back(cohort.customers * (cohort.value - cohort.acquisition_cost) * discount);
    found.future += found.cohort_values.back();
  }
  found.total = found.current + found.future;
  if (!std::isfinite(found.total)) fail(error_code::overflow, "cohorts", "sum beyond the range of doubles");
  return found;
}

}  // namespace kundenwert::value
