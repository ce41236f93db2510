#include "kundenwert/arrow/abi.hpp"

// A second definition under the same guards, as every header that follows the specification has: it must be skipped.
#ifndef ARROW_C_DATA_INTERFACE
#error "the guard of the C data interface is missing"
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#error "the guard of the C stream interface is missing"
#endif

#include <cstddef>
#include <type_traits>

#include <doctest/doctest.h>

// The layout of the specification: pointers and int64 in the stated order, without gaps on a 64-bit machine.
TEST_CASE("the structs have the layout of the Arrow C data interface") {
  static_assert(std::is_standard_layout_v<ArrowSchema> && std::is_trivial_v<ArrowSchema>);
  static_assert(std::is_standard_layout_v<ArrowArray> && std::is_trivial_v<ArrowArray>);
  static_assert(std::is_standard_layout_v<ArrowArrayStream> && std::is_trivial_v<ArrowArrayStream>);
  if (sizeof(void*) != 8) return;
  CHECK(sizeof(ArrowSchema) == 72);
  CHECK(offsetof(ArrowSchema, flags) == 24);
  CHECK(offsetof(ArrowSchema, children) == 40);
  CHECK(offsetof(ArrowSchema, dictionary) == 48);
  CHECK(offsetof(ArrowSchema, release) == 56);
  CHECK(sizeof(ArrowArray) == 80);
  CHECK(offsetof(ArrowArray, offset) == 16);
  CHECK(offsetof(ArrowArray, buffers) == 40);
  CHECK(offsetof(ArrowArray, children) == 48);
  CHECK(offsetof(ArrowArray, release) == 64);
  CHECK(sizeof(ArrowArrayStream) == 40);
  CHECK(offsetof(ArrowArrayStream, release) == 24);
}

TEST_CASE("the flags have the values of the specification") {
  CHECK(ARROW_FLAG_DICTIONARY_ORDERED == 1);
  CHECK(ARROW_FLAG_NULLABLE == 2);
  CHECK(ARROW_FLAG_MAP_KEYS_SORTED == 4);
}
