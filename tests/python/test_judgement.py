"""Which model is to be used, and whether it describes the customers; and the plots of that."""

from __future__ import annotations

import math

import kundenwert as kw
import numpy as np
import pandas as pd
import pytest
from kundenwert import plots
from matplotlib import pyplot as plt
from model_samples import contracts, opportunities, purchases, spend

TIMES = ["bg_nbd", "pareto_nbd", "mbg_nbd"]


@pytest.fixture(autouse=True)
def _no_figure_is_left():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def compared(customers):
    return kw.compare(customers, models=TIMES)


@pytest.fixture(scope="module")
def tested(customers):
    return kw.backtest(customers, models=["bg_nbd", "pareto_nbd"])


# --- comparison


def test_models_are_compared_on_one_footing(customers, compared, bg_nbd):
    assert set(compared["model"]) == set(TIMES)
    assert compared.data == "purchase_times"
    assert [m.name for m in compared.models] == list(compared["model"])
    assert bg_nbd in compared.models
    np.testing.assert_array_equal(compared["aic"], [m.aic for m in compared.models])
    assert (np.diff(compared["aic"]) >= 0).all()
    assert compared.recommended == compared.models[0]
    assert compared.recommended.aic == min(m.aic for m in compared.models)
    assert compared["delta_aic"][0] == 0
    weights = np.exp(-compared["delta_aic"] / 2)
    np.testing.assert_allclose(compared["akaike_weight"], weights / weights.sum(), rtol=1e-12)
    assert compared.reason in repr(compared)
    assert compared.recommended.title in compared._repr_html_()
    assert isinstance(compared.to_frame(), pd.DataFrame)
    assert list(compared.to_frame()["outcome"]) == ["converged"] * 3
    plain = {name: customers[name] for name in ("frequency", "recency", "T")}
    again = kw.compare(plain, unit="week", models=[kw.BgNbd, "pareto_nbd", kw.MbgNbd])
    assert again.models == compared.models


def test_what_is_there_decides():
    assert kw.compare(contracts(300, 1), unit="year").data == "renewals"
    assert kw.compare(spend(300, 1), unit="week", models=["gamma_gamma_all"]).data == "spend"
    told = kw.compare(opportunities(300, 1), unit="year", models=["bg_bb"])
    assert told.data == "purchase_opportunities"
    with pytest.raises(kw.KundenwertError) as caught:
        kw.compare(purchases(50, 1), unit="week", models=["bg_nbd", "bg_bb"])
    assert (caught.value.code, caught.value.argument, caught.value.row) == ("unsupported", "models", 1)
    with pytest.raises(kw.KundenwertError) as caught:
        kw.compare(purchases(50, 1), unit="week", models=["arima"])
    assert (caught.value.code, caught.value.argument, caught.value.row) == ("unknown_code", "models", 0)
    with pytest.raises(kw.KundenwertError) as caught:
        kw.compare(purchases(50, 1))
    assert (caught.value.code, caught.value.argument) == ("missing", "unit")


def test_a_comparison_with_covariates():
    columns = purchases(300, 1) | {"club": np.arange(300) % 2.0}
    found = kw.compare(columns, unit="week", models=TIMES, effects={"alpha": "club"})
    assert all(list(m.coefficients) == ["alpha.club"] for m in found.models)


def test_likelihood_ratio():
    columns = contracts(1000, 3)
    restricted = kw.ShiftedBetaGeometric.fit(columns, unit="year")
    full = kw.BetaDiscreteWeibull.fit(columns, unit="year")
    found = kw.likelihood_ratio(restricted, full)
    assert found.statistic == pytest.approx(2 * (full.log_likelihood - restricted.log_likelihood), abs=1e-9)
    assert found.degrees_of_freedom == 1
    assert found.outcome == "converged"
    # The upper tail of a chi-square with one degree of freedom.
    assert found.p_value == pytest.approx(math.erfc(math.sqrt(max(found.statistic, 0) / 2)), rel=1e-9)
    with pytest.raises(kw.KundenwertError) as caught:
        kw.likelihood_ratio(full, restricted)
    assert caught.value.code == "domain"


# --- backtest


def test_a_backtest_scores_the_hold_out(customers, bg_nbd, tested):
    assert list(tested["model"]) == ["bg_nbd", "pareto_nbd"]
    assert (tested["actual_total"] == customers["holdout_frequency"].sum()).all()
    expected = bg_nbd.expected_transactions(customers, 39)
    error = expected - customers["holdout_frequency"]
    assert tested["predicted_total"][0] == pytest.approx(expected.sum(), rel=1e-9)
    assert tested["mae"][0] == pytest.approx(np.abs(error).mean(), rel=1e-9)
    assert tested["rmse"][0] == pytest.approx(np.sqrt((error**2).mean()), rel=1e-9)
    assert str(tested["end"][0]) == "1997-09-30"
    assert tested["horizon"][0] == pytest.approx(39)
    assert (tested["coverage_90"] >= 0.9).all()
    deciles = tested.deciles
    assert len(deciles) == 20
    assert deciles["customers"][:10].sum() == len(customers)
    total = np.nansum(deciles["customers"][:10] * deciles["predicted_mean"][:10])
    assert total == pytest.approx(expected.sum(), rel=1e-9)


def test_rolling_origins(log_frame):
    base = kw.CustomerBase(transactions=log_frame)
    origins = kw.rolling_origins(base, unit="week", first_end="1997-09-30", step_days=28, count=2, holdout_days=91)
    assert [str(o.end) for o in origins] == ["1997-09-30", "1997-10-28"]
    assert [str(o.holdout_end) for o in origins] == ["1997-12-30", "1998-01-27"]
    found = kw.backtest(origins, models=["bg_nbd"])
    np.testing.assert_array_equal(found["origin"], [1, 2, np.nan])
    assert found["customers"][2] == found["customers"][:2].sum()
    ax = plots.plot_calibration(found)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), found.deciles["actual_mean"][20:])
    assert len(plots.plot_calibration(found, origin=2).lines) == 2


def test_what_a_backtest_refuses(customers, log_frame):
    without = kw.summarize(log_frame, unit="week", end="1997-09-30")
    for origins, models, code, argument, row in (
        ([], None, "empty", "origins", None),
        ([customers, without], ["bg_nbd"], "column_missing", "holdout_frequency", 1),
        ([customers, 3], ["bg_nbd"], "wrong_type", "origins", 1),
        (customers, ["gamma_gamma"], "unsupported", "models", 0),
    ):
        with pytest.raises(kw.KundenwertError) as caught:
            kw.backtest(origins, models=models)
        assert (caught.value.code, caught.value.argument, caught.value.row) == (code, argument, row)


# --- diagnostics


def test_frequencies(customers, bg_nbd):
    found = kw.frequency_histogram(bg_nbd, customers, largest=6)
    counts = np.bincount(np.minimum(customers["frequency"], 6).astype(int))
    np.testing.assert_array_equal(found["actual"], counts)
    assert found["expected"].sum() == pytest.approx(len(customers), rel=1e-9)
    chi_square = ((found["actual"] - found["expected"]) ** 2 / found["expected"]).sum()
    assert found.chi_square == pytest.approx(chi_square, rel=1e-9)
    ax = plots.plot_frequencies(found)
    assert [bar.get_height() for bar in ax.patches] == [*counts, *found["expected"]]
    assert [t.get_text() for t in ax.get_xticklabels()][-1] == "6+"
    assert plots.plot_frequencies(found, ax=ax) is ax
    plain = {name: customers[name] for name in ("frequency", "recency", "T")}
    assert kw.frequency_histogram(bg_nbd, plain, largest=6).chi_square == found.chi_square


@pytest.mark.parametrize("by", ["frequency", "recency"])
def test_conditional_expectations(customers, bg_nbd, by):
    found = kw.conditional_expectations(bg_nbd, customers, by=by)
    assert found["customers"].sum() == len(customers)
    means = np.nan_to_num(found["actual_mean"])
    assert (found["customers"] * means).sum() == pytest.approx(customers["holdout_frequency"].sum(), rel=1e-9)
    assert (found["after"][0], found["up_to"][0]) == ((-1, 0) if found["after"][0] < 0 else (0, 0))
    ax = plots.plot_conditional_expectations(found)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), found["actual_mean"])
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), found["expected_mean"])


def test_history_grid(bg_nbd):
    found = kw.history_grid(bg_nbd, T=39, largest=5, recency_steps=3)
    assert len(found) == 6 * 4
    there = ~np.isnan(found["value"])
    rows = {"frequency": found["frequency"][there], "recency": found["recency"][there], "T": np.full(there.sum(), 39.0)}
    np.testing.assert_array_equal(found["value"][there], bg_nbd.probability_alive(rows))
    ax = plots.plot_history_grid(found)
    assert ax.collections[0].get_array().shape == (6, 4)
    asked = kw.history_grid(bg_nbd, T=39, quantity="expected_transactions", horizon=26, largest=2, recency_steps=1)
    assert asked.quantity == "expected_transactions"
    with pytest.raises(kw.KundenwertError) as caught:
        kw.history_grid(bg_nbd, T=0)
    assert (caught.value.code, caught.value.argument) == ("sign", "T")


def test_heterogeneity(bg_nbd):
    found = kw.heterogeneity(bg_nbd)
    assert list(dict.fromkeys(found["of"])) == ["purchase_rate", "dropout_probability"]
    assert len(found) == 2 * 99
    np.testing.assert_allclose(found["cumulative"][:99], np.arange(1, 100) / 100, rtol=1e-9)
    # The median customer of the gamma distribution, by its own distribution function.
    r, alpha = bg_nbd.params["r"], bg_nbd.params["alpha"]
    x = found["value"][70]
    density = alpha**r * x ** (r - 1) * math.exp(-alpha * x) / math.gamma(r)
    assert found["density"][70] == pytest.approx(density, rel=1e-9)
    one = kw.heterogeneity(bg_nbd, of="purchase_rate", points=[x])
    assert one["density"][0] == pytest.approx(density, rel=1e-9)
    for of in (None, "dropout_probability"):
        assert len(plots.plot_heterogeneity(found, of=of).lines) == 1
    for run in (lambda: plots.plot_heterogeneity(found, of="luck"), lambda: kw.heterogeneity(bg_nbd, of="luck")):
        with pytest.raises(kw.KundenwertError) as caught:
            run()
        assert (caught.value.code, caught.value.argument) == ("unknown_code", "of")


def test_tracking(log_frame, bg_nbd):
    base = kw.CustomerBase(transactions=log_frame)
    found = kw.track_repeat_purchases(base, bg_nbd, as_of="1997-09-30", through="1998-06-30")
    np.testing.assert_array_equal(np.cumsum(found.actual_step), found.actual)
    np.testing.assert_allclose(np.cumsum(found.expected_step), found.expected, rtol=1e-9)
    assert str(found.as_of) == "1997-09-30"
    assert found.to_arrow().column_names == ["day", "actual", "expected", "actual_step", "expected_step"]
    ax = plots.plot_tracking(found)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), found.actual)
    np.testing.assert_array_equal(plots.plot_tracking(found, incremental=True).lines[0].get_ydata(), found.actual_step)


def test_result_tables_are_frozen(compared, tested):
    for result in (compared, tested, tested.deciles):
        with pytest.raises(AttributeError):
            result._rows = None
        with pytest.raises(KeyError):
            result["nothing"]
        assert not result[result.columns[-1]].flags.writeable
        with pytest.raises(TypeError):
            result.__reduce__()
        html = result._repr_html_()
        assert html.count("<table") == html.count("</table>") >= 1
    with pytest.raises(kw.KundenwertError) as caught:
        plots.plot_calibration(tested, model="nbd")
    assert (caught.value.code, caught.value.argument) == ("unknown_code", "model")
    assert plots.plot_calibration(tested, model="pareto_nbd").lines


# --- what the log itself says


def test_regularity(log_frame):
    base = kw.CustomerBase(transactions=log_frame)
    found = kw.regularity(base, end="1998-06-30")
    days = {
        customer: np.sort(pd.to_datetime(dates.unique()).to_numpy())
        for customer, dates in log_frame.groupby("customer_id")["date"]
    }
    last = [np.diff(d).astype("timedelta64[D]").astype(float) for d in days.values() if len(d) >= 3]
    assert found.pairs == len(last)
    assert found.outcome == "converged"
    # Wheat & Morrison (1990): Var(M) = 1 / (4 (2 k + 1)).
    assert found.variance == pytest.approx(1 / (4 * (2 * found.shape + 1)), rel=1e-9)
    assert 0 < found.standard_error < 0.2
    assert found.shape < found.random_shape
    short = kw.regularity(base, end="1997-01-31")
    assert short.outcome == "insufficient_data"
    assert math.isnan(short.shape)


def test_opportunities():
    accumulator = kw.Accumulator(amount=None)
    accumulator.add(
        {
            "customer_id": [1, 1, 1, 1, 2, 3],
            "date": ["2015-05-01", "2016-01-01", "2016-12-31", "2019-07-01", "2015-01-01", "2018-06-01"],
        }
    )
    donors = accumulator.opportunities(each="year", end="2020-06-30", start="2015-01-01")
    assert str(donors.end) == "2019-12-31"
    assert donors.unit == "year"
    np.testing.assert_array_equal(donors["frequency"], [2, 0, 0])
    np.testing.assert_array_equal(donors["recency"], [4, 0, 0])
    np.testing.assert_array_equal(donors["T"], [4, 4, 1])
    model = kw.BgBb(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8, unit="year")
    assert model.probability_alive(donors)[0] > model.probability_alive(donors)[1]
    with pytest.raises(kw.KundenwertError) as caught:
        accumulator.opportunities(each="decade", end="2020-06-30")
    assert (caught.value.code, caught.value.argument) == ("unknown_code", "each")
