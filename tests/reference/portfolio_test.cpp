// Published and recomputed figures of ABC and RFM on rfm_data_orders (R package rfm, MIT License), per customer.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "kundenwert/numeric/order.hpp"
#include "kundenwert/portfolio/abc.hpp"
#include "kundenwert/portfolio/rfm.hpp"
#include "kundenwert/portfolio/rfm_cells.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::portfolio;

namespace {

using numbers = std::vector<double>;
using counts = std::vector<std::int64_t>;

// Customers in ascending order of their names. Orders stand where our own log has purchase days, as in the package.
struct orders_per_customer {
  numbers days;
  numbers orders;
  numbers revenue;

  orders_per_customer() {
    std::ifstream file(KUNDENWERT_SOURCE_DIR "/tests/reference/data/rfm_orders_per_customer.csv");
    REQUIRE(file.is_open());
    std::string line;
    bool in_header = true;
    while (std::getline(file, line)) {
      if (line.empty() || line[0] == '#') continue;
      if (in_header) {
        in_header = false;
        continue;
      }
      std::istringstream fields(line);
      double d = 0;
      double o = 0;
      double r = 0;
      char comma = 0;
      fields >> d >> comma >> o >> comma >> r;
      days.push_back(d);
      orders.push_back(o);
      revenue.push_back(r);
    }
    REQUIRE(days.size() == 995);
  }
  rfm_columns columns() const { return {days, orders, revenue}; }
};

double sum(const numbers& values) {
  double total = 0;
  for (const double v : values) total += v;
  return total;
}

}  // namespace

TEST_CASE("reference: rfm_data_orders scored as by the R package rfm 0.2.2") {
  const orders_per_customer data;
  const rfm_result result = classify_rfm(data.columns(), {.method = rfm_method::compat_rfm});
  // R 4.2.2 with the package's own source.
  const numbers r_edges{115, 181, 297.4, 482};
  const numbers f_edges{4, 5, 6, 8};
  const numbers m_edges{255.8, 382, 506.4, 666};
  for (std::size_t i = 0; i < 4; ++i) {
    // Printed with four digits and more; exact but for the last bit of the decimals.
    CHECK_NEAR(result.r.edges[i], r_edges[i], 1e-15, 0);
    CHECK_NEAR(result.f.edges[i], f_edges[i], 1e-15, 0);
    CHECK_NEAR(result.m.edges[i], m_edges[i], 1e-15, 0);
  }
  CHECK(result.r.counts == counts{197, 200, 199, 199, 200});
  CHECK(result.f.counts == counts{268, 187, 176, 244, 120});
  CHECK(result.m.counts == counts{200, 200, 198, 202, 195});
  CHECK(sum(data.days) == 285305);
  CHECK(sum(data.revenue) == 464158);
  CHECK(sum(combined_scores(result)) == 329437);
  CHECK(occupied_cells(result).size() == 92);
  // The package's README: Abbey O'Reilly, Add Senger, Aden Lesch, Aden Murphy; Agness O'Keefe.
  CHECK(combined_score(result.score(0)) == 343);
  CHECK(combined_score(result.score(1)) == 412);
  CHECK(combined_score(result.score(2)) == 323);
  CHECK(combined_score(result.score(3)) == 544);
  CHECK(combined_score(result.score(5)) == 555);
}

TEST_CASE("reference: the other methods on the same customers") {
  const orders_per_customer data;
  // Python 3.11, straight from the definition with counts of worse customers.
  const rfm_result quantile = classify_rfm(data.columns());
  CHECK(quantile.r.counts == counts{200, 198, 202, 199, 196});
  CHECK(quantile.f.counts == counts{268, 187, 176, 244, 120});
  CHECK(quantile.m.counts == counts{199, 201, 197, 203, 195});
  const rfm_result nested = classify_rfm(data.columns(), {.method = rfm_method::nested});
  CHECK(nested.r.counts == counts{200, 198, 202, 199, 196});
  CHECK(nested.f.counts == counts{336, 199, 138, 177, 145});
  CHECK(nested.m.counts == counts{208, 202, 199, 198, 188});
  CHECK(sum(combined_scores(nested)) == 326551);
  CHECK(occupied_cells(nested).size() == 120);
  // SQLite 3.40.1: ntile(5) over (order by days desc, id), (order by orders, id), (order by revenue, id).
  const rfm_result ntile = classify_rfm(data.columns(), {.method = rfm_method::ntile});
  CHECK(ntile.r.counts == counts(5, 199));
  const numbers combined = combined_scores(ntile);
  CHECK(sum(combined) == 331335);
  double weighted = 0;
  for (std::size_t i = 0; i < combined.size(); ++i) weighted += static_cast<double>(i + 1) * combined[i];
  CHECK(weighted == 164766621);
}

TEST_CASE("reference: ABC of the same revenue (Python 3.11, exact fractions)") {
  const orders_per_customer data;
  struct row {
    abc_rule rule;
    bool keep_ties;
    counts count;
    numbers value;
    numbers smallest;
  };
  const std::vector<row> rows{
      {abc_rule::crossing_included, true, {607, 228, 160}, {372051, 69216, 22891}, {375, 230, 12}},
      {abc_rule::crossing_included, false, {606, 228, 161}, {371676, 69361, 23121}, {375, 230, 12}},
      {abc_rule::cum_after_le, true, {607, 226, 162}, {372051, 68756, 23351}, {375, 231, 12}},
      {abc_rule::cum_after_le, false, {605, 228, 162}, {371301, 69506, 23351}, {375, 231, 12}},
  };
  for (const row& expected : rows) {
    const abc_result found = classify_abc(data.revenue, {.rule = expected.rule, .keep_ties = expected.keep_ties});
    CAPTURE(name_of(expected.rule));
    CAPTURE(expected.keep_ties);
    CHECK(found.total == 464158);
    for (const abc_class c : {abc_class::a, abc_class::b, abc_class::c}) {
      const auto k = static_cast<std::size_t>(c) - 1;
      CHECK(found.of(c).count == expected.count[k]);
      CHECK(found.of(c).value == expected.value[k]);
      CHECK(found.of(c).smallest_value == expected.smallest[k]);
      CHECK(std::count(found.classes.begin(), found.classes.end(), c) == expected.count[k]);
    }
  }
}

TEST_CASE("reference: quantiles of the same revenue (Python 3.11, exact fractions)") {
  const orders_per_customer data;
  const numbers found = numeric::quantiles(data.revenue, numbers{0.25, 0.5, 0.9, 1.0 / 3});
  CHECK_NEAR(found[0], 285.5, 1e-15, 0);
  CHECK_NEAR(found[1], 436, 1e-15, 0);
  CHECK_NEAR(found[2], 795.6, 1e-15, 0);
  CHECK_NEAR(found[3], 343.6666666666667, 1e-14, 0);
}
