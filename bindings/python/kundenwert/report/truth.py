"""A simulated business against its truth: columns customer_id, state and remaining_value of truth.csv."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import kundenwert as kw
from kundenwert.report.data import TruthComparison

__all__ = ["date_of", "truth_of"]

_TOP_SHARE = 0.1


def date_of(truth: pa.Table | None) -> datetime.date | None:
    """The day the truth is of, where its column as_of says so."""
    if truth is None or "as_of" not in truth.column_names or not len(truth):
        return None
    found = truth["as_of"].cast(pa.string())[0].as_py()
    try:
        return datetime.date.fromisoformat(found)
    except (TypeError, ValueError):
        return None


def truth_of(truth: pa.Table | None, seen: pa.Table, as_of: datetime.date) -> TruthComparison | None:
    """Compares the table of an overview with the truth; None without one, or where it is of another day.

    Parameters
    ----------
    truth : pyarrow.Table or None
        As text or typed; columns that are not there are not compared.
    seen : pyarrow.Table
        One row per customer.
    as_of : date
        Of the overview.
    """
    if date_of(truth) not in {None, as_of}:
        return None
    if truth is None or not {"customer_id", "state"} <= set(truth.column_names):
        return None
    ids = truth["customer_id"].cast(pa.string()).combine_chunks()
    place = pc.index_in(seen["customer_id"].cast(pa.string()), value_set=ids)
    states = truth["state"].take(place).to_pylist()
    rows = list(zip(states, seen["phase"].to_pylist(), seen["kind"].to_pylist(), strict=True))
    rows = [row for row in rows if row[0] is not None and row[1] is not None]
    counts: dict[str, dict[str, int]] = {}
    for state, phase, _ in rows:
        counts.setdefault(state, {}).setdefault(phase, 0)
        counts[state][phase] += 1
    agreeing = sum(state == kind for state, _, kind in rows)

    correlation = hits = None
    valued = 0
    if "remaining_value" in truth.column_names:
        text = truth["remaining_value"].take(place).cast(pa.string())
        true = pc.if_else(pc.equal(text, ""), None, text).cast(pa.float64()).to_numpy()
        found = seen["lifetime_value"].to_numpy()
        both = ~np.isnan(true) & ~np.isnan(found)
        valued = int(np.count_nonzero(both))
        correlation = kw.rank_correlation(true[both], found[both])
        hits = kw.top_hits(true[both], found[both], share=_TOP_SHARE)
    return TruthComparison(
        states=counts,
        agreement=agreeing / len(rows) if rows else None,
        compared=len(rows),
        rank_correlation=None if correlation is None or math.isnan(correlation) else correlation,
        top_share=_TOP_SHARE,
        top_captured=None if hits is None or math.isnan(hits) else hits,
        valued=valued,
    )
