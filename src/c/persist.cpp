// Models as JSON.
#include "kundenwert/btyd/persist.hpp"

#include <algorithm>
#include <string_view>

#include "convert.hpp"

using namespace kundenwert;

kw_status kw_model_to_json(const kw_model* model, char* out, int64_t out_length, int64_t* needed, kw_error* error) {
  return c::guard(error, [&] {
    const auto text = btyd::to_json(c::require_pointer(model, "model").value);
    const auto length = static_cast<int64_t>(text.size());
    if (out == nullptr && out_length == 0) {
      c::require_pointer(needed, "needed") = length;
      return;
    }
    const auto to = c::output_of(out, out_length, length);
    std::copy(text.begin(), text.end(), to.begin());
    if (needed != nullptr) *needed = length;
  });
}

kw_status kw_model_from_json(const char* text, int64_t length, kw_model** out, kw_error* error) {
  return c::guard(error, [&] {
    c::require_pointer(out, "out");
    const auto document = c::span_of(text, length, "text");
    *out = new kw_model{btyd::from_json(std::string_view(document.data(), document.size()))};
  });
}
