// Every check of the ingest: code, argument and row; and that a failed add leaves the accumulator as it was.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "check_error.hpp"
#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/ingest/compress.hpp"
#include "transaction_log.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t today = day_of(2024, 3, 1);
constexpr double infinite = std::numeric_limits<double>::infinity();

// Four good rows, to be spoilt.
struct batch {
  std::vector<std::int64_t> numbers{1, 2, 1, 3};
  std::string text = "aabbaacc";
  std::vector<std::int64_t> offsets{0, 2, 4, 6, 8};
  std::vector<std::int32_t> days{today - 3, today - 2, today - 1, today};
  std::vector<double> amounts{1, 2, 3, 4};
  std::string currencies = "EUREUREUREUR";
  std::vector<std::int64_t> currency_offsets{0, 3, 6, 9, 12};
  std::uint8_t valid = 0xFF;

  transaction_columns columns(bool is_text = false) const {
    transaction_columns c;
    if (is_text) {
      c.customer_id = text_column{text.data(), offsets, {}};
    } else {
      c.customer_id = column<std::int64_t>(numbers);
    }
    c.day = days;
    c.amount = amounts;
    return c;
  }
};

finish_options until_today() {
  finish_options o;
  o.end = today;
  return o;
}

// The same rows fail after two good batches (rows 8 to 11), and nothing of them is taken.
void check_row_fails(const transaction_columns& bad, error_code code, const char* argument, std::int64_t row,
                     accumulator_options options = {}) {
  accumulator a(options);
  const batch good;
  const bool is_text = bad.has_text_ids();
  auto columns = good.columns(is_text);
  if (bad.amount.empty()) columns.amount = {};
  a.add(columns);
  a.add(columns);
  const log_report before = a.report();
  const summary s = a.finish(until_today());
  check_error([&] { a.add(bad); }, code, argument, 8 + row);
  CHECK(a.report() == before);
  const summary after = a.finish(until_today());
  CHECK(after.revenue == s.revenue);
  CHECK(after.frequency == s.frequency);
  CHECK(after.ids.text == s.ids.text);

  options.rows = row_mode::collect;
  options.rejected_limit = 0.5;
  accumulator collecting(options);
  collecting.add(columns);
  collecting.add(columns);
  if (code == error_code::currency_mismatch) {
    check_error([&] { collecting.add(bad); }, code, argument, 8 + row);
    return;
  }
  collecting.add(bad);
  REQUIRE(collecting.report().rejected.size() == 1);
  CHECK(collecting.report().rejected[0].row == 8 + row);
  CHECK(name_of(collecting.report().rejected[0].code) == name_of(code));
  CHECK(name_of(collecting.report().rejected[0].field) == argument);
  CHECK(collecting.report().rows_taken() == 11);
  CHECK(collecting.finish(until_today()).log.rejected.size() == 1);
}

}  // namespace

TEST_CASE("ingest inputs: days") {
  batch b;
  SUBCASE("before 1900") {
    b.days[2] = day_of(1899, 12, 31);
    check_row_fails(b.columns(), error_code::date_range, "date", 2);
  }
  SUBCASE("after 2199") {
    b.days[0] = day_of(2200, 1, 1);
    check_row_fails(b.columns(), error_code::date_range, "date", 0);
  }
  SUBCASE("far out of range") {
    b.days[3] = INT32_MAX;
    check_row_fails(b.columns(), error_code::date_range, "date", 3);
    b.days[3] = INT32_MIN;
    check_row_fails(b.columns(), error_code::date_range, "date", 3);
  }
  SUBCASE("null") {
    auto c = b.columns();
    b.valid = 0b1011;
    c.day.validity.bits = &b.valid;
    check_row_fails(c, error_code::missing, "date", 2);
  }
  SUBCASE("after the load date") {
    accumulator_options options;
    options.load_date = today;
    b.days[1] = today + 1;
    check_row_fails(b.columns(), error_code::future_date, "date", 1, options);
  }
  SUBCASE("the edges are dates") {
    b.days = {earliest_day, latest_day, earliest_day, latest_day};
    CHECK(earliest_day == day_of(1900, 1, 1));
    CHECK(latest_day == day_of(2199, 12, 31));
    accumulator a;
    a.add(b.columns());
    finish_options o;
    o.end = latest_day;
    CHECK(a.finish(o).frequency == std::vector<double>{0, 0, 0});
  }
}

TEST_CASE("ingest inputs: amounts") {
  batch b;
  SUBCASE("NaN") {
    b.amounts[1] = std::nan("");
    check_row_fails(b.columns(), error_code::missing, "amount", 1);
  }
  SUBCASE("null") {
    auto c = b.columns();
    b.valid = 0b1101;
    c.amount.validity.bits = &b.valid;
    check_row_fails(c, error_code::missing, "amount", 1);
  }
  SUBCASE("infinite") {
    b.amounts[3] = -infinite;
    check_row_fails(b.columns(), error_code::non_finite, "amount", 3);
  }
  SUBCASE("too large") {
    b.amounts[0] = std::nextafter(1e12, infinite);
    check_row_fails(b.columns(), error_code::overflow, "amount", 0);
  }
  SUBCASE("too large in minor units") {
    const std::vector<std::int64_t> minor{1, 2, 100'000'000'000'001, 3};
    auto c = b.columns();
    c.amount = {};
    c.amount_minor = minor;
    accumulator a;
    check_error([&] { a.add(c); }, error_code::overflow, "amount", 2);
  }
  SUBCASE("negative where returns are errors") {
    accumulator_options options;
    options.returns = returns_policy::error;
    b.amounts[2] = -0.01;
    check_row_fails(b.columns(), error_code::sign, "amount", 2, options);
  }
}

TEST_CASE("ingest inputs: text ids") {
  batch b;
  SUBCASE("empty") {
    b.offsets = {0, 2, 2, 6, 8};
    check_row_fails(b.columns(true), error_code::encoding, "customer_id", 1);
  }
  SUBCASE("too long") {
    b.text = "aabbaa" + std::string(129, 'c');
    b.offsets[4] = static_cast<std::int64_t>(b.text.size());
    check_row_fails(b.columns(true), error_code::encoding, "customer_id", 3);
  }
  SUBCASE("not UTF-8") {
    b.text[4] = '\xFF';
    check_row_fails(b.columns(true), error_code::encoding, "customer_id", 2);
  }
}

TEST_CASE("ingest inputs: currencies") {
  batch b;
  accumulator_options options;
  options.currency = "EUR";
  b.currencies = "EURUSDEURUSD";
  auto c = b.columns();
  c.currency = text_column{b.currencies.data(), b.currency_offsets, {}};
  check_row_fails(c, error_code::currency_mismatch, "currency", 1, options);
  accumulator first_decides;
  check_error([&] { first_decides.add(c); }, error_code::currency_mismatch, "currency", 1);
  b.valid = 0b0101;  // the rows in dollars do not name a currency
  c.currency.validity.bits = &b.valid;
  first_decides.add(c);
  CHECK(first_decides.currency() == "EUR");
  CHECK(first_decides.finish(until_today()).currency == "EUR");
  accumulator dollars(accumulator_options{.currency = "USD"});
  dollars.add(b.columns());
  check_error([&] { first_decides.merge(dollars); }, error_code::currency_mismatch, "currency");
}

TEST_CASE("ingest inputs: the smallest row over all pieces, the first column of it") {
  std::vector<transaction_row> rows(200000, {1, today, 1});
  rows[150000].amount = infinite;
  rows[70001].amount = infinite;
  rows[70001].day = INT32_MAX;
  const transaction_log log(rows);
  for (const int threads : {1, 2}) {
    accumulator a;
    check_error([&] { a.add(log.columns(), threads); }, error_code::date_range, "date", 70001);
    check_error([&] { a.add(log.columns(true), threads); }, error_code::date_range, "date", 70001);
    CHECK(a.report() == log_report());
    CHECK(a.finish(until_today()).size() == 0);
    a.add(log.columns(false, 0, 70001), threads);  // a failed batch decides nothing
    accumulator collecting(accumulator_options{.rows = row_mode::collect});
    collecting.add(log.columns(), threads);
    REQUIRE(collecting.report().rejected.size() == 2);
    CHECK(collecting.report().rejected[0] == rejected_row{70001, transaction_field::date, error_code::date_range});
    CHECK(collecting.report().rejected[1] == rejected_row{150000, transaction_field::amount, error_code::non_finite});
    CHECK(collecting.finish(until_today()).revenue[0] == 199998);
  }
}

TEST_CASE("ingest inputs: too many rejected rows are an error of the summary") {
  batch b;
  b.amounts[0] = infinite;
  accumulator a(accumulator_options{.rows = row_mode::collect, .rejected_limit = 0.2});
  a.add(b.columns());
  check_error([&] { a.finish(until_today()); }, error_code::rejected_share, "rejected_limit");
  a.add(batch().columns());
  CHECK(a.finish(until_today()).log.rejected.size() == 1);
  accumulator merged(accumulator_options{.rows = row_mode::collect});
  merged.add(batch().columns());
  merged.merge(a);
  CHECK(merged.report().rejected[0].row == 4);
}

TEST_CASE("ingest inputs: lengths and kinds of columns") {
  batch b;
  accumulator a;
  const std::vector<std::int64_t> minor{1, 2, 3, 4};
  auto c = b.columns();
  c.customer_id = column<std::int64_t>(std::span(b.numbers).first(3));
  check_error([&] { a.add(c); }, error_code::length_mismatch, "customer_id");
  c = b.columns();
  c.amount = std::span<const double>(b.amounts).first(3);
  check_error([&] { a.add(c); }, error_code::length_mismatch, "amount");
  c = b.columns();
  c.amount_minor = minor;
  check_error([&] { a.add(c); }, error_code::wrong_type, "amount");
  c.amount = {};
  c.minor_exponent = 19;
  check_error([&] { a.add(c); }, error_code::domain, "minor_exponent");
  a.add(transaction_columns());  // no rows decide nothing
  a.add(b.columns());
  check_error([&] { a.add(b.columns(true)); }, error_code::wrong_type, "customer_id");
  c = b.columns();
  c.amount = {};
  check_error([&] { a.add(c); }, error_code::column_missing, "amount");
  CHECK(a.report().rows_read == 4);
}

TEST_CASE("ingest inputs: options and dates") {
  check_error([] { accumulator({.mode = static_cast<accumulation>(3)}); }, error_code::unknown_code, "mode");
  check_error([] { accumulator({.returns = static_cast<returns_policy>(0)}); }, error_code::unknown_code, "returns");
  check_error([] { accumulator({.rows = static_cast<row_mode>(9)}); }, error_code::unknown_code, "rows");
  check_error([] { accumulator({.rejected_limit = 1.5}); }, error_code::domain, "rejected_limit");
  check_error([] { accumulator({.load_date = INT32_MAX}); }, error_code::date_range, "load_date");
  check_error([] { accumulator({.mode = accumulation::ordered}); }, error_code::missing, "end");
  const accumulator a;
  check_error([&] { a.finish({}); }, error_code::missing, "end");
  check_error([&] { a.finish({.end = INT32_MAX}); }, error_code::date_range, "end");
  check_error([&] { a.finish({.end = today, .start = today + 1}); }, error_code::date_order, "start");
  check_error([&] { a.finish({.end = today, .holdout_end = today}); }, error_code::date_order, "holdout_end");
  check_error([&] { a.finish({.unit = static_cast<time_unit>(7), .end = today}); }, error_code::unknown_code, "unit");
  CHECK(a.finish({.end = today}).size() == 0);
}

TEST_CASE("ingest inputs: cancelling a summary") {
  accumulator a;
  a.add(batch().columns());
  auto o = until_today();
  o.watch.callback = [](void*, double) { return false; };
  check_error([&] { a.finish(o); }, error_code::cancelled, "progress");
  std::vector<double> seen;
  o.watch.context = &seen;
  o.watch.callback = [](void* context, double done) {
    static_cast<std::vector<double>*>(context)->push_back(done);
    return true;
  };
  CHECK(a.finish(o).size() == 3);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  CHECK(seen.back() == 1);
}

TEST_CASE("ingest inputs: ordered mode") {
  accumulator_options options{.mode = accumulation::ordered};
  options.dates.end = today;
  batch b;
  b.days = {today - 1, today - 5, today - 2, today};  // customer 1 goes back
  accumulator a(options);
  check_error([&] { a.add(b.columns()); }, error_code::out_of_order, "date", 2);
  CHECK(a.finish({}).size() == 0);
  a.add(batch().columns());
  const summary s = a.finish({});
  CHECK(s.size() == 3);
  check_error([&] { a.add(batch().columns()); }, error_code::out_of_order, "date", 4);
  CHECK(a.finish({}).revenue == s.revenue);
  check_error([&] { a.finish({.end = today - 1}); }, error_code::mode_mismatch, "end");
  check_error([&] { a.merge(accumulator()); }, error_code::mode_mismatch, "mode");
  check_error([&] { accumulator().merge(a); }, error_code::mode_mismatch, "mode");
  options.rows = row_mode::collect;
  options.rejected_limit = 0.25;
  accumulator collecting(options);
  collecting.add(b.columns());
  REQUIRE(collecting.report().rejected.size() == 1);
  CHECK(collecting.report().rejected[0].code == error_code::out_of_order);
  CHECK(collecting.finish({}).frequency == std::vector<double>{0, 0, 0});
}

TEST_CASE("ingest inputs: what cannot be merged") {
  accumulator a;
  a.add(batch().columns());
  accumulator text;
  text.add(batch().columns(true));
  check_error([&] { a.merge(text); }, error_code::mode_mismatch, "customer_id");
  check_error([&] { a.merge(accumulator({.returns = returns_policy::drop})); }, error_code::mode_mismatch, "returns");
  CHECK(a.report().rows_read == 4);
}

TEST_CASE("ingest inputs: compress") {
  const std::vector<double> good{1, 2};
  const std::vector<double> bad{1, std::nan("")};
  const std::vector<double> large{infinite, 1};
  const std::vector<double> negative{1, -1};
  const std::vector<double> one{1};
  check_error([&] { compress(good, bad, good); }, error_code::missing, "recency", 1);
  check_error([&] { compress(good, bad, large); }, error_code::non_finite, "T", 0);
  check_error([&] { compress(good, good, good, negative); }, error_code::sign, "weight", 1);
  check_error([&] { compress(good, one, good); }, error_code::length_mismatch, "recency");
  check_error([&] { compress(good, good, good, one); }, error_code::length_mismatch, "weight");
  check_error([&] { compress_columns({}); }, error_code::empty, "columns");
}
