#include <doctest/doctest.h>

#include "customer_life.hpp"
#include "kundenwert/lifecycle/risks.hpp"

using namespace kundenwert;
using namespace kundenwert::lifecycle;
using test::customer_life;
using test::day_of_text;

TEST_CASE("risks: told in the order of the specification") {
  std::string order;
  for (const code_entry& entry : risks) order += std::string(entry.name) + " ";
  CHECK(order ==
        "cancellation_notice contract_expiring open_complaint bad_complaint_outcome low_probability_alive inactivity "
        "margin_decline ");
}

TEST_CASE("risks: a complaint is open at once, and a risk after two weeks") {
  customer_life life = customer_life().complained("2024-12-01", "2024-12-20", 10);
  const auto complaints = life.history().complaints;
  const auto on = [&](std::string_view day) { return complaint_risks(complaints, day_of_text(day), {}); };
  CHECK_FALSE(has_open_complaint(complaints, day_of_text("2024-11-30")));
  CHECK(has_open_complaint(complaints, day_of_text("2024-12-01")));
  CHECK_FALSE(has_open_complaint(complaints, day_of_text("2024-12-20")));
  CHECK(on("2024-12-15") == 0);
  CHECK(on("2024-12-16") == static_cast<std::uint32_t>(risk::open_complaint));
  CHECK(on("2024-12-20") == static_cast<std::uint32_t>(risk::bad_complaint_outcome));
  customer_life praise = customer_life().complained("2024-12-01", "", not_available, "", case_kind::praise);
  CHECK_FALSE(has_open_complaint(praise.history().complaints, day_of_text("2025-01-01")));
}

TEST_CASE("risks: a notice counts while the contract is active") {
  customer_life life = customer_life().under(
      {.start = "2024-01-01", .end = "2025-01-01", .notice = "2024-03-01", .renewal = renewal::automatic});
  const auto on = [&](std::string_view day) { return contract_risks(life.history().contracts, day_of_text(day), {}); };
  CHECK(on("2024-02-29") == 0);
  CHECK(on("2024-03-01") == static_cast<std::uint32_t>(risk::cancellation_notice));
  CHECK(on("2024-12-31") == static_cast<std::uint32_t>(risk::cancellation_notice));
  CHECK(on("2025-01-01") == 0);
}
