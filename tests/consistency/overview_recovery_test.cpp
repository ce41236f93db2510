// From the tables of a simulated business to its overview: the values that are said add up to the true ones, rank
// customers as the truth does, and the order in which tables and rows come changes nothing.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "compiled.hpp"
#include "kundenwert/ingest/customer_base.hpp"
#include "kundenwert/overview/overview.hpp"
#include "kundenwert/simulate/business.hpp"

using namespace kundenwert;

namespace {

overview_options a_year_from(std::int32_t as_of) {
  return {.as_of = as_of,
          .unit = time_unit::month,
          .horizon = 12,
          .annual_discount_rate = 0.1,
          .convention = value::clv_convention::first_margin_now};
}

simulate::business_parameters business_of(std::int64_t customers) {
  simulate::business_parameters p;
  p.customers = customers;
  p.first_day = day_of({2022, 1, 1});
  p.as_of = day_of({2024, 12, 31});
  return p;
}

template <class T>
column<T> part_of(const column<T>& c, std::size_t begin, std::size_t count) {
  return c.empty() ? c
                   : column<T>(c.values.subspan(begin, count),
                               {c.validity.bits, c.validity.offset + static_cast<std::int64_t>(begin)});
}

}  // namespace

TEST_CASE("values add up to the truth, and rank as it does") {
  // Buyers as the models have them: no contracts, returns or complaints, and no costs beside the variable ones.
  auto p = business_of(12000);
  p.types = {.buyer = 1, .contract = 0, .both = 0, .prospect = 0};
  p.returns.share = 0;
  p.complaints.per_year = 0;
  p.win_back.attempt_share = 0;
  p.costs.per_contact = p.costs.care_per_month = 0;
  const auto drawn = simulate::draw_business(p, 23, {.text_ids = false});
  customer_base_builder builder;
  builder.add_customers(columns_of(drawn.customers));
  builder.add_transactions(columns_of(drawn.transactions));
  const overview o = overview_of(builder.finish(), a_year_from(p.as_of));
  REQUIRE(o.chosen >= 0);
  // The purchases are drawn from Pareto/NBD: the likelihood knows.
  CHECK(o.models[static_cast<std::size_t>(o.chosen)].number == btyd::pareto_nbd::number);
  CHECK(o.headline.basis == money_basis::margin_records);
  CHECK(o.headline.spend == spend_basis::spend_model);

  // Said less true, customer by customer, is noise around zero where the model holds, whoever is taken by what is said
  // of them: the sum is within four of its standard errors, sqrt(sum of squares).
  double said = 0;
  double truth = 0;
  double squares = 0;
  std::vector<std::size_t> valued;
  for (std::size_t i = 0; i < o.rows.basis.size(); ++i) {
    if (o.rows.basis[i] == value_basis{}) continue;
    valued.push_back(i);
    said += o.rows.lifetime_value[i];
    truth += drawn.truth.remaining_value[i];
    const double off = o.rows.lifetime_value[i] - drawn.truth.remaining_value[i];
    squares += off * off;
  }
  CHECK(static_cast<std::int64_t>(valued.size()) == o.headline.customer_equity.valued);
  MESSAGE("customer equity ", said, ", true ", truth, ", standard error ", std::sqrt(squares));
  CHECK(std::fabs(said - truth) < 4 * std::sqrt(squares));
  CHECK(std::sqrt(squares) < 0.05 * truth);  // and says something

  // The better half by value holds most of the true value: more than the better half by what was earned so far.
  const auto best_half = [&](const std::vector<double>& key) {
    std::sort(valued.begin(), valued.end(),
              [&](std::size_t a, std::size_t b) { return key[a] != key[b] ? key[a] > key[b] : a < b; });
    return std::accumulate(valued.begin(), valued.begin() + static_cast<std::ptrdiff_t>(valued.size() / 2), 0.0,
                           [&](double sum, std::size_t i) { return sum + drawn.truth.remaining_value[i]; }) /
           truth;
  };
  const double by_value = best_half(o.rows.lifetime_value);
  const double by_revenue = best_half(o.rows.revenue);
  MESSAGE("true value in the better half: by value ", by_value, ", by revenue ", by_revenue);
  CHECK(by_value > by_revenue);
}

TEST_CASE("the order of tables, batches and rows changes nothing") {
  auto p = business_of(1500);
  p.types = {.buyer = 0.5, .contract = 0.2, .both = 0.2, .prospect = 0.1};
  const auto drawn = simulate::draw_business(p, 5, {.text_ids = false});
  customer_base_builder in_order;
  in_order.add_customers(columns_of(drawn.customers));
  in_order.add_transactions(columns_of(drawn.transactions));
  in_order.add_contracts(columns_of(drawn.contracts));
  in_order.add_contacts(columns_of(drawn.contacts));
  in_order.add_complaints(columns_of(drawn.complaints));
  in_order.add_costs(columns_of(drawn.costs));
  customer_base_builder mixed;
  mixed.add_costs(columns_of(drawn.costs));
  mixed.add_complaints(columns_of(drawn.complaints));
  // Contacts from the last to the first, in three batches.
  const auto contacts = columns_of(drawn.contacts);
  const auto rows = static_cast<std::size_t>(contacts.size());
  for (std::size_t end = rows; end > 0;) {
    const std::size_t begin = end > rows / 3 + 1 ? end - rows / 3 - 1 : 0;
    contact_columns batch;
    batch.customer_id = part_of(std::get<column<std::int64_t>>(contacts.customer_id), begin, end - begin);
    batch.contact_id = part_of(std::get<column<std::int64_t>>(contacts.contact_id), begin, end - begin);
    batch.day = part_of(contacts.day, begin, end - begin);
    batch.direction = part_of(contacts.direction, begin, end - begin);
    batch.channel = part_of(contacts.channel, begin, end - begin);
    batch.purpose = part_of(contacts.purpose, begin, end - begin);
    mixed.add_contacts(batch);
    end = begin;
  }
  mixed.add_contracts(columns_of(drawn.contracts));
  mixed.add_transactions(columns_of(drawn.transactions));
  mixed.add_customers(columns_of(drawn.customers));
  const overview one = overview_of(in_order.finish(), a_year_from(p.as_of));
  const overview other = overview_of(mixed.finish(2), a_year_from(p.as_of));
  CHECK(one.rows.phase == other.rows.phase);
  CHECK(one.rows.risks == other.rows.risks);
  CHECK(one.rows.value_reasons == other.rows.value_reasons);
  CHECK(one.rows.abc == other.rows.abc);
  CHECK(std::memcmp(one.rows.lifetime_value.data(), other.rows.lifetime_value.data(),
                    one.rows.lifetime_value.size() * sizeof(double)) == 0);
  CHECK(one.headline.customer_equity.value == other.headline.customer_equity.value);
  CHECK(one.headline.service_cost_rate == other.headline.service_cost_rate);
  CHECK(one.headline.service_cost_rate > 0);
  CHECK(one.headline.valued_by_contract > 100);
}
