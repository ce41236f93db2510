"""The report as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

import kundenwert as kw
from kundenwert.frozen import finite
from kundenwert.report.console import Column, Page
from kundenwert.report.data import CustomerLine, RejectedRow, ReportData, TableRead
from kundenwert.report.wording import outcome_in_words

__all__ = ["print_report"]

_NONE = "-"
_COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}
_LONGEST_ID = 18


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


def _money(data: ReportData) -> str:
    return data.overview.currency or "currency units"


def _read_rows(table: TableRead) -> str:
    span = f" from {table.first_day} to {table.last_day}" if table.first_day else ""
    anonymous = sum(w.count for w in table.warnings if w.code == "anonymous")
    left_out = [(table.rejected_rows, "rejected"), (anonymous, "without a customer")]
    read = [_rows(table.rows_read, f"read{span}"), *(f"{_count(n)} {what}" for n, what in left_out if n)]
    return ", ".join(read)


def _read_columns(table: TableRead) -> str:
    words = {"customer_id": "customer"}
    return ", ".join(
        f"{words.get(field, field)} '{_clean(name)}'"
        + (f" ({table.forms[field]})" if field in table.forms and "number" not in table.forms[field] else "")
        for field, name in table.columns.items()
    )


def _data_facts(data: ReportData) -> list[tuple[str, str]]:
    settings = data.settings
    facts = []
    if len(data.tables) == 1:
        (table,) = data.tables
        facts += [("rows", _read_rows(table)), ("columns", _read_columns(table))]
    else:
        facts += [(table.table, _read_rows(table)) for table in data.tables]
    start = settings.start or min((t.first_day for t in data.tables if t.first_day), default="...")
    span = f"{start} to {settings.as_of}"
    if settings.holdout_end:
        span += f", hold-out to {settings.holdout_end}"
    return [*facts, ("observation", span), ("unit of time", settings.unit)]


def _customer_facts(data: ReportData) -> list[tuple[str, str]]:
    head, repeats = data.overview.headline, data.repeats
    facts = [
        ("customers", _count(head.customers)),
        ("by kind", f"{_count(head.current)} current, {_count(head.lost)} lost, {_count(head.potential)} potential"),
    ]
    if repeats.buyers:
        facts += [
            (
                "repeat rate",
                f"{_percent(repeats.rate)}, {_count(repeats.repeaters)} of {_count(repeats.buyers)} buyers",
            ),
            ("repeat transactions", _count(repeats.transactions)),
        ]
    if head.revenue is not None:
        facts.append(("revenue", f"{_number(head.revenue)} {_money(data)}"))
    return facts


def _retention(rate: kw.RetentionRate) -> str:
    if rate.rate is None:
        return f"not available: nobody was a customer on {rate.from_}"
    return (
        f"{_percent(rate.rate)} ({_percent(rate.lower)} to {_percent(rate.upper)}), "
        f"{_count(rate.retained)} of {_count(rate.at_start)} from {rate.from_} on; {_count(rate.regained)} regained"
    )


def _basis(data: ReportData) -> str:
    head = data.overview.headline
    if head.basis == "revenue":
        return "revenue"
    return f"margin, {(head.margin_rate or 0) * 100:.4g}% of revenue"


def _discounted(data: ReportData) -> str:
    settings = data.settings
    year = "365.25 days" if settings.units_per_year is None else _units(settings.units_per_year, settings.unit)
    return f"discounted at {settings.annual_discount_rate * 100:g}% a year of {year}"


def _value_facts(data: ReportData) -> list[tuple[str, str]]:
    head, settings = data.overview.headline, data.settings
    facts = [("retention rate", _retention(head.retention))]
    if "contracts" in {table.table for table in data.tables}:
        facts.append(("of contracts", _retention(head.contract_retention)))
    if data.value_why:
        return [*facts, ("value", f"not available: {data.value_why}")]
    equity, risk = head.customer_equity, head.value_at_risk
    costs = [
        f"{what} {rate * 100:.3g}%"
        for what, rate in (("service", head.service_cost_rate), ("care", head.care_cost_rate))
        if rate
    ]
    how = f"{_basis(data)}{', less ' + ' and '.join(costs) if costs and head.basis != 'revenue' else ''}"
    of = f"{_count(equity.valued)} of {_count(equity.customers)} current customers"
    facts += [
        ("customer equity", f"{_number(equity.value)} {_money(data)} of {of}"),
        ("value at risk", f"{_number(risk.value)} {_money(data)} of {_count(risk.customers)} endangered customers"),
        ("values are", f"{how}, {_discounted(data)}"),
    ]
    if head.valued_by_contract and settings.convention:
        meaning = kw.codes.conventions[settings.convention].meaning
        facts.append(("contracts", f"{settings.convention}: {meaning}"))
    return facts


def _phases(page: Page, data: ReportData) -> None:
    page.title("Phases", f"on {data.settings.as_of}")
    head = data.overview.headline
    columns = [Column("phase", is_number=False), Column("customers"), Column("share")]
    columns += [Column("revenue"), Column("value"), Column("task", is_number=False)]
    tasks = {line["phase"]: line["task"] for line in _facts_of_phases(data)}
    rows = [
        [
            name.replace("_", " "),
            _count(total.customers),
            _percent(total.customers / head.customers),
            _number(total.revenue),
            _number(total.value) if total.valued else _NONE,
            (tasks.get(name) or "").replace("_", " "),
        ]
        for name, total in head.phases.items()
        if total.customers
    ]
    page.table(columns, rows)


def _facts_of_phases(data: ReportData) -> list[dict[str, str]]:
    table = data.customers.select(["phase", "task"])
    found: list[dict[str, str]] = table.group_by(["phase", "task"]).aggregate([]).to_pylist()
    return found


def _parameters(model: kw.Model) -> str:
    if model.outcome == "insufficient_data":
        return _NONE
    there = [(name, value) for name, value in model.params.items() if math.isfinite(value)]
    return ", ".join(f"{name} {value:.4g}" for name, value in there) or _NONE


def _outcome(model: kw.Model) -> str:
    return (model.outcome or "").replace("_", " ")


def _models(page: Page, data: ReportData) -> None:
    seen = data.overview
    models = [*seen.models, *([seen.spend] if seen.spend is not None else [])]
    if not models:
        return
    page.title("Models compared")
    columns = [
        Column("model", is_number=False),
        Column("parameters", is_number=False),
        Column("log-likelihood"),
        Column("AIC"),
        Column("outcome", is_number=False),
    ]
    rows = [
        [m.title, _parameters(m), _number(finite(m.log_likelihood)), _number(finite(m.aic)), _outcome(m)]
        for m in models
    ]
    page.table(columns, rows)
    said = (
        f"Used for purchases: {seen.chosen.title}, {data.chosen_why}."
        if seen.chosen is not None
        else f"No model of purchases can be used: {data.chosen_why}."
    )
    page.lines([said, *(f"{m.title}: {outcome_in_words(m)}." for m in models if m.outcome != "converged")])
    if seen.headline.spend == "mean_spend":
        page.lines([f"Expected spend is the mean of all repeat purchase days, {_number(seen.headline.mean_spend)}."])


def _holdout(page: Page, data: ReportData) -> None:
    holdout = data.holdout
    if holdout is None:
        return
    actual = holdout.transactions
    length = _units(round(holdout.length, 2), data.settings.unit)
    page.title("Hold-out", f"until {holdout.end}, {length}")
    rows = [["actual", _count(actual), "", ""]]
    for model in data.overview.models:
        expected = holdout.expected.get(model.name)
        if expected is None:
            rows.append([model.title, _NONE, _NONE, _NONE])
        else:
            off = expected - actual
            rows.append(
                [model.title, _number(expected, 1), f"{off:+,.1f}", f"{off / actual:+.1%}" if actual else _NONE]
            )
    columns = [Column("", is_number=False), Column("transactions"), Column("difference"), Column("of actual")]
    page.table(columns, rows)


def _value(page: Page, data: ReportData) -> None:
    settings = data.settings
    page.title("Value", f"in the next {_units(settings.horizon, settings.unit)}, from {settings.as_of}")
    facts = _value_facts(data)
    if data.expected_transactions is not None:
        facts.insert(0, ("expected purchases", f"{_number(data.expected_transactions, 1)} of current customers"))
    page.facts(facts)


def _abc(page: Page, data: ReportData) -> None:
    page.title("ABC", "by revenue so far")
    if data.abc_why:
        page.lines([f"Not available: {data.abc_why}."])
        return
    columns = [
        Column("class", is_number=False),
        Column("customers"),
        Column("share"),
        Column("revenue"),
        Column("share"),
        Column("from"),
    ]
    page.table(
        columns,
        [
            [
                name,
                _count(line.customers),
                _percent(line.share_of_customers),
                _number(line.value),
                _percent(line.share_of_value),
                _number(line.smallest_value),
            ]
            for name, line in data.overview.headline.abc.classes.items()
        ],
    )


def _rfm(page: Page, data: ReportData) -> None:
    page.title("RFM", "customers by recency (R) and frequency (F) score, 5 is best")
    grid = data.rfm
    if grid is None:
        page.lines([f"Not available: {data.rfm_why}."])
        return
    f_scores = range(len(grid.mean_revenue_by_f))
    columns = [
        Column("", is_number=False),
        *(Column(f"F {f + 1}") for f in f_scores),
        Column("customers"),
        Column("mean revenue"),
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


def _customer_columns(lines: Sequence[CustomerLine]) -> list[tuple[Column, list[str]]]:
    return [
        (Column("customer", is_number=False), [_id(line.customer_id) for line in lines]),
        (Column("phase", is_number=False), [line.phase.replace("_", " ") for line in lines]),
        (Column("purchase\ndays"), [_count(line.purchase_days) for line in lines]),
        (Column("last\npurchase"), [str(line.last_purchase or _NONE) for line in lines]),
        (Column("probability\nalive"), [_number(line.probability_alive, 3) for line in lines]),
        (Column("expected\npurchases"), [_number(line.expected_transactions) for line in lines]),
        (Column("lifetime\nvalue"), [_number(line.lifetime_value) for line in lines]),
    ]


def _customer_table(page: Page, columns: Sequence[tuple[Column, list[str]]]) -> None:
    there = [(column, cells) for column, cells in columns if any(cell != _NONE for cell in cells)]
    page.table([column for column, _ in there], list(zip(*(cells for _, cells in there), strict=True)))


def _top(page: Page, data: ReportData) -> None:
    top = data.top
    if not top:
        return
    basis = ""
    if not data.value_why:
        basis = " (revenue)" if data.overview.headline.basis == "revenue" else " (margin)"
    count = len(top)
    title = "The most valuable customer"
    if count > 1:
        title = f"The {_COUNTS.get(count, str(count))} most valuable customers"
    page.title(title, f"by {data.ranked_by}{basis}")
    columns = _customer_columns(top)
    columns += [
        (Column("ABC", is_number=False), [line.abc or _NONE for line in top]),
        (Column("RFM", is_number=False), [line.rfm or _NONE for line in top]),
    ]
    if data.ranked_by.startswith("revenue"):
        columns.insert(4, (Column("revenue"), [_number(line.revenue) for line in top]))
    _customer_table(page, columns)


def _endangered(page: Page, data: ReportData) -> None:
    lines = data.endangered[: data.settings.top]
    if not lines:
        return
    every = data.overview.headline.value_at_risk.customers
    page.title("Endangered", f"{_count(len(lines))} of {_count(every)}, the most valuable first")
    left_out = {"phase", "purchase\ndays", "expected\npurchases"}
    columns = [column for column in _customer_columns(lines) if column[0].title not in left_out]
    signs = [", ".join(risk.replace("_", " ") for risk in line.risks) for line in lines]
    columns.append((Column("signs of danger", is_number=False), signs))
    _customer_table(page, columns)


def _truth(page: Page, data: ReportData) -> None:
    truth = data.truth
    if truth is None:
        return
    page.title("Against the truth", "of a simulated business")
    facts = [("kinds of customers", f"{_percent(truth.agreement)} of {_count(truth.compared)} agree")]
    if truth.rank_correlation is not None:
        facts.append(("rank correlation", f"{truth.rank_correlation:.3f} of the values of {_count(truth.valued)}"))
    if truth.top_captured is not None:
        facts.append(("best tenth", f"{_percent(truth.top_captured)} of the truly best are among the best"))
    page.facts(facts)


def _rejected_rows(page: Page, data: ReportData) -> None:
    rejected = sum(table.rejected_rows for table in data.tables)
    listed = [row for table in data.tables for row in table.rejected]
    if not rejected:
        return
    page.title("Rejected rows", "" if rejected == len(listed) else f"the first {len(listed)} of {_count(rejected)}")
    columns = [Column(name, is_number=False) for name in ("file", "place", "column", "reason")]
    rows = [_rejected(row) for row in listed]
    if len(data.tables) == 1:
        columns, rows = columns[1:], [row[1:] for row in rows]
    page.table(columns, rows)


def _rejected(row: RejectedRow) -> list[str]:
    return [_clean(Path(row.file).name), row.place, _clean(row.column) or _NONE, _clean(row.reason)]


def print_report(console: Console, data: ReportData) -> None:
    """Prints everything there is to say."""
    page = Page(console)
    page.title("Customer report", _clean(data.source))
    page.facts(_data_facts(data))
    if data.notes:
        page.title("Please note")
        page.lines([_clean(note) for note in data.notes])
    page.title("Customers")
    page.facts(_customer_facts(data))
    _phases(page, data)
    _models(page, data)
    _holdout(page, data)
    _value(page, data)
    _abc(page, data)
    _rfm(page, data)
    _top(page, data)
    _endangered(page, data)
    _truth(page, data)
    _rejected_rows(page, data)
    console.print()
