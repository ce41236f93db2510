"""Covariates and priors: in a fit, in predictions, and what is refused."""

from __future__ import annotations

import math
import pickle

import kundenwert as kw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from model_samples import contracts, purchases

EFFECTS = {"alpha": ["club", "age"], "a": ["club"]}


@pytest.fixture(scope="module")
def members():
    """Members of the club buy e^0.8 times as often."""
    random = np.random.default_rng(3)
    rows = 2000
    club = random.integers(0, 2, rows).astype(float)
    columns = {name: np.zeros(rows) for name in ("frequency", "recency", "T")}
    for value in (0, 1):
        drawn = purchases(rows, 17 + value)
        if value == 1:
            # Times that pass e^0.8 times as fast, cut at the same age.
            drawn = faster(drawn, math.exp(0.8))
        for name in columns:
            columns[name] = np.where(club == value, drawn[name], columns[name])
    return {**columns, "club": club, "age": random.normal(40, 10, rows)}


def faster(columns, factor):
    return {**columns, "recency": columns["recency"] / factor, "T": columns["T"] / factor}


@pytest.fixture(scope="module")
def model(members):
    return kw.BgNbd.fit(members, unit="week", effects=EFFECTS)


def test_coefficients_are_found(model, members):
    assert model.names == ("r", "alpha", "a", "b", "alpha.club", "alpha.age", "a.club")
    assert list(model.coefficients) == ["alpha.club", "alpha.age", "a.club"]
    assert model.effects == (
        kw.Effect("alpha", "club", "alpha.club"),
        kw.Effect("alpha", "age", "alpha.age"),
        kw.Effect("a", "club", "a.club"),
    )
    # A positive coefficient means more purchases.
    for name, truth in (("alpha.club", 0.8), ("alpha.age", 0.0), ("a.club", 0.0)):
        assert abs(model.coefficients[name] - truth) < 3.5 * model.standard_errors[name]
    assert model.covariance.shape == model.robust_covariance.shape == (7, 7)
    assert model.estimated == 7
    without = kw.BgNbd.fit(members, unit="week")
    test = kw.likelihood_ratio(without, model)
    assert test.degrees_of_freedom == 3
    assert test.statistic == pytest.approx(2 * (model.log_likelihood - without.log_likelihood), rel=1e-9)
    assert test.p_value < 1e-6


def test_a_customer_has_parameters_of_his_own(model, members):
    for club in (0.0, 1.0):
        rows = {name: column[:5] for name, column in members.items()} | {"club": [club] * 5, "age": [30.0] * 5}
        c = model.coefficients
        own = dict(model.params)
        own["alpha"] *= math.exp(-(c["alpha.club"] * club + c["alpha.age"] * 30.0))
        own["a"] *= math.exp(c["a.club"] * club)
        alone = kw.BgNbd(**own, unit="week")
        found = model.expected_transactions(rows, 26)
        np.testing.assert_allclose(found, alone.expected_transactions(rows, 26), rtol=1e-12)
        new = model.expected_transactions_new(26, covariates={"club": club, "age": 30.0})
        assert new == pytest.approx(alone.expected_transactions_new(26), rel=1e-12)
    with pytest.raises(kw.KundenwertError) as caught:
        model.expected_transactions_new(26, covariates={"club": 1.0})
    assert (caught.value.code, caught.value.argument) == ("column_missing", "age")


def test_known_coefficients(model, members):
    known = kw.BgNbd(**model.params, unit="week", effects=EFFECTS, coefficients=model.coefficients)
    assert known.names == model.names
    before = model.probability_alive(members)
    assert known.probability_alive(members).tobytes() == before.tobytes()
    assert pickle.loads(pickle.dumps(known)) == known
    assert kw.Model.from_json(model.to_json()) == model
    assert "alpha.club=" in repr(known)
    assert "alpha.club" in model._repr_html_()
    for coefficients, code in (({}, "missing"), ({**model.coefficients, "b.club": 1.0}, "unknown_code")):
        with pytest.raises(kw.KundenwertError) as caught:
            kw.BgNbd(**model.params, unit="week", effects=EFFECTS, coefficients=coefficients)
        assert (caught.value.code, caught.value.argument) == (code, "coefficients")


def test_where_covariates_stand(model, members):
    plain = {name: members[name] for name in ("frequency", "recency", "T")}
    beside = {name: members[name] for name in ("club", "age")}
    before = model.expected_transactions(members, 26).tobytes()
    assert kw.BgNbd.fit(plain, unit="week", effects=EFFECTS, covariates=beside) == model
    summary = kw.Summary.from_columns(**plain, unit="week")
    assert kw.BgNbd.fit(summary, effects=EFFECTS, covariates=beside) == model
    for customers in (plain, summary, pd.DataFrame(plain), pa.table(plain)):
        for given in (beside, pd.DataFrame(beside), pl.DataFrame(beside), pa.table(beside)):
            assert model.expected_transactions(customers, 26, covariates=given).tobytes() == before
    renamed = {"Verein": members["club"], "age": members["age"], "x": members["frequency"]} | {
        name: members[name] for name in ("recency", "T")
    }
    columns = {"club": "Verein", "frequency": "x"}
    assert model.expected_transactions(renamed, 26, columns=columns).tobytes() == before
    with pytest.raises(kw.KundenwertError) as caught:
        model.expected_transactions(renamed | {"Verein": [math.nan] * len(members["T"])}, 26, columns=columns)
    assert (caught.value.code, caught.value.argument, caught.value.row) == ("missing", "Verein", 0)


@pytest.mark.parametrize("is_text", [False, True])
def test_covariates_are_found_by_id(log_frame, is_text):
    log = log_frame.copy()
    if is_text:
        log["customer_id"] = "c" + log["customer_id"].astype(str)
    found = kw.summarize(log, unit="week", end="1997-09-30")
    ids = found["customer_id"]
    random = np.random.default_rng(1)
    value = random.normal(size=len(ids))
    by_row = kw.BgNbd.fit(found, effects={"alpha": "z"}, covariates={"z": value})
    order = random.permutation(len(ids))
    extra = "nobody" if is_text else 10**9
    shuffled = pd.DataFrame(
        {"customer_id": [*ids[order], extra], "z": [*value[order], 1.0], "other": "x"},
    )
    for beside in (shuffled, pl.from_pandas(shuffled), pa.Table.from_pandas(shuffled)):
        assert kw.BgNbd.fit(found, effects={"alpha": "z"}, covariates=beside) == by_row
    frame = found.to_pandas()
    assert kw.BgNbd.fit(frame, unit="week", effects={"alpha": "z"}, covariates=shuffled) == by_row
    renamed = shuffled.rename(columns={"z": "Wert", "customer_id": "Kunde"})
    again = kw.BgNbd.fit(
        found, effects={"alpha": "z"}, covariates=renamed, columns={"z": "Wert", "customer_id": "Kunde"}
    )
    assert again == by_row
    lacking = shuffled[shuffled["customer_id"] != ids[7]]
    with pytest.raises(kw.KundenwertError, match=f"customer {ids[7]}") as caught:
        by_row.probability_alive(found, covariates=lacking)
    assert (caught.value.code, caught.value.argument, caught.value.row) == ("missing", "covariates", 7)
    with pytest.raises(kw.KundenwertError) as caught:
        by_row.probability_alive(found, covariates=pd.concat([shuffled, shuffled[:1]]))
    assert (caught.value.code, caught.value.argument) == ("duplicate_id", "customer_id")
    with pytest.raises(kw.KundenwertError) as caught:
        by_row.probability_alive(found)
    assert (caught.value.code, caught.value.argument) == ("column_missing", "covariates")


def test_ids_need_ids(model, members):
    plain = {name: members[name] for name in ("frequency", "recency", "T")}
    beside = {"customer_id": np.arange(len(members["T"])), "club": members["club"], "age": members["age"]}
    with pytest.raises(kw.KundenwertError) as caught:
        model.probability_alive(plain, covariates=beside)
    assert (caught.value.code, caught.value.argument) == ("column_missing", "covariates")
    with pytest.raises(kw.KundenwertError) as caught:
        model.probability_alive(plain, covariates={"club": [1.0], "age": [1.0]})
    assert (caught.value.code, caught.value.argument) == ("length_mismatch", "covariates")


def test_equal_coefficients():
    columns = purchases(800, 4)
    columns["club"] = np.arange(800) % 2.0
    shared = kw.ParetoNbd.fit(columns, unit="week", effects={"alpha": {"club": "g"}, "beta": {"club": "g"}})
    assert list(shared.coefficients) == ["g"]
    assert [(e.parameter, e.name) for e in shared.effects] == [("alpha", "g"), ("beta", "g")]
    given = [kw.Effect("alpha", "club", "g"), kw.Effect("beta", "club", "g")]
    assert kw.ParetoNbd.fit(columns, unit="week", effects=given) == shared
    free = kw.ParetoNbd.fit(columns, unit="week", effects={"alpha": "club", "beta": ["club"]})
    assert kw.likelihood_ratio(shared, free).degrees_of_freedom == 1


@pytest.mark.parametrize(
    ("effects", "code"),
    [
        ({"gamma": ["club"]}, "unknown_code"),
        ({"r": ["club"]}, "unsupported"),
        ({"alpha": ["club", "club"]}, "domain"),
        ({"alpha": [""]}, "missing"),
    ],
)
def test_effects_that_are_none(effects, code):
    columns = purchases(30, 4) | {"club": np.arange(30) % 2.0, "": np.zeros(30)}
    with pytest.raises(kw.KundenwertError) as caught:
        kw.BgNbd.fit(columns, unit="week", effects=effects)
    assert (caught.value.code, caught.value.argument) == (code, "effects")


def test_covariates_that_change_nothing_are_refused(model):
    columns = purchases(30, 4)
    plain = kw.BgNbd(**model.params, unit="week")
    for run in (
        lambda: kw.BgNbd.fit(columns, unit="week", covariates={"club": [0.0] * 30}),
        lambda: plain.probability_alive(columns, covariates={"club": [0.0] * 30}),
    ):
        with pytest.raises(kw.KundenwertError) as caught:
            run()
        assert (caught.value.code, caught.value.argument) == ("unsupported", "covariates")
    with pytest.raises(kw.KundenwertError) as caught:
        model.expected_transactions_new(26, covariates={"club": 1.0, "age": 3.0, "hat": 1.0})
    assert (caught.value.code, caught.value.argument) == ("unknown_code", "covariates")


def test_a_covariate_that_is_not_there():
    with pytest.raises(kw.KundenwertError) as caught:
        kw.BgNbd.fit(purchases(30, 4), unit="week", effects={"alpha": ["club"]})
    assert (caught.value.code, caught.value.argument) == ("column_missing", "club")


def test_contracts_have_covariates():
    columns = contracts(2000, 8)
    columns["z"] = (np.arange(2000) % 2).astype(float)
    model = kw.ShiftedBetaGeometric.fit(columns, unit="year", effects={"alpha": ["z"]})
    assert abs(model.coefficients["alpha.z"]) < 3.5 * model.standard_errors["alpha.z"]
    assert model.expected_transactions(columns, 3).shape == (2000,)


# --- priors


def test_a_normal_prior_is_an_l2_penalty(model, members):
    shrunk = kw.BgNbd.fit(members, unit="week", effects=EFFECTS, priors={"coefficients": kw.Normal(0, 0.05)})
    assert dict(shrunk.priors) == {"coefficients": kw.Normal(0.0, 0.05)}
    assert 0 < shrunk.coefficients["alpha.club"] < model.coefficients["alpha.club"]
    assert shrunk.log_likelihood < model.log_likelihood
    numbers = np.array(list(shrunk.coefficients.values()))
    density = -0.5 * (numbers / 0.05) ** 2 - np.log(0.05 * np.sqrt(2 * np.pi))
    assert shrunk.log_prior == pytest.approx(density.sum(), rel=1e-9)
    assert "Normal(mean=0.0, sd=0.05)" in shrunk._repr_html_()
    assert kw.Model.from_json(shrunk.to_json()).priors == shrunk.priors


@pytest.mark.parametrize(
    "prior",
    [kw.LogNormal(0, 0.1), kw.Gamma(200, 100), kw.HalfNormal(0.5), kw.Weibull(20, 2)],
    ids=lambda p: type(p).__name__,
)
def test_priors_of_parameters(prior):
    columns = purchases(200, 4)
    model = kw.BgNbd.fit(columns, unit="week", priors={"r": prior})
    free = kw.BgNbd.fit(columns, unit="week")
    assert dict(model.priors) == {"r": prior}
    assert model.params["r"] != free.params["r"]
    assert model.log_likelihood < free.log_likelihood
    # The largest posterior density: no other r near it, all else equal, has a larger one.
    assert model.log_likelihood + model.log_prior > free.log_likelihood + density_of(prior, free.params["r"])


def density_of(prior, x):
    if isinstance(prior, kw.LogNormal):
        z = (math.log(x) - prior.mu) / prior.sigma
        return -0.5 * z * z - math.log(x * prior.sigma * math.sqrt(2 * math.pi))
    if isinstance(prior, kw.Gamma):
        a, b = prior.shape, prior.rate
        return a * math.log(b) - math.lgamma(a) + (a - 1) * math.log(x) - b * x
    if isinstance(prior, kw.HalfNormal):
        return -0.5 * (x / prior.sigma) ** 2 - math.log(prior.sigma * math.sqrt(math.pi / 2))
    k, s = prior.shape, prior.scale
    return math.log(k / s) + (k - 1) * math.log(x / s) - (x / s) ** k


@pytest.mark.parametrize(
    ("priors", "code"),
    [
        ({"r": kw.Normal(0, 1)}, "domain"),
        ({"q": kw.Gamma(1, 1)}, "unknown_code"),
        ({"r": kw.Gamma(-1, 1)}, "sign"),
        ({"r": kw.LogNormal(math.nan, 1)}, "missing"),
        ({"r": 2.0}, "wrong_type"),
    ],
)
def test_priors_that_are_none(priors, code):
    with pytest.raises(kw.KundenwertError) as caught:
        kw.BgNbd.fit(purchases(30, 4), unit="week", priors=priors)
    assert (caught.value.code, caught.value.argument) == (code, "priors")


def test_priors_are_frozen():
    with pytest.raises(AttributeError):
        kw.Normal(0, 1).mean = 1
    assert kw.Gamma(1, 2) == kw.Gamma(1, 2) != kw.Gamma(1, 3)
    assert pickle.loads(pickle.dumps(kw.HalfNormal(3))) == kw.HalfNormal(3)


def test_a_table_with_ids_under_another_name_is_not_joined_by_row() -> None:
    log = {
        "customer_id": [1, 1, 1, 2, 3, 3, 4],
        "date": ["2024-01-01", "2024-02-01", "2024-04-01", "2024-01-10", "2024-01-12", "2024-03-01", "2024-02-02"],
        "amount": [1.0] * 7,
    }
    customers = kw.summarize(log, unit="week", end="2024-06-30")
    beside = {"Id": [4, 3, 2, 1], "gender": [0.0, 1.0, 0.0, 1.0]}
    effects = {"alpha": ["gender"]}
    model = kw.Nbd(r=1.0, alpha=5.0, unit="week", effects=effects, coefficients={"alpha.gender": 0.5})
    with pytest.raises(kw.KundenwertError, match="is it Id") as caught:
        model.expected_transactions(customers, 10, covariates=beside)
    assert caught.value.code == "column_missing"
    by_id = model.expected_transactions(customers, 10, covariates=beside, columns={"customer_id": "Id"})
    in_order = model.expected_transactions(customers, 10, covariates={"gender": [1.0, 0.0, 1.0, 0.0]})
    assert by_id.tolist() == in_order.tolist()


def test_columns_that_no_model_reads_are_named() -> None:
    customers = {"x": [0.0, 2.0], "recency": [0.0, 5.0], "age": [9.0, 9.0]}
    model = kw.Nbd(r=1.0, alpha=5.0, unit="week")
    with pytest.raises(kw.KundenwertError, match="'x'") as caught:
        model.expected_transactions(customers, 10, columns={"x": "frequency", "T": "age"})
    assert (caught.value.code, caught.value.argument) == ("unknown_code", "columns")
