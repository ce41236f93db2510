// What the rules of the lifecycle can be told: windows and thresholds, all with a default.
//
// References: domain specification B4.2.
#pragma once

#include <cstdint>

#include "kundenwert/base/check.hpp"

namespace kundenwert::lifecycle {

// Defaults in days unless said otherwise; domain specification B4.2.
struct phase_parameters {
  std::int32_t new_window = 90;
  std::int32_t acquisition_window = 90;
  std::int32_t prospect_cold = 365;
  std::int32_t least_gaps = 3;  // gaps that are needed for a median of the customer's own
  std::int32_t default_purchase_gap = 90;
  double soft_factor = 2.0;  // times the purchase gap
  double lost_factor = 4.0;
  std::int32_t soft_least = 30;
  std::int32_t lost_least = 90;
  std::int32_t lost_most = 730;
  double endangered_probability = 0.5;
  double lost_probability = 0.1;
  std::int32_t renewal_window = 90;
  std::int32_t complaint_open_days = 14;
  std::int32_t bad_outcome_window = 180;
  double bad_satisfaction = 50;  // 0 to 100
  double decline_ratio = 0.5;
  double growth_ratio = 1.10;
  std::int32_t development_longest_tenure = 730;
  std::int32_t regained_window = 180;
  std::int32_t win_back_window = 90;
  std::int32_t contract_gap = 30;
};

// Throws sign, domain, missing or non_finite for the first parameter that is none: windows >= 0, factors > 0,
// least_gaps, default_purchase_gap, soft_least and lost_least >= 1, lost_least <= lost_most, probabilities in [0, 1]
// with lost <= endangered, satisfaction in [0, 100], ratios >= 0.
void require_phase_parameters(const phase_parameters& parameters);

inline void require_phase_parameters(const phase_parameters& parameters) {
  const phase_parameters& p = parameters;
  require_not_negative(p.new_window, "new_window");
  require_not_negative(p.acquisition_window, "acquisition_window");
  require_not_negative(p.prospect_cold, "prospect_cold");
  require_positive(p.least_gaps, "least_gaps");
  require_positive(p.default_purchase_gap, "default_purchase_gap");
  require_positive(p.soft_factor, "soft_factor");
  require_positive(p.lost_factor, "lost_factor");
  require_positive(p.soft_least, "soft_least");
  require_positive(p.lost_least, "lost_least");
  if (p.lost_most < p.lost_least) fail(error_code::domain, "lost_most", "is below lost_least");
  require_share(p.endangered_probability, "endangered_probability");
  require_share(p.lost_probability, "lost_probability");
  if (p.lost_probability > p.endangered_probability) {
    fail(error_code::domain, "lost_probability", "is above endangered_probability");
  }
  require_not_negative(p.renewal_window, "renewal_window");
  require_not_negative(p.complaint_open_days, "complaint_open_days");
  require_not_negative(p.bad_outcome_window, "bad_outcome_window");
  require_finite(p.bad_satisfaction, "bad_satisfaction");
  if (p.bad_satisfaction < 0 || p.bad_satisfaction > 100) {
    fail(error_code::domain, "bad_satisfaction", "must be in [0, 100]");
  }
  require_not_negative(p.decline_ratio, "decline_ratio");
  require_not_negative(p.growth_ratio, "growth_ratio");
  require_not_negative(p.development_longest_tenure, "development_longest_tenure");
  require_not_negative(p.regained_window, "regained_window");
  require_not_negative(p.win_back_window, "win_back_window");
  require_not_negative(p.contract_gap, "contract_gap");
}

}  // namespace kundenwert::lifecycle
