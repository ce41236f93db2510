#include <kundenwert/kundenwert.hpp>

double rate_of_other() { return kundenwert::continuous_discount_rate(0.1, 52); }
