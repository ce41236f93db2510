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
from kundenwert.tables import models

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
    _require_known(spelling, names)
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


def _require_known(spelling: Mapping[str, str], names: Sequence[str]) -> None:
    """A name that no model reads is a mistake, such as a mapping the wrong way round."""
    known = {_ID, *names, *(column for model in models() for column in model.columns), "log_interval_sum"}
    for name in spelling:
        if name not in known:
            message = f"has '{name}', which is no column of a model; it maps names of the models to those of the table"
            raise KundenwertError(message, code="unknown_code", argument="columns")


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
    """Covariates in the order of the customers: found by ids where they carry such; covariates alone row by row."""
    callers = [caller for _, caller in beside]
    native: Any = nw.to_native(covariates, pass_through=True)
    id_name = spelling.get(_ID, _ID)
    if id_name not in column_names(native):
        others = [name for name in column_names(native) if name not in callers]
        if others and customer_ids(customers, spelling) is not None:
            message = (
                f"have no {id_name} to find the customers by; is it {others[0]}? columns={{'{_ID}': '{others[0]}'}}"
            )
            raise KundenwertError(message, code="column_missing", argument="covariates")
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
