/* A program compiled against the header of version 0.1 and linked to the library of today: from transactions to
 * values, with every struct of that header. */
#include "frozen/kundenwert_0_1.h"

#include "check.h"

static kw_error error;

int main(void) {
  static double out[2357], columns[4][2357];
  static int32_t classes[2357], scores[2357];
  static uint32_t reasons[2357];
  cdnow_log* log = read_cdnow();
  kw_accumulator_options options;
  kw_transactions batch;
  kw_transaction_names transaction_names;
  kw_finish_options finish;
  kw_log_report log_report;
  kw_summary_columns plain;
  kw_summary_names summary_names;
  kw_summary_info info;
  kw_fit_options fit;
  kw_fit_report fit_report;
  kw_predict_options predict;
  kw_lifetime_value_options value;
  kw_abc_options abc;
  kw_abc_result abc_result;
  kw_rfm_columns rfm_columns;
  kw_rfm_options rfm;
  kw_rfm_result rfm_result;
  kw_accumulator* accumulator = NULL;
  kw_summary* customers = NULL;
  kw_model *model = NULL, *spend = NULL;

  kw_error_init(&error, sizeof error);
  CHECK(kw_abi_version() == KW_ABI_VERSION);
  kw_accumulator_options_init(&options, sizeof options);
  CHECK_STATUS(KW_OK, kw_accumulator_create(&options, &accumulator, &error));
  kw_transactions_init(&batch, sizeof batch);
  batch.rows = log->rows;
  batch.customer_id = log->customer_id;
  batch.date = log->date;
  batch.amount = log->amount;
  CHECK_STATUS(KW_OK, kw_accumulator_add(accumulator, &batch, &error));
  kw_finish_options_init(&finish, sizeof finish);
  CHECK_STATUS(KW_OK, kw_accumulator_finish_with(accumulator, KW_UNIT_WEEK, CDNOW_END, &finish, &customers, &error));
  kw_log_report_init(&log_report, sizeof log_report);
  CHECK_STATUS(KW_OK, kw_summary_report(customers, &log_report, &error));
  CHECK(log_report.rows_read == CDNOW_ROWS);
  kw_transaction_names_init(&transaction_names, sizeof transaction_names);
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_accumulator_add_arrow(accumulator, NULL, &transaction_names, &error));
  kw_summary_names_init(&summary_names, sizeof summary_names);
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT, kw_summary_import_arrow(NULL, 0, &summary_names, &customers, &error));
  kw_summary_info_init(&info, sizeof info);
  CHECK_STATUS(KW_OK, kw_summary_describe(customers, &info, &error));
  CHECK(info.rows == 2357 && info.unit == KW_UNIT_WEEK);

  kw_fit_options_init(&fit, sizeof fit);
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, &fit, &model, &error));
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_GAMMA_GAMMA, customers, &fit, &spend, &error));
  kw_fit_report_init(&fit_report, sizeof fit_report);
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &fit_report, &error));
  CHECK(fit_report.outcome == KW_OUTCOME_CONVERGED && is_near(fit_report.log_likelihood, -9582.42920667, 1e-12));
  kw_predict_options_init(&predict, sizeof predict);
  predict.reasons = reasons;
  predict.reasons_length = 2357;
  CHECK_STATUS(KW_OK, kw_predict(model, KW_QUANTITY_PROBABILITY_ALIVE, &predict, customers, out, 2357, &error));
  kw_summary_columns_init(&plain, sizeof plain);
  plain.rows = 2357;
  for (int32_t i = 0; i < 4; ++i) {
    CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_FREQUENCY + i, columns[i], 2357, &error));
  }
  plain.frequency = columns[0];
  plain.recency = columns[1];
  plain.T = columns[2];
  plain.monetary_value = columns[3];
  kw_lifetime_value_options_init(&value, sizeof value);
  CHECK_STATUS(KW_OK, kw_lifetime_value_columns(model, spend, 52, 0.1, &value, &plain, out, 2357, &error));
  kw_abc_options_init(&abc, sizeof abc);
  kw_abc_result_init(&abc_result, sizeof abc_result);
  CHECK_STATUS(KW_OK, kw_classify_abc(out, 2357, &abc, classes, 2357, &abc_result, &error));
  CHECK(abc_result.a.count + abc_result.b.count + abc_result.c.count == 2357);
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_DAYS_SINCE_PURCHASE, columns[0], 2357, &error));
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_PURCHASE_DAYS, columns[1], 2357, &error));
  CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, KW_COLUMN_REVENUE, columns[2], 2357, &error));
  kw_rfm_columns_init(&rfm_columns, sizeof rfm_columns);
  rfm_columns.rows = 2357;
  rfm_columns.days_since_purchase = columns[0];
  rfm_columns.purchase_days = columns[1];
  rfm_columns.revenue = columns[2];
  kw_rfm_options_init(&rfm, sizeof rfm);
  kw_rfm_result_init(&rfm_result, sizeof rfm_result);
  CHECK_STATUS(KW_OK, kw_classify_rfm(&rfm_columns, &rfm, scores, NULL, NULL, 2357, &rfm_result, &error));
  CHECK(rfm_result.scored == 2357);

  kw_model_free(spend);
  kw_model_free(model);
  kw_summary_free(customers);
  kw_accumulator_free(accumulator);
  free(log);
  return end_of_checks();
}
