// The phases of all customers at the ends of months, and how customers go from one phase to the next: the transition
// matrix of a Markov chain of phases. Each month end knows no more than what is dated up to it, and no probability
// alive: that would take a model for every month.
//
// References: domain specification B4.3 (f), B1.7; Pfeifer & Carraway (2000), "Modeling customer relationships as
// Markov chains" (the matrix).
//
// paper symbol | name here | unit      | domain
// p_ij         | share     |           | [0, 1]; NaN in a row nobody has been in
// n_ij         | count     | customers | steps from phase i to phase j, from one month end to the next
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/lifecycle/phases.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert::lifecycle {

struct phase_history {
  std::vector<std::int32_t> days;   // month ends, ascending
  std::int64_t customers = 0;       // rows, in the order of the base
  std::vector<std::uint8_t> codes;  // phase numbers, the months of one customer after each other

  // The phase of a customer at month end k; 0 before anything is known of the customer.
  lifecycle::phase at(std::int64_t customer, std::int64_t k) const {
    return static_cast<lifecycle::phase>(
        codes[static_cast<std::size_t>(customer) * days.size() + static_cast<std::size_t>(k)]);
  }
};

// The phases at the month ends that lie in [from, to]. Throws date_range for from or to, date_order for to before from,
// empty where no month ends between them, what require_phase_parameters throws, and cancelled.
phase_history phase_history_of(const customer_base& base, std::int32_t from, std::int32_t to,
                               const phase_parameters& parameters = {}, int threads = 1, progress watch = {});

// Steps between month ends; row and column 0 stand for customers of whom nothing is known yet.
struct phase_transitions {
  std::array<std::array<std::int64_t, phases.size() + 1>, phases.size() + 1> counts{};

  std::int64_t count(phase from, phase to) const {
    return counts[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
  }
  // The steps that begin in a phase.
  std::int64_t row_total(phase from) const;
  // The share of the steps from a phase that lead to another; NaN where there is none.
  double share(phase from, phase to) const;
};

// The steps from month end k to the next; throws domain where there are none.
phase_transitions transitions_after(const phase_history& history, std::int64_t k);
// The steps between all consecutive month ends, together.
phase_transitions transitions_of(const phase_history& history);

namespace detail {

inline void add_transitions(const phase_history& history, std::size_t k, phase_transitions& found) {
  const std::size_t months = history.days.size();
  for (std::size_t at = k; at + 1 < history.codes.size(); at += months) {
    ++found.counts[history.codes[at]][history.codes[at + 1]];
  }
}

}  // namespace detail

inline phase_history phase_history_of(const customer_base& base, std::int32_t from, std::int32_t to,
                                      const phase_parameters& parameters, int threads, progress watch) {
  require_day(from, "from");
  require_day(to, "to");
  if (to < from) fail(error_code::date_order, "to", "is before from");
  require_phase_parameters(parameters);
  phase_history history;
  history.customers = base.size();
  std::vector<detail::phase_clock> clocks;
  for (std::int32_t month = period_index(from, period::month);; ++month) {
    const std::int32_t end = period_days(month, period::month).to - 1;
    if (end > to) break;
    history.days.push_back(end);
    clocks.push_back(detail::clock_of(end, parameters));
    if (end == latest_day) break;
  }
  if (clocks.empty()) fail(error_code::empty, "to", "no month ends between from and to");
  history.codes.resize(static_cast<std::size_t>(history.customers) * clocks.size());
  constexpr std::int64_t chunk_rows = 1024;
  for_each_chunk(
      base.size(), chunk_rows, threads,
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        history_buffers buffers;
        auto code = history.codes.begin() + begin * static_cast<std::int64_t>(clocks.size());
        for (std::int64_t i = begin; i < end; ++i) {
          const customer_history customer = base.history(i);
          for (const detail::phase_clock& clock : clocks) {
            const phase_finding found = detail::find_phase(customer, clock, not_available, parameters, buffers);
            *code++ = static_cast<std::uint8_t>(found.phase);
          }
        }
      },
      watch);
  return history;
}

inline std::int64_t phase_transitions::row_total(phase from) const {
  std::int64_t total = 0;
  for (const std::int64_t n : counts[static_cast<std::size_t>(from)]) total += n;
  return total;
}

inline double phase_transitions::share(phase from, phase to) const {
  const std::int64_t total = row_total(from);
  return total > 0 ? static_cast<double>(count(from, to)) / static_cast<double>(total) : not_available;
}

inline phase_transitions transitions_after(const phase_history& history, std::int64_t k) {
  if (k < 0 || k + 1 >= static_cast<std::int64_t>(history.days.size())) {
    fail(error_code::domain, "k", "is no month end with another after it");
  }
  phase_transitions found;
  detail::add_transitions(history, static_cast<std::size_t>(k), found);
  return found;
}

inline phase_transitions transitions_of(const phase_history& history) {
  phase_transitions found;
  for (std::size_t k = 0; k + 1 < history.days.size(); ++k) detail::add_transitions(history, k, found);
  return found;
}

}  // namespace kundenwert::lifecycle
