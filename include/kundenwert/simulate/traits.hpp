// What a simulated customer is by nature, drawn once: when they become known, what type they are, and the rates of
// their own that everything else follows from.
//
// References: see parameters.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "kundenwert/base/random.hpp"
#include "kundenwert/model/contract.hpp"
#include "kundenwert/numeric/special.hpp"
#include "kundenwert/simulate/parameters.hpp"
#include "kundenwert/simulate/tables.hpp"

namespace kundenwert::simulate {

// The parts of a customer's life have streams of their own, so that one can be drawn further, or be left out, without
// moving the others.
enum class life_part : std::uint64_t {
  traits = 0,
  profile = 1,
  exits = 2,
  purchases = 3,
  contracts = 4,
  cases = 5,
  inbound = 6,
  outbound = 7,
  win_back = 8,
  reports = 9,
};
inline constexpr std::uint64_t parts_per_customer = 16;  // room for surveys and measures

inline random_stream stream_of(std::uint64_t seed, std::int64_t customer, life_part part) {
  return random_stream(seed,
                       static_cast<std::uint64_t>(customer) * parts_per_customer + static_cast<std::uint64_t>(part));
}

// Times are in days since 1970-01-01 with their fraction: an event at time t happens on day floor(t).
struct customer_traits {
  customer_type type{};
  bool is_business = false;
  double created = 0;
  double start = 0;          // of the first relationship; infinite for a prospect by nature
  double purchase_rate = 0;  // per day, at `start`
  double dropout_rate = 0;   // per day
  double growth = 0;         // of the purchase rate, per day
  double mean_spend = 0;
  double variable_cost_share = 0;
  double payment = 0;  // recurring amount of a period
  double monthly_churn = 0;
  kundenwert::renewal renewal{};
  contract_period period{};
  std::int32_t lead = 0;
  double acquisition_cost = 0;

  bool buys() const { return type == customer_type::buyer || type == customer_type::both; }
  bool signs() const { return type == customer_type::contract || type == customer_type::both; }
};

inline customer_traits draw_traits(const business_parameters& p, std::uint64_t seed, std::int64_t customer);

namespace detail {

inline constexpr double no_end = std::numeric_limits<double>::infinity();

inline std::int32_t day_of_time(double time) { return static_cast<std::int32_t>(std::floor(time)); }

// An amount of money as it is booked: whole hundredths, at least one, and inside what the tables take.
inline double booked(double amount) {
  constexpr double most = 1e10;
  return std::min(std::max(std::round(amount * 100), 1.0) / 100, most);
}

inline customer_type type_of(const type_shares& shares, double u) {
  if (u < shares.buyer) return customer_type::buyer;
  if (u < shares.buyer + shares.contract) return customer_type::contract;
  if (u < shares.buyer + shares.contract + shares.both) return customer_type::both;
  return shares.prospect > 0 ? customer_type::prospect : customer_type::buyer;
}

// The time of becoming known: density e^(g t) on the days of the business, by its inverse.
inline double creation_time(const business_parameters& p, double u) {
  const double days = p.as_of - p.first_day + 1;
  const double growth = p.acquisition.growth_per_year / days_per_year;
  const double passed = u * days * numeric::expm1_over(growth * days);
  const double time = p.first_day + passed * numeric::log1p_over(growth * passed);
  // The last midpoint of u can round up to the end of the last day.
  return std::min(time, std::nextafter(p.as_of + 1.0, 0.0));
}

}  // namespace detail

// Every number is drawn whatever the type, so that the shares of types do not move the rest.
inline customer_traits draw_traits(const business_parameters& p, std::uint64_t seed, std::int64_t customer) {
  random_stream draw = stream_of(seed, customer, life_part::traits);
  customer_traits who;
  who.type = detail::type_of(p.types, draw.uniform());
  who.created = detail::creation_time(p, draw.uniform());
  who.start = who.created + p.acquisition.decision_days * draw.exponential();
  if (who.type == customer_type::prospect) who.start = detail::no_end;
  who.is_business = draw.uniform() < p.spend.business_share;
  const double factor = who.is_business ? p.spend.business_factor : 1;
  const auto& buying = p.purchase;
  who.purchase_rate = draw.gamma(buying.shape) * buying.per_year / (buying.shape * days_per_year);
  who.dropout_rate =
      draw.gamma(buying.dropout_shape) * buying.dropouts_per_year / (buying.dropout_shape * days_per_year);
  who.growth = (buying.growth_per_year + buying.growth_deviation * draw.normal()) / days_per_year;
  who.mean_spend = factor * p.spend.mean * (p.spend.scale_shape - 1) / draw.gamma(p.spend.scale_shape);
  const double share = p.spend.variable_cost_share;
  who.variable_cost_share = draw.beta(share * p.spend.cost_precision, (1 - share) * p.spend.cost_precision);
  const auto& c = p.contract;
  const double monthly = factor * c.monthly_amount * draw.gamma(c.amount_shape) / c.amount_shape;
  who.monthly_churn = draw.beta(c.monthly_churn * c.churn_precision, (1 - c.monthly_churn) * c.churn_precision);
  who.renewal = draw.uniform() < c.automatic_share ? renewal::automatic : renewal::manual;
  const double u = draw.uniform();
  who.period = u < c.yearly_share                       ? contract_period::year
               : u < c.yearly_share + c.quarterly_share ? contract_period::quarter
                                                        : contract_period::month;
  who.payment = detail::booked(monthly * months_of(who.period));
  const auto leads = static_cast<std::uint64_t>(c.longest_lead - c.shortest_lead + 1);
  who.lead = c.shortest_lead + static_cast<std::int32_t>(draw.below(leads));
  // Shape 4: half of the standard deviation of an exponential cost.
  constexpr double cost_shape = 4;
  who.acquisition_cost = p.costs.acquisition * draw.gamma(cost_shape) / cost_shape;
  return who;
}

}  // namespace kundenwert::simulate
