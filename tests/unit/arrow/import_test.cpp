#include "kundenwert/arrow/import.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "unit/arrow/handmade.hpp"

using namespace kundenwert;
using test::byte_buffer;
using test::bytes_of;
using test::handmade_column;

namespace {

// What convert makes of the one column; results keep their memory.
template <class Import>
auto read(handmade_column c, Import&& import, test::handmade_options options = {}) {
  test::release_counts counts;
  ArrowArrayStream raw = test::handmade_stream(std::move(c), counts, std::move(options));
  arrow::stream source(&raw);
  // The batch is released with the last column; counts must live as long, so columns are copied out here.
  const auto result = import(source.next()->at(0));
  std::vector<std::optional<typename std::decay_t<decltype(result.view.values)>::value_type>> out;
  for (std::int64_t i = 0; i < result.view.size(); ++i) {
    if (result.view.is_valid(i)) {
      out.emplace_back(result.view[i]);
    } else {
      out.emplace_back(std::nullopt);
    }
  }
  return out;
}

const auto numbers = [](const arrow::field& f) { return arrow::import_numbers(f); };
const auto days = [](const arrow::field& f) { return arrow::import_days(f); };
const auto flags = [](const arrow::field& f) { return arrow::import_flags(f); };

template <class T>
using optionals = std::vector<std::optional<T>>;

template <class T>
handmade_column plain(const char* format, const std::vector<T>& values) {
  return {"x", format, static_cast<std::int64_t>(values.size()), {std::nullopt, bytes_of(values)}};
}

optionals<std::int64_t> integer_ids(handmade_column c) {
  struct result {
    column<std::int64_t> view;
    std::vector<std::shared_ptr<const void>> memory;
  };
  return read(std::move(c), [](const arrow::field& f) {
    auto ids = arrow::import_ids(f);
    return result{std::get<column<std::int64_t>>(ids.view), std::move(ids.memory)};
  });
}

optionals<std::int64_t> minor_units(handmade_column c, int exponent) {
  struct result {
    column<std::int64_t> view;
    std::vector<std::shared_ptr<const void>> memory;
  };
  return read(std::move(c), [&](const arrow::field& f) {
    auto amounts = arrow::import_amounts(f);
    CHECK(amounts.view.is_minor);
    CHECK(amounts.view.minor_exponent == exponent);
    CHECK(amounts.view.amount.empty());
    return result{amounts.view.amount_minor, std::move(amounts.memory)};
  });
}

}  // namespace

TEST_CASE("ids: every integer width") {
  CHECK(integer_ids(plain<std::int8_t>("c", {-128, 127})) == optionals<std::int64_t>{-128, 127});
  CHECK(integer_ids(plain<std::uint8_t>("C", {0, 255})) == optionals<std::int64_t>{0, 255});
  CHECK(integer_ids(plain<std::int16_t>("s", {-32768, 32767})) == optionals<std::int64_t>{-32768, 32767});
  CHECK(integer_ids(plain<std::uint16_t>("S", {65535})) == optionals<std::int64_t>{65535});
  CHECK(integer_ids(plain<std::int32_t>("i", {-2147483647 - 1})) == optionals<std::int64_t>{-2147483648LL});
  CHECK(integer_ids(plain<std::uint32_t>("I", {4294967295U})) == optionals<std::int64_t>{4294967295LL});
  CHECK(integer_ids(plain<std::int64_t>("l", {INT64_MIN, INT64_MAX})) == optionals<std::int64_t>{INT64_MIN, INT64_MAX});
  CHECK(integer_ids(plain<std::uint64_t>("L", {UINT64_C(0x7fffffffffffffff)})) == optionals<std::int64_t>{INT64_MAX});
}

TEST_CASE("ids: a null above the range is no error, and dictionaries of integers are followed") {
  handmade_column c = plain<std::uint64_t>("L", {1, UINT64_MAX});
  c.buffers[0] = byte_buffer{0b01};
  c.null_count = 1;
  CHECK(integer_ids(c) == optionals<std::int64_t>{1, std::nullopt});
  handmade_column d = plain<std::int8_t>("c", {1, 1, 0});
  d.dictionary = std::make_shared<handmade_column>(plain<std::int32_t>("i", {70, -80}));
  CHECK(integer_ids(d) == optionals<std::int64_t>{-80, -80, 70});
}

TEST_CASE("ids: text stays text") {
  test::release_counts counts;
  ArrowArrayStream raw = test::handmade_stream(
      handmade_column{"x", "u", 2, {std::nullopt, bytes_of<std::int32_t>({0, 1, 3}), bytes_of(std::string("abc"))}},
      counts);
  arrow::stream source(&raw);
  const auto ids = arrow::import_ids(source.next()->at(0));
  const auto& text = std::get<text_column>(ids.view);
  CHECK(text[1] == "bc");
}

TEST_CASE("what has the core's own layout is borrowed") {
  test::release_counts counts;
  const void* values = nullptr;
  test::handmade_options options;
  options.bend_array = [&](ArrowArray& batch) { values = batch.children[0]->buffers[1]; };
  ArrowArrayStream raw = test::handmade_stream(plain<double>("g", {1, 2}), counts, options);
  arrow::stream source(&raw);
  const auto imported = arrow::import_numbers(source.next()->at(0));
  CHECK(static_cast<const void*>(imported.view.values.data()) == values);
  CHECK(imported.memory.size() == 1);
}

TEST_CASE("buffers that are not aligned are copied") {
  const std::vector<double> expected{1.5, -2.5};
  byte_buffer shifted = bytes_of(expected);
  shifted.insert(shifted.begin(), 0);
  test::handmade_options options;
  options.bend_array = [](ArrowArray& batch) {
    batch.children[0]->buffers[1] = static_cast<const char*>(batch.children[0]->buffers[1]) + 1;
  };
  CHECK(read({"x", "g", 2, {std::nullopt, shifted}}, numbers, options) == optionals<double>{1.5, -2.5});
}

TEST_CASE("numbers: floats, integers, nulls by bitmap with an offset") {
  CHECK(read(plain<float>("f", {0.5F, 0.1F}), numbers) == optionals<double>{0.5, static_cast<double>(0.1F)});
  CHECK(read(plain<std::int16_t>("s", {-3}), numbers) == optionals<double>{-3});
  // 2^53 is the last whole number up to which every one has a double (IEEE 754 binary64).
  CHECK(read(plain<std::int64_t>("l", {-9007199254740992LL}), numbers) == optionals<double>{-9007199254740992.0});
  CHECK(read(plain<std::uint64_t>("L", {9007199254740992U}), numbers) == optionals<double>{9007199254740992.0});
  handmade_column c = plain<double>("g", {0, 0, 0, 0, 0, 0, 0, 1, 2, 3});
  c.buffers[0] = byte_buffer{0b10000000, 0b10};  // rows 7 and 9 have values
  c.offset = 7;
  c.length = 3;
  c.null_count = -1;  // not counted
  CHECK(read(c, numbers) == optionals<double>{1, std::nullopt, 3});
  c.buffers[0] = std::nullopt;
  CHECK(read(c, numbers) == optionals<double>{1, 2, 3});
  CHECK(read({"x", "n", 2, {}, 0, 2}, numbers) == optionals<double>{std::nullopt, std::nullopt});
}

TEST_CASE("decimals: whole minor units, or the nearest double") {
  // Two's complement, least significant word first: 12345, -1, and one that needs all of the low word.
  const std::vector<std::int64_t> words{12345, 0, -1, -1, INT64_MAX, 0};
  handmade_column wide{"x", "d:38,2", 3, {std::nullopt, bytes_of(words)}};
  CHECK(minor_units(wide, 2) == optionals<std::int64_t>{12345, -1, INT64_MAX});
  handmade_column small{"x", "d:9,3,32", 2, {std::nullopt, bytes_of<std::int32_t>({1001, -1})}};
  CHECK(minor_units(small, 3) == optionals<std::int64_t>{1001, -1});
  CHECK(read(small, numbers) == optionals<double>{1.001, -0.001});
  handmade_column half{"x", "d:18,0,64", 1, {std::nullopt, bytes_of<std::int64_t>({7, 9})}, 1};
  CHECK(minor_units(half, 0) == optionals<std::int64_t>{9});
  handmade_column widest{"x", "d:76,2,256", 1, {std::nullopt, bytes_of<std::int64_t>({-250, -1, -1, -1})}};
  CHECK(minor_units(widest, 2) == optionals<std::int64_t>{-250});
  // A negative scale counts hundreds; whole units are stored.
  handmade_column hundreds{"x", "d:9,-2,32", 2, {std::nullopt, bytes_of<std::int32_t>({12, -3})}};
  CHECK(minor_units(hundreds, 0) == optionals<std::int64_t>{1200, -300});
  CHECK(read(hundreds, numbers) == optionals<double>{1200, -300});
}

TEST_CASE("amounts that are no decimals are doubles") {
  test::release_counts counts;
  ArrowArrayStream raw = test::handmade_stream(plain<std::int32_t>("i", {5}), counts);
  arrow::stream source(&raw);
  const auto amounts = arrow::import_amounts(source.next()->at(0));
  CHECK_FALSE(amounts.view.is_minor);
  CHECK(amounts.view.amount[0] == 5);
  CHECK(amounts.view.amount_minor.empty());
}

// 2024-03-01 is day 19783 (domain specification, "Time"); 1969-12-31 is day -1.
TEST_CASE("days: dates and timestamps are floored to the civil day") {
  const optionals<std::int32_t> expected{19783, 19783, -1, 0};
  CHECK(read(plain<std::int32_t>("tdD", {19783, 19783, -1, 0}), days) == expected);
  const auto scaled = [](std::int64_t per_second) {
    std::vector<std::int64_t> out{19783LL * 86400 * per_second, (19784LL * 86400) * per_second - 1, -1, 0};
    return out;
  };
  CHECK(read(plain<std::int64_t>("tdm", scaled(1000)), days) == expected);
  CHECK(read(plain<std::int64_t>("tss:", scaled(1)), days) == expected);
  CHECK(read(plain<std::int64_t>("tsm:", scaled(1000)), days) == expected);
  CHECK(read(plain<std::int64_t>("tsu:", scaled(1000000)), days) == expected);
  CHECK(read(plain<std::int64_t>("tsn:", scaled(1000000000)), days) == expected);
  CHECK(read(plain<std::int64_t>("tsu:UTC", scaled(1000000)), days) == expected);
  CHECK(read({"x", "n", 1, {}, 0, 1}, days) == optionals<std::int32_t>{std::nullopt});
}

TEST_CASE("days: the offset of the zone, or the one stated, decides the civil day") {
  // Half past eleven in the evening of 2024-02-29 (day 19782), UTC.
  const std::int64_t late = 19782LL * 86400 + 23 * 3600 + 1800;
  CHECK(read(plain<std::int64_t>("tss:UTC", {late}), days) == optionals<std::int32_t>{19782});
  CHECK(read(plain<std::int64_t>("tss:+00:30", {late}), days) == optionals<std::int32_t>{19783});
  CHECK(read(plain<std::int64_t>("tss:+00:29", {late}), days) == optionals<std::int32_t>{19782});
  CHECK(read(plain<std::int64_t>("tss:-23:30", {late}), days) == optionals<std::int32_t>{19782});
  CHECK(read(plain<std::int64_t>("tss:-23:31", {late}), days) == optionals<std::int32_t>{19781});
  const auto an_hour_east = [](const arrow::field& f) {
    return arrow::import_days(f, {.utc_offset = fixed_offset{60}});
  };
  CHECK(read(plain<std::int64_t>("tss:Europe/Berlin", {late}), an_hour_east) == optionals<std::int32_t>{19783});
  CHECK(read(plain<std::int64_t>("tss:UTC", {late}), an_hour_east) == optionals<std::int32_t>{19783});
  // Without a zone the timestamp is a civil time already.
  CHECK(read(plain<std::int64_t>("tss:", {late}), an_hour_east) == optionals<std::int32_t>{19782});
}

TEST_CASE("days: text") {
  handmade_column c{
      "x", "u", 2, {byte_buffer{0b01}, bytes_of<std::int32_t>({0, 10, 14}), bytes_of(std::string("2024-03-01junk"))},
      0,   1};
  CHECK(read(c, days) == optionals<std::int32_t>{19783, std::nullopt});
  handmade_column d = plain<std::int8_t>("c", {0, 0});
  d.dictionary = std::make_shared<handmade_column>(handmade_column{
      "", "u", 1, {std::nullopt, bytes_of<std::int32_t>({0, 10}), bytes_of(std::string("1970-01-01"))}});
  CHECK(read(d, days) == optionals<std::int32_t>{0, 0});
}

TEST_CASE("days: text in a stated format") {
  const handmade_column c{
      "x", "u", 1, {std::nullopt, bytes_of<std::int32_t>({0, 8}), bytes_of(std::string("20240301"))}};
  const auto compact = [](const arrow::field& f) {
    return arrow::import_days(f, {.text_format = date_format::compact});
  };
  CHECK(read(c, compact) == optionals<std::int32_t>{19783});
  const std::string late = "2024-02-29T23:30:00Z";
  const handmade_column t{"x", "u", 1, {std::nullopt, bytes_of<std::int32_t>({0, 20}), bytes_of(late)}};
  const auto an_hour_east = [](const arrow::field& f) {
    return arrow::import_days(f, {.utc_offset = fixed_offset{60}, .text_format = date_format::timestamp});
  };
  CHECK(read(t, an_hour_east) == optionals<std::int32_t>{19783});
}

TEST_CASE("days: unreadable ones can be kept as no_day for the receiver to reject") {
  const auto kept = [](const arrow::field& f) { return arrow::import_days(f, {.keep_unreadable = true}); };
  handmade_column c{
      "x", "u", 2, {std::nullopt, bytes_of<std::int32_t>({0, 10, 20}), bytes_of(std::string("2023-02-291970-01-02"))}};
  CHECK(read(c, kept) == optionals<std::int32_t>{no_day, 1});
  CHECK(read(plain<std::int64_t>("tss:", {INT64_MAX, INT64_MIN, 0}), kept) ==
        optionals<std::int32_t>{no_day, no_day, 0});
}

TEST_CASE("flags: bits with an offset, and bytes") {
  handmade_column c{"x", "b", 3, {std::nullopt, byte_buffer{0b10000000, 0b10}}, 7};
  CHECK(read(c, flags) == optionals<std::uint8_t>{1, 0, 1});
  CHECK(read(plain<std::uint8_t>("C", {1, 0}), flags) == optionals<std::uint8_t>{1, 0});
}
