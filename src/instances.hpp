// What is compiled once, in src/instances, for the C library and the Python extension: both run the same machine code
// and so agree to the bit. Include this beside the headers of the templates.
#pragma once

#include <cstdint>
#include <span>

#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/predict.hpp"

namespace kundenwert::btyd {

extern template model fit<models>(std::int32_t, const summary_columns&, time_unit, const fit_options&);
extern template void predict<models>(const model&, quantity, const summary_columns&, const predict_options&,
                                     std::span<double>, std::span<reason>);

}  // namespace kundenwert::btyd
