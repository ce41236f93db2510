"""Seeded data for the comparison, written once as Parquet: a transaction log and customers of a known BG/NBD."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CDNOW_BG_NBD = {"r": 0.2426, "alpha": 4.4135, "a": 0.7929, "b": 2.4258}  # per week


def write_log(path: Path, rows: int, seed: int = 1) -> None:
    """Five rows a customer in random order over 730 days, amounts in whole cents."""
    rng = np.random.default_rng(seed)
    table = pa.table(
        {
            "customer_id": rng.integers(0, rows // 5, rows),
            "date": pa.array((rng.integers(0, 730, rows) + 18_262).astype(np.int32), pa.date32()),
            "amount": np.round(rng.gamma(2.0, 15.0, rows), 2),
        }
    )
    pq.write_table(table, path)


def write_customers(path: Path, customers: int, seed: int = 2) -> None:
    """Customers of a BG/NBD on whole days, in weeks = days / 7, T uniform on 189 to 272 days."""
    rng = np.random.default_rng(seed)
    p = CDNOW_BG_NBD
    age = rng.integers(189, 273, customers).astype(float)
    rate = rng.gamma(p["r"], 1 / (p["alpha"] * 7), customers)
    dropout = rng.beta(p["a"], p["b"], customers)
    clock = np.zeros(customers)
    last = np.zeros(customers)
    frequency = np.zeros(customers)
    active = np.arange(customers)
    while active.size:
        with np.errstate(divide="ignore", over="ignore"):
            clock[active] += rng.exponential(1.0, active.size) / rate[active]
        active = active[clock[active] <= age[active]]
        day = np.floor(clock[active])
        new_day = day > last[active]
        frequency[active] += new_day
        last[active] = np.maximum(last[active], day)
        active = active[rng.random(active.size) >= dropout[active]]
    spend = np.where(frequency > 0, np.round(35 * rng.gamma(4.0, 0.25, customers), 2) + 0.01, 0.0)
    table = pa.table({"frequency": frequency, "recency": last / 7, "T": age / 7, "monetary_value": spend})
    pq.write_table(table, path)
