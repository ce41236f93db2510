// The three C structs of the Arrow C Data and C Stream interfaces, through which tables cross library and language
// borders without copies. They are plain C, in the global namespace, under the guards the specification prescribes, so
// that they coexist with the same definitions in other headers.
//
// References: Apache Arrow, "The Arrow C data interface" and "The Arrow C stream interface".
//
// The rules everything in this folder relies on:
// - a struct whose `release` is null is empty: already released, moved out, or (from get_next) the end of the stream;
// - the holder calls `release` exactly once; it frees the children that were not moved out and sets itself to null;
// - a struct is moved by copying its bytes and setting `release` of the source to null.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

// The type of a column, or of a table: format "+s" with one child per column.
struct ArrowSchema {
  const char* format;    // type in the specification's letters: "l" int64, "g" float64, "u" utf8, "tdD" date32, ...
  const char* name;      // may be null
  const char* metadata;  // may be null; int32 count, then int32 length and bytes of every key and value
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;  // type of the values where the column holds indices into a dictionary

  void (*release)(struct ArrowSchema*);
  void* private_data;
};

// The values of a column, or of a batch of rows.
struct ArrowArray {
  int64_t length;
  int64_t null_count;  // -1: not counted
  int64_t offset;      // rows to skip in every buffer (and, of a table, in every child)
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;  // [0] validity bits, may be null; then what the format says
  struct ArrowArray** children;
  struct ArrowArray* dictionary;

  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif  // ARROW_C_DATA_INTERFACE

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

// Batches of one schema, handed over one after the other. The callbacks return 0 or an errno code.
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);  // out->release is null at the end
  const char* (*get_last_error)(struct ArrowArrayStream*);            // may return null; valid until the next call

  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif  // ARROW_C_STREAM_INTERFACE

#ifdef __cplusplus
}
#endif
