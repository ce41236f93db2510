// Whether Markov chains agree and how much their draws tell: rank-normalized split R-hat, effective sample sizes in the
// bulk and in the tails, and the Monte-Carlo standard error of a mean.
//
// References: Vehtari, Gelman, Simpson, Carpenter & Buerkner (2021), "Rank-normalization, folding, and localization: an
// improved R-hat", Bayesian Analysis 16 (eq. 4: R-hat, 13: effective size, 14: rank normalization); Geyer (1992),
// "Practical Markov chain Monte Carlo" (initial monotone sequence), as ArviZ 0.23 and Stan compute them.
//
// paper    | name here          | domain
// N        | draws per chain    | >= 4, else NaN
// M        | chains             | R-hat: >= 2, else NaN
// R-hat    | r_hat              | about 1 where chains agree; wished below 1.01
// S_eff    | ess_bulk, ess_tail | up to M N log10(M N); wished above 100 per chain
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/numeric/normal.hpp"
#include "kundenwert/numeric/order.hpp"

namespace kundenwert::numeric {

struct chain_diagnostics {
  double mean = not_available;
  double deviation = not_available;  // standard deviation of all draws
  double r_hat = not_available;      // the larger of bulk and folded (tail) R-hat
  double ess_bulk = not_available;   // of the rank-normalized draws
  double ess_tail = not_available;   // the smaller of those of the 5 % and 95 % quantiles
  double ess_mean = not_available;   // of the draws as they are
  double mcse_mean = not_available;  // standard error of the mean: deviation / sqrt(ess_mean)
};

// Of one variable; draws chain by chain, all of the same length. A draw that is not finite makes every number NaN; so
// do fewer than 4 draws per chain. A constant has R-hat NaN and as many effective draws as draws. Throws domain where
// the draws do not divide into the chains.
chain_diagnostics diagnose_chains(std::span<const double> draws, int chains);

namespace detail {

// Chains of equal length one after the other.
struct chain_table {
  std::vector<double> values;
  std::size_t chains;

  std::size_t length() const { return values.size() / chains; }
  std::span<const double> chain(std::size_t c) const { return std::span(values).subspan(c * length(), length()); }
};

// Halves of chains; of an odd number of draws the middle one is left out.
inline chain_table split_chains(std::span<const double> draws, std::size_t chains) {
  const std::size_t length = draws.size() / chains;
  const std::size_t half = length / 2;
  chain_table out{{}, 2 * chains};
  out.values.reserve(half * 2 * chains);
  for (std::size_t c = 0; c < chains; ++c) {
    const auto chain = draws.subspan(c * length, length);
    out.values.insert(out.values.end(), chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(half));
    out.values.insert(out.values.end(), chain.end() - static_cast<std::ptrdiff_t>(half), chain.end());
  }
  return out;
}

// Normal scores of the ranks over all chains, Blom's offset 3/8 (Vehtari et al. 2021, eq. 14).
inline chain_table normal_scores(const chain_table& table) {
  constexpr double offset = 0.375;
  chain_table out{ranks(table.values), table.chains};
  const double divisor = static_cast<double>(table.values.size()) + 1 - 2 * offset;
  for (double& v : out.values) v = normal_quantile((v - offset) / divisor);
  return out;
}

inline double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

// With divisor n - 1.
inline double variance_of(std::span<const double> values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double v : values) sum += (v - mean) * (v - mean);
  return sum / static_cast<double>(values.size() - 1);
}

inline double r_hat_of(const chain_table& table) {
  const auto n = static_cast<double>(table.length());
  std::vector<double> means;
  double within = 0;
  for (std::size_t c = 0; c < table.chains; ++c) {
    means.push_back(mean_of(table.chain(c)));
    within += variance_of(table.chain(c)) / static_cast<double>(table.chains);
  }
  const double between = n * variance_of(means);
  return std::sqrt((between / within + n - 1) / n);
}

// Mean over the chains of the autocovariances at a lag, divisor n, and what is needed beside them.
class autocovariance {
 public:
  explicit autocovariance(const chain_table& table) : centered_(table) {
    const std::size_t n = table.length();
    for (std::size_t c = 0; c < table.chains; ++c) {
      means_.push_back(mean_of(table.chain(c)));
      for (std::size_t i = 0; i < n; ++i) centered_.values[c * n + i] -= means_.back();
    }
  }
  std::span<const double> means() const { return means_; }
  double at(std::size_t lag) const {
    double sum = 0;
    const std::size_t n = centered_.length();
    for (std::size_t c = 0; c < centered_.chains; ++c) {
      const auto chain = centered_.chain(c);
      for (std::size_t i = 0; i + lag < n; ++i) sum += chain[i] * chain[i + lag];
    }
    return sum / static_cast<double>(n * centered_.chains);
  }

 private:
  chain_table centered_;
  std::vector<double> means_;
};

inline double effective_size(const chain_table& table) {
  const std::size_t n = table.length();
  const auto size = static_cast<double>(table.values.size());
  const auto [low, high] = std::minmax_element(table.values.begin(), table.values.end());
  constexpr double resolution = 1e-15;  // as ArviZ: a constant
  if (*high - *low < resolution) return size;
  const autocovariance covariance(table);
  const double draws = static_cast<double>(n);
  const double within = covariance.at(0) * draws / (draws - 1);
  double total = covariance.at(0);
  if (table.chains > 1) total += variance_of(covariance.means());
  const auto correlation = [&](std::size_t lag) { return 1 - (within - covariance.at(lag)) / total; };
  // Pairs of an even and an odd lag while their sum is positive; lags are looked at only as far as that.
  std::vector<double> rho(n + 2);
  double even = 1;
  double odd = correlation(1);
  rho[0] = even;
  rho[1] = odd;
  std::size_t t = 1;
  while (t + 3 < n && even + odd > 0) {
    even = correlation(t + 1);
    odd = correlation(t + 2);
    if (even + odd >= 0) {
      rho[t + 1] = even;
      rho[t + 2] = odd;
    }
    t += 2;
  }
  // `last` is one more than ArviZ's max_t, which is -1 where no pair follows the first.
  const std::size_t last = t - 1;
  if (even > 0) rho[last] = even;
  // Pairs may not grow.
  for (std::size_t k = 1; k + 3 <= last; k += 2) {
    if (rho[k + 1] + rho[k + 2] > rho[k - 1] + rho[k]) {
      rho[k + 1] = rho[k + 2] = (rho[k - 1] + rho[k]) / 2;
    }
  }
  double sum = 0;
  for (std::size_t k = 0; k < last; ++k) sum += rho[k];
  const double tau = -1 + 2 * sum + rho[last];
  return size / std::max(tau, 1 / std::log10(size));
}

// Of the indicator of being at or below a quantile.
inline double effective_size_at(std::span<const double> draws, std::size_t chains, double probability) {
  const double edge = quantiles(draws, std::span(&probability, 1)).front();
  std::vector<double> below(draws.size());
  for (std::size_t i = 0; i < draws.size(); ++i) below[i] = draws[i] <= edge ? 1 : 0;
  return effective_size(split_chains(below, chains));
}

}  // namespace detail

inline chain_diagnostics diagnose_chains(std::span<const double> draws, int chains) {
  if (chains < 1 || draws.size() % static_cast<std::size_t>(chains) != 0) {
    fail(error_code::domain, "chains", "must be at least 1 and divide the number of draws");
  }
  chain_diagnostics out;
  const auto count = static_cast<std::size_t>(chains);
  constexpr std::size_t least = 4;
  if (draws.size() / count < least) return out;
  for (const double v : draws) {
    if (!std::isfinite(v)) return out;
  }
  out.mean = detail::mean_of(draws);
  out.deviation = std::sqrt(detail::variance_of(draws));
  const auto split = detail::split_chains(draws, count);
  const auto scores = detail::normal_scores(split);
  if (chains > 1) {
    auto folded = split;
    constexpr double half = 0.5;
    const double median = quantiles(split.values, std::span(&half, 1)).front();
    for (double& v : folded.values) v = std::fabs(v - median);
    out.r_hat = std::max(detail::r_hat_of(scores), detail::r_hat_of(detail::normal_scores(folded)));
  }
  constexpr double tail = 0.05;
  out.ess_bulk = detail::effective_size(scores);
  out.ess_tail =
      std::min(detail::effective_size_at(draws, count, tail), detail::effective_size_at(draws, count, 1 - tail));
  out.ess_mean = detail::effective_size(split);
  out.mcse_mean = out.deviation / std::sqrt(out.ess_mean);
  return out;
}

}  // namespace kundenwert::numeric
