// Elapsed time: in the mean units of models, in whole calendar months of contracts, and the days of a payment
// schedule. Rates are converted in base/discount.
//
// References: the project's domain specification B0 and C, "Time": mean months of 30.4375 days serve conversion in
// continuous time only; payments and contract terms count calendar months from their anchor.
//
// term            | name here        | unit            | domain
// elapsed time    | elapsed          | day to year     | >= 0
// complete months | months_between   | calendar months | >= 0; largest n with add_months(from, n) <= to
// months          | calendar_months  | calendar months | >= 0; complete months + share of the month begun
// schedule        | payment_days     | civil days      | add_months(anchor, k * every_months), k = 0, 1, ...
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert {

// (to - from) / days per unit. Throws date_range, date_order where `to` is before `from`, unknown_code.
double elapsed(std::int32_t from, std::int32_t to, time_unit unit);

// Column of elapsed: one entry per row. Nulls are refused (missing); lengths must agree.
std::vector<double> elapsed(const column<std::int32_t>& from, const column<std::int32_t>& to, time_unit unit);

// Complete calendar months from `from` to `to`, counted from the anchor `from`: 2024-01-31 to 2024-02-29 is one month,
// to 2024-03-30 is one, to 2024-03-31 is two. Throws date_range, date_order.
std::int32_t months_between(std::int32_t from, std::int32_t to);

// months_between plus the share of the month begun: days since its start / days it has (28 to 31).
double calendar_months(std::int32_t from, std::int32_t to);

// The first day of the schedule anchor, anchor + every_months, ... that is not before `day`.
// every_months >= 1, else domain. Throws date_range where it would lie beyond the domain.
std::int32_t next_payment_day(std::int32_t anchor, std::int32_t day, std::int32_t every_months = 1);

// All days of that schedule in [anchor, end); empty where end <= anchor.
std::vector<std::int32_t> payment_days(std::int32_t anchor, std::int32_t end, std::int32_t every_months = 1);

namespace detail {

inline void require_order(std::int32_t from, std::int32_t to, std::int64_t row = no_row) {
  if (to < from) {
    fail_at(error_code::date_order, "to", row, format_day(to) + " is before " + format_day(from));
  }
}

inline void require_every_months(std::int32_t every_months) {
  if (every_months < 1) fail(error_code::domain, "every_months", "must be 1 or more");
}

}  // namespace detail

inline double elapsed(std::int32_t from, std::int32_t to, time_unit unit) {
  require_day(from, "from");
  require_day(to, "to");
  detail::require_order(from, to);
  return (to - from) / days_per(unit);
}

inline std::vector<double> elapsed(const column<std::int32_t>& from, const column<std::int32_t>& to, time_unit unit) {
  const double unit_days = days_per(unit);
  require_same_length(from.size(), to.size(), "to");
  for (std::int64_t row = 0; row < from.size(); ++row) {
    if (!from.is_valid(row)) fail_at(error_code::missing, "from", row, "is null");
    require_day(from[row], "from", row);
    if (!to.is_valid(row)) fail_at(error_code::missing, "to", row, "is null");
    require_day(to[row], "to", row);
    detail::require_order(from[row], to[row], row);
  }
  std::vector<double> out;
  out.reserve(from.values.size());
  for (std::int64_t row = 0; row < from.size(); ++row) out.push_back((to[row] - from[row]) / unit_days);
  return out;
}

inline std::int32_t months_between(std::int32_t from, std::int32_t to) {
  require_day(from, "from");
  require_day(to, "to");
  detail::require_order(from, to);
  const std::int32_t months = detail::month_index(detail::ymd_of(to)) - detail::month_index(detail::ymd_of(from));
  if (months == 0) return 0;
  // The anniversary in the month of `to` may still lie ahead.
  const auto to_ymd = detail::ymd_of(to);
  const auto month_end =
      static_cast<std::int32_t>(unsigned{date::year_month_day_last{to_ymd.year() / to_ymd.month() / date::last}.day()});
  const std::int32_t anniversary = std::min(civil_of(from).day, month_end);
  return civil_of(to).day < anniversary ? months - 1 : months;
}

inline double calendar_months(std::int32_t from, std::int32_t to) {
  const std::int32_t months = months_between(from, to);
  const std::int32_t begun = add_months(from, months);
  if (begun == to) return months;
  // Without add_months, because the end of the last month of 2199 is outside the domain.
  auto next = detail::ymd_of(from) + date::months{months + 1};
  if (!next.ok()) next = next.year() / next.month() / date::last;
  return months + static_cast<double>(to - begun) / (detail::day_of_ymd(next) - begun);
}

inline std::int32_t next_payment_day(std::int32_t anchor, std::int32_t day, std::int32_t every_months) {
  require_day(anchor, "anchor");
  require_day(day, "day");
  detail::require_every_months(every_months);
  if (day <= anchor) return anchor;
  const std::int32_t months = months_between(anchor, day);
  const std::int32_t complete = months / every_months * every_months;
  const std::int32_t reached = add_months(anchor, complete);
  if (reached >= day) return reached;
  // 3600 months span the whole domain; a longer step has no second day in it.
  if (every_months > 3600) fail(error_code::date_range, "every_months", "leads beyond 2199-12-31");
  return add_months(anchor, complete + every_months);
}

inline std::vector<std::int32_t> payment_days(std::int32_t anchor, std::int32_t end, std::int32_t every_months) {
  require_day(anchor, "anchor");
  require_day(end, "end");
  detail::require_every_months(every_months);
  std::vector<std::int32_t> days;
  if (end <= anchor) return days;
  const std::int32_t months = months_between(anchor, end);
  for (std::int64_t k = 0; k <= months; k += every_months) {
    const std::int32_t day = add_months(anchor, static_cast<std::int32_t>(k));
    if (day < end) days.push_back(day);
  }
  return days;
}

}  // namespace kundenwert
