// Long futures of customers who buy every k-th event of a Poisson clock (erlang_stages.hpp): integrals over the rate of
// the clock and the dropout probability of one customer, in place of sums over thousands of events.
//
// Given lambda and p, with q = 1 - p and phi = lambda / (lambda + rate), purchases are a renewal process whose
// transform phi^(k-j) / (1 - q phi^k) has the poles z_l = q^(1/k) e^(2 pi i l / k) in z = 1 / phi:
//   discounted purchases = sum_l c_l lambda (1 - e^(-kappa_l t)) / kappa_l,  kappa_l = lambda (1 - z_l) + rate
//   P(alive after t)     = p sum_l c_l e^(-lambda (1 - z_l) t) / (1 - z_l),  c_l = z_l^(j+1) / (k q)
// The terms l > 0 are the memory of the last purchase; they are gone after some cycles. Where q is small the poles meet
// and the first powers of q are summed instead.
//
// Reference: Cox (1962), Renewal Theory, chapters 1 and 4 (the renewal function of Erlang intervals).
//
// paper | name here | domain
// z     | root      | complex, |z| < 1
// phi^(k-j), averaged over j | first | [0, 1]
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "kundenwert/btyd/beta_geometric.hpp"
#include "kundenwert/btyd/erlang_stages.hpp"
#include "kundenwert/numeric/incomplete.hpp"
#include "kundenwert/numeric/quadrature.hpp"

namespace kundenwert::btyd::detail {

// Nearer to p = 1 the poles lose more than three digits; six powers of q are exact there.
inline constexpr double near_certain = 1e-3;
inline constexpr std::size_t first_cycles = 6;

// One rate of the clock.
struct clock_rate {
  double rate;
  double weight;
  std::array<double, most_stages> passed{};  // P(j | lambda, silence)
  // Of purchases n = 1, 2, ...: E[e^(-rate tau_n); tau_n <= t]; of life: P(exactly n within t), n = 0, 1, ...
  std::array<double, first_cycles> cycles{};
  double phi_power = 1;       // phi^k
  double phi_power_left = 0;  // 1 - phi^k
  double first = 0;           // E_j[phi^(k-j)]
};

// ln of the weight of lambda = e^y / s in y, up to a constant, and its slope: gamma, times P(fewer than k events in the
// silence | lambda) e^(lambda d).
struct clock_density {
  const erlang_state& state;

  std::pair<double, double> silence(double g) const {
    const double x = g * (state.idle / state.scale);
    double term = 1;
    double sum = 0;
    double moment = 0;
    for (std::size_t j = 0; j < state.stages; ++j) {
      sum += term;
      moment += static_cast<double>(j) * term;
      term *= x / static_cast<double>(j + 1);
    }
    return {std::log(sum), moment / sum};
  }
  double log_weight(double y) const {
    const double g = std::exp(y);
    return state.shape * y - g + silence(g).first;
  }
  double slope(double y) const {
    const double g = std::exp(y);
    return state.shape - g + silence(g).second;
  }
};

enum class future_of { purchases, life };

// Nodes in ln lambda for an integrand that is constant where lambda times `reach` is below 1e-17, rises at most like
// its k-th power, and swings as the events of the clock within t.
inline std::vector<clock_rate> clock_rates(const erlang_state& state, double t, double rate, future_of what) {
  constexpr double invisible = 1e-17;
  constexpr double negligible = 36;  // e^-36 = 2e-16
  const clock_density density{state};
  const double reach = rate * t > 1 ? 1 / rate : t;
  const double constant_below = std::log(invisible * state.scale / reach);
  const auto edge = [](auto&& is_inside, double inside, double outside) {
    if (is_inside(outside)) return outside;
    for (int i = 0; i < 50; ++i) {
      const double middle = 0.5 * (inside + outside);
      (is_inside(middle) ? inside : outside) = middle;
    }
    return outside;
  };
  const auto rises = [&](double y) { return density.slope(y) > 0; };
  const double top = edge(rises, std::log(state.shape), std::log(state.shape + static_cast<double>(state.stages)));
  const double peak = density.log_weight(top);
  // Purchases rise at most like lambda^k, and what is discounted like that stays so: cut a little further out.
  const auto k = static_cast<double>(state.stages);
  const auto counts = [&](double y) { return density.log_weight(y) - peak + k * std::max(0.0, y - top) > -negligible; };
  // Who is alive after a long time may have had fewer events than most: the weight counts from where it is largest
  // times (about) the survival, and not where that is no double.
  double largest = peak;
  if (what == future_of::life) {
    constexpr int probes = 24;
    constexpr double smallest = 700;
    const double late = std::min(top, std::log(k * state.scale / t));
    largest = peak - smallest;
    for (int i = 0; i <= probes; ++i) {
      const double y = top + (late - top) * i / probes;
      const double cycles = std::floor(std::exp(y) / state.scale * t / k) + 1;
      largest = std::max(largest, density.log_weight(y) + log_all_survived(state, cycles));
    }
  }
  const auto lives = [&](double y) { return density.log_weight(y) > largest - negligible; };
  const double low = edge(lives, top, std::min(constant_below, top));
  // e^6 times the larger of 1 and the peak: e^-g is nothing there, and powers of it are still doubles.
  const double high = edge(counts, top, std::max(top, 0.0) + 6);
  std::vector<clock_rate> out;
  constexpr std::size_t usual_nodes = 512;
  out.reserve(usual_nodes);
  double mass = 0;
  const auto add = [&](double y, double weight) {
    clock_rate node{std::exp(y) / state.scale, weight};
    double term = 1;
    double sum = 0;
    for (std::size_t j = 0; j < state.stages; ++j) {
      node.passed[j] = term;
      sum += term;
      term *= node.rate * state.idle / static_cast<double>(j + 1);
    }
    for (double& p : node.passed) p /= sum;
    mass += weight;
    out.push_back(node);
  };
  add(low, std::exp(density.log_weight(low) - peak) / state.shape);
  const double angle = 2 * std::acos(-1.0) / static_cast<double>(state.stages);
  for (double y = low; y < high;) {
    constexpr double largest_panel = 1.5;
    constexpr double quiet_panel = 4;  // where hardly an event comes, powers of lambda
    constexpr double largest_drop = 10;
    constexpr double largest_swing = 8;  // radians that 16 nodes resolve
    const double g = std::exp(y);
    const double events = g / state.scale * t;
    constexpr double quiet = 0.01;
    const bool is_quiet = g < quiet && (events < quiet || g / state.scale < quiet * rate);
    double panel = std::min({is_quiet ? quiet_panel : largest_panel, largest_drop / (std::fabs(density.slope(y)) + 1),
                             std::sqrt(largest_drop / (g + 1))});
    if (state.stages > 2 && events * (1 - std::cos(angle)) < negligible) {
      panel = std::min(panel, largest_swing / (events * std::sin(angle) + 1));
    }
    panel = std::min(panel, high - y);
    if (!(y + panel > y)) break;
    const auto& rule = numeric::gauss_legendre_16;
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
      const double at = y + 0.5 * panel * (1 + rule.nodes[i]);
      add(at, 0.5 * panel * rule.weights[i] * std::exp(density.log_weight(at) - peak));
    }
    y += panel;
  }
  for (auto& node : out) node.weight /= mass;
  return out;
}

// The roots z_l for one p; of a conjugate pair one.
struct roots {
  std::size_t stages;
  std::size_t count;
  double survived;
  std::array<std::complex<double>, most_stages / 2 + 1> at{};
  std::array<std::complex<double>, most_stages / 2 + 1> left{};  // 1 - z, without cancellation

  roots(double p, std::size_t k) : stages(k), count(k / 2 + 1), survived(1 - p) {
    const double log_size = std::log1p(-p) / static_cast<double>(k);
    const double size = std::exp(log_size);
    for (std::size_t l = 0; l < count; ++l) {
      const double angle = 2 * std::acos(-1.0) * static_cast<double>(l) / static_cast<double>(k);
      const double half = std::sin(0.5 * angle);
      at[l] = std::polar(size, angle);
      left[l] = {-std::expm1(log_size) + 2 * size * half * half, -at[l].imag()};
    }
  }
  double conjugates(std::size_t l) const { return l == 0 || 2 * l == stages ? 1 : 2; }
  // The mean of c_l over the stages passed.
  std::complex<double> factor(const clock_rate& node, std::size_t l) const {
    const double x = at[l].real();
    const double y = at[l].imag();
    double u = 0;
    double v = 0;
    for (std::size_t j = stages; j-- > 0;) {
      const double next = u * x - v * y + node.passed[j];
      v = u * y + v * x;
      u = next;
    }
    return std::complex<double>(u * x - v * y, u * y + v * x) / (static_cast<double>(stages) * survived);
  }
};

// The future of one customer by dropout probability; t may be infinite where rate > 0.
class clock_future {
 public:
  clock_future(const erlang_state& state, double t, double rate, future_of what);

  // Purchases within t, discounted; P(alive after t).
  double purchases(double p) const;
  double survival(double p) const;

 private:
  // The first purchases by powers of q: exact where q is small or few events come.
  static double first_powers(const clock_rate& node, double q) {
    double sum = 0;
    for (std::size_t n = first_cycles; n-- > 0;) sum = sum * q + node.cycles[n];
    return sum;
  }
  // With fewer expected events purchase number seven adds less than 1e-14.
  double few_events() const { return stages_ == 1 ? 1e-3 : 0.5; }

  static constexpr double forgotten = 40;  // e^-40 = 4e-18

  std::size_t stages_;
  double t_;
  double rate_;
  std::vector<clock_rate> nodes_;
};

// What over_dropout (beta_geometric.hpp) asks: the cycles of the clock stand for its purchases.
struct long_purchases {
  const clock_future& future;
  double reach;  // cycles expected within t, or in the time in which little is discounted

  double value(double p) const { return future.purchases(p); }
  double log_size(double p) const { return -std::log1p(reach * p); }
  double fall(double p) const { return p * reach / (1 + p * reach); }
};
struct long_survival {
  const clock_future& future;
  double shape;
  double end;  // t per stages and scale
  double reach = shape * end;

  double value(double p) const { return future.survival(p); }
  double log_size(double p) const { return -shape * std::log1p(p * end); }
  double fall(double p) const { return shape * p * end / (1 + p * end); }
};

inline clock_future::clock_future(const erlang_state& state, double t, double rate, future_of what)
    : stages_(state.stages), t_(t), rate_(rate), nodes_(clock_rates(state, t, rate, what)) {
  const auto k = static_cast<double>(stages_);
  const std::size_t last = first_cycles * stages_;
  for (auto& node : nodes_) {
    const double log_phi = -std::log1p(rate / node.rate);
    const double phi = std::exp(log_phi);
    node.phi_power = std::exp(k * log_phi);
    node.phi_power_left = -std::expm1(k * log_phi);
    for (std::size_t j = 0; j < stages_; ++j) node.first = (node.first + node.passed[j]) * phi;
    // P(Poisson >= m) from the last m down, with all terms positive.
    const double events = (node.rate + rate) * t;
    double tail = std::isinf(t) ? 1 : numeric::incomplete_gamma(static_cast<double>(last), events);
    for (std::size_t m = last; m > 0; --m) {
      const std::size_t j = (stages_ - m % stages_) % stages_;
      const auto stage = static_cast<double>(m);
      // Exactly m - 1 events.
      const double exactly =
          std::isinf(t) ? 0 : std::exp((stage - 1) * std::log(events) - events - numeric::log_gamma(stage));
      if (what == future_of::purchases) {
        node.cycles[(m + j) / stages_ - 1] += node.passed[j] * std::exp(stage * log_phi) * tail;
        tail += exactly;
        continue;
      }
      for (std::size_t i = 0; i < stages_; ++i) {
        const std::size_t n = (m - 1 + i) / stages_;
        if (n < first_cycles) node.cycles[n] += node.passed[i] * exactly;
      }
    }
  }
}

inline double clock_future::purchases(double p) const {
  const double q = 1 - p;
  double sum = 0;
  if (q < near_certain) {
    for (const auto& node : nodes_) sum += node.weight * first_powers(node, q);
    return sum;
  }
  if (std::isinf(t_)) {
    for (const auto& node : nodes_) {
      sum += node.weight * node.first / (p * node.phi_power + node.phi_power_left);
    }
    return sum;
  }
  const auto one_minus_exp = [](std::complex<double> x) {
    // 1 - e^-(u + iv) = -expm1(-u) + e^-u (2 sin^2(v / 2) + i sin v).
    if (x.real() > forgotten) return std::complex<double>(1);
    const double decayed = std::exp(-x.real());
    const double half = std::sin(0.5 * x.imag());
    return std::complex<double>(-std::expm1(-x.real()) + decayed * 2 * half * half, decayed * std::sin(x.imag()));
  };
  const roots at(p, stages_);
  for (const auto& node : nodes_) {
    if ((node.rate + rate_) * t_ < few_events()) {
      sum += node.weight * first_powers(node, q);
      continue;
    }
    // The lasting root alone decays slowly; where the others are gone, they are what is left of the transform.
    const double speed = node.rate * at.left[0].real() + rate_;
    const double lasting = at.factor(node, 0).real() * node.rate / speed;
    constexpr double soon = 1e-3;  // below, the difference would cancel
    if (speed * t_ > soon && (at.count == 1 || node.rate * t_ * at.left[1].real() > forgotten)) {
      sum += node.weight * (node.first / (p * node.phi_power + node.phi_power_left) - lasting * std::exp(-speed * t_));
      continue;
    }
    double inner = -lasting * std::expm1(-speed * t_);
    for (std::size_t l = 1; l < at.count; ++l) {
      const std::complex<double> decay = node.rate * at.left[l] + rate_;
      inner += at.conjugates(l) * (at.factor(node, l) * node.rate * one_minus_exp(decay * t_) / decay).real();
    }
    sum += node.weight * inner;
  }
  return sum;
}

inline double clock_future::survival(double p) const {
  const double q = 1 - p;
  double sum = 0;
  const roots at(p, stages_);
  for (const auto& node : nodes_) {
    if (q < near_certain || node.rate * t_ < few_events()) {
      sum += node.weight * first_powers(node, q);
      continue;
    }
    const double lasting = node.rate * t_ * at.left[0].real();
    constexpr double underflow = 745;
    if (lasting > underflow) continue;
    double inner = 0;
    for (std::size_t l = 0; l < at.count; ++l) {
      const std::complex<double> decay = node.rate * t_ * at.left[l];
      if (decay.real() > lasting + forgotten) continue;
      inner += at.conjugates(l) * (at.factor(node, l) * std::exp(-decay) / at.left[l]).real();
    }
    sum += node.weight * p * inner;
  }
  return sum;
}

}  // namespace kundenwert::btyd::detail
