#include "kundenwert/btyd/model.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <set>
#include <string>

#include "kundenwert/btyd/quantities.hpp"
#include "kundenwert/btyd/registry.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

TEST_CASE("models have numbers and names of their own") {
  std::set<std::int32_t> numbers;
  std::set<std::string> names;
  for (const auto& info : model_table) {
    CHECK(info.number >= 1);
    CHECK(numbers.insert(info.number).second);
    CHECK(names.insert(std::string(info.name)).second);
    CHECK_FALSE(info.title.empty());
    CHECK_FALSE(info.source.empty());
    CHECK(info_of(info.number).name == info.name);
    CHECK(info_of(info.name).number == info.number);
    std::set<std::string> parameters;
    for (const auto& p : info.parameters) {
      CHECK(parameters.insert(std::string(p.name)).second);
      CHECK_FALSE(p.meaning.empty());
      CHECK(std::abs(p.unit_power) <= 1);
    }
  }
  // Numbers are those of the C interface: never another model.
  CHECK(bg_nbd::number == 1);
  CHECK(pareto_nbd::number == 2);
  CHECK(gamma_gamma::number == 3);
}

TEST_CASE("visit_model calls for the model of the number, with and without a result") {
  for (const auto& info : model_table) {
    const auto name = visit_model(info.number, []<class M>(std::type_identity<M>) { return std::string(M::name); });
    CHECK(name == info.name);
    int calls = 0;
    visit_model(info.number, [&]<class M>(std::type_identity<M>) { calls += M::number; });
    CHECK(calls == info.number);
  }
}

TEST_CASE("every model answers what its kind can be asked") {
  for (const auto& info : model_table) {
    CAPTURE(std::string(info.name));
    CHECK(supports(info.number, quantity::log_likelihood));
    for (const auto q :
         {quantity::probability_alive, quantity::expected_transactions, quantity::discounted_expected_transactions,
          quantity::probability_alive_after, quantity::probability_of_purchase, quantity::probability_of_count,
          quantity::transactions_quantile, quantity::next_purchase_quantile, quantity::expected_waiting_time}) {
      CHECK(supports(info.number, q) == !info.is_spend);
    }
    // A renewal comes when it is due, and at no rate of the customer's.
    for (const auto q : {quantity::overdue, quantity::purchase_rate}) {
      CHECK(supports(info.number, q) == (!info.is_spend && !info.is_contractual));
    }
    CHECK(supports(info.number, quantity::expected_spend) == info.is_spend);
  }
  std::set<std::string> names;
  for (const auto& q : quantity_table) CHECK(names.insert(std::string(q.name)).second);
}

TEST_CASE("starts are positive and finite for any totals") {
  for (const auto& info : model_table) {
    CAPTURE(std::string(info.name));
    visit_model(info.number, []<class M>(std::type_identity<M>) {
      for (const auto& t : {totals{1, 1, 1, 1}, totals{1e9, 1e12, 1e-3, 1}, totals{1, 1e-9, 1e9, 0}}) {
        for (const double v : M::start(t)) {
          CHECK(std::isfinite(v));
          CHECK(v > 0);
        }
      }
    });
  }
}
