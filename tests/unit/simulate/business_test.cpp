// What a draw promises: the same bits for any threads, customers that do not depend on how many there are, a past that
// does not depend on how far it goes on, rows that the tables' rules accept.
#include "kundenwert/simulate/business.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "kundenwert/time/calendar.hpp"

using namespace kundenwert;
using namespace kundenwert::simulate;

namespace {

business_parameters lively(std::int64_t customers) {
  business_parameters p;
  p.customers = customers;
  p.first_day = day_of({2022, 1, 1});
  p.as_of = day_of({2024, 12, 31});
  p.types = {.buyer = 0.5, .contract = 0.2, .both = 0.2, .prospect = 0.1};
  p.returns.share = 0.2;
  p.complaints.per_year = 1;
  p.win_back = {.silent_days = 60, .attempt_share = 0.9, .delay_days = 20, .success_share = 0.6, .return_days = 5};
  p.contract.monthly_churn = 0.05;
  p.purchase.dropouts_per_year = 1.5;
  p.purchase.growth_per_year = -0.1;
  p.purchase.growth_deviation = 0.1;
  p.spend.business_share = 0.1;
  p.spend.business_factor = 5;
  p.costs.marketing_per_month = 1000;
  return p;
}

// Bits, so that NaN equals itself.
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}
bool same_ids(const owned_ids& a, const owned_ids& b) {
  return a.is_text == b.is_text && a.numbers == b.numbers && a.text == b.text && a.offsets == b.offsets &&
         a.validity == b.validity;
}
bool same_days(const optional_days& a, const optional_days& b) {
  return a.values == b.values && a.validity == b.validity;
}

bool same(const business& a, const business& b) {
  const auto& x = a.truth;
  const auto& y = b.truth;
  return same_ids(a.customers.customer_id, b.customers.customer_id) && a.customers.created == b.customers.created &&
         a.customers.status == b.customers.status && a.customers.consent == b.customers.consent &&
         a.customers.segment.text == b.customers.segment.text && a.customers.region.text == b.customers.region.text &&
         same_ids(a.transactions.transaction_id, b.transactions.transaction_id) &&
         same_ids(a.transactions.customer_id, b.transactions.customer_id) && a.transactions.day == b.transactions.day &&
         same_bits(a.transactions.amount, b.transactions.amount) &&
         same_bits(a.transactions.variable_cost, b.transactions.variable_cost) &&
         same_ids(a.transactions.returns_transaction_id, b.transactions.returns_transaction_id) &&
         same_ids(a.contracts.customer_id, b.contracts.customer_id) && a.contracts.start == b.contracts.start &&
         a.contracts.signed_on == b.contracts.signed_on && same_days(a.contracts.end, b.contracts.end) &&
         same_days(a.contracts.notice, b.contracts.notice) &&
         same_days(a.contracts.planned_end, b.contracts.planned_end) &&
         same_bits(a.contracts.recurring_amount, b.contracts.recurring_amount) &&
         same_ids(a.contacts.customer_id, b.contacts.customer_id) && a.contacts.day == b.contacts.day &&
         a.contacts.channel == b.contacts.channel && a.contacts.purpose == b.contacts.purpose &&
         same_ids(a.complaints.customer_id, b.complaints.customer_id) && a.complaints.opened == b.complaints.opened &&
         same_days(a.complaints.resolved, b.complaints.resolved) && a.complaints.kind == b.complaints.kind &&
         same_bits(a.complaints.satisfaction, b.complaints.satisfaction) &&
         same_ids(a.costs.customer_id, b.costs.customer_id) && a.costs.day == b.costs.day &&
         a.costs.head == b.costs.head && same_bits(a.costs.amount, b.costs.amount) && x.type == y.type &&
         x.state == y.state && x.started == y.started && x.ended == y.ended && x.was_regained == y.was_regained &&
         same_bits(x.purchase_rate, y.purchase_rate) && same_bits(x.remaining_value, y.remaining_value) &&
         same_bits(x.holdout_margin, y.holdout_margin) && x.holdout_purchases == y.holdout_purchases;
}

template <class T>
std::vector<T> first_of(const std::vector<T>& v, std::size_t n) {
  return {v.begin(), v.begin() + static_cast<std::ptrdiff_t>(n)};
}

// The rows of a table up to a day, without the numbers of the rows.
std::vector<std::string> transactions_until(const business& b, std::int32_t last) {
  std::vector<std::string> out;
  const auto& t = b.transactions;
  for (std::size_t i = 0; i < t.day.size(); ++i) {
    if (t.day[i] > last) continue;
    const std::int64_t of = t.returns_transaction_id.numbers[i];
    const std::string back = of == 0 ? "" : std::to_string(t.amount[static_cast<std::size_t>(of - 1)]);
    out.push_back(std::to_string(t.customer_id.numbers[i]) + ' ' + std::to_string(t.day[i]) + ' ' +
                  std::to_string(t.amount[i]) + ' ' + std::to_string(t.variable_cost[i]) + ' ' + back);
  }
  return out;
}
std::vector<std::string> contacts_until(const business& b, std::int32_t last) {
  std::vector<std::string> out;
  const auto& t = b.contacts;
  for (std::size_t i = 0; i < t.day.size(); ++i) {
    if (t.day[i] > last) continue;
    out.push_back(std::to_string(t.customer_id.numbers[i]) + ' ' + std::to_string(t.day[i]) + ' ' +
                  std::to_string(t.direction[i]) + std::to_string(t.channel[i]) + std::to_string(t.purpose[i]));
  }
  return out;
}
std::vector<std::string> costs_until(const business& b, std::int32_t last) {
  std::vector<std::string> out;
  const auto& t = b.costs;
  for (std::size_t i = 0; i < t.day.size(); ++i) {
    if (t.day[i] > last) continue;
    out.push_back(std::to_string(t.customer_id.numbers[i]) + ' ' + std::to_string(t.day[i]) + ' ' +
                  std::to_string(t.head[i]) + ' ' + std::to_string(t.amount[i]));
  }
  return out;
}
std::vector<std::string> contract_begins_until(const business& b, std::int32_t last) {
  std::vector<std::string> out;
  const auto& t = b.contracts;
  for (std::size_t i = 0; i < t.start.size(); ++i) {
    if (t.signed_on[i] > last) continue;
    const std::int32_t notice =
        t.notice.values[i] != no_day && t.notice.values[i] <= last ? t.notice.values[i] : no_day;
    out.push_back(std::to_string(t.customer_id.numbers[i]) + ' ' + std::to_string(t.start[i]) + ' ' +
                  std::to_string(t.signed_on[i]) + ' ' + std::to_string(notice));
  }
  return out;
}
std::vector<std::string> complaints_until(const business& b, std::int32_t last) {
  std::vector<std::string> out;
  const auto& t = b.complaints;
  for (std::size_t i = 0; i < t.opened.size(); ++i) {
    if (t.opened[i] > last) continue;
    out.push_back(std::to_string(t.customer_id.numbers[i]) + ' ' + std::to_string(t.opened[i]) + ' ' +
                  std::to_string(t.kind[i]) + ' ' + std::to_string(t.severity[i]));
  }
  return out;
}

}  // namespace

TEST_CASE("a draw is the same bits for any number of threads, and another for another seed") {
  const auto p = lively(6000);
  const business one = draw_business(p, 3);
  CHECK(same(one, draw_business(p, 3, {.threads = 2})));
  CHECK(same(one, draw_business(p, 3, {.threads = 5})));
  CHECK_FALSE(same(one, draw_business(p, 4)));
  CHECK(one.customers.size() == 6000);
  CHECK(one.truth.size() == 6000);
  CHECK(one.seed == 3);
}

TEST_CASE("a customer is the same whatever the number of customers") {
  const business few = draw_business(lively(700), 3);
  const business many = draw_business(lively(5000), 3);
  CHECK(first_of(many.customers.created, 700) == few.customers.created);
  CHECK(same_bits(first_of(many.truth.remaining_value, 700), few.truth.remaining_value));
  CHECK(first_of(many.transactions.day, few.transactions.day.size()) == few.transactions.day);
  CHECK(first_of(many.transactions.amount, few.transactions.day.size()) == few.transactions.amount);
  CHECK(many.transactions.transaction_id.text.starts_with(few.transactions.transaction_id.text));
  CHECK(many.transactions.customer_id.text.starts_with(few.transactions.customer_id.text));
  CHECK(many.contacts.customer_id.text.starts_with(few.contacts.customer_id.text));
  CHECK(many.contracts.customer_id.text.starts_with(few.contracts.customer_id.text));
  CHECK(many.complaints.customer_id.text.starts_with(few.complaints.customer_id.text));
}

TEST_CASE("what happened up to as_of does not depend on how far it goes on") {
  auto p = lively(3000);
  const business until = draw_business(p, 8, {.text_ids = false});
  p.holdout_end = p.as_of + 400;
  const business beyond = draw_business(p, 8, {.text_ids = false});
  CHECK(transactions_until(until, p.as_of) == transactions_until(beyond, p.as_of));
  CHECK(contacts_until(until, p.as_of) == contacts_until(beyond, p.as_of));
  CHECK(costs_until(until, p.as_of) == costs_until(beyond, p.as_of));
  CHECK(contract_begins_until(until, p.as_of) == contract_begins_until(beyond, p.as_of));
  CHECK(complaints_until(until, p.as_of) == complaints_until(beyond, p.as_of));
  CHECK(until.truth.state == beyond.truth.state);
  CHECK(until.truth.ended == beyond.truth.ended);
  CHECK(same_bits(until.truth.remaining_value, beyond.truth.remaining_value));
  CHECK(beyond.transactions.day.size() > until.transactions.day.size());
  std::int64_t purchases = 0;
  for (std::size_t i = 0; i < beyond.transactions.day.size(); ++i) {
    purchases += beyond.transactions.day[i] > p.as_of && beyond.transactions.amount[i] > 0 ? 1 : 0;
  }
  std::int64_t told = 0;
  for (const auto n : beyond.truth.holdout_purchases) told += n;
  CHECK(told == purchases);
}

TEST_CASE("the rows obey the rules of their tables") {
  const auto p = lively(4000);
  const business b = draw_business(p, 5, {.text_ids = false});
  const auto& t = b.transactions;
  std::map<std::int64_t, double> given_back;
  for (std::size_t i = 0; i < t.day.size(); ++i) {
    REQUIRE(t.day[i] >= p.first_day);
    REQUIRE(t.day[i] <= p.as_of);
    REQUIRE(std::fabs(t.amount[i] * 100 - std::round(t.amount[i] * 100)) < 1e-6);
    REQUIRE(std::fabs(t.variable_cost[i]) <= std::fabs(t.amount[i]));
    const std::int64_t of = t.returns_transaction_id.numbers[i];
    REQUIRE((of != 0) == (t.amount[i] < 0));
    if (of == 0) continue;
    const auto bought = static_cast<std::size_t>(of - 1);
    REQUIRE(t.customer_id.numbers[bought] == t.customer_id.numbers[i]);
    REQUIRE(t.day[bought] < t.day[i]);
    given_back[of] += -t.amount[i];
    REQUIRE(given_back[of] <= t.amount[bought]);
    REQUIRE(-t.variable_cost[i] <= t.variable_cost[bought]);
  }
  CHECK(given_back.size() > 500);
  const auto& c = b.contracts;
  for (std::size_t i = 0; i < c.start.size(); ++i) {
    REQUIRE(c.signed_on[i] <= p.as_of);
    REQUIRE(c.signed_on[i] <= c.start[i]);
    if (c.planned_end.values[i] != no_day) REQUIRE(c.planned_end.values[i] > c.start[i]);
    if (c.end.values[i] != no_day) REQUIRE(c.end.values[i] > c.start[i]);
    if (c.notice.values[i] != no_day) {
      REQUIRE(c.notice.values[i] >= c.start[i]);
      REQUIRE(c.notice.values[i] <= p.as_of);
      REQUIRE(c.end.values[i] >= c.notice.values[i]);
    }
    REQUIRE(c.recurring_amount[i] > 0);
  }
  const auto& q = b.complaints;
  for (std::size_t i = 0; i < q.opened.size(); ++i) {
    REQUIRE(q.opened[i] <= p.as_of);
    const auto known = [&](std::int32_t day) { return day == no_day || (day >= q.opened[i] && day <= p.as_of); };
    REQUIRE(known(q.first_response.values[i]));
    REQUIRE(known(q.resolved.values[i]));
    REQUIRE(known(q.reopened.values[i]));
    if (q.resolved.values[i] != no_day) REQUIRE(q.first_response.values[i] != no_day);
    if (q.resolved.values[i] != no_day) REQUIRE(q.first_response.values[i] <= q.resolved.values[i]);
  }
  for (std::size_t i = 0; i < b.costs.day.size(); ++i) REQUIRE(b.costs.amount[i] > 0);
  CHECK(b.costs.customer_id.numbers.back() == 0);
  CHECK_FALSE(std::get<column<std::int64_t>>(b.costs.customer_id.view()).is_valid(b.costs.size() - 1));
  CHECK(std::get<column<std::int64_t>>(b.costs.customer_id.view()).is_valid(0));
}

TEST_CASE("ids: a letter and the number, or the number") {
  const business text = draw_business(lively(50), 5);
  const business numbers = draw_business(lively(50), 5, {.text_ids = false});
  const auto view = std::get<text_column>(text.transactions.customer_id.view());
  const auto& plain = numbers.transactions.customer_id.numbers;
  REQUIRE(view.size() == static_cast<std::int64_t>(plain.size()));
  for (std::int64_t i = 0; i < view.size(); ++i) {
    const std::string digits = std::to_string(plain[static_cast<std::size_t>(i)]);
    REQUIRE(std::string(view[i]) == "K" + std::string(6 - digits.size(), '0') + digits);
  }
  const auto returned = std::get<text_column>(text.transactions.returns_transaction_id.view());
  for (std::int64_t i = 0; i < view.size(); ++i) {
    const std::int64_t of = numbers.transactions.returns_transaction_id.numbers[static_cast<std::size_t>(i)];
    REQUIRE(returned.is_valid(i) == (of != 0));
    if (of != 0) REQUIRE(std::stoll(std::string(returned[i].substr(1))) == of);
  }
}

TEST_CASE("nobody, one customer, one day; a cancelled draw") {
  auto p = lively(0);
  const business none = draw_business(p, 1);
  CHECK(none.customers.size() == 0);
  CHECK(none.costs.size() == 36);  // the marketing of 36 months
  p = lively(1);
  p.as_of = p.first_day;
  const business one = draw_business(p, 1);
  CHECK(one.customers.size() == 1);
  CHECK(one.customers.created[0] == p.first_day);
  const progress stop{[](void*, double) { return false; }, nullptr};
  try {
    draw_business(lively(10), 1, {.watch = stop});
    FAIL("nothing thrown");
  } catch (const error& e) {
    CHECK(e.code() == error_code::cancelled);
  }
}
