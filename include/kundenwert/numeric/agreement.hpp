// How well an estimate puts rows in their true order: what a prediction of values is judged by.
//
// References: Spearman (1904), "The proof and measurement of association between two things"; Kendall & Gibbons
// (1990), "Rank Correlation Methods", 3.8 (equal values get the mean of their ranks); Wang, Liu & Miao (2019), "A deep
// probabilistic model for customer lifetime value prediction", section 4.2 (normalized Gini coefficient).
//
// paper  | name here        | unit  | domain
// rho    | rank_correlation |       | [-1, 1]; Pearson's correlation of the ranks
// -      | top_hits         | share | [0, 1]; of the truly best rows those that are among the best by the estimate
// -      | normalized_gini  |       | <= 1; 1 where the order is the true one, about 0 where it is one of chance
//
// Values must be finite: a NaN is refused (missing), an infinity too (non_finite).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/numeric/order.hpp"

namespace kundenwert::numeric {

// Spearman's rank correlation with mean ranks for equal values. NaN where it is not defined: fewer than two rows, or
// all rows of a column equal. Throws length_mismatch, missing, non_finite with the row.
double rank_correlation(std::span<const double> truth, std::span<const double> estimate);

// The share of the best ceil(share n) rows by truth that are among as many best by the estimate; of equal values the
// earlier rows come first. NaN without rows. Throws domain for a share outside (0, 1], length_mismatch, missing,
// non_finite with the row.
double top_hits(std::span<const double> truth, std::span<const double> estimate, double share);

// G(estimate) / G(truth), where G is 2 / n times the sum over i of the share of the true total that the first i rows
// have, less 1, rows in descending order; of equal values each is given the mean of their places, so that the order of
// the rows changes nothing. NaN where it is not defined: no rows, a total of 0, all true values equal. Throws
// length_mismatch, missing, non_finite, sign (truth) with the row.
double normalized_gini(std::span<const double> truth, std::span<const double> estimate);

namespace detail {

inline void require_pairs(std::span<const double> truth, std::span<const double> estimate) {
  require_same_length(static_cast<std::int64_t>(truth.size()), static_cast<std::int64_t>(estimate.size()), "estimate");
}

}  // namespace detail

inline double rank_correlation(std::span<const double> truth, std::span<const double> estimate) {
  detail::require_pairs(truth, estimate);
  const std::vector<double> a = ranks(truth, rank_ties::average, "truth");
  const std::vector<double> b = ranks(estimate, rank_ties::average, "estimate");
  // The ranks of n rows have the mean (n + 1) / 2, ties or not.
  const double mean = (static_cast<double>(a.size()) + 1) / 2;
  double both = 0, of_a = 0, of_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += (a[i] - mean) * (b[i] - mean);
    of_a += (a[i] - mean) * (a[i] - mean);
    of_b += (b[i] - mean) * (b[i] - mean);
  }
  if (of_a == 0 || of_b == 0) return not_available;
  return std::clamp(both / std::sqrt(of_a * of_b), -1.0, 1.0);
}

inline double top_hits(std::span<const double> truth, std::span<const double> estimate, double share) {
  detail::require_pairs(truth, estimate);
  if (!(share > 0 && share <= 1)) fail(error_code::domain, "share", "must be above 0 and at most 1");
  if (truth.empty()) return not_available;
  const auto by_truth = stable_order(truth, sort_direction::descending, "truth");
  const auto by_estimate = stable_order(estimate, sort_direction::descending, "estimate");
  // 0.1 * 30 is a little above 3; a share of whole rows is meant to be those rows.
  constexpr double slack = 1e-9;
  const double wanted = std::ceil(share * static_cast<double>(truth.size()) - slack);
  const auto best = std::max<std::size_t>(1, static_cast<std::size_t>(wanted));
  std::vector<bool> is_best(truth.size(), false);
  for (std::size_t i = 0; i < best; ++i) is_best[static_cast<std::size_t>(by_truth[i])] = true;
  std::size_t hits = 0;
  for (std::size_t i = 0; i < best; ++i) hits += is_best[static_cast<std::size_t>(by_estimate[i])] ? 1 : 0;
  return static_cast<double>(hits) / static_cast<double>(best);
}

inline double normalized_gini(std::span<const double> truth, std::span<const double> estimate) {
  detail::require_pairs(truth, estimate);
  double total = 0;
  bool is_constant = true;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    require_not_negative(truth[i], "truth", static_cast<std::int64_t>(i));
    total += truth[i];
    is_constant = is_constant && truth[i] == truth[0];
  }
  const std::vector<double> by_estimate = ranks(estimate, rank_ties::average, "estimate");
  if (is_constant || !(total > 0)) return not_available;
  // The row of ascending rank k stands in k of the n partial sums.
  const auto gini = [&](const std::vector<double>& places) {
    double sum = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) sum += truth[i] * places[i];
    return 2 * sum / (static_cast<double>(truth.size()) * total) - 1;
  };
  return gini(by_estimate) / gini(ranks(truth, rank_ties::average, "truth"));
}

}  // namespace kundenwert::numeric
