"""The same bits from every kind of frame, cut and order; the same kind of frame back."""

from __future__ import annotations

import datetime

import duckdb
import kundenwert as kw
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

NEEDED = ["customer_id", "date", "amount"]


def summarized(log, **options):
    return kw.summarize(log, **{"unit": "week", "end": "1997-09-30", "holdout_end": "1998-06-30", **options})


def assert_same_bits(a, b):
    assert a.columns == b.columns
    for name in a.columns:
        left, right = a[name], b[name]
        assert left.dtype == right.dtype
        assert left.tobytes() == right.tobytes() if left.dtype != object else left.tolist() == right.tolist()


def dated(log):
    return log.assign(date=pd.to_datetime(log["date"]))


def arrow_dates(log):
    table = pa.Table.from_pandas(log[NEEDED], preserve_index=False)
    return table.set_column(1, "date", table["date"].cast(pa.date32()))


KINDS = {
    "pandas": lambda log: log,
    "pandas, object text": lambda log: log.assign(date=log["date"].astype(object)),
    "pandas, datetime64[ns]": lambda log: log.assign(date=pd.to_datetime(log["date"]).astype("datetime64[ns]")),
    "pandas, datetime64[s]": lambda log: log.assign(date=pd.to_datetime(log["date"]).astype("datetime64[s]")),
    "pandas, UTC": lambda log: log.assign(date=pd.to_datetime(log["date"]).dt.tz_localize("UTC")),
    "pandas, arrow types": lambda log: log.convert_dtypes(dtype_backend="pyarrow"),
    "pandas, categories": lambda log: log.assign(date=log["date"].astype("category")),
    "pandas, int32 ids": lambda log: log.assign(customer_id=log["customer_id"].astype(np.int32)),
    "pandas, index": lambda log: log.set_index(np.arange(len(log))[::-1]),
    "pandas, a column no one can read": lambda log: log.assign(junk=[object()] * len(log)),
    "polars": lambda log: pl.DataFrame(log[NEEDED].to_dict("list")),
    "polars, dates": lambda log: pl.DataFrame(log[NEEDED].to_dict("list")).with_columns(pl.col("date").str.to_date()),
    "narwhals": lambda log: nw.from_native(pl.DataFrame(log[NEEDED].to_dict("list"))),
    "pyarrow": arrow_dates,
    "pyarrow, chunks": lambda log: pa.concat_tables([arrow_dates(log.iloc[i::3]) for i in range(3)]),
    "pyarrow, batch": lambda log: arrow_dates(log).combine_chunks().to_batches()[0],
    "pyarrow, reader": lambda log: arrow_dates(log).to_reader(max_chunksize=1000),
    "pyarrow, large_utf8": lambda log: arrow_dates(log).set_column(1, "date", pa.array(log["date"], pa.large_utf8())),
    "pyarrow, string_view": lambda log: arrow_dates(log).set_column(1, "date", pa.array(log["date"], pa.string_view())),
    "pyarrow, decimals": lambda log: arrow_dates(log).set_column(
        2, "amount", pc.round(pa.array(log["amount"]), 2).cast(pa.decimal128(12, 2))
    ),
    "duckdb": lambda log: duckdb.from_df(log[NEEDED]).project("customer_id, date::date as date, amount"),
    "mapping of numpy": lambda log: {
        "customer_id": log["customer_id"].to_numpy(),
        "date": log["date"].to_numpy().astype("datetime64[D]"),
        "amount": log["amount"].to_numpy(),
    },
    "mapping of numpy, datetime64[ns]": lambda log: {
        **log[["customer_id", "amount"]].to_dict("series"),
        "date": log["date"].to_numpy().astype("datetime64[ns]"),
    },
    "mapping of lists": lambda log: log[NEEDED].to_dict("list"),
    "mapping of dates": lambda log: {
        **log[["customer_id", "amount"]].to_dict("list"),
        "date": [datetime.date.fromisoformat(d) for d in log["date"]],
    },
    "mapping of polars": lambda log: dict(pl.DataFrame(log[NEEDED].to_dict("list")).to_dict()),
    "strided": lambda log: {name: np.repeat(log[name].to_numpy(), 2)[::2] for name in NEEDED},
    "batches": lambda log: [log.iloc[i : i + 1000] for i in range(0, len(log), 1000)],
    "generator": lambda log: (log.iloc[i : i + 1000] for i in range(0, len(log), 1000)),
    "mixed batches": lambda log: [log.iloc[:3000], pl.DataFrame(log.iloc[3000:][NEEDED].to_dict("list"))],
    "an empty batch": lambda log: [log.iloc[:0], log],
    "shuffled": lambda log: log.sample(frac=1, random_state=np.random.default_rng(7)),
    "shuffled batches": lambda log: [
        log.sample(frac=1, random_state=np.random.default_rng(8)).iloc[i::9] for i in range(9)
    ],
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_gives_the_same_bits(log, customers, kind):
    assert_same_bits(summarized(KINDS[kind](log)), customers)


@pytest.mark.parametrize("threads", [0, 1, 2, 3, 8])
def test_threads_do_not_matter(log, customers, threads):
    assert_same_bits(summarized(log, threads=threads), customers)


def test_accumulator_in_parts(log, customers):
    shuffled = log.sample(frac=1, random_state=np.random.default_rng(9))
    parts = []
    for third in range(3):
        part = kw.Accumulator()
        rows = shuffled.iloc[third::3]
        for i in range(0, len(rows), 1000):
            part.add(rows.iloc[i : i + 1000])
        parts.append(part)
    whole, *others = parts
    for part in others:
        whole.merge(part)
    assert whole.report.rows_read == len(log)
    assert whole.memory_bytes > 0
    dates = {"unit": "week", "end": "1997-09-30", "holdout_end": "1998-06-30"}
    assert_same_bits(whole.finish(**dates), customers)
    # Asked again, with other dates.
    assert whole.finish(unit="day", end="1997-06-30").end == datetime.date(1997, 6, 30)
    assert_same_bits(whole.finish(**dates), customers)


@pytest.mark.parametrize(
    "end",
    [
        "1997-09-30",
        datetime.date(1997, 9, 30),
        datetime.datetime(1997, 9, 30, 23, 59),
        np.datetime64("1997-09-30"),
        np.datetime64("1997-09-30T12", "ns"),
        pd.Timestamp("1997-09-30"),
    ],
    ids=repr,
)
def test_dates_of_every_kind(log, customers, end):
    assert_same_bits(summarized(log, end=end), customers)


def test_text_ids(log, customers):
    named = log.assign(customer_id=[f"{i:05d}" for i in log["customer_id"]])
    out = summarized(named)
    assert out["customer_id"].tolist() == [f"{i:05d}" for i in customers["customer_id"]]
    assert out["frequency"].tobytes() == customers["frequency"].tobytes()
    assert out.to_polars()["customer_id"].dtype == pl.String


def test_column_names_and_formats_of_dates(log, customers):
    other = log.rename(columns={"customer_id": "who", "date": "when", "amount": "paid"})
    names = {"customer_id": "who", "date": "when", "amount": "paid"}
    assert_same_bits(summarized(other, **names), customers)
    compact = log.assign(date=log["date"].str.replace("-", ""))
    assert_same_bits(summarized(compact, date_format="compact"), customers)
    offset = log.assign(date=log["date"] + "T23:00:00-01:00")
    shifted = summarized(offset, date_format="timestamp", utc_offset=datetime.timedelta(hours=-1))
    assert_same_bits(shifted, customers)


def test_no_amounts(log, customers):
    out = summarized(log[["customer_id", "date"]], amount=None)
    assert "monetary_value" not in out.columns
    assert "revenue" not in out.columns
    assert out["recency"].tobytes() == customers["recency"].tobytes()


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda log: log, pd.DataFrame),
        (lambda log: pl.DataFrame(log[NEEDED].to_dict("list")), pl.DataFrame),
        (lambda log: nw.from_native(pl.DataFrame(log[NEEDED].to_dict("list"))), pl.DataFrame),
        (arrow_dates, pa.Table),
        (lambda log: duckdb.from_df(log[NEEDED]), pa.Table),
        (lambda log: log[NEEDED].to_dict("list"), pa.Table),
        (lambda log: [log.iloc[:10], log.iloc[10:]], pd.DataFrame),
    ],
)
def test_the_callers_own_kind_comes_back(log, make, kind):
    out = summarized(make(log))
    for result in (out, out.rejected, kw.classify_rfm(out)):
        assert isinstance(result.to_frame(), kind)
        assert isinstance(result.to_pandas(), pd.DataFrame)
        assert isinstance(result.to_polars(), pl.DataFrame)
        assert isinstance(result.to_arrow(), pa.Table)


def test_abc_of_a_column(customers):
    for make in (pd.Series, pl.Series, pa.array, list, np.asarray):
        result = kw.classify_abc(make(customers["revenue"]))
        assert result.classes.tolist() == kw.classify_abc(customers["revenue"]).classes.tolist()
    assert result.to_arrow().column_names == ["value", "abc_class", "reasons"]
    assert result.to_arrow()["abc_class"].to_pylist() == result.classes.tolist()


def test_summary_as_arrow(customers):
    table = pa.table(customers)
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert metadata["kundenwert.unit"] == "week"
    assert metadata["kundenwert.end"] == "1997-09-30"
    assert tuple(table.column_names) == customers.columns
    assert table.schema.field("first_purchase").type == pa.date32()
    assert table["monetary_value"].null_count == 2357 - 946
    with duckdb.connect() as connection:
        connection.register("customers_table", table)
        assert connection.sql("select sum(frequency) from customers_table").fetchall() == [(2457,)]
    assert pl.DataFrame(customers).height == 2357
    frame = customers.to_pandas()
    assert frame["first_purchase"].dtype.kind == "M"
    assert frame["acquired_before_start"].dtype == bool


MODEL_KINDS = {
    "pandas": lambda c: c.to_pandas(),
    "pandas, other index": lambda c: c.to_pandas().set_index("customer_id"),
    "polars": lambda c: c.to_polars(),
    "pyarrow": lambda c: c.to_arrow(),
    "pyarrow, chunks": lambda c: pa.concat_tables([c.to_arrow().slice(0, 1000), c.to_arrow().slice(1000)]),
    "pyarrow, float32 x": lambda c: c.to_arrow().set_column(1, "frequency", c.to_arrow()["frequency"].cast("float32")),
    "pyarrow, int64 x": lambda c: c.to_arrow().set_column(1, "frequency", c.to_arrow()["frequency"].cast("int64")),
    "mapping": lambda c: {name: c[name] for name in ("frequency", "recency", "T", "monetary_value")},
    "lists": lambda c: {name: c[name].tolist() for name in ("frequency", "recency", "T", "monetary_value")},
}


@pytest.mark.parametrize("kind", list(MODEL_KINDS))
def test_plain_columns_give_the_bits_of_the_summary(customers, bg_nbd, gamma_gamma, kind):
    plain = MODEL_KINDS[kind](customers)
    assert kw.BgNbd.fit(plain, unit="week") == bg_nbd
    assert kw.GammaGamma.fit(plain, unit="week") == gamma_gamma
    assert bg_nbd.probability_alive(plain).tobytes() == bg_nbd.probability_alive(customers).tobytes()
    options = {"horizon": 52, "annual_discount_rate": 0.1}
    value = kw.lifetime_value(bg_nbd, gamma_gamma, plain, **options)
    assert value.tobytes() == kw.lifetime_value(bg_nbd, gamma_gamma, customers, **options).tobytes()


def test_order_and_threads_do_not_matter_to_a_fit(customers, bg_nbd):
    rows = np.random.default_rng(5).permutation(len(customers))
    shuffled = {name: customers[name][rows] for name in ("frequency", "recency", "T")}
    for threads in (1, 2, 5):
        assert kw.BgNbd.fit(shuffled, unit="week", threads=threads) == bg_nbd


def test_names_of_plain_columns(customers, bg_nbd):
    renamed = {"x": customers["frequency"], "t_x": customers["recency"], "age": customers["T"]}
    columns = {"frequency": "x", "recency": "t_x", "T": "age"}
    assert kw.BgNbd.fit(renamed, unit="week", columns=columns) == bg_nbd
    assert bg_nbd.probability_alive(renamed, columns=columns).tobytes() == bg_nbd.probability_alive(customers).tobytes()


def test_from_columns(customers, bg_nbd):
    given = {name: customers[name] for name in ("frequency", "recency", "T", "monetary_value")}
    out = kw.Summary.from_columns(**given, unit="week")
    assert kw.BgNbd.fit(out) == bg_nbd
    assert (out.start, out.end, out.holdout_end, out.currency) == (None, None, None, None)
    assert out.columns == ("frequency", "recency", "T", "monetary_value")


def test_no_rows():
    empty = {"customer_id": pa.array([], "int64"), "date": pa.array([], pa.date32()), "amount": pa.array([], "float64")}
    assert len(kw.summarize(empty, unit="week", end="1997-09-30")) == 0
    assert kw.classify_abc([]).classes.shape == (0,)
    model = kw.BgNbd(r=1.0, alpha=1.0, a=1.0, b=1.0, unit="week")
    assert model.probability_alive({"frequency": [], "recency": [], "T": []}).shape == (0,)
