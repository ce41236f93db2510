// The nouns of a customer base: every check fires and names column and row.
#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "check_error.hpp"
#include "kundenwert/model/nouns.hpp"

using namespace kundenwert;
using kundenwert::test::check_error;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

using days = std::vector<std::int32_t>;
using numbers = std::vector<double>;

// Texts, and their column.
struct texts {
  std::string bytes;
  std::vector<std::int64_t> offsets{0};

  explicit texts(std::initializer_list<std::string> all) {
    for (const auto& text : all) {
      bytes += text;
      offsets.push_back(static_cast<std::int64_t>(bytes.size()));
    }
  }
  operator text_column() const { return {bytes.data(), offsets, {}}; }
};

const std::vector<std::int64_t> ids{1, 2};
const std::uint8_t first_only[] = {1};
const days ordered{100, 200};
const numbers fine{1, 2};

const id_column number_ids = column<std::int64_t>(ids);
const id_column one_null = column<std::int64_t>(ids, {first_only, 0});

customer_columns customers() {
  customer_columns out;
  out.customer_id = number_ids;
  return out;
}
contract_columns contracts() {
  contract_columns out;
  out.customer_id = number_ids;
  out.start = ordered;
  return out;
}
contact_columns contacts() {
  contact_columns out;
  out.customer_id = number_ids;
  out.day = ordered;
  return out;
}
complaint_columns complaints() {
  complaint_columns out;
  out.customer_id = number_ids;
  out.opened = ordered;
  return out;
}
const days heads{1, 2};
cost_columns costs() {
  cost_columns out;
  out.day = ordered;
  out.head = heads;
  out.amount = fine;
  return out;
}

// Row 1 of the columns, after `change`, is refused; row 0 is fine.
template <class Columns, class At, class Change>
void refused(Columns columns, At at, Change&& change, error_code code, std::string_view argument) {
  at(columns, 1);
  change(columns);
  at(columns, 0);
  check_error([&] { at(columns, 1); }, code, argument, 1);
}

// Every day column of a noun refuses days outside of the range; no_day is no null.
template <class Columns, class At>
void check_days(Columns columns, At at, column<std::int32_t> Columns::*member, std::string_view name,
                std::int32_t fine_day = 100) {
  for (const std::int32_t bad : {earliest_day - 1, latest_day + 1, no_day}) {
    const days with_bad{fine_day, bad};
    refused(
        columns, at, [&](Columns& c) { c.*member = with_bad; }, error_code::date_range, name);
  }
}

template <class Columns, class At>
void check_codes(Columns columns, At at, column<std::int32_t> Columns::*member, std::string_view name) {
  for (const std::int32_t bad : {-1, 99, std::numeric_limits<std::int32_t>::max()}) {
    const days with_bad{1, bad};
    refused(
        columns, at, [&](Columns& c) { c.*member = with_bad; }, error_code::unknown_code, name);
  }
}

template <class Columns, class At>
void check_money(Columns columns, At at, column<double> Columns::*member, std::string_view name) {
  const auto check = [&](double bad, error_code code) {
    const numbers with_bad{1, bad};
    refused(
        columns, at, [&](Columns& c) { c.*member = with_bad; }, code, name);
  };
  check(-0.01, error_code::sign);
  check(infinity, error_code::non_finite);
  check(-infinity, error_code::non_finite);
  check(1.0001e12, error_code::overflow);
}

template <class Columns, class At>
void check_ids(Columns columns, At at, id_column Columns::*member, std::string_view name) {
  for (const auto& bad : {std::string(), std::string(129, 'x'), std::string("M\xFCller")}) {
    const texts with_bad{"a", bad};
    refused(
        columns, at, [&](Columns& c) { c.*member = text_column(with_bad); }, error_code::encoding, name);
  }
}

}  // namespace

TEST_CASE("model inputs: customers") {
  check_ids(customers(), customer_at, &customer_columns::customer_id, "customer_id");
  check_ids(customers(), customer_at, &customer_columns::referred_by, "referred_by");
  refused(
      customers(), customer_at, [](auto& c) { c.customer_id = one_null; }, error_code::missing, "customer_id");
  check_days(customers(), customer_at, &customer_columns::created, "created");
  check_codes(customers(), customer_at, &customer_columns::status, "status");
  check_codes(customers(), customer_at, &customer_columns::consent, "consent");
  check_codes(customers(), customer_at, &customer_columns::market_kind, "market_kind");
  const texts bad{"fine", "\xFF"};
  refused(
      customers(), customer_at, [&](auto& c) { c.name = bad; }, error_code::encoding, "name");
  refused(
      customers(), customer_at, [&](auto& c) { c.segment = bad; }, error_code::encoding, "segment");
  refused(
      customers(), customer_at, [&](auto& c) { c.region = bad; }, error_code::encoding, "region");
}

TEST_CASE("model inputs: a customer who recommended himself, and chains that come back") {
  const std::vector<std::int64_t> self{9, 2};
  refused(
      customers(), customer_at, [&](auto& c) { c.referred_by = column<std::int64_t>(self); }, error_code::cycle,
      "referred_by");
  const texts three{"a", "b", "c"};
  const texts round{"x", "c", "b"};
  check_error([&] { require_no_referral_cycle(text_column(three), text_column(round)); }, error_code::cycle,
              "referred_by", 1);
  check_error(
      [&] {
        require_no_referral_cycle(number_ids, text_column(texts{"a", "b"}));
      },
      error_code::wrong_type, "referred_by");
  check_error([&] { require_no_referral_cycle(number_ids, text_column(texts{"a"})); }, error_code::length_mismatch,
              "referred_by");
}

TEST_CASE("model inputs: contracts") {
  check_ids(contracts(), contract_at, &contract_columns::contract_id, "contract_id");
  check_ids(contracts(), contract_at, &contract_columns::customer_id, "customer_id");
  refused(
      contracts(), contract_at, [](auto& c) { c.customer_id = one_null; }, error_code::missing, "customer_id");
  refused(
      contracts(), contract_at,
      [](auto& c) {
        c.start.validity = {first_only, 0};
      },
      error_code::missing, "start");
  check_days(contracts(), contract_at, &contract_columns::start, "start");
  check_days(contracts(), contract_at, &contract_columns::signed_on, "signed");
  check_days(contracts(), contract_at, &contract_columns::planned_end, "planned_end", 101);
  check_days(contracts(), contract_at, &contract_columns::end, "end", 101);
  check_days(contracts(), contract_at, &contract_columns::notice, "notice");
  const days end_on_start{101, 200};
  refused(
      contracts(), contract_at, [&](auto& c) { c.planned_end = end_on_start; }, error_code::date_order, "planned_end");
  refused(
      contracts(), contract_at, [&](auto& c) { c.end = end_on_start; }, error_code::date_order, "end");
  const days notice_before{100, 199};
  refused(
      contracts(), contract_at, [&](auto& c) { c.notice = notice_before; }, error_code::date_order, "notice");
  check_codes(contracts(), contract_at, &contract_columns::renewal, "renewal");
  check_codes(contracts(), contract_at, &contract_columns::period, "period");
  check_codes(contracts(), contract_at, &contract_columns::cancelled_by, "cancelled_by");
  check_money(contracts(), contract_at, &contract_columns::recurring_amount, "recurring_amount");
}

TEST_CASE("model inputs: contacts") {
  check_ids(contacts(), contact_at, &contact_columns::contact_id, "contact_id");
  check_ids(contacts(), contact_at, &contact_columns::customer_id, "customer_id");
  refused(
      contacts(), contact_at, [](auto& c) { c.customer_id = one_null; }, error_code::missing, "customer_id");
  refused(
      contacts(), contact_at,
      [](auto& c) {
        c.day.validity = {first_only, 0};
      },
      error_code::missing, "date");
  check_days(contacts(), contact_at, &contact_columns::day, "date");
  check_days(contacts(), contact_at, &contact_columns::answered, "answered");
  const days answered_before{100, 199};
  refused(
      contacts(), contact_at, [&](auto& c) { c.answered = answered_before; }, error_code::date_order, "answered");
  check_codes(contacts(), contact_at, &contact_columns::direction, "direction");
  check_codes(contacts(), contact_at, &contact_columns::channel, "channel");
  check_codes(contacts(), contact_at, &contact_columns::purpose, "purpose");
  check_money(contacts(), contact_at, &contact_columns::cost, "cost");
}

TEST_CASE("model inputs: complaints") {
  check_ids(complaints(), complaint_at, &complaint_columns::complaint_id, "complaint_id");
  check_ids(complaints(), complaint_at, &complaint_columns::customer_id, "customer_id");
  refused(
      complaints(), complaint_at, [](auto& c) { c.customer_id = one_null; }, error_code::missing, "customer_id");
  refused(
      complaints(), complaint_at,
      [](auto& c) {
        c.opened.validity = {first_only, 0};
      },
      error_code::missing, "opened");
  check_days(complaints(), complaint_at, &complaint_columns::opened, "opened");
  check_days(complaints(), complaint_at, &complaint_columns::first_response, "first_response");
  check_days(complaints(), complaint_at, &complaint_columns::resolved, "resolved");
  check_days(complaints(), complaint_at, &complaint_columns::reopened, "reopened");
  const days before{100, 199};
  const days response{100, 210};
  const days resolved_before_response{100, 209};
  refused(
      complaints(), complaint_at, [&](auto& c) { c.first_response = before; }, error_code::date_order,
      "first_response");
  refused(
      complaints(), complaint_at, [&](auto& c) { c.resolved = before; }, error_code::date_order, "resolved");
  refused(
      complaints(), complaint_at, [&](auto& c) { c.reopened = before; }, error_code::date_order, "reopened");
  complaint_columns with_response = complaints();
  with_response.first_response = response;
  refused(
      with_response, complaint_at, [&](auto& c) { c.resolved = resolved_before_response; }, error_code::date_order,
      "resolved");
  check_codes(complaints(), complaint_at, &complaint_columns::kind, "kind");
  check_codes(complaints(), complaint_at, &complaint_columns::resolution, "resolution");
  check_money(complaints(), complaint_at, &complaint_columns::compensation, "compensation");
  for (const double bad : {0.0, 4.0, 1.5}) {
    const numbers severity{3, bad};
    refused(
        complaints(), complaint_at, [&](auto& c) { c.severity = severity; }, error_code::domain, "severity");
  }
  for (const double bad : {-0.1, 100.1}) {
    const numbers satisfaction{100, bad};
    refused(
        complaints(), complaint_at, [&](auto& c) { c.satisfaction = satisfaction; }, error_code::domain,
        "satisfaction");
  }
  const numbers infinite{1, infinity};
  refused(
      complaints(), complaint_at, [&](auto& c) { c.severity = infinite; }, error_code::non_finite, "severity");
}

TEST_CASE("model inputs: costs") {
  check_ids(costs(), cost_at, &cost_columns::cost_id, "cost_id");
  check_ids(costs(), cost_at, &cost_columns::customer_id, "customer_id");
  refused(
      costs(), cost_at,
      [](auto& c) {
        c.day.validity = {first_only, 0};
      },
      error_code::missing, "date");
  check_days(costs(), cost_at, &cost_columns::day, "date");
  check_codes(costs(), cost_at, &cost_columns::head, "head");
  const days no_head{1, 0};
  refused(
      costs(), cost_at, [&](auto& c) { c.head = no_head; }, error_code::missing, "head");
  check_money(costs(), cost_at, &cost_columns::amount, "amount");
  const numbers no_amount{1, not_available};
  refused(
      costs(), cost_at, [&](auto& c) { c.amount = no_amount; }, error_code::missing, "amount");
}

TEST_CASE("model inputs: columns that are missing or differ in length") {
  require_customer_columns({});
  require_customer_columns(customers());
  require_contract_columns(contracts());
  require_contact_columns(contacts());
  require_complaint_columns(complaints());
  require_cost_columns(costs());
  const auto without = [](auto columns, auto member, auto require, std::string_view name) {
    columns.*member = {};
    check_error([&] { require(columns); }, error_code::column_missing, name);
  };
  customer_columns unnamed = customers();
  unnamed.customer_id = {};
  unnamed.created = ordered;
  check_error([&] { require_customer_columns(unnamed); }, error_code::column_missing, "customer_id");
  without(contracts(), &contract_columns::customer_id, require_contract_columns, "customer_id");
  without(contracts(), &contract_columns::start, require_contract_columns, "start");
  without(contacts(), &contact_columns::customer_id, require_contact_columns, "customer_id");
  without(contacts(), &contact_columns::day, require_contact_columns, "date");
  without(complaints(), &complaint_columns::customer_id, require_complaint_columns, "customer_id");
  without(complaints(), &complaint_columns::opened, require_complaint_columns, "opened");
  without(costs(), &cost_columns::day, require_cost_columns, "date");
  without(costs(), &cost_columns::head, require_cost_columns, "head");
  without(costs(), &cost_columns::amount, require_cost_columns, "amount");
  const days three{1, 2, 3};
  contract_columns longer = contracts();
  longer.renewal = three;
  check_error([&] { require_contract_columns(longer); }, error_code::length_mismatch, "customer_id");
  const days one{1};
  longer.renewal = one;
  check_error([&] { require_contract_columns(longer); }, error_code::length_mismatch, "renewal");
}

TEST_CASE("model inputs: names of columns") {
  using names = std::vector<std::string_view>;
  const auto place = [](const names& columns, const naming& how = {}) {
    return [=] { place_columns(facts_of<cost_columns>, columns, how); };
  };
  check_error(place({"date", "head"}), error_code::column_missing, "amount");
  check_error(place({"date", "head", "betrag"}), error_code::column_missing, "amount");
  check_error(place({"date", "head", "amount"}, {.names = {{"driver", "date"}}}), error_code::unknown_code, "driver");
  check_error(place({"date", "head", "amount"}, {.names = {{"head", "was"}}}), error_code::column_missing, "head");
  check_error(place({"date", "head", "amount"}, {.names = {{"head", ""}}}), error_code::column_missing, "head");
  check_error(place({"date", "head", "amount", "amount"}), error_code::column_missing, "amount");
  check_error(place({"date", "head", "Betrag", "betrag"}, {.names = {}, .usual_names = true}),
              error_code::column_missing, "amount");
}
