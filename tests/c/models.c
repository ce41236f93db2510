/* Fits with covariates, priors and plain columns, and models of known coefficients: against CLVTools 0.12.1 on the
 * apparel data (which are read from KUNDENWERT_DATA), and by identities. */
#include <kundenwert.h>

#include "check.h"

#define APPAREL_CUSTOMERS 600
#define APPAREL_END 13513 /* 2006-12-31 */

static kw_error error;

static const kw_effect every_effect[4] = {
    {"beta", "gender", NULL}, {"beta", "channel", NULL}, {"alpha", "gender", NULL}, {"alpha", "channel", NULL}};

static double gender[APPAREL_CUSTOMERS], channel[APPAREL_CUSTOMERS];
static const kw_covariate apparel_covariates[2] = {{"gender", gender}, {"channel", channel}};

static int32_t day_of(int year, int month, int day) {
  static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  int days = day - 1 + before[month - 1] + (year % 4 == 0 && month > 2);
  for (int y = 1970; y < year; ++y) days += 365 + (y % 4 == 0);
  return days;
}

/* Customers of the apparel data in weeks; NULL where there are no data. */
static kw_summary* apparel(void) {
  enum { MOST_ROWS = 8192 };
  static int64_t id[MOST_ROWS];
  static int32_t date[MOST_ROWS];
  char path[1024], line[128];
  const char* folder = getenv("KUNDENWERT_DATA");
  kw_accumulator* accumulator = NULL;
  kw_summary* out = NULL;
  kw_transactions batch;
  FILE* file;
  if (folder == NULL || strlen(folder) > 900) return NULL;
  snprintf(path, sizeof path, "%s/apparel/apparelTrans.csv", folder);
  file = fopen(path, "r");
  if (file == NULL || fgets(line, sizeof line, file) == NULL) return NULL;
  kw_transactions_init(&batch, sizeof batch);
  while (batch.rows < MOST_ROWS && fgets(line, sizeof line, file) != NULL) {
    long long customer;
    int year, month, day;
    if (sscanf(line, "%lld,%d-%d-%d", &customer, &year, &month, &day) != 4) exit(1);
    id[batch.rows] = customer;
    date[batch.rows] = day_of(year, month, day);
    ++batch.rows;
  }
  fclose(file);
  snprintf(path, sizeof path, "%s/apparel/apparelStaticCov.csv", folder);
  file = fopen(path, "r");
  if (file == NULL || fgets(line, sizeof line, file) == NULL) return NULL;
  for (int i = 0; i < APPAREL_CUSTOMERS && fgets(line, sizeof line, file) != NULL; ++i) {
    if (sscanf(line, "%*d,%lf,%lf", gender + i, channel + i) != 2) exit(1);
  }
  fclose(file);
  batch.customer_id = id;
  batch.date = date;
  CHECK_STATUS(KW_OK, kw_accumulator_create(NULL, &accumulator, &error));
  CHECK_STATUS(KW_OK, kw_accumulator_add(accumulator, &batch, &error));
  CHECK_STATUS(KW_OK, kw_accumulator_finish(accumulator, KW_UNIT_WEEK, APPAREL_END, &out, &error));
  CHECK(kw_summary_rows(out) == APPAREL_CUSTOMERS);
  kw_accumulator_free(accumulator);
  return out;
}

/* Their optimizer stops within 1e-4 of the maximum, so their estimates are within about 0.01 standard errors. */
static void check_clvtools(void) {
  static const double theirs[8] = {1.83784321593678,  92.9123480462846,  0.591998529277656, 49.6227295861893,
                                   -0.64299339392058, 0.790678947256321, 0.285873970731021, 0.624124102295321};
  static const double their_errors[8] = {0.345466869361424, 16.9669811628451,  0.260901708716912, 36.2509406437652,
                                         0.295526014668943, 0.305859130228865, 0.104147793779817, 0.104958099556516};
  static const char* const names[4] = {"beta.gender", "beta.channel", "alpha.gender", "alpha.channel"};
  static double alive[APPAREL_CUSTOMERS];
  double found[8], errors[8], covariance[64], robust[64];
  kw_effect shared[4], effects[4];
  kw_prior priors[3];
  kw_fit_options options;
  kw_fit_report report;
  kw_predict_options predict;
  kw_model* model = NULL;
  kw_summary* customers = apparel();
  double penalty = 0;
  if (customers == NULL) {
    printf("skipped against CLVTools: KUNDENWERT_DATA is not set\n");
    return;
  }
  kw_fit_options_init(&options, sizeof options);
  options.covariates = apparel_covariates;
  options.covariates_length = 2;
  options.effects = every_effect;
  options.effects_length = 4;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_PARETO_NBD, customers, &options, &model, &error));
  kw_fit_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &report, &error));
  CHECK(report.outcome == KW_OUTCOME_CONVERGED && report.estimated == 8 && report.customers == APPAREL_CUSTOMERS);
  CHECK(fabs(report.log_likelihood + 5821.06270909383) < 1e-4 && report.log_prior == 0);
  CHECK_STATUS(KW_OK, kw_model_parameters(model, found, 4, &error));
  CHECK_STATUS(KW_OK, kw_model_coefficients(model, found + 4, 4, &error));
  CHECK_STATUS(KW_OK, kw_model_standard_errors(model, errors, 8, &error));
  CHECK_STATUS(KW_OK, kw_model_covariance(model, covariance, 64, &error));
  CHECK_STATUS(KW_OK, kw_model_robust_covariance(model, robust, 64, &error));
  for (int i = 0; i < 8; ++i) {
    CHECK(fabs(found[i] - theirs[i]) < 0.01 * their_errors[i] && is_near(errors[i], their_errors[i], 0.01));
    CHECK(is_near(errors[i] * errors[i], covariance[9 * i], 1e-12) && robust[9 * i] > 0);
  }
  CHECK_STATUS(KW_OK, kw_model_eigenvalues(model, errors, 8, &error));
  CHECK(errors[0] > 0 && errors[0] <= errors[7]);
  CHECK(kw_model_coefficient_count(model) == 4 && kw_model_effect_count(model) == 4);
  CHECK_STATUS(KW_OK, kw_model_effects(model, effects, 4, &error));
  for (int i = 0; i < 4; ++i) {
    CHECK(strcmp(kw_model_coefficient_name(model, i), names[i]) == 0 && strcmp(effects[i].coefficient, names[i]) == 0);
    CHECK(strcmp(effects[i].parameter, every_effect[i].parameter) == 0);
    CHECK(strcmp(effects[i].covariate, every_effect[i].covariate) == 0);
  }

  /* Customers 1, 10 and 100. */
  kw_predict_options_init(&predict, sizeof predict);
  predict.covariates = apparel_covariates;
  predict.covariates_length = 2;
  CHECK_STATUS(KW_OK,
               kw_predict(model, KW_QUANTITY_PROBABILITY_ALIVE, &predict, customers, alive, APPAREL_CUSTOMERS, &error));
  CHECK(is_near(alive[0], 0.947864207424372, 1e-4) && is_near(alive[9], 0.986052883818759, 1e-4));
  CHECK(is_near(alive[99], 0.40274987625262, 2e-3));
  kw_model_free(model);

  /* One coefficient of both processes: their equality constraint. */
  memcpy(shared, every_effect, sizeof shared);
  shared[0].coefficient = shared[2].coefficient = "gender";
  options.effects = shared;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_PARETO_NBD, customers, &options, &model, &error));
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &report, &error));
  CHECK(report.estimated == 7 && fabs(report.log_likelihood + 5826.53419404151) < 1e-4);
  CHECK(kw_model_coefficient_count(model) == 3 && kw_model_effect_count(model) == 4);
  CHECK(strcmp(kw_model_coefficient_name(model, 0), "gender") == 0 && kw_model_coefficient_name(model, 3) == NULL);
  CHECK_STATUS(KW_OK, kw_model_effects(model, effects, 4, &error));
  CHECK(strcmp(effects[2].coefficient, "gender") == 0 && strcmp(effects[3].coefficient, "alpha.channel") == 0);
  CHECK_STATUS(KW_OK, kw_model_coefficients(model, found, 3, &error));
  CHECK(fabs(found[0] - 0.328253436699638) < 0.01 * 0.107415925172293);
  kw_model_free(model);

  /* Their regularization with lambda 0.1 (purchases) and 0.2 (lifetime) against the mean of the customers: sigma^2 is
   * 1 / (2 n lambda). The objective is table 3.6 of their manual. */
  memset(priors, 0, sizeof priors);
  priors[0].of = "beta.gender";
  priors[1].of = "beta.channel";
  priors[2].of = "coefficients";
  for (int i = 0; i < 3; ++i) {
    priors[i].family = KW_PRIOR_NORMAL;
    priors[i].second = sqrt(1 / (2 * APPAREL_CUSTOMERS * (i < 2 ? 0.2 : 0.1)));
  }
  options.effects = every_effect;
  options.priors = priors;
  options.priors_length = 3;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_PARETO_NBD, customers, &options, &model, &error));
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &report, &error));
  CHECK_STATUS(KW_OK, kw_model_coefficients(model, found, 4, &error));
  for (int i = 0; i < 4; ++i) penalty += (i < 2 ? 0.2 : 0.1) * found[i] * found[i];
  CHECK(fabs(-report.log_likelihood / APPAREL_CUSTOMERS + penalty - 9.7312808) < 1e-6);
  CHECK(report.log_prior != 0);
  kw_model_free(model);
  kw_summary_free(customers);
}

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
  return out;
}

#define ROWS 2357

static double columns[5][ROWS], odd[ROWS], even[ROWS];

/* All columns of the customers, and a property they have by their number. */
static kw_summary_columns plain_columns(const kw_summary* customers) {
  static const int32_t numbers[5] = {KW_COLUMN_FREQUENCY, KW_COLUMN_RECENCY, KW_COLUMN_T, KW_COLUMN_MONETARY_VALUE,
                                     KW_COLUMN_REVENUE};
  kw_summary_columns out;
  kw_summary_columns_init(&out, sizeof out);
  for (int i = 0; i < 5; ++i) {
    CHECK_STATUS(KW_OK, kw_summary_copy_column(customers, numbers[i], columns[i], ROWS, &error));
  }
  for (int i = 0; i < ROWS; ++i) {
    odd[i] = i % 2;
    even[i] = 1 - odd[i];
  }
  out.rows = ROWS;
  out.frequency = columns[0];
  out.recency = columns[1];
  out.T = columns[2];
  out.monetary_value = columns[3];
  out.revenue = columns[4];
  return out;
}

/* Plain columns give the bits of the summary they are of. */
static void check_columns(const kw_summary* of_log) {
  static const int32_t kinds[] = {KW_MODEL_BG_NBD, KW_MODEL_GAMMA_GAMMA, KW_MODEL_GAMMA_GAMMA_ALL};
  kw_summary_columns plain = plain_columns(of_log);
  kw_summary* customers = NULL;
  /* Some bought for nothing, which no density of spend has. */
  for (int i = 0; i < ROWS; ++i) columns[4][i] += 1;
  CHECK_STATUS(KW_OK, kw_summary_from_columns(&plain, KW_UNIT_WEEK, &customers, &error));
  for (int i = 0; i < 3; ++i) {
    double one[4], other[4], values[2][ROWS];
    const int64_t parameters = kw_parameter_count(kinds[i]);
    const int32_t quantity = i == 0 ? KW_QUANTITY_PROBABILITY_ALIVE : KW_QUANTITY_EXPECTED_SPEND;
    kw_model *by_summary = NULL, *by_columns = NULL;
    CHECK_STATUS(KW_OK, kw_fit(kinds[i], customers, NULL, &by_summary, &error));
    CHECK_STATUS(KW_OK, kw_fit_columns(kinds[i], &plain, KW_UNIT_WEEK, NULL, &by_columns, &error));
    CHECK(kw_model_unit(by_columns) == KW_UNIT_WEEK && kw_model_coefficient_count(by_columns) == 0);
    CHECK_STATUS(KW_OK, kw_model_parameters(by_summary, one, parameters, &error));
    CHECK_STATUS(KW_OK, kw_model_parameters(by_columns, other, parameters, &error));
    CHECK(memcmp(one, other, (size_t)parameters * sizeof *one) == 0);
    CHECK_STATUS(KW_OK, kw_predict(by_summary, quantity, NULL, customers, values[0], ROWS, &error));
    CHECK_STATUS(KW_OK, kw_predict_columns(by_columns, quantity, NULL, &plain, values[1], ROWS, &error));
    CHECK(memcmp(values[0], values[1], sizeof values[0]) == 0);
    kw_model_free(by_columns);
    kw_model_free(by_summary);
  }
  kw_summary_free(customers);
  CHECK(kw_input_column_count(KW_MODEL_BG_NBD) == 3 && kw_input_column_count(0) == 0);
  CHECK(strcmp(kw_input_column_name(KW_MODEL_BG_NBD, 2), "T") == 0);
  CHECK(strcmp(kw_input_column_name(KW_MODEL_GAMMA_GAMMA_ALL, 1), "revenue") == 0);
  CHECK(kw_input_column_name(KW_MODEL_BG_NBD, 3) == NULL && kw_input_column_name(0, 0) == NULL);
  CHECK(kw_input_column_name(KW_MODEL_BG_NBD, -1) == NULL);
  CHECK(kw_parameter_largest_whole(KW_MODEL_BG_NBD, 0) == 0 && kw_parameter_largest_whole(KW_MODEL_BG_NBD, 9) == 0);
}

/* A property counted the other way round is the same model: the coefficient changes its sign, and alpha is that of the
 * other customers. The sum of the likelihoods of the rows is the likelihood. */
static void check_covariates(const kw_summary* customers) {
  const kw_summary_columns plain = plain_columns(customers);
  const kw_covariate one = {"odd", odd}, other = {"even", even};
  const kw_effect effect = {"alpha", "odd", NULL}, opposite = {"alpha", "even", "rate"};
  static double likelihood[ROWS];
  double found[5], turned[5], sum = 0;
  kw_fit_options options;
  kw_fit_report report, turned_report;
  kw_predict_options predict;
  kw_model *model = NULL, *turned_model = NULL;
  kw_fit_options_init(&options, sizeof options);
  options.covariates = &one;
  options.covariates_length = 1;
  options.effects = &effect;
  options.effects_length = 1;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, &options, &model, &error));
  options.covariates = &other;
  options.effects = &opposite;
  CHECK_STATUS(KW_OK, kw_fit_columns(KW_MODEL_BG_NBD, &plain, KW_UNIT_WEEK, &options, &turned_model, &error));
  CHECK_STATUS(KW_OK, kw_model_parameters(model, found, 4, &error));
  CHECK_STATUS(KW_OK, kw_model_coefficients(model, found + 4, 1, &error));
  CHECK_STATUS(KW_OK, kw_model_parameters(turned_model, turned, 4, &error));
  CHECK_STATUS(KW_OK, kw_model_coefficients(turned_model, turned + 4, 1, &error));
  /* Both searches end within 1e-8 of the maximum in the logarithms. */
  CHECK(fabs(found[4] + turned[4]) < 1e-7 && is_near(found[0], turned[0], 1e-7));
  CHECK(is_near(found[1] * exp(-found[4]), turned[1], 1e-7) && found[4] != 0);
  CHECK(strcmp(kw_model_coefficient_name(turned_model, 0), "rate") == 0);
  kw_fit_report_init(&report, sizeof report);
  kw_fit_report_init(&turned_report, sizeof turned_report);
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &report, &error));
  CHECK_STATUS(KW_OK, kw_model_fit_report(turned_model, &turned_report, &error));
  CHECK(is_near(report.log_likelihood, turned_report.log_likelihood, 1e-12) && report.estimated == 5);
  CHECK(report.log_likelihood >= -9582.42920667);
  kw_predict_options_init(&predict, sizeof predict);
  predict.covariates = &one;
  predict.covariates_length = 1;
  CHECK_STATUS(KW_OK, kw_predict(model, KW_QUANTITY_LOG_LIKELIHOOD, &predict, customers, likelihood, ROWS, &error));
  for (int i = 0; i < ROWS; ++i) sum += likelihood[i];
  CHECK(is_near(sum, report.log_likelihood, 1e-12));
  kw_model_free(turned_model);
  kw_model_free(model);
}

/* Known coefficients: a customer with z = 1 is one of the model with alpha exp(-gamma) and a exp(delta). */
static void check_known_coefficients(const kw_summary* customers) {
  static const double values[4] = {.2425945, 4.4136020, .7929220, 2.4259068}, coefficients[2] = {0.3, -0.2};
  static double found[ROWS], plain[ROWS], with_one[ROWS], value[2][ROWS];
  const double of_one[4] = {values[0], values[1] * exp(-0.3), values[2] * exp(-0.2), values[3]};
  const double spend_values[3] = {6.25, 3.74, 15.44};
  const kw_effect effects[2] = {{"alpha", "odd", NULL}, {"a", "odd", NULL}};
  const kw_covariate covariate = {"odd", odd};
  kw_predict_options predict;
  kw_lifetime_value_options options;
  kw_model *model = NULL, *zero = NULL, *one = NULL, *spend = NULL;
  int same = 1;
  plain_columns(customers);
  CHECK_STATUS(KW_OK, kw_model_from_effects(KW_MODEL_BG_NBD, KW_UNIT_WEEK, values, 4, effects, 2, coefficients, 2,
                                            &model, &error));
  CHECK_STATUS(KW_OK, kw_model_from_parameters(KW_MODEL_BG_NBD, KW_UNIT_WEEK, values, 4, &zero, &error));
  CHECK_STATUS(KW_OK, kw_model_from_parameters(KW_MODEL_BG_NBD, KW_UNIT_WEEK, of_one, 4, &one, &error));
  CHECK_STATUS(KW_OK, kw_model_from_parameters(KW_MODEL_GAMMA_GAMMA, KW_UNIT_WEEK, spend_values, 3, &spend, &error));
  CHECK(kw_model_coefficient_count(model) == 2 && kw_model_coefficient_count(zero) == 0);
  kw_predict_options_init(&predict, sizeof predict);
  predict.horizon = 39;
  CHECK_STATUS(KW_OK, kw_predict(zero, KW_QUANTITY_EXPECTED_TRANSACTIONS, &predict, customers, plain, ROWS, &error));
  CHECK_STATUS(KW_OK, kw_predict(one, KW_QUANTITY_EXPECTED_TRANSACTIONS, &predict, customers, with_one, ROWS, &error));
  predict.covariates = &covariate;
  predict.covariates_length = 1;
  CHECK_STATUS(KW_OK, kw_predict(model, KW_QUANTITY_EXPECTED_TRANSACTIONS, &predict, customers, found, ROWS, &error));
  for (int i = 0; i < ROWS; ++i) same = same && is_near(found[i], odd[i] != 0 ? with_one[i] : plain[i], 1e-13);
  CHECK(same);
  kw_lifetime_value_options_init(&options, sizeof options);
  CHECK_STATUS(KW_OK, kw_lifetime_value(one, spend, 52, 0.1, &options, customers, value[0], ROWS, &error));
  options.covariates = &covariate;
  options.covariates_length = 1;
  CHECK_STATUS(KW_OK, kw_lifetime_value(model, spend, 52, 0.1, &options, customers, value[1], ROWS, &error));
  same = 1;
  for (int i = 1; i < ROWS; i += 2) same = same && is_near(value[1][i], value[0][i], 1e-13);
  CHECK(same);
  kw_model_free(spend);
  kw_model_free(one);
  kw_model_free(zero);
  kw_model_free(model);
}

/* A prior that says nearly nothing leaves the estimate, one that says nearly everything is the estimate. */
static void check_priors(const kw_summary* customers) {
  kw_prior priors[2] = {{"r", KW_PRIOR_LOG_NORMAL, 0, 0, 1e6}, {"alpha", KW_PRIOR_LOG_NORMAL, 0, 0, 1e6}};
  double plain[4], weak[4], strong[4];
  kw_fit_options options;
  kw_fit_report report;
  kw_model* model = NULL;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, NULL, &model, &error));
  CHECK_STATUS(KW_OK, kw_model_parameters(model, plain, 4, &error));
  kw_model_free(model);
  kw_fit_options_init(&options, sizeof options);
  options.priors = priors;
  options.priors_length = 2;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, &options, &model, &error));
  CHECK_STATUS(KW_OK, kw_model_parameters(model, weak, 4, &error));
  kw_fit_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &report, &error));
  /* -ln x of a flat density of the logarithm moves r by about its squared relative error, 0.0026. */
  for (int i = 0; i < 4; ++i) CHECK(is_near(weak[i], plain[i], 0.05));
  /* ln of the density: -ln x - ln(sd sqrt(2 pi)) - (ln x)^2 / (2 sd^2). */
  double expected = 0;
  for (int i = 0; i < 2; ++i) expected -= log(weak[i]) + log(1e6) + 0.91893853320467274;
  CHECK(is_near(report.log_prior, expected, 1e-9));
  /* a is .79 here. */
  CHECK(strncmp(report.remark, "a <= 1: ", 8) == 0);
  kw_model_free(model);
  priors[0].first = log(0.5);
  priors[0].second = 1e-4;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_NBD, customers, &options, &model, &error));
  CHECK_STATUS(KW_OK, kw_model_parameters(model, strong, 4, &error));
  CHECK(is_near(strong[0], 0.5, 1e-3));
  kw_model_free(model);
}

/* Contracts: customers of 1000 left after each year, Fader & Hardie (2007), table 1, high end; their estimates. */
static void check_contracts(void) {
  static const double left[8] = {1000, 869, 743, 653, 593, 551, 517, 491};
  static const int32_t quantities[] = {KW_QUANTITY_PROBABILITY_ALIVE_AFTER, KW_QUANTITY_EXPECTED_TRANSACTIONS};
  double tenure[8], ended[8], weight[8], found[2], answers[8];
  kw_summary_columns contracts;
  kw_fit_options options;
  kw_fit_report report;
  kw_predict_options predict;
  kw_model* model = NULL;
  for (int i = 0; i < 8; ++i) {
    tenure[i] = i;
    ended[i] = i < 7;
    weight[i] = i < 7 ? left[i] - left[i + 1] : left[7];
  }
  kw_summary_columns_init(&contracts, sizeof contracts);
  contracts.rows = 8;
  contracts.tenure = tenure;
  contracts.ended = ended;
  kw_fit_options_init(&options, sizeof options);
  options.weight = weight;
  options.weight_length = 8;
  CHECK(strcmp(kw_input_column_name(KW_MODEL_SHIFTED_BETA_GEOMETRIC, 0), "tenure") == 0);
  CHECK_STATUS(KW_OK,
               kw_fit_columns(KW_MODEL_SHIFTED_BETA_GEOMETRIC, &contracts, KW_UNIT_YEAR, &options, &model, &error));
  CHECK_STATUS(KW_OK, kw_model_parameters(model, found, 2, &error));
  CHECK(fabs(found[0] - 0.668) < 5e-4 && fabs(found[1] - 3.806) < 5e-4);
  kw_fit_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &report, &error));
  CHECK(report.customers == 1000 && report.outcome == KW_OUTCOME_CONVERGED);
  kw_predict_options_init(&predict, sizeof predict);
  predict.horizon = 1;
  for (int i = 0; i < 2; ++i) {
    CHECK_STATUS(KW_OK, kw_predict_columns(model, quantities[i], &predict, &contracts, answers, 8, &error));
    /* The renewal rate of those who renewed t times, (beta + t) / (alpha + beta + t): eq. 7. */
    CHECK(is_near(answers[7], (found[1] + 7) / (found[0] + found[1] + 7), 1e-12));
    CHECK(answers[0] == 0);
  }
  predict.horizon = 0.5;
  CHECK_STATUS(KW_ERROR_NOT_INTEGER,
               kw_predict_columns(model, quantities[0], &predict, &contracts, answers, 8, &error));
  ended[3] = 0.5;
  kw_model* none = NULL;
  CHECK_STATUS(KW_ERROR_DOMAIN,
               kw_fit_columns(KW_MODEL_SHIFTED_BETA_GEOMETRIC, &contracts, KW_UNIT_YEAR, &options, &none, &error));
  CHECK(error.row == 3 && strcmp(error.argument, "ended") == 0);
  contracts.ended = NULL;
  CHECK_STATUS(KW_ERROR_NULL_ARGUMENT,
               kw_fit_columns(KW_MODEL_SHIFTED_BETA_GEOMETRIC, &contracts, KW_UNIT_YEAR, &options, &none, &error));
  CHECK(none == NULL && strcmp(error.argument, "ended") == 0);
  kw_model_free(model);
}

/* A whole parameter: BTYDplus' likelihoods of CDNOW with k = 2 (btyd.md 3.3), and the choice of k = 1. */
static void check_whole(const kw_summary* customers) {
  kw_summary_columns plain = plain_columns(customers);
  kw_fit_options options;
  kw_fit_report report;
  kw_model *model = NULL, *none = NULL;
  double found[5], eigenvalues[4], errors[5];
  kw_fit_options_init(&options, sizeof options);
  options.whole = 2;
  kw_fit_report_init(&report, sizeof report);
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_CNBD_K, customers, &options, &model, &error));
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &report, &error));
  CHECK_STATUS(KW_OK, kw_model_parameters(model, found, 5, &error));
  CHECK(found[4] == 2 && report.estimated == 4 && fabs(report.log_likelihood + 9855.326974) < 1e-4);
  CHECK_STATUS(KW_OK, kw_model_eigenvalues(model, eigenvalues, 4, &error));
  CHECK_STATUS(KW_OK, kw_model_standard_errors(model, errors, 5, &error));
  CHECK(errors[3] > 0 && isnan(errors[4]));
  kw_model_free(model);
  options.whole = 0;
  CHECK_STATUS(KW_OK, kw_fit(KW_MODEL_BG_CNBD_K, customers, &options, &model, &error));
  CHECK_STATUS(KW_OK, kw_model_fit_report(model, &report, &error));
  CHECK_STATUS(KW_OK, kw_model_parameters(model, found, 5, &error));
  CHECK(found[4] == 1 && report.estimated == 5 && fabs(report.log_likelihood + 9582.429207) < 1e-6);
  kw_model_free(model);
  CHECK(kw_parameter_largest_whole(KW_MODEL_BG_CNBD_K, 4) == 12 &&
        kw_parameter_largest_whole(KW_MODEL_BG_CNBD_K, 0) == 0);
  CHECK_STATUS(KW_ERROR_COLUMN_MISSING,
               kw_fit_columns(KW_MODEL_BG_CNBD_K, &plain, KW_UNIT_WEEK, &options, &none, &error));
  CHECK(none == NULL && strcmp(error.argument, "log_interval_sum") == 0);
}

int main(void) {
  kw_summary* customers;
  kw_error_init(&error, sizeof error);
  customers = cdnow();
  check_clvtools();
  check_columns(customers);
  check_covariates(customers);
  check_known_coefficients(customers);
  check_priors(customers);
  check_contracts();
  check_whole(customers);
  kw_summary_free(customers);
  return end_of_checks();
}
