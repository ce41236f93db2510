// The overview as an Arrow table: its columns, what is null, what the metadata say.
#include "kundenwert/overview/export.hpp"
#include "compiled.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "business.hpp"
#include "kundenwert/arrow/import.hpp"
#include "kundenwert/overview/overview.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t today = 20089;  // 2025-01-01

// The names in row i of a column of lists, with a comma after each.
std::string names_in(const arrow::field& f, std::int64_t i) {
  const ArrowArray& lists = *f.array;
  const auto* ends = static_cast<const std::int64_t*>(lists.buffers[1]);
  const ArrowArray& items = *lists.children[0];
  const auto* offsets = static_cast<const std::int64_t*>(items.buffers[1]);
  const auto* bytes = static_cast<const char*>(items.buffers[2]);
  std::string out;
  for (std::int64_t k = ends[i]; k < ends[i + 1]; ++k) {
    out += std::string(bytes + offsets[k], bytes + offsets[k + 1]) + ",";
  }
  return out;
}

}  // namespace

TEST_CASE("one row per customer, as Arrow") {
  one_customer cancelled{.id = 1};
  cancelled.under(today - 700, 20);
  cancelled.contracts[0].notice = today - 5;
  cancelled.contracts[0].end = today + 90;
  one_customer buyer{.id = 2, .consent = consent::no};
  buyer.bought(today - 40, 5).bought(today - 3, 6);
  const one_customer tomorrows{.id = 3, .created = today + 1};
  arrow::table table = export_overview(
      overview_of(base_of({cancelled, buyer, tomorrows}), {.as_of = today,
                                                           .unit = time_unit::month,
                                                           .horizon = 12,
                                                           .annual_discount_rate = 0.1,
                                                           .convention = value::clv_convention::mid_period,
                                                           .margin_rate = 0.3}));
  CHECK(table.columns() == 21);
  ArrowArrayStream raw{};
  table.export_stream(&raw);
  arrow::stream source(&raw);
  CHECK(source.metadata("kundenwert.as_of") == "2025-01-01");
  CHECK(source.metadata("kundenwert.unit") == "month");
  CHECK(source.metadata("kundenwert.horizon") == "12");
  CHECK(source.metadata("kundenwert.annual_discount_rate") == "0.1");
  CHECK(source.metadata("kundenwert.convention") == "mid_period");
  CHECK(source.metadata("kundenwert.basis") == "margin_rate");
  CHECK(source.metadata("kundenwert.margin_rate") == "0.3");
  CHECK(source.metadata("kundenwert.annual_retention_rate") == "1");
  CHECK(source.metadata("kundenwert.currency") == "EUR");
  CHECK_FALSE(source.metadata("kundenwert.model").has_value());
  CHECK_FALSE(source.metadata("kundenwert.spend").has_value());
  const auto batch = source.next();
  REQUIRE(batch.has_value());
  const auto text = [&](const char* column, std::int64_t i) {
    const auto values = arrow::import_text(batch->named(column));
    return values.view.is_valid(i) ? std::string(values.view[i]) : "null";
  };
  CHECK(text("phase", 0) == "endangered");
  CHECK(text("phase", 1) == "new");
  CHECK(text("phase", 2) == "null");
  CHECK(text("kind", 0) == "current");
  CHECK(text("task", 0) == "retention");
  CHECK(text("goal", 0) == "existing_care");
  CHECK(text("goal", 2) == "null");
  CHECK(text("value_basis", 0) == "contract");
  CHECK(text("value_basis", 1) == "null");
  CHECK(text("abc", 0) == "A");
  CHECK(text("abc", 2) == "null");
  CHECK(names_in(batch->named("risks"), 0) == "cancellation_notice,");
  CHECK(names_in(batch->named("risks"), 1).empty());
  CHECK(names_in(batch->named("suppressions"), 1) == "no_consent,");
  CHECK(names_in(batch->named("value_reasons"), 1) == "no_model,");
  // The voucher, the card and the newsletter promote: there is no consent.
  CHECK(names_in(batch->named("measures"), 1) == "welcome,delivery,assembly,");
  CHECK(names_in(batch->named("measures"), 2).empty());
  const auto score = arrow::import_numbers(batch->named("f_score"));
  CHECK_FALSE(score.view.is_valid(0));
  CHECK(score.view.is_valid(1));
  const auto last = arrow::import_days(batch->named("last_purchase"));
  CHECK_FALSE(last.view.is_valid(0));
  CHECK(last.view[1] == today - 3);
  CHECK(arrow::import_numbers(batch->named("purchase_days")).view[0] == 0);
  CHECK(arrow::import_numbers(batch->named("lifetime_value")).view.is_valid(0));
  CHECK_FALSE(arrow::import_numbers(batch->named("lifetime_value")).view.is_valid(1));
  CHECK_FALSE(source.next().has_value());
}

TEST_CASE("an overview of nobody is a table without rows") {
  const auto table = export_overview(overview_of(
      customer_base{}, {.as_of = today, .unit = time_unit::day, .horizon = 365, .annual_discount_rate = 0}));
  CHECK(table.rows() == 0);
  CHECK(table.columns() == 21);
}
