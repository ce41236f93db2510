// A whole business drawn from stated parameters and a seed: its customers, transactions, contracts, contacts,
// complaints and costs, and beside them the truth. Invented from end to end; what it is for is to see whether an
// analysis finds what is known to be there.
//
//   const simulate::business shop = simulate::draw_business({.customers = 1500, .first_day = ..., .as_of = ...}, 7);
//   read_customers(simulate::columns_of(shop.customers));
//
// - A pure function of parameters and seed: the same bits for any number of threads.
// - Every customer has random streams of their own: customer i is the same whatever the number of customers, and what
//   happened up to as_of is the same however far it is simulated on.
// - Events after the last simulated day are not in the tables; of a contract or complaint only what is known by then.
//
// How a customer lives: becomes known (created), decides, buys or signs; buys at a rate of their own and drops out at
// another (Pareto/NBD), each purchase worth a gamma amount around a mean of their own (Gamma-Gamma), some returned;
// renews contracts or not (beta-geometric); complains, and after a bad outcome may leave; once gone may be called and
// won back, and then lives on with the same rates. parameters.hpp has the parameters, value.hpp the true value.
#pragma once

#include <cstdint>
#include <string>

#include "kundenwert/base/parallel.hpp"
#include "kundenwert/simulate/parameters.hpp"
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

}  // namespace kundenwert::simulate
