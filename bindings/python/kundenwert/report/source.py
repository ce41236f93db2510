"""A file as a table of raw values, with the place of every row: CSV and Parquet, read by DuckDB.

All of a CSV is read as text, so that a bad value can be shown as it is written. DuckDB says which lines are no rows;
the line of a row is found only when it is asked for, by going through the file once more.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import gzip
import io
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import duckdb

from kundenwert.report.problem import ReportError

__all__ = ["BadLine", "TableFile", "quoted"]

_DELIMITERS = (",", ";", "\t", "|")
_PARQUET_MAGIC = b"PAR1"
_ZIP_MAGIC = b"PK\x03\x04"
_BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# DuckDB's names for what is wrong with a line, in our words.
_NOT_UTF8 = "the text is not UTF-8; if the file is from an old Windows program try --encoding latin-1"
_LINE_REASONS = {
    "MISSING COLUMNS": "the row has fewer columns than the header",
    "TOO MANY COLUMNS": "the row has more columns than the header",
    "UNQUOTED VALUE": "a quotation mark is not closed",
    "LINE SIZE OVER MAXIMUM": "the line is too long",
    "INVALID ENCODING": _NOT_UTF8,
    "INVALID UNICODE": _NOT_UTF8,  # DuckDB 1
}


@dataclass(frozen=True)
class BadLine:
    """A line of a CSV that is no row: its number, counted from 1, and why."""

    line: int
    reason: str


def _literal(text: object) -> str:
    """Text as SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def _file_literal(path: Path) -> str:
    """A path as SQL; DuckDB reads * ? [ as patterns that may fit other files."""
    return _literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def _first_words(error: duckdb.Error) -> str:
    """The first line of DuckDB's message without the kind of error."""
    line = str(error).strip().splitlines()[0]
    return line.partition(": ")[2] or line


def _first_bytes(path: Path) -> bytes:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        return file.read(1 << 20)


def _is_utf8(start: bytes) -> bool:
    """Whether signs beyond ASCII are there and are UTF-8, which Latin-1 text never is by chance."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return not start.isascii()


def _opened(path: Path, encoding: str) -> TextIO:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path, "rb"), encoding=encoding, errors="replace", newline="")
    return path.open(encoding=encoding, errors="replace", newline="")


def _codec_of(encoding: str) -> str:
    """Python's name of an encoding; with or without a byte order mark."""
    return "utf-8-sig" if encoding == "utf-8" else encoding


@dataclass(frozen=True)
class _Csv:
    """How a CSV is written."""

    path: Path
    names: tuple[str, ...]
    delimiter: str
    encoding: str

    @classmethod
    def recognized(cls, path: Path, given: str | None) -> _Csv:
        try:
            start = _first_bytes(path)
        except (EOFError, gzip.BadGzipFile) as error:
            raise ReportError(f"{path}: no gzip file: {error}") from error
        marks = [encoding for mark, encoding in _BYTE_ORDER_MARKS if start.startswith(mark)]
        encoding = given or (marks[0] if marks else "utf-8")
        if encoding == "latin-1" and _is_utf8(start):
            encoding = "utf-8"
        if encoding != "utf-16" and b"\0" in start:
            raise ReportError(f"{path}: this is no text file")
        try:
            with _opened(path, _codec_of(encoding)) as text:
                header = _header(text)
        except (EOFError, gzip.BadGzipFile) as error:
            raise ReportError(f"{path}: no gzip file: {error}") from error
        except csv.Error as error:
            raise ReportError(f"{path}, line 1: the header cannot be read: {error}") from error
        if header is None:
            raise ReportError(f"{path}: the file is empty")
        delimiter, names = header
        if not names:
            raise ReportError(f"{path}, line 1: the line is blank; it has to be the header")
        return cls(path, tuple(names), delimiter, encoding)

    def scan(self) -> str:
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(self.names)))
        return (
            f"read_csv({_file_literal(self.path)}, auto_detect = false, header = true, "
            f"delim = {_literal(self.delimiter)}, "
            f"quote = '\"', escape = '\"', columns = {{{columns}}}, encoding = {_literal(self.encoding)}, "
            "ignore_errors = true, store_rejects = true, rejects_limit = 0)"
        )

    def lines_of(self, rows: Sequence[int], bad: Sequence[BadLine]) -> dict[int, tuple[int, list[str]]]:
        """Line and fields of some rows: numbers of good rows from 0, in any order."""
        wanted = set(rows)
        skipped = {line.line for line in bad}
        found: dict[int, tuple[int, list[str]]] = {}
        # Cells that Python's reader takes for too long leave rows without a line.
        with _opened(self.path, _codec_of(self.encoding)) as text, contextlib.suppress(csv.Error):
            row = -1
            for line, fields in _records(text, self.delimiter):
                if line in skipped:
                    continue  # the header is row -1
                if row in wanted:
                    found[row] = (line, fields)
                    wanted.remove(row)
                    if not wanted:
                        break
                row += 1
        return found


def _header(text: TextIO) -> tuple[str, list[str]] | None:
    start = text.read(1 << 20)
    if not start.strip():
        return None
    read = [(d, _first_record(start, d)) for d in _DELIMITERS]
    return max(read, key=lambda pair: len(pair[1]))


def _first_record(start: str, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), [])


def _records(text: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line on which each record begins, and its fields; the header is a record too, blank lines are none."""
    reader = csv.reader(text, delimiter=delimiter)
    line = 1
    for fields in reader:
        if fields:
            yield line, fields
        line = reader.line_num + 1


class TableFile:
    """The columns of a file that matter, as raw values in the order of the file. A context manager.

    The table ``data`` has a column per field, and ``rowid``, the number of a row.

    Parameters
    ----------
    path : Path
    choose : callable
        Is told the names of all columns of the file and gives those that matter, by field.
    encoding : str or None
        Of a CSV; None: recognised.
    threads : int or None

    Attributes
    ----------
    path : Path
    there : tuple of str
        Names of all columns of the file.
    columns : mapping from field to name
        Those that matter.
    types : mapping from field to DuckDB's type
    rows : int
        Good rows.
    bad_lines : tuple of BadLine
        Lines of a CSV that are no rows.
    """

    def __init__(
        self,
        path: Path,
        choose: Callable[[Sequence[str]], Mapping[str, str]],
        encoding: str | None = None,
        threads: int | None = None,
    ) -> None:
        self.path = path
        _require_file(self.path)
        # A table that does not fit into memory goes here, and not into the folder the person is in.
        self._spill = tempfile.TemporaryDirectory(prefix="kundenwert-")
        config: dict[str, str | bool | int | float | list[str]] = {"temp_directory": self._spill.name}
        if threads is not None:
            config["threads"] = threads
        self._connection = duckdb.connect(config=config)
        try:
            self._csv = None if _is_parquet(self.path) else _Csv.recognized(path, encoding)
            self.there = self._csv.names if self._csv else self._parquet_names()
            self.columns = choose(self.there)
            self._load()
            self.types = self._types()
            self.bad_lines = self._bad_lines()
            self.rows = int(self.value("SELECT count(*) FROM data"))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> TableFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()
        self._spill.cleanup()

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query over the table ``data``, whose columns are the fields."""
        try:
            return self._connection.execute(sql).fetchall()
        except RuntimeError as error:
            raise _interrupt_or(error) from error

    def value(self, sql: str) -> Any:
        """The one value of a query."""
        return self.query(sql)[0][0]

    def relation(self, sql: str) -> duckdb.DuckDBPyRelation:
        """A query as a stream of Arrow batches, in the order of the file."""
        return self._connection.sql(sql)

    def places(self, rows: Sequence[int]) -> dict[int, str]:
        """Where rows are, for people: "line 17"; "row 17", counted from 1, where a file has no lines."""
        places = {row: f"row {row + 1}" for row in rows}
        if self._csv is None or not rows:
            return places
        field, name = next(iter(self.columns.items()))
        raw = dict(self.query(f"SELECT rowid, {quoted(field)} FROM data WHERE rowid IN ({', '.join(map(str, rows))})"))
        at = self._csv.names.index(name)
        for row, (line, fields) in self._csv.lines_of(rows, self.bad_lines).items():
            # Where the two readers disagree on the rows a line number would mislead.
            if at < len(fields) and fields[at] == (raw[row] or ""):
                places[row] = f"line {line}"
        return places

    def raw(self, row: int, field: str) -> str | None:
        """A value as it is written."""
        return self.value(f"SELECT CAST({quoted(field)} AS VARCHAR) FROM data WHERE rowid = {int(row)}")  # type: ignore[no-any-return]

    def _parquet_names(self) -> tuple[str, ...]:
        try:
            described = self.query(f"DESCRIBE SELECT * FROM read_parquet({_file_literal(self.path)})")
        except duckdb.Error as error:
            raise ReportError(f"{self.path}: no Parquet file that can be read: {_first_words(error)}") from error
        return tuple(line[0] for line in described)

    def _load(self) -> None:
        if self._csv is not None:
            names = {name: f"c{i}" for i, name in enumerate(self._csv.names)}
            scan = self._csv.scan()
        else:
            names = {name: quoted(name) for name in self.there}
            scan = f"read_parquet({_file_literal(self.path)})"
        selected = ", ".join(f"{names[name]} AS {quoted(field)}" for field, name in self.columns.items())
        try:
            self._connection.execute(f"CREATE TEMP TABLE data AS SELECT {selected} FROM {scan}")
        except RuntimeError as error:
            raise _interrupt_or(error) from error
        except duckdb.Error as error:
            text = str(error)
            reason = (
                "its lines end in different ways (some with \\r\\n, some with \\n)"
                if "state machine" in text
                else _first_words(error)
            )
            raise ReportError(f"{self.path}: the file cannot be read: {reason}") from error

    def _types(self) -> dict[str, str]:
        return {line[0]: str(line[1]) for line in self.query("DESCRIBE data")}

    def _bad_lines(self) -> tuple[BadLine, ...]:
        if self._csv is None:
            return ()
        lines = self.query("SELECT line, min(error_type) FROM reject_errors GROUP BY line ORDER BY line")
        return tuple(BadLine(int(line), _LINE_REASONS.get(str(kind), str(kind).lower())) for line, kind in lines)


def _interrupt_or(error: RuntimeError) -> BaseException:
    """DuckDB turns Ctrl-C into a RuntimeError."""
    return KeyboardInterrupt() if "interrupted" in str(error).lower() else error


def _require_file(path: Path) -> None:
    if path.is_dir():
        raise ReportError(f"{path}: is a folder; give one CSV or Parquet file")
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise ReportError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    if start == _ZIP_MAGIC:
        raise ReportError(f"{path}: this is a spreadsheet or zip file; save it as CSV first")
    if not start:
        raise ReportError(f"{path}: the file is empty")


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == _PARQUET_MAGIC
