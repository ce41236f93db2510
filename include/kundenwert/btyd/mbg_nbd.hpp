// MBG/NBD: as BG/NBD, but a customer may drop out already after the first purchase, so that one-time buyers are not
// alive by construction.
//
// References: Batislam, Denizel & Filiztekin (2007), International Journal of Research in Marketing 24; Wagner & Hoppe
// (2008), Journal of Modelling in Management 3 (erratum of the expectations).
//
// paper | name here | unit | domain
// r     | r         | -    | > 0, shape of the purchase rate
// alpha | alpha     | time | > 0, rate of the gamma distribution of the purchase rate
// a, b  | a, b      | -    | > 0, beta distribution of the dropout probability
#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "kundenwert/btyd/bg_nbd.hpp"

namespace kundenwert::btyd {

struct mbg_nbd {
  static constexpr std::int32_t number = 4;
  static constexpr std::string_view name = "mbg_nbd";
  static constexpr std::string_view title = "MBG/NBD";
  static constexpr std::string_view source = "Batislam, Denizel & Filiztekin (2007), IJRM 24";
  static constexpr std::array mixtures = bg_nbd::mixtures;
  static constexpr std::array parameters = bg_nbd::parameters;
  // The first that fits is meant.
  static constexpr std::array limits{limit_fact{"a", false, "all customers drop out with the same probability"},
                                     limit_fact{"a", true, "dropout not identified: collapses to NBD"},
                                     limit_fact{"b", false, "dropout not identified: collapses to NBD"},
                                     limit_fact{"b", true, "every customer is gone after the first purchase"},
                                     limit_fact{"r", false, "all customers buy at the same rate"}};
  using row = summary_row;

  static parameter_values<mbg_nbd> start(const totals& t) { return bg_nbd::start(t); }

  // Of the x + 1 chances to drop out, x were survived for certain; the last one is in row_term.
  static std::string remark(const parameter_values<mbg_nbd>& theta) { return bg_nbd::remark(theta); }

  template <class S>
  static S count_term(const std::array<S, 4>& theta, double x) {
    return bg_nbd::count_term(theta, x);
  }

  // ln of (b + x) / (a + b + x) alive + a / (a + b + x) dropped out right after the purchase at t_x.
  template <class S>
  static S row_term(const std::array<S, 4>& theta, const row& c) {
    using std::expm1;
    using std::log;
    using std::log1p;
    const auto& [r, alpha, a, b] = theta;
    const double x = c.frequency;
    const S alive = bg_nbd::log_purchases(r, alpha, x, c.age);
    const S total = a + b + x;
    // Without a repeat purchase 1 - L is a small probability near T = 0: keep its digits.
    constexpr double log_half = -0.693147180559945309;
    if (x == 0 && numeric::value_of(alive) > log_half) return log1p(b / total * expm1(alive));
    const S dropped_out = log(a) + bg_nbd::log_purchases(r, alpha, x, c.recency);
    return numeric::log_add_exp(log(b + x) + alive, dropped_out) - log(total);
  }

  static double probability_alive(const parameter_values<mbg_nbd>& theta, const row& c) {
    const auto& [r, alpha, a, b] = theta;
    return 1 / (1 + a / (b + c.frequency) * std::exp((r + c.frequency) * bg_nbd::log_silence(alpha, c)));
  }

  // Of somebody alive: x + 1 dropouts were survived, after the first purchase and x repeat purchases.
  static beta_geometric_state state(const parameter_values<mbg_nbd>& theta, const row& c) {
    const auto& [r, alpha, a, b] = theta;
    return {r + c.frequency, alpha + c.age, a, b + c.frequency + 1};
  }

  static double purchase_rate(const parameter_values<mbg_nbd>& theta, const row& c) {
    const auto& [r, alpha, a, b] = theta;
    const double alive = probability_alive(theta, c);
    return (r + c.frequency) * (alive / (alpha + c.age) + (1 - alive) / (alpha + c.recency));
  }

  static double dropout_probability(const parameter_values<mbg_nbd>& theta, const row& c) {
    const auto& [r, alpha, a, b] = theta;
    const double gone = 1 - probability_alive(theta, c);
    return (a + gone) / (a + b + c.frequency + 1);
  }
};

}  // namespace kundenwert::btyd
