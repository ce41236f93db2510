#include "kundenwert/btyd/predict.hpp"

namespace kundenwert::btyd {

template void predict<models>(const model&, quantity, const summary_columns&, const predict_options&, std::span<double>,
                              std::span<reason>);

}  // namespace kundenwert::btyd
