"""Customer bases: frames of every kind, names of columns, and every mistake with table, column and row."""

from __future__ import annotations

import datetime

import duckdb
import kundenwert as kw
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

AS_OF = "2025-12-31"


@pytest.fixture(scope="module")
def shop() -> kw.SimulatedBusiness:
    return kw.simulate_business(customers=300, seed=11, first_day="2023-01-01", as_of=AS_OF)


@pytest.fixture(scope="module")
def seen(shop) -> kw.Overview:
    return overview_of(kw.CustomerBase(**shop))


def overview_of(base: kw.CustomerBase, **options: object) -> kw.Overview:
    asked = {"as_of": AS_OF, "unit": "week", "horizon": 52, "annual_discount_rate": 0.1}
    return kw.overview(base, **{**asked, "convention": "first_margin_now", **options})


KINDS = {
    "pandas": lambda table: table.to_pandas(),
    "pandas, arrow types": lambda table: table.to_arrow().to_pandas(types_mapper=pd.ArrowDtype),
    "polars": lambda table: table.to_polars(),
    "narwhals": lambda table: nw.from_native(table.to_polars()),
    "pyarrow": lambda table: table.to_arrow(),
    "pyarrow, batches": lambda table: table.to_arrow().to_reader(max_chunksize=100),
    "pyarrow, shuffled": lambda table: table.to_arrow().take(np.random.default_rng(3).permutation(len(table))),
    "duckdb": lambda table: duckdb.arrow(table.to_arrow()),
    "mapping of lists": lambda table: table.to_arrow().to_pydict(),
    "as they are": lambda table: table,
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_gives_the_same_bits(shop, seen, kind) -> None:
    base = kw.CustomerBase(**{name: KINDS[kind](table) for name, table in shop.items()})
    assert len(base) == 300
    assert overview_of(base).to_arrow().equals(seen.to_arrow())


@pytest.mark.parametrize("threads", [0, 1, 2, 5])
def test_threads_do_not_matter(shop, seen, threads) -> None:
    base = kw.CustomerBase(**shop, threads=threads)
    assert overview_of(base, threads=threads).to_arrow().equals(seen.to_arrow())


def test_the_callers_own_kind_comes_back(shop) -> None:
    log = shop["transactions"]
    for table, kind in ((log.to_pandas(), pd.DataFrame), (log.to_polars(), pl.DataFrame), (log.to_arrow(), pa.Table)):
        base = kw.CustomerBase(transactions=table, rows="collect")
        for result in (overview_of(base), base.rejected, kw.classify_phases(base, as_of=AS_OF)):
            assert isinstance(result.to_frame(), kind)
        assert isinstance(base.summarize(unit="week", end=AS_OF).to_frame(), kind)


def test_the_summary_is_that_of_the_log(log) -> None:
    base = kw.CustomerBase(transactions=log)
    dates = {"unit": "week", "end": "1997-09-30", "holdout_end": "1998-06-30"}
    of_base, of_log = base.summarize(**dates), kw.summarize(log, **dates)
    assert of_base.columns == of_log.columns
    for name in of_log.columns:
        assert of_base[name].tobytes() == of_log[name].tobytes()


def test_other_names(shop) -> None:
    contracts = shop["contracts"].to_pandas()
    spelled = contracts.rename(
        columns={"customer_id": "Kunden-Nr.", "start": "Vertragsbeginn", "end": "Vertragsende", "period": "Zahlweise"}
    )
    expected = overview_of(kw.CustomerBase(contracts=contracts)).to_arrow()
    assert overview_of(kw.CustomerBase(contracts=spelled)).to_arrow().equals(expected)
    odd = contracts.rename(columns={"start": "x1", "end": "x2"})
    columns = {"contracts": {"start": "x1", "end": "x2"}}
    assert overview_of(kw.CustomerBase(contracts=odd, columns=columns)).to_arrow().equals(expected)
    # A field that is not to be read.
    free = kw.CustomerBase(contracts=contracts, columns={"contracts": {"recurring_amount": ""}})
    assert overview_of(free).headline.revenue is None


def test_columns_that_are_no_fields_are_left_alone() -> None:
    table = {"customer_id": [1], "date": [datetime.date(2024, 1, 1)], "note": [object()], 7: [1]}
    assert len(kw.CustomerBase(transactions=table)) == 1
    assert len(kw.CustomerBase(transactions=pd.DataFrame(table))) == 1


def test_reports() -> None:
    base = kw.CustomerBase(
        customers={"customer_id": ["a", "b", "b"], "created": ["2024-01-01", None, None]},
        transactions={"customer_id": ["a", None], "date": ["2024-01-05", "2023-12-01"], "amount": [5.0, 1.0]},
    )
    assert list(base.reports) == ["customers", "transactions"]
    report = base.reports["customers"]
    assert (report.rows_read, report.rows_taken, report.rejected_rows) == (3, 2, 0)
    assert [(w.code, w.count) for w in report.warnings] == [("duplicate_ignored", 1)]
    log = base.reports["transactions"]
    assert (log.rows_read, log.rows_taken) == (2, 1)
    assert [w.code for w in log.warnings] == ["anonymous"]
    assert log.last_day == datetime.date(2024, 1, 5)
    assert (base.currency, base.has_amounts, base.has_costs) == (None, True, False)
    assert base.ids.tolist() == ["a", "b"]
    assert "customers 2" in repr(base)
    assert "<table>" in base._repr_html_()


LOG = {"customer_id": [1, 1, 2], "date": ["2024-01-01", "2024-02-01", "2024-03-01"], "amount": [5.0, 6.0, 7.0]}
CONTRACTS = {"customer_id": [1, 2], "start": ["2024-01-01", "2024-02-01"], "end": [None, "2024-06-01"]}


def with_(table: dict[str, list[object]], **columns: list[object]) -> dict[str, list[object]]:
    return {**table, **columns}


MISTAKES = {
    "date": ({"transactions": with_(LOG, date=["2024-01-01", "no", "2024-03-01"])}, "date_invalid", "date", 1),
    "missing date": ({"transactions": with_(LOG, date=["2024-01-01", None, "2024-03-01"])}, "missing", "date", 1),
    "early date": ({"transactions": with_(LOG, date=["1724-01-01"] * 3)}, "date_range", "date", 0),
    "missing amount": ({"transactions": with_(LOG, amount=[1.0, 2.0, None])}, "missing", "amount", 2),
    "infinite amount": ({"transactions": with_(LOG, amount=[1.0, 2.0, float("inf")])}, "non_finite", "amount", 2),
    "currency": ({"transactions": with_(LOG, currency=["EUR", "EUR", "USD"])}, "currency_mismatch", "currency", 2),
    "unknown customer": (
        {"customers": {"customer_id": [1]}, "transactions": LOG},
        "unknown_customer",
        "transactions.customer_id",
        2,
    ),
    "twice": (
        {"customers": {"customer_id": [1, 2, 1], "created": ["2024-01-01", None, "2024-01-02"]}},
        "duplicate_id",
        "customers.customer_id",
        2,
    ),
    "end before start": (
        {"contracts": with_(CONTRACTS, end=[None, "2024-01-01"])},
        "date_order",
        "contracts.end",
        1,
    ),
    "code": ({"contracts": with_(CONTRACTS, period=["month", "moon"])}, "unknown_code", "contracts.period", 1),
    "negative": (
        {"contracts": with_(CONTRACTS, recurring_amount=[1.0, -1.0])},
        "sign",
        "contracts.recurring_amount",
        1,
    ),
    "answered before": (
        {"contacts": {"customer_id": [1], "date": ["2024-02-01"], "answered": ["2024-01-31"]}},
        "date_order",
        "contacts.answered",
        0,
    ),
    "satisfaction": (
        {"complaints": {"customer_id": [1], "opened": ["2024-02-01"], "satisfaction": [101.0]}},
        "domain",
        "complaints.satisfaction",
        0,
    ),
    "head": (
        {"costs": {"customer_id": [1], "date": ["2024-02-01"], "head": [None], "amount": [1.0]}},
        "missing",
        "costs.head",
        0,
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_name_table_column_and_row(name) -> None:
    tables, code, argument, row = MISTAKES[name]
    argument = argument if "." in argument else f"transactions.{argument}"
    with pytest.raises(kw.KundenwertError) as error:
        kw.CustomerBase(**tables)
    assert (error.value.code, error.value.argument, error.value.row) == (code, argument, row)


@pytest.mark.parametrize("name", [name for name in MISTAKES if name != "currency"])
def test_collected_mistakes(name) -> None:
    tables, code, argument, row = MISTAKES[name]
    table, _, column = argument.rpartition(".")
    base = kw.CustomerBase(**tables, rows="collect", rejected_limit=1.0)
    found = base.rejected.to_arrow().to_pylist()
    assert len(found) >= 1
    issue = next(issue for issue in found if issue["row"] == row)
    assert (issue["table"], issue["column"]) == (table or "transactions", column)
    # Text that is no date is read as one outside every range.
    assert issue["code"] in {code, "date_range"}
    assert issue["meaning"] == kw.codes.errors[issue["code"]].meaning
    assert base.reports[issue["table"]].rejected_rows == len(found)


def test_mistakes_in_the_callers_spelling() -> None:
    contracts = {"Kunde": [1], "Beginn": ["2024-01-01"], "Ende": ["2023-01-01"]}
    with pytest.raises(kw.KundenwertError) as error:
        kw.CustomerBase(contracts=contracts)
    assert (error.value.argument, error.value.row) == ("contracts.Ende", 0)
    base = kw.CustomerBase(contracts=contracts, rows="collect", rejected_limit=1.0)
    assert base.rejected.to_arrow()["column"].to_pylist() == ["Ende"]


@pytest.mark.parametrize(
    ("arguments", "code", "argument"),
    [
        ({}, "missing", "transactions"),
        ({"transactions": 5}, "wrong_type", "transactions"),
        ({"transactions": {"customer_id": [1]}}, "column_missing", "transactions.date"),
        ({"transactions": {"customer_id": [1], "date": []}}, "length_mismatch", "transactions.date"),
        ({"transactions": with_(LOG, date=[1.5, 2.5, 3.5])}, "wrong_type", "transactions.date"),
        ({"transactions": LOG, "columns": {"transactions": {"day": "date"}}}, "unknown_code", "transactions.day"),
        ({"transactions": LOG, "columns": {"transactions": {"date": "x"}}}, "column_missing", "transactions.date"),
        ({"transactions": LOG, "columns": {"costs": {"date": "x"}}}, "unknown_code", "columns"),
        ({"transactions": LOG, "returns": "some"}, "unknown_code", "returns"),
        ({"transactions": LOG, "rows": "some"}, "unknown_code", "rows"),
        ({"transactions": LOG, "load_date": "2024-01-15"}, "future_date", "transactions.date"),
        ({"transactions": with_(LOG, date=["x"] * 3), "rows": "collect"}, "rejected_share", "transactions"),
    ],
)
def test_what_is_refused(arguments, code, argument) -> None:
    with pytest.raises(kw.KundenwertError) as error:
        kw.CustomerBase(**arguments)
    assert (error.value.code, error.value.argument) == (code, argument)


def test_nothing_can_be_changed(shop) -> None:
    base = kw.CustomerBase(transactions=shop["transactions"])
    with pytest.raises(AttributeError):
        base.currency = "EUR"
    with pytest.raises(TypeError):
        base.reports["transactions"] = None
    with pytest.raises(ValueError, match="read-only"):
        base.ids[0] = 1


def test_progress_and_cancelling(shop) -> None:
    told: list[float] = []
    kw.CustomerBase(**shop, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1

    class StopError(Exception):
        pass

    def stop(_done: float) -> None:
        raise StopError

    with pytest.raises(StopError):
        kw.CustomerBase(**shop, progress=stop)
    with pytest.raises(StopError):
        overview_of(kw.CustomerBase(**shop), progress=stop)
