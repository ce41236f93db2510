/* The same bits for one and two threads; progress is told on the calling thread, and cancels without a trace. */
#include <kundenwert.h>

#include "check.h"

static kw_error error;

typedef struct listener {
  int calls;
  int cancel_at; /* 0: never */
  double last;
  int in_order;
} listener;

static int32_t listen(void* context, double done) {
  listener* self = context;
  ++self->calls;
  if (!(done >= 0 && done <= 1)) self->in_order = 0;
  self->last = done;
  return self->cancel_at != 0 && self->calls >= self->cancel_at;
}

typedef struct results {
  double parameters[4];
  double covariance[16];
  double alive[2357];
  double value[2357];
  double columns[4][2357];
  double coefficient;
  double draws[4 * 8];
  double intervals[3][2357];
} results;

static void run(const cdnow_log* log, int32_t threads, results* out) {
  static const int32_t columns[4] = {KW_COLUMN_FREQUENCY, KW_COLUMN_RECENCY, KW_COLUMN_T, KW_COLUMN_MONETARY_VALUE};
  kw_accumulator_options options;
  kw_accumulator* accumulator = NULL;
  kw_transactions batch;
  kw_finish_options finish;
  kw_summary* customers = NULL;
  kw_fit_options fit;
  kw_model *bg_nbd = NULL, *spend = NULL, *with_covariate = NULL;
  kw_predict_options predict;
  kw_lifetime_value_options value;
  kw_draw_options draw;
  kw_draws *draws = NULL, *spend_draws = NULL;
  const kw_covariate covariate = {"recent", out->columns[1]};
  const kw_effect effect = {"alpha", "recent", NULL};
  kw_accumulator_options_init(&options, sizeof options);
  options.threads = threads;
  CHECK_STATUS(KW_OK, kw_accumulator_create(&options, &accumulator, &error));
  kw_transactions_init(&batch, sizeof batch);
  batch.rows = log->rows;
  batch.customer_id = log->customer_id;
  batch.date = log->date;
  batch.amount = log->amount;
  CHECK_STATUS(KW_OK, kw_accumulator_add(accumulator, &batch, &error));
  kw_finish_options_init(&finish, sizeof finish);
  finish.threads = threads;
  CHECK_STATUS(KW_OK, kw_accumulator_finish_with(accumulator, KW_UNIT_WEEK, CDNOW_END, &finish, &customers, &error));
  for (int i = 0; i < 4; ++i) {
    CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, columns[i], out->columns[i], 2357, &error));
  }
  kw_fit_options_init(&fit, sizeof fit);
  fit.threads = threads;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, &fit, &bg_nbd, &error));
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_GAMMA_GAMMA, customers, &fit, &spend, &error));
  CHECK_STATUS(KW_OK, kw_model_parameters(bg_nbd, out->parameters, 4, &error));
  CHECK_STATUS(KW_OK, kw_model_covariance(bg_nbd, out->covariance, 16, &error));
  kw_predict_options_init(&predict, sizeof predict);
  predict.threads = threads;
  CHECK_STATUS(KW_OK, kw_predict(bg_nbd, KW_QUANTITY_PROBABILITY_ALIVE, &predict, customers, out->alive, 2357, &error));
  kw_lifetime_value_options_init(&value, sizeof value);
  value.threads = threads;
  CHECK_STATUS(KW_OK, kw_lifetime_value(bg_nbd, spend, 52, 0.1, &value, customers, out->value, 2357, &error));
  fit.covariates = &covariate;
  fit.covariates_length = 1;
  fit.effects = &effect;
  fit.effects_length = 1;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, &fit, &with_covariate, &error));
  CHECK_STATUS(KW_OK, kw_model_coefficients(with_covariate, &out->coefficient, 1, &error));
  kw_draw_options_init(&draw, sizeof draw);
  draw.threads = threads;
  draw.draws = 8;
  CHECK_STATUS(KW_OK, kw_draws_bootstrap(bg_nbd, customers, &draw, &draws, &error));
  CHECK_STATUS(KW_OK, kw_draws_bootstrap(spend, customers, &draw, &spend_draws, &error));
  CHECK_STATUS(KW_OK, kw_draws_values(draws, out->draws, 4 * 8, &error));
  CHECK_STATUS(KW_OK,
               kw_lifetime_value_intervals(draws, spend_draws, 52, 0.1, 0.9, &value, customers, out->intervals[0],
                                           out->intervals[1], out->intervals[2], 2357, &error));
  kw_draws_free(spend_draws);
  kw_draws_free(draws);
  kw_model_free(with_covariate);
  kw_model_free(spend);
  kw_model_free(bg_nbd);
  kw_summary_free(customers);
  kw_accumulator_free(accumulator);
}

static void check_progress(const cdnow_log* log) {
  static double out[2357];
  kw_accumulator* accumulator = NULL;
  kw_summary *customers = NULL, *none = NULL;
  kw_model *model = NULL, *no_model = NULL;
  kw_transactions batch;
  kw_finish_options finish;
  kw_fit_options fit;
  kw_predict_options predict;
  kw_draw_options draw;
  kw_draws *draws = NULL, *no_draws = NULL;
  listener heard = {0, 0, 0, 1};
  CHECK_STATUS(KW_OK, kw_accumulator_create(NULL, &accumulator, &error));
  kw_transactions_init(&batch, sizeof batch);
  batch.rows = log->rows;
  batch.customer_id = log->customer_id;
  batch.date = log->date;
  CHECK_STATUS(KW_OK, kw_accumulator_add(accumulator, &batch, &error));
  kw_finish_options_init(&finish, sizeof finish);
  finish.progress = listen;
  finish.progress_context = &heard;
  CHECK_STATUS(KW_OK, kw_accumulator_finish_with(accumulator, KW_UNIT_WEEK, CDNOW_END, &finish, &customers, &error));
  CHECK(heard.calls > 0 && heard.last == 1 && heard.in_order);
  heard.calls = 0;
  heard.cancel_at = 1;
  CHECK_STATUS(KW_ERROR_CANCELLED,
               kw_accumulator_finish_with(accumulator, KW_UNIT_WEEK, CDNOW_END, &finish, &none, &error));
  CHECK(none == NULL && heard.calls == 1 && error.code == KW_ERROR_CANCELLED);

  kw_fit_options_init(&fit, sizeof fit);
  fit.progress = listen;
  fit.progress_context = &heard;
  for (int32_t threads = 0; threads <= 2; ++threads) {
    fit.threads = threads;
    heard.calls = 0;
    heard.cancel_at = 3;
    CHECK_STATUS(KW_ERROR_CANCELLED, kw_fit(KW_MODEL_BG_NBD, customers, &fit, &no_model, &error));
    CHECK(no_model == NULL && heard.calls == 3 && heard.in_order);
  }
  heard.cancel_at = 0;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, &fit, &model, &error));

  kw_predict_options_init(&predict, sizeof predict);
  predict.progress = listen;
  predict.progress_context = &heard;
  for (int32_t threads = 0; threads <= 2; ++threads) {
    predict.threads = threads;
    heard.calls = 0;
    heard.cancel_at = 1;
    out[0] = out[2356] = 77;
    CHECK_STATUS(KW_ERROR_CANCELLED,
                 kw_predict(model, KW_QUANTITY_PROBABILITY_ALIVE, &predict, customers, out, 2357, &error));
    CHECK(heard.calls == 1 && out[0] == 77 && out[2356] == 77);
  }

  kw_draw_options_init(&draw, sizeof draw);
  draw.draws = 4;
  draw.progress = listen;
  draw.progress_context = &heard;
  for (int32_t threads = 0; threads <= 2; ++threads) {
    draw.threads = threads;
    heard.calls = 0;
    heard.cancel_at = 1;
    CHECK_STATUS(KW_ERROR_CANCELLED, kw_draws_bootstrap(model, customers, &draw, &no_draws, &error));
    CHECK(no_draws == NULL && heard.calls == 1 && heard.in_order);
    heard.cancel_at = 0;
    CHECK_STATUS(KW_OK, kw_draws_bootstrap(model, customers, &draw, &draws, &error));
    /* The last piece may be another thread's. */
    CHECK((threads == 2 || heard.last == 1) && heard.in_order);
    if (threads < 2) kw_draws_free(draws);
  }
  predict.threads = 1;
  heard.calls = 0;
  heard.cancel_at = 1;
  CHECK_STATUS(KW_ERROR_CANCELLED, kw_intervals(draws, KW_QUANTITY_PROBABILITY_ALIVE, 0.9, &predict, customers, out,
                                                NULL, NULL, 2357, &error));
  CHECK(heard.calls == 1 && out[0] == 77 && out[2356] == 77);
  kw_draws_free(draws);
  kw_model_free(model);
  kw_summary_free(customers);
  kw_accumulator_free(accumulator);
}

int main(void) {
  static results one, two;
  cdnow_log* log = read_cdnow();
  kw_error_init(&error, sizeof error);
  run(log, 1, &one);
  run(log, 2, &two);
  CHECK(memcmp(&one, &two, sizeof one) == 0);
  check_progress(log);
  free(log);
  return end_of_checks();
}
