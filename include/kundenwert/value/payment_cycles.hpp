// Customer value when margins come in cycles that are longer or shorter than a year and promotion is paid once a year.
//
//   cycles:      GC sum_{i=0..n/L} r^i (1 + d)^(-iL) - M sum_{i=1..n} r^((i-1)/L) (1 + d)^-(i - 1/2)
//   profits:     sum_{t=0..n} pi(t) r^t (1 + d)^-t
//   continuous:  int_0^n pi r^t e^(-delta t) dt
//
// Reference: Berger & Nasr (1998), "Customer lifetime value: marketing models and applications", Journal of Interactive
// Marketing 12(1), 17-30: cases 1 (L = 1), 2a (L = q years) and 2b (L = 1/p years), 3 and 4. Case 5 is a Markov chain:
// migration.hpp. Domain specification B1.5.
//
// paper | name here                                 | unit                | domain
// GC    | margin_per_cycle                          | currency per cycle  | finite
// M     | promotion_per_year                        | currency per year   | finite
// r     | retention_per_cycle, annual_retention     | per cycle, per year | [0, 1]
// d     | annual_discount_rate                      | per year            | > -1
// n     | years                                     | years               | >= 0; n + 1 margins and n promotions with L
// = 1 p, q  | cycles_per_year, years_per_cycle          |                     | >= 1, one of them 1 pi(t) |
// annual_profits                            | currency            | finite, t = 0 ... n delta |
// continuous_discount_rate                  | per year            | finite (base/discount)
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"

namespace kundenwert::value {

struct cycle_plan {
  double margin_per_cycle = not_available;
  double promotion_per_year = not_available;
  double retention_per_cycle = not_available;
  double annual_discount_rate = not_available;
  std::int32_t years = -1;
  std::int32_t cycles_per_year = 1;
  std::int32_t years_per_cycle = 1;
};

struct cycle_value {
  double margin = 0;     // discounted
  double promotion = 0;  // discounted
  double value = 0;      // margin - promotion
};

// Margins at the beginning of each cycle begun within the years, the one of now and the one on their last day included;
// promotions in the middle of each year, paid for who is left: r^((i-1)/L). Throws missing, non_finite, domain or sign
// for the first member outside its domain.
inline cycle_value value_of_cycles(const cycle_plan& plan) {
  require_finite(plan.margin_per_cycle, "margin_per_cycle");
  require_finite(plan.promotion_per_year, "promotion_per_year");
  require_share(plan.retention_per_cycle, "retention_per_cycle");
  require_finite(plan.annual_discount_rate, "annual_discount_rate");
  if (!(plan.annual_discount_rate > -1)) fail(error_code::domain, "annual_discount_rate", "must be above -1");
  if (plan.years < 0) fail(error_code::sign, "years", "is missing or negative");
  if (plan.cycles_per_year < 1) fail(error_code::domain, "cycles_per_year", "must be 1 or more");
  if (plan.years_per_cycle < 1) fail(error_code::domain, "years_per_cycle", "must be 1 or more");
  if (plan.cycles_per_year > 1 && plan.years_per_cycle > 1) {
    fail(error_code::inconsistent, "years_per_cycle", "and cycles_per_year are both above 1");
  }
  const double growth = 1 + plan.annual_discount_rate;
  const double cycle_years = static_cast<double>(plan.years_per_cycle) / plan.cycles_per_year;
  const std::int64_t cycles = std::int64_t{plan.years} * plan.cycles_per_year / plan.years_per_cycle;
  cycle_value found;
  for (std::int64_t i = 0; i <= cycles; ++i) {
    const auto k = static_cast<double>(i);
    found.margin += std::pow(plan.retention_per_cycle, k) * std::pow(growth, -k * cycle_years);
  }
  for (std::int32_t year = 1; year <= plan.years; ++year) {
    found.promotion += std::pow(plan.retention_per_cycle, (year - 1) / cycle_years) * std::pow(growth, 0.5 - year);
  }
  found.margin *= plan.margin_per_cycle;
  found.promotion *= plan.promotion_per_year;
  found.value = found.margin - found.promotion;
  return found;
}

// Case 3: a profit for every year of life, the first one now. No years: 0. Throws missing or non_finite with the row
// for a profit, domain for a rate.
inline double value_of_profits(std::span<const double> annual_profits, double annual_retention,
                               double annual_discount_rate) {
  require_share(annual_retention, "annual_retention");
  require_finite(annual_discount_rate, "annual_discount_rate");
  if (!(annual_discount_rate > -1)) fail(error_code::domain, "annual_discount_rate", "must be above -1");
  double sum = 0;
  double weight = 1;
  for (std::size_t t = 0; t < annual_profits.size(); ++t) {
    require_finite(annual_profits[t], "annual_profits", static_cast<std::int64_t>(t));
    sum += weight * annual_profits[t];
    weight *= annual_retention / (1 + annual_discount_rate);
  }
  return sum;
}

struct profit_stream {
  double annual_profit = not_available;  // the same at all times
  double annual_retention = not_available;
  double continuous_discount_rate = not_available;
  double years = not_available;  // >= 0, also infinite
};

// Case 4: pi (1 - e^(-n h)) / h with h = delta - ln r; pi n where h = 0; 0 where nobody stays. Throws missing,
// non_finite, domain or sign for a member; divergent where the stream has no end and h is not positive.
inline double value_of_stream(const profit_stream& stream) {
  require_finite(stream.annual_profit, "annual_profit");
  require_share(stream.annual_retention, "annual_retention");
  require_finite(stream.continuous_discount_rate, "continuous_discount_rate");
  if (std::isnan(stream.years)) fail(error_code::missing, "years", "is missing or NaN");
  if (stream.years < 0) fail(error_code::sign, "years", "is negative");
  if (stream.annual_retention == 0) return 0;
  const double hazard = stream.continuous_discount_rate - std::log(stream.annual_retention);
  if (std::isinf(stream.years)) {
    if (!(hazard > 0)) fail(error_code::divergent, "years", "are without end, but nothing is lost or discounted");
    return stream.annual_profit / hazard;
  }
  if (hazard == 0) return stream.annual_profit * stream.years;
  return stream.annual_profit * (-std::expm1(-stream.years * hazard) / hazard);
}

}  // namespace kundenwert::value
