#include "kundenwert/simulate/traits.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::simulate;

TEST_CASE("money is booked in hundredths") {
  CHECK(simulate::detail::booked(12.345678) == 12.35);
  CHECK(simulate::detail::booked(0) == 0.01);
  CHECK(simulate::detail::booked(1e300) == 1e10);
}

TEST_CASE("types by their shares") {
  const type_shares shares{.buyer = 0.5, .contract = 0.25, .both = 0.125, .prospect = 0.125};
  CHECK(simulate::detail::type_of(shares, 0.4999) == customer_type::buyer);
  CHECK(simulate::detail::type_of(shares, 0.5) == customer_type::contract);
  CHECK(simulate::detail::type_of(shares, 0.75) == customer_type::both);
  CHECK(simulate::detail::type_of(shares, 0.875) == customer_type::prospect);
  // Shares that add up to a little less than 1 make nobody a prospect who cannot be one.
  const type_shares sure{.buyer = 1.0 / 3, .contract = 1.0 / 3, .both = 1.0 / 3 - 1e-10, .prospect = 0};
  CHECK(simulate::detail::type_of(sure, 1 - 1e-12) == customer_type::buyer);
}

TEST_CASE("creation: the days of the business, more towards its end where it grows") {
  business_parameters p;
  p.first_day = 19000;
  p.as_of = 19999;
  const double least = 0x1p-53;
  CHECK_NEAR(simulate::detail::creation_time(p, 0.25), 19250, 1e-15, 0);
  CHECK(simulate::detail::creation_time(p, least) >= 19000);
  CHECK(simulate::detail::creation_time(p, 1 - least) < 20000);
  p.acquisition.growth_per_year = 0.5;
  // The distribution function (e^(g t) - 1) / (e^(g D) - 1) at the drawn time gives back u.
  const double g = 0.5 / days_per_year;
  for (const double u : {0.001, 0.3, 0.9}) {
    const double t = simulate::detail::creation_time(p, u) - p.first_day;
    CHECK_NEAR(std::expm1(g * t) / std::expm1(g * 1000), u, 1e-9, 0);
  }
  CHECK(simulate::detail::creation_time(p, 1 - least) < 20000);
  p.acquisition.growth_per_year = -2;
  CHECK(simulate::detail::creation_time(p, 1 - least) < 20000);
}

TEST_CASE("traits: one customer's own, and the shares of types do not move the rest") {
  business_parameters p;
  p.first_day = 19000;
  p.as_of = 19999;
  const auto a = draw_traits(p, 5, 1);
  const auto b = draw_traits(p, 5, 2);
  CHECK(a.purchase_rate != b.purchase_rate);
  p.types = {.buyer = 0, .contract = 0, .both = 0, .prospect = 1};
  const auto never = draw_traits(p, 5, 1);
  CHECK(never.purchase_rate == a.purchase_rate);
  CHECK(never.created == a.created);
  CHECK(std::isinf(never.start));
  CHECK_FALSE(never.buys());
  CHECK_FALSE(never.signs());
  // Streams of two parts, and of neighbours, are different.
  CHECK(stream_of(5, 1, life_part::cases).next() != stream_of(5, 1, life_part::purchases).next());
  CHECK(stream_of(5, 1, life_part::cases).next() != stream_of(5, 2, life_part::cases).next());
}
