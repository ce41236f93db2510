// A column of another type is not converted silently.
// expect: conver
#include <vector>

#include "kundenwert/base/column.hpp"

int main() {
#if KW_MUST_FAIL
  const std::vector<float> values{1, 2};
#else
  const std::vector<double> values{1, 2};
#endif
  const kundenwert::column<double> amounts = values;
  return amounts.size() == 2 ? 0 : 1;
}
