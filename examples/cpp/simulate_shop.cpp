// A small fictional shop with its truth, as CSV files.
//   simulate_shop FOLDER    writes the files of examples/data/shop into FOLDER
//   simulate_shop           says whether data/shop holds what would be written, and ends with 1 if it does not
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kundenwert/simulate/business.hpp"
#include "kundenwert/time/calendar.hpp"
#include "kundenwert/time/parse.hpp"

namespace kw = kundenwert;
namespace sim = kundenwert::simulate;

namespace {

constexpr std::uint64_t seed = 2025;

// What differs from the defaults. README.md of the data tells the story.
sim::business_parameters shop_parameters() {
  sim::business_parameters p;
  p.customers = 1500;
  p.first_day = kw::parse_day("2023-01-01");
  p.as_of = kw::parse_day("2025-12-31");
  p.types = {.buyer = 0.74, .contract = 0.12, .both = 0.06, .prospect = 0.08};
  p.acquisition.growth_per_year = 0.25;
  p.purchase = {.per_year = 5,
                .shape = 1.1,
                .dropouts_per_year = 0.45,
                .dropout_shape = 0.8,
                .growth_per_year = 0,
                .growth_deviation = 0.25};
  p.spend = {.mean = 48,
             .shape = 4,
             .scale_shape = 3.5,
             .business_share = 0.06,
             .business_factor = 6,
             .variable_cost_share = 0.58,
             .cost_precision = 60};
  p.returns.share = 0.07;
  p.contract.monthly_amount = 19;
  p.contract.monthly_churn = 0.03;
  p.contract.automatic_share = 0.6;
  p.contract.shortest_lead = 20;
  p.contract.longest_lead = 60;
  p.win_back = {.silent_days = 300, .attempt_share = 0.7, .delay_days = 60, .success_share = 0.3, .return_days = 10};
  p.complaints.per_year = 0.2;
  p.costs.marketing_per_month = 1200;
  return p;
}

// Builds the text of one file. Money has two decimals, an absent value is an empty cell.
class csv {
 public:
  explicit csv(std::string_view header) : text_(header) { text_ += '\n'; }

  csv& cell(std::string_view value) {
    if (!is_first_) text_ += ',';
    is_first_ = false;
    text_ += value;
    return *this;
  }
  csv& day(std::int32_t value) { return cell(value == kw::no_day ? std::string() : kw::format_day(value)); }
  csv& money(double value) { return number("%.2f", value); }
  csv& share(double value) { return number("%.6f", value); }
  csv& whole(double value) { return number("%.0f", value); }
  // The name of a code; empty for 0.
  template <class Code>
  csv& code(std::int32_t value) {
    return cell(name_of(static_cast<Code>(value)));
  }
  csv& id(const sim::owned_ids& ids, std::int64_t row) { return cell(std::get<kw::text_column>(ids.view())[row]); }
  void end_row() {
    text_ += '\n';
    is_first_ = true;
  }
  std::string text() && { return std::move(text_); }

 private:
  csv& number(const char* format, double value) {
    if (std::isnan(value)) return cell({});
    char digits[64];
    const int length = std::snprintf(digits, sizeof digits, format, value);
    return cell({digits, static_cast<std::size_t>(length)});
  }

  std::string text_;
  bool is_first_ = true;
};

std::string customers_csv(const sim::customer_table& t) {
  csv out("customer_id,created,status,consent,market_kind,segment,region");
  const auto columns = sim::columns_of(t);
  for (std::int64_t row = 0; row < t.size(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    out.id(t.customer_id, row).day(t.created[i]);
    out.code<kw::customer_status>(t.status[i]).code<kw::consent>(t.consent[i]);
    out.code<kw::market_kind>(t.market_kind[i]).cell(columns.segment[row]).cell(columns.region[row]).end_row();
  }
  return std::move(out).text();
}

std::string transactions_csv(const sim::transaction_table& t) {
  csv out("transaction_id,customer_id,date,amount,variable_cost,returns_transaction_id,currency");
  for (std::int64_t row = 0; row < t.size(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    out.id(t.transaction_id, row).id(t.customer_id, row).day(t.day[i]).money(t.amount[i]).money(t.variable_cost[i]);
    out.id(t.returns_transaction_id, row).cell("EUR").end_row();
  }
  return std::move(out).text();
}

std::string contracts_csv(const sim::contract_table& t) {
  csv out("contract_id,customer_id,start,signed,planned_end,end,notice,renewal,period,recurring_amount,cancelled_by");
  for (std::int64_t row = 0; row < t.size(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    out.id(t.contract_id, row).id(t.customer_id, row).day(t.start[i]).day(t.signed_on[i]);
    out.day(t.planned_end.values[i]).day(t.end.values[i]).day(t.notice.values[i]);
    out.code<kw::renewal>(t.renewal[i]).code<kw::contract_period>(t.period[i]).money(t.recurring_amount[i]);
    out.code<kw::cancelled_by>(t.cancelled_by[i]).end_row();
  }
  return std::move(out).text();
}

std::string contacts_csv(const sim::contact_table& t) {
  csv out("contact_id,customer_id,date,direction,channel,purpose");
  for (std::int64_t row = 0; row < t.size(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    out.id(t.contact_id, row).id(t.customer_id, row).day(t.day[i]).code<kw::direction>(t.direction[i]);
    out.code<kw::channel>(t.channel[i]).code<kw::purpose>(t.purpose[i]).end_row();
  }
  return std::move(out).text();
}

std::string complaints_csv(const sim::complaint_table& t) {
  csv out("complaint_id,customer_id,opened,first_response,resolved,reopened,kind,severity,satisfaction");
  for (std::int64_t row = 0; row < t.size(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    out.id(t.complaint_id, row).id(t.customer_id, row).day(t.opened[i]).day(t.first_response.values[i]);
    out.day(t.resolved.values[i]).day(t.reopened.values[i]).code<kw::case_kind>(t.kind[i]);
    out.whole(t.severity[i]).whole(t.satisfaction[i]).end_row();
  }
  return std::move(out).text();
}

std::string costs_csv(const sim::cost_table& t) {
  csv out("cost_id,customer_id,date,head,amount");
  for (std::int64_t row = 0; row < t.size(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    out.id(t.cost_id, row).id(t.customer_id, row).day(t.day[i]).code<kw::cost_head>(t.head[i]);
    out.money(t.amount[i]).end_row();
  }
  return std::move(out).text();
}

std::string truth_csv(const sim::customer_table& customers, const sim::truth_table& t, std::int32_t as_of) {
  csv out(
      "customer_id,as_of,type,state,started,ended,was_regained,purchases_per_year,dropouts_per_year,monthly_churn,"
      "mean_spend,margin_rate,remaining_value");
  for (std::int64_t row = 0; row < t.size(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    out.id(customers.customer_id, row).day(as_of).cell(name_of(t.type[i])).cell(name_of(t.state[i]));
    out.day(t.started[i]).day(t.ended[i]).cell(t.was_regained[i] == 1 ? "1" : "0");
    out.share(t.purchase_rate[i]).share(t.dropout_rate[i]).share(t.monthly_churn[i]);
    out.money(t.mean_spend[i]).share(t.margin_rate[i]).money(t.remaining_value[i]).end_row();
  }
  return std::move(out).text();
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file) throw std::runtime_error(path + ": cannot be written");
}

}  // namespace

int main(int argc, char** argv) try {
  const sim::business shop = sim::draw_business(shop_parameters(), seed);
  const std::vector<std::pair<std::string, std::string>> files{
      {"customers.csv", customers_csv(shop.customers)},
      {"transactions.csv", transactions_csv(shop.transactions)},
      {"contracts.csv", contracts_csv(shop.contracts)},
      {"contacts.csv", contacts_csv(shop.contacts)},
      {"complaints.csv", complaints_csv(shop.complaints)},
      {"costs.csv", costs_csv(shop.costs)},
      {"truth.csv", truth_csv(shop.customers, shop.truth, shop.parameters.as_of)}};
  int different = 0;
  for (const auto& [name, text] : files) {
    if (argc > 1) {
      write(std::string(argv[1]) + "/" + name, text);
    } else if (content_of("data/shop/" + name) != text) {
      std::fprintf(stderr, "data/shop/%s is not what is simulated\n", name.c_str());
      ++different;
    }
  }
  std::printf("%lld customers, %lld transactions, %d files\n", static_cast<long long>(shop.customers.size()),
              static_cast<long long>(shop.transactions.size()), static_cast<int>(files.size()));
  return different == 0 ? 0 : 1;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "%s\n", problem.what());
  return 2;
}
