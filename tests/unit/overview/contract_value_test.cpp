// Payments, passages and periods of single contracts, found by counting on a calendar.
#include "kundenwert/overview/contract_value.hpp"
#include "compiled.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "near.hpp"

using namespace kundenwert;
using lifecycle::passage;

namespace {

std::int32_t day(std::int32_t year, std::int32_t month, std::int32_t day_of_month) {
  return day_of({year, month, day_of_month});
}

contract from_to(std::int32_t start, std::int32_t end = no_day) {
  contract c;
  c.start = c.signed_on = start;
  c.end = end;
  c.recurring_amount = 10;
  return c;
}

}  // namespace

TEST_CASE("payments are due at the begin of each calendar period from the start on") {
  // The 31st: 2024-01-31, 02-29, 03-31, 04-30.
  contract c = from_to(day(2024, 1, 31));
  const std::int32_t as_of = day(2024, 4, 30);
  CHECK(payments_between(c, c.start - 1, as_of, as_of) == 4);
  CHECK(payments_between(c, c.start, as_of, as_of) == 3);
  CHECK(payments_between(c, day(2024, 2, 29), day(2024, 4, 29), as_of) == 1);
  CHECK(payments_between(c, day(2023, 1, 1), day(2024, 1, 30), as_of) == 0);
  // The end is exclusive: nothing is paid on it.
  c.end = day(2024, 3, 31);
  CHECK(payments_between(c, c.start - 1, as_of, as_of) == 2);
  // It is not known before.
  CHECK(payments_between(c, c.start - 1, day(2024, 3, 31), day(2024, 3, 30)) == 3);
  c.period = contract_period::quarter;
  CHECK(payments_between(c, c.start - 1, as_of, as_of) == 1);
}

TEST_CASE("periods to the horizon, or to an end that is known") {
  const contract_terms terms{day(2024, 5, 1), 12, 0.1, 0.9, value::clv_convention::first_margin_now};
  contract c = from_to(day(2024, 1, 1));
  CHECK(periods_ahead(c, terms) == 12);
  c.period = contract_period::year;
  CHECK(periods_ahead(c, terms) == 1);
  c.period = contract_period::quarter;
  c.notice = day(2024, 4, 20);
  CHECK(periods_ahead(c, terms) == 4);  // noticed, but no end is stated
  c.end = day(2024, 8, 1);
  CHECK(periods_ahead(c, terms) == 1);
  c.notice = day(2024, 5, 2);
  CHECK(periods_ahead(c, terms) == 4);  // tomorrow's notice
  c.end = c.notice = no_day;
  c.planned_end = day(2024, 6, 16);
  CHECK(periods_ahead(c, terms) == 4);  // goes on by itself
  c.renewal = renewal::manual;
  CHECK_NEAR(periods_ahead(c, terms), 0.5, 1e-15, 0);  // a month, and 15 of the 30 days from June 1st
}

TEST_CASE("the value of a unit a period") {
  // Two months and a half at r = 1, d = 0: two payments and a half.
  contract_terms terms{day(2024, 5, 1), 12, 0, 1, value::clv_convention::first_margin_now};
  CHECK(contract_factor(contract_period::month, 2.5, terms) == 2.5);
  CHECK(contract_factor(contract_period::month, 0, terms) == 0);
  // Years at 10 % and r = .8: domain specification B1.2, N = 5, m = 1.
  terms.annual_discount_rate = 0.1;
  terms.annual_retention_rate = 0.8;
  CHECK_NEAR(contract_factor(contract_period::year, 5, terms), 2.92063384, 1e-8, 0);
  terms.convention = value::clv_convention::end_of_period;
  CHECK_NEAR(contract_factor(contract_period::year, 5, terms), 2.65512167, 1e-8, 0);
}

TEST_CASE("passages from contract to contract") {
  const std::int32_t from = day(2024, 1, 1);
  const std::int32_t to = day(2025, 1, 1);
  const auto of = [&](const std::vector<contract>& contracts) { return contract_passage(contracts, from, to, 30); };
  CHECK(of({}) == passage::none);
  CHECK(of({from_to(day(2024, 1, 2))}) == passage::joined);
  CHECK(of({from_to(day(2024, 1, 2), to)}) == passage::none);
  CHECK(of({from_to(day(2020, 1, 1), from), from_to(day(2024, 5, 1))}) == passage::returned);
  CHECK(of({from_to(day(2020, 1, 1), from)}) == passage::none);
  CHECK(of({from_to(from)}) == passage::retained);
  CHECK(of({from_to(from, to)}) == passage::lost);
  CHECK(of({from_to(from, day(2025, 1, 2))}) == passage::retained);
  CHECK(of({from_to(from, day(2024, 6, 1)), from_to(day(2024, 7, 1))}) == passage::retained);  // 30 days between
  CHECK(of({from_to(from, day(2024, 6, 1)), from_to(day(2024, 7, 2))}) == passage::regained);
  CHECK(of({from_to(from, day(2024, 6, 1)), from_to(day(2024, 7, 2), day(2024, 9, 1))}) == passage::lost);
  // Another contract covers the gap.
  CHECK(of({from_to(from, day(2024, 6, 1)), from_to(day(2024, 2, 1), day(2024, 8, 1)), from_to(day(2024, 8, 31))}) ==
        passage::retained);
}
