// Confidence interval of a share of counted cases.
//
// Reference: Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22, 209-212:
// the shares whose standard score of the observed one is at most z. Domain specification B2.1.
//
// paper | name here  | domain
// x     | successes  | 0 to n
// n     | n          | >= 1
// z     |            | normal_quantile((1 + confidence) / 2)
#pragma once

#include <cmath>
#include <cstdint>

#include "kundenwert/base/check.hpp"
#include "kundenwert/numeric/normal.hpp"

namespace kundenwert::numeric {

inline constexpr double default_confidence = 0.95;

struct interval {
  double lower;
  double upper;
};

// The Wilson score interval of successes / n, inside [0, 1]; 0 of n gives the lower end 0 and n of n the upper end 1
// exactly. Relative error of both ends a few roundings, also where the lower one is close to 0.
// Throws sign for negative successes, domain for n < 1, successes > n or a confidence not in (0, 1).
interval wilson_interval(std::int64_t successes, std::int64_t n, double confidence = default_confidence);

// Throws missing, non_finite or domain where `confidence` is not in (0, 1).
inline void require_confidence(double confidence) {
  require_finite(confidence, "confidence");
  if (!(confidence > 0 && confidence < 1)) fail(error_code::domain, "confidence", "must be in (0, 1)");
}

inline interval wilson_interval(std::int64_t successes, std::int64_t n, double confidence) {
  require_confidence(confidence);
  if (n < 1) fail(error_code::domain, "n", "must be 1 or more");
  if (successes < 0) fail(error_code::sign, "successes", "is negative");
  if (successes > n) fail(error_code::domain, "successes", "is larger than n");
  const double z = -normal_quantile((1 - confidence) / 2);
  const double cases = static_cast<double>(n);
  const double share = static_cast<double>(successes) / cases;
  const double rest = static_cast<double>(n - successes) / cases;
  const double weight = z * z / cases;
  const double upper = (share + weight / 2 + std::sqrt(weight * (share * rest + weight / 4))) / (1 + weight);
  // The product of both ends is share^2 / (1 + weight): no difference of close numbers.
  return {share * share / ((1 + weight) * upper), successes == n ? 1.0 : upper};
}

}  // namespace kundenwert::numeric
