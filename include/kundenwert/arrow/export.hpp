// A table of results that any Arrow consumer can read: named columns that share their memory, handed out as a stream of
// record batches, as often as asked for. Values are not copied; only validity bits and bit-packed flags are built.
//
//   arrow::table out = arrow::table().add("probability_alive", std::move(values)).add_reasons("reason", masks);
//   out.export_stream(&stream);      // the receiver releases it; the memory lives as long as any receiver needs it
//
// References: Apache Arrow, "The Arrow C data interface", "The Arrow C stream interface".
//
// added as          | Arrow type             | null where
// double            | float64                | NaN, unless nan_cells::are_values
// int64, int32      | int64, int32           | never; with zero_cells::are_null where 0
// uint8             | uint8                  | never
// days              | date32                 | no_day
// flags             | bool                   | never
// text              | large_utf8             | never
// names, codes      | large_utf8             | the code is 0
// masks, code lists | large_list<large_utf8> | never: a row without any has an empty list
#pragma once

#include <cerrno>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/arrow/abi.hpp"
#include "kundenwert/arrow/stream.hpp"
#include "kundenwert/base/check.hpp"
#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/model/summary.hpp"

namespace kundenwert::arrow {

// Values and what keeps them alive. Converts from a vector (which is moved in); the second form borrows from an object
// that is shared already.
template <class T>
struct shared_values {
  std::span<const T> values;
  std::shared_ptr<const void> owner;

  shared_values(std::vector<T> own) {
    auto kept = std::make_shared<const std::vector<T>>(std::move(own));
    values = *kept;
    owner = std::move(kept);
  }
  shared_values(std::span<const T> borrowed, std::shared_ptr<const void> keeper)
      : values(borrowed), owner(std::move(keeper)) {}
};

enum class nan_cells { are_null, are_values };
enum class zero_cells { are_null, are_values };

namespace detail {

// A column as it will be described to consumers; children only of lists.
struct exported_column {
  std::string name;
  std::string format;
  std::int64_t rows = 0;
  std::int64_t null_count = 0;
  std::vector<const void*> buffers;
  std::vector<std::shared_ptr<const void>> memory;
  std::vector<exported_column> children;
};

struct exported_table {
  std::vector<exported_column> columns;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::string packed_metadata;
  std::int64_t rows = 0;
};

}  // namespace detail

class table {
 public:
  // Each adds a column. Throws length_mismatch where its rows differ from the first column's, duplicate_id for a name
  // that is there already; then the table is as before.
  table& add(std::string name, shared_values<double> values, nan_cells nan = nan_cells::are_null);
  table& add(std::string name, shared_values<std::int64_t> values);
  table& add(std::string name, shared_values<std::int32_t> values, zero_cells zeros = zero_cells::are_values);
  table& add(std::string name, shared_values<std::uint8_t> values);
  // Civil days since 1970-01-01.
  table& add_days(std::string name, shared_values<std::int32_t> days);
  // 0 is false, everything else true.
  table& add_flags(std::string name, std::span<const std::uint8_t> flags);
  // Row i is the bytes [offsets[i], offsets[i + 1]); offsets start at 0 or above and do not decrease.
  table& add_text(std::string name, shared_values<char> bytes, shared_values<std::int64_t> offsets);
  // Row i is names[codes[i] - 1], as constants start at 1. Throws unknown_code for a code without a name.
  table& add_names(std::string name, std::span<const std::int32_t> codes, std::span<const std::string_view> names);
  // The name of a code in its table. Throws unknown_code for a code that is neither 0 nor in the table.
  table& add_codes(std::string name, std::span<const std::int32_t> codes, std::span<const code_entry> entries);
  // The names of the codes [offsets[i], offsets[i + 1]) in row i; offsets start at 0 and cover all codes. Throws
  // unknown_code for a code not in the table.
  table& add_code_lists(std::string name, std::span<const std::int32_t> codes, std::span<const std::int64_t> offsets,
                        std::span<const code_entry> entries);
  // The names of the bits of a mask in their table, or of a mask of reasons. Throws unknown_code for another bit.
  table& add_masks(std::string name, std::span<const std::uint32_t> masks, std::span<const code_entry> entries);
  table& add_reasons(std::string name, std::span<const std::uint32_t> masks) {
    return add_masks(std::move(name), masks, reasons);
  }
  // Ids as int64 or text, borrowed from an object that owner keeps alive; a column is null where it says so.
  table& add_ids(std::string name, const customer_ids& ids, std::shared_ptr<const void> owner);
  table& add_ids(std::string name, const id_column& ids, std::shared_ptr<const void> owner);

  // Keys and values that travel with the schema; a key set twice keeps the last value.
  table& set_metadata(std::string_view key, std::string_view value);

  std::int64_t rows() const noexcept { return content_.rows; }
  std::int64_t columns() const noexcept { return static_cast<std::int64_t>(content_.columns.size()); }

  // Fills *out (its content is overwritten) with a stream of batches of at most batch_rows rows (> 0; all rows in one
  // batch by default). The stream owns what it needs and is independent of this table. A table without rows gives no
  // batch, only its schema. Throws null_argument, domain.
  void export_stream(ArrowArrayStream* out, std::int64_t batch_rows = std::numeric_limits<std::int64_t>::max()) const;

 private:
  table& append(detail::exported_column column);

  detail::exported_table content_;
};

namespace detail {

// What an exported struct keeps until it is released; children that were moved out are left alone.
template <class Struct>
struct exported_content {
  std::shared_ptr<const void> owner;
  std::vector<owned<Struct>> children;
  std::vector<Struct*> child_pointers;
  std::vector<const void*> buffers;

  void point_to_children() {
    for (auto& child : children) child_pointers.push_back(&*child);
  }
};

template <class Struct>
void release_exported(Struct* exported) {
  delete static_cast<exported_content<Struct>*>(exported->private_data);
  *exported = Struct{};
}

// Hands the content over to the struct, whose release callback frees it.
template <class Struct>
owned<Struct> own_exported(Struct& exported, std::unique_ptr<exported_content<Struct>> content) {
  exported.n_children = static_cast<std::int64_t>(content->child_pointers.size());
  exported.children = content->child_pointers.empty() ? nullptr : content->child_pointers.data();
  exported.private_data = content.release();
  exported.release = &release_exported<Struct>;
  return owned<Struct>(&exported);
}

inline owned<ArrowSchema> export_schema(const std::shared_ptr<const exported_table>& from, const exported_column& c) {
  auto content = std::make_unique<exported_content<ArrowSchema>>();
  content->owner = from;
  for (const auto& child : c.children) content->children.push_back(export_schema(from, child));
  content->point_to_children();
  ArrowSchema schema{};
  schema.format = c.format.c_str();
  schema.name = c.name.c_str();
  schema.flags = ARROW_FLAG_NULLABLE;
  return own_exported(schema, std::move(content));
}

inline owned<ArrowSchema> export_table_schema(const std::shared_ptr<const exported_table>& from) {
  auto content = std::make_unique<exported_content<ArrowSchema>>();
  content->owner = from;
  for (const auto& column : from->columns) content->children.push_back(export_schema(from, column));
  content->point_to_children();
  ArrowSchema schema{};
  schema.format = "+s";
  schema.name = "";
  schema.metadata = from->packed_metadata.empty() ? nullptr : from->packed_metadata.data();
  return own_exported(schema, std::move(content));
}

inline owned<ArrowArray> export_array(const std::shared_ptr<const exported_table>& from, const exported_column& c,
                                      std::int64_t begin, std::int64_t rows) {
  auto content = std::make_unique<exported_content<ArrowArray>>();
  content->owner = from;
  content->buffers = c.buffers;
  for (const auto& child : c.children) content->children.push_back(export_array(from, child, 0, child.rows));
  content->point_to_children();
  ArrowArray array{};
  array.length = rows;
  array.offset = begin;
  const bool is_whole = rows == c.rows;
  array.null_count = c.null_count == 0 || is_whole ? c.null_count : -1;
  array.n_buffers = static_cast<std::int64_t>(content->buffers.size());
  array.buffers = content->buffers.data();
  return own_exported(array, std::move(content));
}

inline owned<ArrowArray> export_batch(const std::shared_ptr<const exported_table>& from, std::int64_t begin,
                                      std::int64_t rows) {
  auto content = std::make_unique<exported_content<ArrowArray>>();
  content->owner = from;
  content->buffers.push_back(nullptr);  // rows of a table are never null
  for (const auto& column : from->columns) content->children.push_back(export_array(from, column, begin, rows));
  content->point_to_children();
  ArrowArray array{};
  array.length = rows;
  array.n_buffers = 1;
  array.buffers = content->buffers.data();
  return own_exported(array, std::move(content));
}

// The state of a stream that is being read. Callbacks are called through C: nothing may be thrown out of them.
struct exported_stream {
  std::shared_ptr<const exported_table> source;
  std::int64_t batch_rows = 0;
  std::int64_t next_row = 0;

  static exported_stream& of(ArrowArrayStream* stream) { return *static_cast<exported_stream*>(stream->private_data); }

  static int read_schema(ArrowArrayStream* stream, ArrowSchema* out) noexcept {
    try {
      export_table_schema(of(stream).source).move_to(out);
      return 0;
    } catch (const std::bad_alloc&) {
      return ENOMEM;
    } catch (...) {
      return EIO;
    }
  }
  static int read_next(ArrowArrayStream* stream, ArrowArray* out) noexcept {
    exported_stream& state = of(stream);
    const std::int64_t left = state.source->rows - state.next_row;
    const std::int64_t rows = left < state.batch_rows ? left : state.batch_rows;
    try {
      *out = ArrowArray{};
      if (rows > 0) export_batch(state.source, state.next_row, rows).move_to(out);
      state.next_row += rows;
      return 0;
    } catch (const std::bad_alloc&) {
      return ENOMEM;
    } catch (...) {
      return EIO;
    }
  }
  // The only failure is want of memory, which the code says.
  static const char* last_error(ArrowArrayStream*) noexcept { return nullptr; }
  static void release(ArrowArrayStream* stream) noexcept {
    delete &of(stream);
    *stream = ArrowArrayStream{};
  }
};

// Consumers may refuse a null pointer even where there is nothing to read.
alignas(64) inline constexpr unsigned char no_bytes[64] = {};

inline const void* address(const void* data) { return data == nullptr ? no_bytes : data; }

template <class T>
exported_column plain_column(std::string name, std::string format, shared_values<T> values) {
  exported_column c;
  c.name = std::move(name);
  c.format = std::move(format);
  c.rows = static_cast<std::int64_t>(values.values.size());
  c.buffers = {nullptr, address(values.values.data())};
  c.memory.push_back(std::move(values.owner));
  return c;
}

inline exported_column text_column_of(std::string name, shared_values<char> bytes,
                                      shared_values<std::int64_t> offsets) {
  require_not_empty(static_cast<std::int64_t>(offsets.values.size()), name);
  exported_column c = plain_column(std::move(name), "U", std::move(offsets));
  --c.rows;
  c.buffers.push_back(address(bytes.values.data()));
  c.memory.push_back(std::move(bytes.owner));
  return c;
}

// One bit per row, least significant first.
template <class IsSet>
std::shared_ptr<const std::vector<std::uint8_t>> pack_bits(std::int64_t rows, std::int64_t& set, IsSet&& is_set) {
  auto bits = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>((rows + 7) / 8));
  set = 0;
  for (std::int64_t i = 0; i < rows; ++i) {
    if (!is_set(static_cast<std::size_t>(i))) continue;
    auto& byte = (*bits)[static_cast<std::size_t>(i >> 3)];
    byte = static_cast<std::uint8_t>(byte | (1U << (i & 7)));
    ++set;
  }
  return bits;
}

// Marks the rows that are not valid as null; without any the column stays without validity bits.
template <class IsValid>
void set_nulls(exported_column& c, IsValid&& is_valid) {
  std::int64_t valid = 0;
  auto bits = pack_bits(c.rows, valid, is_valid);
  c.null_count = c.rows - valid;
  if (c.null_count == 0) return;
  c.buffers[0] = bits->data();
  c.memory.push_back(std::move(bits));
}

// Text put together piece by piece.
struct text_pieces {
  std::vector<char> bytes;
  std::vector<std::int64_t> offsets{0};

  void append(std::string_view piece) {
    bytes.insert(bytes.end(), piece.begin(), piece.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
};

inline exported_column list_column(std::string name, text_pieces text, std::vector<std::int64_t> ends) {
  auto c = plain_column<std::int64_t>(std::move(name), "+L", std::move(ends));
  --c.rows;
  c.children.push_back(text_column_of("item", std::move(text.bytes), std::move(text.offsets)));
  return c;
}

inline std::string_view name_at(std::int32_t code, std::size_t row, std::span<const code_entry> entries,
                                std::string_view column) {
  const std::string_view name = name_of(entries, static_cast<std::uint32_t>(code));
  if (name.empty()) {
    fail_at(error_code::unknown_code, column, static_cast<std::int64_t>(row), std::to_string(code) + " has no name");
  }
  return name;
}

inline std::string pack_metadata(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string out;
  const auto number = [&](std::size_t value) {
    const auto length = static_cast<std::int32_t>(value);
    out.append(reinterpret_cast<const char*>(&length), sizeof length);
  };
  number(pairs.size());
  for (const auto& [key, value] : pairs) {
    number(key.size());
    out += key;
    number(value.size());
    out += value;
  }
  return out;
}

}  // namespace detail

inline table& table::append(detail::exported_column column) {
  for (const auto& there : content_.columns) {
    if (there.name == column.name) fail(error_code::duplicate_id, column.name, "names a column of the table already");
  }
  if (!content_.columns.empty()) require_same_length(content_.rows, column.rows, column.name);
  const std::int64_t rows = column.rows;
  content_.columns.push_back(std::move(column));
  content_.rows = rows;
  return *this;
}

inline table& table::add(std::string name, shared_values<double> values, nan_cells nan) {
  const std::span<const double> read = values.values;
  auto c = detail::plain_column(std::move(name), "g", std::move(values));
  if (nan == nan_cells::are_null) detail::set_nulls(c, [&](std::size_t i) { return !std::isnan(read[i]); });
  return append(std::move(c));
}
inline table& table::add(std::string name, shared_values<std::int64_t> values) {
  return append(detail::plain_column(std::move(name), "l", std::move(values)));
}
inline table& table::add(std::string name, shared_values<std::int32_t> values, zero_cells zeros) {
  const std::span<const std::int32_t> read = values.values;
  auto c = detail::plain_column(std::move(name), "i", std::move(values));
  if (zeros == zero_cells::are_null) detail::set_nulls(c, [&](std::size_t i) { return read[i] != 0; });
  return append(std::move(c));
}
inline table& table::add(std::string name, shared_values<std::uint8_t> values) {
  return append(detail::plain_column(std::move(name), "C", std::move(values)));
}

inline table& table::add_days(std::string name, shared_values<std::int32_t> days) {
  const std::span<const std::int32_t> read = days.values;
  auto c = detail::plain_column(std::move(name), "tdD", std::move(days));
  detail::set_nulls(c, [&](std::size_t i) { return read[i] != no_day; });
  return append(std::move(c));
}

inline table& table::add_flags(std::string name, std::span<const std::uint8_t> flags) {
  std::int64_t set = 0;
  const auto rows = static_cast<std::int64_t>(flags.size());
  auto bits = detail::pack_bits(rows, set, [&](std::size_t i) { return flags[i] != 0; });
  auto c = detail::plain_column(std::move(name), "b", shared_values<std::uint8_t>(*bits, bits));
  c.rows = rows;
  return append(std::move(c));
}

inline table& table::add_text(std::string name, shared_values<char> bytes, shared_values<std::int64_t> offsets) {
  return append(detail::text_column_of(std::move(name), std::move(bytes), std::move(offsets)));
}

inline table& table::add_names(std::string name, std::span<const std::int32_t> codes,
                               std::span<const std::string_view> names) {
  detail::text_pieces text;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (codes[i] < 0 || codes[i] > static_cast<std::int64_t>(names.size())) {
      fail_at(error_code::unknown_code, name, static_cast<std::int64_t>(i), std::to_string(codes[i]) + " has no name");
    }
    text.append(codes[i] == 0 ? std::string_view{} : names[static_cast<std::size_t>(codes[i]) - 1]);
  }
  auto c = detail::text_column_of(std::move(name), std::move(text.bytes), std::move(text.offsets));
  detail::set_nulls(c, [&](std::size_t i) { return codes[i] != 0; });
  return append(std::move(c));
}

inline table& table::add_codes(std::string name, std::span<const std::int32_t> codes,
                               std::span<const code_entry> entries) {
  detail::text_pieces text;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    text.append(codes[i] == 0 ? std::string_view{} : detail::name_at(codes[i], i, entries, name));
  }
  auto c = detail::text_column_of(std::move(name), std::move(text.bytes), std::move(text.offsets));
  detail::set_nulls(c, [&](std::size_t i) { return codes[i] != 0; });
  return append(std::move(c));
}

inline table& table::add_code_lists(std::string name, std::span<const std::int32_t> codes,
                                    std::span<const std::int64_t> offsets, std::span<const code_entry> entries) {
  detail::text_pieces text;
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
    for (auto k = static_cast<std::size_t>(offsets[i]); k < static_cast<std::size_t>(offsets[i + 1]); ++k) {
      text.append(detail::name_at(codes[k], i, entries, name));
    }
  }
  return append(detail::list_column(std::move(name), std::move(text), {offsets.begin(), offsets.end()}));
}

inline table& table::add_masks(std::string name, std::span<const std::uint32_t> masks,
                               std::span<const code_entry> entries) {
  detail::text_pieces text;
  std::vector<std::int64_t> ends{0};
  for (std::size_t i = 0; i < masks.size(); ++i) {
    std::uint32_t left = masks[i];
    for (const auto& known : entries) {
      if ((left & known.number) != 0) text.append(known.name);
      left &= ~known.number;
    }
    if (left != 0) {
      fail_at(error_code::unknown_code, name, static_cast<std::int64_t>(i), "has bits without a name");
    }
    ends.push_back(static_cast<std::int64_t>(text.offsets.size()) - 1);
  }
  return append(detail::list_column(std::move(name), std::move(text), std::move(ends)));
}

inline table& table::add_ids(std::string name, const customer_ids& ids, std::shared_ptr<const void> owner) {
  if (!ids.is_text) return add(std::move(name), shared_values<std::int64_t>(ids.numbers, std::move(owner)));
  if (ids.offsets.empty()) return add_text(std::move(name), std::vector<char>{}, std::vector<std::int64_t>{0});
  return add_ids(std::move(name), text_column{ids.text.data(), ids.offsets, {}}, std::move(owner));
}

inline table& table::add_ids(std::string name, const id_column& ids, std::shared_ptr<const void> owner) {
  const auto* numbers = std::get_if<column<std::int64_t>>(&ids);
  const auto text = numbers != nullptr ? text_column{} : std::get<text_column>(ids);
  auto c = numbers != nullptr ? detail::plain_column<std::int64_t>(std::move(name), "l", {numbers->values, owner})
                              : detail::text_column_of(std::move(name), {{text.data, 0}, owner}, {text.offsets, owner});
  detail::set_nulls(c, [&](std::size_t i) { return is_valid(ids, static_cast<std::int64_t>(i)); });
  return append(std::move(c));
}

inline table& table::set_metadata(std::string_view key, std::string_view value) {
  auto& pairs = content_.metadata;
  bool found = false;
  for (auto& [there, content] : pairs) {
    if (there != key) continue;
    content = value;
    found = true;
  }
  if (!found) pairs.emplace_back(key, value);
  content_.packed_metadata = detail::pack_metadata(pairs);
  return *this;
}

inline void table::export_stream(ArrowArrayStream* out, std::int64_t batch_rows) const {
  if (out == nullptr) fail(error_code::null_argument, "stream", "is null");
  if (batch_rows <= 0) fail(error_code::domain, "batch_rows", "must be above zero");
  auto state = std::make_unique<detail::exported_stream>();
  state->source = std::make_shared<const detail::exported_table>(content_);
  state->batch_rows = batch_rows;
  ArrowArrayStream stream{};
  stream.get_schema = &detail::exported_stream::read_schema;
  stream.get_next = &detail::exported_stream::read_next;
  stream.get_last_error = &detail::exported_stream::last_error;
  stream.release = &detail::exported_stream::release;
  stream.private_data = state.release();
  *out = stream;
}

}  // namespace kundenwert::arrow
