// The properties (a) to (e) that the domain specification B4.3 demands, over random histories; (f) stands with the
// phase history.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <set>
#include <vector>

#include "kundenwert/lifecycle/passages.hpp"
#include "kundenwert/lifecycle/phases.hpp"
#include "kundenwert/lifecycle/tasks.hpp"
#include "random_base.hpp"
#include "random_life.hpp"

using namespace kundenwert;
using namespace kundenwert::lifecycle;
using test::life_source;
using test::random_life;

namespace {

constexpr std::uint64_t seed = 7;
const std::int32_t today = day_of({2025, 1, 1});

bool is_same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool is_same(const phase_finding& a, const phase_finding& b) {
  return a.phase == b.phase && a.risks == b.risks && a.is_customer == b.is_customer &&
         a.has_active_contract == b.has_active_contract && a.has_open_complaint == b.has_open_complaint &&
         a.repeat_purchases == b.repeat_purchases && a.days_since_purchase == b.days_since_purchase &&
         a.tenure == b.tenure && is_same(a.purchase_gap, b.purchase_gap) &&
         is_same(a.soft_threshold, b.soft_threshold) && is_same(a.lost_threshold, b.lost_threshold) &&
         is_same(a.margin_ratio, b.margin_ratio) && a.regained_on == b.regained_on;
}

bool is_prospect(phase p) { return p == phase::prospect || p == phase::prospect_cold || p == phase::acquisition; }
bool is_gone(phase p) { return p == phase::lost || p == phase::win_back; }

// What somebody on `day` has been told: later events are not there, later dates of known ones are empty.
random_life known_on(const random_life& life, std::int32_t day) {
  random_life known;
  known.as_of = life.as_of;
  if (life.created <= day) known.created = life.created;
  const auto hide = [day](std::int32_t& date) {
    if (date > day) date = no_day;
  };
  for (purchase_day p : life.purchases) {
    if (p.day > day) continue;
    hide(p.cancelled_on);
    known.purchases.push_back(p);
  }
  for (contract c : life.contracts) {
    if (c.start > day && c.signed_on > day) continue;
    hide(c.notice);
    if (c.notice == no_day) hide(c.end);
    if (c.signed_on > day) c.signed_on = c.start;
    known.contracts.push_back(c);
  }
  for (const contact& c : life.contacts) {
    if (c.day <= day) known.contacts.push_back(c);
  }
  for (complaint c : life.complaints) {
    if (c.opened > day) continue;
    hide(c.reopened);
    hide(c.resolved);
    if (c.resolved == no_day) c.satisfaction = not_available;
    known.complaints.push_back(c);
  }
  return known;
}

std::set<std::int32_t> event_days(const random_life& life) {
  std::set<std::int32_t> days{life.created};
  for (const purchase_day& p : life.purchases) days.insert({p.day, p.cancelled_on});
  for (const contract& c : life.contracts) days.insert({c.start, c.signed_on, c.planned_end, c.end, c.notice});
  for (const contact& c : life.contacts) days.insert(c.day);
  for (const complaint& c : life.complaints) days.insert({c.opened, c.resolved, c.reopened});
  return days;
}

}  // namespace

TEST_CASE("lifecycle (a): exactly one phase for a customer who is known, none before, and its parts agree") {
  for (std::uint64_t i = 0; i < 5000; ++i) {
    life_source source(seed, i, today, 500);
    const random_life life = source.life();
    const phase_parameters parameters = source.parameters();
    const std::int32_t day = source.between(today - 520, today + 30);
    const phase_finding found = phase_at(life.history(), day, source.probability(), parameters);
    CAPTURE(i);
    const std::int32_t known = first_known_day(life.history());
    CHECK((found.phase != phase{}) == (known != no_day && known <= day));
    if (found.phase == phase{}) continue;
    CHECK(!name_of(found.phase).empty());
    CHECK((found.risks != 0) == (found.phase == phase::endangered));
    CHECK(found.is_customer == (fact_of(found.phase).kind == customer_kind::current));
    CHECK((found.tenure >= 0) == !is_prospect(found.phase));
  }
}

TEST_CASE("lifecycle (b): what is dated later changes nothing") {
  for (std::uint64_t i = 0; i < 10000; ++i) {
    life_source source(seed + 1, i, today, 500);
    const random_life life = source.life();
    const phase_parameters parameters = source.parameters();
    const std::int32_t day = source.between(today - 520, today + 30);
    const double probability = source.probability();
    const random_life known = known_on(life, day);
    CAPTURE(i);
    REQUIRE(is_same(phase_at(life.history(), day, probability, parameters),
                    phase_at(known.history(), day, probability, parameters)));
  }
}

TEST_CASE("lifecycle (c): without an event nobody becomes a prospect or new again, and nobody comes back") {
  std::int64_t changes = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    life_source source(seed + 2, i, today, 500);
    const random_life life = source.life();
    const std::set<std::int32_t> events = event_days(life);
    phase before{};
    bool was_new = false;
    for (std::int32_t day = today - 505; day <= today + 400; ++day) {
      const phase now = phase_at(life.history(), day, not_available, phase_parameters{}).phase;
      if (events.count(day) == 0 && now != before) {
        CAPTURE(i);
        CAPTURE(day - today);
        ++changes;
        if (!is_prospect(before)) REQUIRE_FALSE(is_prospect(now));
        if (now == phase::new_) REQUIRE_FALSE(was_new);
        if (is_gone(before)) REQUIRE(is_gone(now));
      }
      was_new = was_new || now == phase::new_;
      before = now;
    }
  }
  CHECK(changes > 1000);
}

TEST_CASE("lifecycle (d): the order of customers and of events of one day, and the threads, change nothing") {
  constexpr std::int64_t customers = 9000;
  const test::random_base made(seed + 3, customers, today);
  std::vector<std::int64_t> order(customers);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  random_stream random(seed);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  const test::random_base permuted(seed + 3, order, today);
  std::vector<double> probability;
  std::vector<double> permuted_probability(customers);
  for (std::int64_t i = 0; i < customers; ++i) {
    probability.push_back(i % 3 == 0 ? not_available : static_cast<double>(i % 11) / 10);
  }
  for (std::size_t k = 0; k < order.size(); ++k) {
    permuted_probability[k] = probability[static_cast<std::size_t>(order[k])];
  }
  const auto one = classify_phases(made.base, today, probability);
  const auto four = classify_phases(made.base, today, probability, {}, 4);
  const auto other = classify_phases(permuted.base, today, permuted_probability, {}, 2);
  const auto passages = classify_passages(made.base, today - 365, today);
  CHECK(passages == classify_passages(made.base, today - 365, today, {}, 4));
  for (std::size_t k = 0; k < order.size(); ++k) {
    REQUIRE(is_same(one[k], four[k]));
    REQUIRE(is_same(other[k], one[static_cast<std::size_t>(order[k])]));
  }

  // Two events of one kind on one day are in no order.
  for (std::uint64_t i = 0; i < 3000; ++i) {
    life_source source(seed + 4, i, today, 200);
    random_life life = source.life();
    const phase_parameters parameters = source.parameters();
    for (contract& c : life.contracts) c.start = life.contracts.front().start;
    for (contact& c : life.contacts) c.day = life.contacts.front().day;
    for (complaint& c : life.complaints) c.opened = life.complaints.front().opened;
    random_life turned = life;
    std::reverse(turned.contracts.begin(), turned.contracts.end());
    std::reverse(turned.contacts.begin(), turned.contacts.end());
    std::reverse(turned.complaints.begin(), turned.complaints.end());
    CAPTURE(i);
    REQUIRE(
        is_same(phase_at(life.history(), today, 0.3, parameters), phase_at(turned.history(), today, 0.3, parameters)));
  }
}

TEST_CASE("lifecycle (e): an active contract never yields lost, whatever a model says") {
  int active = 0;
  for (std::uint64_t i = 0; i < 10000; ++i) {
    life_source source(seed + 5, i, today, 500);
    const random_life life = source.life();
    const phase_finding found = phase_at(life.history(), today, 0, source.parameters());
    const bool is_active =
        std::any_of(life.contracts.begin(), life.contracts.end(), [](const contract& c) { return c.is_active(today); });
    CHECK(found.has_active_contract == is_active);
    active += is_active ? 1 : 0;
    if (is_active) CHECK_FALSE(is_gone(found.phase));
  }
  CHECK(active > 1000);
}

TEST_CASE("lifecycle: passages add up to the customers of both days") {
  const test::random_base made(seed + 6, 6000, today);
  for (const std::int32_t from : {today - 365, today - 90, today}) {
    const auto before = classify_phases(made.base, from);
    const auto after = classify_phases(made.base, today);
    std::array<std::int64_t, 6> count{};
    for (const passage p : classify_passages(made.base, from, today)) ++count[static_cast<std::size_t>(p)];
    const auto customers = [](const std::vector<phase_finding>& found) {
      return std::count_if(found.begin(), found.end(), [](const phase_finding& f) { return f.is_customer; });
    };
    const auto of = [&](passage p) { return count[static_cast<std::size_t>(p)]; };
    CHECK(of(passage::retained) + of(passage::regained) + of(passage::lost) == customers(before));
    CHECK(of(passage::retained) + of(passage::regained) + of(passage::joined) + of(passage::returned) ==
          customers(after));
    if (from == today) CHECK(of(passage::retained) == customers(after));
  }
}
