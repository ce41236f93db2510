"""Customers drawn from a model with a fixed seed."""

from __future__ import annotations

import numpy as np


def continuous_customers(rows):
    """Pareto/NBD in continuous time: no two customers are alike, the slow case of a fit."""
    random = np.random.default_rng(11)
    age = random.uniform(20, 40, rows)
    active = np.minimum(age, random.exponential(11 / random.gamma(0.6, size=rows)))
    frequency = random.poisson(random.gamma(0.55, size=rows) / 10.6 * active).astype(float)
    last = random.uniform(size=rows) ** (1 / np.maximum(frequency, 1))
    return {"frequency": frequency, "recency": np.where(frequency > 0, active * last, 0), "T": age}
