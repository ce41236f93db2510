// BG/NBD: customers buy at a Poisson rate and after each repeat purchase drop out with a probability of their own; the
// rate is gamma, the probability beta distributed. A customer without repeat purchases is alive by construction.
//
// References: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way", Marketing Science 24, eq. 6 and 10;
// Fader & Hardie, note 027 (the logarithmic form); note 021 (P(alive)).
//
// paper | name here | unit | domain
// r     | r         | -    | > 0, shape of the purchase rate
// alpha | alpha     | time | > 0, rate of the gamma distribution of the purchase rate
// a, b  | a, b      | -    | > 0, beta distribution of the dropout probability
#pragma once

#include <array>
#include <cmath>
#include <string>

#include "kundenwert/btyd/beta_geometric.hpp"
#include "kundenwert/btyd/mixture.hpp"
#include "kundenwert/btyd/model.hpp"

namespace kundenwert::btyd {

struct bg_nbd {
  static constexpr std::int32_t number = 1;
  static constexpr std::string_view name = "bg_nbd";
  static constexpr std::string_view title = "BG/NBD";
  static constexpr std::string_view source = "Fader, Hardie & Lee (2005), Marketing Science 24";
  static constexpr std::array mixtures{
      mixture_fact{"purchase_rate", mixing::gamma, "r", "alpha", "purchases per time unit while alive"},
      mixture_fact{"dropout_probability", mixing::beta, "a", "b", "probability of leaving after a purchase"}};
  static constexpr std::array parameters{
      parameter_fact{"r", 0, "shape of the gamma distribution of purchase rates"},
      parameter_fact{"alpha", 1, "rate of the gamma distribution of purchase rates", covariate_link::purchase, -1},
      parameter_fact{"a", 0, "first shape of the beta distribution of dropout probabilities", covariate_link::dropout,
                     1},
      parameter_fact{"b", 0, "second shape of the beta distribution of dropout probabilities",
                     covariate_link::dropout_b, -1}};
  // The first that fits is meant.
  static constexpr std::array limits{limit_fact{"a", false, "all customers drop out with the same probability"},
                                     limit_fact{"a", true, "dropout not identified: collapses to NBD"},
                                     limit_fact{"b", false, "dropout not identified: collapses to NBD"},
                                     limit_fact{"b", true, "every customer is gone after the first repeat purchase"},
                                     limit_fact{"r", false, "all customers buy at the same rate"}};
  using row = summary_row;

  // One dropout in four purchases and a purchase rate that matches the mean frequency.
  static parameter_values<bg_nbd> start(const totals& t) {
    const double rate = std::max(t.frequency, 0.5) / t.age;
    return {0.5, 0.25 / rate, 1, 3};
  }

  static std::string remark(const parameter_values<bg_nbd>& theta) {
    if (theta[2] > 1) return {};
    return "a <= 1: the mean number of purchases without end of time is infinite; value needs a horizon or a discount "
           "rate";
  }

  template <class S>
  static S count_term(const std::array<S, 4>& theta, double x) {
    using numeric::log_rising;
    const auto& [r, alpha, a, b] = theta;
    return log_rising(r, x) + log_rising(b, x) - log_rising(a + b, x);
  }

  template <class S>
  static S row_term(const std::array<S, 4>& theta, const row& c) {
    using std::log;
    const auto& [r, alpha, a, b] = theta;
    const double x = c.frequency;
    const S alive = log_purchases(r, alpha, x, c.age);
    if (x == 0) return alive;
    return numeric::log_add_exp(alive, log(a) - log(b + (x - 1)) + log_purchases(r, alpha, x, c.recency));
  }

  static double probability_alive(const parameter_values<bg_nbd>& theta, const row& c) {
    const auto& [r, alpha, a, b] = theta;
    if (c.frequency == 0) return 1;
    const double odds_dead = a / (b + (c.frequency - 1)) * std::exp((r + c.frequency) * log_silence(alpha, c));
    return 1 / (1 + odds_dead);
  }

  // Of somebody alive, after x purchases that were survived.
  static beta_geometric_state state(const parameter_values<bg_nbd>& theta, const row& c) {
    const auto& [r, alpha, a, b] = theta;
    return {r + c.frequency, alpha + c.age, a, b + c.frequency};
  }

  // E[lambda | history]: those who are gone left at t_x.
  static double purchase_rate(const parameter_values<bg_nbd>& theta, const row& c) {
    const auto& [r, alpha, a, b] = theta;
    const double alive = probability_alive(theta, c);
    return (r + c.frequency) * (alive / (alpha + c.age) + (1 - alive) / (alpha + c.recency));
  }

  // E[p | history].
  static double dropout_probability(const parameter_values<bg_nbd>& theta, const row& c) {
    const auto& [r, alpha, a, b] = theta;
    const double gone = 1 - probability_alive(theta, c);
    return (a + gone) / (a + b + c.frequency);
  }

  // ln of alpha^r (alpha + t)^-(r + x).
  template <class S>
  static S log_purchases(const S& r, const S& alpha, double x, double t) {
    using std::log;
    using std::log1p;
    S out = -(r * log1p(t / alpha));
    if (x > 0) out = out - x * log(alpha + t);
    return out;
  }

  // ln((alpha + T) / (alpha + t_x)).
  static double log_silence(double alpha, const row& c) {
    return std::log1p((c.age - c.recency) / (alpha + c.recency));
  }
};

}  // namespace kundenwert::btyd
