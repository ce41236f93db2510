#include "kundenwert/btyd/posterior.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "check_error.hpp"
#include "kundenwert/base/random.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

using one = model_list<bg_nbd>;

// Customers of a BG/NBD with a covariate, drawn roughly: any rows will do.
struct rows {
  std::vector<double> frequency, recency, age, member;
  std::vector<covariate_column> covariates() const { return {{"member", member}}; }
  summary_columns view(const std::vector<covariate_column>& extra) const {
    summary_columns out{.frequency = frequency, .recency = recency, .age = age};
    out.covariates = extra;
    return out;
  }
};
rows some_rows(int count) {
  rows out;
  random_stream random(7);
  for (int i = 0; i < count; ++i) {
    const double z = i % 2;
    const double x = static_cast<double>(random.poisson((1 + z) * random.gamma(0.5)));
    const double age = 30 + 9 * random.uniform();
    out.frequency.push_back(x);
    out.recency.push_back(x > 0 ? age * random.uniform() : 0);
    out.age.push_back(age);
    out.member.push_back(z);
  }
  return out;
}

}  // namespace

TEST_CASE("the likelihood without a Hessian is the one with it") {
  const auto data = some_rows(200);
  const auto extra = data.covariates();
  const std::vector<covariate_effect> changes{{"alpha", "member", ""}, {"a", "member", ""}};
  const auto effects = effects_of(bg_nbd::parameters, changes);
  const auto seen = observations_of<bg_nbd>(data.view(extra), {}, effects.covariates);
  const likelihood<bg_nbd> rows(seen, effects);
  const std::vector<double> point{-0.7, 0.3, 0.2, 1.1, 0.4, -0.3};
  const auto full = rows.negative(point, 1);
  std::vector<double> gradient(point.size());
  CHECK_NEAR(rows.value(point, gradient, 1), -full.value, 1e-14, 0);
  CHECK_NEAR(rows.value(point, {}, 1), -full.value, 1e-13, 0);
  for (std::size_t i = 0; i < point.size(); ++i) CHECK_NEAR(gradient[i], -full.gradient[i], 1e-12, 1e-12);
}

TEST_CASE("a posterior with a covariate: stated priors, names, and bits that do not depend on threads") {
  const auto data = some_rows(400);
  const auto extra = data.covariates();
  fit_options options;
  options.effects = {{"alpha", "member", ""}};
  options.priors = {{"r", prior_family::gamma, 2, 2}};
  const auto fitted = fit<one>(bg_nbd::number, data.view(extra), time_unit::week, options);
  posterior_options wanted;
  wanted.draws = 1201;  // rounded up to a multiple of the chains
  const auto draws = posterior_draws<one>(fitted, data.view(extra), options, wanted);
  CHECK(draws.size() == 1204);
  CHECK(draws.method == draw_method::posterior);
  CHECK(draws.chains.chains == 4);
  CHECK(draws.chains.names == std::vector<std::string>{"r", "alpha", "a", "b", "alpha.member"});
  CHECK(draws.chains.priors.size() == 5);
  CHECK(draws.chains.priors[0].family == prior_family::gamma);
  CHECK(draws.chains.priors[1].family == prior_family::log_normal);
  CHECK_NEAR(draws.chains.priors[1].first, std::log(16), 1e-14, 0);  // a quarter of the scale 64
  CHECK(draws.chains.priors[4].family == prior_family::normal);
  CHECK(draws.chains.pareto_k < 0.7);
  for (const double v : draws.values) CHECK(std::isfinite(v));
  wanted.threads = 3;
  CHECK(posterior_draws<one>(fitted, data.view(extra), options, wanted).values == draws.values);
}

TEST_CASE("a posterior is refused where there is nothing to draw from") {
  const auto data = some_rows(20);
  const auto given = model_from_parameters(bg_nbd::number, std::vector<double>{1, 1, 1, 1}, time_unit::week);
  test::check_error([&] { posterior_draws<one>(given, data.view({})); }, error_code::unsupported, "model");
  auto fitted = given;
  fitted.is_fitted = true;
  posterior_options none;
  none.draws = 0;
  test::check_error([&] { posterior_draws<one>(fitted, data.view({}), {}, none); }, error_code::domain, "draws");
  posterior_options many;
  many.chains = 0;
  test::check_error([&] { posterior_draws<one>(fitted, data.view({}), {}, many); }, error_code::domain, "chains");
}
