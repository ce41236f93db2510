"""How the numbers were made, as tables: settings, models, tables read, rejected rows, warnings, rules, truth."""

from __future__ import annotations

from kundenwert.report.data import ModelLine, PageData
from kundenwert.report.labels import Words
from kundenwert.report.sections import TableView, table

__all__ = ["method"]


def _settings(data: PageData, words: Words) -> TableView:
    options, headline = data.options, data.headline
    rate = words.percent(headline.margin_rate)
    rows = [
        ("as_of", words.date(data.as_of)),
        ("start", words("setting.start_default") if options.start is None else words.date(options.start)),
        ("horizon", words.units(options.horizon, options.unit)),
        (
            "discount_rate",
            words(
                "setting.discount_rate_note",
                rate=words.short_percent(options.annual_discount_rate),
                units=words.units(options.units_per_year, options.unit),
            ),
        ),
        ("basis", words(f"basis_note.{headline.basis}", rate=rate)),
        (
            "costs",
            words(
                "setting.costs_note",
                service=words.percent(headline.service_cost_rate),
                care=words.percent(headline.care_cost_rate),
            ),
        ),
        *([("convention", words.label("convention", options.convention))] if options.convention else []),
        ("model", data.chosen_title or words("setting.no_model")),
        (
            "abc",
            words(
                "setting.abc_note",
                a=words.short_percent(options.abc_shares[0]),
                b=words.short_percent(options.abc_shares[1]),
                rule=words.label("rule", options.abc_rule),
            ),
        ),
        ("rfm", words.number(options.rfm_classes)),
        ("currency", data.currency or words("page.no_currency")),
        ("version", f"kundenwert {data.version}"),
    ]
    return table(
        words, words("caption.settings"), ["setting", "is"], [[words(f"setting.{name}"), text] for name, text in rows]
    )


def _verdict(line: ModelLine, data: PageData, words: Words) -> str:
    verdict = words.label("outcome", line.outcome)
    return f"{verdict}, {words('note.chosen')}" if line.name == data.chosen else verdict


def _models(data: PageData, words: Words) -> TableView | None:
    lines = [*data.models, *([data.spend] if data.spend else [])]
    if not lines:
        return None
    rows = [
        [
            line.title,
            ", ".join(f"{name} {words.plain(value)}" for name, value in line.parameters),
            words.number(line.log_likelihood, 2),
            words.number(line.aic, 2),
            _verdict(line, data, words),
        ]
        for line in lines
    ]
    columns = ["model", "parameters", "log_likelihood:number", "aic:number", "verdict"]
    return table(words, words("caption.models"), columns, rows)


def _tables(data: PageData, words: Words) -> TableView | None:
    if not data.tables:
        return None
    rows = [
        [
            words.label("table", line.table),
            line.file,
            words.number(line.rows_read),
            words.number(line.rows_taken),
            words.number(line.rows_rejected),
            words.date(line.first_day),
            words.date(line.last_day),
        ]
        for line in data.tables
    ]
    columns = ["table", "file:code", "rows_read:number", "rows_taken:number", "rows_rejected:number"]
    columns += ["first_day:number", "last_day:number"]
    return table(words, words("caption.tables"), columns, rows)


def _rejected(data: PageData, words: Words) -> TableView | None:
    if not data.rejected:
        return None
    every = sum(line.rows_rejected for line in data.tables)
    caption = words("caption.rejected", shown=words.number(len(data.rejected)), all=words.number(every))
    rows = [[line.file, line.place, line.column, words.label("error", line.code)] for line in data.rejected]
    return table(words, caption, ["file:code", "line:number", "column:code", "reason"], rows)


def _warnings(data: PageData, words: Words) -> TableView | None:
    rows = [
        [words.label("table", line.table), words.label("warning", code), words.number(count)]
        for line in data.tables
        for code, count in line.warnings
    ]
    return table(words, words("caption.warnings"), ["table", "note", "rows:number"], rows) if rows else None


def _parameters(data: PageData, words: Words) -> TableView | None:
    rows = [
        [name, words.plain(value), words.label("parameter", name)] for name, value in data.options.phases.items()
    ]
    columns = ["parameter:code", "is:number", "meaning"]
    return table(words, words("caption.parameters"), columns, rows) if rows else None


def _truth(data: PageData, words: Words) -> TableView | None:
    if not data.truth:
        return None
    rows = [[words.label("truth", line.name), words.percent(line.found)] for line in data.truth]
    return table(words, words("caption.truth"), ["setting", "is:number"], rows)


def method(data: PageData, words: Words) -> list[TableView]:
    """The tables that there are."""
    found = [
        _settings(data, words),
        _models(data, words),
        _tables(data, words),
        _rejected(data, words),
        _warnings(data, words),
        _truth(data, words),
        _parameters(data, words),
    ]
    return [view for view in found if view is not None]
