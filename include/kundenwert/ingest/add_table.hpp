// One name for adding a batch of any noun to a builder, for those who take tables of every kind: the C interface, the
// Python module.
#pragma once

#include "kundenwert/ingest/customer_base.hpp"
#include "kundenwert/model/nouns.hpp"

namespace kundenwert {

inline void add_table(customer_base_builder& builder, const customer_columns& batch, int threads = 1) {
  builder.add_customers(batch, threads);
}
inline void add_table(customer_base_builder& builder, const transaction_columns& batch, int threads = 1) {
  builder.add_transactions(batch, threads);
}
inline void add_table(customer_base_builder& builder, const contract_columns& batch, int threads = 1) {
  builder.add_contracts(batch, threads);
}
inline void add_table(customer_base_builder& builder, const contact_columns& batch, int threads = 1) {
  builder.add_contacts(batch, threads);
}
inline void add_table(customer_base_builder& builder, const complaint_columns& batch, int threads = 1) {
  builder.add_complaints(batch, threads);
}
inline void add_table(customer_base_builder& builder, const cost_columns& batch, int threads = 1) {
  builder.add_costs(batch, threads);
}

}  // namespace kundenwert
