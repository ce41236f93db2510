// How long does a business take to become an overview, and how much memory?
//
//   overview [most transactions = 10000000] [threads = 2] [text]
//
// A simulated business of ten transactions a customer, with contracts, contacts, complaints and costs: drawn, its
// tables put together as a customer base, and that as an overview, stage by stage and as a whole. From 100,000
// transactions on, ten times as many each time, so that growth can be seen. Ids are numbers, or text as in a CRM.
// Memory is that of the process: resident after the stage, and its peak within it (Linux). The stages of the overview
// are called one by one; "overview" is all of them in one call and what is done with each customer besides.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "kundenwert/ingest/customer_base.hpp"
#include "kundenwert/overview/export.hpp"
#include "kundenwert/overview/overview.hpp"
#include "kundenwert/simulate/business.hpp"

namespace {

namespace kw = kundenwert;

// A line of /proc/self/status in megabytes; 0 where there is none.
double megabytes_of(const std::string& line) {
  std::ifstream status("/proc/self/status");
  std::string name;
  while (status >> name) {
    double kilobytes = 0;
    if (name == line && status >> kilobytes) return kilobytes / 1024;
    std::getline(status, name);
  }
  return 0;
}

// From here on the peak is that of what follows.
void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

// Runs one stage and prints what it took.
template <class Work>
auto stage(const char* name, Work&& work) {
  reset_peak();
  const double before = megabytes_of("VmRSS:");
  const auto start = std::chrono::steady_clock::now();
  auto result = work();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double after = megabytes_of("VmRSS:");
  std::printf("  %-12s %8.3f s   %7.0f MB more, %7.0f MB in all, peak %7.0f MB\n", name, seconds, after - before, after,
              megabytes_of("VmHWM:"));
  std::fflush(stdout);
  return result;
}

kw::simulate::business_parameters parameters_of(std::int64_t customers) {
  kw::simulate::business_parameters p;
  p.customers = customers;
  p.first_day = 18993;  // 2022-01-01
  p.as_of = 20088;      // 2024-12-31
  // Purchases a year such that ten transactions come on a customer.
  p.purchase.per_year = 10.1;
  return p;
}

kw::customer_base base_of(const kw::simulate::business& drawn, int threads) {
  using kw::simulate::columns_of;
  kw::customer_base_builder builder({.currency = "EUR"});
  builder.add_customers(columns_of(drawn.customers), threads);
  builder.add_transactions(columns_of(drawn.transactions), threads);
  builder.add_contracts(columns_of(drawn.contracts), threads);
  builder.add_contacts(columns_of(drawn.contacts), threads);
  builder.add_complaints(columns_of(drawn.complaints), threads);
  builder.add_costs(columns_of(drawn.costs), threads);
  return builder.finish(threads);
}

void run(std::int64_t transactions, int threads, bool is_text) {
  constexpr std::int64_t per_customer = 10;
  const std::int64_t customers = std::max<std::int64_t>(1, transactions / per_customer);
  const auto parameters = parameters_of(customers);
  std::printf("%lld customers, %d thread(s)\n", static_cast<long long>(customers), threads);
  kw::customer_base base;
  {
    const auto drawn = stage("simulate", [&] {
      return kw::simulate::draw_business(parameters, 1, {.text_ids = is_text, .threads = threads});
    });
    std::printf("  %lld transactions, %lld contracts, %lld contacts\n",
                static_cast<long long>(kw::simulate::columns_of(drawn.transactions).day.size()),
                static_cast<long long>(kw::simulate::columns_of(drawn.contracts).size()),
                static_cast<long long>(kw::simulate::columns_of(drawn.contacts).size()));
    base = stage("base", [&] { return base_of(drawn, threads); });
  }
  const kw::overview_options options{.as_of = parameters.as_of,
                                     .unit = kw::time_unit::month,
                                     .horizon = 12,
                                     .annual_discount_rate = 0.1,
                                     .convention = kw::value::clv_convention::first_margin_now,
                                     .threads = threads};
  {
    stage("money", [&] { return kw::money_of(base, options); });
    const auto purchases = stage("summary", [&] {
      return kw::summary_of(base, {.unit = options.unit, .end = options.as_of, .threads = threads});
    });
    const auto models = stage("fit", [&] { return kw::models_of(purchases.customers, options); });
    const auto forecast = stage("predict", [&] { return kw::forecast_of(models, purchases.customers, options); });
    stage("phases", [&] { return kw::lifecycle::classify_phases(base, options.as_of, {}, options.phases, threads); });
    stage("passages", [&] {
      return kw::lifecycle::classify_passages(base, kw::year_before(options.as_of), options.as_of, options.phases,
                                              threads);
    });
  }
  const auto found = stage("overview", [&] { return kw::overview_of(base, options); });
  const auto table = stage("export", [&] { return kw::export_overview(found); });
  const auto& h = found.headline;
  std::printf("  %lld current of %lld, %lld valued, equity %.0f, retention %.4f, %lld columns\n",
              static_cast<long long>(h.current), static_cast<long long>(h.customers),
              static_cast<long long>(h.customer_equity.valued), h.customer_equity.value, h.retention.rate,
              static_cast<long long>(table.columns()));
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t most = argc > 1 ? std::atoll(argv[1]) : 10'000'000;
  const int threads = argc > 2 ? std::atoi(argv[2]) : 2;
  const bool is_text = argc > 3 && std::strcmp(argv[3], "text") == 0;
  for (std::int64_t transactions = std::min<std::int64_t>(most, 100'000);; transactions *= 10) {
    run(std::min(transactions, most), threads, is_text);
    if (transactions >= most) return 0;
  }
}
