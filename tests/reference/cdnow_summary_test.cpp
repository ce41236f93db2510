// CDNOW, 1/10 sample, calibration to 1997-09-30 inclusive in weeks. Expected: Fader & Hardie's published summary of
// the sample (cdnowSummary_cbs.csv, as shipped with lifetimes) and the counts of the literature: 2357 customers, 2457
// repeat transactions, 946 repeaters (Fader, Hardie & Lee 2005), 1882 hold-out purchase days, 1016 distinct rows.
#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/ingest/compress.hpp"
#include "near.hpp"
#include "transaction_log.hpp"

using namespace kundenwert;
using namespace kundenwert::test;

TEST_CASE("cdnow: the summary is the published one") {
  const auto rows = cdnow();
  if (rows.empty()) {
    MESSAGE("skipped: KUNDENWERT_DATA is not set");
    return;
  }
  REQUIRE(rows.size() == 6919);
  accumulator log;
  log.add(transaction_log(rows).columns());
  CHECK(log.report().first_day == day_of(1997, 1, 1));
  CHECK(log.report().last_day == day_of(1998, 6, 30));
  finish_options dates;
  dates.unit = time_unit::week;
  dates.end = day_of(1997, 9, 30);
  dates.holdout_end = day_of(1998, 6, 30);
  const summary s = log.finish(dates);

  CHECK(s.size() == 2357);
  CHECK(std::accumulate(s.frequency.begin(), s.frequency.end(), 0.0) == 2457);
  CHECK(std::count_if(s.frequency.begin(), s.frequency.end(), [](double x) { return x > 0; }) == 946);
  CHECK(std::accumulate(s.holdout_frequency.begin(), s.holdout_frequency.end(), 0.0) == 1882);
  CHECK(*std::max_element(s.age.begin(), s.age.end()) == 272.0 / 7);
  // Of the sample's dates by Python's datetime and math.fsum of math.log(days / 7); the difference is what the sums of
  // 2457 logarithms and subtractions round.
  CHECK_NEAR(std::accumulate(s.log_interval_sum.begin(), s.log_interval_sum.end(), 0.0), 2909.5046685897278, 1e-13, 0);
  CHECK(s.log.warnings().empty());
  CHECK(s.log.rows_after_end == 0);
  CHECK(s.log.customers_returns_only == 0);
  CHECK(s.log.customers_outside == 0);

  const distinct_rows d = compress(s.frequency, s.recency, s.age);
  CHECK(d.size() == 1016);
  CHECK(std::accumulate(d.weight.begin(), d.weight.end(), 0.0) == 2357);

  // The file has 15 digits of t_x and T; m_x is rounded to two (0 where x = 0).
  std::ifstream file(std::string(std::getenv("KUNDENWERT_DATA")) + "/cdnow/cdnowSummary_cbs.csv");
  std::string line;
  std::getline(file, line);
  REQUIRE(line == "cust,x,t.x,T.cal,x.star,m_x");
  std::size_t i = 0;
  while (std::getline(file, line)) {
    for (auto& c : line) c = c == ',' ? ' ' : c;
    std::istringstream fields(line);
    std::int64_t id = 0;
    double x = 0, t_x = 0, age = 0, x_star = 0, m_x = 0;
    REQUIRE(static_cast<bool>(fields >> id >> x >> t_x >> age >> x_star >> m_x));
    CAPTURE(id);
    REQUIRE(i < s.frequency.size());
    CHECK(s.ids.numbers[i] == id);
    CHECK(s.frequency[i] == x);
    CHECK_NEAR(s.recency[i], t_x, 1e-14, 0);
    CHECK_NEAR(s.age[i], age, 1e-14, 0);
    CHECK(s.holdout_frequency[i] == x_star);
    if (x == 0) {
      CHECK(std::isnan(s.monetary_value[i]));
    } else {
      CHECK_NEAR(s.monetary_value[i], m_x, 1e-14, 0);
    }
    ++i;
  }
  CHECK(i == 2357);
}

TEST_CASE("cdnow: 6919 rows are 6696 purchase days") {
  const auto rows = cdnow();
  if (rows.empty()) {
    MESSAGE("skipped: KUNDENWERT_DATA is not set");
    return;
  }
  accumulator log;
  log.add(transaction_log(rows).columns(true));
  finish_options dates;
  dates.end = day_of(1998, 6, 30);
  const summary s = log.finish(dates);
  CHECK(std::accumulate(s.frequency.begin(), s.frequency.end(), 0.0) + static_cast<double>(s.size()) == 6696);
}
