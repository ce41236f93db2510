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

#include <cstdint>
#include <string>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/ingest/accumulator.hpp"
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
  customer_base_options options_;
};

// A summary of a base's purchases and where its rows are in the base: customers without a purchase day in the
// observation are no row of the summary.
struct base_summary {
  summary customers;
  std::vector<std::int64_t> base_row;  // one per row of the summary, ascending
};

// The summary as of options.end, with the meaning of accumulator::finish; the same bits as that gives for a log without
// transaction ids. A purchase counts in the observation unless it was cancelled up to `end`, in the hold-out unless up
// to `holdout_end`. Of the log, the counts of customers are filled. Throws missing, date_range, date_order, cancelled.
base_summary summary_of(const customer_base& base, const finish_options& options);

}  // namespace kundenwert
