// The CDNOW sample (2357 customers, Fader & Hardie) as a summary: calibration to 1997-09-30, weeks = days / 7.
#pragma once

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "kundenwert/model/summary.hpp"

namespace kundenwert::test {

// Borrowed columns of plain vectors, of every kind that a model reads, so that one set of customers serves all models.
// What `add` is not told is made up: equal intervals between purchases, equal spend (10 where it is unknown), and a
// contract renewed at every purchase, which has ended for those who were silent for longer than they had bought.
struct customer_columns {
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> age;
  std::vector<double> monetary_value;
  std::vector<double> log_interval_sum;
  std::vector<double> revenue;
  std::vector<double> tenure;
  std::vector<double> ended;

  void add(double x, double t_x, double age_now, double spend = not_available) {
    frequency.push_back(x);
    recency.push_back(t_x);
    age.push_back(age_now);
    monetary_value.push_back(spend);
    log_interval_sum.push_back(x > 0 ? x * std::log(t_x / x) : 0);
    revenue.push_back((x + 1) * (std::isnan(spend) ? 10 : spend));
    tenure.push_back(x);
    ended.push_back(age_now - t_x > t_x ? 1 : 0);
  }
  std::size_t size() const { return frequency.size(); }
  summary_columns view() const {
    return {.frequency = frequency,
            .recency = recency,
            .age = age,
            .monetary_value = monetary_value,
            .log_interval_sum = log_interval_sum,
            .revenue = revenue,
            .tenure = tenure,
            .ended = ended};
  }
};

// Reads Hardie's summary file, from examples/data or the folder named by KUNDENWERT_DATA; nothing where it is in
// neither. Times in the file are rounded decimals of whole days.
inline std::optional<customer_columns> read_cdnow(double days_per_unit = 7) {
  std::vector<std::string> folders{std::string(KUNDENWERT_SOURCE_DIR) + "/examples/data"};
  if (const char* folder = std::getenv("KUNDENWERT_DATA")) folders.emplace_back(folder);
  for (const auto& folder : folders) {
    std::ifstream in(folder + "/cdnow/cdnowSummary_cbs.csv");
    if (!in) continue;
    customer_columns out;
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
      std::istringstream cells(line);
      std::string cell;
      std::vector<double> v;
      while (std::getline(cells, cell, ',')) v.push_back(std::strtod(cell.c_str(), nullptr));
      const double x = v.at(1);
      const auto in_units = [&](double weeks) { return std::round(weeks * 7) / days_per_unit; };
      out.add(x, in_units(v.at(2)), in_units(v.at(3)), x > 0 ? v.at(5) : not_available);
    }
    return out;
  }
  return std::nullopt;
}

}  // namespace kundenwert::test

// Opens the sample as `name`, or says that it is missing and leaves the test.
#define KW_REQUIRE_CDNOW(name)                                                                \
  const auto name##_file = ::kundenwert::test::read_cdnow();                                  \
  if (!name##_file) {                                                                         \
    MESSAGE("skipped: no cdnow/cdnowSummary_cbs.csv in examples/data or in KUNDENWERT_DATA"); \
    return;                                                                                   \
  }                                                                                           \
  const auto& name = *name##_file
