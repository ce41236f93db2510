#include "kundenwert/numeric/agreement.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::numeric;

namespace {
using numbers = std::vector<double>;

template <class Call>
error error_of(Call&& call) {
  try {
    call();
  } catch (const error& e) {
    return e;
  }
  FAIL("no error");
  return {error_code::internal, "", no_row, ""};
}
}  // namespace

TEST_CASE("agreement: Spearman without ties is 1 - 6 sum d^2 / (n (n^2 - 1))") {
  const numbers truth{10, 20, 30, 40, 50, 60, 70};
  const numbers estimate{2, 1, 4, 3, 7, 5, 6};
  // d = 1 1 1 1 2 1 1: 1 - 6 * 10 / (7 * 48).
  CHECK_NEAR(rank_correlation(truth, estimate), 1 - 60.0 / 336.0, 4e-16, 0);
  CHECK(rank_correlation(truth, truth) == 1);
  numbers reversed(truth.rbegin(), truth.rend());
  CHECK(rank_correlation(truth, reversed) == -1);
}

TEST_CASE("agreement: ties get mean ranks") {
  // Ranks 1.5 1.5 3 4 and 1 2.5 2.5 4: sums of products 3.75 and squares 4.5, 4.5 about the mean 2.5, by hand.
  CHECK_NEAR(rank_correlation(numbers{5, 5, 6, 7}, numbers{1, 2, 2, 3}), 3.75 / 4.5, 4e-16, 0);
  // Any rising change of a column leaves the ranks as they are.
  CHECK(rank_correlation(numbers{5, 5, 6, 7}, numbers{1, 4, 4, 9}) ==
        rank_correlation(numbers{5, 5, 6, 7}, numbers{1, 2, 2, 3}));
}

TEST_CASE("agreement: where it is not defined") {
  CHECK(std::isnan(rank_correlation(numbers{}, numbers{})));
  CHECK(std::isnan(rank_correlation(numbers{1}, numbers{1})));
  CHECK(std::isnan(rank_correlation(numbers{1, 2}, numbers{3, 3})));
  CHECK(std::isnan(top_hits(numbers{}, numbers{}, 0.1)));
}

TEST_CASE("agreement: the best that are found") {
  const numbers truth{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const numbers estimate{1, 2, 3, 4, 5, 6, 10, 9, 7, 8};
  CHECK(top_hits(truth, estimate, 0.1) == 0);
  CHECK(top_hits(truth, estimate, 0.2) == 0);
  CHECK(top_hits(truth, estimate, 0.3) == 2.0 / 3.0);
  CHECK(top_hits(truth, estimate, 0.4) == 1);
  CHECK(top_hits(truth, truth, 0.05) == 1);
  CHECK(top_hits(numbers{1, 1}, numbers{2, 2}, 0.5) == 1);  // of equals the earlier row
}

TEST_CASE("agreement: what is refused") {
  const numbers two{1, 2};
  CHECK(error_of([&] { rank_correlation(two, numbers{1}); }).code() == error_code::length_mismatch);
  const error missing = error_of([&] { top_hits(two, numbers{1, not_available}, 0.5); });
  CHECK(missing.code() == error_code::missing);
  CHECK(missing.argument() == "estimate");
  CHECK(missing.row() == 1);
  for (const double share : {0.0, -1.0, 1.5, not_available}) {
    CHECK(error_of([&] { top_hits(two, two, share); }).argument() == "share");
  }
}
