// A reference table: comma-separated numbers under one header line, from tests/reference/data/. Lines that begin with
// '#' say where the numbers come from.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace kundenwert::test {

struct table {
  std::vector<std::string> names;
  std::vector<std::vector<double>> rows;

  std::size_t at(const std::string& name) const {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) throw std::runtime_error("no column " + name);
    return static_cast<std::size_t>(found - names.begin());
  }
};

inline table read_table(const std::string& file) {
  const std::string path = std::string(KUNDENWERT_SOURCE_DIR) + "/tests/reference/data/" + file;
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot open " + path);
  table out;
  std::string line;
  std::string cell;
  while (std::getline(in, line) && line.starts_with('#')) {
  }
  std::istringstream header(line);
  while (std::getline(header, cell, ',')) out.names.push_back(cell);
  while (std::getline(in, line)) {
    if (line.empty()) continue;
    std::vector<double> row;
    std::istringstream cells(line);
    // "nan" and "inf" read as such; a value below the smallest double reads as 0.
    while (std::getline(cells, cell, ',')) row.push_back(std::strtod(cell.c_str(), nullptr));
    if (row.size() != out.names.size()) throw std::runtime_error("a row of another length in " + path);
    out.rows.push_back(row);
  }
  return out;
}

}  // namespace kundenwert::test
