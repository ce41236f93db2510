// Tracking: repeat purchases of all customers since the first day, counted and as a model expects them. A model that is
// of use runs along the count until the day it was fitted to, and after it, which it has not seen.
//
// References: Fader, Hardie & Lee (2005), "Counting your customers the easy way", figures 3 and 4 (tracking plots).
//
// paper             | name here       | unit          | domain
// t                 | days[i]         | civil day     | every step_days from the first purchase on, and the last one
// t_0               | first purchase  | civil day     | of a customer
// sum E[X(t - t_0)] | expected        | purchase days | over the customers; of a new customer, who is known by t_0
// alone
// -                 | actual          | purchase days | repeat purchases until the end of the day
// -                 | actual_step, expected_step | purchase days | the same since the day before in `days`
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "kundenwert/btyd/result_table.hpp"
#include "kundenwert/ingest/accumulator.hpp"

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
  std::vector<std::int64_t> actual;  // one per day, as all that follow
  std::vector<double> expected;
  std::vector<std::int64_t> actual_step;
  std::vector<double> expected_step;

  static constexpr auto columns() {
    using t = tracking;
    using c = btyd::result_column<t>;
    using btyd::cells;
    return std::array{c{"day", cells::day, "", "purchases are counted until its end", &t::days},
                      c{"actual", cells::count, "purchases", "since the first day", &t::actual},
                      c{"expected", cells::number, "purchases", "under the model", &t::expected},
                      c{"actual_step", cells::count, "purchases", "since the row before", &t::actual_step},
                      c{"expected_step", cells::number, "purchases", "under the model", &t::expected_step}};
  }
};

// First and repeat purchases by day, from the first day of anybody to `through`: what tracking reads of the customers.
struct purchase_counts {
  std::int32_t first_day = no_day;  // no_day: nobody bought
  std::vector<std::int64_t> first;
  std::vector<std::int64_t> repeats;
};

// The options with every day filled in; throws missing, date_range, date_order, domain.
inline tracking_options checked(tracking_options options);

// Of an accumulator in exact mode, as its summary counts purchases. Throws mode_mismatch, and as checked.
purchase_counts counts_of(const accumulator& log, const tracking_options& options, int threads = 1);

// What was bought, and what `transactions`, a transaction model in any unit, expects. O(days (days + 1) / step_days).
// Throws as checked; unsupported for a spend model.
template <class Models = btyd::models>
tracking track_counts(const purchase_counts& counts, const btyd::model& transactions, const tracking_options& options);

template <class Models = btyd::models>
tracking track_repeat_purchases(const accumulator& log, const btyd::model& transactions,
                                const tracking_options& options, int threads = 1) {
  return track_counts<Models>(counts_of(log, options, threads), transactions, options);
}

// Sorts the purchases of customers into first and repeats; options must be checked. A customer is one who first buys in
// [start, as_of].
class purchase_counter {
 public:
  explicit purchase_counter(const tracking_options& options)
      : options_(options),
        first_(static_cast<std::size_t>(options.through - options.start) + 1),
        repeats_(first_.size()) {}

  void begin_customer() { is_known_ = is_late_ = false; }
  // The next purchase day of the customer, ascending.
  void take(std::int32_t day) {
    if (day < options_.start || day > options_.through || is_late_) return;
    const auto at = static_cast<std::size_t>(day - options_.start);
    if (is_known_) {
      ++repeats_[at];
    } else if (day <= options_.as_of) {
      ++first_[at];
      is_known_ = true;
    } else {
      is_late_ = true;
    }
  }
  purchase_counts counts() const {
    purchase_counts out;
    const auto begin = std::find_if(first_.begin(), first_.end(), [](std::int64_t n) { return n > 0; });
    if (begin == first_.end()) return out;
    const auto skipped = begin - first_.begin();
    out.first_day = options_.start + static_cast<std::int32_t>(skipped);
    out.first.assign(begin, first_.end());
    out.repeats.assign(repeats_.begin() + skipped, repeats_.end());
    return out;
  }

 private:
  tracking_options options_;
  std::vector<std::int64_t> first_;
  std::vector<std::int64_t> repeats_;
  bool is_known_ = false;
  bool is_late_ = false;
};

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

namespace detail {

// E[X(k days)] of a new customer for k = 0, 1, ...
template <class Models>
std::vector<double> expected_of_new(const btyd::model& m, std::size_t days) {
  const std::array<double, 1> zero{0};
  summary_columns customer;
  customer.frequency = customer.recency = customer.age = customer.log_interval_sum = std::span<const double>(zero);
  std::vector<double> out(days);
  btyd::predict_options options;
  for (std::size_t k = 0; k < days; ++k) {
    options.horizon = static_cast<double>(k) / days_per(m.unit);
    btyd::predict<Models>(m, btyd::quantity::expected_transactions, customer, options, std::span(out).subspan(k, 1));
  }
  return out;
}

}  // namespace detail

inline purchase_counts counts_of(const accumulator& log, const tracking_options& options, int threads) {
  const tracking_options o = checked(options);
  if (log.options().mode != accumulation::exact) {
    fail(error_code::mode_mismatch, "log", "is in ordered mode, which does not keep the days of purchases");
  }
  purchase_counter all(o);
  std::mutex guard;
  log.days().for_each_partition(threads, {}, [&](std::size_t, std::span<const customer_day_entry> sorted) {
    if (sorted.empty()) return;
    std::vector<std::pair<std::uint64_t, std::int32_t>> days;
    detail::for_each_customer_day(
        sorted,
        [&](std::uint64_t key, const customer_day& d) {
          if (d.is_purchase()) days.emplace_back(key, d.day);
        },
        [](std::uint64_t) {});
    // Whole numbers: their sum does not depend on which partition comes first.
    const std::lock_guard lock(guard);
    for (std::size_t i = 0; i < days.size(); ++i) {
      if (i == 0 || days[i].first != days[i - 1].first) all.begin_customer();
      all.take(days[i].second);
    }
  });
  return all.counts();
}

template <class Models>
tracking track_counts(const purchase_counts& counts, const btyd::model& transactions, const tracking_options& options) {
  const tracking_options o = checked(options);
  if (transactions.info().is_spend) fail(error_code::unsupported, "transactions", "is a model of spend");
  tracking out;
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
    out.actual_step.push_back(actual - (out.actual.empty() ? 0 : out.actual.back()));
    out.expected_step.push_back(sum - (out.expected.empty() ? 0 : out.expected.back()));
    out.days.push_back(counts.first_day + day);
    out.actual.push_back(actual);
    out.expected.push_back(sum);
  }
  return out;
}

}  // namespace kundenwert
