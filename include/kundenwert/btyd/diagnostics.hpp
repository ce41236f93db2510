// Whether a model describes the customers, as data to look at or to plot: how many of them bought how often against the
// fitted distribution, what groups of them bought in the hold-out against the expectation, and an answer over a grid of
// histories.
//
// References: Fader, Hardie & Lee (2005), figures 2 (frequencies) and 5 (conditional expectations by frequency);
// Schmittlein & Peterson (1994) (by recency); Fader, Hardie & Lee (2005), "RFM and CLV", figure 4 (grid of histories).
//
// paper             | name here | unit      | domain
// x                 | frequency | purchases | 0, 1, ..., the last bin is open
// f_x               | actual    | customers | with x repeat purchases
// sum P(X(T_i) = x) | expected  | customers | of new customers, each observed as long as he was
// sum (f-e)^2 / e   | chi_square|           | descriptive: the parameters were fitted to the customers themselves, who
//                                             were not observed equally long, so that no chi-square distribution holds
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/btyd/holdout.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "kundenwert/btyd/result_table.hpp"

#define KW_HISTORY_PARTS(X)                         \
  X(1, frequency, "repeat purchases until the end") \
  X(2, recency, "age at the last purchase")

namespace kundenwert::btyd {

struct frequency_histogram {
  std::vector<std::int32_t> frequency;  // the last one stands for itself and all above
  std::vector<std::int64_t> actual;
  std::vector<double> expected;
  double chi_square = not_available;

  static constexpr auto columns() {
    using t = frequency_histogram;
    using c = result_column<t>;
    return std::array{c{"frequency", cells::whole, "purchases", "the last row: this or more", &t::frequency},
                      c{"actual", cells::count, "customers", "who bought so often", &t::actual},
                      c{"expected", cells::number, "customers", "under the model", &t::expected}};
  }
};

struct histogram_options {
  std::int32_t largest = 7;  // the open bin, >= 1
  int threads = 1;
  progress watch{};
};

// Of customers in the model's unit. O(distinct T * largest). Throws empty, domain (largest), unsupported (a model that
// forecasts no counts), unit_mismatch (a summary), and the checks of the rows.
template <class Models = models>
frequency_histogram histogram_of(const model& m, const summary_columns& columns, const histogram_options& options = {});
template <class Models = models>
frequency_histogram histogram_of(const model& m, const summary& customers, const histogram_options& options = {}) {
  require_same_unit(m, customers);
  return histogram_of<Models>(m, columns_of(customers), options);
}

KW_DEFINE_CODES(history_part, history_parts, KW_HISTORY_PARTS)

// Bins (after, up_to] of customers; those without repeat purchase have a bin of their own, which begins and ends at 0.
struct conditional_expectation {
  history_part by{};
  std::vector<double> after;
  std::vector<double> up_to;
  std::vector<std::int64_t> customers;
  std::vector<double> actual_mean;    // NaN of an empty bin
  std::vector<double> expected_mean;  // NaN of an empty bin

  static constexpr auto columns() {
    using t = conditional_expectation;
    using c = result_column<t>;
    return std::array{c{"after", cells::number, "", "lower end of the bin, outside; 0 and 0: never again", &t::after},
                      c{"up_to", cells::number, "", "upper end of the bin, inside", &t::up_to},
                      c{"customers", cells::count, "customers", "in the bin", &t::customers},
                      c{"actual_mean", cells::number, "purchases", "in the hold-out", &t::actual_mean},
                      c{"expected_mean", cells::number, "purchases", "under the model", &t::expected_mean}};
  }
};

struct conditional_options {
  history_part by = history_part::frequency;
  std::int32_t largest = 7;  // by frequency: the open bin, >= 1; its upper end is infinite
  std::int32_t bins = 10;    // by recency: of equal width up to the largest recency, >= 1
  double horizon = 0;        // of the hold-out, in time units; 0: from end and holdout_end
  int threads = 1;
  progress watch{};
};

// Throws what require_holdout and holdout_horizon throw, unit_mismatch, unknown_code (by), domain (largest, bins),
// unsupported.
template <class Models = models>
conditional_expectation conditional_expectations(const model& m, const summary& customers,
                                                 const conditional_options& options = {});

// An answer over histories (frequency, recency) of customers of one age: row after row of the grid, recency the faster.
struct history_grid {
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> value;  // NaN where there is no such history (frequency or recency alone is 0), or no answer

  static constexpr auto columns() {
    using t = history_grid;
    using c = result_column<t>;
    return std::array{c{"frequency", cells::number, "purchases", "repeat purchases", &t::frequency},
                      c{"recency", cells::number, "time", "age at the last purchase", &t::recency},
                      c{"value", cells::number, "", "the quantity; null: no such history", &t::value}};
  }
};

struct grid_options {
  quantity what = quantity::probability_alive;
  double age = not_available;       // T, > 0
  std::int32_t largest = 20;        // frequencies 0, 1, ..., largest, >= 0
  std::int32_t recency_steps = 40;  // recencies 0, age / recency_steps, ..., age, >= 1
  predict_options arguments{};      // what the quantity needs; threads and progress
};

// Throws missing, non_finite, sign (age), domain (largest, recency_steps) and what predict throws.
template <class Models = models>
history_grid history_grid_of(const model& m, const grid_options& options);

namespace detail {

// The histories of customers who have just come, as columns of one row.
struct new_customer_row {
  std::array<double, 1> zero{0};
  summary_columns columns() const {
    summary_columns c;
    c.frequency = c.recency = c.age = c.log_interval_sum = std::span<const double>(zero);
    return c;
  }
};

inline void require_at_least(std::int32_t value, std::int32_t least, std::string_view argument) {
  if (value < least) fail(error_code::domain, argument, "must be " + std::to_string(least) + " or more");
}

}  // namespace detail

template <class Models>
frequency_histogram histogram_of(const model& m, const summary_columns& columns, const histogram_options& options) {
  detail::require_at_least(options.largest, 1, "largest");
  summary_columns checked = columns;
  checked.monetary_value = {};
  require_summary_columns(checked);
  require_not_empty(columns.frequency.size(), "frequency");
  const auto largest = static_cast<std::size_t>(options.largest);
  frequency_histogram out;
  out.actual.resize(largest + 1);
  for (std::size_t x = 0; x <= largest; ++x) out.frequency.push_back(static_cast<std::int32_t>(x));
  for (const double x : columns.frequency.values) {
    ++out.actual[static_cast<std::size_t>(std::min(x, static_cast<double>(largest)))];
  }
  // Each length of observation once, in ascending order.
  std::vector<double> ages(columns.age.values.begin(), columns.age.values.end());
  std::sort(ages.begin(), ages.end());
  std::vector<std::pair<double, double>> lengths;
  for (const double age : ages) {
    if (lengths.empty() || lengths.back().first != age) lengths.emplace_back(age, 0.0);
    lengths.back().second += 1;
  }
  const auto rows = static_cast<std::int64_t>(lengths.size());
  std::vector<double> probability(lengths.size() * largest);
  const detail::new_customer_row customer;
  constexpr std::int64_t lengths_per_chunk = 8;
  for_each_chunk(
      rows, lengths_per_chunk, options.threads,
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
          for (std::size_t x = 0; x < largest; ++x) {
            predict<Models>(m, quantity::probability_of_count, customer.columns(),
                            {.horizon = lengths[i].first, .count = static_cast<double>(x)},
                            std::span(probability).subspan(i * largest + x, 1));
          }
        }
      },
      options.watch);
  out.expected.assign(largest + 1, 0);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    double below = 0;
    for (std::size_t x = 0; x < largest; ++x) {
      const double p = probability[i * largest + x];
      below += p;
      out.expected[x] += lengths[i].second * p;
    }
    // Written so that a NaN remains one.
    out.expected[largest] += lengths[i].second * (below > 1 ? 0 : 1 - below);
  }
  out.chi_square = 0;
  for (std::size_t x = 0; x <= largest; ++x) {
    const double off = static_cast<double>(out.actual[x]) - out.expected[x];
    if (off != 0) out.chi_square += off * off / out.expected[x];
  }
  if (!std::isfinite(out.chi_square)) out.chi_square = not_available;
  return out;
}

template <class Models>
conditional_expectation conditional_expectations(const model& m, const summary& customers,
                                                 const conditional_options& options) {
  require_same_unit(m, customers);
  require_holdout(customers);
  const double horizon = holdout_horizon(customers, options.horizon);
  detail::require_at_least(options.largest, 1, "largest");
  detail::require_at_least(options.bins, 1, "bins");
  if (name_of(options.by).empty()) fail(error_code::unknown_code, "by", "is none of frequency, recency");
  const bool by_frequency = options.by == history_part::frequency;
  const auto n = static_cast<std::size_t>(customers.size());
  std::vector<double> expected(n);
  predict<Models>(m, quantity::expected_transactions, columns_of(customers),
                  {.horizon = horizon, .threads = options.threads, .watch = options.watch}, expected);
  conditional_expectation out;
  out.by = options.by;
  out.after.push_back(0);
  out.up_to.push_back(0);
  const double longest = *std::max_element(customers.recency.begin(), customers.recency.end());
  const std::int32_t bins = by_frequency ? options.largest : longest > 0 ? options.bins : 0;
  for (std::int32_t k = 1; k <= bins; ++k) {
    out.after.push_back(out.up_to.back());
    const bool is_open = by_frequency && k == bins;
    out.up_to.push_back(by_frequency ? (is_open ? std::numeric_limits<double>::infinity() : k)
                                     : (k == bins ? longest : longest * k / bins));
  }
  // In an order that follows from the values, so that the bits of the sums do not depend on that of the rows.
  struct customer {
    std::size_t bin;
    double expected;
    double actual;
  };
  std::vector<customer> ordered;
  for (std::size_t i = 0; i < n; ++i) {
    const double place = by_frequency ? customers.frequency[i] : customers.recency[i];
    const auto bin = std::lower_bound(out.up_to.begin(), out.up_to.end(), place) - out.up_to.begin();
    ordered.push_back({static_cast<std::size_t>(bin), expected[i], customers.holdout_frequency[i]});
  }
  std::sort(ordered.begin(), ordered.end(), [](const customer& a, const customer& b) {
    if (a.bin != b.bin) return a.bin < b.bin;
    return a.expected != b.expected ? a.expected < b.expected : a.actual < b.actual;
  });
  const std::size_t size = out.up_to.size();
  out.customers.resize(size);
  out.actual_mean.resize(size);
  out.expected_mean.resize(size);
  for (const customer& c : ordered) {
    ++out.customers[c.bin];
    out.actual_mean[c.bin] += c.actual;
    out.expected_mean[c.bin] += c.expected;
  }
  for (std::size_t k = 0; k < size; ++k) {
    const auto count = static_cast<double>(out.customers[k]);  // 0 / 0 is NaN
    out.actual_mean[k] /= count;
    out.expected_mean[k] /= count;
  }
  return out;
}

template <class Models>
history_grid history_grid_of(const model& m, const grid_options& options) {
  require_positive(options.age, "age");
  detail::require_at_least(options.largest, 0, "largest");
  detail::require_at_least(options.recency_steps, 1, "recency_steps");
  history_grid out;
  std::vector<std::size_t> place;
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> log_interval_sum;
  for (std::int32_t x = 0; x <= options.largest; ++x) {
    for (std::int32_t k = 0; k <= options.recency_steps; ++k) {
      // The last one is the age to the bit.
      const double at = k == options.recency_steps ? options.age : options.age * k / options.recency_steps;
      out.frequency.push_back(x);
      out.recency.push_back(at);
      if ((x == 0) != (k == 0)) continue;
      place.push_back(out.recency.size() - 1);
      frequency.push_back(x);
      recency.push_back(at);
      log_interval_sum.push_back(x == 0 ? 0 : x * std::log(at / x));
    }
  }
  out.value.assign(out.recency.size(), not_available);
  const std::vector<double> age(frequency.size(), options.age);
  summary_columns columns;
  columns.frequency = frequency;
  columns.recency = recency;
  columns.age = age;
  columns.log_interval_sum = log_interval_sum;
  std::vector<double> found(frequency.size());
  predict<Models>(m, options.what, columns, options.arguments, found);
  for (std::size_t i = 0; i < found.size(); ++i) out.value[place[i]] = found[i];
  return out;
}

}  // namespace kundenwert::btyd
