/* Every mistake in covariates, effects, priors, draws and intervals is named with code, argument and row, and nothing
 * is written. */
#include <kundenwert.h>

#include "check.h"

#define SENTINEL 123.25
#define ROWS 6

static kw_error error;

static void check_error(int line, kw_status found, kw_status expected, const char* argument, int64_t row) {
  if (found != expected || error.code != expected || strcmp(error.argument, argument) != 0 || error.row != row ||
      error.message[0] == '\0') {
    printf("line %d: %d in '%s', row %lld, where %d in '%s', row %lld is expected: %s\n", line, (int)found,
           error.argument, (long long)error.row, (int)expected, argument, (long long)row, error.message);
    ++checks_failed;
  } else {
    ++checks_passed;
  }
  kw_error_init(&error, sizeof error);
}
#define REFUSED(code, argument, row, call) check_error(__LINE__, (call), (code), (argument), (row))

static const double frequency[] = {0, 2, 1, 5, 0, 3}, recency[] = {0, 30, 10, 37, 0, 20},
                    T[] = {38, 38, 12, 38, 30, 35}, spend[] = {NAN, 20, 30, 25, NAN, 40}, region[] = {0, 1, 0, 1, 1, 0};

static kw_summary_columns columns_of_six(void) {
  kw_summary_columns out;
  kw_summary_columns_init(&out, sizeof out);
  out.rows = ROWS;
  out.frequency = frequency;
  out.recency = recency;
  out.T = T;
  out.monetary_value = spend;
  return out;
}

static void check_fit(void) {
  static const double missing[] = {0, 1, NAN, 1, 1, 0}, infinite[] = {0, 1, 0, 1, INFINITY, 0};
  const kw_covariate good = {"region", region}, unnamed = {NULL, region}, empty = {"region", NULL},
                     with_nan = {"region", missing}, with_infinity = {"region", infinite};
  const kw_covariate twice[2] = {{"region", region}, {"region", missing}};
  const kw_effect effect = {"alpha", "region", NULL};
  const kw_effect wrong[] = {{NULL, "region", NULL}, {"alpha", NULL, NULL}, {"gamma", "region", NULL},
                             {"r", "region", NULL},  {"alpha", "", NULL},   {"alpha", "size", NULL}};
  const kw_effect doubled[2] = {{"alpha", "region", NULL}, {"alpha", "region", "other"}};
  const kw_prior bad_priors[] = {{NULL, KW_PRIOR_GAMMA, 0, 1, 1},          {"r", 99, 0, 1, 1},
                                 {"gamma", KW_PRIOR_GAMMA, 0, 1, 1},       {"r", KW_PRIOR_NORMAL, 0, 0, 1},
                                 {"r", KW_PRIOR_GAMMA, 0, -1, 1},          {"r", KW_PRIOR_LOG_NORMAL, 0, INFINITY, 1},
                                 {"r", KW_PRIOR_LOG_NORMAL, 7, 0, 1},      {"r", KW_PRIOR_WEIBULL, 0, 1, 0},
                                 {"coefficients", KW_PRIOR_GAMMA, 0, 1, 1}};
  const kw_prior doubled_priors[2] = {{"r", KW_PRIOR_GAMMA, 0, 1, 1}, {"r", KW_PRIOR_GAMMA, 0, 2, 1}};
  kw_model* model = (kw_model*)&error;
  kw_summary* customers = NULL;
  kw_summary_columns columns = columns_of_six();
  kw_fit_options fit;
  CHECK_STATUS(KW_OK, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &customers, &error));
#define FIT() kw_fit(KW_MODEL_PARETO_NBD, customers, &fit, &model, &error)
  kw_fit_options_init(&fit, sizeof fit);
  fit.effects = &effect;
  fit.effects_length = 1;
  REFUSED(KW_ERROR_COLUMN_MISSING, "region", -1, FIT());
  fit.covariates_length = 1;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "covariates", -1, FIT());
  fit.covariates = &unnamed;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "covariates", -1, FIT());
  fit.covariates = &empty;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "covariates", -1, FIT());
  fit.covariates = &with_nan;
  REFUSED(KW_ERROR_MISSING, "region", 2, FIT());
  fit.covariates = &with_infinity;
  REFUSED(KW_ERROR_NON_FINITE, "region", 4, FIT());
  fit.covariates = twice;
  fit.covariates_length = 2;
  REFUSED(KW_ERROR_DOMAIN, "covariates", -1, FIT());
  fit.covariates_length = -1;
  REFUSED(KW_ERROR_DOMAIN, "covariates", -1, FIT());
  fit.covariates = &good;
  fit.covariates_length = 1;
  fit.effects = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "effects", -1, FIT());
  fit.effects = wrong;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "effects", -1, FIT());
  fit.effects = wrong + 1;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "effects", -1, FIT());
  fit.effects = wrong + 2;
  REFUSED(KW_ERROR_UNKNOWN_CODE, "effects", -1, FIT());
  fit.effects = wrong + 3;
  REFUSED(KW_ERROR_UNSUPPORTED, "effects", -1, FIT());
  fit.effects = wrong + 4;
  REFUSED(KW_ERROR_MISSING, "effects", -1, FIT());
  fit.effects = wrong + 5;
  REFUSED(KW_ERROR_COLUMN_MISSING, "size", -1, FIT());
  fit.effects = doubled;
  fit.effects_length = 2;
  REFUSED(KW_ERROR_DOMAIN, "effects", -1, FIT());
  fit.effects = &effect;
  fit.effects_length = 1;
  fit.priors_length = 1;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "priors", -1, FIT());
  fit.priors = bad_priors;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "priors", -1, FIT());
  fit.priors = bad_priors + 1;
  REFUSED(KW_ERROR_UNKNOWN_CODE, "priors", -1, FIT());
  fit.priors = bad_priors + 2;
  REFUSED(KW_ERROR_UNKNOWN_CODE, "priors", -1, FIT());
  fit.priors = bad_priors + 3;
  REFUSED(KW_ERROR_DOMAIN, "priors", -1, FIT());
  fit.priors = bad_priors + 4;
  REFUSED(KW_ERROR_SIGN, "priors", -1, FIT());
  fit.priors = bad_priors + 5;
  REFUSED(KW_ERROR_NON_FINITE, "priors", -1, FIT());
  fit.priors = bad_priors + 6;
  REFUSED(KW_ERROR_STRUCT_SIZE, "priors", -1, FIT());
  fit.priors = bad_priors + 7;
  REFUSED(KW_ERROR_SIGN, "priors", -1, FIT());
  fit.priors = bad_priors + 8;
  REFUSED(KW_ERROR_DOMAIN, "priors", -1, FIT());
  fit.priors = doubled_priors;
  fit.priors_length = 2;
  REFUSED(KW_ERROR_DOMAIN, "priors", -1, FIT());
  kw_fit_options_init(&fit, sizeof fit);
  fit.whole = 2;
  REFUSED(KW_ERROR_DOMAIN, "whole", -1, FIT());
  fit.whole = -1;
  REFUSED(KW_ERROR_DOMAIN, "whole", -1, FIT());
  fit.whole = 0;
  fit.reserved = 1;
  REFUSED(KW_ERROR_STRUCT_SIZE, "options", -1, FIT());

  /* Plain columns, and columns that are not there. */
#define FIT_COLUMNS(kind, unit) kw_fit_columns(kind, &columns, unit, NULL, &model, &error)
  REFUSED(KW_ERROR_COLUMN_MISSING, "revenue", -1, kw_fit(KW_MODEL_GAMMA_GAMMA_ALL, customers, NULL, &model, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "revenue", -1, FIT_COLUMNS(KW_MODEL_GAMMA_GAMMA_ALL, KW_UNIT_WEEK));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "unit", -1, FIT_COLUMNS(KW_MODEL_BG_NBD, 9));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "model", -1, FIT_COLUMNS(0, KW_UNIT_WEEK));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "columns", -1,
          kw_fit_columns(KW_MODEL_BG_NBD, NULL, KW_UNIT_WEEK, NULL, &model, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1,
          kw_fit_columns(KW_MODEL_BG_NBD, &columns, KW_UNIT_WEEK, NULL, NULL, &error));
  columns.recency = T;
  columns.T = recency;
  REFUSED(KW_ERROR_RECENCY_ORDER, "recency", 0, FIT_COLUMNS(KW_MODEL_BG_NBD, KW_UNIT_WEEK));
  columns.rows = 0;
  REFUSED(KW_ERROR_EMPTY, "frequency", -1, FIT_COLUMNS(KW_MODEL_BG_NBD, KW_UNIT_WEEK));
  columns.rows = -1;
  REFUSED(KW_ERROR_DOMAIN, "rows", -1, FIT_COLUMNS(KW_MODEL_BG_NBD, KW_UNIT_WEEK));
  CHECK(model == (kw_model*)&error);
  kw_summary_free(customers);
}

static void check_coefficients(void) {
  static const double values[] = {.5, 10, .6, 12}, coefficients[] = {.3, NAN};
  const kw_effect effects[2] = {{"alpha", "region", NULL}, {"beta", "region", NULL}};
  const kw_effect unknown = {"gamma", "region", NULL};
  kw_model *model = (kw_model*)&error, *made = NULL;
  kw_effect found[2] = {{NULL, NULL, NULL}, {NULL, NULL, NULL}};
  double out[2] = {SENTINEL, SENTINEL};
#define FROM(effects_given, count, coefficients_given, coefficients_count, to)                                  \
  kw_model_from_effects(KW_MODEL_PARETO_NBD, KW_UNIT_WEEK, values, 4, effects_given, count, coefficients_given, \
                        coefficients_count, to, &error)
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "coefficients", -1, FROM(effects, 2, coefficients, 1, &model));
  REFUSED(KW_ERROR_MISSING, "coefficients", -1, FROM(effects, 2, coefficients, 2, &model));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "coefficients", -1, FROM(effects, 1, NULL, 1, &model));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "effects", -1, FROM(NULL, 1, coefficients, 1, &model));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "effects", -1, FROM(&unknown, 1, coefficients, 1, &model));
  REFUSED(KW_ERROR_DOMAIN, "effects", -1, FROM(effects, -1, coefficients, 1, &model));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, FROM(effects, 1, coefficients, 1, NULL));
  CHECK(model == (kw_model*)&error);
  CHECK_STATUS(KW_OK, FROM(effects, 1, coefficients, 1, &made));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out", -1, kw_model_coefficients(made, out, 2, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_model_coefficients(made, NULL, 1, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "model", -1, kw_model_coefficients(NULL, out, 1, &error));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out", -1, kw_model_effects(made, found, 2, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "model", -1, kw_model_effects(NULL, found, 1, &error));
  REFUSED(KW_ERROR_UNSUPPORTED, "model", -1, kw_model_robust_covariance(made, out, 2, &error));
  CHECK(out[0] == SENTINEL && found[0].parameter == NULL);
  CHECK(kw_model_coefficient_count(NULL) == 0 && kw_model_effect_count(NULL) == 0);
  CHECK(kw_model_coefficient_name(NULL, 0) == NULL && kw_model_coefficient_name(made, 1) == NULL);
  CHECK(kw_model_coefficient_name(made, -1) == NULL);
  kw_model_free(made);
}

static void check_draws(void) {
  static const double values[] = {.5, 10, .6, 12}, weight[] = {1, 1, 1, -1, 1, 1};
  const kw_covariate covariate = {"region", region};
  const kw_effect effect = {"alpha", "region", NULL};
  double out[ROWS] = {SENTINEL, SENTINEL, SENTINEL, SENTINEL, SENTINEL, SENTINEL};
  uint32_t reasons[ROWS] = {77, 77, 77, 77, 77, 77};
  kw_summary_columns columns = columns_of_six();
  kw_summary *weeks = NULL, *days = NULL;
  kw_fit_options fit;
  kw_draw_options options;
  kw_draw_report report;
  kw_predict_options predict;
  kw_lifetime_value_options value;
  kw_model *given = NULL, *fitted = NULL, *amounts = NULL;
  kw_draws *draws = (kw_draws*)&error, *drawn = NULL, *spend_drawn = NULL;
  CHECK_STATUS(KW_OK, kw_summary_from_columns(&columns, KW_UNIT_WEEK, &weeks, &error));
  CHECK_STATUS(KW_OK, kw_summary_from_columns(&columns, KW_UNIT_DAY, &days, &error));
  CHECK_STATUS(KW_OK, kw_model_from_parameters(KW_MODEL_PARETO_NBD, KW_UNIT_WEEK, values, 4, &given, &error));
  kw_fit_options_init(&fit, sizeof fit);
  fit.covariates = &covariate;
  fit.covariates_length = 1;
  fit.effects = &effect;
  fit.effects_length = 1;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_NBD, weeks, &fit, &fitted, &error));
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_GAMMA_GAMMA, weeks, NULL, &amounts, &error));

  REFUSED(KW_ERROR_NOT_POSITIVE_DEFINITE, "model", -1,
          kw_draws_normal(given, KW_DRAW_METHOD_ASYMPTOTIC, NULL, &draws, &error));
  REFUSED(KW_ERROR_UNSUPPORTED, "method", -1, kw_draws_normal(fitted, KW_DRAW_METHOD_BOOTSTRAP, NULL, &draws, &error));
  REFUSED(KW_ERROR_UNSUPPORTED, "method", -1, kw_draws_normal(fitted, 0, NULL, &draws, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "model", -1, kw_draws_normal(NULL, KW_DRAW_METHOD_ASYMPTOTIC, NULL, &draws, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_draws_normal(fitted, KW_DRAW_METHOD_ASYMPTOTIC, NULL, NULL, &error));
  kw_draw_options_init(&options, sizeof options);
  options.draws = -1;
  REFUSED(KW_ERROR_DOMAIN, "draws", -1, kw_draws_normal(fitted, KW_DRAW_METHOD_ASYMPTOTIC, &options, &draws, &error));
#define REFIT(of, customers) kw_draws_bootstrap(of, customers, &options, &draws, &error)
  REFUSED(KW_ERROR_DOMAIN, "draws", -1, REFIT(fitted, weeks));
  options.draws = 3;
  REFUSED(KW_ERROR_COLUMN_MISSING, "region", -1, REFIT(fitted, weeks));
  options.covariates = &covariate;
  options.covariates_length = 1;
  REFUSED(KW_ERROR_UNSUPPORTED, "model", -1, REFIT(given, weeks));
  REFUSED(KW_ERROR_UNIT_MISMATCH, "summary", -1, REFIT(fitted, days));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "summary", -1, REFIT(fitted, NULL));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "model", -1, REFIT(NULL, weeks));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_draws_bootstrap(fitted, weeks, &options, NULL, &error));
  options.weight = weight;
  options.weight_length = ROWS;
  REFUSED(KW_ERROR_SIGN, "weight", 3, REFIT(fitted, weeks));
  options.weight_length = 2;
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "weight", -1, REFIT(fitted, weeks));
  options.weight = NULL;
  options.weight_length = 0;
  options.threads = -1;
  REFUSED(KW_ERROR_DOMAIN, "threads", -1, REFIT(fitted, weeks));
  options.threads = 0;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "columns", -1, kw_draws_bootstrap_columns(fitted, NULL, &options, &draws, &error));
  columns.T = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "T", -1, kw_draws_bootstrap_columns(fitted, &columns, &options, &draws, &error));
  columns = columns_of_six();
#define SAMPLE(of, customers) kw_draws_posterior(of, customers, &options, &draws, &error)
  REFUSED(KW_ERROR_UNSUPPORTED, "model", -1, SAMPLE(given, weeks));
  REFUSED(KW_ERROR_UNIT_MISMATCH, "summary", -1, SAMPLE(fitted, days));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "summary", -1, SAMPLE(fitted, NULL));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "model", -1, SAMPLE(NULL, weeks));
  options.chains = -1;
  REFUSED(KW_ERROR_DOMAIN, "chains", -1, SAMPLE(fitted, weeks));
  options.chains = 0;
  options.warm_up = -1;
  REFUSED(KW_ERROR_SIGN, "warm_up", -1, SAMPLE(fitted, weeks));
  options.warm_up = 0;
  options.covariates_length = 0;
  REFUSED(KW_ERROR_COLUMN_MISSING, "region", -1, SAMPLE(fitted, weeks));
  options.covariates_length = 1;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "columns", -1, kw_draws_posterior_columns(fitted, NULL, &options, &draws, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_draws_posterior(fitted, weeks, &options, NULL, &error));
  CHECK(draws == (kw_draws*)&error);

  CHECK_STATUS(KW_OK, kw_draws_bootstrap_columns(fitted, &columns, &options, &drawn, &error));
  CHECK_STATUS(KW_OK, kw_draws_bootstrap_columns(amounts, &columns, &options, &spend_drawn, &error));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out", -1, kw_draws_values(drawn, out, 3, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "draws", -1, kw_draws_values(NULL, out, 3, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "out", -1, kw_draws_report(drawn, NULL, &error));
  kw_draw_report_init(&report, sizeof report);
  REFUSED(KW_ERROR_NULL_ARGUMENT, "draws", -1, kw_draws_report(NULL, &report, &error));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "length", -1, kw_draws_diagnostics(drawn, out, NULL, NULL, 2, &error));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "draws", -1, kw_draws_diagnostics(NULL, out, NULL, NULL, 3, &error));

  kw_predict_options_init(&predict, sizeof predict);
  predict.reasons = reasons;
  predict.reasons_length = ROWS;
#define INTERVALS(of, quantity, probability, customers) \
  kw_intervals(of, quantity, probability, &predict, customers, out, NULL, NULL, ROWS, &error)
  REFUSED(KW_ERROR_COLUMN_MISSING, "region", -1, INTERVALS(drawn, KW_QUANTITY_PROBABILITY_ALIVE, 0.9, weeks));
  predict.covariates = &covariate;
  predict.covariates_length = 1;
  REFUSED(KW_ERROR_DOMAIN, "probability", -1, INTERVALS(drawn, KW_QUANTITY_PROBABILITY_ALIVE, 1, weeks));
  REFUSED(KW_ERROR_MISSING, "probability", -1, INTERVALS(drawn, KW_QUANTITY_PROBABILITY_ALIVE, NAN, weeks));
  REFUSED(KW_ERROR_UNKNOWN_CODE, "quantity", -1, INTERVALS(drawn, 99, 0.9, weeks));
  REFUSED(KW_ERROR_UNSUPPORTED, "quantity", -1, INTERVALS(drawn, KW_QUANTITY_EXPECTED_SPEND, 0.9, weeks));
  REFUSED(KW_ERROR_MISSING, "horizon", -1, INTERVALS(drawn, KW_QUANTITY_EXPECTED_TRANSACTIONS, 0.9, weeks));
  REFUSED(KW_ERROR_UNIT_MISMATCH, "summary", -1, INTERVALS(drawn, KW_QUANTITY_PROBABILITY_ALIVE, 0.9, days));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "summary", -1, INTERVALS(drawn, KW_QUANTITY_PROBABILITY_ALIVE, 0.9, NULL));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "draws", -1, INTERVALS(NULL, KW_QUANTITY_PROBABILITY_ALIVE, 0.9, weeks));
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "out_length", -1,
          kw_intervals(drawn, KW_QUANTITY_PROBABILITY_ALIVE, 0.9, &predict, weeks, out, NULL, NULL, 3, &error));
  REFUSED(
      KW_ERROR_NULL_ARGUMENT, "columns", -1,
      kw_intervals_columns(drawn, KW_QUANTITY_PROBABILITY_ALIVE, 0.9, &predict, NULL, out, NULL, NULL, ROWS, &error));
#define PURCHASES(of, probability, customers) \
  kw_predicted_purchases(of, probability, &predict, customers, NULL, out, NULL, ROWS, &error)
  REFUSED(KW_ERROR_MISSING, "horizon", -1, PURCHASES(drawn, 0.9, weeks));
  predict.horizon = 10;
  REFUSED(KW_ERROR_DOMAIN, "probability", -1, PURCHASES(drawn, 0, weeks));
  REFUSED(KW_ERROR_UNSUPPORTED, "draws", -1, PURCHASES(spend_drawn, 0.9, weeks));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "draws", -1, PURCHASES(NULL, 0.9, weeks));
  predict.most_draws = -1;
  CHECK(PURCHASES(drawn, 0.9, weeks) == KW_ERROR_DOMAIN);
  predict.most_draws = 0;
  predict.reasons_length = 2;
  REFUSED(KW_ERROR_LENGTH_MISMATCH, "reasons", -1, PURCHASES(drawn, 0.9, weeks));
  predict.reasons_length = ROWS;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "columns", -1,
          kw_predicted_purchases_columns(drawn, 0.9, &predict, NULL, NULL, out, NULL, ROWS, &error));
  kw_lifetime_value_options_init(&value, sizeof value);
  value.reasons = reasons;
  value.reasons_length = ROWS;
  value.covariates = &covariate;
  value.covariates_length = 1;
#define VALUES(of, with, horizon, rate, probability) \
  kw_lifetime_value_intervals(of, with, horizon, rate, probability, &value, weeks, out, NULL, NULL, ROWS, &error)
  REFUSED(KW_ERROR_DOMAIN, "probability", -1, VALUES(drawn, spend_drawn, 10, 0.1, 2));
  REFUSED(KW_ERROR_MISSING, "horizon", -1, VALUES(drawn, spend_drawn, NAN, 0.1, 0.9));
  REFUSED(KW_ERROR_SIGN, "annual_discount_rate", -1, VALUES(drawn, spend_drawn, 10, -0.1, 0.9));
  REFUSED(KW_ERROR_UNSUPPORTED, "transactions", -1, VALUES(spend_drawn, spend_drawn, 10, 0.1, 0.9));
  REFUSED(KW_ERROR_UNSUPPORTED, "spend", -1, VALUES(drawn, drawn, 10, 0.1, 0.9));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "transactions", -1, VALUES(NULL, spend_drawn, 10, 0.1, 0.9));
  REFUSED(KW_ERROR_NULL_ARGUMENT, "spend", -1, VALUES(drawn, NULL, 10, 0.1, 0.9));
  value.margin_rate = -0.1;
  CHECK(VALUES(drawn, spend_drawn, 10, 0.1, 0.9) != KW_OK);
  columns.monetary_value = NULL;
  REFUSED(KW_ERROR_NULL_ARGUMENT, "monetary_value", -1,
          kw_lifetime_value_intervals_columns(drawn, spend_drawn, 10, 0.1, 0.9, &value, &columns, out, NULL, NULL, ROWS,
                                              &error));
  CHECK(out[0] == SENTINEL && out[ROWS - 1] == SENTINEL && reasons[0] == 77 && reasons[ROWS - 1] == 77);
  kw_draws_free(spend_drawn);
  kw_draws_free(drawn);
  kw_model_free(amounts);
  kw_model_free(fitted);
  kw_model_free(given);
  kw_summary_free(days);
  kw_summary_free(weeks);
}

int main(void) {
  kw_error_init(&error, sizeof error);
  check_fit();
  check_coefficients();
  check_draws();
  return end_of_checks();
}
