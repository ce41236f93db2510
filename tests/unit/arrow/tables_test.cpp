#include "kundenwert/arrow/tables.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "unit/arrow/handmade.hpp"

using namespace kundenwert;
using test::bytes_of;
using test::handmade_batch;
using test::handmade_column;

namespace {

summary some_customers() {
  summary s;
  s.unit = time_unit::week;
  s.start = 19000;
  s.end = 19783;
  s.holdout_end = 19800;
  s.currency = "EUR";
  s.ids.is_text = true;
  s.ids.text = "abbc";
  s.ids.offsets = {0, 1, 3, 4};
  s.frequency = {0, 2, 3};
  s.recency = {0, 10, 11.5};
  s.age = {20, 30, 40};
  s.monetary_value = {not_available, 12.5, 7};
  s.log_interval_sum = {0, -1.25, 3.5};
  s.first_purchase = {19000, 19001, 19002};
  s.last_purchase = {19000, 19071, 19083};
  s.revenue = {1, 2, 3};
  s.acquired_before_start = {1, 0, 1};
  s.holdout_frequency = {0, 1, 0};
  s.holdout_revenue = {0, 9, 0};
  return s;
}

summary there_and_back(const arrow::table& table, std::int64_t batch_rows = 1000,
                       const arrow::summary_names& names = {}, std::optional<time_unit> unit = {}) {
  ArrowArrayStream raw{};
  table.export_stream(&raw, batch_rows);
  arrow::stream source(&raw);
  return arrow::import_summary(source, names, unit);
}

void check_same(const summary& a, const summary& b) {
  CHECK(a.unit == b.unit);
  CHECK(a.start == b.start);
  CHECK(a.end == b.end);
  CHECK(a.holdout_end == b.holdout_end);
  CHECK(a.currency == b.currency);
  CHECK(a.ids.is_text == b.ids.is_text);
  CHECK(a.ids.numbers == b.ids.numbers);
  CHECK(a.ids.text == b.ids.text);
  CHECK(a.ids.offsets == b.ids.offsets);
  CHECK(a.frequency == b.frequency);
  CHECK(a.recency == b.recency);
  CHECK(a.age == b.age);
  REQUIRE(a.monetary_value.size() == b.monetary_value.size());
  for (std::size_t i = 0; i < a.monetary_value.size(); ++i) {
    CHECK((a.monetary_value[i] == b.monetary_value[i] ||
           (std::isnan(a.monetary_value[i]) && std::isnan(b.monetary_value[i]))));
  }
  CHECK(a.log_interval_sum == b.log_interval_sum);
  CHECK(a.first_purchase == b.first_purchase);
  CHECK(a.last_purchase == b.last_purchase);
  CHECK(a.revenue == b.revenue);
  CHECK(a.acquired_before_start == b.acquired_before_start);
  CHECK(a.holdout_frequency == b.holdout_frequency);
  CHECK(a.holdout_revenue == b.holdout_revenue);
}

}  // namespace

TEST_CASE("a summary goes out and comes back the same, however it is cut") {
  const summary s = some_customers();
  for (const std::int64_t batch_rows : {1, 2, 3}) check_same(there_and_back(arrow::export_summary(s), batch_rows), s);
}

TEST_CASE("a shared summary is exported without copies") {
  const auto s = std::make_shared<const summary>(some_customers());
  ArrowArrayStream raw{};
  arrow::export_summary(s).export_stream(&raw);
  arrow::stream source(&raw);
  const auto batch = source.next();
  CHECK(batch->named("T").array->buffers[1] == static_cast<const void*>(s->age.data()));
  CHECK(batch->named("customer_id").array->buffers[2] == static_cast<const void*>(s->ids.text.data()));
}

TEST_CASE("what a summary lacks is left out") {
  summary s;
  s.unit = time_unit::day;
  s.frequency = {1};
  s.recency = {2};
  s.age = {3};
  ArrowArrayStream raw{};
  arrow::export_summary(s).export_stream(&raw);
  arrow::stream source(&raw);
  CHECK(source.schema().n_children == 3);
  CHECK(source.metadata("kundenwert.unit") == "day");
  CHECK_FALSE(source.metadata("kundenwert.end"));
  check_same(arrow::import_summary(source), s);
}

// 19783 is 2024-03-01 (domain specification, "Time").
TEST_CASE("dates in the metadata are civil dates") {
  ArrowArrayStream raw{};
  arrow::export_summary(some_customers()).export_stream(&raw);
  arrow::stream source(&raw);
  CHECK(source.metadata("kundenwert.end") == "2024-03-01");
  CHECK(source.metadata("kundenwert.holdout_end") == "2024-03-18");
  CHECK(source.metadata("kundenwert.currency") == "EUR");
  CHECK(source.metadata("kundenwert.version") == "0.1.0");
}

TEST_CASE("rows come into the order of their ids") {
  summary mixed;
  mixed.ids.numbers = {30, -10, 20};
  mixed.frequency = {3, 1, 2};
  mixed.recency = {3, 1, 2};
  mixed.age = {30, 10, 20};
  mixed.first_purchase = {3, 1, 2};
  mixed.acquired_before_start = {0, 1, 0};
  const summary s = there_and_back(arrow::export_summary(mixed));
  CHECK(s.ids.numbers == std::vector<std::int64_t>{-10, 20, 30});
  CHECK(s.age == std::vector<double>{10, 20, 30});
  CHECK(s.first_purchase == std::vector<std::int32_t>{1, 2, 3});
  CHECK(s.acquired_before_start == std::vector<std::uint8_t>{1, 0, 0});
  // Without ids the order is the table's.
  const summary plain = there_and_back(arrow::export_summary(mixed), 1000, {.customer_id = ""});
  CHECK(plain.age == std::vector<double>{30, 10, 20});
  CHECK(plain.ids.size() == 0);

  mixed.ids = {};
  mixed.ids.is_text = true;
  mixed.ids.text = "cabb";
  mixed.ids.offsets = {0, 1, 2, 4};
  const summary t = there_and_back(arrow::export_summary(mixed));
  CHECK(t.ids.text == "abbc");
  CHECK(t.ids.offsets == std::vector<std::int64_t>{0, 1, 3, 4});
  CHECK(t.age == std::vector<double>{10, 20, 30});
}

TEST_CASE("names and unit of a caller's own table") {
  arrow::table own;
  own.add("x", std::vector<std::int64_t>{0, 2})
      .add("t_x", std::vector<double>{0, 5})
      .add("T", std::vector<double>{6, 7});
  own.add("spend", std::vector<double>{not_available, 4});
  const summary s =
      there_and_back(own, 1000, {.frequency = "x", .recency = "t_x", .monetary_value = "spend"}, time_unit::month);
  CHECK(s.unit == time_unit::month);
  CHECK(s.frequency == std::vector<double>{0, 2});
  CHECK(s.monetary_value[1] == 4);
  CHECK(std::isnan(s.monetary_value[0]));
}

TEST_CASE("transactions come batch by batch, rows counted over all of them") {
  const auto batch = [](std::vector<std::int32_t> ids, std::vector<std::int32_t> days, std::vector<double> amounts) {
    const auto rows = static_cast<std::int64_t>(ids.size());
    return handmade_batch{{handmade_column{"who", "i", rows, {std::nullopt, bytes_of(ids)}},
                           handmade_column{"date", "tdD", rows, {std::nullopt, bytes_of(days)}},
                           handmade_column{"amount", "g", rows, {std::nullopt, bytes_of(amounts)}}},
                          rows};
  };
  test::release_counts counts;
  ArrowArrayStream raw =
      test::handmade_stream({batch({1, 2}, {10, 20}, {1.5, 2.5}), batch({}, {}, {}), batch({3}, {30}, {3.5})}, counts);
  std::vector<double> seen;
  std::int64_t rows = 0;
  {
    arrow::stream source(&raw);
    rows = arrow::import_transactions(
        source, {.customer_id = "who"}, {}, [&](const transaction_columns& c, std::int64_t first_row) {
          CHECK_FALSE(c.has_text_ids());
          CHECK(c.amount_minor.empty());
          CHECK(c.currency.size() == 0);
          for (std::int64_t i = 0; i < c.size(); ++i) {
            const auto& ids = std::get<column<std::int64_t>>(c.customer_id);
            seen.insert(seen.end(), {static_cast<double>(first_row + i), static_cast<double>(ids[i]),
                                     static_cast<double>(c.day[i]), c.amount[i]});
          }
        });
  }
  CHECK(rows == 3);
  CHECK(seen == std::vector<double>{0, 1, 10, 1.5, 1, 2, 20, 2.5, 2, 3, 30, 3.5});
  CHECK(counts.arrays_released == counts.arrays_made);
  CHECK(counts.streams_released == 1);
}

TEST_CASE("transactions without amounts, with text ids, decimals and currencies") {
  const handmade_column who{
      "customer_id", "u", 1, {std::nullopt, bytes_of<std::int32_t>({0, 2}), bytes_of(std::string("ab"))}};
  const handmade_column date{"date", "tdD", 1, {std::nullopt, bytes_of<std::int32_t>({10})}};
  const handmade_column amount{"price", "d:10,3,64", 1, {std::nullopt, bytes_of<std::int64_t>({-5})}};
  const handmade_column money{
      "money", "u", 1, {std::nullopt, bytes_of<std::int32_t>({0, 3}), bytes_of(std::string("EUR"))}};
  const handmade_batch batch{{who, date, amount, money}, 1};
  test::release_counts counts;
  {
    ArrowArrayStream raw = test::handmade_stream({batch}, counts);
    arrow::stream source(&raw);
    arrow::import_transactions(source, {.amount = ""}, {}, [](const transaction_columns& c, std::int64_t) {
      CHECK_FALSE(c.has_amounts());
      CHECK(std::get<text_column>(c.customer_id)[0] == "ab");
    });
  }
  ArrowArrayStream raw = test::handmade_stream({batch}, counts);
  arrow::stream source(&raw);
  arrow::import_transactions(source, {.amount = "price", .currency = "money"}, {},
                             [](const transaction_columns& c, std::int64_t) {
                               CHECK(c.amount.empty());
                               CHECK(c.amount_minor[0] == -5);
                               CHECK(c.minor_exponent == 3);
                               CHECK(c.currency[0] == "EUR");
                             });
}
