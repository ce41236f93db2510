"""Tables of every kind in as Arrow streams, and out as the caller's own kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import narwhals as nw
import pyarrow as pa

from kundenwert.errors import KundenwertError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = [
    "ArrowTable",
    "FrameResult",
    "column_names",
    "has_rows",
    "kind_of",
    "length_of",
    "stream_of",
    "stream_of_all",
    "table_of",
    "unit_of",
    "values_stream",
]

_UNIT = "kundenwert.unit"


@runtime_checkable
class ArrowTable(Protocol):
    """Anything that hands itself over through the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


def kind_of(data: object) -> str:
    """Kind of frame the caller works with: pandas, polars or pyarrow (for everything else)."""
    native = nw.to_native(data, pass_through=True)
    if nw.dependencies.is_pandas_dataframe(native):
        return "pandas"
    if nw.dependencies.is_polars_dataframe(native):
        return "polars"
    return "pyarrow"


def length_of(data: object) -> int:
    """Rows of a table where they are known without reading it, otherwise 0."""
    native = nw.to_native(data, pass_through=True)
    if isinstance(native, Mapping):
        first: Any = next(iter(native.values()), ())
        return len(first) if hasattr(first, "__len__") else 0
    return len(native) if hasattr(native, "__len__") and not nw.dependencies.is_duckdb_relation(native) else 0


def unit_of(data: object) -> str | None:
    """Unit of time that a table of this package still carries: an Arrow table in its schema, a pandas one in attrs."""
    native: Any = nw.to_native(data, pass_through=True)
    if nw.dependencies.is_pandas_dataframe(native):
        stated: str | None = native.attrs.get(_UNIT)
        return stated
    schema = getattr(native, "schema", None)
    found = (schema.metadata or {}).get(_UNIT.encode()) if isinstance(schema, pa.Schema) else None
    return found.decode() if found else None


def column_names(data: object) -> Sequence[str]:
    """Names of the columns of a table where they are known without reading it, otherwise none."""
    native: Any = nw.to_native(data, pass_through=True)
    if isinstance(native, Mapping):
        return [name for name in native if isinstance(name, str)]
    if isinstance(native, pa.Table | pa.RecordBatch):
        return list(native.schema.names)
    names = getattr(native, "columns", ())
    return [name for name in names if isinstance(name, str)]


def has_rows(data: object) -> bool:
    """Whether this is a table, as opposed to an iterable of tables."""
    native = nw.to_native(data, pass_through=True)
    return (
        isinstance(native, Mapping | ArrowTable)
        or nw.dependencies.is_pandas_dataframe(native)
        or hasattr(native, "__arrow_c_array__")
    )


def _array(values: Any, name: str) -> pa.Array | pa.ChunkedArray:
    """One column as Arrow has it; NaN stays NaN except from pandas, where it means null."""
    try:
        if nw.dependencies.is_pandas_series(values):
            return pa.Array.from_pandas(values)
        if isinstance(values, pa.Array | pa.ChunkedArray):
            return values
        if hasattr(values, "__arrow_c_stream__"):
            return pa.chunked_array(values)
        return pa.array(values)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise KundenwertError(f"is no column: {text}", code="wrong_type", argument=name) from error


def _table(columns: Mapping[str, Any]) -> pa.Table:
    arrays = {name: _array(values, name) for name, values in columns.items()}
    rows = {len(array) for array in arrays.values()}
    if len(rows) > 1:
        first = next(iter(arrays))
        name = next(name for name, array in arrays.items() if len(array) != len(arrays[first]))
        message = f"has {len(arrays[name])} rows where {first} has {len(arrays[first])}"
        raise KundenwertError(message, code="length_mismatch", argument=name)
    return pa.table(dict(arrays))


def _missing(name: str, names: Iterable[object]) -> KundenwertError:
    there = ", ".join(str(n) for n in names)
    return KundenwertError(f"is not in the table; its columns are: {there}", code="column_missing", argument=name)


def stream_of(data: object, columns: Sequence[str]) -> object:
    """Capsule of the columns of a table (or of more; the core picks).

    Parameters
    ----------
    data : mapping of arrays, pandas DataFrame, or anything with ``__arrow_c_stream__``
    columns : sequence of str
        Names that are needed.
    """
    native: Any = nw.to_native(data, pass_through=True)
    needed = list(dict.fromkeys(columns))
    if isinstance(native, Mapping):
        for name in needed:
            if name not in native:
                raise _missing(name, native)
        return _table({name: native[name] for name in needed}).__arrow_c_stream__()
    if nw.dependencies.is_pandas_dataframe(native):
        for name in needed:
            found = int((native.columns == name).sum())
            if found == 0:
                raise _missing(name, native.columns)
            if found > 1:
                message = "names several columns of the table"
                raise KundenwertError(message, code="column_missing", argument=name)
        return _table({name: native[name] for name in needed}).__arrow_c_stream__()
    if isinstance(native, pa.Table):
        there = set(native.column_names)
        known = [name for name in needed if name in there]
        # With a name missing or doubled the core says so.
        if len(known) == len(needed) and len(there) == native.num_columns:
            native = native.select(known)
        return native.__arrow_c_stream__()
    if isinstance(native, ArrowTable):
        return native.__arrow_c_stream__()
    if hasattr(native, "__arrow_c_array__"):
        return pa.Table.from_batches([pa.record_batch(native)]).__arrow_c_stream__()
    message = (
        f"is a {type(native).__name__}; give a frame (pandas, polars, pyarrow, a DuckDB relation or anything with "
        "__arrow_c_stream__) or a mapping of column names to arrays"
    )
    raise KundenwertError(message, code="wrong_type", argument="data")


def stream_of_all(data: object, is_wanted: Callable[[str], bool], name: str) -> object:
    """Capsule of the columns of a table whose names are wanted (or of more; the core picks).

    Parameters
    ----------
    data : mapping of arrays, pandas DataFrame, or anything with ``__arrow_c_stream__``
    is_wanted : callable
        Whether a column of that name can matter.
    name : str
        Of the table, for messages.
    """
    native: Any = nw.to_native(data, pass_through=True)
    if not has_rows(data):
        raise KundenwertError(f"is a {type(native).__name__}, no table", code="wrong_type", argument=name)
    wanted = [column for column in column_names(data) if is_wanted(column)]
    doubled = next((column for column in wanted if wanted.count(column) > 1), None)
    if doubled is not None:
        message = "names several columns of the table"
        raise KundenwertError(message, code="column_missing", argument=f"{name}.{doubled}")
    try:
        return stream_of(native, wanted)
    except KundenwertError as error:
        raise KundenwertError(error.message, code=error.code, argument=f"{name}.{error.argument}") from error


def values_stream(values: object, name: str) -> object:
    """Capsule of a table with this one column."""
    native: Any = nw.to_native(values, pass_through=True)
    return _table({name: native}).__arrow_c_stream__()


class _Capsule:
    def __init__(self, capsule: object) -> None:
        self._capsule = capsule

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._capsule


def table_of(capsule: object) -> pa.Table:
    """The table of a capsule, which is used up by it."""
    return pa.table(_Capsule(capsule))


class FrameResult:
    """What is a table: it exports itself to Arrow, and becomes a frame of the caller's kind."""

    __slots__ = ()

    def _table(self) -> ArrowTable:
        raise NotImplementedError

    def _frame_kind(self) -> str:
        return "pyarrow"

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._table().__arrow_c_stream__(requested_schema)

    def to_frame(self) -> Any:
        """A frame of the kind that was given.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame or pyarrow.Table
            The last where the input was none of the first two.
        """
        kind = self._frame_kind()
        return self.to_pandas() if kind == "pandas" else self.to_polars() if kind == "polars" else self.to_arrow()

    def to_arrow(self) -> pa.Table:
        """A pyarrow.Table that shares the memory of this result; the metadata are in its schema."""
        return pa.table(self._table())

    def to_pandas(self) -> pd.DataFrame:
        """A pandas.DataFrame; dates are datetime64, nulls of numbers are NaN."""
        table = self.to_arrow()
        frame: pd.DataFrame = table.to_pandas(date_as_object=False)
        unit = unit_of(table)
        if unit is not None:
            frame.attrs[_UNIT] = unit
        return frame

    def to_polars(self) -> pl.DataFrame:
        """A polars.DataFrame."""
        frame: pl.DataFrame = nw.from_arrow(self.to_arrow(), backend="polars").to_native()
        return frame
