// Documents that are no model, each refused with what is wrong and where; nothing is read half.
#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

#include "check_error.hpp"
#include "compiled.hpp"
#include "kundenwert/btyd/persist.hpp"

using namespace kundenwert;
using namespace kundenwert::btyd;

namespace {

std::string good() {
  model m = model_from_parameters(bg_nbd::number, std::array{0.25, 4.5, 0.75, 2.5}, time_unit::week);
  m.is_fitted = true;
  m.fit.outcome = outcome::converged;
  m.fit.standard_errors.assign(4, 0.5);
  m.fit.covariance.assign(16, 0.25);
  m.fit.robust_covariance.assign(16, 0.125);
  m.fit.eigenvalues.assign(4, 2);
  m.fit.priors = {{"r", prior_family::gamma, 2, 3}};
  m.fit.iterations = 7;
  return to_json(m);
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != text.npos);
  return text.replace(at, from.size(), to);
}

struct broken {
  std::string_view from;  // what stands in a good document
  std::string_view to;    // and what instead
  error_code code;
  std::string_view argument;
};

using enum error_code;

constexpr broken documents[] = {
    // the frame
    {"\"format\": \"kundenwert-model\"", "\"format\": \"sklearn\"", unknown_code, "format"},
    {"\"format\": \"kundenwert-model\"", "\"format\": 1", wrong_type, "format"},
    {"\"format\": \"kundenwert-model\",", "", missing, "format"},
    {"\"version\": 1", "\"version\": 2", unsupported, "version"},
    {"\"version\": 1", "\"version\": 2, \"shape\": 1", unsupported, "version"},
    {"\"version\": 1", "\"version\": 0", domain, "version"},
    {"\"version\": 1", "\"version\": -1", sign, "version"},
    {"\"version\": 1", "\"version\": 1.5", not_integer, "version"},
    {"\"version\": 1", "\"version\": \"1\"", wrong_type, "version"},
    {"\"version\": 1,", "", missing, "version"},
    {"\"version\": 1,", "\"version\": 1, \"version\": 1,", duplicate_id, "version"},
    {"\"version\": 1", "\"version\": 1, \"shape\": 1", unknown_code, "shape"},
    // the model and its unit
    {"\"bg_nbd\"", "\"bg_bb_2\"", unknown_code, "model"},
    {"\"bg_nbd\"", "1", wrong_type, "model"},
    {"\"model\": \"bg_nbd\",", "", missing, "model"},
    {"\"week\"", "\"fortnight\"", unknown_code, "unit"},
    {"\"week\"", "2", wrong_type, "unit"},
    {"\"unit\": \"week\",", "", missing, "unit"},
    // parameters
    {"\"alpha\": 4.5,", "", missing, "parameters.alpha"},
    {"\"alpha\": 4.5", "\"alpha\": null", missing, "parameters.alpha"},
    {"\"alpha\": 4.5", "\"alpha\": \"4.5\"", wrong_type, "parameters.alpha"},
    {"\"alpha\": 4.5", "\"alpha\": true", wrong_type, "parameters.alpha"},
    {"\"alpha\": 4.5", "\"alpha\": [4.5]", wrong_type, "parameters.alpha"},
    {"\"alpha\": 4.5", "\"alpha\": 0", sign, "parameters.alpha"},
    {"\"alpha\": 4.5", "\"alpha\": -4.5", sign, "parameters.alpha"},
    {"\"alpha\": 4.5", "\"alpha\": 1e-400", sign, "parameters.alpha"},
    {"\"alpha\": 4.5", "\"alpha\": 4.5, \"alpha\": 4.5", duplicate_id, "parameters.alpha"},
    {"\"alpha\": 4.5", "\"alpha\": 4.5, \"beta\": 1", unknown_code, "parameters.beta"},
    {"\"alpha\": 4.5", "\"beta\": 4.5", unknown_code, "parameters.beta"},
    {"\"alpha\": 4.5", "\"alpha\": 1e400", non_finite, "text"},
    {"\"parameters\": {", "\"numbers\": {", unknown_code, "numbers"},
    // the report
    {"\"converged\"", "\"fine\"", unknown_code, "fit.outcome"},
    {"\"converged\"", "1", wrong_type, "fit.outcome"},
    {"\"outcome\": \"converged\",", "", missing, "fit.outcome"},
    {"\"detail\": \"\"", "\"detail\": null", wrong_type, "fit.detail"},
    {"\"aic\": 0.0", "\"aic\": \"0\"", wrong_type, "fit.aic"},
    {"\"aic\": 0.0", "\"aic\": 0.0, \"aic\": 0.0", duplicate_id, "fit.aic"},
    {"\"aic\": 0.0,", "", missing, "fit.aic"},
    {"\"iterations\": 7", "\"iterations\": 7.5", not_integer, "fit.iterations"},
    {"\"iterations\": 7", "\"iterations\": -7", sign, "fit.iterations"},
    {"\"iterations\": 7", "\"iterations\": 3000000000", overflow, "fit.iterations"},
    {"\"iterations\": 7", "\"iterations\": 20000000000000000000", not_integer, "fit.iterations"},
    {"\"iterations\": 7", "\"iterations\": null", wrong_type, "fit.iterations"},
    {"[\"r\", \"alpha\", \"a\", \"b\"]", "[\"r\", \"alpha\", \"b\", \"a\"]", inconsistent, "fit.estimates"},
    {"[\"r\", \"alpha\", \"a\", \"b\"]", "[\"r\", \"alpha\", \"a\"]", length_mismatch, "fit.estimates"},
    {"[\"r\", \"alpha\", \"a\", \"b\"]", "[1, 2, 3, 4]", inconsistent, "fit.estimates"},
    {"[0.5, 0.5, 0.5, 0.5]", "[0.5, 0.5, 0.5]", length_mismatch, "fit.standard_errors"},
    {"[0.5, 0.5, 0.5, 0.5]", "[0.5, 0.5, 0.5, \"\"]", wrong_type, "fit.standard_errors"},
    {"[0.5, 0.5, 0.5, 0.5]", "{\"r\": 0.5}", wrong_type, "fit.standard_errors"},
    {"[0.25, 0.25, 0.25, 0.25],", "", length_mismatch, "fit.covariance"},
    {"[0.25, 0.25, 0.25, 0.25]", "[0.25, 0.25, 0.25]", length_mismatch, "fit.covariance"},
    {"[0.25, 0.25, 0.25, 0.25]", "0.25", wrong_type, "fit.covariance"},
    {"[0.25, 0.25, 0.25, 0.25]", "[0.25, 0.25, 0.25, {}]", wrong_type, "fit.covariance"},
    {"[2.0, 2.0, 2.0, 2.0]", "[2.0, 2.0, 2.0, 2.0, 2.0]", length_mismatch, "fit.eigenvalues"},
    {"[2.0, 2.0, 2.0, 2.0]", "[2.0, [2.0]]", wrong_type, "fit.eigenvalues"},
    {"[0.125, 0.125, 0.125, 0.125],", "", length_mismatch, "fit.robust_covariance"},
    {"\"of\": \"r\"", "\"of\": \"k\"", unknown_code, "fit.priors"},
    {"\"of\": \"r\"", "\"of\": 1", wrong_type, "fit.priors.of"},
    {"\"of\": \"r\",", "", missing, "fit.priors.of"},
    {"\"of\": \"r\",", "\"of\": \"r\", \"of\": \"r\",", duplicate_id, "fit.of"},
    {"\"gamma\"", "\"cauchy\"", unknown_code, "fit.priors.family"},
    {"\"gamma\"", "\"normal\"", domain, "fit.priors"},
    {"\"second\": 3.0", "\"second\": -3.0", sign, "fit.priors"},
    {"\"second\": 3.0", "\"second\": null", missing, "fit.priors"},
    // the provenance
    {"\"note\": \"\"", "\"note\": 1", wrong_type, "provenance.note"},
    {"\"provenance\": {", "\"fit\": {", duplicate_id, "fit"},
    // no JSON
    {"\"version\": 1,", "\"version\": NaN,", wrong_type, "text"},
    {"\"version\": 1,", "\"version\": 1", wrong_type, "text"},
    {"\"version\": 1,", "\"version\": 1, // a remark", wrong_type, "text"},
    {"\"version\": 1,", "\"version\": [1},", wrong_type, "text"},
    {"\"version\": 1,", "\"version\": 01,", wrong_type, "text"},
    {"\"version\": 1,", "\"version\": \"\n\",", wrong_type, "text"},
    {"\"version\": 1,", "\"version\": \"\xFF\",", encoding, "text"},
};

std::string message_of(const std::string& text) {
  try {
    from_json(text);
  } catch (const error& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("persist inputs: a good document is read") { CHECK(from_json(good()).is_fitted); }

TEST_CASE("persist inputs: broken documents") {
  for (const auto& document : documents) {
    CAPTURE(std::string(document.to));
    const std::string text = with(good(), document.from, document.to);
    test::check_error([&] { from_json(text); }, document.code, document.argument);
  }
}

TEST_CASE("persist inputs: texts that are no document") {
  for (const std::string_view text : {"", " ", "{", "}", "{}x", "\"", "nul", "[1,", "{\"a\"", "\x01", "{\"a\":}"}) {
    CAPTURE(std::string(text));
    test::check_error([&] { from_json(text); }, wrong_type, "text");
  }
  for (const std::string_view text : {"null", "3", "\"kundenwert-model\"", "[]", "true"}) {
    CAPTURE(std::string(text));
    test::check_error([&] { from_json(text); }, wrong_type, "text");
  }
  test::check_error([&] { from_json("{}"); }, missing, "format");
  test::check_error([&] { from_json(good() + "{}"); }, wrong_type, "text");
  test::check_error([&] { from_json("\xC3"); }, encoding, "text");
  test::check_error([&] { from_json(std::string_view("{}\0", 3)); }, wrong_type, "text");
}

TEST_CASE("persist inputs: members that are no objects") {
  const std::string head = R"({"format": "kundenwert-model", "version": 1, "model": "bg_nbd", "unit": "day", )";
  const std::string parameters = R"("parameters": {"r": 1, "alpha": 1, "a": 1, "b": 1})";
  CHECK_FALSE(from_json(head + parameters + R"(, "fit": null})").is_fitted);
  test::check_error([&] { from_json(head + R"("parameters": [1, 1, 1, 1]})"); }, wrong_type, "parameters");
  test::check_error([&] { from_json(head + R"("parameters": null})"); }, wrong_type, "parameters");
  test::check_error([&] { from_json(head + R"("fit": null})"); }, missing, "parameters");
  test::check_error([&] { from_json(head + parameters + R"(, "fit": []})"); }, wrong_type, "fit");
  test::check_error([&] { from_json(head + parameters + R"(, "fit": {}})"); }, missing, "fit.outcome");
  test::check_error([&] { from_json(head + parameters + R"(, "provenance": null})"); }, wrong_type, "provenance");
}

TEST_CASE("persist inputs: effects of covariates") {
  const auto document = [](const std::string& rest) {
    return R"({"format": "kundenwert-model", "version": 1, "model": "pareto_nbd", "unit": "day",
               "parameters": {"r": 1, "alpha": 1, "s": 1, "beta": 1}, )" +
           rest + "}";
  };
  const std::string effect = R"({"parameter": "alpha", "covariate": "age", "coefficient": "g"})";
  const auto refused = [&](const std::string& effects, const std::string& coefficients, error_code code,
                           std::string_view argument) {
    const std::string text = document("\"effects\": [" + effects + "], \"coefficients\": {" + coefficients + "}");
    test::check_error([&] { from_json(text); }, code, argument);
  };
  CHECK(from_json(document("\"effects\": [" + effect + "], \"coefficients\": {\"g\": -1}")).coefficients[0] == -1);
  refused(effect, "", missing, "coefficients.g");
  refused(effect, "\"g\": null", missing, "coefficients.g");
  refused(effect, "\"g\": \"1\"", wrong_type, "coefficients.g");
  refused(effect, "\"g\": 1, \"h\": 1", unknown_code, "coefficients.h");
  refused(effect, "\"g\": 1, \"g\": 1", duplicate_id, "coefficients.g");
  refused("", "\"g\": 1", unknown_code, "coefficients.g");
  refused(effect + "," + effect, "\"g\": 1", domain, "effects");
  refused("3", "", wrong_type, "effects");
  refused("{}", "", missing, "effects.parameter");
  refused(R"({"parameter": "alpha", "covariate": "age", "coefficient": "g", "sign": -1})", "\"g\": 1", unknown_code,
          "effects.sign");
  refused(R"({"parameter": "k", "covariate": "age", "coefficient": "g"})", "\"g\": 1", unknown_code, "effects");
  refused(R"({"parameter": "r", "covariate": "age", "coefficient": "g"})", "\"g\": 1", unsupported, "effects");
  refused(R"({"parameter": "alpha", "covariate": "", "coefficient": "g"})", "\"g\": 1", missing, "effects");
  test::check_error([&] { from_json(document("\"effects\": [" + effect + "]")); }, missing, "coefficients");
  test::check_error([&] { from_json(document("\"coefficients\": {}")); }, missing, "effects");
}

TEST_CASE("persist inputs: any cut of a document is refused") {
  const std::string text = good();
  const std::size_t end = text.rfind('}');
  for (std::size_t length = 0; length <= end; ++length) {
    CAPTURE(length);
    test::check_error([&] { from_json(std::string_view(text).substr(0, length)); }, wrong_type, "text");
  }
  CHECK(from_json(text.substr(0, end + 1)).is_fitted);
}

TEST_CASE("persist inputs: depth and size do not matter") {
  test::check_error([&] { from_json(std::string(1'000'000, '[')); }, wrong_type, "text");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  test::check_error([&] { from_json(objects); }, wrong_type, "text");
}

TEST_CASE("persist inputs: the sentences") {
  CHECK(message_of(with(good(), "\"version\": 1", "\"version\": 2")) ==
        "version: was written by a newer kundenwert: format version 2, this one reads up to 1");
  CHECK(message_of(with(good(), "bg_nbd", "bg")) == "model: there is no model named 'bg'");
  CHECK(message_of(with(good(), "\"alpha\"", "\"beta\"")) == "parameters.beta: is no parameter of BG/NBD");
  CHECK(message_of(with(good(), "\"alpha\": 4.5", "\"alpha\": [4.5]")) ==
        "parameters.alpha: is a list where a number is needed");
  CHECK(message_of(with(good(), "[0.5, 0.5, 0.5, 0.5]", "[0.5]")) ==
        "fit.standard_errors: has 1 values where 4 are needed");
  const std::string place = message_of("{\n  \"format\": kundenwert\n}");
  CAPTURE(place);
  CHECK(place.find("text: is no JSON") == 0);
  CHECK(place.find("line 2, column") != place.npos);
}
