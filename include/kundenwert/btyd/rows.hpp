// What each kind of model reads of the customers: which columns, and what makes a row of them.
//
// row                  | columns                    | models
// summary_row          | frequency, recency, T      | transactions
// tenure_row           | tenure, ended              | contracts
// spend_row            | frequency, monetary_value  | spend, repeat purchases alone; rows with frequency 0 are left out
// all_purchases_row    | frequency, revenue         | spend, the first purchase included
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/btyd/model.hpp"
#include "kundenwert/ingest/compress.hpp"
#include "kundenwert/model/summary.hpp"

namespace kundenwert::btyd {

// How a row comes from columns: their names and places, whether a row takes part, the row of their values, and the
// numbers a row is made of. is_verbatim: these are the values themselves.
template <class Row>
struct row_source;

template <>
struct row_source<summary_row> {
  static constexpr std::array<std::string_view, 3> names{"frequency", "recency", "T"};
  static constexpr bool is_verbatim = true;
  static std::array<const column<double>*, 3> columns(const summary_columns& c) {
    return {&c.frequency, &c.recency, &c.age};
  }
  static bool takes_part(const std::array<double, 3>&) { return true; }
  static summary_row row(const std::array<double, 3>& v) { return {v[0], v[1], v[2]}; }
  static summary_row of_numbers(const std::array<double, 3>& v) { return row(v); }
};

template <>
struct row_source<tenure_row> {
  static constexpr std::array<std::string_view, 2> names{"tenure", "ended"};
  static constexpr bool is_verbatim = true;
  static std::array<const column<double>*, 2> columns(const summary_columns& c) { return {&c.tenure, &c.ended}; }
  static bool takes_part(const std::array<double, 2>&) { return true; }
  static tenure_row row(const std::array<double, 2>& v) { return {v[0], v[1]}; }
  static tenure_row of_numbers(const std::array<double, 2>& v) { return row(v); }
};

template <>
struct row_source<spend_row> {
  static constexpr std::array<std::string_view, 2> names{"frequency", "monetary_value"};
  static constexpr bool is_verbatim = true;
  static std::array<const column<double>*, 2> columns(const summary_columns& c) {
    return {&c.frequency, &c.monetary_value};
  }
  static bool takes_part(const std::array<double, 2>& v) { return v[0] != 0; }
  static spend_row row(const std::array<double, 2>& v) { return {v[0], v[1]}; }
  static spend_row of_numbers(const std::array<double, 2>& v) { return row(v); }
  static std::array<double, 2> numbers(const spend_row& r) { return {r.frequency, r.monetary_value}; }
};

template <>
struct row_source<all_purchases_row> {
  static constexpr std::array<std::string_view, 2> names{"frequency", "revenue"};
  static constexpr bool is_verbatim = false;
  static std::array<const column<double>*, 2> columns(const summary_columns& c) { return {&c.frequency, &c.revenue}; }
  static bool takes_part(const std::array<double, 2>&) { return true; }
  static all_purchases_row row(const std::array<double, 2>& v) { return {{v[0] + 1, v[1] / (v[0] + 1)}}; }
  static all_purchases_row of_numbers(const std::array<double, 2>& v) { return {{v[0], v[1]}}; }
  static std::array<double, 2> numbers(const spend_row& r) { return {r.frequency, r.monetary_value}; }
};

// Number of customers in the columns a model reads.
template <class Row>
std::int64_t row_count(const summary_columns& c) {
  return row_source<Row>::columns(c)[0]->size();
}

// Throws for the first row that the model cannot read: missing, and what require_row of the row and of the model say.
// length_mismatch where the columns differ.
template <class M>
void require_rows(const summary_columns& c);

// The rows that take part, each distinct one once, ascending; covariates are the first columns, in the order of their
// names. Rows of weight 0 are left out; row_of is no_row for rows that take no part.
// Throws as require_rows; column_missing for a covariate that is not there; missing and non_finite for its values.
template <class M>
distinct_columns distinct_rows_of(const summary_columns& c, std::span<const double> weight,
                                  std::span<const std::string> covariates);

// Row i of the distinct ones.
template <class Row>
Row row_at(const distinct_columns& distinct, std::size_t covariates, std::size_t i) {
  std::array<double, row_source<Row>::names.size()> v{};
  for (std::size_t k = 0; k < v.size(); ++k) v[k] = distinct.columns[covariates + k][i];
  return row_source<Row>::of_numbers(v);
}

// The column of a covariate.
inline const covariate_column& covariate_of(const summary_columns& c, std::string_view name) {
  for (const auto& found : c.covariates) {
    if (found.name == name) return found;
  }
  fail(error_code::column_missing, name, "is a covariate of the model and not among the columns");
}

namespace detail {

template <class M>
concept checks_rows = requires(const typename M::row& r) {
  M::require_row(r, std::int64_t{0});
};

template <class Row>
std::array<double, row_source<Row>::names.size()> values_at(const summary_columns& c, std::int64_t i) {
  using source = row_source<Row>;
  std::array<double, source::names.size()> v{};
  const auto from = source::columns(c);
  for (std::size_t k = 0; k < v.size(); ++k) v[k] = from[k]->validity.is_valid(i) ? (*from[k])[i] : not_available;
  return v;
}

template <class M>
bool require_row_at(const summary_columns& c, std::int64_t i) {
  using source = row_source<typename M::row>;
  const auto v = values_at<typename M::row>(c, i);
  if (std::isnan(v[0])) fail_at(error_code::missing, source::names[0], i, "is null or NaN");
  if (!source::takes_part(v)) return false;
  for (std::size_t k = 1; k < v.size(); ++k) {
    if (std::isnan(v[k])) fail_at(error_code::missing, source::names[k], i, "is null or NaN");
  }
  const auto row = source::row(v);
  require_row(row, i);
  if constexpr (checks_rows<M>) M::require_row(row, i);
  return true;
}

template <class Row>
void require_columns(const summary_columns& c) {
  using source = row_source<Row>;
  const auto from = source::columns(c);
  for (std::size_t k = 1; k < source::names.size(); ++k) {
    require_same_length(from[0]->size(), from[k]->size(), source::names[k]);
  }
}

}  // namespace detail

template <class M>
void require_rows(const summary_columns& c) {
  detail::require_columns<typename M::row>(c);
  for (std::int64_t i = 0; i < row_count<typename M::row>(c); ++i) detail::require_row_at<M>(c, i);
}

template <class M>
distinct_columns distinct_rows_of(const summary_columns& c, std::span<const double> weight,
                                  std::span<const std::string> covariates) {
  using source = row_source<typename M::row>;
  constexpr std::size_t width = source::names.size();
  detail::require_columns<typename M::row>(c);
  const std::int64_t n = row_count<typename M::row>(c);
  if (!weight.empty()) require_same_length(n, static_cast<std::int64_t>(weight.size()), "weight");
  std::vector<std::int64_t> left_out;
  for (std::int64_t i = 0; i < n; ++i) {
    if (!detail::require_row_at<M>(c, i)) left_out.push_back(i);
    if (!weight.empty()) require_not_negative(weight[static_cast<std::size_t>(i)], "weight", i);
  }
  const bool is_copied = !left_out.empty() || !source::is_verbatim;
  std::vector<std::int64_t> kept;
  std::array<std::vector<double>, width> made;
  std::vector<double> made_weight;
  std::vector<std::vector<double>> made_covariates(covariates.size());
  std::vector<named_column> named;
  for (std::size_t k = 0; k < covariates.size(); ++k) {
    const auto& found = covariate_of(c, covariates[k]);
    require_same_length(n, found.values.size(), found.name);
    for (std::int64_t i = 0; i < n; ++i) {
      if (!found.values.is_valid(i)) fail_at(error_code::missing, found.name, i, "is null or NaN");
      require_finite(found.values[i], found.name, i);
    }
    named.push_back({found.values.values, found.name});
  }
  if constexpr (requires { &source::numbers; }) {
    if (is_copied) {
      auto skipped = left_out.begin();
      for (std::int64_t i = 0; i < n; ++i) {
        if (skipped != left_out.end() && *skipped == i) {
          ++skipped;
          continue;
        }
        kept.push_back(i);
        const auto numbers = source::numbers(source::row(detail::values_at<typename M::row>(c, i)));
        for (std::size_t k = 0; k < width; ++k) made[k].push_back(numbers[k]);
        for (std::size_t k = 0; k < covariates.size(); ++k) {
          made_covariates[k].push_back(named[k].values[static_cast<std::size_t>(i)]);
        }
        if (!weight.empty()) made_weight.push_back(weight[static_cast<std::size_t>(i)]);
      }
      for (std::size_t k = 0; k < covariates.size(); ++k) named[k].values = made_covariates[k];
    }
  }
  const auto from = source::columns(c);
  for (std::size_t k = 0; k < width; ++k) {
    named.push_back({is_copied ? std::span<const double>(made[k]) : from[k]->values, source::names[k]});
  }
  distinct_columns out = compress_columns(named, is_copied ? std::span<const double>(made_weight) : weight);
  if (!left_out.empty()) {
    std::vector<std::int64_t> row_of(static_cast<std::size_t>(n), no_row);
    for (std::size_t i = 0; i < kept.size(); ++i) row_of[static_cast<std::size_t>(kept[i])] = out.row_of[i];
    out.row_of = std::move(row_of);
  }
  return out;
}

}  // namespace kundenwert::btyd
