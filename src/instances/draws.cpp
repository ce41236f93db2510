#include "kundenwert/btyd/draws.hpp"

namespace kundenwert::btyd {

template parameter_draws bootstrap_draws<models>(const model&, const summary_columns&, const fit_options&,
                                                 const draw_options&);

}  // namespace kundenwert::btyd
