// The customers that models read: of a summary or of plain columns, those a model needs checked to be there, with the
// covariates beside them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "convert.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/rows.hpp"

namespace kundenwert::c {

// A plain column here and there.
struct plain_column {
  std::string_view name;
  const double* kw_summary_columns::*given;
  column<double> summary_columns::*taken;
};

inline constexpr std::array plain_columns{
    plain_column{"frequency", &kw_summary_columns::frequency, &summary_columns::frequency},
    plain_column{"recency", &kw_summary_columns::recency, &summary_columns::recency},
    plain_column{"T", &kw_summary_columns::T, &summary_columns::age},
    plain_column{"monetary_value", &kw_summary_columns::monetary_value, &summary_columns::monetary_value},
    plain_column{"log_interval_sum", &kw_summary_columns::log_interval_sum, &summary_columns::log_interval_sum},
    plain_column{"revenue", &kw_summary_columns::revenue, &summary_columns::revenue},
    plain_column{"tenure", &kw_summary_columns::tenure, &summary_columns::tenure},
    plain_column{"ended", &kw_summary_columns::ended, &summary_columns::ended}};

// What is read: names of columns.
using column_names = std::vector<std::string_view>;

inline column_names columns_read_by(const btyd::model_info& model) {
  return {model.columns.begin(), model.columns.end()};
}
inline column_names columns_read_by(const btyd::model_info& first, const btyd::model_info& second) {
  column_names out = columns_read_by(first);
  out.insert(out.end(), second.columns.begin(), second.columns.end());
  return out;
}

// What a summary is made of.
inline column_names columns_of_summary() {
  const auto& names = btyd::row_source<summary_row>::names;
  return {names.begin(), names.end()};
}

inline bool is_among(const column_names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Plain columns; those that are read must be there.
inline summary_columns columns_of(const kw_summary_columns& c, const column_names& read) {
  const std::int64_t rows = require_rows(c.rows);
  summary_columns out;
  for (const auto& p : plain_columns) {
    const double* const values = c.*p.given;
    if (values != nullptr || is_among(read, p.name)) out.*p.taken = span_of(values, rows, p.name);
  }
  return out;
}

// Columns of customers with covariates, all borrowed. Not to be copied: the columns point into it.
class customers {
 public:
  customers(const customers&) = delete;
  customers& operator=(const customers&) = delete;

  // Throws column_missing where the summary has not what is read.
  customers(const summary& from, const column_names& read, const kw_covariate* covariates, std::int64_t length)
      : rows_(from.size()), columns_(btyd::columns_of(from)) {
    for (const auto& p : plain_columns) {
      if (rows_ > 0 && is_among(read, p.name) && (columns_.*p.taken).empty()) {
        fail(error_code::column_missing, p.name, "is read by the model and not in the summary");
      }
    }
    take(covariates, length);
  }
  // Throws null_argument where a column that is read is not there.
  customers(const kw_summary_columns& from, const column_names& read, const kw_covariate* covariates,
            std::int64_t length)
      : rows_(require_rows(from.rows)), columns_(c::columns_of(from, read)) {
    take(covariates, length);
  }

  std::int64_t rows() const { return rows_; }
  const summary_columns& columns() const { return columns_; }

 private:
  void take(const kw_covariate* given, std::int64_t length) {
    for (const kw_covariate& one : span_of(given, length, "covariates")) {
      covariate_column to;
      to.name = &require_pointer(one.name, "covariates");
      to.values = span_of(one.values, rows_, "covariates");
      for (const auto& other : covariates_) {
        if (other.name == to.name) fail(error_code::domain, "covariates", to.name + " is given twice");
      }
      covariates_.push_back(std::move(to));
    }
    columns_.covariates = covariates_;
  }

  std::int64_t rows_;
  summary_columns columns_;
  std::vector<covariate_column> covariates_;
};

}  // namespace kundenwert::c
