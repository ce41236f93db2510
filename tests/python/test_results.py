"""Results: immutable, comparable, picklable, shown."""

from __future__ import annotations

import copy
import pickle

import kundenwert as kw
import numpy as np
import pytest
from kundenwert import _core


def test_nothing_can_be_set(customers, bg_nbd):
    abc = kw.classify_abc([3.0, 2.0, 1.0])
    rfm = kw.classify_rfm(customers)
    for result, name in [
        (customers, "unit"),
        (customers, "other"),
        (customers.report, "rows_read"),
        (customers.rejected, "row"),
        (bg_nbd, "params"),
        (bg_nbd, "other"),
        (bg_nbd, "_handle"),
        (abc, "classes"),
        (rfm, "cell"),
    ]:
        with pytest.raises(AttributeError):
            setattr(result, name, 1)
        with pytest.raises(AttributeError):
            delattr(result, name)
    with pytest.raises(TypeError):
        bg_nbd.params["r"] = 1.0
    with pytest.raises(TypeError):
        bg_nbd.standard_errors["r"] = 1.0
    with pytest.raises(TypeError):
        abc.summary["A"] = None
    with pytest.raises(TypeError):
        kw.codes.errors["sign"] = None


def test_arrays_of_results_are_read_only(customers, bg_nbd):
    abc = kw.classify_abc([3.0, 2.0, 1.0])
    rfm = kw.classify_rfm(customers)
    arrays = [customers[name] for name in customers.columns]
    arrays += [bg_nbd.covariance, bg_nbd.eigenvalues, abc.classes, abc.reasons]
    arrays += [rfm.r_score, rfm.f_score, rfm.m_score, rfm.cell, rfm.combined, rfm.reasons, rfm.r.edges, rfm.r.counts]
    for array in arrays:
        assert not array.flags.writeable
        with pytest.raises(ValueError, match=r"read-only|cannot set"):
            array.flat[0] = array.flat[0]
    for array in (customers["frequency"], customers["revenue"], bg_nbd.covariance, bg_nbd.eigenvalues):
        with pytest.raises(ValueError, match="cannot set WRITEABLE"):
            array.setflags(write=True)


def test_predictions_are_fresh(customers, bg_nbd):
    first = bg_nbd.probability_alive(customers)
    assert first.flags.writeable
    first[:] = 0
    assert bg_nbd.probability_alive(customers).max() > 0


def test_inputs_are_not_touched(log, customers):
    before = log.copy()
    kw.summarize(log, unit="week", end="1997-09-30")
    assert log.equals(before)
    plain = {name: customers[name].copy() for name in ("frequency", "recency", "T")}
    kept = {name: array.copy() for name, array in plain.items()}
    kw.BgNbd.fit(plain, unit="week")
    for name, array in plain.items():
        np.testing.assert_array_equal(array, kept[name])


def test_views_outlive_what_they_look_into(log):
    frequency = kw.summarize(log, unit="week", end="1997-09-30")["frequency"]
    covariance = kw.BgNbd.fit(kw.summarize(log, unit="week", end="1997-09-30")).covariance
    table = kw.summarize(log, unit="week", end="1997-09-30").to_arrow()
    assert frequency.sum() == table["frequency"].to_numpy().sum() == 2457
    assert covariance[0, 0] > 0


@pytest.mark.parametrize("name", ["bg_nbd", "pareto_nbd", "gamma_gamma"])
def test_models_pickle_and_compare_by_value(request, customers, name):
    model = request.getfixturevalue(name)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(model, protocol))
        assert type(again) is type(model)
        assert again == model
        assert again.covariance.tobytes() == model.covariance.tobytes()
        assert repr(again) == repr(model)
    assert copy.deepcopy(model) == model
    assert copy.copy(model) == model
    assert model == type(model).fit(customers)
    known = type(model)(**model.params, unit=model.unit)
    assert known != model  # it was not estimated
    assert known == type(model)(**model.params, unit=model.unit)
    assert known != type(model)(**model.params, unit="day")
    assert pickle.loads(pickle.dumps(known)) == known
    assert model != 1
    with pytest.raises(TypeError):
        hash(model)


def test_a_model_from_known_parameters_has_no_fit():
    model = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
    for name in (
        "outcome",
        "detail",
        "log_likelihood",
        "aic",
        "bic",
        "customers",
        "distinct_rows",
        "iterations",
        "gradient_norm",
        "standard_errors",
        "covariance",
        "eigenvalues",
    ):
        assert getattr(model, name) is None
    assert dict(model.params) == {"r": 0.24, "alpha": 4.41, "a": 0.79, "b": 2.43}
    assert (model.name, model.title, model.unit) == ("bg_nbd", "BG/NBD", "week")


def test_what_is_not_made_by_hand():
    for owner in (kw.Summary, _core.Summary, _core.Table):
        with pytest.raises(TypeError):
            owner()


def test_shown(customers, bg_nbd):
    abc = kw.classify_abc(customers["revenue"])
    rfm = kw.classify_rfm(customers)
    assert repr(bg_nbd).startswith("<BgNbd: r=0.242595, alpha=4.4136")
    assert "converged" in repr(bg_nbd)
    assert "2357" in repr(customers)
    assert "RejectedRows: 0 rows" in repr(customers.rejected)
    assert "AbcResult: A" in repr(abc)
    assert "2357 customers scored" in repr(rfm)
    for result in (customers, bg_nbd, kw.BgNbd(**bg_nbd.params, unit="week"), abc, rfm):
        html = result._repr_html_()
        assert html.count("<table") == html.count("</table>") > 0
    assert "standard error" in bg_nbd._repr_html_()


def test_tables_of_the_core():
    assert kw.codes.errors["sign"].number == 10
    assert {m.name for m in kw.models()} >= {"bg_nbd", "pareto_nbd", "gamma_gamma"}
    assert [p.name for p in kw.models()[0].parameters] == ["r", "alpha", "a", "b"]
    assert kw.codes.reason_names(0) == ()
    assert kw.__version__ == _core.version
    assert all(hasattr(kw, name) for name in kw.__all__)


# --- lifetime values


def test_rates_of_every_customer(customers, bg_nbd, gamma_gamma):
    def value(**given):
        asked = {"horizon": 52, "annual_discount_rate": 0.1, **given}
        return kw.lifetime_value(bg_nbd, gamma_gamma, customers, **asked)

    rows = len(customers)
    margins = np.linspace(0.1, 0.6, rows)
    np.testing.assert_allclose(value(margin_rate=margins), margins * value(), rtol=1e-12)
    rates = np.where(np.arange(rows) % 2 == 0, 0.1, 0.2)
    expected = np.where(rates == 0.1, value(), value(annual_discount_rate=0.2))
    assert value(annual_discount_rate=rates).tobytes() == expected.tobytes()
    purchases = bg_nbd.discounted_expected_transactions(customers, 52, annual_discount_rate=0.1)
    np.testing.assert_allclose(value(cost_per_purchase=3.0), value() - 3 * purchases, rtol=1e-9, atol=1e-12)
    for given, code, argument in (
        ({"margin_rate": margins[:-1]}, "length_mismatch", "margin_rate"),
        ({"margin_rate": margins + 1}, "domain", "margin_rate"),
        ({"annual_discount_rate": -rates}, "sign", "annual_discount_rate"),
        ({"cost_per_purchase": -1.0}, "sign", "cost_per_purchase"),
        ({"horizon": None}, "missing", "horizon"),
        ({"months": 12}, "inconsistent", "horizon"),
        ({"horizon": None, "months": -1}, "domain", "months"),
    ):
        with pytest.raises(kw.KundenwertError) as caught:
            value(**given)
        assert (caught.value.code, caught.value.argument) == (code, argument), given


def test_calendar_months(customers, bg_nbd, gamma_gamma):
    def value(rows, **given):
        return kw.lifetime_value(bg_nbd, gamma_gamma, rows, annual_discount_rate=0.1, **given)

    # 1997-09-30 to 1998-09-30.
    assert value(customers, months=12).tobytes() == value(customers, horizon=365 / 7).tobytes()
    plain = {name: customers[name] for name in ("frequency", "recency", "T", "monetary_value")}
    with pytest.raises(kw.KundenwertError) as caught:
        value(plain, months=12)
    assert (caught.value.code, caught.value.argument) == ("missing", "months")
