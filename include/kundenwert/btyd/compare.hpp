// Which of several models fitted to the same rows is to be used.
//
// References: Akaike (1974), IEEE Transactions on Automatic Control 19; AIC = 2 k - 2 ln L, as in fit_report.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "kundenwert/btyd/fit.hpp"

namespace kundenwert::btyd {

// Index of the model with the smallest AIC among those that converged, the first of equal ones; -1 where none did.
// All must have been fitted to the same rows in the same unit: nothing here can tell.
inline std::int32_t best_converged(std::span<const model> fitted) {
  std::int32_t best = -1;
  for (std::size_t i = 0; i < fitted.size(); ++i) {
    const fit_report& fit = fitted[i].fit;
    if (!fitted[i].is_fitted || fit.outcome != outcome::converged || !std::isfinite(fit.aic)) continue;
    if (best < 0 || fit.aic < fitted[static_cast<std::size_t>(best)].fit.aic) best = static_cast<std::int32_t>(i);
  }
  return best;
}

}  // namespace kundenwert::btyd
