#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "kundenwert/lifecycle/tasks.hpp"

using namespace kundenwert;
using namespace kundenwert::lifecycle;

namespace {

std::string text_of(const phase_fact& fact) {
  std::string text = std::string(name_of(fact.kind)) + " " + std::string(name_of(fact.task)) + " " +
                     std::string(name_of(fact.goal)) + ":";
  for (const measure m : fact.measures) text += " " + std::string(name_of(m));
  return text;
}

}  // namespace

TEST_CASE("tasks: the mapping of the specification") {
  // Domain specification B4.4, line by line, in the names of the library.
  const std::string acquisition =
      "potential acquisition new_business: advertising addressing sample advice info_channels configurator "
      "handset_subsidy financing";
  const std::string development =
      "current development existing_care: personal_offer coupon club innovation data_analysis";
  const std::string win_back = "lost win_back reactivation: defection_interview win_back_offer discount";
  CHECK(text_of(fact_of(phase::prospect)) == acquisition);
  CHECK(text_of(fact_of(phase::prospect_cold)) == acquisition);
  CHECK(text_of(fact_of(phase::acquisition)) == acquisition);
  CHECK(text_of(fact_of(phase::new_)) ==
        "current development existing_care: welcome voucher_next customer_card delivery assembly newsletter");
  CHECK(text_of(fact_of(phase::development)) == development);
  CHECK(text_of(fact_of(phase::regained)) == development);
  CHECK(text_of(fact_of(phase::mature)) ==
        "current retention existing_care: club magazine maintenance referral_program key_account_care");
  CHECK(text_of(fact_of(phase::endangered)) ==
        "current retention existing_care: complaint_management contact_call warranty exchange personal_offer survey");
  CHECK(text_of(fact_of(phase::lost)) == win_back);
  CHECK(text_of(fact_of(phase::win_back)) == win_back);
  for (const code_entry& entry : phases) {
    CHECK(fact_of(static_cast<phase>(entry.number)).phase == static_cast<phase>(entry.number));
  }
}

TEST_CASE("tasks: what a suppression stops") {
  using list = std::vector<measure>;
  CHECK(recommended_measures(phase::lost, 0) ==
        list{measure::defection_interview, measure::win_back_offer, measure::discount});
  const auto mask = [](suppression s) { return static_cast<std::uint32_t>(s); };
  CHECK(recommended_measures(phase::lost, mask(suppression::open_complaint)) == list{measure::defection_interview});
  CHECK(recommended_measures(phase::endangered, mask(suppression::no_consent)) ==
        list{measure::complaint_management, measure::contact_call, measure::warranty, measure::exchange,
             measure::survey});
  CHECK(recommended_measures(phase::endangered, mask(suppression::excluded)).empty());
  CHECK(recommended_measures(phase::new_, 7).empty());

  CHECK(suppressions_of(false, customer_status::active, consent::yes) == 0);
  CHECK(suppressions_of(true, customer_status::active, consent::yes) == mask(suppression::open_complaint));
  CHECK(suppressions_of(false, customer_status::active, consent::no) == mask(suppression::no_consent));
  CHECK(suppressions_of(false, customer_status::active, consent::unknown) == mask(suppression::no_consent));
  CHECK(suppressions_of(false, customer_status::excluded, consent::yes) == mask(suppression::excluded));
  CHECK(suppressions_of(true, customer_status::excluded, consent::unknown) == 7);
}
