// Every check of fits and predictions: its code, argument and row, and nothing written.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "cdnow.hpp"
#include "check_error.hpp"
#include "compiled.hpp"
#include "kundenwert/btyd/lifetime_value.hpp"
#include "kundenwert/btyd/predict.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;
using kundenwert::test::check_error;
using kundenwert::test::customer_columns;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

customer_columns good() {
  customer_columns c;
  c.add(0, 0, 30);
  c.add(2, 10, 30, 25);
  c.add(5, 28, 30, 40);
  c.add(1, 3, 20, 10);
  return c;
}

struct bad_row {
  std::function<void(customer_columns&)> spoil;
  error_code code;
  std::string argument;
  std::int64_t row;
};

// What is wrong for transaction models; two rows are spoiled where the smaller must be named.
std::vector<bad_row> bad_transactions() {
  using c = customer_columns;
  return {{[](c& x) { x.frequency[1] = not_a_number; }, error_code::missing, "frequency", 1},
          {[](c& x) { x.frequency[2] = infinity; }, error_code::non_finite, "frequency", 2},
          {[](c& x) { x.frequency[1] = -1; }, error_code::sign, "frequency", 1},
          {[](c& x) { x.frequency[3] = 2.5, x.frequency[2] = 0.5; }, error_code::not_integer, "frequency", 2},
          {[](c& x) { x.recency[1] = not_a_number; }, error_code::missing, "recency", 1},
          {[](c& x) { x.recency[1] = infinity; }, error_code::non_finite, "recency", 1},
          {[](c& x) { x.recency[2] = -3; }, error_code::sign, "recency", 2},
          {[](c& x) { x.recency[3] = 20.5; }, error_code::recency_order, "recency", 3},
          {[](c& x) { x.recency[0] = 1; }, error_code::domain, "recency", 0},
          {[](c& x) { x.recency[1] = 0; }, error_code::domain, "recency", 1},
          {[](c& x) { x.age[2] = not_a_number; }, error_code::missing, "T", 2},
          {[](c& x) { x.age[0] = infinity; }, error_code::non_finite, "T", 0},
          {[](c& x) { x.age[0] = -5; }, error_code::sign, "T", 0}};
}

std::vector<bad_row> bad_contracts() {
  using c = customer_columns;
  return {{[](c& x) { x.tenure[1] = not_a_number; }, error_code::missing, "tenure", 1},
          {[](c& x) { x.tenure[2] = infinity; }, error_code::non_finite, "tenure", 2},
          {[](c& x) { x.tenure[1] = -1; }, error_code::sign, "tenure", 1},
          {[](c& x) { x.tenure[3] = 2.5; }, error_code::not_integer, "tenure", 3},
          {[](c& x) { x.ended[0] = not_a_number; }, error_code::missing, "ended", 0},
          {[](c& x) { x.ended[2] = 0.5; }, error_code::domain, "ended", 2}};
}

std::vector<bad_row> bad_opportunities() {
  using c = customer_columns;
  return {{[](c& x) { x.recency[1] = 9.5; }, error_code::not_integer, "recency", 1},
          {[](c& x) { x.age[0] = 30.5; }, error_code::not_integer, "T", 0},
          {[](c& x) { x.frequency[3] = 4; }, error_code::domain, "frequency", 3}};
}

// `amount` is monetary_value or revenue.
std::vector<bad_row> bad_spend(std::vector<double> customer_columns::*amount, const std::string& name) {
  using c = customer_columns;
  return {{[](c& x) { x.frequency[1] = not_a_number; }, error_code::missing, "frequency", 1},
          {[](c& x) { x.frequency[2] = infinity; }, error_code::non_finite, "frequency", 2},
          {[](c& x) { x.frequency[1] = -1; }, error_code::sign, "frequency", 1},
          {[](c& x) { x.frequency[3] = 2.5; }, error_code::not_integer, "frequency", 3},
          {[=](c& x) { (x.*amount)[2] = infinity; }, error_code::non_finite, name, 2},
          {[=](c& x) { (x.*amount)[1] = -5; }, error_code::sign, name, 1}};
}

std::vector<bad_row> bad_rows(const model_info& info) {
  if (info.is_contractual) return bad_contracts();
  if (info.number == gamma_gamma_all::number) return bad_spend(&customer_columns::revenue, "revenue");
  if (info.is_spend) return bad_spend(&customer_columns::monetary_value, "monetary_value");
  auto out = bad_transactions();
  if (info.is_discrete) {
    const auto more = bad_opportunities();
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

model model_of(const model_info& info) {
  return model_from_parameters(info.number, std::vector<double>(info.parameters.size(), 2.0), time_unit::week);
}

}  // namespace

TEST_CASE("fits name the bad column and row") {
  for (const auto& info : model_table) {
    CAPTURE(std::string(info.name));
    for (const auto& bad : bad_rows(info)) {
      auto rows = good();
      bad.spoil(rows);
      check_error([&] { fit(info.number, rows.view(), time_unit::week); }, bad.code, bad.argument, bad.row);
    }
    const auto rows = good();
    check_error([&] { fit(info.number, {}, time_unit::week); }, error_code::empty, std::string(info.columns[0]));
    check_error([&] { fit(info.number, rows.view(), static_cast<time_unit>(99)); }, error_code::unknown_code, "unit");
    const std::array<double, 3> few{1, 1, 1};
    check_error([&] { fit(info.number, rows.view(), time_unit::week, {.weight = few}); }, error_code::length_mismatch,
                "weight");
    for (const auto& [weight, code] : {std::pair{-1.0, error_code::sign}, std::pair{not_a_number, error_code::missing},
                                       std::pair{infinity, error_code::non_finite}}) {
      const std::array<double, 4> weights{1, 1, weight, weight};
      check_error([&] { fit(info.number, rows.view(), time_unit::week, {.weight = weights}); }, code, "weight", 2);
    }
  }
}

TEST_CASE("fits of spend ask for the spend of repeat buyers") {
  auto rows = good();
  rows.monetary_value[2] = not_a_number;
  check_error([&] { fit(gamma_gamma::number, rows.view(), time_unit::week); }, error_code::missing, "monetary_value",
              2);
  rows = good();
  rows.monetary_value[1] = 0;
  check_error([&] { fit(gamma_gamma::number, rows.view(), time_unit::week); }, error_code::sign, "monetary_value", 1);
  auto columns = good();
  auto view = columns.view();
  view.monetary_value = {};
  check_error([&] { fit(gamma_gamma::number, view, time_unit::week); }, error_code::length_mismatch, "monetary_value");
  // A one-time buyer's spend is not read.
  rows = good();
  rows.monetary_value[0] = -7;
  CHECK_NOTHROW(fit(gamma_gamma::number, rows.view(), time_unit::week));
}

TEST_CASE("fits of transactions do not read the spend") {
  auto rows = good();
  rows.monetary_value.assign(4, -infinity);
  CHECK_NOTHROW(fit(bg_nbd::number, rows.view(), time_unit::week));
}

TEST_CASE("covariates, priors and whole parameters name what is wrong with them") {
  const auto rows = good();
  const std::vector<double> z{0, 1, 0, 1};
  const std::vector<double> gap{0, 1, not_a_number, 1};
  const std::vector<double> endless{0, infinity, 0, 1};
  const std::vector<double> few{0, 1};
  const auto attempt = [&](const std::vector<double>& values, std::vector<covariate_effect> effects,
                           std::vector<prior> priors = {}, int whole = 0) {
    return [&rows, &values, effects, priors, whole] {
      const std::vector<covariate_column> covariates{{"gender", values}};
      auto view = rows.view();
      view.covariates = covariates;
      fit(pareto_nbd::number, view, time_unit::week, {.effects = effects, .priors = priors, .whole = whole});
    };
  };
  const std::vector<covariate_effect> usual{{"alpha", "gender", ""}};
  CHECK_NOTHROW(attempt(z, usual)());
  check_error(attempt(gap, usual), error_code::missing, "gender", 2);
  check_error(attempt(endless, usual), error_code::non_finite, "gender", 1);
  check_error(attempt(few, usual), error_code::length_mismatch, "gender");
  check_error(attempt(z, {{"alpha", "age", ""}}), error_code::column_missing, "age");
  check_error(attempt(z, {{"gamma", "gender", ""}}), error_code::unknown_code, "effects");
  check_error(attempt(z, {{"r", "gender", ""}}), error_code::unsupported, "effects");
  check_error(attempt(z, {{"alpha", "", ""}}), error_code::missing, "effects");
  check_error(attempt(z, {{"alpha", "gender", ""}, {"alpha", "gender", "again"}}), error_code::domain, "effects");
  check_error(attempt(z, usual, {{"k", prior_family::gamma, 1, 1}}), error_code::unknown_code, "priors");
  check_error(attempt(z, usual, {{"r", static_cast<prior_family>(99), 1, 1}}), error_code::unknown_code, "priors");
  check_error(attempt(z, usual, {{"r", prior_family::normal, 1, 1}}), error_code::domain, "priors");
  check_error(attempt(z, usual, {{"alpha.gender", prior_family::gamma, 1, 1}}), error_code::domain, "priors");
  check_error(attempt(z, usual, {{"r", prior_family::gamma, -1, 1}}), error_code::sign, "priors");
  check_error(attempt(z, usual, {{"r", prior_family::gamma, 1, not_a_number}}), error_code::missing, "priors");
  check_error(attempt(z, usual, {{"r", prior_family::gamma, 1, 1}, {"r", prior_family::gamma, 1, 1}}),
              error_code::domain, "priors");
  check_error(attempt(z, usual, {}, 2), error_code::domain, "whole");
  check_error(attempt(z, usual, {}, -1), error_code::domain, "whole");
  // A model with effects asks for its covariates.
  const std::array theta{1., 1., 1., 1.};
  const model m = model_from_parameters(pareto_nbd::number, theta, time_unit::week, usual, std::array{0.5});
  check_error([&] { predict(m, quantity::probability_alive, rows.view()); }, error_code::column_missing, "gender");
  check_error([&] { model_from_parameters(pareto_nbd::number, theta, time_unit::week, usual, {}); },
              error_code::length_mismatch, "coefficients");
  check_error(
      [&] { model_from_parameters(pareto_nbd::number, theta, time_unit::week, usual, std::array{not_a_number}); },
      error_code::missing, "coefficients");
}

TEST_CASE("columns of different length") {
  const auto rows = good();
  const std::vector<double> longer(5, 30.0);
  for (const auto& info : model_table) {
    if (info.is_spend || info.is_contractual) continue;
    auto view = rows.view();
    view.recency = longer;
    check_error([&] { fit(info.number, view, time_unit::week); }, error_code::length_mismatch, "recency");
    view = rows.view();
    view.age = longer;
    check_error([&] { fit(info.number, view, time_unit::week); }, error_code::length_mismatch, "T");
  }
}

TEST_CASE("unknown models, quantities and parameters") {
  const auto rows = good();
  check_error([&] { fit(99, rows.view(), time_unit::week); }, error_code::unknown_code, "model");
  check_error([] { info_of(99); }, error_code::unknown_code, "model");
  check_error([] { info_of(std::string_view("bgnbd")); }, error_code::unknown_code, "model");
  check_error([] { info_of(static_cast<quantity>(99)); }, error_code::unknown_code, "quantity");
  check_error([] { model_from_parameters(99, std::array{1.0}, time_unit::week); }, error_code::unknown_code, "model");
  check_error(
      [] {
        model_from_parameters(bg_nbd::number, std::array{1.0, 1.0}, time_unit::week);
      },
      error_code::length_mismatch, "parameters");
  check_error(
      [] {
        model_from_parameters(bg_nbd::number, std::array{1., 1., 1., 1.}, static_cast<time_unit>(0));
      },
      error_code::unknown_code, "unit");
  for (const auto& info : model_table) {
    for (std::size_t i = 0; i < info.parameters.size(); ++i) {
      for (const auto& [value, code] :
           {std::pair{0.0, error_code::sign}, std::pair{-1.0, error_code::sign},
            std::pair{not_a_number, error_code::missing}, std::pair{infinity, error_code::non_finite}}) {
        std::vector<double> parameters(info.parameters.size(), 1.0);
        parameters[i] = value;
        check_error([&] { model_from_parameters(info.number, parameters, time_unit::week); }, code,
                    std::string(info.parameters[i].name));
      }
    }
  }
}

TEST_CASE("predictions name the mistake and write nothing") {
  constexpr double untouched = -77;
  for (const auto& info : model_table) {
    CAPTURE(std::string(info.name));
    const model m = model_of(info);
    for (const auto& q : quantity_table) {
      CAPTURE(std::string(q.name));
      std::vector<double> out(4, untouched);
      std::vector<reason> why(4, reason::not_estimated);
      predict_options options{.horizon = 39, .annual_discount_rate = 0.1, .count = 2, .level = 0.5};
      const auto attempt = [&](const summary_columns& columns, const predict_options& o) {
        return [&, columns, o] { predict(m, q.id, columns, o, out, why); };
      };
      const auto rows = good();
      if (!supports(info.number, q.id)) {
        check_error(attempt(rows.view(), options), error_code::unsupported, "quantity");
      } else {
        for (const auto& bad : bad_rows(info)) {
          auto spoiled = good();
          bad.spoil(spoiled);
          check_error(attempt(spoiled.view(), options), bad.code, bad.argument, bad.row);
        }
        if (q.does_need(needed::horizon)) {
          auto o = options;
          o.horizon = not_available;
          check_error(attempt(rows.view(), o), error_code::missing, "horizon");
          o.horizon = -1;
          check_error(attempt(rows.view(), o), error_code::sign, "horizon");
          o.horizon = infinity;
          if (info.is_discrete) {
            auto half = options;
            half.horizon = 0.5;
            check_error(attempt(rows.view(), half), error_code::not_integer, "horizon");
          }
          if (!q.does_need(needed::discount_rate)) {
            check_error(attempt(rows.view(), o), error_code::non_finite, "horizon");
          } else {
            o.annual_discount_rate = 0;
            check_error(attempt(rows.view(), o), error_code::divergent, "annual_discount_rate");
          }
        }
        if (q.does_need(needed::count)) {
          auto o = options;
          o.count = not_available;
          check_error(attempt(rows.view(), o), error_code::missing, "count");
          o.count = -1;
          check_error(attempt(rows.view(), o), error_code::sign, "count");
          o.count = 0.5;
          check_error(attempt(rows.view(), o), error_code::not_integer, "count");
        }
        if (q.does_need(needed::level)) {
          auto o = options;
          o.level = not_available;
          check_error(attempt(rows.view(), o), error_code::missing, "level");
          for (const double outside : {0.0, 1.0, -0.1, 1.1}) {
            o.level = outside;
            check_error(attempt(rows.view(), o), error_code::domain, "level");
          }
        }
        if (q.does_need(needed::discount_rate)) {
          auto o = options;
          o.annual_discount_rate = not_available;
          check_error(attempt(rows.view(), o), error_code::missing, "annual_discount_rate");
          o.annual_discount_rate = -0.1;
          check_error(attempt(rows.view(), o), error_code::sign, "annual_discount_rate");
          o = options;
          o.units_per_year = -52;
          check_error(attempt(rows.view(), o), error_code::sign, "units_per_year");
          o.units_per_year = not_available;
          check_error(attempt(rows.view(), o), error_code::missing, "units_per_year");
        }
        std::vector<double> short_out(3, untouched);
        check_error([&] { predict(m, q.id, rows.view(), options, short_out); }, error_code::length_mismatch, "out");
        std::vector<reason> short_reasons(2);
        check_error([&] { predict(m, q.id, rows.view(), options, out, short_reasons); }, error_code::length_mismatch,
                    "reasons");
        options.watch = {[](void*, double) { return false; }, nullptr};
        check_error(attempt(rows.view(), options), error_code::cancelled, "progress");
      }
      for (const double v : out) CHECK(v == untouched);
      for (const reason r : why) CHECK(r == reason::not_estimated);
    }
  }
}

TEST_CASE("a fit is cancelled by its progress callback") {
  const auto rows = good();
  for (const auto& info : model_table) {
    fit_options options;
    options.watch = {[](void*, double) { return false; }, nullptr};
    check_error([&] { fit(info.number, rows.view(), time_unit::week, options); }, error_code::cancelled, "progress");
  }
}

TEST_CASE("the summary must be in the model's unit") {
  const auto rows = good();
  const summary weeks = summary_from_columns(rows.view(), time_unit::week);
  const summary days = summary_from_columns(rows.view(), time_unit::day);
  const model m = model_from_parameters(bg_nbd::number, std::array{1., 1., 1., 1.}, time_unit::week);
  CHECK_NOTHROW(probability_alive(m, weeks));
  check_error([&] { probability_alive(m, days); }, error_code::unit_mismatch, "summary");
  check_error([&] { expected_transactions(m, days, 3); }, error_code::unit_mismatch, "summary");
  const model spend = model_from_parameters(gamma_gamma::number, std::array{6., 4., 15.}, time_unit::week);
  check_error([&] { lifetime_value(m, spend, days, {.horizon = 1, .annual_discount_rate = 0}); },
              error_code::unit_mismatch, "summary");
}

TEST_CASE("lifetime value checks its arguments and writes nothing") {
  const auto rows = good();
  const model m = model_from_parameters(bg_nbd::number, std::array{1., 1., 1., 1.}, time_unit::week);
  const model spend = model_from_parameters(gamma_gamma::number, std::array{6., 4., 15.}, time_unit::week);
  std::vector<double> out(4, -77);
  const lifetime_value_options good_options{.horizon = 52, .annual_discount_rate = 0.1};
  for (const double margin : {-0.1, 1.1}) {
    auto o = good_options;
    o.margin_rate = margin;
    check_error([&] { lifetime_value(m, spend, rows.view(), o, out); }, error_code::domain, "margin_rate");
  }
  auto o = good_options;
  o.margin_rate = not_available;
  check_error([&] { lifetime_value(m, spend, rows.view(), o, out); }, error_code::missing, "margin_rate");
  check_error([&] { lifetime_value(spend, spend, rows.view(), good_options, out); }, error_code::unsupported,
              "quantity");
  check_error([&] { lifetime_value(m, m, rows.view(), good_options, out); }, error_code::unsupported, "quantity");
  check_error([&] { lifetime_value(m, spend, rows.view(), {}, out); }, error_code::missing, "horizon");
  auto negative = good();
  negative.monetary_value[3] = -1;
  check_error([&] { lifetime_value(m, spend, negative.view(), good_options, out); }, error_code::sign, "monetary_value",
              3);
  std::vector<double> few(2);
  check_error([&] { lifetime_value(m, spend, rows.view(), good_options, few); }, error_code::length_mismatch, "out");
  for (const double v : out) CHECK(v == -77);
}

TEST_CASE("rows without an answer say why") {
  customer_columns rows;
  rows.add(0, 0, 30);
  rows.add(2, 10, 30);
  rows.add(2, 10, 30, 25);
  std::vector<double> out(3);
  std::vector<reason> why(3);
  const model heavy = model_from_parameters(gamma_gamma::number, std::array{0.1, 0.5, 15.0}, time_unit::week);
  predict(heavy, quantity::expected_spend, rows.view(), {}, out, why);
  CHECK(why[0] == reason::infinite_mean);
  CHECK(why[1] == reason::missing_input);
  CHECK(why[2] == reason::infinite_mean);
  for (const double v : out) CHECK(std::isnan(v));
  predict(heavy, quantity::log_likelihood, rows.view(), {}, out, why);
  CHECK(why[0] == reason::no_repeat_purchases);
  CHECK(why[1] == reason::missing_input);
  CHECK(why[2] == reason::none);
  CHECK(std::isfinite(out[2]));
}

TEST_CASE("a fit of no rows with weight, or of no time, is a verdict") {
  const auto rows = good();
  const std::vector<double> nothing(4, 0.0);
  for (const auto& info : model_table) {
    CAPTURE(std::string(info.name));
    const model m = fit(info.number, rows.view(), time_unit::week, {.weight = nothing});
    CHECK(m.fit.outcome == outcome::insufficient_data);
    CHECK(m.fit.customers == 0);
    CHECK(std::isnan(m.fit.bic));
    for (const double p : m.parameters) CHECK(std::isfinite(p));
  }
}
