// The CDNOW sample of examples/data as an accumulator, and as a summary with the hold-out of the literature:
// calibration to 1997-09-30, hold-out to 1998-06-30, in weeks.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "kundenwert/ingest/accumulator.hpp"
#include "transaction_log.hpp"

namespace kundenwert::test {

inline constexpr std::int32_t cdnow_end = day_of(1997, 9, 30);
inline constexpr std::int32_t cdnow_holdout_end = day_of(1998, 6, 30);

// Lines "customer,yyyy-mm-dd,quantity,amount" under a header.
inline accumulator cdnow_log() {
  const std::string path = std::string(KUNDENWERT_SOURCE_DIR) + "/examples/data/cdnow/transactions.csv";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  std::vector<transaction_row> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string cell;
    std::vector<std::string> v;
    while (std::getline(cells, cell, ',')) v.push_back(cell);
    const std::string& date = v.at(1);
    rows.push_back({std::stoll(v[0]),
                    day_of(std::stoi(date.substr(0, 4)), std::stoi(date.substr(5, 2)), std::stoi(date.substr(8, 2))),
                    std::strtod(v.at(3).c_str(), nullptr)});
  }
  accumulator log;
  log.add(transaction_log(rows).columns());
  return log;
}

inline summary cdnow_summary() {
  return cdnow_log().finish({.unit = time_unit::week, .end = cdnow_end, .holdout_end = cdnow_holdout_end});
}

}  // namespace kundenwert::test
