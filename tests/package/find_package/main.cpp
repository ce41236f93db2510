#include <kundenwert/kundenwert.hpp>
#include <string>

double rate_of_other();

int main() {
  using kundenwert::version;
  const std::string found =
      std::to_string(version.major) + "." + std::to_string(version.minor) + "." + std::to_string(version.patch);
  if (found != EXPECTED_VERSION) return 1;
  return rate_of_other() == kundenwert::continuous_discount_rate(0.1, 52) ? 0 : 2;
}
