// Discounting: the one conversion between an annual effective rate and a continuous rate per time unit.
//
// delta = ln(1 + d) / n with d the annual effective rate (0.10 is ten percent a year) and n the units per year.
#pragma once

#include <cmath>

#include "kundenwert/base/check.hpp"

namespace kundenwert {

// Continuous discount rate per time unit of an annual effective discount rate (>= 0) and units per year (> 0).
// Reference: domain specification B0; ln(1.1) / 52 is the rate of the published weekly tables.
inline double continuous_discount_rate(double annual_discount_rate, double units_per_year) {
  require_not_negative(annual_discount_rate, "annual_discount_rate");
  require_positive(units_per_year, "units_per_year");
  return std::log1p(annual_discount_rate) / units_per_year;
}

// Effective rate per period of an annual effective rate: (1 + d)^(1/p) - 1, which is not d / p.
inline double periodic_rate(double annual_rate, double periods_per_year) {
  require_finite(annual_rate, "annual_rate");
  if (!(annual_rate > -1)) fail(error_code::domain, "annual_rate", "must be above -1");
  require_positive(periods_per_year, "periods_per_year");
  return std::expm1(std::log1p(annual_rate) / periods_per_year);
}

}  // namespace kundenwert
