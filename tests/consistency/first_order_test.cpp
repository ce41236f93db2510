// Scalars with and without second derivatives give the same value and gradient of every kernel, to the bit.
#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "kundenwert/base/random.hpp"
#include "kundenwert/btyd/bg_nbd.hpp"
#include "kundenwert/btyd/gamma_gamma.hpp"
#include "kundenwert/btyd/ggompertz_nbd.hpp"
#include "kundenwert/btyd/mbg_nbd.hpp"
#include "kundenwert/btyd/nbd.hpp"
#include "kundenwert/btyd/pareto_nbd.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

summary_row draw_row(random_stream& random, const summary_row*) {
  const double x = static_cast<double>(random.poisson(4 * random.exponential()));
  const double age = 40 * random.uniform();
  // Some are seen at the very end.
  const double share = random.uniform() < 0.1 ? 1 : random.uniform();
  return {x, x > 0 ? share * age : 0, age};
}
spend_row draw_row(random_stream& random, const spend_row*) {
  return {1 + static_cast<double>(random.poisson(3)), 30 * random.exponential()};
}

template <class M, int Order>
numeric::dual<M::parameters.size(), Order> term(const parameter_values<M>& theta, const typename M::row& row) {
  constexpr std::size_t n = M::parameters.size();
  std::array<numeric::dual<n, Order>, n> variables;
  for (std::size_t i = 0; i < n; ++i) variables[i] = numeric::dual<n, Order>::variable(theta[i], i);
  return log_likelihood<M>(variables, row);
}

}  // namespace

TEST_CASE_TEMPLATE("a gradient does not depend on whether the Hessian is asked for", M, bg_nbd, mbg_nbd, nbd,
                   pareto_nbd, ggompertz_nbd, gamma_gamma) {
  random_stream random(20240711, static_cast<std::uint64_t>(M::number));
  int equal = 0;
  constexpr int rows = 300;
  for (int i = 0; i < rows; ++i) {
    parameter_values<M> theta;
    for (double& t : theta) t = std::exp(1.5 * random.normal());
    const auto row = draw_row(random, static_cast<const typename M::row*>(nullptr));
    const auto both = term<M, 2>(theta, row);
    const auto first = term<M, 1>(theta, row);
    if (first.value == both.value && first.gradient == both.gradient) ++equal;
  }
  CHECK(equal == rows);
}
