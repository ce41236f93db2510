"""The C library and this module agree to the last bit. KUNDENWERT_C_LIBRARY names the built library."""

from __future__ import annotations

import ctypes
import os
import warnings

import kundenwert as kw
import numpy as np
import pyarrow as pa
import pytest
from c_library import LIBRARY, NEEDS_LIBRARY, day, stream_pointer
from kundenwert import _core

pytestmark = NEEDS_LIBRARY

WEEK = 2
HORIZON, RATE = 39.0, 0.1


class FinishOptions(ctypes.Structure):
    _fields_ = (
        ("struct_size", ctypes.c_int32),
        ("start", ctypes.c_int32),
        ("holdout_end", ctypes.c_int32),
        ("threads", ctypes.c_int32),
        ("progress", ctypes.c_void_p),
        ("progress_context", ctypes.c_void_p),
    )


class PredictOptions(ctypes.Structure):
    _fields_ = (
        ("struct_size", ctypes.c_int32),
        ("threads", ctypes.c_int32),
        ("horizon", ctypes.c_double),
        ("annual_discount_rate", ctypes.c_double),
        ("units_per_year", ctypes.c_double),
        ("reasons", ctypes.c_void_p),
        ("reasons_length", ctypes.c_int64),
        ("progress", ctypes.c_void_p),
        ("progress_context", ctypes.c_void_p),
        ("count", ctypes.c_double),
        ("level", ctypes.c_double),
    )


class FitReport(ctypes.Structure):
    _fields_ = (
        ("struct_size", ctypes.c_int32),
        ("outcome", ctypes.c_int32),
        ("iterations", ctypes.c_int32),
        ("evaluations", ctypes.c_int32),
        ("distinct_rows", ctypes.c_int64),
        ("customers", ctypes.c_double),
        ("log_likelihood", ctypes.c_double),
        ("aic", ctypes.c_double),
        ("bic", ctypes.c_double),
        ("gradient_norm", ctypes.c_double),
        ("detail", ctypes.c_char * 256),
    )


@pytest.fixture(scope="module")
def c_summary(library, log_frame, customers):
    accumulator = ctypes.c_void_p()
    library.call("kw_accumulator_create", None, ctypes.byref(accumulator))
    table = pa.Table.from_pandas(log_frame, preserve_index=False)
    capsule = table.__arrow_c_stream__()
    library.call("kw_accumulator_add_arrow", accumulator, stream_pointer(capsule), None)
    options = library.options("finish_options", FinishOptions)
    options.holdout_end = day(customers.holdout_end).value
    summary = library.made(
        "kw_accumulator_finish_with", accumulator, ctypes.c_int32(WEEK), day(customers.end), ctypes.byref(options)
    )
    library.functions.kw_accumulator_free(accumulator)
    yield summary
    library.functions.kw_summary_free(summary)


def doubles(library, name, count, *arguments):
    out = np.empty(count)
    library.call(name, *arguments, out.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(count))
    return out


def test_versions_and_tables(library):
    assert library.functions.kw_version().decode() == kw.__version__
    for number, table in [(1, kw.codes.errors), (2, kw.codes.warnings), (3, kw.codes.outcomes), (4, kw.codes.reasons)]:
        assert library.functions.kw_code_count(number) == len(table)
        for code in table.values():
            assert library.functions.kw_code_name(number, code.number).decode() == code.name
            assert library.functions.kw_code_meaning(number, code.number).decode() == code.meaning
    for model in kw.models():
        count = library.functions.kw_parameter_count(model.number)
        names = [library.functions.kw_parameter_name(model.number, ctypes.c_int64(i)).decode() for i in range(count)]
        assert names == [p.name for p in model.parameters]


def test_summaries(library, c_summary, customers):
    rows = library.functions.kw_summary_rows(c_summary)
    assert rows == len(customers)
    columns = 8  # KW_TABLE_COLUMN
    count = library.functions.kw_code_count(columns)
    numbers = {library.functions.kw_code_name(columns, n).decode().casefold(): n for n in range(1, count + 1)}
    for name in customers.columns[1:]:
        number = numbers[name.casefold()]
        ours = customers[name]
        ours = ours.astype("datetime64[D]").astype(np.int64) if ours.dtype.kind == "M" else ours
        theirs = doubles(library, "kw_summary_copy_column", rows, c_summary, ctypes.c_int32(number))
        assert theirs.tobytes() == ours.astype(np.float64).tobytes(), name


# Of times in weeks, and of customers some of whom paid nothing.
READING_SUMMARIES = [
    info for info in kw.models() if not (info.is_contractual or info.is_discrete or "revenue" in info.columns)
]


@pytest.mark.parametrize("info", READING_SUMMARIES, ids=lambda info: info.name)
def test_models(library, c_summary, customers, info):
    with warnings.catch_warnings():
        # A verdict is compared like every other number.
        warnings.simplefilter("ignore", kw.ConvergenceWarning)
        ours = getattr(kw, "".join(part.capitalize() for part in info.name.split("_"))).fit(customers)
    theirs = library.made("kw_fit", ctypes.c_int32(info.number), c_summary, None)
    try:
        k = len(info.parameters)
        assert doubles(library, "kw_model_parameters", k, theirs).tolist() == list(ours.params.values())
        errors = np.array(list(ours.standard_errors.values()))
        assert doubles(library, "kw_model_standard_errors", k, theirs).tobytes() == errors.tobytes()
        assert doubles(library, "kw_model_covariance", k * k, theirs).tobytes() == ours.covariance.tobytes()
        report = library.options("fit_report", FitReport)
        library.call("kw_model_fit_report", theirs, ctypes.byref(report))
        assert report.log_likelihood == ours.log_likelihood
        assert report.bic == ours.bic
        assert kw.codes.outcomes[ours.outcome].number == report.outcome
        for name in info.quantities:
            quantity = next(q for q in kw.quantities() if q.name == name)
            options = library.options("predict_options", PredictOptions)
            asked = {}
            values = {"horizon": HORIZON, "annual_discount_rate": RATE, "count": 2.0, "level": 0.5}
            for argument in quantity.arguments:
                asked[argument] = values[argument]
                setattr(options, argument, values[argument])
            expected = ours._predict(name, customers, **asked)
            found = np.empty(len(customers))
            library.call(
                "kw_predict",
                theirs,
                ctypes.c_int32(quantity.number),
                ctypes.byref(options),
                c_summary,
                found.ctypes.data_as(ctypes.c_void_p),
                ctypes.c_int64(len(found)),
            )
            assert found.tobytes() == expected.tobytes(), name
    finally:
        library.functions.kw_model_free(theirs)


def test_lifetime_value(library, c_summary, customers, bg_nbd, gamma_gamma):
    models = [library.made("kw_fit", ctypes.c_int32(number), c_summary, None) for number in (1, 3)]
    found = np.empty(len(customers))
    library.call(
        "kw_lifetime_value",
        *models,
        ctypes.c_double(HORIZON),
        ctypes.c_double(RATE),
        None,
        c_summary,
        found.ctypes.data_as(ctypes.c_void_p),
        ctypes.c_int64(len(found)),
    )
    for model in models:
        library.functions.kw_model_free(model)
    expected = kw.lifetime_value(bg_nbd, gamma_gamma, customers, horizon=HORIZON, annual_discount_rate=RATE)
    assert found.tobytes() == expected.tobytes()


def test_abc(library, customers):
    values = np.ascontiguousarray(customers["revenue"])
    found = np.empty(len(values), dtype=np.int32)
    library.call(
        "kw_classify_abc",
        values.ctypes.data_as(ctypes.c_void_p),
        ctypes.c_int64(len(values)),
        None,
        found.ctypes.data_as(ctypes.c_void_p),
        ctypes.c_int64(len(found)),
        None,
    )
    names = np.array([None, "A", "B", "C"], dtype=object)
    assert names[found].tolist() == kw.classify_abc(values).classes.tolist()


def test_the_extension_is_not_the_library():
    assert os.path.realpath(_core.__file__) != os.path.realpath(LIBRARY)
