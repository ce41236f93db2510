#include "kundenwert/btyd/intervals.hpp"

namespace kundenwert::btyd {

template answer_intervals lifetime_value_intervals<models>(const parameter_draws&, const parameter_draws&,
                                                           const summary_columns&, double,
                                                           const lifetime_value_options&);

}  // namespace kundenwert::btyd
