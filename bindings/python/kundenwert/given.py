"""Customers of a call about models, as the core takes them: with covariates of their own, or beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from kundenwert import _core
from kundenwert.errors import KundenwertError
from kundenwert.frames import column_names, stream_of, table_of, unit_of, values_stream
from kundenwert.summaries import Summary

__all__ = ["customer_ids", "given_customers", "given_weight"]

_ID = "customer_id"


def given_customers(
    customers: object,
    needed: Iterable[str],
    *,
    columns: Mapping[str, str] | None = None,
    unit: str | None = None,
    covariates: object = None,
    names: Sequence[str] = (),
) -> tuple[_core.Summary | _core.Columns, _core.Columns | None]:
    """A Summary or the needed columns of a table, and the covariates beside them where they are a table of their own.

    A table that carries a unit of time must carry ``unit``, that of the model, where recency or T are needed.
    """
    needed = tuple(needed)
    spelling = dict(columns or {})
    beside = [(name, spelling.get(name, name)) for name in names]
    if covariates is not None and not names:
        message = "are given, but there are no effects that say what they change"
        raise KundenwertError(message, code="unsupported", argument="covariates")
    if isinstance(customers, Summary):
        if not names:
            return customers._handle, None
        if covariates is None:
            message = f"are needed beside a summary: {', '.join(names)}"
            raise KundenwertError(message, code="column_missing", argument="covariates")
        return customers._handle, _aligned(customers, covariates, beside, spelling)
    stated = unit_of(customers) if "T" in needed else None
    if stated is not None and unit is not None and stated != unit:
        message = f"are in units of a {stated}, the model in units of a {unit}"
        raise KundenwertError(message, code="unit_mismatch", argument="customers")
    pairs = [(name, spelling.get(name, name)) for name in needed]
    own = beside if covariates is None else []
    stream = stream_of(customers, [caller for _, caller in [*pairs, *own]])
    given = _core.Columns(stream, pairs, own)
    if covariates is None:
        return given, None
    return given, _aligned(customers, covariates, beside, spelling)


def given_weight(weight: object) -> _core.Columns | None:
    """A column of weights."""
    return None if weight is None else _core.Columns(values_stream(weight, "weight"), [("value", "weight")])


def customer_ids(customers: object, spelling: Mapping[str, str] | None = None) -> pa.ChunkedArray | None:
    """The ids of customers where they have some."""
    if isinstance(customers, Summary):
        return pa.chunked_array([pa.array(customers[_ID])]) if _ID in customers.columns else None
    name = (spelling or {}).get(_ID, _ID)
    if name not in column_names(customers):
        return None
    return table_of(stream_of(customers, [name]))[name]


def _aligned(
    customers: object, covariates: object, beside: list[tuple[str, str]], spelling: Mapping[str, str]
) -> _core.Columns:
    """Covariates in the order of the customers: found by their ids where they carry such, otherwise row by row."""
    callers = [caller for _, caller in beside]
    native: Any = nw.to_native(covariates, pass_through=True)
    id_name = spelling.get(_ID, _ID)
    if id_name not in column_names(native):
        return _core.Columns(stream_of(native, callers), [], beside)
    ids = customer_ids(customers, spelling)
    if ids is None:
        message = "have ids, but the customers have none to find them by"
        raise KundenwertError(message, code="column_missing", argument="covariates")
    table = table_of(stream_of(native, [id_name, *callers]))
    there = table[id_name].combine_chunks()
    try:
        there = there.cast(ids.type)
    except pa.ArrowInvalid as error:
        message = f"are of another type than those of the customers: {error}"
        raise KundenwertError(message, code="wrong_type", argument=id_name) from error
    if len(pc.unique(there)) != len(there):
        counts = pc.value_counts(there)
        twice = next(c["values"] for c in counts.to_pylist() if c["counts"] > 1)
        message = f"occurs twice: {twice}"
        raise KundenwertError(message, code="duplicate_id", argument=id_name)
    places = pc.index_in(ids, value_set=there)
    if places.null_count:
        row = int(pc.index(pc.is_null(places), True).as_py())
        message = f"there are no covariates of customer {ids[row].as_py()}"
        raise KundenwertError(message, code="missing", argument="covariates", row=row)
    return _core.Columns(table.select(callers).take(places).__arrow_c_stream__(), [], beside)
