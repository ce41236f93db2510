"""The page: everything there is to say about a customer base, as one file of HTML that needs nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from kundenwert.report import sections
from kundenwert.report.method import method
from kundenwert.report.data import PageData
from kundenwert.report.labels import Language, Words
from kundenwert.report.sentences import answer
from kundenwert.report.writing import write_text

__all__ = ["page_html", "write_page"]

# A sign that steers the direction or the layout of text is shown as its number, so that an id is what it looks like.
_STEERING = {ord(c): f"\\u{ord(c):04x}" for c in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


def _shown(text: object) -> str:
    """Text from a file without signs that are not printed."""
    steered = str(text).translate(_STEERING)
    return "".join(c if c.isprintable() else "\ufffd" for c in steered)


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


def page_html(data: PageData, language: Language = "en") -> str:
    """The page as text.

    Parameters
    ----------
    data : PageData
    language : {"en", "de"}
    """
    words = Words(language, data.currency)
    view: dict[str, Any] = {
        "data": data,
        "words": words,
        "tiles": sections.tiles(data, words),
        "answer": answer(data, words),
        "plots": sections.plots(data, words),
        "risk": sections.risk(data, words),
        "signs": sections.signs(data, words),
        "valuable": sections.valuable(data, words),
        "actions": sections.actions(data, words),
        "suppressions": sections.suppressions(data, words),
        "abc": sections.abc(data, words),
        "rfm": sections.rfm(data, words),
        "contracts": sections.contracts(data, words),
        "complaints": sections.complaints(data, words),
        "method": method(data, words),
    }
    return _template().render(view)


def write_page(data: PageData, path: str | Path, language: Language = "en") -> None:
    """Writes the page, whole or not at all.

    Parameters
    ----------
    data : PageData
    path : path
    language : {"en", "de"}

    Raises
    ------
    ReportError
        The file cannot be written.
    """
    write_text(page_html(data, language), Path(path))
