// Historic customer value: what a customer has brought until a day, in three levels of contribution, as it was or
// compounded to that day.
//
// Reference: domain specification B1.1.
//
// term                  | name here         | unit     | is
// revenue               | revenue           | currency | net of discounts, value-added tax and returns
// contribution level I  | contribution_1    | currency | revenue - variable cost of what was sold
// direct costs          | direct_cost       | currency | cost heads service, care, marketing, retention, win_back
// contribution level II | contribution_2    | currency | level I - direct costs
// acquisition           | acquisition_cost  | currency | cost head acquisition
// level III = HCLV      | contribution_3    | currency | level II - acquisition
// d_a                   | annual_compounding_rate | per year | > -1; 0: amounts as they were
//
// An amount of day e counts (1 + d_a)^((t - e) / 365) times on day t (ACT/365F). What is dated after t is left out;
// costs of handling complaints and of data are no costs of a single customer's value and are left out too.
// Without compounding all sums are exact and rounded once.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/sum.hpp"
#include "kundenwert/model/cost.hpp"
#include "kundenwert/model/customer_base.hpp"
#include "kundenwert/model/purchase.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert::value {

struct historic_options {
  std::int32_t as_of = no_day;  // required
  double annual_compounding_rate = 0;
  double margin_rate = not_available;  // share of revenue that is level I; NaN: from the recorded variable costs
};

struct historic_value {
  double revenue = 0;
  double contribution_1 = 0;
  double direct_cost = 0;
  double contribution_2 = 0;
  double acquisition_cost = 0;
  double contribution_3 = 0;
};

// One customer; purchases and costs ascend by day. Throws date_range for as_of, domain for a rate.
historic_value historic_clv(std::span<const purchase_day> purchases, std::span<const cost> costs,
                            const historic_options& options);

// One row per customer of the base. Throws missing_cost where neither the base has variable costs nor the options a
// margin rate; what historic_clv throws; cancelled.
std::vector<historic_value> historic_clv(const customer_base& base, const historic_options& options, int threads = 1,
                                         progress watch = {});

namespace detail {

// Amounts of ascending days up to as_of: an exact sum, or one compounded from an exact sum per day.
class dated_sum {
 public:
  explicit dated_sum(const historic_options& options)
      : as_of_(options.as_of), log_rate_(std::log1p(options.annual_compounding_rate)) {}

  void add(std::int32_t day, std::int64_t amount) {
    if (log_rate_ == 0) {
      sum_.add(amount);
      return;
    }
    if (day != day_) close_day();
    day_ = day;
    sum_.add(amount);
  }
  double value() {
    if (log_rate_ == 0) return in_units();
    close_day();
    return compounded_;
  }

 private:
  // Amounts are counted in millionths.
  double in_units() const { return sum_.divided_by(1000000); }
  void close_day() {
    constexpr double days_per_year = 365;
    if (sum_.sign() != 0) compounded_ += in_units() * std::exp(log_rate_ * ((as_of_ - day_) / days_per_year));
    sum_ = exact_sum();
  }

  std::int32_t as_of_;
  double log_rate_;
  std::int32_t day_ = 0;
  exact_sum sum_;
  double compounded_ = 0;
};

inline void require_historic_options(const historic_options& options) {
  require_day(options.as_of, "as_of");
  require_finite(options.annual_compounding_rate, "annual_compounding_rate");
  if (!(options.annual_compounding_rate > -1)) {
    fail(error_code::domain, "annual_compounding_rate", "must be above -1");
  }
  if (!std::isnan(options.margin_rate)) require_share(options.margin_rate, "margin_rate");
}

inline historic_value historic_of(std::span<const purchase_day> purchases, std::span<const cost> costs,
                                  const historic_options& options) {
  dated_sum revenue(options);
  dated_sum margin(options);
  for (const purchase_day& p : purchases) {
    if (p.day > options.as_of) break;
    revenue.add(p.day, p.revenue);
    margin.add(p.day, p.margin);
  }
  dated_sum direct(options);
  dated_sum acquisition(options);
  for (const cost& c : costs) {
    if (c.day > options.as_of) break;
    if (c.head == cost_head::acquisition) {
      acquisition.add(c.day, c.amount);
    } else if (c.head != cost_head::complaint && c.head != cost_head::data) {
      direct.add(c.day, c.amount);
    }
  }
  historic_value found;
  found.revenue = revenue.value();
  found.contribution_1 = std::isnan(options.margin_rate) ? margin.value() : found.revenue * options.margin_rate;
  found.direct_cost = direct.value();
  found.contribution_2 = found.contribution_1 - found.direct_cost;
  found.acquisition_cost = acquisition.value();
  found.contribution_3 = found.contribution_2 - found.acquisition_cost;
  return found;
}

}  // namespace detail

inline historic_value historic_clv(std::span<const purchase_day> purchases, std::span<const cost> costs,
                                   const historic_options& options) {
  detail::require_historic_options(options);
  return detail::historic_of(purchases, costs, options);
}

inline std::vector<historic_value> historic_clv(const customer_base& base, const historic_options& options, int threads,
                                                progress watch) {
  detail::require_historic_options(options);
  if (!base.has_costs && std::isnan(options.margin_rate)) {
    fail(error_code::missing_cost, "margin_rate", "is needed: the purchases have no variable cost");
  }
  std::vector<historic_value> found(static_cast<std::size_t>(base.size()));
  constexpr std::int64_t chunk_rows = 4096;
  for_each_chunk(
      base.size(), chunk_rows, threads,
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          found[static_cast<std::size_t>(row)] =
              detail::historic_of(base.purchases.of(row), base.costs.of(row), options);
        }
      },
      watch);
  return found;
}

}  // namespace kundenwert::value
