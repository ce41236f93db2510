#include <kundenwert/btyd/persist.hpp>
#include <string>

kundenwert::btyd::model model_of_other(const std::string& text);

int main() {
  using namespace kundenwert;
  const double values[] = {0.1, 1.0 / 3};
  const auto model = btyd::model_from_parameters(btyd::nbd::number, values, time_unit::week);
  return model_of_other(btyd::to_json(model)).parameters == model.parameters ? 0 : 1;
}
