// Static covariates and priors against CLVTools 0.12.1 on the apparel data (600 customers, weeks, estimation until
// 2006-12-31), as recorded in clvtools_apparel.json: parameters to its optimizer's accuracy, and the log-likelihood,
// which CLVTools' own optimum bounds from below.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "compiled.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "kundenwert/time/calendar.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

struct apparel_data {
  std::vector<double> frequency, recency, age, gender, channel;
  std::vector<covariate_column> covariates;

  summary_columns view() const {
    return {.frequency = frequency, .recency = recency, .age = age, .covariates = covariates};
  }
};

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> out(1);
  for (const char c : line) {
    if (c == ',') {
      out.emplace_back();
    } else if (c != '\r') {
      out.back() += c;
    }
  }
  return out;
}

std::int32_t day_from(const std::string& text) {
  return day_of(civil_date{std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2)), std::stoi(text.substr(8, 2))},
                "Date", no_row);
}

// Empty where the data are not there.
apparel_data apparel() {
  apparel_data out;
  const char* const folder = std::getenv("KUNDENWERT_DATA");
  if (folder == nullptr) return out;
  std::ifstream log(std::string(folder) + "/apparel/apparelTrans.csv");
  std::ifstream properties(std::string(folder) + "/apparel/apparelStaticCov.csv");
  const std::int32_t end = day_from("2006-12-31");
  std::map<int, std::map<std::int32_t, int>> days;
  std::string line;
  for (std::getline(log, line); std::getline(log, line);) {
    const auto cells = cells_of(line);
    const std::int32_t day = day_from(cells[1]);
    if (day <= end) ++days[std::stoi(cells[0])][day];
  }
  for (std::getline(properties, line); std::getline(properties, line);) {
    const auto cells = cells_of(line);
    const auto& bought = days.at(std::stoi(cells[0]));
    constexpr double week = 7;
    const std::int32_t first = bought.begin()->first;
    out.frequency.push_back(static_cast<double>(bought.size()) - 1);
    out.recency.push_back((bought.rbegin()->first - first) / week);
    out.age.push_back((end - first) / week);
    out.gender.push_back(std::stod(cells[1]));
    out.channel.push_back(std::stod(cells[2]));
  }
  return out;
}

apparel_data with_covariates_of_apparel() {
  apparel_data out = apparel();
  out.covariates = {{"gender", out.gender}, {"channel", out.channel}};
  return out;
}

const std::vector<covariate_effect> every_effect{
    {"beta", "gender", ""}, {"beta", "channel", ""}, {"alpha", "gender", ""}, {"alpha", "channel", ""}};

// Their optimizer stops within this of the maximum; what they print is that far from it.
constexpr double their_slack = 1e-4;

}  // namespace

TEST_CASE("Pareto/NBD with static covariates on apparel") {
  const auto data = with_covariates_of_apparel();
  if (data.frequency.empty()) {
    MESSAGE("skipped: KUNDENWERT_DATA is not set");
    return;
  }
  REQUIRE(data.frequency.size() == 600);
  const auto plain = fit<pareto_nbd>(data.view(), time_unit::week);
  CHECK_NEAR(plain.fit.log_likelihood, -5848.09782696, 0, their_slack);

  const auto m = fit<pareto_nbd>(data.view(), time_unit::week, {.effects = every_effect});
  CHECK(m.fit.outcome == outcome::converged);
  CHECK(m.fit.estimated == 8);
  CHECK(m.fit.log_likelihood >= -5821.06270909383 - 1e-8);
  CHECK_NEAR(m.fit.log_likelihood, -5821.06270909383, 0, their_slack);
  const std::array theirs{1.83784321593678,  92.9123480062846,  0.591998529277656, 49.6227295861893,
                          -0.64299339392058, 0.790678947256321, 0.285873970731021, 0.624124102295321};
  const std::array their_errors{0.345466869361424, 16.9669811628451,  0.260901708716912, 36.2509406437652,
                                0.295526014668943, 0.305859130228865, 0.104147793779817, 0.104958099556516};
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    CAPTURE(i);
    const double ours = i < 4 ? m.parameters[i] : m.coefficients[i - 4];
    // Their likelihood is below ours by some 1e-5, so their estimates are within about 0.01 standard errors.
    CHECK_NEAR(ours, theirs[i], 0, 0.01 * their_errors[i]);
    CHECK_NEAR(m.fit.standard_errors[i], their_errors[i], 0.01, 0);
  }
  // Customers 1, 10 and 100 of the file; rows are in the order of the ids 1, 2, ...
  const auto alive = predict(m, quantity::probability_alive, data.view());
  const auto expected = predict(m, quantity::expected_transactions, data.view(), {.horizon = 39});
  CHECK_NEAR(alive[0], 0.947864207424372, 1e-4, 0);
  CHECK_NEAR(alive[9], 0.986052883818759, 1e-4, 0);
  CHECK_NEAR(alive[99], 0.40274987625262, 2e-3, 0);
  CHECK_NEAR(expected[0], 1.37366303019869, 1e-4, 0);
  CHECK_NEAR(expected[99], 0.157317209602257, 2e-3, 0);
  double sum = 0;
  for (const double e : expected) sum += e;
  CHECK_NEAR(sum, 335.369027087, 1e-4, 0);
}

TEST_CASE("effects that share a coefficient, and the likelihood-ratio statistic") {
  const auto data = with_covariates_of_apparel();
  if (data.frequency.empty()) {
    MESSAGE("skipped: KUNDENWERT_DATA is not set");
    return;
  }
  auto effects = every_effect;
  effects[0].coefficient = effects[2].coefficient = "gender";
  const auto m = fit<pareto_nbd>(data.view(), time_unit::week, {.effects = effects});
  CHECK(m.fit.outcome == outcome::converged);
  CHECK(m.coefficients.size() == 3);
  CHECK_NEAR(m.fit.log_likelihood, -5826.53419404151, 0, their_slack);
  const std::array theirs{1.79392278471805,  94.7222816172469, 0.428726437913111, 59.0742968986087,
                          0.328253436699638, 1.02278939177721, 0.638430372126883};
  const std::array their_errors{0.331812843351854, 17.2216331470702,  0.141750476010859, 34.5097578349575,
                                0.107415925172293, 0.354169156319532, 0.106440692098198};
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    CAPTURE(i);
    CHECK_NEAR(i < 4 ? m.parameters[i] : m.coefficients[i - 4], theirs[i], 0, 0.01 * their_errors[i]);
    CHECK_NEAR(m.fit.standard_errors[i], their_errors[i], 0.01, 0);
  }
  const auto full = fit<pareto_nbd>(data.view(), time_unit::week, {.effects = every_effect});
  CHECK_NEAR(2 * (full.fit.log_likelihood - m.fit.log_likelihood), 10.943, 0, 5e-4);
}

TEST_CASE("a normal prior on coefficients is CLVTools' regularization") {
  const auto data = with_covariates_of_apparel();
  if (data.frequency.empty()) {
    MESSAGE("skipped: KUNDENWERT_DATA is not set");
    return;
  }
  // lambda 0.1 (purchase) and 0.2 (lifetime) against the mean of 600 customers: sigma^2 = 1 / (2 n lambda).
  const double purchase = std::sqrt(1 / (2 * 600 * 0.1));
  const double lifetime = std::sqrt(1 / (2 * 600 * 0.2));
  const std::vector<prior> priors{{"beta.gender", prior_family::normal, 0, lifetime},
                                  {"beta.channel", prior_family::normal, 0, lifetime},
                                  {"alpha.gender", prior_family::normal, 0, purchase},
                                  {"alpha.channel", prior_family::normal, 0, purchase}};
  const auto m = fit<pareto_nbd>(data.view(), time_unit::week, {.effects = every_effect, .priors = priors});
  CHECK(m.fit.outcome == outcome::converged);
  // Table 3.6 of the specification, printed to five digits by CLVTools.
  const std::array theirs{1.73887, 69.85288, 0.53350, 39.68346, -0.04437, 0.02465, 0.17178, 0.23676};
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    CAPTURE(i);
    CHECK_NEAR(i < 4 ? m.parameters[i] : m.coefficients[i - 4], theirs[i], 2e-3, 2e-4);
  }
  double penalty = 0;
  for (std::size_t i = 0; i < 4; ++i) penalty += (i < 2 ? 0.2 : 0.1) * m.coefficients[i] * m.coefficients[i];
  CHECK_NEAR(-m.fit.log_likelihood / 600 + penalty, 9.7312808, 0, 1e-6);
  // Theirs are those of a mean, sqrt(600) too large: 8.07 for r.
  CHECK(m.fit.standard_errors[0] < 0.5);
}
