// What a simulated business is drawn from: parameters with a meaning, each with a default, all checked before a draw.
//
// References: Schmittlein, Morrison & Colombo (1987) (Pareto/NBD: purchases and lifetimes); Fader & Hardie, note 025
// (Gamma-Gamma: spend); Fader & Hardie (2007) (beta-geometric contracts); domain specification B4, C.
//
// paper    | name here                                  | conversion
// r, alpha | purchase.shape, purchase.per_year          | alpha = shape * 365.25 / per_year days
// s, beta  | purchase.dropout_shape, .dropouts_per_year | beta = dropout_shape * 365.25 / dropouts_per_year days
// p        | spend.shape                                | -
// q, v     | spend.scale_shape, spend.mean              | v = mean (scale_shape - 1) / shape
// a, b     | contract.monthly_churn, .churn_precision   | a = churn * precision, b = (1 - churn) * precision
//
// Means of a waiting time are in days, and the time is exponential; rates are per year of 365.25 days; shares in [0,
// 1].
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/model/log_report.hpp"

namespace kundenwert::simulate {

// What a customer is by nature; the shares add up to 1.
struct type_shares {
  double buyer = 0.80;     // buys without contract
  double contract = 0.10;  // has contracts, one after the other
  double both = 0.05;
  double prospect = 0.05;  // never buys
};

// How customers come in: from first_day to as_of.
struct acquisition_parameters {
  double growth_per_year = 0;  // continuous rate at which the number of new customers per day grows
  double decision_days = 14;   // mean time from becoming known to the first purchase or contract; 0: none
};

// Purchases of a customer: Poisson from the first one on until the customer drops out, both at rates of their own.
struct purchase_parameters {
  double per_year = 6;             // mean purchase rate over customers; > 0
  double shape = 1;                // of the gamma distribution of purchase rates; > 0
  double dropouts_per_year = 0.5;  // mean dropout rate over customers; >= 0
  double dropout_shape = 1;        // of the gamma distribution of dropout rates; > 0
  double growth_per_year = 0;      // mean continuous growth of a customer's own rate; in [-1, 1]
  double growth_deviation = 0;     // its normal standard deviation over customers; in [0, 0.5]
};

// Spend of a purchase, in the currency's unit, rounded to hundredths, at least 0.01.
struct spend_parameters {
  double mean = 60;                  // over customers; > 0
  double shape = 4;                  // of the gamma distribution of a customer's purchases; > 0
  double scale_shape = 4;            // of the gamma distribution of customers' scales; > 1; near 1 a few are very big
  double business_share = 0;         // customers who are companies
  double business_factor = 1;        // their spend and contract amounts are times this; > 0
  double variable_cost_share = 0.6;  // mean over customers of variable cost / revenue; in (0, 1)
  double cost_precision = 40;        // a + b of its beta distribution over customers; > 0
};

struct return_parameters {
  double share = 0.05;      // of purchases with one return
  double full_share = 0.6;  // of returns that are of everything; the others of a uniform share of the amount
  double delay_days = 10;   // mean; at least one day passes
};

// Contracts are paid at the begin of each period. Automatic ones go on until cancelled for the end of a period; manual
// ones run for 12 months and are signed anew or not. The decision falls lead days before the end of the period or
// term, not before its begin: the notice, or the signature under the next contract.
struct contract_parameters {
  double monthly_amount = 30;       // mean; > 0
  double amount_shape = 4;          // of its gamma distribution; > 0
  double monthly_churn = 0.02;      // mean over customers of the chance to leave, per month; in (0, 1)
  double churn_precision = 10;      // a + b of its beta distribution over customers; > 0
  double automatic_share = 0.7;     // with automatic renewal
  double quarterly_share = 0.1;     // paid every three months
  double yearly_share = 0.1;        // paid every twelve months; the rest monthly
  std::int32_t shortest_lead = 14;  // days; >= 0
  std::int32_t longest_lead = 45;   // days; uniform between the two
};

// Who has left and has been silent for long may be called; some come back as they were.
struct win_back_parameters {
  std::int32_t silent_days = 365;  // from the last purchase on, for those without contract
  double attempt_share = 0.5;      // of those who left
  double delay_days = 45;          // mean, from then to the call
  double success_share = 0.2;      // of calls
  double return_days = 10;         // mean, from the call to the new purchase or contract
};

struct contact_parameters {
  double inbound_per_year = 0.5;     // from customers: questions and service
  double outbound_per_year = 1;      // to customers: information and sales
  std::int32_t visible_days = 365;   // without contract, that long after the last purchase somebody counts as customer
  double prospect_per_year = 4;      // in both directions, before the first purchase
  std::int32_t prospect_days = 120;  // for that long
};

// Complaints come at a Poisson rate during the relationship. A share ends badly, and a share of those makes the
// customer leave: no purchase from that day on, no contract beyond the next decision.
struct complaint_parameters {
  double per_year = 0.15;
  double bad_share = 0.3;              // satisfaction with the outcome below 50, else 50 to 100
  double leaving_share = 0.4;          // of the bad ones
  double suggestions_per_year = 0.03;  // suggestions, hints and praise
  double response_days = 2;
  double resolution_days = 8;       // mean, from the response on
  double bad_resolution_days = 25;  // the same for those that end badly
  double unresolved_share = 0.03;   // never resolved
  double reopened_share = 0.1;      // of those resolved
};

// Money that customers cost beside variable cost.
struct cost_parameters {
  double acquisition = 25;         // mean at the start of the relationship (gamma with shape 4); 0: none
  double per_contact = 4;          // head service, at every contact; head win_back at a call to win back
  double per_complaint = 20;       // head complaint
  double care_per_month = 0.5;     // head care, while somebody counts as customer
  std::int32_t care_months = 6;    // booked at the begin of so many months; >= 1
  double marketing_per_month = 0;  // of the whole business, without a customer
};

struct profile_parameters {
  double excluded_share = 0.01;
  double consent_yes_share = 0.6;
  double consent_no_share = 0.15;  // the rest is unknown
};

// What the true remaining value is about.
struct truth_parameters {
  double horizon_days = 365.25;  // from as_of on; > 0
  double annual_discount_rate = 0.10;
};

// No default for the days: they decide everything.
struct business_parameters {
  std::int64_t customers = 1000;
  std::int32_t first_day = no_day;    // of the business
  std::int32_t as_of = no_day;        // last day whose data are known; the truth is about its end
  std::int32_t holdout_end = no_day;  // simulated on until then, without new customers; no_day: not beyond as_of
  type_shares types{};
  acquisition_parameters acquisition{};
  purchase_parameters purchase{};
  spend_parameters spend{};
  return_parameters returns{};
  contract_parameters contract{};
  win_back_parameters win_back{};
  contact_parameters contacts{};
  complaint_parameters complaints{};
  cost_parameters costs{};
  profile_parameters profile{};
  truth_parameters truth{};

  std::int32_t last_day() const { return holdout_end == no_day ? as_of : holdout_end; }
};

// Throws missing, sign, domain, date_range or date_order for the first parameter that is none.
void require_business_parameters(const business_parameters& p);

namespace detail {

// Truth looks no further than this many days; with it every day stays inside the calendar of 1900 to 2199.
inline constexpr double longest_horizon_days = 36525;

inline void require_between(double value, double low, double high, std::string_view argument) {
  require_finite(value, argument);
  if (value < low || value > high) {
    fail(error_code::domain, argument,
         "must be in [" + std::to_string(low) + ", " + std::to_string(high) + "], is " + std::to_string(value));
  }
}

// Strictly between 0 and 1: the mean of a beta distribution.
inline void require_mean_share(double value, std::string_view argument) {
  require_share(value, argument);
  if (value == 0 || value == 1) fail(error_code::domain, argument, "must be above 0 and below 1");
}

inline void require_simulated_day(std::int32_t day, std::string_view argument) {
  if (day == no_day) fail(error_code::missing, argument, "is required");
  if (day < earliest_day || day > latest_day) {
    fail(error_code::date_range, argument, "is outside 1900-01-01 to 2199-12-31");
  }
}

inline void require_days(const business_parameters& p) {
  require_simulated_day(p.first_day, "first_day");
  require_simulated_day(p.as_of, "as_of");
  if (p.as_of < p.first_day) fail(error_code::date_order, "as_of", "is before first_day");
  if (p.holdout_end != no_day) {
    require_simulated_day(p.holdout_end, "holdout_end");
    if (p.holdout_end < p.as_of) fail(error_code::date_order, "holdout_end", "is before as_of");
  }
  require_positive(p.truth.horizon_days, "horizon_days");
  require_between(p.truth.horizon_days, 0, longest_horizon_days, "horizon_days");
  require_not_negative(p.truth.annual_discount_rate, "annual_discount_rate");
  // A year more than the horizon and the contract in force on the last day can need.
  constexpr double reserve_days = 2 * 366;
  if (p.last_day() + reserve_days + p.truth.horizon_days > latest_day) {
    fail(error_code::date_range, "horizon_days", "reaches beyond 2199-12-31");
  }
}

inline void require_type_shares(const type_shares& t) {
  require_share(t.buyer, "types.buyer");
  require_share(t.contract, "types.contract");
  require_share(t.both, "types.both");
  require_share(t.prospect, "types.prospect");
  // Sums of four rounded shares differ from 1 by a few units in the last place.
  if (std::fabs(t.buyer + t.contract + t.both + t.prospect - 1) > 1e-9) {
    fail(error_code::domain, "types", "do not add up to 1");
  }
}

inline void require_sales(const business_parameters& p) {
  require_between(p.acquisition.growth_per_year, -2, 2, "acquisition.growth_per_year");
  require_not_negative(p.acquisition.decision_days, "acquisition.decision_days");
  require_positive(p.purchase.per_year, "purchase.per_year");
  require_positive(p.purchase.shape, "purchase.shape");
  require_not_negative(p.purchase.dropouts_per_year, "purchase.dropouts_per_year");
  require_positive(p.purchase.dropout_shape, "purchase.dropout_shape");
  require_between(p.purchase.growth_per_year, -1, 1, "purchase.growth_per_year");
  require_between(p.purchase.growth_deviation, 0, 0.5, "purchase.growth_deviation");
  // A rate that six deviations above the mean would grow beyond e^12 times its begin never ends to be drawn.
  const double years = (p.last_day() - p.first_day) / days_per_year;
  if ((p.purchase.growth_per_year + 6 * p.purchase.growth_deviation) * years > 12) {
    fail(error_code::domain, "purchase.growth_per_year", "grows without bounds over the days simulated");
  }
  require_positive(p.spend.mean, "spend.mean");
  require_positive(p.spend.shape, "spend.shape");
  require_positive(p.spend.scale_shape, "spend.scale_shape");
  if (p.spend.scale_shape <= 1) fail(error_code::domain, "spend.scale_shape", "must be above 1");
  require_share(p.spend.business_share, "spend.business_share");
  require_positive(p.spend.business_factor, "spend.business_factor");
  require_mean_share(p.spend.variable_cost_share, "spend.variable_cost_share");
  require_positive(p.spend.cost_precision, "spend.cost_precision");
  require_share(p.returns.share, "returns.share");
  require_share(p.returns.full_share, "returns.full_share");
  require_not_negative(p.returns.delay_days, "returns.delay_days");
}

inline void require_contract(const contract_parameters& c) {
  require_positive(c.monthly_amount, "contract.monthly_amount");
  require_positive(c.amount_shape, "contract.amount_shape");
  require_mean_share(c.monthly_churn, "contract.monthly_churn");
  require_positive(c.churn_precision, "contract.churn_precision");
  require_share(c.automatic_share, "contract.automatic_share");
  require_share(c.quarterly_share, "contract.quarterly_share");
  require_share(c.yearly_share, "contract.yearly_share");
  require_share(c.quarterly_share + c.yearly_share, "contract.yearly_share");
  require_not_negative(c.shortest_lead, "contract.shortest_lead");
  if (c.longest_lead < c.shortest_lead) {
    fail(error_code::domain, "contract.longest_lead", "is below contract.shortest_lead");
  }
  require_between(c.longest_lead, 0, 365, "contract.longest_lead");
}

inline void require_service(const business_parameters& p) {
  require_not_negative(p.win_back.silent_days, "win_back.silent_days");
  require_share(p.win_back.attempt_share, "win_back.attempt_share");
  require_not_negative(p.win_back.delay_days, "win_back.delay_days");
  require_share(p.win_back.success_share, "win_back.success_share");
  require_not_negative(p.win_back.return_days, "win_back.return_days");
  require_not_negative(p.contacts.inbound_per_year, "contacts.inbound_per_year");
  require_not_negative(p.contacts.outbound_per_year, "contacts.outbound_per_year");
  require_not_negative(p.contacts.visible_days, "contacts.visible_days");
  require_not_negative(p.contacts.prospect_per_year, "contacts.prospect_per_year");
  require_not_negative(p.contacts.prospect_days, "contacts.prospect_days");
  require_not_negative(p.complaints.per_year, "complaints.per_year");
  require_share(p.complaints.bad_share, "complaints.bad_share");
  require_share(p.complaints.leaving_share, "complaints.leaving_share");
  require_not_negative(p.complaints.suggestions_per_year, "complaints.suggestions_per_year");
  require_not_negative(p.complaints.response_days, "complaints.response_days");
  require_not_negative(p.complaints.resolution_days, "complaints.resolution_days");
  require_not_negative(p.complaints.bad_resolution_days, "complaints.bad_resolution_days");
  require_share(p.complaints.unresolved_share, "complaints.unresolved_share");
  require_share(p.complaints.reopened_share, "complaints.reopened_share");
  require_not_negative(p.costs.acquisition, "costs.acquisition");
  require_not_negative(p.costs.per_contact, "costs.per_contact");
  require_not_negative(p.costs.per_complaint, "costs.per_complaint");
  require_not_negative(p.costs.care_per_month, "costs.care_per_month");
  require_between(p.costs.care_months, 1, 120, "costs.care_months");
  require_not_negative(p.costs.marketing_per_month, "costs.marketing_per_month");
  require_share(p.profile.excluded_share, "profile.excluded_share");
  require_share(p.profile.consent_yes_share, "profile.consent_yes_share");
  require_share(p.profile.consent_no_share, "profile.consent_no_share");
  require_share(p.profile.consent_yes_share + p.profile.consent_no_share, "profile.consent_no_share");
}

}  // namespace detail

inline void require_business_parameters(const business_parameters& p) {
  if (p.customers < 0) fail(error_code::sign, "customers", "is negative: " + std::to_string(p.customers));
  // Streams are numbered from the customer's number with room for their parts.
  constexpr std::int64_t most_customers = std::int64_t{1} << 40;
  if (p.customers > most_customers) fail(error_code::domain, "customers", "are too many");
  detail::require_days(p);
  detail::require_type_shares(p.types);
  detail::require_sales(p);
  detail::require_contract(p.contract);
  detail::require_service(p);
}

}  // namespace kundenwert::simulate
