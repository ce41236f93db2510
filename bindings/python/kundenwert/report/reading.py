"""From a file to a summary: columns and ways of writing recognised, bad rows explained with their lines."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import kundenwert as kw
from kundenwert import codes
from kundenwert.report.columns import ColumnChoice
from kundenwert.report.problem import ReportError
from kundenwert.report.settings import LogSettings, ReportSettings
from kundenwert.report.source import LogTable
from kundenwert.report.values import (
    AMOUNT_FORMS,
    AMOUNT_RIVALS,
    DATE_FORMS,
    DATE_RIVALS,
    Form,
    FormCounts,
    FormDoubtError,
    given_date_form,
    resolved_form,
)

__all__ = ["Log", "RejectedRow", "last_date", "read_log"]

Progress = Callable[[float], object]

_SHOWN_REJECTED = 5
_SHOWN_CHARACTERS = 40
_INTEGERS = frozenset(
    f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
)
_NUMBERS = _INTEGERS | {"DOUBLE", "FLOAT"}


@dataclass(frozen=True)
class RejectedRow:
    """A row that was left out: place ("line 17"), name of the column (empty: the whole row) and reason."""

    place: str
    column: str
    reason: str


@dataclass(frozen=True)
class Log:
    """A transaction log that was read.

    Attributes
    ----------
    file : str
    columns : ColumnChoice
        Names of the columns used, by role.
    there : tuple of str
        Names of all columns.
    date_form, amount_form : str
        How dates and amounts are written, for people; empty where the file has typed values.
    bad_lines : int
        Lines that were no rows.
    rejected : tuple of RejectedRow
        The first few that were left out.
    """

    file: str
    columns: ColumnChoice
    there: tuple[str, ...]
    date_form: str
    amount_form: str
    bad_lines: int
    rejected: tuple[RejectedRow, ...]


@dataclass(frozen=True)
class _Value:
    """SQL of a column, and how its texts are written (None: typed)."""

    sql: str
    form: Form | None = None


def _shortened(value: str) -> str:
    return value if len(value) <= _SHOWN_CHARACTERS else value[: _SHOWN_CHARACTERS - 3] + "..."


def _text(role: str) -> str:
    return f"nullif(trim(CAST({role} AS VARCHAR)), '')"


def _in_words(table: LogTable, role: str, sql: str, reason: str, settings: LogSettings) -> str:
    row = table.query(f"SELECT min(rowid) FROM log WHERE {sql}")[0][0]
    place = f"{table.places([row])[row]}, " if row is not None else ""
    value = f"'{_shortened(table.raw(row, role) or '')}' " if row is not None else ""
    return f"{settings.path}, {place}column '{table.columns.of(role)}': {value}{reason}"


def _form_of(
    table: LogTable, role: str, forms: Sequence[Form], rivals: Sequence[tuple[int, int]], settings: LogSettings
) -> Form:
    """The form of a column of text. With no filled value any form will do."""
    readings = [form.sql.replace("VALUE", _text(role)) for form in forms]
    fits = ", ".join(f"count(f{i})" for i in range(len(forms)))
    both = ", ".join(f"count(*) FILTER (f{i} IS NOT NULL AND f{j} IS NOT NULL)" for i, j in rivals)
    differ = ", ".join(f"count(*) FILTER (f{i} <> f{j})" for i, j in rivals)
    named = ", ".join(f"{sql} AS f{i}" for i, sql in enumerate(readings))
    # Each distinct text once: dates repeat.
    found = table.query(
        f"SELECT {fits}, {both}, {differ}, count(v) FROM "
        f"(SELECT v, {named} FROM (SELECT DISTINCT {_text(role)} AS v, {role} FROM log))"
    )[0]
    k, r = len(forms), len(rivals)
    counts = FormCounts(tuple(found[:k]), tuple(found[k : k + r]), tuple(found[k + r : k + 2 * r]))
    if found[-1] == 0:
        return forms[0]
    noun = "date" if role == "date" else "number"
    option = "--date-format, such as --date-format %d.%m.%Y" if role == "date" else "--amount-column another column"
    try:
        best = resolved_form(counts, rivals)
    except FormDoubtError as doubt:
        first, second = forms[doubt.first], forms[doubt.second]
        where = f"{readings[doubt.first]} <> {readings[doubt.second]}"
        reason = (
            f"can be read as {first.title} and as {second.title}, and the other values do not tell which; "
            f"say {first.option} or {second.option}"
        )
        raise ReportError(_in_words(table, role, where, reason, settings)) from doubt
    if best is None:
        reason = f"is not a {noun} in a form that is recognised; pass {option}"
        raise ReportError(_in_words(table, role, f"{_text(role)} IS NOT NULL", reason, settings))
    return forms[best]


def _customer_sql(table: LogTable, settings: LogSettings) -> str:
    """Whole numbers stay numbers, also as floats, which is what some programs make of a column with gaps."""
    kind = table.types["customer"]
    if kind in _INTEGERS and "HUGE" not in kind and kind != "UBIGINT":
        return "CAST(customer AS BIGINT)"
    if kind not in ("DOUBLE", "FLOAT"):
        return "CAST(customer AS VARCHAR)"
    whole = "CASE WHEN isfinite(customer) AND customer = trunc(customer) THEN TRY_CAST(customer AS BIGINT) END"
    fraction = f"customer IS NOT NULL AND NOT isnan(customer) AND {whole} IS NULL"
    if table.value(f"SELECT count(*) FROM log WHERE {fraction}"):
        raise ReportError(_in_words(table, "customer", fraction, "is not a whole number", settings))
    return whole


def _date_value(table: LogTable, settings: LogSettings) -> _Value:
    kind = table.types["date"]
    if kind == "DATE":
        return _Value("date")
    if kind.startswith("TIMESTAMP") and "WITH TIME ZONE" not in kind:
        return _Value("CAST(date AS DATE)")
    if kind != "VARCHAR" and kind not in _INTEGERS:
        name = table.columns.date
        reason = "has a time zone; write local days" if "TIME ZONE" in kind else f"is of type {kind}, no date"
        raise ReportError(f"{settings.path}, column '{name}': {reason}")
    form = (
        given_date_form(settings.date_format)
        if settings.date_format is not None
        else _form_of(table, "date", DATE_FORMS, DATE_RIVALS, settings)
    )
    return _Value(form.sql.replace("VALUE", _text("date")), form)


def _amount_value(table: LogTable, settings: LogSettings) -> _Value:
    kind = table.types["amount"]
    if kind.startswith("DECIMAL") or kind in _NUMBERS:
        return _Value("CAST(amount AS DOUBLE)" if kind.endswith("HUGEINT") else "amount")
    if kind != "VARCHAR":
        raise ReportError(f"{settings.path}, column '{table.columns.amount}': is of type {kind}, no number")
    if settings.decimal is not None:
        form = AMOUNT_FORMS[0 if settings.decimal == "point" else 1]
    else:
        form = _form_of(table, "amount", AMOUNT_FORMS, AMOUNT_RIVALS, settings)
    return _Value(form.sql.replace("VALUE", _text("amount")), form)


class _Reader:
    """One log on its way to an accumulator."""

    def __init__(self, table: LogTable, settings: LogSettings) -> None:
        self._table = table
        self._settings = settings
        self._customer = _customer_sql(table, settings)
        self._date = _date_value(table, settings)
        self._amount = _amount_value(table, settings) if table.columns.amount is not None else None

    @property
    def date_sql(self) -> str:
        return self._date.sql

    def rows(self) -> str:
        """SQL of the rows as an accumulator reads them, in the order of the file."""
        amount = f", {self._amount.sql} AS amount" if self._amount is not None else ""
        currency = f", {_text('currency')} AS currency" if self._table.columns.currency is not None else ""
        return f"SELECT {self._customer} AS customer_id, {self._date.sql} AS date{amount}{currency} FROM log"

    def reason(self, row: int, role: str, code: str, message: str) -> str:
        """Why a row is bad, with its value."""
        raw = self._table.raw(row, role)
        filled = raw is not None and raw.strip() != ""
        value = f"'{_shortened(raw)}'" if raw is not None and filled else "the value"
        if code == "missing" and filled:
            form = self._date.form if role == "date" else self._amount.form if self._amount else None
            if role == "date":
                return f"{value} is not a date" + (f" in the form {form.title}" if form else "")
            return f"{value} is not {form.title if form else 'a number'}"
        if code == "missing":
            return "the value is missing"
        return f"{value} {message}" if message else f"{value}: {codes.errors[code].meaning}"

    def log(self, rejected: Sequence[tuple[int, str, str]]) -> Log:
        """What was read. rejected: row, role, code."""
        table = self._table
        first = rejected[:_SHOWN_REJECTED]
        places = table.places([row for row, _, _ in first])
        rows = [
            (places[row], table.columns.of(role) or role, self.reason(row, role, code, "")) for row, role, code in first
        ]
        bad = [(f"line {line.line}", "", line.reason) for line in table.bad_lines[:_SHOWN_REJECTED]]
        listed = sorted([*bad, *rows], key=lambda entry: int(entry[0].split()[1]))[:_SHOWN_REJECTED]
        return Log(
            file=str(table.path),
            columns=table.columns,
            there=table.there,
            date_form=self._date.form.title if self._date.form else "",
            amount_form=self._amount.form.title if self._amount is not None and self._amount.form else "",
            bad_lines=len(table.bad_lines),
            rejected=tuple(RejectedRow(*entry) for entry in listed),
        )


_ROLE_OF = {"customer_id": "customer", "date": "date", "amount": "amount", "currency": "currency"}


def _explained(error: kw.KundenwertError, reader: _Reader, table: LogTable) -> ReportError:
    """An error of the core about a row, with file, line, column and value."""
    role = _ROLE_OF.get(error.argument)
    if error.row is None or role is None:
        column = f", column '{table.columns.of(role)}'" if role else f", {error.argument}" if error.argument else ""
        return ReportError(f"{table.path}{column}: {error.message}")
    place = table.places([error.row])[error.row]
    reason = reader.reason(error.row, role, error.code, error.message)
    return ReportError(f"{table.path}, {place}, column '{table.columns.of(role)}': {reason}")


def last_date(settings: LogSettings) -> datetime.date | None:
    """The latest date in a log, for a person who has to choose an analysis date."""
    with LogTable(settings) as table:
        found: datetime.date | None = table.value(f"SELECT max({_Reader(table, settings).date_sql}) FROM log")
        return found


def read_log(settings: LogSettings, wanted: ReportSettings, progress: Progress | None = None) -> tuple[Log, kw.Summary]:
    """Reads a log and summarizes it.

    Raises
    ------
    ReportError
        With file, line, column and reason for a bad row; with what to say for anything unclear.
    """
    with LogTable(settings, wanted.threads) as table:
        if table.bad_lines and not settings.collect:
            first = table.bad_lines[0]
            raise ReportError(f"{table.path}, line {first.line}: {first.reason}")
        if table.rows == 0:
            raise ReportError(f"{table.path}: there are no rows below the header")
        reader = _Reader(table, settings)
        log = kw.Accumulator(
            amount="amount" if table.columns.amount is not None else None,
            currency_column="currency" if table.columns.currency is not None else "",
            currency=settings.currency,
            returns=settings.returns,
            rows="collect" if settings.collect else "strict",
            rejected_limit=1.0,  # judged below, together with the lines that are no rows
            threads=wanted.threads,
            progress=progress,
        )
        try:
            log.add(table.relation(reader.rows()))
            summary = log.finish(unit=wanted.unit, end=wanted.end, start=wanted.start, holdout_end=wanted.holdout_end)
        except kw.KundenwertError as error:
            if "interrupted" in error.message.lower():  # Ctrl-C, as DuckDB tells it through its stream
                raise KeyboardInterrupt from error
            raise _explained(error, reader, table) from error
        rejected = [
            (int(row["row"]), _ROLE_OF[row["column"]], row["reason"]) for row in summary.rejected.to_arrow().to_pylist()
        ]
        read = reader.log(rejected)
        _require_few_rejected(read, len(rejected), table.rows, settings)
        _require_customers(read, summary)
        return read, summary


def _require_customers(log: Log, summary: kw.Summary) -> None:
    report = summary.report
    if len(summary) or report.customers_returns_only:
        return
    if report.first_day is None:
        raise ReportError(f"{log.file}: no row is a purchase of a known customer")
    raise ReportError(
        f"{log.file}: there is no row between {summary.start or 'the first one'} and {summary.end}; "
        f"the log goes from {report.first_day} to {report.last_day}"
    )


def _require_few_rejected(log: Log, rejected: int, rows: int, settings: LogSettings) -> None:
    bad = rejected + log.bad_lines
    share = bad / (rows + log.bad_lines)
    if share <= settings.rejected_limit:
        return
    lines = [f"{row.place}{f', column {row.column!r}' if row.column else ''}: {row.reason}" for row in log.rejected]
    raise ReportError(
        f"{log.file}: {bad} of {rows + log.bad_lines} rows are bad ({share:.1%}), more than the limit of "
        f"{settings.rejected_limit:.1%} (--rejected-limit); the first:\n  " + "\n  ".join(lines)
    )
