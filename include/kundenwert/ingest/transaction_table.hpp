// The transactions of a customer base: through an accumulator, which keeps customer-days, or where rows have ids of
// their own row by row, so that returns can be matched to purchases (ingest/transactions).
#pragma once

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/ingest/key_rows.hpp"
#include "kundenwert/ingest/purchases.hpp"
#include "kundenwert/ingest/table_rows.hpp"
#include "kundenwert/model/table_report.hpp"
#include "kundenwert/model/transaction.hpp"

namespace kundenwert {

class transaction_table {
 public:
  explicit transaction_table(const accumulator_options& options) : log_(options) {}

  // Takes a batch or throws and takes nothing of it.
  void add(const transaction_columns& batch, int threads);

  // The purchase days of all customers.
  std::vector<purchase_part> purchases(int threads, progress watch) const {
    return purchases_of(log_.days(), threads, watch);
  }
  // The rows of customers who are not in the base, ascending.
  std::vector<table_issue> unknown_customers(const key_rows& customers) const;

  bool is_given() const { return is_given_; }
  const accumulator& log() const { return log_; }
  accumulator& log() { return log_; }

 private:
  accumulator log_;
  // Whose rows they are: ids, or hashes of texts; to name the rows of customers who turn out to be unknown.
  std::vector<std::uint64_t> keys_;
  std::vector<bool> is_taken_;
  bool is_given_ = false;
};

inline void transaction_table::add(const transaction_columns& batch, int threads) {
  const std::int64_t rows = batch.size();
  const std::size_t first = keys_.size();
  try {
    in_table(table_kind::transactions, 0, [&] {
      require_columns(batch);
      keys_.resize(first + static_cast<std::size_t>(rows));
      is_taken_.resize(first + static_cast<std::size_t>(rows), true);
      const auto* const texts = std::get_if<text_column>(&batch.customer_id);
      const bool drops = log_.options().returns == returns_policy::drop && batch.has_amounts();
      const auto is_dropped = [&](std::int64_t row) {
        return drops && (batch.amount.empty() ? batch.amount_minor[row] < 0 : batch.amount[row] < 0);
      };
      constexpr std::int64_t rows_per_chunk = 1 << 15;
      for_each_chunk(rows, rows_per_chunk, threads, [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          std::uint64_t& key = keys_[first + static_cast<std::size_t>(row)];
          if (texts != nullptr) {
            key = hash_of((*texts)[row]);
          } else {
            key = static_cast<std::uint64_t>(std::get<column<std::int64_t>>(batch.customer_id)[row]);
          }
        }
      });
      for (std::int64_t row = 0; row < rows; ++row) {
        if (!is_valid(batch.customer_id, row) || is_dropped(row))
          is_taken_[first + static_cast<std::size_t>(row)] = false;
      }
      log_.add(batch, threads);
    });
  } catch (...) {
    keys_.resize(first);
    is_taken_.resize(first);
    throw;
  }
  is_given_ = true;
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
