#include "kundenwert/arrow/export.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "kundenwert/arrow/import.hpp"

using namespace kundenwert;

namespace {

arrow::stream opened(const arrow::table& table, std::int64_t batch_rows = INT64_MAX) {
  ArrowArrayStream raw{};
  table.export_stream(&raw, batch_rows);
  return arrow::stream(&raw);
}

}  // namespace

TEST_CASE("values are handed out where they lie") {
  std::vector<double> values{1, 2};
  const double* where = values.data();
  arrow::table out;
  out.add("a", std::move(values));
  auto source = opened(out);
  const auto batch = source.next();
  CHECK(batch->at(0).array->buffers[1] == static_cast<const void*>(where));
  CHECK(batch->at(0).array->null_count == 0);
  CHECK(batch->at(0).array->buffers[0] == nullptr);
}

TEST_CASE("NaN is null, unless it is to stay a value") {
  arrow::table out;
  out.add("a", std::vector<double>{1, not_available, 3});
  out.add("b", std::vector<double>{1, not_available, 3}, arrow::nan_cells::are_values);
  auto source = opened(out);
  const auto batch = source.next();
  CHECK(batch->named("a").array->null_count == 1);
  CHECK(static_cast<const std::uint8_t*>(batch->named("a").array->buffers[0])[0] == 0b101);
  CHECK(batch->named("b").array->null_count == 0);
}

TEST_CASE("every kind of column, whole and in batches of two") {
  const std::vector<std::uint8_t> flags{1, 0, 7};
  const std::vector<std::int32_t> codes{2, 0, 1};
  const std::string_view names[] = {"A", "B"};
  customer_ids text_ids;
  text_ids.is_text = true;
  text_ids.text = "abc";
  text_ids.offsets = {0, 1, 1, 3};
  auto shared = std::make_shared<const customer_ids>(text_ids);
  arrow::table out;
  out.add("wide", std::vector<std::int64_t>{1, -2, 3})
      .add("narrow", std::vector<std::int32_t>{1, -2, 3})
      .add("tiny", std::vector<std::uint8_t>{1, 2, 255})
      .add_days("day", std::vector<std::int32_t>{19783, no_day, -1})
      .add_flags("flag", flags)
      .add_text("text", std::vector<char>{'x', 'y', 'z'}, std::vector<std::int64_t>{1, 2, 2, 3})
      .add_names("class", codes, names)
      .add_ids("id", *shared, shared);
  shared.reset();  // the table keeps it
  CHECK(out.rows() == 3);
  CHECK(out.columns() == 8);
  for (const std::int64_t batch_rows : {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, std::int64_t{100}}) {
    CAPTURE(batch_rows);
    auto source = opened(out, batch_rows);
    std::vector<std::string> rows;
    while (const auto batch = source.next()) {
      CHECK(batch->rows() <= batch_rows);
      const auto wide = arrow::import_numbers(batch->named("wide"));
      const auto narrow = arrow::import_numbers(batch->named("narrow"));
      const auto tiny = arrow::import_numbers(batch->named("tiny"));
      const auto day = arrow::import_days(batch->named("day"));
      const auto flag = arrow::import_flags(batch->named("flag"));
      const auto text = arrow::import_text(batch->named("text"));
      const auto klass = arrow::import_text(batch->named("class"));
      const auto id = arrow::import_text(batch->named("id"));
      for (std::int64_t i = 0; i < batch->rows(); ++i) {
        CHECK(wide.view[i] == narrow.view[i]);
        rows.push_back(std::to_string(static_cast<int>(wide.view[i])) + " " +
                       std::to_string(static_cast<int>(tiny.view[i])) + " " +
                       (day.view.is_valid(i) ? std::to_string(day.view[i]) : "null") + " " +
                       std::to_string(int{flag.view[i]}) + " " + std::string(text.view[i]) + " " +
                       (klass.view.is_valid(i) ? std::string(klass.view[i]) : "null") + " " + std::string(id.view[i]));
      }
    }
    CHECK(rows == std::vector<std::string>{"1 1 19783 1 y B a", "-2 2 null 0  null ", "3 255 -1 1 z A bc"});
  }
}

TEST_CASE("ids that may be null") {
  const auto numbers = std::make_shared<const std::vector<std::int64_t>>(std::vector<std::int64_t>{7, 0, 9});
  const auto offsets = std::make_shared<const std::vector<std::int64_t>>(std::vector<std::int64_t>{0, 2, 2, 3});
  const std::uint8_t bits = 0b101;
  arrow::table out;
  out.add_ids("number", id_column(column<std::int64_t>(std::span<const std::int64_t>(*numbers), {&bits, 0})), numbers)
      .add_ids("text", id_column(text_column{"abc", *offsets, {&bits, 0}}), offsets);
  auto source = opened(out);
  const auto batch = source.next();
  const auto number = arrow::import_numbers(batch->named("number"));
  const auto text = arrow::import_text(batch->named("text"));
  for (const std::int64_t i : {0, 1, 2}) {
    CHECK(number.view.is_valid(i) == (i != 1));
    CHECK(text.view.is_valid(i) == (i != 1));
  }
  CHECK(number.view[2] == 9);
  CHECK(text.view[0] == "ab");
  CHECK(text.view[2] == "c");
}

TEST_CASE("reasons are lists of names") {
  const std::vector<std::uint32_t> masks{0, 5, 2};  // 1 missing_input, 2 no_purchases, 4 no_repeat_purchases
  arrow::table out;
  out.add_reasons("reason", masks);
  auto source = opened(out);
  CHECK(std::string_view(source.schema().children[0]->format) == "+L");
  CHECK(std::string_view(source.schema().children[0]->children[0]->format) == "U");
  const auto batch = source.next();
  const ArrowArray& lists = *batch->at(0).array;
  const auto* ends = static_cast<const std::int64_t*>(lists.buffers[1]);
  CHECK(std::vector<std::int64_t>(ends, ends + 4) == std::vector<std::int64_t>{0, 0, 2, 3});
  const ArrowArray& items = *lists.children[0];
  CHECK(items.length == 3);
  const auto* offsets = static_cast<const std::int64_t*>(items.buffers[1]);
  const auto* bytes = static_cast<const char*>(items.buffers[2]);
  CHECK(std::string(bytes, bytes + offsets[3]) == "missing_inputno_repeat_purchasesno_purchases");
}

TEST_CASE("columns of codes tell the names of their table") {
  const std::vector<std::int32_t> codes{2, 0, 1};
  const std::vector<std::int32_t> listed{1, 6, 2};
  const std::vector<std::int64_t> offsets{0, 2, 2, 3};
  arrow::table out;
  out.add_codes("outcome", codes, outcomes)
      .add_code_lists("outcomes", listed, offsets, outcomes)
      .add("score", std::vector<std::int32_t>{3, 0, 1}, arrow::zero_cells::are_null);
  auto source = opened(out);
  const auto batch = source.next();
  const auto names = arrow::import_text(batch->named("outcome"));
  CHECK(names.view[0] == "at_bound");
  CHECK_FALSE(names.view.is_valid(1));
  CHECK(names.view[2] == "converged");
  const auto score = arrow::import_numbers(batch->named("score"));
  CHECK(score.view[0] == 3);
  CHECK_FALSE(score.view.is_valid(1));
  const ArrowArray& lists = *batch->named("outcomes").array;
  const auto* ends = static_cast<const std::int64_t*>(lists.buffers[1]);
  CHECK(std::vector<std::int64_t>(ends, ends + 4) == offsets);
  const ArrowArray& items = *lists.children[0];
  const auto* bytes = static_cast<const char*>(items.buffers[2]);
  CHECK(std::string(bytes, bytes + 34) == "convergedinsufficient_dataat_bound");
}

TEST_CASE("a table can be exported again, and its streams outlive it") {
  ArrowArrayStream first{};
  ArrowArrayStream second{};
  {
    arrow::table out;
    out.add("a", std::vector<double>{1, 2});
    out.export_stream(&first);
    out.add("b", std::vector<double>{3, 4});
    out.export_stream(&second, 1);
  }
  arrow::stream one(&first);
  arrow::stream two(&second);
  CHECK(one.schema().n_children == 1);
  CHECK(two.schema().n_children == 2);
  CHECK(arrow::import_numbers(one.next()->named("a")).view[1] == 2);
  two.next();
  CHECK(arrow::import_numbers(two.next()->named("b")).view[0] == 4);
}

TEST_CASE("a column can be moved out of its batch and lives on") {
  ArrowArrayStream raw{};
  {
    arrow::table out;
    out.add("a", std::vector<double>{1, 2}).add("b", std::vector<double>{3, 4});
    out.export_stream(&raw);
  }
  ArrowArray batch{};
  REQUIRE(raw.get_next(&raw, &batch) == 0);
  arrow::owned<ArrowArray> child(batch.children[1]);
  CHECK((batch.children[1]->release == nullptr));
  batch.release(&batch);
  CHECK((batch.release == nullptr));
  raw.release(&raw);
  CHECK((raw.release == nullptr));
  CHECK(static_cast<const double*>(child->buffers[1])[1] == 4);
}

TEST_CASE("metadata comes back, the last value of a key counts") {
  arrow::table out;
  out.set_metadata("unit", "day").set_metadata("currency", "EUR").set_metadata("unit", "week");
  auto source = opened(out);
  CHECK(source.metadata("unit") == "week");
  CHECK(source.metadata("currency") == "EUR");
  CHECK_FALSE(source.metadata("end"));
}

TEST_CASE("a table without rows has a schema and no batch") {
  arrow::table out;
  out.add("a", std::vector<double>{});
  auto source = opened(out);
  CHECK(source.has_column("a"));
  CHECK_FALSE(source.next());
}
