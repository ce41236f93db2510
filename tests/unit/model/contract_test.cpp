#include "kundenwert/model/contract.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

using namespace kundenwert;

TEST_CASE("contract: defaults of what is not known") {
  const std::vector<std::int64_t> ids{7};
  const std::vector<std::int32_t> start{100};
  contract_columns columns;
  columns.customer_id = column<std::int64_t>(ids);
  columns.start = start;
  const contract c = contract_at(columns, 0);
  CHECK(c.start == 100);
  CHECK(c.signed_on == 100);
  CHECK(c.planned_end == no_day);
  CHECK(c.end == no_day);
  CHECK(c.notice == no_day);
  CHECK(c.renewal == renewal::automatic);
  CHECK(c.period == contract_period::month);
  CHECK(std::isnan(c.recurring_amount));
}

TEST_CASE("contract: a row with everything") {
  const std::vector<std::int64_t> ids{7};
  const std::vector<std::int32_t> start{100}, signed_on{90}, planned{465}, end{400}, notice{100}, manual{2}, year{4};
  const std::vector<double> amount{120};
  contract_columns columns;
  columns.customer_id = column<std::int64_t>(ids);
  columns.start = start;
  columns.signed_on = signed_on;
  columns.planned_end = planned;
  columns.end = end;
  columns.notice = notice;
  columns.renewal = manual;
  columns.period = year;
  columns.recurring_amount = amount;
  const contract c = contract_at(columns, 0);
  CHECK(c.signed_on == 90);
  CHECK(c.planned_end == 465);
  CHECK(c.end == 400);
  CHECK(c.notice == 100);
  CHECK(c.renewal == renewal::manual);
  CHECK(months_of(c.period) == 12);
  CHECK(c.recurring_amount == 120);
}

// Domain specification B4.1: the effective end at t never looks ahead.
TEST_CASE("contract: the end as it is known on a day") {
  contract c;
  c.start = 0;
  CHECK(c.effective_end(1000) == no_day);
  c.planned_end = 365;
  CHECK(c.effective_end(100) == no_day);  // automatic renewal
  c.renewal = renewal::manual;
  CHECK(c.effective_end(100) == 365);
  c.end = 300;
  CHECK(c.effective_end(299) == 365);  // not known before
  CHECK(c.effective_end(300) == 300);
  c.notice = 200;
  CHECK(c.effective_end(199) == 365);
  CHECK(c.effective_end(200) == 300);
  c.end = no_day;
  CHECK(c.effective_end(200) == 365);
  CHECK(c.is_active(364));
  CHECK_FALSE(c.is_active(365));
  CHECK_FALSE(c.is_active(-1));
}
