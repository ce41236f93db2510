// Retention rate of customers over a period: who of those who were customers at its start stayed customers until its
// end.
//
// Reference: domain specification B2.1; the interval is Wilson's (numeric/interval).
//
// term                | name here | unit      | domain
// period [t0, t1)     | from, to  | day       | from < to; no_day where it is not stated
// S, customers at t0  | at_start  | customers | retained + lost + regained
// stayed              | retained  | customers | customers at both ends, never lost between
// gone                | lost      | customers | customers at t0, not at t1
// lost and won back   | regained  | customers | customers at both ends, lost between
// N, new              | joined    | customers | customers at t1 for the first time
// back                | returned  | customers | lost at t0, customers at t1
// E, customers at t1  | at_end()  | customers | retained + regained + joined + returned
//
// rate = retained / at_start. A regained customer was a customer at t0 and did leave: he stays in the denominator, is
// not retained, and is told apart, so that winning back never hides churn. Who returned was no customer at t0 and is in
// neither; churn = 1 - rate. Where nobody was a customer at t0 there is no rate: NaN with total_not_positive.
#pragma once

#include <cstdint>
#include <limits>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/model/log_report.hpp"
#include "kundenwert/numeric/interval.hpp"

namespace kundenwert::retention {

struct retention_rate {
  std::int32_t from = no_day;
  std::int32_t to = no_day;
  std::int64_t at_start = 0;
  std::int64_t retained = 0;
  std::int64_t lost = 0;
  std::int64_t regained = 0;
  std::int64_t joined = 0;
  std::int64_t returned = 0;
  double rate = not_available;
  double lower = not_available;  // of the Wilson interval
  double upper = not_available;
  double confidence = numeric::default_confidence;
  kundenwert::reason reason = kundenwert::reason::none;  // why there is no rate: total_not_positive

  double churn_rate() const { return 1 - rate; }
  std::int64_t at_end() const { return retained + regained + joined + returned; }
};

struct retention_options {
  std::int32_t from = no_day;  // both or none
  std::int32_t to = no_day;
  double confidence = numeric::default_confidence;
};

// How customers went through the period; all >= 0.
struct passage_counts {
  std::int64_t retained = 0;
  std::int64_t lost = 0;
  std::int64_t regained = 0;
  std::int64_t joined = 0;
  std::int64_t returned = 0;
};

// Customers at both ends and those who joined between; all >= 0.
struct customer_balance {
  std::int64_t at_start = 0;
  std::int64_t at_end = 0;
  std::int64_t joined = 0;
};

// The codes of a column of passages; other numbers are refused.
enum class passage_code : std::int32_t { none = 0, retained = 1, regained = 2, lost = 3, joined = 4, returned = 5 };

// The rate from counts. Throws sign for a negative count, overflow where their sum has no int64, date_order for
// to <= from, missing where only one of from and to is given, domain for the confidence.
retention_rate retention_of_counts(const passage_counts& counts, const retention_options& options = {});

// The rate (E - N) / S from a balance, for use where single customers are not known: right only if nobody joined and
// left inside the period and nobody was won back. Throws sign for a negative number, inconsistent where E - N is
// negative or larger than S, and what retention_of_counts throws for the options.
retention_rate retention_of_balance(const customer_balance& balance, const retention_options& options = {});

// The rate from one passage_code per customer; no rows: no rate. Throws missing for a null, unknown_code for another
// number (argument "passage", with the row), and what retention_of_counts throws for the options.
retention_rate retention_of_passages(const column<std::int32_t>& passages, const retention_options& options = {});

namespace detail {

inline void require_options(const retention_options& options) {
  numeric::require_confidence(options.confidence);
  if (options.from == no_day && options.to == no_day) return;
  if (options.from == no_day) fail(error_code::missing, "from", "is not given, but to is");
  if (options.to == no_day) fail(error_code::missing, "to", "is not given, but from is");
  if (options.to <= options.from) fail(error_code::date_order, "to", "is not after from");
}

inline void require_count(std::int64_t count, const char* argument) {
  if (count < 0) fail(error_code::sign, argument, "is negative");
  // A quarter, because up to four counts are added.
  if (count > std::numeric_limits<std::int64_t>::max() / 4) fail(error_code::overflow, argument, "is too large");
}

}  // namespace detail

inline retention_rate retention_of_counts(const passage_counts& counts, const retention_options& options) {
  detail::require_options(options);
  detail::require_count(counts.retained, "retained");
  detail::require_count(counts.lost, "lost");
  detail::require_count(counts.regained, "regained");
  detail::require_count(counts.joined, "joined");
  detail::require_count(counts.returned, "returned");
  retention_rate found;
  found.from = options.from;
  found.to = options.to;
  found.at_start = counts.retained + counts.lost + counts.regained;
  found.retained = counts.retained;
  found.lost = counts.lost;
  found.regained = counts.regained;
  found.joined = counts.joined;
  found.returned = counts.returned;
  found.confidence = options.confidence;
  if (found.at_start == 0) {
    found.reason = reason::total_not_positive;
    return found;
  }
  found.rate = static_cast<double>(found.retained) / static_cast<double>(found.at_start);
  const numeric::interval ends = numeric::wilson_interval(found.retained, found.at_start, options.confidence);
  found.lower = ends.lower;
  found.upper = ends.upper;
  return found;
}

inline retention_rate retention_of_balance(const customer_balance& balance, const retention_options& options) {
  detail::require_count(balance.at_start, "at_start");
  detail::require_count(balance.at_end, "at_end");
  detail::require_count(balance.joined, "joined");
  const std::int64_t stayed = balance.at_end - balance.joined;
  if (stayed < 0) fail(error_code::inconsistent, "joined", "is larger than at_end");
  if (stayed > balance.at_start) fail(error_code::inconsistent, "at_end", "without joined is larger than at_start");
  return retention_of_counts({.retained = stayed, .lost = balance.at_start - stayed, .joined = balance.joined},
                             options);
}

inline retention_rate retention_of_passages(const column<std::int32_t>& passages, const retention_options& options) {
  passage_counts counts;
  for (std::int64_t row = 0; row < passages.size(); ++row) {
    if (!passages.is_valid(row)) fail_at(error_code::missing, "passage", row, "is null");
    switch (static_cast<passage_code>(passages[row])) {
      case passage_code::none:
        break;
      case passage_code::retained:
        ++counts.retained;
        break;
      case passage_code::regained:
        ++counts.regained;
        break;
      case passage_code::lost:
        ++counts.lost;
        break;
      case passage_code::joined:
        ++counts.joined;
        break;
      case passage_code::returned:
        ++counts.returned;
        break;
      default:
        fail_at(error_code::unknown_code, "passage", row, "is none of 0 to 5");
    }
  }
  return retention_of_counts(counts, options);
}

}  // namespace kundenwert::retention
