"""Results that are a table of the core: columns as arrays, and frames of the caller's kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kundenwert import _core
from kundenwert.frames import ArrowTable, FrameResult
from kundenwert.frozen import Frozen, read_only

__all__ = ["ResultTable"]


class ResultTable(Frozen, FrameResult):
    """A table of the core. ``result["name"]`` is a column as a read-only numpy array. Immutable."""

    __slots__ = ("_kind", "_rows")
    _rows: _core.Table
    _kind: str

    def __init__(self, **attributes: object) -> None:
        self._set(**attributes)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.to_arrow().column_names)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A column: nan or None where there is no value, dates as datetime64[D]."""
        table = self.to_arrow()
        if name not in table.column_names:
            raise KeyError(name)
        column = table[name]
        if pa.types.is_date(column.type):
            return read_only(np.asarray(column.cast(pa.int32()).to_numpy(), dtype="datetime64[D]"))
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            return read_only(np.array(column.to_pylist(), dtype=object))
        return read_only(np.array(column.to_numpy()))

    def _table(self) -> ArrowTable:
        return self._rows

    def _frame_kind(self) -> str:
        return self._kind

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError(f"a {type(self).__name__} is not pickled; keep its to_arrow()")

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        from kundenwert.notebook import number_table

        table = self.to_arrow().slice(0, _SHOWN)
        rows = [["" if cell is None else _cell(cell) for cell in row.values()] for row in table.to_pylist()]
        return number_table(self.columns, rows)


_SHOWN = 20


def _cell(value: object) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)
