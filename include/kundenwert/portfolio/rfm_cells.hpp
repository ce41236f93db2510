// Cells of RFM scores: their code, one number for sorting, and how many customers each cell holds.
//
// References: the project's domain specification B3.3.
//
// term           | name here      | unit | domain
// cell           | rfm_score      |      | r, f, m, each 1 to 100; 0 without score
// code           | cell_code      | text | "R-F-M"
// combined score | combined_score |      | 100 R + 10 F + M unless weighted otherwise; NaN without score
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/portfolio/rfm.hpp"

namespace kundenwert::portfolio {

// "5-10-1"; empty without score. Unlike a number it keeps apart what 100 R + 10 F + M does not (5,10,1 and 6,0,1).
std::string cell_code(const rfm_score& score);

struct rfm_weights {
  double r = 100;
  double f = 10;
  double m = 1;
};

// Weighted sum of the scores; NaN without score. The default weights part cells only up to 9 classes.
double combined_score(const rfm_score& score, const rfm_weights& weights = {});
// Column of combined_score. Throws missing or non_finite for weights that are no finite numbers.
std::vector<double> combined_scores(const rfm_result& result, const rfm_weights& weights = {});

struct rfm_cell {
  rfm_score score;
  std::int64_t count = 0;
};

// The cells that hold customers, in ascending order of r, f, m.
std::vector<rfm_cell> occupied_cells(const rfm_result& result);

inline std::string cell_code(const rfm_score& score) {
  if (score.r == 0) return {};
  return std::to_string(score.r) + '-' + std::to_string(score.f) + '-' + std::to_string(score.m);
}

inline double combined_score(const rfm_score& score, const rfm_weights& weights) {
  if (score.r == 0) return not_available;
  return weights.r * score.r + weights.f * score.f + weights.m * score.m;
}

inline std::vector<double> combined_scores(const rfm_result& result, const rfm_weights& weights) {
  require_finite(weights.r, "weights.r");
  require_finite(weights.f, "weights.f");
  require_finite(weights.m, "weights.m");
  std::vector<double> combined;
  combined.reserve(result.reasons.size());
  for (std::int64_t row = 0; row < result.size(); ++row) combined.push_back(combined_score(result.score(row), weights));
  return combined;
}

inline std::vector<rfm_cell> occupied_cells(const rfm_result& result) {
  const std::int64_t f_classes = result.f.classes;
  const std::int64_t m_classes = result.m.classes;
  // 100 classes each at most: a count for each of a million cells is cheaper than a search per row.
  std::vector<std::int64_t> counts(static_cast<std::size_t>(result.r.classes * f_classes * m_classes), 0);
  for (std::int64_t row = 0; row < result.size(); ++row) {
    const rfm_score s = result.score(row);
    if (s.r > 0) ++counts[static_cast<std::size_t>(((s.r - 1) * f_classes + s.f - 1) * m_classes + s.m - 1)];
  }
  std::vector<rfm_cell> cells;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const auto cell = static_cast<std::int64_t>(i);
    cells.push_back(
        {{static_cast<std::int32_t>(cell / m_classes / f_classes + 1),
          static_cast<std::int32_t>(cell / m_classes % f_classes + 1), static_cast<std::int32_t>(cell % m_classes + 1)},
         counts[i]});
  }
  return cells;
}

}  // namespace kundenwert::portfolio
