// A day on which a customer bought or gave something back: what a transaction log comes down to. Purchase days are
// made in ingest alone, so that classification, models and phases share them.
//
// References: domain specification B4.1 (a purchase ends to be one on the day returns cancel it fully; partial returns
// count at their own date), C (several purchases on one day are one purchase day).
//
// name          | unit                    | domain
// day           | civil day               | ascending and distinct for one customer
// cancelled_on  | civil day               | >= day; no_day: still a purchase; day itself: never was one
// revenue       | millionths of the unit  | net of the returns booked on this day
// margin        | millionths of the unit  | revenue less variable cost; revenue itself where costs are not known
#pragma once

#include <cstdint>

#include "kundenwert/base/units.hpp"
#include "kundenwert/model/log_report.hpp"

namespace kundenwert {

struct purchase_day {
  std::int32_t day = no_day;
  std::int32_t cancelled_on = no_day;
  std::int64_t revenue = 0;
  std::int64_t margin = 0;

  bool operator==(const purchase_day&) const = default;

  // Whether it counts as a purchase for somebody who knows what is dated up to `as_of`.
  bool is_purchase(std::int32_t as_of) const {
    return day <= as_of && (cancelled_on == no_day || cancelled_on > as_of);
  }
};

}  // namespace kundenwert
