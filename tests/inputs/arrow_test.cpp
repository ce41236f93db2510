// Tables that cannot be read: every check fires, names the column and the row, and nothing is released twice or never.

#include <cerrno>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "kundenwert/arrow/tables.hpp"
#include "unit/arrow/handmade.hpp"

using namespace kundenwert;
using test::byte_buffer;
using test::bytes_of;
using test::handmade_batch;
using test::handmade_column;

namespace {

struct expected_error {
  error_code code;
  std::string argument;
  std::int64_t row = no_row;
  std::string part = "";  // of the message
};

void check_fails(const std::function<void()>& call, const expected_error& expected) {
  try {
    call();
    FAIL("no error");
  } catch (const error& e) {
    CAPTURE(e.what());
    CHECK(name_of(e.code()) == name_of(expected.code));
    CHECK(e.argument() == expected.argument);
    CHECK(e.row() == expected.row);
    CHECK(e.message().find(expected.part) != std::string::npos);
  }
}

// Reads every batch of a stream with read(batch); whatever happens, all is released once.
void check_stream_fails(std::vector<handmade_batch> batches, test::handmade_options options,
                        const std::function<void(const arrow::record_batch&)>& read, const expected_error& expected) {
  test::release_counts counts;
  ArrowArrayStream raw = test::handmade_stream(std::move(batches), counts, std::move(options));
  check_fails(
      [&] {
        arrow::stream source(&raw);
        while (const auto batch = source.next()) read(*batch);
      },
      expected);
  CHECK((raw.release == nullptr));
  CHECK(counts.streams_released == 1);
  CHECK(counts.schemas_released == counts.schemas_made);
  CHECK(counts.arrays_released == counts.arrays_made);
}

template <class T>
handmade_column plain(const char* format, const std::vector<T>& values) {
  return {"x", format, static_cast<std::int64_t>(values.size()), {std::nullopt, bytes_of(values)}};
}
handmade_column text(const std::vector<std::int32_t>& offsets, const std::string& bytes) {
  return {"x", "u", static_cast<std::int64_t>(offsets.size()) - 1, {std::nullopt, bytes_of(offsets), bytes_of(bytes)}};
}

using import = void (*)(const arrow::field&);
void ids(const arrow::field& f) { arrow::import_ids(f); }
void words(const arrow::field& f) { arrow::import_text(f); }
void days(const arrow::field& f) { arrow::import_days(f); }
void numbers(const arrow::field& f) { arrow::import_numbers(f); }
void amounts(const arrow::field& f) { arrow::import_amounts(f); }
void flags(const arrow::field& f) { arrow::import_flags(f); }

// The column is the second batch of the stream, after one of three good rows: rows count on.
void check_column_fails(handmade_column c, import read, expected_error expected) {
  handmade_column good = c;
  good.length = 0;
  const handmade_batch first{{good}, 0};
  const std::int64_t length = c.length;
  check_stream_fails(
      {first, handmade_batch{{std::move(c)}, length}}, {}, [&](const arrow::record_batch& batch) { read(batch.at(0)); },
      expected);
}

const auto read_numbers = [](const arrow::record_batch& batch) { numbers(batch.at(0)); };
const std::vector<handmade_batch> two_rows{handmade_batch{{plain<double>("g", {1, 2})}, 2}};

}  // namespace

TEST_CASE("no stream") {
  check_fails([] { arrow::stream source(nullptr); }, {error_code::null_argument, "stream"});
  ArrowArrayStream released{};
  check_fails([&] { arrow::stream source(&released); }, {error_code::null_argument, "stream", no_row, "released"});
}

TEST_CASE("the producer's failure is told in its own words") {
  test::handmade_options options;
  options.schema_status = EIO;
  options.message = "disk on\nfire";
  check_stream_fails(two_rows, options, read_numbers, {error_code::stream_failed, "stream", no_row, "disk on fire"});
  options.schema_status = 0;
  options.next_status = EINVAL;
  check_stream_fails(two_rows, options, read_numbers, {error_code::stream_failed, "stream", no_row, "disk on fire"});
  options.message = nullptr;
  check_stream_fails(two_rows, options, read_numbers, {error_code::stream_failed, "stream", no_row, "errno 22"});
  options.next_status = ENOMEM;
  check_stream_fails(two_rows, options, read_numbers, {error_code::out_of_memory, "stream"});
}

TEST_CASE("a stream that is no table") {
  test::handmade_options options;
  options.table_format = "g";
  check_stream_fails(two_rows, options, read_numbers, {error_code::wrong_type, "stream", no_row, "\"g\""});
  const std::uint8_t one_null_row = 0b10;
  const void* buffers[] = {&one_null_row};
  options.table_format = "+s";
  options.bend_array = [&](ArrowArray& a) {
    a.buffers = buffers;
    a.null_count = 1;
  };
  check_stream_fails(two_rows, options, read_numbers, {error_code::wrong_type, "stream", no_row, "null rows"});
}

TEST_CASE("missing callbacks") {
  for (const bool first : {true, false}) {
    test::release_counts counts;
    ArrowArrayStream raw = test::handmade_stream(two_rows, counts);
    if (first) raw.get_schema = nullptr;
    if (!first) raw.get_next = nullptr;
    check_fails([&] { arrow::stream source(&raw); }, {error_code::stream_failed, "stream"});
    CHECK(counts.streams_released == 1);
  }
}

TEST_CASE("broken schemas") {
  const std::function<void(ArrowSchema&)> table_bends[] = {
      [](ArrowSchema& s) { s.format = nullptr; },
      [](ArrowSchema& s) { s.n_children = -1; },
      [](ArrowSchema& s) { s.children = nullptr; },
  };
  test::handmade_options options;
  for (const auto& bend : table_bends) {
    options.bend_schema = bend;
    check_stream_fails(two_rows, options, read_numbers, {error_code::stream_failed, "stream"});
  }
  options.bend_schema = [](ArrowSchema& s) { s.children[0]->format = nullptr; };
  check_stream_fails(two_rows, options, read_numbers, {error_code::stream_failed, "x", no_row, "no format"});
  options.bend_schema = [](ArrowSchema& s) { s.children[0]->n_children = 1; };
  check_stream_fails(two_rows, options, read_numbers, {error_code::stream_failed, "x"});
  ArrowSchema* no_child[] = {nullptr};
  options.bend_schema = [&](ArrowSchema& s) { s.children = no_child; };
  check_stream_fails(two_rows, options, read_numbers, {error_code::stream_failed, "stream", no_row, "lacks child 0"});
  options.bend_schema = [](ArrowSchema& s) { s.children[0]->name = nullptr; };
  check_stream_fails(two_rows, options, [](const arrow::record_batch& batch) { batch.named("x"); },
                     {error_code::column_missing, "x"});
  std::vector<char> packed(4, '\xff');  // -1 pairs of metadata, then a length of -1
  std::vector<char> pair{1, 0, 0, 0, '\xff', '\xff', '\xff', '\xff'};
  for (const auto* metadata : {&packed, &pair}) {
    options.bend_schema = [&](ArrowSchema& s) { s.metadata = metadata->data(); };
    test::release_counts counts;
    ArrowArrayStream raw = test::handmade_stream(two_rows, counts, options);
    arrow::stream source(&raw);
    check_fails([&] { source.metadata("unit"); }, {error_code::stream_failed, "stream"});
  }
}

TEST_CASE("batches that disagree with their schema or themselves") {
  constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  const std::function<void(ArrowArray&)> table_bends[] = {
      [](ArrowArray& a) { a.n_children = 0; },     [](ArrowArray& a) { a.n_children = 2; },
      [](ArrowArray& a) { a.children = nullptr; }, [](ArrowArray& a) { a.length = -1; },
      [](ArrowArray& a) { a.offset = -1; },        [](ArrowArray& a) { a.null_count = -2; },
      [](ArrowArray& a) { a.offset = huge; },      [](ArrowArray& a) { a.n_buffers = -1; },
      [](ArrowArray& a) { a.buffers = nullptr; },
  };
  test::handmade_options options;
  for (const auto& bend : table_bends) {
    options.bend_array = bend;
    check_stream_fails(two_rows, options, read_numbers, {error_code::stream_failed, "stream"});
  }
  const std::function<void(ArrowArray&)> column_bends[] = {
      [](ArrowArray& a) { a.length = 1; },
      [](ArrowArray& a) {
        a.length = huge;
        a.offset = 1;
      },
      [](ArrowArray& a) { a.offset = -1; },
      [](ArrowArray& a) { a.n_buffers = 1; },
      [](ArrowArray& a) { a.n_buffers = 0; },
      [](ArrowArray& a) { a.buffers = nullptr; },
      [](ArrowArray& a) { a.buffers[1] = nullptr; },
      [](ArrowArray& a) { a.null_count = 1; },
  };
  for (const auto& bend : column_bends) {
    options.bend_array = [&](ArrowArray& a) { bend(*a.children[0]); };
    check_stream_fails(two_rows, options, read_numbers, {error_code::stream_failed, "x"});
  }
  ArrowArray* no_child[] = {nullptr};
  options.bend_array = [&](ArrowArray& a) { a.children = no_child; };
  check_stream_fails(two_rows, options, read_numbers, {error_code::stream_failed, "x"});
  // A batch that starts later than its columns reach.
  options.bend_array = [](ArrowArray& a) { a.offset = 1; };
  check_stream_fails(two_rows, options, read_numbers, {error_code::stream_failed, "x"});
}

TEST_CASE("columns that are not there, or twice") {
  check_stream_fails({handmade_batch{{plain<double>("g", {1}), plain<double>("g", {1})}, 1}}, {},
                     [](const arrow::record_batch& batch) { batch.named("x"); },
                     {error_code::column_missing, "x", no_row, "several"});
  handmade_column y = plain<double>("g", {1});
  y.name = "y";
  check_stream_fails({handmade_batch{{plain<double>("g", {1}), y}, 1}}, {},
                     [](const arrow::record_batch& batch) { batch.named("amount"); },
                     {error_code::column_missing, "amount", no_row, "x, y"});
}

TEST_CASE("wrong types name what was found and what is accepted") {
  const auto wrong = [](const std::string& part) { return expected_error{error_code::wrong_type, "x", no_row, part}; };
  check_column_fails(plain<double>("g", {1}), ids, wrong("is float64 (Arrow format \"g\"), needs integers or utf8"));
  check_column_fails(plain<std::int64_t>("l", {1}), words, wrong("is int64"));
  check_column_fails(plain<std::int32_t>("i", {1}), days, wrong("needs date32"));
  check_column_fails(plain<std::int64_t>("l", {1}), days, wrong("is int64"));
  check_column_fails(plain<std::int64_t>("tsx:", {1}), days, wrong("timestamp"));
  check_column_fails({"x", "b", 1, {std::nullopt, byte_buffer{1}}}, numbers, wrong("is bool"));
  check_column_fails({"x", "b", 1, {std::nullopt, byte_buffer{1}}}, amounts, wrong("is bool"));
  check_column_fails(text({0, 1}, "1"), numbers, wrong("is utf8"));
  check_column_fails(plain<double>("g", {1}), flags, wrong("needs bool"));
  check_column_fails({"x", "+r", 1, {}}, ids, wrong("run_end_encoded"));
  check_column_fails({"x", "w:16", 1, {std::nullopt, byte_buffer(16)}}, ids, wrong("fixed_size_binary(16)"));
  handmade_column coded = plain<std::int8_t>("c", {0});
  coded.dictionary = std::make_shared<handmade_column>(plain<double>("g", {1}));
  check_column_fails(coded, ids, wrong("dictionary<int8, float64>"));
  check_column_fails(coded, words, wrong("dictionary<int8, float64>"));
  check_column_fails(coded, days, wrong("dictionary<int8, float64>"));
  check_column_fails(coded, numbers, wrong("dictionary<int8, float64>"));
  check_column_fails(coded, flags, wrong("dictionary<int8, float64>"));
  handmade_column nested = plain<std::int8_t>("c", {0});
  nested.dictionary = std::make_shared<handmade_column>(coded);
  check_column_fails(nested, ids, wrong("dictionary"));
}

TEST_CASE("numbers that do not fit name their row") {
  check_column_fails(plain<std::uint64_t>("L", {1, UINT64_C(1) << 63}), ids, {error_code::overflow, "x", 1});
  check_column_fails(plain<std::int64_t>("l", {0, 0, (INT64_C(1) << 53) + 1}), numbers, {error_code::overflow, "x", 2});
  check_column_fails(plain<std::int64_t>("l", {INT64_MIN}), numbers, {error_code::overflow, "x", 0});
  check_column_fails(plain<std::uint64_t>("L", {UINT64_MAX}), numbers, {error_code::overflow, "x", 0});
  handmade_column wide = plain<std::int64_t>("d:38,2", {5, 0, 5, 1});  // the second is 2^64 + 5
  wide.length = 2;
  check_column_fails(wide, amounts, {error_code::overflow, "x", 1});
  check_column_fails(wide, numbers, {error_code::overflow, "x", 1});
  handmade_column minus = plain<std::int64_t>("d:38,2", {5, -1});  // below -2^63: the sign is in the high word alone
  minus.length = 1;
  check_column_fails(minus, amounts, {error_code::overflow, "x", 0});
  check_column_fails(plain<std::int64_t>("d:18,-2,64", {INT64_MAX / 10}), amounts, {error_code::overflow, "x", 0});
  check_column_fails(plain<std::int64_t>("d:18,19,64", {1}), amounts, {error_code::unsupported, "x"});
  check_column_fails(plain<std::int64_t>("d:18,2,7", {1}), amounts, {error_code::stream_failed, "x"});
  check_column_fails(plain<std::uint8_t>("C", {0, 1, 2}), flags, {error_code::domain, "x", 2});
}

TEST_CASE("days that are none") {
  check_column_fails(plain<std::int64_t>("tss:", {0, INT64_MAX}), days, {error_code::date_range, "x", 1});
  check_column_fails(plain<std::int64_t>("tsm:UTC", {INT64_MIN}), days, {error_code::date_range, "x", 0});
  for (const char* zone : {"tss:Europe/Berlin", "tss:+2:00", "tss:+24:00", "tss:+01:60", "tss:+0a:00", "tss:utc+1"}) {
    CAPTURE(zone);
    check_column_fails(plain<std::int64_t>(zone, {0}), days, {error_code::timezone, "x", no_row, "convert"});
  }
  for (const char* date : {"2023-02-29", "2024-13-01", "2024-00-01", "2024-1-001", "20240301  ", "2024/03/01",
                           "+024-03-01", "2024-03-0x"}) {
    CAPTURE(date);
    check_column_fails(text({0, 10, 20}, std::string("2024-03-01") + date), days, {error_code::date_invalid, "x", 1});
  }
  check_column_fails(text({0, 10}, "1899-12-31"), days, {error_code::date_range, "x", 0});
  // Only what is no date can be kept for later: a question the caller has to answer stays an error.
  check_stream_fails({handmade_batch{{text({0, 17}, "2024-03-01T00:00Z")}, 1}}, {},
                     [](const arrow::record_batch& batch) {
                       arrow::import_days(batch.at(0),
                                          {.text_format = date_format::timestamp, .keep_unreadable = true});
                     },
                     {error_code::timezone, "x", 0});
  check_column_fails(text({0, 0}, ""), days, {error_code::date_invalid, "x", 0});
  check_stream_fails({handmade_batch{{plain<std::int64_t>("tss:UTC", {0})}, 1}}, {},
                     [](const arrow::record_batch& batch) {
                       arrow::import_days(batch.at(0), {.utc_offset = fixed_offset{18 * 60 + 1}});
                     },
                     {error_code::domain, "utc_offset"});
}

TEST_CASE("text that points nowhere") {
  check_column_fails(text({0, 2, 1}, "ab"), words, {error_code::stream_failed, "x"});
  check_column_fails(text({-1, 2}, "ab"), words, {error_code::stream_failed, "x"});
  handmade_column bare = text({0, 1}, "a");
  bare.buffers[2] = std::nullopt;
  check_column_fails(bare, words, {error_code::stream_failed, "x"});
  bare.buffers.pop_back();
  check_column_fails(bare, words, {error_code::stream_failed, "x"});
  const auto view = [](std::int32_t length, std::int32_t buffer, std::int32_t offset) {
    return handmade_column{"x",
                           "vu",
                           1,
                           {std::nullopt, bytes_of<std::int32_t>({length, 0, buffer, offset}),
                            bytes_of(std::string("sixteen bytes...")), bytes_of<std::int64_t>({16})}};
  };
  check_column_fails(view(-1, 0, 0), words, {error_code::stream_failed, "x", 0});
  check_column_fails(view(13, 1, 0), words, {error_code::stream_failed, "x", 0});
  check_column_fails(view(13, -1, 0), words, {error_code::stream_failed, "x", 0});
  check_column_fails(view(13, 0, -1), words, {error_code::stream_failed, "x", 0});
  check_column_fails(view(13, 0, 4), words, {error_code::stream_failed, "x", 0, "beyond"});
  handmade_column coded = plain<std::int8_t>("c", {0, 1});
  coded.dictionary = std::make_shared<handmade_column>(text({0, 1}, "a"));
  check_column_fails(coded, words, {error_code::stream_failed, "x", 1, "outside"});
  coded.buffers[1] = byte_buffer{0, 255};  // -1
  check_column_fails(coded, ids, {error_code::stream_failed, "x", 1, "outside"});
  handmade_column odd = plain<double>("g", {0});
  odd.dictionary = coded.dictionary;
  check_column_fails(odd, words, {error_code::stream_failed, "x"});
  test::handmade_options options;
  options.bend_array = [](ArrowArray& a) { a.children[0]->dictionary = nullptr; };
  check_stream_fails({handmade_batch{{coded}, 2}}, options,
                     [](const arrow::record_batch& batch) { words(batch.at(0)); }, {error_code::stream_failed, "x"});
}

TEST_CASE("tables that cannot be built") {
  arrow::table out;
  out.add("a", std::vector<double>{1, 2});
  check_fails([&] { out.add("b", std::vector<double>{1}); }, {error_code::length_mismatch, "b"});
  check_fails([&] { out.add("a", std::vector<double>{1, 2}); }, {error_code::duplicate_id, "a"});
  const std::vector<std::int32_t> codes{1, 2};
  const std::string_view names[] = {"A"};
  check_fails([&] { out.add_names("c", codes, names); }, {error_code::unknown_code, "c", 1});
  const std::vector<std::uint32_t> masks{0, 1U << 31};
  check_fails([&] { out.add_reasons("r", masks); }, {error_code::unknown_code, "r", 1});
  check_fails([&] { out.add_masks("m", masks, outcomes); }, {error_code::unknown_code, "m", 1});
  const std::vector<std::int32_t> unknown{1, 0, 99};
  const std::vector<std::int64_t> ends{0, 1, 2, 3};
  check_fails([&] { out.add_codes("k", unknown, outcomes); }, {error_code::unknown_code, "k", 2});
  check_fails([&] { out.add_code_lists("l", unknown, ends, outcomes); }, {error_code::unknown_code, "l", 1});
  check_fails([&] { out.add_text("t", std::vector<char>{}, std::vector<std::int64_t>{}); }, {error_code::empty, "t"});
  CHECK(out.columns() == 1);
  check_fails([&] { out.export_stream(nullptr); }, {error_code::null_argument, "stream"});
  ArrowArrayStream raw{};
  check_fails([&] { out.export_stream(&raw, 0); }, {error_code::domain, "batch_rows"});
}

TEST_CASE("summaries that are none") {
  const auto table = [] {
    arrow::table t;
    t.add("frequency", std::vector<double>{0, 1}).add("recency", std::vector<double>{0, 2});
    return t;
  };
  const auto read = [](const arrow::table& t, const arrow::summary_names& names = {},
                       std::optional<time_unit> unit = time_unit::day) {
    ArrowArrayStream raw{};
    t.export_stream(&raw, 1);  // one row a batch: rows are counted over all
    arrow::stream source(&raw);
    arrow::import_summary(source, names, unit);
  };
  check_fails([&] { read(table()); }, {error_code::column_missing, "T"});
  auto good = table();
  good.add("T", std::vector<double>{5, 6});
  read(good);
  check_fails([&] { read(good, {.monetary_value = "spend"}); }, {error_code::column_missing, "spend"});
  check_fails([&] { read(good, {}, std::nullopt); }, {error_code::missing, "unit"});
  check_fails([&] { read(good, {}, time_unit{9}); }, {error_code::unknown_code, "unit"});
  auto weekly = good;
  weekly.set_metadata("kundenwert.unit", "week");
  check_fails([&] { read(weekly); }, {error_code::unit_mismatch, "unit"});
  weekly.set_metadata("kundenwert.unit", "fortnight");
  check_fails([&] { read(weekly); }, {error_code::unknown_code, "unit"});
  auto dated = good;
  dated.set_metadata("kundenwert.end", "tomorrow");
  check_fails([&] { read(dated); }, {error_code::date_invalid, "kundenwert.end"});
  auto null_age = table();
  null_age.add("T", std::vector<double>{5, not_available});
  check_fails([&] { read(null_age); }, {error_code::missing, "T", 1});
  auto young = table();
  young.add("T", std::vector<double>{5, 1});
  check_fails([&] { read(young); }, {error_code::recency_order, "recency", 1});

  auto twice = good;
  twice.add("customer_id", std::vector<std::int64_t>{7, 7});
  check_fails([&] { read(twice); }, {error_code::duplicate_id, "customer_id", 1});
  auto nameless = good;
  nameless.add_text("customer_id", std::vector<char>{'a'}, std::vector<std::int64_t>{0, 1, 1});
  check_fails([&] { read(nameless); }, {error_code::encoding, "customer_id", 1});
  auto long_name = good;
  long_name.add_text("customer_id", std::vector<char>(129, 'a'), std::vector<std::int64_t>{0, 0, 129});
  check_fails([&] { read(long_name, {.customer_id = "customer_id"}); }, {error_code::encoding, "customer_id", 0});
  const std::vector<std::int32_t> codes{1, 0};
  const std::string_view names[] = {"A"};
  auto anonymous = good;
  anonymous.add_names("customer_id", codes, names);
  check_fails([&] { read(anonymous); }, {error_code::missing, "customer_id", 1});
}

TEST_CASE("logs that lack a column are refused before the first batch") {
  const auto read = [](const arrow::transaction_names& names) {
    arrow::table t;
    t.add("customer_id", std::vector<std::int64_t>{1}).add_days("date", std::vector<std::int32_t>{1});
    ArrowArrayStream raw{};
    t.export_stream(&raw);
    arrow::stream source(&raw);
    arrow::import_transactions(source, names, {}, [](const transaction_columns&, std::int64_t) { FAIL("called"); });
  };
  check_fails([&] { read({}); }, {error_code::column_missing, "amount"});
  check_fails([&] { read({.amount = "", .currency = "money"}); }, {error_code::column_missing, "money"});
  check_fails([&] { read({.customer_id = "", .amount = ""}); }, {error_code::missing, "customer_id"});
  check_fails([&] { read({.date = "", .amount = ""}); }, {error_code::missing, "date"});
}
