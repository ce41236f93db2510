// What may a mobile operator pay for a new customer, and when has he paid it back?
#include <cmath>
#include <cstdio>
#include <exception>

#include "kundenwert/base/discount.hpp"
#include "kundenwert/value/acquisition.hpp"
#include "kundenwert/value/clv.hpp"

namespace kw = kundenwert;

namespace {

constexpr double cost = 250 + 90 + 60;  // handset, advertising, approach
constexpr double margin = 22;           // a month, paid at its end

struct answer {
  double gross_value;
  kw::value::payback_result payback;
};

answer tell(const char* name, const kw::value::clv_terms& terms) {
  const auto undiscounted = kw::value::undiscounted_payback(margin, cost, terms);
  const auto discounted = kw::value::payback(margin, cost, terms);
  const double gross = kw::value::clv({.revenue = margin}, terms).value;
  std::printf("%s\n", name);
  std::printf("  paid back in month %lld, discounted in month %lld (%.4f)\n",
              static_cast<long long>(undiscounted.period), static_cast<long long>(discounted.period), discounted.time);
  std::printf("  worth %.2f, net %.2f, %.3f times the cost\n", gross, gross - cost,
              kw::value::value_to_cost(gross, cost).value);
  return {gross, discounted};
}

}  // namespace

int main() try {
  kw::value::clv_terms terms{.convention = kw::value::clv_convention::end_of_period,
                             .periodic_discount_rate = kw::periodic_rate(0.10, 12),
                             .retention = 0.985,
                             .periods = kw::value::without_end};
  std::printf("A customer costs %.0f and brings %.0f a month\n", cost, margin);
  const answer churning = tell("1.5 percent leave every month", terms);
  terms.retention_curve.assign(23, 1.0);
  const answer bound = tell("bound for 24 months, then 1.5 percent leave every month", terms);

  // The figures of the domain specification B1.8.
  const bool is_right = std::fabs(churning.gross_value - 957.598395) < 1e-6 && churning.payback.period == 24 &&
                        std::fabs(bound.gross_value - 1258.3531) < 1e-4 && bound.payback.period == 20;
  return is_right ? 0 : 1;
} catch (const std::exception& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
