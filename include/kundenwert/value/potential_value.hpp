// Potential value: what a customer would be worth in addition if his share of wallet rose to a target.
//
//   potential = (target - now) * wallet * margin rate * multiple
//
// Reference: domain specification B1.2 (potential value); the multiple is that of margin_multiple.hpp.
//
// term            | name here    | unit                | domain
// wallet          | wallet       | currency per period | >= 0: all the customer spends on what we could sell
// share of wallet | share_now, share_target | share    | [0, 1]; a target below the present share gives a loss
// margin rate     | margin_rate  | share of revenue    | [0, 1]
// multiple        | multiple     |                     | >= 0
#pragma once

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"

namespace kundenwert::value {

struct wallet_share {
  double wallet = not_available;
  double share_now = not_available;
  double share_target = not_available;
  double margin_rate = not_available;
};

// Throws missing, non_finite, sign or domain for the first member outside its domain.
inline double potential_value(const wallet_share& customer, double multiple) {
  require_not_negative(customer.wallet, "wallet");
  require_share(customer.share_now, "share_now");
  require_share(customer.share_target, "share_target");
  require_share(customer.margin_rate, "margin_rate");
  require_not_negative(multiple, "multiple");
  return (customer.share_target - customer.share_now) * customer.wallet * customer.margin_rate * multiple;
}

}  // namespace kundenwert::value
