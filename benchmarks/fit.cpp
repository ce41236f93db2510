// How long does a fit with standard errors take?
//
//   fit [customers = 1000000] [runs = 3]
//
// Every model on simulated customers (customers.hpp), compression of equal rows included; the best of the runs.
#include <cstdio>
#include <cstdlib>

#include "customers.hpp"
#include "kundenwert/btyd/fit.hpp"

namespace kw = kundenwert;

int main(int argc, char** argv) {
  const std::int64_t customers = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const int runs = argc > 2 ? std::atoi(argv[2]) : 3;
  for (const bool continuous : {false, true}) {
    const kw::summary base = kw::benchmark::make_customers(continuous ? customers / 10 : customers, continuous);
    std::printf("%lld customers on %s data\n", static_cast<long long>(base.size()),
                continuous ? "continuous" : "daily");
    for (const auto& info : kw::btyd::model_table) {
      if (info.is_discrete) continue;
      for (const int threads : {1, 2}) {
        kw::btyd::model fitted;
        const double time = kw::benchmark::best_milliseconds(runs, [&] {
          fitted = kw::btyd::fit(info.number, kw::btyd::columns_of(base), base.unit, {.threads = threads});
        });
        const auto& fit = fitted.fit;
        std::printf("  %-12s %d thread(s) %8.1f ms  %7lld distinct rows  %2d steps  %6.0f ns/row/step  %s\n",
                    info.title.data(), threads, time, static_cast<long long>(fit.distinct_rows), fit.iterations,
                    time * 1e6 / static_cast<double>(fit.distinct_rows) / fit.evaluations,
                    kw::name_of(fit.outcome).data());
      }
    }
  }
  return 0;
}
