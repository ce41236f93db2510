// Referral value: what a customer brings by recommending. A view beside the customer's own lifetime value, never a part
// of customer equity: the margins of those who were referred are in their own values and would count twice. For that
// reason it has a type of its own, which nothing here adds to a lifetime value.
//
//   CRV = sum over type one of (margin - reward - marketing + saved acquisition cost) / (1 + d)^t
//       + sum over type two of (saved acquisition cost) / (1 + d)^t
//
// References: Kumar, Petersen & Leone (2007), "How valuable is word of mouth?", Harvard Business Review 85(10); (2010),
// "Driving profitability by encouraging customer referrals", Journal of Marketing 74; domain specification B1.9.
//
// paper    | name here            | unit     | domain
// type one | referral_type::one   |          | would not have become a customer without
// type two | referral_type::two   |          | would have become one anyway
// t        | years                | years    | >= 0; beyond the horizon it is left out and counted
// margin   | margin               | currency | present value on the day of joining, type one only
// d        | annual_discount_rate | per year | > -1
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/numeric/order.hpp"

namespace kundenwert::value {

#define KW_REFERRAL_TYPES(X)                                     \
  X(1, one, "would not have become a customer without referral") \
  X(2, two, "would have become a customer anyway")
KW_DEFINE_CODES(referral_type, referral_types, KW_REFERRAL_TYPES)

struct referral {
  referral_type type{};
  double years = not_available;
  double margin = 0;
  double reward = 0;
  double marketing = 0;
  double saved_acquisition_cost = 0;
};

struct referral_options {
  double annual_discount_rate = not_available;
  double horizon_years = 1;
};

struct referral_value {
  double type_one = 0;
  double type_two = 0;
  double total = 0;
  std::int64_t counted = 0;
  std::int64_t beyond_horizon = 0;
};

// The referrals of one customer; none: 0. Throws unknown_code, missing, non_finite or sign with the referral's row,
// domain or sign for an option.
referral_value referral_value_of(std::span<const referral> referrals, const referral_options& options);

#define KW_REFERRAL_SEGMENTS(X)                                      \
  X(1, champions, "high lifetime value, high referral value: keep")  \
  X(2, affluents, "high lifetime value, low: encourage to refer")    \
  X(3, advocates, "low lifetime value, high: encourage to buy more") \
  X(4, misers, "low, low: encourage both")
KW_DEFINE_CODES(referral_segment, referral_segments, KW_REFERRAL_SEGMENTS)

struct referral_segmentation {
  std::vector<referral_segment> segments;  // 0 where one of the two values is null
  double lifetime_value_cut = not_available;
  double referral_value_cut = not_available;
};

// Splits customers at the medians of both values; a value at the median is high. Rows with a null in either are left
// out of medians and segments; without any other row the cuts are NaN.
// Throws length_mismatch, non_finite with the row.
referral_segmentation classify_referrers(const column<double>& lifetime_values, const column<double>& referral_values);

inline referral_value referral_value_of(std::span<const referral> referrals, const referral_options& options) {
  require_finite(options.annual_discount_rate, "annual_discount_rate");
  if (!(options.annual_discount_rate > -1)) fail(error_code::domain, "annual_discount_rate", "must be above -1");
  require_not_negative(options.horizon_years, "horizon_years");
  referral_value found;
  for (std::size_t i = 0; i < referrals.size(); ++i) {
    const referral& r = referrals[i];
    const auto row = static_cast<std::int64_t>(i);
    if (name_of(r.type).empty()) fail_at(error_code::unknown_code, "type", row, "is none of one, two");
    require_not_negative(r.years, "years", row);
    require_finite(r.margin, "margin", row);
    require_finite(r.reward, "reward", row);
    require_finite(r.marketing, "marketing", row);
    require_finite(r.saved_acquisition_cost, "saved_acquisition_cost", row);
    if (r.years > options.horizon_years) {
      ++found.beyond_horizon;
      continue;
    }
    ++found.counted;
    const double discount = std::pow(1 + options.annual_discount_rate, -r.years);
    if (r.type == referral_type::one) {
      found.type_one += (r.margin - r.reward - r.marketing + r.saved_acquisition_cost) * discount;
    } else {
      found.type_two += r.saved_acquisition_cost * discount;
    }
  }
  found.total = found.type_one + found.type_two;
  return found;
}

inline referral_segmentation classify_referrers(const column<double>& lifetime_values,
                                                const column<double>& referral_values) {
  require_same_length(lifetime_values.size(), referral_values.size(), "referral_values");
  std::vector<double> lifetime;
  std::vector<double> referred;
  for (std::int64_t row = 0; row < lifetime_values.size(); ++row) {
    if (!lifetime_values.is_valid(row) || !referral_values.is_valid(row)) continue;
    require_finite(lifetime_values[row], "lifetime_values", row);
    require_finite(referral_values[row], "referral_values", row);
    lifetime.push_back(lifetime_values[row]);
    referred.push_back(referral_values[row]);
  }
  referral_segmentation found;
  found.segments.assign(lifetime_values.values.size(), referral_segment{});
  if (lifetime.empty()) return found;
  constexpr std::array median{0.5};
  found.lifetime_value_cut = numeric::quantiles(lifetime, median)[0];
  found.referral_value_cut = numeric::quantiles(referred, median)[0];
  for (std::int64_t row = 0; row < lifetime_values.size(); ++row) {
    if (!lifetime_values.is_valid(row) || !referral_values.is_valid(row)) continue;
    const bool is_valuable = lifetime_values[row] >= found.lifetime_value_cut;
    const bool is_referring = referral_values[row] >= found.referral_value_cut;
    found.segments[static_cast<std::size_t>(row)] =
        is_valuable ? (is_referring ? referral_segment::champions : referral_segment::affluents)
                    : (is_referring ? referral_segment::advocates : referral_segment::misers);
  }
  return found;
}

}  // namespace kundenwert::value
