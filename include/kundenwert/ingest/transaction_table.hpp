// The transactions of a customer base: through an accumulator, which keeps customer-days, or where rows have ids of
// their own row by row, so that returns can be matched to purchases (ingest/transactions).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/ingest/key_rows.hpp"
#include "kundenwert/ingest/purchases.hpp"
#include "kundenwert/ingest/table_rows.hpp"
#include "kundenwert/ingest/transactions.hpp"
#include "kundenwert/model/table_report.hpp"
#include "kundenwert/model/transaction.hpp"

namespace kundenwert {

class transaction_table {
 public:
  explicit transaction_table(const accumulator_options& options) : log_(options), identified_(options) {}

  // Takes a batch or throws and takes nothing of it.
  void add(const transaction_columns& batch, int threads);

  // The purchase days of everybody with a row. With ids of transactions, `known` are the customers of the base where
  // that is stated already, null otherwise: returns are matched among their rows alone.
  matched_transactions purchases(const key_rows* known, int threads, progress watch) const;
  // Without ids of transactions: the rows of customers who are not in the base, ascending.
  std::vector<table_issue> unknown_customers(const key_rows& customers) const;

  bool is_given() const { return is_given_; }
  bool has_ids() const { return has_ids_; }
  bool has_amounts() const { return has_ids_ ? identified_.has_amounts() : log_.has_amounts(); }
  bool has_costs() const { return has_ids_ ? identified_.has_costs() : log_.has_costs(); }
  const std::string& currency() const { return has_ids_ ? identified_.currency() : log_.currency(); }
  const log_report& report() const { return has_ids_ ? identified_.report() : log_.report(); }
  // Of the customers of all tables.
  const id_dictionary& dictionary() const { return log_.dictionary(); }
  id_dictionary& dictionary() { return log_.dictionary(); }

 private:
  void add_plain(const transaction_columns& batch, int threads);

  accumulator log_;
  identified_transactions identified_;
  // Whose rows they are: ids, or hashes of texts; to name the rows of customers who turn out to be unknown.
  std::vector<std::uint64_t> keys_;
  std::vector<bool> is_taken_;
  bool is_given_ = false;
  bool has_ids_ = false;
};

inline void transaction_table::add(const transaction_columns& batch, int threads) {
  // Both kinds number their rows over all batches themselves.
  in_table(table_kind::transactions, 0, [&] {
    require_columns(batch);
    const bool has_ids = size_of(batch.transaction_id) != 0;
    if (!has_ids && size_of(batch.returns_transaction_id) != 0) {
      fail(error_code::column_missing, "transaction_id", "is needed beside returns_transaction_id");
    }
    if (report().rows_read != 0 && batch.size() != 0 && has_ids != has_ids_) {
      fail(error_code::column_missing, "transaction_id", "is in some batches and not in others");
    }
    if (has_ids) {
      identified_.add(batch, log_.dictionary(), threads);
      has_ids_ = true;
    } else {
      add_plain(batch, threads);
    }
    is_given_ = true;
  });
}

inline void transaction_table::add_plain(const transaction_columns& batch, int threads) {
  const std::int64_t rows = batch.size();
  const std::size_t first = keys_.size();
  const auto* const texts = std::get_if<text_column>(&batch.customer_id);
  const bool drops = log_.options().returns == returns_policy::drop && batch.has_amounts();
  const auto is_left_out = [&](std::int64_t row) {
    if (!is_valid(batch.customer_id, row)) return true;
    return drops && (batch.amount.empty() ? batch.amount_minor[row] < 0 : batch.amount[row] < 0);
  };
  try {
    keys_.resize(first + static_cast<std::size_t>(rows));
    is_taken_.resize(first + static_cast<std::size_t>(rows), true);
    for_each_chunk(rows, rows_per_piece, threads, [&](std::int64_t, std::int64_t begin, std::int64_t end) {
      std::uint64_t* const keys = keys_.data() + first;
      for (std::int64_t row = begin; row < end; ++row) {
        keys[row] = texts != nullptr
                        ? hash_of((*texts)[row])
                        : static_cast<std::uint64_t>(std::get<column<std::int64_t>>(batch.customer_id)[row]);
      }
    });
    for (std::int64_t row = 0; row < rows; ++row) {
      if (is_left_out(row)) is_taken_[first + static_cast<std::size_t>(row)] = false;
    }
    log_.add(batch, threads);
  } catch (...) {
    keys_.resize(first);
    is_taken_.resize(first);
    throw;
  }
}

inline matched_transactions transaction_table::purchases(const key_rows* known, int threads, progress watch) const {
  if (has_ids_) return identified_.match(known, threads, watch);
  matched_transactions out;
  out.parts = purchases_of(log_.days(), threads, watch);
  return out;
}

inline std::vector<table_issue> transaction_table::unknown_customers(const key_rows& customers) const {
  std::vector<table_issue> out;
  const auto& rejected = log_.report().rejected;
  std::size_t next = 0;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    while (next < rejected.size() && rejected[next].row < row) ++next;
    const bool is_rejected = next < rejected.size() && rejected[next].row == row;
    if (is_rejected || !is_taken_[i] || customers.row_of(keys_[i]) != no_base_row) continue;
    out.push_back({row, "customer_id", error_code::unknown_customer});
  }
  return out;
}

}  // namespace kundenwert
