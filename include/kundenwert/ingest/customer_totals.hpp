// One customer's days, folded in ascending order into what a row of the summary needs. Both modes of the accumulator
// end here, so that a purchase day is the same thing in each.
//
// References: Fader & Hardie, note 004; domain specification C (several purchases on one day, returned purchases).
#pragma once

#include <cmath>
#include <cstdint>

#include "kundenwert/base/amounts.hpp"
#include "kundenwert/base/sum.hpp"
#include "kundenwert/model/log_report.hpp"
#include "kundenwert/model/transaction.hpp"

namespace kundenwert {

// The dates of an analysis without gaps: start is the earliest day where none was given, holdout_end the end.
struct day_window {
  std::int32_t start = earliest_day;
  std::int32_t end = latest_day;
  std::int32_t holdout_end = latest_day;
};

// What one customer did on one day.
struct customer_day {
  std::int32_t day = no_day;
  bool has_return = false;
  exact_sum net;
  exact_sum cost;  // variable cost, where rows have one

  // A day counts as a purchase unless returns ate it up; a day of free orders counts.
  bool is_purchase() const { return net.sign() > 0 || (net.sign() == 0 && !has_return); }
};

// A row of the summary before it has its place; the key stands for the id.
struct customer_record {
  std::uint64_t key = 0;
  double monetary_value = 0;
  double log_days = 0;  // sum of ln(days between consecutive purchase days)
  double revenue = 0;
  double holdout_revenue = 0;
  std::int32_t first_purchase = no_day;
  std::int32_t last_purchase = no_day;
  std::int32_t frequency = 0;
  std::int32_t holdout_frequency = 0;
  bool acquired_before_start = false;
};

// Sum of the logarithms of whole numbers >= 1 below 2^32, kept as the logarithm of their product: a multiplication for
// each, one logarithm in the end. Each multiplication rounds once, so that the sum of n of them is off by n * 1.2e-16
// at most, beside the rounding of the sum itself.
class log_sum {
 public:
  void add(std::int32_t number) {
    product_ *= number;
    if (product_ >= largest_product) {
      product_ /= largest_product;  // a power of two: exact
      ++scalings_;
    }
  }
  double value() const { return std::log(product_) + scalings_ * (largest_exponent * ln_2); }

 private:
  static constexpr int largest_exponent = 512;
  static constexpr double largest_product = 0x1p512;
  static constexpr double ln_2 = 0.693147180559945309417;

  double product_ = 1;
  std::int32_t scalings_ = 0;
};

class customer_totals {
 public:
  // Takes the next day of the customer; days come in ascending order.
  void take(const customer_day& d, const day_window& window) { take(d.day, d.is_purchase(), d.net, window); }
  void take(std::int32_t day, bool is_purchase, const exact_sum& net, const day_window& window) {
    if (day > window.holdout_end) return;
    if (day < window.start) {
      acquired_before_start_ = true;
    } else if (day <= window.end) {
      is_observed_ = true;
      revenue_.add(net);
      if (is_purchase) take_purchase(day, net);
    } else {
      holdout_revenue_.add(net);
      holdout_frequency_ += is_purchase ? 1 : 0;
    }
  }

  bool is_observed() const { return is_observed_; }       // has a day in [start, end]
  bool has_purchase() const { return first_ != no_day; }  // has a purchase day there: a row of the summary

  customer_record record(std::uint64_t key) const {
    customer_record r;
    r.key = key;
    r.first_purchase = first_;
    r.last_purchase = last_;
    r.frequency = frequency_;
    r.holdout_frequency = holdout_frequency_;
    r.acquired_before_start = acquired_before_start_;
    constexpr auto unit = static_cast<std::uint64_t>(millionths_per_unit);
    r.log_days = intervals_.value();
    r.revenue = revenue_.divided_by(unit);
    r.holdout_revenue = holdout_revenue_.divided_by(unit);
    r.monetary_value =
        frequency_ > 0 ? repeats_.divided_by(unit * static_cast<std::uint64_t>(frequency_)) : not_available;
    return r;
  }

 private:
  void take_purchase(std::int32_t day, const exact_sum& net) {
    if (first_ == no_day) {
      first_ = day;
    } else {
      ++frequency_;
      intervals_.add(day - last_);
      repeats_.add(net);
    }
    last_ = day;
  }

  exact_sum repeats_;
  exact_sum revenue_;
  exact_sum holdout_revenue_;
  log_sum intervals_;
  std::int32_t first_ = no_day;
  std::int32_t last_ = no_day;
  std::int32_t frequency_ = 0;
  std::int32_t holdout_frequency_ = 0;
  bool acquired_before_start_ = false;
  bool is_observed_ = false;
};

// Customers of one part of the log, and those that are no row of the summary.
struct customer_part {
  std::vector<customer_record> records;
  std::int64_t returns_only = 0;
  std::int64_t outside = 0;

  void take(std::uint64_t key, const customer_totals& totals) {
    if (totals.has_purchase()) {
      records.push_back(totals.record(key));
    } else {
      ++(totals.is_observed() ? returns_only : outside);
    }
  }
};

}  // namespace kundenwert
