// Rows per civil day: what lies before, in and after an observation can be told for any dates, without the rows.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kundenwert/model/log_report.hpp"

namespace kundenwert {

class day_counts {
 public:
  // Room for days in [first, last], so that add() of one of them cannot fail.
  void reserve(std::int32_t first, std::int32_t last) {
    if (!counts_.empty()) {
      first = std::min(first, first_);
      last = std::max(last, first_ + static_cast<std::int32_t>(counts_.size()) - 1);
      if (first == first_ && last - first + 1 == static_cast<std::int32_t>(counts_.size())) return;
    }
    std::vector<std::int64_t> wider(static_cast<std::size_t>(last - first + 1), 0);
    if (!counts_.empty()) std::copy(counts_.begin(), counts_.end(), wider.begin() + (first_ - first));
    counts_ = std::move(wider);
    first_ = first;
  }
  void add(std::int32_t day, std::int64_t rows) noexcept { counts_[static_cast<std::size_t>(day - first_)] += rows; }

  // Rows on days in [first, last].
  std::int64_t between(std::int32_t first, std::int32_t last) const {
    std::int64_t rows = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const std::int32_t day = first_ + static_cast<std::int32_t>(i);
      if (day >= first && day <= last) rows += counts_[i];
    }
    return rows;
  }

  // First and last day with a row; no_day where there are no rows.
  std::int32_t first_day() const {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] != 0) return first_ + static_cast<std::int32_t>(i);
    }
    return no_day;
  }
  std::int32_t last_day() const {
    for (std::size_t i = counts_.size(); i > 0; --i) {
      if (counts_[i - 1] != 0) return first_ + static_cast<std::int32_t>(i) - 1;
    }
    return no_day;
  }

  void reserve(const day_counts& other) {
    if (!other.counts_.empty())
      reserve(other.first_, other.first_ + static_cast<std::int32_t>(other.counts_.size()) - 1);
  }
  void add(const day_counts& other) noexcept {
    for (std::size_t i = 0; i < other.counts_.size(); ++i) {
      add(other.first_ + static_cast<std::int32_t>(i), other.counts_[i]);
    }
  }
  std::int64_t memory_bytes() const { return static_cast<std::int64_t>(counts_.capacity() * sizeof(std::int64_t)); }

 private:
  std::int32_t first_ = 0;
  std::vector<std::int64_t> counts_;
};

}  // namespace kundenwert
