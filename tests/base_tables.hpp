// Tables of a customer base that own their columns, for tests: rows to columns, in any order and any cut.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "kundenwert/ingest/customer_base.hpp"
#include "transaction_log.hpp"

namespace kundenwert::test {

// Ids with nulls: numbers, or the same as text.
class owned_ids {
 public:
  void add(std::optional<std::int64_t> id) {
    const std::size_t row = numbers_.size();
    if (row % 8 == 0) bits_.push_back(0);
    if (id) bits_[row / 8] = static_cast<std::uint8_t>(bits_[row / 8] | 1u << (row % 8));
    numbers_.push_back(id.value_or(0));
    if (id) text_ += transaction_log::text_of(*id);
    offsets_.push_back(static_cast<std::int64_t>(text_.size()));
  }
  id_column columns(bool is_text, std::size_t begin, std::size_t count) const {
    const validity_bitmap validity{bits_.data(), static_cast<std::int64_t>(begin)};
    if (is_text) return text_column{text_.data(), std::span(offsets_).subspan(begin, count + 1), validity};
    return column<std::int64_t>(std::span(numbers_).subspan(begin, count), validity);
  }

 private:
  std::vector<std::int64_t> numbers_;
  std::vector<std::uint8_t> bits_;
  std::string text_;
  std::vector<std::int64_t> offsets_{0};
};

struct customer_row {
  std::int64_t id;
  std::int32_t created = no_day;
  customer_status status = customer_status::active;
};
struct sale_row {
  std::int64_t id;
  std::optional<std::int64_t> customer;
  std::int32_t day;
  double amount;
  double cost = 0;
  std::optional<std::int64_t> gives_back = {};
};
struct contract_row {
  std::int64_t customer;
  std::int32_t start;
  std::int32_t end = no_day;
  double amount = 10;
};
struct contact_row {
  std::int64_t id;
  std::int64_t customer;
  std::int32_t day;
  contact event{};  // its codes
};
struct complaint_row {
  std::int64_t customer;
  std::int32_t opened;
  double satisfaction = not_available;
};
struct cost_row {
  std::optional<std::int64_t> customer;
  std::int32_t day;
  double amount;
};

struct base_tables {
  std::vector<customer_row> customers;
  std::vector<sale_row> sales;
  std::vector<contract_row> contracts;
  std::vector<contact_row> contacts;
  std::vector<complaint_row> complaints;
  std::vector<cost_row> costs;
};

// How tables become columns.
struct giving {
  bool is_text = false;
  std::size_t batch = SIZE_MAX;
  int threads = 1;
  bool has_sale_ids = true;
  bool has_costs = true;
};

namespace detail {

template <class Row, class Add>
void in_batches(const std::vector<Row>& rows, std::size_t batch, Add&& add) {
  for (std::size_t begin = 0; begin < rows.size(); begin += std::min(batch, rows.size())) {
    add(std::span(rows).subspan(begin, std::min(batch, rows.size() - begin)));
  }
}

template <class Row, class Value>
auto column_of(std::span<const Row> rows, Value&& value) {
  std::vector<std::remove_cvref_t<decltype(value(rows[0]))>> out;
  for (const Row& r : rows) out.push_back(value(r));
  return out;
}

template <class Row, class Value>
owned_ids ids_of(std::span<const Row> rows, Value&& value) {
  owned_ids out;
  for (const Row& r : rows) out.add(value(r));
  return out;
}

// A day that may be none, as a column with nulls.
struct owned_days {
  std::vector<std::int32_t> days;
  std::vector<std::uint8_t> bits;

  column<std::int32_t> columns() const { return {std::span(days), {bits.data(), 0}}; }
};
template <class Row, class Value>
owned_days days_of(std::span<const Row> rows, Value&& value) {
  owned_days out;
  out.days = column_of(rows, value);
  out.bits.assign(rows.size() / 8 + 1, 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (out.days[i] != no_day) out.bits[i / 8] = static_cast<std::uint8_t>(out.bits[i / 8] | 1u << (i % 8));
  }
  return out;
}

}  // namespace detail

inline void add_sales(customer_base_builder& to, const std::vector<sale_row>& sales, const giving& g) {
  detail::in_batches(sales, g.batch, [&](std::span<const sale_row> rows) {
    const auto who = detail::ids_of(rows, [](const sale_row& r) { return r.customer; });
    const auto ids = detail::ids_of(rows, [](const sale_row& r) { return std::optional(r.id); });
    const auto back = detail::ids_of(rows, [](const sale_row& r) { return r.gives_back; });
    const auto day = detail::column_of(rows, [](const sale_row& r) { return r.day; });
    const auto amount = detail::column_of(rows, [](const sale_row& r) { return r.amount; });
    const auto cost = detail::column_of(rows, [](const sale_row& r) { return r.cost; });
    transaction_columns c;
    c.customer_id = who.columns(g.is_text, 0, rows.size());
    c.day = day;
    c.amount = amount;
    if (g.has_costs) c.variable_cost = cost;
    if (g.has_sale_ids) {
      c.transaction_id = ids.columns(g.is_text, 0, rows.size());
      c.returns_transaction_id = back.columns(g.is_text, 0, rows.size());
    }
    to.add_transactions(c, g.threads);
  });
}

inline void add_contacts(customer_base_builder& to, const std::vector<contact_row>& contacts, const giving& g) {
  detail::in_batches(contacts, g.batch, [&](std::span<const contact_row> rows) {
    const auto who = detail::ids_of(rows, [](const contact_row& r) { return std::optional(r.customer); });
    const auto ids = detail::ids_of(rows, [](const contact_row& r) { return std::optional(r.id); });
    const auto day = detail::column_of(rows, [](const contact_row& r) { return r.day; });
    const auto code = [&](auto contact::*member) {
      return detail::column_of(rows, [=](const contact_row& r) { return static_cast<std::int32_t>(r.event.*member); });
    };
    const auto directions = code(&contact::direction);
    const auto channels = code(&contact::channel);
    const auto purposes = code(&contact::purpose);
    to.add_contacts({.contact_id = ids.columns(g.is_text, 0, rows.size()),
                     .customer_id = who.columns(g.is_text, 0, rows.size()),
                     .day = day,
                     .direction = directions,
                     .channel = channels,
                     .purpose = purposes},
                    g.threads);
  });
}

inline void add_tables(customer_base_builder& to, const base_tables& tables, const giving& g = {}) {
  detail::in_batches(tables.contracts, g.batch, [&](std::span<const contract_row> rows) {
    const auto who = detail::ids_of(rows, [](const contract_row& r) { return std::optional(r.customer); });
    const auto start = detail::column_of(rows, [](const contract_row& r) { return r.start; });
    const auto end = detail::days_of(rows, [](const contract_row& r) { return r.end; });
    const auto amount = detail::column_of(rows, [](const contract_row& r) { return r.amount; });
    to.add_contracts({.customer_id = who.columns(g.is_text, 0, rows.size()),
                      .start = start,
                      .end = end.columns(),
                      .recurring_amount = amount},
                     g.threads);
  });
  detail::in_batches(tables.customers, g.batch, [&](std::span<const customer_row> rows) {
    const auto who = detail::ids_of(rows, [](const customer_row& r) { return std::optional(r.id); });
    const auto created = detail::days_of(rows, [](const customer_row& r) { return r.created; });
    const auto status =
        detail::column_of(rows, [](const customer_row& r) { return static_cast<std::int32_t>(r.status); });
    to.add_customers(
        {.customer_id = who.columns(g.is_text, 0, rows.size()), .created = created.columns(), .status = status},
        g.threads);
  });
  add_sales(to, tables.sales, g);
  add_contacts(to, tables.contacts, g);
  detail::in_batches(tables.complaints, g.batch, [&](std::span<const complaint_row> rows) {
    const auto who = detail::ids_of(rows, [](const complaint_row& r) { return std::optional(r.customer); });
    const auto opened = detail::column_of(rows, [](const complaint_row& r) { return r.opened; });
    const auto satisfaction = detail::column_of(rows, [](const complaint_row& r) { return r.satisfaction; });
    to.add_complaints(
        {.customer_id = who.columns(g.is_text, 0, rows.size()), .opened = opened, .satisfaction = satisfaction},
        g.threads);
  });
  detail::in_batches(tables.costs, g.batch, [&](std::span<const cost_row> rows) {
    const auto who = detail::ids_of(rows, [](const cost_row& r) { return r.customer; });
    const auto day = detail::column_of(rows, [](const cost_row& r) { return r.day; });
    const std::vector<std::int32_t> head(rows.size(), static_cast<std::int32_t>(cost_head::care));
    const auto amount = detail::column_of(rows, [](const cost_row& r) { return r.amount; });
    to.add_costs({.customer_id = who.columns(g.is_text, 0, rows.size()), .day = day, .head = head, .amount = amount},
                 g.threads);
  });
}

inline customer_base base_of(const base_tables& tables, const giving& g = {},
                             const customer_base_options& options = {}) {
  customer_base_builder builder(options);
  add_tables(builder, tables, g);
  return builder.finish(g.threads);
}

// The row of a number as it was given.
inline std::int64_t row_of(const customer_base& base, std::int64_t customer) {
  for (std::int64_t row = 0; row < base.size(); ++row) {
    const bool is_it = base.ids.is_text ? base.ids.text_at(row) == transaction_log::text_of(customer)
                                        : base.ids.numbers[static_cast<std::size_t>(row)] == customer;
    if (is_it) return row;
  }
  return no_row;
}

inline bool is_same_event(const purchase_day& a, const purchase_day& b) { return a == b; }
inline bool is_same_event(const contract& a, const contract& b) {
  return a.start == b.start && a.signed_on == b.signed_on && a.planned_end == b.planned_end && a.end == b.end &&
         a.notice == b.notice && a.renewal == b.renewal && a.period == b.period &&
         std::bit_cast<std::uint64_t>(a.recurring_amount) == std::bit_cast<std::uint64_t>(b.recurring_amount);
}
inline bool is_same_event(const contact& a, const contact& b) {
  return a.day == b.day && a.direction == b.direction && a.channel == b.channel && a.purpose == b.purpose;
}
inline bool is_same_event(const complaint& a, const complaint& b) {
  const auto bits = [](double v) { return v != v ? 1 : std::bit_cast<std::uint64_t>(v); };
  return a.opened == b.opened && a.first_response == b.first_response && a.resolved == b.resolved &&
         a.reopened == b.reopened && a.kind == b.kind && bits(a.satisfaction) == bits(b.satisfaction);
}
inline bool is_same_event(const cost& a, const cost& b) {
  return a.day == b.day && a.head == b.head && a.amount == b.amount;
}
template <class Event>
bool is_same_list(const std::vector<Event>& a, const std::vector<Event>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Event& x, const Event& y) { return is_same_event(x, y); });
}

// Everything but the reports, whose row numbers tell the order of rows.
inline void check_same_base(const customer_base& a, const customer_base& b) {
  CHECK(a.ids.is_text == b.ids.is_text);
  CHECK(a.ids.numbers == b.ids.numbers);
  CHECK(a.ids.text == b.ids.text);
  CHECK(a.ids.offsets == b.ids.offsets);
  CHECK(a.currency == b.currency);
  CHECK(a.has_amounts == b.has_amounts);
  CHECK(a.has_costs == b.has_costs);
  CHECK(a.created == b.created);
  CHECK(a.statuses == b.statuses);
  CHECK(a.consents == b.consents);
  const auto check_grouped = [](const auto& x, const auto& y) {
    CHECK(x.offsets == y.offsets);
    CHECK(is_same_list(x.events, y.events));
  };
  check_grouped(a.purchases, b.purchases);
  check_grouped(a.contracts, b.contracts);
  check_grouped(a.contacts, b.contacts);
  check_grouped(a.complaints, b.complaints);
  check_grouped(a.costs, b.costs);
  CHECK(is_same_list(a.unallocated_costs, b.unallocated_costs));
}

}  // namespace kundenwert::test
