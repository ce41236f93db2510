// How much to spend on winning customers and how much on keeping them: both with diminishing returns, from a
// manager's estimate of the present point and of the most that money could reach.
//
//   a(A) = ceil_a (1 - e^(-k_a A))        acquisition rate of a spending A per prospect
//   r(R) = ceil_r (1 - e^(-k_r R))        retention rate of a spending R per customer and period
//   V(R) = (m (1 + d) - R) / (1 + d - r(R))
//   equity per prospect = a(A) V(R) - A
//
// At the optimum the next customer costs V, whether won or kept: 1 / a'(A) = 1 / r'(R) = V. Average costs A / a and
// R / r say nothing about it: "five times cheaper to keep" is about averages.
//
// References: Blattberg & Deighton (1996), "Manage marketing by the customer equity test", Harvard Business Review
// 74(4), whose V is m + (m - R/r) r' / (1 - r'), r' = r / (1 + d), the same number; Pfeifer (2005), "The optimal ratio
// of acquisition and retention costs", Journal of Targeting 13; domain specification B1.6.
//
// paper        | name here              | unit                     | domain
// ceil         | ceiling                | share                    | (0, 1]
// k            | response               | 1 / currency             | > 0
// m            | margin                 | currency per period      | finite, before the retention spending
// d            | periodic_discount_rate | per period               | > -1; 1 + d above the ceiling of retention
// A, R         | spending               | currency per prospect; per customer and period | >= 0
// lambda       | shadow_price           | currency per currency    | >= 0: what one more unit of budget would bring
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/numeric/root.hpp"

namespace kundenwert::value {

// Rate reached by a spending: ceiling (1 - e^(-response spending)).
struct spending_response {
  double ceiling = not_available;
  double response = not_available;

  double rate(double spending) const { return -ceiling * std::expm1(-response * spending); }
  double slope(double spending) const { return ceiling * response * std::exp(-response * spending); }
};

// The response that gives `rate` at `spending`: -ln(1 - rate / ceiling) / spending. Throws missing, non_finite, sign,
// or domain: 0 < rate < ceiling <= 1, spending > 0.
spending_response response_through(double spending, double rate, double ceiling);

struct customer_economics {
  double margin = not_available;
  double periodic_discount_rate = not_available;
};

// Value of one customer won: (m (1 + d) - R) / (1 + d - r). Throws missing, non_finite, domain for a retention outside
// [0, 1], sign for the spending, divergent where r >= 1 + d.
double value_of_retained(const customer_economics& customer, double retention, double retention_spending);

struct balance_point {
  double acquisition_spending = 0;                   // A
  double acquisition_rate = 0;                       // a
  double retention_spending = 0;                     // R
  double retention_rate = 0;                         // r
  double value = 0;                                  // V of a customer won
  double equity = 0;                                 // a V - A, per prospect
  double marginal_acquisition_cost = not_available;  // 1 / a'(A)
  double marginal_retention_cost = not_available;    // 1 / r'(R)
  double average_acquisition_cost = not_available;   // A / a; NaN where nobody is won
  double average_retention_cost = not_available;     // R / r; NaN where nobody is kept

  // Both marginal costs are V, or not below V where nothing is spent.
  bool is_optimal(double relative_tolerance = 1e-6) const;
};

// What a pair of spendings brings. Throws what value_of_retained throws, and for a response outside its domain.
balance_point balance_at(const spending_response& acquisition, const spending_response& retention,
                         const customer_economics& customer, double acquisition_spending, double retention_spending);

// The pair that brings the most. Retention first: V(R) has one maximum, where r'(R) V(R) = 1, or at R = 0. Then
// A = ln(k ceil V) / k where that is positive, else 0.
balance_point optimal_balance(const spending_response& acquisition, const spending_response& retention,
                              const customer_economics& customer);

// A group of prospects of one kind.
struct prospect_segment {
  double prospects = not_available;  // >= 0
  spending_response acquisition;
  double value = not_available;  // of a customer won, for instance balance_point::value; any sign
};

struct acquisition_budget {
  std::vector<double> spending;  // per prospect, one per segment
  std::vector<double> won;       // customers expected
  double total_spending = 0;
  double equity = 0;        // sum of prospects (a V - A)
  double shadow_price = 0;  // 0: the budget is not used up
  outcome ended = outcome::converged;
};

// Spreads a budget (>= 0, infinite for none) over segments so that equity is largest: wherever something is spent, the
// next unit brings the same, a'(A) V = 1 + lambda. What is not worth spending is not spent.
// Throws missing, non_finite, sign or domain with the segment's row.
acquisition_budget allocate_acquisition(std::span<const prospect_segment> segments, double budget);

namespace detail {

inline void require_response(const spending_response& curve, const char* argument, std::int64_t row = no_row) {
  require_finite(curve.ceiling, argument, row);
  require_finite(curve.response, argument, row);
  if (!(curve.ceiling > 0 && curve.ceiling <= 1))
    fail_at(error_code::domain, argument, row, "needs a ceiling in (0, 1]");
  if (!(curve.response > 0)) fail_at(error_code::domain, argument, row, "needs a response above 0");
}

inline void require_economics(const customer_economics& customer) {
  require_finite(customer.margin, "margin");
  require_finite(customer.periodic_discount_rate, "periodic_discount_rate");
  if (!(customer.periodic_discount_rate > -1)) {
    fail(error_code::domain, "periodic_discount_rate", "must be above -1");
  }
}

// Spending at which the next unit of it brings 1 + shadow_price.
inline double spending_at(const spending_response& curve, double value, double shadow_price) {
  const double first = curve.ceiling * curve.response * value / (1 + shadow_price);
  return first > 1 ? std::log(first) / curve.response : 0.0;
}

}  // namespace detail

inline spending_response response_through(double spending, double rate, double ceiling) {
  require_positive(spending, "spending");
  require_finite(rate, "rate");
  require_finite(ceiling, "ceiling");
  if (!(ceiling > 0 && ceiling <= 1)) fail(error_code::domain, "ceiling", "must be in (0, 1]");
  if (!(rate > 0 && rate < ceiling)) fail(error_code::domain, "rate", "must be above 0 and below the ceiling");
  return {ceiling, -std::log1p(-rate / ceiling) / spending};
}

inline double value_of_retained(const customer_economics& customer, double retention, double retention_spending) {
  detail::require_economics(customer);
  require_share(retention, "retention");
  require_not_negative(retention_spending, "retention_spending");
  const double left = (1 - retention) + customer.periodic_discount_rate;
  if (!(left > 0)) fail(error_code::divergent, "retention", "is not below 1 + discount rate");
  return (customer.margin * (1 + customer.periodic_discount_rate) - retention_spending) / left;
}

inline bool balance_point::is_optimal(double relative_tolerance) const {
  require_not_negative(relative_tolerance, "relative_tolerance");
  const double allowance = relative_tolerance * std::fabs(value);
  const auto fits = [&](double spending, double marginal) {
    if (spending == 0) return marginal >= value - allowance;
    return std::fabs(marginal - value) <= allowance;
  };
  return fits(acquisition_spending, marginal_acquisition_cost) && fits(retention_spending, marginal_retention_cost);
}

inline balance_point balance_at(const spending_response& acquisition, const spending_response& retention,
                                const customer_economics& customer, double acquisition_spending,
                                double retention_spending) {
  detail::require_response(acquisition, "acquisition");
  detail::require_response(retention, "retention");
  require_not_negative(acquisition_spending, "acquisition_spending");
  balance_point found;
  found.acquisition_spending = acquisition_spending;
  found.acquisition_rate = acquisition.rate(acquisition_spending);
  found.retention_spending = retention_spending;
  found.retention_rate = retention.rate(retention_spending);
  found.value = value_of_retained(customer, found.retention_rate, retention_spending);
  found.equity = found.acquisition_rate * found.value - acquisition_spending;
  found.marginal_acquisition_cost = 1 / acquisition.slope(acquisition_spending);
  found.marginal_retention_cost = 1 / retention.slope(retention_spending);
  if (found.acquisition_rate > 0) found.average_acquisition_cost = acquisition_spending / found.acquisition_rate;
  if (found.retention_rate > 0) found.average_retention_cost = retention_spending / found.retention_rate;
  return found;
}

inline balance_point optimal_balance(const spending_response& acquisition, const spending_response& retention,
                                     const customer_economics& customer) {
  detail::require_response(acquisition, "acquisition");
  detail::require_response(retention, "retention");
  detail::require_economics(customer);
  // Wherever V' = 0, V'' = V r'' / (1 + d - r) < 0 as long as V > 0: there is one maximum.
  const double most = customer.margin * (1 + customer.periodic_discount_rate);
  const auto excess = [&](double spending) {
    return retention.slope(spending) * value_of_retained(customer, retention.rate(spending), spending) - 1;
  };
  double spending = 0;
  if (most > 0 && excess(0) > 0) spending = numeric::find_root(excess, 0, most).root;
  const double value = value_of_retained(customer, retention.rate(spending), spending);
  return balance_at(acquisition, retention, customer, detail::spending_at(acquisition, value, 0), spending);
}

inline acquisition_budget allocate_acquisition(std::span<const prospect_segment> segments, double budget) {
  if (std::isnan(budget)) fail(error_code::missing, "budget", "is missing or NaN");
  if (budget < 0) fail(error_code::sign, "budget", "is negative");
  double steepest = 0;
  for (std::size_t s = 0; s < segments.size(); ++s) {
    const auto row = static_cast<std::int64_t>(s);
    require_not_negative(segments[s].prospects, "prospects", row);
    detail::require_response(segments[s].acquisition, "acquisition", row);
    require_finite(segments[s].value, "value", row);
    steepest = std::max(steepest, segments[s].acquisition.slope(0) * segments[s].value);
  }
  const auto spent_at = [&](double shadow_price) {
    double sum = 0;
    for (const prospect_segment& s : segments) {
      sum += s.prospects * detail::spending_at(s.acquisition, s.value, shadow_price);
    }
    return sum;
  };
  acquisition_budget found;
  if (spent_at(0) > budget) {
    // Spending falls with the shadow price, to 0 where the best first unit of all is just worth it.
    const auto over = [&](double shadow_price) { return spent_at(shadow_price) - budget; };
    const numeric::root_result root = numeric::find_root(over, 0, steepest - 1);
    found.shadow_price = root.root;
    found.ended = root.ended;
  }
  for (const prospect_segment& s : segments) {
    found.spending.push_back(detail::spending_at(s.acquisition, s.value, found.shadow_price));
    const double rate = s.acquisition.rate(found.spending.back());
    found.won.push_back(s.prospects * rate);
    found.total_spending += s.prospects * found.spending.back();
    found.equity += s.prospects * (rate * s.value - found.spending.back());
  }
  return found;
}

}  // namespace kundenwert::value
