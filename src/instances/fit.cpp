#include "kundenwert/btyd/fit.hpp"

namespace kundenwert::btyd {

template model fit<models>(std::int32_t, const summary_columns&, time_unit, const fit_options&);

}  // namespace kundenwert::btyd
