"""Customers that a model of each kind can be fitted to, drawn with a fixed seed."""

from __future__ import annotations

import kundenwert as kw
import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[np.float64]]


def purchases(rows: int, seed: int, *, shape: int = 1) -> Columns:
    """Purchases at rates that are gamma distributed, until a dropout after one of them; ``shape``: how regular."""
    random = np.random.default_rng(seed)
    age = random.uniform(30, 50, rows)
    columns = {name: np.zeros(rows) for name in ("frequency", "recency", "log_interval_sum")}
    rates = random.gamma(1.5, size=rows) / 5 * shape
    leaves = random.beta(0.8, 2.5, rows)
    for i in range(rows):
        at = 0.0
        while True:
            interval = random.gamma(shape) / rates[i]
            at += interval
            if at >= age[i]:
                break
            columns["frequency"][i] += 1
            columns["recency"][i] = at
            columns["log_interval_sum"][i] += np.log(interval)
            if random.uniform() < leaves[i]:
                break
    return {**columns, "T": age}


def opportunities(rows: int, seed: int) -> Columns:
    """Purchases at whole periods."""
    random = np.random.default_rng(seed)
    T = random.integers(6, 11, rows).astype(float)
    use, leave = random.beta(1.2, 0.75, rows), random.beta(0.66, 2.8, rows)
    frequency, recency = np.zeros(rows), np.zeros(rows)
    for i in range(rows):
        for period in range(1, int(T[i]) + 1):
            if random.uniform() < leave[i]:
                break
            if random.uniform() < use[i]:
                frequency[i] += 1
                recency[i] = period
    return {"frequency": frequency, "recency": recency, "T": T}


def contracts(rows: int, seed: int) -> Columns:
    """Renewals, watched for eight periods."""
    random = np.random.default_rng(seed)
    refused = random.geometric(random.beta(0.7, 1.2, rows)) - 1
    return {"tenure": np.minimum(refused, 8).astype(float), "ended": (refused < 8).astype(float)}


def spend(rows: int, seed: int) -> Columns:
    """Means of amounts that are gamma distributed."""
    random = np.random.default_rng(seed)
    frequency = random.poisson(2, rows).astype(float)
    scale = random.gamma(3.5, size=rows) / 20
    mean = random.gamma(4 * np.maximum(frequency, 1)) / scale / np.maximum(frequency, 1)
    total = random.gamma(4 * (frequency + 1)) / scale
    return {"frequency": frequency, "monetary_value": np.where(frequency > 0, mean, np.nan), "revenue": total}


def sample(info: kw.ModelInfo, rows: int = 400, seed: int = 5) -> Columns:
    """What a model can be fitted to."""
    if info.is_spend:
        return spend(rows, seed)
    if info.is_contractual:
        return contracts(rows, seed)
    if info.is_discrete:
        return opportunities(rows, seed)
    return purchases(rows, seed, shape=2 if info.reads_intervals else 1)
