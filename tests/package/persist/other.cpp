#include <kundenwert/btyd/persist.hpp>
#include <string>

kundenwert::btyd::model model_of_other(const std::string& text) { return kundenwert::btyd::from_json(text); }
