// The handle of draws.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kundenwert.h"
#include "kundenwert/btyd/draws.hpp"

struct kw_draws {
  kundenwert::btyd::parameter_draws value;
  std::vector<std::string> names;

  explicit kw_draws(kundenwert::btyd::parameter_draws drawn)
      : value(std::move(drawn)), names(kundenwert::btyd::names_of(value)) {}
};
