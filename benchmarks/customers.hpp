// Simulated customers for the benchmarks: BG/NBD with the parameters of the CDNOW sample, whole days, in weeks.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

#include "kundenwert/base/random.hpp"
#include "kundenwert/model/summary.hpp"

namespace kundenwert::benchmark {

// T uniform on 189 to 272 days; about 60 % without repeat purchase. With `continuous` the purchases keep their time of
// day, so that hardly two customers are alike.
inline summary make_customers(std::int64_t customers, bool continuous = false) {
  constexpr double r = 0.2426, alpha_days = 4.4135 * 7, a = 0.7929, b = 2.4258;
  summary out;
  out.unit = time_unit::week;
  for (std::int64_t i = 0; i < customers; ++i) {
    random_stream draw(1, static_cast<std::uint64_t>(i));
    const double age = 189 + std::floor(84 * draw.uniform());
    const double rate = draw.gamma(r) / alpha_days;
    const double dropout = draw.beta(a, b);
    double clock = 0;
    double last = 0;
    double frequency = 0;
    double log_intervals = 0;
    for (;;) {
      clock += draw.exponential() / rate;
      if (!(clock <= age)) break;
      const double at = continuous ? clock : std::floor(clock);
      if (at > last) {
        ++frequency;
        log_intervals += std::log((at - last) / 7);
        last = at;
      }
      if (draw.uniform() < dropout) break;
    }
    out.frequency.push_back(frequency);
    out.recency.push_back(last / 7);
    out.age.push_back(age / 7);
    out.log_interval_sum.push_back(log_intervals);
    const double spend = std::round(100 * (35 * draw.gamma(4) / 4)) / 100 + 0.01;
    out.monetary_value.push_back(frequency > 0 ? spend : not_available);
    out.revenue.push_back((frequency + 1) * spend);
  }
  return out;
}

// Milliseconds of the quickest of `runs` calls.
template <class Work>
double best_milliseconds(int runs, Work&& work) {
  double best = 1e300;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const auto end = std::chrono::steady_clock::now();
    best = std::min(best, std::chrono::duration<double, std::milli>(end - start).count());
  }
  return best;
}

}  // namespace kundenwert::benchmark
