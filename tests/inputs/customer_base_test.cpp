// Every check of a customer base: code, table and column, row over all batches; and that a failed add changes nothing.
#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "base_tables.hpp"
#include "check_error.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t today = day_of(2024, 3, 1);
constexpr double infinite = std::numeric_limits<double>::infinity();

customer_base_options collecting(double limit = 1) {
  customer_base_options o;
  o.rows = row_mode::collect;
  o.rejected_limit = limit;
  return o;
}

// In strict mode the error, in collecting mode the issue in the report of the table.
void check_bad(const base_tables& tables, table_kind table, const char* column, error_code code, std::int64_t row,
               const giving& g = {}) {
  CAPTURE(column);
  check_error([&] { base_of(tables, g); }, code, (std::string(name_of(table)) + "." + column).c_str(), row);
  const customer_base base = base_of(tables, g, collecting());
  for (const auto& report : base.reports) {
    if (report.table != table) continue;
    REQUIRE(report.rejected.size() == 1);
    CHECK(report.rejected[0] == table_issue{row, column, code});
    CHECK(report.rows_taken <= report.rows_read - 1);
  }
}

base_tables good_tables() {
  base_tables t;
  t.sales = {{1, 1, today - 9, 10, 4}, {2, 2, today - 8, 20, 8}, {3, 1, today - 7, 30, 12}};
  t.contracts = {{1, today - 5}, {2, today - 4}};
  t.contacts = {{1, 1, today - 3}, {2, 2, today - 2}};
  t.complaints = {{1, today - 1}, {2, today}};
  t.costs = {{1, today, 3}, {2, today, 4}};
  return t;
}

}  // namespace

TEST_CASE("options") {
  customer_base_options o;
  o.rejected_limit = 1.5;
  check_error([&] { customer_base_builder b(o); }, error_code::domain, "rejected_limit");
  o = {};
  o.load_date = 1'000'000;
  check_error([&] { customer_base_builder b(o); }, error_code::date_range, "load_date");
  o = {};
  o.returns = static_cast<returns_policy>(9);
  check_error([&] { customer_base_builder b(o); }, error_code::unknown_code, "returns");
  o = {};
  o.rows = static_cast<row_mode>(0);
  check_error([&] { customer_base_builder b(o); }, error_code::unknown_code, "rows");
}

TEST_CASE("bad rows name their table, column and row over all batches") {
  for (const std::size_t batch : {std::size_t{1}, std::size_t{100}}) {
    const giving g{.batch = batch};
    base_tables t = good_tables();
    t.contracts.push_back({1, today, today});
    check_bad(t, table_kind::contracts, "end", error_code::date_order, 2, g);
    t = good_tables();
    t.contracts[1].amount = -1;
    check_bad(t, table_kind::contracts, "recurring_amount", error_code::sign, 1, g);
    t = good_tables();
    t.contacts.insert(t.contacts.begin() + 1, {7, 1, 1'000'000});
    check_bad(t, table_kind::contacts, "date", error_code::date_range, 1, g);
    t = good_tables();
    t.contacts[0].event.channel = static_cast<channel>(77);
    check_bad(t, table_kind::contacts, "channel", error_code::unknown_code, 0, g);
    t = good_tables();
    t.complaints[1].satisfaction = 101;
    check_bad(t, table_kind::complaints, "satisfaction", error_code::domain, 1, g);
    t = good_tables();
    t.costs[1].amount = infinite;
    check_bad(t, table_kind::costs, "amount", error_code::non_finite, 1, g);
    t = good_tables();
    t.sales[2].amount = infinite;
    check_bad(t, table_kind::transactions, "amount", error_code::non_finite, 2, g);
    t = good_tables();
    t.customers = {{1}, {2, 1'000'000}, {2}};
    check_bad(t, table_kind::customers, "created", error_code::date_range, 1, g);
  }
}

TEST_CASE("variable cost: given for every row or for none, of the amount's sign") {
  const auto check_cost = [](double amount, double cost, error_code code) {
    for (const bool has_sale_ids : {false, true}) {
      base_tables t = good_tables();
      t.sales[1].amount = amount;
      t.sales[1].cost = cost;
      if (amount < 0) t.sales[1].gives_back = 1;
      if (amount < 0) t.sales[1].customer = 1;
      check_bad(t, table_kind::transactions, "variable_cost", code, 1, {.has_sale_ids = has_sale_ids});
    }
  };
  check_cost(20, not_available, error_code::missing_cost);
  check_cost(20, infinite, error_code::non_finite);
  check_cost(20, 2e12, error_code::overflow);
  check_cost(20, -1, error_code::sign);
  check_cost(-5, 1, error_code::sign);
  // More than the amount, and any sign beside 0, are fine.
  base_tables t = good_tables();
  t.sales = {{1, 1, today, 10, 15}, {2, 1, today, 0, -3}, {3, 1, today, 0, 2}};
  CHECK(base_of(t).purchases.of(0)[0].margin == -4'000'000);

  customer_base_builder builder;
  add_sales(builder, t.sales, {.has_sale_ids = false});
  check_error([&] { add_sales(builder, t.sales, {.has_sale_ids = false, .has_costs = false}); },
              error_code::column_missing, "transactions.variable_cost");
  check_error([&] { add_sales(builder, t.sales, {}); }, error_code::column_missing, "transactions.transaction_id");
  CHECK(builder.finish().reports[0].rows_read == 3);

  const std::vector<std::int64_t> who{1};
  const std::vector<std::int32_t> day{today};
  const std::vector<double> cost{1};
  customer_base_builder no_amounts;
  check_error(
      [&] {
        no_amounts.add_transactions({.customer_id = column<std::int64_t>(who), .day = day, .variable_cost = cost});
      },
      error_code::column_missing, "transactions.amount");
  check_error(
      [&] {
        no_amounts.add_transactions({.customer_id = column<std::int64_t>(who),
                                     .day = day,
                                     .amount = cost,
                                     .returns_transaction_id = column<std::int64_t>(who)});
      },
      error_code::column_missing, "transactions.transaction_id");
  check_error(
      [&] {
        no_amounts.add_transactions({.customer_id = column<std::int64_t>(who),
                                     .day = day,
                                     .transaction_id = column<std::int64_t>(who),
                                     .returns_transaction_id = column<std::int64_t>(who)});
      },
      error_code::column_missing, "transactions.amount");
}

TEST_CASE("rows for somebody who is not in the table of customers") {
  for (const bool is_text : {false, true}) {
    for (const std::size_t batch : {std::size_t{1}, std::size_t{100}}) {
      for (const bool has_sale_ids : {false, true}) {
        const giving g{.is_text = is_text, .batch = batch, .has_sale_ids = has_sale_ids};
        const auto with_customers = [] {
          base_tables t = good_tables();
          t.customers = {{2}, {1}, {3}};
          return t;
        };
        CHECK(base_of(with_customers(), g).size() == 3);
        base_tables t = with_customers();
        t.sales[1].customer = 8;
        check_bad(t, table_kind::transactions, "customer_id", error_code::unknown_customer, 1, g);
        t = with_customers();
        t.contracts[1].customer = 8;
        check_bad(t, table_kind::contracts, "customer_id", error_code::unknown_customer, 1, g);
        t = with_customers();
        t.contacts[1].customer = 8;
        check_bad(t, table_kind::contacts, "customer_id", error_code::unknown_customer, 1, g);
        t = with_customers();
        t.complaints[0].customer = 8;
        check_bad(t, table_kind::complaints, "customer_id", error_code::unknown_customer, 0, g);
        t = with_customers();
        t.costs[0].customer = 8;
        check_bad(t, table_kind::costs, "customer_id", error_code::unknown_customer, 0, g);
        // A return of an unknown customer is that, and nothing worse.
        t = with_customers();
        t.sales.push_back({9, 8, today, -1, -1, 1});
        check_bad(t, table_kind::transactions, "customer_id", error_code::unknown_customer, 3, g);
      }
    }
  }
}

TEST_CASE("unknown customers beside rows that are anonymous, dropped or rejected") {
  base_tables t = good_tables();
  t.customers = {{1}, {2}};
  t.sales = {
      {1, std::nullopt, today, 1}, {2, 8, today, -1}, {3, 8, today, infinite}, {4, 8, today, 5}, {5, 1, today, 5},
      {6, 9, today - 40, 5}};
  customer_base_options o = collecting();
  o.returns = returns_policy::drop;
  for (const bool has_sale_ids : {false, true}) {
    const customer_base base = base_of(t, {.has_sale_ids = has_sale_ids, .has_costs = false}, o);
    const table_report& report = base.reports[1];
    CHECK(report.rejected == std::vector<table_issue>{{2, "amount", error_code::non_finite},
                                                      {3, "customer_id", error_code::unknown_customer},
                                                      {5, "customer_id", error_code::unknown_customer}});
    CHECK(report.rows_read == 6);
    CHECK(report.rows_taken == 1);
    CHECK(report.first_day == today);
    CHECK(report.last_day == today);
  }
}

TEST_CASE("an id that is repeated with other content; the first row stays") {
  base_tables t = good_tables();
  t.contacts.push_back({1, 2, today});
  check_bad(t, table_kind::contacts, "contact_id", error_code::duplicate_id, 2);
  check_bad(t, table_kind::contacts, "contact_id", error_code::duplicate_id, 2, {.is_text = true, .batch = 1});
  CHECK(base_of(t, {}, collecting()).contacts.of(0).size() == 1);
  t = good_tables();
  t.sales.push_back({2, 2, today - 8, 20, 7});
  check_bad(t, table_kind::transactions, "transaction_id", error_code::duplicate_id, 3);
  CHECK(base_of(t, {}, collecting()).purchases.of(1)[0].revenue == 20'000'000);
  t = good_tables();
  t.customers = {{1, today - 20}, {2}, {1, today - 30}};
  check_bad(t, table_kind::customers, "customer_id", error_code::duplicate_id, 2);
  CHECK(base_of(t, {}, collecting()).created[0] == today - 20);
}

TEST_CASE("returns: without a purchase, above it, with the wrong sign") {
  const auto check_return = [](const sale_row& r, const char* column, error_code code, const giving& g = {}) {
    base_tables t = good_tables();
    t.sales.push_back(r);
    check_bad(t, table_kind::transactions, column, code, 3, g);
  };
  for (const bool is_text : {false, true}) {
    const giving g{.is_text = is_text};
    constexpr const char* what = "returns_transaction_id";
    check_return({9, 1, today, -1, 0, 77}, what, error_code::return_unmatched, g);      // no such purchase
    check_return({9, 2, today, -1, 0, 1}, what, error_code::return_unmatched, g);       // somebody else's
    check_return({9, 1, today - 10, -1, 0, 1}, what, error_code::return_unmatched, g);  // before it
    check_return({9, 1, today, -1, 0, 9}, what, error_code::return_unmatched, g);       // of itself
    check_return({9, 1, today, -1, 0, std::nullopt}, what, error_code::return_unmatched, g);
    check_return({9, 1, today, 0, 0, 77}, what, error_code::return_unmatched, g);
    check_return({9, 1, today, -11, 0, 1}, "amount", error_code::return_exceeds, g);
    check_return({9, 1, today, 1, 0, 1}, "amount", error_code::sign, g);
  }
  // Two that together exceed: the later one goes beyond, in whichever order they come.
  for (const bool is_later_first : {false, true}) {
    base_tables t = good_tables();
    t.sales.push_back({8, 1, is_later_first ? today : today - 1, -6, 0, 1});
    t.sales.push_back({9, 1, is_later_first ? today - 1 : today, -6, 0, 1});
    check_bad(t, table_kind::transactions, "amount", error_code::return_exceeds, is_later_first ? 3 : 4);
    const customer_base base = base_of(t, {}, collecting());
    CHECK(base.purchases.of(0).back().day == today - 1);
  }
  customer_base_options o;
  o.returns = returns_policy::error;
  base_tables t = good_tables();
  t.sales.push_back({9, 1, today, -1, 0, 1});
  check_error([&] { base_of(t, {}, o); }, error_code::sign, "transactions.amount", 3);
}

TEST_CASE("dates after the load date; those of contracts may be") {
  customer_base_options o;
  o.load_date = today;
  CHECK(base_of(good_tables(), {}, o).size() == 2);
  base_tables t = good_tables();
  t.contracts.push_back({1, today + 9, today + 99});
  CHECK(base_of(t, {}, o).contracts.of(0).size() == 2);
  t = good_tables();
  t.contacts[1].day = today + 1;
  check_error([&] { base_of(t, {}, o); }, error_code::future_date, "contacts.date", 1);
  t = good_tables();
  t.complaints[1].opened = today + 1;
  check_error([&] { base_of(t, {}, o); }, error_code::future_date, "complaints.opened", 1);
  t = good_tables();
  t.costs[0].day = today + 1;
  check_error([&] { base_of(t, {}, o); }, error_code::future_date, "costs.date", 0);
  t = good_tables();
  t.sales[0].day = today + 1;
  check_error([&] { base_of(t, {}, o); }, error_code::future_date, "transactions.date", 0);
  t = good_tables();
  t.customers = {{1}, {2, today + 1}};
  check_error([&] { base_of(t, {}, o); }, error_code::future_date, "customers.created", 1);
}

TEST_CASE("all tables have one type of ids") {
  const base_tables t = good_tables();
  customer_base_builder builder;
  add_contacts(builder, t.contacts, {});
  check_error([&] { add_sales(builder, t.sales, {.is_text = true}); }, error_code::wrong_type,
              "transactions.customer_id");
  try {
    add_sales(builder, t.sales, {.is_text = true});
  } catch (const error& e) {
    CHECK(e.message() == "has ids as text, where contacts has numbers");
  }
  add_sales(builder, t.sales, {});
  CHECK(builder.finish().size() == 2);

  const std::vector<std::int64_t> who{1, 2};
  const std::string text = "ab";
  const std::vector<std::int64_t> offsets{0, 1, 2};
  const text_column texts{text.data(), offsets, {}};
  check_error([&] { builder.add_customers({.customer_id = column<std::int64_t>(who), .referred_by = texts}); },
              error_code::wrong_type, "customers.referred_by");
  const std::vector<std::int32_t> day{today, today};
  check_error(
      [&] { builder.add_contacts({.contact_id = texts, .customer_id = column<std::int64_t>(who), .day = day}); },
      error_code::wrong_type, "contacts.contact_id");
}

TEST_CASE("referrers: himself, and chains that come back") {
  const std::vector<std::int64_t> who{1, 2, 3, 4};
  const auto with = [&](const std::vector<std::int64_t>& referrers, const customer_base_options& o = {}) {
    customer_base_builder builder(o);
    const std::span<const std::int64_t> ids(who);
    const std::span<const std::int64_t> from(referrers);
    for (std::size_t i = 0; i < who.size(); i += 2) {
      builder.add_customers({.customer_id = column<std::int64_t>(ids.subspan(i, 2)),
                             .referred_by = column<std::int64_t>(from.subspan(i, 2))});
    }
    return builder.finish();
  };
  CHECK(with({9, 1, 1, 3}).size() == 4);
  check_error([&] { with({9, 1, 3, 1}); }, error_code::cycle, "customers.referred_by", 2);
  check_error([&] { with({9, 4, 2, 3}); }, error_code::cycle, "customers.referred_by", 1);
  // A base holds no referrers: collecting leaves out who names himself, and takes the others as they are.
  CHECK(with({9, 4, 2, 3}, collecting()).size() == 4);
  CHECK(with({9, 1, 3, 1}, collecting()).size() == 3);
}

TEST_CASE("more rejected rows than the limit") {
  base_tables t = good_tables();
  for (std::int64_t i = 0; i < 18; ++i) t.contacts.push_back({100 + i, 1, today});
  t.contacts[3].day = 1'000'000;
  CHECK(base_of(t, {}, collecting(0.05)).reports[2].rejected.size() == 1);
  t.contacts[4].day = 1'000'000;
  check_error([&] { base_of(t, {}, collecting(0.05)); }, error_code::rejected_share, "contacts");
}

TEST_CASE("a failed add leaves the builder as it was") {
  const base_tables good = good_tables();
  const customer_base expected = base_of(good);
  for (const bool is_text : {false, true}) {
    customer_base_builder builder;
    const giving g{.is_text = is_text};
    add_tables(builder, good, g);
    base_tables bad;
    bad.sales = {{50, 70, today, 1}, {51, 71, today, infinite}};
    CHECK_THROWS_AS(add_tables(builder, bad, g), error);
    bad = {};
    bad.contacts = {{50, 72, today}, {51, 73, 1'000'000}};
    CHECK_THROWS_AS(add_tables(builder, bad, g), error);
    bad = {};
    bad.customers = {{74}, {75, 1'000'000}};
    CHECK_THROWS_AS(add_tables(builder, bad, g), error);
    const customer_base base = builder.finish();
    CHECK(base.size() == expected.size());
    CHECK(base.reports == expected.reports);
  }
}

TEST_CASE("text ids: encoding, and blanks that are kept and counted") {
  const std::string text = "a\xFF c ";
  const std::vector<std::int64_t> offsets{0, 1, 2, 5};
  const text_column who{text.data(), offsets, {}};
  const std::vector<std::int32_t> day{today, today, today};
  customer_base_builder strict;
  check_error([&] { strict.add_contacts({.customer_id = who, .day = day}); }, error_code::encoding,
              "contacts.customer_id", 1);
  check_error(
      [&] {
        strict.add_transactions({.customer_id = text_column{text.data(), std::span(offsets).first(2), {}},
                                 .day = std::span<const std::int32_t>(day).first(1),
                                 .transaction_id = text_column{text.data(), std::span(offsets).subspan(1, 2), {}}});
      },
      error_code::encoding, "transactions.transaction_id", 0);
  customer_base_builder builder(collecting());
  builder.add_contacts({.customer_id = who, .day = day});
  const customer_base base = builder.finish();
  CHECK(base.size() == 2);
  REQUIRE(base.reports[0].warnings.size() == 1);
  CHECK(base.reports[0].warnings[0] == warning_count{warning_code::id_blanks, 1});
}

TEST_CASE("columns: missing ones and lengths that differ, by table") {
  customer_base_builder builder;
  const std::vector<std::int64_t> who{1, 2};
  const std::vector<std::int32_t> one{today};
  check_error([&] { builder.add_contracts({.customer_id = column<std::int64_t>(who)}); }, error_code::column_missing,
              "contracts.start");
  check_error([&] { builder.add_contacts({.customer_id = column<std::int64_t>(who), .day = one}); },
              error_code::length_mismatch, "contacts.date");
  check_error([&] { builder.add_transactions({.customer_id = column<std::int64_t>(who), .day = one}); },
              error_code::length_mismatch, "transactions.date");
}

TEST_CASE("money of a day beyond 64 bits, and a finish that is cancelled") {
  base_tables t;
  for (std::int64_t i = 0; i < 10; ++i) t.sales.push_back({i, 1, today, 1e12});
  check_error([&] { base_of(t); }, error_code::overflow, "transactions.amount");
  check_error([&] { base_of(t, {.has_sale_ids = false}); }, error_code::overflow, "transactions.amount");

  customer_base_builder builder;
  add_tables(builder, good_tables());
  const progress never{[](void*, double) { return false; }, nullptr};
  check_error([&] { builder.finish(2, never); }, error_code::cancelled, "progress");
  double last = 0;
  builder.finish(1, {[](void* at, double done) {
                       double& before = *static_cast<double*>(at);
                       CHECK(done >= before);
                       before = done;
                       return true;
                     },
                     &last});
  CHECK(last == 1);
}
