// Arrow streams put together by hand, byte for byte as the specification says, that count what is made and released.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kundenwert/arrow/abi.hpp"

namespace kundenwert::test {

using byte_buffer = std::vector<std::uint8_t>;

// The bytes of some numbers in memory order.
template <class T>
byte_buffer bytes_of(const std::vector<T>& values) {
  byte_buffer out(values.size() * sizeof(T));
  if (!out.empty()) std::memcpy(out.data(), values.data(), out.size());
  return out;
}
inline byte_buffer bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

// Buffers are exactly as given; none is a null pointer.
struct handmade_column {
  std::string name;
  std::string format;
  std::int64_t length = 0;
  std::vector<std::optional<byte_buffer>> buffers = {};
  std::int64_t offset = 0;
  std::int64_t null_count = 0;
  std::shared_ptr<handmade_column> dictionary = nullptr;
};

struct handmade_batch {
  std::vector<handmade_column> columns;
  std::int64_t length = 0;
  std::int64_t offset = 0;
};

struct release_counts {
  int streams_released = 0;
  int schemas_made = 0;
  int schemas_released = 0;
  int arrays_made = 0;
  int arrays_released = 0;
};

// What a handmade stream does besides handing over its batches.
struct handmade_options {
  std::function<void(ArrowSchema&)> bend_schema = nullptr;  // called before the schema is handed over
  std::function<void(ArrowArray&)> bend_array = nullptr;
  int schema_status = 0;
  int next_status = 0;  // of the call after the last batch
  const char* message = nullptr;
  std::string table_format = "+s";
};

namespace handmade {

// Owns everything a struct points to, so that a bent struct is still released rightly.
template <class Struct>
struct storage {
  std::string format, name;
  std::vector<byte_buffer> data;
  std::vector<const void*> buffers;
  std::vector<std::unique_ptr<Struct>> children;
  std::vector<Struct*> pointers;
  std::unique_ptr<Struct> dictionary;
  int* released = nullptr;
};

template <class Struct>
void release(Struct* s) {
  auto* kept = static_cast<storage<Struct>*>(s->private_data);
  ++*kept->released;
  for (auto& child : kept->children) {
    if (child->release != nullptr) child->release(child.get());
  }
  if (kept->dictionary && kept->dictionary->release != nullptr) kept->dictionary->release(kept->dictionary.get());
  delete kept;
  s->release = nullptr;
}

template <class Struct>
void finish(Struct& s, storage<Struct>* kept, int& made, int& released) {
  for (auto& child : kept->children) kept->pointers.push_back(child.get());
  s.n_children = static_cast<std::int64_t>(kept->pointers.size());
  s.children = kept->pointers.empty() ? nullptr : kept->pointers.data();
  s.dictionary = kept->dictionary.get();
  s.private_data = kept;
  s.release = &release<Struct>;
  kept->released = &released;
  ++made;
}

inline ArrowSchema schema_of(const handmade_column& c, release_counts& counts) {
  auto* kept = new storage<ArrowSchema>;
  kept->format = c.format;
  kept->name = c.name;
  if (c.dictionary) kept->dictionary = std::make_unique<ArrowSchema>(schema_of(*c.dictionary, counts));
  ArrowSchema s{};
  s.format = kept->format.c_str();
  s.name = kept->name.c_str();
  s.flags = ARROW_FLAG_NULLABLE;
  finish(s, kept, counts.schemas_made, counts.schemas_released);
  return s;
}

inline ArrowArray array_of(const handmade_column& c, release_counts& counts) {
  auto* kept = new storage<ArrowArray>;
  kept->data.reserve(c.buffers.size());
  for (const auto& buffer : c.buffers) {
    if (buffer) kept->data.push_back(*buffer);
    kept->buffers.push_back(buffer ? kept->data.back().data() : nullptr);
  }
  if (c.dictionary) kept->dictionary = std::make_unique<ArrowArray>(array_of(*c.dictionary, counts));
  ArrowArray a{};
  a.length = c.length;
  a.offset = c.offset;
  a.null_count = c.null_count;
  a.n_buffers = static_cast<std::int64_t>(kept->buffers.size());
  a.buffers = kept->buffers.data();
  finish(a, kept, counts.arrays_made, counts.arrays_released);
  return a;
}

struct producer {
  std::vector<handmade_column> columns;
  std::vector<handmade_batch> batches;
  handmade_options options;
  release_counts* counts = nullptr;
  std::size_t next = 0;

  static producer& of(ArrowArrayStream* s) { return *static_cast<producer*>(s->private_data); }
  static int get_schema(ArrowArrayStream* s, ArrowSchema* out) {
    producer& self = of(s);
    if (self.options.schema_status != 0) return self.options.schema_status;
    auto* kept = new storage<ArrowSchema>;
    kept->format = self.options.table_format;
    for (const auto& c : self.columns) {
      kept->children.push_back(std::make_unique<ArrowSchema>(schema_of(c, *self.counts)));
    }
    *out = {};
    out->format = kept->format.c_str();
    finish(*out, kept, self.counts->schemas_made, self.counts->schemas_released);
    if (self.options.bend_schema) self.options.bend_schema(*out);
    return 0;
  }
  static int get_next(ArrowArrayStream* s, ArrowArray* out) {
    producer& self = of(s);
    *out = {};
    if (self.next == self.batches.size()) return self.options.next_status;
    const handmade_batch& batch = self.batches[self.next++];
    auto* kept = new storage<ArrowArray>;
    for (const auto& c : batch.columns) {
      kept->children.push_back(std::make_unique<ArrowArray>(array_of(c, *self.counts)));
    }
    kept->buffers = {nullptr};
    out->length = batch.length;
    out->offset = batch.offset;
    out->n_buffers = 1;
    out->buffers = kept->buffers.data();
    finish(*out, kept, self.counts->arrays_made, self.counts->arrays_released);
    if (self.options.bend_array) self.options.bend_array(*out);
    return 0;
  }
  static const char* get_last_error(ArrowArrayStream* s) { return of(s).options.message; }
  static void release(ArrowArrayStream* s) {
    ++of(s).counts->streams_released;
    delete &of(s);
    s->release = nullptr;
  }
};

}  // namespace handmade

// A stream of these batches, with the schema of the first.
inline ArrowArrayStream handmade_stream(std::vector<handmade_batch> batches, release_counts& counts,
                                        handmade_options options = {}) {
  auto* state = new handmade::producer;
  if (!batches.empty()) state->columns = batches.front().columns;
  state->batches = std::move(batches);
  state->options = std::move(options);
  state->counts = &counts;
  ArrowArrayStream s{};
  s.get_schema = &handmade::producer::get_schema;
  s.get_next = &handmade::producer::get_next;
  s.get_last_error = &handmade::producer::get_last_error;
  s.release = &handmade::producer::release;
  s.private_data = state;
  return s;
}

// A stream of one batch with one column, of the column's length.
inline ArrowArrayStream handmade_stream(handmade_column only, release_counts& counts, handmade_options options = {}) {
  const std::int64_t length = only.length;
  return handmade_stream({handmade_batch{{std::move(only)}, length}}, counts, std::move(options));
}

}  // namespace kundenwert::test
