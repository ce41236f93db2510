// BG/CNBD-k: BG/NBD with regular purchases: the time between two purchases is Erlang-k distributed, k = 1 is BG/NBD.
// A customer without repeat purchases is alive by construction.
//
// Reference: Reutterer, Platzer & Schroeder (2020), "Leveraging purchase regularity for predicting customer behavior
// the easy way", International Journal of Research in Marketing 38. Their expected transactions are an approximation,
// ours are exact.
//
// paper | name here | unit | domain
// r     | r         | -    | > 0, shape of the rate of the purchase clock
// alpha | alpha     | time | > 0, rate of the gamma distribution of that rate
// a, b  | a, b      | -    | > 0, beta distribution of the dropout probability
// k     | k         | -    | 1 ... 12, events of the clock per purchase
#pragma once

#include <array>
#include <string_view>

#include "kundenwert/btyd/bg_nbd.hpp"
#include "kundenwert/btyd/erlang_dropout.hpp"
#include "kundenwert/btyd/model.hpp"

namespace kundenwert::btyd {

struct bg_cnbd_k : erlang_history<false> {
  static constexpr std::int32_t number = 7;
  static constexpr std::string_view name = "bg_cnbd_k";
  static constexpr std::string_view title = "BG/CNBD-k";
  static constexpr std::string_view source = "Reutterer, Platzer & Schroeder (2020), IJRM 38";
  static constexpr std::array parameters = erlang_parameters;
  using row = summary_row;

  // As BG/NBD: k = 1.
  static parameter_values<bg_cnbd_k> start(const totals& t) {
    const auto [r, alpha, a, b] = bg_nbd::start(t);
    return {r, alpha, a, b, 1};
  }

  // What the likelihood has beside the row: (k - 1) times the sum of the logarithms of all intervals between purchases.
  static double interval_term(const parameter_values<bg_cnbd_k>& theta, double log_interval_sum) {
    return (theta[4] - 1) * log_interval_sum;
  }
};

}  // namespace kundenwert::btyd
