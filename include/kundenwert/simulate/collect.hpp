// The chunks of a drawn business put together as columns. Ids are the numbers of the rows from 1, so that they do not
// depend on how the customers were cut into chunks.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/simulate/rows.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert::simulate {

struct collect_options {
  bool text_ids;
  int threads;
};
// Where the rows go.
struct table_set {
  customer_table& customers;
  transaction_table& transactions;
  contract_table& contracts;
  contact_table& contacts;
  complaint_table& complaints;
  cost_table& costs;
  truth_table& truth;
};

// Puts the chunks together, in their order; their rows are given up.
inline void collect_rows(const business_parameters& p, std::vector<chunk_rows>& rows, const collect_options& options,
                         table_set out);

namespace detail {

// Digits of a number above 0.
inline int digits_of(std::int64_t number) {
  int digits = 1;
  for (; number >= 10; number /= 10) ++digits;
  return digits;
}

// How an entity's ids look: a letter and at least so many digits.
struct id_form {
  char letter;
  int digits;
};
inline constexpr id_form customer_form{'K', 6};
inline constexpr id_form transaction_form{'T', 7};
inline constexpr id_form contract_form{'V', 6};
inline constexpr id_form contact_form{'I', 7};
inline constexpr id_form complaint_form{'B', 6};
inline constexpr id_form cost_form{'C', 7};

// Numbers to ids; 0 is none.
inline owned_ids ids_of(std::vector<std::int64_t> numbers, id_form form, const collect_options& options,
                        bool has_gaps = false) {
  owned_ids out;
  const std::size_t n = numbers.size();
  if (has_gaps) {
    out.validity.assign((n + 7) / 8, 0);
    for (std::size_t i = 0; i < n; ++i) {
      if (numbers[i] != 0) out.validity[i / 8] |= static_cast<std::uint8_t>(1 << i % 8);
    }
  }
  out.is_text = options.text_ids;
  if (!options.text_ids) {
    out.numbers = std::move(numbers);
    return out;
  }
  out.offsets.resize(n + 1);
  for (std::size_t i = 0; i < n; ++i) {
    const int length = numbers[i] == 0 ? 0 : 1 + std::max(form.digits, digits_of(numbers[i]));
    out.offsets[i + 1] = out.offsets[i] + length;
  }
  out.text.resize(static_cast<std::size_t>(out.offsets[n]));
  constexpr std::int64_t ids_per_chunk = 1 << 16;
  for_each_chunk(static_cast<std::int64_t>(n), ids_per_chunk, options.threads,
                 [&](std::int64_t, std::int64_t begin, std::int64_t end) {
                   for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
                     auto at = static_cast<std::size_t>(out.offsets[i + 1]);
                     const auto from = static_cast<std::size_t>(out.offsets[i]);
                     if (at == from) continue;
                     for (std::int64_t number = numbers[i]; at > from + 1; number /= 10) {
                       out.text[--at] = static_cast<char>('0' + number % 10);
                     }
                     out.text[from] = form.letter;
                   }
                 });
  return out;
}

// 1, 2, ..., rows.
inline std::vector<std::int64_t> row_numbers(std::size_t rows) {
  std::vector<std::int64_t> out(rows);
  for (std::size_t i = 0; i < rows; ++i) out[i] = static_cast<std::int64_t>(i) + 1;
  return out;
}

inline optional_days optional_of(std::vector<std::int32_t> days) {
  optional_days out;
  out.validity.assign((days.size() + 7) / 8, 0);
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (days[i] != no_day) out.validity[i / 8] |= static_cast<std::uint8_t>(1 << i % 8);
  }
  out.values = std::move(days);
  return out;
}

// Goes through the rows of one kind in all chunks, chunks at the same time: fill(row number over all, row, chunk,
// number of the chunk's first row); the chunk's rows are given up then.
template <class Row, class Fill>
void fill_columns(std::vector<chunk_rows>& chunks, std::vector<Row> chunk_rows::*rows,
                  const std::vector<std::int64_t>& first, int threads, Fill&& fill) {
  for_each_chunk(static_cast<std::int64_t>(chunks.size()), 1, threads,
                 [&](std::int64_t number, std::int64_t, std::int64_t) {
                   const auto c = static_cast<std::size_t>(number);
                   auto at = static_cast<std::size_t>(first[c]);
                   for (const Row& row : chunks[c].*rows) fill(at++, row, chunks[c], first[c]);
                   std::vector<Row>().swap(chunks[c].*rows);
                 });
}

// The number of the first row of every chunk, and of all.
template <class Row>
std::vector<std::int64_t> first_rows(const std::vector<chunk_rows>& chunks, std::vector<Row> chunk_rows::*rows) {
  std::vector<std::int64_t> out{0};
  for (const auto& chunk : chunks) out.push_back(out.back() + static_cast<std::int64_t>((chunk.*rows).size()));
  return out;
}

inline void collect_customers(std::vector<chunk_rows>& chunks, const collect_options& options, customer_table& out,
                              truth_table& truth) {
  const auto first = first_rows(chunks, &chunk_rows::customers);
  const auto n = static_cast<std::size_t>(first.back());
  out.customer_id = ids_of(row_numbers(n), customer_form, options);
  for (auto* column : {&out.created, &out.status, &out.consent, &out.market_kind, &truth.started, &truth.ended}) {
    column->resize(n);
  }
  for (auto* column : {&truth.purchase_rate, &truth.dropout_rate, &truth.monthly_churn, &truth.mean_spend,
                       &truth.margin_rate, &truth.remaining_value, &truth.holdout_margin}) {
    column->resize(n);
  }
  truth.type.resize(n);
  truth.state.resize(n);
  truth.is_alive.resize(n);
  truth.was_regained.resize(n);
  truth.holdout_purchases.resize(n);
  std::vector<std::uint8_t> region(n);
  fill_columns(chunks, &chunk_rows::customers, first, options.threads,
               [&](std::size_t i, const customer_row& row, const chunk_rows&, std::int64_t) {
                 out.created[i] = row.created;
                 out.status[i] = static_cast<std::int32_t>(row.status);
                 out.consent[i] = static_cast<std::int32_t>(row.consent);
                 out.market_kind[i] = static_cast<std::int32_t>(row.is_business ? market_kind::b2b : market_kind::b2c);
                 region[i] = static_cast<std::uint8_t>(row.region);
                 truth.type[i] = row.type;
                 truth.state[i] = row.truth.state;
                 truth.is_alive[i] = row.truth.state == lifecycle::customer_kind::current ? 1 : 0;
                 truth.started[i] = row.truth.started;
                 truth.ended[i] = row.truth.ended;
                 truth.was_regained[i] = row.truth.was_regained ? 1 : 0;
                 truth.purchase_rate[i] = row.purchase_rate;
                 truth.dropout_rate[i] = row.dropout_rate;
                 truth.monthly_churn[i] = row.monthly_churn;
                 truth.mean_spend[i] = row.mean_spend;
                 truth.margin_rate[i] = row.margin_rate;
                 truth.remaining_value[i] = row.truth.remaining_value;
                 truth.holdout_purchases[i] = row.truth.holdout_purchases;
                 truth.holdout_margin[i] = row.truth.holdout_margin;
               });
  for (std::size_t i = 0; i < n; ++i) {
    out.segment.add(out.market_kind[i] == static_cast<std::int32_t>(market_kind::b2b) ? "business" : "private");
    out.region.add(regions[region[i]]);
  }
}

inline void collect_transactions(std::vector<chunk_rows>& chunks, const collect_options& options,
                                 transaction_table& out) {
  const auto first = first_rows(chunks, &chunk_rows::transactions);
  const auto n = static_cast<std::size_t>(first.back());
  std::vector<std::int64_t> customer(n);
  std::vector<std::int64_t> returns(n);
  out.day.resize(n);
  out.amount.resize(n);
  out.variable_cost.resize(n);
  fill_columns(chunks, &chunk_rows::transactions, first, options.threads,
               [&](std::size_t i, const transaction_row& row, const chunk_rows& chunk, std::int64_t first_row) {
                 customer[i] = chunk.first_customer + row.customer + 1;
                 returns[i] = row.of < 0 ? 0 : first_row + row.of + 1;
                 out.day[i] = row.day;
                 out.amount[i] = row.amount;
                 out.variable_cost[i] = row.cost;
               });
  out.transaction_id = ids_of(row_numbers(n), transaction_form, options);
  out.customer_id = ids_of(std::move(customer), customer_form, options);
  out.returns_transaction_id = ids_of(std::move(returns), transaction_form, options, true);
}

inline void collect_contracts(std::vector<chunk_rows>& chunks, const collect_options& options, contract_table& out) {
  const auto first = first_rows(chunks, &chunk_rows::contracts);
  const auto n = static_cast<std::size_t>(first.back());
  std::vector<std::int64_t> customer(n);
  std::vector<std::int32_t> planned(n);
  std::vector<std::int32_t> end(n);
  std::vector<std::int32_t> notice(n);
  for (auto* column : {&out.start, &out.signed_on, &out.renewal, &out.period, &out.cancelled_by}) column->resize(n);
  out.recurring_amount.resize(n);
  fill_columns(chunks, &chunk_rows::contracts, first, options.threads,
               [&](std::size_t i, const event_row<contract>& row, const chunk_rows& chunk, std::int64_t) {
                 const contract& c = row.event;
                 customer[i] = chunk.first_customer + row.customer + 1;
                 out.start[i] = c.start;
                 out.signed_on[i] = c.signed_on;
                 planned[i] = c.planned_end;
                 end[i] = c.end;
                 notice[i] = c.notice;
                 out.renewal[i] = static_cast<std::int32_t>(c.renewal);
                 out.period[i] = static_cast<std::int32_t>(c.period);
                 out.recurring_amount[i] = c.recurring_amount;
                 out.cancelled_by[i] = c.notice == no_day ? 0 : static_cast<std::int32_t>(cancelled_by::customer);
               });
  out.contract_id = ids_of(row_numbers(n), contract_form, options);
  out.customer_id = ids_of(std::move(customer), customer_form, options);
  out.planned_end = optional_of(std::move(planned));
  out.end = optional_of(std::move(end));
  out.notice = optional_of(std::move(notice));
}

inline void collect_contacts(std::vector<chunk_rows>& chunks, const collect_options& options, contact_table& out) {
  const auto first = first_rows(chunks, &chunk_rows::contacts);
  const auto n = static_cast<std::size_t>(first.back());
  std::vector<std::int64_t> customer(n);
  for (auto* column : {&out.day, &out.direction, &out.channel, &out.purpose}) column->resize(n);
  fill_columns(chunks, &chunk_rows::contacts, first, options.threads,
               [&](std::size_t i, const event_row<contact>& row, const chunk_rows& chunk, std::int64_t) {
                 customer[i] = chunk.first_customer + row.customer + 1;
                 out.day[i] = row.event.day;
                 out.direction[i] = static_cast<std::int32_t>(row.event.direction);
                 out.channel[i] = static_cast<std::int32_t>(row.event.channel);
                 out.purpose[i] = static_cast<std::int32_t>(row.event.purpose);
               });
  out.contact_id = ids_of(row_numbers(n), contact_form, options);
  out.customer_id = ids_of(std::move(customer), customer_form, options);
}

inline void collect_complaints(std::vector<chunk_rows>& chunks, const collect_options& options, complaint_table& out) {
  const auto first = first_rows(chunks, &chunk_rows::complaints);
  const auto n = static_cast<std::size_t>(first.back());
  std::vector<std::int64_t> customer(n);
  std::vector<std::int32_t> response(n);
  std::vector<std::int32_t> resolved(n);
  std::vector<std::int32_t> reopened(n);
  out.opened.resize(n);
  out.kind.resize(n);
  out.severity.resize(n);
  out.satisfaction.resize(n);
  fill_columns(chunks, &chunk_rows::complaints, first, options.threads,
               [&](std::size_t i, const case_row& row, const chunk_rows& chunk, std::int64_t) {
                 customer[i] = chunk.first_customer + row.customer + 1;
                 out.opened[i] = row.event.opened;
                 response[i] = row.event.first_response;
                 resolved[i] = row.event.resolved;
                 reopened[i] = row.event.reopened;
                 out.kind[i] = static_cast<std::int32_t>(row.event.kind);
                 out.severity[i] = row.severity;
                 out.satisfaction[i] = row.event.satisfaction;
               });
  out.complaint_id = ids_of(row_numbers(n), complaint_form, options);
  out.customer_id = ids_of(std::move(customer), customer_form, options);
  out.first_response = optional_of(std::move(response));
  out.resolved = optional_of(std::move(resolved));
  out.reopened = optional_of(std::move(reopened));
}

// Costs of customers, then those of the whole business month by month.
inline void collect_costs(const business_parameters& p, std::vector<chunk_rows>& chunks, const collect_options& options,
                          cost_table& out) {
  const auto first = first_rows(chunks, &chunk_rows::costs);
  const auto n = static_cast<std::size_t>(first.back());
  std::vector<std::int64_t> customer(n);
  out.day.resize(n);
  out.head.resize(n);
  out.amount.resize(n);
  fill_columns(chunks, &chunk_rows::costs, first, options.threads,
               [&](std::size_t i, const event_row<cost>& row, const chunk_rows& chunk, std::int64_t) {
                 customer[i] = chunk.first_customer + row.customer + 1;
                 out.day[i] = row.event.day;
                 out.head[i] = static_cast<std::int32_t>(row.event.head);
                 out.amount[i] = static_cast<double>(row.event.amount) / 1e6;
               });
  const bool has_marketing = p.costs.marketing_per_month > 0;
  for (int month = 0; has_marketing; ++month) {
    const std::int32_t day = add_months(p.first_day, month);
    if (day > p.last_day()) break;
    customer.push_back(0);
    out.day.push_back(day);
    out.head.push_back(static_cast<std::int32_t>(cost_head::marketing));
    out.amount.push_back(booked(p.costs.marketing_per_month));
  }
  out.cost_id = ids_of(row_numbers(customer.size()), cost_form, options);
  out.customer_id = ids_of(std::move(customer), customer_form, options, has_marketing);
}

}  // namespace detail

inline void collect_rows(const business_parameters& p, std::vector<chunk_rows>& rows, const collect_options& options,
                         table_set out) {
  detail::collect_customers(rows, options, out.customers, out.truth);
  detail::collect_transactions(rows, options, out.transactions);
  detail::collect_contracts(rows, options, out.contracts);
  detail::collect_contacts(rows, options, out.contacts);
  detail::collect_complaints(rows, options, out.complaints);
  detail::collect_costs(p, rows, options, out.costs);
}

}  // namespace kundenwert::simulate
