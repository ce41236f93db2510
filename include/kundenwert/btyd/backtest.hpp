// Backtest: models are fitted to what was known on a day and held against what was bought afterwards, for one day or
// for several (rolling origins).
//
//   const std::vector<summary> origins = rolling_origins(log, {.unit = time_unit::week, .first_end = day,
//                                                              .step_days = 28, .count = 6, .holdout_days = 91});
//   const backtest_result found = backtest(origins);
//
// References: Fader, Hardie & Lee (2005), section 5 (hold-out of the CDNOW customers); Tashman (2000), International
// Journal of Forecasting 16 (rolling origins); btyd/forecast_scores for the scores.
//
// name        | unit      | domain
// origin      |           | place in the list, from 1; 0: the customers of all origins taken together
// horizon     | time unit | > 0, length of the hold-out
// customers   |           | with a forecast; a customer with n origins counts n times in the row of all
// unpredicted |           | customers for whom the model gives no number; they are in no score
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kundenwert/btyd/compare.hpp"
#include "kundenwert/btyd/fit.hpp"
#include "kundenwert/btyd/forecast_scores.hpp"
#include "kundenwert/btyd/holdout.hpp"
#include "kundenwert/btyd/predict.hpp"
#include "kundenwert/btyd/result_table.hpp"
#include "kundenwert/ingest/accumulator.hpp"
#include "kundenwert/ingest/base_summary.hpp"

namespace kundenwert::btyd {

// Model by model, its origins in their order and then, of several, all together.
struct backtest_scores {
  std::vector<std::int32_t> model;
  std::vector<std::int32_t> origin;
  std::vector<std::int32_t> end;  // civil days; no_day where not known, or of all together
  std::vector<std::int32_t> holdout_end;
  std::vector<double> horizon;        // NaN of all together where it differs
  std::vector<std::int32_t> outcome;  // of the fit; 0 of all together
  std::vector<std::string> detail;
  std::vector<std::int64_t> customers;
  std::vector<std::int64_t> unpredicted;
#define KW_SCORE_VECTOR(name, unit, meaning) std::vector<double> name;
  KW_FORECAST_SCORES(KW_SCORE_VECTOR)
#undef KW_SCORE_VECTOR

  static constexpr auto columns() {
    using t = backtest_scores;
    using c = result_column<t>;
#define KW_SCORE_COLUMN(name, unit, meaning) \
  , c { #name, cells::number, unit, meaning, &t::name }
    return std::array{c{"model", cells::model, "", "which one", &t::model},
                      c{"origin", cells::place, "", "place of the origin; null: all together", &t::origin},
                      c{"end", cells::day, "", "last day that was known", &t::end},
                      c{"holdout_end", cells::day, "", "last day that was forecast", &t::holdout_end},
                      c{"horizon", cells::number, "time", "length of the hold-out", &t::horizon},
                      c{"outcome", cells::outcome, "", "how the fit ended; null: all together", &t::outcome},
                      c{"detail", cells::text, "", "of the outcome, in words", &t::detail},
                      c{"customers", cells::count, "customers", "with a forecast", &t::customers},
                      c{"unpredicted", cells::count, "customers", "without a forecast",
                        &t::unpredicted} KW_FORECAST_SCORES(KW_SCORE_COLUMN)};
#undef KW_SCORE_COLUMN
  }
};

// Ten rows for every row of the scores: tenths of the customers by prediction, the lowest first.
struct backtest_deciles {
  std::vector<std::int32_t> model;
  std::vector<std::int32_t> origin;
  std::vector<std::int32_t> decile;
  std::vector<std::int64_t> customers;
  std::vector<double> predicted_mean;
  std::vector<double> actual_mean;

  static constexpr auto columns() {
    using t = backtest_deciles;
    using c = result_column<t>;
    return std::array{c{"model", cells::model, "", "which one", &t::model},
                      c{"origin", cells::place, "", "place of the origin; null: all together", &t::origin},
                      c{"decile", cells::whole, "", "1: the lowest predictions, to 10", &t::decile},
                      c{"customers", cells::count, "customers", "equal predictions share a tenth", &t::customers},
                      c{"predicted_mean", cells::number, "purchases", "mean expectation", &t::predicted_mean},
                      c{"actual_mean", cells::number, "purchases", "mean in the hold-out", &t::actual_mean}};
  }
};

struct backtest_result {
  time_unit unit = time_unit::day;
  backtest_scores scores;
  backtest_deciles deciles;
};

struct backtest_options {
  std::span<const std::int32_t> models{};  // numbers; empty: all that can read the customers
  double horizon = 0;                      // of the hold-out, in time units; 0: from end and holdout_end
  fit_options fit{};                       // of each; its threads and progress serve the whole
};

// Fits and scores. A fit that did not converge is scored too, and its outcome told; one with insufficient_data has no
// estimate, its scores are NaN and it is not part of the row of all together.
// Throws empty (origins); column_missing (holdout_frequency, row the origin), missing, sign, not_integer in it;
// unit_mismatch between origins; missing or sign (horizon); unsupported (a model without forecasts of purchases;
// argument models, row the place); and what fit and predict throw.
template <class Models = models>
backtest_result backtest(std::span<const summary> origins, const backtest_options& options = {});
template <class Models = models>
backtest_result backtest(const summary& customers, const backtest_options& options = {}) {
  return backtest<Models>(std::span<const summary>(&customers, 1), options);
}

// The hold-outs (end, end + holdout_days] for end = first_end, first_end + step_days, ...; all need first_end.
struct rolling_options {
  time_unit unit = time_unit::day;
  std::int32_t first_end = no_day;
  std::int32_t step_days = 7;     // >= 1
  std::int32_t count = 1;         // >= 1
  std::int32_t holdout_days = 0;  // >= 1
  std::int32_t start = no_day;    // no_day: from the first row on
  int threads = 1;
  progress watch{};
};

// One summary for each end. The last hold-out should end before the log does: what is not in the log yet counts as not
// bought. Throws domain (step_days, count, holdout_days) and what finish and summary_of throw.
std::vector<summary> rolling_origins(const accumulator& log, const rolling_options& options);
std::vector<summary> rolling_origins(const customer_base& base, const rolling_options& options);

namespace detail {

inline void require_origins(std::span<const summary> origins, const backtest_options& options) {
  require_not_empty(static_cast<std::int64_t>(origins.size()), "origins");
  for (std::size_t k = 0; k < origins.size(); ++k) {
    const summary& s = origins[k];
    const auto origin = static_cast<std::int64_t>(k);
    require_holdout(s, origin);
    if (s.unit != origins[0].unit) fail_at(error_code::unit_mismatch, "origins", origin, "is in another unit");
    holdout_horizon(s, options.horizon);
  }
}

struct origin_forecast {
  std::vector<forecast_row> rows;
  std::int64_t unpredicted = 0;
};

template <class Models>
origin_forecast forecast_origin(const btyd::model& m, const summary& s, double horizon, int threads, progress watch) {
  const auto n = static_cast<std::size_t>(s.size());
  const summary_columns columns = columns_of(s);
  int asked = 0;
  const auto ask = [&](quantity what, double level) {
    constexpr double questions = 6;
    progress_share asking{watch, asked / questions, (asked + 1) / questions};
    ++asked;
    std::vector<double> out(n);
    const predict_options how{.horizon = horizon, .level = level, .threads = threads, .watch = asking.watch()};
    predict<Models>(m, what, columns, how, out);
    return out;
  };
  const auto predicted = ask(quantity::expected_transactions, not_available);
  const auto purchase = ask(quantity::probability_of_purchase, not_available);
  const auto low_90 = ask(quantity::transactions_quantile, 0.05);
  const auto low_80 = ask(quantity::transactions_quantile, 0.1);
  const auto high_80 = ask(quantity::transactions_quantile, 0.9);
  const auto high_90 = ask(quantity::transactions_quantile, 0.95);
  // In the order of the values, so that the bits do not depend on that of the rows.
  std::vector<double> ages = s.age;
  std::sort(ages.begin(), ages.end());
  double purchases = 0;
  double time = 0;
  for (const double x : s.frequency) purchases += x;
  for (const double age : ages) time += age;
  const double mean_rate = time > 0 ? purchases / time * horizon : 0;
  origin_forecast out;
  for (std::size_t i = 0; i < n; ++i) {
    const forecast_row row{predicted[i], s.holdout_frequency[i],
                           purchase[i],  s.age[i] > 0 ? s.frequency[i] / s.age[i] * horizon : 0,
                           mean_rate,    low_80[i],
                           high_80[i],   low_90[i],
                           high_90[i]};
    if (std::isnan(row.predicted + row.purchase + row.low_80 + row.high_80 + row.low_90 + row.high_90)) {
      ++out.unpredicted;
    } else {
      out.rows.push_back(row);
    }
  }
  order_forecasts(out.rows);
  return out;
}

// The head of a row of the scores.
struct backtest_head {
  std::int32_t model;
  std::int32_t origin;
  std::int32_t end;
  std::int32_t holdout_end;
  double horizon;
  std::int32_t outcome;
  std::string detail;
};

inline void add_scores(const backtest_head& head, const origin_forecast& found, backtest_result& out) {
  backtest_scores& s = out.scores;
  s.model.push_back(head.model);
  s.origin.push_back(head.origin);
  s.end.push_back(head.end);
  s.holdout_end.push_back(head.holdout_end);
  s.horizon.push_back(head.horizon);
  s.outcome.push_back(head.outcome);
  s.detail.push_back(head.detail);
  s.customers.push_back(static_cast<std::int64_t>(found.rows.size()));
  s.unpredicted.push_back(found.unpredicted);
  const forecast_scores scores = scores_of(found.rows);
#define KW_ADD_SCORE(name, unit, meaning) s.name.push_back(scores.name);
  KW_FORECAST_SCORES(KW_ADD_SCORE)
#undef KW_ADD_SCORE
  for (const forecast_decile& d : deciles_of(found.rows)) {
    out.deciles.model.push_back(head.model);
    out.deciles.origin.push_back(head.origin);
    out.deciles.decile.push_back(d.decile);
    out.deciles.customers.push_back(d.customers);
    out.deciles.predicted_mean.push_back(d.predicted_mean);
    out.deciles.actual_mean.push_back(d.actual_mean);
  }
}

template <class Finish>
std::vector<summary> origins_of(const rolling_options& o, Finish&& finish) {
  for (const auto& [value, name] :
       {std::pair{o.step_days, "step_days"}, {o.count, "count"}, {o.holdout_days, "holdout_days"}}) {
    if (value < 1) fail(error_code::domain, name, "must be 1 or more");
  }
  if (o.first_end == no_day) fail(error_code::missing, "first_end", "is required");
  // The last day is a civil day, or one that finish refuses.
  const auto day = [&](std::int64_t steps, std::int32_t more) {
    const std::int64_t at = o.first_end + steps * o.step_days + more;
    return static_cast<std::int32_t>(std::min<std::int64_t>(at, latest_day + 1));
  };
  std::vector<summary> out;
  for (std::int32_t k = 0; k < o.count; ++k) {
    progress_share part{o.watch, static_cast<double>(k) / o.count, static_cast<double>(k + 1) / o.count};
    out.push_back(finish(finish_options{.unit = o.unit,
                                        .end = day(k, 0),
                                        .start = o.start,
                                        .holdout_end = day(k, o.holdout_days),
                                        .threads = o.threads,
                                        .watch = part.watch()}));
  }
  return out;
}

}  // namespace detail

template <class Models>
backtest_result backtest(std::span<const summary> origins, const backtest_options& options) {
  detail::require_origins(origins, options);
  std::vector<std::int32_t> numbers(options.models.begin(), options.models.end());
  if (numbers.empty()) numbers = readable_models<Models>(columns_of(origins[0]));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!supports(numbers[i], quantity::transactions_quantile)) {
      fail_at(error_code::unsupported, "models", static_cast<std::int64_t>(i), "does not forecast purchases");
    }
  }
  backtest_result out;
  out.unit = origins[0].unit;
  const double steps = static_cast<double>(numbers.size() * origins.size());
  double done = 0;
  for (const std::int32_t number : numbers) {
    detail::origin_forecast all;
    double common = holdout_horizon(origins[0], options.horizon);
    for (std::size_t k = 0; k < origins.size(); ++k, ++done) {
      const summary& s = origins[k];
      constexpr double fit_share = 0.3;
      progress_share fitting{options.fit.watch, done / steps, (done + fit_share) / steps};
      progress_share asking{options.fit.watch, (done + fit_share) / steps, (done + 1) / steps};
      fit_options each = options.fit;
      each.watch = fitting.watch();
      const btyd::model m = fit<Models>(number, columns_of(s), s.unit, each);
      const double horizon = holdout_horizon(s, options.horizon);
      detail::origin_forecast found;
      if (m.fit.outcome == outcome::insufficient_data) {
        found.unpredicted = s.size();
      } else {
        found = detail::forecast_origin<Models>(m, s, horizon, options.fit.threads, asking.watch());
      }
      detail::add_scores({number, static_cast<std::int32_t>(k + 1), s.end, s.holdout_end, horizon,
                          static_cast<std::int32_t>(m.fit.outcome), m.fit.detail},
                         found, out);
      if (horizon != common) common = not_available;
      if (origins.size() == 1) continue;
      all.rows.insert(all.rows.end(), found.rows.begin(), found.rows.end());
      all.unpredicted += found.unpredicted;
    }
    if (origins.size() == 1) continue;
    order_forecasts(all.rows);
    detail::add_scores({number, 0, no_day, no_day, common, 0, {}}, all, out);
  }
  return out;
}

inline std::vector<summary> rolling_origins(const accumulator& log, const rolling_options& options) {
  return detail::origins_of(options, [&](const finish_options& dates) { return log.finish(dates); });
}

inline std::vector<summary> rolling_origins(const customer_base& base, const rolling_options& options) {
  return detail::origins_of(options, [&](const finish_options& dates) { return summary_of(base, dates).customers; });
}

}  // namespace kundenwert::btyd
