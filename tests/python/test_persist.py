"""Models as JSON: to the bit, as files, pickles and copies, and what is refused."""

from __future__ import annotations

import copy
import json
import pickle

import kundenwert as kw
import numpy as np
import pytest


def known() -> kw.BgNbd:
    return kw.BgNbd(r=0.1, alpha=1 / 3, a=1e23, b=5e-324, unit="week")


@pytest.mark.parametrize("name", ["bg_nbd", "pareto_nbd", "gamma_gamma"])
def test_a_fitted_model_comes_back_to_the_bit(request, customers, name):
    model = request.getfixturevalue(name)
    text = model.to_json()
    for read in (type(model).from_json(text), kw.Model.from_json(text)):
        assert type(read) is type(model)
        assert read == model
        assert read.covariance.tobytes() == model.covariance.tobytes()
        assert read.standard_errors == model.standard_errors
        assert read.to_json() == text
    before = model.log_likelihood_of(customers)
    np.testing.assert_array_equal(kw.Model.from_json(text).log_likelihood_of(customers), before)


def test_every_model_comes_back():
    for info in kw.models():
        parameters = {p.name: 1.0 + i for i, p in enumerate(info.parameters)}
        owner = next(c for c in vars(kw).values() if isinstance(c, type) and getattr(c, "_info", None) == info)
        for unit in ("day", "week", "month", "year"):
            model = owner(**parameters, unit=unit)
            assert kw.Model.from_json(model.to_json()) == model


def test_a_fit_without_standard_errors_comes_back():
    rows = {"frequency": [0.0, 0.0], "recency": [0.0, 0.0], "T": [10.0, 10.0]}
    with pytest.warns(kw.ConvergenceWarning):
        model = kw.BgNbd.fit(rows, unit="week")
    assert model.outcome != "converged"
    read = kw.Model.from_json(model.to_json())
    assert read == model
    assert (read.outcome, read.detail) == (model.outcome, model.detail)
    assert pickle.loads(pickle.dumps(model)) == model


def test_the_document():
    document = json.loads(known().to_json(date="2024-03-31", note="Stoff f\u00fcr Pr\u00fcfungen"))
    assert document == {
        "format": "kundenwert-model",
        "version": 1,
        "model": "bg_nbd",
        "unit": "week",
        "parameters": {"r": 0.1, "alpha": 1 / 3, "a": 1e23, "b": 5e-324},
        "fit": None,
        "provenance": {"library": kw.__version__, "date": "2024-03-31", "note": "Stoff f\u00fcr Pr\u00fcfungen"},
    }
    assert kw.Model.from_json(json.dumps(document)) == known()


def test_the_document_of_a_fit(bg_nbd):
    fit = json.loads(bg_nbd.to_json())["fit"]
    assert fit["outcome"] == "converged"
    assert fit["log_likelihood"] == bg_nbd.log_likelihood
    assert fit["customers"] == 2357
    assert fit["estimates"] == ["r", "alpha", "a", "b"]
    np.testing.assert_array_equal(fit["covariance"], bg_nbd.covariance)
    np.testing.assert_array_equal(fit["standard_errors"], list(bg_nbd.standard_errors.values()))
    np.testing.assert_array_equal(fit["eigenvalues"], bg_nbd.eigenvalues)
    # Numbers about the customers together, none of one of them.
    assert len(bg_nbd.to_json()) < 3000


def test_files(tmp_path, bg_nbd):
    path = tmp_path / "modell-\u00e4.json"
    bg_nbd.save(path, note="CDNOW")
    assert path.read_bytes() == bg_nbd.to_json(note="CDNOW").encode()
    assert kw.load_model(path) == bg_nbd
    assert kw.load_model(str(path)) == bg_nbd
    known().save(path)
    assert kw.load_model(path) == known()
    path.write_bytes(b"\xef\xbb\xbf" + known().to_json().encode())
    assert kw.load_model(path) == known()
    path.write_bytes(b"\xff")
    with pytest.raises(kw.KundenwertError, match="UTF-8") as caught:
        kw.load_model(path)
    assert caught.value.code == "encoding"
    with pytest.raises(FileNotFoundError):
        kw.load_model(tmp_path / "none.json")


def test_pickles_and_copies():
    class Mine(kw.BgNbd):
        __slots__ = ()

    for model in (known(), Mine(r=1.0, alpha=1.0, a=1.0, b=1.0, unit="day")):
        assert copy.copy(model) is model
        assert copy.deepcopy(model) is model
        function, arguments = model.__reduce__()
        assert type(function(*arguments)) is type(model)
        assert function(*arguments) == model
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(known(), protocol)) == known()


def test_the_class_that_reads():
    text = known().to_json()
    assert kw.TransactionModel.from_json(text) == known()
    for other in (kw.ParetoNbd, kw.SpendModel):
        with pytest.raises(kw.KundenwertError, match="is a bg_nbd, no") as caught:
            other.from_json(text)
        assert (caught.value.code, caught.value.argument) == ("wrong_type", "model")


def changed(**members: object) -> str:
    document = json.loads(known().to_json()) | members
    return json.dumps({name: value for name, value in document.items() if value is not ...})


@pytest.mark.parametrize(
    ("text", "code", "argument"),
    [
        (changed(version=2), "unsupported", "version"),
        (changed(format="onnx"), "unknown_code", "format"),
        (changed(model="arima"), "unknown_code", "model"),
        (changed(unit="hour"), "unknown_code", "unit"),
        (changed(unit=...), "missing", "unit"),
        (changed(theory=[]), "unknown_code", "theory"),
        (changed(effects=[]), "missing", "coefficients"),
        (changed(effects=[], coefficients={"alpha.z": 1}), "unknown_code", "coefficients.alpha.z"),
        (changed(parameters={"r": 1, "alpha": 1, "a": 1}), "missing", "parameters.b"),
        (changed(parameters={"r": 1, "alpha": 1, "a": 1, "b": 1, "c": 1}), "unknown_code", "parameters.c"),
        (changed(parameters={"r": 1, "alpha": 1, "a": 1, "b": "1"}), "wrong_type", "parameters.b"),
        (changed(parameters={"r": 1, "alpha": 1, "a": 1, "b": float("nan")}), "wrong_type", "text"),
        (changed(parameters={"r": 1, "alpha": 1, "a": 1, "b": -1}), "sign", "parameters.b"),
        (changed(fit={}), "missing", "fit.outcome"),
        ("", "wrong_type", "text"),
        (known().to_json()[:-5], "wrong_type", "text"),
    ],
)
def test_what_is_refused(text, code, argument):
    with pytest.raises(kw.KundenwertError) as caught:
        kw.Model.from_json(text)
    assert (caught.value.code, caught.value.argument, caught.value.row) == (code, argument, None)


def test_a_newer_version_says_so():
    with pytest.raises(kw.KundenwertError, match="was written by a newer kundenwert: format version 2"):
        kw.Model.from_json(changed(version=2))
