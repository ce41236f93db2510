// Who of the CDNOW customers is worth most over the next year?   cdnow [transactions.csv]
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "kundenwert/kundenwert.hpp"

namespace kw = kundenwert;

namespace {

// The columns of the file: customer_id,date,quantity,amount.
struct transactions {
  std::vector<std::int64_t> customer_id;
  std::vector<std::int32_t> day;
  std::vector<double> amount;
};

transactions read(const char* path) {
  transactions log;
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string(path) + ": cannot be read");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::stringstream cells(line);
    std::string id, date, quantity, amount;
    std::getline(cells, id, ',');
    std::getline(cells, date, ',');
    std::getline(cells, quantity, ',');
    std::getline(cells, amount, ',');
    log.customer_id.push_back(std::stoll(id));
    log.day.push_back(kw::parse_day(date));
    log.amount.push_back(std::stod(amount));
  }
  return log;
}

}  // namespace

int main(int argc, char** argv) try {
  const transactions file = read(argc > 1 ? argv[1] : "data/cdnow/transactions.csv");

  // [README
  kw::accumulator log;
  log.add({.customer_id = file.customer_id, .day = file.day, .amount = file.amount});
  const kw::summary customers = log.finish({.unit = kw::time_unit::week, .end = kw::parse_day("1997-09-30")});

  const auto bg_nbd = kw::btyd::fit<kw::btyd::bg_nbd>(customers);
  const auto spend = kw::btyd::fit<kw::btyd::gamma_gamma>(customers);
  const auto alive = kw::btyd::probability_alive(bg_nbd, customers);
  const auto value = kw::btyd::lifetime_value(bg_nbd, spend, customers, {.horizon = 52, .annual_discount_rate = 0.10});
  // README]

  std::printf("%lld customers, log-likelihood %.3f (%s)\n", static_cast<long long>(customers.size()),
              bg_nbd.fit.log_likelihood, kw::name_of(bg_nbd.fit.outcome).data());
  for (std::size_t i = 0; i < bg_nbd.parameters.size(); ++i) {
    std::printf("%-5s %8.4f  +- %.4f\n", bg_nbd.info().parameters[i].name.data(), bg_nbd.parameters[i],
                bg_nbd.fit.standard_errors[i]);
  }
  const double total = std::accumulate(value.begin(), value.end(), 0.0);
  std::printf("revenue expected over 52 weeks, discounted: %.2f\n", total);
  std::printf("customer 1516: alive %.4f, value %.2f\n", alive[1515], value[1515]);
  return 0;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "%s\n", problem.what());
  return 2;
}
