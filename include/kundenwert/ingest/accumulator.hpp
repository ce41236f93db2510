// Transactions to customers: a mergeable accumulator. Batches of rows go in, in any order and any cut; a summary with
// one row per customer comes out, the same bits whatever the batches, their order, the parts merged and the threads.
//
//   accumulator log({.currency = "EUR"});
//   log.add({.customer_id = ids, .day = days, .amount = amounts}, 2);
//   const summary customers = log.finish({.unit = time_unit::week, .end = last_day});
//
// Exact mode keeps the distinct customer-days (16 bytes each), so that the dates are chosen when the log is finished,
// and again for another split. Ordered mode keeps a fixed state per customer (about 140 bytes) for rows that come in
// day order for each customer; its dates are given at the beginning, and its parts cannot be merged.
//
// What a customer-day counts for (`net` is the sum of its amounts):
//   purchase day   no amounts in the log, or net > 0, or net = 0 without a return (a free order)
//   no purchase    net <= 0 with a return; its money still counts in revenue
//   frequency      purchase days in [start, end] after the first one
//   log_interval_sum   sum of ln(time between them) over consecutive purchase days in [start, end]; 0 for one day
//   monetary_value the mean of net over those repeat purchase days; money of days without purchase is not in it, since
//                  the spend models ask what a purchase day is worth. Where returns come on days of their own, the
//                  revenue is therefore lower than first purchase + frequency * monetary_value.
//   revenue        net of all days in [start, end], days without purchase and before the first purchase included
//   acquired_before_start   any row before start; such rows count for nothing else
// A customer is a row of the summary when it has a purchase day in [start, end].
//
// Memory of exact mode: 16 bytes per distinct customer-day (32 above 8 million currency units a day), between
// compactions up to four times that or 64 MB, plus the batch being added; text ids add about 32 bytes and their text
// per customer. finish() needs about 190 bytes per customer on top, half of them the summary itself.
//
// References: Fader & Hardie, note 004 (frequency, recency, T); domain specification B0, C.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/ingest/batch_cut.hpp"
#include "kundenwert/ingest/batch_rows.hpp"
#include "kundenwert/ingest/customer_days.hpp"
#include "kundenwert/ingest/day_counts.hpp"
#include "kundenwert/ingest/id_order.hpp"
#include "kundenwert/ingest/ids.hpp"
#include "kundenwert/ingest/running_customers.hpp"
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

// The days they mean. Throws missing (end), date_range, date_order.
day_window window_of(const observation& dates);

struct accumulator_options {
  accumulation mode = accumulation::exact;
  returns_policy returns = returns_policy::net;
  row_mode rows = row_mode::strict;
  double rejected_limit = 0.05;     // row_mode::collect: largest share of rejected rows, in [0, 1]
  std::int32_t load_date = no_day;  // rows after this day are error future_date; no_day: no such check
  std::string currency = {};        // ISO 4217; empty: the first currency seen in a row, or none
  observation dates = {};           // ordered mode: required; exact mode: not used
};

struct finish_options {
  time_unit unit = time_unit::day;
  std::int32_t end = no_day;
  std::int32_t start = no_day;
  std::int32_t holdout_end = no_day;
  int threads = 1;
  progress watch = {};
};

class accumulator {
 public:
  // Throws unknown_code, domain (rejected_limit), and in ordered mode missing, date_range, date_order for the dates.
  explicit accumulator(const accumulator_options& options = {});

  // Takes a batch, or throws and takes nothing of it. The first batch with rows decides whether ids are text and
  // whether there are amounts and variable costs. Up to `threads` threads; 0 or 1 is the calling one.
  // Errors of a row name its number over all batches: customer_id encoding; date missing, date_range, future_date;
  // amount missing, non_finite, overflow, sign; variable_cost missing_cost, non_finite, overflow, sign; currency
  // currency_mismatch (never collected); in ordered mode date out_of_order. Of the batch: length_mismatch, wrong_type,
  // column_missing, domain (minor_exponent).
  void add(const transaction_columns& batch, int threads = 1);

  // Takes the rows of another accumulator as if its batches had come after those of this one, or throws and changes
  // nothing: mode_mismatch, currency_mismatch. Exact mode only.
  void merge(const accumulator& other);

  // The summary for these dates; may be called again with others. Throws missing, date_range, date_order for the
  // dates, rejected_share, cancelled. In ordered mode the dates are those of the options or absent.
  summary finish(const finish_options& options) const;

  const accumulator_options& options() const { return options_; }
  const std::string& currency() const { return currency_; }  // of the options or the rows; empty where not named
  const log_report& report() const { return report_; }       // so far; the part that needs dates is 0
  // With the rows before, in and after the dates. Throws rejected_share.
  log_report report_for(const day_window& window) const;
  bool has_text_ids() const { return source_.has_text_ids; }
  bool has_amounts() const { return source_.has_amounts; }
  bool has_costs() const { return source_.has_costs; }

  // For other tables of the same customers: the customer-days of exact mode, and the keys they are held under. A text
  // in the dictionary without a row is no customer.
  const customer_days& days() const { return exact_; }
  const id_dictionary& dictionary() const { return dictionary_; }
  id_dictionary& dictionary() { return dictionary_; }
  std::int64_t memory_bytes() const;  // held, without the object itself

 private:
  // What the first batch with rows decided.
  struct source_kind {
    bool is_decided = false;
    bool has_text_ids = false;
    bool has_amounts = false;
    bool has_costs = false;

    bool operator==(const source_kind&) const = default;
  };
  source_kind source_of(const transaction_columns& batch) const;
  std::vector<batch_piece> add_exact(const batch_rows& rows, const transaction_columns& batch, int threads);
  std::vector<batch_piece> add_ordered(const batch_rows& rows, const transaction_columns& batch);
  void reserve_report(const std::vector<batch_piece>& pieces);
  void take_report(const std::vector<batch_piece>& pieces, std::int64_t rows) noexcept;

  accumulator_options options_;
  source_kind source_;
  std::string currency_;
  log_report report_;
  day_counts days_;
  id_dictionary dictionary_;
  customer_days exact_;
  running_customers ordered_;
  day_window ordered_window_;
};

namespace detail {

inline void require_date(std::int32_t day, std::string_view argument) {
  if (day < earliest_day || day > latest_day) {
    fail(error_code::date_range, argument, "is not in 1900-01-01 to 2199-12-31: day " + std::to_string(day));
  }
}

}  // namespace detail

inline accumulator::accumulator(const accumulator_options& options) : options_(options), currency_(options.currency) {
  const auto require_code = [](auto value, auto last, std::string_view argument) {
    if (static_cast<std::int32_t>(value) < 1 || value > last)
      fail(error_code::unknown_code, argument, "does not exist");
  };
  require_code(options.mode, accumulation::ordered, "mode");
  require_code(options.returns, returns_policy::error, "returns");
  require_code(options.rows, row_mode::collect, "rows");
  require_share(options.rejected_limit, "rejected_limit");
  if (options.load_date != no_day) detail::require_date(options.load_date, "load_date");
  if (options.mode == accumulation::ordered) ordered_window_ = window_of(options.dates);
}

inline day_window window_of(const observation& dates) {
  days_per(dates.unit);
  if (dates.end == no_day) fail(error_code::missing, "end", "is required: the last day of observation");
  day_window window;
  detail::require_date(dates.end, "end");
  window.end = dates.end;
  window.holdout_end = dates.end;
  if (dates.start != no_day) {
    detail::require_date(dates.start, "start");
    if (dates.start > dates.end) fail(error_code::date_order, "start", "is after end");
    window.start = dates.start;
  }
  if (dates.holdout_end != no_day) {
    detail::require_date(dates.holdout_end, "holdout_end");
    if (dates.holdout_end <= dates.end) fail(error_code::date_order, "holdout_end", "must be after end");
    window.holdout_end = dates.holdout_end;
  }
  return window;
}

inline accumulator::source_kind accumulator::source_of(const transaction_columns& batch) const {
  const source_kind found{true, batch.has_text_ids(), batch.has_amounts(), !batch.variable_cost.empty()};
  if (!source_.is_decided || found == source_) return found;
  if (found.has_text_ids != source_.has_text_ids) {
    fail(error_code::wrong_type, "customer_id", "is text in one batch and numbers in another");
  }
  fail(error_code::column_missing, found.has_amounts != source_.has_amounts ? "amount" : "variable_cost",
       "is in some batches and not in others");
}

inline void accumulator::add(const transaction_columns& batch, int threads) {
  std::string currency = currency_of(batch, currency_);
  const batch_rows rows(batch, {options_.returns, options_.rows, options_.load_date, currency, report_.rows_read});
  if (rows.size() == 0) return;
  const source_kind source = source_of(batch);
  if (source.has_text_ids && dictionary_.empty()) dictionary_.resize(partitions);
  const auto pieces =
      options_.mode == accumulation::ordered ? add_ordered(rows, batch) : add_exact(rows, batch, threads);
  // From here on nothing can fail.
  take_report(pieces, rows.size());
  source_ = source;
  currency_ = std::move(currency);
}

inline std::vector<batch_piece> accumulator::add_exact(const batch_rows& rows, const transaction_columns& batch,
                                                       int threads) {
  const bool is_cut = rows.size() >= rows_per_piece;
  std::vector<std::uint64_t> hashes;
  if (is_cut && batch.has_text_ids()) hashes.resize(static_cast<std::size_t>(rows.size()));
  auto pieces = check_batch(rows, batch.day, is_cut, hashes, threads);
  reserve_report(pieces);
  exact_.settle(threads);
  if (is_cut) {
    exact_.reserve_segments(1);
    exact_.append(cut_batch(rows, pieces, hashes, dictionary_, threads));
    return pieces;
  }
  constexpr std::size_t most_entries_per_row = 4;
  exact_.reserve_tail(static_cast<std::size_t>(rows.size()) * most_entries_per_row);
  const text_column* const ids = rows.text_ids();
  std::vector<std::uint64_t> keys;
  if (ids != nullptr) {
    keys.resize(static_cast<std::size_t>(rows.size()));
    for (std::int64_t row = 0; row < rows.size(); ++row) {
      // Bad ids get no key and are passed over below.
      if (!ids->is_valid(row) || detail::text_ids{*ids, nullptr}.is_bad(row)) continue;
      const std::uint64_t hash = hash_of((*ids)[row]);
      keys[static_cast<std::size_t>(row)] = dictionary_[partition_of(hash)].key_of((*ids)[row], hash);
    }
  }
  rows.read(0, rows.size(), !pieces.front().findings.rejected.empty(), keys.data(),
            [&](std::int64_t, std::uint64_t key, std::int32_t day, const row_money& money) {
              pack_row(key, day, money, [&](const customer_day_entry& e) { exact_.append(e); });
              return true;
            });
  return pieces;
}

inline std::vector<batch_piece> accumulator::add_ordered(const batch_rows& rows, const transaction_columns& batch) {
  std::vector<batch_piece> pieces;
  pieces.push_back(piece_for(batch.day, 0, rows.size()));
  batch_piece& piece = pieces.front();
  const text_column* const ids = rows.text_ids();
  try {
    rows.check(0, rows.size(), piece.findings,
               [&](std::int64_t row, std::uint64_t key, std::int32_t day, const row_money& money) {
                 if (ids != nullptr) key = dictionary_[partition_of(key)].key_of((*ids)[row], key);
                 if (!ordered_.take(key, day, money.amount, ordered_window_)) {
                   rows.reject(row, transaction_field::date, error_code::out_of_order,
                               "is before an earlier row of the same customer", piece.findings);
                   return false;
                 }
                 ++piece.rows_of_day[static_cast<std::size_t>(day - piece.first_day)];
                 return true;
               });
    reserve_report(pieces);
  } catch (...) {
    ordered_.rollback();
    throw;
  }
  ordered_.keep();
  return pieces;
}

inline void accumulator::reserve_report(const std::vector<batch_piece>& pieces) {
  std::size_t rejected = 0;
  for (const auto& p : pieces) {
    rejected += p.findings.rejected.size();
    days_.reserve(p.first_day, p.last_day());
  }
  auto& list = report_.rejected;
  if (list.size() + rejected > list.capacity()) list.reserve(std::max(list.size() + rejected, list.capacity() * 2));
}

inline void accumulator::take_report(const std::vector<batch_piece>& pieces, std::int64_t rows) noexcept {
  for (const auto& p : pieces) {
    report_.rows_anonymous += p.findings.anonymous;
    report_.returns_dropped += p.findings.returns_dropped;
    report_.amounts_rounded += p.findings.amounts_rounded;
    report_.id_blanks += p.findings.id_blanks;
    report_.rejected.insert(report_.rejected.end(), p.findings.rejected.begin(), p.findings.rejected.end());
    for (std::size_t i = 0; i < p.rows_of_day.size(); ++i) {
      if (p.rows_of_day[i] != 0) days_.add(p.first_day + static_cast<std::int32_t>(i), p.rows_of_day[i]);
    }
  }
  report_.rows_read += rows;
  report_.first_day = days_.first_day();
  report_.last_day = days_.last_day();
}

inline void accumulator::merge(const accumulator& other) {
  if (&other == this) return merge(accumulator(other));
  if (options_.mode != accumulation::exact || other.options_.mode != accumulation::exact) {
    fail(error_code::mode_mismatch, "mode", "only accumulators of exact mode can be merged");
  }
  if (options_.returns != other.options_.returns) {
    fail(error_code::mode_mismatch, "returns", "differs between the accumulators");
  }
  if (source_.is_decided && other.source_.is_decided && !(source_ == other.source_)) {
    fail(error_code::mode_mismatch, "customer_id", "the accumulators differ in the type of ids or in having amounts");
  }
  std::string currency = currency_.empty() ? other.currency_ : currency_;
  if (!other.currency_.empty() && other.currency_ != currency) {
    fail(error_code::currency_mismatch, "currency", other.currency_ + " cannot be added to " + currency);
  }
  exact_.settle(1);
  const auto& list = other.report_.rejected;
  report_.rejected.reserve(report_.rejected.size() + list.size());
  days_.reserve(other.days_);
  if (other.source_.has_text_ids && dictionary_.empty()) dictionary_.resize(partitions);
  exact_.merge(other.exact_, other.source_.has_text_ids ? add_texts(dictionary_, other.dictionary_) : key_changes());
  // From here on nothing can fail.
  for (rejected_row r : list) {
    r.row += report_.rows_read;
    report_.rejected.push_back(r);
  }
  days_.add(other.days_);
  report_.rows_read += other.report_.rows_read;
  report_.rows_anonymous += other.report_.rows_anonymous;
  report_.returns_dropped += other.report_.returns_dropped;
  report_.amounts_rounded += other.report_.amounts_rounded;
  report_.id_blanks += other.report_.id_blanks;
  report_.first_day = days_.first_day();
  report_.last_day = days_.last_day();
  if (!source_.is_decided) source_ = other.source_;
  currency_ = std::move(currency);
}

inline log_report accumulator::report_for(const day_window& window) const {
  const auto rejected = static_cast<double>(report_.rejected.size());
  if (rejected > options_.rejected_limit * static_cast<double>(report_.rows_read)) {
    fail(error_code::rejected_share, "rejected_limit",
         std::to_string(report_.rejected.size()) + " of " + std::to_string(report_.rows_read) + " rows were rejected");
  }
  log_report out = report_;
  out.rows_before_start = days_.between(earliest_day, window.start - 1);
  out.rows_in_holdout = days_.between(window.end + 1, window.holdout_end);
  out.rows_after_end = days_.between(window.holdout_end + 1, latest_day);
  return out;
}

inline summary accumulator::finish(const finish_options& options) const {
  const bool is_ordered = options_.mode == accumulation::ordered;
  observation dates{options.unit, options.end, options.start, options.holdout_end};
  if (is_ordered) {
    const auto require_same = [](std::int32_t given, std::int32_t stated, std::string_view argument) {
      if (given != no_day && given != stated) {
        fail(error_code::mode_mismatch, argument, "differs from the date the ordered accumulator was made for");
      }
    };
    require_same(options.end, options_.dates.end, "end");
    require_same(options.start, options_.dates.start, "start");
    require_same(options.holdout_end, options_.dates.holdout_end, "holdout_end");
    dates = options_.dates;
    dates.unit = options.unit;
  }
  const day_window window = window_of(dates);
  summary out;
  out.log = report_for(window);
  out.unit = dates.unit;
  out.start = dates.start;
  out.end = dates.end;
  out.holdout_end = dates.holdout_end;
  out.currency = currency_;
  // Folding is about two thirds of the work.
  progress_share folding{options.watch, 0, 0.65};
  progress_share writing{options.watch, 0.65, 1};
  auto parts = is_ordered ? ordered_.fold(window, options.threads, folding.watch())
                          : exact_.fold(window, options.threads, folding.watch());
  for (const auto& p : parts) {
    out.log.customers_returns_only += p.returns_only;
    out.log.customers_outside += p.outside;
  }
  const id_dictionary no_texts;
  const summary_contents contents{source_.has_text_ids, source_.has_amounts, dates.holdout_end != no_day};
  write_customers(parts, source_.has_text_ids ? dictionary_ : no_texts, window, contents, options.threads,
                  writing.watch(), out);
  return out;
}

inline std::int64_t accumulator::memory_bytes() const {
  std::int64_t bytes = exact_.memory_bytes() + ordered_.memory_bytes() + days_.memory_bytes();
  for (const auto& shard : dictionary_) bytes += shard.memory_bytes();
  return bytes + static_cast<std::int64_t>(dictionary_.capacity() * sizeof(id_shard) +
                                           report_.rejected.capacity() * sizeof(rejected_row));
}

}  // namespace kundenwert
