// The phase of a customer's life on a day: one of ten, by rules that are told with every result. Deterministic, and
// without looking ahead: what is dated after `as_of` changes nothing.
//
// References: domain specification B4.1 (inputs), B4.2 (parameters), B4.3 (rules in order), B4.4 (mapping).
//
// term        | name here       | unit | domain
// t           | as_of           | day  | the last day whose data are known
// IPT         | purchase_gap    | days | median gap of purchase days, or default_purchase_gap with too few gaps
// soft_thr    | soft_threshold  | days | beyond it a customer is inactive
// lost_thr    | lost_threshold  | days | beyond it a customer without contract is lost
// recency     | days_since_purchase | days | t - last purchase day
// tenure      | tenure          | days | t - the earlier of first purchase and first contract start
// x           | repeat_purchases |     | distinct purchase days - 1
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/model/customer_base.hpp"

namespace kundenwert::lifecycle {

#define KW_PHASES(X)                                                 \
  X(1, prospect, "nothing bought yet")                               \
  X(2, prospect_cold, "nothing bought yet, and no contact for long") \
  X(3, acquisition, "nothing bought yet, in contact")                \
  X(4, new_, "first purchase or contract not long ago")              \
  X(5, development, "young or growing relationship")                 \
  X(6, mature, "bound to the business")                              \
  X(7, endangered, "active, with at least one sign of danger")       \
  X(8, regained, "back after having been lost")                      \
  X(9, lost, "gone")                                                 \
  X(10, win_back, "gone, and being won back")
KW_DEFINE_CODES(phase, phases, KW_PHASES)

// Bits of a mask, in the order in which they are told.
#define KW_RISKS(X)                                                                        \
  X(1, cancellation_notice, "an active contract has been cancelled")                       \
  X(2, contract_expiring, "every active contract ends soon and none follows")              \
  X(4, open_complaint, "a complaint has been open for too long")                           \
  X(8, bad_complaint_outcome, "the solution of a recent complaint did not satisfy")        \
  X(16, low_probability_alive, "the model holds it for likely that the customer has gone") \
  X(32, inactivity, "no purchase for longer than usual for this customer")                 \
  X(64, margin_decline, "the margin of the last twelve months fell against the twelve before")
KW_DEFINE_CODES(risk, risks, KW_RISKS)

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

// The phase of one customer and what decided it.
struct phase_finding {
  lifecycle::phase phase{};  // 0: nothing is known of the customer on that day
  std::uint32_t risks = 0;   // mask of risk; not 0 exactly where endangered
  bool is_customer = false;  // current: neither potential nor lost
  bool has_active_contract = false;
  bool has_open_complaint = false;        // however short, of dissatisfaction: stops promotion
  std::int32_t repeat_purchases = -1;     // -1: no purchase
  std::int32_t days_since_purchase = -1;  // -1: no purchase
  std::int32_t tenure = -1;               // -1: no purchase and no contract
  double purchase_gap = not_available;
  double soft_threshold = not_available;
  double lost_threshold = not_available;
  double margin_ratio = not_available;  // last twelve months over the twelve before; NaN where that is not positive
  std::int32_t regained_on = no_day;    // the day a counting lost spell ended, within regained_window
};

// The finding for one customer on a day. `probability_alive` NaN where none is given; it is not used without repeat
// purchases. The parameters must have been checked by require_phase_parameters.
phase_finding phase_at(const customer_history& customer, std::int32_t as_of, double probability_alive,
                       const phase_parameters& parameters);

// Throws sign, domain or missing for the first parameter that is none: windows >= 0, factors > 0, soft_least and
// lost_least >= 1, lost_least <= lost_most, probabilities in [0, 1] with lost <= endangered, satisfaction in [0, 100].
void require_phase_parameters(const phase_parameters& parameters);

// The findings of all customers; `probability_alive` empty or one per customer (null where not known, else in [0, 1]).
// Throws date_range for as_of, domain with the row for a probability, and what require_phase_parameters throws.
std::vector<phase_finding> classify_phases(const customer_base& base, std::int32_t as_of,
                                           const column<double>& probability_alive = {},
                                           const phase_parameters& parameters = {}, int threads = 1,
                                           progress watch = {});

// How a customer went through a period (from, to]: what retention counts. Rules without probability alive.
enum class passage : std::int32_t {
  none = 0,      // no customer at `from`: not in the base of the rate
  retained = 1,  // a customer at both ends, never lost between
  regained = 2,  // a customer at both ends, lost between: neither retained nor new
  lost = 3,      // a customer at `from`, not at `to`
  joined = 4,    // a customer at `to` for the first time
  returned = 5,  // lost at `from`, a customer at `to`
};
passage passage_of(const customer_history& customer, std::int32_t from, std::int32_t to,
                   const phase_parameters& parameters);
std::vector<passage> classify_passages(const customer_base& base, std::int32_t from, std::int32_t to,
                                       const phase_parameters& parameters = {}, int threads = 1, progress watch = {});

}  // namespace kundenwert::lifecycle
