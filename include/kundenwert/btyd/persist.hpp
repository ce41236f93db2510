// Models as text and back: a small JSON document with the parameters by name, the report of the fit and where the
// model comes from; no data of customers. docs/model-files.md describes the format.
//
// - Numbers come back to the bit (the shortest text that does). NaN, "not estimated", is null; infinity is refused.
// - A document is read as a whole or refused with what is wrong and where. One of a newer format version is refused,
//   and so is every member that is not known where it could change what a model predicts: on the top level, among the
//   parameters and in the effects. Members of "fit" and "provenance" that are not known are skipped.
// - There is no clock here: dates are the caller's text.
//
// JSON is read and written by nlohmann's library, so this header is outside the umbrella: link kundenwert::persist.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kundenwert/base/codes.hpp"
#include "kundenwert/base/error.hpp"
#include "kundenwert/base/units.hpp"
#include "kundenwert/btyd/effects.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/json_fields.hpp"
#include "kundenwert/btyd/prior.hpp"
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
// missing, wrong_type, unknown_code (a name or member that is not known), duplicate_id (a member
// that occurs twice), length_mismatch, inconsistent, not_integer, non_finite, and sign or domain of a value.
model from_json(std::string_view text);

// The same with its provenance.
stored_model stored_model_from_json(std::string_view text);

namespace detail::stored {

// Effects and coefficients change what a model predicts: nothing is skipped.
template <class Fields, class Effect>
void visit_effect(Fields& fields, Effect& effect) {
  fields.only({"parameter", "covariate", "coefficient"}, "member of an effect");
  fields.text("parameter", effect.parameter);
  fields.text("covariate", effect.covariate);
  fields.text("coefficient", effect.coefficient);
}

template <class Fields, class Prior>
void visit_prior(Fields& fields, Prior& p) {
  fields.text("of", p.of);
  fields.constant("family", p.family, prior_families);
  fields.number("first", p.first);
  fields.number("second", p.second);
}

// The fields of a report, for both directions: a field more is a line more. One that documents of the same version may
// lack begins with `if (fields.may_have(name))` and keeps its default where they do.
template <class Fields, class Report>
void visit_report(Fields& fields, Report& fit) {
  fields.constant("outcome", fit.outcome, outcomes);
  fields.text("detail", fit.detail);
  fields.text("remark", fit.remark);
  fields.number("log_likelihood", fit.log_likelihood);
  fields.number("log_prior", fit.log_prior);
  fields.number("customers", fit.customers);
  fields.count("distinct_rows", fit.distinct_rows);
  fields.count("estimated", fit.estimated);
  fields.number("aic", fit.aic);
  fields.number("bic", fit.bic);
  fields.estimates("estimates");
  fields.each("standard_errors", fit.standard_errors);
  fields.matrix("covariance", fit.covariance);
  fields.matrix("robust_covariance", fit.robust_covariance);
  fields.at_most_each("eigenvalues", fit.eigenvalues);
  fields.objects("priors", fit.priors, [](auto& one, auto& p) { visit_prior(one, p); });
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

inline std::vector<std::string> names_of(const model_info& info) {
  std::vector<std::string> names;
  for (const auto& parameter : info.parameters) names.emplace_back(parameter.name);
  return names;
}

// What the rows of the matrices of a report are about, in their order.
inline std::vector<std::string> estimates_of(const model& m) {
  auto names = names_of(m.info());
  for (const auto& name : effects_of(m.info().parameters, m.effects).coefficients) names.push_back(name);
  return names;
}

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

// Numbers by name, in this order, and no other.
inline std::vector<double> numbers_of(const field_reader& top, std::string_view member,
                                      const std::vector<std::string>& names, std::string_view kind) {
  const field_reader given(top.node(member), std::string(member));
  given.only(names, kind);
  std::vector<double> values(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    given.number(names[i], values[i]);
    require_finite(values[i], given.place(names[i]));
  }
  return values;
}

inline model parameters_of(const field_reader& top, const model_info& info, time_unit unit) {
  const auto values = numbers_of(top, "parameters", names_of(info), "parameter of " + std::string(info.title));
  std::vector<covariate_effect> effects;
  std::vector<double> coefficients;
  if (top.may_have("effects") || top.may_have("coefficients")) {
    top.objects("effects", effects, [](auto& one, auto& effect) { visit_effect(one, effect); });
    const auto names = effects_of(info.parameters, effects).coefficients;
    coefficients = numbers_of(top, "coefficients", names, "coefficient of an effect");
  }
  try {
    return model_from_parameters(info.number, values, unit, effects, coefficients);
  } catch (const error& e) {
    throw error(e.code(), "parameters." + e.argument(), e.row(), e.message());
  }
}

// Throws for a prior of what the model has not, or that its parameter cannot have.
inline void require_priors(const std::vector<prior>& priors, const model& m) {
  const auto parameters = names_of(m.info());
  const auto all = estimates_of(m);
  for (const auto& p : priors) {
    const bool is_parameter = std::find(parameters.begin(), parameters.end(), p.of) != parameters.end();
    if (p.of != "coefficients" && std::find(all.begin(), all.end(), p.of) == all.end()) {
      fail(error_code::unknown_code, "fit.priors", "nothing estimated is named " + in_quotes(p.of));
    }
    try {
      require_prior(p, !is_parameter);
    } catch (const error& e) {
      throw error(e.code(), "fit.priors", e.row(), e.message());
    }
  }
}

}  // namespace detail::stored

inline std::string to_json(const model& m, const provenance& origin) {
  // What is no model is not written.
  model_from_parameters(m.number, m.parameters, m.unit, m.effects, m.coefficients);
  detail::stored::field_writer out;
  out.open();
  out.text("format", model_file_format);
  out.count("version", model_file_version);
  out.text("model", m.info().name);
  out.text("unit", name_of(m.unit));
  out.open("parameters");
  for (std::size_t i = 0; i < m.parameters.size(); ++i) out.number(m.info().parameters[i].name, m.parameters[i]);
  out.close();
  const auto estimates = detail::stored::estimates_of(m);
  if (!m.effects.empty()) {
    auto effects = m.effects;
    for (auto& effect : effects) effect.coefficient = effect.name();
    out.objects("effects", effects, [](auto& one, auto& effect) { detail::stored::visit_effect(one, effect); });
    out.open("coefficients");
    for (std::size_t i = 0; i < m.coefficients.size(); ++i) {
      out.number(estimates[m.parameters.size() + i], m.coefficients[i]);
    }
    out.close();
  }
  if (m.is_fitted) {
    detail::stored::require_priors(m.fit.priors, m);
    out.open("fit");
    out.expect(estimates);
    detail::stored::visit_report(out, m.fit);
    out.close();
  } else {
    out.null("fit");
  }
  const provenance now{detail::stored::version_text(), origin.date, origin.note};
  out.open("provenance");
  detail::stored::visit_provenance(out, now);
  out.close();
  out.close();
  return out.taken();
}

inline stored_model stored_model_from_json(std::string_view text) {
  if (!is_valid_utf8(text)) fail(error_code::encoding, "text", "is not valid UTF-8");
  // The parser would take it for the end.
  if (text.find('\0') != text.npos) fail(error_code::wrong_type, "text", "is no JSON: it has a byte 0");
  detail::stored::json_reader tree;
  nlohmann::json::sax_parse(text.begin(), text.end(), &tree);
  const detail::stored::field_reader top(tree.root(), "");
  detail::stored::require_format(top);
  top.only({"format", "version", "model", "unit", "parameters", "effects", "coefficients", "fit", "provenance"},
           "member of a model");
  std::string name;
  top.text("model", name);
  stored_model out{detail::stored::parameters_of(top, info_of(name), detail::stored::unit_of(top)), {}};
  // Parameters from a paper need neither a fit nor a provenance.
  if (top.may_have("fit") && top.node("fit").type != detail::stored::json_node::kind::null) {
    detail::stored::field_reader fit(top.node("fit"), "fit");
    fit.expect(detail::stored::estimates_of(out.value));
    detail::stored::visit_report(fit, out.value.fit);
    detail::stored::require_priors(out.value.fit.priors, out.value);
    out.value.is_fitted = true;
  }
  if (top.may_have("provenance")) {
    const detail::stored::field_reader origin(top.node("provenance"), "provenance");
    detail::stored::visit_provenance(origin, out.origin);
  }
  return out;
}

inline model from_json(std::string_view text) { return stored_model_from_json(text).value; }

}  // namespace kundenwert::btyd
