#include <kundenwert.h>
#include <stddef.h>

int main(void) {
  kw_model_free(NULL);
  return 0;
}
