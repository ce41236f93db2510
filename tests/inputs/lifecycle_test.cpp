// Every check of the lifecycle fires, with the name of the argument and the row.
#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "check_error.hpp"
#include "kundenwert/lifecycle/passages.hpp"
#include "kundenwert/lifecycle/phase_history.hpp"
#include "kundenwert/lifecycle/phases.hpp"
#include "kundenwert/lifecycle/tasks.hpp"

using namespace kundenwert;
using namespace kundenwert::lifecycle;
using kundenwert::test::check_error;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::int32_t today = 20089;

customer_base three_customers() {
  customer_base base;
  base.ids.numbers = {1, 2, 3};
  return base;
}

template <class Value>
void check_parameter(Value phase_parameters::*member, Value value, error_code code, std::string_view argument) {
  CAPTURE(argument);
  phase_parameters parameters;
  parameters.*member = value;
  const customer_base base = three_customers();
  check_error([&] { require_phase_parameters(parameters); }, code, argument);
  check_error([&] { classify_phases(base, today, {}, parameters); }, code, argument);
  check_error([&] { classify_passages(base, today, today, parameters); }, code, argument);
}

struct window_parameter {
  std::int32_t phase_parameters::*member;
  std::string_view name;
};

struct number_parameter {
  double phase_parameters::*member;
  std::string_view name;
};

}  // namespace

TEST_CASE("lifecycle inputs: windows are not negative, counts and thresholds positive") {
  using p = phase_parameters;
  for (const window_parameter& w :
       std::vector<window_parameter>{{&p::new_window, "new_window"},
                                     {&p::acquisition_window, "acquisition_window"},
                                     {&p::prospect_cold, "prospect_cold"},
                                     {&p::renewal_window, "renewal_window"},
                                     {&p::complaint_open_days, "complaint_open_days"},
                                     {&p::bad_outcome_window, "bad_outcome_window"},
                                     {&p::development_longest_tenure, "development_longest_tenure"},
                                     {&p::regained_window, "regained_window"},
                                     {&p::win_back_window, "win_back_window"},
                                     {&p::contract_gap, "contract_gap"}}) {
    check_parameter(w.member, -1, error_code::sign, w.name);
    phase_parameters zero;
    zero.*w.member = 0;
    CHECK_NOTHROW(require_phase_parameters(zero));
  }
  for (const window_parameter& w : std::vector<window_parameter>{{&p::least_gaps, "least_gaps"},
                                                                 {&p::default_purchase_gap, "default_purchase_gap"},
                                                                 {&p::soft_least, "soft_least"},
                                                                 {&p::lost_least, "lost_least"}}) {
    check_parameter(w.member, 0, error_code::sign, w.name);
    phase_parameters one;
    one.*w.member = 1;
    CHECK_NOTHROW(require_phase_parameters(one));
  }
  check_parameter(&p::lost_most, 89, error_code::domain, "lost_most");
  phase_parameters equal;
  equal.lost_most = 90;
  CHECK_NOTHROW(require_phase_parameters(equal));
  CHECK_NOTHROW(require_phase_parameters(phase_parameters{}));
}

TEST_CASE("lifecycle inputs: factors, ratios, probabilities and satisfaction") {
  using p = phase_parameters;
  for (const number_parameter& n : std::vector<number_parameter>{{&p::soft_factor, "soft_factor"},
                                                                 {&p::lost_factor, "lost_factor"},
                                                                 {&p::endangered_probability, "endangered_probability"},
                                                                 {&p::lost_probability, "lost_probability"},
                                                                 {&p::bad_satisfaction, "bad_satisfaction"},
                                                                 {&p::decline_ratio, "decline_ratio"},
                                                                 {&p::growth_ratio, "growth_ratio"}}) {
    check_parameter(n.member, not_available, error_code::missing, n.name);
    check_parameter(n.member, infinity, error_code::non_finite, n.name);
  }
  check_parameter(&p::soft_factor, 0.0, error_code::sign, "soft_factor");
  check_parameter(&p::lost_factor, 0.0, error_code::sign, "lost_factor");
  check_parameter(&p::decline_ratio, -0.1, error_code::sign, "decline_ratio");
  check_parameter(&p::growth_ratio, -0.1, error_code::sign, "growth_ratio");
  for (const double share : {-0.1, 1.1}) {
    check_parameter(&p::endangered_probability, share, error_code::domain, "endangered_probability");
    check_parameter(&p::lost_probability, share, error_code::domain, "lost_probability");
  }
  check_parameter(&p::lost_probability, 0.6, error_code::domain, "lost_probability");
  check_parameter(&p::bad_satisfaction, -0.1, error_code::domain, "bad_satisfaction");
  check_parameter(&p::bad_satisfaction, 100.1, error_code::domain, "bad_satisfaction");
}

TEST_CASE("lifecycle inputs: dates") {
  const customer_base base = three_customers();
  for (const std::int32_t day : {no_day, earliest_day - 1, latest_day + 1}) {
    check_error([&] { classify_phases(base, day); }, error_code::date_range, "as_of");
    check_error([&] { phase_at({}, day, not_available, {}); }, error_code::date_range, "as_of");
    check_error([&] { classify_passages(base, day, today); }, error_code::date_range, "from");
    check_error([&] { classify_passages(base, today, day); }, error_code::date_range, "to");
  }
  check_error([&] { classify_passages(base, today, today - 1); }, error_code::date_order, "to");
  // Windows that reach beyond the calendar are cut, whatever their length.
  phase_parameters longest;
  longest.regained_window = longest.contract_gap = longest.lost_most = std::numeric_limits<std::int32_t>::max();
  longest.lost_factor = 1e300;
  for (const std::int32_t day :
       {earliest_day, earliest_day + 365, earliest_day + 729, earliest_day + 730, latest_day}) {
    CHECK(classify_phases(base, day).size() == 3);
    const std::vector<purchase_day> bought{{.day = earliest_day, .margin = 1}};
    const phase_finding found = phase_at({no_day, bought, {}, {}, {}}, day, not_available, longest);
    CHECK(found.days_since_purchase == day - earliest_day);
    CHECK(found.is_customer);
  }
}

TEST_CASE("lifecycle inputs: probability alive") {
  const customer_base base = three_customers();
  using numbers = std::vector<double>;
  check_error(
      [&] {
        classify_phases(base, today, numbers{0.5, 0.5});
      },
      error_code::length_mismatch, "probability_alive");
  check_error([&] { classify_phases(base, today, numbers{0.5, 1.1, -1}); }, error_code::domain, "probability_alive", 1);
  check_error(
      [&] {
        classify_phases(base, today, numbers{0.5, 0.5, -0.1});
      },
      error_code::domain, "probability_alive", 2);
  check_error(
      [&] {
        classify_phases(base, today, numbers{infinity, 0.5, 1.1});
      },
      error_code::non_finite, "probability_alive", 0);
  // A null row may hold anything.
  const numbers values{0, 9, 1};
  const std::uint8_t bits = 0b101;
  CHECK_NOTHROW(classify_phases(base, today, column<double>(values, {&bits, 0})));
  CHECK_NOTHROW(classify_phases(base, today, numbers{not_available, 0, 1}));
}

TEST_CASE("lifecycle inputs: a cancelled run, and a base of nobody") {
  const customer_base base = three_customers();
  const progress stop{[](void*, double) { return false; }, nullptr};
  check_error([&] { classify_phases(base, today, {}, {}, 1, stop); }, error_code::cancelled, "progress");
  check_error([&] { classify_passages(base, today, today, {}, 1, stop); }, error_code::cancelled, "progress");
  CHECK(classify_phases({}, today).empty());
  CHECK(classify_passages({}, today, today).empty());
}

TEST_CASE("lifecycle inputs: phases and suppressions that do not exist") {
  for (const std::int32_t number : {0, 11, -1}) {
    check_error([&] { fact_of(static_cast<phase>(number)); }, error_code::unknown_code, "phase");
    check_error([&] { recommended_measures(static_cast<phase>(number), 0); }, error_code::unknown_code, "phase");
  }
  check_error([&] { recommended_measures(phase::mature, 8); }, error_code::unknown_code, "suppressed");
}

TEST_CASE("lifecycle inputs: phase history") {
  const customer_base base = three_customers();
  for (const std::int32_t day : {no_day, earliest_day - 1, latest_day + 1}) {
    check_error([&] { phase_history_of(base, day, today); }, error_code::date_range, "from");
    check_error([&] { phase_history_of(base, today, day); }, error_code::date_range, "to");
  }
  check_error([&] { phase_history_of(base, today, today - 1); }, error_code::date_order, "to");
  const std::int32_t first = day_of({2025, 1, 1});
  check_error([&] { phase_history_of(base, first, first + 29); }, error_code::empty, "to");
  CHECK(phase_history_of(base, first, first + 30).days.size() == 1);
  CHECK(phase_history_of(base, first + 30, first + 30).days.size() == 1);
  CHECK(phase_history_of(base, latest_day - 31, latest_day).days.size() == 2);
  phase_parameters negative;
  negative.new_window = -1;
  check_error([&] { phase_history_of(base, first, first + 30, negative); }, error_code::sign, "new_window");
  const progress stop{[](void*, double) { return false; }, nullptr};
  check_error([&] { phase_history_of(base, first, first + 30, {}, 1, stop); }, error_code::cancelled, "progress");
  const phase_history two = phase_history_of(base, latest_day - 31, latest_day);
  check_error([&] { transitions_after(two, -1); }, error_code::domain, "k");
  check_error([&] { transitions_after(two, 1); }, error_code::domain, "k");
  CHECK(transitions_after(two, 0).count(phase{}, phase{}) == 3);
  CHECK(transitions_of(phase_history_of(base, first, first + 30)).row_total(phase{}) == 0);
  CHECK(transitions_of(phase_history_of({}, first, first + 60)).row_total(phase{}) == 0);
}
