// The margin multiple: the present value of one unit of margin in every period in which somebody is a customer. All of
// contractual customer lifetime value is this number times money.
//
//   multiple = sum over k = k0 ... N - 1 of G(k) S(k) (1 + d)^-(k + tau)
//
// References: Gupta & Lehmann (2003, 2005), whose multiple r / (1 + d - r) is the convention gupta_lehmann without end
// and without growth; domain specification B1.2, B1.3.
//
// paper       | name here              | unit       | domain
// d           | periodic_discount_rate | per period | > -1, effective (base/discount has periodic_rate)
// r, r_tail   | retention              | per period | [0, 1]; constant, or after the end of the curve
// r_1 ... r_n | retention_curve        | per period | [0, 1] each; may be empty
// a           | age                    | periods    | >= 0: periods behind the customer; the curve is read from r_(a+1)
// N           | periods                | periods    | >= 0, also a fraction, also infinite
// g           | growth                 | per period | > -1
// g0          | growth_start           | period     | 0 or 1; the last period without growth
// G(k)        |                        |            | (1 + g)^max(0, k - g0)
// k0, tau     | convention             |            | clv_convention.hpp
//
// Of a fraction of a period its share counts, at the time at which the whole one is paid: the value is linear in N
// between whole numbers. Without end the sum needs r (1 + g) < 1 + d after the curve.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/value/clv_convention.hpp"
#include "kundenwert/value/retention_curve.hpp"

namespace kundenwert::value {

inline constexpr double without_end = std::numeric_limits<double>::infinity();

// How long somebody stays a customer and how the money of later periods counts. Members without default must be given;
// `retention` only where the curve does not cover every period.
struct clv_terms {
  clv_convention convention{};
  double periodic_discount_rate = not_available;
  double retention = not_available;
  double periods = not_available;
  std::vector<double> retention_curve = {};
  std::int64_t age = 0;
  double growth = 0;
  std::int32_t growth_start = -1;    // -1: the first period that counts, as in the closed forms of the literature
  bool include_acquisition = false;  // prospects: true; of existing customers the cost of acquisition is sunk
};

// slope: derivative with respect to a constant retention; NaN where there is a curve.
// reason: why there is no number: missing_input, divergent_sum, or numeric_failure for one above the largest double.
struct multiple {
  double value = not_available;
  double slope = not_available;
  kundenwert::reason reason = kundenwert::reason::none;
};

// The multiple. Relative error a few roundings plus one per period of the curve; of the slope with a finite number N of
// periods up to N roundings. Throws for the terms what require_clv_terms throws; missing for `retention` where the
// curve is too short and there is none; divergent for `periods`; overflow.
multiple margin_multiple(const clv_terms& terms);

// Throws unknown_code, missing, non_finite, domain or sign for the first term outside its domain.
void require_clv_terms(const clv_terms& terms);

// (1 + d) - r (1 + g) without the rounding of 1 + d: what is left of one unit after a period.
inline double periodic_decay(double periodic_discount_rate, double retention, double growth = 0) {
  return (1 - retention) * (1 + growth) + (periodic_discount_rate - growth);
}

namespace detail {

inline void require_rate_above_minus_one(double rate, const char* argument) {
  require_finite(rate, argument);
  if (!(rate > -1)) fail(error_code::domain, argument, "must be above -1");
}

inline void require_periods(double periods, std::int64_t row = no_row) {
  if (std::isnan(periods)) fail_at(error_code::missing, "periods", row, "is missing or NaN");
  if (periods < 0) fail_at(error_code::sign, "periods", row, "is negative");
}

// A number and its derivative.
struct sloped {
  double value;
  double slope;
};

// 1 + q + ... + q^(n-1) with its derivative in q, and q^n with its: n is doubled and added up, every term is positive.
struct power_sum {
  sloped power;
  sloped sum;

  power_sum followed_by(const power_sum& next) const {
    return {{power.value * next.power.value, power.slope * next.power.value + power.value * next.power.slope},
            {sum.value + power.value * next.sum.value,
             sum.slope + power.slope * next.sum.value + power.value * next.sum.slope}};
  }
};

inline power_sum power_sum_of(double q, double n) {
  power_sum found{{1, 0}, {0, 0}};
  power_sum doubled{{q, 1}, {1, 0}};
  // n is whole; beyond 2^53 every double is, and fmod stays exact.
  for (double left = n; left > 0; left = std::floor(left / 2)) {
    if (std::fmod(left, 2) == 1) found = doubled.followed_by(found);
    doubled = doubled.followed_by(doubled);
  }
  return found;
}

// Sum of q^j over `terms` periods, of a last fraction its share; q = 1 - decay. Infinite terms need decay > 0.
inline double geometric(double decay, double terms) {
  if (std::isinf(terms)) return 1 / decay;
  const double whole = std::floor(terms);
  const double share = terms - whole;
  if (decay == 0) return terms;
  // log(0) = -inf, and no power of it is taken for zero terms.
  const double log_q = std::log1p(-decay);
  const double sum = whole == 0 ? 0 : -std::expm1(whole * log_q) / decay;
  const double last = whole == 0 ? 1 : std::exp(whole * log_q);
  return share == 0 ? sum : sum + share * last;
}

inline double geometric_slope(double decay, double terms) {
  if (std::isinf(terms)) return 1 / (decay * decay);
  const double whole = std::floor(terms);
  const double share = terms - whole;
  const power_sum p = power_sum_of(1 - decay, whole);
  return share == 0 ? p.sum.slope : p.sum.slope + share * p.power.slope;
}

// The multiple of checked terms with this retention and age and these periods instead of those of the terms.
inline multiple multiple_at(const clv_terms& terms, double retention, double periods, std::int64_t age,
                            bool with_slope) {
  const double interest = 1 + terms.periodic_discount_rate;
  const double tau = payment_time(terms.convention);
  const auto k0 = static_cast<std::int64_t>(first_period(terms.convention));
  const std::int64_t g0 = terms.growth_start < 0 ? k0 : terms.growth_start;
  const auto length = static_cast<std::int64_t>(terms.retention_curve.size());
  const std::int64_t skipped = std::min(age, length);
  const std::int64_t curve = length - skipped;
  with_slope = with_slope && length == 0;

  // Periods one by one as long as there is a curve or growth has not begun; from `tail` on all are of one kind.
  const std::int64_t tail = std::max({k0, g0, curve});
  double discounted = tau == 0 ? 1 : tau == 1 ? 1 / interest : 1 / std::sqrt(interest);
  double survival = 1;
  double survival_slope = 0;
  double growth = 1;
  multiple found{0, 0, reason::none};
  std::int64_t k = 0;
  for (;;) {
    const double share = std::min(1.0, periods - static_cast<double>(k));
    if (share <= 0) break;
    if (k == tail) {
      if (survival > 0 || (with_slope && survival_slope > 0)) {
        const double terms_left = periods - static_cast<double>(k);
        if (terms_left > 1 && std::isnan(retention)) return {not_available, not_available, reason::missing_input};
        // Above 1 by rounding only.
        const double decay =
            std::min(periodic_decay(terms.periodic_discount_rate, retention, terms.growth) / interest, 1.0);
        if (std::isinf(terms_left) && !(decay > 0)) return {not_available, not_available, reason::divergent_sum};
        // A tail of one period needs no retention.
        const double sum = terms_left <= 1 ? terms_left : geometric(decay, terms_left);
        found.value += growth * survival * discounted * sum;
        if (with_slope) {
          const double sum_slope = terms_left <= 1 ? 0 : geometric_slope(decay, terms_left) * (1 + terms.growth);
          found.slope += growth * discounted * (survival_slope * sum + survival * sum_slope / interest);
        }
      }
      break;
    }
    if (k >= k0) {
      found.value += share * growth * survival * discounted;
      found.slope += share * growth * survival_slope * discounted;
    }
    if (periods > static_cast<double>(k + 1)) {
      const double r = k < curve ? terms.retention_curve[static_cast<std::size_t>(skipped + k)] : retention;
      if (std::isnan(r)) return {not_available, not_available, reason::missing_input};
      survival_slope = survival_slope * r + survival;
      survival *= r;
    }
    discounted /= interest;
    if (k >= g0) growth *= 1 + terms.growth;
    ++k;
  }
  if (!with_slope) found.slope = not_available;
  if (!std::isfinite(found.value)) return {not_available, not_available, reason::numeric_failure};
  return found;
}

inline void require_multiple(const multiple& found) {
  if (found.reason == reason::missing_input) {
    fail(error_code::missing, "retention", "is needed beyond the end of the curve");
  }
  if (found.reason == reason::divergent_sum) {
    fail(error_code::divergent, "periods", "are without end, but retention with growth is not below 1 + discount rate");
  }
  if (found.reason != reason::none) fail(error_code::overflow, "periods", "give a value beyond the range of doubles");
}

}  // namespace detail

inline void require_clv_terms(const clv_terms& terms) {
  require_convention(terms.convention);
  detail::require_rate_above_minus_one(terms.periodic_discount_rate, "periodic_discount_rate");
  detail::require_rate_above_minus_one(terms.growth, "growth");
  if (terms.growth_start < -1 || terms.growth_start > 1) fail(error_code::domain, "growth_start", "must be 0 or 1");
  require_retention_curve(terms.retention_curve);
  if (!std::isnan(terms.retention) || terms.retention_curve.empty()) require_share(terms.retention, "retention");
  detail::require_periods(terms.periods);
  if (terms.age < 0) fail(error_code::sign, "age", "is negative");
}

inline multiple margin_multiple(const clv_terms& terms) {
  require_clv_terms(terms);
  const multiple found = detail::multiple_at(terms, terms.retention, terms.periods, terms.age, true);
  detail::require_multiple(found);
  return found;
}

}  // namespace kundenwert::value
