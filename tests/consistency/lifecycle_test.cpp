// The lifecycle kernel against the specification written down day by day (lifecycle_oracle.hpp), over random histories
// that crowd the limits of every rule.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "kundenwert/lifecycle/passages.hpp"
#include "kundenwert/lifecycle/phases.hpp"
#include "kundenwert/lifecycle/relationship.hpp"
#include "lifecycle_oracle.hpp"
#include "random_life.hpp"

using namespace kundenwert;
using namespace kundenwert::lifecycle;
using test::life_source;
using test::lifecycle_oracle;
using test::random_life;

namespace {

constexpr std::uint64_t seed = 20250101;

// Analysis dates: an ordinary one, month ends that are longer and shorter than those a year before, a leap day.
const std::array<std::int32_t, 4> dates{day_of({2025, 1, 1}), day_of({2024, 2, 29}), day_of({2023, 2, 28}),
                                        day_of({2024, 12, 31})};

std::set<risk> set_of(std::uint32_t mask) {
  std::set<risk> found;
  for (const code_entry& entry : risks) {
    if ((mask & entry.number) != 0) found.insert(static_cast<risk>(entry.number));
  }
  return found;
}

bool is_equal(double found, std::optional<double> expected) {
  return expected ? std::fabs(found - *expected) <= 1e-15 * std::fabs(*expected) : std::isnan(found);
}

// What differs between kernel and oracle, as text; empty: nothing.
std::string difference(const random_life& life, std::int32_t day, double probability,
                       const phase_parameters& parameters, const lifecycle_oracle& oracle) {
  const phase_finding found = phase_at(life.history(), day, probability, parameters);
  const test::plain_finding expected = oracle.phase_on(day, probability);
  if (found.phase != expected.phase) {
    return "phase " + std::string(name_of(found.phase)) + " for " + std::string(name_of(expected.phase));
  }
  if (set_of(found.risks) != expected.risks) return "risks";
  if (found.regained_on != expected.regained_on.value_or(no_day)) return "regained_on";
  if (found.phase == phase{}) return {};
  const auto tenure = oracle.tenure(day);
  if (found.tenure != tenure.value_or(-1)) return "tenure";
  const auto purchases = oracle.purchase_days(day);
  if (found.repeat_purchases != static_cast<std::int32_t>(purchases.size()) - 1) return "repeat_purchases";
  if (found.has_active_contract != (oracle.contracts(day).active > 0)) return "has_active_contract";
  if (tenure && !is_equal(found.margin_ratio, oracle.margin_ratio(day))) return "margin_ratio";
  if (purchases.empty()) return {};
  if (found.days_since_purchase != day - *purchases.rbegin()) return "days_since_purchase";
  if (found.purchase_gap != oracle.gap(day)) return "purchase_gap";
  if (found.soft_threshold != oracle.soft_threshold(day)) return "soft_threshold";
  if (found.lost_threshold != oracle.lost_threshold(day)) return "lost_threshold";
  return {};
}

}  // namespace

TEST_CASE("lifecycle: every finding is that of the rules, replayed day by day") {
  std::array<int, phases.size() + 1> of_phase{};
  std::array<int, 7> of_risk{};
  for (std::uint64_t i = 0; i < 20000; ++i) {
    // Histories of 300 and of 1200 days: the longer ones reach both margin windows.
    life_source source(seed, i, dates[i % dates.size()], i % 3 == 0 ? 1200 : 300);
    const random_life life = source.life();
    const phase_parameters parameters = source.parameters();
    const lifecycle_oracle oracle(life.history(), parameters);
    for (int k = 0; k < 4; ++k) {
      const std::int32_t day = k == 0 ? life.as_of : source.between(life.as_of - 200, life.as_of + 45);
      const double probability = source.probability();
      const std::string differs = difference(life, day, probability, parameters, oracle);
      CAPTURE(i);
      CAPTURE(day - life.as_of);
      REQUIRE(differs == "");
      const phase_finding found = phase_at(life.history(), day, probability, parameters);
      ++of_phase[static_cast<std::size_t>(found.phase)];
      for (std::size_t r = 0; r < risks.size(); ++r) of_risk[r] += (found.risks & risks[r].number) != 0 ? 1 : 0;
    }
  }
  // The histories reach every phase and every risk often enough for the comparison to mean something.
  for (const int count : of_phase) CHECK(count >= 50);
  for (const int count : of_risk) CHECK(count >= 50);
}

TEST_CASE("lifecycle: lost spells and passages are those of the status of every day") {
  std::array<int, 6> of_passage{};
  int short_gaps = 0;
  int no_comebacks = 0;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    life_source source(seed + 1, i, dates[i % dates.size()], 400);
    const random_life life = source.life();
    const phase_parameters parameters = source.parameters();
    const lifecycle_oracle oracle(life.history(), parameters);
    CAPTURE(i);
    const std::int32_t first = life.as_of - 410;
    const auto found = lost_spells_of(life.history(), first, life.as_of, parameters);
    const auto expected = oracle.spells(first, life.as_of);
    REQUIRE(found.size() == expected.size());
    for (std::size_t s = 0; s < found.size(); ++s) {
      REQUIRE(found[s].from == expected[s].first);
      REQUIRE(found[s].to == expected[s].end);
      REQUIRE(found[s].is_comeback == expected[s].is_comeback);
      REQUIRE(found[s].counts == expected[s].counts);
      REQUIRE(found[s].is_over == (expected[s].end <= life.as_of));
      short_gaps += found[s].is_comeback && !found[s].counts ? 1 : 0;
      no_comebacks += found[s].is_over && !found[s].is_comeback ? 1 : 0;
    }
    for (int k = 0; k < 4; ++k) {
      const std::int32_t from = source.between(life.as_of - 400, life.as_of);
      const std::int32_t to = source.between(from, life.as_of);
      const passage went = passage_of(life.history(), from, to, parameters);
      CAPTURE(from - life.as_of);
      CAPTURE(to - life.as_of);
      REQUIRE(static_cast<int>(went) == static_cast<int>(oracle.passage_over(from, to)));
      ++of_passage[static_cast<std::size_t>(went)];
    }
  }
  for (const int count : of_passage) CHECK(count >= 50);
  CHECK(short_gaps >= 20);
  CHECK(no_comebacks >= 20);
}
