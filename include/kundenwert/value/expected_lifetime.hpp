// Expected lifetime: for how many periods somebody is a customer on average, the current one included.
//
//   sum over k >= 0 of S(k) = 1 / (1 - r) for a constant retention r; r / (1 - r) further ones after the current
//
// Reference: domain specification B1.2. It is the margin multiple without discount, and its symbols are those of
// margin_multiple.hpp.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/value/clv.hpp"
#include "kundenwert/value/margin_multiple.hpp"

namespace kundenwert::value {

// One customer; `retention` holds after the end of the curve, `age` periods of which are behind the customer.
// Throws domain or missing for `retention`, domain with the row for the curve, sign for `age`, divergent (argument
// periods) where nobody is ever lost.
double expected_lifetime(double retention, const std::vector<double>& retention_curve = {}, std::int64_t age = 0);

// One row per customer into `out`; ages empty or one per row. A null: missing_input; a retention of 1: divergent_sum.
// Throws length_mismatch, and what the kernel throws for a number outside its domain, with the row.
void expected_lifetimes(const column<double>& retention, const std::vector<double>& retention_curve,
                        const column<std::int32_t>& ages, std::span<double> out, std::span<reason> reasons = {});

namespace detail {

inline clv_terms lifetime_terms(double retention, const std::vector<double>& retention_curve, std::int64_t age) {
  return {.convention = clv_convention::first_margin_now,
          .periodic_discount_rate = 0,
          .retention = retention,
          .periods = without_end,
          .retention_curve = retention_curve,
          .age = age};
}

}  // namespace detail

inline double expected_lifetime(double retention, const std::vector<double>& retention_curve, std::int64_t age) {
  return margin_multiple(detail::lifetime_terms(retention, retention_curve, age)).value;
}

inline void expected_lifetimes(const column<double>& retention, const std::vector<double>& retention_curve,
                               const column<std::int32_t>& ages, std::span<double> out, std::span<reason> reasons) {
  require_same_length(retention.size(), static_cast<std::int64_t>(out.size()), "out");
  // The value of one unit a period, as a column of values.
  const std::vector<double> ones(retention.values.size(), 1);
  clv({.revenue = ones, .retention = retention, .age = ages}, detail::lifetime_terms(not_available, retention_curve, 0),
      clv_output{.value = out, .reasons = reasons});
}

}  // namespace kundenwert::value
