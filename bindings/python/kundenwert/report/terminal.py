"""The headline as text: at most 100 columns; rules and emphasis on a terminal, plain where it is read by a program."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.box import Box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

import kundenwert as kw
from kundenwert.report.fits import ModelLine, outcome_in_words
from kundenwert.report.headline import Headline
from kundenwert.report.reading import Log
from kundenwert.report.settings import ReportSettings

__all__ = ["console_for", "is_rich", "print_report"]

_WIDTH = 100
_NONE = "-"
_COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}
_LONGEST_ID = 18


def _head_rule(rule: str) -> Box:
    blank = "    \n"
    return Box(blank * 2 + f" {rule * 2} \n" + blank * 5, ascii=rule.isascii())


@dataclass(frozen=True)
class _Column:
    title: str
    is_number: bool = True


def is_rich(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether a stream is a terminal that wants more than plain text."""
    if not stream.isatty() or environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return (stream.encoding or "").lower().replace("-", "") == "utf8"


class _Console(Console):
    """A console whose reader may go away: the caller decides what that means."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console_for(stream: TextIO, environment: Mapping[str, str] = os.environ) -> Console:
    """A console for the report: emphasis and rules only where :func:`is_rich` says so."""
    rich = is_rich(stream, environment)
    console = _Console(
        file=stream,
        highlight=False,
        markup=False,
        emoji=False,
        no_color=not rich,
        color_system="standard" if rich else None,
        force_terminal=rich,
        legacy_windows=False,
    )
    # A program that reads the report gets it in its full width.
    console.width = min(_WIDTH, console.width) if stream.isatty() else _WIDTH
    return console


class _Page:
    """Titles, facts and tables, one below the other."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._is_rich = console.is_terminal
        self._rule = _head_rule("\u2500" if self._is_rich else "-")

    def _print(self, what: RenderableType) -> None:
        # Rich fills cells with blanks, which end lines in a file.
        with self._console.capture() as captured:
            self._console.print(Padding(what, (0, 0, 0, 2), expand=False))
        for line in captured.get().splitlines():
            self._console.out(line.rstrip(), highlight=False)

    def title(self, text: str, aside: str = "") -> None:
        line = Text(text, style="bold" if self._is_rich else "")
        if aside:
            line.append(f"  {aside}", style="not bold dim" if self._is_rich else "")
        self._console.print()
        self._console.print(line)

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        grid = Table.grid(padding=(0, 3, 0, 0))
        grid.add_column(no_wrap=True, style="dim" if self._is_rich else "", min_width=20)
        grid.add_column(overflow="fold")
        for name, value in facts:
            grid.add_row(Text(name), Text(value))
        self._print(grid)

    def lines(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._print(Text(line))

    def table(self, columns: Sequence[_Column], rows: Sequence[Sequence[str]]) -> None:
        table = Table(
            box=self._rule,
            show_edge=False,
            pad_edge=False,
            padding=(0, 1, 0, 0),
            header_style="dim" if self._is_rich else "",
        )
        has_tall_head = any("\n" in column.title for column in columns)
        for column in columns:
            table.add_column(
                Text(column.title),
                justify="right" if column.is_number else "left",
                vertical="bottom" if has_tall_head else "top",
                overflow="fold",
                no_wrap=column.is_number,
            )
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self._print(table)


def _clean(text: str) -> str:
    """Text from a file without what a terminal would obey."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _id(text: str) -> str:
    text = _clean(text)
    return text if len(text) <= _LONGEST_ID else text[: _LONGEST_ID - 3] + "..."


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _number(value: float | None, digits: int = 2) -> str:
    return _NONE if value is None else f"{value:,.{digits}f}"


def _percent(share: float | None) -> str:
    return _NONE if share is None else f"{share:.1%}"


def _rows(count: int, what: str = "") -> str:
    noun = "row" if count == 1 else "rows"
    return f"{_count(count)} {noun}{f' {what}' if what else ''}"


def _units(value: float, unit: str) -> str:
    return f"{value:g} {unit}{'' if value == 1 else 's'}"


def _log_facts(log: Log, customers: kw.Summary, settings: ReportSettings) -> list[tuple[str, str]]:
    report = customers.report
    rejected = report.rejected_rows + log.bad_lines
    left_out = [
        (rejected, "rejected"),
        (report.rows_after_end, "after the end"),
        (report.rows_before_start, "before the start"),
        (report.anonymous_rows, "without a customer"),
        (report.returns_dropped, "dropped as returns"),
    ]
    span = f" from {report.first_day} to {report.last_day}" if report.first_day else ""
    read = [
        _rows(report.rows_read + log.bad_lines, f"read{span}"),
        *(f"{_count(n)} {what}" for n, what in left_out if n),
    ]
    if report.rows_in_holdout:
        read.append(f"{_count(report.rows_in_holdout)} in the hold-out")
    used = [
        f"{role} '{_clean(name)}'{f' ({form})' if form else ''}"
        for role, form in (("customer", ""), ("date", log.date_form), ("amount", ""), ("currency", ""))
        if (name := log.columns.of(role)) is not None
    ]
    start = settings.start or report.first_day
    span = f"{start} to {settings.end}"
    if settings.holdout_end:
        span += f", hold-out to {settings.holdout_end}"
    return [
        ("rows", ", ".join(read)),
        ("columns", ", ".join(used)),
        ("observation", span),
        ("unit of time", settings.unit),
    ]


def _customer_facts(headline: Headline) -> list[tuple[str, str]]:
    money = headline.currency or "currency units"
    facts = [
        ("customers", _count(headline.customers)),
        ("repeat rate", f"{_percent(headline.repeat_rate)}, {_count(headline.repeaters)} with repeat purchases"),
        ("repeat transactions", _count(headline.repeat_transactions)),
    ]
    if headline.revenue is not None:
        facts.append(("revenue", f"{_number(headline.revenue)} {money}"))
    return facts


def _parameters(line: ModelLine) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in line.parameters) or _NONE


def _outcome(line: ModelLine) -> str:
    return line.outcome.replace("_", " ")


def _models(page: _Page, headline: Headline) -> None:
    page.title("Models compared")
    lines = [*headline.models, *([headline.spend] if headline.spend else [])]
    columns = [
        _Column("model", is_number=False),
        _Column("parameters", is_number=False),
        _Column("log-likelihood"),
        _Column("AIC"),
        _Column("outcome", is_number=False),
    ]
    page.table(
        columns,
        [
            [line.title, _parameters(line), _number(line.log_likelihood), _number(line.aic), _outcome(line)]
            for line in lines
        ],
    )
    said = (
        f"Used for purchases: {headline.chosen.title}, {headline.chosen_why}."
        if headline.chosen is not None
        else f"No model of purchases can be used: {headline.chosen_why}."
    )
    page.lines([said, *(f"{line.title}: {outcome_in_words(line)}." for line in lines if not line.is_converged)])
    if headline.free_spenders and headline.spend is not None:
        left_out = f"{_count(headline.free_spenders)} customers whose repeat purchases cost nothing"
        page.lines([f"{headline.spend.title} is estimated without {left_out}."])


def _holdout(page: _Page, headline: Headline, settings: ReportSettings) -> None:
    if headline.holdout is None:
        return
    actual = headline.holdout.transactions
    length = _units(round(headline.holdout.length, 2), settings.unit)
    page.title("Hold-out", f"until {headline.holdout.end}, {length}")
    rows = [["actual", _count(actual), "", ""]]
    for line in headline.models:
        expected = line.holdout_expected
        if expected is None:
            rows.append([line.title, _NONE, _NONE, _NONE])
        else:
            off = expected - actual
            rows.append([line.title, _number(expected, 1), f"{off:+,.1f}", f"{off / actual:+.1%}" if actual else _NONE])
    columns = [_Column("", is_number=False), _Column("transactions"), _Column("difference"), _Column("of actual")]
    page.table(columns, rows)


def _forecast(page: _Page, headline: Headline, settings: ReportSettings) -> None:
    money = headline.currency or "currency units"
    page.title("Expected", f"in the next {_units(settings.horizon, settings.unit)}, from {settings.end}")
    if headline.forecast is None:
        page.lines([f"Nothing can be said: {headline.forecast_why}."])
        return
    forecast = headline.forecast
    facts = [("transactions", _number(forecast.expected_transactions, 1))]
    if forecast.value is not None:
        year = "365.25 days"
        if settings.units_per_year is not None:
            year = _units(settings.units_per_year, settings.unit)
        how = f"discounted at {settings.annual_discount_rate * 100:g}% a year of {year}"
        what = "revenue"
        if settings.margin_rate is not None:
            what, how = "margin", f"{settings.margin_rate * 100:g}% of revenue, {how}"
        facts.append((what, f"{_number(forecast.value)} {money}, {how}"))
        if forecast.valued < headline.customers:
            without = _count(headline.customers - forecast.valued)
            facts.append(("", f"without the {without} customers who have no value"))
    else:
        facts.append(("value", f"not available: {headline.value_why}"))
    page.facts(facts)


def _abc(page: _Page, headline: Headline) -> None:
    page.title("ABC", "by revenue so far")
    if not headline.abc:
        page.lines([f"Not available: {headline.abc_why}."])
        return
    columns = [
        _Column("class", is_number=False),
        _Column("customers"),
        _Column("share"),
        _Column("revenue"),
        _Column("share"),
        _Column("from"),
    ]
    page.table(
        columns,
        [
            [
                line.name,
                _count(line.customers),
                _percent(line.share_of_customers),
                _number(line.value),
                _percent(line.share_of_value),
                _number(line.smallest_value),
            ]
            for line in headline.abc
        ],
    )


def _rfm(page: _Page, headline: Headline) -> None:
    page.title("RFM", "customers by recency (R) and frequency (F) score, 5 is best")
    grid = headline.rfm
    if grid is None:
        page.lines([f"Not available: {headline.rfm_why}."])
        return
    f_scores = range(len(grid.mean_revenue_by_f))
    columns = [
        _Column("", is_number=False),
        *(_Column(f"F {f + 1}") for f in f_scores),
        _Column("customers"),
        _Column("mean revenue"),
    ]
    rows = [
        [
            f"R {r + 1}",
            *(_count(n) for n in grid.counts[r]),
            _count(sum(grid.counts[r])),
            _number(grid.mean_revenue_by_r[r]),
        ]
        for r in reversed(range(len(grid.counts)))
    ]
    by_f = [sum(row[f] for row in grid.counts) for f in f_scores]
    rows.append(["customers", *(_count(n) for n in by_f), _count(sum(by_f)), ""])
    rows.append(["mean revenue", *(_number(mean) for mean in grid.mean_revenue_by_f), "", ""])
    page.table(columns, rows)
    if grid.unscored:
        page.lines([f"{_count(grid.unscored)} customers have no score."])


def _top(page: _Page, headline: Headline, settings: ReportSettings) -> None:
    if not headline.top:
        return
    basis = ""
    if headline.forecast is not None and headline.forecast.value is not None:
        basis = " (margin)" if settings.margin_rate is not None else " (revenue)"
    count = len(headline.top)
    title = "The most valuable customer"
    if count > 1:
        title = f"The {_COUNTS.get(count, str(count))} most valuable customers"
    page.title(title, f"by {headline.ranked_by}{basis}")
    top = headline.top
    columns = [
        (_Column("customer", is_number=False), [_id(line.customer_id) for line in top]),
        (_Column("repeat\npurchases"), [_count(line.frequency) for line in top]),
        (_Column("last\npurchase"), [str(line.last_purchase) for line in top]),
        (_Column("probability\nalive"), [_number(line.probability_alive, 3) for line in top]),
        (_Column("expected\npurchases"), [_number(line.expected_transactions) for line in top]),
        (_Column("expected\nspend"), [_number(line.expected_spend) for line in top]),
        (_Column("lifetime\nvalue"), [_number(line.lifetime_value) for line in top]),
        (_Column("ABC", is_number=False), [line.abc or _NONE for line in top]),
        (_Column("RFM", is_number=False), [line.rfm or _NONE for line in top]),
    ]
    if headline.ranked_by.startswith("revenue"):
        columns.insert(3, (_Column("revenue"), [_number(line.revenue) for line in top]))
    there = [(column, cells) for column, cells in columns if any(cell != _NONE for cell in cells)]
    page.table([column for column, _ in there], list(zip(*(cells for _, cells in there), strict=True)))


def _notes(page: _Page, log: Log, customers: kw.Summary) -> None:
    told = {"after_end", "before_start", "anonymous"}
    notes = [f"{w.meaning}: {_count(w.count)}" for w in customers.report.warnings if w.code not in told]
    if customers.holdout_end and not customers.report.rows_in_holdout:
        notes.append(f"there is no row in the hold-out; the last one is of {customers.report.last_day}")
    if log.columns.amount is None:
        there = ", ".join(f"'{_clean(name)}'" for name in log.there)
        notes.append(
            "no column is recognised as the amount, so nothing is said about money; "
            f"the columns are {there}; name it with --amount-column"
        )
    if notes:
        page.title("Notes")
        page.lines([f"{note[0].upper()}{note[1:]}." for note in notes])
    rejected = customers.report.rejected_rows + log.bad_lines
    if rejected:
        page.title(
            "Rejected rows",
            "" if rejected == len(log.rejected) else f"the first {len(log.rejected)} of {_count(rejected)}",
        )
        page.table(
            [_Column("place", is_number=False), _Column("column", is_number=False), _Column("reason", is_number=False)],
            [[row.place, _clean(row.column) or _NONE, _clean(row.reason)] for row in log.rejected],
        )


def print_report(
    console: Console, log: Log, customers: kw.Summary, headline: Headline, settings: ReportSettings
) -> None:
    """Prints the whole headline."""
    page = _Page(console)
    page.title("Customer report", _clean(log.file))
    page.facts(_log_facts(log, customers, settings))
    page.title("Customers")
    page.facts(_customer_facts(headline))
    if headline.customers:
        _models(page, headline)
        _holdout(page, headline, settings)
        _forecast(page, headline, settings)
        _abc(page, headline)
        _rfm(page, headline)
        _top(page, headline, settings)
    _notes(page, log, customers)
    console.print()
