// The report of a log, for accumulators and summaries alike.
#pragma once

#include <cstdint>

#include "convert.hpp"
#include "structs.hpp"

namespace kundenwert::c {

inline kw_log_report log_report_of(const log_report& log) {
  kw_log_report out{};
  for (const auto& w : log.warnings()) out.warnings |= std::uint32_t{1} << (static_cast<unsigned>(w.code) - 1U);
  out.first_day = log.first_day;
  out.last_day = log.last_day;
  out.rows_read = log.rows_read;
  out.rows_anonymous = log.rows_anonymous;
  out.rows_rejected = static_cast<std::int64_t>(log.rejected.size());
  out.returns_dropped = log.returns_dropped;
  out.amounts_rounded = log.amounts_rounded;
  out.id_blanks = log.id_blanks;
  out.rows_before_start = log.rows_before_start;
  out.rows_in_holdout = log.rows_in_holdout;
  out.rows_after_end = log.rows_after_end;
  out.customers_returns_only = log.customers_returns_only;
  out.customers_outside = log.customers_outside;
  return out;
}

inline void copy_rejected(const log_report& log, std::int64_t* rows, std::int32_t* fields, std::int32_t* codes,
                          std::int64_t length) {
  require_same_length(static_cast<std::int64_t>(log.rejected.size()), length, "length");
  for (std::size_t i = 0; i < log.rejected.size(); ++i) {
    if (rows != nullptr) rows[i] = log.rejected[i].row;
    if (fields != nullptr) fields[i] = static_cast<std::int32_t>(log.rejected[i].field);
    if (codes != nullptr) codes[i] = static_cast<std::int32_t>(log.rejected[i].code);
  }
}

}  // namespace kundenwert::c
