#include "kundenwert/btyd/posterior.hpp"

namespace kundenwert::btyd {

template parameter_draws posterior_draws<models>(const model&, const summary_columns&, const fit_options&,
                                                 const posterior_options&);

}  // namespace kundenwert::btyd
