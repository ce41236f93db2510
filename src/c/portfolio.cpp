// ABC classes and RFM scores.
#include <algorithm>

#include "convert.hpp"
#include "kundenwert/portfolio/abc.hpp"
#include "kundenwert/portfolio/rfm.hpp"
#include "structs.hpp"

namespace kundenwert::c {

template <>
kw_abc_options defaults() {
  const portfolio::abc_options core;
  kw_abc_options out{};
  out.rule = static_cast<std::int32_t>(core.rule);
  out.a_share = core.a_share;
  out.b_share = core.b_share;
  out.keep_ties = core.keep_ties ? 1 : 0;
  return out;
}

template <>
kw_rfm_options defaults() {
  const portfolio::rfm_options core;
  kw_rfm_options out{};
  out.method = static_cast<std::int32_t>(core.method);
  out.r_classes = core.r_classes;
  out.f_classes = core.f_classes;
  out.m_classes = core.m_classes;
  return out;
}

namespace {

kw_abc_class_total total_of(const portfolio::abc_class_total& t) {
  return {t.count, t.value, t.share_of_value, t.share_of_customers, t.cumulated_share, t.smallest_value};
}

kw_abc_result result_of(const portfolio::abc_result& found) {
  kw_abc_result out{};
  out.rule = static_cast<std::int32_t>(found.options.rule);
  out.total = found.total;
  out.not_positive = found.not_positive;
  out.unclassified = found.unclassified;
  out.a = total_of(found.a);
  out.b = total_of(found.b);
  out.c = total_of(found.c);
  return out;
}

kw_rfm_result result_of(const portfolio::rfm_result& found) {
  kw_rfm_result out{};
  out.method = static_cast<std::int32_t>(found.method);
  out.scored = found.scored;
  out.unscored = found.unscored;
  out.revenue_not_positive = found.revenue_not_positive;
  return out;
}

portfolio::rfm_options options_of(const kw_rfm_options& o) {
  portfolio::rfm_options out;
  out.method = static_cast<portfolio::rfm_method>(o.method);
  out.r_classes = o.r_classes;
  out.f_classes = o.f_classes;
  out.m_classes = o.m_classes;
  out.r_edges = span_of(o.r_edges, o.r_edges_length, "r_edges");
  out.f_edges = span_of(o.f_edges, o.f_edges_length, "f_edges");
  out.m_edges = span_of(o.m_edges, o.m_edges_length, "m_edges");
  return out;
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

void kw_abc_options_init(kw_abc_options* options, int64_t struct_size) { c::init(options, struct_size); }
void kw_abc_result_init(kw_abc_result* result, int64_t struct_size) { c::init(result, struct_size); }
void kw_rfm_columns_init(kw_rfm_columns* columns, int64_t struct_size) { c::init(columns, struct_size); }
void kw_rfm_options_init(kw_rfm_options* options, int64_t struct_size) { c::init(options, struct_size); }
void kw_rfm_result_init(kw_rfm_result* result, int64_t struct_size) { c::init(result, struct_size); }

kw_status kw_classify_abc(const double* value, int64_t rows, const kw_abc_options* options, int32_t* out,
                          int64_t out_length, kw_abc_result* result, kw_error* error) {
  return c::guard(error, [&] {
    const auto given = c::read_options(options);
    c::require_rows(rows);
    const auto values = c::span_of(value, rows, "value");
    const auto to = c::output_of(out, out_length, rows);
    c::reason_output why(given.reasons, given.reasons_length, rows);
    if (result != nullptr) c::require_result(result, "result");
    const portfolio::abc_options how{given.a_share, given.b_share, static_cast<portfolio::abc_rule>(given.rule),
                                     given.keep_ties != 0};
    const auto found = portfolio::classify_abc(column<double>(values), how);
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<int32_t>(found.classes[i]);
    why.write(found.reasons);
    if (result != nullptr) c::write(*result, c::result_of(found));
  });
}

kw_status kw_classify_rfm(const kw_rfm_columns* columns, const kw_rfm_options* options, int32_t* r_score,
                          int32_t* f_score, int32_t* m_score, int64_t out_length, kw_rfm_result* result,
                          kw_error* error) {
  return c::guard(error, [&] {
    const auto customers = c::read(c::require_pointer(columns, "columns"), "columns");
    const auto given = c::read_options(options);
    const int64_t rows = c::require_rows(customers.rows);
    require_same_length(rows, out_length, "out_length");
    c::reason_output why(given.reasons, given.reasons_length, rows);
    if (result != nullptr) c::require_result(result, "result");
    const portfolio::rfm_columns borrowed{
        column<double>(c::span_of(customers.days_since_purchase, rows, "days_since_purchase")),
        column<double>(c::span_of(customers.purchase_days, rows, "purchase_days")),
        column<double>(c::span_of(customers.revenue, rows, "revenue"))};
    const auto found = portfolio::classify_rfm(borrowed, c::options_of(given));
    if (r_score != nullptr) std::copy(found.r_score.begin(), found.r_score.end(), r_score);
    if (f_score != nullptr) std::copy(found.f_score.begin(), found.f_score.end(), f_score);
    if (m_score != nullptr) std::copy(found.m_score.begin(), found.m_score.end(), m_score);
    why.write(found.reasons);
    if (result != nullptr) c::write(*result, c::result_of(found));
  });
}
