// GGompertz/NBD against integrals over the time of death in 30 digits (tests/reference/data/btyd_ggompertz.py): hazards
// that hardly grow (b T to 1e-6, where it is the Pareto/NBD) and that grow by e^50, heterogeneity below and above 1,
// up to a thousand purchases, and one minute after the first one.
#include <doctest/doctest.h>

#include <cmath>

#include "kundenwert/btyd/future.hpp"
#include "kundenwert/btyd/ggompertz_nbd.hpp"
#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

TEST_CASE("GGompertz/NBD equals the integrals it stands for") {
  const auto table = test::read_table("btyd_ggompertz.csv");
  for (const auto& row : table.rows) {
    const auto at = [&](const char* name) { return row[table.at(name)]; };
    const parameter_values<ggompertz_nbd> theta{at("r"), at("alpha"), at("b"), at("s"), at("beta")};
    const summary_row c{at("frequency"), at("recency"), at("T")};
    CAPTURE(theta[2]);
    CAPTURE(theta[3]);
    CAPTURE(theta[4]);
    CAPTURE(c.frequency);
    CAPTURE(c.recency);
    CAPTURE(c.age);
    CHECK_NEAR(log_likelihood<ggompertz_nbd>(theta, c), at("log_likelihood"), 1e-12, 1e-13);
    CHECK_NEAR(ggompertz_nbd::probability_alive(theta, c), at("probability_alive"), 1e-11, 0);
    CHECK_NEAR(expected_transactions<ggompertz_nbd>(theta, c, at("horizon")), at("expected_transactions"), 1e-10, 0);
  }
  CHECK(table.rows.size() == 88);
}
