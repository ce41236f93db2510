// Compiled, not run: kundenwert.h is C++ too, and does not mind to stand beside the definitions of Arrow.
#include <kundenwert.h>

#include "kundenwert/arrow/abi.hpp"

static_assert(sizeof(kw_error) == 272);
static_assert(sizeof(ArrowArrayStream) > 0);
