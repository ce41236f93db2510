// Customer-days as purchase days of a base: folded part by part under the keys of their customers, then put in the
// order of the base.
//
// References: domain specification B4.1 (purchase days), C (several purchases on one day, returned purchases).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kundenwert/base/error.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/ingest/customer_days.hpp"
#include "kundenwert/ingest/key_rows.hpp"
#include "kundenwert/model/customer_base.hpp"
#include "kundenwert/model/purchase.hpp"

namespace kundenwert {

// The purchase days of the customers of one partition, customer after customer, each ascending.
struct purchase_part {
  struct customer {
    std::uint64_t key;
    std::int64_t days;
    std::uint32_t row = no_base_row;  // in the base, once that is known
  };
  std::vector<purchase_day> days;
  std::vector<customer> customers;

  // Adds a day of the customer whose days are being added; throws overflow where its money exceeds 64 bits.
  void add_day(std::int32_t day, std::int32_t cancelled_on, const exact_sum& revenue, const exact_sum& cost);
  // Ends the customer.
  void end_customer(std::uint64_t key) {
    customers.push_back({key, static_cast<std::int64_t>(days.size()) - ended_, no_base_row});
    ended_ = static_cast<std::int64_t>(days.size());
  }

 private:
  std::int64_t ended_ = 0;
};

// One part per partition of a log without ids of transactions.
std::vector<purchase_part> purchases_of(const customer_days& days, int threads, progress watch);

// The days in the order of the base. Customers who are not in it are left out and counted; the parts are used up.
grouped<purchase_day> group_purchases(std::vector<purchase_part>& parts, const key_rows& customers,
                                      std::size_t base_rows, int threads, std::int64_t& unknown);

namespace detail {

inline std::int64_t whole_millionths(const exact_sum& sum) {
  const auto low = static_cast<std::int64_t>(sum.low());
  if (!(sum == exact_sum(low))) {
    fail(error_code::overflow, "transactions.amount", "the amounts of a customer's day exceed 9.2e12");
  }
  return low;
}

}  // namespace detail

inline void purchase_part::add_day(std::int32_t day, std::int32_t cancelled_on, const exact_sum& revenue,
                                   const exact_sum& cost) {
  exact_sum margin(~cost.high(), ~cost.low());  // -cost - 1, two's complement
  margin.add(1);
  margin.add(revenue);
  days.push_back({day, cancelled_on, detail::whole_millionths(revenue), detail::whole_millionths(margin)});
}

inline std::vector<purchase_part> purchases_of(const customer_days& days, int threads, progress watch) {
  std::vector<purchase_part> parts(partitions);
  days.for_each_partition(threads, watch, [&](std::size_t p, std::span<const customer_day_entry> sorted) {
    purchase_part& part = parts[p];
    part.days.reserve(sorted.size());
    detail::for_each_customer_day(
        sorted,
        [&](std::uint64_t, const customer_day& d) {
          part.add_day(d.day, d.is_purchase() ? no_day : d.day, d.net, d.cost);
        },
        [&](std::uint64_t key) { part.end_customer(key); });
  });
  return parts;
}

inline grouped<purchase_day> group_purchases(std::vector<purchase_part>& parts, const key_rows& customers,
                                             std::size_t base_rows, int threads, std::int64_t& unknown) {
  grouped<purchase_day> out;
  out.offsets.assign(base_rows + 1, 0);
  const auto for_each_part = [&](auto&& body) {
    for_each_chunk(static_cast<std::int64_t>(parts.size()), detail::partitions_per_task, threads,
                   [&](std::int64_t, std::int64_t first, std::int64_t last) {
                     for (auto p = static_cast<std::size_t>(first); p < static_cast<std::size_t>(last); ++p) {
                       body(parts[p]);
                     }
                   });
  };
  for_each_part([&](purchase_part& part) {
    for (auto& c : part.customers) {
      c.row = customers.row_of(c.key);
      if (c.row != no_base_row) out.offsets[c.row + 1] = c.days;
    }
  });
  unknown = 0;
  for (const purchase_part& part : parts) {
    for (const auto& c : part.customers) unknown += c.row == no_base_row ? 1 : 0;
  }
  for (std::size_t r = 1; r <= base_rows; ++r) out.offsets[r] += out.offsets[r - 1];
  out.events.resize(static_cast<std::size_t>(out.offsets[base_rows]));
  for_each_part([&](purchase_part& part) {
    const purchase_day* next = part.days.data();
    for (const auto& c : part.customers) {
      if (c.row != no_base_row) std::copy_n(next, c.days, out.events.data() + out.offsets[c.row]);
      next += c.days;
    }
    part = purchase_part();
  });
  return out;
}

}  // namespace kundenwert
