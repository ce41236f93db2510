// Transactions with ids of their own: repeated ids are found, returns are matched to the purchases they give back, and
// what is left becomes purchase days.
//
//   a return      negative amount, or amount 0 with returns_transaction_id; its money counts on its own day, and it
//                 never decides whether that day is a purchase day
//   its purchase  the row with that transaction_id: no return itself, of the same customer, not later than the return;
//                 where there is none, error return_unmatched
//   in total      not more than was bought, else error return_exceeds for the return that goes beyond, taken in the
//                 order of days, then amounts, then rows
//   given back    a purchase ends to be one on the day of the return that completes it; a purchase day does where all
//                 its purchases have, on the last of those days
// In a log without the column returns_transaction_id nothing can be matched, and the returns_policy holds as in
// ingest/accumulator; it decides beforehand, too, whether rows with negative amounts are read at all.
//
// References: domain specification B4.1 (purchases and returns), C (Transaction, bad-input policy).
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/prefetch.hpp"
#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/ingest/batch_rows.hpp"
#include "kundenwert/ingest/key_rows.hpp"
#include "kundenwert/ingest/purchases.hpp"
#include "kundenwert/model/table_report.hpp"
#include "kundenwert/model/transaction.hpp"

namespace kundenwert {

// What came of the rows.
struct matched_transactions {
  std::vector<purchase_part> parts;  // one per partition
  std::vector<table_issue> issues;   // in no stated order
  std::int64_t repeated = 0;         // rows left out that repeat an id with the same content
  std::int64_t possible_duplicates = 0;
};

class identified_transactions {
 public:
  explicit identified_transactions(const accumulator_options& options)
      : options_(options), currency_(options.currency) {}

  // Takes a batch or throws and takes nothing of it. As accumulator::add, and: transaction_id and
  // returns_transaction_id encoding; amount sign for a positive one that gives something back; returns_transaction_id
  // return_unmatched for a return that names no purchase.
  void add(const transaction_columns& batch, id_dictionary& customers, int threads);

  // Matches all rows of customers who are known, of everybody where `known` is null; rows of others are issues.
  matched_transactions match(const key_rows* known, int threads, progress watch) const;

  const log_report& report() const { return report_; }
  const std::string& currency() const { return currency_; }
  bool has_amounts() const { return source_.has_amounts; }
  bool has_costs() const { return source_.has_costs; }

 private:
  struct row {
    std::uint64_t customer;
    std::uint64_t id;
    std::uint64_t returned;  // the id of the purchase
    std::int64_t amount;
    std::int64_t cost;
    std::int32_t day;
    bool is_taken;
    bool has_id;
    bool is_return;
  };
  struct source_kind {
    bool is_decided = false;
    bool has_amounts = false;
    bool has_costs = false;
    bool has_returns = false;
    bool has_text_ids = false;  // of transactions
  };
  // The state of a matching: rows that are still in, and when purchases ended to be some.
  struct matching {
    std::vector<std::uint8_t> is_in;
    std::vector<std::int32_t> cancelled_on;
    std::vector<std::vector<table_issue>> issues;  // per partition
    std::vector<std::int64_t> repeated;
    std::vector<std::int64_t> possible_duplicates;
  };
  struct match_pair {
    std::uint32_t purchase;
    std::uint32_t given_back;
  };
  source_kind source_of(const transaction_columns& batch) const;
  std::vector<row_findings> read(const transaction_columns& batch, const batch_rows& rows, const source_kind& source,
                                 std::size_t first, int threads);
  void take_keys(const transaction_columns& batch, std::size_t first, id_dictionary& customers, int threads);
  static bool is_same(const row& a, const row& b) {
    return std::tie(a.customer, a.returned, a.amount, a.cost, a.day, a.is_return) ==
           std::tie(b.customer, b.returned, b.amount, b.cost, b.day, b.is_return);
  }
  void leave_out_unknown(const key_rows& known, int threads, matching& state) const;
  void leave_out_repeated(partitioned_keys& ids, std::size_t p, matching& state) const;
  void match_returns(const partitioned_keys& ids, const partitioned_keys& returns, std::size_t p,
                     matching& state) const;
  void cancel_purchases(std::vector<match_pair>& pairs, std::size_t p, matching& state) const;
  void fold(const partitioned_keys& customers, std::size_t p, matching& state, purchase_part& out) const;

  using row_vector = std::vector<row, unwritten_allocator<row>>;
  accumulator_options options_;
  source_kind source_;
  std::string currency_;
  log_report report_;
  row_vector rows_;  // every row that was read, so that its place is its number
  id_dictionary dictionary_;
};

inline identified_transactions::source_kind identified_transactions::source_of(const transaction_columns& batch) const {
  const source_kind found{true, batch.has_amounts(), !batch.variable_cost.empty(),
                          size_of(batch.returns_transaction_id) != 0,
                          std::holds_alternative<text_column>(batch.transaction_id)};
  if (found.has_returns) {
    if (!found.has_amounts) fail(error_code::column_missing, "amount", "is needed beside returns_transaction_id");
    if (batch.returns_transaction_id.index() != batch.transaction_id.index()) {
      fail(error_code::wrong_type, "returns_transaction_id", "and transaction_id must both be numbers or both be text");
    }
  }
  if (!source_.is_decided) return found;
  const auto require_same = [](bool is_same, std::string_view column) {
    if (!is_same) fail(error_code::column_missing, column, "is in some batches and not in others");
  };
  require_same(found.has_amounts == source_.has_amounts, "amount");
  require_same(found.has_costs == source_.has_costs, "variable_cost");
  require_same(found.has_returns == source_.has_returns, "returns_transaction_id");
  if (found.has_text_ids != source_.has_text_ids) {
    fail(error_code::wrong_type, "transaction_id", "is text in one batch and numbers in another");
  }
  return found;
}

inline void identified_transactions::add(const transaction_columns& batch, id_dictionary& customers, int threads) {
  std::string currency = currency_of(batch, currency_);
  const batch_rows rows(batch, {options_.returns, options_.rows, options_.load_date, currency, report_.rows_read});
  if (rows.size() == 0) return;
  const source_kind source = source_of(batch);
  const std::size_t first = rows_.size();
  if (first + static_cast<std::size_t>(rows.size()) >= UINT32_MAX) {
    fail(error_code::overflow, "transaction_id", "more than 2^32 rows");
  }
  std::vector<row_findings> found;
  try {
    rows_.resize(first + static_cast<std::size_t>(rows.size()));
    found = read(batch, rows, source, first, threads);
    take_keys(batch, first, customers, threads);
    std::size_t rejected = 0;
    for (const auto& f : found) rejected += f.rejected.size();
    make_room(report_.rejected, rejected);
  } catch (...) {
    rows_.resize(first);
    throw;
  }
  // From here on nothing can fail.
  for (const auto& f : found) {
    report_.rows_anonymous += f.anonymous;
    report_.returns_dropped += f.returns_dropped;
    report_.amounts_rounded += f.amounts_rounded;
    report_.id_blanks += f.id_blanks;
    report_.rejected.insert(report_.rejected.end(), f.rejected.begin(), f.rejected.end());
  }
  report_.rows_read += rows.size();
  source_ = source;
  currency_ = std::move(currency);
}

// Reads a batch into the rows from `first` on; keys of texts are left to take_keys.
inline std::vector<row_findings> identified_transactions::read(const transaction_columns& batch, const batch_rows& rows,
                                                               const source_kind& source, std::size_t first,
                                                               int threads) {
  std::vector<row_findings> found(static_cast<std::size_t>((rows.size() + rows_per_piece - 1) / rows_per_piece));
  const auto is_bad = [](const id_column& ids, std::int64_t i) {
    const auto* texts = std::get_if<text_column>(&ids);
    return texts != nullptr && !is_valid_id((*texts)[i]);
  };
  for_each_chunk(rows.size(), rows_per_piece, threads, [&](std::int64_t piece, std::int64_t begin, std::int64_t end) {
    row_findings& findings = found[static_cast<std::size_t>(piece)];
    for (std::int64_t i = begin; i < end; ++i) rows_[first + static_cast<std::size_t>(i)] = row{};
    const auto take = [&](std::int64_t i, std::uint64_t key, std::int32_t day, const row_money& money) {
      row r{key, 0, 0, money.amount, money.cost, day, true, is_valid(batch.transaction_id, i), false};
      const auto refuse = [&](transaction_field field, error_code code, std::string_view message) {
        rows.reject(i, field, code, message, findings);
        return false;
      };
      if (r.has_id && is_bad(batch.transaction_id, i)) {
        return refuse(transaction_field::transaction_id, error_code::encoding, "is not valid UTF-8 of 1 to 128 bytes");
      }
      if (source.has_returns) {
        const bool names_purchase = is_valid(batch.returns_transaction_id, i);
        r.is_return = names_purchase || money.amount < 0;
        if (r.is_return && !names_purchase) {
          return refuse(transaction_field::returns_transaction_id, error_code::return_unmatched,
                        "is null for a return");
        }
        if (r.is_return && is_bad(batch.returns_transaction_id, i)) {
          return refuse(transaction_field::returns_transaction_id, error_code::encoding,
                        "is not valid UTF-8 of 1 to 128 bytes");
        }
        if (r.is_return && money.amount > 0) {
          return refuse(transaction_field::amount, error_code::sign, "of a return is above zero");
        }
      }
      rows_[first + static_cast<std::size_t>(i)] = r;
      return true;
    };
    rows.check(begin, end, findings, take);
  });
  return found;
}

inline void identified_transactions::take_keys(const transaction_columns& batch, std::size_t first,
                                               id_dictionary& customers, int threads) {
  std::vector<std::int64_t> taken;
  const auto take = [&](const id_column& ids, id_dictionary& dictionary, std::uint64_t row::*key, auto&& is_wanted) {
    taken.clear();
    for (std::size_t i = first; i < rows_.size(); ++i) {
      if (rows_[i].is_taken && is_wanted(rows_[i])) taken.push_back(static_cast<std::int64_t>(i - first));
    }
    const auto keys = keys_of(ids, taken, dictionary, threads);
    for (std::size_t i = 0; i < taken.size(); ++i) rows_[first + static_cast<std::size_t>(taken[i])].*key = keys[i];
  };
  if (batch.has_text_ids()) {
    take(batch.customer_id, customers, &row::customer, [](const row&) { return true; });
  }
  take(batch.transaction_id, dictionary_, &row::id, [](const row& r) { return r.has_id; });
  if (size_of(batch.returns_transaction_id) != 0) {
    take(batch.returns_transaction_id, dictionary_, &row::returned, [](const row& r) { return r.is_return; });
  }
}

inline matched_transactions identified_transactions::match(const key_rows* known, int threads, progress watch) const {
  matching state;
  state.is_in.resize(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) state.is_in[i] = rows_[i].is_taken ? 1 : 0;
  state.issues.resize(partitions + 1);
  state.repeated.resize(partitions);
  state.possible_duplicates.resize(partitions);
  const auto for_each_partition = [&](auto&& body) {
    for_each_chunk(static_cast<std::int64_t>(partitions), detail::partitions_per_task, threads,
                   [&](std::int64_t, std::int64_t first, std::int64_t last) {
                     for (std::int64_t p = first; p < last; ++p) body(static_cast<std::size_t>(p));
                   });
  };
  if (known != nullptr) leave_out_unknown(*known, threads, state);
  watch.report(0.1);
  partitioned_keys ids = partitioned(
      rows_.size(), [&](std::size_t i) { return state.is_in[i] != 0 && rows_[i].has_id; },
      [&](std::size_t i) { return rows_[i].id; });
  for_each_partition([&](std::size_t p) { leave_out_repeated(ids, p, state); });
  watch.report(0.4);
  if (source_.has_returns) {
    const partitioned_keys returns = partitioned(
        rows_.size(), [&](std::size_t i) { return state.is_in[i] != 0 && rows_[i].is_return; },
        [&](std::size_t i) { return rows_[i].returned; });
    state.cancelled_on.assign(rows_.size(), no_day);
    for_each_partition([&](std::size_t p) { match_returns(ids, returns, p, state); });
  }
  watch.report(0.6);
  ids = partitioned_keys();
  const partitioned_keys customers = partitioned(
      rows_.size(), [&](std::size_t i) { return state.is_in[i] != 0; },
      [&](std::size_t i) { return rows_[i].customer; });
  matched_transactions out;
  out.parts.resize(partitions);
  for_each_partition([&](std::size_t p) { fold(customers, p, state, out.parts[p]); });
  for (const auto& list : state.issues) out.issues.insert(out.issues.end(), list.begin(), list.end());
  for (std::size_t p = 0; p < partitions; ++p) {
    out.repeated += state.repeated[p];
    out.possible_duplicates += state.possible_duplicates[p];
  }
  watch.report(1);
  return out;
}

inline void identified_transactions::leave_out_unknown(const key_rows& known, int threads, matching& state) const {
  constexpr std::int64_t rows_per_chunk = 1 << 15;
  for_each_chunk(static_cast<std::int64_t>(rows_.size()), rows_per_chunk, threads,
                 [&](std::int64_t, std::int64_t begin, std::int64_t end) {
                   std::vector<std::uint64_t> keys;
                   for (std::int64_t i = begin; i < end; ++i) {
                     keys.push_back(rows_[static_cast<std::size_t>(i)].customer);
                   }
                   const auto base_rows = known.rows_of(keys, 1);
                   for (std::size_t i = 0; i < keys.size(); ++i) {
                     std::uint8_t& is_in = state.is_in[static_cast<std::size_t>(begin) + i];
                     if (is_in != 0 && base_rows[i] == no_base_row) is_in = 2;
                   }
                 });
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (state.is_in[i] != 2) continue;
    state.is_in[i] = 0;
    state.issues.back().push_back(
        {static_cast<std::int64_t>(i), name_of(transaction_field::customer_id), error_code::unknown_customer});
  }
}

// Leaves the first row of every id, in the order of the ids.
inline void identified_transactions::leave_out_repeated(partitioned_keys& ids, std::size_t p, matching& state) const {
  struct identified {
    std::uint64_t id;
    std::uint32_t number;
  };
  std::vector<identified> list;
  constexpr std::size_t ahead = 16;
  for (std::size_t i = ids.begin[p]; i < ids.begin[p + 1]; ++i) {
    if (i + ahead < ids.begin[p + 1]) prefetch(&rows_[ids.numbers[i + ahead]].id);
    list.push_back({rows_[ids.numbers[i]].id, ids.numbers[i]});
  }
  std::sort(list.begin(), list.end(),
            [](const identified& a, const identified& b) { return a.id != b.id ? a.id < b.id : a.number < b.number; });
  std::size_t first = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    ids.numbers[ids.begin[p] + i] = list[i].number;
    if (list[i].id != list[first].id) first = i;
    if (i == first) continue;
    state.is_in[list[i].number] = 0;
    if (is_same(rows_[list[i].number], rows_[list[first].number])) {
      ++state.repeated[p];
    } else {
      state.issues[p].push_back({list[i].number, name_of(transaction_field::transaction_id), error_code::duplicate_id});
    }
  }
}

inline void identified_transactions::match_returns(const partitioned_keys& ids, const partitioned_keys& returns,
                                                   std::size_t p, matching& state) const {
  std::vector<match_pair> pairs;
  const std::uint32_t* const first = ids.numbers.data() + ids.begin[p];
  const std::uint32_t* const last = ids.numbers.data() + ids.begin[p + 1];
  for (std::size_t i = returns.begin[p]; i < returns.begin[p + 1]; ++i) {
    const std::uint32_t number = returns.numbers[i];
    const row& back = rows_[number];
    const std::uint32_t* const found = std::lower_bound(
        first, last, back.returned, [&](std::uint32_t n, std::uint64_t id) { return rows_[n].id < id; });
    const bool is_purchase = found != last && rows_[*found].id == back.returned && !rows_[*found].is_return &&
                             rows_[*found].customer == back.customer && rows_[*found].day <= back.day;
    if (is_purchase) {
      pairs.push_back({*found, number});
      continue;
    }
    state.is_in[number] = 0;
    state.issues[p].push_back(
        {number, name_of(transaction_field::returns_transaction_id), error_code::return_unmatched});
  }
  std::sort(pairs.begin(), pairs.end(), [&](const match_pair& a, const match_pair& b) {
    const row& left = rows_[a.given_back];
    const row& right = rows_[b.given_back];
    return std::tie(a.purchase, left.day, right.amount, left.cost, a.given_back) <
           std::tie(b.purchase, right.day, left.amount, right.cost, b.given_back);
  });
  cancel_purchases(pairs, p, state);
}

// Takes returns off their purchases, in the order of the pairs.
inline void identified_transactions::cancel_purchases(std::vector<match_pair>& pairs, std::size_t p,
                                                      matching& state) const {
  for (std::size_t i = 0; i < pairs.size();) {
    const std::uint32_t purchase = pairs[i].purchase;
    std::int64_t left = rows_[purchase].amount;
    std::int32_t last_day = no_day;
    for (; i < pairs.size() && pairs[i].purchase == purchase; ++i) {
      const std::uint32_t number = pairs[i].given_back;
      if (-rows_[number].amount > left) {
        state.is_in[number] = 0;
        state.issues[p].push_back({number, name_of(transaction_field::amount), error_code::return_exceeds});
        continue;
      }
      left += rows_[number].amount;
      last_day = rows_[number].day;
    }
    if (left == 0 && last_day != no_day) state.cancelled_on[purchase] = last_day;
  }
}

// The rows of one partition's customers as their purchase days.
inline void identified_transactions::fold(const partitioned_keys& customers, std::size_t p, matching& state,
                                          purchase_part& out) const {
  struct placed_row {
    std::uint64_t customer;
    std::int32_t day;
    std::uint32_t number;
  };
  std::vector<placed_row> list;
  constexpr std::size_t ahead = 16;
  for (std::size_t i = customers.begin[p]; i < customers.begin[p + 1]; ++i) {
    if (i + ahead < customers.begin[p + 1]) prefetch(&rows_[customers.numbers[i + ahead]]);
    const row& r = rows_[customers.numbers[i]];
    list.push_back({r.customer, r.day, customers.numbers[i]});
  }
  std::sort(list.begin(), list.end(), [](const placed_row& a, const placed_row& b) {
    return std::tie(a.customer, a.day, a.number) < std::tie(b.customer, b.day, b.number);
  });
  std::vector<std::int64_t> amounts;
  for (std::size_t i = 0; i < list.size();) {
    const std::uint64_t customer = list[i].customer;
    const std::int32_t day_number = list[i].day;
    customer_day day;
    bool has_purchase = false;
    bool is_cancelled = true;
    std::int32_t cancelled_on = day_number;
    amounts.clear();
    for (; i < list.size() && list[i].customer == customer && list[i].day == day_number; ++i) {
      const row& r = rows_[list[i].number];
      day.net.add(r.amount);
      day.cost.add(r.cost);
      day.has_return |= r.amount < 0;
      if (r.has_id) amounts.push_back(r.amount);
      if (r.is_return) continue;
      has_purchase = true;
      const std::int32_t cancelled = source_.has_returns ? state.cancelled_on[list[i].number] : no_day;
      is_cancelled = is_cancelled && cancelled != no_day;
      cancelled_on = std::max(cancelled_on, cancelled);
    }
    const bool is_purchase = source_.has_returns ? has_purchase && !is_cancelled : day.is_purchase();
    out.add_day(day_number, is_purchase ? no_day : source_.has_returns ? cancelled_on : day_number, day.net, day.cost);
    if (amounts.size() > 1) {
      std::sort(amounts.begin(), amounts.end());
      for (std::size_t k = 1; k < amounts.size(); ++k) {
        state.possible_duplicates[p] += amounts[k] == amounts[k - 1] ? 1 : 0;
      }
    }
    if (i == list.size() || list[i].customer != customer) out.end_customer(customer);
  }
}

}  // namespace kundenwert
