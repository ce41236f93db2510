// Which model fits the CDNOW customers, how sure is it of one of them, and was it right?   models [transactions.csv]
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "kundenwert/kundenwert.hpp"

namespace kw = kundenwert;
namespace btyd = kundenwert::btyd;

namespace {

// The columns customer_id and date of the file.
kw::accumulator read(const char* path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string(path) + ": cannot be read");
  std::vector<std::int64_t> customer_id;
  std::vector<std::int32_t> day;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::stringstream cells(line);
    std::string id, date;
    std::getline(cells, id, ',');
    std::getline(cells, date, ',');
    customer_id.push_back(std::stoll(id));
    day.push_back(kw::parse_day(date));
  }
  kw::accumulator log;
  log.add({.customer_id = customer_id, .day = day});
  return log;
}

// Only these are compiled.
using usual = btyd::model_list<btyd::nbd, btyd::bg_nbd, btyd::mbg_nbd, btyd::pareto_nbd>;

}  // namespace

int main(int argc, char** argv) try {
  const kw::accumulator log = read(argc > 1 ? argv[1] : "data/cdnow/transactions.csv");
  const kw::summary customers = log.finish(
      {.unit = kw::time_unit::week, .end = kw::parse_day("1997-09-30"), .holdout_end = kw::parse_day("1998-06-30")});

  const btyd::comparison found = btyd::compare<usual>(customers);
  for (const btyd::model& m : found.fitted) {
    std::printf("%-10s %-10s ln L %.2f  AIC %.2f\n", m.info().title.data(), kw::name_of(m.fit.outcome).data(),
                m.fit.log_likelihood, m.fit.aic);
  }
  std::printf("%s: %s\n", found.choice()->info().title.data(), found.reason.c_str());

  // How sure: the posterior of the parameters, and what it leaves open for customer 1.
  const auto columns = btyd::columns_of(customers);
  const auto draws = btyd::posterior_draws<usual>(*found.choice(), columns, {}, {.seed = 1});
  const double probability = 0.9;
  const auto expected =
      btyd::intervals<usual>(draws, btyd::quantity::expected_transactions, columns, probability, {.horizon = 39});
  const auto purchases = btyd::predicted_purchases<usual>(draws, columns, probability, {.horizon = 39});
  std::printf("posterior %s, largest R-hat %.3f\n", kw::name_of(draws.outcome).data(),
              *std::max_element(draws.chains.r_hat.begin(), draws.chains.r_hat.end()));
  std::printf("customer 1: %.2f purchases expected in 39 weeks (90 %%: %.2f to %.2f), %.0f to %.0f bought\n",
              expected.mean[0], expected.lower[0], expected.upper[0], purchases.lower[0], purchases.upper[0]);

  // Was it right: the 39 weeks that followed.
  const auto test = btyd::backtest<usual>(customers).scores;
  for (std::size_t i = 0; i < test.model.size(); ++i) {
    std::printf("%-10s bias %+.1f %%, mean absolute error %.3f\n", btyd::info_of(test.model[i]).title.data(),
                100 * test.relative_bias[i], test.mae[i]);
  }
  return 0;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "%s\n", problem.what());
  return 2;
}
