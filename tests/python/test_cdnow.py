"""The whole way on the CDNOW sample: log, summary, models, predictions, lifetime value.

Values: parameters, likelihoods and standard errors by mpmath (40 digits) on the exact dates, which agree with Fader,
Hardie & Lee (2005) and with CLVTools 0.11 to their printed digits; predictions at the seven printed decimals by mpmath.
"""

from __future__ import annotations

import datetime

import kundenwert as kw
import numpy as np
import pytest


def test_summary(customers):
    assert (customers.customers, customers.repeat_transactions, customers.repeaters) == (2357, 2457, 946)
    assert customers["holdout_frequency"].sum() == 1882
    assert customers["T"].max() == 272 / 7
    assert customers.unit == "week"
    assert customers.start is None
    assert customers.end == datetime.date(1997, 9, 30)
    assert customers.holdout_end == datetime.date(1998, 6, 30)
    assert customers.report.rows_read == 6919
    assert customers.report["rows_taken"] == 6919
    assert customers.report.first_day == datetime.date(1997, 1, 1)
    # Customer 1 of the sample: 2 repeat purchase days, the last one 213 days after the first, m = (29.73 + 14.96) / 2.
    assert customers["customer_id"][0] == 1
    assert customers["frequency"][0] == 2
    assert customers["recency"][0] == 213 / 7
    assert customers["monetary_value"][0] == pytest.approx(22.345, rel=1e-15)
    assert customers["first_purchase"][0] == np.datetime64("1997-01-01")
    assert customers["last_purchase"][0] == np.datetime64("1997-08-02")
    assert customers["revenue"][0] == pytest.approx(29.33 + 29.73 + 14.96, rel=1e-15)


# Parameters, standard errors, log-likelihood.
ESTIMATES = {
    "bg_nbd": (
        {"r": 0.242594522430157, "alpha": 4.4136020190135, "a": 0.792922017225598, "b": 2.42590677682633},
        [0.0125574, 0.3782241, 0.1857338, 0.7054143],
        -9582.42920667393,
    ),
    "pareto_nbd": (
        {"r": 0.55327704685318, "alpha": 10.5776834633023, "s": 0.606239989127826, "beta": 11.668735288855},
        [0.0476279, 0.8427225, 0.1872813, 6.2111136],
        -9594.97617893954,
    ),
    "gamma_gamma": (
        {"p": 6.2495723, "q": 3.7442247, "v": 15.4435210},
        [1.1900553, 0.2901331, 4.1594228],
        -4055.91769480,
    ),
}


@pytest.mark.parametrize("name", list(ESTIMATES))
def test_fit(request, name):
    model = request.getfixturevalue(name)
    params, errors, log_likelihood = ESTIMATES[name]
    assert (model.name, model.outcome, model.detail, model.unit) == (name, "converged", "", "week")
    assert list(model.params) == list(params)
    # The maximum is flat: parameters to 1e-6, the likelihood to the last digit of the table.
    assert dict(model.params) == pytest.approx(params, rel=1e-6)
    assert list(model.standard_errors.values()) == pytest.approx(errors, rel=1e-5)
    assert model.log_likelihood == pytest.approx(log_likelihood, abs=1e-7)
    k = len(params)
    assert model.covariance.shape == (k, k)
    assert np.sqrt(np.diag(model.covariance)) == pytest.approx(list(model.standard_errors.values()), rel=1e-12)
    assert model.aic == pytest.approx(2 * k - 2 * model.log_likelihood, rel=1e-14)
    assert model.bic == pytest.approx(k * np.log(model.customers) - 2 * model.log_likelihood, rel=1e-14)
    assert model.customers == (946 if name == "gamma_gamma" else 2357)
    assert model.eigenvalues.shape == (k,)
    assert (model.eigenvalues > 0).all()
    assert model.iterations > 0
    if name != "gamma_gamma":
        assert model.distinct_rows == 1016


# x, 7 t_x, 7 T, then Pareto/NBD: P(alive), purchases in 39 and 52 weeks, DERT at ln(1.1)/52; BG/NBD: the first three.
PREDICTIONS = [
    (2, 213, 272, 0.86913426, 1.45520167, 1.85089055, 8.156292, 0.72662032, 1.22599446, 1.55868624),
    (1, 12, 272, 0.16799606, 0.17111433, 0.21764262, 0.959083, 0.21239106, 0.20341886, 0.26012163),
    (29, 264, 266, 0.99618694, 19.59584914, 24.91170836, 109.325060, 0.96922127, 20.05524938, 25.06334152),
    (18, 246, 251, 0.98942475, 12.69630249, 16.11943315, 69.993814, 0.94645310, 12.82326072, 16.01590345),
    (19, 238, 239, 0.99804804, 13.93385345, 17.67121969, 76.061502, 0.95997510, 14.18397359, 17.68265390),
    (26, 216, 217, 0.99787340, 20.11482075, 25.45518332, 107.738391, 0.96885444, 20.74890304, 25.75733718),
]
CUSTOMERS = {
    "frequency": [float(row[0]) for row in PREDICTIONS],
    "recency": [row[1] / 7 for row in PREDICTIONS],
    "T": [row[2] / 7 for row in PREDICTIONS],
}
PARETO_NBD = {"r": 0.5532770, "alpha": 10.5776835, "s": 0.6062400, "beta": 11.6687353}
BG_NBD = {"r": 0.2425945, "alpha": 4.4136020, "a": 0.7929220, "b": 2.4259068}
PRINTED = 5e-9  # half of the last printed digit


def test_predictions_of_pareto_nbd():
    model = kw.ParetoNbd(**PARETO_NBD, unit="week")
    columns = list(zip(*PREDICTIONS, strict=True))
    assert model.probability_alive(CUSTOMERS) == pytest.approx(columns[3], abs=PRINTED)
    assert model.expected_transactions(CUSTOMERS, 39) == pytest.approx(columns[4], abs=PRINTED)
    assert model.expected_transactions(CUSTOMERS, 52) == pytest.approx(columns[5], abs=PRINTED)
    residual = model.discounted_expected_transactions(
        CUSTOMERS, float("inf"), annual_discount_rate=0.10, units_per_year=52
    )
    assert residual == pytest.approx(columns[6], abs=5e-7)
    assert model.expected_transactions_new(52) == pytest.approx(1.47343414, abs=PRINTED)


def test_predictions_of_bg_nbd():
    model = kw.BgNbd(**BG_NBD, unit="week")
    columns = list(zip(*PREDICTIONS, strict=True))
    assert model.probability_alive(CUSTOMERS) == pytest.approx(columns[7], abs=PRINTED)
    assert model.expected_transactions(CUSTOMERS, 39) == pytest.approx(columns[8], abs=PRINTED)
    assert model.expected_transactions(CUSTOMERS, 52) == pytest.approx(columns[9], abs=PRINTED)
    residual = model.discounted_expected_transactions(CUSTOMERS, np.inf, annual_discount_rate=0.10, units_per_year=52)
    assert residual[[0, 1, 5]] == pytest.approx([6.36072911, 1.14241464, 85.1878266], abs=5e-7)
    assert model.expected_transactions_new(52) == pytest.approx(1.44401230, abs=PRINTED)


def test_sums_over_the_sample(customers, bg_nbd, pareto_nbd):
    assert bg_nbd.expected_transactions(customers, 39).sum() == pytest.approx(1653.40869794254, rel=1e-8)
    assert pareto_nbd.expected_transactions(customers, 39).sum() == pytest.approx(1665.51310721018, rel=1e-8)
    assert bg_nbd.probability_alive(customers).mean() == pytest.approx(0.81343983, abs=1e-8)
    assert pareto_nbd.probability_alive(customers).mean() == pytest.approx(0.44627715, abs=1e-8)
    assert bg_nbd.log_likelihood_of(customers).sum() == pytest.approx(bg_nbd.log_likelihood, rel=1e-12)


def test_spend(gamma_gamma):
    # Fader & Hardie, note 025, at its own estimates.
    expected = gamma_gamma.expected_spend({"frequency": [0, 2, 1, 7], "monetary_value": [None, 22.35, 11.77, 73.74]})
    assert expected == pytest.approx([35.170371, 24.658019, 18.910018, 71.463361], abs=1e-5)


def test_lifetime_value_is_spend_times_discounted_purchases(customers, bg_nbd, gamma_gamma):
    value = kw.lifetime_value(bg_nbd, gamma_gamma, customers, horizon=52, annual_discount_rate=0.1, margin_rate=0.3)
    purchases = bg_nbd.discounted_expected_transactions(customers, 52, annual_discount_rate=0.1)
    np.testing.assert_allclose(value, 0.3 * gamma_gamma.expected_spend(customers) * purchases, rtol=1e-15)
    assert value.dtype == np.float64


def test_reasons():
    spend = kw.GammaGamma(p=2.0, q=0.5, v=10.0, unit="week")
    values, masks = spend.expected_spend(
        {"frequency": [0.0, 3.0, 1.0], "monetary_value": [None, 5.0, None]}, reasons=True
    )
    assert np.isnan(values).tolist() == [True, False, True]
    assert [kw.codes.reason_names(mask) for mask in masks] == [("infinite_mean",), (), ("missing_input",)]
    assert masks.dtype == np.uint32


def test_weights_count_as_rows(customers):
    plain = {name: np.asarray(customers[name]) for name in ("frequency", "recency", "T")}
    twice = {name: np.repeat(values, 2) for name, values in plain.items()}
    weighted = kw.BgNbd.fit(plain, unit="week", weight=np.full(len(customers), 2.0))
    assert dict(weighted.params) == dict(kw.BgNbd.fit(twice, unit="week").params)


def test_difficult_data_are_a_warning_and_a_result():
    # One purchase each: no information on dropout.
    once = {"frequency": [0.0] * 50, "recency": [0.0] * 50, "T": np.linspace(10, 40, 50)}
    with pytest.warns(kw.ConvergenceWarning, match=r"BG/NBD: \w+ \(.+\)"):
        model = kw.BgNbd.fit(once, unit="week")
    assert model.outcome in kw.codes.outcomes
    assert model.outcome != "converged"
    assert model.detail
    assert np.isnan(list(model.standard_errors.values())).all()
    assert np.isnan(model.covariance).all()
    assert all(np.isfinite(value) and value > 0 for value in model.params.values())


def test_abc_of_revenue(customers):
    result = kw.classify_abc(customers["revenue"])
    assert result.total == pytest.approx(customers["revenue"].sum(), rel=1e-12)
    shares = [result.summary[name].cumulated_share for name in "ABC"]
    assert shares[0] >= 0.80
    assert shares[1] >= 0.95
    assert shares[2] == 1
    assert sum(c.customers for c in result.summary.values()) + result.unclassified == len(customers)
    best = customers["revenue"][result.classes == "A"].min()
    assert best == result.summary["A"].smallest_value
    assert best > np.nanmax(customers["revenue"][result.classes == "B"])
    assert (result.a, result.b, result.rule, result.keep_ties) == (0.80, 0.95, "crossing_included", True)


def test_rfm_of_a_summary_is_rfm_of_its_columns(customers):
    result = kw.classify_rfm(customers, classes=(5, 4, 3))
    end = np.datetime64("1997-09-30")
    same = kw.classify_rfm(
        {
            "days_since_purchase": (end - customers["last_purchase"]).astype(float),
            "purchase_days": customers["frequency"] + 1,
            "money": customers["revenue"],
        },
        classes=(5, 4, 3),
        columns={"revenue": "money"},
    )
    for name in ("r_score", "f_score", "m_score", "cell", "combined"):
        np.testing.assert_array_equal(getattr(result, name), getattr(same, name))
    assert (result.r.classes, result.f.classes, result.m.classes) == (5, 4, 3)
    assert sum(result.cells.values()) == result.scored == len(customers)
    assert result.cell[0] == f"{result.r_score[0]}-{result.f_score[0]}-{result.m_score[0]}"
    assert result.r.counts.sum() == len(customers)
