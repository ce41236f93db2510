// Cohort tables as rows of the contractual models: a table says how many customers of a cohort there were at the start
// and after each period; the rows say how many contracts were renewed how often and ended, or still run.
//
// Reference: Fader & Hardie (2007), "How to Project Customer Retention", tables 1 and 2.
//
//   survivors 1000 631 468  ->  tenure 0 ended 369, tenure 1 ended 163, tenure 2 running 468
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"

namespace kundenwert::btyd {

// Columns of one length, in the order of the table; rows without customers are left out.
struct renewal_rows {
  std::vector<double> tenure;
  std::vector<double> ended;
  std::vector<double> weight;  // customers
};

// One row per cohort and period, the periods 0, 1, ... of a cohort one after the other. `cohort` tells the cohorts
// apart by any numbers (a new one begins where the number changes), empty where there is one; cohorts may differ in
// length. `survivors` is the number of customers left, >= 0 and never rising within a cohort.
// Throws empty, length_mismatch, missing, non_finite, sign and inconsistent, with the column and the row.
inline renewal_rows cohort_rows(const column<double>& survivors, const column<std::int64_t>& cohort = {}) {
  require_not_empty(survivors.size(), "survivors");
  if (!cohort.empty()) require_same_length(survivors.size(), cohort.size(), "cohort");
  const auto is_first = [&](std::int64_t i) { return i == 0 || (!cohort.empty() && cohort[i] != cohort[i - 1]); };
  for (std::int64_t i = 0; i < survivors.size(); ++i) {
    if (!cohort.empty() && !cohort.is_valid(i)) fail_at(error_code::missing, "cohort", i, "is null");
    if (!survivors.validity.is_valid(i)) fail_at(error_code::missing, "survivors", i, "is null");
    require_not_negative(survivors[i], "survivors", i);
    if (!is_first(i) && survivors[i] > survivors[i - 1]) {
      fail_at(error_code::inconsistent, "survivors", i,
              std::to_string(survivors[i]) + " customers where " + std::to_string(survivors[i - 1]) + " were left");
    }
  }
  renewal_rows out;
  const auto add = [&](double tenure, double ended, double customers) {
    if (customers == 0) return;
    out.tenure.push_back(tenure);
    out.ended.push_back(ended);
    out.weight.push_back(customers);
  };
  double period = 0;
  for (std::int64_t i = 0; i < survivors.size(); ++i) {
    period = is_first(i) ? 0 : period + 1;
    const bool is_last = i + 1 == survivors.size() || is_first(i + 1);
    if (is_last) {
      add(period, 0, survivors[i]);
    } else {
      add(period, 1, survivors[i] - survivors[i + 1]);
    }
  }
  return out;
}

}  // namespace kundenwert::btyd
