// Identities, limits and order of contractual customer lifetime value.
#include "kundenwert/value/clv.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "kundenwert/base/random.hpp"
#include "kundenwert/value/expected_lifetime.hpp"
#include "near.hpp"

using namespace kundenwert;
using namespace kundenwert::value;

namespace {

// Some tens of roundings, for sums of up to 60 periods.
constexpr double roundings = 1e-14;

constexpr clv_convention all_conventions[] = {clv_convention::first_margin_now,
                                              clv_convention::gupta_lehmann,
                                              clv_convention::mid_period,
                                              clv_convention::end_of_period,
                                              clv_convention::mid_period_first_excluded,
                                              clv_convention::end_of_period_first_excluded};

constexpr double some_retention[] = {0, 0.1, 0.5, 0.8, 0.95, 1};
constexpr double some_discount[] = {-0.05, 0, 1e-9, 0.01, 0.1, 0.5};
constexpr double some_growth[] = {-0.1, 0, 0.03};

template <class Check>
void for_each_terms(Check&& check) {
  for (const clv_convention convention : all_conventions) {
    for (const double r : some_retention) {
      for (const double d : some_discount) {
        for (const double g : some_growth) {
          for (const std::int32_t g0 : {0, 1}) {
            clv_terms terms{.convention = convention,
                            .periodic_discount_rate = d,
                            .retention = r,
                            .periods = 10,
                            .growth = g,
                            .growth_start = g0};
            INFO(name_of(convention) << " r " << r << " d " << d << " g " << g << " g0 " << g0);
            check(terms);
          }
        }
      }
    }
  }
}

double value_with(clv_terms terms, double clv_terms::*member, double number) {
  terms.*member = number;
  return margin_multiple(terms).value;
}

bool converges(const clv_terms& terms) {
  return periodic_decay(terms.periodic_discount_rate, terms.retention, terms.growth) > 1e-3;
}

}  // namespace

TEST_CASE("clv: with the first margin is without it and one margin more") {
  for_each_terms([](clv_terms terms) {
    const clv_convention pairs[][2] = {{clv_convention::first_margin_now, clv_convention::gupta_lehmann},
                                       {clv_convention::mid_period, clv_convention::mid_period_first_excluded},
                                       {clv_convention::end_of_period, clv_convention::end_of_period_first_excluded}};
    for (const auto& pair : pairs) {
      terms.convention = pair[0];
      const double with_first = margin_multiple(terms).value;
      const double paid = std::pow(1 + terms.periodic_discount_rate, -payment_time(pair[0]));
      terms.convention = pair[1];
      CHECK_NEAR(with_first, margin_multiple(terms).value + paid, roundings, 0);
    }
  });
}

TEST_CASE("clv: a constant retention, the same as a curve, the explicit sum") {
  for_each_terms([](clv_terms terms) {
    for (const double periods : {0.0, 0.5, 1.0, 2.0, 7.25, 60.0}) {
      terms.periods = periods;
      terms.retention_curve.clear();
      const double closed = margin_multiple(terms).value;
      double sum = 0;
      for (int k = first_period(terms.convention); k < periods; ++k) {
        const double share = std::min(1.0, periods - k);
        sum += share * std::pow(1 + terms.growth, std::max(0, k - terms.growth_start)) * std::pow(terms.retention, k) *
               std::pow(1 + terms.periodic_discount_rate, -(k + payment_time(terms.convention)));
      }
      CHECK_NEAR(closed, sum, roundings, 0);
      terms.retention_curve.assign(60, terms.retention);
      CHECK_NEAR(closed, margin_multiple(terms).value, roundings, 0);
    }
  });
}

TEST_CASE("clv: closed forms of the specification") {
  for_each_terms([](clv_terms terms) {
    if (!converges(terms)) return;
    terms.periods = without_end;
    const double d = terms.periodic_discount_rate;
    const double left = periodic_decay(d, terms.retention, terms.growth);
    const double tau = payment_time(terms.convention);
    const std::int32_t k0 = first_period(terms.convention);
    const double later = terms.retention * std::pow(1 + d, -tau) / left;
    double expected = k0 == 0 ? (1 + d) * std::pow(1 + d, -tau) / left : later;
    if (k0 == 1 && terms.growth_start == 0) expected *= 1 + terms.growth;
    if (k0 == 0 && terms.growth_start == 1) expected = std::pow(1 + d, -tau) + later;
    CHECK_NEAR(margin_multiple(terms).value, expected, roundings, 0);
  });
}

TEST_CASE("clv: many periods come close to no end, from below") {
  for_each_terms([](clv_terms terms) {
    if (!converges(terms)) return;
    const double endless = value_with(terms, &clv_terms::periods, without_end);
    double before = 0;
    for (const double periods : {1.0, 10.0, 100.0, 1000.0}) {
      const double found = value_with(terms, &clv_terms::periods, periods);
      CHECK(found >= before);
      CHECK(found <= endless * (1 + roundings));
      before = found;
    }
    // q <= 1 - 1e-3 / 1.5: what is left after 60 000 periods is below e^-40.
    CHECK_NEAR(value_with(terms, &clv_terms::periods, 60000), endless, roundings, 0);
  });
}

TEST_CASE("clv: linear between whole numbers of periods") {
  for_each_terms([](const clv_terms& terms) {
    for (const double whole : {0.0, 1.0, 2.0, 9.0}) {
      const double from = value_with(terms, &clv_terms::periods, whole);
      const double to = value_with(terms, &clv_terms::periods, whole + 1);
      CHECK_NEAR(value_with(terms, &clv_terms::periods, whole + 0.25), 0.75 * from + 0.25 * to, roundings, 0);
    }
  });
}

TEST_CASE("clv: rises with retention and periods, falls with the discount rate") {
  for_each_terms([](const clv_terms& terms) {
    double before = -1;
    for (double r = 0; r <= 1; r += 0.125) {
      const double found = value_with(terms, &clv_terms::retention, r);
      CHECK(found > before);
      before = found;
    }
    before = -1;
    for (double periods = 0; periods < 30; periods += 0.75) {
      const double found = value_with(terms, &clv_terms::periods, periods);
      CHECK(found >= before);
      before = found;
    }
    if (terms.retention == 0) return;
    before = 1e300;
    for (const double d : {-0.5, -0.1, 0.0, 0.05, 0.2, 1.0}) {
      const double found = value_with(terms, &clv_terms::periodic_discount_rate, d);
      CHECK(found < before);
      before = found;
    }
  });
}

TEST_CASE("clv: the slope against a central difference") {
  for_each_terms([](clv_terms terms) {
    for (const double periods : {1.0, 2.5, 10.0, without_end}) {
      terms.periods = periods;
      if (std::isinf(periods) && !converges(terms)) continue;
      // Both ends inside [0, 1]; the difference errs by about step^2 times the third derivative, next to its rounding.
      if (terms.retention < 0.05 || terms.retention > 0.96) continue;
      constexpr double step = 1e-5;
      const double r = terms.retention;
      if (std::isinf(periods) && periodic_decay(terms.periodic_discount_rate, r + step, terms.growth) < 0.01) continue;
      const double difference =
          (value_with(terms, &clv_terms::retention, r + step) - value_with(terms, &clv_terms::retention, r - step)) /
          (2 * step);
      CHECK_NEAR(margin_multiple(terms).slope, difference, 5e-6, 1e-9);
    }
  });
}

TEST_CASE("clv: components sum to the value to the bit; columns are the kernel, for any number of threads") {
  constexpr std::size_t rows = 40000;
  random_stream draw(20261121);
  std::vector<double> revenue(rows), service(rows), care(rows), acquisition(rows), retention(rows), error(rows);
  std::vector<double> periods(rows);
  std::vector<std::int32_t> age(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    revenue[i] = 200 * draw.uniform() - 20;
    service[i] = 30 * draw.uniform();
    care[i] = 20 * draw.uniform();
    acquisition[i] = 100 * draw.uniform();
    retention[i] = draw.uniform();
    error[i] = 0.1 * draw.uniform();
    periods[i] = i % 3 == 0 ? without_end : 40 * draw.uniform();
    age[i] = static_cast<std::int32_t>(4 * draw.uniform());
  }
  const clv_columns customers{.revenue = revenue,
                              .service = service,
                              .care = care,
                              .acquisition = acquisition,
                              .retention = retention,
                              .periods = periods,
                              .age = age,
                              .retention_error = error};
  clv_terms terms{.convention = clv_convention::mid_period, .periodic_discount_rate = 0.1};
  terms.include_acquisition = true;
  const clv_table one = clv(customers, terms);
  const clv_table four = clv(customers, terms, 4);
  std::size_t different = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const double sum = one.revenue[i] - one.acquisition[i] - one.service[i] - one.care[i];
    if (one.value[i] != sum || one.value[i] != four.value[i]) ++different;
    if (one.standard_error[i] != four.standard_error[i] || one.reasons[i] != reason::none) ++different;
    if (i % 100 != 0) continue;
    clv_terms own = terms;
    own.retention = retention[i];
    own.periods = periods[i];
    own.age = age[i];
    const clv_result kernel = clv(
        {.revenue = revenue[i], .service = service[i], .care = care[i], .acquisition = acquisition[i]}, own, error[i]);
    if (kernel.value != one.value[i] || kernel.standard_error != one.standard_error[i]) ++different;
  }
  CHECK(different == 0);
}

TEST_CASE("clv: a customer of some age is valued by conditional survival") {
  const std::vector<double> survival{0.7, 0.5, 0.4, 0.35, 0.32};
  clv_terms terms{.convention = clv_convention::end_of_period, .periodic_discount_rate = 0.1, .periods = 4};
  terms.retention_curve = retention_curve_of_survival(survival);
  terms.age = 2;
  double expected = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    expected += survival[1 + k] / survival[1] * std::pow(1.1, -(static_cast<double>(k) + 1));
  }
  CHECK_NEAR(margin_multiple(terms).value, expected, roundings, 0);
  // Beyond the curve the tail holds.
  terms.age = 9;
  terms.retention = 0.9;
  const clv_terms constant{
      .convention = clv_convention::end_of_period, .periodic_discount_rate = 0.1, .retention = 0.9, .periods = 4};
  CHECK(margin_multiple(terms).value == margin_multiple(constant).value);
}

TEST_CASE("expected lifetime is the value of one a period without discount") {
  for (const double r : {0.0, 0.3, 0.9, 0.999}) {
    CHECK_NEAR(expected_lifetime(r), 1 / (1 - r), roundings, 0);
    // One period of another rate first.
    const std::vector<double> curve{0.5};
    CHECK_NEAR(expected_lifetime(r, curve), 1 + 0.5 / (1 - r), roundings, 0);
    CHECK(expected_lifetime(r, curve, 1) == expected_lifetime(r));
  }
  const std::vector<double> retention{0.5, 1, not_available, 0};
  std::vector<double> found(4);
  std::vector<reason> why(4);
  expected_lifetimes(retention, {}, {}, found, why);
  CHECK(found[0] == expected_lifetime(0.5));
  CHECK(found[3] == 1);
  CHECK(std::isnan(found[1]));
  CHECK(why == std::vector<reason>{reason::none, reason::divergent_sum, reason::missing_input, reason::none});
}
