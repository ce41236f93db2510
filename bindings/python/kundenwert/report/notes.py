"""What a reader has to know before the numbers: what was not read, what is missing, what is unusual."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import kundenwert as kw
from kundenwert.report.data import TableRead
from kundenwert.report.reading import DataRead
from kundenwert.report.settings import ReportSettings
from kundenwert.report.truth import date_of

__all__ = ["notes_of"]

# After this many days without a row, customers look inactive because of the data.
_QUIET_DAYS = 31


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _said(where: str, text: str) -> str:
    """A sentence begins with a capital letter, the name of a file as it is written."""
    return f"{where}{text}" if where else text[0].upper() + text[1:]


def _of_columns(table: TableRead, where: str) -> Iterator[str]:
    if table.table == "transactions" and "amount" not in table.columns:
        yield _said(
            where,
            "no column is recognised as the amount, so nothing is said about the money of purchases; "
            f"the columns are {_quoted(table.there)}; name it with --amount-column.",
        )
    if table.table == "contracts" and "recurring_amount" not in table.columns:
        yield _said(
            where,
            "no column is recognised as the recurring amount, so contracts have no value; the columns are "
            f"{_quoted(table.there)}; name it with --column contracts.recurring_amount=NAME.",
        )
    if table.table == "customers" and "consent" not in table.columns:
        yield _said(
            where,
            "no column says whether promotion is allowed, so it is held back for nobody for want of consent; "
            "name it with --column customers.consent=NAME.",
        )
    unread = tuple(name for name in table.there if name not in set(table.columns.values()))
    if unread and where:
        yield f"{where}columns that were not read: {_quoted(unread)}; --column {table.table}.FIELD=NAME reads one."


def _of_time(read: DataRead, settings: ReportSettings) -> Iterator[str]:
    days = [t.last_day for t in read.tables if t.table not in {"customers", "contracts"} and t.last_day]
    last = max(days, default=None)
    if last is not None and settings.as_of - last > datetime.timedelta(days=_QUIET_DAYS):
        yield (
            f"The last row is of {last}, {(settings.as_of - last).days:,} days before the analysis date: customers "
            "look inactive since then."
        )
    bought = max((t.last_day for t in read.tables if t.table == "transactions" and t.last_day), default=None)
    if settings.holdout_end and bought and bought <= settings.as_of:
        yield f"There is no row in the hold-out; the last one is of {bought}."


def notes_of(read: DataRead, buyers: kw.Summary, settings: ReportSettings, others: tuple[str, ...]) -> tuple[str, ...]:
    """Sentences, the most important ones first.

    Parameters
    ----------
    read : DataRead
    buyers : Summary
    settings : ReportSettings
    others : tuple of str
        Files that were not read.
    """
    several = len(read.tables) > 1
    notes = []
    if several and not any(table.table == "transactions" for table in read.tables):
        notes.append("There are no transactions: what is said rests on contracts alone.")
    notes += [f"{t.file}: there are no rows below the header." for t in read.tables if several and t.rows_read == 0]
    if others:
        notes.append(f"Not read, as their names or endings say no table: {', '.join(others)}.")
    notes += _of_time(read, settings)
    for table in read.tables:
        where = f"{table.file}: " if several else ""
        notes += [_said(where, f"{w.meaning}: {w.count:,}.") for w in table.warnings if w.code != "anonymous"]
        notes += _of_columns(table, where)
    if buyers.report.customers_returns_only:
        notes.append(f"Customers whose returns cancel every purchase: {buyers.report.customers_returns_only:,}.")
    of = date_of(read.truth)
    if of is not None and of != settings.as_of:
        notes.append(f"The truth is of {of}, not of the analysis date: nothing is compared with it.")
    return tuple(notes)
