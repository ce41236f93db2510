// Order: sorted places, ranks and quantiles of a column of numbers. Everything is found from the values alone, or
// from the values and then the row, so that the same rows give the same answer on every machine.
//
// References: Hyndman & Fan (1996), "Sample quantiles in statistical packages", definition 7 (the default of R, numpy
// and spreadsheets); R, rank(ties.method).
//
// paper  | name here   | unit      | domain
// p      | probability | share     | [0, 1]
// Q_7(p) | quantile    | as values | x_(j) + (h - j)(x_(j+1) - x_(j)), h = 1 + (n - 1) p, j = floor(h)
// x_(j)  | place j - 1 | as values | the j-th smallest; places are counted from 0
//
// Values must be finite: a NaN is refused (missing), an infinity too (non_finite). Negative zero counts, and comes
// back, as zero.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/error.hpp"

namespace kundenwert::numeric {

// Quantile of type 7 of values in ascending order, at least one of them. Throws empty, domain for a probability
// outside [0, 1]. The order is the caller's promise and is not checked.
double quantile_of_sorted(std::span<const double> ascending, double probability);

// Quantiles of type 7 of values in any order: one per probability. O(n log(probabilities)) by selection.
std::vector<double> quantiles(std::span<const double> values, std::span<const double> probabilities,
                              std::string_view argument = "values");

// Moves values so that at each of the places (ascending, in [0, n)) stands what would stand there in ascending order.
void select_places(std::span<double> values, std::span<const std::int64_t> places);

enum class sort_direction : std::int32_t { ascending = 1, descending = 2 };

// Row numbers in the order of their values; equal values keep the order of their rows in either direction.
std::vector<std::int64_t> stable_order(std::span<const double> values, sort_direction direction,
                                       std::string_view argument = "values");

// What equal values get: the mean, lowest or highest of their ranks; the number of distinct values up to them (dense);
// or ranks in the order of their rows.
enum class rank_ties : std::int32_t { average = 1, lowest = 2, highest = 3, dense = 4, by_row = 5 };

// Ranks from 1, the smallest value first.
std::vector<double> ranks(std::span<const double> values, rank_ties ties = rank_ties::average,
                          std::string_view argument = "values");

namespace detail {

inline void require_probability(double probability) { require_share(probability, "probability"); }

// A copy, every value finite and no zero negative.
inline std::vector<double> checked_copy(std::span<const double> values, std::string_view argument) {
  std::vector<double> copy;
  copy.reserve(values.size());
  for (const double value : values) {
    require_finite(value, argument, static_cast<std::int64_t>(copy.size()));
    copy.push_back(value + 0.0);
  }
  return copy;
}

// h - 1 of the table above: the fractional place of a quantile among n values. Written as R does, 1 + (n - 1) p, so
// that roundings and hence quantiles agree to the bit.
struct quantile_place {
  std::int64_t below;
  double fraction;

  quantile_place(std::int64_t n, double probability) {
    const double h = 1 + static_cast<double>(n - 1) * probability;
    const double j = std::floor(h);
    below = std::min(static_cast<std::int64_t>(j) - 1, n - 1);
    fraction = h - j;
  }
  std::int64_t above(std::int64_t n) const { return fraction > 0 ? std::min(below + 1, n - 1) : below; }
  // Between the two neighbours also after rounding.
  double between(double low, double high) const {
    if (low == high) return low;
    return std::clamp((1 - fraction) * low + fraction * high, low, high);
  }
};

inline void select_range(std::span<double> values, std::span<const std::int64_t> places, std::int64_t first) {
  if (places.empty() || values.empty()) return;
  const std::size_t middle = places.size() / 2;
  const std::int64_t place = places[middle] - first;
  std::nth_element(values.begin(), values.begin() + place, values.end());
  const auto at = static_cast<std::size_t>(place);
  select_range(values.first(at), places.first(middle), first);
  // The same place may be asked for twice.
  std::size_t next = middle + 1;
  while (next < places.size() && places[next] == places[middle]) ++next;
  select_range(values.subspan(at + 1), places.subspan(next), first + place + 1);
}

}  // namespace detail

inline double quantile_of_sorted(std::span<const double> ascending, double probability) {
  const auto n = static_cast<std::int64_t>(ascending.size());
  require_not_empty(n, "values");
  detail::require_probability(probability);
  const detail::quantile_place place(n, probability);
  return place.between(ascending[static_cast<std::size_t>(place.below)],
                       ascending[static_cast<std::size_t>(place.above(n))]);
}

inline std::vector<double> quantiles(std::span<const double> values, std::span<const double> probabilities,
                                     std::string_view argument) {
  const auto n = static_cast<std::int64_t>(values.size());
  require_not_empty(n, argument);
  for (const double probability : probabilities) detail::require_probability(probability);
  std::vector<double> copy = detail::checked_copy(values, argument);
  std::vector<std::int64_t> places;
  for (const double probability : probabilities) {
    const detail::quantile_place place(n, probability);
    places.push_back(place.below);
    places.push_back(place.above(n));
  }
  std::sort(places.begin(), places.end());
  select_places(copy, places);
  std::vector<double> found;
  for (const double probability : probabilities) found.push_back(quantile_of_sorted(copy, probability));
  return found;
}

inline void select_places(std::span<double> values, std::span<const std::int64_t> places) {
  const auto n = static_cast<std::int64_t>(values.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    if (places[i] < 0 || places[i] >= n) fail_at(error_code::domain, "places", row, "is no place of the values");
    if (i > 0 && places[i] < places[i - 1]) fail_at(error_code::domain, "places", row, "is below the one before");
  }
  detail::select_range(values, places, 0);
}

inline std::vector<std::int64_t> stable_order(std::span<const double> values, sort_direction direction,
                                              std::string_view argument) {
  if (direction != sort_direction::ascending && direction != sort_direction::descending) {
    fail(error_code::unknown_code, "direction", "is none of ascending, descending");
  }
  const std::vector<double> copy = detail::checked_copy(values, argument);
  std::vector<std::int64_t> order(values.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto value = [&](std::int64_t row) { return copy[static_cast<std::size_t>(row)]; };
  if (direction == sort_direction::ascending) {
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return value(a) < value(b); });
  } else {
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return value(a) > value(b); });
  }
  return order;
}

inline std::vector<double> ranks(std::span<const double> values, rank_ties ties, std::string_view argument) {
  const auto code = static_cast<std::int32_t>(ties);
  if (code < 1 || code > 5) {
    fail(error_code::unknown_code, "ties", "is none of average, lowest, highest, dense, by_row");
  }
  const std::vector<std::int64_t> order = stable_order(values, sort_direction::ascending, argument);
  std::vector<double> found(values.size());
  const auto value_at = [&](std::size_t place) { return values[static_cast<std::size_t>(order[place])]; };
  std::size_t distinct = 0;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && value_at(end) == value_at(begin)) ++end;
    ++distinct;
    const auto lowest = static_cast<double>(begin + 1);
    const auto highest = static_cast<double>(end);
    for (std::size_t place = begin; place < end; ++place) {
      double& rank = found[static_cast<std::size_t>(order[place])];
      switch (ties) {
        case rank_ties::average:
          rank = (lowest + highest) / 2;
          break;
        case rank_ties::lowest:
          rank = lowest;
          break;
        case rank_ties::highest:
          rank = highest;
          break;
        case rank_ties::dense:
          rank = static_cast<double>(distinct);
          break;
        case rank_ties::by_row:
          rank = static_cast<double>(place + 1);
          break;
      }
    }
  }
  return found;
}

}  // namespace kundenwert::numeric
