"""Draws of parameters, and intervals of answers."""

from __future__ import annotations

import pickle
from pathlib import Path

import kundenwert as kw
import numpy as np
import pandas as pd
import polars as pl
import pytest
from model_samples import purchases

REFERENCE = Path(__file__).parents[1] / "reference/data/btyd_posterior_pymc.csv"


@pytest.fixture(scope="module")
def draws(bg_nbd):
    return bg_nbd.draws(draws=400, seed=7)


@pytest.fixture(scope="module")
def spend_draws(gamma_gamma):
    return gamma_gamma.draws(draws=400, seed=8)


@pytest.mark.parametrize("method", ["asymptotic", "robust"])
def test_normal_draws_have_the_covariance_of_the_fit(bg_nbd, method):
    found = bg_nbd.draws(method=method, draws=20_000)
    assert (found.method, found.seed, found.outcome, found.detail) == (method, 0, "converged", "")
    assert found.names == bg_nbd.names
    assert found.model == bg_nbd
    assert found.chains is None
    assert len(found) == 20_000
    logs = np.log(found.values)
    values = np.array(list(bg_nbd.params.values()))
    covariance = (bg_nbd.covariance if method == "asymptotic" else bg_nbd.robust_covariance) / np.outer(values, values)
    sd = np.sqrt(np.diag(covariance))
    # Five standard errors of a mean, and of a variance, of 20 000 draws.
    assert np.abs(logs.mean(axis=0) - np.log(values)).max() < (5 * sd / np.sqrt(20_000)).max()
    np.testing.assert_allclose(logs.std(axis=0), sd, rtol=5 * np.sqrt(0.5 / 20_000))


def test_the_same_seed_gives_the_same_draws(bg_nbd, draws):
    assert bg_nbd.draws(draws=400, seed=7).values.tobytes() == draws.values.tobytes()
    assert bg_nbd.draws(draws=100, seed=7).values.tobytes() == draws.values[:100].tobytes()
    assert bg_nbd.draws(draws=400, seed=8).values.tobytes() != draws.values.tobytes()


def test_the_bootstrap_refits(customers, bg_nbd):
    found = bg_nbd.draws(method="bootstrap", draws=60, customers=customers, threads=1)
    assert found.method == "bootstrap"
    again = bg_nbd.draws(method="bootstrap", draws=60, customers=customers, threads=2)
    assert again.values.tobytes() == found.values.tobytes()
    spread = np.log(found.values).std(axis=0, ddof=1)
    values = np.array(list(bg_nbd.params.values()))
    expected = np.array(list(bg_nbd.robust_standard_errors.values())) / values
    # Sixty draws know a standard deviation to about a tenth.
    np.testing.assert_allclose(spread, expected, rtol=0.5)
    with pytest.raises(kw.KundenwertError) as caught:
        bg_nbd.draws(method="bootstrap")
    assert (caught.value.code, caught.value.argument) == ("missing", "customers")


def test_draws_are_a_table(draws):
    frame = draws.to_pandas()
    assert list(frame.columns) == ["r", "alpha", "a", "b"]
    np.testing.assert_array_equal(frame.to_numpy(), draws.values)
    assert draws.to_arrow().num_rows == 400
    told = draws.summary(probability=0.8)
    for i, name in enumerate(draws.names):
        column = draws.values[:, i]
        expected = [column.mean(), column.std(ddof=1), *np.quantile(column, [0.1, 0.9])]
        np.testing.assert_allclose(told[name], expected, rtol=1e-12)
    with pytest.raises(kw.KundenwertError) as caught:
        draws.summary(probability=1)
    assert (caught.value.code, caught.value.argument) == ("domain", "probability")


def test_draws_are_frozen_and_shown(draws):
    assert not draws.values.flags.writeable
    with pytest.raises(AttributeError):
        draws.seed = 1
    with pytest.raises(TypeError):
        kw.Draws()
    again = pickle.loads(pickle.dumps(draws))
    assert again.values.tobytes() == draws.values.tobytes()
    assert (again.model, again.method, again.seed, again.names) == (draws.model, "asymptotic", 7, draws.names)
    assert repr(again) == repr(draws)
    assert "400 asymptotic" in repr(draws)
    assert draws._repr_html_().count("<table") == 2


def test_intervals_are_quantiles_over_the_draws(customers, draws):
    found = draws.interval("expected_transactions", customers, horizon=39, probability=0.8)
    each = np.stack(
        [
            kw.BgNbd(**dict(zip(draws.names, values, strict=True)), unit="week").expected_transactions(customers, 39)
            for values in draws.values
        ]
    )
    np.testing.assert_allclose(found.mean, each.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.lower, np.quantile(each, 0.1, axis=0), rtol=1e-10)
    np.testing.assert_allclose(found.upper, np.quantile(each, 0.9, axis=0), rtol=1e-10)
    assert (found.quantity, found.probability, len(found)) == ("expected_transactions", 0.8, len(customers))
    assert not found.reasons.any()
    wider = draws.interval("expected_transactions", customers, horizon=39, probability=0.95)
    assert (wider.lower <= found.lower).all()
    assert (wider.upper >= found.upper).all()
    one = draws.interval("expected_transactions", customers, horizon=39, probability=0.8, threads=1)
    assert one.lower.tobytes() == found.lower.tobytes()


def test_intervals_are_frames_of_the_caller(customers, draws):
    found = draws.interval("probability_alive", customers)
    frame = found.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == ["customer_id", "mean", "lower", "upper"]
    np.testing.assert_array_equal(frame["customer_id"], customers["customer_id"])
    np.testing.assert_array_equal(frame["upper"], found.upper)
    plain = pl.DataFrame({name: customers[name][:5] for name in ("frequency", "recency", "T")})
    few = draws.interval("probability_alive", plain)
    assert isinstance(few.to_frame(), pl.DataFrame)
    assert few.to_frame().columns == ["mean", "lower", "upper"]
    assert few.mean.tobytes() == found.mean[:5].tobytes()
    for result in (found, few):
        assert not result.lower.flags.writeable
        with pytest.raises(AttributeError):
            result.lower = None
        assert "probability_alive, 90 %" in repr(result)
        again = pickle.loads(pickle.dumps(result))
        assert again.to_arrow().equals(result.to_arrow())
        assert not again.mean.flags.writeable
        assert result._repr_html_().count("<table") == 1


def test_predicted_purchases_hold_chance_too(customers, draws):
    found = draws.predicted_purchases(customers, 39, probability=0.9)
    np.testing.assert_array_equal(found.lower, np.floor(found.lower))
    np.testing.assert_array_equal(found.upper, np.floor(found.upper))
    assert (found.lower <= found.upper).all()
    bought = customers["holdout_frequency"]
    inside = ((found.lower <= bought) & (bought <= found.upper)).mean()
    # Counts are discrete: at least the nominal share, and here much more.
    assert inside > 0.9
    few = draws.predicted_purchases(customers, 39, most_draws=1)
    assert few.mean.shape == found.mean.shape


def test_lifetime_values_have_intervals(customers, bg_nbd, gamma_gamma, draws, spend_draws):
    arguments = {"horizon": 52, "annual_discount_rate": 0.1, "margin_rate": 0.4}
    found = kw.lifetime_value_intervals(draws, spend_draws, customers, **arguments)
    point = kw.lifetime_value(bg_nbd, gamma_gamma, customers, **arguments)
    assert found.quantity == "lifetime_value"
    assert ((found.lower <= point) & (point <= found.upper)).mean() > 0.99
    each = []
    for values, spent in zip(draws.values[:50], spend_draws.values[:50], strict=True):
        model = kw.BgNbd(**dict(zip(draws.names, values, strict=True)), unit="week")
        spend = kw.GammaGamma(**dict(zip(spend_draws.names, spent, strict=True)), unit="week")
        each.append(kw.lifetime_value(model, spend, customers, **arguments))
    fifty = (bg_nbd.draws(draws=50, seed=7), gamma_gamma.draws(draws=50, seed=8))
    some = kw.lifetime_value_intervals(*fifty, customers, **arguments)
    np.testing.assert_allclose(some.mean, np.mean(each, axis=0), rtol=1e-10)


def test_draws_of_coefficients():
    columns = purchases(600, 4) | {"club": np.arange(600) % 2.0}
    model = kw.BgNbd.fit(columns, unit="week", effects={"alpha": ["club"]})
    for found in (
        model.draws(draws=50),
        model.draws(draws=5, method="bootstrap", customers=columns),
    ):
        assert found.names == ("r", "alpha", "a", "b", "alpha.club")
        assert found.interval("probability_alive", columns).mean.shape == (600,)
    beside = {"club": columns.pop("club")}
    assert found.interval("probability_alive", columns, covariates=beside).mean.shape == (600,)
    with pytest.raises(kw.KundenwertError) as caught:
        found.interval("probability_alive", columns)
    assert (caught.value.code, caught.value.argument) == ("column_missing", "club")


def test_what_is_refused(customers, bg_nbd, draws, spend_draws):
    known = kw.BgNbd(**bg_nbd.params, unit="week")
    for run, code, argument in (
        (lambda: known.draws(), "not_positive_definite", "model"),
        (lambda: known.draws(method="bootstrap", customers=customers), "unsupported", "model"),
        (lambda: bg_nbd.draws(method="jackknife"), "unknown_code", "method"),
        (lambda: bg_nbd.draws(draws=0), "domain", "draws"),
        (lambda: draws.interval("happiness", customers), "unknown_code", "quantity"),
        (lambda: draws.interval("expected_spend", customers), "unsupported", "quantity"),
        (lambda: draws.interval("expected_transactions", customers), "missing", "horizon"),
        (lambda: draws.interval("probability_alive", customers, probability=0), "domain", "probability"),
        (lambda: spend_draws.predicted_purchases(customers, 39), "unsupported", "draws"),
        (
            lambda: kw.lifetime_value_intervals(draws, draws, customers, horizon=1, annual_discount_rate=0.1),
            "unsupported",
            "spend",
        ),
    ):
        with pytest.raises(kw.KundenwertError) as caught:
            run()
        assert (caught.value.code, caught.value.argument) == (code, argument)
    days = kw.Summary.from_columns(frequency=[0.0], recency=[0.0], T=[10.0], unit="day")
    with pytest.raises(kw.KundenwertError) as caught:
        draws.interval("probability_alive", days)
    assert caught.value.code == "unit_mismatch"


def test_progress_of_draws(customers, bg_nbd, draws):
    for run in (
        lambda tell: bg_nbd.draws(method="bootstrap", draws=10, customers=customers, progress=tell),
        lambda tell: draws.interval("expected_transactions", customers, horizon=39, progress=tell),
        lambda tell: draws.predicted_purchases(customers, 39, most_draws=5, progress=tell),
    ):
        told = []
        run(told.append)
        assert told
        assert all(isinstance(done, float) and 0 <= done <= 1 for done in told)


# --- posterior


@pytest.fixture(scope="module")
def posterior(customers, bg_nbd):
    return bg_nbd.posterior(customers, draws=1200, seed=3)


def test_a_posterior_says_how_well_it_mixed(posterior, bg_nbd):
    assert (posterior.method, posterior.outcome, posterior.detail, len(posterior)) == (
        "posterior",
        "converged",
        "",
        1200,
    )
    told = posterior.chains
    assert told.chains == 4
    for measure in (told.r_hat, told.bulk_ess, told.tail_ess):
        assert list(measure) == list(bg_nbd.names)
    assert max(told.r_hat.values()) < 1.01
    assert min(told.bulk_ess.values()) > 400
    assert min(told.tail_ess.values()) > 400
    assert 0.5 < told.acceptance <= 1
    assert told.gradients > 1200
    assert told.pareto_k < 0.7
    # The wide priors that are taken where there are none, and stated.
    assert {type(prior) for prior in told.priors.values()} == {kw.LogNormal}
    assert {prior.sigma for prior in told.priors.values()} == {1.0}
    # 2357 customers outweigh them: a twentieth of a standard deviation is Monte Carlo error, half a one the skewness.
    for name, s in posterior.summary().items():
        assert abs(s.mean - bg_nbd.params[name]) < bg_nbd.standard_errors[name]
        assert s.sd == pytest.approx(bg_nbd.standard_errors[name], rel=0.3)


def test_a_posterior_does_not_depend_on_threads(customers, bg_nbd, posterior):
    again = bg_nbd.posterior(customers, draws=1200, seed=3, threads=1)
    assert again.values.tobytes() == posterior.values.tobytes()
    other = pickle.loads(pickle.dumps(posterior))
    assert other.values.tobytes() == posterior.values.tobytes()
    assert other.chains == posterior.chains
    assert "R-hat" in posterior._repr_html_()
    assert "LogNormal" in posterior._repr_html_()


def test_a_posterior_has_the_priors_of_the_fit(customers):
    priors = {"r": kw.LogNormal(0, 0.05), "alpha": kw.Gamma(4, 1)}
    model = kw.BgNbd.fit(customers, priors=priors)
    found = model.posterior(customers, draws=800, seed=1)
    assert found.chains.priors["r"] == priors["r"]
    assert found.chains.priors["alpha"] == priors["alpha"]
    assert isinstance(found.chains.priors["a"], kw.LogNormal)
    # A prior ten times as narrow as the likelihood holds r near its own median.
    assert found.summary()["r"].mean > 0.3


def test_too_few_draws_are_told(customers, bg_nbd):
    with pytest.warns(kw.ConvergenceWarning, match="take more draws"):
        found = bg_nbd.posterior(customers, draws=40)
    assert found.outcome == "not_identified"
    with pytest.raises(kw.KundenwertError) as caught:
        bg_nbd.posterior(customers, draws=10, chains=11)
    assert (caught.value.code, caught.value.argument) == ("domain", "chains")
    with pytest.raises(kw.KundenwertError) as caught:
        kw.BgNbd(**bg_nbd.params, unit="week").posterior(customers)
    assert (caught.value.code, caught.value.argument) == ("unsupported", "model")


def test_the_posterior_is_that_of_pymc_marketing(customers, bg_nbd):
    # tests/reference/data/btyd_posterior_pymc.py made the table; quantities 0: parameters, 2: expected transactions.
    reference = pd.read_csv(REFERENCE, comment="#")
    reference = reference[reference["model"] == bg_nbd._info.number]
    lines = reference[reference["quantity"] == 0].reset_index()
    priors = {
        name: kw.LogNormal(line.prior_mu, line.prior_sigma)
        for name, line in zip(bg_nbd.names, lines.itertuples(), strict=True)
    }
    model = kw.BgNbd.fit(customers, priors=priors)
    found = model.posterior(customers, draws=4000, seed=11)
    chains = found.chains
    assert dict(chains.priors) == priors
    for name, line in zip(bg_nbd.names, lines.itertuples(), strict=True):
        told = found.summary(probability=0.9)[name]
        error = np.hypot(told.sd / np.sqrt(chains.bulk_ess[name]), line.mcse_mean)
        assert abs(told.mean - line.mean) < 5 * error
        assert told.sd == pytest.approx(line.sd, rel=0.15)
    asked = reference[reference["quantity"] == 2]
    rows = {name: asked[name].to_numpy() for name in ("frequency", "recency", "T")}
    each = found.interval("expected_transactions", rows, horizon=float(asked["horizon"].iloc[0]))
    spread = asked["sd"].to_numpy()
    # Monte Carlo error of 4000 draws with at least a quarter of them effective.
    np.testing.assert_array_less(np.abs(each.mean - asked["mean"].to_numpy()), 5 * spread / np.sqrt(1000))
    np.testing.assert_allclose(each.lower, asked["q05"], atol=(0.2 * spread).max())
    np.testing.assert_allclose(each.upper, asked["q95"], atol=(0.2 * spread).max())
