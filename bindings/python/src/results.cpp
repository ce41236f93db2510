#include "results.hpp"

#include "kundenwert/model/log_report.hpp"

namespace kundenwert::python {

py::dict retention_of(const retention::retention_rate& rate) {
  const auto day = [](std::int32_t d) { return d == no_day ? py::object(py::none()) : py::object(py::int_(d)); };
  py::dict out;
  out["from"] = day(rate.from);
  out["to"] = day(rate.to);
  out["at_start"] = rate.at_start;
  out["retained"] = rate.retained;
  out["lost"] = rate.lost;
  out["regained"] = rate.regained;
  out["joined"] = rate.joined;
  out["returned"] = rate.returned;
  out["rate"] = rate.rate;
  out["lower"] = rate.lower;
  out["upper"] = rate.upper;
  out["confidence"] = rate.confidence;
  out["reason"] = first_reason(rate.reason);
  return out;
}

py::dict concentration_of(const portfolio::concentration_result& found) {
  py::dict out;
  out["customers"] = found.customers;
  out["null_rows"] = found.null_rows;
  out["negative_rows"] = found.negative_rows;
  out["total"] = found.total;
  out["gini"] = found.gini;
  out["gini_corrected"] = found.gini_corrected;
  out["top_10_share"] = found.top_10_share;
  out["top_20_share"] = found.top_20_share;
  out["share_of_customers_for_80"] = found.share_of_customers_for_80;
  out["hhi"] = found.hhi;
  out["effective_customers"] = found.effective_customers;
  out["reason"] = first_reason(found.reason);
  return out;
}

py::dict abc_total_of(const portfolio::abc_class_total& total) {
  py::dict out;
  out["customers"] = total.count;
  out["value"] = total.value;
  out["share_of_value"] = total.share_of_value;
  out["share_of_customers"] = total.share_of_customers;
  out["cumulated_share"] = total.cumulated_share;
  out["smallest_value"] = total.smallest_value;
  return out;
}

py::dict abc_of(const portfolio::abc_result& found) {
  py::dict classes;
  classes["A"] = abc_total_of(found.a);
  classes["B"] = abc_total_of(found.b);
  classes["C"] = abc_total_of(found.c);
  py::dict out;
  out["classes"] = classes;
  out["total"] = found.total;
  out["not_positive"] = found.not_positive;
  out["unclassified"] = found.unclassified;
  return out;
}

}  // namespace kundenwert::python
