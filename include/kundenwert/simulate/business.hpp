// A whole business drawn from stated parameters and a seed: its customers, transactions, contracts, contacts,
// complaints and costs, and beside them the truth. Invented from end to end; what it is for is to see whether an
// analysis finds what is known to be there.
//
//   const simulate::business shop = simulate::draw_business({.customers = 1500, .first_day = ..., .as_of = ...}, 7);
//   customer_base_builder builder({.currency = "EUR"});
//   builder.add_customers(simulate::columns_of(shop.customers));
//
// - A pure function of parameters and seed: the same bits for any number of threads.
// - Every customer has random streams of their own: customer i is the same whatever the number of customers, and what
//   happened up to as_of is the same however far it is simulated on.
// - Events after the last simulated day are not in the tables; a contract or complaint reads as it is known by then, so
//   that a case which is opened again after as_of shows its later solution.
//
// How a customer lives: becomes known (created), decides, buys or signs; buys at a rate of their own and drops out at
// another (Pareto/NBD), each purchase worth a gamma amount around a mean of their own (Gamma-Gamma), some returned;
// renews contracts or not (beta-geometric); complains, and after a bad outcome may leave; once gone may be called and
// won back, and then lives on with the same rates. parameters.hpp has the parameters, value.hpp the true value.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/simulate/collect.hpp"
#include "kundenwert/simulate/life.hpp"
#include "kundenwert/simulate/parameters.hpp"
#include "kundenwert/simulate/rows.hpp"
#include "kundenwert/simulate/service.hpp"
#include "kundenwert/simulate/tables.hpp"

namespace kundenwert::simulate {

struct draw_options {
  bool text_ids = true;  // "K000001", "T0000001"; false: 1, 2, ...
  int threads = 1;
  progress watch{};
};

struct business {
  business_parameters parameters;
  std::uint64_t seed = 0;
  customer_table customers;
  transaction_table transactions;
  contract_table contracts;
  contact_table contacts;
  complaint_table complaints;
  cost_table costs;
  truth_table truth;
};

// Draws the business. Throws what require_business_parameters throws, cancelled. Linear in the number of rows.
business draw_business(const business_parameters& parameters, std::uint64_t seed, const draw_options& options = {});

namespace detail {

// Customers drawn into one set of rows: enough to keep a thread busy, few enough to stay in a cache.
inline constexpr std::int64_t customers_per_chunk = 2048;

// The rows of customers [begin, end).
inline chunk_rows draw_chunk(const business_parameters& p, const shared_rates& shared, std::uint64_t seed,
                             std::int64_t begin, std::int64_t end) {
  chunk_rows rows;
  rows.first_customer = begin;
  customer_life life;
  for (std::int64_t customer = begin; customer < end; ++customer) {
    life.clear();
    life.who = draw_traits(p, seed, customer);
    draw_life(p, shared, seed, customer, life);
    draw_service(p, seed, customer, life);
    add_rows(p, shared, seed, static_cast<std::int32_t>(customer - begin), life, rows);
  }
  return rows;
}

}  // namespace detail

inline business draw_business(const business_parameters& parameters, std::uint64_t seed, const draw_options& options) {
  require_business_parameters(parameters);
  business out;
  out.parameters = parameters;
  out.seed = seed;
  const shared_rates shared(parameters);
  const std::int64_t chunks = (parameters.customers + detail::customers_per_chunk - 1) / detail::customers_per_chunk;
  std::vector<chunk_rows> rows(static_cast<std::size_t>(chunks));
  for_each_chunk(
      parameters.customers, detail::customers_per_chunk, options.threads,
      [&](std::int64_t chunk, std::int64_t begin, std::int64_t end) {
        rows[static_cast<std::size_t>(chunk)] = detail::draw_chunk(parameters, shared, seed, begin, end);
      },
      options.watch);
  collect_rows(parameters, rows, {options.text_ids, options.threads},
               {out.customers, out.transactions, out.contracts, out.contacts, out.complaints, out.costs, out.truth});
  return out;
}

}  // namespace kundenwert::simulate
