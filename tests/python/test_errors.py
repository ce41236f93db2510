"""Every mistake is found, and named: its code, the argument as the caller spelled it, the row."""

from __future__ import annotations

import datetime
import math
import pickle

import kundenwert as kw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest


def refused(code, argument, row=None):
    """The block raises this error."""
    return Refused(code, argument, row)


class Refused:
    def __init__(self, code, argument, row):
        self.expected = (code, argument, row)

    def __enter__(self):
        self.context = pytest.raises(kw.KundenwertError)
        self.info = self.context.__enter__()
        return self.info

    def __exit__(self, *raised):
        suppressed = self.context.__exit__(*raised)
        error = self.info.value
        assert (error.code, error.argument, error.row) == self.expected, str(error)
        assert error.code in kw.codes.errors
        assert isinstance(error, ValueError)
        assert "\n" not in str(error)
        return suppressed


# ---- logs


def rows(**changed):
    log = {
        "who": ["a", "a", "b", "b"],
        "when": ["2024-01-01", "2024-01-05", "2024-01-02", "2024-01-09"],
        "paid": [1.0, 2.0, 3.0, 4.0],
        "in": ["EUR", "EUR", "EUR", "EUR"],
    }
    return {**log, **changed}


NAMES = {"customer_id": "who", "date": "when", "amount": "paid"}


def summarized(log, **options):
    return kw.summarize(log, **{"unit": "week", "end": "2024-01-31", **NAMES, **options})


def not_utf8():
    offsets = pa.py_buffer(np.array([0, 1, 2, 4, 5], dtype=np.int32).tobytes())
    return pa.StringArray.from_buffers(4, offsets, pa.py_buffer(b"ab\xff\xfeb"))


BAD_LOGS = [
    ({"paid": [1.0, math.nan, 3.0, 4.0]}, "missing", "paid", 1),
    ({"paid": [1.0, None, 3.0, 4.0]}, "missing", "paid", 1),
    ({"paid": [1.0, 2.0, math.inf, 4.0]}, "non_finite", "paid", 2),
    ({"paid": [1.0, 2.0, 3.0, 2e12]}, "overflow", "paid", 3),
    ({"when": ["2024-01-01", None, "2024-01-02", "2024-01-09"]}, "missing", "when", 1),
    ({"when": ["2024-01-01", "2024-02-30", "2024-01-02", "2024-01-09"]}, "date_invalid", "when", 1),
    ({"when": ["2024-01-01", "1899-12-31", "2024-01-02", "2024-01-09"]}, "date_range", "when", 1),
    (
        {"when": np.array(["2024-01-01", "NaT", "2024-01-02", "2024-01-09"], dtype="datetime64[D]")},
        "missing",
        "when",
        1,
    ),
    ({"when": np.array([1, 2, 3, 4])}, "wrong_type", "when", None),
    ({"when": pa.array([0] * 4, pa.timestamp("s", tz="Europe/Berlin"))}, "timezone", "when", None),
    ({"who": ["a", "", "b", "b"]}, "encoding", "who", 1),
    ({"who": ["a", "x" * 129, "b", "b"]}, "encoding", "who", 1),
    ({"who": not_utf8()}, "encoding", "who", 2),
    ({"who": [1.5, 2.0, 3.0, 4.0]}, "wrong_type", "who", None),
    ({"who": np.array([2**63, 1, 1, 1], dtype=np.uint64)}, "overflow", "who", 0),
    ({"paid": ["1", "2", "3", "4"]}, "wrong_type", "paid", None),
    ({"paid": [object()] * 4}, "wrong_type", "paid", None),
    ({"paid": [1.0, 2.0, 3.0]}, "length_mismatch", "paid", None),
    ({"paid": np.ones((2, 2))}, "wrong_type", "paid", None),
]


@pytest.mark.parametrize(("changed", "code", "argument", "row"), BAD_LOGS)
def test_bad_logs(changed, code, argument, row):
    with refused(code, argument, row):
        summarized(rows(**changed))


@pytest.mark.parametrize(("changed", "code", "argument", "row"), [case for case in BAD_LOGS if case[3] is not None])
def test_rows_are_counted_over_everything_and_nothing_is_taken(changed, code, argument, row):
    bad = pa.table(rows(**changed)).select(["who", "when", "paid"])
    good = pa.table(rows()).select(["who", "when", "paid"])
    if pa.types.is_integer(bad.schema.field("who").type):
        good = good.set_column(0, "who", pa.array([1, 2, 3, 4], bad.schema.field("who").type))
    if not pa.types.is_string(bad.schema.field("when").type):
        good = good.set_column(1, "when", good["when"].cast(bad.schema.field("when").type))
    log = kw.Accumulator(**NAMES)
    log.add(good)
    before = log.report
    # The second batch of the second table.
    with refused(code, argument, 8 + row):
        log.add(pa.concat_tables([good, bad]))
    assert log.report == before
    assert log.finish(unit="day", end="2024-01-31").customers > 0
    with refused(code, argument, 4 + row):
        log.add(bad)


def test_columns_that_are_not_there():
    log = rows()
    for make in (lambda: log, lambda: pd.DataFrame(log), lambda: pl.DataFrame(log), lambda: pa.table(log)):
        with refused("column_missing", "paid_in_full") as info:
            summarized(make(), amount="paid_in_full")
        assert "who" in str(info.value)
    doubled = pd.DataFrame(log).rename(columns={"in": "paid"})
    with refused("column_missing", "paid"):
        summarized(doubled)


def test_no_table_at_all():
    for log in (5, "customers.csv", None):
        with refused("wrong_type", "log"):
            summarized(log)
    with refused("wrong_type", "data"):
        summarized([1, 2, 3])


def test_currencies():
    log = rows(**{"in": ["EUR", "EUR", "USD", "EUR"]})
    with refused("currency_mismatch", "in", 2):
        summarized(log, currency_column="in")
    with refused("currency_mismatch", "in", 0):
        summarized(rows(), currency_column="in", currency="USD")
    assert summarized(rows(), currency_column="in").currency == "EUR"
    assert summarized(rows(), currency="EUR").currency == "EUR"
    first, second = kw.Accumulator(currency="EUR"), kw.Accumulator(currency="USD")
    with refused("currency_mismatch", "currency"):
        first.merge(second)


def test_returns():
    log = rows(paid=[1.0, -2.0, 3.0, 4.0])
    with refused("sign", "paid", 1):
        summarized(log, returns="error")
    assert summarized(log, returns="drop").report.returns_dropped == 1
    assert summarized(log).customers == 2


def test_future_dates():
    with refused("future_date", "when", 3):
        summarized(rows(), load_date="2024-01-08")


@pytest.mark.parametrize(
    ("options", "code", "argument"),
    [
        ({"unit": "fortnight"}, "unknown_code", "unit"),
        ({"returns": "keep"}, "unknown_code", "returns"),
        ({"rows": "lenient"}, "unknown_code", "rows"),
        ({"date_format": "german"}, "unknown_code", "date_format"),
        ({"rejected_limit": 1.5}, "domain", "rejected_limit"),
        ({"rejected_limit": math.nan}, "missing", "rejected_limit"),
        ({"end": "2024-1-31"}, "date_invalid", "end"),
        ({"end": "31.01.2024"}, "date_invalid", "end"),
        ({"end": 20240131}, "date_invalid", "end"),
        ({"end": None}, "date_invalid", "end"),
        ({"end": np.datetime64("NaT")}, "date_invalid", "end"),
        ({"end": pd.NaT}, "date_invalid", "end"),
        ({"end": datetime.date(2300, 1, 1)}, "date_range", "end"),
        ({"start": "2024-02-01"}, "date_order", "start"),
        ({"holdout_end": "2024-01-31"}, "date_order", "holdout_end"),
        ({"utc_offset": datetime.timedelta(seconds=30)}, "domain", "utc_offset"),
        ({"utc_offset": 3600}, "domain", "utc_offset"),
    ],
)
def test_options_of_logs(options, code, argument):
    with refused(code, argument):
        summarized(rows(), **options)


def test_rejected_rows_are_listed():
    log = rows(who=["a", "", "b", "b"], paid=[1.0, 2.0, math.nan, 4.0])
    with refused("rejected_share", "rejected_limit"):
        summarized(log, rows="collect")
    out = summarized(log, rows="collect", rejected_limit=0.5)
    expected = {"row": [1, 2], "column": ["who", "paid"], "reason": ["encoding", "missing"]}
    assert out.rejected.to_arrow().to_pydict() == expected
    assert len(out.rejected) == out.report.rejected_rows == 2
    assert out.report.rows_taken == 2


def test_warnings_of_logs():
    log = rows(who=["a", None, " b", "b"], paid=[1.0, 2.0, 3.0, 0.1234567])
    report = summarized(log, end="2024-01-06", start="2024-01-02").report
    assert {w.code: w.count for w in report.warnings} == {
        "id_blanks": 1,
        "amounts_rounded": 1,
        "after_end": 1,
        "before_start": 1,
        "anonymous": 1,
    }
    assert all(w.meaning == kw.codes.warnings[w.code].meaning for w in report.warnings)
    assert report.anonymous_rows == report["anonymous_rows"] == 1
    assert dict(report)["rows_read"] == 4
    with pytest.raises(KeyError):
        report["rows"]


def test_accumulators_that_do_not_fit():
    log = kw.Accumulator(**NAMES)
    log.add(rows())
    with refused("wrong_type", "who"):
        log.add(rows(who=[1, 2, 3, 4]))
    other = kw.Accumulator(**NAMES, returns="drop")
    with refused("mode_mismatch", "returns"):
        log.merge(other)


# ---- models


def columns(**changed):
    return {"x": [2.0, 0.0, 1.0], "t_x": [20.0, 0.0, 5.0], "age": [30.0, 30.0, 12.0], "m": [9.0, None, 4.0], **changed}


RENAMED = {"frequency": "x", "recency": "t_x", "T": "age", "monetary_value": "m"}
BG = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
GG = kw.GammaGamma(p=6.25, q=3.74, v=15.44, unit="week")

BAD_COLUMNS = [
    ({"x": [2.0, math.nan, 1.0]}, "missing", "x", 1),
    ({"x": [2.0, None, 1.0]}, "missing", "x", 1),
    ({"x": [2.0, math.inf, 1.0]}, "non_finite", "x", 1),
    ({"x": [2.0, 0.0, -1.0]}, "sign", "x", 2),
    ({"x": [2.0, 0.0, 1.5]}, "not_integer", "x", 2),
    ({"x": ["2", "0", "1"]}, "wrong_type", "x", None),
    ({"x": [2**53 + 1, 0, 1]}, "overflow", "x", 0),
    ({"x": [2.0, 0.0]}, "length_mismatch", "t_x", None),
]
BAD_TIMES = [
    ({"t_x": [20.0, math.nan, 5.0]}, "missing", "t_x", 1),
    ({"t_x": [20.0, 0.0, 13.0]}, "recency_order", "t_x", 2),
    ({"t_x": [20.0, 1.0, 5.0]}, "domain", "t_x", 1),
    ({"t_x": [20.0, 0.0, 0.0]}, "domain", "t_x", 2),
    ({"age": [30.0, -1.0, 12.0]}, "sign", "age", 1),
    ({"age": [30.0, math.inf, 12.0]}, "non_finite", "age", 1),
    ({"age": [30.0, None, 12.0]}, "missing", "age", 1),
]


@pytest.mark.parametrize(("changed", "code", "argument", "row"), BAD_COLUMNS + BAD_TIMES)
def test_bad_customers(changed, code, argument, row):
    given = columns(**changed)
    with refused(code, argument, row):
        kw.BgNbd.fit(given, unit="week", columns=RENAMED)
    with refused(code, argument, row):
        BG.expected_transactions(given, 10, columns=RENAMED)
    with refused(code, argument, row):
        kw.lifetime_value(BG, GG, given, horizon=10, annual_discount_rate=0.1, columns=RENAMED)


@pytest.mark.parametrize(
    ("changed", "code", "argument", "row"),
    [
        ({"m": [-9.0, None, 4.0]}, "sign", "m", 0),
        ({"m": [9.0, None, math.inf]}, "non_finite", "m", 2),
        ({"m": ["9", None, "4"]}, "wrong_type", "m", None),
    ],
)
def test_bad_spend(changed, code, argument, row):
    with refused(code, argument, row):
        GG.expected_spend(columns(**changed), columns=RENAMED)
    with refused(code, argument, row):
        kw.lifetime_value(BG, GG, columns(**changed), horizon=10, annual_discount_rate=0.1, columns=RENAMED)


def test_a_fit_of_spend_needs_the_spend_of_every_repeater():
    with refused("missing", "m", 2):
        kw.GammaGamma.fit(columns(m=[9.0, None, None]), unit="week", columns=RENAMED)
    with refused("sign", "m", 2):
        kw.GammaGamma.fit(columns(m=[9.0, None, 0.0]), unit="week", columns=RENAMED)


def test_customers_that_are_not_there():
    with refused("column_missing", "T"):
        BG.probability_alive({"frequency": [1.0], "recency": [1.0]})
    with refused("column_missing", "age"):
        BG.probability_alive(pd.DataFrame({"frequency": [1.0], "recency": [1.0]}), columns={"T": "age"})
    with refused("empty", "x"):
        kw.BgNbd.fit({"x": [], "t_x": [], "age": []}, unit="week", columns=RENAMED)
    with refused("wrong_type", "data"):
        BG.probability_alive(7)


def test_weights():
    for weight, code, row in [
        ([1.0, -1.0, 1.0], "sign", 1),
        ([1.0, math.nan, 1.0], "missing", 1),
        ([1.0, None, 1.0], "missing", 1),
        ([1.0, 1.0], "length_mismatch", None),
        ("abc", "wrong_type", None),
    ]:
        with refused(code, "weight", row):
            kw.BgNbd.fit(columns(), unit="week", weight=weight, columns=RENAMED)


def test_units(customers, bg_nbd, gamma_gamma):
    daily = kw.BgNbd(**bg_nbd.params, unit="day")
    with refused("unit_mismatch", "summary"):
        daily.probability_alive(customers)
    with refused("unit_mismatch", "summary"):
        kw.lifetime_value(daily, gamma_gamma, customers, horizon=10, annual_discount_rate=0.1)
    with refused("unit_mismatch", "unit"):
        kw.BgNbd.fit(customers, unit="day")
    with refused("missing", "unit"):
        kw.BgNbd.fit(columns(), columns=RENAMED)
    with refused("unknown_code", "unit"):
        kw.BgNbd.fit(columns(), unit="weeks", columns=RENAMED)
    with refused("unknown_code", "unit"):
        kw.BgNbd(r=1.0, alpha=1.0, a=1.0, b=1.0, unit="weeks")


def test_parameters():
    good = {"r": 0.24, "alpha": 4.4, "a": 0.8, "b": 2.4}
    for value, code in [(0.0, "sign"), (-1.0, "sign"), (math.nan, "missing"), (math.inf, "non_finite")]:
        with refused(code, "alpha"):
            kw.BgNbd(**{**good, "alpha": value}, unit="week")
    for wrong in ({**good, "s": 1.0}, {name: good[name] for name in ("r", "alpha", "a")}):
        with pytest.raises(TypeError):
            kw.BgNbd(**wrong, unit="week")
    with pytest.raises(TypeError):
        kw.BgNbd(0.24, 4.4, 0.8, 2.4, unit="week")
    with pytest.raises(TypeError):
        kw.BgNbd(**good)


@pytest.mark.parametrize(
    ("horizon", "rate", "more", "code", "argument"),
    [
        (-1.0, 0.1, {}, "sign", "horizon"),
        (math.nan, 0.1, {}, "missing", "horizon"),
        (10.0, -0.1, {}, "sign", "annual_discount_rate"),
        (10.0, math.inf, {}, "non_finite", "annual_discount_rate"),
        (math.inf, 0.0, {}, "divergent", "annual_discount_rate"),
        (10.0, 0.1, {"units_per_year": 0.0}, "sign", "units_per_year"),
        (10.0, 0.1, {"units_per_year": math.nan}, "missing", "units_per_year"),
    ],
)
def test_horizons_and_rates(customers, bg_nbd, gamma_gamma, horizon, rate, more, code, argument):
    with refused(code, argument):
        bg_nbd.discounted_expected_transactions(customers, horizon, annual_discount_rate=rate, **more)
    with refused(code, argument):
        kw.lifetime_value(bg_nbd, gamma_gamma, customers, horizon=horizon, annual_discount_rate=rate, **more)
    with refused(code, argument):
        bg_nbd.discounted_expected_transactions_new(horizon, annual_discount_rate=rate, **more)


def test_more_arguments(customers, bg_nbd, gamma_gamma):
    with refused("non_finite", "horizon"):
        bg_nbd.expected_transactions(customers, math.inf)
    with refused("domain", "margin_rate"):
        kw.lifetime_value(bg_nbd, gamma_gamma, customers, horizon=10, annual_discount_rate=0.1, margin_rate=1.2)
    with refused("unsupported", "quantity"):
        kw.lifetime_value(gamma_gamma, bg_nbd, customers, horizon=10, annual_discount_rate=0.1)
    with pytest.raises(TypeError):
        bg_nbd.expected_transactions(customers)
    with pytest.raises(TypeError):
        bg_nbd.expected_transactions(customers, 10, 0.1)
    with pytest.raises(TypeError):
        kw.lifetime_value(bg_nbd, gamma_gamma, customers, horizon=10)


def test_methods_exist_exactly_where_supported(bg_nbd, gamma_gamma):
    for model in kw.models():
        owner = getattr(kw, "".join(part.capitalize() for part in model.name.split("_")))
        for quantity in kw.quantities():
            method = "log_likelihood_of" if quantity.name == "log_likelihood" else quantity.name
            assert hasattr(owner, method) == (quantity.name in model.quantities)
    assert not hasattr(gamma_gamma, "probability_alive")
    assert not hasattr(bg_nbd, "expected_spend")


def test_a_summary_without_amounts(log, bg_nbd, gamma_gamma):
    bare = kw.summarize(log, unit="week", end="1997-09-30", amount=None)
    assert bg_nbd.probability_alive(bare).shape == (2357,)
    for call in (
        lambda: gamma_gamma.expected_spend(bare),
        lambda: kw.GammaGamma.fit(bare),
        lambda: kw.lifetime_value(bg_nbd, gamma_gamma, bare, horizon=10, annual_discount_rate=0.1),
    ):
        with refused("column_missing", "monetary_value"):
            call()
    with refused("column_missing", "revenue"):
        kw.classify_rfm(bare)
    with pytest.raises(KeyError):
        bare["revenue"]


# ---- classification


@pytest.mark.parametrize(
    ("options", "code", "argument"),
    [
        ({"a": 0.0}, "domain", "a"),
        ({"a": math.nan}, "missing", "a"),
        ({"b": 0.5}, "domain", "b"),
        ({"b": 1.0}, "domain", "b"),
        ({"rule": "best"}, "unknown_code", "rule"),
    ],
)
def test_options_of_abc(options, code, argument):
    with refused(code, argument):
        kw.classify_abc([1.0, 2.0], **options)


def test_values_of_abc():
    with refused("non_finite", "values", 1):
        kw.classify_abc([1.0, math.inf])
    with refused("overflow", "values"):
        kw.classify_abc([1.7e308, 1.7e308])
    with refused("wrong_type", "values"):
        kw.classify_abc(["a"])
    nothing = kw.classify_abc([0.0, -1.0, None])
    assert nothing.classes.tolist() == [None, None, None]
    assert math.isnan(nothing.total)
    assert "total_not_positive" in kw.codes.reason_names(nothing.reasons[0])


RFM = {"days_since_purchase": [1.0, 30.0], "purchase_days": [3.0, 1.0], "revenue": [10.0, 5.0]}


@pytest.mark.parametrize(
    ("changed", "options", "code", "argument", "row"),
    [
        ({"days_since_purchase": [1.0, -1.0]}, {}, "sign", "days_since_purchase", 1),
        ({"days_since_purchase": [1.0, None]}, {}, "missing", "days_since_purchase", 1),
        ({"purchase_days": [1.5, 1.0]}, {}, "not_integer", "purchase_days", 0),
        ({"revenue": [10.0, math.inf]}, {}, "non_finite", "revenue", 1),
        ({"revenue": [10.0]}, {}, "length_mismatch", "revenue", None),
        ({}, {"classes": 0}, "domain", "classes", None),
        ({}, {"classes": (5, 5, 101)}, "domain", "classes", None),
        ({}, {"classes": (5, 5)}, "length_mismatch", "classes", None),
        ({}, {"method": "fixed"}, "empty", "r_edges", None),
        ({}, {"method": "fixed", "r_edges": [9.0, 3.0]}, "domain", "r_edges", 1),
        ({}, {"method": "fixed", "r_edges": ["x"]}, "wrong_type", "r_edges", None),
        ({}, {"method": "by hand"}, "unknown_code", "method", None),
    ],
)
def test_bad_rfm(changed, options, code, argument, row):
    with refused(code, argument, row):
        kw.classify_rfm({**RFM, **changed}, **options)


def test_rfm_with_edges():
    edges = {"r_edges": [7.0, 14.0], "f_edges": [2.0], "m_edges": [6.0]}
    result = kw.classify_rfm({**RFM, "revenue": [10.0, None]}, method="fixed", **edges)
    assert result.cell.tolist() == ["3-2-2", ""]
    assert result.r_score.tolist() == [3, 0]
    assert result.r.edges.tolist() == [7.0, 14.0]
    assert (result.scored, result.unscored) == (1, 1)
    assert kw.codes.reason_names(result.reasons[1]) == ("missing_input",)


def test_errors_pickle():
    error = kw.KundenwertError("is negative", code="sign", argument="amount", row=17)
    assert str(error) == "amount, row 17: is negative"
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.code, again.argument, again.row) == (str(error), "sign", "amount", 17)
    assert str(kw.KundenwertError("is empty", code="empty")) == "is empty"


def test_a_table_that_carries_another_unit_is_refused() -> None:
    log = {"customer_id": [7, 7, 8], "date": ["2024-01-01", "2024-03-01", "2024-02-01"], "amount": [9.0, 4.0, 7.5]}
    days = kw.summarize(log, unit="day", end="2024-03-31")
    model = kw.BgNbd(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, unit="week")
    for table in (days.to_arrow(), days.to_pandas()):
        with pytest.raises(kw.KundenwertError) as caught:
            model.probability_alive(table)
        assert (caught.value.code, caught.value.argument) == ("unit_mismatch", "customers")
        with pytest.raises(kw.KundenwertError, match="units of a day"):
            kw.BgNbd.fit(table, unit="week")
    weeks = kw.summarize(log, unit="week", end="2024-03-31")
    assert np.array_equal(model.probability_alive(weeks.to_pandas()), model.probability_alive(weeks))


def test_a_column_named_currency_is_read_unless_told_not_to() -> None:
    log = {
        "customer_id": [1, 1, 2],
        "date": ["2024-01-01", "2024-02-01", "2024-01-05"],
        "amount": [1.0, 2.0, 3.0],
        "currency": ["EUR", "EUR", "USD"],
    }
    with pytest.raises(kw.KundenwertError) as caught:
        kw.summarize(log, unit="week", end="2024-03-31")
    assert (caught.value.code, caught.value.argument, caught.value.row) == ("currency_mismatch", "currency", 2)
    assert kw.summarize(log, unit="week", end="2024-03-31", currency_column="").currency is None
    log["currency"] = ["EUR"] * 3
    assert kw.summarize(log, unit="week", end="2024-03-31").currency == "EUR"
