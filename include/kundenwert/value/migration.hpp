// Customer value in a Markov chain: customers move between states from period to period, every state brings a reward,
// and the value of a state is the sum of all discounted rewards from there on. With a choice in every state, stop or go
// on, the best policy is found too.
//
//   V = (I - P / (1 + d))^-1 R          over all time
//   V_T = sum_{t=0..T} (P / (1 + d))^t R
//
// References: Pfeifer & Carraway (2000), "Modeling customer relationships as Markov chains", Journal of Interactive
// Marketing 14(2), 43-55; Howard (1960), policy iteration; Berger & Nasr (1998), case 5; domain specification B1.5,
// B1.7.
//
// paper | name here              | unit                | domain
// P     | probabilities          | share               | n x n row by row; entries >= 0, rows sum to 1 within 1e-9
// R     | rewards                | currency per period | finite; that of the present period is not discounted
// d     | periodic_discount_rate | per period          | >= 0; 0 only where no state that is never left has a reward
// T     | periods                | periods             | >= 0
// NC, M | margin, promotion      | currency            | of a purchase; of every period in which somebody is promoted
// to p_j   | purchase_probabilities | share               | [0, 1], at recency j = 1 ... J
//
// States are numbered from 1 in columns and from 0 in vectors.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/numeric/linear_system.hpp"

namespace kundenwert::value {

struct migration_chain {
  std::vector<double> probabilities;
  std::vector<double> rewards;

  std::size_t states() const { return rewards.size(); }
  double probability(std::size_t from, std::size_t to) const { return probabilities[from * states() + to]; }
};

// Value of every state over all time. Throws empty, length_mismatch, missing, non_finite; domain with the row of a
// matrix row that is no distribution; sign for the discount rate; divergent at rate 0 for a reward that never ends.
std::vector<double> migration_value(const migration_chain& chain, double periodic_discount_rate);

// Value of every state over the periods 0 ... periods. Throws the same, and sign for `periods`; any rate >= 0 goes.
std::vector<double> migration_value(const migration_chain& chain, double periodic_discount_rate, std::int64_t periods);

// Probabilities of every state after `periods` periods: row i of P^periods for a customer now in state i.
std::vector<double> migration_probabilities(const migration_chain& chain, std::int64_t periods);

// Pfeifer and Carraway's recency chain: states 1 ... J are the recencies at which somebody is promoted to, J + 1 is the
// former customer. A purchase leads to state 1 and brings the margin there. Throws empty, domain with the row.
migration_chain recency_chain(std::span<const double> purchase_probabilities, double margin, double promotion);

// What a state brings when nothing more is done in it: 0, but the margin of the purchase just made in state 1.
std::vector<double> recency_stop_rewards(std::size_t states, double margin);

struct migration_policy {
  std::vector<bool> goes_on;   // per state; false: stop there
  std::vector<double> values;  // of the states under the policy
  std::int64_t rounds = 0;
};

// The policy with the largest value in every state at once, by policy iteration: in a state either go on (its reward
// and its moves) or stop (its stop reward, once, and nothing more). A tie goes on. Rate above 0; throws domain at 0.
migration_policy best_policy(const migration_chain& chain, std::span<const double> stop_rewards,
                             double periodic_discount_rate);

struct migration_estimate {
  std::int64_t states = 0;
  std::vector<std::int64_t> counts;   // states x states, moves from one period to the next
  std::vector<double> probabilities;  // NaN in a row without moves, unless smoothed
  std::vector<reason> reasons;        // per state: missing_input where nothing was seen
};

// Moves counted from pairs (state now, state a period later), one per row, states 1 ... states; a null in either leaves
// the row out. Probabilities are (count + prior) / (row total + states x prior), prior >= 0 (Laplace: 1).
// Throws length_mismatch, domain for `states`, unknown_code with the row, sign for `prior`.
migration_estimate estimate_migration(const column<std::int32_t>& from, const column<std::int32_t>& to,
                                      std::int32_t states, double prior = 0);

// The same from a panel: rows of `periods` states, one row per customer, all periods of equal length.
migration_estimate estimate_migration_of_panel(const column<std::int32_t>& panel, std::int64_t periods,
                                               std::int32_t states, double prior = 0);

namespace detail {

inline void require_chain(const migration_chain& chain) {
  // Sums of decimal fractions in doubles; more is a mistake.
  constexpr double row_tolerance = 1e-9;
  const std::size_t n = chain.states();
  require_not_empty(static_cast<std::int64_t>(n), "rewards");
  require_same_length(static_cast<std::int64_t>(n * n), static_cast<std::int64_t>(chain.probabilities.size()),
                      "probabilities");
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = static_cast<std::int64_t>(i);
    require_finite(chain.rewards[i], "rewards", row);
    double sum = 0;
    for (std::size_t j = 0; j < n; ++j) {
      require_finite(chain.probability(i, j), "probabilities", row);
      if (chain.probability(i, j) < 0) fail_at(error_code::domain, "probabilities", row, "has a negative entry");
      sum += chain.probability(i, j);
    }
    if (!(std::fabs(sum - 1) <= row_tolerance)) {
      fail_at(error_code::domain, "probabilities", row, "sums to " + std::to_string(sum) + ", not to 1");
    }
  }
}

// Which states lead back to themselves from wherever they lead: those that are never left for good.
inline std::vector<bool> recurrent_states(const migration_chain& chain) {
  const std::size_t n = chain.states();
  std::vector<bool> reaches(n * n);
  for (std::size_t k = 0; k < n * n; ++k) reaches[k] = chain.probabilities[k] > 0;
  for (std::size_t via = 0; via < n; ++via) {
    for (std::size_t i = 0; i < n; ++i) {
      if (!reaches[i * n + via]) continue;
      for (std::size_t j = 0; j < n; ++j) {
        if (reaches[via * n + j]) reaches[i * n + j] = true;
      }
    }
  }
  std::vector<bool> recurrent(n, true);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (reaches[i * n + j] && !reaches[j * n + i]) recurrent[i] = false;
    }
  }
  return recurrent;
}

// Solves for the states that are not fixed; those that are keep their value.
inline std::vector<double> value_of_open_states(const migration_chain& chain, double rate,
                                                const std::vector<bool>& is_fixed, std::vector<double> values) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < chain.states(); ++i) {
    if (!is_fixed[i]) open.push_back(i);
  }
  std::vector<double> matrix;
  std::vector<double> right;
  matrix.reserve(open.size() * open.size());
  for (const std::size_t i : open) {
    double known = chain.rewards[i];
    for (std::size_t j = 0; j < chain.states(); ++j) {
      if (is_fixed[j]) known += chain.probability(i, j) / (1 + rate) * values[j];
    }
    right.push_back(known);
    for (const std::size_t j : open) matrix.push_back((i == j ? 1.0 : 0.0) - chain.probability(i, j) / (1 + rate));
  }
  const std::vector<double> solved = numeric::solve_linear(matrix, right);
  for (std::size_t k = 0; k < open.size(); ++k) values[open[k]] = solved[k];
  return values;
}

}  // namespace detail

inline std::vector<double> migration_value(const migration_chain& chain, double periodic_discount_rate) {
  detail::require_chain(chain);
  require_not_negative(periodic_discount_rate, "periodic_discount_rate");
  std::vector<bool> is_fixed(chain.states(), false);
  if (periodic_discount_rate == 0) {
    is_fixed = detail::recurrent_states(chain);
    for (std::size_t i = 0; i < chain.states(); ++i) {
      if (is_fixed[i] && chain.rewards[i] != 0) {
        fail_at(error_code::divergent, "rewards", static_cast<std::int64_t>(i),
                "is not 0 in a state that is never left, and nothing is discounted");
      }
    }
  }
  return detail::value_of_open_states(chain, periodic_discount_rate, is_fixed, std::vector<double>(chain.states(), 0));
}

inline std::vector<double> migration_value(const migration_chain& chain, double periodic_discount_rate,
                                           std::int64_t periods) {
  detail::require_chain(chain);
  require_not_negative(periodic_discount_rate, "periodic_discount_rate");
  if (periods < 0) fail(error_code::sign, "periods", "is negative");
  // V_0 = R, V_(t+1) = R + P V_t / (1 + d).
  const std::size_t n = chain.states();
  std::vector<double> values = chain.rewards;
  std::vector<double> next(n);
  for (std::int64_t t = 0; t < periods; ++t) {
    for (std::size_t i = 0; i < n; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < n; ++j) sum += chain.probability(i, j) * values[j];
      next[i] = chain.rewards[i] + sum / (1 + periodic_discount_rate);
    }
    values.swap(next);
  }
  return values;
}

inline std::vector<double> migration_probabilities(const migration_chain& chain, std::int64_t periods) {
  detail::require_chain(chain);
  if (periods < 0) fail(error_code::sign, "periods", "is negative");
  const std::size_t n = chain.states();
  std::vector<double> reached(n * n, 0);
  for (std::size_t i = 0; i < n; ++i) reached[i * n + i] = 1;
  for (std::int64_t t = 0; t < periods; ++t) {
    std::vector<double> next(n * n, 0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < n; ++k) {
        for (std::size_t j = 0; j < n; ++j) next[i * n + j] += reached[i * n + k] * chain.probability(k, j);
      }
    }
    reached.swap(next);
  }
  return reached;
}

inline migration_chain recency_chain(std::span<const double> purchase_probabilities, double margin, double promotion) {
  require_not_empty(static_cast<std::int64_t>(purchase_probabilities.size()), "purchase_probabilities");
  require_finite(margin, "margin");
  require_finite(promotion, "promotion");
  const std::size_t n = purchase_probabilities.size() + 1;
  migration_chain chain;
  chain.probabilities.assign(n * n, 0);
  chain.rewards.assign(n, -promotion);
  chain.rewards.front() = margin - promotion;
  chain.rewards.back() = 0;
  for (std::size_t j = 0; j + 1 < n; ++j) {
    require_share(purchase_probabilities[j], "purchase_probabilities", static_cast<std::int64_t>(j));
    chain.probabilities[j * n] = purchase_probabilities[j];
    chain.probabilities[j * n + j + 1] += 1 - purchase_probabilities[j];
  }
  chain.probabilities[n * n - 1] = 1;
  return chain;
}

inline std::vector<double> recency_stop_rewards(std::size_t states, double margin) {
  std::vector<double> rewards(states, 0);
  if (!rewards.empty()) rewards.front() = margin;
  return rewards;
}

inline migration_policy best_policy(const migration_chain& chain, std::span<const double> stop_rewards,
                                    double periodic_discount_rate) {
  detail::require_chain(chain);
  const std::size_t n = chain.states();
  require_same_length(static_cast<std::int64_t>(n), static_cast<std::int64_t>(stop_rewards.size()), "stop_rewards");
  for (std::size_t i = 0; i < n; ++i) {
    require_finite(stop_rewards[i], "stop_rewards", static_cast<std::int64_t>(i));
  }
  require_not_negative(periodic_discount_rate, "periodic_discount_rate");
  if (periodic_discount_rate == 0) fail(error_code::domain, "periodic_discount_rate", "must be above 0");
  migration_policy found;
  std::vector<bool> stops(n, false);
  for (;;) {
    ++found.rounds;
    found.values.assign(stop_rewards.begin(), stop_rewards.end());
    found.values = detail::value_of_open_states(chain, periodic_discount_rate, stops, std::move(found.values));
    bool is_better = false;
    for (std::size_t i = 0; i < n; ++i) {
      double goes_on = chain.rewards[i];
      for (std::size_t j = 0; j < n; ++j) {
        goes_on += chain.probability(i, j) * found.values[j] / (1 + periodic_discount_rate);
      }
      // A change must win more than the rounding of the equations, so that ties cannot go back and forth.
      const double least = 1e-12 * std::max(std::fabs(goes_on), std::fabs(stop_rewards[i]));
      const double gain = goes_on - stop_rewards[i];
      if (stops[i] ? gain > least : gain < -least) {
        stops[i] = !stops[i];
        is_better = true;
      }
    }
    if (!is_better) break;
  }
  found.goes_on.assign(n, true);
  for (std::size_t i = 0; i < n; ++i) found.goes_on[i] = !stops[i];
  return found;
}

namespace detail {

inline void require_state(std::int32_t state, std::int32_t states, const char* argument, std::int64_t row) {
  if (state < 1 || state > states) fail_at(error_code::unknown_code, argument, row, "is none of the states");
}

inline migration_estimate empty_estimate(std::int32_t states, double prior) {
  if (states < 1) fail(error_code::domain, "states", "must be 1 or more");
  require_not_negative(prior, "prior");
  migration_estimate found;
  found.states = states;
  const auto n = static_cast<std::size_t>(states);
  found.counts.assign(n * n, 0);
  return found;
}

inline void count_move(migration_estimate& estimate, std::int32_t from, std::int32_t to) {
  ++estimate.counts[static_cast<std::size_t>((from - 1) * estimate.states + (to - 1))];
}

inline void finish_estimate(migration_estimate& estimate, double prior) {
  const auto n = static_cast<std::size_t>(estimate.states);
  estimate.probabilities.assign(n * n, not_available);
  estimate.reasons.assign(n, reason::none);
  for (std::size_t i = 0; i < n; ++i) {
    std::int64_t seen = 0;
    for (std::size_t j = 0; j < n; ++j) seen += estimate.counts[i * n + j];
    const double total = static_cast<double>(seen) + static_cast<double>(n) * prior;
    if (!(total > 0)) {
      estimate.reasons[i] = reason::missing_input;
      continue;
    }
    for (std::size_t j = 0; j < n; ++j) {
      estimate.probabilities[i * n + j] = (static_cast<double>(estimate.counts[i * n + j]) + prior) / total;
    }
  }
}

}  // namespace detail

inline migration_estimate estimate_migration(const column<std::int32_t>& from, const column<std::int32_t>& to,
                                             std::int32_t states, double prior) {
  migration_estimate found = detail::empty_estimate(states, prior);
  require_same_length(from.size(), to.size(), "to");
  for (std::int64_t row = 0; row < from.size(); ++row) {
    if (from.is_valid(row)) detail::require_state(from[row], states, "from", row);
    if (to.is_valid(row)) detail::require_state(to[row], states, "to", row);
    if (from.is_valid(row) && to.is_valid(row)) detail::count_move(found, from[row], to[row]);
  }
  detail::finish_estimate(found, prior);
  return found;
}

inline migration_estimate estimate_migration_of_panel(const column<std::int32_t>& panel, std::int64_t periods,
                                                      std::int32_t states, double prior) {
  migration_estimate found = detail::empty_estimate(states, prior);
  if (periods < 1) fail(error_code::domain, "periods", "must be 1 or more");
  if (panel.size() % periods != 0) fail(error_code::length_mismatch, "panel", "has no whole number of customers");
  for (std::int64_t row = 0; row < panel.size(); ++row) {
    if (!panel.is_valid(row)) continue;
    detail::require_state(panel[row], states, "panel", row);
    const bool is_first = row % periods == 0;
    if (!is_first && panel.is_valid(row - 1)) detail::count_move(found, panel[row - 1], panel[row]);
  }
  detail::finish_estimate(found, prior);
  return found;
}

}  // namespace kundenwert::value
