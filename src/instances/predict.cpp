// All that asks models about customers, in one place: the answers of every model are compiled once.
#include "kundenwert/btyd/intervals.hpp"

namespace kundenwert::btyd {

template void predict<models>(const model&, quantity, const summary_columns&, const predict_options&, std::span<double>,
                              std::span<reason>);
template answer_intervals intervals<models>(const parameter_draws&, quantity, const summary_columns&, double,
                                            const predict_options&);
template answer_intervals predicted_purchases<models>(const parameter_draws&, const summary_columns&, double,
                                                      const predict_options&, std::int64_t);
template answer_intervals lifetime_value_intervals<models>(const parameter_draws&, const parameter_draws&,
                                                           const summary_columns&, double,
                                                           const lifetime_value_options&);

}  // namespace kundenwert::btyd
