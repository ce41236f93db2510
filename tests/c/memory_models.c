/* Out of memory at every allocation of a fit with covariates and priors, of draws, intervals, comparison and
 * diagnostics, as memory.c does it for the way to a model and an overview. */
#include "allocations.h"
#include "arrow.h"

#if !defined(HAS_ALLOCATIONS)

int main(void) { return skip_without_allocations(); }

#else

#define ROWS 8
#define DRAWS 2

typedef struct results {
  double parameters[2];
  double coefficients[1];
  double covariance[9];
  double robust[9];
  double draws[3][3 * DRAWS];
  double mean[3][ROWS];
  double lower[3][ROWS];
  double upper[3][ROWS];
  double log_prior;
  int64_t outcome;
  int64_t width;
  int64_t rows[3];
} results;

/* Rows of a stream, which is read and released; -1 where it ran out of memory. */
static int64_t rows_of(struct ArrowArrayStream* stream) {
  struct ArrowArray batch;
  int64_t rows = -1;
  if (stream->get_next(stream, &batch) == 0) {
    rows = batch.length;
    batch.release(&batch);
  }
  stream->release(stream);
  return rows;
}

static kw_status export_comparison(const kw_comparison* comparison, int64_t* rows) {
  struct ArrowArrayStream stream;
  const kw_status status = kw_comparison_export_arrow(comparison, &stream, &error);
  if (status != KW_OK) return status;
  *rows = rows_of(&stream);
  if (*rows >= 0) return KW_OK;
  error.code = KW_ERROR_OUT_OF_MEMORY;
  return KW_ERROR_OUT_OF_MEMORY;
}

static kw_status diagnose(const kw_model* model, int32_t diagnostic, const kw_summary* customers, int64_t* rows) {
  struct ArrowArrayStream stream;
  const kw_status status = kw_diagnose(model, diagnostic, customers, NULL, &stream, &error);
  if (status != KW_OK) return status;
  *rows = rows_of(&stream);
  if (*rows >= 0) return KW_OK;
  error.code = KW_ERROR_OUT_OF_MEMORY;
  return KW_ERROR_OUT_OF_MEMORY;
}

static void run(void* where) {
  static const double frequency[ROWS] = {0, 2, 1, 9, 0, 4, 1, 6}, recency[ROWS] = {0, 30, 10, 37, 0, 20, 8, 33},
                      T[ROWS] = {38, 38, 12, 38, 30, 35, 20, 36}, spend[ROWS] = {0, 20, 35, 25, 0, 40, 11, 60},
                      region[ROWS] = {0, 1, 0, 1, 1, 0, 0, 1};
  const kw_covariate covariate = {"region", region};
  const kw_effect effect = {"alpha", "region", "a name too long to be kept where short ones are"};
  const kw_prior priors[2] = {{"r", KW_PRIOR_LOG_NORMAL, 0, 0, 2}, {"coefficients", KW_PRIOR_NORMAL, 0, 0, 1}};
  results* out = where;
  kw_summary_columns columns;
  kw_fit_options fit;
  kw_fit_report report;
  kw_draw_options draw;
  kw_predict_options predict;
  kw_lifetime_value_options value;
  const int32_t kind = KW_MODEL_NBD;
  kw_summary* customers = NULL;
  kw_comparison* comparison = NULL;
  kw_model *model = NULL, *known = NULL, *amounts = NULL, *plain = NULL;
  kw_draws *draws = NULL, *refits = NULL, *amount_draws = NULL, *chain = NULL;
  kw_summary_columns_init(&columns, sizeof columns);
  columns.rows = ROWS;
  columns.frequency = frequency;
  columns.recency = recency;
  columns.T = T;
  columns.monetary_value = spend;
  kw_fit_options_init(&fit, sizeof fit);
  fit.covariates = &covariate;
  fit.covariates_length = 1;
  fit.effects = &effect;
  fit.effects_length = 1;
  fit.priors = priors;
  fit.priors_length = 2;
  WITH_RETRY(kw_fit_columns(KW_MODEL_NBD, &columns, KW_UNIT_WEEK, &fit, &model, &error));
  kw_fit_report_init(&report, sizeof report);
  WITH_RETRY(kw_model_fit_report(model, &report, &error));
  out->outcome = report.outcome;
  out->log_prior = report.log_prior;
  WITH_RETRY(kw_model_parameters(model, out->parameters, 2, &error));
  WITH_RETRY(kw_model_coefficients(model, out->coefficients, 1, &error));
  WITH_RETRY(kw_model_covariance(model, out->covariance, 9, &error));
  WITH_RETRY(kw_model_robust_covariance(model, out->robust, 9, &error));
  WITH_RETRY(kw_model_from_effects(KW_MODEL_NBD, KW_UNIT_WEEK, out->parameters, 2, &effect, 1, out->coefficients, 1,
                                   &known, &error));
  WITH_RETRY(kw_fit_columns(KW_MODEL_GAMMA_GAMMA, &columns, KW_UNIT_WEEK, NULL, &amounts, &error));

  kw_draw_options_init(&draw, sizeof draw);
  draw.draws = DRAWS;
  draw.covariates = &covariate;
  draw.covariates_length = 1;
  WITH_RETRY(kw_draws_normal(model, KW_DRAW_METHOD_ROBUST, &draw, &draws, &error));
  WITH_RETRY(kw_draws_bootstrap_columns(model, &columns, &draw, &refits, &error));
  WITH_RETRY(kw_draws_bootstrap_columns(amounts, &columns, &draw, &amount_draws, &error));
  WITH_RETRY(kw_draws_values(draws, out->draws[0], 3 * DRAWS, &error));
  WITH_RETRY(kw_draws_values(refits, out->draws[1], 3 * DRAWS, &error));
  out->width = kw_draws_width(refits);
  draw.chains = 1;
  draw.warm_up = 2;
  WITH_RETRY(kw_draws_posterior_columns(model, &columns, &draw, &chain, &error));
  WITH_RETRY(kw_draws_values(chain, out->draws[2], 3 * DRAWS, &error));
  kw_draws_free(chain);
  WITH_RETRY(kw_summary_from_columns(&columns, KW_UNIT_WEEK, &customers, &error));
  WITH_RETRY(kw_compare(customers, &kind, 1, NULL, &comparison, &error));
  WITH_RETRY(export_comparison(comparison, out->rows));
  WITH_RETRY(kw_comparison_model(comparison, 0, &plain, &error));
  WITH_RETRY(diagnose(plain, KW_DIAGNOSTIC_FREQUENCY_HISTOGRAM, customers, out->rows + 1));
  WITH_RETRY(diagnose(plain, KW_DIAGNOSTIC_HETEROGENEITY, NULL, out->rows + 2));
  kw_comparison_free(comparison);
  kw_summary_free(customers);
  kw_model_free(plain);
  kw_model_free(amounts);
  kw_model_free(known);
  kw_model_free(model);

  kw_predict_options_init(&predict, sizeof predict);
  predict.horizon = 10;
  predict.covariates = &covariate;
  predict.covariates_length = 1;
  WITH_RETRY(kw_intervals_columns(draws, KW_QUANTITY_EXPECTED_TRANSACTIONS, 0.9, &predict, &columns, out->mean[0],
                                  out->lower[0], out->upper[0], ROWS, &error));
  WITH_RETRY(kw_predicted_purchases_columns(draws, 0.9, &predict, &columns, out->mean[1], out->lower[1], out->upper[1],
                                            ROWS, &error));
  kw_lifetime_value_options_init(&value, sizeof value);
  value.covariates = &covariate;
  value.covariates_length = 1;
  WITH_RETRY(kw_lifetime_value_intervals_columns(refits, amount_draws, 10, 0.1, 0.9, &value, &columns, out->mean[2],
                                                 out->lower[2], out->upper[2], ROWS, &error));
  kw_draws_free(amount_draws);
  kw_draws_free(refits);
  kw_draws_free(draws);
}

int main(void) {
  static results expected, found;
  kw_error_init(&error, sizeof error);
  run_without_memory(run, &expected, &found, sizeof found);
  CHECK(expected.outcome == KW_OUTCOME_CONVERGED && expected.width == 3 && expected.log_prior < 0);
  CHECK(expected.rows[0] == 1 && expected.rows[1] == 8 && expected.rows[2] == 99);
  CHECK(expected.lower[0][1] <= expected.mean[0][1] && expected.mean[0][1] <= expected.upper[0][1]);
  return end_of_checks();
}

#endif
