// What an overview is asked and what it answers: options, one row per customer, the headline figures.
//
// References: domain specification B0, B1.2, B2.1, B3.1-B3.3, B4; the project's rules for value in the overview.
//
// term              | name here              | unit     | domain
// as-of date        | as_of                  | day      | what is dated later is ignored
// horizon           | horizon                | unit     | > 0, finite
// discount rate     | annual_discount_rate   | per year | >= 0, effective
// value at risk     | value_at_risk          | currency | sum of the values of endangered customers
// customer equity   | customer_equity        | currency | sum of the values of current customers
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/lifecycle/phases.hpp"
#include "kundenwert/lifecycle/tasks.hpp"
#include "kundenwert/model/customer_base.hpp"
#include "kundenwert/portfolio/abc.hpp"
#include "kundenwert/portfolio/concentration.hpp"
#include "kundenwert/retention/rates.hpp"
#include "kundenwert/value/clv_convention.hpp"

namespace kundenwert {

#define KW_VALUE_BASES(X)                                     \
  X(1, contract, "the recurring amounts of active contracts") \
  X(2, purchases, "expected purchases and expected spend")
KW_DEFINE_CODES(value_basis, value_bases, KW_VALUE_BASES)

#define KW_MONEY_BASES(X)                                            \
  X(1, revenue, "values are revenue: no margin is known")            \
  X(2, margin_rate, "values are margin, at the rate that was given") \
  X(3, margin_records, "values are margin, at the rate of the recorded variable costs")
KW_DEFINE_CODES(money_basis, money_bases, KW_MONEY_BASES)

#define KW_SPEND_BASES(X)                                    \
  X(1, spend_model, "the spend model, customer by customer") \
  X(2, mean_spend, "the mean of all repeat purchase days: the spend model did not converge")
KW_DEFINE_CODES(spend_basis, spend_bases, KW_SPEND_BASES)

// No member of the first block has a default: they decide the numbers.
struct overview_options {
  std::int32_t as_of = no_day;
  time_unit unit{};  // of models and the horizon
  double horizon = not_available;
  double annual_discount_rate = not_available;
  value::clv_convention convention{};  // required where a contract is active

  double units_per_year = 0;                     // 0: from the unit
  double margin_rate = not_available;            // share of revenue; NaN: from records, else revenue is valued
  double annual_retention_rate = not_available;  // of contracts; NaN: as measured over the twelve months before as_of
  std::int32_t start = no_day;                   // first day of observation; no_day: from the first purchase on
  std::int32_t model = 0;                        // number of a transaction model; 0: the best that converges, by AIC
  lifecycle::phase_parameters phases = {};
  portfolio::abc_options abc = {};
  std::int32_t rfm_classes = 5;
  int threads = 1;
  progress watch = {};
};

// One row per customer, in the order of the base. NaN, 0 and no_day stand for "none"; reasons say why.
struct overview_rows {
  std::vector<lifecycle::phase> phase;  // 0: nothing is known of the customer on as_of
  std::vector<std::uint32_t> risks;     // mask of lifecycle::risk
  std::vector<std::uint32_t> suppressions;
  std::vector<std::int32_t> first_purchase;  // within the observation, as the two below
  std::vector<std::int32_t> last_purchase;
  std::vector<std::int32_t> purchase_days;
  std::vector<double> revenue;  // in the observation: purchases net of returns, and contract payments due; NaN where no
                                // amount of the customer is known
  std::vector<std::int32_t> r_score;  // scores of purchases, as classify_rfm gives them to the summary
  std::vector<std::int32_t> f_score;
  std::vector<std::int32_t> m_score;
  std::vector<portfolio::abc_class> abc;      // by revenue, among those who are or were customers
  std::vector<double> probability_alive;      // under the model; phases read it with repeat purchases only
  std::vector<double> expected_transactions;  // over the horizon, not discounted
  std::vector<double> lifetime_value;
  std::vector<value_basis> basis;     // 0: no value
  std::vector<reason> value_reasons;  // why there is no value; none exactly where there is one
};

struct phase_total {
  lifecycle::phase phase{};
  std::int64_t customers = 0;
  double revenue = 0;  // of those whose revenue is known
  double value = 0;    // of those that have one
  std::int64_t valued = 0;
};

// A value summed over customers who have one.
struct value_total {
  std::int64_t customers = 0;
  std::int64_t valued = 0;
  double value = 0;
};

struct overview_headline {
  std::int64_t customers = 0;  // of the base, known on as_of
  std::int64_t potential = 0;
  std::int64_t current = 0;
  std::int64_t lost = 0;
  std::vector<phase_total> phases;  // one per phase, in the order of the table
  double revenue = not_available;   // of all customers in the observation; NaN where no amount is known

  // Over the twelve months before as_of, by the rules of the lifecycle without probability alive: at_end() is `current`
  // only where the model changes nobody's kind.
  retention::retention_rate retention;           // of all customers
  retention::retention_rate contract_retention;  // of those with a contract, from contract to contract
  double annual_retention_rate = not_available;  // of contracts, as used for their value

  value_total customer_equity;
  value_total value_at_risk;
  std::int64_t valued_by_contract = 0;
  std::int64_t valued_by_purchases = 0;

  money_basis basis{};
  double margin_rate = not_available;  // as used; 1 with basis revenue
  double service_cost_rate = 0;        // of revenue, over the twelve months before as_of; NaN: costs, but no revenue
  double care_cost_rate = 0;

  spend_basis spend{};                // 0: no purchases were valued
  double mean_spend = not_available;  // of all repeat purchase days, what mean_spend takes

  portfolio::abc_result abc;                              // totals and cuts; its classes are in the rows
  portfolio::concentration_result revenue_concentration;  // over those who are or were customers
  portfolio::concentration_result value_concentration;    // over current customers with a value
};

struct overview {
  customer_ids ids;
  overview_rows rows;
  overview_headline headline;
  std::vector<btyd::model> models;  // the transaction models that were tried, with their reports
  std::int32_t chosen = -1;         // index into models; -1: none converged
  std::vector<btyd::model> spend;   // the spend model, where there is spend to fit it to
  std::string currency;
  std::int32_t start = no_day;  // first day of the observation as used
  overview_options options;     // as used, without the progress callback

  std::int64_t size() const { return ids.size(); }
};

}  // namespace kundenwert
