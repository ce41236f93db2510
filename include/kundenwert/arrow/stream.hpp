// Reading a stream of record batches: owners of the Arrow C structs, and the lookup of columns by name. Nothing is
// copied; what the interface lets a reader check (missing pointers, counts that disagree) is checked here once.
//
// References: Apache Arrow, "The Arrow C data interface" and "The Arrow C stream interface".
//
// An owner frees its struct exactly once. Columns taken from a batch keep the batch alive, so they may outlive it and
// the stream.
#pragma once

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/arrow/abi.hpp"
#include "kundenwert/base/error.hpp"

namespace kundenwert::arrow {

// Owns one of the three C structs: moves, never copies, releases at the end of its life.
template <class Struct>
class owned {
 public:
  owned() = default;
  // Takes over *source, which is marked as moved out. Null or already released: owns nothing.
  explicit owned(Struct* source) noexcept {
    if (source != nullptr) value_ = std::exchange(*source, Struct{});
  }
  owned(owned&& other) noexcept : value_(std::exchange(other.value_, Struct{})) {}
  owned& operator=(owned&& other) noexcept {
    if (this != &other) {
      reset();
      value_ = std::exchange(other.value_, Struct{});
    }
    return *this;
  }
  owned(const owned&) = delete;
  owned& operator=(const owned&) = delete;
  ~owned() { reset(); }

  explicit operator bool() const noexcept { return value_.release != nullptr; }
  Struct& operator*() noexcept { return value_; }
  const Struct& operator*() const noexcept { return value_; }
  Struct* operator->() noexcept { return &value_; }
  const Struct* operator->() const noexcept { return &value_; }

  // Gives the struct away: *out is overwritten and has to be released by its new holder.
  void move_to(Struct* out) noexcept { *out = std::exchange(value_, Struct{}); }
  void reset() noexcept {
    if (value_.release != nullptr) value_.release(&value_);
    value_ = Struct{};
  }

 private:
  Struct value_{};
};

// One column of a batch as it came: row i is entry offset + i of the buffers.
struct field {
  std::string name;
  const ArrowSchema* schema = nullptr;
  const ArrowArray* array = nullptr;
  std::int64_t offset = 0;
  std::int64_t rows = 0;
  std::int64_t first_row = 0;         // number of row 0 over all batches; no_row for the values of a dictionary
  std::shared_ptr<const void> owner;  // keeps schema and array alive
};

// Some rows of a table.
class record_batch {
 public:
  // Throws stream_failed where the batch disagrees with the schema; takes the array over in any case.
  record_batch(std::shared_ptr<const owned<ArrowSchema>> schema, owned<ArrowArray> array, std::int64_t first_row);

  std::int64_t rows() const noexcept { return content_->array->length; }
  std::int64_t first_row() const noexcept { return first_row_; }  // number of row 0 over all batches of the stream
  std::int64_t columns() const noexcept { return (*content_->schema)->n_children; }

  // The column of that number; number in [0, columns()).
  field at(std::int64_t number) const;
  // The column of that name; throws column_missing, naming the columns there are, where none or several have it.
  field named(std::string_view name) const;

 private:
  struct content {
    std::shared_ptr<const owned<ArrowSchema>> schema;
    owned<ArrowArray> array;
  };
  std::shared_ptr<const content> content_;
  std::int64_t first_row_ = 0;
};

// A table handed over as a stream of batches. Moves, never copies.
class stream {
 public:
  // Takes *source over (it is marked as moved out, even if this throws) and reads its schema. Throws null_argument for
  // null or a released stream, wrong_type where the stream is not one of record batches, stream_failed where the
  // producer fails or its schema is broken.
  explicit stream(ArrowArrayStream* source);

  const ArrowSchema& schema() const noexcept { return **schema_; }
  // True where a column has that name.
  bool has_column(std::string_view name) const noexcept;
  // Number of the column of that name; throws column_missing, naming the columns there are.
  std::int64_t column_number(std::string_view name) const;
  // Value of a metadata key of the table; none where the key is absent.
  std::optional<std::string> metadata(std::string_view key) const;

  // The next batch (it may have no rows); none at the end. Throws stream_failed with the producer's message.
  std::optional<record_batch> next();
  std::int64_t rows_read() const noexcept { return rows_read_; }

 private:
  owned<ArrowArrayStream> source_;
  std::shared_ptr<const owned<ArrowSchema>> schema_;
  std::int64_t rows_read_ = 0;
  bool ended_ = false;
};

namespace detail {

inline std::string_view text_or_empty(const char* text) { return text == nullptr ? std::string_view{} : text; }

[[noreturn]] inline void fail_broken(std::string_view argument, std::string_view what) {
  fail(error_code::stream_failed, argument, "breaks the Arrow C interface: " + std::string(what));
}

// Format present, children present and not released. Depth is bounded by what the imports read: table, column and the
// values of a dictionary.
inline void require_schema(const ArrowSchema& schema, std::string_view argument) {
  if (schema.release == nullptr) fail_broken(argument, "the schema is released");
  if (schema.format == nullptr) fail_broken(argument, "the schema has no format");
  if (schema.n_children < 0) fail_broken(argument, "the schema has a negative number of children");
  if (schema.n_children > 0 && schema.children == nullptr) fail_broken(argument, "the schema lacks its children");
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    if (schema.children[i] == nullptr) fail_broken(argument, "the schema lacks child " + std::to_string(i));
  }
}

// Counts in range, buffers and children present, offset + length representable.
inline void require_array(const ArrowArray& array, std::string_view argument) {
  if (array.release == nullptr) fail_broken(argument, "the array is released");
  if (array.length < 0 || array.offset < 0 || array.null_count < -1) {
    fail_broken(argument, "the array has a negative length, offset or null count");
  }
  if (array.length > std::numeric_limits<std::int64_t>::max() - 1 - array.offset) {
    fail_broken(argument, "the array's offset and length are too large");
  }
  if (array.n_buffers < 0 || (array.n_buffers > 0 && array.buffers == nullptr)) {
    fail_broken(argument, "the array lacks its buffers");
  }
  if (array.n_children < 0 || (array.n_children > 0 && array.children == nullptr)) {
    fail_broken(argument, "the array lacks its children");
  }
}

inline std::int64_t column_number(const ArrowSchema& table, std::string_view name) {
  std::int64_t found = -1;
  for (std::int64_t i = 0; i < table.n_children; ++i) {
    if (text_or_empty(table.children[i]->name) != name) continue;
    if (found >= 0) fail(error_code::column_missing, name, "names several columns of the table");
    found = i;
  }
  if (found >= 0) return found;
  std::string there;
  for (std::int64_t i = 0; i < table.n_children; ++i) {
    if (i > 0) there += ", ";
    there += text_or_empty(table.children[i]->name);
  }
  fail(error_code::column_missing, name, "is not in the table; its columns are: " + there);
}

// Rows of a batch are never null themselves; a struct column handed over as a table could have such rows.
inline void require_rows_present(const ArrowArray& table) {
  if (table.null_count == 0 || table.n_buffers == 0 || table.buffers[0] == nullptr) return;
  const auto* bits = static_cast<const std::uint8_t*>(table.buffers[0]);
  for (std::int64_t i = table.offset; i < table.offset + table.length; ++i) {
    if (((bits[i >> 3] >> (i & 7)) & 1) == 0) {
      fail(error_code::wrong_type, "stream", "is a struct column with null rows, not a table");
    }
  }
}

[[noreturn]] inline void fail_status(ArrowArrayStream& source, int status, std::string_view what) {
  if (status == ENOMEM) fail(error_code::out_of_memory, "stream", "memory ran out in the producer of the stream");
  std::string message(what);
  if (source.get_last_error != nullptr) {
    const std::string_view reported = text_or_empty(source.get_last_error(&source));
    if (!reported.empty()) message += ": ";
    for (const char c : reported) message += c == '\n' ? ' ' : c;  // messages are one line
  }
  fail(error_code::stream_failed, "stream", message + " (errno " + std::to_string(status) + ")");
}

}  // namespace detail

inline record_batch::record_batch(std::shared_ptr<const owned<ArrowSchema>> schema, owned<ArrowArray> array,
                                  std::int64_t first_row)
    : first_row_(first_row) {
  detail::require_array(*array, "stream");
  if (array->n_children != (*schema)->n_children) {
    detail::fail_broken("stream", "a batch has " + std::to_string(array->n_children) + " columns, its schema " +
                                      std::to_string((*schema)->n_children));
  }
  for (std::int64_t i = 0; i < array->n_children; ++i) {
    const std::string name(detail::text_or_empty((*schema)->children[i]->name));
    if (array->children[i] == nullptr) detail::fail_broken(name, "a batch lacks the column");
    const ArrowArray& child = *array->children[i];
    detail::require_array(child, name);
    if (child.length - array->offset < array->length) {
      detail::fail_broken(name, "the column has " + std::to_string(child.length) + " rows, its batch " +
                                    std::to_string(array->length) + " from " + std::to_string(array->offset));
    }
  }
  detail::require_rows_present(*array);
  auto kept = std::make_shared<content>();
  kept->schema = std::move(schema);
  kept->array = std::move(array);
  content_ = std::move(kept);
}

inline field record_batch::at(std::int64_t number) const {
  const ArrowArray& table = *content_->array;
  field f;
  f.schema = (*content_->schema)->children[number];
  f.array = table.children[number];
  f.name = detail::text_or_empty(f.schema->name);
  f.offset = table.offset + f.array->offset;
  f.rows = table.length;
  f.first_row = first_row_;
  f.owner = content_;
  return f;
}

inline field record_batch::named(std::string_view name) const {
  return at(detail::column_number(**content_->schema, name));
}

inline stream::stream(ArrowArrayStream* source) : source_(source) {
  if (!source_) fail(error_code::null_argument, "stream", "is null or was released before");
  if (source_->get_schema == nullptr || source_->get_next == nullptr) {
    detail::fail_broken("stream", "the stream lacks a callback");
  }
  ArrowSchema read{};
  const int status = source_->get_schema(&*source_, &read);
  if (status != 0) detail::fail_status(*source_, status, "the schema could not be read");
  owned<ArrowSchema> schema(&read);
  detail::require_schema(*schema, "stream");
  if (std::string_view(schema->format) != "+s") {
    fail(error_code::wrong_type, "stream",
         "is a single column (Arrow format \"" + std::string(schema->format) + "\"), needs a table of named columns");
  }
  for (std::int64_t i = 0; i < schema->n_children; ++i) {
    detail::require_schema(*schema->children[i], detail::text_or_empty(schema->children[i]->name));
  }
  schema_ = std::make_shared<const owned<ArrowSchema>>(std::move(schema));
}

inline bool stream::has_column(std::string_view name) const noexcept {
  for (std::int64_t i = 0; i < schema().n_children; ++i) {
    if (detail::text_or_empty(schema().children[i]->name) == name) return true;
  }
  return false;
}

inline std::int64_t stream::column_number(std::string_view name) const { return detail::column_number(schema(), name); }

inline std::optional<std::string> stream::metadata(std::string_view key) const {
  const char* position = schema().metadata;
  if (position == nullptr) return std::nullopt;
  const auto number = [&] {
    std::int32_t value = 0;
    std::memcpy(&value, position, sizeof value);
    position += sizeof value;
    if (value < 0) detail::fail_broken("stream", "the metadata has a negative length");
    return value;
  };
  const auto text = [&] {
    const std::int32_t length = number();
    const std::string_view value(position, static_cast<std::size_t>(length));
    position += length;
    return value;
  };
  const std::int32_t pairs = number();
  for (std::int32_t i = 0; i < pairs; ++i) {
    const std::string_view found = text();
    const std::string_view value = text();
    if (found == key) return std::string(value);
  }
  return std::nullopt;
}

inline std::optional<record_batch> stream::next() {
  if (ended_) return std::nullopt;
  ArrowArray read{};
  const int status = source_->get_next(&*source_, &read);
  if (status != 0) {
    ended_ = true;
    detail::fail_status(*source_, status, "a batch could not be read");
  }
  owned<ArrowArray> array(&read);
  if (!array) {
    ended_ = true;
    return std::nullopt;
  }
  record_batch batch(schema_, std::move(array), rows_read_);
  rows_read_ += batch.rows();
  return batch;
}

}  // namespace kundenwert::arrow
