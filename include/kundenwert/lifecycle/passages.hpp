// How customers go through a period (from, to]: who stayed, who left, who came, who came back. What the retention rate
// counts.
//
// A customer at a day is whoever is current by what is known on that day, without probability alive (standing.hpp).
// Lost between means a lost spell that counts (lost_spells.hpp): the short gap between two contracts does not.
//
// References: domain specification B2.1, B4.3.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/lifecycle/lost_spells.hpp"
#include "kundenwert/time/calendar.hpp"

namespace kundenwert::lifecycle {

enum class passage : std::int32_t {
  none = 0,      // no customer at either end
  retained = 1,  // a customer at both ends, never lost between
  regained = 2,  // a customer at both ends, lost between: neither retained nor new
  lost = 3,      // a customer at `from`, not at `to`
  joined = 4,    // a customer at `to`, potential or not yet known at `from`
  returned = 5,  // lost at `from`, a customer at `to`
};

// The passage of one customer. The parameters must have been checked.
passage passage_of(const customer_history& customer, std::int32_t from, std::int32_t to,
                   const phase_parameters& parameters);

// The passages of all customers. Throws date_range for from or to, date_order for to before from, what
// require_phase_parameters throws, and cancelled.
std::vector<passage> classify_passages(const customer_base& base, std::int32_t from, std::int32_t to,
                                       const phase_parameters& parameters = {}, int threads = 1, progress watch = {});

namespace detail {

inline passage passage_between(const customer_history& customer, std::int32_t from, std::int32_t to,
                               const phase_parameters& parameters, history_buffers& buffers) {
  const customer_kind before = kind_on(customer, from, parameters, buffers);
  const customer_kind after = kind_on(customer, to, parameters, buffers);
  if (after != customer_kind::current) return before == customer_kind::current ? passage::lost : passage::none;
  if (before == customer_kind::lost) return passage::returned;
  if (before != customer_kind::current) return passage::joined;
  bool is_regained = false;
  for_each_lost_spell(customer, from, to, parameters, buffers,
                      [&](const lost_spell& spell) { is_regained = is_regained || spell.counts; });
  return is_regained ? passage::regained : passage::retained;
}

}  // namespace detail

inline passage passage_of(const customer_history& customer, std::int32_t from, std::int32_t to,
                          const phase_parameters& parameters) {
  history_buffers buffers;
  return detail::passage_between(customer, from, to, parameters, buffers);
}

inline std::vector<passage> classify_passages(const customer_base& base, std::int32_t from, std::int32_t to,
                                              const phase_parameters& parameters, int threads, progress watch) {
  require_day(from, "from");
  require_day(to, "to");
  if (to < from) fail(error_code::date_order, "to", "is before from");
  require_phase_parameters(parameters);
  std::vector<passage> passages(static_cast<std::size_t>(base.size()));
  constexpr std::int64_t chunk_rows = 4096;
  for_each_chunk(
      base.size(), chunk_rows, threads,
      [&](std::int64_t, std::int64_t begin, std::int64_t end) {
        history_buffers buffers;
        for (std::int64_t i = begin; i < end; ++i) {
          passages[static_cast<std::size_t>(i)] =
              detail::passage_between(base.history(i), from, to, parameters, buffers);
        }
      },
      watch);
  return passages;
}

}  // namespace kundenwert::lifecycle
