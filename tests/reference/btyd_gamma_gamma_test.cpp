// Gamma-Gamma on the CDNOW sample: estimates and expected spend.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "cdnow.hpp"
#include "compiled.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

// True estimates by mpmath (15 digits; mean spend of the 946 repeat buyers, unrounded).
TEST_CASE("Gamma-Gamma maximum likelihood estimates on CDNOW") {
  KW_REQUIRE_CDNOW(cdnow);
  const model m = fit(gamma_gamma::number, cdnow.view(), time_unit::week);
  CHECK(m.fit.outcome == outcome::converged);
  CHECK(m.fit.customers == 946);
  CHECK_NEAR(m.fit.log_likelihood, -4055.91769480187, 0, 1e-9);
  constexpr std::array parameters{6.24957227132376, 3.74422466713202, 15.4435209625892};
  constexpr std::array errors{1.19005533596386, 0.290133065276186, 4.15942275196774};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_NEAR(m.parameters[i], parameters[i], 1e-8, 0);
    CHECK_NEAR(m.fit.standard_errors[i], errors[i], 1e-8, 0);
  }
  const auto spend = predict(m, quantity::expected_spend, cdnow.view());
  CHECK_NEAR(spend[0], 24.6539186982206, 1e-9, 0);
  CHECK_NEAR(spend[9], 35.1703712656561, 1e-9, 0);
  CHECK_NEAR(spend[99], 28.9509744455294, 1e-9, 0);
  CHECK_NEAR(spend[999], 18.1305697600059, 1e-9, 0);
}

// Section 3.3 of the project's BTYD specification: customers (x, m) of the CDNOW sample.
TEST_CASE("expected spend at the published parameters") {
  constexpr parameter_values<gamma_gamma> theta{6.2495723, 3.7442247, 15.4435210};
  CHECK_NEAR(gamma_gamma::expected_spend(theta, 0, 0), 35.170371, 0, 2e-6);
  CHECK_NEAR(gamma_gamma::expected_spend(theta, 2, 22.35), 24.658019, 0, 6e-7);
  CHECK_NEAR(gamma_gamma::expected_spend(theta, 1, 11.77), 18.910018, 0, 6e-7);
  CHECK_NEAR(gamma_gamma::expected_spend(theta, 7, 73.74), 71.463361, 0, 6e-7);
  // Values the tests of lifetimes hold to 0.1, at the two-decimal parameters of note 025.
  constexpr parameter_values<gamma_gamma> published{6.25, 3.74, 15.44};
  CHECK_NEAR(gamma_gamma::expected_spend(published, 2, 22.35), 24.65, 0, 0.1);
  CHECK_NEAR(gamma_gamma::expected_spend(published, 1, 11.77), 18.91, 0, 0.1);
  CHECK_NEAR(gamma_gamma::expected_spend(published, 0, 0), 35.17, 0, 0.1);
}

// The formula of note 025, eq. 1a, with lgamma replaced by factorials: p x, q whole numbers.
TEST_CASE("Gamma-Gamma likelihood is the density of note 025") {
  constexpr parameter_values<gamma_gamma> theta{2, 3, 10};
  // x = 2, m = 5: Gamma(7) / (Gamma(4) Gamma(3)) 10^3 5^3 2^4 / 20^7.
  const double density = 720.0 / (6 * 2) * 1000 * 125 * 16 / std::pow(20.0, 7);
  CHECK_NEAR(log_likelihood<gamma_gamma>(theta, {2, 5}), std::log(density), 1e-14, 0);
}
