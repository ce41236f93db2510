// A transaction log that owns its columns, for tests: rows to columns, slices, shuffles, and CDNOW.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "kundenwert/ingest/accumulator.hpp"

namespace kundenwert::test {

// Civil days of a date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
constexpr std::int32_t day_of(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

struct transaction_row {
  std::int64_t customer;
  std::int32_t day;
  double amount;
};

class transaction_log {
 public:
  explicit transaction_log(const std::vector<transaction_row>& rows, bool has_amounts = true)
      : has_amounts_(has_amounts) {
    offsets_.push_back(0);
    for (const auto& r : rows) {
      numbers_.push_back(r.customer);
      days_.push_back(r.day);
      amounts_.push_back(r.amount);
      text_ += text_of(r.customer);
      offsets_.push_back(static_cast<std::int64_t>(text_.size()));
    }
  }
  // Text ids order otherwise than the numbers do, and have lengths from 2 to 40.
  static std::string text_of(std::int64_t customer) {
    return "c" + std::to_string(customer) + std::string(static_cast<std::size_t>(customer % 7 == 3 ? 30 : 0), 'z');
  }

  transaction_columns columns(bool is_text = false, std::size_t begin = 0, std::size_t count = SIZE_MAX) const {
    count = std::min(count, days_.size() - begin);
    transaction_columns c;
    if (is_text) {
      c.customer_id = text_column{text_.data(), std::span(offsets_).subspan(begin, count + 1), {}};
    } else {
      c.customer_id = column<std::int64_t>(std::span(numbers_).subspan(begin, count));
    }
    c.day = std::span(days_).subspan(begin, count);
    if (has_amounts_) c.amount = std::span(amounts_).subspan(begin, count);
    return c;
  }
  std::size_t size() const { return days_.size(); }

 private:
  bool has_amounts_;
  std::vector<std::int64_t> numbers_;
  std::vector<std::int32_t> days_;
  std::vector<double> amounts_;
  std::string text_;
  std::vector<std::int64_t> offsets_;
};

// The 1/10 sample of CDNOW: sample id, day, dollars. Empty without KUNDENWERT_DATA.
inline std::vector<transaction_row> cdnow() {
  std::vector<transaction_row> rows;
  const char* const folder = std::getenv("KUNDENWERT_DATA");
  if (folder == nullptr) return rows;
  std::ifstream file(std::string(folder) + "/cdnow/CDNOW_sample.txt");
  std::int64_t master = 0;
  int pieces = 0;
  int date = 0;
  transaction_row r{};
  while (file >> master >> r.customer >> date >> pieces >> r.amount) {
    r.day = day_of(date / 10000, date / 100 % 100, date % 100);
    rows.push_back(r);
  }
  return rows;
}

}  // namespace kundenwert::test
