// Every check of opportunities and regularity: code and argument.
#include <doctest/doctest.h>

#include "check_error.hpp"
#include "kundenwert/ingest/opportunities.hpp"
#include "kundenwert/ingest/regularity.hpp"
#include "transaction_log.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

namespace {

constexpr std::int32_t new_year = day_of(2024, 1, 1);

accumulator small_log() {
  accumulator a;
  a.add(transaction_log({{1, new_year, 1}, {1, new_year + 40, 1}}).columns());
  return a;
}

void check_refused(const opportunity_options& options, error_code code, std::string_view argument) {
  check_error([&] { summarize_opportunities(small_log(), options); }, code, argument);
}

}  // namespace

TEST_CASE("opportunities need a period that is a unit of time, and dates with whole periods between them") {
  check_refused({.each = period::quarter, .end = new_year + 400}, error_code::unsupported, "each");
  check_refused({.each = static_cast<period>(9), .end = new_year + 400}, error_code::unknown_code, "each");
  check_refused({.each = period::year}, error_code::missing, "end");
  check_refused({.each = period::year, .end = latest_day + 1}, error_code::date_range, "end");
  check_refused({.each = period::year, .end = new_year, .start = new_year + 1}, error_code::date_order, "start");
  check_refused({.each = period::year, .end = new_year, .holdout_end = new_year}, error_code::date_order,
                "holdout_end");
  // 2024 is not over, and what is before it is before the start; the domain itself begins in 1900.
  check_refused({.each = period::year, .end = new_year + 100, .start = new_year}, error_code::date_order, "end");
  check_refused({.each = period::year, .end = earliest_day + 100}, error_code::date_order, "end");
  check_refused({.each = period::month, .end = new_year + 30, .holdout_end = new_year + 50}, error_code::date_order,
                "holdout_end");
}

TEST_CASE("opportunities and regularity need the days that exact mode keeps, and can be cancelled") {
  const accumulator ordered({.mode = accumulation::ordered, .dates = {.end = new_year}});
  check_error([&] { summarize_opportunities(ordered, {.end = new_year}); }, error_code::mode_mismatch, "mode");
  check_error([&] { regularity_of(ordered, {.end = new_year}); }, error_code::mode_mismatch, "mode");
  const progress never{[](void*, double) { return false; }, nullptr};
  check_error([&] { summarize_opportunities(small_log(), {.each = period::month, .end = new_year, .watch = never}); },
              error_code::cancelled, "progress");
  check_error([&] { regularity_of(small_log(), {.end = new_year, .watch = never}); }, error_code::cancelled,
              "progress");
}

TEST_CASE("opportunities refuse a log of which too many rows were rejected") {
  accumulator a({.rows = row_mode::collect});
  a.add(transaction_log({{1, latest_day + 1, 1}, {1, new_year, 1}}).columns());
  check_error([&] { summarize_opportunities(a, {.end = new_year + 400}); }, error_code::rejected_share,
              "rejected_limit");
}

TEST_CASE("regularity needs dates and at least two pairs") {
  check_error([] { regularity_of(small_log(), {}); }, error_code::missing, "end");
  check_error([] { regularity_of(small_log(), {.end = 0, .start = 1}); }, error_code::date_order, "start");
  check_error([] { regularity_of(small_log(), {.end = new_year, .fewest_pairs = 1}); }, error_code::domain,
              "fewest_pairs");
  check_error([] { regularity_of(customer_base{}, {}); }, error_code::missing, "end");
}
