"""The page: everything there is to say about a customer base, as one file of HTML that needs nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

import kundenwert as kw
from kundenwert.report import sections
from kundenwert.report.data import ReportData
from kundenwert.report.groups import groups_of
from kundenwert.report.labels import Language, Words
from kundenwert.report.method import method
from kundenwert.report.sections import Grid, TableView
from kundenwert.report.sentences import answer
from kundenwert.report.writing import write_text

__all__ = ["page_html", "write_page"]

# A sign that steers the direction or the layout of text is shown as its number, so that an id is what it looks like.
_STEERING = {
    ord(c): f"\\u{ord(c):04x}" for c in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
}

_SPACES = "\u00a0\u202f"  # of our own words


def _shown(text: object) -> str:
    """Text from a file without signs that are not printed."""
    steered = str(text).translate(_STEERING)
    return "".join(c if c.isprintable() or c in _SPACES else "\ufffd" for c in steered)


def _name(source: str) -> str:
    """The last part of a path; several files are named as they are."""
    return source if ", " in source else Path(source).name or source


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("kundenwert.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = _shown
    return environment.get_template("page.html.j2")


def page_html(data: ReportData, language: Language = "en") -> str:
    """The page as text.

    Parameters
    ----------
    data : ReportData
    language : {"en", "de"}
    """
    words = Words(language, data.overview.currency or "")
    groups = groups_of(data.customers)
    settings = words(
        "page.settings",
        horizon=words.units(data.settings.horizon, data.settings.unit),
        rate=words.short_percent(data.settings.annual_discount_rate),
    )
    every: dict[str, list[TableView | Grid | None]] = {
        "risk": [sections.risk(data, words), sections.signs(groups, words)],
        "valuable": [sections.valuable(data, words)],
        "actions": [sections.actions(data, groups, words), sections.suppressions(groups, words)],
        "portfolio": [sections.abc(data, words), sections.rfm(data, words)],
        "contracts": [sections.contracts(data, groups, words)],
        "complaints": [sections.complaints(data, groups, words)],
        "method": [*method(data, words)],
    }
    bodies = {part: [view for view in views if view is not None] for part, views in every.items()}
    no_customers = words("page.not_available", reason=words("why.no_customers"))
    missing = dict.fromkeys(bodies, no_customers)
    missing["risk"] = words("note.no_endangered")
    if data.overview.headline.customers:
        missing["portfolio"] = words("page.not_available", reason=words("why.no_amounts"))
    # Without contracts and complaints nothing is said about them; the others say why they are empty.
    bodies = {part: views for part, views in bodies.items() if views or part not in ("contracts", "complaints")}
    view: dict[str, Any] = {
        "name": _name(data.source),
        "version": kw.__version__,
        "data": data,
        "notes": data.notes,
        "words": words,
        "settings": settings,
        "parts": [(part, words(f"section.{part}")) for part in ("answer", "pictures", *bodies)],
        "tiles": sections.tiles(data, groups, words),
        "answer": answer(data, groups, words),
        "plots": sections.plots(data, words),
        "bodies": bodies,
        "missing": missing,
    }
    return _template().render(view)


def write_page(data: ReportData, path: str | Path, language: Language = "en") -> None:
    """Writes the page, whole or not at all.

    Parameters
    ----------
    data : ReportData
    path : path
    language : {"en", "de"}

    Raises
    ------
    ReportError
        The file cannot be written.
    """
    write_text(page_html(data, language), Path(path))
