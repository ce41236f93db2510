#include "kundenwert/portfolio/rfm_cells.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace kundenwert;
using namespace kundenwert::portfolio;

TEST_CASE("rfm cells: codes keep apart what the combined score does not") {
  const rfm_score a{5, 10, 1};
  const rfm_score b{6, 0, 1};
  CHECK(combined_score(a) == 601);
  CHECK(combined_score(a) == 600 + 1);
  CHECK(100 * b.r + 10 * b.f + b.m == 601);
  CHECK(cell_code(a) == "5-10-1");
  CHECK(cell_code({}).empty());
  CHECK(std::isnan(combined_score({})));
  CHECK(combined_score({4, 3, 2}, {.r = 0.5, .f = 0.3, .m = 0.2}) == doctest::Approx(3.3));
}

TEST_CASE("rfm cells: occupied cells and the combined column") {
  const std::vector<double> days{1, 1, 9, 9, 0};
  const std::vector<double> purchases{2, 2, 1, 1, 0};
  const std::vector<double> revenue{7, 7, 3, 3, 0};
  const rfm_result result = classify_rfm({days, purchases, revenue}, {.r_classes = 2, .f_classes = 2, .m_classes = 2});
  const auto cells = occupied_cells(result);
  REQUIRE(cells.size() == 2);
  CHECK(cells[0].score == rfm_score{1, 1, 1});
  CHECK(cells[0].count == 2);
  CHECK(cells[1].score == rfm_score{2, 2, 2});
  CHECK(cells[1].count == 2);
  const auto combined = combined_scores(result);
  CHECK(combined[0] == 222);
  CHECK(combined[2] == 111);
  CHECK(std::isnan(combined[4]));
}
