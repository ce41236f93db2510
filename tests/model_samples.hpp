// For tests of every model: a truth, customers drawn from it, rows that its kernels take, and parameters.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <vector>

#include "hard_customers.hpp"
#include "kundenwert/btyd/registry.hpp"

namespace kundenwert::test {

// Parameters at which the data of `drawn_from` identify the model, times in weeks and periods.
inline std::vector<double> truth_of(std::int32_t number) {
  const std::string_view name = btyd::info_of(number).name;
  if (name == "bg_nbd") return {0.6, 6, 0.8, 2.5};
  if (name == "mbg_nbd") return {0.8, 6, 0.9, 2.5};
  if (name == "pareto_nbd") return {0.8, 6, 0.7, 15};
  if (name == "nbd") return {0.8, 6};
  if (name == "ggompertz_nbd") return {1.5, 3, 0.2, 1.5, 40};
  if (name == "gamma_gamma" || name == "gamma_gamma_all") return {4, 3.5, 20};
  if (name == "bg_cnbd_k") return {1.5, 4, 0.8, 2.5, 2};
  if (name == "mbg_cnbd_k") return {1.5, 4, 0.8, 2.5, 2};
  if (name == "bg_bb") return {1.2, 0.75, 0.66, 2.8};
  if (name == "shifted_beta_geometric") return {0.7, 1.2};
  if (name == "beta_discrete_weibull") return {0.6, 1.4, 1.4};
  return {};
}

// Purchases whose intervals are the sum of k exponential ones, with dropout by chance after each repeat purchase and,
// where at_start, after the first one.
inline void add_regular_history(customer_columns& to, random_stream& draw, double rate, double dropout, int k,
                                bool at_start, double age) {
  double x = 0;
  double last = 0;
  double t = 0;
  double log_intervals = 0;
  const bool leaves_at_once = at_start && draw.uniform() < dropout;
  while (!leaves_at_once) {
    double interval = 0;
    for (int j = 0; j < k; ++j) interval += draw.exponential() / rate;
    if ((t += interval) >= age) break;
    x += 1;
    last = t;
    log_intervals += std::log(interval);
    if (draw.uniform() < dropout) break;
  }
  to.add(x, last, age);
  to.log_interval_sum.back() = log_intervals;
}

inline customer_columns draw_regular(const std::vector<double>& truth, int k, bool at_start, std::uint64_t seed,
                                     int customers, double youngest, double oldest) {
  customer_columns out;
  for (int i = 0; i < customers; ++i) {
    random_stream draw(seed, static_cast<std::uint64_t>(i));
    const double rate = std::max(draw.gamma(truth[0]) / truth[1], 1e-300);
    const double dropout = draw.beta(truth[2], truth[3]);
    const double age = youngest + (oldest - youngest) * draw.uniform();
    add_regular_history(out, draw, rate, dropout, k, at_start, age);
  }
  return out;
}

inline customer_columns draw_nbd(const std::vector<double>& truth, std::uint64_t seed, int customers, double youngest,
                                 double oldest) {
  customer_columns out;
  for (int i = 0; i < customers; ++i) {
    random_stream draw(seed, static_cast<std::uint64_t>(i));
    const double rate = std::max(draw.gamma(truth[0]) / truth[1], 1e-300);
    const double age = youngest + (oldest - youngest) * draw.uniform();
    add_history(out, draw, rate, HUGE_VAL, 0, age);
  }
  return out;
}

// Opportunities 6 to 10, each used with a chance of the customer's, who leaves before one with another.
inline customer_columns draw_bg_bb(const std::vector<double>& truth, std::uint64_t seed, int customers) {
  customer_columns out;
  for (int i = 0; i < customers; ++i) {
    random_stream draw(seed, static_cast<std::uint64_t>(i));
    const double use = draw.beta(truth[0], truth[1]);
    const double leave = draw.beta(truth[2], truth[3]);
    const auto opportunities = static_cast<int>(6 + draw.below(5));
    double x = 0;
    double last = 0;
    for (int j = 1; j <= opportunities && draw.uniform() >= leave; ++j) {
      if (draw.uniform() >= use) continue;
      x += 1;
      last = j;
    }
    out.add(x, last, opportunities);
  }
  return out;
}

// Contracts with up to 12 renewals: refused number t + 1 where 1 - (1 - p)^(t^c) first exceeds a uniform chance.
inline customer_columns draw_contracts(double alpha, double beta, double c, std::uint64_t seed, int customers) {
  customer_columns out;
  for (int i = 0; i < customers; ++i) {
    random_stream draw(seed, static_cast<std::uint64_t>(i));
    const double log_stay = std::log1p(-draw.beta(alpha, beta));
    const double chance = draw.uniform();
    const auto longest = static_cast<int>(4 + draw.below(9));
    int tenure = 0;
    bool ended = false;
    while (tenure < longest && !ended) {
      ended = std::exp(std::pow(tenure + 1, c) * log_stay) < chance;
      if (!ended) ++tenure;
    }
    out.add(tenure, tenure, tenure + 1);
    out.ended.back() = ended ? 1 : 0;
  }
  return out;
}

// Customers drawn from truth_of(number); one per stream of the seed.
inline customer_columns drawn_from(std::int32_t number, std::uint64_t seed, int customers, double youngest = 40,
                                   double oldest = 100) {
  const std::string_view name = btyd::info_of(number).name;
  const auto t = truth_of(number);
  if (name == "bg_nbd") return draw_bg_nbd({t[0], t[1], t[2], t[3]}, seed, customers, youngest, oldest);
  if (name == "mbg_nbd") return draw_regular(t, 1, true, seed, customers, youngest, oldest);
  if (name == "pareto_nbd") return draw_pareto_nbd({t[0], t[1], t[2], t[3]}, seed, customers, youngest, oldest);
  if (name == "nbd") return draw_nbd(t, seed, customers, youngest, oldest);
  if (name == "ggompertz_nbd") {
    return draw_ggompertz_nbd({t[0], t[1], t[2], t[3], t[4]}, seed, customers, youngest, oldest);
  }
  if (name == "bg_cnbd_k") return draw_regular(t, static_cast<int>(t[4]), false, seed, customers, youngest, oldest);
  if (name == "mbg_cnbd_k") return draw_regular(t, static_cast<int>(t[4]), true, seed, customers, youngest, oldest);
  if (name == "bg_bb") return draw_bg_bb(t, seed, customers);
  if (name == "shifted_beta_geometric") return draw_contracts(t[0], t[1], 1, seed, customers);
  if (name == "beta_discrete_weibull") return draw_contracts(t[0], t[1], t[2], seed, customers);
  auto out = draw_gamma_gamma({t[0], t[1], t[2]}, seed, customers);
  // Over all purchases, the x drawn are all of them.
  if (name == "gamma_gamma_all") {
    for (double& x : out.frequency) x -= 1;
    for (std::size_t i = 0; i < out.size(); ++i) out.revenue[i] = (out.frequency[i] + 1) * out.monetary_value[i];
  }
  return out;
}

// A row of the columns, as a model takes it.
inline customer_columns taken(const customer_columns& from, const std::vector<std::size_t>& rows) {
  customer_columns out;
  for (const std::size_t i : rows) {
    out.add(from.frequency[i], from.recency[i], from.age[i], from.monetary_value[i]);
    out.log_interval_sum.back() = from.log_interval_sum[i];
    out.revenue.back() = from.revenue[i];
    out.tenure.back() = from.tenure[i];
    out.ended.back() = from.ended[i];
  }
  return out;
}

// Log-normal parameters; a whole one from 1 to 4.
template <class M>
btyd::parameter_values<M> draw_parameters(random_stream& draw, double spread) {
  btyd::parameter_values<M> theta{};
  for (std::size_t i = 0; i < theta.size(); ++i) {
    theta[i] = std::exp(spread * draw.normal());
    if (M::parameters[i].largest_whole > 0) theta[i] = 1 + static_cast<double>(draw.below(4));
  }
  return theta;
}

// Customers with every kind of history, times near those of the parameters.
inline std::vector<summary_row> transaction_rows(random_stream& draw) {
  const double age = std::exp(2 * draw.normal());
  const double recency = age * draw.uniform();
  const double frequency = 1 + static_cast<double>(draw.below(40));
  return {{0, 0, age},           {0, 0, 0},         {0, 0, 1e-9},       {frequency, recency, age},
          {frequency, age, age}, {1, recency, age}, {500, recency, age}};
}
inline std::vector<summary_row> opportunity_rows(random_stream& draw) {
  const double age = 1 + static_cast<double>(draw.below(60));
  const double recency = 1 + static_cast<double>(draw.below(static_cast<std::uint64_t>(age)));
  const double frequency = 1 + static_cast<double>(draw.below(static_cast<std::uint64_t>(recency)));
  return {{0, 0, 0}, {0, 0, age}, {frequency, recency, age}, {age, age, age}, {1, recency, age}};
}
inline std::vector<btyd::tenure_row> tenure_rows(random_stream& draw) {
  const auto tenure = static_cast<double>(draw.below(50));
  return {{0, 0}, {0, 1}, {tenure, 0}, {tenure, 1}, {1000, 0}, {1000, 1}};
}

template <class M>
std::vector<typename M::row> rows_for(random_stream& draw) {
  if constexpr (btyd::spend_model<M>) {
    std::vector<typename M::row> out;
    for (int i = 0; i < 6; ++i) {
      typename M::row row;
      row.frequency = 1 + static_cast<double>(draw.below(50));
      row.monetary_value = std::exp(2 * draw.normal());
      out.push_back(row);
    }
    return out;
  } else if constexpr (std::same_as<typename M::row, btyd::tenure_row>) {
    return tenure_rows(draw);
  } else if constexpr (btyd::discrete_model<M>) {
    return opportunity_rows(draw);
  } else {
    return transaction_rows(draw);
  }
}

}  // namespace kundenwert::test
