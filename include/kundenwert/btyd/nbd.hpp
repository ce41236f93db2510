// NBD: customers buy at a Poisson rate for ever; the rates differ between customers by a gamma distribution. The model
// without dropout that the others are held against.
//
// Reference: Ehrenberg (1959), "The pattern of consumer purchases", Applied Statistics 8. The likelihood here is that
// of the times of the purchases, as in the models with dropout, so that they can be compared; it differs from the
// textbook's, of the counts, by terms without parameters.
//
// paper | name here | unit | domain
// r     | r         | -    | > 0, shape of the purchase rate
// alpha | alpha     | time | > 0, rate of the gamma distribution of the purchase rate
#pragma once

#include <array>
#include <cmath>

#include "kundenwert/btyd/bg_nbd.hpp"
#include "kundenwert/btyd/independent_lifetime.hpp"
#include "kundenwert/btyd/mixture.hpp"
#include "kundenwert/btyd/model.hpp"

namespace kundenwert::btyd {

struct nbd {
  static constexpr std::int32_t number = 5;
  static constexpr std::string_view name = "nbd";
  static constexpr std::string_view title = "NBD";
  static constexpr std::string_view source = "Ehrenberg (1959), Applied Statistics 8";
  static constexpr std::array mixtures{
      mixture_fact{"purchase_rate", mixing::gamma, "r", "alpha", "purchases per time unit while alive"}};
  static constexpr std::array parameters{
      parameter_fact{"r", 0, "shape of the gamma distribution of purchase rates"},
      parameter_fact{"alpha", 1, "rate of the gamma distribution of purchase rates", covariate_link::purchase, -1}};
  // The first that fits is meant.
  static constexpr std::array limits{limit_fact{"r", false, "all customers buy at the same rate"}};
  using row = summary_row;

  static parameter_values<nbd> start(const totals& t) { return {0.5, 0.5 * t.age / std::max(t.frequency, 0.5)}; }

  template <class S>
  static S count_term(const std::array<S, 2>& theta, double x) {
    return numeric::log_rising(theta[0], x);
  }

  template <class S>
  static S row_term(const std::array<S, 2>& theta, const row& c) {
    return bg_nbd::log_purchases(theta[0], theta[1], c.frequency, c.age);
  }

  static double probability_alive(const parameter_values<nbd>&, const row&) { return 1; }

  static lifetime_state<endless_lifetime> state(const parameter_values<nbd>& theta, const row& c) {
    return {theta[0] + c.frequency, theta[1] + c.age, {}};
  }

  static double purchase_rate(const parameter_values<nbd>& theta, const row& c) {
    return (theta[0] + c.frequency) / (theta[1] + c.age);
  }
};

}  // namespace kundenwert::btyd
