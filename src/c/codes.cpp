// Version, and the tables of constants by number.
#include "guard.hpp"
#include "kundenwert/version.hpp"
#include "structs.hpp"
#include "tables.hpp"

namespace kundenwert::c {

template <>
kw_error defaults() {
  kw_error out{};
  out.row = no_row;
  return out;
}

namespace {

#define KW_TEXT_OF(x) #x
#define KW_TEXT(x) KW_TEXT_OF(x)
constexpr const char* version_text =
    KW_TEXT(KW_VERSION_MAJOR) "." KW_TEXT(KW_VERSION_MINOR) "." KW_TEXT(KW_VERSION_PATCH);
#undef KW_TEXT
#undef KW_TEXT_OF

std::span<const code_entry> entries_of(std::int32_t table) noexcept {
  for (const auto& t : constant_tables) {
    if (t.number == table) return t.entries;
  }
  std::span<const code_entry> found;
  for_each_noun_table([&](std::int32_t number, table_kind, std::string_view, std::span<const code_entry> entries) {
    if (number == table) found = entries;
  });
  return found;
}

const code_entry* entry_of(std::int32_t table, std::int32_t code) noexcept {
  for (const auto& e : entries_of(table)) {
    if (static_cast<std::int32_t>(e.number) == code) return &e;
  }
  return nullptr;
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_error_init(kw_error* error, int64_t struct_size) { c::init(error, struct_size); }

const char* kw_version(void) { return c::version_text; }
int32_t kw_abi_version(void) { return KW_ABI_VERSION; }

int64_t kw_code_count(int32_t table) { return static_cast<int64_t>(c::entries_of(table).size()); }

int32_t kw_code_at(int32_t table, int64_t index) {
  const auto entries = c::entries_of(table);
  if (index < 0 || index >= static_cast<int64_t>(entries.size())) return 0;
  return static_cast<int32_t>(entries[static_cast<std::size_t>(index)].number);
}

// Names and meanings are string literals and so end with 0.
const char* kw_code_name(int32_t table, int32_t code) {
  const auto* entry = c::entry_of(table, code);
  return entry == nullptr ? nullptr : entry->name.data();
}

const char* kw_code_meaning(int32_t table, int32_t code) {
  const auto* entry = c::entry_of(table, code);
  return entry == nullptr ? nullptr : entry->meaning.data();
}
