"""How the numbers were made, as tables: settings, models, tables read, rejected rows, warnings, rules, truth."""

from __future__ import annotations

import kundenwert as kw
from kundenwert.report.data import RejectedRow, ReportData
from kundenwert.report.labels import Words, labels
from kundenwert.report.sections import Column, TableView, first_day, table

__all__ = ["method"]

_REJECTED_SHOWN = 20


def _settings(data: ReportData, words: Words) -> TableView:
    asked, options, headline = data.settings, data.overview.options, data.overview.headline
    convention = asked.convention
    rate, mean = words.percent(headline.margin_rate), words.money(headline.mean_spend, 2)
    contract = f"{words.number(headline.valued_by_contract)} {words('value_basis.contract')}"
    purchases = f"{words.number(headline.valued_by_purchases)} {words('value_basis.purchases')}"
    rows = [
        ("source", data.source),
        ("as_of", words.date(asked.as_of)),
        (
            "start",
            words("setting.start_default", start=words.date(first_day(data)))
            if asked.start is None
            else words.date(asked.start),
        ),
        ("horizon", words.units(asked.horizon, asked.unit)),
        (
            "discount_rate",
            words(
                "setting.discount_rate_note",
                rate=words.short_percent(asked.annual_discount_rate),
                units=words.units(options.units_per_year, asked.unit),
            ),
        ),
        ("basis", words(f"basis_note.{headline.basis}", rate=rate)),
        ("valued", f"{contract}; {purchases}"),
        *([("spend", words(f"spend_basis.{headline.spend}", mean=mean))] if headline.spend else []),
        (
            "costs",
            words(
                "setting.costs_note",
                service=words.percent(headline.service_cost_rate),
                care=words.percent(headline.care_cost_rate),
            ),
        ),
        *([("convention", words.label("convention", convention))] if convention else []),
        ("model", data.overview.chosen.title if data.overview.chosen else words("setting.no_model")),
        (
            "abc",
            words(
                "setting.abc_note",
                a=words.short_percent(options.abc.a_share),
                b=words.short_percent(options.abc.b_share),
                rule=words.label("rule", options.abc.rule),
            ),
        ),
        ("rfm", words.number(options.rfm_classes)),
        ("currency", data.overview.currency or words("page.no_currency")),
        ("version", f"kundenwert {kw.__version__}"),
    ]
    return table(
        words, words("caption.settings"), ["setting", "is"], [[words(f"setting.{name}"), text] for name, text in rows]
    )


def _models(data: ReportData, words: Words) -> TableView | None:
    overview = data.overview
    models = [*overview.models, *([overview.spend] if overview.spend is not None else [])]
    if not models:
        return None
    rows = []
    for model in models:
        outcome = words.label("outcome", model.outcome) if model.outcome else words.number(None)
        is_used = model is overview.chosen or (model is overview.spend and model.outcome == "converged")
        rows.append(
            [
                model.title,
                ", ".join(f"{name} {words.plain(value)}" for name, value in model.params.items()),
                words.number(model.log_likelihood, 2),
                words.number(model.aic, 2),
                f"{outcome}, {words('note.chosen')}" if is_used else outcome,
            ]
        )
    columns = ["model", "parameters", "log_likelihood:number", "aic:number", "verdict"]
    return table(words, words("caption.models"), columns, rows)


def _tables(data: ReportData, words: Words) -> TableView | None:
    if not data.tables:
        return None
    rows = [
        [
            words.label("table", line.table),
            line.file,
            words.number(line.rows_read),
            words.number(line.rows_taken),
            words.number(line.rejected_rows),
            words.date(line.first_day),
            words.date(line.last_day),
        ]
        for line in data.tables
    ]
    columns = ["table", "file:code", "rows_read:number", "rows_taken:number", "rows_rejected:number"]
    columns += ["first_day:number", "last_day:number"]
    is_clean = not data.notes and not any(line.rejected_rows or line.warnings for line in data.tables)
    notes = (words("note.warning_free"),) if is_clean else ()
    return table(words, words("caption.tables"), columns, rows, notes=notes)


def _rejected(data: ReportData, words: Words) -> TableView | None:
    rejected = [row for line in data.tables for row in line.rejected][:_REJECTED_SHOWN]
    if not rejected:
        return None
    every = sum(line.rejected_rows for line in data.tables)
    caption = words("caption.rejected", shown=words.number(len(rejected)), all=words.number(every))

    def why(row: RejectedRow) -> str:
        return row.reason if words.language == "en" or not row.code else words.label("error", row.code)

    def place(row: RejectedRow) -> str:
        what, _, number = row.place.partition(" ")
        return words(f"place.{what}", number=number)

    rows = [[row.file, place(row), row.column, why(row)] for row in rejected]
    return table(words, caption, ["file:code", "place", "column:code", "reason"], rows)


def _warnings(data: ReportData, words: Words) -> TableView | None:
    rows = [
        [words.label("table", line.table), words.label("warning", warning.code), words.number(warning.count)]
        for line in data.tables
        for warning in line.warnings
    ]
    return table(words, words("caption.warnings"), ["table", "note", "rows:number"], rows) if rows else None


def _parameters(data: ReportData, words: Words) -> TableView | None:
    rows = [
        [name, words.plain(value), words.label("parameter", name)]
        for name, value in data.overview.options.phases.items()
    ]
    columns = ["parameter:code", "is:number", "meaning"]
    return table(words, words("caption.parameters"), columns, rows) if rows else None


def _truth(data: ReportData, words: Words) -> list[TableView]:
    truth = data.truth
    if truth is None:
        return []
    counts = {"compared": words.customers(truth.compared), "valued": words.customers(truth.valued)}
    facts = [
        [words("truth.agreement", **counts), words.percent(truth.agreement)],
        [words("truth.rank_correlation", **counts), words.number(truth.rank_correlation, 3)],
        [words("truth.top_captured", top=words.short_percent(truth.top_share)), words.percent(truth.top_captured)],
    ]
    known = labels()
    names = [
        words.label("kind", state) if f"kind.{state}" in known else state.replace("_", " ") for state in truth.states
    ]
    states = TableView(
        words("caption.states"),
        (Column(words("column.phase")), *(Column(words("column.truly", state=name), "number") for name in names)),
        tuple(
            (words.label("phase", phase), *(words.number(row.get(phase, 0)) for row in truth.states.values()))
            for phase in data.overview.headline.phases
            if any(phase in row for row in truth.states.values())
        ),
    )
    return [table(words, words("caption.truth"), ["figure", "number:number"], facts), states]


def method(data: ReportData, words: Words) -> list[TableView]:
    """The tables that there are."""
    found = [
        _settings(data, words),
        _models(data, words),
        _tables(data, words),
        _rejected(data, words),
        _warnings(data, words),
        *_truth(data, words),
        _parameters(data, words),
    ]
    return [view for view in found if view is not None]
