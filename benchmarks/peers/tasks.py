"""One task of one library in one process: `python tasks.py LIBRARY TASK DATA REPEATS`; prints seconds, one a line.

Reading the file and importing the library are not timed; everything a user has to call is.
"""

import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

HORIZON_MONTHS = 12
Task = Callable[[], Any]


def pandas_log(path: str) -> Any:
    import pandas as pd

    frame = pd.read_parquet(path)
    frame["date"] = pd.to_datetime(frame["date"])
    return frame


def pandas_summarize(path: str) -> Task:
    import pandas as pd

    log = pandas_log(path)
    end = pd.Timestamp(log["date"].max())

    def run() -> Any:
        days = log.groupby(["customer_id", "date"], sort=True, as_index=False)["amount"].sum()
        first = ~days["customer_id"].duplicated()
        repeats = days[~first].groupby("customer_id")["amount"].agg(["size", "mean"])
        span = days.groupby("customer_id")["date"].agg(["min", "max"])
        return pd.DataFrame(
            {
                "frequency": repeats["size"].reindex(span.index, fill_value=0),
                "recency": (span["max"] - span["min"]).dt.days / 7,
                "T": (end - span["min"]).dt.days / 7,
                "monetary_value": repeats["mean"].reindex(span.index),
            }
        )

    return run


def lifetimes_summarize(path: str) -> Task:
    from lifetimes.utils import summary_data_from_transaction_data

    log = pandas_log(path)
    return lambda: summary_data_from_transaction_data(log, "customer_id", "date", monetary_value_col="amount")


def polars_summarize(path: str) -> Task:
    import polars as pl

    log = pl.read_parquet(path)
    end = log["date"].max()

    def run() -> Any:
        days = log.lazy().group_by("customer_id", "date").agg(pl.col("amount").sum())
        customers = days.group_by("customer_id").agg(
            (pl.len() - 1).alias("frequency"),
            ((pl.col("date").max() - pl.col("date").min()).dt.total_days() / 7).alias("recency"),
            ((pl.lit(end) - pl.col("date").min()).dt.total_days() / 7).alias("T"),
            pl.col("amount").filter(pl.col("date") > pl.col("date").min()).mean().alias("monetary_value"),
        )
        return customers.sort("customer_id").collect()

    return run


def duckdb_summarize(path: str) -> Task:
    import duckdb

    con = duckdb.connect()
    con.execute("set threads = 2")
    con.execute(f"create table log as select * from read_parquet('{path}')")
    query = """
        with days as (select customer_id, date, sum(amount) as amount from log group by all),
        firsts as (select customer_id, min(date) as first, max(date) as last, count(*) - 1 as frequency
                   from days group by customer_id),
        repeats as (select d.customer_id, avg(d.amount) as monetary_value
                    from days d join firsts f on d.customer_id = f.customer_id and d.date > f.first group by all)
        select f.customer_id, frequency, (last - first) / 7 as recency,
               ((select max(date) from log) - first) / 7 as T, monetary_value
        from firsts f left join repeats r using (customer_id) order by f.customer_id
    """
    return lambda: con.execute(query).fetch_arrow_table()


def memory_floor_summarize(path: str) -> Task:
    """Copying the three columns once: no way of summarizing them touches less memory."""
    import numpy as np
    import pyarrow.parquet as pq

    columns = [np.array(column) for column in pq.read_table(path).columns]
    return lambda: [column.copy() for column in columns]


def kundenwert_summarize(path: str) -> Task:
    import kundenwert as kw
    import pyarrow.compute
    import pyarrow.parquet as pq

    log = pq.read_table(path)
    end = pyarrow.compute.max(log["date"]).as_py()
    return lambda: kw.summarize(log, unit="week", end=end, threads=2)


def customers_of(path: str) -> Any:
    import pandas as pd

    return pd.read_parquet(path)


def lifetimes_fit(path: str, fitter: str) -> Task:
    import lifetimes

    c = customers_of(path)
    return lambda: getattr(lifetimes, fitter)().fit(c["frequency"], c["recency"], c["T"])


def kundenwert_fit(path: str, model: str) -> Task:
    import kundenwert as kw

    c = {name: column.to_numpy() for name, column in customers_of(path).items()}
    return lambda: getattr(kw, model).fit(c, unit="week", threads=2)


def lifetimes_clv(path: str) -> Task:
    import lifetimes

    c = customers_of(path)
    bg = lifetimes.BetaGeoFitter()
    gg = lifetimes.GammaGammaFitter()
    sample = c.head(20_000)
    bg.fit(sample["frequency"], sample["recency"], sample["T"])
    repeat = sample[sample["frequency"] > 0]
    gg.fit(repeat["frequency"], repeat["monetary_value"])
    return lambda: gg.customer_lifetime_value(
        bg, c["frequency"], c["recency"], c["T"], c["monetary_value"], time=HORIZON_MONTHS, freq="W"
    )


def kundenwert_models(path: str) -> Any:
    import kundenwert as kw

    c = {name: column.to_numpy() for name, column in customers_of(path).items()}
    sample = {name: column[:20_000] for name, column in c.items()}
    return c, kw.BgNbd.fit(sample, unit="week"), kw.GammaGamma.fit(sample, unit="week")


def kundenwert_clv(path: str) -> Task:
    import kundenwert as kw

    c, bg, gg = kundenwert_models(path)
    return lambda: kw.lifetime_value(bg, gg, c, horizon=365.25 / 7, annual_discount_rate=0.1, threads=2)


def pymc_posterior(path: str) -> Task:
    """NUTS, four chains of 500 draws after 500 of tuning, on two cores."""
    from pymc_extras.prior import Prior
    from pymc_marketing import clv

    c = customers_of(path).drop(columns=["monetary_value"])
    c.insert(0, "customer_id", range(len(c)))
    wide = {name: Prior("LogNormal", mu=0, sigma=1.5) for name in ("r", "alpha", "a", "b")}
    model = clv.BetaGeoModel(c, model_config=wide)
    return lambda: model.fit(draws=500, tune=500, chains=4, cores=2, random_seed=1, progressbar=False)


def kundenwert_posterior(path: str) -> Task:
    import kundenwert as kw

    c = {name: column.to_numpy() for name, column in customers_of(path).items()}
    wide = {name: kw.LogNormal(0, 1.5) for name in ("r", "alpha", "a", "b")}
    return lambda: kw.BgNbd.fit(c, unit="week", priors=wide, threads=2).posterior(c, draws=2000, threads=2)


def lifetimes_predict(path: str) -> Task:
    import lifetimes

    c = customers_of(path)
    bg = lifetimes.BetaGeoFitter()
    sample = c.head(20_000)
    bg.fit(sample["frequency"], sample["recency"], sample["T"])
    return lambda: bg.conditional_expected_number_of_purchases_up_to_time(39, c["frequency"], c["recency"], c["T"])


def kundenwert_predict(path: str) -> Task:
    c, bg, _ = kundenwert_models(path)
    return lambda: bg.expected_transactions(c, 39, threads=2)


def task_of(library: str, task: str, path: str) -> Task:
    makers: dict[str, dict[str, Callable[[str], Task]]] = {
        "summarize": {
            "kundenwert": kundenwert_summarize,
            "memory floor": memory_floor_summarize,
            "pandas": pandas_summarize,
            "polars": polars_summarize,
            "duckdb": duckdb_summarize,
            "lifetimes": lifetimes_summarize,
        },
        "fit BG/NBD": {
            "kundenwert": lambda p: kundenwert_fit(p, "BgNbd"),
            "lifetimes": lambda p: lifetimes_fit(p, "BetaGeoFitter"),
        },
        "fit Pareto/NBD": {
            "kundenwert": lambda p: kundenwert_fit(p, "ParetoNbd"),
            "lifetimes": lambda p: lifetimes_fit(p, "ParetoNBDFitter"),
        },
        "expected transactions": {"kundenwert": kundenwert_predict, "lifetimes": lifetimes_predict},
        "lifetime value": {"kundenwert": kundenwert_clv, "lifetimes": lifetimes_clv},
        "posterior BG/NBD": {"kundenwert": kundenwert_posterior, "pymc-marketing": pymc_posterior},
    }
    return makers[task][library](path)


def main() -> None:
    library, task, path, repeats = sys.argv[1:5]
    warnings.simplefilter("ignore")
    run = task_of(library, task, path)
    for _ in range(int(repeats)):
        start = time.perf_counter()
        run()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
