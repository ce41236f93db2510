"""The parts of the page as words: tiles, plots, and tables of cells. Rows are chosen and ordered here; every number is
one of the core.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from kundenwert.report.data import Headline, PageData, PhaseTotal
from kundenwert.report.labels import Words
from kundenwert.report.plots import draw_lorenz, draw_phases, draw_tracking, svg
from kundenwert.report.sentences import counted, why_no_value

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
    "plots",
    "rfm",
    "risk",
    "signs",
    "suppressions",
    "tiles",
    "valuable",
]

_SHOWN = 10
_LEVELS = 5  # shades of the grid


@dataclass(frozen=True)
class Tile:
    """A figure of the headline; ``value`` None: ``note`` says why it is not available."""

    title: str
    value: str | None
    note: str
    is_alarming: bool = False


@dataclass(frozen=True)
class Column:
    """How the cells of a column are to be read."""

    title: str
    kind: Literal["text", "number", "id", "code"] = "text"


@dataclass(frozen=True)
class TableView:
    """A table as words."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


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


def table(words: Words, caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]], **notes: Any) -> TableView:
    """A view of rows; a column is "name", or "name:kind"."""
    heads = [name.partition(":") for name in columns]
    return TableView(
        caption,
        tuple(Column(words(f"column.{name}"), kind or "text") for name, _, kind in heads),  # type: ignore[arg-type]
        tuple(tuple(row) for row in rows),
        **notes,
    )


def _equity_tile(data: PageData, words: Words) -> Tile:
    headline = data.headline
    total = headline.customer_equity
    title = words("tile.equity")
    if not total.valued:
        return Tile(title, None, words("page.not_available", reason=why_no_value(data, words)))
    facts = {
        "basis": words.label("basis", headline.basis),
        "horizon": words.units(data.options.horizon, data.options.unit),
    }
    if total.valued < total.customers:
        counts = {"valued": words.number(total.valued), "customers": words.number(total.customers)}
        return Tile(title, words.money(total.value), words("tile.equity_partial", **facts, **counts))
    return Tile(title, words.money(total.value), words("tile.equity_note", **facts))


def _risk_tile(headline: Headline, words: Words) -> Tile:
    total = headline.value_at_risk
    title = words("tile.risk")
    if not total.customers:
        return Tile(title, words.money(total.value), words("note.no_endangered"))
    note = words("tile.risk_note", customers=words.customers(total.customers))
    if total.valued:
        return Tile(title, words.money(total.value), note, is_alarming=True)
    return Tile(words("section.risk"), words.customers(total.customers), words("page.none"), is_alarming=True)


def _retention_tile(headline: Headline, words: Words) -> Tile:
    rate = headline.retention
    title = words("tile.retention")
    if rate.rate is None:
        return Tile(title, None, words("page.not_available", reason=words("why.no_customers_before")))
    note = words(
        "tile.retention_note",
        customers=words.customers(rate.customers),
        low=words.percent(rate.low),
        high=words.percent(rate.high),
    )
    return Tile(title, words.percent(rate.rate), note)


def _concentration_tile(headline: Headline, words: Words) -> Tile:
    title = words("tile.concentration")
    curve = headline.revenue_concentration
    if curve is None or curve.top_share_of_value is None:
        return Tile(title, None, words("page.not_available", reason=_why_no_revenue(headline, words)))
    note = words("tile.concentration_note", share=words.short_percent(curve.top_share))
    return Tile(title, words.percent(curve.top_share_of_value), note)


def _why_no_revenue(headline: Headline, words: Words) -> str:
    return words("why.no_amounts" if headline.revenue is None else "why.no_positive_revenue")


def _revenue_tile(data: PageData, words: Words) -> Tile:
    headline = data.headline
    title = words("tile.revenue")
    if headline.revenue is None:
        return Tile(title, None, words("page.not_available", reason=words("why.no_amounts")))
    first = pc.min(data.customers["first_purchase"]).as_py()
    last = pc.max(data.customers["last_purchase"]).as_py()
    note = words("tile.revenue_note", first=words.date(first), last=words.date(last)) if first and last else ""
    return Tile(title, words.money(headline.revenue), note)


def tiles(data: PageData, words: Words) -> list[Tile]:
    """The six figures of the headline."""
    headline = data.headline
    note = words(
        "tile.current_note", potential=words.number(headline.potential), lost=words.number(headline.lost)
    )
    return [
        Tile(words("tile.current"), words.number(headline.current), note),
        _equity_tile(data, words),
        _risk_tile(headline, words),
        _retention_tile(headline, words),
        _concentration_tile(headline, words),
        _revenue_tile(data, words),
    ]


def _phase_plot(
    name: str, title: str, phases: Sequence[PhaseTotal], values: Sequence[float], words: Words, write: Callable[..., str]
) -> Plot:
    said = ", ".join(
        f"{words.label('phase', line.phase)}: {write(value)}" for line, value in zip(phases, values, strict=True)
    )
    draw = partial(draw_phases, phases=phases, values=values, words=words, write=write)
    return Plot(title, svg(draw, name, f"{title}. {said}"))


def _value_plot(data: PageData, words: Words) -> Plot:
    headline = data.headline
    valued = [line for line in headline.phases if line.valued]
    if valued:
        title = words("plot.value_by_phase")
        values = [line.value for line in valued]
        return _phase_plot("value", title, valued, values, words, words.money)
    title = words("plot.revenue_by_phase")
    with_revenue = [line for line in headline.phases if line.revenue is not None and line.customers]
    if not with_revenue:
        return Plot(title, "", words("page.not_available", reason=words("why.no_amounts")))
    return _phase_plot("value", title, with_revenue, [line.revenue or 0 for line in with_revenue], words, words.money)


def _lorenz_plot(headline: Headline, words: Words) -> Plot:
    title = words("plot.lorenz")
    curve = headline.revenue_concentration
    if curve is None or curve.top_share_of_value is None:
        return Plot(title, "", words("page.not_available", reason=_why_no_revenue(headline, words)))
    point = words(
        "plot.lorenz_point",
        share=words.short_percent(curve.top_share),
        value_share=words.percent(curve.top_share_of_value),
    )
    draw = partial(draw_lorenz, curve=curve, classes=headline.abc, words=words)
    return Plot(title, svg(draw, "lorenz", f"{title}. {point}"))


def _tracking_plot(data: PageData, words: Words) -> Plot:
    title = words("plot.tracking")
    tracking = data.tracking
    if tracking is None or len(tracking.days) < 2:
        return Plot(title, "", words("page.not_available", reason=words("why.no_tracking")))
    said = words(
        "plot.tracking_alt",
        date=words.date(tracking.days[-1]),
        actual=words.number(tracking.actual[-1]),
        expected=words.number(tracking.expected[-1]),
    )
    return Plot(title, svg(partial(draw_tracking, tracking=tracking, words=words), "tracking", f"{title}. {said}"))


def plots(data: PageData, words: Words) -> list[Plot]:
    """Customers and value by phase, concentration of revenue, actual against expected purchases."""
    headline = data.headline
    title = words("plot.customers_by_phase")
    there = [line for line in headline.phases if line.customers]
    if there:
        counts = [float(line.customers) for line in there]
        by_phase = _phase_plot("phases", title, there, counts, words, words.number)
    else:
        by_phase = Plot(title, "", words("page.not_available", reason=words("why.no_customers")))
    return [by_phase, _value_plot(data, words), _lorenz_plot(headline, words), _tracking_plot(data, words)]


def _best(customers: pa.Table, by: str) -> list[dict[str, Any]]:
    """The first rows by a column, largest first; equal ones in the order of the table, those without a value last."""
    places = pa.array(range(len(customers)), pa.int64())
    order = pc.sort_indices(
        pa.table({"value": customers[by], "place": places}), [("value", "descending"), ("place", "ascending")]
    )
    found: list[dict[str, Any]] = customers.take(order[:_SHOWN]).to_pylist()
    return found


def _next_step(row: dict[str, Any], words: Words) -> str:
    steps = [words.label("measure", code) for code in row["measures"][:2]]
    why = [words.label("suppression", code) for code in row["suppressions"]]
    if why:
        steps.append(words("note.suppressed", why=", ".join(why)))
    return "; ".join(steps)


def risk(data: PageData, words: Words) -> TableView | None:
    """The endangered customers with the highest value."""
    endangered = data.customers.filter(pc.equal(data.customers["phase"], "endangered"))
    if not len(endangered):
        return None
    has_value = endangered["lifetime_value"].null_count < len(endangered)
    best = _best(endangered, "lifetime_value" if has_value else "revenue")
    caption = words("caption.risk", shown=words.number(len(best)), all=words.number(len(endangered)))
    return table(
        words,
        caption,
        ["customer:id", "signs", "value:number", "last_purchase:number", "next_step"],
        [
            [
                row["customer_id"],
                ", ".join(words.label("risk", code) for code in row["risks"]),
                words.number(row["lifetime_value"]),
                words.date(row["last_purchase"]),
                _next_step(row, words),
            ]
            for row in best
        ],
    )


def signs(data: PageData, words: Words) -> TableView | None:
    """How many customers show each sign of danger."""
    found = counted(data.customers["risks"].to_pylist())
    if not found:
        return None
    rows = [[words.label("risk", code), words.number(count)] for code, count in found]
    return table(words, words("caption.signs"), ["sign", "customers:number"], rows)


def valuable(data: PageData, words: Words) -> TableView | None:
    """The most valuable customers."""
    customers = data.customers
    if not len(customers):
        return None
    has_value = customers["lifetime_value"].null_count < len(customers)
    columns = [
        ("customer:id", lambda row: row["customer_id"]),
        ("phase", lambda row: words.label("phase", row["phase"]) if row["phase"] else ""),
        ("value:number", lambda row: words.number(row["lifetime_value"])),
        ("revenue:number", lambda row: words.number(row["revenue"])),
        ("purchases:number", lambda row: words.number(row["purchase_days"])),
        ("last_purchase:number", lambda row: words.date(row["last_purchase"])),
        ("expected:number", lambda row: words.number(row["expected_transactions"], 1)),
        ("alive:number", lambda row: words.percent(row["probability_alive"], 0)),
        ("abc", lambda row: (row["abc"] or "").upper()),
        ("rfm", lambda row: "-".join(str(row[f"{s}_score"]) for s in "rfm" if row[f"{s}_score"])),
    ]
    best = _best(customers, "lifetime_value" if has_value else "revenue")
    caption = words("caption.valuable" if has_value else "caption.valuable_by_revenue")
    cells = [[write(row) for row in best] for _, write in columns]
    there = [i for i, column in enumerate(cells) if any(cell not in ("", words.number(None)) for cell in column)]
    return table(
        words, caption, [columns[i][0] for i in there], [[cells[i][row] for i in there] for row in range(len(best))]
    )


def actions(data: PageData, words: Words) -> TableView:
    """What follows from each phase that somebody is in."""
    rows = [
        [
            f"{words.label('phase', line.phase)}: {words.label('phase_note', line.phase)}",
            words.number(line.customers),
            words.number(line.value if line.valued else None),
            words.label("task", line.task),
            words.label("goal", line.goal),
            ", ".join(words.label("measure", code) for code in line.measures),
        ]
        for line in data.headline.phases
        if line.customers
    ]
    columns = ["phase", "customers:number", "value:number", "task", "goal", "measures"]
    return table(words, words("caption.actions"), columns, rows)


def suppressions(data: PageData, words: Words) -> TableView | None:
    """For how many customers promotion is held back, and why."""
    found = counted(data.customers["suppressions"].to_pylist())
    if not found:
        return None
    rows = [[words.label("suppression", code), words.number(count)] for code, count in found]
    return table(words, words("caption.suppressions"), ["reason", "customers:number"], rows)


def abc(data: PageData, words: Words) -> TableView | None:
    """The classes by revenue."""
    if not data.headline.abc:
        return None
    rows = [
        [
            line.name.upper(),
            words.number(line.customers),
            words.percent(line.share_of_customers),
            words.money(line.value),
            words.percent(line.share_of_value),
            words.number(line.smallest_value, 2),
        ]
        for line in data.headline.abc
    ]
    columns = ["class", "customers:number", "share_of_customers:number"]
    columns += ["revenue:number", "share_of_revenue:number", "from:number"]
    return table(words, words("caption.abc"), columns, rows)


def rfm(data: PageData, words: Words) -> Grid | None:
    """Customers by recency and frequency."""
    grid = data.headline.rfm
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


def _taken(data: PageData, name: str) -> int:
    return sum(line.rows_taken for line in data.tables if line.table == name)


def contracts(data: PageData, words: Words) -> TableView | None:
    """What is known of contracts; None: there are none."""
    if not _taken(data, "contracts"):
        return None
    rate = data.headline.contract_retention
    risks = dict(counted(data.customers["risks"].to_pylist()))
    facts = [
        ("contract_customers", words.number(rate.customers)),
        ("contract_retained", words.number(rate.retained)),
        ("regained", words.number(rate.regained)),
        ("contract_retention", words.percent(rate.rate)),
        ("contract_interval", f"{words.percent(rate.low)} {words.number(None)} {words.percent(rate.high)}"),
        ("annual_retention", words.percent(data.headline.annual_retention_rate)),
    ]
    rows = [[words(f"fact.{name}"), text] for name, text in facts]
    rows += [
        [words.label("risk", code), words.number(risks.get(code, 0))]
        for code in ("cancellation_notice", "contract_expiring")
    ]
    notes = (words("note.contracts_counted"),)
    return table(words, words("caption.contracts"), ["setting", "is:number"], rows, notes=notes)


def complaints(data: PageData, words: Words) -> TableView | None:
    """What is known of complaints; None: there are none."""
    taken = _taken(data, "complaints")
    if not taken:
        return None
    risks = dict(counted(data.customers["risks"].to_pylist()))
    held = dict(counted(data.customers["suppressions"].to_pylist()))
    rows = [
        [words("fact.complaints_taken"), words.number(taken)],
        [words("fact.complaints_held"), words.number(held.get("open_complaint", 0))],
    ]
    rows += [
        [words.label("risk", code), words.number(risks.get(code, 0))]
        for code in ("open_complaint", "bad_complaint_outcome")
    ]
    return table(words, words("caption.complaints"), ["setting", "is:number"], rows)
