// Worked numbers of the domain specification B2.1.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kundenwert/numeric/interval.hpp"
#include "kundenwert/retention/rates.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::retention;

namespace {

// The specification prints six digits after the point.
constexpr double printed = 5.01e-7;

}  // namespace

TEST_CASE("wilson interval (B2.1)") {
  const numeric::interval six = numeric::wilson_interval(6, 10);
  CHECK_NEAR(six.lower, 0.312674, 0, printed);
  CHECK_NEAR(six.upper, 0.831820, 0, printed);
  const numeric::interval none = numeric::wilson_interval(0, 10);
  CHECK(none.lower == 0);
  CHECK_NEAR(none.upper, 0.277533, 0, printed);
  const numeric::interval all = numeric::wilson_interval(10, 10);
  CHECK_NEAR(all.lower, 1 - 0.277533, 0, printed);
  CHECK(all.upper == 1);
  const numeric::interval many = numeric::wilson_interval(260, 400);
  CHECK_NEAR(many.lower, 0.602032, 0, printed);
  CHECK_NEAR(many.upper, 0.695114, 0, printed);
}

TEST_CASE("retention rate from a balance: S = 1000, E = 1050, N = 200 (B2.1)") {
  const retention_rate found = retention_of_balance({.at_start = 1000, .at_end = 1050, .joined = 200});
  CHECK(found.rate == 0.85);
  CHECK_NEAR(found.churn_rate(), 0.15, 1e-15, 0);
  CHECK(found.retained == 850);
  CHECK(found.lost == 150);
  CHECK(found.joined == 200);
  CHECK(found.at_end() == 1050);
  CHECK(found.reason == reason::none);
}

TEST_CASE("retention rate: nobody there at the start (B2.1)") {
  const retention_rate found = retention_of_counts({.joined = 5, .returned = 1});
  CHECK(std::isnan(found.rate));
  CHECK(std::isnan(found.lower));
  CHECK(std::isnan(found.upper));
  CHECK(std::isnan(found.churn_rate()));
  CHECK(found.reason == reason::total_not_positive);
  CHECK(found.at_end() == 6);
  CHECK(retention_of_balance({.at_start = 0, .at_end = 3, .joined = 3}).reason == reason::total_not_positive);
}

TEST_CASE("retention rate from passages: regained are neither retained nor new (B2.1)") {
  // One regained and one lost of ten who were there; one joined, two returned, one who never was.
  const std::vector<std::int32_t> passages{1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 5, 0};
  const retention_rate found = retention_of_passages(passages, {.from = 19000, .to = 19365});
  CHECK(found.from == 19000);
  CHECK(found.to == 19365);
  CHECK(found.at_start == 10);
  CHECK(found.retained == 8);
  CHECK(found.regained == 1);
  CHECK(found.lost == 1);
  CHECK(found.joined == 1);
  CHECK(found.returned == 2);
  CHECK(found.at_end() == 12);
  CHECK(found.rate == 0.8);
  CHECK(found.confidence == 0.95);
  CHECK(found.lower == numeric::wilson_interval(8, 10).lower);
  CHECK(found.upper == numeric::wilson_interval(8, 10).upper);
}
