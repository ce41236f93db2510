/* The Arrow C interface as a program without Arrow defines it, and a stream of batches to read from. */
#ifndef KW_TESTS_C_ARROW_H
#define KW_TESTS_C_ARROW_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#define LOG_COLUMNS 3

/* A log of int64, date32 and float64 columns, handed out in batches of batch_rows; the values are borrowed. */
typedef struct log_stream {
  const int64_t* customer_id;
  const int32_t* date;
  const double* amount;
  int64_t rows;
  int64_t batch_rows;
  int64_t next_row;
  int releases; /* of the stream */
  int batches_alive;
} log_stream;

typedef struct log_schema {
  struct ArrowSchema columns[LOG_COLUMNS];
  struct ArrowSchema* children[LOG_COLUMNS];
} log_schema;

typedef struct log_batch {
  struct ArrowArray columns[LOG_COLUMNS];
  struct ArrowArray* children[LOG_COLUMNS];
  const void* buffers[LOG_COLUMNS][2];
  const void* no_validity[1];
  log_stream* of;
} log_batch;

static inline void release_log_child_schema(struct ArrowSchema* schema) { schema->release = NULL; }
static inline void release_log_schema(struct ArrowSchema* schema) {
  free(schema->private_data);
  schema->release = NULL;
}
static inline int get_log_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
  static const char* const formats[LOG_COLUMNS] = {"l", "tdD", "g"};
  static const char* const names[LOG_COLUMNS] = {"customer_id", "date", "amount"};
  log_schema* content = calloc(1, sizeof *content);
  (void)stream;
  memset(out, 0, sizeof *out);
  if (content == NULL) return 12; /* ENOMEM */
  for (int i = 0; i < LOG_COLUMNS; ++i) {
    content->columns[i].format = formats[i];
    content->columns[i].name = names[i];
    content->columns[i].flags = 2;
    content->columns[i].release = release_log_child_schema;
    content->children[i] = &content->columns[i];
  }
  out->format = "+s";
  out->name = "";
  out->n_children = LOG_COLUMNS;
  out->children = content->children;
  out->release = release_log_schema;
  out->private_data = content;
  return 0;
}

static inline void release_log_child(struct ArrowArray* array) { array->release = NULL; }
static inline void release_log_batch(struct ArrowArray* array) {
  log_batch* content = array->private_data;
  --content->of->batches_alive;
  free(content);
  array->release = NULL;
}
static inline int get_log_batch(struct ArrowArrayStream* stream, struct ArrowArray* out) {
  log_stream* from = stream->private_data;
  log_batch* content;
  int64_t rows = from->rows - from->next_row;
  const void* values[LOG_COLUMNS];
  memset(out, 0, sizeof *out);
  if (rows == 0) return 0;
  if (rows > from->batch_rows) rows = from->batch_rows;
  content = calloc(1, sizeof *content);
  if (content == NULL) return 12;
  values[0] = from->customer_id + from->next_row;
  values[1] = from->date + from->next_row;
  values[2] = from->amount + from->next_row;
  for (int i = 0; i < LOG_COLUMNS; ++i) {
    content->buffers[i][1] = values[i];
    content->columns[i].length = rows;
    content->columns[i].n_buffers = 2;
    content->columns[i].buffers = content->buffers[i];
    content->columns[i].release = release_log_child;
    content->children[i] = &content->columns[i];
  }
  content->of = from;
  out->length = rows;
  out->n_buffers = 1;
  out->buffers = content->no_validity;
  out->n_children = LOG_COLUMNS;
  out->children = content->children;
  out->release = release_log_batch;
  out->private_data = content;
  from->next_row += rows;
  ++from->batches_alive;
  return 0;
}
static inline const char* last_log_error(struct ArrowArrayStream* stream) {
  (void)stream;
  return NULL;
}
static inline void release_log_stream(struct ArrowArrayStream* stream) {
  log_stream* from = stream->private_data;
  ++from->releases;
  stream->release = NULL;
}

static inline struct ArrowArrayStream stream_of(log_stream* from) {
  struct ArrowArrayStream out;
  from->next_row = 0;
  out.get_schema = get_log_schema;
  out.get_next = get_log_batch;
  out.get_last_error = last_log_error;
  out.release = release_log_stream;
  out.private_data = from;
  return out;
}

#endif
