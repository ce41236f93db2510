// sBG, the shifted beta-geometric: contracts are renewed at the end of each period or end for good; each customer has a
// chance of his own to refuse, the same at every renewal, beta distributed among customers. Renewal rates of a cohort
// rise with its age only because those who refuse often leave first.
//
// The rows are contracts: `tenure` renewals so far, `ended` 1 where the next one was refused. With S(t) the share that
// renewed t times: an ended contract has probability S(tenure) - S(tenure + 1), a running one S(tenure).
//   Fader & Hardie's T, the period in which a customer is lost, is tenure + 1 of an ended contract; their table of
//   customers per year 0 ... n is read by btyd/cohort_table.
//   PyMC-Marketing's recency and T: tenure = recency - 1, ended where recency < T.
//
// Reference: Fader & Hardie (2007), "How to Project Customer Retention", Journal of Interactive Marketing 21.
//
// paper | name here | unit | domain
// alpha | alpha     | -    | > 0, beta distribution of the chance to refuse
// beta  | beta      | -    | > 0
// t     | tenure    | -    | whole number >= 0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "kundenwert/btyd/mixture.hpp"
#include "kundenwert/btyd/model.hpp"
#include "kundenwert/btyd/renewals.hpp"

namespace kundenwert::btyd {

struct shifted_beta_geometric {
  static constexpr std::int32_t number = 10;
  static constexpr std::string_view name = "shifted_beta_geometric";
  static constexpr std::string_view title = "sBG";
  static constexpr std::string_view source = "Fader & Hardie (2007), Journal of Interactive Marketing 21";
  static constexpr bool is_discrete = true;
  static constexpr std::array parameters{
      parameter_fact{"alpha", 0, "first shape of the beta distribution of the chance to refuse a renewal",
                     covariate_link::dropout, 1},
      parameter_fact{"beta", 0, "second shape of the beta distribution of the chance to refuse a renewal",
                     covariate_link::dropout_b, -1}};
  static constexpr std::array limits{
      limit_fact{"alpha", true, "nobody refuses a renewal"},
      limit_fact{"alpha", false, "the same chance to refuse for everybody, alpha / (alpha + beta)"},
      limit_fact{"beta", true, "nobody renews"},
      limit_fact{"beta", false, "the same chance to refuse for everybody, alpha / (alpha + beta)"}};
  static constexpr std::array mixtures{
      mixture_fact{"refusal_probability", mixing::beta, "alpha", "beta", "chance to refuse a renewal"}};
  using row = tenure_row;

  // A chance to refuse that would match the mean tenure were all contracts ended.
  static parameter_values<shifted_beta_geometric> start(const totals& t) {
    return {1, std::clamp(t.frequency / t.weight, 0.1, 1000.0)};
  }

  // Nothing depends on the tenure alone: running and ended contracts differ.
  template <class S>
  static S count_term(const std::array<S, 2>&, double) {
    return S(0.0);
  }

  template <class S>
  static S row_term(const std::array<S, 2>& theta, const row& contract) {
    using numeric::log_beta_ratio;
    using std::log1p;
    const auto& [alpha, beta] = theta;
    const S kept = log_beta_ratio(alpha, beta, contract.tenure);
    if (contract.ended == 0) return kept;
    return kept - log1p((beta + contract.tenure) / alpha);
  }

  static double probability_alive(const parameter_values<shifted_beta_geometric>&, const row& contract) {
    return contract.ended == 0 ? 1 : 0;
  }

  // Of a contract that runs.
  static renewal_state state(const parameter_values<shifted_beta_geometric>& theta, const row& contract) {
    return {theta[0], theta[1], 1, contract.tenure};
  }

  // P(the next renewal is not refused); 0 for an ended contract.
  static double retention_rate(const parameter_values<shifted_beta_geometric>& theta, const row& contract) {
    const auto& [alpha, beta] = theta;
    return contract.ended == 0 ? (beta + contract.tenure) / (alpha + beta + contract.tenure) : 0;
  }

  // E[chance to refuse | history].
  static double dropout_probability(const parameter_values<shifted_beta_geometric>& theta, const row& contract) {
    const auto& [alpha, beta] = theta;
    return (alpha + contract.ended) / (alpha + beta + contract.tenure + contract.ended);
  }
};

}  // namespace kundenwert::btyd
