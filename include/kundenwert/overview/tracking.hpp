// Tracking of the purchases of a customer base (btyd/tracking): a purchase up to as_of counts unless it was cancelled
// up to as_of, a later one unless up to `through`, as in the summary with a hold-out.
//
// References: Fader, Hardie & Lee (2005), "Counting your customers the easy way", figures 3 and 4 (tracking plots);
// domain specification B4.1 (cancelled purchases).
#pragma once

#include <cstdint>

#include "kundenwert/btyd/tracking.hpp"
#include "kundenwert/model/customer_base.hpp"

namespace kundenwert {

// O(purchase days). Throws missing, date_range, date_order, domain for an option.
inline purchase_counts counts_of(const customer_base& base, const tracking_options& options) {
  const tracking_options o = checked(options);
  purchase_counter out(o);
  for (std::int64_t i = 0; i < base.size(); ++i) {
    out.begin_customer();
    for (const auto& p : base.purchases.of(i)) {
      if (p.is_purchase(p.day <= o.as_of ? o.as_of : o.through)) out.take(p.day);
    }
  }
  return out.counts();
}

// What was bought, and what `transactions`, a transaction model in any unit, expects. O(purchase days + days (days +
// 1) / step_days). Throws missing, date_range, date_order, domain for an option; unsupported for a spend model.
template <class Models = btyd::models>
tracking track_repeat_purchases(const customer_base& base, const btyd::model& transactions,
                                const tracking_options& options) {
  return track_counts<Models>(counts_of(base, options), transactions, options);
}

}  // namespace kundenwert
