// What contractual value, retention rate and concentration refuse: code, argument and row.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "check_error.hpp"
#include "kundenwert/portfolio/concentration.hpp"
#include "kundenwert/portfolio/whale_curve.hpp"
#include "kundenwert/retention/rates.hpp"
#include "kundenwert/value/clv.hpp"
#include "kundenwert/value/expected_lifetime.hpp"
#include "kundenwert/value/potential_value.hpp"

using namespace kundenwert;
using namespace kundenwert::value;
using kundenwert::test::check_error;

namespace {

using numbers = std::vector<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();

const clv_terms good{.convention = clv_convention::gupta_lehmann,
                     .periodic_discount_rate = 0.1,
                     .retention = 0.8,
                     .periods = without_end};

// The error of the good terms with one thing changed, of kernel and columns alike.
void check_terms(const std::function<void(clv_terms&)>& spoil, error_code code, std::string_view argument,
                 std::int64_t row = no_row) {
  clv_terms terms = good;
  spoil(terms);
  check_error([&] { clv({.revenue = 1}, terms); }, code, argument, row);
  check_error([&] { margin_multiple(terms); }, code, argument, row);
  const numbers one{1};
  check_error([&] { clv(clv_columns{.revenue = one}, terms); }, code, argument, row);
}

}  // namespace

TEST_CASE("clv inputs: what has no default must be given") {
  check_terms([](clv_terms& t) { t.convention = {}; }, error_code::unknown_code, "convention");
  check_terms([](clv_terms& t) { t.convention = static_cast<clv_convention>(7); }, error_code::unknown_code,
              "convention");
  check_terms([](clv_terms& t) { t.periodic_discount_rate = not_available; }, error_code::missing,
              "periodic_discount_rate");
  check_terms([](clv_terms& t) { t.retention = not_available; }, error_code::missing, "retention");
  check_terms([](clv_terms& t) { t.periods = not_available; }, error_code::missing, "periods");
}

TEST_CASE("clv inputs: terms outside their domain") {
  check_terms([](clv_terms& t) { t.periodic_discount_rate = -1; }, error_code::domain, "periodic_discount_rate");
  check_terms([](clv_terms& t) { t.periodic_discount_rate = infinity; }, error_code::non_finite,
              "periodic_discount_rate");
  check_terms([](clv_terms& t) { t.retention = 1.01; }, error_code::domain, "retention");
  check_terms([](clv_terms& t) { t.retention = -0.01; }, error_code::domain, "retention");
  check_terms([](clv_terms& t) { t.retention = infinity; }, error_code::non_finite, "retention");
  check_terms([](clv_terms& t) { t.periods = -1; }, error_code::sign, "periods");
  check_terms([](clv_terms& t) { t.periods = -infinity; }, error_code::sign, "periods");
  check_terms([](clv_terms& t) { t.growth = -1; }, error_code::domain, "growth");
  check_terms([](clv_terms& t) { t.growth = not_available; }, error_code::missing, "growth");
  check_terms([](clv_terms& t) { t.growth_start = 2; }, error_code::domain, "growth_start");
  check_terms([](clv_terms& t) { t.growth_start = -2; }, error_code::domain, "growth_start");
  check_terms([](clv_terms& t) { t.age = -1; }, error_code::sign, "age");
  check_terms([](clv_terms& t) { t.retention_curve = {0.5, 1.5}; }, error_code::domain, "retention_curve", 1);
  check_terms([](clv_terms& t) { t.retention_curve = {not_available}; }, error_code::missing, "retention_curve", 0);
}

TEST_CASE("clv inputs: sums without a value are an error of a scalar and a reason of a row") {
  const auto check_reason = [](const std::function<void(clv_terms&)>& spoil, error_code code, std::string_view argument,
                               reason why) {
    clv_terms terms = good;
    spoil(terms);
    check_error([&] { margin_multiple(terms); }, code, argument);
    check_error([&] { clv({.revenue = 1}, terms); }, code, argument);
    const numbers one{1};
    const clv_table found = clv(clv_columns{.revenue = one}, terms);
    CHECK(found.reasons[0] == why);
    CHECK(std::isnan(found.value[0]));
    CHECK(std::isnan(found.revenue[0]));
    CHECK(std::isnan(found.acquisition[0]));
  };
  const auto divergent = [&](const std::function<void(clv_terms&)>& spoil) {
    check_reason(spoil, error_code::divergent, "periods", reason::divergent_sum);
  };
  divergent([](clv_terms& t) {
    t.retention = 1;
    t.periodic_discount_rate = 0;
  });
  divergent([](clv_terms& t) {
    t.retention = 1;
    t.growth = 0.1;
  });
  divergent([](clv_terms& t) { t.periodic_discount_rate = -0.2; });
  divergent([](clv_terms& t) {
    t.retention_curve = {0.5, 0.5};
    t.growth = 0.5;
  });
  // The same sums with an end, or with nobody left, have one.
  CHECK_NOTHROW(margin_multiple(
      {.convention = clv_convention::gupta_lehmann, .periodic_discount_rate = 0, .retention = 1, .periods = 1e9}));
  CHECK_NOTHROW(margin_multiple({.convention = clv_convention::gupta_lehmann,
                                 .periodic_discount_rate = 0,
                                 .retention = 1,
                                 .periods = without_end,
                                 .retention_curve = {0.5, 0}}));
  check_error([] { expected_lifetime(1); }, error_code::divergent, "periods");
  check_error([] { expected_lifetime(1.5); }, error_code::domain, "retention");
  std::vector<double> out(2);
  check_error([&] { expected_lifetimes(numbers{0.5}, {}, {}, out); }, error_code::length_mismatch, "out");
  check_error([&] { expected_lifetimes(numbers{0.5, 2}, {}, {}, out); }, error_code::domain, "retention", 1);

  // A curve without a tail covers its own periods and the first one.
  const auto short_curve = [](double periods) {
    return [periods](clv_terms& t) {
      t.retention = not_available;
      t.retention_curve = {0.5, 0.5};
      t.periods = periods;
    };
  };
  check_reason(short_curve(3.5), error_code::missing, "retention", reason::missing_input);
  check_reason(short_curve(without_end), error_code::missing, "retention", reason::missing_input);
  clv_terms covered = good;
  short_curve(3)(covered);
  CHECK_NOTHROW(margin_multiple(covered));
  check_reason(
      [](clv_terms& t) {
        t.growth = 9;
        t.periods = 1e6;
      },
      error_code::overflow, "periods", reason::numeric_failure);
}

TEST_CASE("clv inputs: amounts and errors of one customer") {
  check_error([] { clv(clv_amounts{}, good); }, error_code::missing, "revenue");
  check_error([] { clv({.revenue = infinity}, good); }, error_code::non_finite, "revenue");
  check_error([] { clv({.revenue = 1, .service = not_available}, good); }, error_code::missing, "service");
  check_error([] { clv({.revenue = 1, .care = -infinity}, good); }, error_code::non_finite, "care");
  check_error([] { clv({.revenue = 1, .acquisition = not_available}, good); }, error_code::missing, "acquisition");
  check_error([] { clv({.revenue = 1e308}, good); }, error_code::overflow, "revenue");
  check_error([] { clv({.revenue = 1}, good, -0.1); }, error_code::sign, "retention_error");
  check_error([] { clv({.revenue = 1}, good, infinity); }, error_code::non_finite, "retention_error");
  clv_terms curved = good;
  curved.retention_curve = {0.5};
  check_error([&] { clv({.revenue = 1}, curved, 0.1); }, error_code::unsupported, "retention_error");
  const numbers one{1};
  check_error([&] { clv(clv_columns{.revenue = one, .retention_error = one}, curved); }, error_code::unsupported,
              "retention_error");
}

TEST_CASE("clv inputs: columns") {
  const numbers three{0.5, 0.5, 0.5};
  const numbers two{0.5, 0.5};
  const auto check_column = [&](const std::function<void(clv_columns&)>& spoil, error_code code,
                                std::string_view argument, std::int64_t row = no_row) {
    clv_columns customers{.revenue = three};
    spoil(customers);
    std::vector<double> out(3, 17);
    check_error([&] { clv(customers, good, clv_output{.value = out}); }, code, argument, row);
    CHECK(out == std::vector<double>(3, 17));
  };
  const std::vector<std::int32_t> ages{0, 1, -1};
  check_column([&](clv_columns& c) { c.service = two; }, error_code::length_mismatch, "service");
  check_column([&](clv_columns& c) { c.care = two; }, error_code::length_mismatch, "care");
  check_column([&](clv_columns& c) { c.acquisition = two; }, error_code::length_mismatch, "acquisition");
  check_column([&](clv_columns& c) { c.retention = two; }, error_code::length_mismatch, "retention");
  check_column([&](clv_columns& c) { c.periods = two; }, error_code::length_mismatch, "periods");
  check_column([&](clv_columns& c) { c.age = std::span(ages).first(2); }, error_code::length_mismatch, "age");
  check_column([&](clv_columns& c) { c.retention_error = two; }, error_code::length_mismatch, "retention_error");
  check_column([&](clv_columns& c) { c.age = ages; }, error_code::sign, "age", 2);
  const numbers infinite{1, infinity, -infinity};
  check_column([&](clv_columns& c) { c.revenue = infinite; }, error_code::non_finite, "revenue", 1);
  check_column([&](clv_columns& c) { c.service = infinite; }, error_code::non_finite, "service", 1);
  check_column([&](clv_columns& c) { c.care = infinite; }, error_code::non_finite, "care", 1);
  check_column([&](clv_columns& c) { c.acquisition = infinite; }, error_code::non_finite, "acquisition", 1);
  check_column([&](clv_columns& c) { c.periods = infinite; }, error_code::sign, "periods", 2);
  const numbers negative{0, 0.5, -0.5};
  check_column([&](clv_columns& c) { c.retention = negative; }, error_code::domain, "retention", 2);
  check_column([&](clv_columns& c) { c.retention_error = negative; }, error_code::sign, "retention_error", 2);

  std::vector<double> out(3);
  std::vector<reason> too_few(2);
  check_error([&] { clv({.revenue = three}, good, clv_output{.value = std::span(out).first(2)}); },
              error_code::length_mismatch, "out.value");
  check_error([&] { clv({.revenue = three}, good, clv_output{.value = out, .reasons = too_few}); },
              error_code::length_mismatch, "out.reasons");
}

TEST_CASE("clv inputs: a null in any column leaves its row without value") {
  const numbers full{0.5, 0.5};
  const numbers gap{not_available, 0.5};
  const std::vector<std::int32_t> ages{3, 1};
  const std::uint8_t second_only = 2;
  const column<std::int32_t> age_gap(ages, {&second_only, 0});
  clv_terms terms = good;
  terms.include_acquisition = true;
  for (const clv_columns& customers :
       {clv_columns{.revenue = gap}, clv_columns{.revenue = full, .service = gap},
        clv_columns{.revenue = full, .care = gap}, clv_columns{.revenue = full, .acquisition = gap},
        clv_columns{.revenue = full, .retention = gap}, clv_columns{.revenue = full, .periods = gap},
        clv_columns{.revenue = full, .age = age_gap}}) {
    const clv_table found = clv(customers, terms);
    CHECK(found.reasons[0] == reason::missing_input);
    CHECK(std::isnan(found.value[0]));
    CHECK(std::isnan(found.service[0]));
    CHECK(found.reasons[1] == reason::none);
    CHECK(std::isfinite(found.value[1]));
  }
  // An error of retention that is not known leaves the value as it is.
  const clv_table found = clv(clv_columns{.revenue = full, .retention_error = gap}, terms);
  CHECK(std::isfinite(found.value[0]));
  CHECK(std::isnan(found.standard_error[0]));
  CHECK(found.standard_error[1] > 0);
  // Acquisition that does not count need not be known.
  CHECK(std::isfinite(clv(clv_columns{.revenue = full, .acquisition = gap}, good).value[0]));
}

TEST_CASE("retention curve inputs") {
  check_error([] { retention_curve_of_survival(numbers{0.9, 0.95}); }, error_code::inconsistent, "survival", 1);
  check_error([] { retention_curve_of_survival(numbers{0.9, -0.1}); }, error_code::domain, "survival", 1);
  check_error([] { retention_curve_of_survival(numbers{not_available}); }, error_code::missing, "survival", 0);
  check_error([] { survival_of_retention_curve(numbers{1, 2}); }, error_code::domain, "retention_curve", 1);
  CHECK(retention_curve_of_survival(numbers{0.5, 0, 0}) == numbers{0.5, 0, 0});
}

TEST_CASE("potential value inputs") {
  const wallet_share customer{.wallet = 1200, .share_now = 0.25, .share_target = 0.4, .margin_rate = 0.45};
  const auto check_member = [&](double wallet_share::*member, double number, error_code code,
                                std::string_view argument) {
    wallet_share spoilt = customer;
    spoilt.*member = number;
    check_error([&] { potential_value(spoilt, 2); }, code, argument);
  };
  check_member(&wallet_share::wallet, -1, error_code::sign, "wallet");
  check_member(&wallet_share::share_now, 1.5, error_code::domain, "share_now");
  check_member(&wallet_share::share_target, not_available, error_code::missing, "share_target");
  check_member(&wallet_share::margin_rate, -0.5, error_code::domain, "margin_rate");
  check_error([&] { potential_value(customer, -2); }, error_code::sign, "multiple");
}

TEST_CASE("retention rate inputs") {
  using namespace kundenwert::retention;
  check_error([] { retention_of_balance({.at_start = 10, .at_end = 5, .joined = 6}); }, error_code::inconsistent,
              "joined");
  check_error([] { retention_of_balance({.at_start = 10, .at_end = 15, .joined = 4}); }, error_code::inconsistent,
              "at_end");
  check_error([] { retention_of_balance({.at_start = 0, .at_end = 1}); }, error_code::inconsistent, "at_end");
  check_error([] { retention_of_balance({.at_start = -1}); }, error_code::sign, "at_start");
  check_error([] { retention_of_balance({.at_end = -1}); }, error_code::sign, "at_end");
  check_error([] { retention_of_balance({.joined = -1}); }, error_code::sign, "joined");
  check_error([] { retention_of_counts({.retained = -1}); }, error_code::sign, "retained");
  check_error([] { retention_of_counts({.lost = -1}); }, error_code::sign, "lost");
  check_error([] { retention_of_counts({.regained = -1}); }, error_code::sign, "regained");
  check_error([] { retention_of_counts({.joined = -1}); }, error_code::sign, "joined");
  check_error([] { retention_of_counts({.returned = -1}); }, error_code::sign, "returned");
  check_error([] { retention_of_counts({.retained = INT64_MAX}); }, error_code::overflow, "retained");
  check_error([] { retention_of_counts({}, {.from = 10, .to = 10}); }, error_code::date_order, "to");
  check_error([] { retention_of_counts({}, {.from = 10}); }, error_code::missing, "to");
  check_error([] { retention_of_counts({}, {.to = 10}); }, error_code::missing, "from");
  for (const double confidence : {0.0, 1.0, -1.0, 2.0}) {
    check_error([&] { retention_of_counts({}, {.confidence = confidence}); }, error_code::domain, "confidence");
  }
  check_error([] { retention_of_counts({}, {.confidence = not_available}); }, error_code::missing, "confidence");
  for (const std::int32_t code : {-1, 6}) {
    check_error(
        [&] {
          retention_of_passages(std::vector<std::int32_t>{1, code});
        },
        error_code::unknown_code, "passage", 1);
  }
  const std::vector<std::int32_t> passages{1, 1};
  const std::uint8_t first_only = 1;
  check_error([&] { retention_of_passages({passages, {&first_only, 0}}); }, error_code::missing, "passage", 1);
}

TEST_CASE("wilson interval inputs") {
  using numeric::wilson_interval;
  check_error([] { wilson_interval(0, 0); }, error_code::domain, "n");
  check_error([] { wilson_interval(-1, 5); }, error_code::sign, "successes");
  check_error([] { wilson_interval(6, 5); }, error_code::domain, "successes");
  check_error([] { wilson_interval(1, 5, 1); }, error_code::domain, "confidence");
}

TEST_CASE("concentration inputs") {
  using namespace kundenwert::portfolio;
  check_error([] { concentration_of(numbers{1, -1, -2}); }, error_code::domain, "value", 1);
  check_error([] { concentration_of(numbers{1, infinity}, {}, "revenue"); }, error_code::non_finite, "revenue", 1);
  check_error([] { concentration_of(numbers{1}, {.negative = {}}); }, error_code::unknown_code, "negative");
  check_error([] { concentration_of(numbers(3, 1e308)); }, error_code::overflow, "value");
  const lorenz_curve curve(numbers{1, 2});
  check_error([&] { curve.top_share(1.5); }, error_code::domain, "share_of_customers");
  check_error([&] { curve.value_share(-0.5); }, error_code::domain, "share_of_customers");
  check_error([&] { curve.share_of_customers_for(2); }, error_code::domain, "share_of_value");
  check_error([&] { curve.points(1); }, error_code::domain, "most_points");
  check_error([&] { curve.points(-1); }, error_code::domain, "most_points");
  check_error([] { whale_curve(numbers{1, -infinity}); }, error_code::non_finite, "profit", 1);
  check_error([] { whale_curve(numbers{1}, 1); }, error_code::domain, "most_points");
  check_error([] { whale_curve(numbers(3, 1e308)); }, error_code::overflow, "profit");
}
