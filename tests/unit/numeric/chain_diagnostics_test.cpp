#include "kundenwert/numeric/chain_diagnostics.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::numeric;

TEST_CASE("chain diagnostics are those of ArviZ") {
  const auto draws = test::read_table("chain_draws.csv");
  const auto expected = test::read_table("chain_diagnostics.csv");
  REQUIRE(draws.names.size() == expected.rows.size());
  for (std::size_t c = 0; c < draws.names.size(); ++c) {
    CAPTURE(draws.names[c]);
    std::vector<double> column;
    for (const auto& row : draws.rows) column.push_back(row[c]);
    const auto found = diagnose_chains(column, 4);
    const auto want = [&](const char* name) { return expected.rows[c][expected.at(name)]; };
    // ArviZ takes autocovariances by Fourier transform: rounding, divided by their small sum.
    CHECK_NEAR(found.mean, want("mean"), 1e-12, 1e-14);
    CHECK_NEAR(found.deviation, want("sd"), 1e-13, 0);
    CHECK_NEAR(found.r_hat, want("r_hat"), 1e-11, 0);
    CHECK_NEAR(found.ess_bulk, want("ess_bulk"), 1e-9, 0);
    CHECK_NEAR(found.ess_tail, want("ess_tail"), 1e-9, 0);
    CHECK_NEAR(found.ess_mean, want("ess_mean"), 1e-9, 0);
    CHECK_NEAR(found.mcse_mean, want("mcse_mean"), 1e-9, 0);
  }
}

TEST_CASE("what cannot be diagnosed is not available") {
  const std::vector<double> few{1, 2, 3, 4, 5, 6};
  CHECK(std::isnan(diagnose_chains(few, 2).r_hat));
  std::vector<double> broken(40, 1.0);
  broken[7] = std::nan("");
  CHECK(std::isnan(diagnose_chains(broken, 4).ess_bulk));
  const auto constant = diagnose_chains(std::vector<double>(40, 2.5), 4);
  CHECK(constant.mean == 2.5);
  CHECK(std::isnan(constant.r_hat));
  CHECK(constant.ess_bulk == 40);
  // One chain: sizes, but nothing to compare with.
  std::vector<double> one;
  for (int i = 0; i < 40; ++i) one.push_back(std::sin(9.0 * i));
  CHECK(std::isnan(diagnose_chains(one, 1).r_hat));
  CHECK(diagnose_chains(one, 1).ess_bulk > 0);
  CHECK_THROWS_AS(diagnose_chains(few, 4), error);
  CHECK_THROWS_AS(diagnose_chains(few, 0), error);
}
