"""The parts of the page as words: tiles, plots, and tables of cells. Rows are chosen and ordered here; every number is
one of the core.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from kundenwert.overviews import Headline
from kundenwert.report.data import CustomerLine, ReportData
from kundenwert.report.groups import Group, counted
from kundenwert.report.labels import Words
from kundenwert.report.plots import draw_lorenz, draw_phases, draw_tracking, svg
from kundenwert.report.sentences import fitting, why_no_value

__all__ = [
    "Column",
    "Grid",
    "Plot",
    "TableView",
    "Tile",
    "abc",
    "actions",
    "complaints",
    "contracts",
    "first_day",
    "plots",
    "rfm",
    "risk",
    "signs",
    "suppressions",
    "tiles",
    "valuable",
]

_STEPS = 2  # of the recommended measures of a customer
Kind = Literal["text", "short", "number", "id", "code", "noted"]
_KINDS: Mapping[str, Kind] = {
    "": "text",
    "short": "short",
    "number": "number",
    "id": "id",
    "code": "code",
    "noted": "noted",
}
_LEVELS = 5  # shades of the grid


@dataclass(frozen=True)
class Tile:
    """A figure of the headline, with its unit; ``value`` None: ``note`` says why it is not available."""

    title: str
    value: str | None
    note: str
    is_alarming: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Column:
    """How the cells of a column are to be read."""

    title: str
    kind: Kind = "text"


@dataclass(frozen=True)
class TableView:
    """A table as words."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    is_grid: Literal[False] = False


@dataclass(frozen=True)
class Plot:
    """A plot; ``drawn`` empty: ``why`` says why there is none."""

    title: str
    drawn: str
    why: str = ""


@dataclass(frozen=True)
class Grid:
    """Counts by two scores, with the shade of each (0: nobody)."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, int], ...], str, str], ...]
    notes: tuple[str, ...]
    is_grid: Literal[True] = True


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def table(words: Words, caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]], **notes: Any) -> TableView:
    """A view of rows; a column is "name", or "name:kind"; money is a number with the currency in the head."""
    heads = []
    for column in columns:
        name, _, kind = column.partition(":")
        title = words(f"column.{name}")
        is_money = kind == "money"
        heads.append(
            Column(
                f"{title}, {words.currency}" if is_money and words.has_currency else title,
                _KINDS["number" if is_money else kind],
            )
        )
    return TableView(
        caption,
        tuple(heads),
        tuple((row[0] if heads[0].kind in ("id", "code") else _capital(row[0]), *row[1:]) for row in rows),
        **notes,
    )


def _equity_tile(data: ReportData, groups: Sequence[Group], words: Words) -> Tile:
    headline = data.overview.headline
    total = headline.customer_equity
    title = words("tile.equity")
    if not total.valued:
        return Tile(title, None, words("page.not_available", reason=why_no_value(groups, words)))
    facts = {
        "basis": words.label("basis", headline.basis),
        "horizon": words.units(data.settings.horizon, data.settings.unit),
    }
    if total.valued < total.customers:
        counts = {"valued": words.number(total.valued), "customers": words.number(total.customers)}
        return Tile(
            title, words.number(total.value), words("tile.equity_partial", **facts, **counts), unit=words.currency
        )
    return Tile(title, words.number(total.value), words("tile.equity_note", **facts), unit=words.currency)


def _risk_tile(headline: Headline, words: Words) -> Tile:
    total = headline.value_at_risk
    title = words("tile.risk")
    if not total.customers:
        return Tile(title, words.number(total.value), words("note.no_endangered"), unit=words.currency)
    note = words("tile.risk_note", customers=words.customers(total.customers))
    if total.valued:
        return Tile(title, words.number(total.value), note, is_alarming=True, unit=words.currency)
    return Tile(words("section.risk"), words.customers(total.customers), words("page.none"), is_alarming=True)


def _retention_tile(headline: Headline, words: Words) -> Tile:
    rate = headline.retention
    title = words("tile.retention")
    if rate.rate is None:
        return Tile(title, None, words("page.not_available", reason=words("why.no_customers_before")))
    note = words(
        "tile.retention_note",
        customers=words.customers(rate.at_start),
        start=words.date(rate.from_),
        low=words.percent(rate.lower),
        high=words.percent(rate.upper),
    )
    return Tile(title, words.percent(rate.rate), note)


def _concentration_tile(headline: Headline, words: Words) -> Tile:
    title = words("tile.concentration")
    share = headline.revenue_concentration.top_20_share
    if share is None:
        return Tile(title, None, words("page.not_available", reason=_why_no_revenue(headline, words)))
    return Tile(title, words.percent(share), words("tile.concentration_note", share=words.short_percent(0.2)))


def _why_no_revenue(headline: Headline, words: Words) -> str:
    return words("why.no_amounts" if headline.revenue is None else "why.no_positive_revenue")


def first_day(data: ReportData) -> datetime.date | None:
    """Begin of the observation: as it was given, else the first purchase or contract."""
    days = [line.first_day for line in data.tables if line.table in ("transactions", "contracts") and line.first_day]
    return data.settings.start or data.overview.options.start or min(days, default=None)


def _revenue_tile(data: ReportData, words: Words) -> Tile:
    headline = data.overview.headline
    title = words("tile.revenue")
    if headline.revenue is None:
        return Tile(title, None, words("page.not_available", reason=words("why.no_amounts")))
    first = first_day(data)
    note = words("tile.revenue_note", first=words.date(first), last=words.date(data.settings.as_of)) if first else ""
    return Tile(title, words.number(headline.revenue), note, unit=words.currency)


def tiles(data: ReportData, groups: Sequence[Group], words: Words) -> list[Tile]:
    """The six figures of the headline."""
    headline = data.overview.headline
    note = words("tile.current_note", potential=words.number(headline.potential), lost=words.number(headline.lost))
    return [
        Tile(words("tile.current"), words.number(headline.current), note),
        _equity_tile(data, groups, words),
        _risk_tile(headline, words),
        _retention_tile(headline, words),
        _concentration_tile(headline, words),
        _revenue_tile(data, words),
    ]


def _phase_plot(name: str, title: str, values: Mapping[str, float], words: Words, write: Callable[..., str]) -> Plot:
    said = ", ".join(f"{words.label('phase', phase)}: {write(value)}" for phase, value in values.items())
    draw = partial(draw_phases, values=values, words=words, write=write)
    return Plot(title, svg(draw, name, f"{title}. {said}"))


def _write_money(words: Words) -> Callable[[float], str]:
    return words.money if words.has_currency else words.number


def _value_plot(headline: Headline, words: Words) -> Plot:
    values = {phase: line.value for phase, line in headline.phases.items() if line.valued}
    if values:
        return _phase_plot("value", words("plot.value_by_phase"), values, words, _write_money(words))
    title = words("plot.revenue_by_phase")
    revenue = {p: line.revenue for p, line in headline.phases.items() if line.revenue is not None and line.customers}
    if not revenue:
        return Plot(title, "", words("page.not_available", reason=words("why.no_amounts")))
    return _phase_plot("value", title, revenue, words, _write_money(words))


def _lorenz_plot(data: ReportData, words: Words) -> Plot:
    headline = data.overview.headline
    title = words("plot.lorenz")
    if data.revenue_lorenz is None:
        return Plot(title, "", words("page.not_available", reason=_why_no_revenue(headline, words)))
    share = headline.revenue_concentration.top_20_share
    draw = partial(
        draw_lorenz, curve=data.revenue_lorenz, classes=headline.abc.classes, top_20_share=share, words=words
    )
    point = words("plot.lorenz_point", share=words.short_percent(0.2), value_share=words.percent(share))
    return Plot(title, svg(draw, "lorenz", f"{title}. {point}"))


def _tracking_plot(data: ReportData, words: Words) -> Plot:
    title = words("plot.tracking")
    tracking = data.tracking
    if tracking is None or len(tracking.days) < 2:
        return Plot(title, "", words("page.not_available", reason=words("why.no_tracking")))
    last = max((i for i, count in enumerate(tracking.actual) if count is not None), default=0)
    said = words(
        "plot.tracking_alt",
        date=words.date(tracking.days[last]),
        actual=words.number(tracking.actual[last]),
        expected=words.number(tracking.expected[last]),
    )
    return Plot(title, svg(partial(draw_tracking, tracking=tracking, words=words), "tracking", f"{title}. {said}"))


def plots(data: ReportData, words: Words) -> list[Plot]:
    """Customers and value by phase, concentration of revenue, actual against expected purchases."""
    headline = data.overview.headline
    title = words("plot.customers_by_phase")
    counts = {phase: float(line.customers) for phase, line in headline.phases.items() if line.customers}
    if counts:
        by_phase = _phase_plot("phases", title, counts, words, words.number)
    else:
        by_phase = Plot(title, "", words("page.not_available", reason=words("why.no_customers")))
    return [by_phase, _value_plot(headline, words), _lorenz_plot(data, words), _tracking_plot(data, words)]


def _next_step(line: CustomerLine, words: Words) -> str:
    steps = [words.label("measure", code) for code in fitting(line.measures, line.risks)[:_STEPS]]
    why = [words.label("suppression", code) for code in line.suppressions]
    if why:
        steps.append(words("note.suppressed", why=", ".join(why)))
    return "; ".join(steps)


def risk(data: ReportData, words: Words) -> TableView | None:
    """The endangered customers with the highest value."""
    if not data.endangered:
        return None
    best = data.endangered[: data.settings.top]
    every = data.overview.headline.value_at_risk.customers
    return table(
        words,
        words("caption.risk", shown=words.number(len(best)), all=words.number(every)),
        ["customer:id", "signs", "value:money", "last_purchase:number", "next_step"],
        [
            [
                line.customer_id,
                ", ".join(words.label("risk", code) for code in line.risks),
                words.number(line.lifetime_value, 2),
                words.date(line.last_purchase),
                _next_step(line, words),
            ]
            for line in best
        ],
    )


def signs(groups: Sequence[Group], words: Words) -> TableView | None:
    """How many customers show each sign of danger."""
    found = counted(groups, lambda g: g.risks)
    if not found:
        return None
    rows = [[words.label("risk", code), words.number(count)] for code, count in found]
    return table(words, words("caption.signs"), ["sign", "customers:number"], rows)


def valuable(data: ReportData, words: Words) -> TableView | None:
    """The most valuable customers."""
    if not data.top:
        return None
    columns: list[tuple[str, Callable[[CustomerLine], str]]] = [
        ("customer:id", lambda line: line.customer_id),
        ("phase", lambda line: words.label("phase", line.phase) if line.phase else ""),
        ("value:money", lambda line: words.number(line.lifetime_value, 2)),
        ("revenue:money", lambda line: words.number(line.revenue, 2)),
        ("purchases:number", lambda line: words.number(line.purchase_days)),
        ("last_purchase:number", lambda line: words.date(line.last_purchase)),
        ("expected:number", lambda line: words.number(line.expected_transactions, 1)),
        ("alive:number", lambda line: words.percent(line.probability_alive)),
        ("abc:short", lambda line: line.abc or ""),
        ("rfm:short", lambda line: line.rfm or ""),
    ]
    cells = [[write(line) for line in data.top] for _, write in columns]
    there = [i for i, column in enumerate(cells) if any(cell not in ("", words.number(None)) for cell in column)]
    by = "_".join(data.ranked_by.split())
    return table(
        words,
        words("caption.valuable", by=words(f"ranked_by.{by}")),
        [columns[i][0] for i in there],
        [[cells[i][row] for i in there] for row in range(len(data.top))],
    )


def _facts_of_phases(groups: Sequence[Group]) -> dict[str, Group]:
    """By phase: the group for whom the fewest measures are held back."""
    facts: dict[str, Group] = {}
    for group in groups:
        if group.phase not in facts or len(group.measures) > len(facts[group.phase].measures):
            facts[group.phase] = group
    return facts


def actions(data: ReportData, groups: Sequence[Group], words: Words) -> TableView | None:
    """What follows from each phase that somebody is in."""
    facts = _facts_of_phases(groups)
    rows = []
    for phase, line in data.overview.headline.phases.items():
        if phase not in facts:
            continue
        rows.append(
            [
                f"{words.label('phase', phase)}\n{words.label('phase_note', phase)}",
                words.number(line.customers),
                words.number(line.value if line.valued else None),
                words.label("task", facts[phase].task),
                words.label("goal", facts[phase].goal),
                ", ".join(words.label("measure", code) for code in facts[phase].measures),
            ]
        )
    columns = ["phase:noted", "customers:number", "value:money", "task", "goal", "measures"]
    return table(words, words("caption.actions"), columns, rows) if rows else None


def suppressions(groups: Sequence[Group], words: Words) -> TableView | None:
    """For how many customers promotion is held back, and why."""
    found = counted(groups, lambda g: g.suppressions)
    if not found:
        return None
    rows = [[words.label("suppression", code), words.number(count)] for code, count in found]
    return table(words, words("caption.suppressions"), ["reason", "customers:number"], rows)


def abc(data: ReportData, words: Words) -> TableView | None:
    """The classes by revenue."""
    classes = data.overview.headline.abc
    if classes.total is None:
        return None
    rows = [
        [
            name,
            words.number(line.customers),
            words.percent(line.share_of_customers),
            words.number(line.value, 2),
            words.percent(line.share_of_value),
            words.number(line.smallest_value, 2),
        ]
        for name, line in classes.classes.items()
    ]
    columns = ["class", "customers:number", "share_of_customers:number"]
    columns += ["revenue:money", "share_of_revenue:number", "from:money"]
    return table(words, words("caption.abc"), columns, rows)


def rfm(data: ReportData, words: Words) -> Grid | None:
    """Customers by recency and frequency."""
    grid = data.rfm
    if grid is None:
        return None
    largest = max((n for row in grid.counts for n in row), default=0)

    def shade(count: int) -> int:
        return -(-_LEVELS * count // largest) if largest else 0

    rows = [
        (
            f"R {r + 1}",
            tuple((words.number(n), shade(n)) for n in grid.counts[r]),
            words.number(sum(grid.counts[r])),
            words.number(grid.mean_revenue_by_r[r], 2),
        )
        for r in reversed(range(len(grid.counts)))
    ]
    unscored = (words("note.unscored", customers=words.customers(grid.unscored)),) if grid.unscored else ()
    columns = tuple(f"F {f + 1}" for f in range(len(grid.mean_revenue_by_f)))
    return Grid(words("caption.rfm"), columns, tuple(rows), unscored)


def _taken(data: ReportData, name: str) -> int:
    return sum(line.rows_taken for line in data.tables if line.table == name)


def contracts(data: ReportData, groups: Sequence[Group], words: Words) -> TableView | None:
    """What is known of contracts; None: there are none."""
    if not _taken(data, "contracts"):
        return None
    rate = data.overview.headline.contract_retention
    risks = dict(counted(groups, lambda g: g.risks))
    facts = [
        ("contract_customers", words.number(rate.at_start)),
        ("contract_retained", words.number(rate.retained)),
        ("regained", words.number(rate.regained)),
        ("contract_retention", words.percent(rate.rate)),
        ("contract_interval", f"{words.percent(rate.lower)} {words.number(None)} {words.percent(rate.upper)}"),
        ("annual_retention", words.percent(data.overview.headline.annual_retention_rate)),
    ]
    rows = [[words(f"fact.{name}", start=words.date(rate.from_)), text] for name, text in facts]
    rows += [
        [words.label("risk", code), words.number(risks.get(code, 0))]
        for code in ("cancellation_notice", "contract_expiring")
    ]
    notes = (words("note.contracts_counted"),)
    return table(words, words("caption.contracts"), ["figure", "number:number"], rows, notes=notes)


def complaints(data: ReportData, groups: Sequence[Group], words: Words) -> TableView | None:
    """What is known of complaints; None: there are none."""
    taken = _taken(data, "complaints")
    if not taken:
        return None
    risks = dict(counted(groups, lambda g: g.risks))
    held = dict(counted(groups, lambda g: g.suppressions))
    rows = [
        [words("fact.complaints_taken"), words.number(taken)],
        [words("fact.complaints_held"), words.number(held.get("open_complaint", 0))],
    ]
    rows += [
        [words.label("risk", code), words.number(risks.get(code, 0))]
        for code in ("open_complaint", "bad_complaint_outcome")
    ]
    return table(words, words("caption.complaints"), ["figure", "number:number"], rows)
