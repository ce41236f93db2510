// numeric/special, numeric/normal and numeric/incomplete against mpmath at 50 digits and more:
// tests/reference/data/special_tables.py.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "kundenwert/numeric/incomplete.hpp"
#include "kundenwert/numeric/normal.hpp"
#include "kundenwert/numeric/special.hpp"
#include "near.hpp"
#include "table.hpp"

using namespace kundenwert::numeric;
using kundenwert::test::near;
using kundenwert::test::read_table;
using kundenwert::test::table;

namespace {

// The relative bounds the headers state.
constexpr double few_roundings = 1e-15;

template <class Function, class Absolute>
void check_column(const std::string& file, const std::string& name, double relative, Function&& f,
                  Absolute&& absolute) {
  const table t = read_table(file);
  REQUIRE(t.rows.size() >= 200);
  const std::size_t column = t.at(name);
  for (const auto& row : t.rows) {
    const double expected = row[column];
    if (std::isnan(expected)) continue;  // outside the domain
    const double found = f(row);
    INFO(name << " at " << row[0] << ", " << row[1] << ": " << found << ", not " << expected);
    CHECK(near(found, expected, relative, absolute(row)));
  }
}

// Values under the smallest normal double stand as 0 in the tables.
double smallest_normal(const std::vector<double>&) { return 2.3e-308; }

}  // namespace

TEST_CASE("log_gamma, digamma and trigamma from 1e-300 to 1e300") {
  const auto at = [](double (*f)(double)) { return [f](const std::vector<double>& row) { return f(row[0]); }; };
  check_column("special_gamma.csv", "log_gamma", few_roundings, at(log_gamma), smallest_normal);
  check_column("special_gamma.csv", "digamma", few_roundings, at(digamma), smallest_normal);
  check_column("special_gamma.csv", "trigamma", few_roundings, at(trigamma), smallest_normal);
}

TEST_CASE("rising differences: a from 1e-300 to 1e15, x from 0 to 1e6") {
  const auto at = [](double (*f)(double, double)) {
    return [f](const std::vector<double>& row) { return f(row[0], row[1]); };
  };
  check_column("special_rising.csv", "log_rising", 1e-14, at(log_rising), [](const std::vector<double>& row) {
    return 2e-15 * (1 + std::fabs(std::log(row[0]))) * std::fmin(row[1], 1);
  });
  check_column("special_rising.csv", "digamma_rising", 2e-15, at(digamma_rising), smallest_normal);
  check_column("special_rising.csv", "trigamma_rising", 3e-15, at(trigamma_rising), smallest_normal);
}

TEST_CASE("log_beta for arguments from 1e-300 to 1e300") {
  const auto f = [](const std::vector<double>& row) { return log_beta(row[0], row[1]); };
  check_column("special_beta.csv", "log_beta", 1e-14, f, [](const std::vector<double>&) { return 4e-15; });
}

TEST_CASE("stable logarithms and exponentials") {
  const auto at = [](double (*f)(double)) { return [f](const std::vector<double>& row) { return f(row[0]); }; };
  check_column("special_elementary.csv", "log1m_exp", few_roundings, at(log1m_exp), smallest_normal);
  check_column("special_elementary.csv", "log1p_exp", few_roundings, at(log1p_exp), smallest_normal);
  check_column("special_elementary.csv", "expm1_over", few_roundings, at(expm1_over), smallest_normal);
  check_column("special_elementary.csv", "log1p_over", few_roundings, at(log1p_over), smallest_normal);
  check_column("special_elementary.csv", "expit", few_roundings, at(expit), smallest_normal);
  check_column("special_probability.csv", "logit", few_roundings, at(logit), smallest_normal);
  check_column(
      "special_log_add_exp.csv", "log_add_exp", few_roundings,
      [](const std::vector<double>& row) { return log_add_exp(row[0], row[1]); },
      [](const std::vector<double>&) { return 1e-15; });
}

TEST_CASE("normal distribution and quantile into both tails") {
  const auto at = [](double (*f)(double)) { return [f](const std::vector<double>& row) { return f(row[0]); }; };
  check_column("special_normal.csv", "normal_cdf", 2e-15, at(normal_cdf), smallest_normal);
  check_column("special_probability.csv", "normal_quantile", 2e-15, at(normal_quantile), smallest_normal);
}

TEST_CASE("incomplete gamma and beta functions") {
  const table gamma = read_table("special_incomplete_gamma.csv");
  REQUIRE(gamma.rows.size() >= 200);
  for (const auto& row : gamma.rows) {
    const double a = row[0];
    const double x = row[1];
    CAPTURE(a);
    CAPTURE(x);
    const bool is_lower = x < a + 1;
    CHECK_NEAR(incomplete_gamma(a, x), row[2], is_lower ? 2e-13 : 0, is_lower ? 2.3e-308 : 1e-14);
    CHECK_NEAR(incomplete_gamma_upper(a, x), row[3], is_lower ? 0 : 2e-13, is_lower ? 1e-14 : 2.3e-308);
    CHECK_NEAR(incomplete_gamma(a, x), row[2], 0, 1e-14);
    CHECK_NEAR(incomplete_gamma_upper(a, x), row[3], 0, 1e-14);
  }
  const table beta = read_table("special_incomplete_beta.csv");
  REQUIRE(beta.rows.size() >= 200);
  for (const auto& row : beta.rows) {
    const double a = row[0];
    const double b = row[1];
    const double x = row[2];
    CAPTURE(a);
    CAPTURE(b);
    CAPTURE(x);
    if (x <= (a + 1) / (a + b + 2)) CHECK_NEAR(incomplete_beta(a, b, x), row[3], 2e-13, 2.3e-308);
    CHECK_NEAR(incomplete_beta(a, b, x), row[3], 0, 2e-14);
  }
}
