// Gamma-Gamma: the mean spend of a customer's repeat purchases, gamma distributed around a mean that differs between
// customers; independent of how often they buy.
//
// References: Fader, Hardie & Lee (2005), "RFM and CLV"; Fader & Hardie, note 025, eq. 1a (likelihood) and 5.
//
// Usually the repeat purchases alone are read, as their number is what the transaction models know (gamma_gamma); over
// all purchases, the first one included, there is a row for every customer (gamma_gamma_all).
//
// paper | name here      | unit     | domain
// p     | p              | -        | > 0, shape of spend per purchase
// q     | q              | -        | > 0, shape of the customers' scales; the population mean exists where q > 1
// gamma | v              | currency | > 0, rate of the customers' scales
// x     | frequency      | -        | >= 1 in a fit
// m_x   | monetary_value | currency | > 0, mean of the x repeat purchases
#pragma once

#include <array>
#include <cmath>
#include <string>

#include "kundenwert/base/column.hpp"
#include "kundenwert/btyd/mixture.hpp"
#include "kundenwert/btyd/model.hpp"

namespace kundenwert::btyd {

struct gamma_gamma {
  static constexpr std::int32_t number = 3;
  static constexpr std::string_view name = "gamma_gamma";
  static constexpr std::string_view title = "Gamma-Gamma";
  static constexpr std::string_view source = "Fader & Hardie (2013), note 025";
  static constexpr std::array parameters{
      parameter_fact{"p", 0, "shape of the gamma distribution of spend per purchase"},
      parameter_fact{"q", 0, "shape of the gamma distribution of the customers' spend scales"},
      parameter_fact{"v", 1, "rate of the gamma distribution of the customers' spend scales"}};
  static constexpr std::array mixtures{
      mixture_fact{"spend_scale", mixing::gamma, "q", "v", "the mean spend of a customer is p over it"}};
  using row = spend_row;

  // Population mean p v / (q - 1) at the observed mean spend with p = 2, q = 3.
  static parameter_values<gamma_gamma> start(const totals& t) { return {2, 3, t.age / t.frequency}; }

  // Spend has no part that depends on the frequency alone.
  template <class S>
  static S count_term(const std::array<S, 3>&, double) {
    return S(0.0);
  }

  // -ln B(p x, q) - q ln(1 + m x / v) - p x ln(1 + v / (m x)) - ln m: eq. 1a without large numbers that cancel.
  template <class S>
  static S row_term(const std::array<S, 3>& theta, const row& c) {
    using numeric::log_beta;
    using std::log1p;
    const auto& [p, q, v] = theta;
    const double spent = c.frequency * c.monetary_value;
    const S shape = p * c.frequency;
    return -log_beta(shape, q) - q * log1p(spent / v) - shape * log1p(v / spent) - std::log(c.monetary_value);
  }

  // E[M | x, m] = p (v + m x) / (p x + q - 1); the population mean where x = 0, whatever m. NaN where p x + q <= 1:
  // that mean is infinite.
  static double expected_spend(const parameter_values<gamma_gamma>& theta, double frequency, double monetary_value) {
    const auto& [p, q, v] = theta;
    const double divisor = p * frequency + q - 1;
    if (!(divisor > 0)) return not_available;
    const double spent = frequency == 0 ? 0 : frequency * monetary_value;
    return p * (v + spent) / divisor;
  }

  static std::string remark(const parameter_values<gamma_gamma>& theta) {
    if (theta[1] > 1) return {};
    return "q <= 1: the mean spend of the population is infinite; customers with p x + q <= 1 have no expected spend";
  }
};

struct gamma_gamma_all : gamma_gamma {
  static constexpr std::int32_t number = 12;
  static constexpr std::string_view name = "gamma_gamma_all";
  static constexpr std::string_view title = "Gamma-Gamma over all purchases";
  using row = all_purchases_row;
};

}  // namespace kundenwert::btyd
