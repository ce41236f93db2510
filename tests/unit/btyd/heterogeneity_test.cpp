#include "kundenwert/btyd/heterogeneity.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "check_error.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using kundenwert::test::check_error;

namespace {

model bg_nbd_model() {
  return model_from_parameters(bg_nbd::number, std::array{0.2425945, 4.4136020, 0.7929220, 2.4259068}, time_unit::week);
}

}  // namespace

TEST_CASE("every distribution on a grid of quantiles") {
  const auto found = heterogeneity_of(bg_nbd_model(), {.count = 3});
  CHECK(found.of == std::vector<std::string>{"purchase_rate", "purchase_rate", "purchase_rate", "dropout_probability",
                                             "dropout_probability", "dropout_probability"});
  for (std::size_t i = 0; i < 6; ++i) CHECK_NEAR(found.cumulative[i], 0.25 * static_cast<double>(i % 3 + 1), 1e-12, 0);
  const auto one = mixture_of(bg_nbd_model(), "dropout_probability");
  CHECK(one.kind == mixing::beta);
  CHECK_NEAR(one.mean(), 0.7929220 / (0.7929220 + 2.4259068), 1e-15, 0);
  CHECK(found.density[4] == one.density(found.value[4]));
  CHECK(row_count_of(heterogeneity_of(bg_nbd_model())) == 198);
}

TEST_CASE("the distribution integrates its density") {
  std::vector<double> points;
  constexpr int steps = 2000;
  for (int i = 0; i <= steps; ++i) points.push_back(0.2 + 0.3 * i / steps);
  const auto found = heterogeneity_of(bg_nbd_model(), {.of = "dropout_probability", .points = points});
  double sum = 0;
  for (std::size_t i = 1; i < points.size(); ++i) sum += 0.5 * (found.density[i] + found.density[i - 1]) * 0.3 / steps;
  // The trapezoid rule: h^2 / 12 times the length and the curvature, about 1e-8.
  CHECK_NEAR(sum, found.cumulative.back() - found.cumulative.front(), 0, 1e-7);
}

TEST_CASE("what every model of the registry states are its own parameters") {
  for (const auto& info : model_table) {
    CAPTURE(std::string(info.name));
    for (const auto& fact : mixtures_of(info.number)) {
      CAPTURE(std::string(fact.of));
      const auto is_parameter = [&](std::string_view name) {
        for (const auto& p : info.parameters) {
          if (p.name == name) return true;
        }
        return false;
      };
      CHECK(is_parameter(fact.first));
      CHECK(is_parameter(fact.second));
      CHECK_FALSE(fact.meaning.empty());
    }
  }
  CHECK(mixtures_of(nbd::number).size() == 1);
  CHECK(mixtures_of(pareto_nbd::number).size() == 2);
  CHECK(mixtures_of(mbg_nbd::number)[1].of == "dropout_probability");
  CHECK(mixtures_of(ggompertz_nbd::number)[1].of == "hazard_level");
  CHECK(mixtures_of(gamma_gamma::number)[0].of == "spend_scale");
}

TEST_CASE("densities: what is refused, and ends") {
  const auto m = bg_nbd_model();
  const std::vector<double> points{0, 0.5, 1};
  check_error([&] { heterogeneity_of(m, {.points = points}); }, error_code::missing, "of");
  check_error([&] { heterogeneity_of(m, {.of = "height"}); }, error_code::unknown_code, "of");
  check_error([&] { heterogeneity_of(m, {.count = 0}); }, error_code::domain, "count");
  const std::vector<double> outside{0.5, 1.5};
  check_error([&] { heterogeneity_of(m, {.of = "dropout_probability", .points = outside}); }, error_code::domain,
              "points", 1);
  const std::vector<double> negative{-1};
  check_error([&] { heterogeneity_of(m, {.of = "purchase_rate", .points = negative}); }, error_code::sign, "points", 0);
  // The shape of the rate is below 1: its density at 0 is infinite and told as missing.
  const auto found = heterogeneity_of(m, {.of = "purchase_rate", .points = points});
  CHECK(std::isnan(found.density[0]));
  CHECK(found.cumulative[0] == 0);
}
