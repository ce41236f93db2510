// Prints the tables of the core as JSON, for packaging/generate.py: constants, models with their parameters and
// quantities, and what a quantity needs.
#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>

#include "kundenwert/version.hpp"
#include "tables.hpp"

namespace {

using namespace kundenwert;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string member(std::string_view key, std::string_view value) { return quoted(key) + ": " + quoted(value); }
std::string member(std::string_view key, std::int64_t value) { return quoted(key) + ": " + std::to_string(value); }
std::string member(std::string_view key, bool value) { return quoted(key) + ": " + (value ? "true" : "false"); }

// "[a, b]" of what `print` makes of every item.
template <class Range, class Print>
std::string list(const Range& items, Print&& print) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + print(item);
  return "[" + out + "]";
}

std::string of_entry(const code_entry& e) {
  return "{" + member("number", std::int64_t{e.number}) + ", " + member("name", e.name) + ", " +
         member("meaning", e.meaning) + "}";
}

std::string of_table(const constant_table& t) {
  return "{" + member("number", std::int64_t{t.number}) + ", " + member("name", t.name) + ", " +
         member("prefix", t.prefix) + ", " + member("meaning", t.meaning) +
         ", \"entries\": " + list(t.entries, of_entry) + "}";
}

std::string upper(std::string_view name) {
  std::string out(name);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

// Tables of a kind's fields and of their codes, in the form of the others.
std::string of_noun_tables() {
  std::string out;
  for_each_noun_table(
      [&](std::int32_t number, table_kind kind, std::string_view field, std::span<const code_entry> entries) {
        const std::string name = std::string(name_of(kind)) + "_" + std::string(field);
        const std::string meaning = field == "field" ? "columns of a table of " + std::string(name_of(kind))
                                                     : std::string(name_of(kind)) + ": " + std::string(field);
        out += ", " + of_table({number, name, upper(name), meaning, entries});
      });
  return out;
}

std::string of_field(const field_fact& f) {
  return "{" + member("name", f.name) + ", " + member("type", name_of(f.type)) + ", " +
         member("is_required", f.is_required) + ", " + member("usual_names", f.usual_names) + ", " +
         member("meaning", f.meaning) + ", \"codes\": " + list(f.codes, of_entry) + ", \"usual_codes\": " +
         list(f.usual_codes,
              [](const code_names& n) {
                return "{" + member("number", std::int64_t{n.number}) + ", " + member("names", n.names) + "}";
              }) +
         "}";
}

std::string of_kind(const code_entry& kind) {
  return "{" + member("number", std::int64_t{kind.number}) + ", " + member("name", kind.name) + ", " +
         member("meaning", kind.meaning) +
         ", \"fields\": " + list(facts_of_kind(static_cast<table_kind>(kind.number)), of_field) + "}";
}

std::string of_parameter(const btyd::parameter_fact& p) {
  return "{" + member("name", p.name) + ", " + member("unit_power", std::int64_t{p.unit_power}) + ", " +
         member("meaning", p.meaning) + ", " + member("link", std::int64_t{static_cast<std::int32_t>(p.link)}) + ", " +
         member("link_sign", std::int64_t{p.link_sign}) + ", " +
         member("largest_whole", std::int64_t{p.largest_whole}) + "}";
}

std::string of_model(const btyd::model_info& m) {
  std::string supported;
  for (const auto& q : btyd::quantity_table) {
    if (btyd::supports(m.number, q.id)) supported += (supported.empty() ? "" : ", ") + quoted(q.name);
  }
  return "{" + member("number", std::int64_t{m.number}) + ", " + member("name", m.name) + ", " +
         member("title", m.title) + ", " + member("source", m.source) + ", " + member("is_spend", m.is_spend) + ", " +
         member("is_contractual", m.is_contractual) + ", " + member("is_discrete", m.is_discrete) +
         ", \"columns\": " + list(m.columns, quoted) + ", \"parameters\": " + list(m.parameters, of_parameter) +
         ", \"quantities\": [" + supported + "]}";
}

std::string of_quantity(const btyd::quantity_info& q) {
  std::string needed;
  for (const auto& a : btyd::argument_table) {
    if (q.does_need(a.bit)) needed += (needed.empty() ? "" : ", ") + quoted(a.name);
  }
  return "{" + member("number", static_cast<std::int64_t>(q.id)) + ", " + member("name", q.name) + ", " +
         "\"arguments\": [" + needed + "], " + member("meaning", q.meaning) + "}";
}

}  // namespace

int main() {
  const std::string number =
      std::to_string(version.major) + "." + std::to_string(version.minor) + "." + std::to_string(version.patch);
  std::string all_tables = list(constant_tables, of_table);
  all_tables.insert(all_tables.size() - 1, of_noun_tables());
  const std::string out = "{" + member("version", number) + ", " + member("abi_version", std::int64_t{KW_ABI_VERSION}) +
                          ",\n\"tables\": " + all_tables + ",\n\"models\": " + list(btyd::model_table, of_model) +
                          ",\n\"quantities\": " + list(btyd::quantity_table, of_quantity) +
                          ",\n\"nouns\": " + list(table_kinds, of_kind) + "}\n";
  return std::fputs(out.c_str(), stdout) < 0;
}
