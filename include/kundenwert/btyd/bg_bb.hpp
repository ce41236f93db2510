// BG/BB: customers who can buy at given opportunities only (a yearly appeal, a weekly issue, a visit): at each they
// first leave for good with a chance of their own and, if they stay, buy with another chance of their own.
//
// The rows: frequency = opportunities used, recency = number of the last one used (0: none), T = opportunities so far,
// all whole numbers with frequency <= recency <= T; T may differ between customers. Time counts opportunities.
//
// P(alive) is at T, as in the models of continuous time: having stayed at opportunity T. The paper's table 6 and BTYD
// give it at T + 1, after one draw more: probability_alive_after(1) here; lifetimes' and PyMC-Marketing's m periods
// ahead are probability_alive_after(m). The discounted residual transactions begin at opportunity T + 1, discounted by
// one period, as the paper's DERT and BTYD's.
//
// Reference: Fader, Hardie & Shang (2010), "Customer-Base Analysis in a Discrete-Time Noncontractual Setting",
// Marketing Science 29, eq. 5 (likelihood), 10-14 (the future).
//
// paper | name here | unit          | domain
// alpha | alpha     | -             | > 0, beta distribution of the chance to buy at an opportunity
// beta  | beta      | -             | > 0
// gamma | gamma     | -             | > 0, beta distribution of the chance to leave at an opportunity
// delta | delta     | -             | > 0
// x     | frequency | opportunities | whole number >= 0
// t_x   | recency   | opportunities | whole number in [frequency, T], 0 where x = 0
// n     | age       | opportunities | whole number >= 0
//
// ln L, exact to T in the thousands: the chance to buy x times till t_x, the last at t_x, and the chance of silence in
// the T - t_x opportunities since then (opportunities.hpp), one loop over them that ends where nothing is left to add.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "kundenwert/btyd/mixture.hpp"
#include "kundenwert/btyd/model.hpp"
#include "kundenwert/btyd/opportunities.hpp"

namespace kundenwert::btyd {

struct bg_bb {
  static constexpr std::int32_t number = 9;
  static constexpr std::string_view name = "bg_bb";
  static constexpr std::string_view title = "BG/BB";
  static constexpr std::string_view source = "Fader, Hardie & Shang (2010), Marketing Science 29";
  static constexpr bool is_discrete = true;
  static constexpr std::array parameters{
      parameter_fact{"alpha", 0, "first shape of the beta distribution of the chance to buy at an opportunity"},
      parameter_fact{"beta", 0, "second shape of the beta distribution of the chance to buy at an opportunity"},
      parameter_fact{"gamma", 0, "first shape of the beta distribution of the chance to leave at an opportunity"},
      parameter_fact{"delta", 0, "second shape of the beta distribution of the chance to leave at an opportunity"}};
  static constexpr std::array limits{
      limit_fact{"alpha", false, "the same chance to buy for everybody"},
      limit_fact{"beta", true, "everybody alive buys at every opportunity"},
      limit_fact{"beta", false, "the same chance to buy for everybody"},
      limit_fact{"gamma", true, "dropout not identified: nobody leaves, beta-binomial"},
      limit_fact{"gamma", false, "the same chance to leave for everybody"},
      limit_fact{"delta", false, "dropout not identified: nobody leaves, beta-binomial"}};
  static constexpr std::array mixtures{
      mixture_fact{"purchase_probability", mixing::beta, "alpha", "beta", "chance to buy at an opportunity"},
      mixture_fact{"dropout_probability", mixing::beta, "gamma", "delta", "chance to leave at an opportunity"}};
  using row = summary_row;

  // Throws where a row of whole numbers is no history of opportunities; after the checks of every summary row.
  static void require_row(const summary_row& r, std::int64_t row) {
    if (r.recency != std::floor(r.recency)) {
      fail_at(error_code::not_integer, "recency", row, "is no whole number: " + std::to_string(r.recency));
    }
    if (r.age != std::floor(r.age)) {
      fail_at(error_code::not_integer, "T", row, "is no whole number: " + std::to_string(r.age));
    }
    if (r.frequency > r.recency) {
      fail_at(error_code::domain, "frequency", row,
              std::to_string(r.frequency) + " opportunities used, more than there were till the last one used, " +
                  std::to_string(r.recency));
    }
  }

  // Half the customers are gone at the mean T; those alive bought at somewhat more than the share observed.
  static parameter_values<bg_bb> start(const totals& t) {
    constexpr double of_alive = 1.3;
    const double share = std::clamp(of_alive * t.frequency / t.age, 0.05, 0.9);
    return {1, 1 / share - 1, 1, std::clamp(t.age / t.weight, 1.0, 1000.0)};
  }

  // The first x of the t_x opportunities bought at ...
  template <class S>
  static S count_term(const std::array<S, 4>& theta, double x) {
    return numeric::log_beta_ratio(theta[1], theta[0], x);
  }

  // ... and the others skipped: any order has the same probability.
  template <class S>
  static S row_term(const std::array<S, 4>& theta, const row& c) {
    using numeric::log_beta_ratio;
    const auto& [alpha, beta, gamma, delta] = theta;
    const double skipped = c.recency - c.frequency;
    const S bought = alpha + c.frequency;
    return log_beta_ratio(bought, beta, skipped) + log_beta_ratio(gamma, delta, c.recency) +
           since(bought, S(beta + skipped), gamma, S(delta + c.recency), c.age - c.recency);
  }

  static double probability_alive(const parameter_values<bg_bb>& theta, const row& c) {
    const double silence = c.age - c.recency;
    if (silence == 0) return 1;
    const auto then = state(theta, {c.frequency, c.recency, c.recency});
    const double kept = numeric::log_beta_ratio(then.alpha, then.beta, silence) +
                        numeric::log_beta_ratio(then.gamma, then.delta, silence);
    return std::min(std::exp(kept - log_silence(then, silence)), 1.0);
  }

  // Of somebody alive at T.
  static opportunity_state state(const parameter_values<bg_bb>& theta, const row& c) {
    const auto& [alpha, beta, gamma, delta] = theta;
    return {alpha + c.frequency, beta + (c.age - c.frequency), gamma, delta + c.age};
  }

  // E[chance to buy at an opportunity | history]: those who are gone skipped fewer.
  static double purchase_rate(const parameter_values<bg_bb>& theta, const row& c) {
    const auto then = state(theta, {c.frequency, c.recency, c.recency});
    const double silence = c.age - c.recency;
    const double tries = then.alpha + then.beta;
    double sum = 0;
    const auto ways = detail::pass(then, silence, [&](double i, double leaving, const detail::passing&) {
      sum += leaving * then.alpha / (tries + i);
    });
    return (sum + ways.alive * then.alpha / (tries + silence)) / ways.silent();
  }

  // E[chance to leave at an opportunity | history].
  static double dropout_probability(const parameter_values<bg_bb>& theta, const row& c) {
    const auto then = state(theta, {c.frequency, c.recency, c.recency});
    const double silence = c.age - c.recency;
    const double draws = then.gamma + then.delta;
    double sum = 0;
    const auto ways = detail::pass(then, silence, [&](double i, double leaving, const detail::passing&) {
      sum += leaving * (then.gamma + 1) / (draws + i + 1);
    });
    return (sum + ways.alive * then.gamma / (draws + silence)) / ways.silent();
  }

 private:
  static double since(double alpha, double beta, double gamma, double delta, double t) {
    return log_silence({alpha, beta, gamma, delta}, t);
  }
  template <std::size_t N, int Order>
  static numeric::dual<N, Order> since(const numeric::dual<N, Order>& alpha, const numeric::dual<N, Order>& beta,
                                       const numeric::dual<N, Order>& gamma, const numeric::dual<N, Order>& delta,
                                       double t) {
    return log_silence(alpha, beta, gamma, delta, t);
  }
};

}  // namespace kundenwert::btyd
