// Contractual customer lifetime value (CLV): what a customer with a retention rate will pay and cost, discounted to
// today, in its four components.
//
//   value = revenue - acquisition - service - care
//
// in this order of rounding, so that the components sum to the value exactly, to the bit. Revenue, service and care are
// the amounts per period times the margin multiple (margin_multiple.hpp, which has the terms and their symbols); the
// cost of acquisition is paid once, now, and counts only where the terms say so.
//
// References: domain specification B1.2 (conventions, components, delta method); Gupta & Lehmann (2003).
//
// paper          | name here                        | unit                | domain
// m              | revenue - service - care         | currency per period | any sign; amounts of period 0
// revenue        | revenue                          | currency per period | finite; margin where costs are not told
// apart service, care  | service, care                    | currency per period | finite; 0 where not given CAC |
// acquisition                      | currency            | finite; 0 where not given SE(r)          | retention_error
// | per period          | >= 0, standard error of a constant retention SE(CLV)        | standard_error | currency | |m
// dF/dr| SE(r), F the multiple
//
// The average of a segment is the mean of its customers' values, never the value at the mean retention: the value is
// convex in r.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/value/margin_multiple.hpp"

namespace kundenwert::value {

// What one customer pays and costs per period, and did cost once. Growth of the terms applies to all three per period.
struct clv_amounts {
  double revenue = not_available;
  double service = 0;
  double care = 0;
  double acquisition = 0;
};

struct clv_result {
  double value = not_available;
  double revenue = not_available;  // each discounted
  double acquisition = 0;          // 0 where the terms leave it out
  double service = 0;
  double care = 0;
  double standard_error = not_available;  // NaN where no standard error of the retention was given
  clv_terms terms;                        // as used
};

// One customer. retention_error: NaN for none. Throws missing or non_finite for an amount, what margin_multiple throws,
// sign for a negative retention_error, unsupported for one beside a retention curve.
clv_result clv(const clv_amounts& amounts, const clv_terms& terms, double retention_error = not_available);

// One row per customer. An empty column: 0 for amounts, the one number of the terms for retention, periods and age, no
// standard error. A null (or NaN) in any of them: the row has no value, missing_input.
struct clv_columns {
  column<double> revenue;
  column<double> service = {};
  column<double> care = {};
  column<double> acquisition = {};
  column<double> retention = {};
  column<double> periods = {};  // +infinity: without end
  column<std::int32_t> age = {};
  column<double> retention_error = {};
};

// Where the results go: one entry per row each; an empty span is not written. reasons: missing_input, divergent_sum, or
// numeric_failure for a value beyond the range of doubles.
struct clv_output {
  std::span<double> value;
  std::span<double> revenue = {};
  std::span<double> acquisition = {};
  std::span<double> service = {};
  std::span<double> care = {};
  std::span<double> standard_error = {};
  std::span<reason> reasons = {};
};

// All customers. Throws length_mismatch; what require_clv_terms throws, but retention and periods of the terms may stay
// out where they have a column; domain, sign or non_finite with column and row for a number outside its domain;
// unsupported for `retention_error` beside a retention curve; cancelled. Before anything is written.
void clv(const clv_columns& customers, const clv_terms& terms, const clv_output& out, int threads = 1,
         progress watch = {});

// Columns of the result, with the terms they were made with.
struct clv_table {
  std::vector<double> value;
  std::vector<double> revenue;
  std::vector<double> acquisition;
  std::vector<double> service;
  std::vector<double> care;
  std::vector<double> standard_error;  // empty where there was no column of errors
  std::vector<reason> reasons;
  clv_terms terms;
};

clv_table clv(const clv_columns& customers, const clv_terms& terms, int threads = 1, progress watch = {});

namespace detail {

inline clv_result clv_of(const clv_amounts& amounts, const clv_terms& terms, const multiple& factor, double error) {
  clv_result found;
  found.revenue = amounts.revenue * factor.value;
  found.acquisition = terms.include_acquisition ? amounts.acquisition : 0;
  found.service = amounts.service * factor.value;
  found.care = amounts.care * factor.value;
  found.value = found.revenue - found.acquisition - found.service - found.care;
  found.standard_error = std::fabs((amounts.revenue - amounts.service - amounts.care) * factor.slope) * error;
  return found;
}

inline void require_amount(const column<double>& amounts, std::int64_t row, std::string_view argument) {
  if (!amounts.empty() && amounts.is_valid(row) && std::isinf(amounts[row])) {
    fail_at(error_code::non_finite, argument, row, "is infinite");
  }
}

inline void require_clv_row(const clv_columns& customers, std::int64_t row) {
  require_amount(customers.revenue, row, "revenue");
  require_amount(customers.service, row, "service");
  require_amount(customers.care, row, "care");
  require_amount(customers.acquisition, row, "acquisition");
  if (!customers.retention.empty() && customers.retention.is_valid(row)) {
    require_share(customers.retention[row], "retention", row);
  }
  if (!customers.periods.empty() && customers.periods.is_valid(row)) require_periods(customers.periods[row], row);
  if (!customers.age.empty() && customers.age.is_valid(row) && customers.age[row] < 0) {
    fail_at(error_code::sign, "age", row, "is negative");
  }
  if (!customers.retention_error.empty() && customers.retention_error.is_valid(row)) {
    require_not_negative(customers.retention_error[row], "retention_error", row);
  }
}

inline void require_clv_columns(const clv_columns& customers, const clv_terms& terms, const clv_output& out) {
  clv_terms given = terms;
  // What every row brings itself need not be in the terms.
  if (!customers.retention.empty() && std::isnan(given.retention)) given.retention = 0;
  if (!customers.periods.empty() && std::isnan(given.periods)) given.periods = 0;
  require_clv_terms(given);
  if (!customers.retention_error.empty() && !terms.retention_curve.empty()) {
    fail(error_code::unsupported, "retention_error", "is of a constant retention; there is a retention curve");
  }
  const std::int64_t rows = customers.revenue.size();
  const auto require_rows = [&](std::int64_t found, std::string_view argument) {
    if (found != 0) require_same_length(rows, found, argument);
  };
  require_rows(customers.service.size(), "service");
  require_rows(customers.care.size(), "care");
  require_rows(customers.acquisition.size(), "acquisition");
  require_rows(customers.retention.size(), "retention");
  require_rows(customers.periods.size(), "periods");
  require_rows(customers.age.size(), "age");
  require_rows(customers.retention_error.size(), "retention_error");
  const auto require_span = [&](std::size_t found, std::string_view argument) {
    if (found != 0) require_same_length(rows, static_cast<std::int64_t>(found), argument);
  };
  require_span(out.value.size(), "out.value");
  require_span(out.revenue.size(), "out.revenue");
  require_span(out.acquisition.size(), "out.acquisition");
  require_span(out.service.size(), "out.service");
  require_span(out.care.size(), "out.care");
  require_span(out.standard_error.size(), "out.standard_error");
  require_span(out.reasons.size(), "out.reasons");
  for (std::int64_t row = 0; row < rows; ++row) require_clv_row(customers, row);
}

// The number of a row, `otherwise` for an empty column, NaN for a null.
inline double number_at(const column<double>& numbers, std::int64_t row, double otherwise) {
  if (numbers.empty()) return otherwise;
  return numbers.is_valid(row) ? numbers[row] : not_available;
}

inline clv_result clv_at(const clv_columns& customers, const clv_terms& terms, std::int64_t row, reason& why) {
  const clv_amounts amounts{number_at(customers.revenue, row, not_available), number_at(customers.service, row, 0),
                            number_at(customers.care, row, 0),
                            terms.include_acquisition ? number_at(customers.acquisition, row, 0) : 0};
  const double retention = number_at(customers.retention, row, terms.retention);
  const double periods = number_at(customers.periods, row, terms.periods);
  const bool has_age = customers.age.empty() || customers.age.is_valid(row);
  const bool with_error = !customers.retention_error.empty();
  const double error = number_at(customers.retention_error, row, not_available);
  clv_result none;
  none.acquisition = none.service = none.care = not_available;
  why = reason::missing_input;
  const bool retention_is_null = !customers.retention.empty() && std::isnan(retention);
  if (!has_age || retention_is_null || std::isnan(periods) || std::isnan(amounts.revenue + amounts.service) ||
      std::isnan(amounts.care + amounts.acquisition)) {
    return none;
  }
  const multiple factor =
      multiple_at(terms, retention, periods, customers.age.empty() ? terms.age : customers.age[row], with_error);
  why = factor.reason;
  if (why != reason::none) return none;
  const clv_result found = clv_of(amounts, terms, factor, error);
  if (std::isfinite(found.value)) return found;
  why = reason::numeric_failure;
  return none;
}

}  // namespace detail

inline clv_result clv(const clv_amounts& amounts, const clv_terms& terms, double retention_error) {
  require_finite(amounts.revenue, "revenue");
  require_finite(amounts.service, "service");
  require_finite(amounts.care, "care");
  require_finite(amounts.acquisition, "acquisition");
  const bool with_error = !std::isnan(retention_error);
  if (with_error) {
    require_not_negative(retention_error, "retention_error");
    if (!terms.retention_curve.empty()) {
      fail(error_code::unsupported, "retention_error", "is of a constant retention; there is a retention curve");
    }
  }
  clv_result found = detail::clv_of(amounts, terms, margin_multiple(terms), retention_error);
  if (!std::isfinite(found.value)) fail(error_code::overflow, "revenue", "gives a value beyond the range of doubles");
  found.terms = terms;
  return found;
}

inline void clv(const clv_columns& customers, const clv_terms& terms, const clv_output& out, int threads,
                progress watch) {
  detail::require_clv_columns(customers, terms, out);
  // Rows per chunk: enough to make handing out chunks free, few enough to report progress.
  constexpr std::int64_t chunk_rows = 16384;
  for_each_chunk(
      customers.revenue.size(), chunk_rows, threads,
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          const auto i = static_cast<std::size_t>(row);
          reason why = reason::none;
          const clv_result found = detail::clv_at(customers, terms, row, why);
          if (!out.value.empty()) out.value[i] = found.value;
          if (!out.revenue.empty()) out.revenue[i] = found.revenue;
          if (!out.acquisition.empty()) out.acquisition[i] = found.acquisition;
          if (!out.service.empty()) out.service[i] = found.service;
          if (!out.care.empty()) out.care[i] = found.care;
          if (!out.standard_error.empty()) out.standard_error[i] = found.standard_error;
          if (!out.reasons.empty()) out.reasons[i] = why;
        }
      },
      watch);
}

inline clv_table clv(const clv_columns& customers, const clv_terms& terms, int threads, progress watch) {
  const auto rows = static_cast<std::size_t>(customers.revenue.size());
  clv_table found;
  found.terms = terms;
  for (std::vector<double>* v : {&found.value, &found.revenue, &found.acquisition, &found.service, &found.care}) {
    v->resize(rows);
  }
  if (!customers.retention_error.empty()) found.standard_error.resize(rows);
  found.reasons.resize(rows);
  clv(customers, terms,
      {found.value, found.revenue, found.acquisition, found.service, found.care, found.standard_error, found.reasons},
      threads, watch);
  return found;
}

}  // namespace kundenwert::value
