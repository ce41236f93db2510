"""The values of one file: how they are written recognised, bad rows explained with their lines."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from kundenwert import codes
from kundenwert.report.columns import option_for, recognized_columns
from kundenwert.report.problem import ReportError
from kundenwert.report.settings import ReadSettings
from kundenwert.report.source import TableFile, quoted
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
from kundenwert.tables import FieldInfo, fields

__all__ = ["TableReader", "Value", "open_table"]

_SHOWN_CHARACTERS = 40
_INTEGERS = frozenset(
    f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
)
_NUMBERS = _INTEGERS | {"DOUBLE", "FLOAT"}
_VERBS = ("is ", "has ", "must ", "was ", "does ")
# What stands for a text that cannot be read: the core refuses it, and `reason` says what is wrong.
_NO_DATE = "DATE '0001-01-01'"
_NO_NUMBER = "CAST('inf' AS DOUBLE)"


@dataclass(frozen=True)
class Value:
    """SQL of a column, and how its texts are written (None: typed)."""

    sql: str
    form: Form | None = None


def _shortened(value: str) -> str:
    return value if len(value) <= _SHOWN_CHARACTERS else value[: _SHOWN_CHARACTERS - 3] + "..."


def _text(field: str) -> str:
    return f"nullif(trim(CAST({quoted(field)} AS VARCHAR)), '')"


def open_table(table: str, settings: ReadSettings, threads: int | None = None) -> TableFile:
    """The file of a table, its columns recognised."""
    path = settings.files.tables[table]
    given = settings.columns.get(table, {})
    return TableFile(path, lambda there: recognized_columns(table, there, given, str(path)), settings.encoding, threads)


class TableReader:
    """One file on its way to the core.

    Parameters
    ----------
    table : str
        One of ``codes.tables``.
    file : TableFile
    settings : ReadSettings
    """

    def __init__(self, table: str, file: TableFile, settings: ReadSettings) -> None:
        self.table = table
        self.file = file
        self._settings = settings
        infos = [info for info in fields() if info.table == table and info.name in file.columns]
        self._infos = {info.name: info for info in infos}
        self._values: dict[str, Value] = {}
        for info in infos:
            self._values[info.name] = self._value(info)

    @property
    def has_text_ids(self) -> bool:
        """Whether the ids of customers are text here."""
        value = self._values.get("customer_id")
        return value is not None and value.sql.endswith("VARCHAR)")

    @property
    def forms(self) -> dict[str, str]:
        """How the values of columns of text are written, for people."""
        return {name: value.form.title for name, value in self._values.items() if value.form is not None}

    def rows(self, text_ids: bool) -> str:
        """SQL of the rows as the core reads them, in the order of the file; ids of customers as text where asked."""
        selected = []
        for name, value in self._values.items():
            is_customer = name in {"customer_id", "referred_by"}
            sql = f"CAST({value.sql} AS VARCHAR)" if text_ids and is_customer else value.sql
            selected.append(f"{sql} AS {quoted(name)}")
        return f"SELECT {', '.join(selected)} FROM data"

    def last_day(self) -> datetime.date | None:
        """The latest day something happened; None without one."""
        days = [name for name in ("date", "opened", "start") if name in self._values]
        if not days:
            return None
        sql = self._values[days[0]].sql
        found: datetime.date | None = self.file.value(f"SELECT max({sql}) FROM data")
        return found

    def reason(self, row: int, field: str, code: str, message: str = "") -> str:
        """Why a row is bad, with its value."""
        raw = self.file.raw(row, field) if field in self._values else None
        filled = raw is not None and raw.strip() != ""
        value = f"'{_shortened(raw)}'" if raw is not None and filled else "the value"
        if filled and self._is_unreadable(row, field):
            form = self._values[field].form
            title = form.title if form is not None else ""
            return f"{value} is not a date in the form {title}" if self._is_day(field) else f"{value} is not {title}"
        if code == "missing" and not filled:
            return "the value is missing"
        # The core may name the value itself, and tells a verb or what the matter is.
        told = message.removeprefix(f'"{(raw or "").strip()}" ') or codes.errors[code].meaning
        return f"{value} {told}" if told.startswith(_VERBS) else f"{value}: {told}"

    def code_of(self, row: int, field: str, code: str) -> str:
        """The code of a bad row; that of the core, but for text that cannot be read."""
        if not self._is_unreadable(row, field):
            return code
        return "date_invalid" if self._is_day(field) else "wrong_type"

    def explained(self, row: int | None, field: str, code: str, message: str) -> ReportError:
        """An error of the core, with file, line, column and value."""
        column = f", column '{self.file.columns[field]}'" if field in self.file.columns else ""
        if row is None:
            return ReportError(f"{self.file.path}{column}: {message}")
        place = self.file.places([row])[row]
        return ReportError(f"{self.file.path}, {place}{column}: {self.reason(row, field, code, message)}")

    def _is_day(self, field: str) -> bool:
        return self._infos[field].type == "day"

    def _is_unreadable(self, row: int, field: str) -> bool:
        value = self._values.get(field)
        if value is None or value.form is None:
            return False
        parsed = value.form.sql.replace("VALUE", _text(field))
        where = f"rowid = {int(row)} AND {_text(field)} IS NOT NULL AND {parsed} IS NULL"
        return bool(self.file.value(f"SELECT count(*) FROM data WHERE {where}"))

    def _in_words(self, field: str, where: str, reason: str) -> str:
        row = self.file.query(f"SELECT min(rowid) FROM data WHERE {where}")[0][0]
        place = f"{self.file.places([row])[row]}, " if row is not None else ""
        value = f"'{_shortened(self.file.raw(row, field) or '')}' " if row is not None else ""
        return f"{self.file.path}, {place}column '{self.file.columns[field]}': {value}{reason}"

    def _value(self, info: FieldInfo) -> Value:
        if info.type == "id":
            return Value(self._id_sql(info.name))
        if info.type == "day":
            return self._day_value(info.name)
        if info.type in {"money", "number"}:
            return self._number_value(info.name)
        if info.type == "code" and self.file.types[info.name] in _INTEGERS:
            return Value(quoted(info.name))
        return Value(_text(info.name))

    def _id_sql(self, field: str) -> str:
        """Whole numbers stay numbers, also as floats, which is what some programs make of a column with gaps."""
        kind, name = self.file.types[field], quoted(field)
        if kind in _INTEGERS and "HUGE" not in kind and kind != "UBIGINT":
            return f"CAST({name} AS BIGINT)"
        if kind not in ("DOUBLE", "FLOAT"):
            return f"CAST({name} AS VARCHAR)"
        whole = f"CASE WHEN isfinite({name}) AND {name} = trunc({name}) THEN TRY_CAST({name} AS BIGINT) END"
        fraction = f"{name} IS NOT NULL AND NOT isnan({name}) AND {whole} IS NULL"
        if self.file.value(f"SELECT count(*) FROM data WHERE {fraction}"):
            raise ReportError(self._in_words(field, fraction, "is not a whole number"))
        return whole

    def _day_value(self, field: str) -> Value:
        kind = self.file.types[field]
        if kind == "DATE":
            return Value(quoted(field))
        if kind.startswith("TIMESTAMP") and "WITH TIME ZONE" not in kind:
            return Value(f"CAST({quoted(field)} AS DATE)")
        if kind != "VARCHAR" and kind not in _INTEGERS:
            reason = "has a time zone; write local days" if "TIME ZONE" in kind else f"is of type {kind}, no date"
            raise ReportError(f"{self.file.path}, column '{self.file.columns[field]}': {reason}")
        given = self._settings.date_format
        form = given_date_form(given) if given is not None else self._form_of(field, DATE_FORMS, DATE_RIVALS, "date")
        return self._read(field, form, _NO_DATE)

    def _number_value(self, field: str) -> Value:
        kind = self.file.types[field]
        if kind.startswith("DECIMAL") or kind in _NUMBERS:
            return Value(f"CAST({quoted(field)} AS DOUBLE)" if kind.endswith("HUGEINT") else quoted(field))
        if kind != "VARCHAR":
            raise ReportError(f"{self.file.path}, column '{self.file.columns[field]}': is of type {kind}, no number")
        if self._settings.decimal is not None:
            form = AMOUNT_FORMS[0 if self._settings.decimal == "point" else 1]
        else:
            form = self._form_of(field, AMOUNT_FORMS, AMOUNT_RIVALS, "number")
        return self._read(field, form, _NO_NUMBER)

    def _read(self, field: str, form: Form, unreadable: str) -> Value:
        parsed = form.sql.replace("VALUE", _text(field))
        return Value(f"CASE WHEN {_text(field)} IS NOT NULL THEN coalesce({parsed}, {unreadable}) END", form)

    def _form_of(self, field: str, forms: Sequence[Form], rivals: Sequence[tuple[int, int]], noun: str) -> Form:
        """The form of a column of text. With no filled value any form will do."""
        text = _text(field)
        readings = [form.sql.replace("VALUE", text) for form in forms]
        fits = ", ".join(f"count(f{i})" for i in range(len(forms)))
        both = ", ".join(f"count(*) FILTER (f{i} IS NOT NULL AND f{j} IS NOT NULL)" for i, j in rivals)
        differ = ", ".join(f"count(*) FILTER (f{i} <> f{j})" for i, j in rivals)
        named = ", ".join(f"{sql} AS f{i}" for i, sql in enumerate(readings))
        # Each distinct text once: dates repeat.
        found = self.file.query(
            f"SELECT {fits}, {both}, {differ}, count(v) FROM "
            f"(SELECT v, {named} FROM (SELECT DISTINCT {text} AS v, {quoted(field)} FROM data))"
        )[0]
        k, r = len(forms), len(rivals)
        counts = FormCounts(tuple(found[:k]), tuple(found[k : k + r]), tuple(found[k + r : k + 2 * r]))
        if found[-1] == 0:
            return forms[0]
        try:
            best = resolved_form(counts, rivals)
        except FormDoubtError as doubt:
            first, second = forms[doubt.first], forms[doubt.second]
            # What the other columns of the file are written in is what this one is written in.
            settled = {value.form for value in self._values.values()} & {first, second}
            if len(settled) == 1:
                return next(form for form in settled if form is not None)
            where = f"{readings[doubt.first]} <> {readings[doubt.second]}"
            reason = (
                f"can be read as {first.title} and as {second.title}, and the other values do not tell which; "
                f"say {first.option} or {second.option}"
            )
            raise ReportError(self._in_words(field, where, reason)) from doubt
        known = [value.form for value in self._values.values() if value.form in forms]
        if best is None and known:
            return next(form for form in known if form is not None)
        if best is None:
            option = (
                "--date-format, such as --date-format %d.%m.%Y"
                if noun == "date"
                else f"another column: {option_for(self.table, field)}"
            )
            reason = f"is not a {noun} in a form that is recognised; pass {option}"
            raise ReportError(self._in_words(field, f"{text} IS NOT NULL", reason))
        return forms[best]
