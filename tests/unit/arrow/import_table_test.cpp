#include "kundenwert/arrow/import_table.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kundenwert/model/nouns.hpp"
#include "unit/arrow/handmade.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

template <class T>
handmade_column plain(std::string name, std::string format, const std::vector<T>& values,
                      std::optional<byte_buffer> validity = std::nullopt) {
  handmade_column out;
  out.name = std::move(name);
  out.format = std::move(format);
  out.length = static_cast<std::int64_t>(values.size());
  out.null_count = validity ? -1 : 0;
  out.buffers = {std::move(validity), bytes_of(values)};
  return out;
}

handmade_column texts(std::string name, const std::vector<std::string>& values,
                      std::optional<byte_buffer> validity = std::nullopt) {
  handmade_column out;
  out.name = std::move(name);
  out.format = "u";
  out.length = static_cast<std::int64_t>(values.size());
  out.null_count = validity ? -1 : 0;
  std::vector<std::int32_t> offsets{0};
  std::string bytes;
  for (const auto& value : values) {
    bytes += value;
    offsets.push_back(static_cast<std::int32_t>(bytes.size()));
  }
  out.buffers = {std::move(validity), bytes_of(offsets), bytes_of(bytes)};
  return out;
}

handmade_column dictionary(std::string name, const std::vector<std::int8_t>& indices,
                           const std::vector<std::string>& values) {
  handmade_column out = plain(std::move(name), "c", indices);
  out.dictionary = std::make_shared<handmade_column>(texts("", values));
  return out;
}

using ids = std::vector<std::int64_t>;
using days = std::vector<std::int32_t>;

struct table {
  release_counts counts;
  std::vector<handmade_batch> batches;

  explicit table(std::vector<handmade_column> columns) { add(std::move(columns)); }
  void add(std::vector<handmade_column> columns) {
    const std::int64_t rows = columns.front().length;
    batches.push_back({std::move(columns), rows});
  }

  // Hands the batches to consume(columns, first_row); everything taken is released in the end.
  template <class Columns, class Consume>
  void read(const arrow::table_options& options, Consume&& consume) {
    ArrowArrayStream raw = handmade_stream(batches, counts);
    try {
      arrow::stream source(&raw);
      arrow::import_table<Columns>(source, options, consume);
    } catch (...) {
      check_released();
      throw;
    }
    check_released();
  }
  void check_released() const {
    CHECK(counts.schemas_made == counts.schemas_released);
    CHECK(counts.arrays_made == counts.arrays_released);
  }

  template <class Columns>
  void refused(const arrow::table_options& options, error_code code, std::string_view argument, std::int64_t row) {
    try {
      read<Columns>(options, [](const Columns&, std::int64_t) {});
      FAIL_CHECK("no error in " << argument);
    } catch (const error& e) {
      CHECK(name_of(e.code()) == name_of(code));
      CHECK(e.argument() == argument);
      CHECK(e.row() == row);
    }
  }
};

std::vector<std::int32_t> values_of(const column<std::int32_t>& c) {
  std::vector<std::int32_t> out;
  for (std::int64_t i = 0; i < c.size(); ++i) out.push_back(c.is_valid(i) ? c[i] : -9);
  return out;
}

}  // namespace

TEST_CASE("import table: contracts under their canonical names, columns of others left alone") {
  table source({plain("customer_id", "l", ids{7, 8}), plain("note", "l", ids{0, 0}),
                plain("start", "tdD", days{100, 200}), texts("planned_end", {"2024-02-29", ""}, byte_buffer{1}),
                dictionary("renewal", {1, 0}, {"AUTO", "manual"}),
                plain("recurring_amount", "g", std::vector<double>{9.99, 20})});
  int batches = 0;
  source.read<contract_columns>({}, [&](const contract_columns& c, std::int64_t first_row) {
    ++batches;
    CHECK(first_row == 0);
    require_contract_columns(c);
    const contract first = contract_at(c, 0);
    CHECK(first.start == 100);
    CHECK(first.planned_end == 19782);  // 2024-02-29; the domain specification has 2024-03-01 = 19783
    CHECK(first.renewal == renewal::manual);
    CHECK(first.recurring_amount == 9.99);
    CHECK(contract_at(c, 1).planned_end == no_day);
    CHECK(contract_at(c, 1).renewal == renewal::automatic);
    CHECK(c.end.empty());
  });
  CHECK(batches == 1);
}

TEST_CASE("import table: an empty text is no id where the id may be missing") {
  table source({texts("customer_id", {"a", ""}), texts("cost_id", {"", "x"}), plain("date", "tdD", days{1, 2}),
                texts("head", {"service", "care"}), plain("amount", "g", std::vector<double>{1, 2})});
  source.read<cost_columns>({}, [&](const cost_columns& c, std::int64_t) {
    CHECK(is_valid(c.customer_id, 0));
    CHECK_FALSE(is_valid(c.customer_id, 1));
    CHECK_FALSE(is_valid(c.cost_id, 0));
    CHECK(std::get<text_column>(c.cost_id)[1] == "x");
  });
  table required({texts("customer_id", {"a", ""}), plain("date", "tdD", days{1, 2})});
  required.read<contact_columns>({}, [&](const contact_columns& c, std::int64_t) {
    CHECK(is_valid(c.customer_id, 1));
    CHECK_THROWS_AS(contact_at(c, 1), error);
  });
}

TEST_CASE("import table: usual names, names of their own, and text ids") {
  table source({texts("Kundennummer", {"a", "b"}), texts("Datum", {"20240229", "20240301"}),
                texts("Richtung", {"eingehend", "OUTBOUND"}), texts("what", {"Win-Back", ""})});
  arrow::table_options options;
  options.names = {.names = {{"purpose", "what"}}, .usual_names = true};
  options.days.text_format = date_format::compact;
  source.read<contact_columns>(options, [&](const contact_columns& c, std::int64_t) {
    CHECK(std::get<text_column>(c.customer_id)[1] == "b");
    CHECK(values_of(c.day) == days{19782, 19783});
    CHECK(values_of(c.direction) == days{1, 2});
    CHECK(values_of(c.purpose) == days{static_cast<int>(purpose::win_back), 0});
    CHECK(contact_at(c, 1).direction == direction::out);
  });
}

TEST_CASE("import table: codes as every type they come in") {
  const field_fact fact = facts_of<customer_columns>[3];
  CHECK(fact.name == "consent");
  const auto read = [&](handmade_column c) {
    c.name = "consent";
    std::vector<std::int32_t> out;
    const ids customers{1, 2, 3};
    table({plain("customer_id", "l", customers), c}).read<customer_columns>({}, [&](const auto& columns, auto) {
      out = values_of(columns.consent);
    });
    return out;
  };
  CHECK(read(plain("", "i", days{1, 0, 3})) == days{1, 0, 3});
  CHECK(read(plain("", "c", std::vector<std::int8_t>{1, -5, 3}, byte_buffer{3})) == days{1, no_code, -9});
  CHECK(read(plain("", "L", std::vector<std::uint64_t>{1, UINT64_MAX, 3})) == days{1, no_code, 3});
  CHECK(read(plain("", "g", std::vector<double>{1, not_available, 1.5})) == days{1, 0, no_code});
  CHECK(read(plain("", "f", std::vector<float>{1, 2, 1e20F})) == days{1, 2, no_code});
}

TEST_CASE("import table: bool codes by the names true and false") {
  handmade_column flags = plain("consent", "b", std::vector<std::uint8_t>{5});
  flags.length = 3;
  table source({plain("customer_id", "l", ids{1, 2, 3}), flags});
  source.read<customer_columns>({}, [](const customer_columns& c, std::int64_t) {
    CHECK(values_of(c.consent) == days{1, 2, 1});
  });
}

TEST_CASE("import table: decimals of transactions stay exact") {
  table source({plain("customer_id", "l", ids{1}), plain("date", "tdD", days{100}),
                plain("amount", "d:18,3,64", ids{12345}), plain("variable_cost", "d:18,2,64", ids{250})});
  source.read<transaction_columns>({}, [](const transaction_columns& c, std::int64_t) {
    CHECK(c.amount.empty());
    CHECK(c.amount_minor[0] == 12345);
    CHECK(c.minor_exponent == 3);
    CHECK(c.variable_cost[0] == 2.5);
    require_columns(c);
  });
}

TEST_CASE("import table: errors name table, canonical column and the row over all batches") {
  const auto first = [](std::string code) {
    return std::vector<handmade_column>{plain("customer_id", "l", ids{1, 2}), plain("von", "tdD", days{100, 100}),
                                        texts("renewal", {"auto", std::move(code)})};
  };
  arrow::table_options options;
  options.names.names = {{"start", "von"}};
  table source(first("auto"));
  source.add(first("never"));
  source.refused<contract_columns>(options, error_code::unknown_code, "contracts.renewal", 3);
  options.days.keep_unreadable = true;
  std::vector<std::int32_t> codes;
  source.read<contract_columns>(options, [&](const contract_columns& c, std::int64_t first_row) {
    if (first_row == 2) codes = values_of(c.renewal);
  });
  CHECK(codes == days{1, no_code});

  table(first("auto")).refused<contract_columns>({}, error_code::column_missing, "contracts.start", no_row);
  options.names.names = {{"start", "from"}};
  table(first("auto")).refused<contract_columns>(options, error_code::column_missing, "contracts.start", no_row);
  options.names.names = {{"begin", "von"}};
  table(first("auto")).refused<contract_columns>(options, error_code::unknown_code, "contracts.begin", no_row);
  table({plain("customer_id", "l", ids{1}), plain("start", "g", std::vector<double>{1})})
      .refused<contract_columns>({}, error_code::wrong_type, "contracts.start", no_row);
  table({plain("customer_id", "l", ids{1, 2}), texts("start", {"2024-02-29", "2023-02-29"})})
      .refused<contract_columns>({}, error_code::date_invalid, "contracts.start", 1);
  table({plain("customer_id", "l", ids{1}), plain("start", "tdD", days{1}), plain("renewal", "tdD", days{1})})
      .refused<contract_columns>({}, error_code::wrong_type, "contracts.renewal", no_row);
}
