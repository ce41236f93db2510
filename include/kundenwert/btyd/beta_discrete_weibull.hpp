// BdW, the beta-discrete-Weibull: the shifted beta-geometric with one parameter more, by which a customer's own chance
// to refuse a renewal falls (c < 1) or rises (c > 1) with the age of the contract; c = 1 is the shifted
// beta-geometric. The rows are those of btyd/shifted_beta_geometric.
//
//   S(t) = B(alpha, beta + t^c) / B(alpha, beta)
//
// Reference: Fader, Hardie, Liu, Davin & Steenburgh (2018), "How to Project Customer Retention" Revisited: The Role of
// Duration Dependence, Journal of Interactive Marketing 43.
//
// paper | name here | unit | domain
// gamma | alpha     | -    | > 0, beta distribution of the chance to refuse the first renewal
// delta | beta      | -    | > 0
// c     | c         | -    | > 0, duration dependence
// t     | tenure    | -    | whole number >= 0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "kundenwert/btyd/mixture.hpp"
#include "kundenwert/btyd/model.hpp"
#include "kundenwert/btyd/renewals.hpp"

namespace kundenwert::btyd {

struct beta_discrete_weibull {
  static constexpr std::int32_t number = 11;
  static constexpr std::string_view name = "beta_discrete_weibull";
  static constexpr std::string_view title = "BdW";
  static constexpr std::string_view source =
      "Fader, Hardie, Liu, Davin & Steenburgh (2018), J. Interactive Marketing 43";
  static constexpr bool is_discrete = true;
  static constexpr std::array parameters{
      parameter_fact{"alpha", 0, "first shape of the beta distribution of the chance to refuse the first renewal"},
      parameter_fact{"beta", 0, "second shape of the beta distribution of the chance to refuse the first renewal"},
      parameter_fact{"c", 0, "duration dependence: above 1 the chance to refuse rises with the age of the contract"}};
  static constexpr std::array limits{limit_fact{"alpha", true, "nobody refuses a renewal"},
                                     limit_fact{"alpha", false, "customers do not differ: discrete Weibull"},
                                     limit_fact{"beta", true, "nobody renews"},
                                     limit_fact{"beta", false, "customers do not differ: discrete Weibull"},
                                     limit_fact{"c", true, "who renews once renews for ever"},
                                     limit_fact{"c", false, "nobody renews twice"}};
  static constexpr std::array mixtures{
      mixture_fact{"refusal_probability", mixing::beta, "alpha", "beta", "chance to refuse the first renewal"}};
  using row = tenure_row;

  static parameter_values<beta_discrete_weibull> start(const totals& t) {
    return {1, std::clamp(t.frequency / t.weight, 0.1, 1000.0), 1};
  }

  template <class S>
  static S count_term(const std::array<S, 3>&, double) {
    return S(0.0);
  }

  template <class S>
  static S row_term(const std::array<S, 3>& theta, const row& contract) {
    using numeric::log1m_exp;
    using std::log1p;
    const auto& [alpha, beta, c] = theta;
    const S kept = log_renewed(alpha, beta, c, 0, contract.tenure);
    if (contract.ended == 0) return kept;
    if (contract.tenure == 0) return -log1p(beta / alpha);
    return kept + log1m_exp(log_renewed(alpha, beta, c, contract.tenure, 1));
  }

  static double probability_alive(const parameter_values<beta_discrete_weibull>&, const row& contract) {
    return contract.ended == 0 ? 1 : 0;
  }

  // Of a contract that runs.
  static renewal_state state(const parameter_values<beta_discrete_weibull>& theta, const row& contract) {
    return {theta[0], theta[1], theta[2], contract.tenure};
  }

  // P(the next renewal is not refused); 0 for an ended contract.
  static double retention_rate(const parameter_values<beta_discrete_weibull>& theta, const row& contract) {
    return contract.ended == 0 ? survival(state(theta, contract), 1) : 0;
  }
};

}  // namespace kundenwert::btyd
