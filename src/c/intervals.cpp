// Intervals of answers, from draws.
#include "kundenwert/btyd/intervals.hpp"

#include <algorithm>

#include "customers.hpp"
#include "draws.hpp"
#include "instances.hpp"
#include "options.hpp"

namespace kundenwert::c {

namespace {

// Three columns of the caller's, each of which may be left away.
struct interval_output {
  double* mean;
  double* lower;
  double* upper;
  std::int64_t length;

  void write(const btyd::answer_intervals& found) const noexcept {
    const auto copy = [](const std::vector<double>& from, double* to) {
      if (to != nullptr) std::copy(from.begin(), from.end(), to);
    };
    copy(found.mean, mean);
    copy(found.lower, lower);
    copy(found.upper, upper);
  }
};

// Everything that is checked before the work, the work, and what is written after it.
template <class Customers, class Options, class Work>
void write_intervals(const Customers& from, const column_names& read, const Options& o, const interval_output& out,
                     Work&& work) {
  const customers given(from, read, o.covariates, o.covariates_length);
  require_same_length(given.rows(), out.length, "out_length");
  reason_output reasons(o.reasons, o.reasons_length, given.rows());
  progress_call call{o.progress, o.progress_context};
  const btyd::answer_intervals found = work(given.columns(), call);
  out.write(found);
  reasons.write(found.reasons);
}

template <class Customers>
void intervals(const btyd::parameter_draws& draws, std::int32_t quantity, double probability,
               const kw_predict_options& o, const Customers& from, const interval_output& out) {
  write_intervals(from, columns_read_by(draws.center.info()), o, out,
                  [&](const summary_columns& c, progress_call& call) {
                    return btyd::intervals<btyd::models>(draws, static_cast<btyd::quantity>(quantity), c, probability,
                                                         predict_options_of(o, call));
                  });
}

template <class Customers>
void predicted_purchases(const btyd::parameter_draws& draws, double probability, const kw_predict_options& o,
                         const Customers& from, const interval_output& out) {
  constexpr std::int64_t usual_draws = 100;
  write_intervals(from, columns_read_by(draws.center.info()), o, out,
                  [&](const summary_columns& c, progress_call& call) {
                    return btyd::predicted_purchases<btyd::models>(draws, c, probability, predict_options_of(o, call),
                                                                   o.most_draws == 0 ? usual_draws : o.most_draws);
                  });
}

template <class Customers>
void lifetime_values(const btyd::parameter_draws& transactions, const btyd::parameter_draws& spend,
                     const discounting& over, double probability, const kw_lifetime_value_options& o,
                     const Customers& from, const interval_output& out) {
  write_intervals(from, columns_read_by(transactions.center.info(), spend.center.info()), o, out,
                  [&](const summary_columns& c, progress_call& call) {
                    return btyd::lifetime_value_intervals<btyd::models>(
                        transactions, spend, c, probability,
                        lifetime_value_options_of(o, over, btyd::row_count(transactions.center.number, c), call));
                  });
}

// The customers, in the unit of the draws.
const summary& summary_for(const btyd::parameter_draws& draws, const kw_summary* handle) {
  const summary& out = *require_pointer(handle, "summary").value;
  if (!draws.center.info().is_spend) btyd::require_same_unit(draws.center, out);
  return out;
}

kw_summary_columns plain(const kw_summary_columns* columns) {
  return read(require_pointer(columns, "columns"), "columns");
}

}  // namespace

}  // namespace kundenwert::c

using namespace kundenwert;

kw_status kw_intervals(const kw_draws* draws, int32_t quantity, double probability, const kw_predict_options* options,
                       const kw_summary* summary, double* mean, double* lower, double* upper, int64_t out_length,
                       kw_error* error) {
  return c::guard(error, [&] {
    const auto& drawn = c::require_pointer(draws, "draws").value;
    const auto given = c::read_options(options);
    c::intervals(drawn, quantity, probability, given, c::summary_for(drawn, summary), {mean, lower, upper, out_length});
  });
}

kw_status kw_intervals_columns(const kw_draws* draws, int32_t quantity, double probability,
                               const kw_predict_options* options, const kw_summary_columns* columns, double* mean,
                               double* lower, double* upper, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& drawn = c::require_pointer(draws, "draws").value;
    const auto given = c::read_options(options);
    c::intervals(drawn, quantity, probability, given, c::plain(columns), {mean, lower, upper, out_length});
  });
}

kw_status kw_predicted_purchases(const kw_draws* draws, double probability, const kw_predict_options* options,
                                 const kw_summary* summary, double* mean, double* lower, double* upper,
                                 int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& drawn = c::require_pointer(draws, "draws").value;
    const auto given = c::read_options(options);
    c::predicted_purchases(drawn, probability, given, c::summary_for(drawn, summary), {mean, lower, upper, out_length});
  });
}

kw_status kw_predicted_purchases_columns(const kw_draws* draws, double probability, const kw_predict_options* options,
                                         const kw_summary_columns* columns, double* mean, double* lower, double* upper,
                                         int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& drawn = c::require_pointer(draws, "draws").value;
    const auto given = c::read_options(options);
    c::predicted_purchases(drawn, probability, given, c::plain(columns), {mean, lower, upper, out_length});
  });
}

kw_status kw_lifetime_value_intervals(const kw_draws* transactions, const kw_draws* spend, double horizon,
                                      double annual_discount_rate, double probability,
                                      const kw_lifetime_value_options* options, const kw_summary* summary, double* mean,
                                      double* lower, double* upper, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& purchases = c::require_pointer(transactions, "transactions").value;
    const auto& amounts = c::require_pointer(spend, "spend").value;
    const auto given = c::read_options(options);
    c::lifetime_values(purchases, amounts, {horizon, annual_discount_rate}, probability, given,
                       c::summary_for(purchases, summary), {mean, lower, upper, out_length});
  });
}

kw_status kw_lifetime_value_intervals_columns(const kw_draws* transactions, const kw_draws* spend, double horizon,
                                              double annual_discount_rate, double probability,
                                              const kw_lifetime_value_options* options,
                                              const kw_summary_columns* columns, double* mean, double* lower,
                                              double* upper, int64_t out_length, kw_error* error) {
  return c::guard(error, [&] {
    const auto& purchases = c::require_pointer(transactions, "transactions").value;
    const auto& amounts = c::require_pointer(spend, "spend").value;
    const auto given = c::read_options(options);
    c::lifetime_values(purchases, amounts, {horizon, annual_discount_rate}, probability, given, c::plain(columns),
                       {mean, lower, upper, out_length});
  });
}
