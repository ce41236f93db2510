// Classification of customers: ABC and RFM.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "convert.hpp"
#include "kundenwert/portfolio/abc.hpp"
#include "kundenwert/portfolio/concentration.hpp"
#include "kundenwert/portfolio/rfm.hpp"
#include "kundenwert/portfolio/rfm_cells.hpp"
#include "results.hpp"

namespace kundenwert::python {

namespace {

constexpr std::array<std::string_view, 3> abc_labels{"A", "B", "C"};

// Copies with null as NaN, for tables of results.
std::vector<double> copied(const column<double>& from) {
  std::vector<double> out;
  out.reserve(from.values.size());
  for (std::int64_t i = 0; i < from.size(); ++i) out.push_back(from.is_valid(i) ? from[i] : not_available);
  return out;
}

portfolio::concentration_options concentration_options_of(const std::string& negative) {
  constexpr std::array entries{code_entry{1, "refuse", "a negative value is an error"},
                               code_entry{2, "leave_out", "a negative value is left out and counted"}};
  return {constant_named<portfolio::negative_values>(entries, negative, "negative")};
}

py::dict classify_abc(const plain_columns& given, double a, double b, const std::string& rule, bool keep_ties) {
  portfolio::abc_options options;
  options.a_share = a;
  options.b_share = b;
  options.rule = constant_named<portfolio::abc_rule>(kundenwert::detail::abc_rule_entries, rule, "rule");
  options.keep_ties = keep_ties;
  const renames names{{"a_share", "a"}, {"b_share", "b"}};
  auto result = std::make_shared<portfolio::abc_result>();
  auto table = std::make_shared<arrow::table>();
  std::vector<std::int32_t> codes;
  {
    const py::gil_scoped_release release;
    spelled(names, [&] { *result = portfolio::classify_abc(given.value, options, given.names.front().second); });
    for (const auto c : result->classes) codes.push_back(static_cast<std::int32_t>(c));
    table->add("value", copied(given.value))
        .add_names("abc_class", codes, abc_labels)
        .add_reasons("reasons", masks_of(result->reasons));
  }
  py::dict out = abc_of(*result);
  out["codes"] = array_of(std::move(codes));
  out["reasons"] = array_of(masks_of(result->reasons));
  out["table"] = table;
  return out;
}

py::dict scale_of(const portfolio::rfm_scale& scale) {
  py::dict out;
  out["classes"] = scale.classes;
  out["edges"] = array_of(scale.edges);
  out["counts"] = array_of(scale.counts);
  return out;
}

py::dict classify_rfm(const py::object& customers, const std::array<std::int32_t, 3>& classes,
                      const std::string& method, const std::vector<double>& r_edges, const std::vector<double>& f_edges,
                      const std::vector<double>& m_edges) {
  portfolio::rfm_options options;
  options.method = constant_named<portfolio::rfm_method>(kundenwert::detail::rfm_method_entries, method, "method");
  options.r_classes = classes[0];
  options.f_classes = classes[1];
  options.m_classes = classes[2];
  options.r_edges = r_edges;
  options.f_edges = f_edges;
  options.m_edges = m_edges;
  renames names{{"r_classes", "classes"}, {"f_classes", "classes"}, {"m_classes", "classes"}};
  const bool from_summary = py::isinstance<summary>(customers);
  const summary* known = from_summary ? &customers.cast<const summary&>() : nullptr;
  const plain_columns* plain = from_summary ? nullptr : &customers.cast<const plain_columns&>();
  if (plain != nullptr) names.insert(names.end(), plain->names.begin(), plain->names.end());

  portfolio::rfm_result result;
  auto table = std::make_shared<arrow::table>();
  std::vector<double> combined;
  std::string cells;
  std::vector<std::int64_t> cell_ends{0};
  {
    const py::gil_scoped_release release;
    spelled(names, [&] {
      if (known != nullptr) {
        result = portfolio::classify_rfm(*known, options);
      } else {
        result = portfolio::classify_rfm({plain->days_since_purchase, plain->purchase_days, plain->revenue}, options);
      }
      combined = portfolio::combined_scores(result);
    });
    for (std::int64_t i = 0; i < result.size(); ++i) {
      cells += portfolio::cell_code(result.score(i));
      cell_ends.push_back(static_cast<std::int64_t>(cells.size()));
    }
    if (known != nullptr && known->ids.size() == known->size()) {
      table->add_ids("customer_id", known->ids, std::make_shared<summary>(*known));
    }
    table->add("r_score", result.r_score)
        .add("f_score", result.f_score)
        .add("m_score", result.m_score)
        .add_text("cell", std::vector<char>(cells.begin(), cells.end()), cell_ends)
        .add("combined_score", combined)
        .add_reasons("reasons", masks_of(result.reasons));
  }
  py::list occupied;
  for (const auto& cell : portfolio::occupied_cells(result)) {
    occupied.append(py::make_tuple(portfolio::cell_code(cell.score), cell.count));
  }
  py::list codes;
  for (std::int64_t i = 0; i < result.size(); ++i) codes.append(portfolio::cell_code(result.score(i)));
  py::dict out;
  out["r_score"] = array_of(std::move(result.r_score));
  out["f_score"] = array_of(std::move(result.f_score));
  out["m_score"] = array_of(std::move(result.m_score));
  out["cell"] = codes;
  out["combined_score"] = array_of(std::move(combined));
  out["reasons"] = array_of(masks_of(result.reasons));
  out["r"] = scale_of(result.r);
  out["f"] = scale_of(result.f);
  out["m"] = scale_of(result.m);
  out["scored"] = result.scored;
  out["unscored"] = result.unscored;
  out["revenue_not_positive"] = result.revenue_not_positive;
  out["cells"] = occupied;
  out["table"] = table;
  return out;
}

py::dict concentration(const plain_columns& given, const std::string& negative) {
  const auto options = concentration_options_of(negative);
  const auto& name = given.names.front().second;
  portfolio::concentration_result found;
  {
    const py::gil_scoped_release release;
    found = portfolio::concentration_of(given.value, options, name);
  }
  return concentration_of(found);
}

std::vector<std::pair<double, double>> lorenz_points(const plain_columns& given, std::int64_t most_points,
                                                     const std::string& negative) {
  const auto options = concentration_options_of(negative);
  const py::gil_scoped_release release;
  const portfolio::lorenz_curve curve(given.value, options, given.names.front().second);
  std::vector<std::pair<double, double>> out;
  for (const auto& point : curve.points(most_points)) out.emplace_back(point.share_of_customers, point.share_of_value);
  return out;
}

}  // namespace

void register_portfolio(py::module_& m) {
  m.def("concentration", &concentration, py::arg("values"), py::arg("negative"));
  m.def("lorenz_points", &lorenz_points, py::arg("values"), py::arg("most_points"), py::arg("negative"));
  m.def("classify_abc", &classify_abc, py::arg("values"), py::arg("a"), py::arg("b"), py::arg("rule"),
        py::arg("keep_ties"));
  m.def("classify_rfm", &classify_rfm, py::arg("customers"), py::arg("classes"), py::arg("method"), py::arg("r_edges"),
        py::arg("f_edges"), py::arg("m_edges"));
}

}  // namespace kundenwert::python
