/* Draws of parameters and intervals of answers. One draw is a model with its values, so every interval of it is the
 * answer of that model; many normal draws have the moments of the normal distribution they are of. */
#include <kundenwert.h>

#include "check.h"

#define ROWS 2357

static kw_error error;
static double mean[ROWS], lower[ROWS], upper[ROWS], expected[3][ROWS], odd[ROWS];
static uint32_t reasons[ROWS];

static kw_summary* cdnow(void) {
  cdnow_log* log = read_cdnow();
  kw_accumulator* accumulator = NULL;
  kw_summary* out = NULL;
  kw_transactions batch;
  kw_transactions_init(&batch, sizeof batch);
  batch.rows = log->rows;
  batch.customer_id = log->customer_id;
  batch.date = log->date;
  batch.amount = log->amount;
  CHECK_STATUS(KW_OK, kw_accumulator_create(NULL, &accumulator, &error));
  CHECK_STATUS(KW_OK, kw_accumulator_add(accumulator, &batch, &error));
  CHECK_STATUS(KW_OK, kw_accumulator_finish(accumulator, KW_UNIT_WEEK, CDNOW_END, &out, &error));
  kw_accumulator_free(accumulator);
  free(log);
  for (int i = 0; i < ROWS; ++i) odd[i] = i % 2;
  return out;
}

static kw_draw_options options_for(int64_t draws) {
  kw_draw_options out;
  kw_draw_options_init(&out, sizeof out);
  out.draws = draws;
  out.seed = 42;
  return out;
}

/* Mean and covariance of the logarithms of normal draws against the estimate and its covariance. */
static void check_moments(const kw_model* model, int32_t method) {
  enum { DRAWS = 20000 };
  static double values[4 * DRAWS], again[4 * DRAWS];
  static const char* const names[4] = {"r", "alpha", "a", "b"};
  double center[4], covariance[16], sum[4] = {0}, squares[4] = {0};
  kw_draw_options options = options_for(DRAWS);
  kw_draw_report report;
  kw_draws *draws = NULL, *others = NULL;
  CHECK_STATUS(KW_OK, kw_draws_normal(model, method, &options, &draws, &error));
  CHECK(kw_draws_count(draws) == DRAWS && kw_draws_width(draws) == 4 && kw_draws_name(draws, 4) == NULL);
  for (int i = 0; i < 4; ++i) CHECK(strcmp(kw_draws_name(draws, i), names[i]) == 0);
  CHECK_STATUS(KW_OK, kw_draws_values(draws, values, 4 * DRAWS, &error));
  CHECK_STATUS(KW_OK, kw_model_parameters(model, center, 4, &error));
  CHECK_STATUS(KW_OK, method == KW_DRAW_METHOD_ROBUST ? kw_model_robust_covariance(model, covariance, 16, &error)
                                                      : kw_model_covariance(model, covariance, 16, &error));
  for (int d = 0; d < DRAWS; ++d) {
    for (int i = 0; i < 4; ++i) {
      const double z = log(values[4 * d + i] / center[i]);
      sum[i] += z;
      squares[i] += z * z;
    }
  }
  for (int i = 0; i < 4; ++i) {
    const double variance = covariance[5 * i] / (center[i] * center[i]);
    /* Five standard errors of a mean and of a variance. */
    CHECK(fabs(sum[i] / DRAWS) < 5 * sqrt(variance / DRAWS));
    CHECK(fabs(squares[i] / DRAWS / variance - 1) < 5 * sqrt(2.0 / DRAWS));
  }
  kw_draw_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_draws_report(draws, &report, &error));
  CHECK(report.method == method && report.outcome == KW_OUTCOME_CONVERGED && report.draws == DRAWS);
  CHECK(report.width == 4 && report.seed == 42 && report.chains == 0 && isnan(report.pareto_k));
  CHECK(report.detail[0] == '\0' && report.gradients == 0);
  CHECK_STATUS(KW_OK, kw_draws_diagnostics(draws, sum, NULL, squares, 4, &error));
  for (int i = 0; i < 4; ++i) CHECK(isnan(sum[i]) && isnan(squares[i]));
  /* The same seed, the same draws; another one, others. */
  CHECK_STATUS(KW_OK, kw_draws_normal(model, method, &options, &others, &error));
  CHECK_STATUS(KW_OK, kw_draws_values(others, again, 4 * DRAWS, &error));
  CHECK(memcmp(values, again, sizeof values) == 0);
  kw_draws_free(others);
  options.seed = -42;
  CHECK_STATUS(KW_OK, kw_draws_normal(model, method, &options, &others, &error));
  CHECK_STATUS(KW_OK, kw_draws_values(others, again, 4 * DRAWS, &error));
  CHECK(memcmp(values, again, sizeof values) != 0);
  kw_draws_free(others);
  kw_draws_free(draws);
}

static int all_near(const double* found, const double* wanted) {
  for (int i = 0; i < ROWS; ++i) {
    if (!is_near(found[i], wanted[i], 1e-13)) return 0;
  }
  return 1;
}

/* A model with covariates and a spend model, and one draw of each. */
static void check_one_draw(const kw_summary* customers) {
  const kw_covariate covariate = {"odd", odd};
  const kw_effect effect = {"alpha", "odd", NULL};
  const kw_draw_options one = options_for(1);
  kw_fit_options fit;
  kw_predict_options predict;
  kw_lifetime_value_options value;
  kw_model *model = NULL, *spend = NULL, *drawn = NULL, *drawn_spend = NULL;
  kw_draws *draws = NULL, *spend_draws = NULL;
  kw_summary_columns plain;
  double values[5];
  kw_fit_options_init(&fit, sizeof fit);
  fit.covariates = &covariate;
  fit.covariates_length = 1;
  fit.effects = &effect;
  fit.effects_length = 1;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, &fit, &model, &error));
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_GAMMA_GAMMA, customers, NULL, &spend, &error));
  CHECK_STATUS(KW_OK, kw_draws_normal(model, KW_DRAW_METHOD_ASYMPTOTIC, &one, &draws, &error));
  CHECK_STATUS(KW_OK, kw_draws_normal(spend, KW_DRAW_METHOD_ROBUST, &one, &spend_draws, &error));
  CHECK(kw_draws_width(draws) == 5 && strcmp(kw_draws_name(draws, 4), "alpha.odd") == 0);
  CHECK_STATUS(KW_OK, kw_draws_values(draws, values, 5, &error));
  CHECK_STATUS(KW_OK, kw_model_from_effects(KW_MODEL_BG_NBD, KW_UNIT_WEEK, values, 4, &effect, 1, values + 4, 1, &drawn,
                                            &error));
  CHECK_STATUS(KW_OK, kw_draws_values(spend_draws, values, 3, &error));
  CHECK_STATUS(KW_OK, kw_model_from_parameters(KW_MODEL_GAMMA_GAMMA, KW_UNIT_WEEK, values, 3, &drawn_spend, &error));
  kw_model_free(spend);
  kw_model_free(model);

  kw_predict_options_init(&predict, sizeof predict);
  predict.horizon = 39;
  predict.covariates = &covariate;
  predict.covariates_length = 1;
  predict.reasons = reasons;
  predict.reasons_length = ROWS;
  memset(reasons, 0xff, sizeof reasons);
  CHECK_STATUS(KW_OK,
               kw_predict(drawn, KW_QUANTITY_EXPECTED_TRANSACTIONS, &predict, customers, expected[0], ROWS, &error));
  CHECK_STATUS(KW_OK, kw_intervals(draws, KW_QUANTITY_EXPECTED_TRANSACTIONS, 0.9, &predict, customers, mean, lower,
                                   upper, ROWS, &error));
  CHECK(all_near(mean, expected[0]) && all_near(lower, expected[0]) && all_near(upper, expected[0]));
  CHECK(reasons[0] == 0 && reasons[ROWS - 1] == 0);

  /* Purchases: the quantiles of their number. */
  predict.level = 0.1;
  CHECK_STATUS(KW_OK,
               kw_predict(drawn, KW_QUANTITY_TRANSACTIONS_QUANTILE, &predict, customers, expected[1], ROWS, &error));
  predict.level = 0.9;
  CHECK_STATUS(KW_OK,
               kw_predict(drawn, KW_QUANTITY_TRANSACTIONS_QUANTILE, &predict, customers, expected[2], ROWS, &error));
  CHECK_STATUS(KW_OK, kw_predicted_purchases(draws, 0.8, &predict, customers, mean, lower, upper, ROWS, &error));
  CHECK(all_near(mean, expected[0]) && all_near(lower, expected[1]) && all_near(upper, expected[2]));

  kw_lifetime_value_options_init(&value, sizeof value);
  value.covariates = &covariate;
  value.covariates_length = 1;
  value.margin_rate = 0.25;
  CHECK_STATUS(KW_OK, kw_lifetime_value(drawn, drawn_spend, 52, 0.1, &value, customers, expected[0], ROWS, &error));
  CHECK_STATUS(KW_OK, kw_lifetime_value_intervals(draws, spend_draws, 52, 0.1, 0.95, &value, customers, mean, lower,
                                                  upper, ROWS, &error));
  CHECK(all_near(mean, expected[0]) && all_near(lower, expected[0]) && all_near(upper, expected[0]));

  /* The same of plain columns, to the bit; buffers may be left away. */
  static double columns[4][ROWS], again[3][ROWS];
  kw_summary_columns_init(&plain, sizeof plain);
  plain.rows = ROWS;
  for (int32_t i = 0; i < 4; ++i) {
    CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_FREQUENCY + i, columns[i], ROWS, &error));
  }
  plain.frequency = columns[0];
  plain.recency = columns[1];
  plain.T = columns[2];
  plain.monetary_value = columns[3];
  CHECK_STATUS(KW_OK, kw_lifetime_value_intervals_columns(draws, spend_draws, 52, 0.1, 0.95, &value, &plain, again[0],
                                                          NULL, again[2], ROWS, &error));
  CHECK(memcmp(mean, again[0], sizeof mean) == 0 && memcmp(upper, again[2], sizeof upper) == 0);
  CHECK_STATUS(KW_OK, kw_predicted_purchases(draws, 0.8, &predict, customers, mean, lower, upper, ROWS, &error));
  CHECK_STATUS(KW_OK,
               kw_predicted_purchases_columns(draws, 0.8, &predict, &plain, again[0], again[1], NULL, ROWS, &error));
  CHECK(memcmp(mean, again[0], sizeof mean) == 0 && memcmp(lower, again[1], sizeof lower) == 0);
  CHECK_STATUS(KW_OK, kw_intervals(draws, KW_QUANTITY_PROBABILITY_ALIVE, 0.5, &predict, customers, mean, lower, upper,
                                   ROWS, &error));
  CHECK_STATUS(KW_OK, kw_intervals_columns(draws, KW_QUANTITY_PROBABILITY_ALIVE, 0.5, &predict, &plain, NULL, again[1],
                                           again[2], ROWS, &error));
  CHECK(memcmp(lower, again[1], sizeof lower) == 0 && memcmp(upper, again[2], sizeof upper) == 0);
  CHECK_STATUS(KW_OK, kw_intervals(draws, KW_QUANTITY_PROBABILITY_ALIVE, 0.5, &predict, customers, NULL, NULL, NULL,
                                   ROWS, &error));
  kw_draws_free(spend_draws);
  kw_draws_free(draws);
  kw_model_free(drawn_spend);
  kw_model_free(drawn);
}

/* Refits: of a sum of customers like these, and near the estimate; nothing of an answer is lost on the way. */
static void check_bootstrap(const kw_summary* customers, const kw_model* model) {
  enum { DRAWS = 40 };
  static double values[4 * DRAWS], weight[ROWS];
  double center[4], errors[4];
  kw_draw_options options = options_for(DRAWS);
  kw_draw_report report;
  kw_predict_options predict;
  kw_draws *draws = NULL, *weighted = NULL;
  int in_order = 1;
  options.threads = 2;
  CHECK_STATUS(KW_OK, kw_draws_bootstrap(model, customers, &options, &draws, &error));
  CHECK_STATUS(KW_OK, kw_draws_values(draws, values, 4 * DRAWS, &error));
  CHECK_STATUS(KW_OK, kw_model_parameters(model, center, 4, &error));
  CHECK_STATUS(KW_OK, kw_model_standard_errors(model, errors, 4, &error));
  for (int i = 0; i < 4; ++i) {
    double sum = 0;
    for (int d = 0; d < DRAWS; ++d) sum += log(values[4 * d + i] / center[i]);
    CHECK(fabs(sum / DRAWS) < 5 * errors[i] / center[i] / sqrt(DRAWS) + errors[i] / center[i] * 0.5);
  }
  kw_draw_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_draws_report(draws, &report, &error));
  CHECK(report.method == KW_DRAW_METHOD_BOOTSTRAP && report.outcome == KW_OUTCOME_CONVERGED);
  kw_predict_options_init(&predict, sizeof predict);
  predict.threads = 2;
  CHECK_STATUS(KW_OK, kw_intervals(draws, KW_QUANTITY_PROBABILITY_ALIVE, 0.95, &predict, customers, mean, lower, upper,
                                   ROWS, &error));
  for (int i = 0; i < ROWS; ++i) in_order = in_order && 0 < lower[i] && lower[i] <= mean[i] && mean[i] <= upper[i];
  CHECK(in_order);
  /* Weights of 1 are none. */
  for (int i = 0; i < ROWS; ++i) weight[i] = 1;
  options.weight = weight;
  options.weight_length = ROWS;
  CHECK_STATUS(KW_OK, kw_draws_bootstrap(model, customers, &options, &weighted, &error));
  CHECK_STATUS(KW_OK, kw_draws_values(weighted, expected[0], 4 * DRAWS, &error));
  CHECK(memcmp(values, expected[0], sizeof values) == 0);
  kw_draws_free(weighted);
  kw_draws_free(draws);
}

/* A posterior with the wide priors: near the estimate, as much data say more than they; chains that agree. */
static void check_posterior(const kw_summary* customers, const kw_model* model) {
  enum { DRAWS = 4000 };
  static double values[4 * DRAWS], again[4 * DRAWS];
  double center[4], errors[4], r_hat[4], bulk[4], tail[4];
  kw_draw_options options;
  kw_draw_report report;
  kw_draws* draws = NULL;
  kw_draw_options_init(&options, sizeof options);
  options.seed = 7;
  for (int32_t threads = 2; threads > 0; --threads) {
    options.threads = threads;
    CHECK_STATUS(KW_OK, kw_draws_posterior(model, customers, &options, &draws, &error));
    CHECK_STATUS(KW_OK, kw_draws_values(draws, threads == 2 ? values : again, 4 * DRAWS, &error));
    if (threads == 2) kw_draws_free(draws);
  }
  CHECK(memcmp(values, again, sizeof values) == 0);
  CHECK_STATUS(KW_OK, kw_model_parameters(model, center, 4, &error));
  CHECK_STATUS(KW_OK, kw_model_standard_errors(model, errors, 4, &error));
  for (int i = 0; i < 4; ++i) {
    double sum = 0;
    for (int d = 0; d < DRAWS; ++d) sum += log(values[4 * d + i] / center[i]);
    /* The likelihood of a and b is skewed: its mean is up to a standard error from its mode. */
    CHECK(fabs(sum / DRAWS) < errors[i] / center[i]);
  }
  kw_draw_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_draws_report(draws, &report, &error));
  CHECK(report.method == KW_DRAW_METHOD_POSTERIOR && report.outcome == KW_OUTCOME_CONVERGED && report.chains == 4);
  CHECK(report.draws == DRAWS && report.seed == 7 && report.gradients > DRAWS && report.divergences == 0);
  CHECK(report.acceptance > 0.5 && report.acceptance <= 1 && report.pareto_k < 0.7);
  CHECK_STATUS(KW_OK, kw_draws_diagnostics(draws, r_hat, bulk, tail, 4, &error));
  for (int i = 0; i < 4; ++i) CHECK(r_hat[i] < 1.01 && bulk[i] > 400 && tail[i] > 400);
  CHECK_STATUS(KW_OK, kw_intervals(draws, KW_QUANTITY_PROBABILITY_ALIVE, 0.95, NULL, customers, mean, lower, upper,
                                   ROWS, &error));
  CHECK(lower[0] < mean[0] && mean[0] < upper[0]);
  kw_draws_free(draws);
}

int main(void) {
  kw_model* model = NULL;
  kw_summary* customers;
  kw_error_init(&error, sizeof error);
  customers = cdnow();
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, NULL, &model, &error));
  check_moments(model, KW_DRAW_METHOD_ASYMPTOTIC);
  check_moments(model, KW_DRAW_METHOD_ROBUST);
  check_bootstrap(customers, model);
  check_posterior(customers, model);
  check_one_draw(customers);
  CHECK(kw_draws_count(NULL) == 0 && kw_draws_width(NULL) == 0 && kw_draws_name(NULL, 0) == NULL);
  kw_draws_free(NULL);
  kw_model_free(model);
  kw_summary_free(customers);
  return end_of_checks();
}
