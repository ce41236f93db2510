"""From files to a customer base: every file read, bad rows told with file, line, column and reason."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

import kundenwert as kw
from kundenwert.report.data import RejectedRow, TableRead
from kundenwert.report.problem import ReportError
from kundenwert.report.settings import ReadSettings
from kundenwert.report.source import TableFile
from kundenwert.report.table_reader import TableReader, open_table

__all__ = ["DataRead", "last_date", "read_base"]

Step = Callable[[str], Callable[[float], object]]

_SHOWN_REJECTED = 5


@dataclass(frozen=True)
class DataRead:
    """What was read.

    Attributes
    ----------
    base : CustomerBase
    tables : tuple of TableRead
    truth : pyarrow.Table or None
        As it is written: columns of text, or typed ones.
    """

    base: kw.CustomerBase
    tables: tuple[TableRead, ...]
    truth: pa.Table | None


def last_date(settings: ReadSettings) -> datetime.date | None:
    """The latest date in the data, for a person who has to choose an analysis date."""
    # Contracts may begin after today: their days count where there are no others.
    events = [table for table in settings.files.tables if table not in {"customers", "contracts"}] or ["contracts"]
    days = []
    for table in events:
        with open_table(table, settings) as file:
            days.append(TableReader(table, file, settings).last_day())
    return max((day for day in days if day is not None), default=None)


def _truth_of(path: Path | None) -> pa.Table | None:
    if path is None:
        return None
    with TableFile(path, lambda there: {name: name for name in there}) as file:
        return pa.table(file.relation("SELECT * FROM data"))


def _bad_line(reader: TableReader) -> None:
    if reader.file.bad_lines:
        first = reader.file.bad_lines[0]
        raise ReportError(f"{reader.file.path}, line {first.line}: {first.reason}")


def _rejected_by_table(base: kw.CustomerBase) -> dict[str, list[tuple[int, str, str]]]:
    out: dict[str, list[tuple[int, str, str]]] = {}
    for row in base.rejected.to_arrow().to_pylist():
        out.setdefault(row["table"], []).append((int(row["row"]), row["column"], row["code"]))
    return out


def _table_read(reader: TableReader, base: kw.CustomerBase, rejected: Sequence[tuple[int, str, str]]) -> TableRead:
    file = reader.file
    # A table without rows leaves no report.
    report = base.reports.get(reader.table, kw.TableReport(reader.table, 0, 0, 0, None, None, ()))
    name = str(file.path)
    first = rejected[:_SHOWN_REJECTED]
    places = file.places([row for row, _, _ in first])
    listed = [
        RejectedRow(
            name,
            places[row],
            file.columns.get(field, field),
            reader.code_of(row, field, code),
            reader.reason(row, field, code),
        )
        for row, field, code in first
    ]
    bad = [RejectedRow(name, f"line {line.line}", "", "", line.reason) for line in file.bad_lines[:_SHOWN_REJECTED]]
    together = sorted([*bad, *listed], key=lambda row: int(row.place.split()[1]))
    return TableRead(
        table=reader.table,
        file=name,
        there=file.there,
        columns=dict(file.columns),
        forms=reader.forms,
        rows_read=report.rows_read + len(file.bad_lines),
        rows_taken=report.rows_taken,
        bad_lines=len(file.bad_lines),
        rejected_rows=len(rejected) + len(file.bad_lines),
        rejected=tuple(together[:_SHOWN_REJECTED]),
        warnings=report.warnings,
        first_day=report.first_day,
        last_day=report.last_day,
    )


def _require_few_rejected(read: TableRead, limit: float) -> None:
    if read.rejected_rows <= limit * read.rows_read:
        return
    lines = [f"{row.place}{f', column {row.column!r}' if row.column else ''}: {row.reason}" for row in read.rejected]
    raise ReportError(
        f"{read.file}: {read.rejected_rows} of {read.rows_read} rows are bad "
        f"({read.rejected_rows / read.rows_read:.1%}), more than the limit of {limit:.1%} (--rejected-limit); "
        "the first:\n  " + "\n  ".join(lines)
    )


def _explained(error: kw.KundenwertError, readers: Sequence[TableReader]) -> Exception:
    if "interrupted" in error.message.lower():  # Ctrl-C, as DuckDB tells it through its stream
        return KeyboardInterrupt()  # type: ignore[return-value]
    table, _, field = error.argument.partition(".")
    reader = next((reader for reader in readers if reader.table == table), None)
    if reader is None:
        return ReportError(str(error))
    return reader.explained(error.row, field, error.code, error.message)


def read_base(settings: ReadSettings, threads: int | None, step: Step) -> DataRead:
    """Reads all files.

    Parameters
    ----------
    settings : ReadSettings
    threads : int or None
    step : callable
        Is told the title of each long step, and gives a callable that is told the share of it that is done.

    Raises
    ------
    ReportError
        With file, line, column and reason for a bad row; with what to say for anything unclear.
    """
    with contextlib.ExitStack() as files:
        readers = []
        for table, path in settings.files.tables.items():
            step(f"Reading {path.name}")
            file = files.enter_context(open_table(table, settings, threads))
            readers.append(TableReader(table, file, settings))
        if not settings.collect:
            for reader in readers:
                _bad_line(reader)
        for reader in readers:
            if reader.file.rows == 0 and reader.table in {"transactions", "contracts"} and len(readers) == 1:
                raise ReportError(f"{reader.file.path}: there are no rows below the header")
        text_ids = any(reader.has_text_ids for reader in readers)
        try:
            tables: dict[str, Any] = {reader.table: reader.file.relation(reader.rows(text_ids)) for reader in readers}
            base = kw.CustomerBase(
                **tables,
                currency=settings.currency,
                returns=settings.returns,
                rows="collect" if settings.collect else "strict",
                rejected_limit=1.0,  # judged below, together with the lines that are no rows
                threads=threads,
                progress=step("Putting customers together"),
            )
        except kw.KundenwertError as error:
            raise _explained(error, readers) from error
        rejected = _rejected_by_table(base)
        reads = tuple(_table_read(reader, base, rejected.get(reader.table, [])) for reader in readers)
        for read in reads:
            _require_few_rejected(read, settings.rejected_limit)
        return DataRead(base, reads, _truth_of(settings.files.truth))
