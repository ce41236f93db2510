// A program that turns off the meaning of NaN and infinity must not get the library.
// expect: kundenwert must not be compiled with -ffast-math
#if KW_MUST_FAIL
#define __FAST_MATH__ 1
#endif
#include "kundenwert/base/error.hpp"

int main() {}
