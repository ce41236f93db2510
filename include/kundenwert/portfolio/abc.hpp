// ABC analysis: the customers who bring the first 80 % of the value are A, those up to 95 % B, the others C.
//
// References: the project's domain specification B3.1; the crossing rule is the one of controlling textbooks, the
// other one that of spreadsheets that compare the cumulated share itself.
//
// term               | name here         | unit     | domain
// value              | value             | currency | finite or null; revenue, contribution margin or lifetime value
// total              | total             | currency | sum of the positive values
// share before/after | share_before, ... | share    | cumulated, largest value first, without and with the row itself
// thresholds         | a_share, b_share  | share    | 0 < a_share < b_share < 1
//
// A null value is unclassified (missing_input) and not in the total. A value of zero or less is C with the reason
// negative_value and not in the total. Without any positive value nothing is classified: total_not_positive.
// The result does not depend on the order of rows; only with keep_ties = false the row decides between equal values.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"

namespace kundenwert::portfolio {

enum class abc_class : std::int32_t { none = 0, a = 1, b = 2, c = 3 };

constexpr std::string_view name_of(abc_class value);

// Who crosses a threshold belongs to the better class (crossing_included), or to the worse one (cum_after_le: the
// cumulated share with the row must not exceed the threshold).
enum class abc_rule : std::int32_t { crossing_included = 1, cum_after_le = 2 };

constexpr std::string_view name_of(abc_rule rule);

struct abc_options {
  double a_share = 0.80;
  double b_share = 0.95;
  abc_rule rule = abc_rule::crossing_included;
  bool keep_ties = true;  // equal values get the same class, the better one; else earlier rows come first
};

// What one class holds.
struct abc_class_total {
  std::int64_t count = 0;                 // customers, for C with those of zero or less
  double value = 0;                       // sum of the positive values
  double share_of_value = 0;              // of the total
  double share_of_customers = 0;          // of the classified ones
  double cumulated_share = 0;             // of the total, of this class and the better ones: the threshold reached
  double smallest_value = not_available;  // the cut: the smallest positive value of the class; NaN where it has none
};

struct abc_result {
  std::vector<abc_class> classes;  // one per row
  std::vector<reason> reasons;     // one per row; none, missing_input, negative_value, total_not_positive
  abc_options options;             // as used
  double total = not_available;    // NaN where no value is positive
  abc_class_total a;
  abc_class_total b;
  abc_class_total c;
  std::int64_t not_positive = 0;  // rows of zero or less
  std::int64_t unclassified = 0;

  const abc_class_total& of(abc_class value) const;  // throws unknown_code for none
};

// Class of a row from the share cumulated before and after it. A share within four units in the last place of a
// threshold counts as being on it, because amounts such as 0.10 are not binary fractions.
abc_class abc_class_at(double share_before, double share_after, const abc_options& options);

// Classifies a column. No rows: an empty result. O(n log n); sums are compensated and taken in order of value.
// Throws domain for thresholds out of order, unknown_code for no rule, non_finite for an infinite value,
// overflow where the total has no finite value.
abc_result classify_abc(const column<double>& value, const abc_options& options = {},
                        std::string_view argument = "value");

namespace detail {

inline constexpr double share_tolerance = 4 * std::numeric_limits<double>::epsilon();

inline void require_abc_options(const abc_options& options) {
  if (portfolio::name_of(options.rule).empty()) {
    fail(error_code::unknown_code, "rule", "is none of crossing_included, cum_after_le");
  }
  require_finite(options.a_share, "a_share");
  require_finite(options.b_share, "b_share");
  if (!(options.a_share > 0 && options.a_share < 1)) fail(error_code::domain, "a_share", "must be in (0, 1)");
  if (!(options.b_share > options.a_share && options.b_share < 1)) {
    fail(error_code::domain, "b_share", "must be in (a_share, 1)");
  }
}

// Sum with the rounding errors carried along (Neumaier); terms not negative, largest first.
struct compensated_sum {
  double sum = 0;
  double carried = 0;

  void add(double term) {
    const double next = sum + term;
    carried += std::fabs(sum) >= std::fabs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
  }
  double value() const { return sum + carried; }
  double minus(const compensated_sum& other) const { return (sum - other.sum) + (carried - other.carried); }
};

// The best `count` values in descending order, as a question to one row after the other: is it among them?
// Of the values equal to the last one only the first `ties` rows are.
struct leading_values {
  std::int64_t count = 0;
  double last = std::numeric_limits<double>::infinity();
  std::int64_t ties = 0;
  std::int64_t seen = 0;

  leading_values(std::span<const double> descending, std::int64_t number) : count(number) {
    if (number == 0) return;
    const auto end = descending.begin() + number;
    last = *(end - 1);
    ties = end - std::lower_bound(descending.begin(), end, last, std::greater<>());
  }
  bool take(double value) {
    if (value != last) return value > last;
    return seen++ < ties;
  }
};

struct abc_scan {
  std::array<std::int64_t, 3> count{};     // customers with a positive value
  std::array<compensated_sum, 3> reached;  // cumulated up to the end of the class
};

inline std::size_t place_of(abc_class value) { return static_cast<std::size_t>(value) - 1; }

// Goes through positive values in descending order. Classes can only get worse on the way.
inline abc_scan scan_abc(std::span<const double> descending, double total, const abc_options& options) {
  abc_scan scan;
  compensated_sum cumulated;
  abc_class current = abc_class::a;
  for (std::size_t i = 0; i < descending.size(); ++i) {
    const double before = cumulated.value();
    cumulated.add(descending[i]);
    const bool is_tied = options.keep_ties && i > 0 && descending[i] == descending[i - 1];
    if (!is_tied && current != abc_class::c) {
      current = std::max(current, abc_class_at(before / total, cumulated.value() / total, options));
    }
    ++scan.count[place_of(current)];
    scan.reached[place_of(current)] = cumulated;
  }
  for (std::size_t k = 1; k < 3; ++k) {
    if (scan.count[k] == 0) scan.reached[k] = scan.reached[k - 1];
  }
  return scan;
}

}  // namespace detail

constexpr std::string_view name_of(abc_class value) {
  switch (value) {
    case abc_class::none:
      return {};
    case abc_class::a:
      return "a";
    case abc_class::b:
      return "b";
    case abc_class::c:
      return "c";
  }
  return {};
}

constexpr std::string_view name_of(abc_rule rule) {
  switch (rule) {
    case abc_rule::crossing_included:
      return "crossing_included";
    case abc_rule::cum_after_le:
      return "cum_after_le";
  }
  return {};
}

inline const abc_class_total& abc_result::of(abc_class value) const {
  switch (value) {
    case abc_class::a:
      return a;
    case abc_class::b:
      return b;
    case abc_class::c:
      return c;
    case abc_class::none:
      break;
  }
  fail(error_code::unknown_code, "class", "is none of a, b, c");
}

inline abc_class abc_class_at(double share_before, double share_after, const abc_options& options) {
  if (options.rule == abc_rule::crossing_included) {
    if (share_before < options.a_share * (1 - detail::share_tolerance)) return abc_class::a;
    return share_before < options.b_share * (1 - detail::share_tolerance) ? abc_class::b : abc_class::c;
  }
  if (share_after <= options.a_share * (1 + detail::share_tolerance)) return abc_class::a;
  return share_after <= options.b_share * (1 + detail::share_tolerance) ? abc_class::b : abc_class::c;
}

inline abc_result classify_abc(const column<double>& value, const abc_options& options, std::string_view argument) {
  detail::require_abc_options(options);
  abc_result result;
  result.options = options;
  std::vector<double> descending;
  for (std::int64_t row = 0; row < value.size(); ++row) {
    if (!value.is_valid(row)) {
      ++result.unclassified;
      continue;
    }
    if (std::isinf(value[row])) fail_at(error_code::non_finite, argument, row, "is infinite");
    if (value[row] > 0) {
      descending.push_back(value[row]);
    } else {
      ++result.not_positive;
    }
  }
  std::sort(descending.begin(), descending.end(), std::greater<>());
  detail::compensated_sum total;
  for (const double v : descending) total.add(v);
  if (!std::isfinite(total.value())) fail(error_code::overflow, argument, "has a sum beyond the range of doubles");

  result.classes.assign(value.values.size(), abc_class::none);
  result.reasons.assign(value.values.size(), reason::none);
  if (descending.empty()) {
    result.unclassified = value.size();
    for (std::int64_t row = 0; row < value.size(); ++row) {
      const auto i = static_cast<std::size_t>(row);
      result.reasons[i] = reason::total_not_positive;
      result.reasons[i] = result.reasons[i] | (value.is_valid(row) ? reason::negative_value : reason::missing_input);
    }
    return result;
  }

  result.total = total.value();
  const detail::abc_scan scan = detail::scan_abc(descending, result.total, options);
  const std::array totals{&result.a, &result.b, &result.c};
  const auto classified = static_cast<double>(value.size() - result.unclassified);
  std::int64_t place = 0;
  detail::compensated_sum reached;
  for (std::size_t k = 0; k < totals.size(); ++k) {
    abc_class_total& t = *totals[k];
    t.count = scan.count[k];
    t.value = scan.reached[k].minus(reached);
    reached = scan.reached[k];
    t.share_of_value = t.value / result.total;
    t.cumulated_share = reached.value() / result.total;
    place += t.count;
    if (t.count > 0) t.smallest_value = descending[static_cast<std::size_t>(place - 1)];
  }
  result.c.count += result.not_positive;
  for (abc_class_total* t : totals) t->share_of_customers = static_cast<double>(t->count) / classified;

  detail::leading_values in_a(descending, scan.count[0]);
  detail::leading_values in_a_or_b(descending, scan.count[0] + scan.count[1]);
  for (std::int64_t row = 0; row < value.size(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    if (!value.is_valid(row)) {
      result.reasons[i] = reason::missing_input;
    } else if (!(value[row] > 0)) {
      result.classes[i] = abc_class::c;
      result.reasons[i] = reason::negative_value;
    } else {
      const bool is_a = in_a.take(value[row]);
      const bool is_a_or_b = in_a_or_b.take(value[row]);
      result.classes[i] = is_a ? abc_class::a : is_a_or_b ? abc_class::b : abc_class::c;
    }
  }
  return result;
}

}  // namespace kundenwert::portfolio
