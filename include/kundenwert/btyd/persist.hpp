// Models as text and back: a small JSON document with the parameters by name, the report of the fit and where the
// model comes from; no data of customers. docs/model-files.md describes the format.
//
// - Numbers come back to the bit (the shortest text that does). NaN, "not estimated", is null; infinity is refused.
// - A document is read as a whole or refused with what is wrong and where. One of a newer format version is refused,
//   and so is every member that is not known where it could change what a model predicts: beside the parameters and on
//   the top level. Members of "fit" and "provenance" that are not known are skipped.
// - There is no clock here: dates are the caller's text.
//
// JSON is read and written by nlohmann's library, so this header is outside the umbrella: link kundenwert::persist. Its
// tree of values is not used, for destroying one allocates; it reads by events and writes single values.
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
#include "kundenwert/base/units.hpp"
#include "kundenwert/base/utf8.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/registry.hpp"
#include "kundenwert/version.hpp"

namespace kundenwert::btyd {

inline constexpr std::string_view model_file_format = "kundenwert-model";
// Raised when a reader of today could misread what is written; it then says so.
inline constexpr std::int64_t model_file_version = 1;

// Where a model comes from.
struct provenance {
  std::string library;  // version of kundenwert that wrote the document; found when reading, not read when writing
  std::string date;     // the caller's, any text; empty: not stated
  std::string note;     // the caller's, any text
};

struct stored_model {
  btyd::model value;
  provenance origin;
};

// The document of a model. Throws non_finite for an infinite number (the argument is its place, "fit.aic"),
// length_mismatch where the report is not of this model, encoding for text that is not UTF-8, and what
// model_from_parameters throws.
std::string to_json(const model& m, const provenance& origin = {});

// The model of a document. Throws encoding and wrong_type ("text": not UTF-8, not JSON, at which line and column),
// unsupported for a newer version; and with the member as the argument ("parameters.alpha", "fit.covariance"):
// missing, wrong_type, unknown_code (format, model, unit, outcome, a member that is not known), duplicate_id (a member
// that occurs twice), length_mismatch, inconsistent, not_integer, non_finite, and sign or domain of a value.
model from_json(std::string_view text);

// The same with its provenance.
stored_model stored_model_from_json(std::string_view text);

namespace detail {

// The fields of a report, for both directions: a field more is a line more. One that documents of the same version may
// lack begins with `if (fields.may_have(name))` and keeps its default where they do.
template <class Fields, class Report>
void visit_report(Fields& fields, Report& fit) {
  fields.constant("outcome", fit.outcome, outcomes);
  fields.text("detail", fit.detail);
  fields.number("log_likelihood", fit.log_likelihood);
  fields.number("customers", fit.customers);
  fields.count("distinct_rows", fit.distinct_rows);
  fields.number("aic", fit.aic);
  fields.number("bic", fit.bic);
  fields.estimates("estimates");
  fields.each("standard_errors", fit.standard_errors);
  fields.matrix("covariance", fit.covariance);
  fields.at_most_each("eigenvalues", fit.eigenvalues);
  fields.count("iterations", fit.iterations);
  fields.count("evaluations", fit.evaluations);
  fields.number("gradient_norm", fit.gradient_norm);
}

template <class Fields, class Origin>
void visit_provenance(Fields& fields, Origin& origin) {
  fields.text("library", origin.library);
  fields.text("date", origin.date);
  fields.text("note", origin.note);
}

// What the rows of the matrices of a report are about, in their order.
inline std::vector<std::string_view> estimates_of(const model& m) {
  std::vector<std::string_view> names;
  for (const auto& parameter : m.info().parameters) names.push_back(parameter.name);
  return names;
}

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
  void expect(std::vector<std::string_view> names) { estimates_ = std::move(names); }

  std::string place(std::string_view name) const { return path_ + std::string(name); }
  bool may_have(std::string_view name) const { return find(name) != nullptr; }
  const json_node& node(std::string_view name) const {
    const auto* found = find(name);
    if (found == nullptr) fail(error_code::missing, place(name), "is not in the document");
    return *found;
  }
  // Throws for a member that is none of these.
  void require_known(const std::vector<std::string_view>& names, std::string_view kind) const {
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
  std::vector<std::string_view> estimates_;
};

// ---- Writing: one member per line, one row of a matrix per line ----

class field_writer {
 public:
  void expect(std::vector<std::string_view> names) { estimates_ = std::move(names); }

  void open(std::string_view name = {}) {
    if (!out_.empty()) begin(name);
    out_ += '{';
    is_first_ = true;
    indent_ += "  ";
    path_ = std::string(name) + (name.empty() ? "" : ".");
  }
  void close() {
    indent_.resize(indent_.size() - 2);
    out_ += "\n" + indent_ + "}";
    is_first_ = false;
    path_.clear();
  }
  std::string taken() { return std::move(out_) + "\n"; }

  bool may_have(std::string_view) const { return true; }
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
    for (const auto estimate : estimates_) list += (list.empty() ? "" : ", ") + quoted_text(name, estimate);
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

 private:
  void begin(std::string_view name) {
    out_ += (is_first_ ? "\n" : ",\n") + indent_ + quoted_text(name, name) + ": ";
    is_first_ = false;
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
  std::vector<std::string_view> estimates_;
};

inline std::string version_text() {
  return std::to_string(KW_VERSION_MAJOR) + "." + std::to_string(KW_VERSION_MINOR) + "." +
         std::to_string(KW_VERSION_PATCH);
}

inline void require_format(const field_reader& top) {
  std::string format;
  top.text("format", format);
  if (format != model_file_format) fail(error_code::unknown_code, "format", in_quotes(format) + " is no model");
  std::int64_t written = 0;
  top.count("version", written);
  if (written > model_file_version) {
    fail(error_code::unsupported, "version",
         "was written by a newer kundenwert: format version " + std::to_string(written) + ", this one reads up to " +
             std::to_string(model_file_version));
  }
  if (written < 1) fail(error_code::domain, "version", "must be 1 or more");
}

inline time_unit unit_of(const field_reader& top) {
  std::string word;
  top.text("unit", word);
  for (const auto unit : {time_unit::day, time_unit::week, time_unit::month, time_unit::year}) {
    if (name_of(unit) == word) return unit;
  }
  fail(error_code::unknown_code, "unit", in_quotes(word) + " is none of day, week, month, year");
}

inline model parameters_of(const field_reader& top, const model_info& info, time_unit unit) {
  const field_reader given(top.node("parameters"), "parameters");
  std::vector<std::string_view> names;
  for (const auto& parameter : info.parameters) names.push_back(parameter.name);
  given.require_known(names, "parameter of " + std::string(info.title));
  std::vector<double> values(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) given.number(names[i], values[i]);
  try {
    return model_from_parameters(info.number, values, unit);
  } catch (const error& e) {
    throw error(e.code(), given.place(e.argument()), e.row(), e.message());
  }
}

}  // namespace detail

inline std::string to_json(const model& m, const provenance& origin) {
  model_from_parameters(m.number, m.parameters, m.unit);  // what is no model is not written
  detail::field_writer out;
  out.open();
  out.text("format", model_file_format);
  out.count("version", model_file_version);
  out.text("model", m.info().name);
  out.text("unit", name_of(m.unit));
  out.open("parameters");
  for (std::size_t i = 0; i < m.parameters.size(); ++i) out.number(m.info().parameters[i].name, m.parameters[i]);
  out.close();
  if (m.is_fitted) {
    out.open("fit");
    out.expect(detail::estimates_of(m));
    detail::visit_report(out, m.fit);
    out.close();
  } else {
    out.null("fit");
  }
  const provenance now{detail::version_text(), origin.date, origin.note};
  out.open("provenance");
  detail::visit_provenance(out, now);
  out.close();
  out.close();
  return out.taken();
}

inline stored_model stored_model_from_json(std::string_view text) {
  if (!is_valid_utf8(text)) fail(error_code::encoding, "text", "is not valid UTF-8");
  // The parser would take it for the end.
  if (text.find('\0') != text.npos) fail(error_code::wrong_type, "text", "is no JSON: it has a byte 0");
  detail::json_reader tree;
  nlohmann::json::sax_parse(text.begin(), text.end(), &tree);
  const detail::field_reader top(tree.root(), "");
  detail::require_format(top);
  top.require_known({"format", "version", "model", "unit", "parameters", "fit", "provenance"}, "member of a model");
  std::string name;
  top.text("model", name);
  stored_model out{detail::parameters_of(top, info_of(name), detail::unit_of(top)), {}};
  // Parameters from a paper need neither a fit nor a provenance.
  if (top.may_have("fit") && top.node("fit").type != detail::json_node::kind::null) {
    detail::field_reader fit(top.node("fit"), "fit");
    fit.expect(detail::estimates_of(out.value));
    detail::visit_report(fit, out.value.fit);
    out.value.is_fitted = true;
  }
  if (top.may_have("provenance")) {
    const detail::field_reader origin(top.node("provenance"), "provenance");
    detail::visit_provenance(origin, out.origin);
  }
  return out;
}

inline model from_json(std::string_view text) { return stored_model_from_json(text).value; }

}  // namespace kundenwert::btyd
