#include "kundenwert/btyd/compare.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

model fitted(outcome how, double aic) {
  model m;
  m.is_fitted = true;
  m.fit.outcome = how;
  m.fit.aic = aic;
  return m;
}

}  // namespace

TEST_CASE("the smallest AIC of those that converged") {
  CHECK(best_converged({}) == -1);
  std::vector<model> models{fitted(outcome::converged, 12), fitted(outcome::at_bound, 1),
                            fitted(outcome::converged, 10), fitted(outcome::converged, 10)};
  CHECK(best_converged(models) == 2);
  models[0].fit.aic = -3;
  CHECK(best_converged(models) == 0);
  models[0].is_fitted = false;
  CHECK(best_converged(models) == 2);
  models[2].fit.aic = models[3].fit.aic = not_available;
  CHECK(best_converged(models) == -1);
}
