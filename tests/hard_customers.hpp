// Customer bases on which fits are known to fail: none who came back, one customer, no time, thousands of purchases,
// times and money in absurd units, customers who are all alike, and populations in which a parameter has no finite
// estimate. Drawn with fixed seeds.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "cdnow.hpp"
#include "kundenwert/base/random.hpp"

namespace kundenwert::test {

struct hard_case {
  std::string name;
  customer_columns customers;
};

inline customer_columns scaled_times(customer_columns c, double factor) {
  for (double& t : c.recency) t *= factor;
  for (double& t : c.age) t *= factor;
  for (std::size_t i = 0; i < c.size(); ++i) c.log_interval_sum[i] += c.frequency[i] * std::log(factor);
  return c;
}

inline customer_columns scaled_money(customer_columns c, double factor) {
  for (double& m : c.monetary_value) m *= factor;
  for (double& m : c.revenue) m *= factor;
  return c;
}

// Draws stand in statements of their own: the order in which arguments are evaluated is the compiler's.

// Purchases at exponential intervals of one customer observed over [0, age], who is gone at `lifetime` and after each
// repeat purchase with the chance `dropout`.
inline void add_history(customer_columns& to, random_stream& draw, double rate, double lifetime, double dropout,
                        double age, double spend = not_available) {
  double x = 0;
  double last = 0;
  double t = 0;
  const double until = std::min(lifetime, age);
  while ((t += draw.exponential() / rate) < until) {
    x += 1;
    last = t;
    if (draw.uniform() < dropout) break;
  }
  to.add(x, last, age, spend);
}

struct bg_nbd_truth {
  double r, alpha, a, b;
};
struct pareto_nbd_truth {
  double r, alpha, s, beta;
};
struct gamma_gamma_truth {
  double p, q, v;
};

// One customer per stream of the seed, so that a larger base begins with the smaller one. Ages are uniform.
inline customer_columns draw_bg_nbd(const bg_nbd_truth& truth, std::uint64_t seed, int customers, double youngest,
                                    double oldest) {
  customer_columns out;
  for (int i = 0; i < customers; ++i) {
    random_stream draw(seed, static_cast<std::uint64_t>(i));
    const double rate = draw.gamma(truth.r) / truth.alpha;
    const double dropout = draw.beta(truth.a, truth.b);
    const double age = youngest + (oldest - youngest) * draw.uniform();
    add_history(out, draw, std::max(rate, 1e-300), HUGE_VAL, dropout, age);
  }
  return out;
}

inline customer_columns draw_pareto_nbd(const pareto_nbd_truth& truth, std::uint64_t seed, int customers,
                                        double youngest, double oldest) {
  customer_columns out;
  for (int i = 0; i < customers; ++i) {
    random_stream draw(seed, static_cast<std::uint64_t>(i));
    const double rate = draw.gamma(truth.r) / truth.alpha;
    const double death_rate = draw.gamma(truth.s) / truth.beta;
    const double lifetime = draw.exponential() / death_rate;
    const double age = youngest + (oldest - youngest) * draw.uniform();
    add_history(out, draw, std::max(rate, 1e-300), lifetime, 0, age);
  }
  return out;
}

struct ggompertz_nbd_truth {
  double r;
  double alpha;
  double b;
  double s;
  double beta;
};

inline customer_columns draw_ggompertz_nbd(const ggompertz_nbd_truth& truth, std::uint64_t seed, int customers,
                                           double youngest, double oldest) {
  customer_columns out;
  for (int i = 0; i < customers; ++i) {
    random_stream draw(seed, static_cast<std::uint64_t>(i));
    const double rate = draw.gamma(truth.r) / truth.alpha;
    const double level = draw.gamma(truth.s) / truth.beta;
    // P(lifetime > y) = exp(-level (e^(b y) - 1)).
    const double lifetime = std::log1p(draw.exponential() / level) / truth.b;
    const double age = youngest + (oldest - youngest) * draw.uniform();
    add_history(out, draw, std::max(rate, 1e-300), lifetime, 0, age);
  }
  return out;
}

// Frequencies 1 + Poisson(3); the mean of x gamma amounts is one gamma variate.
inline customer_columns draw_gamma_gamma(const gamma_gamma_truth& truth, std::uint64_t seed, int customers) {
  customer_columns out;
  for (int i = 0; i < customers; ++i) {
    random_stream draw(seed, static_cast<std::uint64_t>(i));
    const double x = 1 + static_cast<double>(draw.poisson(3));
    // The logarithms are finite also where the variates underflow.
    const double log_spent = draw.gamma_logarithm(truth.p * x);
    const double log_scale = draw.gamma_logarithm(truth.q);
    out.add(x, x, x + 1, std::exp(log_spent - log_scale) * truth.v / x);
  }
  return out;
}

// The hard inputs of transaction models; those made from the CDNOW sample are left out where it is not given.
inline std::vector<hard_case> hard_transactions(const customer_columns* cdnow) {
  std::vector<hard_case> out;
  const auto add = [&](std::string name, customer_columns c) { out.push_back({std::move(name), std::move(c)}); };
  customer_columns c;
  for (int i = 0; i < 500; ++i) c.add(0, 0, 27 + i % 13);
  add("nobody came back", c);
  c = {};
  c.add(3, 20, 30);
  add("one customer who came back", c);
  c = {};
  c.add(0, 0, 30);
  add("one customer who did not come back", c);
  c = {};
  for (int i = 0; i < 100; ++i) c.add(0, 0, 0);
  add("no time has passed", c);
  c = {};
  for (int i = 0; i < 1000; ++i) c.add(5, 25, 30);
  add("identical customers", c);
  c = {};
  for (int i = 0; i < 300; ++i) c.add(1 + i % 5, 20 + 0.07 * i, 20 + 0.07 * i);
  add("everybody bought at the end", c);
  c = {};
  for (int i = 0; i < 200; ++i) {
    random_stream draw(11, static_cast<std::uint64_t>(i));
    const double x = static_cast<double>(draw.poisson(10000));
    c.add(x, 99 + draw.uniform(), 100);
  }
  add("ten thousand purchases each", c);
  c = {};
  for (int i = 0; i < 2000; ++i) {
    random_stream draw(12, static_cast<std::uint64_t>(i));
    const double rate = std::exp(4 * draw.normal());
    const double x = std::min(static_cast<double>(draw.poisson(rate * 30)), 1e6);
    c.add(x, x > 0 ? 30 * std::pow(draw.uniform(), 1 / x) : 0, 30);
  }
  add("lognormal rates", c);
  c = {};
  for (int i = 0; i < 2000; ++i) {
    random_stream draw(13, static_cast<std::uint64_t>(i));
    const double rate = draw.gamma(1) / 10;
    const double age = 27 + 12 * draw.uniform();
    add_history(c, draw, rate, HUGE_VAL, 0, age);
  }
  add("nobody leaves", c);
  c = {};
  for (int i = 0; i < 2000; ++i) {
    random_stream draw(14, static_cast<std::uint64_t>(i));
    const double age = 60 + 12 * draw.uniform();
    add_history(c, draw, 0.1, HUGE_VAL, 0, age);
  }
  add("one Poisson rate, nobody leaves", c);
  c = {};
  for (int i = 0; i < 2000; ++i) {
    random_stream draw(15, static_cast<std::uint64_t>(i));
    const double rate = draw.gamma(1) / 3;
    const double lifetime = draw.exponential() / 0.05;
    const double age = 27 + 12 * draw.uniform();
    add_history(c, draw, rate, lifetime, 0, age);
  }
  add("one dropout rate", c);
  c = {};
  for (int i = 0; i < 600; ++i) {
    random_stream draw(18, static_cast<std::uint64_t>(i));
    const double rate = draw.gamma(1) / 2;
    const double age = 27 + 12 * draw.uniform();
    add_history(c, draw, rate, 15, 0, age);
  }
  add("everybody leaves after 15 weeks", c);
  c = {};
  for (int i = 0; i < 1000; ++i) {
    random_stream draw(16, static_cast<std::uint64_t>(i));
    const double age = 27 + 12 * draw.uniform();
    const bool again = draw.uniform() < 0.4;
    c.add(again ? 1 : 0, again ? age * draw.uniform() : 0, age);
  }
  add("at most one repeat purchase", c);
  c = {};
  for (int i = 0; i < 20; ++i) c.add(0, 0, 10);
  c.add(1, 1e-9, 10);
  add("one repeat purchase at once", c);
  c = draw_bg_nbd({0.25, 4.4, 0.8, 2.4}, 17, 3, 27, 39);
  add("three customers", c);
  c = {};
  for (int i = 0; i < 400; ++i) c.add(i % 4, i % 4 == 0 ? 0 : 1e-3, 365);
  add("everybody left at once", c);
  c = {};
  for (int i = 0; i < 60; ++i) {
    random_stream draw(19, static_cast<std::uint64_t>(i));
    const double burst = 0.01 + draw.uniform();
    c.add(static_cast<double>(50 + draw.below(1000)), burst, 300);
  }
  for (int i = 0; i < 60; ++i) c.add(i % 3, i % 3 == 0 ? 0 : 100 + i, 300);
  add("bursts of hundreds of purchases, then silence", c);
  c = draw_bg_nbd({0.5, 60, 0.1, 12}, 20, 200, 700, 1000);
  c.add(1000, 1000, 1000);
  add("one daily buyer among 200", c);
  c = draw_bg_nbd({34, 1.35e7, 0.01, 10}, 25, 500, 9e5, 1e6);
  add("a million days", c);
  if (cdnow == nullptr) return out;
  c = *cdnow;
  c.add(1, 5200, 5240);
  add("CDNOW and one purchase of a century ago", c);
  c = *cdnow;
  for (int i = 0; i < 50; ++i) c.add(0, 0, 0);
  add("CDNOW and 50 customers of today", c);
  c = *cdnow;
  c.add(500, 38, 38.857);
  add("CDNOW and one with 500 purchases", c);
  c = *cdnow;
  c.add(10000, 38, 38.857);
  add("CDNOW and one with 10000 purchases", c);
  add("CDNOW with T about a million", scaled_times(*cdnow, 1e6 / 39));
  add("CDNOW in seconds", scaled_times(*cdnow, 604800));
  add("CDNOW times a millionth", scaled_times(*cdnow, 1e-6));
  return out;
}

inline std::vector<hard_case> hard_spend(const customer_columns* cdnow) {
  std::vector<hard_case> out;
  const auto add = [&](std::string name, customer_columns c) { out.push_back({std::move(name), std::move(c)}); };
  customer_columns c;
  c.add(3, 20, 30, 20);
  add("one customer", c);
  c = {};
  for (int i = 0; i < 500; ++i) c.add(1 + i % 7, 20, 30, 20);
  add("everybody spends the same", c);
  add("heavy tail", draw_gamma_gamma({2, 0.6, 20}, 21, 800));
  add("very heavy tail", draw_gamma_gamma({0.5, 0.15, 20}, 22, 800));
  c = {};
  for (int i = 0; i < 500; ++i) c.add(0, 0, 30);
  add("nobody came back", c);
  c = {};
  c.add(1, 2, 30, 1e-6);
  c.add(100, 2, 30, 1e9);
  add("two customers a quadrillion apart", c);
  c = {};
  for (int i = 0; i < 600; ++i) {
    random_stream draw(23, static_cast<std::uint64_t>(i));
    c.add(1 + i % 5, 2, 30, 50 * draw.gamma(4 * (1 + i % 5)) / (4 * (1 + i % 5)));
  }
  add("one spend scale for all", c);
  c = {};
  for (int i = 0; i < 600; ++i) {
    random_stream draw(24, static_cast<std::uint64_t>(i));
    c.add(1 + i % 5, 2, 30, 30 / draw.gamma(3));
  }
  add("customers differ, purchases do not", c);
  if (cdnow == nullptr) return out;
  add("CDNOW in millionths", scaled_money(*cdnow, 1e6));
  add("CDNOW in millions", scaled_money(*cdnow, 1e-6));
  c = *cdnow;
  c.monetary_value[0] = 1e9;
  add("CDNOW and one billion", c);
  c = *cdnow;
  c.add(10000, 38, 39, 35);
  add("CDNOW and one with 10000 purchases", c);
  c = *cdnow;
  for (double& x : c.frequency) x = std::min(x, 1.0);
  add("CDNOW with one repeat purchase each", c);
  return out;
}

}  // namespace kundenwert::test
