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

std::string of_parameter(const btyd::parameter_fact& p) {
  return "{" + member("name", p.name) + ", " + member("unit_power", std::int64_t{p.unit_power}) + ", " +
         member("meaning", p.meaning) + "}";
}

std::string of_model(const btyd::model_info& m) {
  std::string supported;
  for (const auto& q : btyd::quantity_table) {
    if (btyd::supports(m.number, q.id)) supported += (supported.empty() ? "" : ", ") + quoted(q.name);
  }
  return "{" + member("number", std::int64_t{m.number}) + ", " + member("name", m.name) + ", " +
         member("title", m.title) + ", " + member("source", m.source) + ", " + member("is_spend", m.is_spend) +
         ", \"parameters\": " + list(m.parameters, of_parameter) + ", \"quantities\": [" + supported + "]}";
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
  const std::string out = "{" + member("version", number) + ", " + member("abi_version", std::int64_t{KW_ABI_VERSION}) +
                          ",\n\"tables\": " + list(constant_tables, of_table) +
                          ",\n\"models\": " + list(btyd::model_table, of_model) +
                          ",\n\"quantities\": " + list(btyd::quantity_table, of_quantity) + "}\n";
  return std::fputs(out.c_str(), stdout) < 0;
}
