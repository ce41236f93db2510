#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "check_error.hpp"
#include "kundenwert/time/calendar.hpp"
#include "kundenwert/time/parse.hpp"
#include "kundenwert/time/span.hpp"

using namespace kundenwert;
using kundenwert::test::check_error;

namespace {

constexpr std::int32_t smallest = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t largest = std::numeric_limits<std::int32_t>::max();

}  // namespace

TEST_CASE("time inputs: dates that do not exist") {
  for (const civil_date date : {civil_date{2023, 2, 29},
                                {2100, 2, 29},
                                {2024, 4, 31},
                                {2024, 0, 1},
                                {2024, 13, 1},
                                {2024, 1, 0},
                                {2024, 1, 32},
                                {2024, -1, 1},
                                {2024, 1, -1},
                                {1800, 2, 29}}) {
    check_error([&] { day_of(date, "first_purchase", 7); }, error_code::date_invalid, "first_purchase", 7);
  }
}

TEST_CASE("time inputs: dates outside the domain") {
  for (const civil_date date : {civil_date{1899, 12, 31},
                                {2200, 1, 1},
                                {1600, 2, 29},
                                {2250, 1, 1},
                                {largest, 1, 1},
                                {smallest, 1, 1},
                                {-4, 2, 28},
                                {2400, 2, 29}}) {
    check_error([&] { day_of(date, "date", 3); }, error_code::date_range, "date", 3);
  }
  for (const std::int32_t d : {earliest_day - 1, latest_day + 1, smallest, largest}) {
    check_error([&] { require_day(d, "end", 5); }, error_code::date_range, "end", 5);
    check_error([&] { civil_of(d); }, error_code::date_range, "day");
    check_error([&] { iso_week_of(d); }, error_code::date_range, "day");
    check_error([&] { period_index(d, period::month); }, error_code::date_range, "day");
    check_error([&] { add_months(d, 0); }, error_code::date_range, "day");
    check_error([&] { elapsed(d, 0, time_unit::day); }, error_code::date_range, "from");
    check_error([&] { elapsed(0, d, time_unit::day); }, error_code::date_range, "to");
    check_error([&] { months_between(d, 0); }, error_code::date_range, "from");
    check_error([&] { next_payment_day(d, 0); }, error_code::date_range, "anchor");
    check_error([&] { payment_days(0, d); }, error_code::date_range, "end");
  }
  check_error([] { add_months(latest_day, 1); }, error_code::date_range, "months");
  check_error([] { add_months(earliest_day, -1); }, error_code::date_range, "months");
  check_error([] { add_months(0, largest); }, error_code::date_range, "months");
  check_error([] { add_months(0, smallest); }, error_code::date_range, "months");
  check_error([] { format_day(largest); }, error_code::date_range, "day");
  check_error([] { format_day(smallest); }, error_code::date_range, "day");
}

TEST_CASE("time inputs: periods") {
  for (const std::int32_t index : {smallest, largest, 2760, -841}) {
    check_error([&] { period_days(index, period::month); }, error_code::date_range, "period");
    check_error([&] { period_label(index, period::month); }, error_code::date_range, "period");
  }
  for (const std::int32_t number : {0, 6, -1}) {
    const auto p = static_cast<period>(number);
    check_error([&] { period_index(0, p); }, error_code::unknown_code, "period");
    check_error([&] { period_days(0, p); }, error_code::unknown_code, "period");
    check_error([&] { period_label(0, p); }, error_code::unknown_code, "period");
    check_error([&] { period_indices(std::vector<std::int32_t>{}, p); }, error_code::unknown_code, "period");
  }
  const std::vector<std::int32_t> days{0, latest_day + 1, earliest_day - 1};
  check_error([&] { period_indices(days, period::month, "signup"); }, error_code::date_range, "signup", 1);
  const std::uint8_t bits = 0b110;
  const column<std::int32_t> with_null{days, {&bits, 0}};
  check_error([&] { period_indices(with_null, period::month, "signup"); }, error_code::missing, "signup", 0);
}

TEST_CASE("time inputs: order, lengths and nulls of spans") {
  check_error([] { elapsed(1, 0, time_unit::day); }, error_code::date_order, "to");
  check_error([] { elapsed(0, 1, static_cast<time_unit>(9)); }, error_code::unknown_code, "unit");
  check_error([] { months_between(1, 0); }, error_code::date_order, "to");
  check_error([] { calendar_months(1, 0); }, error_code::date_order, "to");
  const std::vector<std::int32_t> a{0, 0, 5};
  const std::vector<std::int32_t> b{0, 1, 4};
  const std::vector<std::int32_t> shorter{0, 1};
  check_error([&] { elapsed(a, b, time_unit::day); }, error_code::date_order, "to", 2);
  check_error([&] { elapsed(a, shorter, time_unit::day); }, error_code::length_mismatch, "to");
  const std::uint8_t bits = 0b101;
  check_error([&] { elapsed({a, {&bits, 0}}, b, time_unit::day); }, error_code::missing, "from", 1);
  check_error([&] { elapsed(a, {b, {&bits, 0}}, time_unit::day); }, error_code::missing, "to", 1);
  check_error([] { next_payment_day(0, 1, 0); }, error_code::domain, "every_months");
  check_error([] { payment_days(0, 1, -1); }, error_code::domain, "every_months");
  check_error([] { next_payment_day(0, latest_day, 5000); }, error_code::date_range, "every_months");
  check_error([] { next_payment_day(0, latest_day); }, error_code::date_range, "months");
}

TEST_CASE("time inputs: text that is no date") {
  for (const std::string_view text :
       {"",         "2024-03-0", "2024-03-011", " 2024-03-01",         "2024-03-01 ", "2024/03/01", "2024-3-01",
        "20240301", "24-03-01",  "01.03.2024",  "2024-03-01T00:00:00", "2024-0a-01",  "2024-+3-01", "2024-03--1",
        "\xff\xfe", "null",      "2023-02-29",  "2024-13-01",          "2024-00-10",  "2024-01-00"}) {
    CAPTURE(text);
    check_error([&] { parse_day(text, {}, "date", 4); }, error_code::date_invalid, "date", 4);
  }
  for (const std::string_view text : {"2024-03-01", "2024030", "202403011", "2024 301", "20230229", ""}) {
    check_error([&] { parse_day(text, {.format = date_format::compact}); }, error_code::date_invalid, "date");
  }
  for (const std::string_view text : {"2024-03-01T",
                                      "2024-03-01T24:00",
                                      "2024-03-01T1:00",
                                      "2024-03-01T12",
                                      "2024-03-01T12:60",
                                      "2024-03-01T12:00:61",
                                      "2024-03-01T12:00:00.",
                                      "2024-03-01T12:00:00 Z",
                                      "2024-03-01T12:00:00z",
                                      "2024-03-01T12:00Zx",
                                      "2024-03-01t12:00",
                                      "2024-03-01  12:00",
                                      "2024-03-01T12:00+1",
                                      "2024-03-01T12:00+1:00",
                                      "2024-03-01T12:00+01:",
                                      "2024-03-01T12:00+01:60",
                                      "2024-03-01T12:00+18:01",
                                      "2024-03-01T12:00+99",
                                      "2024-03-01T12:00+010",
                                      "2023-02-29T12:00Z",
                                      "20240301",
                                      "2024-03-01T12:00 Europe/Berlin",
                                      ""}) {
    CAPTURE(text);
    check_error([&] { parse_day(text, {.format = date_format::timestamp, .utc_offset = fixed_offset{0}}); },
                error_code::date_invalid, "date");
    check_error([&] { parse_instant(text, "at", 2); }, error_code::date_invalid, "at", 2);
  }
}

TEST_CASE("time inputs: text of dates outside the domain") {
  check_error([] { parse_day("1899-12-31"); }, error_code::date_range, "date");
  check_error([] { parse_day("2200-01-01"); }, error_code::date_range, "date");
  check_error([] { parse_day("0000-01-01"); }, error_code::date_range, "date");
  const parse_options east{.format = date_format::timestamp, .utc_offset = fixed_offset{60}};
  check_error([&] { parse_day("2199-12-31T23:00:00Z", east, "date", 1); }, error_code::date_range, "date", 1);
  check_error([] { parse_instant("1900-01-01T00:00:00+01:00"); }, error_code::date_range, "timestamp");
}

TEST_CASE("time inputs: instants need an offset, and offsets have limits") {
  check_error([] { parse_day("2024-03-01T12:00Z", {.format = date_format::timestamp}, "date", 8); },
              error_code::timezone, "date", 8);
  check_error([] { parse_instant("2024-03-01T12:00"); }, error_code::timezone, "timestamp");
  check_error([] { parse_instant("2024-03-01"); }, error_code::timezone, "timestamp");
  for (const std::int32_t minutes : {1081, -1081, largest, smallest}) {
    check_error([&] { local_day(0, fixed_offset{minutes}); }, error_code::domain, "utc_offset");
  }
  for (const std::int64_t instant : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
                                     std::int64_t{86'400'000'000} * (latest_day + 1)}) {
    check_error([&] { local_day(instant, fixed_offset{0}, "at", 6); }, error_code::date_range, "at", 6);
  }
}

TEST_CASE("time inputs: formats and columns") {
  check_error([] { parse_day("2024-03-01", {.format = static_cast<date_format>(0)}); }, error_code::unknown_code,
              "format");
  CHECK(name_of(static_cast<date_format>(4)).empty());
  const std::string data = "2024-03-01x2023-02-29";
  const std::array<std::int64_t, 4> offsets{0, 10, 11, 21};
  check_error(
      [&] {
        parse_days({data.data(), offsets, {}}, {}, "order_date");
      },
      error_code::date_invalid, "order_date", 1);
  const std::uint8_t bits = 0b001;
  check_error([&] { parse_days({data.data(), offsets, {&bits, 0}}); }, error_code::missing, "date", 1);
}

TEST_CASE("time inputs: messages are printable whatever the text holds") {
  try {
    parse_day("\x01\xff" + std::string(500, 'a'));
    FAIL_CHECK("no error");
  } catch (const error& e) {
    CHECK(e.message() == "is not a date YYYY-MM-DD: \"??" + std::string(38, 'a') + "...\"");
  }
}
