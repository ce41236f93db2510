"""The page: well-formed, complete, self-contained, safe and accessible, whatever the data lack."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from fake_report import fake_report, line_of
from kundenwert.report import page as page_module
from kundenwert.report.data import ReportData
from kundenwert.report.labels import LANGUAGES, Language
from kundenwert.report.page import page_html, write_page
from kundenwert.report.problem import ReportError
from lacking_reports import without_amounts, without_anything, without_model, without_some_values

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
VARIANTS = {
    "all": replace,
    "nothing": without_anything,
    "no amounts": without_amounts,
    "no model": without_model,
    "some values": without_some_values,
}


class Outline(HTMLParser):
    """Elements of a page; every one has to be closed in the order in which it was opened."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        assert len(attributes) == len(dict(attributes)), tag
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        assert "svg" in self.open or tag in VOID, tag

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def said(text: str) -> str:
    """What a person reads, with plain blanks."""
    return " ".join(" ".join(Outline(text).words).split())


@pytest.fixture(scope="module")
def data() -> ReportData:
    return fake_report()


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    found: Language = request.param
    return found


@pytest.fixture(scope="module", params=VARIANTS)
def html(request: pytest.FixtureRequest, data: ReportData, language: Language) -> str:
    return page_html(VARIANTS[request.param](data), language)


def test_it_is_well_formed(html: str) -> None:
    assert html.startswith("<!DOCTYPE html>")
    outline = Outline(html)
    ids = Counter(attributes["id"] for _, attributes in outline.tags if "id" in attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    links = {attributes["href"] for attributes in outline.named("a")}
    assert {f"#{name}" for name in ("answer", "pictures", "method")} <= links
    assert all(link and link[1:] in ids for link in links)
    used = {link for _, attributes in outline.tags if (link := attributes.get("xlink:href"))}
    used |= {f"#{name}" for name in re.findall(r"url\(#([^)]*)\)", html)}
    assert all(link[1:] in ids for link in used)


def test_it_needs_nothing_else(html: str) -> None:
    outline = Outline(html)
    names = {tag for tag, _ in outline.tags}
    assert names.isdisjoint({"script", "iframe", "object", "embed", "img", "audio", "video", "form", "base"})
    assert [a["href"] for a in outline.named("link")] == ["data:,"]
    assert "@import" not in html
    assert {link for link in re.findall(r"url\(([^)]*)\)", html) if not link.startswith("#")} == set()
    addresses = set(re.findall(r"https?://[^\"'\s<>]*", html))
    assert all(address.startswith("http://www.w3.org/") for address in addresses)  # names of XML, not places
    assert all(not name.startswith("on") for _, attributes in outline.tags for name in attributes)
    policy = [a["content"] for a in outline.named("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]


def test_it_can_be_read_without_eyes(html: str, language: Language) -> None:
    outline = Outline(html)
    assert outline.named("html") == [{"lang": language}]
    assert all(attributes.get("aria-label") and attributes.get("role") == "img" for attributes in outline.named("svg"))
    assert len(outline.named("table")) == len(outline.named("caption"))
    assert all(attributes.get("scope") in ("row", "col") for attributes in outline.named("th"))
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_it_never_shows_what_a_program_means(html: str) -> None:
    words = said(html)
    assert not re.search(r"\b(None|nan|NaN|inf|undefined)\b|[{}]|\b\d+e[+-]?\d", words)
    assert len(html) < 250_000


def test_it_is_the_same_every_time(data: ReportData, language: Language) -> None:
    assert page_html(data, language) == page_html(fake_report(), language)


def luminance(color: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_has_contrast(data: ReportData, mode: str) -> None:
    style = page_html(data).partition("<style>")[2].partition("</style>")[0]
    light, dark, *_ = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colors = dict(re.findall(r"(--\w+): (#\w{6})", light if mode == "light" else dark))
    text = [(ink, paper) for ink in ("--ink", "--muted", "--main", "--warn") for paper in ("--card", "--paper")]
    text += [("--ink", "--alarm"), ("--muted", "--alarm"), ("--warn", "--alarm")]
    for ink, paper in text:
        a, b = sorted((luminance(colors[ink]), luminance(colors[paper])))
        assert (b + 0.05) / (a + 0.05) >= 4.5, (ink, paper)


def test_the_answer_comes_first(data: ReportData) -> None:
    headline = data.overview.headline
    words = said(page_html(data))
    for text in (
        f"Current customers {headline.current:,} {headline.potential:,} potential, {headline.lost:,} lost",
        f"Customer equity {headline.customer_equity.value:,.0f} EUR margin over 12 months, discounted",
        f"Value at risk {headline.value_at_risk.value:,.0f} EUR of {headline.value_at_risk.customers:,} customers",
        "Retention rate 71.7% of 782 customers on 2024-12-31; 95% interval 68.5% to 74.8%",
        "of the revenue comes from 20% of the customers",
        f"In danger: {headline.value_at_risk.customers} customers, and with them",
        "What to do first: go through the endangered customers, the most valuable first",
        data.top[0].customer_id,
        data.endangered[0].customer_id,
        "Rejected rows (3 of 3)",
        "'31.02.2024' is not a date in the form DD.MM.YYYY",
        "customers with an event before their creation",
        "first margin excluded, at the begin of each period",
        "Rank correlation of value ahead with the true value (of 512 customers) 0.873",
    ):
        assert text in words, text
    assert words.index("The answer") < words.index("In pictures") < words.index("How these numbers were made")


def test_german_is_german(data: ReportData) -> None:
    words = said(page_html(data, "de"))
    revenue = f"{data.overview.headline.revenue:,.0f}".replace(",", ".")
    for text in ("Kundenstammwert", "Stichtag 31.12.2025", f"Umsatz bisher {revenue} EUR", "71,7 %", "Zeile 17"):
        assert text in words, text
    ours = words.partition("Amounts are net")[0]  # what follows is a note of the reader, in English
    assert not re.search(r"\b(current|value|purchases?|the|of|with)\b", ours)


def test_what_is_missing_says_why(data: ReportData) -> None:
    nothing = said(page_html(without_anything(data)))
    assert "The data hold no customer who is known on 2025-12-31" in nothing
    assert "Not available: nobody was a customer twelve months before" in nothing
    assert "Not available: there are no customers" in nothing
    assert "Contracts" not in nothing
    assert "Complaints" not in nothing
    amounts = said(page_html(without_amounts(data)))
    assert "What the current customers are worth cannot be said: no amount of money is known" in amounts
    assert "Not available: the data have no amounts of money" in amounts
    assert "EUR" not in amounts
    some = said(page_html(without_some_values(data)))
    assert "not available: no customer has a positive revenue" in some.lower()
    assert "have a value" in some
    model = said(page_html(without_model(data)))
    assert "cannot be said: no model could be estimated from the data" in model
    assert "Not available: there is no model, or too little time to compare" in model
    assert "No current customer shows a sign of danger" in model


HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "'; DROP TABLE customers; --",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp; \u00e4\u00f6\u00fc \u65e5\u672c\u8a9e \U0001f642",
    "\u202eKUNDE\u202c-1\u2066x",
    "\u0645\u0631\u062d\u0628\u0627 123",
    "nul\x00bell\x07esc\x1b[31m",
    "x" * 128,
    "  blanks  ",
]


def test_hostile_ids_are_only_text(data: ReportData, language: Language) -> None:
    lines = tuple(replace(data.endangered[i], customer_id=name) for i, name in enumerate(HOSTILE))
    html = page_html(replace(data, source="data/<b>shop<b>", top=lines, endangered=lines), language)
    outline = Outline(html)
    assert {"script", "img", "b"}.isdisjoint(tag for tag, _ in outline.tags)
    shown = [word for word, tag in zip(outline.words, outline.words[1:], strict=False) if tag is not None]
    for name in HOSTILE[:5]:
        assert shown.count(name) == 2, name
    # Signs that steer are shown as numbers, those that are not printed as what they are.
    assert r"\u202eKUNDE\u202c-1\u2066x" in shown
    assert "nul\ufffdbell\ufffdesc\ufffd[31m" in shown
    assert not re.search("[\u202a-\u202e\u2066-\u2069\\x00-\\x08\\x1b]", html)
    assert html.count("<bdi>") >= 2 * len(HOSTILE)


def test_hostile_values_of_files_are_only_text(data: ReportData) -> None:
    read = data.tables[1]
    row = replace(read.rejected[0], file="<i>a</i>.csv", column="<u>", reason="'<script>' is no date")
    html = page_html(replace(data, tables=(replace(read, rejected=(row,)),), notes=("<script>x</script>",)))
    assert {"script", "i", "u"}.isdisjoint(tag for tag, _ in Outline(html).tags)
    assert "'<script>' is no date" in unescape(html)


def test_promotion_is_not_recommended_while_it_is_held_back(data: ReportData) -> None:
    rows = data.customers.to_pylist()
    row = next(row for row in rows if "open_complaint" in row["suppressions"])
    html = page_html(replace(data, endangered=(line_of(row),)))
    words = said(html).partition("Next step")[2].partition("Signs of danger")[0]
    assert "complaint management; personal call; no promotion: a complaint is open" in words


def test_a_page_is_written_whole_or_not_at_all(
    data: ReportData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "page.html"
    write_page(data, target, "de")
    assert target.read_text(encoding="utf-8") == page_html(data, "de")
    before = target.read_bytes()

    def fails(*_: object) -> str:
        raise RuntimeError("half a page")

    monkeypatch.setattr(page_module, "page_html", fails)
    with pytest.raises(RuntimeError, match="half a page"):
        write_page(data, target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    monkeypatch.undo()
    with pytest.raises(ReportError, match="cannot be written"):
        write_page(data, tmp_path / "nowhere" / "page.html")
