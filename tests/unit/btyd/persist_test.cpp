#include "kundenwert/btyd/persist.hpp"
#include "compiled.hpp"

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "check_error.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

// Equal to the bit; NaN is NaN.
bool is_same(double a, double b) {
  return (a != a && b != b) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool is_same(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!is_same(a[i], b[i])) return false;
  }
  return true;
}

void check_same(const model& a, const model& b) {
  CHECK(a.number == b.number);
  CHECK(a.unit == b.unit);
  CHECK(is_same(a.parameters, b.parameters));
  CHECK(is_same(a.coefficients, b.coefficients));
  REQUIRE(a.effects.size() == b.effects.size());
  for (std::size_t i = 0; i < a.effects.size(); ++i) {
    CHECK(a.effects[i].parameter == b.effects[i].parameter);
    CHECK(a.effects[i].covariate == b.effects[i].covariate);
    CHECK(a.effects[i].name() == b.effects[i].name());
  }
  CHECK(a.is_fitted == b.is_fitted);
  CHECK(a.fit.outcome == b.fit.outcome);
  CHECK(a.fit.detail == b.fit.detail);
  CHECK(a.fit.remark == b.fit.remark);
  CHECK(is_same(a.fit.log_prior, b.fit.log_prior));
  CHECK(a.fit.estimated == b.fit.estimated);
  CHECK(is_same(a.fit.robust_covariance, b.fit.robust_covariance));
  REQUIRE(a.fit.priors.size() == b.fit.priors.size());
  for (std::size_t i = 0; i < a.fit.priors.size(); ++i) {
    CHECK(a.fit.priors[i].of == b.fit.priors[i].of);
    CHECK(a.fit.priors[i].family == b.fit.priors[i].family);
    CHECK(is_same(a.fit.priors[i].first, b.fit.priors[i].first));
    CHECK(is_same(a.fit.priors[i].second, b.fit.priors[i].second));
  }
  CHECK(is_same(a.fit.log_likelihood, b.fit.log_likelihood));
  CHECK(is_same(a.fit.customers, b.fit.customers));
  CHECK(a.fit.distinct_rows == b.fit.distinct_rows);
  CHECK(is_same(a.fit.aic, b.fit.aic));
  CHECK(is_same(a.fit.bic, b.fit.bic));
  CHECK(is_same(a.fit.standard_errors, b.fit.standard_errors));
  CHECK(is_same(a.fit.covariance, b.fit.covariance));
  CHECK(is_same(a.fit.eigenvalues, b.fit.eigenvalues));
  CHECK(a.fit.iterations == b.fit.iterations);
  CHECK(a.fit.evaluations == b.fit.evaluations);
  CHECK(is_same(a.fit.gradient_norm, b.fit.gradient_norm));
}

// Numbers whose decimal text is long, and such as a text could lose.
constexpr double awkward[] = {0.1,
                              1.0 / 3,
                              -0.0,
                              5e-324,
                              2.2250738585072014e-308,
                              1.7976931348623157e308,
                              9007199254740993.0,
                              1e23,
                              -123456789.12345679,
                              4,
                              std::numeric_limits<double>::quiet_NaN()};

model fitted() {
  model m = model_from_parameters(bg_nbd::number, std::array{0.1, 1.0 / 3, 1e23, 5e-324}, time_unit::week);
  m.is_fitted = true;
  m.fit.outcome = outcome::at_bound;
  m.fit.detail = "dropout: \"a\" runs to 0\n\\ \xC3\xA4";
  m.fit.remark = "a <= 1: the mean does not exist";
  m.fit.log_likelihood = -9582.429206671113;
  m.fit.log_prior = -1.0 / 7;
  m.fit.estimated = 4;
  m.fit.customers = 2357.5;
  m.fit.distinct_rows = std::int64_t{1} << 60;
  m.fit.aic = std::numeric_limits<double>::quiet_NaN();
  m.fit.bic = -0.0;
  m.fit.standard_errors = {0.1, 0.2, 1e-300, std::numeric_limits<double>::quiet_NaN()};
  for (std::size_t i = 0; i < 16; ++i) m.fit.covariance.push_back(awkward[i % std::size(awkward)]);
  m.fit.robust_covariance.assign(m.fit.covariance.rbegin(), m.fit.covariance.rend());
  m.fit.eigenvalues = {-1e-17, 2, 3.5};
  m.fit.priors = {{"r", prior_family::gamma, 0.1, 3}, {"b", prior_family::half_normal, 1.0 / 3, 0}};
  m.fit.iterations = 12;
  m.fit.evaluations = 17;
  m.fit.gradient_norm = 1e-9;
  return m;
}

}  // namespace

TEST_CASE("persist: a fitted model comes back to the bit") {
  const model m = fitted();
  const std::string text = to_json(m);
  check_same(m, from_json(text));
  CHECK(to_json(from_json(text)) == text);
}

TEST_CASE("persist: every model, with parameters whose text is long") {
  for (const auto& info : model_table) {
    CAPTURE(std::string(info.name));
    std::vector<double> values;
    for (const auto& parameter : info.parameters) {
      values.push_back(parameter.largest_whole > 0 ? 1.0 : 1.0 / (3.0 + static_cast<double>(values.size())));
    }
    for (const auto unit : {time_unit::day, time_unit::week, time_unit::month, time_unit::year}) {
      const model m = model_from_parameters(info.number, values, unit);
      check_same(m, from_json(to_json(m)));
    }
  }
}

TEST_CASE("persist: numbers of every size") {
  model m = fitted();
  for (const double value : awkward) {
    CAPTURE(value);
    m.fit.log_likelihood = value;
    m.fit.gradient_norm = -value;
    check_same(m, from_json(to_json(m)));
  }
}

TEST_CASE("persist: what the document looks like") {
  const model m = model_from_parameters(pareto_nbd::number, std::array{0.553, 10.578, 0.606, 11.669}, time_unit::week);
  provenance origin;
  origin.library = "9.9.9";
  origin.date = "2024-03-31";
  origin.note = "CDNOW";
  const std::string library = std::to_string(KW_VERSION_MAJOR) + "." + std::to_string(KW_VERSION_MINOR) + "." +
                              std::to_string(KW_VERSION_PATCH);
  CHECK(to_json(m, origin) == R"({
  "format": "kundenwert-model",
  "version": 1,
  "model": "pareto_nbd",
  "unit": "week",
  "parameters": {
    "r": 0.553,
    "alpha": 10.578,
    "s": 0.606,
    "beta": 11.669
  },
  "fit": null,
  "provenance": {
    "library": ")" + library + R"(",
    "date": "2024-03-31",
    "note": "CDNOW"
  }
}
)");
  const stored_model stored = stored_model_from_json(to_json(m, origin));
  CHECK(stored.origin.library == library);
  CHECK(stored.origin.date == "2024-03-31");
  CHECK(stored.origin.note == "CDNOW");
}

TEST_CASE("persist: effects of covariates, one coefficient shared, with the report of their fit") {
  const std::vector<covariate_effect> effects{{"alpha", "channel", ""},
                                              {"alpha", "age \"10\"", ""},
                                              {"beta", "channel", "shared"},
                                              {"beta", "income", "shared"}};
  model m = model_from_parameters(pareto_nbd::number, std::array{0.553, 10.578, 0.606, 11.669}, time_unit::week,
                                  effects, std::array{0.1, -1.0 / 3, 1e-17});
  const std::string given = to_json(m);
  check_same(m, from_json(given));
  CHECK(given.find(R"("effects": [
    {
      "parameter": "alpha",
      "covariate": "channel",
      "coefficient": "alpha.channel"
    },
    {)") != given.npos);
  CHECK(given.find(R"("coefficients": {
    "alpha.channel": 0.1,
    "alpha.age \"10\"": -0.3333333333333333,
    "shared": 1e-17
  })") != given.npos);
  m.is_fitted = true;
  m.fit.standard_errors.assign(7, 0.1);
  m.fit.covariance.assign(49, 1.0 / 3);
  m.fit.robust_covariance.assign(49, std::numeric_limits<double>::quiet_NaN());
  m.fit.eigenvalues.assign(7, 2);
  m.fit.priors = {{"coefficients", prior_family::normal, 0, 2}, {"shared", prior_family::normal, -1, 0.5}};
  check_same(m, from_json(to_json(m)));
  CHECK(to_json(from_json(to_json(m))) == to_json(m));
}

TEST_CASE("persist: the least that is a model, its members in any order") {
  const model m = from_json(
      "{\"parameters\":{\"b\":2.426,\"a\":0.793,\"alpha\":4,\"r\":243e-3},\"unit\":\"week\",\"model\":\"bg_nbd\","
      "\"version\":1,\"format\":\"kundenwert-model\"}");
  check_same(m, model_from_parameters(bg_nbd::number, std::array{0.243, 4.0, 0.793, 2.426}, time_unit::week));
}

TEST_CASE("persist: unknown members of the fit and the provenance are skipped") {
  const model m = fitted();
  std::string text = to_json(m);
  text.replace(text.find("\"outcome\""), 0, "\"weather\": {\"sun\": [1, [true, null, \"x\"]]}, ");
  text.replace(text.find("\"library\""), 0, "\"author\": \"A\", ");
  check_same(m, from_json(text));
}

TEST_CASE("persist: what cannot be read again is not written") {
  using test::check_error;
  const double infinite = std::numeric_limits<double>::infinity();
  const auto refused = [](error_code code, std::string_view place, auto change) {
    model m = fitted();
    change(m);
    check_error([&] { to_json(m); }, code, place);
  };
  refused(error_code::non_finite, "fit.log_likelihood", [&](model& m) { m.fit.log_likelihood = infinite; });
  refused(error_code::non_finite, "fit.covariance", [&](model& m) { m.fit.covariance[7] = -infinite; });
  refused(error_code::length_mismatch, "fit.covariance", [](model& m) { m.fit.covariance.pop_back(); });
  refused(error_code::length_mismatch, "fit.robust_covariance", [](model& m) { m.fit.robust_covariance.clear(); });
  refused(error_code::unknown_code, "fit.priors", [](model& m) { m.fit.priors[0].of = "k"; });
  refused(error_code::domain, "fit.priors", [](model& m) { m.fit.priors[0].family = prior_family::normal; });
  refused(error_code::unknown_code, "effects", [](model& m) { m.effects = {{"k", "age", ""}}; });
  refused(error_code::length_mismatch, "coefficients", [](model& m) { m.coefficients = {1}; });
  refused(error_code::length_mismatch, "fit.standard_errors", [](model& m) { m.fit.standard_errors.clear(); });
  refused(error_code::length_mismatch, "fit.eigenvalues", [](model& m) { m.fit.eigenvalues.resize(5); });
  refused(error_code::encoding, "fit.detail", [](model& m) { m.fit.detail = "\xFF"; });
  refused(error_code::unknown_code, "fit.outcome", [](model& m) { m.fit.outcome = static_cast<outcome>(99); });
  refused(error_code::unknown_code, "model", [](model& m) { m.number = 0; });
  refused(error_code::unknown_code, "unit", [](model& m) { m.unit = static_cast<time_unit>(9); });
  refused(error_code::length_mismatch, "parameters", [](model& m) { m.parameters.pop_back(); });
  refused(error_code::missing, "a", [](model& m) { m.parameters[2] = std::numeric_limits<double>::quiet_NaN(); });
  provenance origin;
  origin.note = "\xC0\x80";
  check_error([&] { to_json(fitted(), origin); }, error_code::encoding, "provenance.note");
}
