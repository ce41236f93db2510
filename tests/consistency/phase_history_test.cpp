// Property (f) of the domain specification B4.3: the phases at month ends give the transition matrix.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kundenwert/lifecycle/phase_history.hpp"
#include "near.hpp"
#include "random_base.hpp"

using namespace kundenwert;
using namespace kundenwert::lifecycle;

namespace {

const std::int32_t from = day_of({2023, 12, 15});
const std::int32_t to = day_of({2025, 1, 30});

}  // namespace

TEST_CASE("phase history (f): each month end is the phase of that day, for any number of threads") {
  const test::random_base made(11, 3000, to);
  const phase_history history = phase_history_of(made.base, from, to);
  REQUIRE(history.days.size() == 13);
  CHECK(history.days.front() == day_of({2023, 12, 31}));
  CHECK(history.days[2] == day_of({2024, 2, 29}));
  CHECK(history.days.back() == day_of({2024, 12, 31}));
  CHECK(history.codes == phase_history_of(made.base, from, to, {}, 4).codes);
  for (std::size_t k = 0; k < history.days.size(); ++k) {
    const auto found = classify_phases(made.base, history.days[k]);
    for (std::int64_t i = 0; i < made.base.size(); ++i) {
      REQUIRE(history.at(i, static_cast<std::int64_t>(k)) == found[static_cast<std::size_t>(i)].phase);
    }
  }
}

TEST_CASE("phase history (f): steps add up to the customers of both month ends, shares of a row to one") {
  const test::random_base made(12, 3000, to);
  const phase_history history = phase_history_of(made.base, from, to);
  const auto months = static_cast<std::int64_t>(history.days.size());
  const phase_transitions all = transitions_of(history);
  std::int64_t steps = 0;
  for (std::size_t i = 0; i <= phases.size(); ++i) {
    const auto p = static_cast<phase>(i);
    std::int64_t leaving = 0;
    std::int64_t arriving = 0;
    std::int64_t column = 0;
    std::int64_t of_months = 0;
    double shares = 0;
    for (std::int64_t c = 0; c < history.customers; ++c) {
      for (std::int64_t k = 0; k < months; ++k) {
        leaving += k + 1 < months && history.at(c, k) == p ? 1 : 0;
        arriving += k > 0 && history.at(c, k) == p ? 1 : 0;
      }
    }
    for (std::size_t j = 0; j <= phases.size(); ++j) {
      const auto q = static_cast<phase>(j);
      column += all.count(q, p);
      shares += all.share(p, q);
      for (std::int64_t k = 0; k + 1 < months; ++k) of_months += transitions_after(history, k).count(p, q);
    }
    CHECK(all.row_total(p) == leaving);
    CHECK(of_months == leaving);
    CHECK(column == arriving);
    // Eleven shares, each rounded once.
    if (leaving > 0) CHECK_NEAR(shares, 1, 2e-15, 0);
    if (leaving == 0) CHECK(std::isnan(all.share(p, p)));
    steps += leaving;
    // Nobody becomes unknown.
    if (p != phase{}) CHECK(all.count(p, phase{}) == 0);
  }
  CHECK(steps == history.customers * (months - 1));
}

TEST_CASE("phase history: one customer, month by month") {
  // One purchase: new up to day 90, then development, inactive from day 181 on, lost from day 361 on.
  customer_base base;
  base.ids.numbers = {1};
  base.purchases.offsets = {0, 1};
  base.purchases.events = {{day_of({2023, 1, 31}), no_day, 1, 1}};
  const phase_history history = phase_history_of(base, day_of({2022, 12, 1}), day_of({2024, 2, 29}));
  const auto n = phase::new_;
  const auto d = phase::development;
  const auto e = phase::endangered;
  // The month ends from 2022-12-31 on: 2023-04-30 is 89, 2023-05-31 120, 2023-06-30 150, 2023-07-31 181, 2023-12-31 334
  // and 2024-01-31 365 days after the purchase.
  const std::vector<phase> expected{phase{}, n, n, n, n, d, d, e, e, e, e, e, e, phase::lost, phase::lost};
  REQUIRE(history.days.size() == expected.size());
  std::vector<phase> found;
  for (std::size_t k = 0; k < expected.size(); ++k) found.push_back(history.at(0, static_cast<std::int64_t>(k)));
  CHECK(found == expected);
  const phase_transitions steps = transitions_of(history);
  CHECK(steps.count(phase{}, n) == 1);
  CHECK(steps.share(d, e) == 0.5);
}
