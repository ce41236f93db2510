// GGompertz/NBD: customers buy at a Poisson rate while alive and die at a Gompertz hazard, which rises or, mixed over
// customers, also falls with age; purchase rates and the levels of the hazard differ between customers by gamma
// distributions.
//
// References: Bemmaor & Glady (2012), Management Science 58, eq. 6-9; Adler (2022), "Comment on the GG/NBD", for the
// conditional expectation. Where the hazard does not rise (b and beta to 0 with beta / b fixed) it is the Pareto/NBD
// with the scale beta / b; on most data the likelihood runs there, and the verdict says so.
//
// paper | name here | unit     | domain
// r     | r         | -        | > 0, shape of the purchase rate
// alpha | alpha     | time     | > 0, rate of the gamma distribution of the purchase rate
// b     | b         | 1 / time | > 0, by which the hazard of one customer grows
// s     | s         | -        | > 0, shape of the gamma distribution of the hazard level
// beta  | beta      | -        | > 0, its rate, times b
//
// P(lifetime > y) = (1 + (e^(b y) - 1) / beta)^-s.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "kundenwert/btyd/bg_nbd.hpp"
#include "kundenwert/btyd/independent_lifetime.hpp"
#include "kundenwert/btyd/mixture.hpp"
#include "kundenwert/btyd/model.hpp"
#include "kundenwert/numeric/log_mixture.hpp"

namespace kundenwert::btyd {

// ln(1 + (e^(b y) - 1) / beta), for any b y; y is data.
template <class S>
S log_gompertz_growth(const S& b, const S& beta, double y) {
  using std::exp;
  using std::expm1;
  using std::log;
  using std::log1p;
  const S by = b * y;
  // Up to e^(b y) = beta the difference of by and ln beta would lose digits.
  if (numeric::value_of(by) <= 1 || numeric::value_of(by) <= std::log(numeric::value_of(beta))) {
    return log1p(expm1(by) / beta);
  }
  return by - log(beta) + log1p((beta - 1.0) * exp(-by));
}

struct gompertz_lifetime {
  static constexpr bool is_endless = false;
  double growth;  // b
  double shape;   // s
  double scale;   // beta, aged: after living T it is beta e^(-b T) + 1 - e^(-b T)

  double log_survival(double u) const { return -shape * log_gompertz_growth(growth, scale, u); }
  // ln of s b e^(b u) / (beta - 1 + e^(b u)) G(u).
  double log_density(double u) const {
    return std::log(shape * growth) - std::log(below(growth * u)) + log_survival(u);
  }
  // 1 + (beta - 1) e^-x, without cancellation on either side of beta = 1.
  double below(double x) const {
    return scale < 1 ? scale - (1 - scale) * std::expm1(-x) : 1 + (scale - 1) * std::exp(-x);
  }
  double first_time() const { return std::min(scale, 1.0) / growth / (shape + 1); }
  // With x = b u and q = 1 - beta: x / (1 - q e^-x) and its derivative in ln x.
  fall_in_log fall(double u) const {
    const double x = growth * u;
    if (x == 0) return {0, 0};
    const double q = 1 - scale;
    const double shrink = std::exp(-x);
    const double rest = below(x);
    const double slope = x / rest;
    double curvature = shape * slope * (rest - x * q * shrink) / rest;
    // Where beta is large G has singularities near the axis at b u = ln beta +- i pi: short panels about there.
    constexpr double drop = 10;
    if (scale > 1 && x < std::log(scale) + 40) curvature = std::max(curvature, drop * (1 + x) * (1 + x) / 2.25);
    return {shape * slope, curvature};
  }
  double discounted(double horizon, double rate) const {
    if (horizon == 0) return 0;
    // Beyond, e^(-rate u) G(u) is no double any more.
    constexpr double invisible = 745;
    const double farthest = (invisible + shape * std::max(0.0, std::log(scale))) / (rate + shape * growth);
    double first = first_time();
    if (rate > 0) first = std::min(first, 1 / rate);
    return std::exp(numeric::log_integral([&](double u) { return log_survival(u) - rate * u; }, first,
                                          std::min(horizon, farthest)));
  }
};

struct ggompertz_nbd {
  static constexpr std::int32_t number = 6;
  static constexpr std::string_view name = "ggompertz_nbd";
  static constexpr std::string_view title = "GGompertz/NBD";
  static constexpr std::string_view source = "Bemmaor & Glady (2012), Management Science 58";
  static constexpr std::array mixtures{
      mixture_fact{"purchase_rate", mixing::gamma, "r", "alpha", "purchases per time unit while alive"},
      mixture_fact{"hazard_level", mixing::gamma, "s", "beta",
                   "level of the hazard: it is level b e^(b t) per time unit"}};
  static constexpr std::array parameters{
      parameter_fact{"r", 0, "shape of the gamma distribution of purchase rates"},
      parameter_fact{"alpha", 1, "rate of the gamma distribution of purchase rates", covariate_link::purchase, -1},
      parameter_fact{"b", -1, "growth of the hazard of one customer"},
      parameter_fact{"s", 0, "shape of the gamma distribution of hazard levels"},
      parameter_fact{"beta", 0, "rate of the gamma distribution of hazard levels, times b", covariate_link::dropout,
                     -1}};
  // The first that fits is meant.
  static constexpr std::array limits{limit_fact{"beta", true, "collapses to Pareto/NBD with the scale beta / b", "b"},
                                     limit_fact{"b", true, "collapses to Pareto/NBD"},
                                     limit_fact{"beta", true, "a part of the customers leaves at once"},
                                     limit_fact{"s", false, "all customers have the same hazard"},
                                     limit_fact{"r", false, "all customers buy at the same rate"}};
  using row = summary_row;

  // As Pareto/NBD, with a hazard that grows by e over the observation.
  static parameter_values<ggompertz_nbd> start(const totals& t) {
    const double mean_age = t.age / t.weight;
    const double rate = std::max(t.frequency, 0.5) / t.age;
    return {0.5, 0.25 / rate, 1 / mean_age, 0.5, 1};
  }
  // The likelihood has maxima of several kinds: hazards that hardly grow (the Pareto/NBD), a plateau of the hazard
  // reached early by heterogeneous customers, and one that rises steeply at the end. One start each.
  static std::array<parameter_values<ggompertz_nbd>, 2> other_starts(const totals& t) {
    const auto first = start(t);
    const double mean_age = t.age / t.weight;
    return {{{first[0], first[1], 20 / mean_age, 0.03, 0.03}, {first[0], first[1], 30 / mean_age, 1, 1e4}}};
  }

  template <class S>
  static S count_term(const std::array<S, 5>& theta, double x) {
    return numeric::log_rising(theta[0], x);
  }

  template <class S>
  static S row_term(const std::array<S, 5>& theta, const row& c) {
    using numeric::value_of;
    using std::exp;
    using std::log1p;
    const auto& [r, alpha, b, s, beta] = theta;
    if (c.age == 0) return S(0.0);
    const S silent = bg_nbd::log_purchases(r, alpha, c.frequency, c.age);
    // 1 - L is the probability of at least one purchase; near T = 0 it keeps the digits that 1 - ... would lose.
    if (c.frequency == 0 && value_of(silent) > log_half) return log1p(-exp(log_bought(theta, c.age)));
    const S alive = silent - s * log_gompertz_growth(b, beta, c.age);
    if (c.age == c.recency) return alive;
    const S out = numeric::log_add_exp(alive, log_gone(theta, c));
    if (c.frequency == 0 && value_of(out) > nearly_sure) return log1p(-exp(log_bought(theta, c.age)));
    return out;
  }

  static double probability_alive(const parameter_values<ggompertz_nbd>& theta, const row& c) {
    if (c.age == c.recency) return 1;
    const auto& [r, alpha, b, s, beta] = theta;
    const double alive = bg_nbd::log_purchases(r, alpha, c.frequency, c.age) - s * log_gompertz_growth(b, beta, c.age);
    return 1 / (1 + std::exp(log_gone(theta, c) - alive));
  }

  static lifetime_state<gompertz_lifetime> state(const parameter_values<ggompertz_nbd>& theta, const row& c) {
    const auto& [r, alpha, b, s, beta] = theta;
    return {r + c.frequency, alpha + c.age, {b, s, aged(b, beta, c.age)}};
  }

  // E[lambda | history]: one more purchase at the time of death takes (r + x) / (alpha + y) into its density.
  static double purchase_rate(const parameter_values<ggompertz_nbd>& theta, const row& c) {
    const double alive = probability_alive(theta, c);
    double mean = alive / (theta[1] + c.age);
    if (alive < 1) {
      const row one_more{c.frequency + 1, c.recency, c.age};
      mean += (1 - alive) * std::exp(log_gone(theta, one_more) - log_gone(theta, c));
    }
    return (theta[0] + c.frequency) * mean;
  }

 private:
  static double aged(double b, double beta, double y) { return beta * std::exp(-b * y) - std::expm1(-b * y); }

  static constexpr double log_half = -0.693147180559945309;
  static constexpr double nearly_sure = -1e-3;  // of ln L

  // A node of an integral over the time u since t_x. In z = ln(D(t_x + u) / D(t_x)), D(y) = beta + e^(b y) - 1, the
  // density of the lifetime is s e^(-s z).
  struct node {
    double u;
    double z;
    double log_since;  // ln(1 + u / (alpha + t_x))
    double share;      // e^(b y) / D(y): dz / du = b share
    double shrink;     // e^-z
    double weight;     // of dz
  };

  // ln of the integral, over the time y from t_x to T, of the density of the purchases and of a death at y, without
  // Gamma(r + x) / Gamma(r).
  static double log_gone(const std::array<double, 5>& theta, const row& c) {
    const auto& [r, alpha, b, s, beta] = theta;
    const double power = r + c.frequency;
    double sum = 0;
    visit_deaths(theta, power, c.recency, c.age - c.recency,
                 [&, s = s](const node& at) { sum += at.weight * std::exp(-s * at.z - power * at.log_since); });
    return std::log(sum) + log_first(theta, c);
  }
  template <std::size_t N, int Order>
  static numeric::dual<N, Order> log_gone(const std::array<numeric::dual<N, Order>, 5>& theta, const row& c) {
    const auto at = values_of(theta);
    const auto& [r, alpha, b, s, beta] = at;
    const parts start(at, c.recency);
    const double x = c.frequency;
    numeric::log_mixture<numeric::dual<5, Order>> sum;
    // Derivatives of -r ln(1 + y / alpha) - x ln(alpha + y) + ln(s b / beta) + b y - (s + 1) ln(D / beta) at fixed y.
    visit_deaths(at, r + x, c.recency, c.age - c.recency, [&, r = r, alpha = alpha, s = s](const node& n) {
      const double y = c.recency + n.u;
      const double since = alpha + y;
      const double lost = start.inverse * n.shrink - start.inverse_beta;  // 1 / D - 1 / beta
      numeric::local_derivatives<5, Order> out;
      out.value = -s * n.z - (r + x) * n.log_since;
      out.gradient = {-start.log_since - n.log_since, (r * y / alpha - x) / since,
                      start.inverse_b + y - (s + 1) * y * n.share, start.inverse_s - start.log_growth - n.z,
                      -start.inverse_beta - (s + 1) * lost};
      if constexpr (Order == 2) {
        auto& h = out.hessian;  // r | alpha r, alpha | b r, b alpha, b | ...
        h[1] = y / (alpha * since);
        h[2] = (x - r * (y / alpha) * (1 + since / alpha)) / (since * since);
        h[5] = -start.inverse_b * start.inverse_b - (s + 1) * y * y * n.share * (1 - n.share);
        h[8] = -y * n.share;
        h[9] = -start.inverse_s * start.inverse_s;
        h[12] = (s + 1) * y * n.share * start.inverse * n.shrink;
        h[13] = -lost;
        h[14] = start.inverse_beta * start.inverse_beta + (s + 1) * lost * (lost + 2 * start.inverse_beta);
      }
      sum.add(n.weight, out);
    });
    auto total = sum.value();
    total.value += log_first(at, c);
    return chained(total, theta);
  }

  // ln P(at least one purchase within `age`) of a new customer: the integral of r / alpha (1 + y / alpha)^-(r + 1)
  // G(y).
  static double log_bought(const std::array<double, 5>& theta, double age) {
    const auto& [r, alpha, b, s, beta] = theta;
    const double power = r + 1;
    double sum = 0;
    visit_deaths(theta, power, 0, age, [&, b = b, s = s](const node& at) {
      sum += at.weight / (b * at.share) * std::exp(-s * at.z - power * at.log_since);
    });
    return std::log(sum) + std::log(r / alpha);
  }
  template <std::size_t N, int Order>
  static numeric::dual<N, Order> log_bought(const std::array<numeric::dual<N, Order>, 5>& theta, double age) {
    const auto at = values_of(theta);
    const auto& [r, alpha, b, s, beta] = at;
    const parts start(at, 0);
    numeric::log_mixture<numeric::dual<5, Order>> sum;
    visit_deaths(at, r + 1, 0, age, [&, r = r, alpha = alpha, b = b, s = s](const node& n) {
      const double y = n.u;
      const double since = alpha + y;
      const double lost = start.inverse * n.shrink - start.inverse_beta;
      numeric::local_derivatives<5, Order> out;
      out.value = -s * n.z - (r + 1) * n.log_since;
      out.gradient = {1 / r - n.log_since, (r * y / alpha - 1) / since, -s * y * n.share, -n.z, -s * lost};
      if constexpr (Order == 2) {
        auto& h = out.hessian;
        h[0] = -1 / (r * r);
        h[1] = y / (alpha * since);
        h[2] = (1 - r * (y / alpha) * (1 + since / alpha)) / (since * since);
        h[5] = -s * y * y * n.share * (1 - n.share);
        h[8] = -y * n.share;
        h[12] = s * y * n.share * start.inverse * n.shrink;
        h[13] = -lost;
        h[14] = s * lost * (lost + 2 * start.inverse_beta);
      }
      sum.add(n.weight / (b * n.share), out);
    });
    auto total = sum.value();
    total.value += std::log(r / alpha);
    return chained(total, theta);
  }

  // The chain rule costs as much as the integral; a fit without covariates needs none.
  template <std::size_t N, int Order>
  static numeric::dual<N, Order> chained(const numeric::local_derivatives<5, Order>& f,
                                         const std::array<numeric::dual<N, Order>, 5>& theta) {
    if constexpr (N == 5) {
      bool is_plain = true;
      for (std::size_t i = 0; i < N; ++i) {
        for (std::size_t j = 0; j < N; ++j) is_plain = is_plain && theta[i].gradient[j] == (i == j ? 1 : 0);
        if constexpr (Order == 2) {
          for (const double h : theta[i].hessian) is_plain = is_plain && h == 0;
        }
      }
      if (is_plain) return f;
    }
    return numeric::chain(f, theta);
  }

  template <std::size_t N, int Order>
  static std::array<double, 5> values_of(const std::array<numeric::dual<N, Order>, 5>& theta) {
    std::array<double, 5> at{};
    for (std::size_t i = 0; i < at.size(); ++i) at[i] = theta[i].value;
    return at;
  }

  // ln of the density of the purchases and of a death at t_x in dz.
  static double log_first(const std::array<double, 5>& theta, const row& c) {
    const auto& [r, alpha, b, s, beta] = theta;
    return bg_nbd::log_purchases(r, alpha, c.frequency, c.recency) + std::log(s) -
           s * log_gompertz_growth(b, beta, c.recency);
  }

  // What all nodes since t_x have in common.
  struct parts {
    double log_since;   // ln(1 + t_x / alpha)
    double log_growth;  // ln(D(t_x) / beta)
    double inverse;     // 1 / D(t_x)
    double inverse_b;
    double inverse_s;
    double inverse_beta;
    parts(const std::array<double, 5>& theta, double recency)
        : log_since(std::log1p(recency / theta[1])),
          log_growth(log_gompertz_growth(theta[2], theta[4], recency)),
          inverse(std::exp(-log_growth) / theta[4]),
          inverse_b(1 / theta[2]),
          inverse_s(1 / theta[3]),
          inverse_beta(1 / theta[4]) {}
  };

  // Calls visit(node) for nodes such that the sum of weight e^(-s z) (1 + u / (alpha + t_x))^-power f(z), f slowly
  // varying, is the integral over z from t_x on for `length`. Nodes are places in time, chosen on values; all
  // derivatives come from them. A panel is short beside the distance from the singularities of u(z) and of the power:
  // left of 0 on the axis, or at +- i pi where the scale is below 1, and so short that the integrand falls little.
  template <class Visit>
  static void visit_deaths(const std::array<double, 5>& theta, double power, double since, double length,
                           Visit&& visit) {
    const auto& [r, alpha, b, s, beta] = theta;
    const double p = alpha + since;
    const double scale = aged(b, beta, since);
    const double end = log_gompertz_growth(b, scale, length);
    const double reach = -std::expm1(-b * p) / scale;  // 1 - e^z at u = -p
    const double nearest = reach < 1 ? -std::log1p(-reach) : std::numeric_limits<double>::infinity();
    const double center = scale < 1 ? std::log(1 / scale - 1) : 0;
    const auto at = [&, b = b](double z, double weight) {
      // e^-z and 1 - e^-z: the smaller of the two has its digits.
      double shrink = 0;
      double grown = 0;
      if (z < 0.5) {
        grown = -std::expm1(-z);
        shrink = 1 - grown;
      } else {
        shrink = std::exp(-z);
        grown = 1 - shrink;
      }
      const double share = shrink / scale + grown;
      constexpr double long_after = 30;
      const double growth = z < long_after ? std::log1p(scale * grown / shrink) : z + std::log(scale * share);
      const double u = growth / b;
      return node{u, z, std::log1p(u / p), share, shrink, weight};
    };
    const auto fallen = [&, s = s](const node& n) { return s * n.z + power * n.log_since; };
    constexpr double pi = 3.14159265358979324;
    constexpr double negligible = 45;  // e^-45 = 3e-20
    constexpr double largest_drop = 10;
    constexpr double small_drop = 2;
    auto here = at(0, 0);
    while (here.z < end) {
      const double z = here.z;
      // 16 nodes err by rho^-32, rho the sum of the half axes of the largest ellipse around the panel, in half panels:
      // at least 3.7 for panels of twice the distance on the axis and 4.2 for once the distance off it; 8 nodes on a
      // fifth of that by 10^-16.
      double longest = 2 * (z + nearest);
      if (scale < 1) longest = std::min(longest, z > center ? std::hypot(z - center, pi) : pi);
      double panel = std::min(longest, end - z);
      const double decay = s + power / (b * here.share * (p + here.u));
      panel = std::min(panel, largest_drop / decay);
      auto next = at(z + panel, 0);
      double drop = fallen(next) - fallen(here);
      while (drop > 1.25 * largest_drop) {
        panel *= std::clamp(largest_drop / drop, 0.1, 0.7);
        next = at(z + panel, 0);
        drop = fallen(next) - fallen(here);
      }
      if (!(next.z > z)) return;
      const auto apply = [&](const auto& rule) {
        const double half = 0.5 * panel;
        for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
          visit(at(z + half * (1 + rule.nodes[k]), half * rule.weights[k]));
        }
      };
      if (drop < small_drop && panel < 0.2 * longest) {
        apply(numeric::gauss_legendre_8);
      } else {
        apply(numeric::gauss_legendre_16);
      }
      if (fallen(next) > negligible) return;
      here = next;
    }
  }
};

}  // namespace kundenwert::btyd
