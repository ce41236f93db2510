// Handles, and arguments of the C interface as the core takes them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "guard.hpp"
#include "kundenwert.h"
#include "kundenwert/base/check.hpp"
#include "kundenwert/base/column.hpp"
#include "kundenwert/base/parallel.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/model/customer_base.hpp"
#include "kundenwert/model/summary.hpp"

struct kw_accumulator {
  kundenwert::accumulator value;
  int threads;
};

// Shared with the Arrow streams that were exported from it.
struct kw_summary {
  std::shared_ptr<const kundenwert::summary> value;
};

struct kw_model {
  kundenwert::btyd::model value;
  kundenwert::btyd::effect_map effects;  // of the model, with the names of its coefficients

  explicit kw_model(kundenwert::btyd::model m)
      : value(std::move(m)), effects(kundenwert::btyd::effects_of(value.info().parameters, value.effects)) {}
};

struct kw_base {
  std::shared_ptr<const kundenwert::customer_base> value;
};

namespace kundenwert::c {

inline int threads_of(std::int32_t threads) {
  if (threads < 0) fail(error_code::domain, "threads", "is negative: " + std::to_string(threads));
  return threads;
}

// The caller's callback as the core calls it. Must outlive the call it is given to.
struct progress_call {
  kw_progress callback;
  void* context;

  progress watch() {
    if (callback == nullptr) return {};
    return {[](void* self, double done) {
              const auto& call = *static_cast<const progress_call*>(self);
              return call.callback(call.context, done) == 0;
            },
            this};
  }
};

inline std::int64_t require_rows(std::int64_t rows, std::string_view argument = "rows") {
  if (rows < 0) fail(error_code::domain, argument, "is negative: " + std::to_string(rows));
  return rows;
}

// `length` values; NULL only where there are none.
template <class T>
std::span<T> span_of(T* values, std::int64_t length, std::string_view argument) {
  if (require_rows(length, argument) > 0) require_pointer(values, argument);
  return {values, static_cast<std::size_t>(values == nullptr ? 0 : length)};
}

// An output of exactly `rows` values.
template <class T>
std::span<T> output_of(T* out, std::int64_t out_length, std::int64_t rows, std::string_view argument = "out") {
  require_same_length(rows, out_length, argument);
  return span_of(out, out_length, argument);
}

// An output that may be left away; then it is empty.
template <class T>
std::span<T> optional_output_of(T* out, std::int64_t out_length, std::int64_t rows, std::string_view argument) {
  if (out == nullptr) return {};
  return output_of(out, out_length, rows, argument);
}

// The core's column of reasons, and the caller's that it is copied to at the end.
struct reason_output {
  std::span<std::uint32_t> to;
  std::vector<reason> found;

  reason_output(std::uint32_t* out, std::int64_t length, std::int64_t rows)
      : to(optional_output_of(out, length, rows, "reasons")), found(to.size()) {}

  void write() noexcept { write(found); }
  void write(std::span<const reason> reasons) noexcept {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<std::uint32_t>(reasons[i]);
  }
};

inline validity_bitmap validity_of(const std::uint8_t* bits) { return {bits, 0}; }

// A column of texts whose offsets may be anything. `first_row` is the number of row 0 over all batches.
inline text_column text_of(const char* text, const std::int64_t* offsets, const std::uint8_t* validity,
                           std::int64_t rows, std::int64_t first_row, std::string_view argument) {
  if (rows == 0) return {};
  require_pointer(offsets, argument);
  if (offsets[0] < 0) fail_at(error_code::domain, argument, first_row, "begins at a negative offset");
  for (std::int64_t i = 0; i < rows; ++i) {
    if (offsets[i + 1] < offsets[i]) fail_at(error_code::domain, argument, first_row + i, "ends before it begins");
  }
  if (offsets[rows] > offsets[0]) require_pointer(text, argument);
  return {text, {offsets, static_cast<std::size_t>(rows) + 1}, validity_of(validity)};
}

}  // namespace kundenwert::c
