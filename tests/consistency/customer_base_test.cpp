// A customer base against plain maps, its summary against the accumulator, and the promise that order, batches, threads
// and the type of ids change nothing.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base_tables.hpp"
#include "kundenwert/ingest/base_summary.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t first_day = day_of(2022, 1, 1);
constexpr int log_days = 300;

std::int64_t draw(std::mt19937_64& random, std::int64_t below) {
  return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(below));
}

// Rows with many equal days and amounts, so that ties happen.
base_tables random_tables(std::size_t size, unsigned seed, bool has_customers) {
  std::mt19937_64 random(seed);
  const auto customers = static_cast<std::int64_t>(size / 5 + 1);
  const auto who = [&] { return draw(random, customers) * (seed % 2 == 0 ? 1 : 1'000'000'000'007); };
  const auto day = [&] { return first_day + static_cast<std::int32_t>(draw(random, log_days)); };
  base_tables t;
  for (std::size_t i = 0; i < size; ++i) {
    sale_row r{static_cast<std::int64_t>(i * 7 + 1), who(), day(), static_cast<double>(draw(random, 50)), 0};
    r.cost = r.amount / 2;
    if (draw(random, 100) == 0) r.customer = std::nullopt;
    if (draw(random, 50) == 0) r.amount *= 1e9;  // needs two entries
    t.sales.push_back(r);
  }
  // Returns of some purchases, in parts; never more than was bought.
  for (std::size_t i = 0; i < size; i += 4) {
    const sale_row bought = t.sales[i];
    double left = bought.amount;
    for (std::int64_t part = draw(random, 3); part >= 0; --part) {
      const double back = part == 0 && draw(random, 2) == 0 ? left : std::floor(left / 2);
      left -= back;
      t.sales.push_back({static_cast<std::int64_t>(t.sales.size() * 7 + 1), bought.customer,
                         bought.day + static_cast<std::int32_t>(draw(random, 4)) * 20, -back, -back / 2, bought.id});
    }
  }
  for (std::size_t i = 0; i < size / 2; ++i) {
    contact c;
    c.direction = static_cast<direction>(1 + draw(random, 2));
    c.channel = static_cast<channel>(1 + draw(random, 3));
    t.contacts.push_back({static_cast<std::int64_t>(i), who(), day(), c});
    if (i % 3 == 0) t.costs.push_back({i % 9 == 0 ? std::optional<std::int64_t>() : who(), day(), 5});
    if (i % 5 == 0) t.complaints.push_back({who(), day(), i % 2 == 0 ? not_available : 40});
    if (i % 7 == 0) t.contracts.push_back({who(), day(), no_day, static_cast<double>(i % 4)});
    if (i % 11 == 0) t.contracts.push_back({who(), first_day, first_day + 100});
  }
  if (has_customers) {
    std::set<std::int64_t> ids;
    for (const auto& r : t.sales) ids.insert(r.customer.value_or(0));
    for (const auto& r : t.contacts) ids.insert(r.customer);
    for (const auto& r : t.costs) ids.insert(r.customer.value_or(0));
    for (const auto& r : t.complaints) ids.insert(r.customer);
    for (const auto& r : t.contracts) ids.insert(r.customer);
    for (const std::int64_t id : ids) t.customers.push_back({id, id % 3 == 0 ? no_day : day()});
    t.customers.push_back({-17, first_day});
  }
  return t;
}

void shuffle(base_tables& t, unsigned seed) {
  std::mt19937_64 random(seed);
  std::shuffle(t.customers.begin(), t.customers.end(), random);
  std::shuffle(t.sales.begin(), t.sales.end(), random);
  std::shuffle(t.contracts.begin(), t.contracts.end(), random);
  std::shuffle(t.contacts.begin(), t.contacts.end(), random);
  std::shuffle(t.complaints.begin(), t.complaints.end(), random);
  std::shuffle(t.costs.begin(), t.costs.end(), random);
}

// What matching must give, the slow and plain way, from the rules of domain specification B4.1.
std::map<std::int64_t, std::map<std::int32_t, purchase_day>> plain_purchases(const std::vector<sale_row>& sales) {
  std::map<std::int64_t, double> left;
  std::map<std::int64_t, std::int32_t> last_return;
  for (const auto& r : sales) left[r.gives_back.value_or(r.id)] += r.amount;
  for (const auto& r : sales) {
    if (!r.gives_back) continue;
    const auto at = last_return.emplace(*r.gives_back, r.day).first;
    at->second = std::max(at->second, r.day);
  }
  std::map<std::int64_t, std::map<std::int32_t, purchase_day>> out;
  std::map<std::pair<std::int64_t, std::int32_t>, std::vector<std::int32_t>> ends;  // of a day's purchases
  for (const auto& r : sales) {
    if (!r.customer) continue;
    purchase_day& d = out[*r.customer][r.day];
    d.day = r.day;
    d.revenue += std::llround(r.amount * 1e6);
    d.margin += std::llround(r.amount * 1e6) - std::llround(r.cost * 1e6);
    if (r.gives_back) continue;
    const bool is_given_back = left[r.id] == 0 && last_return.count(r.id) != 0;
    ends[{*r.customer, r.day}].push_back(is_given_back ? last_return[r.id] : INT32_MAX);
  }
  for (auto& [customer, days] : out) {
    for (auto& [number, d] : days) {
      d.cancelled_on = number;
      for (const std::int32_t end : ends[{customer, number}]) d.cancelled_on = std::max(d.cancelled_on, end);
      if (d.cancelled_on == INT32_MAX) d.cancelled_on = no_day;
    }
  }
  return out;
}

void check_same_summary(const summary& a, const summary& b) {
  CHECK(a.ids.is_text == b.ids.is_text);
  CHECK(a.ids.numbers == b.ids.numbers);
  CHECK(a.ids.text == b.ids.text);
  CHECK(a.ids.offsets == b.ids.offsets);
  CHECK(a.frequency == b.frequency);
  CHECK(a.recency == b.recency);
  CHECK(a.age == b.age);
  REQUIRE(a.monetary_value.size() == b.monetary_value.size());
  for (std::size_t i = 0; i < a.monetary_value.size(); ++i) {
    REQUIRE(std::bit_cast<std::uint64_t>(a.monetary_value[i]) == std::bit_cast<std::uint64_t>(b.monetary_value[i]));
  }
  CHECK(a.log_interval_sum == b.log_interval_sum);
  CHECK(a.revenue == b.revenue);
  CHECK(a.first_purchase == b.first_purchase);
  CHECK(a.last_purchase == b.last_purchase);
  CHECK(a.acquired_before_start == b.acquired_before_start);
  CHECK(a.holdout_frequency == b.holdout_frequency);
  CHECK(a.holdout_revenue == b.holdout_revenue);
  CHECK(a.unit == b.unit);
  CHECK(a.start == b.start);
  CHECK(a.end == b.end);
  CHECK(a.holdout_end == b.holdout_end);
  CHECK(a.currency == b.currency);
  CHECK(a.log.customers_returns_only == b.log.customers_returns_only);
}

void check_against_accumulator(const transaction_columns& log, std::int32_t first, std::int32_t last) {
  accumulator plain({.currency = "USD"});
  plain.add(log);
  customer_base_builder builder({.currency = "USD"});
  builder.add_transactions(log);
  const customer_base base = builder.finish();
  const std::int32_t middle = first + (last - first) / 2;
  const std::vector<finish_options> observations = {
      {.end = last},
      {.unit = time_unit::week, .end = middle},
      {.unit = time_unit::week, .end = middle, .holdout_end = last},
      {.unit = time_unit::month, .end = middle, .start = first + (last - first) / 4, .holdout_end = last - 20},
      {.end = first - 1},
      {.end = first, .start = first}};
  for (finish_options o : observations) {
    const summary expected = plain.finish(o);
    for (const int threads : {1, 2}) {
      o.threads = threads;
      const base_summary found = summary_of(base, o);
      check_same_summary(found.customers, expected);
      REQUIRE(static_cast<std::int64_t>(found.base_row.size()) == expected.size());
      for (std::int64_t i = 0; i < expected.size(); ++i) {
        const auto row = found.base_row[static_cast<std::size_t>(i)];
        const bool is_same = base.ids.is_text ? base.ids.text_at(row) == expected.ids.text_at(i)
                                              : base.ids.numbers[static_cast<std::size_t>(row)] ==
                                                    expected.ids.numbers[static_cast<std::size_t>(i)];
        REQUIRE(is_same);
      }
    }
  }
}

}  // namespace

TEST_CASE("the summary of a base is the accumulator's, to the bit: CDNOW") {
  const auto rows = cdnow();
  if (rows.empty()) {
    MESSAGE("skipped: KUNDENWERT_DATA is not set");
    return;
  }
  const transaction_log log(rows);
  check_against_accumulator(log.columns(), day_of(1997, 1, 1), day_of(1998, 6, 30));
  check_against_accumulator(log.columns(true), day_of(1997, 1, 1), day_of(1998, 6, 30));
}

TEST_CASE("the summary of a base is the accumulator's, to the bit: random logs with returns") {
  for (const unsigned seed : {1u, 2u, 3u}) {
    std::mt19937_64 random(seed);
    std::vector<transaction_row> rows;
    for (int i = 0; i < 40000; ++i) {
      transaction_row r{draw(random, 3000), first_day + static_cast<std::int32_t>(draw(random, log_days)), 0};
      r.amount = static_cast<double>(draw(random, 1000)) / 7;
      if (draw(random, 6) == 0) r.amount = -r.amount;
      if (draw(random, 40) == 0) r.amount *= 1e8;
      if (draw(random, 40) == 0) r.amount = 0;
      rows.push_back(r);
    }
    check_against_accumulator(transaction_log(rows).columns(seed == 2), first_day, first_day + log_days);
    check_against_accumulator(transaction_log(rows, false).columns(), first_day, first_day + log_days);
  }
}

TEST_CASE("returns are matched as a plain map of purchases says, known on every day") {
  for (const unsigned seed : {1u, 2u, 3u, 4u}) {
    const base_tables t = random_tables(4000, seed, seed > 2);
    const customer_base base = base_of(t);
    const auto expected = plain_purchases(t.sales);
    std::int64_t with_days = 0;
    for (std::int64_t row = 0; row < base.size(); ++row) {
      const auto days = base.purchases.of(row);
      if (days.empty()) continue;
      ++with_days;
      const auto& list = expected.at(base.ids.numbers[static_cast<std::size_t>(row)]);
      REQUIRE(days.size() == list.size());
      auto at = list.begin();
      for (const purchase_day& d : days) REQUIRE(d == (at++)->second);
    }
    CHECK(with_days == static_cast<std::int64_t>(expected.size()));
  }
}

TEST_CASE("a summary counts a purchase until it has been given back") {
  base_tables t;
  t.sales = {{1, 5, first_day, 10},
             {2, 5, first_day + 30, 20},
             {3, 5, first_day + 50, -20, 0, 2},
             {4, 6, first_day + 40, 7},
             {5, 6, first_day + 90, -7, 0, 4}};
  const customer_base base = base_of(t);
  const auto on = [&](std::int32_t end) { return summary_of(base, {.end = end}); };
  CHECK(on(first_day + 49).customers.frequency == std::vector<double>{1, 0});
  CHECK(on(first_day + 50).customers.frequency == std::vector<double>{0, 0});
  CHECK(on(first_day + 50).customers.revenue == std::vector<double>{10, 7});
  CHECK(on(first_day + 90).customers.frequency == std::vector<double>{0});
  CHECK(on(first_day + 90).base_row == std::vector<std::int64_t>{0});
  CHECK(on(first_day + 90).customers.log.customers_returns_only == 1);
  // What is given back in the hold-out was a purchase until then.
  const auto split = summary_of(base, {.end = first_day + 45, .holdout_end = first_day + 100});
  CHECK(split.customers.frequency == std::vector<double>{1, 0});
  CHECK(split.customers.holdout_frequency == std::vector<double>{0, 0});
  CHECK(split.customers.holdout_revenue == std::vector<double>{-20, -7});
}

TEST_CASE("order of rows, batches, threads and the order of tables change no bit of a base") {
  for (const bool has_customers : {false, true}) {
    for (const bool is_text : {false, true}) {
      for (const bool has_sale_ids : {false, true}) {
        CAPTURE(has_customers);
        CAPTURE(is_text);
        CAPTURE(has_sale_ids);
        base_tables t = random_tables(60000, 8, has_customers);
        const giving whole{.is_text = is_text, .has_sale_ids = has_sale_ids};
        const customer_base expected = base_of(t, whole);
        giving other = whole;
        other.threads = 2;
        check_same_base(base_of(t, other), expected);
        other.batch = 9973;
        check_same_base(base_of(t, other), expected);
        shuffle(t, 5);
        other.batch = 777;
        check_same_base(base_of(t, other), expected);
        // Every table before or after the others.
        customer_base_builder builder;
        add_contacts(builder, t.contacts, other);
        t.contacts.clear();
        add_sales(builder, t.sales, other);
        t.sales.clear();
        add_tables(builder, t, other);
        check_same_base(builder.finish(2), expected);
      }
    }
  }
}

TEST_CASE("events ascend, groups cover every row, and money adds up") {
  const base_tables t = random_tables(20000, 3, false);
  const customer_base base = base_of(t);
  CHECK(base.contacts.events.size() == t.contacts.size());
  CHECK(base.contracts.events.size() == t.contracts.size());
  CHECK(base.complaints.events.size() == t.complaints.size());
  CHECK(base.costs.events.size() + base.unallocated_costs.size() == t.costs.size());
  CHECK(std::is_sorted(base.ids.numbers.begin(), base.ids.numbers.end()));
  std::int64_t revenue = 0;
  for (std::int64_t row = 0; row < base.size(); ++row) {
    const auto is_ascending = [](const auto& events, auto&& day) {
      return std::is_sorted(events.begin(), events.end(),
                            [&](const auto& a, const auto& b) { return day(a) < day(b); });
    };
    REQUIRE(is_ascending(base.contacts.of(row), [](const contact& c) { return c.day; }));
    REQUIRE(is_ascending(base.contracts.of(row), [](const contract& c) { return c.start; }));
    REQUIRE(is_ascending(base.complaints.of(row), [](const complaint& c) { return c.opened; }));
    REQUIRE(is_ascending(base.costs.of(row), [](const cost& c) { return c.day; }));
    const auto days = base.purchases.of(row);
    for (std::size_t i = 0; i < days.size(); ++i) {
      REQUIRE((i == 0 || days[i - 1].day < days[i].day));
      REQUIRE((days[i].cancelled_on == no_day || days[i].cancelled_on >= days[i].day));
      revenue += days[i].revenue;
    }
  }
  std::int64_t expected = 0;
  for (const auto& r : t.sales) expected += r.customer ? std::llround(r.amount * 1e6) : 0;
  CHECK(revenue == expected);
}

TEST_CASE("costs change neither purchase days nor the summary, whatever compaction does to the store") {
  // Enough rows that equal customer-days are merged on the way.
  std::mt19937_64 random(4);
  constexpr std::int64_t rows = 1 << 20;
  std::vector<std::int64_t> who;
  std::vector<std::int32_t> days;
  std::vector<double> amounts;
  std::vector<double> costs;
  for (std::int64_t i = 0; i < rows; ++i) {
    who.push_back(draw(random, 40));
    days.push_back(first_day + static_cast<std::int32_t>(draw(random, 50)));
    amounts.push_back(static_cast<double>(draw(random, 2000)) - 400);
    costs.push_back(amounts.back() / 4);
  }
  transaction_columns log{.customer_id = column<std::int64_t>(who), .day = days, .amount = amounts};
  accumulator plain;
  accumulator with_costs;
  for (int pass = 0; pass < 5; ++pass) plain.add(log, 2);
  log.variable_cost = costs;
  for (int pass = 0; pass < 5; ++pass) with_costs.add(log, 2);
  const finish_options o{.end = first_day + 40, .holdout_end = first_day + 60};
  check_same_summary(with_costs.finish(o), plain.finish(o));
  const auto parts = purchases_of(with_costs.days(), 2, {});
  std::int64_t revenue = 0;
  std::int64_t margin = 0;
  for (const auto& part : parts) {
    for (const auto& d : part.days) {
      revenue += d.revenue;
      margin += d.margin;
    }
  }
  CHECK(revenue != 0);
  CHECK(margin * 4 == revenue * 3);
}
