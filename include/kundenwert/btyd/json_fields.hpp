// Fields of a JSON document by name, read and written: what persist.hpp says of a model in one list serves both ways.
// It reads by the events of nlohmann's parser and writes single values with its digits and quotes. The library's own
// tree of values is not used: destroying one allocates memory, which ends the program where there is none.
//
// Both field_reader and field_writer have
//
//   text, number, count, constant     one value; a number that is NaN is null, an infinite one is refused
//   estimates                         the names a report is about, in their order (told by expect())
//   each, at_most_each, matrix        numbers for them
//   objects                           a list of objects, each by a visitor of its own
//   only                              names there may be, others are refused; may_have: whether to read one at all
//
// Errors have the place of the member as their argument: "fit.covariance".
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/base/utf8.hpp"

namespace kundenwert::btyd::detail::stored {

inline std::string in_quotes(std::string_view name) { return "'" + std::string(name) + "'"; }

inline std::string count_words(std::size_t found, std::size_t needed) {
  return "has " + std::to_string(found) + " values where " + std::to_string(needed) + " are needed";
}

// ---- Reading: text to a tree, with each name once in an object and a bounded depth ----

struct json_node {
  enum class kind { null, boolean, whole, number, text, array, object };
  kind type = kind::null;
  std::int64_t whole = 0;
  double number = 0;  // of whole ones too
  std::string text;
  std::vector<std::string> names;  // of an object
  std::vector<json_node> items;    // of an array or an object

  std::string wrong(std::string_view needed) const {
    constexpr const char* words[] = {"null", "true or false", "a number", "a number", "text", "a list", "an object"};
    return "is " + std::string(words[static_cast<std::size_t>(type)]) + " where " + std::string(needed) + " is needed";
  }
};

// The events of the library's parser, as it calls them.
class json_reader {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  bool null() { return add(json_node::kind::null); }
  bool boolean(bool) { return add(json_node::kind::boolean); }
  bool number_integer(number_integer_t value) {
    auto& node = add_node(json_node::kind::whole);
    node.whole = value;
    node.number = static_cast<double>(value);
    return true;
  }
  bool number_unsigned(number_unsigned_t value) {
    constexpr auto largest = static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max());
    if (value <= largest) return number_integer(static_cast<number_integer_t>(value));
    return number_float(static_cast<double>(value), {});
  }
  bool number_float(number_float_t value, const string_t&) {
    add_node(json_node::kind::number).number = value;
    return true;
  }
  bool string(string_t& value) {
    add_node(json_node::kind::text).text = value;
    return true;
  }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return open(json_node::kind::object); }
  bool start_array(std::size_t) { return open(json_node::kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(string_t& name) {
    auto& names = open_.back()->names;
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      fail(error_code::duplicate_id, path_.empty() ? name : path_ + name, "occurs twice");
    }
    names.push_back(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& reason) {
    constexpr int number_overflow = 406;
    const std::string_view words = reason.what();
    const auto start = words.find("] ");
    const auto message = "is no JSON: " + std::string(start == words.npos ? words : words.substr(start + 2));
    fail(reason.id == number_overflow ? error_code::non_finite : error_code::wrong_type, "text", message);
  }

  const json_node& root() const { return root_; }

 private:
  // A matrix in a report is 3 deep.
  static constexpr std::size_t deepest = 16;

  json_node& add_node(json_node::kind type) {
    auto* node = &root_;
    if (!open_.empty()) node = &open_.back()->items.emplace_back();
    node->type = type;
    return *node;
  }
  bool add(json_node::kind type) {
    add_node(type);
    return true;
  }
  // While a node is open, only its own items grow: nodes further out stay where they are.
  bool open(json_node::kind type) {
    if (open_.size() == deepest) fail(error_code::wrong_type, "text", "is nested too deeply for a model");
    if (open_.size() == 1 && !open_.back()->names.empty()) path_ = open_.back()->names.back() + ".";
    open_.push_back(&add_node(type));
    return true;
  }
  bool close() {
    open_.pop_back();
    if (open_.size() == 1) path_.clear();
    return true;
  }

  json_node root_;
  std::vector<json_node*> open_;
  std::string path_;  // of the member of the top level that is being read
};

// The members of one object, by name.
class field_reader {
 public:
  field_reader(const json_node& object, std::string path) : object_(object), path_(std::move(path)) {
    if (object.type != json_node::kind::object) {
      fail(error_code::wrong_type, path_.empty() ? "text" : path_, object.wrong("an object"));
    }
    if (!path_.empty()) path_ += '.';
  }
  void expect(std::vector<std::string> names) { estimates_ = std::move(names); }

  std::string place(std::string_view name) const { return path_ + std::string(name); }
  bool may_have(std::string_view name) const { return find(name) != nullptr; }
  const json_node& node(std::string_view name) const {
    const auto* found = find(name);
    if (found == nullptr) fail(error_code::missing, place(name), "is not in the document");
    return *found;
  }
  // Throws for a member that is none of these.
  void only(const std::vector<std::string>& names, std::string_view kind) const {
    for (const auto& name : object_.names) {
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      fail(error_code::unknown_code, place(name), "is no " + std::string(kind));
    }
  }

  void text(std::string_view name, std::string& out) const { out = typed(name, json_node::kind::text, "text").text; }
  void number(std::string_view name, double& out) const { out = number_of(node(name), name); }
  template <class Integer>
  void count(std::string_view name, Integer& out) const {
    const auto& from = node(name);
    if (from.type == json_node::kind::number) fail(error_code::not_integer, place(name), "is no whole number");
    if (from.type != json_node::kind::whole) fail(error_code::wrong_type, place(name), from.wrong("a whole number"));
    if (from.whole < 0) fail(error_code::sign, place(name), "is negative: " + std::to_string(from.whole));
    if (from.whole > std::numeric_limits<Integer>::max()) {
      fail(error_code::overflow, place(name), "is too large: " + std::to_string(from.whole));
    }
    out = static_cast<Integer>(from.whole);
  }
  template <class Enum, class Table>
  void constant(std::string_view name, Enum& out, const Table& table) const {
    const auto& word = typed(name, json_node::kind::text, "text").text;
    for (const auto& entry : table) {
      if (entry.name != word) continue;
      out = static_cast<Enum>(entry.number);
      return;
    }
    fail(error_code::unknown_code, place(name), in_quotes(word) + " is not known");
  }
  void estimates(std::string_view name) const {
    const auto& list = list_of(name, true);
    for (std::size_t i = 0; i < estimates_.size(); ++i) {
      if (list.items[i].type == json_node::kind::text && list.items[i].text == estimates_[i]) continue;
      fail(error_code::inconsistent, place(name),
           "is not in the order of the model: " + in_quotes(estimates_[i]) + " is number " + std::to_string(i + 1));
    }
  }
  void each(std::string_view name, std::vector<double>& out) const { append(list_of(name, true), name, out); }
  void at_most_each(std::string_view name, std::vector<double>& out) const { append(list_of(name, false), name, out); }
  void matrix(std::string_view name, std::vector<double>& out) const {
    const std::size_t n = estimates_.size();
    for (const auto& row : list_of(name, true).items) {
      if (row.type != json_node::kind::array) fail(error_code::wrong_type, place(name), row.wrong("a list in a list"));
      if (row.items.size() != n) fail(error_code::length_mismatch, place(name), count_words(row.items.size(), n));
      append(row, name, out);
    }
  }
  template <class T, class Visit>
  void objects(std::string_view name, std::vector<T>& out, Visit visit) const {
    for (const auto& item : typed(name, json_node::kind::array, "a list").items) {
      const field_reader one(item, place(name));
      visit(one, out.emplace_back());
    }
  }

 private:
  const json_node* find(std::string_view name) const {
    for (std::size_t i = 0; i < object_.names.size(); ++i) {
      if (object_.names[i] == name) return &object_.items[i];
    }
    return nullptr;
  }
  const json_node& typed(std::string_view name, json_node::kind type, std::string_view needed) const {
    const auto& found = node(name);
    if (found.type != type) fail(error_code::wrong_type, place(name), found.wrong(needed));
    return found;
  }
  const json_node& list_of(std::string_view name, bool is_complete) const {
    const auto& list = typed(name, json_node::kind::array, "a list");
    const std::size_t found = list.items.size();
    const std::size_t needed = estimates_.size();
    if (found > needed || (is_complete && found < needed)) {
      fail(error_code::length_mismatch, place(name), count_words(found, needed));
    }
    return list;
  }
  double number_of(const json_node& from, std::string_view name) const {
    if (from.type == json_node::kind::null) return std::numeric_limits<double>::quiet_NaN();
    if (from.type != json_node::kind::whole && from.type != json_node::kind::number) {
      fail(error_code::wrong_type, place(name), from.wrong("a number"));
    }
    return from.number;
  }
  void append(const json_node& list, std::string_view name, std::vector<double>& out) const {
    for (const auto& item : list.items) out.push_back(number_of(item, name));
  }

  const json_node& object_;
  std::string path_;
  std::vector<std::string> estimates_;
};

// ---- Writing: one member per line, one row of a matrix per line ----

class field_writer {
 public:
  void expect(std::vector<std::string> names) { estimates_ = std::move(names); }
  bool may_have(std::string_view) const { return true; }
  void only(const std::vector<std::string>&, std::string_view) const {}

  void open(std::string_view name = {}) {
    if (!out_.empty()) begin(name);
    path_ = std::string(name) + (name.empty() ? "" : ".");
    enter('{');
  }
  void close() {
    leave('}');
    path_.clear();
  }
  std::string taken() { return std::move(out_) + "\n"; }
  void null(std::string_view name) { member(name, "null"); }
  void text(std::string_view name, std::string_view value) { member(name, quoted_text(name, value)); }
  void number(std::string_view name, double value) { member(name, digits(name, value)); }
  void count(std::string_view name, std::int64_t value) { member(name, std::to_string(value)); }
  template <class Enum, class Table>
  void constant(std::string_view name, Enum value, const Table& table) {
    const auto word = name_of(table, static_cast<std::uint32_t>(value));
    if (word.empty()) fail(error_code::unknown_code, path_ + std::string(name), "has no name");
    text(name, word);
  }
  void estimates(std::string_view name) {
    std::string list;
    for (const auto& estimate : estimates_) list += (list.empty() ? "" : ", ") + quoted_text(name, estimate);
    member(name, "[" + list + "]");
  }
  void each(std::string_view name, const std::vector<double>& values) {
    if (values.size() != estimates_.size()) refuse(name, values.size(), estimates_.size());
    member(name, list_of(name, values, 0, values.size()));
  }
  void at_most_each(std::string_view name, const std::vector<double>& values) {
    if (values.size() > estimates_.size()) refuse(name, values.size(), estimates_.size());
    member(name, list_of(name, values, 0, values.size()));
  }
  void matrix(std::string_view name, const std::vector<double>& values) {
    const std::size_t n = estimates_.size();
    if (values.size() != n * n) refuse(name, values.size(), n * n);
    std::string rows;
    for (std::size_t i = 0; i < n; ++i) {
      rows += (i == 0 ? "\n  " : ",\n  ") + indent_ + list_of(name, values, i * n, n);
    }
    member(name, "[" + rows + "\n" + indent_ + "]");
  }
  template <class T, class Visit>
  void objects(std::string_view name, const std::vector<T>& values, Visit visit) {
    if (values.empty()) return member(name, "[]");
    const std::string outside = path_;
    begin(name);
    path_ += std::string(name) + ".";
    enter('[');
    for (const auto& value : values) {
      next();
      enter('{');
      visit(*this, value);
      leave('}');
    }
    leave(']');
    path_ = outside;
  }

 private:
  void next() {
    out_ += (is_first_ ? "\n" : ",\n") + indent_;
    is_first_ = false;
  }
  void enter(char bracket) {
    out_ += bracket;
    is_first_ = true;
    indent_ += "  ";
  }
  void leave(char bracket) {
    indent_.resize(indent_.size() - 2);
    out_ += "\n" + indent_ + bracket;
    is_first_ = false;
  }
  void begin(std::string_view name) {
    next();
    out_ += quoted_text(name, name) + ": ";
  }
  void member(std::string_view name, std::string_view value) {
    begin(name);
    out_ += value;
  }
  [[noreturn]] void refuse(std::string_view name, std::size_t found, std::size_t needed) const {
    fail(error_code::length_mismatch, path_ + std::string(name), count_words(found, needed));
  }
  std::string quoted_text(std::string_view name, std::string_view value) const {
    if (!is_valid_utf8(value)) fail(error_code::encoding, path_ + std::string(name), "is not valid UTF-8");
    return nlohmann::json(std::string(value)).dump();
  }
  // The shortest text that is read as the same bits; "null" for NaN.
  std::string digits(std::string_view name, double value) const {
    if (std::isinf(value)) fail(error_code::non_finite, path_ + std::string(name), "is infinite");
    return nlohmann::json(value).dump();
  }
  std::string list_of(std::string_view name, const std::vector<double>& values, std::size_t from, std::size_t n) const {
    std::string list = "[";
    for (std::size_t i = 0; i < n; ++i) list += (i == 0 ? "" : ", ") + digits(name, values[from + i]);
    return list + "]";
  }

  std::string out_;
  std::string indent_;
  std::string path_;
  bool is_first_ = true;
  std::vector<std::string> estimates_;
};

}  // namespace kundenwert::btyd::detail::stored
