// The events of one customer, told in the order in which they come to mind and sorted when they are asked for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kundenwert/model/customer_base.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert::test {

// "2024-03-01".
inline std::int32_t day_of_text(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t count) {
    return static_cast<std::int32_t>(std::stoi(std::string(text.substr(at, count))));
  };
  return day_of({number(0, 4), number(5, 2), number(8, 2)});
}

constexpr std::int64_t one_unit_of_money = 1'000'000;

struct contract_terms {
  std::string_view start;
  std::string_view end = "";  // the planned end and the end
  std::string_view signed_on = "";
  std::string_view notice = "";
  kundenwert::renewal renewal = renewal::manual;
  bool is_end_known = true;  // false: planned only
};

class customer_life {
 public:
  customer_life() = default;

  customer_life& created(std::string_view day) {
    created_ = day_of_text(day);
    return *this;
  }
  customer_life& bought(std::string_view day, std::int64_t margin = 10) {
    purchases_.push_back({day_of_text(day), no_day, margin * one_unit_of_money, margin * one_unit_of_money});
    return *this;
  }
  customer_life& bought_and_returned(std::string_view day, std::string_view returned) {
    purchases_.push_back({day_of_text(day), day_of_text(returned), 10 * one_unit_of_money, 10 * one_unit_of_money});
    return *this;
  }
  // A partial return: booked on its own day, which is no purchase day.
  customer_life& gave_back(std::string_view day, std::int64_t margin) {
    const std::int32_t on = day_of_text(day);
    purchases_.push_back({on, on, -margin * one_unit_of_money, -margin * one_unit_of_money});
    return *this;
  }
  // A purchase every `months` months from the first to the last day.
  customer_life& bought_every(std::int32_t months, std::string_view first, std::string_view last) {
    const std::int32_t anchor = day_of_text(first);
    for (std::int32_t k = 0; add_months(anchor, k * months) <= day_of_text(last); ++k) {
      purchases_.push_back({add_months(anchor, k * months), no_day, 10 * one_unit_of_money, 10 * one_unit_of_money});
    }
    return *this;
  }
  customer_life& under(const contract_terms& terms) {
    contract c;
    c.start = day_of_text(terms.start);
    c.signed_on = terms.signed_on.empty() ? c.start : day_of_text(terms.signed_on);
    if (!terms.end.empty()) {
      c.planned_end = day_of_text(terms.end);
      if (terms.is_end_known) c.end = c.planned_end;
    }
    if (!terms.notice.empty()) c.notice = day_of_text(terms.notice);
    c.renewal = terms.renewal;
    contracts_.push_back(c);
    return *this;
  }
  customer_life& contacted(std::string_view day, purpose why = purpose::sales, direction which = direction::out) {
    contacts_.push_back({.day = day_of_text(day), .direction = which, .purpose = why});
    return *this;
  }
  customer_life& complained(std::string_view opened, std::string_view resolved = "",
                            double satisfaction = not_available, std::string_view reopened = "",
                            case_kind kind = case_kind::complaint) {
    complaint c;
    c.opened = day_of_text(opened);
    if (!resolved.empty()) c.resolved = day_of_text(resolved);
    if (!reopened.empty()) c.reopened = day_of_text(reopened);
    c.kind = kind;
    c.satisfaction = satisfaction;
    complaints_.push_back(c);
    return *this;
  }

  // Borrowed from this object.
  customer_history history() {
    const auto by = [](auto& events, auto day) {
      std::stable_sort(events.begin(), events.end(), [&](const auto& a, const auto& b) { return day(a) < day(b); });
    };
    by(purchases_, [](const purchase_day& p) { return p.day; });
    by(contracts_, [](const contract& c) { return c.start; });
    by(contacts_, [](const contact& c) { return c.day; });
    by(complaints_, [](const complaint& c) { return c.opened; });
    return {created_, purchases_, contracts_, contacts_, complaints_};
  }

 private:
  std::int32_t created_ = no_day;
  std::vector<purchase_day> purchases_;
  std::vector<contract> contracts_;
  std::vector<contact> contacts_;
  std::vector<complaint> complaints_;
};

}  // namespace kundenwert::test
