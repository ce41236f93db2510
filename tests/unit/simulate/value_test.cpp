// The closed forms against their limits, and against customers lived through day by day.
#include "kundenwert/simulate/value.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "kundenwert/base/random.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::simulate;

namespace {

// Mean and standard error of many lives.
struct simulated_mean {
  double mean;
  double error;
};
simulated_mean mean_of(int lives, const std::function<double(random_stream&)>& live) {
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < lives; ++i) {
    random_stream draw(41, static_cast<std::uint64_t>(i));
    const double value = live(draw);
    sum += value;
    squares += value * value;
  }
  const double mean = sum / lives;
  return {mean, std::sqrt((squares / lives - mean * mean) / lives)};
}

// A buyer in steps of thinned arrivals at the highest rate of the horizon.
double live_as_buyer(const purchase_state& s, const value_horizon& h, random_stream& draw) {
  const double exit = s.exit_rate > 0 ? draw.exponential() / s.exit_rate : h.days;
  const double until = std::min(exit, h.days);
  const double most = s.purchase_rate * std::max(1.0, std::exp(s.growth * h.days));
  double value = 0;
  for (double u = draw.exponential() / most; u < until; u += draw.exponential() / most) {
    const double rate = s.purchase_rate * std::exp(s.growth * u);
    if (draw.uniform() * most < rate) value += s.margin * std::exp(-h.discount_rate * u);
  }
  return value;
}

// What is due on each day after as_of: a payment, and the end of the term to decide about (no_day: nothing).
struct calendar_day {
  bool is_payment = false;
  std::int32_t decide_about = no_day;
};
std::vector<calendar_day> days_of(const contract_rhythm& rhythm, const value_horizon& h, std::int32_t as_of) {
  std::vector<calendar_day> days(static_cast<std::size_t>(h.days) + 1);
  const auto inside = [&](std::int32_t day) { return day > as_of && day - as_of <= h.days; };
  for (int i = 1; i <= 60; ++i) {
    const std::int32_t payment = add_months(rhythm.anchor, i * rhythm.payment_months);
    if (inside(payment)) days[static_cast<std::size_t>(payment - as_of)].is_payment = true;
    const std::int32_t end = add_months(rhythm.anchor, i * rhythm.term_months);
    const std::int32_t begin = add_months(rhythm.anchor, (i - 1) * rhythm.term_months);
    const std::int32_t decision = end - rhythm.lead < begin ? begin : end - rhythm.lead;
    if (inside(decision)) days[static_cast<std::size_t>(decision - as_of)].decide_about = end;
  }
  return days;
}

// A contract day by day: a complaint on any day, a decision on its day, a payment at the begin of a period.
double live_as_contract(const contract_state& s, const value_horizon& h, const std::vector<calendar_day>& days,
                        std::int32_t as_of, random_stream& draw) {
  const double complaint = 1 - std::exp(-s.complaint_exit_rate);
  bool is_leaving = s.will_leave;
  std::int32_t end = s.known_end;
  double value = 0;
  for (std::size_t i = 1; i < days.size(); ++i) {
    const std::int32_t day = as_of + static_cast<std::int32_t>(i);
    if (end != no_day && day >= end) break;
    if (s.complaint_exit_rate > 0 && draw.uniform() < complaint) is_leaving = true;
    if (days[i].decide_about != no_day && end == no_day) {
      bool stays = !is_leaving;
      for (int month = 0; month < s.rhythm.term_months; ++month) stays = draw.uniform() >= s.monthly_churn && stays;
      if (!stays) end = days[i].decide_about;
    }
    if (end != no_day && day >= end) break;
    if (days[i].is_payment) value += s.margin * std::exp(-h.discount_rate * static_cast<double>(i));
  }
  return value;
}

constexpr std::int32_t as_of = 20453;  // 2025-12-31

}  // namespace

TEST_CASE("a buyer's value: limits") {
  const value_horizon year{365.25, 0};
  // Nobody leaves, nothing is discounted: rate x days x margin.
  CHECK_NEAR(remaining_value(purchase_state{0.1, 0, 0, 20}, year), 0.1 * 365.25 * 20, 1e-15, 0);
  // Growth and exit cancel.
  CHECK_NEAR(remaining_value(purchase_state{0.1, 0.002, 0.002, 20}, year), 730.5, 1e-14, 0);
  // A long horizon: margin x rate / (exit + discount), Fader, Hardie & Lee (2005).
  CHECK_NEAR(remaining_value(purchase_state{0.1, 0, 0.01, 20}, {36525, 0.001}), 20 * 0.1 / 0.011, 1e-14, 0);
  CHECK(remaining_value(purchase_state{0, 0, 0.01, 20}, year) == 0);
  CHECK(remaining_value(purchase_state{0.1, 0, 1e300, 20}, year) < 1e-290);
}

TEST_CASE("a contract's value: sums by hand") {
  // Monthly since 2025-01-15, payments on the 15th; decisions 10 days before.
  const contract_rhythm monthly{day_of({2025, 1, 15}), 1, 1, 10};
  const value_horizon half_year{181, 0};  // to 2026-06-30: payments in January to June
  const contract_state sure{monthly, 30, 0, 0, false, no_day};
  CHECK_NEAR(remaining_value(sure, half_year, as_of), 6 * 30.0, 1e-15, 0);
  // One decision before each payment: 0.9 + 0.9^2 + ... + 0.9^6 payments.
  const contract_state risky{monthly, 30, 0.1, 0, false, no_day};
  CHECK_NEAR(remaining_value(risky, half_year, as_of), 30 * 0.9 * (1 - std::pow(0.9, 6)) / 0.1, 1e-14, 0);
  // The end is decided: 2026-03-15, so that January and February are paid.
  const contract_state ending{monthly, 30, 0.1, 0, false, day_of({2026, 3, 15})};
  CHECK_NEAR(remaining_value(ending, half_year, as_of), 60, 1e-15, 0);
  // Will leave at the next decision, which is about January 15.
  CHECK(remaining_value(contract_state{monthly, 30, 0.1, 0, true, no_day}, half_year, as_of) == 0);
  // The decision about January fell on December 20 already, and was to stay.
  const contract_rhythm early{day_of({2025, 1, 15}), 1, 1, 26};
  const contract_state decided{early, 30, 0.1, 0, true, no_day};
  CHECK_NEAR(remaining_value(decided, half_year, as_of), 30, 1e-15, 0);
  // Twelve months, paid quarterly since 2025-06-01: two payments before the decision about 2026-06-01 counts.
  const contract_rhythm yearly{day_of({2025, 6, 1}), 3, 12, 30};
  const contract_state term{yearly, 90, 0.05, 0, false, no_day};
  CHECK_NEAR(remaining_value(term, half_year, as_of), 90 * (1 + std::pow(0.95, 12)), 1e-14, 0);
  // A payment on as_of is past, and one on the last day of the horizon is in.
  const contract_rhythm last_days{day_of({2025, 1, 31}), 1, 1, 10};
  CHECK_NEAR(remaining_value(contract_state{last_days, 30, 0, 0, false, no_day}, {31, 0}, as_of), 30, 1e-15, 0);
  CHECK(remaining_value(contract_state{last_days, 30, 0, 0, false, no_day}, {30, 0}, as_of) == 0);
}

TEST_CASE("a buyer's value is the mean of lives") {
  const double delta = std::log1p(0.1) / 365.25;
  for (const auto& s : {purchase_state{0.02, 0, 0.001, 25}, purchase_state{0.05, 0.001, 0.004, 10},
                        purchase_state{0.03, -0.002, 0.0005, 40}}) {
    CAPTURE(s.growth);
    const value_horizon h{500, delta};
    const auto found = mean_of(40000, [&](random_stream& draw) { return live_as_buyer(s, h, draw); });
    // Four standard errors: one seed in about 16,000 goes beyond.
    CHECK_NEAR(found.mean, remaining_value(s, h), 0, 4 * found.error);
  }
}

TEST_CASE("a contract's value is the mean of lives") {
  const double delta = std::log1p(0.1) / 365.25;
  const contract_rhythm monthly{day_of({2024, 1, 31}), 1, 1, 40};  // decided at the begin of the month before
  const contract_rhythm quarterly{day_of({2025, 2, 14}), 3, 3, 20};
  const contract_rhythm manual{day_of({2025, 3, 1}), 1, 12, 45};
  for (const auto& s :
       {contract_state{monthly, 30, 0.03, 0, false, no_day}, contract_state{monthly, 30, 0.03, 0.002, false, no_day},
        contract_state{quarterly, 90, 0.02, 0.001, false, no_day},
        contract_state{manual, 30, 0.02, 0.001, false, no_day}, contract_state{manual, 30, 0.02, 0.001, true, no_day},
        contract_state{manual, 30, 0.02, 0.001, false, day_of({2026, 3, 1})}}) {
    CAPTURE(s.rhythm.term_months);
    CAPTURE(s.will_leave);
    const value_horizon h{730, delta};
    const auto days = days_of(s.rhythm, h, as_of);
    const auto found = mean_of(10000, [&](random_stream& draw) { return live_as_contract(s, h, days, as_of, draw); });
    CHECK_NEAR(found.mean, remaining_value(s, h, as_of), 1e-12, 4 * found.error);
  }
}
