// What is compiled once, in src/instances, for the C library and the Python extension: both run the same machine code
// and so agree to the bit. Include this beside the headers of the templates.
#pragma once

#include <cstdint>
#include <span>

#include "kundenwert/btyd/draws.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/intervals.hpp"
#include "kundenwert/btyd/posterior.hpp"
#include "kundenwert/btyd/predict.hpp"

namespace kundenwert::btyd {

extern template model fit<models>(std::int32_t, const summary_columns&, time_unit, const fit_options&);
extern template void predict<models>(const model&, quantity, const summary_columns&, const predict_options&,
                                     std::span<double>, std::span<reason>);
extern template parameter_draws bootstrap_draws<models>(const model&, const summary_columns&, const fit_options&,
                                                        const draw_options&);
extern template parameter_draws posterior_draws<models>(const model&, const summary_columns&, const fit_options&,
                                                        const posterior_options&);
extern template answer_intervals intervals<models>(const parameter_draws&, quantity, const summary_columns&, double,
                                                   const predict_options&);
extern template answer_intervals predicted_purchases<models>(const parameter_draws&, const summary_columns&, double,
                                                             const predict_options&, std::int64_t);
extern template answer_intervals lifetime_value_intervals<models>(const parameter_draws&, const parameter_draws&,
                                                                  const summary_columns&, double,
                                                                  const lifetime_value_options&);

}  // namespace kundenwert::btyd
