#include "kundenwert/btyd/intervals.hpp"

namespace kundenwert::btyd {

template answer_intervals intervals<models>(const parameter_draws&, quantity, const summary_columns&, double,
                                            const predict_options&);
template answer_intervals predicted_purchases<models>(const parameter_draws&, const summary_columns&, double,
                                                      const predict_options&, std::int64_t);

}  // namespace kundenwert::btyd
