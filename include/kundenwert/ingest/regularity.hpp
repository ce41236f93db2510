// How regular do customers buy? The shape k of their times between purchases, from two of them for each customer: 1
// where purchases come at random, above 1 where they keep a rhythm, below 1 where they come in bursts.
//
//   const regularity found = regularity_of(log, {.end = last_day});
//   found.shape, found.standard_error     // nan unless found.outcome is converged
//
// Which pairs: the last two intervals of every customer with three purchase days or more in [start, end], one pair per
// customer, so that frequent buyers weigh no more than others.
// Where intervals are gamma distributed with shape k, the first one's share M of the two is Beta(k, k), whatever the
// customer's rate. It is independent of their sum (Lukacs 1955): neither the end of the observation nor customers who
// leave bias it. Its mean is 1/2 by symmetry, so that the variance is the mean of (M - 1/2)^2 and does not depend on
// which of the two counts as the first.
//
// Whole days bias it: intervals are whole numbers >= 1, since purchases of one day are one, and short ones are thereby
// more alike than the purchases were. Where every day has the same chance of a purchase, k = 1.10 is found for a mean
// interval of 30 days and 1.30 for one of 10. random_shape is what such customers would show, given the length of the
// very pairs that were used: hold shape against it, not against 1, where intervals are short.
//
// References: Wheat & Morrison (1990), "Estimating purchase regularity with two interpurchase times", Journal of
// Marketing Research 27, 87-93; Lukacs (1955), "A characterization of the gamma distribution", Annals of Mathematical
// Statistics 26, 319-324; Platzer & Reutterer (2016), "Ticking away the moments", Marketing Science 35, 779-799.
//
// paper  | name here      | unit | domain
// M      | share          | 1    | (0, 1), first interval / sum of the two
// Var(M) | variance       | 1    | [0, 1/4); 1 / (4 (2k + 1))
// k      | shape          | 1    | > 0, (1 - 4 Var) / (8 Var)
//        | standard_error | 1    | of shape, delta method: standard error of Var / (8 Var^2)
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/sum.hpp"
#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/model/customer_base.hpp"

namespace kundenwert {

struct regularity_options {
  std::int32_t end = no_day;       // required: the last day of observation
  std::int32_t start = no_day;     // no_day: from the first row on
  std::int64_t fewest_pairs = 30;  // below: insufficient_data; >= 2. With 30, k = 1 has a standard error of 0.25
  int threads = 1;
  progress watch = {};
};

struct regularity {
  kundenwert::outcome outcome = kundenwert::outcome::insufficient_data;  // at_bound: all pairs equal, k infinite
  std::int64_t pairs = 0;                                                // customers with two intervals
  double variance = not_available;                                       // nan where there are no pairs
  double shape = not_available;  // these three are nan unless the outcome is converged
  double standard_error = not_available;
  double random_shape = not_available;
};

// Of the purchase days of a log in exact mode, the same bits for any batches, order, merging and threads. Throws
// mode_mismatch in ordered mode; missing, date_range, date_order for the dates; domain (fewest_pairs); cancelled.
regularity regularity_of(const accumulator& log, const regularity_options& options);

// Of the purchases of a base that are not cancelled up to `end`: the purchase days of summary_of.
regularity regularity_of(const customer_base& base, const regularity_options& options);

// The estimate of pairs of intervals that are taken one by one, in any order and any cut.
class interval_pairs {
 public:
  // Whole numbers >= 1: days, or another unit that times of purchase were rounded to.
  void take(std::int32_t first, std::int32_t second);
  void add(const interval_pairs& other);
  regularity estimate(std::int64_t fewest_pairs) const;

 private:
  std::int64_t pairs_ = 0;
  exact_sum squares_;      // of (first - second) / (first + second), which is 2 M - 1; in units of 2^-62
  exact_sum fourths_;      // their fourth powers
  exact_sum reciprocals_;  // 1 / (first + second)
};

namespace detail {

// The last three purchase days of a customer whose days come in ascending order.
class last_intervals {
 public:
  void take(std::int32_t day) {
    first_ = second_;
    second_ = third_;
    third_ = day;
  }
  void end(interval_pairs& to) {
    if (first_ != no_day) to.take(second_ - first_, third_ - second_);
    first_ = second_ = third_ = no_day;
  }

 private:
  std::int32_t first_ = no_day;
  std::int32_t second_ = no_day;
  std::int32_t third_ = no_day;
};

inline day_window regularity_window(const regularity_options& options) {
  if (options.fewest_pairs < 2) fail(error_code::domain, "fewest_pairs", "must be 2 or more");
  return window_of({.end = options.end, .start = options.start});
}

inline regularity regularity_of_parts(const std::vector<interval_pairs>& parts, const regularity_options& options) {
  interval_pairs all;
  for (const auto& p : parts) all.add(p);
  return all.estimate(options.fewest_pairs);
}

}  // namespace detail

inline void interval_pairs::take(std::int32_t first, std::int32_t second) {
  // Whole numbers of 2^-62 below 2^62: sums of them do not depend on their order.
  constexpr double scale = 0x1p62;
  const auto scaled = [](double value) { return static_cast<std::int64_t>(value * scale); };
  const double sum = static_cast<double>(first) + second;
  const double difference = (static_cast<double>(first) - second) / sum;
  const double square = difference * difference;
  ++pairs_;
  squares_.add(scaled(square));
  fourths_.add(scaled(square * square));
  reciprocals_.add(scaled(1 / sum));
}

inline void interval_pairs::add(const interval_pairs& other) {
  pairs_ += other.pairs_;
  squares_.add(other.squares_);
  fourths_.add(other.fourths_);
  reciprocals_.add(other.reciprocals_);
}

inline regularity interval_pairs::estimate(std::int64_t fewest_pairs) const {
  regularity out;
  out.pairs = pairs_;
  if (pairs_ == 0) return out;
  const auto mean = [&](const exact_sum& sum) { return sum.divided_by(static_cast<std::uint64_t>(pairs_)) * 0x1p-62; };
  out.variance = mean(squares_) / 4;
  if (pairs_ < fewest_pairs) return out;
  if (out.variance == 0) {
    out.outcome = outcome::at_bound;
    return out;
  }
  const auto shape_of = [](double variance) { return (1 - 4 * variance) / (8 * variance); };
  const double fourth_moment = mean(fourths_) / 16;
  const double squared = out.variance * out.variance;
  // Rounding can leave a difference below 0 where all pairs have the same share.
  const double spread = std::fmax(fourth_moment - squared, 0);
  out.outcome = outcome::converged;
  out.shape = shape_of(out.variance);
  out.standard_error = std::sqrt(spread / static_cast<double>(pairs_)) / (8 * squared);
  // Where every day has the same chance, the first of two intervals with the sum s is uniform on 1, ..., s - 1, and
  // the mean of (M - 1/2)^2 is (s - 2) / (12 s).
  const double random_variance = (1 - 2 * mean(reciprocals_)) / 12;
  if (random_variance > 0) out.random_shape = shape_of(random_variance);
  return out;
}

inline regularity regularity_of(const accumulator& log, const regularity_options& options) {
  if (log.options().mode != accumulation::exact) {
    fail(error_code::mode_mismatch, "mode", "regularity needs the purchase days that exact mode keeps");
  }
  const day_window window = detail::regularity_window(options);
  std::vector<interval_pairs> parts(partitions);
  log.days().for_each_partition(options.threads, options.watch,
                                [&](std::size_t p, std::span<const customer_day_entry> sorted) {
                                  detail::last_intervals last;
                                  detail::for_each_customer_day(
                                      sorted,
                                      [&](std::uint64_t, const customer_day& d) {
                                        if (d.day >= window.start && d.day <= window.end && d.is_purchase())
                                          last.take(d.day);
                                      },
                                      [&](std::uint64_t) { last.end(parts[p]); });
                                });
  return detail::regularity_of_parts(parts, options);
}

inline regularity regularity_of(const customer_base& base, const regularity_options& options) {
  const day_window window = detail::regularity_window(options);
  constexpr std::int64_t customers_per_part = 1 << 14;
  std::vector<interval_pairs> parts(static_cast<std::size_t>(base.size() / customers_per_part + 1));
  for_each_chunk(
      base.size(), customers_per_part, options.threads,
      [&](std::int64_t part, std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          detail::last_intervals last;
          for (const purchase_day& d : base.purchases.of(i)) {
            if (d.day >= window.start && d.is_purchase(window.end)) last.take(d.day);
          }
          last.end(parts[static_cast<std::size_t>(part)]);
        }
      },
      options.watch);
  return detail::regularity_of_parts(parts, options);
}

}  // namespace kundenwert
