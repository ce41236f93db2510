// What binds a customer to the business: a contract, a habit of long standing, or single transactions.
//
// References: domain specification B4.6.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/lifecycle/phases.hpp"

namespace kundenwert::lifecycle {

#define KW_RELATIONSHIPS(X)                                        \
  X(1, contractual, "an active contract")                          \
  X(2, long_term, "three purchase days or more in a year or more") \
  X(3, transactional, "single transactions")
KW_DEFINE_CODES(relationship, relationships, KW_RELATIONSHIPS)

// The relationship behind a finding of phase_at, of lost customers the one there was; 0 for those who have not bought
// and have no contract: nothing binds them yet.
constexpr relationship relationship_of(const phase_finding& found) {
  constexpr std::int32_t least_purchase_days = 3;
  constexpr std::int32_t least_tenure = 365;
  if (found.tenure < 0) return {};
  if (found.has_active_contract) return relationship::contractual;
  const bool is_long = found.repeat_purchases + 1 >= least_purchase_days && found.tenure >= least_tenure;
  return is_long ? relationship::long_term : relationship::transactional;
}

}  // namespace kundenwert::lifecycle
