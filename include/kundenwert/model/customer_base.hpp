// A customer base: everything known about every customer, one stretch of events per customer and kind, ascending by
// day. Made by ingest/customer_base; read by the lifecycle and the overview. Nothing in it depends on an analysis date:
// whoever reads it leaves out what is dated later.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kundenwert/model/complaint.hpp"
#include "kundenwert/model/contact.hpp"
#include "kundenwert/model/contract.hpp"
#include "kundenwert/model/cost.hpp"
#include "kundenwert/model/customer.hpp"
#include "kundenwert/model/purchase.hpp"
#include "kundenwert/model/summary.hpp"
#include "kundenwert/model/table_report.hpp"

namespace kundenwert {

// Events of all customers: those of customer i are [offsets[i], offsets[i + 1]). No offsets: nobody has any.
template <class Event>
struct grouped {
  std::vector<std::int64_t> offsets;
  std::vector<Event> events;

  std::span<const Event> of(std::int64_t customer) const {
    if (offsets.empty()) return {};
    const auto i = static_cast<std::size_t>(customer);
    return std::span<const Event>(events).subspan(static_cast<std::size_t>(offsets[i]),
                                                  static_cast<std::size_t>(offsets[i + 1] - offsets[i]));
  }
};

// What is known of one customer. Each span ascends by day (contracts by start, complaints by opened).
struct customer_history {
  std::int32_t created = no_day;
  std::span<const purchase_day> purchases;
  std::span<const contract> contracts;
  std::span<const contact> contacts;
  std::span<const complaint> complaints;
};

struct customer_base {
  customer_ids ids;  // ascending: numbers by value, texts by bytes
  std::string currency;
  bool has_amounts = false;  // revenue is known
  bool has_costs = false;    // margin is revenue less variable cost, not revenue itself

  std::vector<std::int32_t> created;      // no_day where not known; never after the customer's first event
  std::vector<customer_status> statuses;  // empty: all active
  std::vector<consent> consents;          // empty: nothing is known of consent, and nobody is suppressed for it

  grouped<purchase_day> purchases;
  grouped<contract> contracts;
  grouped<contact> contacts;
  grouped<complaint> complaints;
  grouped<cost> costs;
  std::vector<cost> unallocated_costs;  // records without a customer, ascending by day

  std::vector<table_report> reports;  // one per kind of table that was given, in the order of table_kind

  std::int64_t size() const { return ids.size(); }
  customer_history history(std::int64_t customer) const {
    return {created.empty() ? no_day : created[static_cast<std::size_t>(customer)], purchases.of(customer),
            contracts.of(customer), contacts.of(customer), complaints.of(customer)};
  }
};

}  // namespace kundenwert
