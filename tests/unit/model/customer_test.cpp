#include "kundenwert/model/customer.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

using namespace kundenwert;

TEST_CASE("customer: a row, and defaults of what is not known") {
  const std::vector<std::int64_t> ids{7, 8};
  customer_columns columns;
  columns.customer_id = column<std::int64_t>(ids);
  CHECK(columns.size() == 2);
  const customer bare = customer_at(columns, 1);
  CHECK(bare.created == no_day);
  CHECK(bare.status == customer_status::active);
  CHECK(bare.consent == consent::unknown);
  const std::vector<std::int32_t> created{100, 200};
  const std::vector<std::int32_t> statuses{0, 2};
  const std::vector<std::int32_t> consents_given{1, 2};
  columns.created = created;
  columns.status = statuses;
  columns.consent = consents_given;
  CHECK(customer_at(columns, 0).status == customer_status::active);
  CHECK(customer_at(columns, 0).consent == consent::yes);
  CHECK(customer_at(columns, 1).created == 200);
  CHECK(customer_at(columns, 1).status == customer_status::excluded);
}

TEST_CASE("customer: cycles of references") {
  using rows = std::vector<std::int64_t>;
  CHECK(smallest_in_cycle(rows{}) == no_row);
  CHECK(smallest_in_cycle(rows{no_row, 0, 1, 1}) == no_row);
  CHECK(smallest_in_cycle(rows{1, 2, 3, 2}) == 2);  // a chain that leads into a cycle is not in it
  CHECK(smallest_in_cycle(rows{no_row, 2, 1}) == 1);
  CHECK(smallest_in_cycle(rows{no_row, no_row, 2}) == 2);
  CHECK(smallest_in_cycle(rows{4, 3, no_row, 1, 0}) == 0);  // of several the one with the smallest row
  rows chain(100'000);
  for (std::size_t i = 0; i < chain.size(); ++i) chain[i] = static_cast<std::int64_t>(i) - 1;
  CHECK(smallest_in_cycle(chain) == no_row);
  chain[0] = static_cast<std::int64_t>(chain.size()) - 1;
  CHECK(smallest_in_cycle(chain) == 0);
}

TEST_CASE("customer: referrers who are no row of the table end a chain") {
  const std::vector<std::int64_t> ids{7, 8, 9};
  const std::vector<std::int64_t> referrers{100, 7, 8};
  require_no_referral_cycle(column<std::int64_t>(ids), column<std::int64_t>(referrers));
  require_no_referral_cycle(column<std::int64_t>(ids), {});
}
