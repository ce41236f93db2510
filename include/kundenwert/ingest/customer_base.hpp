// Rows of all tables of a business to one customer base: checks them, puts customers in the order of their ids and
// every customer's events in the order of their days.
//
//   customer_base_builder builder({.currency = "EUR"});
//   builder.add_customers(customers);
//   builder.add_transactions(purchases, 2);
//   const customer_base base = builder.finish(2);
//
// Tables come in any order and any number of batches; what finish() makes of them depends on neither, nor on the order
// of rows or the threads. Where rows of one id contradict each other, the first one stays.
//   customers   with a table of customers, rows for somebody else are error unknown_customer; without, everybody with
//               a row is a customer
//   errors      name "table.column" and the row of that table over all its batches. In row_mode::strict the first one
//               is thrown, by add where the row alone is wrong, by finish where rows must be held against each other;
//               in row_mode::collect bad rows are left out and listed in the reports, up to rejected_limit per table
//   an id twice with the same content: left out, warning duplicate_ignored; with other content: error duplicate_id
//   transactions with the same customer, day and amount under ids of their own: kept, warning possible_duplicate
//   created     after the customer's first event: set to that day, warning created_adjusted
//   returns     of transactions with returns_transaction_id are matched to their purchases (ingest/transactions);
//               otherwise the returns_policy says what they mean for their day
//
// References: domain specification B4.1, C (bad-input policy).
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/ingest/key_rows.hpp"
#include "kundenwert/ingest/purchases.hpp"
#include "kundenwert/ingest/table_rows.hpp"
#include "kundenwert/ingest/transaction_table.hpp"
#include "kundenwert/model/customer_base.hpp"
#include "kundenwert/model/transaction.hpp"

namespace kundenwert {

struct customer_base_options {
  returns_policy returns = returns_policy::net;
  row_mode rows = row_mode::strict;
  double rejected_limit = 0.05;  // row_mode::collect: largest share of rejected rows of a table, in [0, 1]
  std::int32_t load_date =
      no_day;                 // events after it are error future_date; dates of contracts may be; no_day: no check
  std::string currency = {};  // ISO 4217; empty: the first currency seen in a transaction, or none
};

class customer_base_builder {
 public:
  // Throws unknown_code, domain (rejected_limit), date_range (load_date).
  explicit customer_base_builder(const customer_base_options& options = {});

  // Each takes a batch of its table, or throws and takes nothing of it. Up to `threads` threads.
  void add_customers(const customer_columns& batch, int threads = 1);
  void add_transactions(const transaction_columns& batch, int threads = 1);
  void add_contracts(const contract_columns& batch, int threads = 1);
  void add_contacts(const contact_columns& batch, int threads = 1);
  void add_complaints(const complaint_columns& batch, int threads = 1);
  void add_costs(const cost_columns& batch, int threads = 1);

  // The base of everything added so far; may be called again after more. Throws unknown_customer, duplicate_id, sign,
  // return_unmatched, return_exceeds, rejected_share, overflow, cancelled.
  customer_base finish(int threads = 1, progress watch = {}) const;

  const customer_base_options& options() const { return options_; }

 private:
  // A row of the table of customers and the key of the referrer it names.
  struct referral {
    std::int64_t row;
    std::uint64_t referrer;
  };
  void require_type(table_kind table, const id_column& ids) const;
  void take_type(table_kind table, const id_column& ids) noexcept;
  template <class Columns>
  void add_to(table_rows<Columns>& table, const Columns& batch, int threads);
  std::vector<referral> referrals_of(const customer_columns& batch, int threads);
  void require_no_cycle(const table_findings& findings, const key_rows& keys, std::size_t base_rows) const;
  std::int64_t take_customers(const table_findings& findings, const key_rows& keys, int threads,
                              customer_base& out) const;
  table_report report_of_transactions(const customer_base& base, matched_transactions&& found) const;

  customer_base_options options_;
  transaction_table transactions_;  // holds the dictionary of customers for all tables
  table_rows<customer_columns> customers_;
  table_rows<contract_columns> contracts_;
  table_rows<contact_columns> contacts_;
  table_rows<complaint_columns> complaints_;
  table_rows<cost_columns> costs_;
  std::vector<referral> referrals_;
  table_kind typed_by_{};  // the first table with ids; 0: none yet
  bool has_text_ids_ = false;
  bool has_statuses_ = false;
  bool has_consents_ = false;
};

namespace detail {

// First and last day of events, and the first one of each customer.
inline std::int32_t first_day_of(const contract& c) { return std::min(c.start, c.signed_on); }
inline std::int32_t first_day_of(const contact& c) { return c.day; }
inline std::int32_t first_day_of(const complaint& c) { return c.opened; }
inline std::int32_t first_day_of(const purchase_day& d) { return d.day; }
inline std::int32_t day_of_event(const contract& c) { return c.start; }
inline std::int32_t day_of_event(const contact& c) { return c.day; }
inline std::int32_t day_of_event(const complaint& c) { return c.opened; }
inline std::int32_t day_of_event(const purchase_day& d) { return d.day; }
inline std::int32_t day_of_event(const cost& c) { return c.day; }

template <class Event>
void take_days(const std::vector<Event>& events, table_report& report) {
  for (const Event& e : events) {
    const std::int32_t day = day_of_event(e);
    if (report.first_day == no_day || day < report.first_day) report.first_day = day;
    if (report.last_day == no_day || day > report.last_day) report.last_day = day;
  }
}

// The issues of a table at its end: thrown in strict mode, listed otherwise.
inline void take_issues(std::vector<table_issue> issues, const customer_base_options& options, table_report& report) {
  const auto by_row = [](const table_issue& a, const table_issue& b) { return a.row < b.row; };
  if (options.rows == row_mode::strict && !issues.empty()) {
    const table_issue& i = *std::min_element(issues.begin(), issues.end(), by_row);
    std::string_view meaning;
    for (const auto& entry : error_codes) {
      if (entry.number == static_cast<std::uint32_t>(i.code)) meaning = entry.meaning;
    }
    fail_in_table(report.table, i.column, i.code, i.row, meaning);
  }
  report.rejected.insert(report.rejected.end(), issues.begin(), issues.end());
  std::stable_sort(report.rejected.begin(), report.rejected.end(), by_row);
  const auto rejected = static_cast<std::int64_t>(report.rejected.size());
  report.rows_taken -= rejected;
  if (static_cast<double>(rejected) > options.rejected_limit * static_cast<double>(report.rows_read)) {
    fail_in_table(report.table, "", error_code::rejected_share, no_row,
                  std::to_string(rejected) + " of " + std::to_string(report.rows_read) + " rows were rejected");
  }
}

inline void add_warning(table_report& report, warning_code code, std::int64_t count) {
  if (count > 0) report.warnings.push_back({code, count});
}

template <class Columns>
table_report report_of(const table_rows<Columns>& table, table_findings&& findings,
                       const customer_base_options& options) {
  table_report report;
  report.table = table_rows<Columns>::kind;
  report.rows_read = table.rows_read();
  report.rows_taken = table.rows_read() - findings.repeated;
  report.rejected = table.rejected();
  take_issues(std::move(findings.issues), options, report);
  add_warning(report, warning_code::id_blanks, table.id_blanks());
  add_warning(report, warning_code::duplicate_ignored, findings.repeated);
  return report;
}

}  // namespace detail

inline customer_base_builder::customer_base_builder(const customer_base_options& options)
    : options_(options),
      transactions_({.returns = options.returns,
                     .rows = options.rows,
                     .rejected_limit = options.rejected_limit,
                     .load_date = options.load_date,
                     .currency = options.currency}) {}

inline void customer_base_builder::require_type(table_kind table, const id_column& ids) const {
  const bool is_text = std::holds_alternative<text_column>(ids);
  if (size_of(ids) == 0 || typed_by_ == table_kind{} || is_text == has_text_ids_) return;
  const std::string_view here = is_text ? "text" : "numbers";
  const std::string_view there = is_text ? "numbers" : "text";
  fail_in_table(
      table, "customer_id", error_code::wrong_type, no_row,
      "has ids as " + std::string(here) + ", where " + std::string(name_of(typed_by_)) + " has " + std::string(there));
}

inline void customer_base_builder::take_type(table_kind table, const id_column& ids) noexcept {
  if (size_of(ids) == 0 || typed_by_ != table_kind{}) return;
  typed_by_ = table;
  has_text_ids_ = std::holds_alternative<text_column>(ids);
}

template <class Columns>
void customer_base_builder::add_to(table_rows<Columns>& table, const Columns& batch, int threads) {
  require_type(table_rows<Columns>::kind, batch.customer_id);
  table.add(batch, {options_.rows, options_.load_date}, transactions_.dictionary(), threads);
  take_type(table_rows<Columns>::kind, batch.customer_id);
}

inline void customer_base_builder::add_customers(const customer_columns& batch, int threads) {
  const std::int64_t first = customers_.rows_read();
  std::vector<referral> referrals = referrals_of(batch, threads);
  make_room(referrals_, referrals.size());
  add_to(customers_, batch, threads);
  for (referral r : referrals) {
    r.row += first;
    referrals_.push_back(r);
  }
  has_statuses_ = has_statuses_ || !batch.status.empty();
  has_consents_ = has_consents_ || !batch.consent.empty();
}

// Who was recommended by whom; bad ids are left to the checks of the row.
inline std::vector<customer_base_builder::referral> customer_base_builder::referrals_of(const customer_columns& batch,
                                                                                        int threads) {
  std::vector<referral> out;
  const id_column& ids = batch.referred_by;
  if (size_of(ids) == 0 || size_of(ids) != batch.size()) return out;
  if (ids.index() != batch.customer_id.index()) {
    fail_in_table(table_kind::customers, "referred_by", error_code::wrong_type, no_row,
                  "and customer_id must both be numbers or both be text");
  }
  const auto* const texts = std::get_if<text_column>(&ids);
  std::vector<std::int64_t> rows;
  for (std::int64_t row = 0; row < size_of(ids); ++row) {
    if (is_valid(ids, row) && (texts == nullptr || is_valid_id((*texts)[row]))) rows.push_back(row);
  }
  const auto keys = keys_of(ids, rows, transactions_.dictionary(), threads);
  for (std::size_t i = 0; i < rows.size(); ++i) out.push_back({rows[i], keys[i]});
  return out;
}

inline void customer_base_builder::add_transactions(const transaction_columns& batch, int threads) {
  require_type(table_kind::transactions, batch.customer_id);
  transactions_.add(batch, threads);
  take_type(table_kind::transactions, batch.customer_id);
}

inline void customer_base_builder::add_contracts(const contract_columns& batch, int threads) {
  add_to(contracts_, batch, threads);
}
inline void customer_base_builder::add_contacts(const contact_columns& batch, int threads) {
  add_to(contacts_, batch, threads);
}
inline void customer_base_builder::add_complaints(const complaint_columns& batch, int threads) {
  add_to(complaints_, batch, threads);
}
inline void customer_base_builder::add_costs(const cost_columns& batch, int threads) { add_to(costs_, batch, threads); }

// A chain of referrers that comes back is nothing a base depends on: strict mode alone refuses it.
inline void customer_base_builder::require_no_cycle(const table_findings& findings, const key_rows& keys,
                                                    std::size_t base_rows) const {
  if (referrals_.empty() || options_.rows == row_mode::collect) return;
  std::vector<std::int64_t> table_rows(base_rows, no_row);
  std::vector<std::int64_t> next(customers_.size(), no_row);
  for (std::size_t i = 0; i < customers_.size(); ++i) {
    if (findings.has(i)) table_rows[keys.row_of(customers_.key(i))] = static_cast<std::int64_t>(i);
  }
  std::size_t at = 0;
  for (const referral& r : referrals_) {
    while (customers_.number(at) != r.row) ++at;
    const std::uint32_t referrer = keys.row_of(r.referrer);
    if (referrer != no_base_row) next[at] = table_rows[referrer];
  }
  const std::int64_t found = smallest_in_cycle(next);
  if (found == no_row) return;
  fail_in_table(table_kind::customers, "referred_by", error_code::cycle,
                customers_.number(static_cast<std::size_t>(found)), "is a chain that comes back");
}

// What the table of customers says of them, and when they were created: not after their first event.
inline std::int64_t customer_base_builder::take_customers(const table_findings& findings, const key_rows& keys,
                                                          int threads, customer_base& out) const {
  const auto rows = static_cast<std::size_t>(out.size());
  out.created.assign(rows, no_day);
  if (has_statuses_) out.statuses.assign(rows, customer_status::active);
  if (has_consents_) out.consents.assign(rows, consent::unknown);
  for (std::size_t i = 0; i < customers_.size(); ++i) {
    if (!findings.has(i)) continue;
    const std::uint32_t row = keys.row_of(customers_.key(i));
    out.created[row] = customers_[i].created;
    if (has_statuses_) out.statuses[row] = customers_[i].status;
    if (has_consents_) out.consents[row] = customers_[i].consent;
  }
  constexpr std::int64_t customers_per_chunk = 1 << 14;
  std::vector<std::int64_t> adjusted(rows / customers_per_chunk + 1, 0);
  for_each_chunk(out.size(), customers_per_chunk, threads, [&](std::int64_t c, std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      std::int32_t& created = out.created[static_cast<std::size_t>(i)];
      if (created == no_day) continue;
      std::int32_t first = created;
      const auto take = [&](const auto& events) {
        for (const auto& e : events) first = std::min(first, detail::first_day_of(e));
      };
      take(out.purchases.of(i).first(out.purchases.of(i).empty() ? 0 : 1));
      take(out.contracts.of(i));
      take(out.contacts.of(i).first(out.contacts.of(i).empty() ? 0 : 1));
      take(out.complaints.of(i).first(out.complaints.of(i).empty() ? 0 : 1));
      adjusted[static_cast<std::size_t>(c)] += first < created ? 1 : 0;
      created = first;
    }
  });
  return std::accumulate(adjusted.begin(), adjusted.end(), std::int64_t{0});
}

inline table_report customer_base_builder::report_of_transactions(const customer_base& base,
                                                                  matched_transactions&& found) const {
  const log_report& log = transactions_.report();
  table_report report;
  report.table = table_kind::transactions;
  report.rows_read = log.rows_read;
  report.rows_taken = log.rows_read - log.rows_anonymous - log.returns_dropped - found.repeated;
  for (const rejected_row& r : log.rejected) report.rejected.push_back({r.row, name_of(r.field), r.code});
  detail::take_days(base.purchases.events, report);
  detail::take_issues(std::move(found.issues), options_, report);
  detail::add_warning(report, warning_code::id_blanks, log.id_blanks);
  detail::add_warning(report, warning_code::amounts_rounded, log.amounts_rounded);
  detail::add_warning(report, warning_code::anonymous, log.rows_anonymous);
  detail::add_warning(report, warning_code::duplicate_ignored, found.repeated);
  detail::add_warning(report, warning_code::possible_duplicate, found.possible_duplicates);
  return report;
}

inline customer_base customer_base_builder::finish(int threads, progress watch) const {
  customer_base out;
  out.currency = transactions_.currency();
  out.has_amounts = transactions_.has_amounts();
  out.has_costs = transactions_.has_costs();

  // Who there is.
  table_findings found_customers = customers_.find_repeated();
  table_findings found_contracts = contracts_.find_repeated();
  table_findings found_contacts = contacts_.find_repeated();
  table_findings found_complaints = complaints_.find_repeated();
  table_findings found_costs = costs_.find_repeated();
  key_rows keys;
  const auto number = [&] { out.ids = keys.number(transactions_.dictionary(), has_text_ids_, threads); };
  if (customers_.is_given()) {
    keys.add(customers_.customers(found_customers), threads);
    number();
  }
  progress_share folding{watch, 0, 0.5};
  auto found = transactions_.purchases(customers_.is_given() ? &keys : nullptr, threads, folding.watch());
  auto& parts = found.parts;
  if (!customers_.is_given()) {
    for_each_chunk(static_cast<std::int64_t>(parts.size()), detail::partitions_per_task, threads,
                   [&](std::int64_t, std::int64_t first, std::int64_t last) {
                     for (auto p = static_cast<std::size_t>(first); p < static_cast<std::size_t>(last); ++p) {
                       for (const auto& c : parts[p].customers) keys.add(p, c.key);
                     }
                   });
    keys.add(contracts_.customers(found_contracts), threads);
    keys.add(contacts_.customers(found_contacts), threads);
    keys.add(complaints_.customers(found_complaints), threads);
    keys.add(costs_.customers(found_costs), threads);
    number();
  }
  const auto rows = static_cast<std::size_t>(out.size());
  require_no_cycle(found_customers, keys, rows);
  watch.report(0.6);

  // What each did.
  std::int64_t unknown = 0;
  out.purchases = group_purchases(parts, keys, rows, threads, unknown);
  watch.report(0.8);
  out.contracts = contracts_.group(keys, rows, threads, found_contracts, nullptr);
  out.contacts = contacts_.group(keys, rows, threads, found_contacts, nullptr);
  out.complaints = complaints_.group(keys, rows, threads, found_complaints, nullptr);
  out.costs = costs_.group(keys, rows, threads, found_costs, &out.unallocated_costs);
  watch.report(0.9);

  // What reading them met, in the order of table_kind.
  const auto add_report = [&](const auto& table, table_findings& findings, const auto& events) {
    if (!table.is_given()) return;
    out.reports.push_back(detail::report_of(table, std::move(findings), options_));
    detail::take_days(events, out.reports.back());
  };
  if (customers_.is_given()) {
    const std::int64_t adjusted = take_customers(found_customers, keys, threads, out);
    table_report report = detail::report_of(customers_, std::move(found_customers), options_);
    for (const std::int32_t day : out.created) {
      if (day == no_day) continue;
      report.first_day = report.first_day == no_day ? day : std::min(report.first_day, day);
      report.last_day = std::max(report.last_day, day);
    }
    detail::add_warning(report, warning_code::created_adjusted, adjusted);
    out.reports.push_back(std::move(report));
  }
  if (transactions_.is_given()) {
    if (unknown != 0) found.issues = transactions_.unknown_customers(keys);
    out.reports.push_back(report_of_transactions(out, std::move(found)));
  }
  add_report(contracts_, found_contracts, out.contracts.events);
  add_report(contacts_, found_contacts, out.contacts.events);
  add_report(complaints_, found_complaints, out.complaints.events);
  add_report(costs_, found_costs, out.costs.events);
  if (costs_.is_given()) detail::take_days(out.unallocated_costs, out.reports.back());
  watch.report(1);
  return out;
}

}  // namespace kundenwert
