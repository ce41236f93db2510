#include <kundenwert/base/discount.hpp>

int main() { return kundenwert::continuous_discount_rate(0.1, 52) > 0 ? 0 : 1; }
