// Ids of customers, copied out: for summaries and customer bases alike.
#pragma once

#include <algorithm>
#include <cstdint>

#include "convert.hpp"
#include "tables.hpp"

namespace kundenwert::c {

inline id_type id_type_of(const customer_ids& ids) {
  if (ids.is_text) return id_type::text;
  return ids.numbers.empty() ? id_type::none : id_type::number;
}

// Without rows there is nothing that could be of the wrong type.
inline void require_ids(const customer_ids& ids, id_type wanted, std::int64_t rows) {
  const auto found = id_type_of(ids);
  if (found == wanted || rows == 0) return;
  fail(error_code::wrong_type, "customer_id",
       found == id_type::none     ? "there are no ids"
       : found == id_type::number ? "ids are numbers"
                                  : "ids are text");
}

inline void copy_ids(const customer_ids& ids, std::int64_t rows, std::int64_t* out, std::int64_t out_length) {
  require_ids(ids, id_type::number, rows);
  const auto to = output_of(out, out_length, rows);
  std::copy(ids.numbers.begin(), ids.numbers.end(), to.begin());
}

inline void copy_text_ids(const customer_ids& ids, std::int64_t rows, char* text, std::int64_t text_length,
                          std::int64_t* offsets, std::int64_t offsets_length) {
  require_ids(ids, id_type::text, rows);
  const auto to = output_of(text, text_length, static_cast<std::int64_t>(ids.text.size()), "text");
  const auto at = output_of(offsets, offsets_length, rows + 1, "offsets");
  std::copy(ids.text.begin(), ids.text.end(), to.begin());
  at[0] = 0;
  if (rows > 0) std::copy(ids.offsets.begin(), ids.offsets.end(), at.begin());
}

}  // namespace kundenwert::c
