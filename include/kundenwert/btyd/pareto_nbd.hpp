// Pareto/NBD: customers buy at a Poisson rate while alive and die at an exponential rate; both rates differ between
// customers by gamma distributions.
//
// References: Schmittlein, Morrison & Colombo (1987); Fader & Hardie, note 009, eq. 18-20; Fader, Hardie & Lee (2005),
// "RFM and CLV", eq. 9 (DERT). The 2F1 differences of the papers are written as the integral over the unobserved
// lifetime that they stand for, which is positive and has plain derivatives (numeric/hypergeometric).
//
// paper | name here  | unit  | domain
// r     | r          | -     | > 0, shape of the purchase rate
// alpha | alpha      | time  | > 0, rate of the gamma distribution of the purchase rate
// s     | s          | -     | > 0, shape of the dropout rate
// beta  | beta       | time  | > 0, rate of the gamma distribution of the dropout rate
#pragma once

#include <array>
#include <cmath>
#include <string>

#include "kundenwert/btyd/independent_lifetime.hpp"
#include "kundenwert/btyd/mixture.hpp"
#include "kundenwert/btyd/model.hpp"
#include "kundenwert/numeric/hypergeometric.hpp"

namespace kundenwert::btyd {

struct pareto_nbd {
  static constexpr std::int32_t number = 2;
  static constexpr std::string_view name = "pareto_nbd";
  static constexpr std::string_view title = "Pareto/NBD";
  static constexpr std::string_view source = "Schmittlein, Morrison & Colombo (1987), Management Science 33";
  static constexpr std::array mixtures{
      mixture_fact{"purchase_rate", mixing::gamma, "r", "alpha", "purchases per time unit while alive"},
      mixture_fact{"dropout_rate", mixing::gamma, "s", "beta", "rate of leaving per time unit"}};
  static constexpr std::array parameters{
      parameter_fact{"r", 0, "shape of the gamma distribution of purchase rates"},
      parameter_fact{"alpha", 1, "rate of the gamma distribution of purchase rates", covariate_link::purchase, -1},
      parameter_fact{"s", 0, "shape of the gamma distribution of dropout rates"},
      parameter_fact{"beta", 1, "rate of the gamma distribution of dropout rates", covariate_link::dropout, -1}};
  // The first that fits is meant.
  static constexpr std::array limits{limit_fact{"beta", true, "a part of the customers leaves at once"},
                                     limit_fact{"s", true, "dropout not identified: collapses to NBD"},
                                     limit_fact{"s", false, "all customers drop out at the same rate"},
                                     limit_fact{"beta", false, "dropout not identified: collapses to NBD"},
                                     limit_fact{"r", false, "all customers buy at the same rate"}};
  using row = summary_row;

  // A dropout rate of about one per observation and a purchase rate that then matches the mean frequency.
  static parameter_values<pareto_nbd> start(const totals& t) {
    const double mean_age = t.age / t.weight;
    const double rate = std::max(t.frequency, 0.5) / t.age;
    return {0.5, 0.25 / rate, 0.5, 0.5 * mean_age};
  }

  static std::string remark(const parameter_values<pareto_nbd>& theta) {
    if (theta[2] > 1) return {};
    return "s <= 1: the mean lifetime is infinite; value needs a horizon or a discount rate";
  }

  template <class S>
  static S count_term(const std::array<S, 4>& theta, double x) {
    using numeric::log_rising;
    return log_rising(theta[0], x);
  }

  template <class S>
  static S row_term(const std::array<S, 4>& theta, const row& c) {
    using numeric::value_of;
    using std::exp;
    using std::log1p;
    const auto& [r, alpha, s, beta] = theta;
    if (c.frequency == 0) {
      // 1 - L is the probability of at least one purchase; near T = 0 it keeps the digits that 1 - ... would lose.
      if (c.age == 0) return S(0.0);
      using std::log;
      const S log_purchase = log(r) - log(alpha) + numeric::log_power_integral(r + 1.0, s, alpha, beta, c.age);
      if (value_of(log_purchase) < log_half) return log1p(-exp(log_purchase));
    }
    const S alive = log_alive(theta, c);
    if (c.age == c.recency) return alive;
    return numeric::log_add_exp(alive, log_dead(theta, c));
  }

  static double probability_alive(const parameter_values<pareto_nbd>& theta, const row& c) {
    if (c.age == c.recency) return 1;
    return 1 / (1 + std::exp(log_dead(theta, c) - log_alive(theta, c)));
  }

  // Of somebody alive; Fader & Hardie, note 009, eq. 41, is expected_purchases of it.
  static lifetime_state<pareto_lifetime> state(const parameter_values<pareto_nbd>& theta, const row& c) {
    const auto& [r, alpha, s, beta] = theta;
    return {r + c.frequency, alpha + c.age, {s, beta + c.age}};
  }

  // E[lambda | history]; those who are gone left between t_x and T, with the density of log_dead.
  static double purchase_rate(const parameter_values<pareto_nbd>& theta, const row& c) {
    const auto& [r, alpha, s, beta] = theta;
    const double alive = probability_alive(theta, c);
    double mean = alive / (alpha + c.age);
    if (alive < 1) mean += (1 - alive) / (alpha + c.recency) * gone_ratio(theta, c, 1, 0);
    return (r + c.frequency) * mean;
  }

  // E[mu | history].
  static double dropout_rate(const parameter_values<pareto_nbd>& theta, const row& c) {
    const auto& [r, alpha, s, beta] = theta;
    const double alive = probability_alive(theta, c);
    double mean = alive * s / (beta + c.age);
    if (alive < 1) mean += (1 - alive) * (s + 1) / (beta + c.recency) * gone_ratio(theta, c, 0, 1);
    return mean;
  }

 private:
  static constexpr double log_half = -0.693147180559945309;

  // ln of the density of having bought x times, the last at t_x, and being alive at T, without Gamma(r + x)/Gamma(r).
  template <class S>
  static S log_alive(const std::array<S, 4>& theta, const row& c) {
    using std::log;
    using std::log1p;
    const auto& [r, alpha, s, beta] = theta;
    S out = -(r * log1p(c.age / alpha)) - s * log1p(c.age / beta);
    if (c.frequency > 0) out = out - c.frequency * log(alpha + c.age);
    return out;
  }

  // The same for having died between t_x and T.
  template <class S>
  static S log_dead(const std::array<S, 4>& theta, const row& c) {
    using std::log;
    using std::log1p;
    const auto& [r, alpha, s, beta] = theta;
    const S p = alpha + c.recency;
    const S q = beta + c.recency;
    S out = log(s) - log(q) + numeric::log_power_integral(r + c.frequency, s + 1.0, p, q, c.age - c.recency);
    if (c.recency > 0) out = out - r * log1p(c.recency / alpha) - s * log1p(c.recency / beta);
    if (c.frequency > 0) out = out - c.frequency * log(p);
    return out;
  }

  // E[(1 + u / (alpha + t_x))^-i (1 + u / (beta + t_x))^-j] over the time u from t_x to the end of those who are gone.
  static double gone_ratio(const parameter_values<pareto_nbd>& theta, const row& c, double i, double j) {
    // A lambda captures no structured binding before C++20's later corrections, which clang 14 has not.
    const auto log_integral = [&](double first, double second) {
      return numeric::log_power_integral(theta[0] + c.frequency + first, theta[2] + 1 + second, theta[1] + c.recency,
                                         theta[3] + c.recency, c.age - c.recency);
    };
    return std::exp(log_integral(i, j) - log_integral(0, 0));
  }
};

}  // namespace kundenwert::btyd
