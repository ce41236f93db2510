// Transactions to customers: a mergeable accumulator. Batches of rows go in, in any order and any cut; a summary with
// one row per customer comes out, the same bits whatever the batches, their order, the parts merged and the threads.
//
//   accumulator log({.currency = "EUR"});
//   log.add({.customer_id = ids, .day = days, .amount = amounts}, 2);
//   const summary customers = log.finish({.unit = time_unit::week, .end = last_day});
//
// Exact mode keeps the distinct customer-days (16 bytes each), so that the dates are chosen when the log is finished,
// and again for another split. Ordered mode keeps a fixed state per customer (about 120 bytes) for rows that come in
// day order for each customer; its dates are given at the beginning, and its parts cannot be merged.
//
// What a customer-day counts for (`net` is the sum of its amounts):
//   purchase day   no amounts in the log, or net > 0, or net = 0 without a return (a free order)
//   no purchase    net <= 0 with a return; its money still counts in revenue
//   frequency      purchase days in [start, end] after the first one
//   monetary_value the mean of net over those repeat purchase days; money of days without purchase is not in it, since
//                  the spend models ask what a purchase day is worth. Where returns come on days of their own, the
//                  revenue is therefore lower than first purchase + frequency * monetary_value.
//   revenue        net of all days in [start, end], days without purchase and before the first purchase included
//   acquired_before_start   any row before start; such rows count for nothing else
// A customer is a row of the summary when it has a purchase day in [start, end].
//
// Memory of exact mode: 16 bytes per distinct customer-day (32 above 17 million currency units a day) and at most four
// times that between compactions, plus the batch being added; text ids add about 32 bytes and their text per customer.
//
// References: Fader & Hardie, note 004 (frequency, recency, T); domain specification B0, C.
#pragma once

#include <cstdint>
#include <string>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/model/log_report.hpp"
#include "kundenwert/model/summary.hpp"
#include "kundenwert/model/transaction.hpp"

namespace kundenwert {

enum class accumulation : std::int32_t { exact = 1, ordered = 2 };

// The dates a summary is about. Observation is [start, end], hold-out (end, holdout_end], both ends inclusive.
struct observation {
  time_unit unit = time_unit::day;
  std::int32_t end = no_day;          // required
  std::int32_t start = no_day;        // no_day: from the first row on
  std::int32_t holdout_end = no_day;  // no_day: no hold-out
};

struct accumulator_options {
  accumulation mode = accumulation::exact;
  returns_policy returns = returns_policy::net;
  row_mode rows = row_mode::strict;
  double rejected_limit = 0.05;     // row_mode::collect: largest share of rejected rows, in [0, 1]
  std::int32_t load_date = no_day;  // rows after this day are error future_date; no_day: no such check
  std::string currency;             // ISO 4217; empty: the first currency seen in a row, or none
  observation dates;                // ordered mode: required; exact mode: not used
};

struct finish_options {
  time_unit unit = time_unit::day;
  std::int32_t end = no_day;
  std::int32_t start = no_day;
  std::int32_t holdout_end = no_day;
  int threads = 1;
  progress watch;
};

class accumulator {
 public:
  // Throws unknown_code, domain (rejected_limit), and in ordered mode missing, date_range, date_order for the dates.
  explicit accumulator(const accumulator_options& options = {});

  // Takes a batch, or throws and takes nothing of it. The first batch with rows decides whether ids are text and
  // whether there are amounts. Up to `threads` threads; 0 or 1 is the calling one.
  // Errors of a row name its number over all batches: customer_id encoding; date missing, date_range, future_date;
  // amount missing, non_finite, overflow, sign; currency currency_mismatch (never collected); in ordered mode
  // date out_of_order. Of the batch: length_mismatch, wrong_type, column_missing, domain (minor_exponent).
  void add(const transaction_columns& batch, int threads = 1);

  // Takes the rows of another accumulator as if its batches had come after those of this one, or throws and changes
  // nothing: mode_mismatch, currency_mismatch. Exact mode only.
  void merge(const accumulator& other);

  // The summary for these dates; may be called again with others. Throws missing, date_range, date_order for the
  // dates, rejected_share, cancelled. In ordered mode the dates are those of the options or absent.
  summary finish(const finish_options& options) const;

  const accumulator_options& options() const;
  const log_report& report() const;  // so far; the part that needs dates is 0
  bool has_text_ids() const;
  bool has_amounts() const;
  std::int64_t memory_bytes() const;  // held, without the object itself
};

}  // namespace kundenwert
