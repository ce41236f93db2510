#include "kundenwert/arrow/stream.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "kundenwert/arrow/import.hpp"
#include "unit/arrow/handmade.hpp"

using namespace kundenwert;
using test::bytes_of;
using test::handmade_batch;
using test::handmade_column;

namespace {

handmade_column doubles(std::string name, std::vector<double> values, std::int64_t length = -1) {
  const auto rows = length < 0 ? static_cast<std::int64_t>(values.size()) : length;
  return {std::move(name), "g", rows, {std::nullopt, bytes_of(values)}};
}

}  // namespace

TEST_CASE("everything a stream hands over is released exactly once") {
  test::release_counts counts;
  ArrowArrayStream raw = test::handmade_stream(
      {handmade_batch{{doubles("a", {1, 2})}, 2}, handmade_batch{{doubles("a", {3})}, 1}}, counts);
  {
    arrow::stream first(&raw);
    CHECK((raw.release == nullptr));  // taken over
    arrow::stream source(std::move(first));
    std::optional<arrow::record_batch> batch = source.next();
    REQUIRE(batch);
    arrow::record_batch copy = *batch;  // batches share their array
    batch.reset();
    CHECK(counts.arrays_released == 0);
    CHECK(copy.rows() == 2);
  }
  CHECK(counts.streams_released == 1);
  CHECK(counts.schemas_made == 2);  // the table and its column
  CHECK(counts.schemas_released == counts.schemas_made);
  CHECK(counts.arrays_made == 2);  // the second batch was never asked for
  CHECK(counts.arrays_released == counts.arrays_made);
}

TEST_CASE("columns outlive the batch and the stream they came from") {
  test::release_counts counts;
  ArrowArrayStream raw = test::handmade_stream(doubles("a", {1.5, 2.5}), counts);
  {
    arrow::imported<column<double>> kept;
    {
      arrow::stream source(&raw);
      kept = arrow::import_numbers(source.next()->named("a"));
    }
    CHECK(counts.streams_released == 1);
    CHECK(counts.arrays_released == 0);
    CHECK(kept.view[1] == 2.5);
  }
  CHECK(counts.arrays_released == counts.arrays_made);
  CHECK(counts.schemas_released == counts.schemas_made);
}

TEST_CASE("batches count their rows over the stream, empty ones included") {
  test::release_counts counts;
  ArrowArrayStream raw =
      test::handmade_stream({handmade_batch{{doubles("a", {1, 2})}, 2}, handmade_batch{{doubles("a", {})}, 0},
                             handmade_batch{{doubles("a", {3})}, 1}},
                            counts);
  arrow::stream source(&raw);
  CHECK(source.next()->first_row() == 0);
  const auto empty = source.next();
  CHECK(empty->rows() == 0);
  CHECK(empty->first_row() == 2);
  CHECK(arrow::import_numbers(empty->named("a")).view.size() == 0);
  CHECK(source.next()->first_row() == 2);
  CHECK_FALSE(source.next());
  CHECK_FALSE(source.next());  // the producer is not asked again
  CHECK(source.rows_read() == 3);
}

TEST_CASE("the offset of a batch applies to its columns, beside their own") {
  test::release_counts counts;
  handmade_column c = doubles("a", {9, 9, 9, 1, 2, 3}, 4);
  c.offset = 2;  // the column starts at 9, the batch one later
  ArrowArrayStream raw = test::handmade_stream({handmade_batch{{c}, 2, 1}}, counts);
  arrow::stream source(&raw);
  const auto batch = source.next();
  CHECK(batch->rows() == 2);
  const auto values = arrow::import_numbers(batch->named("a"));
  REQUIRE(values.view.size() == 2);
  CHECK(values.view[0] == 1);
  CHECK(values.view[1] == 2);
}

TEST_CASE("columns are found by name and number") {
  test::release_counts counts;
  ArrowArrayStream raw = test::handmade_stream({handmade_batch{{doubles("a", {1}), doubles("b", {2})}, 1}}, counts);
  arrow::stream source(&raw);
  CHECK(source.has_column("b"));
  CHECK_FALSE(source.has_column("c"));
  CHECK(source.column_number("b") == 1);
  const auto batch = source.next();
  CHECK(batch->columns() == 2);
  CHECK(batch->at(0).name == "a");
  CHECK(arrow::import_numbers(batch->named("b")).view[0] == 2);
}

TEST_CASE("metadata is read as the specification lays it out") {
  // Two pairs: int32 count, then int32 length and bytes of every key and value.
  std::vector<char> packed;
  const auto number = [&](std::int32_t n) {
    const auto* bytes = reinterpret_cast<const char*>(&n);
    packed.insert(packed.end(), bytes, bytes + sizeof n);
  };
  const auto text = [&](const std::string& t) {
    number(static_cast<std::int32_t>(t.size()));
    packed.insert(packed.end(), t.begin(), t.end());
  };
  number(2);
  text("unit");
  text("week");
  text("empty");
  text("");
  test::release_counts counts;
  test::handmade_options options;
  options.bend_schema = [&](ArrowSchema& schema) { schema.metadata = packed.data(); };
  ArrowArrayStream raw = test::handmade_stream(doubles("a", {}), counts, options);
  arrow::stream source(&raw);
  CHECK(source.metadata("unit") == "week");
  CHECK(source.metadata("empty") == "");
  CHECK_FALSE(source.metadata("end"));
}

TEST_CASE("an owner can give its struct away") {
  test::release_counts counts;
  ArrowArrayStream raw = test::handmade_stream(doubles("a", {}), counts);
  ArrowArrayStream elsewhere{};
  {
    arrow::owned<ArrowArrayStream> owner(&raw);
    CHECK(owner);
    owner.move_to(&elsewhere);
    CHECK_FALSE(owner);
  }
  CHECK(counts.streams_released == 0);
  arrow::owned<ArrowArrayStream> back(&elsewhere);
  back = arrow::owned<ArrowArrayStream>();
  CHECK(counts.streams_released == 1);
}
