// What customers will do, against integrals over the rates of one customer (tests/reference/data/btyd_future.py).
#include <doctest/doctest.h>

#include <cmath>

#include "compiled.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "near.hpp"
#include "table.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

TEST_CASE("the future of customers is the mean over their rates") {
  const auto table = test::read_table("btyd_future.csv");
  for (const auto& row : table.rows) {
    const auto at = [&](const char* name) { return row[table.at(name)]; };
    CAPTURE(at("model"));
    CAPTURE(at("p0"));
    CAPTURE(at("frequency"));
    CAPTURE(at("recency"));
    CAPTURE(at("T"));
    CAPTURE(at("horizon"));
    CAPTURE(at("count"));
    const double theta[] = {at("p0"), at("p1"), at("p2"), at("p3")};
    const auto m = model_from_parameters(static_cast<std::int32_t>(at("model")), theta, time_unit::week);
    const double frequency[] = {at("frequency")};
    const double recency[] = {at("recency")};
    const double age[] = {at("T")};
    const summary_columns customer{
        std::span<const double>(frequency), std::span<const double>(recency), std::span<const double>(age), {}};
    const predict_options options{.horizon = at("horizon"), .count = at("count")};
    // The table is summed in doubles, over up to a million terms whose logarithms carry rounding.
    const auto check = [&](quantity what) {
      const auto& info = info_of(what);
      CAPTURE(std::string(info.name));
      const bool is_dropout = what == quantity::dropout_probability || what == quantity::dropout_rate;
      const double expected = at(is_dropout ? "dropout" : std::string(info.name).c_str());
      CHECK_NEAR(predict(m, what, customer, options)[0], expected, 1e-9, 1e-15);
    };
    check(quantity::probability_alive_after);
    check(quantity::probability_of_purchase);
    check(quantity::probability_of_count);
    check(quantity::expected_waiting_time);
    check(quantity::purchase_rate);
    check(quantity::overdue);
    const summary_row history{at("frequency"), at("recency"), at("T")};
    const auto tail = [&]<class M>(const M&) {
      const parameter_values<M> values{theta[0], theta[1], theta[2], theta[3]};
      const double alive = M::probability_alive(values, history);
      const double of_gone = at("count") == 0 ? 1 - alive : 0;
      return of_gone + alive * purchase_tail(M::state(values, history), at("count"), at("horizon"));
    };
    const double tail_found = m.number == bg_nbd::number    ? tail(bg_nbd{})
                              : m.number == mbg_nbd::number ? tail(mbg_nbd{})
                                                            : tail(pareto_nbd{});
    CHECK_NEAR(tail_found, at("purchase_tail"), 1e-9, 1e-15);
    check(m.number == pareto_nbd::number ? quantity::dropout_rate : quantity::dropout_probability);
  }
}
