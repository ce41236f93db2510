// How long does it take to know how sure a model is: draws of the parameters, and intervals of the answers?
//
//   uncertainty [customers = 1000000]
//
// BG/NBD and Pareto/NBD on simulated daily customers (customers.hpp), two threads; memory is the peak of the process.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "customers.hpp"
#include "kundenwert/btyd/intervals.hpp"
#include "kundenwert/btyd/posterior.hpp"

namespace kw = kundenwert;
namespace btyd = kundenwert::btyd;

namespace {

using two = btyd::model_list<btyd::bg_nbd, btyd::pareto_nbd>;

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

template <class Work>
void report(const char* what, Work&& work) {
  const double time = kw::benchmark::best_milliseconds(1, work);
  std::printf("    %-34s %10.1f ms  peak %6.0f MB\n", what, time, peak_megabytes());
}

void ask(std::int32_t number, const kw::summary& customers) {
  const auto columns = btyd::columns_of(customers);
  btyd::model m;
  std::printf("  %s\n", btyd::info_of(number).title.data());
  report("fit", [&] { m = btyd::fit<two>(number, columns, customers.unit, {.threads = 2}); });
  report("100 bootstrap refits", [&] { btyd::bootstrap_draws<two>(m, columns, {}, {.draws = 100, .threads = 2}); });
  btyd::parameter_draws posterior;
  report("posterior, 4 chains of 1000 draws",
         [&] { posterior = btyd::posterior_draws<two>(m, columns, {}, {.threads = 2}); });
  const auto& chains = posterior.chains;
  std::printf(
      "      %s, largest R-hat %.4f, least effective draws %.0f (bulk) %.0f (tails), %lld gradients, k-hat %.2f\n",
      kw::name_of(posterior.outcome).data(), *std::max_element(chains.r_hat.begin(), chains.r_hat.end()),
      *std::min_element(chains.bulk_ess.begin(), chains.bulk_ess.end()),
      *std::min_element(chains.tail_ess.begin(), chains.tail_ess.end()), static_cast<long long>(chains.gradients),
      chains.pareto_k);
  const auto few = btyd::normal_draws(m, btyd::draw_method::asymptotic, {.draws = 200});
  report("intervals of 39 weeks, 200 draws", [&] {
    btyd::intervals<two>(few, btyd::quantity::expected_transactions, columns, 0.9, {.horizon = 39, .threads = 2});
  });
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t most = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  for (std::int64_t customers = std::min<std::int64_t>(10'000, most); customers <= most; customers *= 10) {
    const kw::summary base = kw::benchmark::make_customers(customers);
    std::printf("%lld customers\n", static_cast<long long>(customers));
    ask(btyd::bg_nbd::number, base);
    ask(btyd::pareto_nbd::number, base);
  }
  return 0;
}
