// The tables of a simulated business: owned columns that hand out the borrowed ones every reader of tables takes, and
// the truth that no real business has.
//
// References: domain specification C (data model).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/lifecycle/tasks.hpp"
#include "kundenwert/model/complaint.hpp"
#include "kundenwert/model/contact.hpp"
#include "kundenwert/model/contract.hpp"
#include "kundenwert/model/cost.hpp"
#include "kundenwert/model/customer.hpp"
#include "kundenwert/model/transaction.hpp"

namespace kundenwert::simulate {

#define KW_CUSTOMER_TYPES(X)           \
  X(1, buyer, "buys without contract") \
  X(2, contract, "has contracts")      \
  X(3, both, "buys beside a contract") \
  X(4, prospect, "never buys, by nature")
KW_DEFINE_CODES(customer_type, customer_types, KW_CUSTOMER_TYPES)

// Ids: whole numbers, or text made of them ("K000123"). A row without one is 0 or empty, and not valid.
struct owned_ids {
  bool is_text = false;
  std::vector<std::int64_t> numbers;   // empty where is_text
  std::string text;                    // all ids, one after the other
  std::vector<std::int64_t> offsets;   // size() + 1 entries into text where is_text
  std::vector<std::uint8_t> validity;  // bits, least significant first; empty: every row has an id

  std::int64_t size() const {
    if (!is_text) return static_cast<std::int64_t>(numbers.size());
    return static_cast<std::int64_t>(offsets.size()) - 1;
  }
  id_column view() const {
    const validity_bitmap bitmap{validity.empty() ? nullptr : validity.data(), 0};
    if (is_text) return text_column{text.data(), offsets, bitmap};
    return column<std::int64_t>(std::span<const std::int64_t>(numbers), bitmap);
  }
};

struct owned_text {
  std::string text;
  std::vector<std::int64_t> offsets{0};  // size() + 1 entries

  void add(std::string_view value) {
    text += value;
    offsets.push_back(static_cast<std::int64_t>(text.size()));
  }
  text_column view() const { return {text.data(), offsets, {}}; }
};

// Days are no_day, amounts NaN and codes 0 where there is none. Rows are in the order of the customers, those of one
// customer in the order of their days.
struct customer_table {
  owned_ids customer_id;
  std::vector<std::int32_t> created;
  std::vector<std::int32_t> status;
  std::vector<std::int32_t> consent;
  std::vector<std::int32_t> market_kind;
  owned_text segment;
  owned_text region;

  std::int64_t size() const { return static_cast<std::int64_t>(created.size()); }
};

// A return has a negative amount and variable cost, and names the purchase it is of.
struct transaction_table {
  owned_ids transaction_id;
  owned_ids customer_id;
  std::vector<std::int32_t> day;
  std::vector<double> amount;
  std::vector<double> variable_cost;
  owned_ids returns_transaction_id;

  std::int64_t size() const { return static_cast<std::int64_t>(day.size()); }
};

// Days that are not there are null in the views.
struct optional_days {
  std::vector<std::int32_t> values;    // no_day where there is none
  std::vector<std::uint8_t> validity;  // bits, least significant first

  column<std::int32_t> view() const {
    return column<std::int32_t>(std::span<const std::int32_t>(values), validity_bitmap{validity.data(), 0});
  }
};

struct contract_table {
  owned_ids contract_id;
  owned_ids customer_id;
  std::vector<std::int32_t> start;
  std::vector<std::int32_t> signed_on;
  optional_days planned_end;
  optional_days end;
  optional_days notice;
  std::vector<std::int32_t> renewal;
  std::vector<std::int32_t> period;
  std::vector<double> recurring_amount;
  std::vector<std::int32_t> cancelled_by;

  std::int64_t size() const { return static_cast<std::int64_t>(start.size()); }
};

struct contact_table {
  owned_ids contact_id;
  owned_ids customer_id;
  std::vector<std::int32_t> day;
  std::vector<std::int32_t> direction;
  std::vector<std::int32_t> channel;
  std::vector<std::int32_t> purpose;

  std::int64_t size() const { return static_cast<std::int64_t>(day.size()); }
};

struct complaint_table {
  owned_ids complaint_id;
  owned_ids customer_id;
  std::vector<std::int32_t> opened;
  optional_days first_response;
  optional_days resolved;
  optional_days reopened;
  std::vector<std::int32_t> kind;
  std::vector<double> severity;
  std::vector<double> satisfaction;

  std::int64_t size() const { return static_cast<std::int64_t>(opened.size()); }
};

// A cost of the whole business has no customer.
struct cost_table {
  owned_ids cost_id;
  owned_ids customer_id;
  std::vector<std::int32_t> day;
  std::vector<std::int32_t> head;
  std::vector<double> amount;

  std::int64_t size() const { return static_cast<std::int64_t>(day.size()); }
};

// What is true of each customer at the end of as_of, in the order of the customers. NaN: does not apply.
struct truth_table {
  std::vector<customer_type> type;
  std::vector<lifecycle::customer_kind> state;  // potential: nothing bought or begun; lost: relationship over
  std::vector<std::uint8_t> is_alive;           // 1 where current
  std::vector<std::int32_t> started;            // first purchase or contract; no_day: not yet
  std::vector<std::int32_t> ended;              // the day the relationship really ended; no_day: has not
  std::vector<std::uint8_t> was_regained;       // 1: had ended once before, and was won back
  std::vector<double> purchase_rate;            // of buyers, per year, with its growth up to as_of
  std::vector<double> dropout_rate;             // of buyers, per year, complaints included
  std::vector<double> monthly_churn;            // of contracts, without complaints
  std::vector<double> mean_spend;               // of buyers, per purchase, before returns
  std::vector<double> margin_rate;              // margin / revenue
  std::vector<double> remaining_value;          // margin, see value.hpp; 0 where lost, NaN where potential
  std::vector<std::int64_t> holdout_purchases;  // in (as_of, holdout_end], returned ones included
  std::vector<double> holdout_margin;           // of purchases, returns and contract payments of those days

  std::int64_t size() const { return static_cast<std::int64_t>(type.size()); }
};

// Borrowed columns of the tables, valid as long as these are.
inline customer_columns columns_of(const customer_table& t) {
  customer_columns c;
  c.customer_id = t.customer_id.view();
  c.created = t.created;
  c.status = t.status;
  c.consent = t.consent;
  c.market_kind = t.market_kind;
  c.segment = t.segment.view();
  c.region = t.region.view();
  return c;
}

inline transaction_columns columns_of(const transaction_table& t) {
  transaction_columns c;
  c.customer_id = t.customer_id.view();
  c.day = t.day;
  c.amount = t.amount;
  c.variable_cost = t.variable_cost;
  c.transaction_id = t.transaction_id.view();
  c.returns_transaction_id = t.returns_transaction_id.view();
  return c;
}

inline contract_columns columns_of(const contract_table& t) {
  contract_columns c;
  c.contract_id = t.contract_id.view();
  c.customer_id = t.customer_id.view();
  c.start = t.start;
  c.signed_on = t.signed_on;
  c.planned_end = t.planned_end.view();
  c.end = t.end.view();
  c.notice = t.notice.view();
  c.renewal = t.renewal;
  c.period = t.period;
  c.recurring_amount = t.recurring_amount;
  c.cancelled_by = t.cancelled_by;
  return c;
}

inline contact_columns columns_of(const contact_table& t) {
  contact_columns c;
  c.contact_id = t.contact_id.view();
  c.customer_id = t.customer_id.view();
  c.day = t.day;
  c.direction = t.direction;
  c.channel = t.channel;
  c.purpose = t.purpose;
  return c;
}

inline complaint_columns columns_of(const complaint_table& t) {
  complaint_columns c;
  c.complaint_id = t.complaint_id.view();
  c.customer_id = t.customer_id.view();
  c.opened = t.opened;
  c.first_response = t.first_response.view();
  c.resolved = t.resolved.view();
  c.reopened = t.reopened.view();
  c.kind = t.kind;
  c.severity = t.severity;
  c.satisfaction = t.satisfaction;
  return c;
}

inline cost_columns columns_of(const cost_table& t) {
  cost_columns c;
  c.cost_id = t.cost_id.view();
  c.customer_id = t.customer_id.view();
  c.day = t.day;
  c.head = t.head;
  c.amount = t.amount;
  return c;
}

}  // namespace kundenwert::simulate
