// What the object library behind the C library has compiled for all models is not compiled again in every test. Without
// that library (a single test built by hand) the templates are.
#pragma once

#ifdef KUNDENWERT_COMPILED
#include "../src/instances.hpp"
#endif
