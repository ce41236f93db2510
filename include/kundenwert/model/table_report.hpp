// What reading one of the tables of a customer base met: rows read, rows rejected with column and reason, warnings.
// The tables and their names.
//
// References: domain specification C (bad-input policy).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/model/log_report.hpp"

namespace kundenwert {

#define KW_TABLE_KINDS(X)                                \
  X(1, customers, "who the customers are")               \
  X(2, transactions, "purchases and returns")            \
  X(3, contracts, "contracts")                           \
  X(4, contacts, "contacts in both directions")          \
  X(5, complaints, "complaints, suggestions and praise") \
  X(6, costs, "costs of acquiring, serving and caring")
KW_DEFINE_CODES(table_kind, table_kinds, KW_TABLE_KINDS)

// A row that was not taken.
struct table_issue {
  std::int64_t row = no_row;  // 0-based over all batches of the table
  std::string_view column;    // the canonical name; static storage
  error_code code = error_code::internal;

  bool operator==(const table_issue&) const = default;
};

struct table_report {
  table_kind table{};
  std::int64_t rows_read = 0;
  std::int64_t rows_taken = 0;
  std::int32_t first_day = no_day;  // of the rows that were taken
  std::int32_t last_day = no_day;
  std::vector<table_issue> rejected;    // row_mode::collect; ascending by row
  std::vector<warning_count> warnings;  // those that apply, ascending by code

  bool operator==(const table_report&) const = default;
};

}  // namespace kundenwert
