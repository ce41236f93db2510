// The cases of the domain specification B4.3, as-of 2025-01-01: the eighteen of its table with the intermediate numbers
// that stand in it, then those it asks for in words, each with the rule that decides it.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "customer_life.hpp"
#include "kundenwert/lifecycle/lost_spells.hpp"
#include "kundenwert/lifecycle/phases.hpp"

using namespace kundenwert;
using namespace kundenwert::lifecycle;
using test::customer_life;
using test::day_of_text;

namespace {

struct lifecycle_case {
  std::string_view name;
  customer_life life;
  lifecycle::phase phase{};
  std::vector<risk> risks = {};
  double probability_alive = not_available;
};

std::string text_of(std::uint32_t mask) {
  std::string text;
  for (const code_entry& entry : risks) {
    if ((mask & entry.number) != 0) text += (text.empty() ? "" : " ") + std::string(entry.name);
  }
  return text;
}

void check_cases(std::string_view as_of, std::vector<lifecycle_case> cases) {
  for (lifecycle_case& c : cases) {
    CAPTURE(c.name);
    const phase_finding found = phase_at(c.life.history(), day_of_text(as_of), c.probability_alive, phase_parameters{});
    std::uint32_t expected = 0;
    for (const risk r : c.risks) expected |= static_cast<std::uint32_t>(r);
    CHECK(name_of(found.phase) == name_of(c.phase));
    CHECK(text_of(found.risks) == text_of(expected));
  }
}

customer_life case_5() { return customer_life().bought_every(1, "2024-06-15", "2024-12-15"); }
customer_life case_6() { return customer_life().bought_every(3, "2020-02-15", "2024-11-15"); }
customer_life case_8() { return customer_life().bought_every(1, "2024-01-10", "2024-06-10"); }

constexpr auto automatic = renewal::automatic;

}  // namespace

TEST_CASE("lifecycle: the eighteen cases of the specification") {
  check_cases(
      "2025-01-01",
      {
          {"1", customer_life().created("2024-11-01"), phase::prospect},
          {"2", customer_life().created("2024-11-01").contacted("2024-12-15"), phase::acquisition},
          {"3", customer_life().created("2023-06-01").contacted("2023-07-01"), phase::prospect_cold},
          {"4", customer_life().bought("2024-12-01"), phase::new_},
          {"5", case_5(), phase::development},
          {"6", case_6(), phase::mature},
          {"7", customer_life().bought_every(1, "2024-01-10", "2024-09-10"), phase::endangered, {risk::inactivity}},
          {"8", case_8(), phase::lost},
          {"9", case_8().contacted("2024-12-10", purpose::win_back), phase::win_back},
          {"10", customer_life().bought_every(1, "2023-01-10", "2023-06-10").bought("2024-11-20"), phase::regained},
          {"11", customer_life().under({"2024-02-01", "2025-02-01"}), phase::endangered, {risk::contract_expiring}},
          {"12", customer_life().under({"2023-01-01", "2025-01-01"}), phase::lost},
          {"13", case_6().complained("2024-12-10"), phase::endangered, {risk::open_complaint}},
          {"14", case_5(), phase::endangered, {risk::low_probability_alive}, 0.3},
          {"15", customer_life().bought("2024-05-01"), phase::endangered, {risk::inactivity}, 1.0},
          {"16", customer_life().under({"2022-01-01"}), phase::mature},
          {"17",
           customer_life().under({.start = "2022-01-01", .notice = "2024-12-20"}),
           phase::endangered,
           {risk::cancellation_notice}},
          {"18", customer_life().under({"2022-01-01", "2024-01-01"}).under({"2024-10-01"}), phase::regained},
      });
}

TEST_CASE("lifecycle: the numbers beside the cases") {
  const auto found_of = [](customer_life life) {
    return phase_at(life.history(), day_of_text("2025-01-01"), not_available, phase_parameters{});
  };
  const phase_finding five = found_of(case_5());
  CHECK(five.purchase_gap == 30.5);
  CHECK(five.soft_threshold == 61);
  CHECK(five.lost_threshold == 122);
  CHECK(five.days_since_purchase == 17);
  const phase_finding six = found_of(case_6());
  CHECK(six.purchase_gap == 92);
  CHECK(six.days_since_purchase == 47);
  CHECK(six.margin_ratio == 1);
  const phase_finding seven = found_of(customer_life().bought_every(1, "2024-01-10", "2024-09-10"));
  CHECK(seven.purchase_gap == 31);
  CHECK(seven.days_since_purchase == 113);
  CHECK(seven.soft_threshold == 62);
  CHECK(seven.lost_threshold == 124);
  CHECK(found_of(case_8()).days_since_purchase == 205);
  CHECK(found_of(customer_life().bought("2024-05-01")).days_since_purchase == 245);
  customer_life eighteen = customer_life().under({"2022-01-01", "2024-01-01"}).under({"2024-10-01"});
  const auto spells = lost_spells_of(eighteen.history(), day_of_text("2022-01-01"), day_of_text("2025-01-01"), {});
  REQUIRE(spells.size() == 1);
  CHECK(spells[0].to - spells[0].from == 274);
  CHECK(found_of(eighteen).regained_on == day_of_text("2024-10-01"));
}

TEST_CASE("lifecycle: the further cases of the specification") {
  check_cases(
      "2025-01-01",
      {
          {"a long purchase gap covered by an active contract",
           customer_life().bought("2021-03-01").under({"2021-03-01"}).bought("2024-12-01"), phase::mature},
          {"the same gap without contract", customer_life().bought("2021-03-01").bought("2024-12-01"), phase::regained},
          {"contract end, lost, a purchase", customer_life().under({"2022-01-01", "2024-01-01"}).bought("2024-12-01"),
           phase::regained},
          {"a contract gap bridged by purchases",
           customer_life()
               .under({"2022-01-01", "2024-08-01"})
               .bought("2024-08-01")
               .bought("2024-09-15")
               .under({"2024-10-01"}),
           phase::mature},
          {"a successor signed early that starts 10 days later",
           customer_life()
               .under({"2023-01-01", "2025-02-01"})
               .under({.start = "2025-02-11", .signed_on = "2024-12-01"}),
           phase::mature},
          {"the same, signed after the day",
           customer_life()
               .under({"2023-01-01", "2025-02-01"})
               .under({.start = "2025-02-11", .signed_on = "2025-01-02"}),
           phase::endangered,
           {risk::contract_expiring}},
          {"a successor that starts 30 days later",
           customer_life()
               .under({"2023-01-01", "2025-02-01"})
               .under({.start = "2025-03-03", .signed_on = "2024-12-01"}),
           phase::mature},
          {"a successor that starts 31 days later",
           customer_life()
               .under({"2023-01-01", "2025-02-01"})
               .under({.start = "2025-03-04", .signed_on = "2024-12-01"}),
           phase::endangered,
           {risk::contract_expiring}},
          {"a successor that started 10 days after the end",
           customer_life().under({"2022-01-01", "2024-11-01"}).under({"2024-11-11"}), phase::mature},
          {"a successor that started 30 days after the end",
           customer_life().under({"2022-01-01", "2024-11-01"}).under({"2024-12-01"}), phase::mature},
          {"a successor that started 31 days after the end",
           customer_life().under({"2022-01-01", "2024-11-01"}).under({"2024-12-02"}), phase::regained},
          {"automatic renewal past the planned end",
           customer_life().under(
               {.start = "2022-01-01", .end = "2024-01-01", .renewal = automatic, .is_end_known = false}),
           phase::mature},
          {"the same, to be renewed by hand",
           customer_life().under({.start = "2022-01-01", .end = "2024-01-01", .is_end_known = false}), phase::lost},
          {"automatic renewal shortly before the planned end",
           customer_life().under(
               {.start = "2022-01-01", .end = "2025-01-15", .renewal = automatic, .is_end_known = false}),
           phase::mature},
          {"the same with an end that nobody knows yet",
           customer_life().under({.start = "2022-01-01", .end = "2025-01-15", .renewal = automatic}), phase::mature},
          {"the same after the notice",
           customer_life().under(
               {.start = "2022-01-01", .end = "2025-01-15", .notice = "2025-01-01", .renewal = automatic}),
           phase::endangered,
           {risk::cancellation_notice}},
          {"a notice dated after the day",
           customer_life().under(
               {.start = "2022-01-01", .end = "2025-01-15", .notice = "2025-01-02", .renewal = automatic}),
           phase::mature},
          {"notice and expiry",
           customer_life().under({.start = "2022-01-01", .end = "2025-01-15", .notice = "2024-12-20"}),
           phase::endangered,
           {risk::cancellation_notice, risk::contract_expiring}},
          {"one of two contracts expires", customer_life().under({"2022-01-01", "2025-01-15"}).under({"2022-06-01"}),
           phase::mature},
          {"both expire",
           customer_life().under({"2022-01-01", "2025-01-15"}).under({"2022-06-01", "2025-02-15"}),
           phase::endangered,
           {risk::contract_expiring}},
          // Two gaps are too few: the default of 90 days, soft 180, lost 360.
          {"recency exactly soft_thr", customer_life().bought("2024-07-05"), phase::development},
          {"recency one day above soft_thr",
           customer_life().bought("2024-07-04"),
           phase::endangered,
           {risk::inactivity}},
          {"recency exactly lost_thr", customer_life().bought("2024-01-07"), phase::endangered, {risk::inactivity}},
          {"recency one day above lost_thr", customer_life().bought("2024-01-06"), phase::lost},
          {"end - t exactly 90",
           customer_life().under({"2022-01-01", "2025-04-01"}),
           phase::endangered,
           {risk::contract_expiring}},
          {"end - t 91", customer_life().under({"2022-01-01", "2025-04-02"}), phase::mature},
          {"half of a contract of 60 days to go",
           customer_life().under({"2024-12-02", "2025-01-31"}),
           phase::endangered,
           {risk::contract_expiring}},
          {"more than half of one of 61 days to go", customer_life().under({"2024-12-02", "2025-02-01"}), phase::new_},
          {"a return dated after the day", case_5().bought_and_returned("2024-12-20", "2025-01-02"),
           phase::development},
          {"the only purchase, returned after the day", customer_life().bought_and_returned("2024-12-20", "2025-01-02"),
           phase::new_},
          {"the only purchase, returned on the day", customer_life().bought_and_returned("2024-12-20", "2025-01-01"),
           phase::prospect},
      });
}

TEST_CASE("lifecycle: windows of complaints, contacts, probability, tenure and margin, on both sides of their limits") {
  const auto mature = [] { return case_6(); };
  check_cases(
      "2025-01-01",
      {
          {"open for 14 days", mature().complained("2024-12-18"), phase::mature},
          {"open for 15 days", mature().complained("2024-12-17"), phase::endangered, {risk::open_complaint}},
          {"resolved on the day", mature().complained("2024-12-01", "2025-01-01", 80), phase::mature},
          {"resolved the day after",
           mature().complained("2024-12-01", "2025-01-02", 80),
           phase::endangered,
           {risk::open_complaint}},
          {"opened again 14 days ago", mature().complained("2024-08-01", "2024-09-01", 20, "2024-12-18"),
           phase::mature},
          {"opened again 15 days ago",
           mature().complained("2024-08-01", "2024-09-01", 20, "2024-12-17"),
           phase::endangered,
           {risk::open_complaint}},
          {"opened again after the day",
           mature().complained("2024-08-01", "2024-09-01", 20, "2025-01-02"),
           phase::endangered,
           {risk::bad_complaint_outcome}},
          {"praise", mature().complained("2024-08-01", "", not_available, "", case_kind::praise), phase::mature},
          {"claim",
           mature().complained("2024-08-01", "", not_available, "", case_kind::claim),
           phase::endangered,
           {risk::open_complaint}},
          {"bad outcome 180 days ago",
           mature().complained("2024-07-01", "2024-07-05", 49.9),
           phase::endangered,
           {risk::bad_complaint_outcome}},
          {"bad outcome 181 days ago", mature().complained("2024-07-01", "2024-07-04", 49.9), phase::mature},
          {"an outcome of exactly 50", mature().complained("2024-07-01", "2024-12-05", 50), phase::mature},
          {"an outcome nobody knows", mature().complained("2024-07-01", "2024-12-05"), phase::mature},
          {"all that complaints can show, in order",
           mature().complained("2024-11-01").complained("2024-11-01", "2024-11-10", 0),
           phase::endangered,
           {risk::open_complaint, risk::bad_complaint_outcome}},

          {"contact 90 days ago", customer_life().contacted("2024-10-03"), phase::acquisition},
          {"contact 91 days ago", customer_life().contacted("2024-10-02"), phase::prospect},
          {"contact from the customer", customer_life().contacted("2024-12-01", purpose::info, direction::in),
           phase::acquisition},
          {"created 365 days ago", customer_life().created("2024-01-02"), phase::prospect},
          {"created 366 days ago", customer_life().created("2024-01-01"), phase::prospect_cold},
          {"created after the first event", customer_life().created("2024-12-01").contacted("2023-12-31"),
           phase::prospect_cold},
          {"created after the day", customer_life().created("2025-01-02"), {}},
          {"nothing known", customer_life(), {}},
          {"first event after the day", customer_life().bought("2025-01-02"), {}},
          {"a contract that is signed and has not started",
           customer_life().under({.start = "2025-02-01", .signed_on = "2024-12-20"}), phase::prospect},

          {"win-back contact 90 days ago", case_8().contacted("2024-10-03", purpose::win_back), phase::win_back},
          {"win-back contact 91 days ago", case_8().contacted("2024-10-02", purpose::win_back), phase::lost},
          {"win-back contact without direction", case_8().contacted("2024-12-10", purpose::win_back, direction{}),
           phase::win_back},
          {"the customer's own contact", case_8().contacted("2024-12-10", purpose::win_back, direction::in),
           phase::lost},
          {"win-back contact before another",
           case_8().contacted("2024-12-10", purpose::win_back).contacted("2024-12-20"), phase::win_back},
          {"win-back contact after the day", case_8().contacted("2025-01-02", purpose::win_back), phase::lost},

          {"probability exactly 0.5", case_5(), phase::development, {}, 0.5},
          {"probability exactly 0.1", case_8(), phase::endangered, {risk::low_probability_alive}, 0.1},
          {"probability below 0.1", case_8(), phase::lost, {}, 0.099},
          {"probability below 0.1, recency 90",
           customer_life().bought_every(1, "2024-07-03", "2024-10-03"),
           phase::endangered,
           {risk::low_probability_alive},
           0.01},
          {"probability below 0.1, recency 91",
           customer_life().bought_every(1, "2024-07-02", "2024-10-02"),
           phase::lost,
           {},
           0.01},
          {"probability beside an active contract", case_8().under({"2022-01-01"}), phase::mature, {}, 0.01},
          {"probability after a contract, bought since",
           case_8().under({"2022-01-01", "2024-03-01"}),
           phase::lost,
           {},
           0.9},

          {"tenure 90", customer_life().bought("2024-10-03"), phase::new_},
          {"tenure 91", customer_life().bought("2024-10-02"), phase::development},
          {"tenure 729", customer_life().under({"2023-01-03"}), phase::development},
          {"tenure 730", customer_life().under({"2023-01-02"}), phase::mature},
          {"tenure from the contract, not the purchase", customer_life().under({"2023-01-02"}).bought("2024-12-20"),
           phase::mature},
          {"regained 180 days ago", customer_life().bought("2022-01-01").under({"2024-07-05"}), phase::regained},
          {"regained 181 days ago", customer_life().bought("2022-01-01").under({"2024-07-04"}), phase::mature},

          {"margin grew by a tenth",
           customer_life()
               .bought("2022-06-01", 1)
               .under({"2022-06-01"})
               .bought("2024-01-01", 100)
               .bought("2024-01-02", 110),
           phase::development},
          {"margin grew by less",
           customer_life()
               .bought("2022-06-01", 1)
               .under({"2022-06-01"})
               .bought("2024-01-01", 100)
               .bought("2024-01-02", 109),
           phase::mature},
          {"margin fell to a half",
           customer_life().under({"2022-06-01"}).bought("2023-01-02", 100).bought("2025-01-01", 50), phase::mature},
          {"margin fell to less",
           customer_life().under({"2022-06-01"}).bought("2023-01-02", 100).bought("2025-01-01", 49),
           phase::endangered,
           {risk::margin_decline}},
          {"margin of a day outside the window",
           customer_life().under({"2022-06-01"}).bought("2023-01-01", 100).bought("2025-01-01", 49), phase::mature},
          {"margin fell, tenure 729", customer_life().under({"2023-01-03"}).bought("2023-01-04", 100),
           phase::development},
          {"margin fell, tenure 730",
           customer_life().under({"2023-01-02"}).bought("2023-01-04", 100),
           phase::endangered,
           {risk::margin_decline}},
          {"margin fell after a gap between contracts",
           customer_life().under({"2020-01-01", "2023-01-01"}).under({"2023-01-03"}).bought("2023-01-04", 100),
           phase::mature},
          {"the gap ends before the windows",
           customer_life().under({"2020-01-01", "2022-12-31"}).under({"2023-01-02"}).bought("2023-01-04", 100),
           phase::endangered,
           {risk::margin_decline}},
          {"a partial return counts on its own day",
           customer_life()
               .under({"2022-06-01"})
               .bought("2023-06-01", 100)
               .bought("2024-06-01", 100)
               .gave_back("2024-08-01", 70),
           phase::endangered,
           {risk::margin_decline}},
      });
}
