// How long do predictions for every customer take?
//
//   predict [customers = 1000000] [runs = 3]
//
// Every quantity of every model on simulated customers (customers.hpp), equal rows answered once; the best of the runs.
#include <cstdio>
#include <cstdlib>

#include "customers.hpp"
#include "kundenwert/btyd/lifetime_value.hpp"

namespace kw = kundenwert;

int main(int argc, char** argv) {
  const std::int64_t customers = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const int runs = argc > 2 ? std::atoi(argv[2]) : 3;
  const kw::summary base = kw::benchmark::make_customers(customers);
  const kw::summary_columns columns = kw::btyd::columns_of(base);
  const auto rows = static_cast<double>(base.size());
  const auto report = [&](std::string_view model, std::string_view what, int threads, double time) {
    std::printf("%-12s %-34s %d thread(s) %8.1f ms  %6.0f ns/customer\n", model.data(), what.data(), threads, time,
                time * 1e6 / rows);
  };
  const auto spend = kw::btyd::fit<kw::btyd::gamma_gamma>(base);
  for (const auto& info : kw::btyd::model_table) {
    if (info.is_discrete) continue;
    const auto fitted = kw::btyd::fit(info.number, columns, base.unit, {.threads = 2});
    for (const int threads : {1, 2}) {
      for (const auto& quantity : kw::btyd::quantity_table) {
        if (!kw::btyd::supports(info.number, quantity.id)) continue;
        const kw::btyd::predict_options options{.horizon = 52, .annual_discount_rate = 0.1, .threads = threads};
        report(info.title, quantity.name, threads, kw::benchmark::best_milliseconds(runs, [&] {
                 kw::btyd::predict(fitted, quantity.id, columns, options);
               }));
      }
      if (info.is_spend) continue;
      report(info.title, "lifetime_value", threads, kw::benchmark::best_milliseconds(runs, [&] {
               kw::btyd::lifetime_value(fitted, spend, base,
                                        {.horizon = 52, .annual_discount_rate = 0.1, .threads = threads});
             }));
    }
  }
  return 0;
}
