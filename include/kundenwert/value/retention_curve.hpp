// Retention by period of age: a curve r_1, r_2, ... and the survival it stands for.
//
// Reference: domain specification B1.2 and B2.10.
//
// paper | name here          | unit  | domain
// r_k   | retention_curve[k-1] | share | [0, 1]; probability to stay from period k - 1 into period k
// S(k)  | survival[k]        | share | S(0) = 1, S(k) = r_1 ... r_k: probability to be a customer in period k
//
// A survival curve of any origin (Kaplan-Meier, a shifted-beta-geometric model, hazards) becomes a retention curve
// here, and with that a value; of a customer who has been one for `age` periods S(age + k) / S(age) counts, which is
// the retention curve from r_(age + 1) on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/error.hpp"

namespace kundenwert::value {

// r_k = S(k) / S(k - 1) from S(1), S(2), ... with S(0) = 1 left out. After a survival of 0 retention is 0.
// Throws missing, non_finite or domain with the row for a value outside [0, 1], inconsistent where survival rises.
std::vector<double> retention_curve_of_survival(std::span<const double> survival);

// S(1), S(2), ... from r_1, r_2, ...; throws missing, non_finite or domain with the row for a value outside [0, 1].
std::vector<double> survival_of_retention_curve(std::span<const double> retention_curve);

inline void require_retention_curve(std::span<const double> retention_curve,
                                    std::string_view argument = "retention_curve") {
  for (std::size_t k = 0; k < retention_curve.size(); ++k) {
    require_share(retention_curve[k], argument, static_cast<std::int64_t>(k));
  }
}

inline std::vector<double> retention_curve_of_survival(std::span<const double> survival) {
  std::vector<double> curve;
  curve.reserve(survival.size());
  double before = 1;
  for (std::size_t k = 0; k < survival.size(); ++k) {
    const auto row = static_cast<std::int64_t>(k);
    require_share(survival[k], "survival", row);
    if (survival[k] > before) fail_at(error_code::inconsistent, "survival", row, "is above the one before");
    curve.push_back(before > 0 ? survival[k] / before : 0.0);
    before = survival[k];
  }
  return curve;
}

inline std::vector<double> survival_of_retention_curve(std::span<const double> retention_curve) {
  require_retention_curve(retention_curve);
  std::vector<double> survival;
  survival.reserve(retention_curve.size());
  double reached = 1;
  for (const double r : retention_curve) survival.push_back(reached *= r);
  return survival;
}

}  // namespace kundenwert::value
