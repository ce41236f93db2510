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

TEST_CASE("normalized Gini coefficient") {
  using numeric::normalized_gini;
  const std::vector<double> truth{0, 3, 1, 0, 6};
  CHECK(normalized_gini(truth, truth) == 1);
  // google/lifetime_value, metrics.py: gains of the truth .6 .9 1 1 1, of the reversed order 0 0 .1 .4 1 (equal ones
  // between 0 and 0).
  const std::vector<double> reversed{9, 2, 3, 9, 1};
  CHECK_NEAR(normalized_gini(truth, reversed), (2 * 1.5 / 5 - 1) / (2 * 4.5 / 5 - 1), 1e-14, 0);
  // Equal estimates: everybody has the mean, gains .2 .4 .6 .8 1.
  CHECK_NEAR(normalized_gini(truth, std::vector<double>(5, 7.0)), (2 * 3.0 / 5 - 1) / (2 * 4.5 / 5 - 1), 1e-14, 0);
  CHECK(std::isnan(normalized_gini({}, {})));
  const std::vector<double> same{2, 2};
  const std::vector<double> none{0, 0};
  CHECK(std::isnan(normalized_gini(same, same)));
  CHECK(std::isnan(normalized_gini(none, same)));
  const std::vector<double> negative{1, -1};
  try {
    normalized_gini(negative, same);
    FAIL_CHECK("no error");
  } catch (const error& e) {
    CHECK(e.code() == error_code::sign);
    CHECK(e.argument() == "truth");
    CHECK(e.row() == 1);
  }
}
