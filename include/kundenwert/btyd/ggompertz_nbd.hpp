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
  if (numeric::value_of(by) <= 1) return log1p(expm1(by) / beta);
  return by - log(beta) + log1p((beta - 1.0) * exp(-by));
}

struct gompertz_lifetime {
  static constexpr bool is_endless = false;
  double growth;  // b
  double shape;   // s
  double scale;   // beta, aged: after living T it is beta e^(-b T) + 1 - e^(-b T)

  double log_survival(double u) const { return -shape * log_gompertz_growth(growth, scale, u); }
  double log_density(double u) const {
    return std::log(shape * growth / scale) + growth * u - (shape + 1) * log_gompertz_growth(growth, scale, u);
  }
  double discounted(double horizon, double rate) const {
    if (horizon == 0) return 0;
    // Beyond, e^(-rate u) G(u) is no double any more.
    constexpr double invisible = 745;
    const double farthest = (invisible + shape * std::max(0.0, std::log(scale))) / (rate + shape * growth);
    // The first time that matters: of the discount or of the hazard.
    const double first = 1 / (rate + shape * growth / std::min(scale, 1.0));
    const auto found = detail::integrate_exponential([&](double u) { return log_survival(u) - rate * u; }, first,
                                                     std::min(horizon, farthest));
    return std::exp(found.log_peak) * found.value;
  }
};

struct ggompertz_nbd {
  static constexpr std::int32_t number = 6;
  static constexpr std::string_view name = "ggompertz_nbd";
  static constexpr std::string_view title = "GGompertz/NBD";
  static constexpr std::string_view source = "Bemmaor & Glady (2012), Management Science 58";
  static constexpr std::array parameters{
      parameter_fact{"r", 0, "shape of the gamma distribution of purchase rates"},
      parameter_fact{"alpha", 1, "rate of the gamma distribution of purchase rates", covariate_link::purchase, -1},
      parameter_fact{"b", -1, "growth of the hazard of one customer"},
      parameter_fact{"s", 0, "shape of the gamma distribution of hazard levels"},
      parameter_fact{"beta", 0, "rate of the gamma distribution of hazard levels, times b", covariate_link::dropout,
                     -1}};
  using row = summary_row;

  // As Pareto/NBD, with a hazard that grows by e over the observation.
  static parameter_values<ggompertz_nbd> start(const totals& t) {
    const double mean_age = t.age / t.weight;
    const double rate = std::max(t.frequency, 0.5) / t.age;
    return {0.5, 0.25 / rate, 1 / mean_age, 0.5, 1};
  }

  template <class S>
  static S count_term(const std::array<S, 5>& theta, double x) {
    return numeric::log_rising(theta[0], x);
  }

  template <class S>
  static S row_term(const std::array<S, 5>& theta, const row& c) {
    const auto& [r, alpha, b, s, beta] = theta;
    const S alive = bg_nbd::log_purchases(r, alpha, c.frequency, c.age) - s * log_gompertz_growth(b, beta, c.age);
    if (c.age == c.recency) return alive;
    return numeric::log_add_exp(alive, log_gone(theta, c));
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

  // ln of the integral, over the time y from t_x to T, of the density of the purchases and of a death at y, without
  // Gamma(r + x) / Gamma(r).
  static double log_gone(const std::array<double, 5>& theta, const row& c) {
    numeric::log_mixture<double> sum;
    visit_deaths(theta, c, [&](double y, double weight) { sum.add(weight, density(theta, c.frequency, y).value); });
    return sum.value();
  }
  template <std::size_t N, int Order>
  static numeric::dual<N, Order> log_gone(const std::array<numeric::dual<N, Order>, 5>& theta, const row& c) {
    std::array<double, 5> at{};
    for (std::size_t i = 0; i < at.size(); ++i) at[i] = theta[i].value;
    numeric::log_mixture<numeric::dual<5, Order>> sum;
    visit_deaths(at, c, [&](double y, double weight) {
      sum.add(weight, density(at, c.frequency, y).template derivatives<Order>());
    });
    return numeric::chain(sum.value(), theta);
  }

  // ln of the integrand at y, and what its derivatives in the parameters are made of. With D = beta + e^(b y) - 1:
  //   -r ln(1 + y / alpha) - x ln(alpha + y) + ln(s b / beta) + b y - (s + 1) ln(D / beta)
  struct death_density {
    const std::array<double, 5>& theta;
    double x;
    double y;
    double log_growth;  // ln(D / beta)
    double value;

    template <int Order>
    numeric::local_derivatives<5, Order> derivatives() const {
      const auto& [r, alpha, b, s, beta] = theta;
      const double shrink = std::exp(-b * y);
      const double share = 1 / (1 + (beta - 1) * shrink);  // e^(b y) / D
      const double inverse = shrink * share;               // 1 / D
      const double since = alpha + y;
      numeric::local_derivatives<5, Order> out;
      out.value = value;
      out.gradient = {-std::log1p(y / alpha), (r * y / alpha - x) / since, 1 / b + y - (s + 1) * y * share,
                      1 / s - log_growth, -1 / beta - (s + 1) * (inverse - 1 / beta)};
      if constexpr (Order == 2) {
        auto& h = out.hessian;  // r | alpha r, alpha | b r, b alpha, b | ...
        h[1] = y / (alpha * since);
        h[2] = (x - r * y * (alpha + since) / (alpha * alpha)) / (since * since);
        h[5] = -1 / (b * b) - (s + 1) * y * y * share * (1 - share);
        h[8] = -y * share;
        h[9] = -1 / (s * s);
        h[12] = (s + 1) * y * share * inverse;
        h[13] = 1 / beta - inverse;
        h[14] = 1 / (beta * beta) + (s + 1) * (inverse * inverse - 1 / (beta * beta));
      }
      return out;
    }
  };

  static death_density density(const std::array<double, 5>& theta, double x, double y) {
    const auto& [r, alpha, b, s, beta] = theta;
    const double log_growth = log_gompertz_growth(b, beta, y);
    return {theta, x, y, log_growth,
            bg_nbd::log_purchases(r, alpha, x, y) + std::log(s * b / beta) + b * y - (s + 1) * log_growth};
  }

  // Calls visit(y, weight) for nodes in time. In z = -ln G(y | alive at t_x) / s the density of the lifetime is
  // e^(-s z) and the rest varies slowly: panels grow with the distance from its singularities left of 0. Nodes are
  // places in time, chosen on values; all derivatives come from them.
  template <class Visit>
  static void visit_deaths(const std::array<double, 5>& theta, const row& c, Visit&& visit) {
    const auto& [r, alpha, b, s, beta] = theta;
    const double power = r + c.frequency;
    const double p = alpha + c.recency;
    const double scale = aged(b, beta, c.recency);
    const double end = log_gompertz_growth(b, scale, c.age - c.recency);
    const double nearest = std::min(1.0, b * p) / scale;
    const auto time_at = [&, b = b](double z) {
      const double grown = std::log(scale) + z;
      const double log_growth =
          z < 1 ? std::log1p(scale * std::expm1(z)) : grown + std::log1p((1 - scale) * std::exp(-grown));
      return log_growth / b;
    };
    // du / dz.
    const auto slope_at = [&, b = b](double z) { return 1 / (b * (1 + (1 / scale - 1) * std::exp(-z))); };
    constexpr double negligible = 45;  // e^-45 = 3e-20
    constexpr double largest_drop = 10;
    constexpr double largest_panel = 1.5;
    const auto& rule = numeric::gauss_legendre_16;
    double peak = -std::numeric_limits<double>::infinity();
    for (double z = 0; z < end;) {
      const double u = time_at(z);
      const double value = -s * z - power * std::log1p(u / p);
      const double decay = s + power * slope_at(z) / (p + u);
      peak = std::max(peak, value);
      if (value < peak - negligible) return;
      const double panel = std::min({largest_panel, largest_drop / decay, z + nearest, end - z});
      if (!(z + panel > z)) return;
      const double half = 0.5 * panel;
      for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
        const double at = z + half * (1 + rule.nodes[k]);
        visit(c.recency + time_at(at), half * rule.weights[k] * slope_at(at));
      }
      z += panel;
    }
  }
};

}  // namespace kundenwert::btyd
