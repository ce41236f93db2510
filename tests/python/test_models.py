"""Every model of the table: made, fitted, asked, pickled, shown."""

from __future__ import annotations

import inspect
import math
import pickle
import warnings

import kundenwert as kw
import numpy as np
import pytest
from model_samples import contracts, purchases, sample

CLASSES = [getattr(kw, name) for name in kw._models.__all__]
ASKED = {
    "horizon": 4,
    "annual_discount_rate": 0.1,
    "count": 1,
    "level": 0.5,
}


@pytest.fixture(scope="module", params=CLASSES, ids=lambda c: c.__name__)
def fitted(request):
    owner = request.param
    with warnings.catch_warnings():
        # Whether small data identify everything is not asked here.
        warnings.simplefilter("ignore", kw.ConvergenceWarning)
        return owner.fit(sample(owner._info), unit="week")


def made(owner):
    return owner(**{p.name: 2.0 for p in owner._info.parameters}, unit="month")


@pytest.mark.parametrize("owner", CLASSES, ids=lambda c: c.__name__)
def test_it_is_made_from_known_parameters(owner):
    model = made(owner)
    assert (model.name, model.title, model.unit) == (owner._info.name, owner._info.title, "month")
    assert dict(model.params) == {p.name: 2.0 for p in owner._info.parameters}
    assert model.names == tuple(p.name for p in owner._info.parameters)
    assert (dict(model.coefficients), model.effects) == ({}, ())
    assert (model.outcome, model.remark, model.estimated, model.robust_covariance) == (None, None, None, None)
    for parameter in owner._info.parameters:
        numbers = {**model.params, parameter.name: -1.0}
        with pytest.raises(kw.KundenwertError) as caught:
            owner(**numbers, unit="month")
        assert (caught.value.code, caught.value.argument) == ("sign", parameter.name)


@pytest.mark.parametrize("owner", CLASSES, ids=lambda c: c.__name__)
def test_its_base_says_what_it_reads(owner):
    info = owner._info
    base = kw.SpendModel if info.is_spend else kw.ContractModel if info.is_contractual else kw.TransactionModel
    assert owner.__bases__ == (base,)
    with pytest.raises(kw.KundenwertError) as caught:
        owner.fit({}, unit="week")
    assert (caught.value.code, caught.value.argument) == ("column_missing", info.columns[0])


def test_a_fit_reports(fitted):
    n = len(fitted.names)
    assert fitted.outcome in kw.codes.outcomes
    assert fitted.customers > 100
    assert fitted.covariance.shape == fitted.robust_covariance.shape == (n, n)
    assert fitted.estimated == n
    assert fitted.aic == pytest.approx(2 * fitted.estimated - 2 * fitted.log_likelihood, rel=1e-12)
    assert (fitted.log_prior, dict(fitted.priors)) == (0, {})
    estimated = [p.name for p in fitted._info.parameters if not p.largest_whole]
    for errors, covariance in (
        (fitted.standard_errors, fitted.covariance),
        (fitted.robust_standard_errors, fitted.robust_covariance),
    ):
        assert list(errors) == list(fitted.names)
        if fitted.outcome == "converged":
            assert all(errors[name] > 0 for name in estimated)
        found = np.array(list(errors.values()))
        np.testing.assert_allclose(found**2, np.diag(covariance), rtol=1e-12)


def test_a_fit_is_the_sum_of_its_rows(fitted):
    rows = sample(fitted._info)
    values, reasons = fitted.log_likelihood_of(rows, reasons=True)
    assert fitted.log_likelihood == pytest.approx(values[reasons == 0].sum(), rel=1e-9)
    assert (reasons != 0).sum() == len(values) - fitted.customers


def test_it_answers_everything_of_the_table(fitted):
    info = fitted._info
    rows = sample(info, rows=40, seed=6)
    for quantity in kw.quantities():
        name = "log_likelihood_of" if quantity.name == "log_likelihood" else quantity.name
        assert hasattr(fitted, name) == (quantity.name in info.quantities)
        if quantity.name not in info.quantities:
            continue
        arguments = {argument: ASKED[argument] for argument in quantity.arguments}
        values, reasons = getattr(fitted, name)(rows, **arguments, reasons=True)
        assert values.shape == reasons.shape == (40,)
        np.testing.assert_array_equal(np.isnan(values), reasons != 0)
        assert np.isfinite(values[reasons == 0]).all()
        assert getattr(fitted, name)(rows, **arguments, threads=2).tobytes() == values.tobytes()
        assert hasattr(fitted, f"{name}_new") == bool(quantity.arguments)
        if quantity.arguments:
            assert isinstance(getattr(fitted, f"{name}_new")(**arguments), float)


def test_its_signature_is_the_table(fitted):
    takes = any(p.takes_covariates for p in fitted._info.parameters)
    for name in ("__init__", "log_likelihood_of"):
        parameters = inspect.signature(getattr(type(fitted), name)).parameters
        assert ("covariates" in parameters or "effects" in parameters) == takes


def test_it_comes_back(fitted):
    for model in (fitted, made(type(fitted))):
        again = pickle.loads(pickle.dumps(model))
        assert type(again) is type(model)
        assert again == model
        assert kw.Model.from_json(model.to_json()) == model
        assert repr(again) == repr(model)


def test_it_is_shown(fitted):
    html = fitted._repr_html_()
    assert html.count("<table") == html.count("</table>") == 2
    assert "robust" in html
    for name in fitted.names:
        assert name in html
        assert f"{name}=" in repr(fitted)
    assert fitted.outcome in repr(fitted)
    if fitted.remark:
        assert fitted.remark in repr(fitted)


def test_remarks_are_shown():
    columns = sample(kw.GammaGamma._info, rows=3000)
    # A heavy tail of the scales: the mean spend of the customers is infinite.
    random = np.random.default_rng(3)
    scale = random.gamma(0.6, size=3000) / 20
    x = np.maximum(columns["frequency"], 1)
    columns["monetary_value"] = random.gamma(4 * x) / scale / x
    model = kw.GammaGamma.fit(columns, unit="week")
    assert model.params["q"] < 1
    assert model.remark
    assert model.remark in repr(model)
    assert model.remark.split(":")[0] in model._repr_html_().replace("&lt;", "<")


# --- whole parameters


@pytest.mark.parametrize("name", [info.name for info in kw.models() if info.reads_intervals])
def test_k_is_chosen_or_given(name):
    owner = next(c for c in CLASSES if c._info.name == name)
    columns = purchases(800, 9, shape=3)
    chosen = owner.fit(columns, unit="week")
    assert chosen.params["k"] in (2, 3, 4)
    given = owner.fit(columns, unit="week", k=int(chosen.params["k"]))
    assert dict(given.params) == dict(chosen.params)
    assert (given.estimated, chosen.estimated) == (4, 5)
    first = owner.fit(columns, unit="week", k=1)
    assert first.log_likelihood < chosen.log_likelihood
    # Exponential intervals: the model without k.
    plain = {"bg_cnbd_k": kw.BgNbd, "mbg_cnbd_k": kw.MbgNbd}[name].fit(columns, unit="week")
    assert first.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-6)
    without = {name: column for name, column in columns.items() if name != "log_interval_sum"}
    with pytest.raises(kw.KundenwertError) as caught:
        owner.fit(without, unit="week")
    assert (caught.value.code, caught.value.argument) == ("column_missing", "log_interval_sum")
    values, reasons = chosen.log_likelihood_of(without, reasons=True)
    assert np.isnan(values).all()
    assert kw.codes.reason_names(reasons[0]) == ("missing_input",)
    assert np.isfinite(chosen.probability_alive(without)).all()
    for k in (0, -1, 10**6):
        with pytest.raises(kw.KundenwertError) as caught:
            owner.fit(columns, unit="week", k=k)
        assert (caught.value.code, caught.value.argument) == ("domain", "k")


def test_k_of_a_model_without_one():
    columns = purchases(50, 2)
    with pytest.raises(kw.KundenwertError) as caught:
        kw.BgNbd.fit(columns, unit="week", k=2)
    assert (caught.value.code, caught.value.argument) == ("domain", "k")


# --- contracts and cohorts


def test_cohorts_are_contracts():
    rows = kw.cohort_rows([1000, 631, 468, 382])
    one_by_one = {name: np.repeat(rows[name], rows["weight"].astype(int)) for name in ("tenure", "ended")}
    from_table = kw.ShiftedBetaGeometric.fit(rows, weight=rows["weight"], unit="year")
    assert from_table.customers == 1000
    assert from_table == kw.ShiftedBetaGeometric.fit(one_by_one, unit="year")
    # Fader & Hardie (2007), table 3, has seven periods of "high end" customers: alpha 0.668, beta 3.806.
    high_end = kw.cohort_rows([1000, 869, 743, 653, 593, 551, 517, 491])
    published = kw.ShiftedBetaGeometric.fit(high_end, weight=high_end["weight"], unit="year")
    assert published.params["alpha"] == pytest.approx(0.668, abs=0.0005)
    assert published.params["beta"] == pytest.approx(3.806, abs=0.0005)


def test_several_cohorts_begin_where_the_name_changes():
    rows = kw.cohort_rows([10, 4, 8, 7, 7], cohort=["2020", "2020", "2021", "2021", "2021"])
    assert rows["tenure"].tolist() == [0, 1, 0, 2]
    assert rows["ended"].tolist() == [1, 0, 1, 0]
    assert rows["weight"].tolist() == [6, 4, 1, 7]
    with pytest.raises(kw.KundenwertError) as caught:
        kw.cohort_rows([10, 4, 5])
    assert (caught.value.code, caught.value.argument, caught.value.row) == ("inconsistent", "survivors", 2)
    with pytest.raises(kw.KundenwertError) as caught:
        kw.cohort_rows([10, 4], cohort=[1])
    assert caught.value.code == "length_mismatch"


def test_contract_models_read_no_summary(customers):
    with pytest.raises(kw.KundenwertError, match="summary") as caught:
        kw.ShiftedBetaGeometric.fit(customers)
    assert (caught.value.code, caught.value.argument) == ("column_missing", "tenure")


def test_a_contract_that_begins():
    model = kw.ShiftedBetaGeometric(alpha=1.0, beta=1.0, unit="year")
    # P(renewed t times) is 1 / (t + 1).
    assert model.expected_transactions_new(3) == pytest.approx(1 / 2 + 1 / 3 + 1 / 4, rel=1e-12)
    assert model.probability_alive_after_new(3) == pytest.approx(1 / 4, rel=1e-12)
    with pytest.raises(kw.KundenwertError) as caught:
        model.expected_transactions_new(0.5)
    assert (caught.value.code, caught.value.argument) == ("not_integer", "horizon")
    columns = contracts(50, 1)
    columns["ended"][3] = 0.5
    with pytest.raises(kw.KundenwertError) as caught:
        model.probability_alive(columns)
    assert (caught.value.code, caught.value.argument, caught.value.row) == ("domain", "ended", 3)


def test_spend_over_all_purchases(customers):
    with pytest.raises(kw.KundenwertError, match="above zero") as caught:
        kw.GammaGammaAll.fit(customers)  # some paid nothing
    assert (caught.value.argument, caught.value.row) == ("revenue", int(np.argmin(customers["revenue"])))
    paid = customers["revenue"] > 0
    columns = {name: customers[name][paid] for name in ("frequency", "revenue")}
    model = kw.GammaGammaAll.fit(columns, unit="week")
    assert model.customers == paid.sum()
    values = model.expected_spend(customers)
    assert np.isfinite(values).all()
    assert values.min() > 0
    assert not math.isnan(model.log_likelihood)
