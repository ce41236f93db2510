// Reads the rows of one batch: checks each one in the order customer_id, date, amount, variable_cost, currency, and
// hands what is taken to a sink. A batch is read in pieces on several threads; a second reading of a piece without bad
// rows checks nothing again.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kundenwert/base/amounts.hpp"
#include "kundenwert/base/check.hpp"
#include "kundenwert/ingest/ids.hpp"
#include "kundenwert/model/log_report.hpp"
#include "kundenwert/model/transaction.hpp"

namespace kundenwert {

// What a batch is held against.
struct row_rules {
  returns_policy returns = returns_policy::net;
  row_mode rows = row_mode::strict;
  std::int32_t load_date = no_day;
  std::string currency;        // empty: rows name none
  std::int64_t first_row = 0;  // number of the batch's first row over all batches
};

// What a piece of a batch contained beside the rows that were taken.
struct row_findings {
  std::int64_t anonymous = 0;
  std::int64_t returns_dropped = 0;
  std::int64_t amounts_rounded = 0;
  std::int64_t id_blanks = 0;
  std::vector<rejected_row> rejected;
};

// The money of a row in millionths.
struct row_money {
  std::int64_t amount = 0;
  std::int64_t cost = 0;  // variable cost; 0 where there is no such column
};

// The currency of a run so far, or where none is known yet the first one a row of the batch names.
inline std::string currency_of(const transaction_columns& batch, const std::string& known) {
  for (std::int64_t row = 0; known.empty() && row < batch.currency.size(); ++row) {
    if (batch.currency.is_valid(row)) return std::string(batch.currency[row]);
  }
  return known;
}

class batch_rows {
 public:
  // Throws length_mismatch, domain (minor_exponent).
  batch_rows(const transaction_columns& batch, row_rules rules);

  // Checks rows [begin, end) and calls sink(row, key, day, money) for each good one; the key of a text is its hash.
  // The sink returns whether it took the row, and rejects it otherwise. Throws the first bad row in strict mode,
  // lists it otherwise.
  template <class Sink>
  void check(std::int64_t begin, std::int64_t end, row_findings& findings, Sink&& sink) const;

  // The same rows again. `keys` gives the keys of texts by row (unused for numbers); `had_rejected`: check() listed
  // rows of this piece.
  template <class Sink>
  void read(std::int64_t begin, std::int64_t end, bool had_rejected, const std::uint64_t* keys, Sink&& sink) const;

  // Lists a row, or throws in strict mode.
  void reject(std::int64_t row, transaction_field field, error_code code, std::string_view message,
              row_findings& findings) const;

  std::int64_t size() const { return batch_.size(); }
  const text_column* text_ids() const { return std::get_if<text_column>(&batch_.customer_id); }  // null for numbers

 private:
  struct pass {
    bool checks = true;  // rows may be bad
    bool finds = true;   // warnings are counted, bad rows reported
    const std::uint64_t* keys = nullptr;
  };
  template <class Sink>
  void visit(std::int64_t begin, std::int64_t end, pass p, row_findings& findings, Sink&& sink) const;
  template <bool Checks, bool Finds, class Ids, class Amounts, class Sink>
  void visit_rows(std::int64_t begin, std::int64_t end, const Ids& ids, const Amounts& amounts, row_findings& findings,
                  Sink&& sink) const;
  void reject_row(std::int64_t row, row_findings& findings) const;
  bool reject_cost(std::int64_t row, row_findings& findings) const;
  bool is_bad_cost(std::int64_t row, std::int64_t amount) const {
    const double cost = batch_.variable_cost[row];
    return !(std::fabs(cost) <= largest_amount) || !batch_.variable_cost.validity.is_valid(row) ||
           (amount > 0 && cost < 0) || (amount < 0 && cost > 0);
  }
  bool is_other_currency(std::int64_t row) const {
    return batch_.currency.is_valid(row) && batch_.currency[row] != rules_.currency;
  }

  const transaction_columns& batch_;
  row_rules rules_;
  minor_units minor_;
  std::int32_t last_day_;
};

namespace detail {

// How a row's id becomes a key.
struct number_ids {
  const column<std::int64_t>& ids;

  bool is_null(std::int64_t row) const { return !ids.validity.is_valid(row); }
  bool is_bad(std::int64_t) const { return false; }
  bool has_blanks(std::int64_t) const { return false; }
  std::uint64_t key(std::int64_t row) const { return static_cast<std::uint64_t>(ids[row]); }
};
struct text_ids {
  const text_column& ids;
  const std::uint64_t* keys;

  bool is_null(std::int64_t row) const { return !ids.is_valid(row); }
  bool is_bad(std::int64_t row) const {
    const auto i = static_cast<std::size_t>(row);
    const std::int64_t length = ids.offsets[i + 1] - ids.offsets[i];
    return length < 1 || length > longest_id || !is_valid_utf8(ids[row]);
  }
  bool has_blanks(std::int64_t row) const { return has_surrounding_blanks(ids[row]); }
  std::uint64_t key(std::int64_t row) const { return keys != nullptr ? keys[row] : hash_of(ids[row]); }
};

// How a row's money becomes millionths.
struct no_amounts {
  bool is_bad(std::int64_t) const { return false; }
  std::int64_t millionths(std::int64_t) const { return 0; }
  bool is_rounded(std::int64_t, std::int64_t) const { return false; }
};
struct double_amounts {
  const column<double>& amounts;

  bool is_bad(std::int64_t row) const {
    return !(std::fabs(amounts[row]) <= largest_amount) || !amounts.validity.is_valid(row);
  }
  std::int64_t millionths(std::int64_t row) const { return millionths_of(amounts[row]); }
  bool is_rounded(std::int64_t row, std::int64_t value) const { return kundenwert::is_rounded(amounts[row], value); }
};
struct minor_amounts {
  const column<std::int64_t>& amounts;
  const minor_units& minor;

  bool is_bad(std::int64_t row) const { return !minor.is_in_range(amounts[row]) || !amounts.is_valid(row); }
  std::int64_t millionths(std::int64_t row) const { return minor.millionths_of(amounts[row]); }
  bool is_rounded(std::int64_t row, std::int64_t) const { return minor.is_rounded(amounts[row]); }
};

}  // namespace detail

inline batch_rows::batch_rows(const transaction_columns& batch, row_rules rules)
    : batch_(batch), rules_(std::move(rules)), minor_(batch.minor_exponent), last_day_(latest_day) {
  const std::int64_t ids = std::visit([](const auto& c) { return c.size(); }, batch.customer_id);
  require_same_length(batch.day.size(), ids, name_of(transaction_field::customer_id));
  if (!batch.amount.empty() && !batch.amount_minor.empty()) {
    fail(error_code::wrong_type, name_of(transaction_field::amount), "is given both as doubles and in minor units");
  }
  if (!batch.amount.empty()) {
    require_same_length(batch.day.size(), batch.amount.size(), name_of(transaction_field::amount));
  }
  if (!batch.amount_minor.empty()) {
    require_same_length(batch.day.size(), batch.amount_minor.size(), name_of(transaction_field::amount));
  }
  if (batch.currency.size() != 0) {
    require_same_length(batch.day.size(), batch.currency.size(), name_of(transaction_field::currency));
  }
  if (!batch.variable_cost.empty()) {
    require_same_length(batch.day.size(), batch.variable_cost.size(), name_of(transaction_field::variable_cost));
    if (!batch.has_amounts()) fail(error_code::column_missing, "amount", "is needed beside variable_cost");
  }
  if (rules_.load_date != no_day) last_day_ = std::min(last_day_, rules_.load_date);
}

template <class Sink>
void batch_rows::check(std::int64_t begin, std::int64_t end, row_findings& findings, Sink&& sink) const {
  visit(begin, end, {true, true, nullptr}, findings, sink);
}

template <class Sink>
void batch_rows::read(std::int64_t begin, std::int64_t end, bool had_rejected, const std::uint64_t* keys,
                      Sink&& sink) const {
  row_findings none;
  visit(begin, end, {had_rejected, false, keys}, none, sink);
}

template <class Sink>
void batch_rows::visit(std::int64_t begin, std::int64_t end, pass p, row_findings& findings, Sink&& sink) const {
  const auto with_ids = [&](const auto& ids) {
    const auto with_amounts = [&](const auto& amounts) {
      if (p.finds) {
        visit_rows<true, true>(begin, end, ids, amounts, findings, sink);
      } else if (p.checks) {
        visit_rows<true, false>(begin, end, ids, amounts, findings, sink);
      } else {
        visit_rows<false, false>(begin, end, ids, amounts, findings, sink);
      }
    };
    if (!batch_.amount.empty()) {
      with_amounts(detail::double_amounts{batch_.amount});
    } else if (!batch_.amount_minor.empty()) {
      with_amounts(detail::minor_amounts{batch_.amount_minor, minor_});
    } else {
      with_amounts(detail::no_amounts{});
    }
  };
  if (batch_.has_text_ids()) {
    with_ids(detail::text_ids{std::get<text_column>(batch_.customer_id), p.keys});
  } else {
    with_ids(detail::number_ids{std::get<column<std::int64_t>>(batch_.customer_id)});
  }
}

template <bool Checks, bool Finds, class Ids, class Amounts, class Sink>
void batch_rows::visit_rows(std::int64_t begin, std::int64_t end, const Ids& ids, const Amounts& amounts,
                            row_findings& findings, Sink&& sink) const {
  const bool has_currency = batch_.currency.size() != 0;
  const bool has_costs = !batch_.variable_cost.empty();
  for (std::int64_t row = begin; row < end; ++row) {
    const bool is_anonymous = ids.is_null(row);
    const std::int32_t day = batch_.day[row];
    if constexpr (Checks) {
      const bool is_bad = (!is_anonymous && ids.is_bad(row)) || day < earliest_day || day > last_day_ ||
                          !batch_.day.is_valid(row) || amounts.is_bad(row) ||
                          (has_costs && is_bad_cost(row, amounts.millionths(row)));
      if (is_bad || (has_currency && is_other_currency(row))) {
        if constexpr (Finds) reject_row(row, findings);
        continue;
      }
    }
    const std::int64_t millionths = amounts.millionths(row);
    if (millionths < 0 && rules_.returns != returns_policy::net) {
      if (rules_.returns == returns_policy::error) {
        if constexpr (Finds) reject(row, transaction_field::amount, error_code::sign, "is negative", findings);
        continue;
      }
      if (!is_anonymous) {
        if constexpr (Finds) ++findings.returns_dropped;
        continue;
      }
    }
    if (is_anonymous) {
      if constexpr (Finds) ++findings.anonymous;
      continue;
    }
    const std::int64_t cost = has_costs ? millionths_of(batch_.variable_cost[row]) : 0;
    const bool is_taken = sink(row, ids.key(row), day, row_money{millionths, cost});
    if constexpr (Finds) {
      findings.amounts_rounded += is_taken && amounts.is_rounded(row, millionths) ? 1 : 0;
      findings.id_blanks += is_taken && ids.has_blanks(row) ? 1 : 0;
    }
  }
}

inline void batch_rows::reject(std::int64_t row, transaction_field field, error_code code, std::string_view message,
                               row_findings& findings) const {
  const std::int64_t number = rules_.first_row + row;
  if (rules_.rows == row_mode::strict || code == error_code::currency_mismatch) {
    fail_at(code, name_of(field), number, message);
  }
  findings.rejected.push_back({number, field, code});
}

inline void batch_rows::reject_row(std::int64_t row, row_findings& findings) const {
  // A second currency is a mistake of the whole log: it is an error even where the row has others.
  if (batch_.currency.size() != 0 && is_other_currency(row) && rules_.rows == row_mode::collect) {
    reject(row, transaction_field::currency, error_code::currency_mismatch, "is not " + rules_.currency, findings);
  }
  if (const auto* ids = std::get_if<text_column>(&batch_.customer_id)) {
    if (ids->is_valid(row) && detail::text_ids{*ids, nullptr}.is_bad(row)) {
      return reject(row, transaction_field::customer_id, error_code::encoding, "is not valid UTF-8 of 1 to 128 bytes",
                    findings);
    }
  }
  const std::int32_t day = batch_.day[row];
  if (!batch_.day.is_valid(row)) {
    return reject(row, transaction_field::date, error_code::missing, "is null", findings);
  }
  if (day < earliest_day || day > latest_day) {
    return reject(row, transaction_field::date, error_code::date_range,
                  "is not in 1900-01-01 to 2199-12-31: day " + std::to_string(day), findings);
  }
  if (day > last_day_) {
    return reject(row, transaction_field::date, error_code::future_date, "is after the load date", findings);
  }
  const bool is_double = !batch_.amount.empty();
  const bool has_null =
      is_double ? !batch_.amount.is_valid(row) : !batch_.amount_minor.empty() && !batch_.amount_minor.is_valid(row);
  if (has_null) {
    return reject(row, transaction_field::amount, error_code::missing, "is missing or NaN", findings);
  }
  if (is_double && std::isinf(batch_.amount[row])) {
    return reject(row, transaction_field::amount, error_code::non_finite, "is infinite", findings);
  }
  const bool is_large = is_double ? std::fabs(batch_.amount[row]) > largest_amount
                                  : !batch_.amount_minor.empty() && !minor_.is_in_range(batch_.amount_minor[row]);
  if (is_large) {
    return reject(row, transaction_field::amount, error_code::overflow, "is above 1e12", findings);
  }
  if (!batch_.variable_cost.empty() && reject_cost(row, findings)) return;
  reject(row, transaction_field::currency, error_code::currency_mismatch, "is not " + rules_.currency, findings);
}

// Lists a row with a bad cost; false where the cost is good.
inline bool batch_rows::reject_cost(std::int64_t row, row_findings& findings) const {
  const std::int64_t amount = batch_.amount.empty() ? batch_.amount_minor[row] : millionths_of(batch_.amount[row]);
  if (!is_bad_cost(row, amount)) return false;
  constexpr auto field = transaction_field::variable_cost;
  const double cost = batch_.variable_cost[row];
  if (!batch_.variable_cost.is_valid(row)) {
    reject(row, field, error_code::missing_cost, "is missing or NaN where other rows have one", findings);
  } else if (std::isinf(cost)) {
    reject(row, field, error_code::non_finite, "is infinite", findings);
  } else if (std::fabs(cost) > largest_amount) {
    reject(row, field, error_code::overflow, "is above 1e12", findings);
  } else {
    reject(row, field, error_code::sign, "has another sign than the amount", findings);
  }
  return true;
}

}  // namespace kundenwert
