// The rows of one table of a customer base beside transactions: checked batch by batch, kept with the keys of their
// customers, held against each other for repeated ids, and at last grouped by customer.
//
// References: domain specification C (bad-input policy).
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/ingest/distribution_sort.hpp"
#include "kundenwert/ingest/key_rows.hpp"
#include "kundenwert/model/customer_base.hpp"
#include "kundenwert/model/fields.hpp"
#include "kundenwert/model/nouns.hpp"
#include "kundenwert/model/transaction.hpp"

namespace kundenwert {

// What the rows of a table are held against.
struct table_rules {
  row_mode rows = row_mode::strict;
  std::int32_t load_date = no_day;
};

// Rows that are wrong only beside others, and those that repeat one.
struct table_findings {
  std::vector<table_issue> issues;
  std::int64_t repeated = 0;
  std::vector<std::uint8_t> is_left_out;  // per kept row; empty: none

  void leave_out(std::size_t row, std::size_t rows) {
    if (is_left_out.empty()) is_left_out.assign(rows, 0);
    is_left_out[row] = 1;
  }
  bool has(std::size_t row) const { return is_left_out.empty() || is_left_out[row] == 0; }
};

// An error of a table of a base: its argument is "table.column", its row counts over all batches.
[[noreturn]] void fail_in_table(table_kind table, std::string_view column, error_code code, std::int64_t row,
                                std::string_view message);

// Calls body() and says of what it throws which table it is about; rows are those of a batch that begins at `first`.
template <class Body>
decltype(auto) in_table(table_kind table, std::int64_t first, Body&& body);

inline customer row_at(const customer_columns& c, std::int64_t row) { return customer_at(c, row); }
inline contract row_at(const contract_columns& c, std::int64_t row) { return contract_at(c, row); }
inline contact row_at(const contact_columns& c, std::int64_t row) { return contact_at(c, row); }
inline complaint row_at(const complaint_columns& c, std::int64_t row) { return complaint_at(c, row); }
inline cost row_at(const cost_columns& c, std::int64_t row) { return cost_at(c, row); }

template <class Columns>
class table_rows {
 public:
  using event = decltype(row_at(std::declval<const Columns&>(), std::int64_t{0}));
  static constexpr table_kind kind = noun<Columns>::kind;

  // Takes a batch or throws and takes nothing of it.
  void add(const Columns& batch, const table_rules& rules, id_dictionary& dictionary, int threads);

  // Rows whose id came before: with the same content they are left out, with other content they are an issue.
  table_findings find_repeated() const;

  // Groups the rows that `findings` keeps by the base row of their customers, each group in ascending order. Rows for
  // nobody in the base become issues, rows without customer go to `without`.
  grouped<event> group(const key_rows& customers, std::size_t base_rows, int threads, table_findings& findings,
                       std::vector<event>* without) const;

  bool is_given() const { return is_given_; }
  std::int64_t rows_read() const { return rows_read_; }
  std::int64_t id_blanks() const { return id_blanks_; }
  const std::vector<table_issue>& rejected() const { return rejected_; }
  std::size_t size() const { return events_.size(); }
  const event& operator[](std::size_t row) const { return events_[row]; }
  std::uint64_t key(std::size_t row) const { return keys_[row]; }
  std::int64_t number(std::size_t row) const { return numbers_[row]; }
  bool has_customer(std::size_t row) const { return is_without_customer_.empty() || is_without_customer_[row] == 0; }
  // The keys of the customers of rows that `findings` keeps.
  std::vector<std::uint64_t> customers(const table_findings& findings) const;

 private:
  // A row that has an id of its own.
  struct identified {
    std::uint64_t order;  // mixed key of the id
    std::uint64_t content;
    std::uint32_t row;
  };
  struct piece {
    std::vector<event> events;
    std::vector<std::int64_t> rows;
    std::vector<table_issue> rejected;
    std::int64_t id_blanks = 0;
  };
  static const id_column* own_ids(const Columns& batch);
  void require_type(const id_column* ids) const;
  void read(const Columns& batch, const table_rules& rules, std::int64_t begin, std::int64_t end, piece& out) const;

  std::vector<event> events_;
  std::vector<std::uint64_t> keys_;  // of customers
  std::vector<std::int64_t> numbers_;
  std::vector<std::uint8_t> is_without_customer_;  // costs; empty: every row has one
  std::vector<identified> identified_;
  id_dictionary own_dictionary_;
  std::vector<table_issue> rejected_;
  std::int64_t rows_read_ = 0;
  std::int64_t id_blanks_ = 0;
  bool is_given_ = false;
  bool has_own_ids_ = false;
  bool has_text_ids_ = false;  // of its own
  bool is_ascending_ = true;   // ids are numbers and ascend: none is repeated
  std::int64_t last_id_ = 0;
};

// Whether columns hold the same in two rows, as a number that is equal where they do.
template <class Columns>
std::uint64_t content_of(const Columns& columns, std::int64_t row);

[[noreturn]] inline void fail_in_table(table_kind table, std::string_view column, error_code code, std::int64_t row,
                                       std::string_view message) {
  std::string argument(name_of(table));
  if (!column.empty()) argument.append(".").append(column);
  throw error(code, argument, row, message);
}

template <class Body>
decltype(auto) in_table(table_kind table, std::int64_t first, Body&& body) {
  try {
    return body();
  } catch (const error& e) {
    if (e.code() == error_code::cancelled) throw;
    fail_in_table(table, e.argument(), e.code(), e.row() == no_row ? no_row : e.row() + first, e.message());
  }
}

namespace detail {

inline std::uint64_t content_after(std::uint64_t content, std::uint64_t word) {
  // As hash_of: odd multipliers, every step one-to-one in the word it takes.
  constexpr std::uint64_t step = 0xFF51AFD7ED558CCD;
  content = (content ^ word) * step;
  return content ^ (content >> 32);
}
inline std::uint64_t word_of(std::int32_t value) { return static_cast<std::uint32_t>(value); }
inline std::uint64_t word_of(std::int64_t value) { return static_cast<std::uint64_t>(value); }
inline std::uint64_t word_of(double value) { return order_of(value + 0.0); }  // -0 is 0
inline std::uint64_t word_of(std::string_view text) { return hash_of(text); }

template <class Column>
std::uint64_t content_after(std::uint64_t content, const Column& values, std::int64_t row) {
  const bool is_known = values.size() != 0 && values.is_valid(row);
  content = content_after(content, is_known ? 1 : 0);
  return is_known ? content_after(content, word_of(values[row])) : content;
}
inline std::uint64_t content_after(std::uint64_t content, const id_column& ids, std::int64_t row) {
  return std::visit([&](const auto& c) { return content_after(content, c, row); }, ids);
}

// Events of one customer in an order that depends on nothing but their content.
inline std::uint64_t order_of_amount(double value) { return value != value ? UINT64_MAX : order_of(value + 0.0); }
inline auto order_of_event(const contract& c) {
  const std::int32_t open_last = c.end == no_day ? INT32_MAX : c.end;
  return std::tuple(c.start, open_last, c.planned_end, c.signed_on, c.notice, c.renewal, c.period,
                    order_of_amount(c.recurring_amount));
}
inline auto order_of_event(const contact& c) { return std::tuple(c.day, c.direction, c.channel, c.purpose); }
inline auto order_of_event(const complaint& c) {
  return std::tuple(c.opened, c.first_response, c.resolved, c.reopened, c.kind, order_of_amount(c.satisfaction));
}
inline auto order_of_event(const cost& c) { return std::tuple(c.day, c.head, c.amount); }

template <class Event>
void sort_events(Event* first, Event* last) {
  if (last - first < 2) return;
  std::sort(first, last, [](const Event& a, const Event& b) { return order_of_event(a) < order_of_event(b); });
}

// Throws future_date for the first date of the row that is after the load date.
template <class Columns>
void require_known_by(const Columns& batch, std::int64_t row, std::int32_t load_date) {
  for_each_field<Columns>([&](const auto& field) {
    using member = std::remove_cvref_t<decltype(batch.*field.member)>;
    if constexpr (std::is_same_v<member, column<std::int32_t>>) {
      const auto& days = batch.*field.member;
      if (field.fact.type != field_type::day || days.empty() || !days.is_valid(row) || days[row] <= load_date) return;
      fail_at(error_code::future_date, field.fact.name, row, "is after the load date");
    }
  });
}

}  // namespace detail

template <class Columns>
std::uint64_t content_of(const Columns& columns, std::int64_t row) {
  std::uint64_t content = 0;
  for_each_field<Columns>(
      [&](const auto& field) { content = detail::content_after(content, columns.*field.member, row); });
  return content;
}

template <class Columns>
const id_column* table_rows<Columns>::own_ids(const Columns& batch) {
  // The first field of a noun is its id.
  const id_column& ids = batch.*std::get<0>(noun<Columns>::fields).member;
  return size_of(ids) == 0 ? nullptr : &ids;
}

template <class Columns>
void table_rows<Columns>::require_type(const id_column* ids) const {
  if (ids == nullptr || !has_own_ids_ || std::holds_alternative<text_column>(*ids) == has_text_ids_) return;
  fail(error_code::wrong_type, facts_of<Columns>[0].name, "is text in one batch and numbers in another");
}

template <class Columns>
void table_rows<Columns>::read(const Columns& batch, const table_rules& rules, std::int64_t begin, std::int64_t end,
                               piece& out) const {
  const auto* texts = std::get_if<text_column>(&batch.customer_id);
  const bool has_customers = size_of(batch.customer_id) != 0;
  out.events.reserve(static_cast<std::size_t>(end - begin));
  out.rows.reserve(static_cast<std::size_t>(end - begin));
  for (std::int64_t row = begin; row < end; ++row) {
    try {
      const event e = row_at(batch, row);
      if (rules.load_date != no_day && kind != table_kind::contracts) {
        detail::require_known_by(batch, row, rules.load_date);
      }
      out.events.push_back(e);
    } catch (const error& e) {
      if (rules.rows == row_mode::strict) throw;
      out.rejected.push_back({rows_read_ + row, field_name(kind, e.argument()), e.code()});
      continue;
    }
    out.rows.push_back(row);
    const bool is_blank =
        has_customers && texts != nullptr && texts->is_valid(row) && has_surrounding_blanks((*texts)[row]);
    out.id_blanks += is_blank ? 1 : 0;
  }
}

template <class Columns>
void table_rows<Columns>::add(const Columns& batch, const table_rules& rules, id_dictionary& dictionary, int threads) {
  in_table(kind, rows_read_, [&] {
    require_columns(batch);
    const std::int64_t rows = batch.size();
    if (events_.size() + static_cast<std::size_t>(rows) >= UINT32_MAX) {
      fail(error_code::overflow, "", "has more than 2^32 rows");
    }
    const id_column* const own = own_ids(batch);
    require_type(own);
    constexpr std::int64_t rows_per_chunk = 1 << 14;
    std::vector<piece> pieces(static_cast<std::size_t>((rows + rows_per_chunk - 1) / rows_per_chunk));
    for_each_chunk(rows, rows_per_chunk, threads, [&](std::int64_t i, std::int64_t begin, std::int64_t end) {
      read(batch, rules, begin, end, pieces[static_cast<std::size_t>(i)]);
    });
    std::vector<std::int64_t> taken;
    std::size_t rejected = 0;
    for (const piece& p : pieces) {
      taken.insert(taken.end(), p.rows.begin(), p.rows.end());
      rejected += p.rejected.size();
    }
    const bool has_customers = size_of(batch.customer_id) != 0;
    const auto keys = has_customers ? keys_of(batch.customer_id, taken, dictionary, threads)
                                    : std::vector<std::uint64_t>(taken.size(), 0);
    std::vector<std::uint64_t> own_keys;
    std::vector<std::uint64_t> contents;
    if (own != nullptr) {
      own_keys = own == &batch.customer_id ? keys : keys_of(*own, taken, own_dictionary_, threads);
      contents.resize(taken.size());
      for_each_chunk(static_cast<std::int64_t>(taken.size()), rows_per_chunk, threads,
                     [&](std::int64_t, std::int64_t first, std::int64_t last) {
                       for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
                         contents[i] = content_of(batch, taken[i]);
                       }
                     });
    }
    bool lacks_customers = !is_without_customer_.empty();
    for (std::size_t i = 0; i < taken.size() && !lacks_customers; ++i) {
      lacks_customers = !has_customers || !is_valid(batch.customer_id, taken[i]);
    }
    make_room(events_, taken.size());
    make_room(keys_, taken.size());
    make_room(numbers_, taken.size());
    make_room(rejected_, rejected);
    if (own != nullptr) make_room(identified_, taken.size());
    if (lacks_customers) {
      make_room(is_without_customer_, events_.size() - is_without_customer_.size() + taken.size());
    }
    // From here on nothing can fail.
    if (lacks_customers) is_without_customer_.resize(events_.size(), 0);
    for (std::size_t i = 0; i < taken.size(); ++i) {
      if (lacks_customers) {
        is_without_customer_.push_back(has_customers && is_valid(batch.customer_id, taken[i]) ? 0 : 1);
      }
      if (own != nullptr && is_valid(*own, taken[i])) {
        const auto id = static_cast<std::int64_t>(own_keys[i]);
        is_ascending_ =
            is_ascending_ && !std::holds_alternative<text_column>(*own) && (identified_.empty() || id > last_id_);
        last_id_ = id;
        identified_.push_back({mixed(own_keys[i]), contents[i], static_cast<std::uint32_t>(events_.size() + i)});
      }
      keys_.push_back(keys[i]);
      numbers_.push_back(rows_read_ + taken[i]);
    }
    for (const piece& p : pieces) {
      events_.insert(events_.end(), p.events.begin(), p.events.end());
      rejected_.insert(rejected_.end(), p.rejected.begin(), p.rejected.end());
      id_blanks_ += p.id_blanks;
    }
    if (own != nullptr) {
      has_own_ids_ = true;
      has_text_ids_ = std::holds_alternative<text_column>(*own);
    }
    rows_read_ += rows;
    is_given_ = true;
  });
}

template <class Columns>
table_findings table_rows<Columns>::find_repeated() const {
  table_findings out;
  if (is_ascending_ || identified_.empty()) return out;
  std::vector<identified> rows = identified_;
  std::vector<identified> scratch;
  sort_by_order(rows.data(), rows.data() + rows.size(), scratch, [&](identified* first, identified* last) {
    std::sort(first, last, [](const identified& a, const identified& b) { return a.row < b.row; });
    for (const identified* r = first + 1; r != last; ++r) {
      out.leave_out(r->row, events_.size());
      if (r->content == first->content) {
        ++out.repeated;
      } else {
        out.issues.push_back({numbers_[r->row], facts_of<Columns>[0].name, error_code::duplicate_id});
      }
    }
  });
  return out;
}

template <class Columns>
std::vector<std::uint64_t> table_rows<Columns>::customers(const table_findings& findings) const {
  std::vector<std::uint64_t> out;
  out.reserve(keys_.size());
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (findings.has(i) && has_customer(i)) out.push_back(keys_[i]);
  }
  return out;
}

template <class Columns>
grouped<typename table_rows<Columns>::event> table_rows<Columns>::group(const key_rows& customers,
                                                                        std::size_t base_rows, int threads,
                                                                        table_findings& findings,
                                                                        std::vector<event>* without) const {
  grouped<event> out;
  if (events_.empty()) return out;
  std::vector<std::uint32_t> rows = customers.rows_of(keys_, threads);
  std::vector<std::int64_t> next(base_rows + 1, 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!findings.has(i) || !has_customer(i)) {
      if (findings.has(i) && without != nullptr) without->push_back(events_[i]);
      rows[i] = no_base_row;
    } else if (rows[i] == no_base_row) {
      findings.issues.push_back({numbers_[i], "customer_id", error_code::unknown_customer});
    } else {
      ++next[rows[i] + 1];
    }
  }
  if (without != nullptr) detail::sort_events(without->data(), without->data() + without->size());
  for (std::size_t r = 1; r <= base_rows; ++r) next[r] += next[r - 1];
  out.offsets = next;
  out.events.resize(static_cast<std::size_t>(next[base_rows]));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] != no_base_row) out.events[static_cast<std::size_t>(next[rows[i]]++)] = events_[i];
  }
  constexpr std::int64_t customers_per_chunk = 1 << 14;
  for_each_chunk(static_cast<std::int64_t>(base_rows), customers_per_chunk, threads,
                 [&](std::int64_t, std::int64_t first, std::int64_t last) {
                   for (std::int64_t r = first; r < last; ++r) {
                     const auto i = static_cast<std::size_t>(r);
                     detail::sort_events(out.events.data() + out.offsets[i], out.events.data() + out.offsets[i + 1]);
                   }
                 });
  return out;
}

}  // namespace kundenwert
