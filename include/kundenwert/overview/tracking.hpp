// Tracking: repeat purchases of all customers since the first day, counted and as a model expects them. A model that
// is of use runs along the count until as_of, which it was fitted to, and after it, which it has not seen.
//
// References: Fader, Hardie & Lee (2005), "Counting your customers the easy way", figures 3 and 4 (tracking plots).
//
// paper            | name here       | unit          | domain
// t                | days[i]         | civil day     | every step_days from the first purchase on, and through
// t_0              | first purchase  | civil day     | of a customer, in [start, as_of]
// sum E[X(t - t_0)] | expected       | purchase days | over the customers; of a new customer, who is known by t_0 alone
// -                | actual          | purchase days | repeat purchases until the end of the day
//
// A purchase up to as_of counts unless it was cancelled up to as_of, a later one unless up to `through`: as in the
// summary with a hold-out.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "kundenwert/model/customer_base.hpp"

namespace kundenwert {

// as_of decides who is a customer and has no default.
struct tracking_options {
  std::int32_t as_of = no_day;
  std::int32_t start = no_day;    // first day of observation; no_day: from the first purchase on
  std::int32_t through = no_day;  // last day that is told, >= as_of; no_day: as_of
  std::int32_t step_days = 7;     // >= 1
};

struct tracking {
  std::int64_t customers = 0;
  std::vector<std::int32_t> days;    // ascending; empty without customers
  std::vector<std::int64_t> actual;  // one per day, as expected
  std::vector<double> expected;
};

// What was bought, and what `transactions`, a transaction model in any unit, expects. O(purchase days + days (days +
// 1) / step_days). Throws missing, date_range, date_order, domain for an option; unsupported for a spend model.
template <class Models = btyd::models>
tracking track_repeat_purchases(const customer_base& base, const btyd::model& transactions,
                                const tracking_options& options);

namespace detail {

inline tracking_options checked(tracking_options o) {
  if (o.as_of == no_day) fail(error_code::missing, "as_of", "is required");
  if (o.through == no_day) o.through = o.as_of;
  const auto require_day = [](std::int32_t day, std::string_view name) {
    if (day < earliest_day || day > latest_day) fail(error_code::date_range, name, "is outside 1900 to 2199");
  };
  require_day(o.as_of, "as_of");
  require_day(o.through, "through");
  if (o.through < o.as_of) fail(error_code::date_order, "through", "is before as_of");
  if (o.start != no_day) {
    require_day(o.start, "start");
    if (o.start > o.as_of) fail(error_code::date_order, "as_of", "is before start");
  } else {
    o.start = earliest_day;
  }
  if (o.step_days < 1) fail(error_code::domain, "step_days", "must be 1 or more");
  return o;
}

inline bool is_counted(const purchase_day& p, const tracking_options& o) {
  return p.day >= o.start && p.is_purchase(p.day <= o.as_of ? o.as_of : o.through);
}

// First and repeat purchases by day, from the first day of anybody to `through`.
struct purchase_counts {
  std::int32_t first_day = no_day;
  std::vector<std::int64_t> first;
  std::vector<std::int64_t> repeats;
};

inline purchase_counts counts_of(const customer_base& base, const tracking_options& o) {
  purchase_counts out;
  for (std::int64_t i = 0; i < base.size(); ++i) {
    for (const auto& p : base.purchases.of(i)) {
      if (p.day > o.as_of || !is_counted(p, o)) continue;
      out.first_day = out.first_day == no_day ? p.day : std::min(out.first_day, p.day);
      break;
    }
  }
  if (out.first_day == no_day) return out;
  const auto days = static_cast<std::size_t>(o.through - out.first_day) + 1;
  out.first.resize(days);
  out.repeats.resize(days);
  for (std::int64_t i = 0; i < base.size(); ++i) {
    bool is_known = false;
    for (const auto& p : base.purchases.of(i)) {
      if (p.day > o.through) break;
      if (!is_counted(p, o)) continue;
      const auto at = static_cast<std::size_t>(p.day - out.first_day);
      if (is_known) {
        ++out.repeats[at];
      } else if (p.day <= o.as_of) {
        ++out.first[at];
        is_known = true;
      } else {
        break;  // a first purchase after as_of
      }
    }
  }
  return out;
}

// E[X(k days)] of a new customer for k = 0, 1, ...
template <class Models>
std::vector<double> expected_of_new(const btyd::model& m, std::size_t days) {
  const std::array frequency{btyd::new_customer.frequency};
  const std::array recency{btyd::new_customer.recency};
  const std::array age{btyd::new_customer.age};
  const summary_columns customer{
      std::span<const double>(frequency), std::span<const double>(recency), std::span<const double>(age), {}};
  std::vector<double> out(days);
  btyd::predict_options options;
  for (std::size_t k = 0; k < days; ++k) {
    options.horizon = static_cast<double>(k) / days_per(m.unit);
    btyd::predict<Models>(m, btyd::quantity::expected_transactions, customer, options, std::span(out).subspan(k, 1));
  }
  return out;
}

}  // namespace detail

template <class Models>
tracking track_repeat_purchases(const customer_base& base, const btyd::model& transactions,
                                const tracking_options& options) {
  const tracking_options o = detail::checked(options);
  if (transactions.info().is_spend) fail(error_code::unsupported, "transactions", "is a model of spend");
  tracking out;
  const auto counts = detail::counts_of(base, o);
  if (counts.first_day == no_day) return out;
  const auto expected = detail::expected_of_new<Models>(transactions, counts.first.size());
  const std::int32_t last = o.through - counts.first_day;
  std::int64_t actual = 0;
  for (std::int32_t day = 0; day <= last; ++day) {
    out.customers += counts.first[static_cast<std::size_t>(day)];
    actual += counts.repeats[static_cast<std::size_t>(day)];
    if (day % o.step_days != 0 && day != last) continue;
    double sum = 0;
    for (std::int32_t born = 0; born <= day; ++born) {
      const auto n = counts.first[static_cast<std::size_t>(born)];
      if (n > 0) sum += static_cast<double>(n) * expected[static_cast<std::size_t>(day - born)];
    }
    out.days.push_back(counts.first_day + day);
    out.actual.push_back(actual);
    out.expected.push_back(sum);
  }
  return out;
}

}  // namespace kundenwert
