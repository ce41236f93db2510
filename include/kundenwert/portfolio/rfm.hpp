// RFM: customers scored by recency, frequency and revenue, from 1 (worst) to the number of classes (best).
//
// References: the project's domain specification B3.3; Hughes (1996), "The complete database marketer" (nested
// quantiles); R package rfm 0.2.2 (compat_rfm); SQL, NTILE. Cut points use quantiles of type 7 where a method says so.
//
// term | name here           | unit          | domain
// R    | days_since_purchase | days          | >= 0; fewer are better
// F    | purchase_days       | purchase days | whole number >= 0; 0: no score
// M    | revenue             | currency      | finite or null; net of returns, so possibly negative; sum or mean, as
// given K    | classes             |               | 1 to 100 n    | scored              | customers     | those with a
// purchase and a revenue; they alone form the quantiles
//
// method     | score
// quantile   | 1 + floor(K b / n), b = number of customers strictly worse: equal ones share the lower score and
//            | classes may stay empty
// nested     | quantile of F within each R score, of M within each R and F score
// fixed      | given edges; a value on an edge belongs to the better class (R <= edge, F and M >= edge)
// ntile      | NTILE(K) OVER (ORDER BY value from worst to best, row): sizes differ by 1 at most, equal customers may
//            | be parted, earlier rows get the lower score
// compat_rfm | cut points quantile + 1, which suits whole numbers only; equal to the R package
//
// Customers without a purchase have no score (no_purchases), nor those with a null revenue (missing_input). The result
// does not depend on the order of rows, ntile apart.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/model/summary.hpp"
#include "kundenwert/numeric/order.hpp"

namespace kundenwert::portfolio {

// One row per customer, all columns of one length.
//   days_since_purchase   required where purchase_days is above 0, ignored elsewhere
//   purchase_days         required
//   revenue               optional per row: null where it is not known
struct rfm_columns {
  column<double> days_since_purchase;
  column<double> purchase_days;
  column<double> revenue;
};

enum class rfm_method : std::int32_t { quantile = 1, nested = 2, fixed = 3, ntile = 4, compat_rfm = 5 };

constexpr std::string_view name_of(rfm_method method);

inline constexpr std::int32_t most_rfm_classes = 100;

struct rfm_options {
  rfm_method method = rfm_method::quantile;
  std::int32_t r_classes = 5;  // ignored by fixed, which has one class more than edges
  std::int32_t f_classes = 5;
  std::int32_t m_classes = 5;
  std::span<const double> r_edges = {};  // fixed only: strictly increasing, at least one
  std::span<const double> f_edges = {};
  std::span<const double> m_edges = {};
};

struct rfm_score {
  std::int32_t r = 0;  // 0: no score
  std::int32_t f = 0;
  std::int32_t m = 0;

  friend bool operator==(const rfm_score&, const rfm_score&) = default;
};

enum class better : std::int32_t { more = 1, less = 2 };
enum class edge_class : std::int32_t { better = 1, worse = 2 };

// How one of the three was scored: enough to score a new customer the same way (ntile: but for the ties on an edge).
struct rfm_scale {
  portfolio::better better = portfolio::better::more;
  edge_class on_edge = edge_class::worse;  // the class of a value equal to an edge
  std::int32_t classes = 5;
  // classes - 1 per group, ascending; NaN in an empty group. One group; nested: F has one per R score and M one per
  // R and F score, group (r - 1) * f_classes + f - 1.
  std::vector<double> edges;
  std::vector<std::int64_t> counts;  // customers per score, the first is score 1

  std::span<const double> edges_of(std::int64_t group) const;
};

struct rfm_result {
  std::vector<std::int32_t> r_score;  // one per row; 0 where there is none
  std::vector<std::int32_t> f_score;
  std::vector<std::int32_t> m_score;
  std::vector<reason> reasons;  // one per row
  rfm_method method = rfm_method::quantile;
  rfm_scale r;
  rfm_scale f;
  rfm_scale m;
  std::int64_t scored = 0;
  std::int64_t unscored = 0;
  std::int64_t revenue_not_positive = 0;  // scored customers whose returns equal or exceed their purchases

  std::int64_t size() const { return static_cast<std::int64_t>(reasons.size()); }
  rfm_score score(std::int64_t row) const;
};

// Score of a value among edges (ascending): 1 + the number of edges it is beyond on the better side.
std::int32_t score_among(double value, std::span<const double> edges, better direction, edge_class on_edge);

// Score of a new value on a scale made earlier; 0 in a group that was empty then, which has no edges. Throws domain for
// a group the scale does not have.
std::int32_t score_on(const rfm_scale& scale, double value, std::int64_t group = 0);

// Scores a column of customers; no rows: an empty result. O(n log K), ntile too.
// Throws length_mismatch, missing, non_finite, sign, not_integer with column and row; domain for classes outside
// [1, 100] or edges not increasing, empty for fixed without edges, unknown_code for no method.
rfm_result classify_rfm(const rfm_columns& columns, const rfm_options& options = {});

// The customers of a summary as of its end, by their revenue in it. Throws column_missing where the summary was made
// from columns and so has no dates, or without amounts.
rfm_result classify_rfm(const summary& customers, const rfm_options& options = {});

namespace detail {

inline void require_classes(std::int32_t classes, std::string_view argument) {
  if (classes < 1 || classes > most_rfm_classes) {
    fail(error_code::domain, argument, "must be 1 to 100, is " + std::to_string(classes));
  }
}

inline void require_edges(std::span<const double> edges, std::string_view argument) {
  require_not_empty(static_cast<std::int64_t>(edges.size()), argument);
  if (edges.size() >= static_cast<std::size_t>(most_rfm_classes)) {
    fail(error_code::domain, argument, "has more than 99 edges");
  }
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    require_finite(edges[i], argument, row);
    if (i > 0 && !(edges[i] > edges[i - 1])) fail_at(error_code::domain, argument, row, "is not above the one before");
  }
}

inline void require_rfm_options(const rfm_options& options) {
  if (portfolio::name_of(options.method).empty()) {
    fail(error_code::unknown_code, "method", "is none of quantile, nested, fixed, ntile, compat_rfm");
  }
  if (options.method == rfm_method::fixed) {
    require_edges(options.r_edges, "r_edges");
    require_edges(options.f_edges, "f_edges");
    require_edges(options.m_edges, "m_edges");
    return;
  }
  require_classes(options.r_classes, "r_classes");
  require_classes(options.f_classes, "f_classes");
  require_classes(options.m_classes, "m_classes");
}

// Checks one row; returns why it has no score, or none.
inline reason require_rfm_row(const rfm_columns& c, std::int64_t row) {
  const auto require_not_infinite = [&](const column<double>& values, std::string_view name) {
    if (values.is_valid(row) && std::isinf(values[row])) fail_at(error_code::non_finite, name, row, "is infinite");
  };
  if (!c.purchase_days.is_valid(row)) fail_at(error_code::missing, "purchase_days", row, "is missing or NaN");
  require_not_negative(c.purchase_days[row], "purchase_days", row);
  if (c.purchase_days[row] != std::floor(c.purchase_days[row])) {
    fail_at(error_code::not_integer, "purchase_days", row,
            "is no whole number: " + std::to_string(c.purchase_days[row]));
  }
  require_not_infinite(c.days_since_purchase, "days_since_purchase");
  require_not_infinite(c.revenue, "revenue");
  if (c.purchase_days[row] == 0) return reason::no_purchases;
  if (!c.days_since_purchase.is_valid(row)) {
    fail_at(error_code::missing, "days_since_purchase", row, "is missing or NaN");
  }
  require_not_negative(c.days_since_purchase[row], "days_since_purchase", row);
  return c.revenue.is_valid(row) ? reason::none : reason::missing_input;
}

// Values turned so that more is better; zero stays positive zero.
inline double turned(double value, better direction) { return direction == better::more ? value + 0.0 : 0.0 - value; }

// Cut points among values (more is better), each the last value of the lower scores, ascending by score.
// `values` is reordered. lower(s) = how many of the worst values have at most score s, in [1, n].
template <class Lower>
std::vector<double> cuts_at(std::span<double> values, std::int32_t classes, Lower&& lower) {
  std::vector<std::int64_t> places;
  for (std::int32_t s = 1; s < classes; ++s) places.push_back(lower(s) - 1);
  numeric::select_places(values, places);
  std::vector<double> cuts;
  for (const std::int64_t place : places) cuts.push_back(values[static_cast<std::size_t>(place)]);
  return cuts;
}

// b >= ceil(s n / K) is K b / n >= s: a customer has more than score s exactly when that many others are worse.
inline std::vector<double> quantile_cuts(std::span<double> values, std::int32_t classes) {
  const auto n = static_cast<std::int64_t>(values.size());
  return cuts_at(values, classes, [&](std::int32_t s) { return (s * n + classes - 1) / classes; });
}

// Appends the edges of one group to a scale, ascending in the units of the column.
inline void append_edges(rfm_scale& scale, std::vector<double> cuts) {
  if (scale.better == better::less) std::reverse(cuts.begin(), cuts.end());
  for (const double cut : cuts) scale.edges.push_back(turned(cut, scale.better));
}

inline std::vector<double> turned_copy(std::span<const double> values, better direction) {
  std::vector<double> copy;
  copy.reserve(values.size());
  for (const double value : values) copy.push_back(turned(value, direction));
  return copy;
}

using scores = std::vector<std::int32_t>;

inline scores score_all(std::span<const double> values, const rfm_scale& scale) {
  scores found;
  found.reserve(values.size());
  for (const double value : values) found.push_back(score_among(value, scale.edges, scale.better, scale.on_edge));
  return found;
}

inline scores score_quantile(std::span<const double> values, rfm_scale& scale) {
  std::vector<double> copy = turned_copy(values, scale.better);
  append_edges(scale, quantile_cuts(copy, scale.classes));
  return score_all(values, scale);
}

inline scores score_fixed(std::span<const double> values, std::span<const double> edges, rfm_scale& scale) {
  scale.edges.assign(edges.begin(), edges.end());
  scale.classes = static_cast<std::int32_t>(edges.size()) + 1;
  scale.on_edge = edge_class::better;
  return score_all(values, scale);
}

// The R package compares cut <= value < next cut in the column's own direction and then turns the recency scores.
inline scores score_compat_rfm(std::span<const double> values, rfm_scale& scale) {
  std::vector<double> probabilities;
  // As R's seq(0, 1, length.out = K + 1) rounds them.
  for (std::int32_t s = 1; s < scale.classes; ++s) probabilities.push_back(s * (1.0 / scale.classes));
  scale.edges = numeric::quantiles(values, probabilities);
  for (double& edge : scale.edges) edge += 1;
  scale.on_edge = scale.better == better::more ? edge_class::better : edge_class::worse;
  return score_all(values, scale);
}

// Without an order of all rows: only those equal to the last value of a bucket need their row to decide.
inline scores score_ntile(std::span<const double> values, rfm_scale& scale) {
  const std::vector<double> turned_values = turned_copy(values, scale.better);
  std::vector<double> copy = turned_values;
  const auto n = static_cast<std::int64_t>(values.size());
  const std::int64_t rest = n % scale.classes;
  const auto lower = [&](std::int32_t s) { return s * (n / scale.classes) + std::min<std::int64_t>(s, rest); };
  const std::vector<double> cuts = cuts_at(copy, scale.classes, lower);
  // Of the values equal to a cut the first `ties` rows have the lower score.
  std::vector<std::int64_t> ties;
  for (std::size_t k = 0; k < cuts.size(); ++k) {
    const double cut = cuts[k];
    const auto worse = std::count_if(turned_values.begin(), turned_values.end(), [&](double v) { return v < cut; });
    ties.push_back(lower(static_cast<std::int32_t>(k) + 1) - worse);
  }
  scores found;
  found.reserve(values.size());
  for (const double value : turned_values) {
    std::int32_t score = 1;
    for (std::size_t k = 0; k < cuts.size(); ++k) {
      if (value > cuts[k]) {
        ++score;
      } else if (value == cuts[k] && ties[k]-- <= 0) {
        ++score;
      }
    }
    found.push_back(score);
  }
  append_edges(scale, cuts);
  return found;
}

// Quantile scores within groups; group[i] in [0, groups) is the one of value i.
inline scores score_within(std::span<const double> values, std::span<const std::int64_t> group, std::int64_t groups,
                           rfm_scale& scale) {
  std::vector<std::int64_t> begin(static_cast<std::size_t>(groups) + 1, 0);
  for (const std::int64_t g : group) ++begin[static_cast<std::size_t>(g) + 1];
  for (std::size_t g = 1; g < begin.size(); ++g) begin[g] += begin[g - 1];
  std::vector<double> gathered(values.size());
  std::vector<std::int64_t> next(begin.begin(), begin.end() - 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::int64_t& place = next[static_cast<std::size_t>(group[i])];
    gathered[static_cast<std::size_t>(place++)] = turned(values[i], scale.better);
  }
  const std::span<double> all(gathered);
  for (std::size_t g = 0; g + 1 < begin.size(); ++g) {
    const auto size = static_cast<std::size_t>(begin[g + 1] - begin[g]);
    if (size == 0) {
      scale.edges.insert(scale.edges.end(), static_cast<std::size_t>(scale.classes - 1), not_available);
    } else {
      append_edges(scale, quantile_cuts(all.subspan(static_cast<std::size_t>(begin[g]), size), scale.classes));
    }
  }
  scores found;
  found.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) found.push_back(score_on(scale, values[i], group[i]));
  return found;
}

inline void count_scores(rfm_scale& scale, const scores& found) {
  scale.counts.assign(static_cast<std::size_t>(scale.classes), 0);
  for (const std::int32_t score : found) ++scale.counts[static_cast<std::size_t>(score) - 1];
}

// The scored rows alone, one after the other.
struct rfm_values {
  std::vector<double> r;
  std::vector<double> f;
  std::vector<double> m;
};

}  // namespace detail

constexpr std::string_view name_of(rfm_method method) {
  switch (method) {
    case rfm_method::quantile:
      return "quantile";
    case rfm_method::nested:
      return "nested";
    case rfm_method::fixed:
      return "fixed";
    case rfm_method::ntile:
      return "ntile";
    case rfm_method::compat_rfm:
      return "compat_rfm";
  }
  return {};
}

inline std::span<const double> rfm_scale::edges_of(std::int64_t group) const {
  const auto width = static_cast<std::size_t>(classes - 1);
  if (group < 0 || (static_cast<std::size_t>(group) + 1) * width > edges.size()) {
    fail(error_code::domain, "group", "is none of the scale: " + std::to_string(group));
  }
  return std::span(edges).subspan(static_cast<std::size_t>(group) * width, width);
}

inline rfm_score rfm_result::score(std::int64_t row) const {
  const auto i = static_cast<std::size_t>(row);
  return {r_score[i], f_score[i], m_score[i]};
}

inline std::int32_t score_among(double value, std::span<const double> edges, better direction, edge_class on_edge) {
  const bool is_beyond = on_edge == edge_class::better;
  std::int32_t score = 1;
  if (direction == better::more) {
    for (const double edge : edges) score += (value > edge || (is_beyond && value == edge)) ? 1 : 0;
  } else {
    for (const double edge : edges) score += (value < edge || (is_beyond && value == edge)) ? 1 : 0;
  }
  return score;
}

inline std::int32_t score_on(const rfm_scale& scale, double value, std::int64_t group) {
  const std::span<const double> edges = scale.edges_of(group);
  if (!edges.empty() && std::isnan(edges.front())) return 0;
  return score_among(value, edges, scale.better, scale.on_edge);
}

inline rfm_result classify_rfm(const rfm_columns& columns, const rfm_options& options) {
  detail::require_rfm_options(options);
  const std::int64_t rows = columns.purchase_days.size();
  require_same_length(rows, columns.days_since_purchase.size(), "days_since_purchase");
  require_same_length(rows, columns.revenue.size(), "revenue");

  rfm_result result;
  result.method = options.method;
  result.r.better = better::less;
  result.r.classes = options.r_classes;
  result.f.classes = options.f_classes;
  result.m.classes = options.m_classes;
  result.reasons.reserve(static_cast<std::size_t>(rows));
  detail::rfm_values values;
  for (std::vector<double>* v : {&values.r, &values.f, &values.m}) v->reserve(static_cast<std::size_t>(rows));
  for (std::int64_t row = 0; row < rows; ++row) {
    result.reasons.push_back(detail::require_rfm_row(columns, row));
    if (result.reasons.back() != reason::none) continue;
    values.r.push_back(columns.days_since_purchase[row]);
    values.f.push_back(columns.purchase_days[row]);
    values.m.push_back(columns.revenue[row]);
    if (!(columns.revenue[row] > 0)) ++result.revenue_not_positive;
  }
  result.scored = static_cast<std::int64_t>(values.r.size());
  result.unscored = rows - result.scored;

  detail::scores r;
  detail::scores f;
  detail::scores m;
  if (options.method == rfm_method::fixed) {
    r = detail::score_fixed(values.r, options.r_edges, result.r);
    f = detail::score_fixed(values.f, options.f_edges, result.f);
    m = detail::score_fixed(values.m, options.m_edges, result.m);
  } else if (result.scored > 0) {
    switch (options.method) {
      case rfm_method::nested: {
        r = detail::score_quantile(values.r, result.r);
        std::vector<std::int64_t> group;
        group.reserve(r.size());
        for (const std::int32_t score : r) group.push_back(score - 1);
        f = detail::score_within(values.f, group, options.r_classes, result.f);
        for (std::size_t i = 0; i < group.size(); ++i) group[i] = group[i] * options.f_classes + f[i] - 1;
        const std::int64_t cells = std::int64_t{options.r_classes} * options.f_classes;
        m = detail::score_within(values.m, group, cells, result.m);
        break;
      }
      case rfm_method::ntile:
        r = detail::score_ntile(values.r, result.r);
        f = detail::score_ntile(values.f, result.f);
        m = detail::score_ntile(values.m, result.m);
        break;
      case rfm_method::compat_rfm:
        r = detail::score_compat_rfm(values.r, result.r);
        f = detail::score_compat_rfm(values.f, result.f);
        m = detail::score_compat_rfm(values.m, result.m);
        break;
      case rfm_method::quantile:
      case rfm_method::fixed:
        r = detail::score_quantile(values.r, result.r);
        f = detail::score_quantile(values.f, result.f);
        m = detail::score_quantile(values.m, result.m);
        break;
    }
  }
  detail::count_scores(result.r, r);
  detail::count_scores(result.f, f);
  detail::count_scores(result.m, m);

  // The scores of the scored rows, spread over all rows.
  const auto spread = [&](detail::scores scored) {
    if (result.unscored == 0) return scored;
    detail::scores all(result.reasons.size(), 0);
    std::size_t next = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (result.reasons[i] == reason::none) all[i] = scored[next++];
    }
    return all;
  };
  result.r_score = spread(std::move(r));
  result.f_score = spread(std::move(f));
  result.m_score = spread(std::move(m));
  return result;
}

inline rfm_result classify_rfm(const summary& customers, const rfm_options& options) {
  const std::size_t rows = customers.frequency.size();
  if (customers.end == no_day || customers.last_purchase.size() != rows) {
    fail(error_code::column_missing, "last_purchase", "is not in the summary, which was made from columns");
  }
  if (customers.revenue.size() != rows) {
    fail(error_code::column_missing, "revenue", "is not in the summary, which was made without amounts");
  }
  std::vector<double> days_since_purchase(rows);
  std::vector<double> purchase_days(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    days_since_purchase[i] = customers.days_since_purchase(i);
    purchase_days[i] = customers.purchase_days(i);
  }
  return classify_rfm({days_since_purchase, purchase_days, customers.revenue}, options);
}

}  // namespace kundenwert::portfolio
