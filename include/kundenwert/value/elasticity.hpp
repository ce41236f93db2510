// Elasticities of contractual customer lifetime value: by how many percent it changes when margin, retention or the
// discount rate changes by one percent of itself.
//
// "One percent more retention" has two meanings. Relative: 0.80 becomes 0.808, which the elasticities are about. One
// percentage point: 0.80 becomes 0.81. The exact change of either, which an elasticity only approximates, is
// relative_change_of_value.
//
// References: Gupta & Lehmann (2003); Gupta, Lehmann & Stuart (2004); domain specification B1.10.
//
// paper | name here | closed form in the convention gupta_lehmann without end, growth and cost of acquisition
// e_m   | margin    | 1; with acquisition m F / (m F - CAC)
// e_r   | retention | (1 + d) / (1 + d - r)
// e_d   | discount  | -d / (1 + d - r)
#pragma once

#include <cmath>

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/value/clv.hpp"

namespace kundenwert::value {

struct clv_elasticities {
  double margin = not_available;
  double retention = not_available;
  double discount = not_available;
};

// Elasticities of a value with constant retention under the convention gupta_lehmann, without end and without growth:
// of m F - CAC where the terms include acquisition, of m F otherwise. A value of 0 has none: NaN.
// Throws what clv throws; unsupported for other terms.
clv_elasticities elasticities_of(const clv_amounts& amounts, const clv_terms& terms);

// CLV(changed) / CLV(terms) - 1 for one customer, exactly. NaN where CLV(terms) is 0. Throws what clv throws.
double relative_change_of_value(const clv_amounts& amounts, const clv_terms& terms, const clv_terms& changed);

inline clv_elasticities elasticities_of(const clv_amounts& amounts, const clv_terms& terms) {
  if (terms.convention != clv_convention::gupta_lehmann || !terms.retention_curve.empty() || terms.growth != 0 ||
      !std::isinf(terms.periods)) {
    fail(error_code::unsupported, "terms", "must be gupta_lehmann, without end, growth and retention curve");
  }
  const clv_result found = clv(amounts, terms);
  if (found.value == 0) return {};
  const double margins = found.revenue - found.service - found.care;
  const double left = periodic_decay(terms.periodic_discount_rate, terms.retention);
  // Share of the value that the margins are: 1 without cost of acquisition.
  const double weight = margins / found.value;
  return {weight, weight * ((1 + terms.periodic_discount_rate) / left),
          -weight * (terms.periodic_discount_rate / left)};
}

inline double relative_change_of_value(const clv_amounts& amounts, const clv_terms& terms, const clv_terms& changed) {
  const double before = clv(amounts, terms).value;
  const double after = clv(amounts, changed).value;
  return before == 0 ? not_available : after / before - 1;
}

}  // namespace kundenwert::value
