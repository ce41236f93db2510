// A log in discrete opportunities: did the customer buy in the calendar year, the month, the week, or not? What models
// of discrete purchases read (BG/BB): donors who give once a year or not at all, visitors of a weekly event.
//
//   const summary donors = summarize_opportunities(log, {.each = period::year, .end = last_day});
//
// Columns of the summary mean per period what they otherwise mean per day:
//   first one      the period of the first purchase day in [start, end]; it is no opportunity
//   frequency      periods after it with at least one purchase day; x in the literature
//   recency        number of the last of them, counted from the first one: 1 is the period after it; 0 where x = 0; t_x
//   T              whole periods after the first one up to the end: the opportunities, n
//   monetary_value the mean of what the purchase days of a repeat period are worth together
//   log_interval_sum   sum of ln(periods between them) over consecutive periods with a purchase
//   revenue, first_purchase, last_purchase, acquired_before_start   as in ingest/accumulator
//   holdout_frequency  periods of the hold-out with a purchase day
// Only whole periods count: the one that contains `end` does where `end` is its last day. Otherwise the observation
// ends with the period before, `end` of the summary says so, and later rows are after the end; so for holdout_end.
//
// References: Fader, Hardie & Shang (2010), "Customer-base analysis in a discrete-time noncontractual setting",
// Marketing Science 29, 1086-1108.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/ingest/customer_totals.hpp"
#include "kundenwert/ingest/id_order.hpp"
#include "kundenwert/model/summary.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert {

struct opportunity_options {
  period each = period::year;
  std::int32_t end = no_day;          // required
  std::int32_t start = no_day;        // no_day: from the first row on
  std::int32_t holdout_end = no_day;  // no_day: no hold-out
  int threads = 1;
  progress watch = {};
};

// The unit of a summary in opportunities: day, week, month or year; counts of calendar months and years are whole
// numbers of them, though a calendar month is only in the mean what the unit is in days. Throws unsupported for
// quarters, which are no unit of time, unknown_code for a number that is no period.
time_unit unit_of(period each);

// One row per customer with a purchase day in the observation. Throws what accumulator::finish throws for dates and
// rejected rows; date_order where no whole period lies in [start, end] or none in the hold-out; mode_mismatch for an
// accumulator of ordered mode; unsupported, unknown_code (each); cancelled.
summary summarize_opportunities(const accumulator& log, const opportunity_options& options);

namespace detail {

// Last day of the last whole period up to `day`; may lie before the first day of the domain.
inline std::int32_t whole_periods_end(std::int32_t day, period each) {
  const day_interval days = period_days(period_index(day, each), each);
  return days.to - 1 == day ? day : days.from - 1;
}

// The window in whole periods, in days.
inline day_window whole_periods(const opportunity_options& options) {
  day_window window = window_of({.end = options.end, .start = options.start, .holdout_end = options.holdout_end});
  window.end = whole_periods_end(window.end, options.each);
  if (window.end < window.start) fail(error_code::date_order, "end", "leaves no whole period of observation");
  window.holdout_end = options.holdout_end == no_day ? window.end : whole_periods_end(window.holdout_end, options.each);
  if (options.holdout_end != no_day && window.holdout_end <= window.end) {
    fail(error_code::date_order, "holdout_end", "leaves no whole period of hold-out");
  }
  return window;
}

// A row of the summary whose days are numbers of periods, and its days.
struct opportunity_record : customer_record {
  std::int32_t first_day = no_day;
  std::int32_t last_day = no_day;
};

struct opportunity_part {
  std::vector<opportunity_record> records;
  std::int64_t returns_only = 0;
  std::int64_t outside = 0;
};

// One customer's days, folded in ascending order into periods, and those as if they were days into totals.
class period_totals {
 public:
  period_totals(const day_window& days, period each) : days_(days), each_(each) {
    periods_.start = period_index(days.start, each);
    periods_.end = period_index(days.end, each);
    periods_.holdout_end = period_index(days.holdout_end, each);
  }
  const day_window& periods() const { return periods_; }

  void take(const customer_day& d) {
    if (d.day > days_.holdout_end) return;
    if (d.day < days_.start) {
      totals_.take(periods_.start - 1, false, d.net, periods_);
      return;
    }
    const std::int32_t index = period_index(d.day, each_);
    if (index != open_) {
      close();
      open_ = index;
    }
    if (!d.is_purchase()) {
      others_.add(d.net);
      return;
    }
    has_purchase_ = true;
    purchases_.add(d.net);
    if (d.day > days_.end) return;
    if (first_day_ == no_day) first_day_ = d.day;
    last_day_ = d.day;
  }

  // Ends the customer.
  void end(std::uint64_t key, opportunity_part& to) {
    close();
    if (totals_.has_purchase()) {
      opportunity_record r;
      static_cast<customer_record&>(r) = totals_.record(key);
      r.first_day = first_day_;
      r.last_day = last_day_;
      to.records.push_back(r);
    } else {
      ++(totals_.is_observed() ? to.returns_only : to.outside);
    }
    totals_ = customer_totals();
    open_ = first_day_ = last_day_ = no_day;
  }

 private:
  // Money of days without purchase counts in revenue alone.
  void close() {
    if (open_ == no_day) return;
    totals_.take(open_, false, others_, periods_);
    if (has_purchase_) totals_.take(open_, true, purchases_, periods_);
    others_ = exact_sum();
    purchases_ = exact_sum();
    has_purchase_ = false;
  }

  day_window days_;
  day_window periods_;
  period each_;
  customer_totals totals_;
  std::int32_t open_ = no_day;
  bool has_purchase_ = false;
  exact_sum purchases_;
  exact_sum others_;
  std::int32_t first_day_ = no_day;
  std::int32_t last_day_ = no_day;
};

}  // namespace detail

inline time_unit unit_of(period each) {
  switch (each) {
    case period::day:
      return time_unit::day;
    case period::iso_week:
      return time_unit::week;
    case period::month:
      return time_unit::month;
    case period::quarter:
      fail(error_code::unsupported, "each", "a quarter is no unit of time of a summary: take months or years");
    case period::year:
      return time_unit::year;
  }
  detail::fail_period("each");
}

inline summary summarize_opportunities(const accumulator& log, const opportunity_options& options) {
  if (log.options().mode != accumulation::exact) {
    fail(error_code::mode_mismatch, "mode", "opportunities need the purchase days that exact mode keeps");
  }
  summary out;
  out.unit = unit_of(options.each);
  const day_window window = detail::whole_periods(options);
  out.start = options.start;
  out.end = window.end;
  out.holdout_end = options.holdout_end == no_day ? no_day : window.holdout_end;
  out.currency = log.currency();
  out.log = log.report_for(window);

  // Folding is about two thirds of the work.
  progress_share folding{options.watch, 0, 0.65};
  progress_share writing{options.watch, 0.65, 1};
  const detail::period_totals nobody(window, options.each);
  std::vector<detail::opportunity_part> parts(partitions);
  log.days().for_each_partition(options.threads, folding.watch(),
                                [&](std::size_t p, std::span<const customer_day_entry> sorted) {
                                  detail::period_totals totals = nobody;
                                  detail::for_each_customer_day(
                                      sorted, [&](std::uint64_t, const customer_day& d) { totals.take(d); },
                                      [&](std::uint64_t key) { totals.end(key, parts[p]); });
                                });

  std::vector<std::span<detail::opportunity_record>> records;
  std::size_t rows = 0;
  for (auto& p : parts) {
    records.emplace_back(p.records);
    rows += p.records.size();
    out.log.customers_returns_only += p.returns_only;
    out.log.customers_outside += p.outside;
  }
  const summary_contents contents{log.has_text_ids(), log.has_amounts(), options.holdout_end != no_day};
  detail::resize_columns(out, rows, contents, options.threads);
  out.ids.is_text = contents.has_text_ids;
  const detail::unit_length one_period(1);
  order_by_id(records, log.dictionary(), options.threads, writing.watch(), out.ids,
              [&](std::size_t row, const detail::opportunity_record& r) {
                detail::write_row(out, row, r, nobody.periods(), contents, one_period);
                out.first_purchase[row] = r.first_day;
                out.last_purchase[row] = r.last_day;
              });
  return out;
}

}  // namespace kundenwert
