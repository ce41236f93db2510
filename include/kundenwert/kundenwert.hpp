// Everything of kundenwert for a program that links kundenwert::kundenwert, in rank order: a header includes only what
// stands above it. Outside are time/zone.hpp (links kundenwert::zone) and btyd/persist.hpp (needs nlohmann/json).
#pragma once

#include "kundenwert/version.hpp"

#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/discount.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/base/units.hpp"

#include "kundenwert/model/summary.hpp"
