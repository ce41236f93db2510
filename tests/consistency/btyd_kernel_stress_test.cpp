// Every answer of every transaction model at parameters drawn over sixteen decades, their edges included, for customers
// of every kind: no purchase to ten thousand, an observation of 1e-9 to 1e6 time units, the last purchase at once or at
// the end. Nothing may be NaN, leave its range or contradict another answer.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "kundenwert/base/random.hpp"
#include "kundenwert/btyd/future.hpp"
#include "kundenwert/btyd/ggompertz_nbd.hpp"
#include "kundenwert/btyd/mbg_nbd.hpp"
#include "kundenwert/btyd/nbd.hpp"
#include "kundenwert/btyd/pareto_nbd.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::array<double, 5> edges{1e-8, 1e8, 1, 1e-4, 1e4};
constexpr std::array<double, 8> frequencies{0, 0, 1, 2, 5, 40, 1000, 10000};
constexpr std::array<double, 6> shares{1e-9, 1e-3, 0.5, 0.999, 1 - 1e-12, 1};
constexpr std::array<double, 5> horizons{1e-6, 0.01, 1, 10, 1000};
constexpr std::array<double, 5> levels{0.001, 0.05, 0.5, 0.9, 0.999};

template <class M>
struct situation {
  parameter_values<M> theta{};
  summary_row row{};
  double unit = 1;  // the usual time
  double horizon = 1;
};

template <std::size_t N>
double one_of(random_stream& draw, const std::array<double, N>& list) {
  return list[draw.below(N)];
}

template <class M>
situation<M> any_situation(std::uint64_t k) {
  random_stream draw(5, k);
  situation<M> s;
  s.unit = std::pow(10.0, 15 * draw.uniform() - 9);
  for (std::size_t i = 0; i < s.theta.size(); ++i) {
    double value = std::pow(10.0, 16 * draw.uniform() - 8);
    if (draw.below(4) == 0) value = one_of(draw, edges);
    const int power = M::parameters[i].unit_power;
    s.theta[i] = value * (power == 0 ? 1 : power > 0 ? s.unit : 1 / s.unit);
  }
  s.row = {one_of(draw, frequencies), 0, s.unit};
  if (s.row.frequency > 0) {
    s.row.recency = s.unit * one_of(draw, shares);
  } else if (draw.below(10) == 0) {
    s.row.age = 0;
  }
  s.horizon = s.unit * one_of(draw, horizons);
  return s;
}

bool is_probability(double p) { return p >= 0 && p <= 1 + 1e-12; }
bool is_amount(double v) { return v >= 0 && v < infinity; }
// a <= b but for rounding.
bool is_below(double a, double b, double relative) { return a <= b + relative * std::fabs(b) + 1e-300; }

// What must hold whatever the parameters; each line stands alone, so that a failure names itself.
template <class M>
void check_likelihood(const situation<M>& s) {
  const double value = log_likelihood<M>(s.theta, s.row);
  CHECK(std::isfinite(value));
  constexpr std::size_t n = M::parameters.size();
  std::array<numeric::dual<n>, n> theta;
  for (std::size_t i = 0; i < n; ++i) theta[i] = numeric::dual<n>::variable(s.theta[i], i);
  const auto with_derivatives = log_likelihood<M>(theta, s.row);
  CHECK(std::fabs(with_derivatives.value - value) <= 1e-11 * (1 + std::fabs(value)));
  for (const double g : with_derivatives.gradient) CHECK(std::isfinite(g));
  for (const double h : with_derivatives.hessian) CHECK(std::isfinite(h));
  CHECK(is_probability(M::probability_alive(s.theta, s.row)));
  CHECK(is_amount(M::purchase_rate(s.theta, s.row)));
  CHECK(is_probability(overdue<M>(s.theta, s.row)));
  if constexpr (requires { M::dropout_probability(s.theta, s.row); }) {
    CHECK(is_probability(M::dropout_probability(s.theta, s.row)));
  }
  if constexpr (requires { M::dropout_rate(s.theta, s.row); }) CHECK(is_amount(M::dropout_rate(s.theta, s.row)));
}

template <class M>
void check_expectations(const situation<M>& s) {
  const double h = s.horizon;
  const auto expected = [&](double horizon, double rate) {
    return discounted_expected_transactions<M>(s.theta, s.row, horizon, rate);
  };
  const double plain = expected(h, 0);
  CHECK(is_amount(plain));
  CHECK(is_below(plain, expected(2 * h, 0), 1e-9));
  CHECK(is_amount(expected(h, 1 / s.unit)));
  CHECK(is_below(expected(h, 1 / s.unit), plain, 1e-9));
  CHECK(is_amount(expected(infinity, 3 / s.unit)));
  CHECK(is_below(expected(h, 3 / s.unit), expected(infinity, 3 / s.unit), 1e-9));
  const auto state = M::state(s.theta, s.row);
  const double lives = survival(state, h);
  CHECK(is_probability(lives));
  CHECK(is_below(survival(state, 2 * h), lives, 1e-10));
  const double buys = purchase_within(state, h);
  CHECK(is_probability(buys));
  CHECK(is_below(buys, purchase_within(state, 2 * h), 1e-10));
  CHECK(is_below(buys, purchase_within_life(state, h), 1e-10));
  CHECK(is_below(buys, expected_purchases(state, h), 1e-9));
  const double waits = waiting_time(state, h);
  CHECK(is_below(waits, h, 1e-12));
  CHECK(is_below(h * (1 - buys), waits, 1e-9));
}

// The probability of n is the difference of two tails, where that keeps digits.
template <class M>
void check_counts(const situation<M>& s) {
  const auto state = M::state(s.theta, s.row);
  double before = 1;
  for (const double n : {1.0, 2.0, 3.0, 10.0, 1000.0, 1e5}) {
    const double tail = purchase_tail(state, n, s.horizon);
    CHECK(is_probability(tail));
    CHECK(is_below(tail, before, 1e-9));
    before = tail;
  }
  const double buys = purchase_within(state, s.horizon);
  CHECK(std::fabs(purchase_tail(state, 1, s.horizon) - buys) <= 1e-9 * buys);
  for (const double n : {0.0, 1.0, 2.0, 10.0, 1000.0}) {
    CAPTURE(n);
    const double exactly = purchase_probability(state, n, s.horizon);
    const double from = purchase_tail(state, n, s.horizon);
    const double beyond = purchase_tail(state, n + 1, s.horizon);
    CHECK(is_probability(exactly));
    CHECK(std::fabs(from - beyond - exactly) <= 1e-8 * exactly + 1e-10 * from + 1e-290);
  }
}

template <class M>
void check_quantiles(const situation<M>& s) {
  const double alive = M::probability_alive(s.theta, s.row);
  const auto state = M::state(s.theta, s.row);
  double least = 0;
  double soonest = 0;
  for (const double level : levels) {
    CAPTURE(level);
    // Beyond 2^53 purchases there is no whole number to give.
    const double n = transactions_quantile<M>(s.theta, s.row, s.horizon, level);
    if (std::isnan(n)) {
      CHECK(expected_purchases(state, s.horizon) > 1e15);
    } else {
      CHECK(n >= least);
      CHECK(alive * purchase_tail(state, n + 1, s.horizon) <= (1 - level) * (1 + 1e-9));
      if (n > 0) CHECK(alive * purchase_tail(state, n, s.horizon) >= (1 - level) * (1 - 1e-9));
      least = n;
    }
    const double t = next_purchase_quantile<M>(s.theta, s.row, level);
    CHECK(t >= soonest);
    soonest = t;
    // A time that is no double any more is 0 or infinity.
    if (t > 0 && t < 1e300) CHECK(std::fabs(alive * purchase_within(state, t) - level) <= 1e-8 * level);
  }
}

template <class M>
void check_model(std::uint64_t situations) {
  CAPTURE(std::string(M::name));
  for (std::uint64_t k = 0; k < situations; ++k) {
    CAPTURE(k);
    const auto s = any_situation<M>(k);
    check_likelihood(s);
    check_expectations(s);
    check_counts(s);
    check_quantiles(s);
  }
}

}  // namespace

TEST_CASE("no answer fails, whatever the parameters and the customer") {
  check_model<nbd>(1000);
  check_model<bg_nbd>(1000);
  check_model<mbg_nbd>(1000);
  check_model<pareto_nbd>(1000);
  check_model<ggompertz_nbd>(600);
}
