// All that searches or samples a likelihood, in one place: the derivatives of every model are compiled once.
#include "kundenwert/btyd/posterior.hpp"

namespace kundenwert::btyd {

template model fit<models>(std::int32_t, const summary_columns&, time_unit, const fit_options&);
template parameter_draws bootstrap_draws<models>(const model&, const summary_columns&, const fit_options&,
                                                 const draw_options&);
template parameter_draws posterior_draws<models>(const model&, const summary_columns&, const fit_options&,
                                                 const posterior_options&);

}  // namespace kundenwert::btyd
