"""Tables and pages to files, whole or not at all: written beside the target and renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from kundenwert.report.problem import ReportError

__all__ = ["require_writable", "write_csv", "write_parquet", "write_text"]


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def require_writable(target: Path, sources: Sequence[Path]) -> None:
    """Raises ReportError, before any long work, where a target is one of the files read or cannot be written."""
    if target.is_dir():
        raise ReportError(f"{target}: is a folder; give the name of a file")
    if not target.parent.is_dir():
        raise ReportError(f"{target}: there is no folder {target.parent}")
    if target.exists() and any(target.samefile(source) for source in sources):
        raise ReportError(f"{target}: is one of the files that are read and would be overwritten")
    if not os.access(target.parent, os.W_OK):
        raise ReportError(f"{target}: the folder {target.parent} cannot be written to")


def _whole(target: Path, write: Callable[[Path], object]) -> None:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        os.close(handle)
        part = Path(name)
        try:
            write(part)
            # Of mkstemp, for the owner alone; as open() would have made it.
            mask = os.umask(0)
            os.umask(mask)
            part.chmod(0o666 & ~mask)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ReportError(f"{target}: cannot be written: {_reason(error)}") from error


def write_csv(table: pa.Table, target: Path) -> None:
    """UTF-8, comma, header; nulls are empty, lists are joined by blanks."""
    for i, field in enumerate(table.schema):
        if pa.types.is_list(field.type) or pa.types.is_large_list(field.type):
            # Only lists with small offsets can be joined.
            lists = table.column(i).cast(pa.list_(pa.string()))
            table = table.set_column(i, field.name, pc.binary_join(lists, " "))
        elif pa.types.is_dictionary(field.type):
            table = table.set_column(i, field.name, table.column(i).cast(field.type.value_type))
    options = pa_csv.WriteOptions(quoting_style="needed")
    _whole(target, lambda part: pa_csv.write_csv(table, part, options))


def write_parquet(table: pa.Table, target: Path) -> None:
    """With the metadata of the table."""
    _whole(target, lambda part: pq.write_table(table, part))


def write_text(text: str, target: Path) -> None:
    """UTF-8."""
    _whole(target, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))
